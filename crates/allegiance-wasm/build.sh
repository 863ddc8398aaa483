#!/usr/bin/env bash
# Builds the WebAssembly module that the page runs and prints where it is.
#
#   crates/allegiance-wasm/build.sh          build only
#   crates/allegiance-wasm/build.sh --write  and write crates/allegiance-explore/built/engine.wasm.gz
#
# rustup's target can't be fetched everywhere, so Debian's compiler with its
# sources serves: apt-get install rustc-web rust-web-src lld-19. Paths are
# trimmed, so the module holds none of the machine that built it.
set -euo pipefail
cd "$(dirname "$0")/../.."

target="${CARGO_TARGET_DIR:-target}/wasm"
RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19 \
    cargo build --locked --quiet --profile wasm -p allegiance-wasm --lib --target wasm32-unknown-unknown \
    -Z build-std=std,panic_abort -Z trim-paths --config 'profile.wasm.trim-paths="all"' --target-dir "$target"
module="$target/wasm32-unknown-unknown/wasm/allegiance_wasm.wasm"
if grep -aqE "${HOME:?}|$PWD" "$module"; then
    echo "the module holds a path of this machine" >&2
    exit 1
fi
if [ "${1-}" = --write ]; then
    gzip -9nc "$module" >crates/allegiance-explore/built/engine.wasm.gz
fi
echo "$module"
