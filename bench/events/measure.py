#!/usr/bin/env python3
"""How long a large event file takes, and how much memory: makes one of real rows and measures commands.

    python bench/events/measure.py PROGRAM TOWNS EVENTS [EVENTS ...] [--rows 425000]

EVENTS are tables of UCDP GED in any layout with a header, plain or gzipped; their rows are repeated, each
time with identifiers and dates of their own, until there are enough. TOWNS is a table of places for the
country of the first. The years 2003 and 2004, and then all years that a scenario may have, are built
of that country, and its sides are counted. With --one-war every row is put into one of these ten
years, so that nothing of the file is left out.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

DATES = ("date_start", "date_end")


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of events, without those of HXL tags and unnamed columns."""
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
    with opened as file:
        rows = [{key: cell for key, cell in row.items() if key} for row in csv.DictReader(file)]
    return [row for row in rows if row["id"].strip()]


def shifted(row: dict[str, str], time: int) -> dict[str, str]:
    """A row as its copy number `time` has it: another identifier, and some days later within its year."""
    copy = dict(row, id=str(int(float(row["id"])) + 10_000_000 * time))
    for column in DATES:
        day = date.fromisoformat(row[column][:10]) + timedelta(days=time % 5)
        if day.year == int(row[column][:4]):
            copy[column] = f"{day} 00:00:00.000"
        else:
            copy["date_start"], copy["date_end"] = row["date_start"], row["date_end"]
            break
    return copy


def into_ten_years(row: dict[str, str], nth: int) -> dict[str, str]:
    """A row with its days in one of the years from 2003 to 2012."""
    start, end = (date.fromisoformat(row[column][:10]) for column in DATES)
    first = date(2003 + nth % 10, min(start.month, 11), min(start.day, 28))
    last = first + timedelta(days=min((end - start).days, 20))
    dates = {column: f"{day} 00:00:00.000" for column, day in zip(DATES, (first, last))}
    return dict(row, year=str(first.year), **dates)


def write(target: Path, sources: list[Path], n_rows: int, is_one_war: bool = False) -> tuple[str, list[str]]:
    """Writes so many rows; gives the country of the first file, and all columns."""
    rows = [row for source in sources for row in rows_of(source)]
    columns = [name for name in rows[0] if all(name in row for row in rows)]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for at in range(n_rows):
            row = shifted(rows[at % len(rows)], at // len(rows))
            writer.writerow(into_ten_years(row, at) if is_one_war else row)
    return rows[0]["country"], columns


def measured(words: list[str]) -> tuple[float, float, float]:
    """Seconds of the clock and of the processor, and megabytes at most, of a command that must succeed."""
    started = os.times().elapsed
    child = os.spawnvp(os.P_NOWAIT, words[0], words)
    _, status, usage = os.wait4(child, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(words)}")
    return os.times().elapsed - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1_000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("program", type=Path)
    options.add_argument("towns", type=Path)
    options.add_argument("events", type=Path, nargs="+")
    options.add_argument("--rows", type=int, default=425_000)
    options.add_argument("--one-war", action="store_true", help="put every row into the ten years that are built")
    options.add_argument("--keep", type=Path, help="write the file here, or use the one that is there")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="allegiance-events-") as folder:
        table = given.keep or Path(folder) / "events.csv"
        if table.exists():
            country = rows_of(given.events[0])[0]["country"]
        else:
            country, _ = write(table, given.events, given.rows, given.one_war)
        print(f"{given.rows:,} rows, {table.stat().st_size / 1e6:,.0f} MB, {country}")
        source = ["--events", str(table), "--places", str(given.towns), "--country", country]
        build = [str(given.program), "data", "build", *source, "--far-places", "--format", "json"]
        commands = {
            "data build, 2003 and 2004": [*build, "--from", "2003-01-01", "--to", "2004-12-31", "--out", f"{folder}/short"],
            "data build, ten years": [*build, "--from", "2003-01-01", "--to", "2012-12-28", "--out", f"{folder}/long"],
            "data ged-actors": [str(given.program), "data", "ged-actors", str(table), "--out", f"{folder}/actors.csv"],
        }
        for name, words in commands.items():
            with open(os.devnull, "w") as nowhere:
                saved = os.dup(1)
                os.dup2(nowhere.fileno(), 1)
                clock, processor, most = measured(words)
                os.dup2(saved, 1)
            print(f"{name:28} {clock:6.1f} s of the clock {processor:6.1f} s of the processor {most:6.0f} MB")


if __name__ == "__main__":
    main()
