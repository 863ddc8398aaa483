#!/usr/bin/env bash
# Writes the software bills of materials as CycloneDX 1.5 in JSON: of the
# program, of the Python package and, where there is npm, of the page. The first is
# checked to name every crate that Cargo links; none names a path of this machine.
#
#   release/sbom.sh FOLDER
#
# Needs cargo-cyclonedx (cargo install --locked cargo-cyclonedx) and Python 3.
set -euo pipefail
out=$(mkdir -p "${1:?a folder is missing}" && cd "$1" && pwd)
cd "$(dirname "$0")/.."
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

# It writes a file beside every manifest of the workspace.
trap 'rm -f crates/*/*.cdx.json' EXIT
cargo cyclonedx --quiet --format json --spec-version 1.5 --target all --manifest-path crates/allegiance-cli/Cargo.toml
sed "s#file://$PWD#file://#g" crates/allegiance-cli/allegiance-cli.cdx.json >"$out/allegiance.cdx.json"
sed "s#file://$PWD#file://#g" crates/allegiance-py/allegiance-py.cdx.json >"$out/allegiance-py.cdx.json"
if command -v npm >/dev/null; then
    (cd page && npm sbom --sbom-format cyclonedx --package-lock-only) |
        sed -E "s#$PWD##g; s/\"timestamp\": \"[^\"]*\"/\"timestamp\": \"$(date -u -d "@$SOURCE_DATE_EPOCH" +%FT%TZ)\"/" |
        sed '/"serialNumber"/d' >"$out/allegiance-page.cdx.json"
fi

cargo tree --locked -p allegiance-cli --edges normal --prefix none --format '{p}' | awk 'NF { print $1 " " substr($2, 2) }' |
    sort -u | python3 -c '
import json, pathlib, sys

folder = pathlib.Path(sys.argv[1])
for path in sorted(folder.glob("*.cdx.json")):
    bill = json.loads(path.read_text())
    assert bill["bomFormat"] == "CycloneDX" and bill["specVersion"] == "1.5", path
    assert all(part["name"] and part["version"] for part in bill["components"]), path
    n_parts = len(bill["components"])
    print(f"{path.name}: {n_parts} components")
bill = json.loads((folder / "allegiance.cdx.json").read_text())
own = bill["metadata"]["component"]
named = {(part["name"], part["version"]) for part in [own, *bill["components"]]}
linked = {tuple(line.split()) for line in sys.stdin}
missing = sorted(linked - named)
assert not missing, f"linked and not named: {missing}"
print(f"every one of {len(linked)} linked crates is named")
' "$out"
