#!/usr/bin/env bash
# Lays a release out as the model library of CoMSES asks, one folder for each kind of file that it takes:
#
#   code      the source, as it is committed
#   docs      the ODD protocol and the pages that say what the model is, in Markdown, as its narrative documentation
#   data      the built-in scenarios, with their sources
#   results   a run of one-village to compare with: allegiance verify results/one-village
#   media     the pictures of the documents
#
# and codemeta.json beside them.
#
#   release/comses.sh FOLDER PROGRAM ODD     FOLDER is made; ODD is what `cargo xtask odd` wrote
set -euo pipefail
out=${1:?the folder is missing}
program=$(realpath "${2:?the program is missing}")
odd=$(realpath "${3:?the ODD protocol is missing}")
[ ! -e "$out" ] || { echo "$out is there already" >&2; exit 1; }
mkdir -p "$out"/{code,docs,data,results,media}
out=$(cd "$out" && pwd)
cd "$(dirname "$0")/.."

git archive HEAD | tar -x -C "$out/code"
# A page leaves its folder, so its links lead through code/ to where it was.
page() {
    sed -E "s#\]\(([^):\#]+)([)\#])#](../code/$2/\1\2#g" "$1" >"$out/docs/$(basename "$1")"
}
page "$odd" docs/concepts
page README.md .
for name in model evidence limits ethics; do page "docs/concepts/$name.md" docs/concepts; done
cp -r crates/allegiance-scenario/builtin/. "$out/data"
cp docs/images/* "$out/media"
cp codemeta.json "$out"
"$program" run one-village --replicates 20 --quiet --out "$out/results/one-village" >/dev/null
"$program" verify "$out/results/one-village" >/dev/null

# The library refuses files of the wrong kind, and readers links that lead nowhere.
for kind in docs:'.*\.(md|txt|pdf)' media:'.*\.(png|svg|jpg)'; do
    wrong=$(find "$out/${kind%%:*}" -type f -regextype posix-extended ! -regex "${kind#*:}")
    [ -z "$wrong" ] || { printf 'CoMSES takes no such file there: %s\n' "$wrong" >&2; exit 1; }
done
for name in "$out"/docs/*.md; do
    grep -oE '\]\([^):#]+[)#]' "$name" | sed -E 's/^..(.*).$/\1/' | while read -r target; do
        [ -e "$out/docs/$target" ] || { echo "$name: the link $target leads nowhere" >&2; exit 1; }
    done
done
