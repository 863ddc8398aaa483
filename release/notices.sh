#!/usr/bin/env bash
# Writes the licences of the libraries that a crate of this project is linked with.
#
#   release/notices.sh allegiance-cli FILE
#   release/notices.sh --engine    crates/allegiance-explore/built/licences-engine.md,
#                                  which goes with the committed WebAssembly module
#
# Needs cargo-about (cargo install --locked --features cli cargo-about).
set -euo pipefail
cd "$(dirname "$0")/.."

write() {
    local crate=$1 target=$2 file=$3
    {
        printf '# Licences of what %s is linked with\n\n' "$crate"
        cargo about generate --frozen --offline --fail --config release/about.toml --target "$target" \
            --manifest-path "crates/$crate/Cargo.toml" release/about.hbs | sed 's/[[:space:]]*$//' | cat -s
    } >"$file.tmp"
    mv "$file.tmp" "$file"
}

if [ "${1-}" = --engine ]; then
    write allegiance-wasm wasm32-unknown-unknown crates/allegiance-explore/built/licences-engine.md
else
    write "${1:?a crate is missing}" "$(rustc -vV | sed -n 's/^host: //p')" "${2:?a file is missing}"
fi
