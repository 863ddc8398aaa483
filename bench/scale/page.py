"""Writes docs/validation/generated/scale.md from measured output; run.sh starts it.

    page.py --program ALLEGIANCE --replicates N --out PAGE

Asks `allegiance scales` for the outcomes of north-syria-2014 at 1:1, 1:10 and
1:100, and once more at 1:10 with parameters that count people as large as at 1:1,
as in models that divide the population alone. Needs the standard library alone.
"""

import argparse
import json
import subprocess
from pathlib import Path

SCENARIO = "north-syria-2014"
SCALES = [1, 10, 100]
GOVERNORATES = ["Idlib", "Aleppo", "Raqqa"]
# The scale at which parameters are kept, too.
KEPT_AT = 10
# Parameters that count people. The program divides them, so that they are
# multiplied to be kept.
COUNTS = ["harm.civilians_per_strike", "harm.fighters_per_strike", "units.members", "combat.front_members"]
# Shares of control that are below this at every scale aren't shown.
SMALLEST_SHARE = 0.02
MARKS = {"within": "", "shifted": " *", "apart": " **", "unknown": ""}


def ask(program: str, *words: str) -> object:
    """What a command of the program prints as JSON."""
    command = [program, *words, "--format", "json"]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def kept_at(program: str, scale: int, replicates: int) -> dict:
    """The outcomes at one scale, with the parameters that count people as large as at 1:1."""
    words = []
    for name in COUNTS:
        default = next(row["default"] for row in ask(program, "parameters", name) if row["parameter"] == name)
        words += ["--set", f"{name}={default * scale}"]
    found = ask(program, "scales", SCENARIO, "--at", str(scale), "-n", str(replicates), *words)
    return {row["id"]: row["at"][0]["interval"] for row in found["comparison"]["outcomes"]}


def departure(whole: dict | None, scaled: dict | None) -> str:
    """How an outcome relates to that of the whole war, as the program judges it."""
    if whole is None or scaled is None:
        return "unknown"
    slack = 1e-9 * abs(whole["median"])
    low, high = whole["low_90"] - slack, whole["high_90"] + slack
    if scaled["low_90"] > high or scaled["high_90"] < low:
        return "apart"
    return "within" if low <= scaled["median"] <= high else "shifted"


def shown(row: dict) -> bool:
    """Whether an outcome has a line of its own."""
    if not row["id"].startswith("control."):
        return True
    highest = max(at["interval"]["median"] for at in row["at"] if at["interval"])
    return row["id"].split(".")[1] in GOVERNORATES and highest >= SMALLEST_SHARE


def show(interval: dict | None, mark: str) -> str:
    """A median with its 90% interval."""
    if interval is None:
        return "–"
    high = abs(interval["high_90"])
    digits = 0 if high >= 100 else 1 if high >= 10 else 2 if high >= 1 else 3
    median, low, top = (f"{interval[key]:,.{digits}f}" for key in ("median", "low_90", "high_90"))
    return f"{median}{mark}" if low == top else f"{median} ({low}–{top}){mark}"


def table(rows: list[dict], kept: dict) -> str:
    """All outcomes at all scales, and with parameters kept, in Markdown."""
    heads = [f"1:{scale}" for scale in SCALES] + [f"1:{KEPT_AT}, parameters kept"]
    lines = ["| outcome | " + " | ".join(heads) + " |", "|---|" + "--:|" * len(heads)]
    for row in rows:
        whole = row["at"][0]["interval"]
        cells = [show(at["interval"], MARKS[at["departure"]]) for at in row["at"]]
        found = kept[row["id"]]
        cells.append(show(found, MARKS[departure(whole, found)]))
        pattern = f"{row['id']} " if row["id"].startswith("C") else ""
        lines.append(f"| {pattern}{row['name']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def named(rows: list[dict], kinds: dict[str, str], wanted: str) -> str:
    """The outcomes of a kind of departure, as a list in a sentence."""
    names = [row["name"] for row in rows if kinds[row["id"]] == wanted and not row["id"].startswith("start.")]
    return "; ".join(names) if names else "none"


def counts(kinds: dict[str, str]) -> str:
    """How many outcomes depart, in words."""
    judged = [kind for name, kind in kinds.items() if not name.startswith("start.")]
    known = [kind for kind in judged if kind != "unknown"]
    text = f"{judged.count('apart')} of {len(judged)} are apart, {judged.count('shifted')} shifted"
    return text if len(known) == len(judged) else f"{text}, {len(judged) - len(known)} cannot be judged"


def verdict(label: str, rows: list[dict], kinds: dict[str, str]) -> str:
    """What departs at one scale."""
    return (
        f"**{label}**: {counts(kinds)}.\n\n"
        f"- apart: {named(rows, kinds, 'apart')}\n"
        f"- shifted: {named(rows, kinds, 'shifted')}\n"
        f"- within random variation: {named(rows, kinds, 'within')}\n"
    )


def in_words(by_id: dict[str, dict], kept: dict) -> str:
    """The largest effects as sentences whose numbers and directions are measured."""
    names = {"deaths": "deaths", "deaths.civilians": "civilian deaths", "deaths.combat": "deaths in combat"}

    def told(intervals: dict[str, dict]) -> str:
        ratios = {name: intervals[name]["median"] / by_id[name]["at"][0]["interval"]["median"] for name in names}
        return ", ".join(f"{names[name]} {ratio:.2f} times" for name, ratio in ratios.items())

    lines = []
    for nth, scale in list(enumerate(SCALES))[1:]:
        at = {name: by_id[name]["at"][nth]["interval"] for name in names}
        lines.append(f"- At 1:{scale}, multiplied by {scale}: {told(at)} those at 1:1.")
    lines.append(f"- At 1:{KEPT_AT} with parameters kept: {told({name: kept[name] for name in names})} those at 1:1.")
    return "\n".join(lines)


PAGE = """# Scale

Does a war among one in ten of the people have the same outcomes as the whole war? Allegiance runs at 1:1, so
its own results do not depend on the answer; agent-based models of conflict usually run at a smaller
scale, so the answer matters to anyone who reads them. This page is written by

<!-- not run: takes some minutes -->
```console
$ bench/scale/run.sh {replicates}
```

from `{scenario}`, {days} days, seed {seed}, {replicates} replicates at each scale, program version
{version}. Everything is simulated. Don't edit the page by hand.

## What is divided

`allegiance run {scenario} --scale 10` keeps one in ten of the inhabitants of each place, of the
members of each group and garrison, and of the deaths in event tables. Totals are divided and rounded
once and distributed so that they are preserved; no place falls below one inhabitant and no group below one
member; a garrison that rounds to nobody is left out. Parameters that count people (the members of a unit, how many of
a side can engage at once, the deaths in a strike, the people of a town that is besieged, the men that it takes to found
a group) keep their values, which are of the whole war, and are divided where they are used; deaths that frighten,
provoke, cost support or get reported are multiplied. Counts of people in the
table are multiplied by the scale again, and rates are for each member or inhabitant: if scale
did not matter, all numbers in a line would be the same.

The last column undoes this for four parameters (`harm.civilians_per_strike`, `harm.fighters_per_strike`, `units.members`,
`combat.front_members`): a unit has 60 members and a strike kills three civilians whatever the population, as in models that scale
down the population and nothing else.

## Outcomes

Medians over replicates, 90% interval in brackets. **\\*** the median lies outside the 90% interval at
1:1; **\\*\\*** the two intervals do not overlap. Intervals show random variation within one synthetic population;
with about {n_judged} lines, a few stars would appear by chance. Control is a governorate's, by
population, on the last day.

{table}

## What departs

{words}

{verdicts}
## Why

- **People come whole.** Somebody who is killed by himself, by repression or as a reprisal, is one incident at every
  scale, for each of the many that he stands for: at 1:10 there are a tenth as many such incidents, and fewer deadly ones. Who hears
  of them is fewer, too.
- **Garrisons vanish.** At 1:100 most garrisons have nobody left. Places without one are taken without
  a battle, enemies stationed in one town, who attack each other most, are rarer, and fewer people
  live within reach of a group that they could join.
- **Ranks do not shrink.** Each unit has a commander, and each group a leader: among fewer members they are a larger
  part, and where commanders are foreign more often than their men, the group is more foreign.
- **Ties do not shrink.** A household has six members and a clan about 250 at every scale: each victim is kin to
  a larger part of a village a tenth as large, and one exit is half of a unit of two.
- **Random variation grows.** With a tenth of the people, every count has about three times the relative noise:
  intervals widen, and what is *within random variation* at 1:100 may only be too noisy to tell.
- **With parameters kept**, a strike kills three civilians in a city of 400,000 and in one of 40,000, so that the smaller one
  loses ten times as large a share; and members shrink faster than units, which act.

## What it means for models at a smaller scale

- Divide everything that counts people, and multiply what people react to. A war whose population alone is scaled down is
  another war, by factors rather than percentages.
- Even so, do not calibrate at one scale and conclude at another where single deaths matter: parameters that hit a pattern
  at 1:10 need not be those that hit it at 1:1.
- Anyone who must run at a smaller scale should run at two, report both, and quote only what does not change.
"""


def main() -> None:
    """Measures and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--replicates", type=int, default=100)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    program, replicates = arguments.program, arguments.replicates
    at = ",".join(map(str, SCALES))
    comparison = ask(program, "scales", SCENARIO, "--at", at, "-n", str(replicates))["comparison"]
    kept = kept_at(program, KEPT_AT, replicates)
    rows = [row for row in comparison["outcomes"] if shown(row)]
    by_id = {row["id"]: row for row in rows}
    verdicts = []
    for nth, scale in list(enumerate(SCALES))[1:]:
        at_scale = {row["id"]: row["at"][nth]["departure"] for row in rows}
        verdicts.append(verdict(f"1:{scale}", rows, at_scale))
    again = {row["id"]: departure(row["at"][0]["interval"], kept[row["id"]]) for row in rows}
    verdicts.append(verdict(f"1:{KEPT_AT}, parameters kept", rows, again))
    version = subprocess.run([program, "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout
    page = PAGE.format(
        scenario=SCENARIO,
        replicates=replicates,
        days=comparison["n_days"],
        seed=comparison["seed"],
        version=version.split()[1],
        n_judged=len(rows),
        table=table(rows, kept),
        words=in_words(by_id, kept),
        verdicts="\n".join(verdicts),
    )
    arguments.out.write_text(page)
    print(f"written to {arguments.out}")


if __name__ == "__main__":
    main()
