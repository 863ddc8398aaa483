"""Rewrites the table of patterns in docs/validation/README.md from a run.

    allegiance run north-syria-2014 --replicates 100 --patterns --out runs/patterns
    python3 docs/figures/patterns.py runs/patterns

Needs nothing beyond Python 3.11.
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/validation/README.md"


def shown(value, digits):
    return f"{value:,.{digits}f}"


def patterns(manifest):
    """A row for each pattern, in the order of the run."""
    rows = [
        f"Over {manifest['n_replicates']} replicates, seed {manifest['seed']}:",
        "",
        "| | pattern | band | median | 90% interval | |",
        "|---|---|---|---|---|---|",
    ]
    for pattern in manifest["patterns"]:
        digits = 0 if pattern["high"] >= 100 else 4 if pattern["high"] < 0.05 else 2
        found = pattern["interval"]
        median = shown(found["median"], digits) if found else "-"
        interval = f"{shown(found['low_90'], digits)}–{shown(found['high_90'], digits)}" if found else "-"
        band = f"{shown(pattern['low'], digits)}–{shown(pattern['high'], digits)}"
        verdict = pattern["verdict"].replace("_", " ")
        if verdict != "hit":
            verdict = f"**{verdict}**"
        elif not pattern["low"] <= found["median"] <= pattern["high"]:
            verdict = "hit, median outside"
        rows.append(f"| {pattern['id']} | {pattern['name']}, as {pattern['layer']} | {band} | {median} | {interval} | {verdict} |")
    n_hit = sum(pattern["verdict"] == "hit" for pattern in manifest["patterns"])
    rows += ["", f"{n_hit} of {len(manifest['patterns'])} measures hit. C1 to C5 share one source and count as about three facts."]
    return "\n".join(rows)


def replace(text, name, content):
    marker = re.compile(f"(<!-- {name}: .*?-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    if not marker.search(text):
        sys.exit(f"there is no marker for {name}")
    return marker.sub(lambda match: match[1] + content + "\n" + match[2], text)


def main(run):
    manifest = json.loads((pathlib.Path(run) / "run.json").read_text(encoding="utf-8"))
    PAGE.write_text(replace(PAGE.read_text(encoding="utf-8"), "patterns", patterns(manifest)), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
