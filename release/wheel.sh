#!/usr/bin/env bash
# Builds the wheel, one for every CPython from 3.11 on, and tries it where it can run; the workflow
# .github/workflows/wheels.yml calls nothing else.
#
#   release/wheel.sh FOLDER            for this machine's system
#   release/wheel.sh FOLDER TARGET     for Linux with glibc 2.17 or later, such as x86_64-unknown-linux-gnu, through zig
#   release/wheel.sh --try WHEEL       try one: alone in a fresh environment, then the lines of its README
#
# Needs maturin, and for a TARGET also zig: pip install 'maturin[zig]==1.16.0'; cargo-about for the licences. PROFILE
# names another profile of Cargo than release.
set -euo pipefail
from=$PWD
cd "$(dirname "$0")/.."

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

try() {
    local python scratch
    scratch=$(mktemp -d)
    # On Windows there is no python3, and an environment's Python is elsewhere.
    "$(command -v python3 || command -v python)" -m venv "$scratch/env"
    python="$scratch/env/bin/python"
    [ -x "$python" ] || python="$scratch/env/Scripts/python.exe"
    "$python" -m pip install --quiet --no-index --disable-pip-version-check "$1"
    (cd "$scratch" && "$python" -c 'import allegiance; print(allegiance.__version__); print(allegiance.run("one-village", days=10).summary)') >"$scratch/alone"
    "$python" -m pip install --quiet --disable-pip-version-check polars
    sed -n '/^```python$/,/^```$/p' crates/allegiance-py/README.md | sed '/^```/d' >"$scratch/readme.py"
    [ -s "$scratch/readme.py" ] || fail "crates/allegiance-py/README.md shows no Python"
    (cd "$scratch" && "$python" readme.py >/dev/null)
    printf '%s works alone as %s with %s, and with polars\n' "$(basename "$1")" "$(head -1 "$scratch/alone")" "$("$python" --version)"
    rm -rf "$scratch"
}

if [ "${1-}" = --try ]; then
    wheel=${2:?a wheel is missing}
    try "$(cd "$from" && cd "$(dirname "$wheel")" && pwd)/$(basename "$wheel")"
    exit
fi
out=$(cd "$from" && mkdir -p "${1:?the folder of the wheel is missing}" && cd "$1" && pwd)
command -v maturin >/dev/null || fail "maturin isn't installed: pip install 'maturin[zig]==1.16.0'"
licences=crates/allegiance-py/LICENSE-THIRD-PARTY.md
trap 'rm -f "$licences"' EXIT
if command -v cargo-about >/dev/null; then
    release/notices.sh allegiance-py "$licences"
else
    echo "cargo-about isn't installed: the wheel lacks the licences of what it is linked with, and is no wheel to publish" >&2
fi
options=()
[ -z "${2-}" ] || options=(--target "$2" --zig --compatibility manylinux_2_17)
maturin build --locked --quiet --strip --profile "${PROFILE:-release}" --manifest-path crates/allegiance-py/Cargo.toml --out "$out" ${options[@]+"${options[@]}"}
