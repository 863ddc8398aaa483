"""Writes the tables of docs/validation/peers.md from a file of results.

    page.py [RESULTS] [--page PAGE] [--check]

Takes the file that the page's marker names, unless another is given, which
the marker names from then on. With --check it writes nothing, and fails where
the page isn't what the file gives. Needs the standard library alone.
"""

import argparse
import json
import os
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs" / "validation" / "peers.md"
BETWEEN = re.compile(r"(<!-- begin: table (\S+) -->\n).*?(<!-- end: table -->)", re.DOTALL)
BASE = "allegiance"


def people_of(row: dict) -> str:
    """The size of a row in words, as in 2 million."""
    n = row["people"]
    return f"{n // 10**6} million" if n >= 10**6 else f"{n:,}"


def size_of(row: dict) -> str:
    """The heading of a row's size."""
    return f"{people_of(row)}{' dense' if row['is_dense'] else ''}"


def ratio(rows: list[dict], row: dict, key: str) -> str:
    """How many times Allegiance's time a row takes; bold where Allegiance takes longer, nothing for Allegiance itself."""
    size = (row["people"], row["is_dense"])
    base = next(other for other in rows if other["name"] == BASE and (other["people"], other["is_dense"]) == size)
    if row["name"] == BASE or row.get(key) is None or base.get(key) is None:
        return ""
    times = f"{row[key] / base[key]:.3g}"
    # Allegiance doesn't lose against itself.
    return f"**{times}**" if row[key] < base[key] and not row["name"].startswith(BASE) else times


def less_start(rows: list[dict], start: list[dict]) -> list[dict]:
    """The rows with the processor time that is left when the start of the program is taken away, where something is."""
    at_start = {row["name"]: row["cpu_s"] for row in start if "cpu_s" in row}
    found = []
    for row in rows:
        left = row["cpu_s"] - at_start[row["name"]] if "cpu_s" in row and row["name"] in at_start else None
        found.append(row | {"run_s": left if left is not None and left > 0 else None})
    return found


def seconds(row: dict) -> str:
    """Wall time with its range, where there is one."""
    once = len(row["runs"]) == 1
    spread = ", once" if once else f" ({row['wall_min_s']:.3g}–{row['wall_max_s']:.3g})"
    return f"{row['wall_s']:.3g}{spread}"


def by_size(rows: list[dict]) -> dict[str, list[dict]]:
    """The rows of each size, in their order."""
    found: dict[str, list[dict]] = {}
    for row in rows:
        found.setdefault(size_of(row), []).append(row)
    return found


def overview(rows: list[dict], keys: list[str]) -> str:
    """Every implementation against Allegiance at every size, by the times named."""
    sizes = by_size(rows)
    labels = {row["name"]: row["label"] for row in rows if row["name"] != BASE}
    lines = ["| | " + " | ".join(sizes) + " |", "|---|" + "--:|" * len(sizes)]
    for name, label in labels.items():
        cells = []
        for alike in sizes.values():
            row = next((row for row in alike if row["name"] == name), None)
            ratios = [ratio(rows, row, key) for key in keys] if row else []
            cells.append("not run" if row and "wall_s" not in row else " / ".join(times or "–" for times in ratios))
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def detail(rows: list[dict]) -> str:
    """The rows of one size."""
    lines = [
        "| implementation | seconds (min–max) | processor s | agent-days/s | peak MB | times Allegiance's, wall | processor |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        if "why_not" in row:
            lines.append(f"| {row['label']} | {row['why_not']} | | | | | |")
            continue
        cells = [
            row["label"],
            seconds(row),
            f"{row['cpu_s']:.3g}",
            f"{row['agent_days_per_s']:.3g}",
            f"{row['peak_mb']:,.0f}",
            ratio(rows, row, "wall_s"),
            ratio(rows, row, "cpu_s"),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def compiling(rows: list[dict]) -> str:
    """What the first run took where something was compiled in it."""
    lines = [
        "| | people | seconds | processor s | processor s of later runs |",
        "|---|--:|--:|--:|--:|",
    ]
    for row in rows:
        first = row.get("compiling")
        # What was compiled at a smaller size isn't compiled again.
        if first and first["cpu_s"] > row["cpu_s"] + 1:
            lines.append(f"| {row['label']} | {size_of(row)} | {first['wall_s']:.3g} | {first['cpu_s']:.3g} | {row['cpu_s']:.3g} |")
    return "\n".join(lines) if len(lines) > 2 else ""


def measured(results: dict) -> str:
    """When, where and with what it was measured."""
    machine, rows = results["machine"], results["rows"]
    names = {"krabmaga": "krABMaga", "mesa": "Mesa", "numpy": "NumPy", "numba": "Numba", "jax": "JAX"}
    versions = [f"{label} {machine[name]}" for name, label in names.items() if name in machine]
    load = [f"{machine[key][0]:.1f}" for key in ("load_average", "load_average_after")]
    repeats = results.get("repeats", max(len(row.get("runs", [])) for row in rows))
    text = (
        f"Measured on {machine['date'][:10]} with {machine['allegiance'].replace('allegiance', 'Allegiance', 1)}, {', '.join(versions)}, "
        f"Python {machine['python']}: medians of {repeats} interleaved runs of {rows[0]['days']} days, on {machine['cores']} cores "
        f"({machine['cpu']}), {machine['memory_gb']:.0f} GiB of memory, load average {load[0]} before and {load[1]} after."
    )
    limits = results.get("limits")
    if limits:
        text += (
            f" A peer that takes more than {limits['once_seconds']:.0f} s of processor time is run once; what would take more than "
            f"{limits['limit_seconds']:.0f} s, or {limits['limit_gb']:.0f} GB, judged by the size before, isn't run."
        )
    return text


def starting(start: list[dict]) -> str:
    """What the start of each program takes."""
    lines = ["| | seconds | processor s | peak MB |", "|---|--:|--:|--:|"]
    lines += [f"| {row['label']} | {seconds(row)} | {row['cpu_s']:.3g} | {row['peak_mb']:,.0f} |" for row in start if "wall_s" in row]
    return "\n".join(lines)


def tables(results: dict) -> str:
    """Everything between the page's markers."""
    rows, start = results["rows"], results.get("start", [])
    parts = [
        measured(results),
        "How many times as long as Allegiance each takes, by wall clock / by processor time; **bold where Allegiance takes longer**:",
        overview(rows, ["wall_s", "cpu_s"]),
    ]
    if start:
        people, days = start[0]["people"], start[0]["days"]
        parts += [
            f"The same by processor time, less what each program takes to start ({people:,} people, {days} day), as where "
            "one process simulates many wars (– where nothing is left):",
            overview(less_start(rows, start), ["run_s"]),
        ]
    for size, alike in by_size(rows).items():
        parts += [f"### {size.replace(' dense', '')} people{', dense' if size.endswith(' dense') else ''}", detail(alike)]
    if start:
        parts += [f"### Start: {people:,} people, {days} day", starting(start)]
    if first := compiling(start + rows):
        parts += ["### First run, which compiles", first]
    return "\n\n".join(parts)


def rewritten(page: Path, results: Path) -> str:
    """The page with its tables from the results."""
    text = page.read_text()
    if not BETWEEN.search(text):
        raise SystemExit(f"{page} has no lines <!-- begin: table RESULTS --> and <!-- end: table -->")
    name = results.resolve().relative_to(HERE).as_posix()
    link = f"The raw figures are in [bench/peers/{name}](../../bench/peers/{name})."
    inside = f"<!-- begin: table {name} -->\n{tables(json.loads(results.read_text()))}\n\n{link}\n"
    return BETWEEN.sub(lambda found: inside + found[3], text)


def rewrite(page: Path, results: Path) -> None:
    """Writes the page with its tables from the results; never half of it."""
    text = rewritten(page, results)
    partial = page.with_suffix(".partial")
    partial.write_text(text)
    os.replace(partial, page)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", nargs="?", type=Path)
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    named = BETWEEN.search(arguments.page.read_text())
    results = arguments.results or (HERE / named[2] if named else None)
    if results is None:
        raise SystemExit(f"{arguments.page} names no results")
    if not arguments.check:
        rewrite(arguments.page, results)
    elif rewritten(arguments.page, results) != arguments.page.read_text():
        raise SystemExit(f"{arguments.page} isn't what {results} gives; run bench/peers/page.py")


if __name__ == "__main__":
    main()
