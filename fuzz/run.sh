#!/usr/bin/env bash
# Fuzzes the readers, guided by coverage, with a stable compiler: spoiled inputs that reach new
# code are kept and spoiled further. A crash, a hang of ten seconds or 2 GB end it with 1 and leave
# the input in fuzz/artifacts.
#
#   fuzz/run.sh SECONDS [TARGET ...]     scenario documents events wars tables
#
# Inputs to start from are the built-in scenarios, theories and tables, and ../shared/cases where
# that is there; tables of a run too, where ALLEGIANCE_PROGRAM or PATH has the program. What is found new is kept in fuzz/corpus, which isn't committed.
set -euo pipefail
cd "$(dirname "$0")"
seconds="${1:?how many seconds for each target}"
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(scenario documents events wars tables)

# What cargo-fuzz passes on, but for the sanitizer, which needs an unstable compiler.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=16"
target_dir="${CARGO_TARGET_DIR:-target}"
# With a target named, the instrumentation is left out of build scripts and macros.
host=$(rustc -vV | sed -n 's/^host: //p')
cargo build --quiet --locked --release --target "$host" --target-dir "$target_dir" $(printf -- '--bin %s ' "${targets[@]}")

python3 seeds.py corpus "${ALLEGIANCE_PROGRAM:-$(command -v allegiance || true)}"
failed=0
for target in "${targets[@]}"; do
    mkdir -p "corpus/$target" artifacts
    log=$(mktemp)
    if "$target_dir/$host/release/$target" "corpus/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -max_len=65536 -artifact_prefix="artifacts/$target-" -print_final_stats=1 >"$log" 2>&1; then
        printf '%s: %s inputs tried, %s kept, no failure\n' "$target" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" "$(find "corpus/$target" -type f | wc -l)"
    else
        tail -40 "$log"
        printf 'FAILED: %s\n' "$target"
        failed=1
    fi
    rm -f "$log"
done
exit "$failed"
