"""Rewrites the tables in docs/validation/syria-2014.md from a run of a year.

    python3 -m venv .venv && .venv/bin/pip install duckdb
    allegiance run syria --out runs/syria
    .venv/bin/python docs/figures/syria_2014.py runs/syria

The record beside the model's dead is UCDP GED 25.1 for Syria, January to June 2014,
by the month of the middle of each event's possible days; its totals stand in RECORD
so that the page can be made again without the data.
"""

import pathlib
import re
import sys

import duckdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/validation/syria-2014.md"

# Best estimates of all dead and of civilians among them, by month.
RECORD = {
    "2014-01": (5_246, 881),
    "2014-02": (5_452, 889),
    "2014-03": (4_455, 605),
    "2014-04": (4_715, 934),
    "2014-05": (4_287, 994),
    "2014-06": (3_163, 903),
}


def rows_of(query, **tables):
    for name, path in tables.items():
        query = query.replace(f"{{{name}}}", f"read_parquet('{path}')")
    return duckdb.sql(query).fetchall()


def markdown(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def dead_by_month(run):
    happened = rows_of(
        """SELECT strftime(date, '%Y-%m'), sum(dead_perpetrator + dead_target + dead_civilians)
           FROM {incidents} GROUP BY 1 ORDER BY 1""",
        incidents=run / "incidents.parquet",
    )
    reported = rows_of(
        """SELECT left(date_start, 7), sum(best), sum(deaths_civilians) FROM
           (SELECT CAST(date_start AS VARCHAR) AS date_start, best, deaths_civilians FROM {reported}) GROUP BY 1""",
        reported=run / "reported.parquet",
    )
    told = {month: (dead, civilians) for month, dead, civilians in reported}
    for month, dead in happened:
        record = RECORD.get(month)
        dead_told, civilians_told = told.get(month, (0, 0))
        yield [
            month,
            f"{dead:,.0f}",
            f"{dead_told:,.0f}",
            f"{record[0]:,}" if record else "-",
            f"{civilians_told:,.0f}",
            f"{record[1]:,}" if record else "-",
        ]


def control_by_governorate(run):
    shares = rows_of(
        """WITH last AS (
             SELECT place, "group", arg_max(share, day) AS at_end, coalesce(max(share) FILTER (day = 0), 0) AS at_start
             FROM {control} GROUP BY ALL)
           SELECT governorate, "group", sum(at_start * population), sum(at_end * population)
           FROM last JOIN {places} ON place = id GROUP BY "group", governorate""",
        control=run / "control.parquet",
        places=run / "places.parquet",
    )
    people = dict(rows_of("SELECT governorate, sum(population) FROM {places} GROUP BY 1", places=run / "places.parquet"))
    for governorate in sorted(people):
        groups = [row for row in shares if row[0] == governorate]
        start = {row[1]: row[2] / people[governorate] for row in groups}
        end = {row[1]: row[3] / people[governorate] for row in groups}
        shown = sorted((group for group in end if max(end[group], start[group]) >= 0.1), key=lambda g: -end[g])
        yield [governorate, ", ".join(f"{group} {start[group]:.0%} to {end[group]:.0%}" for group in shown)]


def strength(run):
    return (
        [group, f"{first:,}", f"{middle:,}", f"{last:,}"]
        for group, first, middle, last in rows_of(
            """SELECT "group", arg_min(n_members, day), arg_min(n_members, abs(day - 180)), arg_max(n_members, day)
               FROM {groups} GROUP BY 1 ORDER BY 2 DESC""",
            groups=run / "groups.parquet",
        )
    )


def main():
    run = pathlib.Path(sys.argv[1])
    tables = {
        "dead": markdown(
            ["month", "happened", "reported", "UCDP GED", "civilians reported", "UCDP GED"], dead_by_month(run)
        ),
        "control": markdown(["governorate", "share of inhabitants, start to end"], control_by_governorate(run)),
        "strength": markdown(["group", "1 January", "1 July", "31 December"], strength(run)),
    }
    text = PAGE.read_text(encoding="utf-8")
    for name, table in tables.items():
        begin, end = f"<!-- {name}: written by docs/figures/syria_2014.py -->", f"<!-- end of {name} -->"
        text, n = re.subn(f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: f"{begin}\n{table}\n{end}", text, flags=re.S)
        if n != 1:
            sys.exit(f"{PAGE}: {n} blocks named {name}, needed 1")
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
