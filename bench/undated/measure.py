#!/usr/bin/env python3
"""Measures what a missing date costs a scenario made by `allegiance data build`.

    python3 -m venv /tmp/undated && /tmp/undated/bin/pip install -r bench/undated/requirements.txt
    /tmp/undated/bin/python bench/undated/measure.py RECORD.csv.gz TOWNS.csv [--program ALLEGIANCE]

RECORD is a table of located events of Syria with the columns that
bench/scoring/official_layout.py reads; TOWNS a table of places. The same events
of the north-west are built once with their dates and, several times, with their
years alone, each time with another draw of days; each scenario is run, and
outcomes are compared with those of the dated one. The dated one with another
synthetic population shows what chance alone does. Prints a page in Markdown.
"""

import argparse
import csv
import gzip
import importlib.util
import json
import statistics
import subprocess
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parent.parent.parent
GOVERNORATES = ("Idlib", "Aleppo", "Hama", "Latakia")
# Resident inhabitants of Syria before the war; those far from the events are left out.
POPULATION = 21_000_000
EXITS = ("desertion", "defection", "departure")


def layout():
    """The module that writes the official layout."""
    path = ROOT / "bench" / "scoring" / "official_layout.py"
    source = path.read_text(encoding="utf-8").split("\nwith gzip.open(sys.argv[1]")[0]
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("layout", loader=None))
    exec(compile(source, str(path), "exec"), module.__dict__)
    return module


def write_tables(record, folder):
    """The events with dates and with years alone."""
    module = layout()
    side_ids = {}
    with gzip.open(record, "rt", encoding="utf-8", newline="") as file:
        rows = [module.official(row, side_ids) for row in csv.DictReader(file) if row["adm1"] in GOVERNORATES]
    for name, left_out in (("dated", ()), ("undated", ("date_start", "date_end", "date_prec"))):
        columns = [column for column in module.COLUMNS if column not in left_out]
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


class War:
    """One scenario, built and run."""

    def __init__(self, arguments, folder, name, events, seed, first, last, mode, people=1):
        self.name, self.first = name, date.fromisoformat(first)
        self.scenario, self.run = folder / f"{name}-scenario", folder / f"{name}-run"
        program = arguments.program
        subprocess.run(
            [program, "data", "build", "--events", folder / f"{events}.csv", "--places", arguments.towns]
            + ["--country", "Syria", "--from", first, "--to", last, "--population", str(POPULATION)]
            + ["--mode", mode, "--seed", str(seed), "--out", self.scenario],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        replicates = str(arguments.replicates)
        subprocess.run(
            [program, "run", self.scenario, "--seed", str(people), "--replicates", replicates, "--quiet", "--out", self.run],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        self.n_replicates = arguments.replicates
        self.n_days = (date.fromisoformat(last) - self.first).days + 1

    def events(self):
        with open(self.scenario / "events.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def table(self, name):
        return pq.read_table(self.run / f"{name}.parquet")

    def by_replicate(self, table, mask):
        counts = Counter(table.filter(mask)["replicate"].to_pylist())
        return [counts[replicate] for replicate in range(self.n_replicates)]

    def outcomes(self):
        """Numbers of the whole run by outcome, one for each replicate."""
        turns = self.table("allegiance")
        # Who is turned away where he defected to has a second row, without a hazard: one exit.
        turns = turns.filter(pc.or_(pc.invert(pc.is_in(turns["kind"], pa.array(EXITS))), pc.is_valid(turns["hazard"])))
        outcomes = {kind: self.by_replicate(turns, pc.equal(turns["kind"], kind)) for kind in (*EXITS, "join")}
        exposures = self.table("exposures")
        before, after = exposures["conviction_before"], exposures["conviction_after"]
        outcomes["conviction turned"] = self.by_replicate(
            exposures, pc.and_(pc.greater(before, 0.0), pc.less(after, 0.0))
        )
        incidents = self.table("incidents").group_by("replicate").aggregate([("dead_civilians", "sum")])
        dead = dict(zip(incidents["replicate"].to_pylist(), incidents["dead_civilians_sum"].to_pylist()))
        outcomes["civilian deaths"] = [dead.get(replicate, 0) for replicate in range(self.n_replicates)]
        outcomes["inhabitants under the government at the end, share"] = self.government_share()
        return outcomes

    def government_share(self):
        people = dict(zip(*(self.table("places")[name].to_pylist() for name in ("id", "population"))))
        total = sum(people.values())
        control = self.table("control")
        last = {}
        for row in control.select(["replicate", "day", "place", "group", "share"]).to_pylist():
            last[(row["replicate"], row["place"], row["group"])] = row["share"]
        shares = [0.0] * self.n_replicates
        for (replicate, place, group), share in last.items():
            if group == "government":
                shares[replicate] += share * people[place] / total
        return shares

    def weekly(self, what):
        """Mean of a replicate by week."""
        weeks = [0.0] * (self.n_days // 7)
        if what == "dead":
            table = self.table("incidents")
            numbers = pc.add(pc.add(table["dead_perpetrator"], table["dead_target"]), table["dead_civilians"])
            pairs = zip(table["day"].to_pylist(), numbers.to_pylist())
        else:
            table = self.table("allegiance")
            table = table.filter(pc.and_(pc.is_in(table["kind"], pa.array(EXITS)), pc.is_valid(table["hazard"])))
            pairs = ((day, 1) for day in table["day"].to_pylist())
        for day, number in pairs:
            if day // 7 < len(weeks):
                weeks[day // 7] += number / self.n_replicates
        return weeks


def correlation(a, b):
    return statistics.correlation(a, b)


def monthly(rows, by_place):
    """Dead of events by month, and place where asked for."""
    dead = Counter()
    for row in rows:
        total = sum(int(row[column]) for column in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"))
        where = (row["latitude"], row["longitude"]) if by_place else ()
        dead[(row["date_start"][:7], where)] += total
    return dead


def misplaced(true, drawn):
    """How events of a drawn table differ from the true dates."""
    days = {row["id"]: date.fromisoformat(row["date_start"]) for row in true}
    shared = [(days[row["id"]], date.fromisoformat(row["date_start"])) for row in drawn if row["id"] in days]
    errors = [abs((a - b).days) for a, b in shared]
    same_month = sum(a.month == b.month for a, b in shared) / len(shared)
    return len(shared), statistics.mean(errors), same_month


def cell(numbers):
    mean = statistics.mean(numbers)
    text = f"{mean:.3f}" if mean < 10 else f"{mean:,.0f}"
    low, high = min(numbers), max(numbers)
    span = f"{low:.3f} to {high:.3f}" if mean < 10 else f"{low:,.0f} to {high:,.0f}"
    return f"{text} ({span})"


def score(arguments, war, record):
    """Mean CRPS of the dead by PRIO-GRID cell and month, all violence, and of its baselines."""
    output = subprocess.run(
        [arguments.program, "score", war.run, "--record", record, "--format", "json"],
        check=True,
        capture_output=True,
        text=True,
    )
    rows = json.loads(output.stdout)["scores"]["rows"]
    is_all = lambda row: row["level"] == "prio_grid" and row["violence"] == "all"
    return {row["forecaster"]: row["scores"]["crps"] for row in rows if is_all(row)}


def print_outcomes(wars):
    tables = [war.outcomes() for war in wars]
    print("| outcome | " + " | ".join(war.name for war in wars) + " |")
    print("|---" * (len(wars) + 1) + "|")
    for outcome in tables[0]:
        print(f"| {outcome} | " + " | ".join(cell(table[outcome]) for table in tables) + " |")
    print()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("record")
    parser.add_argument("towns")
    parser.add_argument("--program", default="allegiance")
    parser.add_argument("--replicates", type=int, default=10)
    parser.add_argument("--draws", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        measure(arguments, Path(name))


def measure(arguments, folder):
    write_tables(arguments.record, folder)
    year = ("2013-01-01", "2013-12-31")
    quarter = ("2013-10-01", "2013-12-31")
    draws = range(1, arguments.draws + 1)

    print("## A whole year, replayed\n")
    dated = War(arguments, folder, "dated", "dated", 1, *year, "observed")
    again = War(arguments, folder, "dated again", "dated", 1, *year, "observed", people=2)
    undated = [War(arguments, folder, f"years only {draw}", "undated", draw, *year, "observed") for draw in draws]
    for war in undated:
        n_shared, error, same = misplaced(dated.events(), war.events())
        print(f"{war.name}: {n_shared} events are {error:.0f} days off on average, {same:.0%} in the right month\n")
    print("| by week, against dated | " + " | ".join(war.name for war in [again, *undated]) + " |")
    print("|---" * (len(undated) + 2) + "|")
    for what in ("dead", "exits"):
        weeks = [f"{correlation(dated.weekly(what), war.weekly(what)):.2f}" for war in [again, *undated]]
        print(f"| correlation of {what} | " + " | ".join(weeks) + " |")
    for by_place, words in ((False, "month"), (True, "place and month")):
        true = monthly(dated.events(), by_place)
        cells = []
        for war in [again, *undated]:
            drawn = monthly(war.events(), by_place)
            keys = sorted(set(true) | set(drawn))
            cells.append(f"{correlation([true[key] for key in keys], [drawn[key] for key in keys]):.2f}")
        print(f"| correlation of deaths in the table by {words} | " + " | ".join(cells) + " |")
    print()
    print_outcomes([dated, again, *undated])

    record = folder / "dated.csv"
    print("| CRPS, deaths in a cell and month | score |\n|---|---|")
    for war in [dated, *undated]:
        scores = score(arguments, war, record)
        print(f"| {war.name} | {scores['model']:.2f} |")
    for baseline in ("zero", "last_value", "pooled", "conflictology"):
        if baseline in scores:
            print(f"| {baseline} | {scores[baseline]:.2f} |")
    print()

    print("## A quarter, replayed\n")
    dated = War(arguments, folder, "dated, quarter", "dated", 1, *quarter, "observed")
    true = {row["id"] for row in dated.events()}
    undated = [War(arguments, folder, f"years only {draw}, quarter", "undated", draw, *quarter, "observed") for draw in draws]
    for war in undated:
        ids = {row["id"] for row in war.events()}
        print(f"{war.name}: {len(ids)} events against {len(true)}; {len(ids & true) / len(ids):.0%} of them belong there\n")
    print_outcomes([dated, *undated])

    print("## A quarter, groups choosing\n")
    dated = War(arguments, folder, "dated, own choice", "dated", 1, *quarter, "endogenous")
    again = War(arguments, folder, "dated again, own choice", "dated", 1, *quarter, "endogenous", people=2)
    undated = [War(arguments, folder, f"years only {draw}, own choice", "undated", draw, *quarter, "endogenous") for draw in draws[:1]]
    print_outcomes([dated, again, *undated])


if __name__ == "__main__":
    main()
