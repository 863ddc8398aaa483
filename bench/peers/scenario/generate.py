"""Writes the model of ../MODEL.md as an Allegiance scenario for N people.

Everything that the page doesn't name is switched off or set so that it has
no effect. Standard library only.

    python3 generate.py 20000 out/village-20000 [--days 90] [--dense]
"""

import argparse
import math
from pathlib import Path

import sys

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from spec import Spec  # noqa: E402

SPACING_DEG = 0.09  # about 10 km: farther than any mechanism that is on reaches
# Villages along a side of an area, so that areas have as many people as in Syria.
AREAS = (("Governorate", 36), ("District", 18), ("Subdistrict", 9))

# What the model has, and everything else that a scenario can switch off; mechanisms run unless they are named here.
RUNNING = ("strikes", "news", "exits", "joining")
SWITCHED_OFF = """
absorption acceptance campaigns causes claims coercion danger destination deterrence displacement entry
executions expectation flight infighting information leave local_infighting movement operations persuasion
prisoners protection repression reprisal settlement sieges splits stigma targets voice watches
""".split()

GROUP = """
[[groups]]
id = "{id}"
name = "{name}"
kind = "rebel"
members = {members}
cause = {{ revisionism = 3, islamism = 3, sectarianism = 3 }}
brutality = 0.5
discipline = 1
pay_usd_per_month = 100
pay_foreign_usd_per_month = 100
foreign_share = {{ rank_and_file = 0, unit_commander = 0, field_commander = 0, leadership = 0 }}
motives = {{ ideology = 0.3, material = 0.3, social = 0.4 }}
answers = {{ ignore = 1, offer = 0, punish = 0 }}
prisoners_executed_share = 0
strikes_per_month = {strikes}
offensive_tempo = 0
recruits = {recruits}
source = ["peers"]
"""

SCENARIO = """# Written by bench/peers/scenario/generate.py; the model is bench/peers/MODEL.md.

format = 1
id = "{id}"
title = "The common model of bench/peers, {n_people} people"
description = "Villages, clans, one group that strikes the villages that its members come from. Invented."
start = 2014-01-01
days = {days}
seed = 1

[sources]
peers = "bench/peers/MODEL.md: invented for a comparison of speed"

[theory]
belief = "motivated_reasoning"
exit = "full"

[tables]
places = "places.csv"
control = "control.csv"
garrisons = "garrisons.csv"
{groups}
[[relations]]
a = "group"
b = "others"
kind = "war"
source = ["peers"]

[mechanisms]
{switches}

# The model's own numbers.

[parameters.kinship]
household_size = {household_size}
clan_size = {clan_size}
p_marriage_tie = 0

[parameters.traits]
share_under_15 = {share_under_15}
share_15_to_39 = {share_15_to_39}

[parameters.harm]
civilians_per_strike = {mean_killed}
fighters_per_strike = 0
p_same_household = {p_same_household}

[parameters.news]
p_call_kin = {p_kin_hears}
p_village = {p_village_hears}
blame_intercept = 40

[parameters.belief]
conviction_mean = {conviction_mean}
conviction_sd = {conviction_sd}
kin_killed = {shock_kin}
weight_kin_claim = {shock_village}
discount = 0

[parameters.exits]
desertion_per_month = {exit_per_month}
defection_per_month = 0
departure_per_month = 0
conviction_hazard_ratio = {hr_conviction}
home_attacked_desertion = {hr_home}
home_memory_days = {home_half_life_days}
kin_killed_desertion = {hr_kin}
kin_memory_days = {kin_half_life_days}
# Blocks of the hazard that the model doesn't have: hazard ratios of 1.
ideologue_odds_kept = 1
ideologue_odds_broken = 1
leave_desertion = 1
home_held_desertion = 1
foreign_desertion = 1
fear_weight = 0
kin_fear_weight = 0
pay_weight = 0
pay_cut_weight = 0
decline_hazard_ratio = 1
peer_weight = 0
cohesion_weight = 0

[parameters.joining]
per_month = {join_per_month}
idle_share = {idle_share}
ties_weight = 0
control_weight = 0
momentum_weight = 0
pay_weight = 0
revenge_weight = 0
support_weight = 0
distance_weight = 0

[parameters.support]
fear_effect = 0

[parameters.control]
relaxation_per_month = 0

[parameters.units]
members = 20
home_distance_km = 0.1
"""


def write_scenario(folder: Path, spec: Spec, days: int) -> None:
    """Writes scenario.toml and its three tables."""
    n_villages = spec.n_villages
    folder.mkdir(parents=True, exist_ok=True)
    side = math.ceil(math.sqrt(n_villages))
    places = ["place,name,kind,governorate,district,subdistrict,latitude,longitude,population,source"]
    control = ["place,group,share,source"]
    garrisons = ["group,place,members,source"]
    for village in range(n_villages):
        row, column = divmod(village, side)
        latitude = (row - side / 2) * SPACING_DEG
        longitude = (column - side / 2) * SPACING_DEG
        areas = (f"{noun} {row // size}-{column // size}" for noun, size in AREAS)
        places.append(
            f"v{village},Village {village},village,{','.join(areas)},"
            f"{latitude:.5f},{longitude:.5f},{spec.village_people},peers"
        )
        control.append(f"v{village},others,0.9,peers\nv{village},group,0.1,peers")
        garrisons.append(f"group,v{village},{spec.village_members},peers")
    for name, lines in (("places", places), ("control", control), ("garrisons", garrisons)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    strikes = spec.attacks_per_village_month * n_villages
    groups = GROUP.format(
        id="group", name="The group", members=n_villages * spec.village_members, strikes=f"{strikes:.9g}", recruits="true"
    ) + GROUP.format(id="others", name="Whoever holds the villages", members=0, strikes=0, recruits="false")
    text = SCENARIO.format(
        id=folder.name.replace("_", "-"),
        days=days,
        groups=groups,
        switches="\n".join(f"{name} = false" for name in SWITCHED_OFF),
        **vars(spec),
    )
    (folder / "scenario.toml").write_text(text)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--dense", action="store_true")
    arguments = parser.parse_args()
    write_scenario(arguments.folder, Spec.of(arguments.people, arguments.dense), arguments.days)


if __name__ == "__main__":
    main()
