"""Times every implementation of MODEL.md side by side; run.sh starts it.

    run.py [people|all] [days] [repeats] [--dense] [--only NAME ...] [--json FILE | --page PAGE]
           [--limit-seconds S] [--limit-gb G] [--once-seconds S]

Each run is a whole process on one thread; the repeats are interleaved, so
that a busy minute of the machine hits all alike. What would need more CPU
time or memory than the limits isn't run, judged by the size before; what takes
more CPU time than the limit is stopped, and a peer that takes more than
--once-seconds isn't repeated. What compiles when it is first run is run once
before, and that run is reported apart, as is the start of each program.
Figures are medians, with the range of wall time; CPU time says more on a
machine with other work.
"""

import argparse
import dataclasses
import json
import math
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from implementations import CACHE, ENVIRONMENT, HERE, IMPLEMENTATIONS, allegiance_binary, refuse_unknown_mechanisms
from page import rewrite, tables
from scenario.generate import write_scenario
from spec import Spec

ALL = [
    (20_000, False),
    (200_000, False),
    (2_000_000, False),
    (20_000_000, False),
    (20_000, True),
    # More people would make more attacks than a scenario may have.
    (200_000, True),
]
# So few people and days that a run is nothing but the start of a program.
START = (1_000, 1)


@dataclasses.dataclass(frozen=True)
class Limits:
    """What a run may need, and how long it may take to be repeated."""

    limit_seconds: float
    limit_gb: float
    once_seconds: float


class TooLong(Exception):
    """A run was stopped at the limit."""


def scenario_of(people: int, is_dense: bool) -> Path:
    """The folder of the scenario for Allegiance."""
    return HERE / "out" / f"{'dense' if is_dense else 'villages'}-{people}"


def command_of(name: str, people: int, days: int, is_dense: bool, seed: int, out: Path) -> list[str]:
    """The command line of one timed run."""
    implementation = IMPLEMENTATIONS[name]
    if not implementation.is_allegiance:
        return [*implementation.command(people, days, is_dense), "--seed", str(seed)]
    words = [str(allegiance_binary()), "run", str(scenario_of(people, is_dense)), "--days", str(days), "--seed", str(seed)]
    return [*words, *implementation.variant, "--threads", "1", "--quiet", "--out", str(out / "run")]


def time_run(command: list[str], out: Path, limit_seconds: float) -> dict[str, float]:
    """Runs a process to its end: wall and CPU seconds, peak memory."""
    limit = math.ceil(limit_seconds)
    with open(out / "stdout", "w") as stdout, open(out / "stderr", "w") as stderr:
        started = time.perf_counter()
        # A child's peak memory counts from the parent's, so a small one stands between.
        wrapped = ["/usr/bin/time", "--quiet", "-f", "%M", "-o", str(out / "peak_kb"), *command]
        process = subprocess.Popen(
            wrapped,
            stdout=stdout,
            stderr=stderr,
            env=os.environ | ENVIRONMENT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)),
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    if process.returncode != 0 and cpu > 0.98 * limit_seconds:
        raise TooLong
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\nended with {process.returncode}: {(out / 'stderr').read_text()[-2000:]}")
    return {"wall_s": wall, "cpu_s": cpu, "peak_mb": int((out / "peak_kb").read_text()) / 1024}


def refusal(rows: list[dict], name: str, people: int, is_dense: bool, limits: Limits) -> dict | None:
    """Why an implementation isn't run at a size, judged by the size before."""
    before = [row for row in rows if (row["name"], row["is_dense"]) == (name, is_dense) and row["people"] < people]
    if not before:
        return None
    last = before[-1]
    factor = people / last["people"]
    seconds, gb = factor * last.get("cpu_s", last.get("least_s", 0)), factor * last.get("peak_mb", 0) / 1024
    if seconds > limits.limit_seconds:
        return {"least_s": seconds, "why_not": f"not run: needs at least {seconds:,.0f} s, over the limit of {limits.limit_seconds:,.0f} s"}
    if gb > limits.limit_gb:
        return {"least_s": seconds, "why_not": f"not run: needs about {gb:.1f} GB, over the limit of {limits.limit_gb:.0f} GB"}
    return None


def time_size(rows: list[dict], names: list[str], people: int, days: int, repeats: int, is_dense: bool, limits: Limits) -> list[dict]:
    """Times every implementation at one size, interleaved."""
    write_scenario(scenario_of(people, is_dense), Spec.of(people, is_dense), days)
    refusals = {name: refusal(rows, name, people, is_dense, limits) for name in names}
    timings: dict[str, list[dict]] = {name: [] for name in names}
    # Run 0 is the one that compiles.
    for repeat in range(repeats + 1):
        for name in names:
            is_compiling = repeat == 0
            # Every ratio divides by Allegiance's times, so those are always medians.
            is_long = not IMPLEMENTATIONS[name].is_allegiance and any(timing["cpu_s"] > limits.once_seconds for timing in timings[name])
            if refusals[name] or is_long or (is_compiling and not IMPLEMENTATIONS[name].is_compiled_when_run):
                continue
            with tempfile.TemporaryDirectory(prefix="peers-", dir=HERE / "out") as scratch:
                out = Path(scratch)
                try:
                    timing = time_run(command_of(name, people, days, is_dense, repeat, out), out, limits.limit_seconds)
                except TooLong:
                    seconds = limits.limit_seconds
                    refusals[name] = {"least_s": seconds, "why_not": f"stopped at the limit of {seconds:,.0f} s"}
                    continue
            timings[name].append(timing | {"is_compiling": is_compiling})
            kind = " compiling" if is_compiling else ""
            print(f"  {people} {name}{kind}: {timing['wall_s']:.3g} s wall, {timing['cpu_s']:.3g} s CPU", file=sys.stderr)
    found = []
    for name, why in refusals.items():
        row = {"name": name, "label": IMPLEMENTATIONS[name].label, "people": people, "days": days, "is_dense": is_dense}
        found.append(row | (why or summary(timings[name], people * days)))
    return found


def summary(timings: list[dict], n_agent_days: int) -> dict:
    """Medians of the runs, and what the compiling one took."""
    compiling = [timing for timing in timings if timing["is_compiling"]]
    # What compiles and takes long isn't run again.
    runs = [timing for timing in timings if not timing["is_compiling"]] or compiling
    walls = [timing["wall_s"] for timing in runs]
    row = {"wall_s": statistics.median(walls), "wall_min_s": min(walls), "wall_max_s": max(walls)}
    row |= {"cpu_s": statistics.median(timing["cpu_s"] for timing in runs)}
    row |= {"peak_mb": max(timing["peak_mb"] for timing in runs), "runs": runs}
    row |= {"agent_days_per_s": n_agent_days / row["wall_s"]}
    return row | ({"compiling": compiling[0]} if compiling else {})


def output_of(*command: str) -> str:
    """The first line that a command prints."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[0]


def machine() -> dict[str, object]:
    """The machine and the versions."""
    cpu = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    lock = (HERE / "krabmaga" / "Cargo.lock").read_text()
    krabmaga = lock.split('name = "krabmaga"\nversion = "')[1].split('"')[0]
    return {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "cpu": cpu.split(":")[1].strip(),
        "cores": os.cpu_count(),
        "memory_gb": round(int(memory.split()[1]) / 2**20, 1),
        "load_average": os.getloadavg(),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{package: version(package) for package in ("mesa", "numpy", "numba", "jax")},
        "krabmaga": krabmaga,
        "rustc": output_of("rustc", "--version"),
        "allegiance": output_of(str(allegiance_binary()), "--version"),
    }


def main() -> None:
    """Reads the command line, times, prints and keeps the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", nargs="?", default="all")
    parser.add_argument("days", nargs="?", type=int, default=180)
    parser.add_argument("repeats", nargs="?", type=int, default=3)
    parser.add_argument("--dense", action="store_true")
    parser.add_argument("--only", nargs="*", choices=list(IMPLEMENTATIONS), default=list(IMPLEMENTATIONS))
    parser.add_argument("--limit-seconds", type=float, default=120)
    parser.add_argument("--limit-gb", type=float, default=6)
    parser.add_argument("--once-seconds", type=float, default=30)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--page", type=Path, help="keep the results with the sources, and write this page's tables from them")
    arguments = parser.parse_args()
    sizes = ALL if arguments.people == "all" else [(int(arguments.people), arguments.dense)]
    limits = Limits(arguments.limit_seconds, arguments.limit_gb, arguments.once_seconds)
    refuse_unknown_mechanisms()
    found = machine()
    kept = HERE / "results" / f"{found['date'][:10]}.json" if arguments.page else None
    path = arguments.json or kept or HERE / "out" / f"results-{found['date'].replace(':', '')}.json"
    shutil.rmtree(CACHE, ignore_errors=True)
    results = {"machine": found, "repeats": arguments.repeats, "limits": dataclasses.asdict(limits), "rows": []}
    results["start"] = time_size([], arguments.only, *START, arguments.repeats, False, limits)
    for people, is_dense in sizes:
        results["rows"] += time_size(results["rows"], arguments.only, people, arguments.days, arguments.repeats, is_dense, limits)
        found["load_average_after"] = os.getloadavg()
        path.write_text(json.dumps(results, indent=1) + "\n")
    print("\n".join(f"{key}: {value}" for key, value in found.items()))
    print(tables(results))
    print(f"written to {path}", file=sys.stderr)
    if arguments.page:
        rewrite(arguments.page, path)


if __name__ == "__main__":
    main()
