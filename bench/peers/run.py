"""Times every implementation of MODEL.md side by side; run.sh starts it.

    run.py [people|all] [days] [repeats] [--dense] [--limit-seconds S] [--limit-gb G]

Each run is a whole process on one thread; the repeats are interleaved, so
that a busy minute of the machine hits all alike. What would need more CPU
time or memory than the limits isn't run, judged by the size before; what took
more than the limit isn't repeated. The table gives the median
wall time with its range, and the CPU time, which says more on a machine with
other work.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

from implementations import HERE, IMPLEMENTATIONS, allegiance_binary
from scenario.generate import write_scenario
from spec import Spec

ALL = [(20_000, False), (200_000, False), (2_000_000, False), (20_000_000, False), (20_000, True), (200_000, True)]
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "RAYON")}


def command_of(name: str, people: int, days: int, is_dense: bool, seed: int, out: Path) -> list[str]:
    """The command line of one timed run."""
    if name != "allegiance":
        return [*IMPLEMENTATIONS[name].command(people, days, is_dense), "--seed", str(seed)]
    scenario = HERE / "out" / f"{'dense' if is_dense else 'villages'}-{people}"
    words = [str(allegiance_binary()), "run", str(scenario), "--days", str(days), "--seed", str(seed)]
    return [*words, "--threads", "1", "--quiet", "--out", str(out / "run")]


def time_run(command: list[str], out: Path) -> dict[str, float]:
    """Runs a process to its end: wall and CPU seconds, peak memory."""
    with open(out / "stdout", "w") as stdout, open(out / "stderr", "w") as stderr:
        started = time.perf_counter()
        # A child's peak memory counts from the parent's, so a small one stands between.
        wrapped = ["/usr/bin/time", "--quiet", "-f", "%M", "-o", str(out / "peak_kb"), *command]
        process = subprocess.Popen(wrapped, stdout=stdout, stderr=stderr, env=os.environ | ONE_THREAD)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\nended with {process.returncode}: {(out / 'stderr').read_text()[-2000:]}")
    peak_kb = int((out / "peak_kb").read_text())
    return {"wall_s": wall, "cpu_s": usage.ru_utime + usage.ru_stime, "peak_mb": peak_kb / 1024}


def why_not(rows: list[dict], name: str, people: int, days: int, is_dense: bool, limits: tuple[float, float]) -> str | None:
    """Why an implementation isn't run at a size, judged by the size before."""
    alike = [row for row in rows if (row["name"], row["is_dense"]) == (name, is_dense)]
    smaller = [row for row in alike if row["people"] < people and "wall_s" in row]
    if name == "allegiance" or not smaller:
        return None
    last = smaller[-1]
    factor = people / last["people"]
    seconds, gb = last["cpu_s"] * factor * days / last["days"], last["peak_mb"] / 1024 * factor
    if seconds > limits[0]:
        return f"needs at least {seconds:,.0f} s, over the limit of {limits[0]:,.0f} s"
    return f"needs at least {gb:.1f} GB, over the limit of {limits[1]:.0f} GB" if gb > limits[1] else None


def time_size(rows: list[dict], people: int, days: int, repeats: int, is_dense: bool, limits: tuple[float, float]) -> list[dict]:
    """Times every implementation at one size, interleaved."""
    folder = HERE / "out" / f"{'dense' if is_dense else 'villages'}-{people}"
    write_scenario(folder, Spec.of(people, is_dense), days)
    refusals = {name: why_not(rows, name, people, days, is_dense, limits) for name in IMPLEMENTATIONS}
    timings: dict[str, list[dict]] = {name: [] for name, why in refusals.items() if why is None}
    for repeat in range(repeats):
        for name, found in timings.items():
            if found and found[-1]["cpu_s"] > limits[0]:
                continue  # once is enough of what takes longer than it should
            out = Path(tempfile.mkdtemp(prefix="peers-", dir=HERE / "out"))
            found.append(time_run(command_of(name, people, days, is_dense, repeat + 1, out), out))
            shutil.rmtree(out)
            print(f"  {people} {name} {found[-1]['wall_s']:.3g} s wall, {found[-1]['cpu_s']:.3g} s CPU", file=sys.stderr)
    common = {"people": people, "days": days, "is_dense": is_dense}
    found = []
    for name, why in refusals.items():
        row = {"name": name, "label": IMPLEMENTATIONS[name].label, **common}
        if why is not None:
            found.append(row | {"why_not": why})
            continue
        walls = [timing["wall_s"] for timing in timings[name]]
        row |= {"wall_s": statistics.median(walls), "wall_min_s": min(walls), "wall_max_s": max(walls)}
        row |= {"cpu_s": statistics.median(timing["cpu_s"] for timing in timings[name])}
        row |= {"peak_mb": max(timing["peak_mb"] for timing in timings[name]), "runs": timings[name]}
        row |= {"agent_days_per_s": people * days / row["wall_s"]}
        found.append(row)
    base = next(row for row in found if row["name"] == "allegiance")
    for row in found:
        if "wall_s" in row:
            row |= {"times_slower_wall": row["wall_s"] / base["wall_s"], "times_slower_cpu": row["cpu_s"] / base["cpu_s"]}
    return found


def table(rows: list[dict]) -> str:
    """The rows as a table in Markdown."""
    lines = [
        "| implementation | people | days | seconds (min-max) | CPU s | agent-days/s | peak MB | Allegiance is faster by (wall) | (CPU) |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        start = f"| {row['label']} | {row['people']:,}{' dense' if row['is_dense'] else ''} | {row['days']} | "
        if "why_not" in row:
            lines.append(start + f"not run: {row['why_not']} | | | | | |")
            continue
        lines.append(
            start + f"{row['wall_s']:.3g} ({row['wall_min_s']:.3g}-{row['wall_max_s']:.3g}) | {row['cpu_s']:.3g} | "
            f"{row['agent_days_per_s']:.3g} | {row['peak_mb']:,.0f} | {row['times_slower_wall']:.3g} | {row['times_slower_cpu']:.3g} |"
        )
    return "\n".join(lines)


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
        "mesa": version("mesa"),
        "numpy": version("numpy"),
        "krabmaga": krabmaga,
        "rustc": output_of("rustc", "--version"),
        "allegiance": output_of(str(allegiance_binary()), "--version"),
    }


def main() -> None:
    """Reads the command line, times, prints and keeps the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", nargs="?", default="all")
    parser.add_argument("days", nargs="?", type=int, default=90)
    parser.add_argument("repeats", nargs="?", type=int, default=3)
    parser.add_argument("--dense", action="store_true")
    parser.add_argument("--limit-seconds", type=float, default=300)
    parser.add_argument("--limit-gb", type=float, default=6)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    sizes = ALL if arguments.people == "all" else [(int(arguments.people), arguments.dense)]
    found = machine()
    rows: list[dict] = []
    path = arguments.json or HERE / "out" / f"results-{found['date'].replace(':', '')}.json"
    for people, is_dense in sizes:
        limits = (arguments.limit_seconds, arguments.limit_gb)
        rows += time_size(rows, people, arguments.days, arguments.repeats, is_dense, limits)
        found["load_average_after"] = os.getloadavg()
        path.write_text(json.dumps({"machine": found, "command": sys.argv, "rows": rows}, indent=1) + "\n")
    print("\n".join(f"{key}: {value}" for key, value in found.items()))
    print(table(rows))
    print(f"written to {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
