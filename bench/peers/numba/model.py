"""The model of ../MODEL.md in Numba: reads the command line, prints the outcomes.

    python model.py 20000 90 --seed 1 [--dense] [--thin]

Idle men are asked every day, or with `--thin` a geometric skip leads to the
next one who would join. Compiled code is kept on the disk, so only the first
run compiles.
"""

import argparse
import dataclasses
import json
import sys
from pathlib import Path

import numpy as np
from war import MEMBER, NEVER, Numbers, run

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from spec import Spec  # noqa: E402


def outcomes(spec: Spec, n_days: int, is_thin: bool, seed: int) -> dict[str, float]:
    """What is compared, over the members of the first day where shares."""
    numbers = Numbers(**dataclasses.asdict(spec), n_villages=spec.n_villages)
    people, members, n_members, n_attacks, n_killed, exits_by_day = run(numbers, n_days, is_thin, np.random.default_rng(seed))
    first = slice(len(people.fit_members))
    stays = people.status[members.person[first]] == MEMBER
    kin = members.kin_day[first] != NEVER
    home = (members.home_day[first] != NEVER) & ~kin
    share = lambda of: float((~stays)[of].mean()) if of.any() else None  # noqa: E731
    by_day = lambda day: int(exits_by_day[min(day, n_days) - 1])  # noqa: E731
    return {
        "attacks": n_attacks,
        "deaths": n_killed,
        "exits_by_30": by_day(30),
        "exits_by_90": by_day(90),
        "exits_by_end": by_day(n_days),
        "joins": n_members - len(people.fit_members),
        "members_who_lost_kin": int(kin.sum()),
        "members_with_home_only": int(home.sum()),
        "exit_share_kin": share(kin),
        "exit_share_home": share(home),
        "exit_share_neither": share(~kin & ~home),
        "mean_conviction": float(members.conviction[first][stays].mean()) if stays.any() else None,
    }


def main() -> None:
    """Reads the command line, runs, prints the outcomes as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", type=int)
    parser.add_argument("days", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replicates", type=int, default=1)
    parser.add_argument("--dense", action="store_true")
    parser.add_argument("--thin", action="store_true")
    arguments = parser.parse_args()
    for seed in range(arguments.seed, arguments.seed + arguments.replicates):
        print(json.dumps(outcomes(Spec.of(arguments.people, arguments.dense), arguments.days, arguments.thin, seed)))


if __name__ == "__main__":
    main()
