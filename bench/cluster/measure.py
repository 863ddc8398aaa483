"""What spreading a sweep costs: planning a million rows, and running a thousand of them on Ray.

    python3 bench/cluster/measure.py --program PROGRAM [--replicates 4 40] [--shards 1000] [--workers 2]

Needs the Python package with Ray, and the program of the command line of the same version.
Everything is processor time, of all processes that take part: where others use the machine as
well, clocks tell little. Prints one JSON object a line.

Coordination is all that the driver, the workers and Ray's own processes use beside running rows.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DESIGN = """\
format = 1
id = "million"
title = "A million rows"
scenario = "one-village"
sampler = "{sampler}"
rows = 1000000
replicates = {replicates}
outcomes = ["deaths", "groups.isis.members_end"]

[[factors]]
key = "joining.per_month"

[[factors]]
key = "combat.decisiveness"

[[factors]]
key = "exits.leave_desertion"

[[factors]]
key = "groups.isis.pay_usd_per_month"
low = 50
high = 800
scale = "log"
"""

IDLE_SECONDS = 15
TICKS = os.sysconf("SC_CLK_TCK")


def run(words: list[str], folder: Path) -> tuple[float, float]:
    """Processor time in seconds and most memory in megabytes of a process and those that it waits for."""
    child = subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{words} ended with {child.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def family_seconds() -> float:
    """Processor time of this process and of all below it, those that have ended among them."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
            ticks[int(entry.name)] = sum(map(int, fields[11:15]))

    def is_ours(pid: int) -> bool:
        while pid > 1:
            if pid == os.getpid():
                return True
            pid = parents.get(pid, 0)
        return False

    return sum(spent for pid, spent in ticks.items() if is_ours(pid)) / TICKS


def on_ray(design: str, shards: int, workers: int) -> dict[str, float]:
    """Runs two shards on Ray; of the first, the workers have to start."""
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"}
    import ray
    from allegiance import ray as cluster

    simulated = 0.0
    heard = cluster._Pace.heard

    def hear(pace: cluster._Pace, n: int, seconds: float) -> None:
        nonlocal simulated
        simulated += seconds
        heard(pace, n, seconds)

    cluster._Pace.heard = hear
    before = family_seconds()
    ray.init(num_cpus=workers, include_dashboard=False, logging_level="ERROR")
    found = {"start_seconds": family_seconds() - before}
    # Ray's own processes never rest: a share of one core, whatever is done and however many cores there are.
    time.sleep(5)
    before = family_seconds()
    time.sleep(IDLE_SECONDS)
    idle = (family_seconds() - before) / IDLE_SECONDS
    found["idle_cores"] = idle
    for shard in (1, 2):
        before, simulated, clock = family_seconds(), 0.0, time.monotonic()
        cluster.sweep(design, out="ray", shard=(shard, shards), progress=False)
        spent = family_seconds() - before
        which = "first" if shard == 1 else "second"
        found |= {
            f"{which}_all_seconds": spent,
            f"{which}_rows_seconds": simulated,
            f"{which}_coordination_share": (spent - simulated) / spent,
            f"{which}_share_beside_idling": (spent - simulated - idle * (time.monotonic() - clock)) / spent,
            f"{which}_clock_seconds": time.monotonic() - clock,
        }
    ray.shutdown()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="allegiance")
    parser.add_argument("--replicates", type=int, nargs="+", default=[4, 40])
    parser.add_argument("--shards", type=int, default=1000, help="parts of the million rows, of which one is run")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--on-ray", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.on_ray:
        print(json.dumps(on_ray(arguments.on_ray, arguments.shards, arguments.workers)))
        return
    program = str(Path(arguments.program).resolve()) if os.sep in arguments.program else arguments.program
    with tempfile.TemporaryDirectory(prefix="allegiance-bench-") as home:
        folder = Path(home)
        for sampler in ("sobol", "latin_hypercube", "random"):
            name = f"{sampler}.toml"
            (folder / name).write_text(DESIGN.format(sampler=sampler, replicates=1))
            seconds, megabytes = run([program, "sweep", name, "--shard", "1/1000000", "--threads", "1", "-q"], folder)
            few = (folder / name).read_text().replace("rows = 1000000", "rows = 1").replace('"million"', '"one"')
            (folder / "one.toml").write_text(few)
            least, little = run([program, "sweep", "one.toml", "--overwrite", "--threads", "1", "-q"], folder)
            print(json.dumps({
                "plan": sampler, "rows": 1_000_000, "seconds": seconds, "seconds_one_row": least,
                "megabytes": megabytes, "megabytes_one_row": little,
            }), flush=True)  # fmt: skip
            for left in folder.glob("sweeps/*"):
                subprocess.run(["rm", "-r", left], check=True)
        for replicates in arguments.replicates:
            name = f"rows-{replicates}.toml"
            (folder / name).write_text(DESIGN.format(sampler="sobol", replicates=replicates))
            words = [program, "sweep", name, "--shard", f"1/{arguments.shards}", "--threads", "2", "-q", "--out", f"near-{replicates}"]
            seconds, _ = run(words, folder)
            told = subprocess.run(
                [sys.executable, str(Path(__file__).resolve()), "--workers", str(arguments.workers),
                 "--shards", str(arguments.shards), "--on-ray", name],
                cwd=folder, check=True, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            found = json.loads(told.stdout.splitlines()[-1])
            near, far = (folder / f"{where}.shard-1-of-{arguments.shards}/rows.jsonl" for where in (f"near-{replicates}", "ray"))
            assert near.read_bytes() == far.read_bytes(), "Ray gave other rows"
            for left in folder.glob("ray*"):
                subprocess.run(["rm", "-r", left], check=True)
            print(json.dumps({"rows": 1_000_000 // arguments.shards, "replicates": replicates, "sweep_seconds": seconds, **found}), flush=True)


if __name__ == "__main__":
    main()
