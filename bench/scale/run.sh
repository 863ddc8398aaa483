#!/bin/sh
# Runs north-syria-2014 at 1:1, 1:10 and 1:100 and writes docs/validation/generated/scale.md.
#
#   bench/scale/run.sh [replicates]
#
# Builds the program first, or takes the one that ALLEGIANCE names. 100
# replicates take about a minute and a half on two cores.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
if [ -z "${ALLEGIANCE:-}" ]; then
    cargo build --quiet --release --locked --manifest-path "$root/Cargo.toml" -p allegiance-cli
    ALLEGIANCE=${CARGO_TARGET_DIR:-$root/target}/release/allegiance
fi
exec python3 "$here/page.py" --program "$ALLEGIANCE" --replicates "${1:-100}" --out "$root/docs/validation/generated/scale.md"
