"""Checks that every implementation gives the statistics of Allegiance.

    .venv/bin/python equivalence.py [--replicates 400] [--people 20000] [--days 364]

Every implementation draws its own random numbers; Mesa, the slowest, runs a
quarter of the replicates. For every outcome it prints the means, their Monte Carlo errors, and
the Welch z of the difference from Allegiance; it fails where a z is beyond
the two-sided 1% bound over all tests (Bonferroni), or where the 90% interval
of the difference isn't within the margin of equivalence, 15% of the mean, or
0.02 for shares and 0.05 for conviction where that is more.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from implementations import ENVIRONMENT, HERE, IMPLEMENTATIONS, PEERS, allegiance_binary, refuse_unknown_mechanisms
from scenario.generate import write_scenario
from spec import Spec

OUTCOMES = [
    "attacks",
    "deaths",
    "exits_by_30",
    "exits_by_90",
    "exits_by_end",
    "joins",
    "members_who_lost_kin",
    "members_with_home_only",
    "exit_share_kin",
    "exit_share_home",
    "exit_share_neither",
    "mean_conviction",
]


def allegiance(people: int, days: int, replicates: int, is_dense: bool) -> list[dict]:
    """Runs Allegiance and reads the outcomes from its tables.

    Every replicate has its own seed, for a seed fixes the population.
    """
    if days % 7 != 0:
        raise SystemExit(f"days is {days}; must be whole weeks, for Allegiance samples beliefs on the last day of a week")
    name = f"equivalence-{people}" + ("-dense" if is_dense else "")
    found = []
    # A folder of its own, for two checks may run at once.
    with tempfile.TemporaryDirectory(prefix="equivalence-", dir=HERE / "out") as scratch:
        scenario, run = Path(scratch) / name, Path(scratch) / "run"
        write_scenario(scenario, Spec.of(people, is_dense), days)
        for seed in range(replicates):
            command = [str(allegiance_binary()), "run", str(scenario), "--seed", str(seed), "--threads", "1", "--quiet"]
            subprocess.run([*command, "--overwrite", "--out", str(run)], check=True, stdout=subprocess.DEVNULL)
            found.append(outcomes_of(run, days))
    return found


def outcomes_of(run: Path, days: int) -> dict:
    """The outcomes of a run of one replicate, from its tables."""

    def table(name: str, columns: list[str], **filters) -> list[dict]:
        by = [(key, "=", value) for key, value in filters.items()]
        return pq.read_table(run / f"{name}.parquet", columns=columns, filters=by or None).to_pylist()

    groups = {row["day"]: row for row in table("groups", GROUP_COLUMNS, group="group")}
    joined = {row["person"] for row in table("allegiance", ["person"], kind="join")}
    people = table("persons", ["person", "first_group", "standing"])
    first = {row["person"]: row for row in people if row["first_group"] is not None and row["person"] not in joined}
    exposures = table("exposures", ["person", "channel"])
    exposed = {row["person"] for row in exposures} & first.keys()
    bereaved = {row["person"] for row in exposures if row["channel"] == "kin_killed"} & first.keys()
    left = {person for person, row in first.items() if row["standing"] != "active"}
    convictions = [row["conviction"] for row in table("beliefs", ["conviction"], day=days - 1)]

    def share(members: set[int]) -> float | None:
        return len(members & left) / len(members) if members else None

    def on(day: int, key: str) -> int:
        return groups[min(day, days) - 1][key]

    return {
        "attacks": len(table("incidents", ["incident"])),
        "deaths": on(days, "civilians_killed"),
        "exits_by_30": on(30, "deserted"),
        "exits_by_90": on(90, "deserted"),
        "exits_by_end": on(days, "deserted"),
        "joins": on(days, "joined"),
        "members_who_lost_kin": len(bereaved),
        "members_with_home_only": len(exposed - bereaved),
        "exit_share_kin": share(bereaved),
        "exit_share_home": share(exposed - bereaved),
        "exit_share_neither": share(first.keys() - exposed),
        "mean_conviction": statistics.fmean(convictions) if convictions else None,
    }


GROUP_COLUMNS = ["day", "civilians_killed", "deserted", "joined"]


def peer(name: str, people: int, days: int, replicates: int, is_dense: bool) -> list[dict]:
    """Runs a peer and reads the outcomes that it prints."""
    command = [*IMPLEMENTATIONS[name].command(people, days, is_dense), "--seed", "1000", "--replicates", str(replicates)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | ENVIRONMENT)
    return [json.loads(line.replace("NaN", "null")) for line in done.stdout.splitlines() if line.startswith("{")]


def moments(replicates: list[dict], outcome: str) -> tuple[float, float]:
    """Mean over replicates, and its Monte Carlo standard error."""
    values = [row[outcome] for row in replicates if row[outcome] is not None]
    if len(values) < 2:
        return math.nan, math.nan
    return statistics.fmean(values), statistics.stdev(values) / math.sqrt(len(values))


def margin_of(outcome: str, mean: float) -> float:
    """How far apart two means may be and still be called the same."""
    least = {"exit_share": 0.02, "mean_convi": 0.05}.get(outcome[:10], 0.0)
    return max(0.15 * abs(mean), least)


def main() -> None:
    """Runs everything and prints a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=400)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=364)
    parser.add_argument("--dense", action="store_true")
    parser.add_argument("--only", nargs="*", default=PEERS)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    refuse_unknown_mechanisms()
    size, n = (arguments.people, arguments.days), arguments.replicates
    runs = {"allegiance": allegiance(*size, n, arguments.dense)}
    for name in arguments.only:
        runs[name] = peer(name, *size, max(n // 4, 2) if name.startswith("mesa") else n, arguments.dense)
    if arguments.json:
        arguments.json.write_text(json.dumps(runs))
    n_tests = len(arguments.only) * len(OUTCOMES)
    z_bound = statistics.NormalDist().inv_cdf(1 - 0.01 / (2 * n_tests))
    z_90 = statistics.NormalDist().inv_cdf(0.95)
    print(f"{arguments.people} people, {arguments.days} days, replicates: {', '.join(f'{name} {len(found)}' for name, found in runs.items())}; mean ± Monte Carlo error (z)")
    print("| outcome | " + " | ".join(runs) + " |")
    print("|---" * (len(runs) + 1) + "|")
    failures = []
    for outcome in OUTCOMES:
        base, base_error = moments(runs["allegiance"], outcome)
        cells = [f"{base:.4g} ± {base_error:.2g}"]
        for name in arguments.only:
            mean, error = moments(runs[name], outcome)
            spread = math.hypot(error, base_error)
            z = (mean - base) / spread if spread > 0 else math.nan
            cells.append(f"{mean:.4g} ± {error:.2g} ({z:+.1f})")
            if abs(z) > z_bound:
                failures.append(f"{name}, {outcome}: z {z:+.2f} beyond {z_bound:.2f}")
            if abs(mean - base) + z_90 * spread > margin_of(outcome, base):
                failures.append(f"{name}, {outcome}: 90% interval of the difference isn't within {margin_of(outcome, base):.3g}")
        print(f"| {outcome} | " + " | ".join(cells) + " |")
    print("\n".join(failures) or f"equivalent: no |z| beyond {z_bound:.2f} in {n_tests} tests, every 90% interval within the margin")
    if failures:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
