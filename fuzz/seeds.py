"""Writes the inputs that fuzzing starts from: python3 seeds.py FOLDER [PROGRAM]

Tables of a run are made by the program; without one there are none.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = ROOT / "crates/allegiance-scenario"
CASES = ROOT.parent / "shared/cases"
# Longer inputs are seldom spoiled at a place that matters.
MOST_BYTES = 64 * 1024


def of_scenario() -> Iterator[bytes]:
    for scenario in (SCENARIOS / "builtin").iterdir():
        for file in ("scenario.toml", "places.csv", "control.csv", "garrisons.csv"):
            if (path := scenario / file).exists():
                yield file.encode() + b"\n" + path.read_bytes()


def of_documents() -> Iterator[bytes]:
    for path in (SCENARIOS / "theories").glob("*.toml"):
        yield b"theory\n" + path.read_bytes()
    design = 'format = 1\nid = "few"\ntitle = "Few"\nscenario = "one-village"\nsampler = "grid"\n'
    yield f"design\n{design}\n[[factors]]\nkey = \"levers.isis.framing\"\nvalues = [0.0, 0.5, 1.0]\n".encode()


def of_events() -> Iterator[bytes]:
    for path in sorted(CASES.rglob("events.csv")):
        yield path.read_bytes()
    yield (SCENARIOS / "builtin/one-village-observed/events.csv").read_bytes()


def of_wars() -> Iterator[bytes]:
    for events in sorted(CASES.rglob("events.csv")):
        tables = [events, *events.parent.glob("towns*.csv"), *events.parent.glob("*.geojson")]
        yield b"\n%\n".join(path.read_bytes() for path in tables)


def of_tables(program: str) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        subprocess.run([program, "run", "one-village", "--days", "12", "-q", "--out", out], check=True, stdout=subprocess.DEVNULL)
        for path in sorted(out.glob("*.parquet")):
            yield path.read_bytes()


def main(folder: Path, program: str | None) -> None:
    found = {target.__name__.removeprefix("of_"): target() for target in (of_scenario, of_documents, of_events, of_wars)}
    found["tables"] = of_tables(program) if program else ()
    for target, seeds in found.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for seed in seeds:
            if len(seed) <= MOST_BYTES:
                (folder / target / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
