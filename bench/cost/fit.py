#!/usr/bin/env python3
"""Fits what a run costs to what happened in it, and checks that on other scenarios.

    fit.py [--program ALLEGIANCE] [--repeats N] [--out PAGE]

Processor time of one replicate on one thread, all tables written, is taken for a sum of parts: a start, people who are
touched, days of places, days of members, incidents and exposures. The prices, none below 0, make the relative errors on some
scenarios least; the page tells how far off they are on those that were left out. Needs numpy, pyarrow and scipy.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from scipy.optimize import nnls

ROOT = Path(__file__).resolve().parent.parent.parent
# A limit within which a price list is of use.
WITHIN = 0.2

FITTED = [
    ("one-village", ["--days", "60"]),
    ("north-syria-2014", ["--days", "30"]),
    ("north-syria-2014", []),
    ("north-syria-2014", ["--set", "operations.attacks_per_month=0.2"]),
    ("syria", ["--days", "30"]),
    ("syria", ["--days", "120"]),
    ("nigeria-2014", ["--days", "60"]),
    ("nigeria-2014", []),
    ("sierra-leone-1991-2002", ["--days", "365"]),
]
LEFT_OUT = [
    ("cut-off-garrison", []),
    ("north-syria-2014", ["--days", "60", "--seed", "5"]),
    ("north-syria-2014", ["--theory", "constant", "--theory", "fixed"]),
    ("syria", ["--days", "240"]),
    ("syria", []),
    ("darfur-2003-04", []),
    ("pakistan-2009", []),
    ("sierra-leone-1991-2002", ["--days", "1500"]),
]
PARTS = [
    ("the start of the program", "ms", 1e3),
    ("an inhabitant", "ns", 1e9),
    ("a person who is touched", "µs", 1e6),
    ("a place on a day", "µs", 1e6),
    ("a member on a day", "µs", 1e6),
    ("an incident", "ms", 1e3),
    ("an exposure", "µs", 1e6),
]


def measured(program: str, scenario: str, words: list[str], repeats: int, scratch: Path) -> tuple[list[float], float]:
    """What happened in a run, by part, and its processor time."""
    out = scratch / "run"
    times = []
    for _ in range(repeats):
        command = [program, "run", scenario, *words, "--threads", "1", "--quiet", "--brief", "--overwrite", "--out", str(out)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            raise SystemExit(f"{' '.join(command)} failed: {process.stderr.read().decode()[-500:]}")
        times.append(usage.ru_utime + usage.ru_stime)
    manifest = json.loads((out / "run.json").read_text())
    tables = {name: table["n_rows"] for name, table in manifest["tables"].items()}
    n_days = manifest["n_days"]
    n_places = tables["places"]
    values = [1, manifest["effort"]["n_agents"], tables["persons"], n_places * n_days, member_days(out), tables["incidents"], tables["exposures"]]
    return [float(value) for value in values], statistics.median(times)


def member_days(folder: Path) -> float:
    """Members, each counted on every day: the table of groups has a row for each group and day."""
    return float(np.sum(pq.read_table(folder / "groups.parquet", columns=["n_members"])["n_members"].to_numpy()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "target/release/allegiance"))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        rows = [(*case, *measured(arguments.program, *case, arguments.repeats, Path(scratch))) for case in FITTED + LEFT_OUT]
    parts = np.array([row[2] for row in rows])
    seconds = np.array([row[3] for row in rows])
    n = len(FITTED)
    # Relative errors count alike, whether a run takes milliseconds or minutes.
    prices, _ = nnls(parts[:n] / seconds[:n, None], np.ones(n))
    predicted = parts @ prices
    off = predicted / seconds - 1
    lines = ["| | price |", "|---|--:|"]
    lines += [f"| {name} | {price * scale:.3g} {unit} |" for (name, unit, scale), price in zip(PARTS, prices)]
    lines += ["", "| scenario | | seconds | by the prices | off |", "|---|---|--:|--:|--:|"]
    for at, (scenario, words, _, _) in enumerate(rows):
        kind = "fitted" if at < n else "left out"
        name = " ".join([f"`{scenario}`", *(f"`{word}`" for word in words)])
        lines.append(f"| {name} | {kind} | {seconds[at]:.3f} | {predicted[at]:.3f} | {100 * off[at]:+.0f}% |")
    within = int(np.sum(np.abs(off[n:]) <= WITHIN))
    verdict = (
        f"Of {len(LEFT_OUT)} runs that were left out, {within} are within {100 * WITHIN:.0f}%; the furthest is off by "
        f"{100 * off[n:][np.argmax(np.abs(off[n:]))]:+.0f}%."
    )
    text = "\n".join([verdict, "", *lines]) + "\n"
    print(text)
    if arguments.out:
        machine = f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}"
        head = (
            "# What a run costs\n\nProcessor time of one replicate on one thread, all tables written, as a sum of parts whose prices were fitted to\n"
            f"{n} runs. Medians of {arguments.repeats} runs on {machine}; another machine has other prices. Written by\n\n"
            "<!-- not run: takes ten minutes -->\n```console\n"
            f"$ python3 bench/cost/fit.py --repeats {arguments.repeats} --out docs/validation/generated/cost.md\n```\n\n"
        )
        arguments.out.write_text(head + text)


if __name__ == "__main__":
    main()
