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
import shutil
import statistics
import subprocess
from pathlib import Path

import pyarrow.parquet as pq
from implementations import HERE, IMPLEMENTATIONS, allegiance_binary
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
    """Runs Allegiance and reads the outcomes from its tables."""
    if days % 7 != 0:
        raise SystemExit(f"days is {days}; must be whole weeks, for Allegiance samples beliefs on the last day of a week")
    name = f"equivalence-{people}" + ("-dense" if is_dense else "")
    scenario, run = HERE / "out" / name, HERE / "out" / f"run-{name}"
    write_scenario(scenario, Spec.of(people, is_dense), days)
    shutil.rmtree(run, ignore_errors=True)
    command = [str(allegiance_binary()), "run", str(scenario), "-n", str(replicates), "--threads", "1"]
    subprocess.run([*command, "--quiet", "--out", str(run)], check=True, stdout=subprocess.DEVNULL)
    return outcomes_of(run, people, days, replicates)


def outcomes_of(run: Path, people: int, days: int, replicates: int) -> list[dict]:
    """The outcomes of each replicate, from the tables of a run folder."""

    def table(name: str, columns: list[str], **filters) -> list[dict]:
        by = [(key, "=", value) for key, value in filters.items()]
        return pq.read_table(run / f"{name}.parquet", columns=columns, filters=by or None).to_pylist()

    n_incidents = [0] * replicates
    for row in table("incidents", ["replicate"]):
        n_incidents[row["replicate"]] += 1
    groups = {(row["replicate"], row["day"]): row for row in table("groups", GROUP_COLUMNS, group="group")}
    joined = {(row["replicate"], row["person"]) for row in table("allegiance", ["replicate", "person"], kind="join")}
    first: list[dict[int, dict]] = [{} for _ in range(replicates)]
    for row in table("persons", ["replicate", "person", "first_group", "group", "standing"]):
        if row["first_group"] is not None and (row["replicate"], row["person"]) not in joined:
            first[row["replicate"]][row["person"]] = {"row": row, "kin": False, "home": False}
    for row in table("exposures", ["replicate", "person", "channel"]):
        member = first[row["replicate"]].get(row["person"])
        if member is not None:
            member["home"] = True
            member["kin"] |= row["channel"] == "kin_killed"
    convictions: list[list[float]] = [[] for _ in range(replicates)]
    for row in table("beliefs", ["replicate", "day", "conviction"], day=days - 1):
        convictions[row["replicate"]].append(row["conviction"])
    found = []
    for replicate in range(replicates):
        members = first[replicate].values()
        kin = [m for m in members if m["kin"]]
        home = [m for m in members if m["home"] and not m["kin"]]
        neither = [m for m in members if not m["home"]]

        def share(of: list[dict]) -> float | None:
            return sum(m["row"]["standing"] == "deserter" or m["row"]["group"] is None for m in of) / len(of) if of else None

        def on(day: int, key: str, replicate: int = replicate) -> int:
            return groups[replicate, min(day, days) - 1][key]

        found.append(
            {
                "attacks": n_incidents[replicate],
                "deaths": on(days, "civilians_killed"),
                "exits_by_30": on(30, "deserted"),
                "exits_by_90": on(90, "deserted"),
                "exits_by_end": on(days, "deserted"),
                "joins": on(days, "joined"),
                "members_who_lost_kin": len(kin),
                "members_with_home_only": len(home),
                "exit_share_kin": share(kin),
                "exit_share_home": share(home),
                "exit_share_neither": share(neither),
                "mean_conviction": statistics.fmean(convictions[replicate]) if convictions[replicate] else None,
            }
        )
    return found


GROUP_COLUMNS = ["replicate", "day", "civilians_killed", "deserted", "joined"]


def peer(name: str, people: int, days: int, replicates: int, is_dense: bool) -> list[dict]:
    """Runs a peer and reads the outcomes that it prints."""
    command = [*IMPLEMENTATIONS[name].command(people, days, is_dense), "--seed", "1000", "--replicates", str(replicates)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
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
    parser.add_argument("--only", nargs="*", default=[name for name in IMPLEMENTATIONS if name != "allegiance"])
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
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
