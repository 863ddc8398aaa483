#!/bin/sh
# Times Allegiance and its peers on the model of MODEL.md, side by side.
#
#   bench/peers/run.sh --page
#   bench/peers/run.sh [people|all] [days] [repeats] [options of run.py]
#   bench/peers/run.sh --equivalence [options of equivalence.py]
#
# --page measures every size, keeps the figures in bench/peers/results/DATE.json
# and writes the tables of docs/validation/peers.md from them.
#
# Installs what is missing first: Mesa, NumPy, Numba and JAX with pip in
# bench/peers/.venv (or the virtual environment that PEERS_VENV names), krABMaga
# in bench/peers/krabmaga, and a release build of Allegiance (or the program
# that ALLEGIANCE names).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
PEERS_VENV=${PEERS_VENV:-$here/.venv}
export PEERS_VENV
if [ ! -x "$PEERS_VENV/bin/python" ]; then
    python3 -m venv "$PEERS_VENV"
fi
"$PEERS_VENV/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
cargo build --quiet --release --locked --manifest-path "$here/krabmaga/Cargo.toml"
if [ -z "${ALLEGIANCE:-}" ]; then
    cargo build --quiet --release --locked --manifest-path "$root/Cargo.toml" -p allegiance-cli
fi
mkdir -p "$here/out"
case ${1:-} in
--equivalence)
    shift
    exec "$PEERS_VENV/bin/python" "$here/equivalence.py" "$@"
    ;;
--page)
    shift
    exec "$PEERS_VENV/bin/python" "$here/run.py" --page "$root/docs/validation/peers.md" "$@"
    ;;
esac
exec "$PEERS_VENV/bin/python" "$here/run.py" "$@"
