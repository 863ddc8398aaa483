#!/bin/sh
# Times Allegiance and its peers on the model of MODEL.md, side by side.
#
#   bench/peers/run.sh [people|all] [days] [repeats] [--dense]
#   bench/peers/run.sh --equivalence [options of equivalence.py]
#
# Installs what is missing first: Mesa and NumPy from PyPI in bench/peers/.venv,
# krABMaga from crates.io in bench/peers/krabmaga, and a release build of
# Allegiance (or the program that ALLEGIANCE names).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -x "$here/.venv/bin/python" ]; then
    python3 -m venv "$here/.venv"
fi
"$here/.venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
cargo build --quiet --release --locked --manifest-path "$here/krabmaga/Cargo.toml"
if [ -z "${ALLEGIANCE:-}" ]; then
    cargo build --quiet --release --locked --manifest-path "$here/../../Cargo.toml" -p allegiance-cli
fi
mkdir -p "$here/out"
if [ "${1:-}" = --equivalence ]; then
    shift
    exec "$here/.venv/bin/python" "$here/equivalence.py" "$@"
fi
exec "$here/.venv/bin/python" "$here/run.py" "$@"
