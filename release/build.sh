#!/usr/bin/env bash
# Makes everything of a release in dist/ and publishes nothing: the program as a
# tarball with manual pages, completions and licences; the documentation as a site;
# the wheel; the crates; the R package; what Zenodo and CoMSES take; the bills of
# materials; SHA256SUMS. release/README.md tells what comes before and after. From the
# same commit, tools and machine come the same bytes.
#
#   release/build.sh            of the version in Cargo.toml
#   release/build.sh VERSION    and fail unless every file says that version
#
# Needs cargo-about, cargo-cyclonedx, Python 3.10 or later, GNU tar, and npm for the
# bill of the page.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
if [ -n "${1-}" ]; then
    [ "$1" = "$version" ] || fail "Cargo.toml has version $version, not $1"
    grep -qx "version: $1" CITATION.cff || fail "CITATION.cff doesn't have version $1"
    grep -q "^date-released: " CITATION.cff || fail "CITATION.cff has no date-released"
    grep -q "^## $1 " CHANGELOG.md || fail "CHANGELOG.md has no heading: ## $1 (DATE)"
    ! grep 'version = "=' Cargo.toml | grep -v "version = \"=$1\"" || fail "Cargo.toml: the crates don't need $1 of one another"
fi
python3 release/records.py --check || fail "the records differ from one another"
[ -z "$(git status --porcelain)" ] || fail "there are changes that aren't committed: a release is made of a commit"
for tool in cargo-about cargo-cyclonedx; do
    command -v "$tool" >/dev/null || fail "$tool isn't installed; release/README.md tells how"
done

SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
# No path of this machine in what is published.
export RUSTFLAGS="--remap-path-prefix=$PWD=. --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo ${RUSTFLAGS-}"
mkdir -p "${CARGO_TARGET_DIR:-target}"
target=$(cd "${CARGO_TARGET_DIR:-target}" && pwd)
host=$(rustc -vV | sed -n 's/^host: //p')
name="allegiance-$version-$host"
rm -rf dist
mkdir dist
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

# A folder of the stage as an archive, of its name or another, that depends on nothing but what is in it.
pack() {
    tar -C "$stage" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=u+rwX,go+rX,go-w \
        -cf - "$1" | gzip -9n >"dist/${2-$1}.tar.gz"
}

echo "== crates"
rm -f "$target"/package/*.crate
cargo package --workspace --locked --no-verify --quiet --exclude allegiance-anchors --exclude allegiance-py \
    --exclude allegiance-wasm
cp "$target"/package/*.crate dist

echo "== program"
cargo build --release --locked --quiet -p allegiance-cli
folder="$stage/$name"
mkdir -p "$folder"/{bin,share/man/man1,share/bash-completion/completions,share/zsh/site-functions,share/fish/vendor_completions.d}
cp "$target/release/allegiance" "$folder/bin"
strip "$folder/bin/allegiance"
! grep -aqE "$PWD|$HOME/" "$folder/bin/allegiance" || fail "the program holds a path of this machine"
mkdir -p "$folder/share/doc/allegiance"
cargo xtask odd --out "$folder/share/doc/allegiance/odd.md"
cargo xtask cli --out "$folder/share/doc/allegiance/cli.md"
"$folder/bin/allegiance" man --out "$folder/share/man/man1" >/dev/null
"$folder/bin/allegiance" completions bash >"$folder/share/bash-completion/completions/allegiance"
"$folder/bin/allegiance" completions zsh >"$folder/share/zsh/site-functions/_allegiance"
"$folder/bin/allegiance" completions fish >"$folder/share/fish/vendor_completions.d/allegiance.fish"
cp README.md CHANGELOG.md CITATION.cff LICENSE-MIT LICENSE-APACHE "$folder"
release/notices.sh allegiance-cli "$folder/LICENSES-THIRD-PARTY.md"
cp crates/allegiance-explore/built/licences.md "$folder/LICENSES-PAGE.md"
cp crates/allegiance-explore/built/licences-engine.md "$folder/LICENSES-ENGINE.md"
pack "$name"

echo "== documentation"
ALLEGIANCE_PROGRAM="$folder/bin/allegiance" docs/site.sh "$stage/allegiance-$version-docs"
pack "allegiance-$version-docs"

echo "== records"
cp codemeta.json dist
python3 release/records.py --zenodo >dist/zenodo.json
release/comses.sh "$stage/allegiance-$version-comses" "$folder/bin/allegiance" "$folder/share/doc/allegiance/odd.md"
pack "allegiance-$version-comses"

echo "== wheel"
if ! command -v maturin >/dev/null; then
    [ -x "$target/python/build/bin/maturin" ] ||
        { python3 -m venv "$target/python/build" && "$target/python/build/bin/pip" install --quiet 'maturin>=1.9,<2'; }
    PATH="$target/python/build/bin:$PATH"
fi
release/wheel.sh dist

echo "== R package"
# R CMD build would put the time and the user's name in.
cp -r r/allegianceR "$stage"
pack allegianceR "allegianceR_$version"

echo "== bills of materials"
release/sbom.sh dist

(cd dist && sha256sum -- * >SHA256SUMS)
ls -l dist
