"""Rewrites the tables of scores in docs/validation/scoring.md.

    python3 -m venv .venv && .venv/bin/pip install duckdb
    allegiance score runs/forty --record record.csv --out scores
    .venv/bin/python docs/figures/scoring.py scores
"""

import json
import pathlib
import re
import sys

import duckdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/validation/scoring.md"
LEVELS = {"prio_grid": ("cells of PRIO-GRID", "cell-months"), "district": ("districts", "district-months")}
SCORES = ("crps", "ignorance", "interval")


def shown(value):
    size = abs(value)
    text = f"{value:,.0f}" if size >= 99.5 else f"{value:.1f}" if size >= 9.95 else f"{value:.2f}"
    return text.replace("-", "−")


def cell(row, score):
    """A score, and for a baseline the model's less it with its interval, bold where it has a sign."""
    if row["forecaster"] == "model":
        return shown(row[score])
    low, high = row[f"{score}_low_95"], row[f"{score}_high_95"]
    text = f"({shown(row[f'{score}_model_less_this'])}; {shown(low)} to {shown(high)})"
    return f"{shown(row[score])} {f'**{text}**' if low > 0 or high < 0 else text}"


def tables(folder):
    head = json.loads((folder / "scores.json").read_text(encoding="utf-8"))["scores"]
    rows = duckdb.sql(f"SELECT * FROM read_parquet('{folder / 'scores.parquet'}')")
    rows = [dict(zip(rows.columns, row)) for row in rows.fetchall()]
    n_months = duckdb.sql(f"SELECT count(DISTINCT month) FROM read_parquet('{folder / 'unit_months.parquet'}')").fetchall()[0][0]
    for level in head["levels"]:
        units, unit_months = LEVELS[level["level"]]
        yield (
            f"**{level['n_units']} {units}, {level['n_units'] * n_months} {unit_months}**; in brackets model less baseline, "
            "below 0 where the model is better; bold where its interval lies on one side of 0.\n"
        )
        yield "| violence | forecast | CRPS, deaths | ignorance, bits | interval score, deaths |\n|---|---|---|---|---|"
        for row in rows:
            if row["level"] == level["level"]:
                cells = [row["violence"], row["forecaster"], *(cell(row, score) for score in SCORES)]
                yield f"| {' | '.join(cells)} |"
        yield ""


def main(folder):
    block = "\n".join(["<!-- scores: written by docs/figures/scoring.py -->", *tables(pathlib.Path(folder))])
    text = PAGE.read_text(encoding="utf-8")
    text, n = re.subn(r"<!-- scores: .*?(?=<!-- end of scores -->)", lambda _: block + "\n", text, flags=re.S)
    if n != 1:
        sys.exit(f"{PAGE} has no place for the scores")
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
