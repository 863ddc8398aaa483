#!/usr/bin/env bash
# Checks, tests and builds the page into crates/allegiance-explore/built/index.html, which is committed
# so that the product builds with a Rust toolchain alone. The same sources give the same bytes.
#
#   page/build.sh           build (needs Node.js 20.19 or later and npm)
#   page/build.sh --fresh   only say whether that was built from these sources (needs no Node.js)
set -euo pipefail
cd "$(dirname "$0")"
export LC_ALL=C
readonly BUILT=../crates/allegiance-explore/built

# One hash over the names and contents of everything that goes into the page.
hash_sources() {
    find index.html package.json package-lock.json svelte.config.js tsconfig.json vite.config.ts src -type f \
        ! -name '*.test.ts' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

if [ "${1:-}" = --fresh ]; then
    if [ "$(hash_sources)" = "$(cat "$BUILT/sources.sha256")" ]; then
        echo "the built page is fresh"
        exit 0
    fi
    echo "crates/allegiance-explore/built isn't built from these sources; run: page/build.sh" >&2
    exit 1
fi

npm ci --ignore-scripts --no-audit --no-fund
npm run --silent check
npm run --silent test
npm run --silent build
hash_sources >"$BUILT/sources.sha256"
