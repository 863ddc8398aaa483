#!/usr/bin/env python3
"""Measures how the cost of a run grows, and writes a page of it.

    run.py [--out PAGE] [--repeats N] [--program ALLEGIANCE] [--quick]

Every figure is of whole processes that write all tables, the median of the
repeats; the repeats of all lines are interleaved, so that a busy minute of the
machine hits all alike. --quick measures less of everything, to see that the
script works. Needs the standard library alone. Without --program, builds the
release program first.
"""

import argparse
import csv
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
REGION = "north-syria-2014"
COUNTRY = "syria"
ATTACKS = "operations.attacks_per_month"
# The quiet region lies so far east that nobody there is in reach of the war.
QUIET_DEGREES_EAST = 15.0
MIB = 2**20


@dataclass
class Case:
    """One line of the page: a command, and what its repeats gave."""

    name: str
    scenario: str
    words: list[str]
    runs: list[dict] = field(default_factory=list)

    def median(self, key: str) -> float:
        """The median of a measure over the repeats."""
        return statistics.median(run[key] for run in self.runs)

    def spread(self, key: str) -> tuple[float, float]:
        """Its lowest and highest value."""
        values = [run[key] for run in self.runs]
        return min(values), max(values)


def run_once(program: str, case: Case, scratch: Path) -> dict:
    """Runs a process to its end and reads what it wrote of itself."""
    out = scratch / "run"
    command = [program, "run", case.scenario, *case.words, "--quiet", "--overwrite", "--out", str(out)]
    with open(scratch / "stdout", "w") as stdout, open(scratch / "stderr", "w") as stderr:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=stdout, stderr=stderr)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(case.words)} ended with {process.returncode}: {(scratch / 'stderr').read_text()[-2000:]}")
    manifest = json.loads((out / "run.json").read_text())
    n_bytes = sum(path.stat().st_size for path in out.glob("*.parquet"))
    shutil.rmtree(out)
    return {
        "agents": manifest["effort"]["n_agents"],
        "days": manifest["n_days"],
        "replicates": manifest["n_replicates"],
        "wall": wall,
        "cpu": usage.ru_utime + usage.ru_stime,
        # The program's own figure, where the system tells it: that of the
        # child also counts what this script held when it started it.
        "peak": manifest["effort"]["peak_memory_bytes"] or usage.ru_maxrss * 1024,
        "persons": manifest["tables"]["persons"]["n_rows"],
        "incidents": manifest["tables"]["incidents"]["n_rows"],
        "output": n_bytes,
    }


def write_with_quiet_region(program: str, scratch: Path) -> str:
    """A copy of the region's scenario with its places twice: once more, far
    away, held by one group and without garrisons. Gives its folder."""
    out = scratch / "source"
    subprocess.run(
        [program, "run", REGION, "--days", "1", "--quiet", "--out", str(out)], check=True, stdout=subprocess.DEVNULL
    )
    folder = scratch / "with-quiet-region"
    shutil.copytree(out / "scenario", folder)
    shutil.rmtree(out)
    with open(folder / "places.csv", newline="") as file:
        places = list(csv.DictReader(file))
    with open(folder / "control.csv", newline="") as file:
        holder = next(csv.DictReader(file))
    quiet = [
        place
        | {
            "place": f"quiet_{place['place']}",
            "longitude": f"{float(place['longitude']) + QUIET_DEGREES_EAST:.5f}",
            **{level: f"Quiet {place[level]}" for level in ("governorate", "district", "subdistrict")},
        }
        for place in places
    ]
    append(folder / "places.csv", quiet)
    append(folder / "control.csv", [holder | {"place": place["place"], "share": "1.00"} for place in quiet])
    return str(folder)


def append(path: Path, rows: list[dict]) -> None:
    """Adds rows to a table."""
    with open(path, "a", newline="") as file:
        csv.DictWriter(file, rows[0].keys(), lineterminator="\n").writerows(rows)


def plural(n: int, noun: str) -> str:
    """A number with its noun."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def default_of(program: str, name: str) -> float:
    """The default of a parameter."""
    command = [program, "parameters", name, "--format", "json"]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return next(row["default"] for row in found if row["parameter"] == name)


def cases_of(program: str, scratch: Path, is_quick: bool) -> dict[str, list[Case]]:
    """Everything that is measured, by section."""
    quiet = write_with_quiet_region(program, scratch)
    one = ["--threads", "1"]
    days = ["--days", "10"] if is_quick else []
    n_replicates = 4 if is_quick else 20
    attacks = default_of(program, ATTACKS)
    factors = [1, 2] if is_quick else [1, 2, 4]
    lengths = [10, 20] if is_quick else [30, 90, 180, 365]
    return {
        "population": [
            Case("as shipped, first day only", REGION, ["--days", "1", *one]),
            Case("with a quiet region, first day only", quiet, ["--days", "1", *one]),
            Case("as shipped", REGION, [*days, *one]),
            Case("with a quiet region", quiet, [*days, *one]),
        ],
        "violence": [
            Case(f"attacks × {factor}", REGION, [*days, *one, "--set", f"{ATTACKS}={attacks * factor}"]) for factor in factors
        ],
        "days": [
            *(Case(plural(n_days, "day"), COUNTRY, ["--days", str(n_days), *one]) for n_days in [1, *lengths]),
            Case(f"{plural(lengths[-1], 'day')}, 2 threads", COUNTRY, ["--days", str(lengths[-1]), "--threads", "2"]),
        ],
        "replicates": [
            Case(
                f"{plural(n, 'replicate')}, {plural(threads, 'thread')}",
                REGION,
                [*days, "-n", str(n), "--threads", str(threads)],
            )
            for n, threads in ((1, 1), (n_replicates, 1), (n_replicates, 2))
        ],
    }


def seconds(case: Case, key: str) -> str:
    """A time with its range."""
    low, high = case.spread(key)
    return f"{case.median(key):.2f} ({low:.2f}–{high:.2f})"


def table(cases: list[Case]) -> str:
    """The measures of a section, in Markdown."""
    heads = "agents | days | replicates | seconds | processor s | peak MiB | incidents | persons touched | tables MiB"
    lines = [f"| | {heads} |", "|---|" + "--:|" * (heads.count("|") + 1)]
    for case in cases:
        cells = [
            f"{case.median('agents'):,.0f}",
            f"{case.median('days'):.0f}",
            f"{case.median('replicates'):.0f}",
            seconds(case, "wall"),
            seconds(case, "cpu"),
            f"{case.median('peak') / MIB:,.0f}",
            f"{case.median('incidents'):,.0f}",
            f"{case.median('persons'):,.0f}",
            f"{case.median('output') / MIB:,.1f}",
        ]
        lines.append(f"| {case.name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def ratio(case: Case, base: Case, key: str) -> float:
    """How many times one case has of a measure what another has."""
    return case.median(key) / base.median(key)


def population_words(cases: list[Case]) -> str:
    """What the quiet region costs, as a sentence."""
    first, quiet_first, whole, quiet = cases
    war, quiet_war = whole.median("cpu") - first.median("cpu"), quiet.median("cpu") - quiet_first.median("cpu")
    extra_bytes = (quiet.median("peak") - whole.median("peak")) / (quiet.median("agents") - whole.median("agents"))
    return (
        f"With {ratio(quiet, whole, 'agents'):.2f} times the agents a run takes {ratio(quiet, whole, 'cpu'):.2f} times the "
        f"processor time. Building the people and the first day take {first.median('cpu'):.2f} s and "
        f"{quiet_first.median('cpu'):.2f} s; the rest of the war, {war:.2f} s and {quiet_war:.2f} s. An inhabitant to whom "
        f"nothing happens takes {extra_bytes:.1f} bytes."
    )


def violence_words(cases: list[Case]) -> str:
    """What more attacks cost, as a sentence."""
    base, *others = cases
    parts = [
        f"{case.name}: {ratio(case, base, 'incidents'):.2f} times the incidents, {ratio(case, base, 'persons'):.2f} times the "
        f"persons touched, {ratio(case, base, 'cpu'):.2f} times the processor time"
        for case in others
    ]
    return "; ".join(parts) + "."


def days_words(cases: list[Case]) -> str:
    """What a longer war costs, as sentences."""
    first, *others, both = cases
    last = others[-1]
    a_day = [f"{1000 * (case.median('cpu') - first.median('cpu')) / (case.median('days') - 1):.1f} ms" for case in others]
    n_bytes = (last.median("peak") - first.median("peak")) / (last.median("persons") - first.median("persons"))
    rate = last.median("agents") * last.median("days") / last.median("wall")
    return (
        f"Processor time for each day after the first: {', '.join(a_day)} in runs of "
        f"{', '.join(case.name for case in others)}. The longest run simulates {rate:.3g} agent-days a second. "
        f"Two threads take {ratio(both, last, 'wall'):.2f} of the time of one and {ratio(both, last, 'cpu'):.2f} of its processor time.\n\n"
        f"**Bytes a materialised person**: {n_bytes:,.0f}, the growth of peak memory from 1 day to "
        f"{last.median('days'):.0f} over the growth of persons touched. It holds their state, every row of the record that "
        f"is about them and about anything else, and what writing the tables needs. On the first day, the whole process "
        f"holds {first.median('peak') / first.median('persons'):,.0f} bytes for each of them, the world included."
    )


def replicates_words(cases: list[Case]) -> str:
    """What replicates and threads cost, as a sentence."""
    single, one, two = cases
    n = one.median("replicates")
    a_replicate = (one.median("cpu") - single.median("cpu")) / (n - 1)
    return (
        f"Each replicate after the first takes {a_replicate:.3f} s of processor time on one thread. Two threads take "
        f"{ratio(two, one, 'wall'):.2f} of the time of one, {two.median('wall') / n:.3f} s a replicate, with "
        f"{ratio(two, one, 'peak'):.2f} times the memory."
    )


PAGE = """# Performance

Measured on whole processes, from start to exit, writing every table and the summary: medians of
{repeats} runs, with the lowest and highest in brackets; the runs of all lines were interleaved. *Persons
touched* are those whom history reached in all replicates: only they are held in memory. The page is
written by

<!-- not run: takes half an hour -->
```console
$ python3 bench/scaling/run.py{quick} --repeats {repeats} --out docs/validation/generated/performance.md
```

with program version {version}, on {machine}. Don't edit it by hand.
{note}
## Population where nothing happens

`{region}` as shipped, and with a copy of all its places {degrees:.0f} degrees to the east, held by one
group and without armed men.

{population}

{population_words}

## Violence

`{region}` with `{attacks}` at its default and at multiples of it.

{violence}

{violence_words}

## Days

`{country}`, one replicate on one thread, and the longest on two.

{days}

{days_words}

## Replicates and threads

`{region}`.

{replicates}

{replicates_words}

## Benchmarks of parts

`cargo bench -p allegiance-cli` times the parts alone on the shipped scenarios: building worlds,
replicates, tables, checkpoints. `bench/peers/run.sh` times one small model in Allegiance and in
other tools.
"""


def machine() -> str:
    """The machine's facts, as a clause."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
        lines = Path("/proc/meminfo").read_text().splitlines()
        memory = next(f"{int(line.split()[1]) / 2**20:.0f} GiB" for line in lines if line.startswith("MemTotal"))
    except (OSError, StopIteration):
        model, memory = platform.processor() or "an unnamed processor", "unknown"
    return f"{os.cpu_count()} cores ({model}), {memory} of memory, {platform.system()} on {platform.machine()}"


def build() -> str:
    """Builds the release program."""
    manifest = str(ROOT / "Cargo.toml")
    command = ["cargo", "build", "--quiet", "--release", "--locked", "--manifest-path", manifest, "-p", "allegiance-cli"]
    subprocess.run(command, check=True)
    return str(Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "allegiance")


def main() -> None:
    """Measures and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "validation" / "generated" / "performance.md")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--program")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    program = arguments.program or build()
    with tempfile.TemporaryDirectory(prefix="allegiance-scaling-") as name:
        scratch = Path(name)
        sections = cases_of(program, scratch, arguments.quick)
        for repeat in range(arguments.repeats):
            for case in (case for cases in sections.values() for case in cases):
                case.runs.append(run_once(program, case, scratch))
                print(f"{repeat + 1}/{arguments.repeats} {case.name}: {case.runs[-1]['wall']:.2f} s", file=sys.stderr)
    version = subprocess.run([program, "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout
    page = PAGE.format(
        repeats=arguments.repeats,
        quick=" --quick" if arguments.quick else "",
        note="\n**A trial of the script with shorter runs: the figures mean nothing.**\n" if arguments.quick else "",
        version=version.split(maxsplit=1)[1].strip(),
        machine=machine(),
        region=REGION,
        country=COUNTRY,
        attacks=ATTACKS,
        degrees=QUIET_DEGREES_EAST,
        **{name: table(cases) for name, cases in sections.items()},
        population_words=population_words(sections["population"]),
        violence_words=violence_words(sections["violence"]),
        days_words=days_words(sections["days"]),
        replicates_words=replicates_words(sections["replicates"]),
    )
    arguments.out.write_text(page)
    print(f"written to {arguments.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
