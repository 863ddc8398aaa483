"""Holds the numbers that examples/strength.R prints against the tables: strength.py PROGRAM

Two runs are made with PROGRAM, the program `allegiance`; the script prints what
it finds in them, and the same is computed here. Needs Python with pyarrow, and
R with dplyr, jsonlite and arrow, or its stand-in beside this file.
"""

import math
import re
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import pyarrow.parquet

SCRIPT = Path(__file__).resolve().parents[1] / "strength.R"
N = 20
# Quantile 0.975 of Student's t with N - 1 degrees of freedom.
T = 2.093024


def quantile(values, p):
    """With linear interpolation, R's default."""
    values = sorted(values)
    at = p * (len(values) - 1)
    low = math.floor(at)
    return values[low] + (at - low) * (values[min(low + 1, len(values) - 1)] - values[low])


def rows(run, table):
    return pyarrow.parquet.read_table(run / f"{table}.parquet").to_pylist()


def at_the_end(run):
    groups = rows(run, "groups")
    last = max(row["day"] for row in groups)
    return {(row["group"], row["replicate"]): row["n_members"] for row in groups if row["day"] == last}


def exits_by_cause(run):
    counts = defaultdict(lambda: [0] * N)
    for row in rows(run, "allegiance"):
        if row["kind"] in ("desertion", "defection", "departure") and row["cause"] is not None:
            counts[row["cause"]][row["replicate"]] += 1
    return counts


def expected(first, second):
    """The three tables that the script prints, by the first word of each line."""
    ends, others = at_the_end(first), at_the_end(second)
    groups = {group for group, _ in ends}
    members = {group: [ends[group, replicate] for replicate in range(N)] for group in groups}
    spread = lambda values: [statistics.median(values), quantile(values, 0.05), quantile(values, 0.95)]  # noqa: E731
    paired = {}
    for group in groups:
        differences = [others[group, replicate] - ends[group, replicate] for replicate in range(N)]
        mean, error = statistics.mean(differences), statistics.stdev(differences) / math.sqrt(N)
        paired[group] = [mean, error, N, mean - T * error, mean + T * error]
    return [
        {group: spread(values) for group, values in members.items()},
        {cause: spread(values) for cause, values in exits_by_cause(first).items()},
        paired,
    ]


def printed(text):
    """The tables of numbers in what the script prints."""
    tables = []
    for block in text.split("\n\n")[1:]:
        lines = [line.split() for line in block.splitlines()[2:]]
        if lines:  # a block of one line says why there is no picture
            tables.append({line[0]: [float(word) for word in line[1:]] for line in lines})
    return tables


def main(program):
    with tempfile.TemporaryDirectory() as home:
        first, second = Path(home, "first"), Path(home, "second")
        for run, changes in ((first, []), (second, ["--set", "groups.isis.pay_usd_per_month=100"])):
            words = [program, "run", "one-village", "--replicates", str(N), "--out", run, "--quiet", *changes]
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        picture = Path(home, "strength.png")
        done = subprocess.run(["Rscript", SCRIPT, first, second, picture], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"strength.R failed:\n{done.stderr}")
        assert "(persons)" in done.stdout and "not a forecast" in done.stdout, done.stdout
        found, wanted = printed(done.stdout), expected(first, second)
        for one, other in zip(found, wanted, strict=True):
            assert one.keys() == other.keys(), (one, other)
            for name in one:
                close = all(math.isclose(a, b, rel_tol=1e-4, abs_tol=1e-4) for a, b in zip(one[name], other[name], strict=True))
                assert close, (name, one[name], other[name])
        # A second run with other luck isn't paired.
        other = Path(home, "other")
        words = [program, "run", "one-village", "--replicates", str(N), "--seed", "7", "--out", other, "--quiet"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        refused = subprocess.run(["Rscript", SCRIPT, first, other], capture_output=True, text=True, check=False)
        assert refused.returncode != 0 and "can't be paired" in refused.stderr, refused.stderr
        n_numbers = sum(len(values) for table in found for values in table.values())
        drawn = "and a picture" if picture.exists() else "and no picture: " + re.findall(r"no picture: (.*)", done.stdout)[0]
        print(f"{n_numbers} numbers of strength.R are those of the tables, {drawn}")


if __name__ == "__main__":
    main(sys.argv[1])
