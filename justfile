# Shortcuts; `just` alone lists them. Nothing here is needed to build or test.

_default:
    @just --list --unsorted

# Everything that the gate checks
check *names:
    .ci/run {{names}}

# All tests
test:
    cargo test --profile ci --workspace

# Simulate: just run one-village --replicates 20
run *arguments:
    cargo run --release -- run {{arguments}}

# Format all code
format:
    cargo fmt --all
    rustfmt crates/allegiance-model/src/exits/blocks/*.rs crates/allegiance-model/tests/dense/exit_blocks/*.rs

# Write every generated file; read the difference before committing
docs:
    cargo xtask docs

# Draw the README's picture from a new run
figures:
    test -d target/figures || (python3 -m venv target/figures && target/figures/bin/pip install --quiet duckdb)
    cargo run --release -- run north-syria-2014 --replicates 20 --out target/figures/run --overwrite --quiet > target/figures/summary.txt
    target/figures/bin/python docs/figures/north_syria.py target/figures/run docs/images/north-syria-2014.svg

# Licences and known holes of all dependencies (needs cargo-deny)
deny:
    cargo deny check

# Software bills of materials into dist (needs cargo-cyclonedx)
sbom:
    release/sbom.sh dist

# The documentation as a site: just site FOLDER
site folder:
    docs/site.sh {{folder}}

# Everything of a release into dist: release/README.md
release *version:
    release/build.sh {{version}}

# Rewrite the table of patterns in docs/validation/README.md (100 replicates, about 1 GB in target)
measure:
    cargo run --release -- run north-syria-2014 --replicates 100 --patterns --out target/figures/patterns --overwrite --quiet > /dev/null
    python3 docs/figures/patterns.py target/figures/patterns
