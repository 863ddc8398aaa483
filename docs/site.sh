#!/usr/bin/env bash
# Builds the documentation as a searchable site: FOLDER, for any web server, without a network. Its page "Try it" holds
# the explore page of one-village. What it links to within itself is there, and it fetches nothing from elsewhere:
# docs/site/check.py makes sure. FOLDER is replaced if it is a site of before.
#
#   docs/site.sh FOLDER
#
# Needs Python 3.11 or later, and the network once, for what docs/site/requirements.txt names. ALLEGIANCE_PROGRAM and
# ALLEGIANCE_XTASK name the program and xtask where they are built already.
set -euo pipefail
out=$(realpath -m "${1:?the folder of the site is missing}")
cd "$(dirname "$0")/.."

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

[ ! -e "$out" ] || [ -f "$out/search/search_index.json" ] || fail "$out is there and isn't a site of before"
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
home="$target/site"
if ! cmp -s docs/site/requirements.txt "$home/installed"; then
    rm -rf "$home"
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet --disable-pip-version-check --requirement docs/site/requirements.txt ||
        fail "what docs/site/requirements.txt names can't be installed"
    cp docs/site/requirements.txt "$home/installed"
fi
program=${ALLEGIANCE_PROGRAM-}
if [ -z "$program" ]; then
    cargo build --release --locked --quiet -p allegiance-cli
    program="$target/release/allegiance"
fi
xtask() {
    if [ -n "${ALLEGIANCE_XTASK-}" ]; then "$ALLEGIANCE_XTASK" "$@"; else cargo xtask "$@"; fi
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch"/extra/docs/{concepts,reference}
xtask odd --out "$scratch/extra/docs/concepts/odd.md" 2>/dev/null
xtask cli --out "$scratch/extra/docs/reference/cli.md" 2>/dev/null
"$program" run one-village --replicates 20 --quiet --out "$scratch/run" >/dev/null
export STAGE="$scratch/pages" SITE="$scratch/site"
python3 docs/site/stage.py "$STAGE" "$scratch/extra"
cp docs/site/{try.md,site.css,icon.svg} "$STAGE"
"$program" explore "$scratch/run" --export "$STAGE/live" >/dev/null 2>&1
NO_MKDOCS_2_WARNING=1 "$home/bin/mkdocs" build --quiet --config-file docs/site/mkdocs.yml
# A map for crawlers is empty without an address of the site, and nobody debugs the theme here.
find "$SITE" \( -name 'sitemap.xml*' -o -name '*.map' \) -delete
python3 docs/site/check.py "$SITE"
rm -rf "$out"
mkdir -p "$(dirname "$out")"
mv "$SITE" "$out"
