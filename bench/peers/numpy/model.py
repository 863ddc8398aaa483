"""The model of ../MODEL.md in NumPy: one array for each attribute of people.

    python model.py 20000 90 --seed 1 [--dense] [--thin]

`--thin` touches only those who can act, by hand: an array of members, and
joiners drawn by a binomial thinning. It is the trick of Allegiance's engine,
written for this one model.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from spec import Spec  # noqa: E402

CIVILIAN, MEMBER, LEAVER, DEAD = range(4)
NEVER = -(10**6)
BLOCK_HOUSEHOLDS = 5


class Population:
    """Everyone, as arrays. Shape: `(n_people,)` unless stated."""

    def __init__(self, spec: Spec, rng: np.random.Generator) -> None:
        n = spec.n_people
        self.village = np.repeat(np.arange(spec.n_villages, dtype=np.int32), spec.village_people)
        self.household, self.household_start = households(spec, rng)
        self.clan = clans(spec, rng)[self.household]
        is_male = rng.random(n, dtype=np.float32) < 0.5
        age = ages(spec, rng)
        is_fit = is_male & (age >= 15) & (age <= 40)
        self.is_idle = is_fit & (rng.random(n, dtype=np.float32) < spec.idle_share)
        self.status = np.zeros(n, dtype=np.int8)
        self.conviction = np.zeros(n, dtype=np.float32)
        self.home_day = np.full(n, NEVER, dtype=np.int32)
        self.kin_day = np.full(n, NEVER, dtype=np.int32)
        self.first_members = first_members(spec, is_fit, rng)
        self.status[self.first_members] = MEMBER
        n_first = len(self.first_members)
        self.conviction[self.first_members] = rng.normal(spec.conviction_mean, spec.conviction_sd, n_first)


def households(spec: Spec, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Household of each person, and where each household starts.

    Five households share a block of people: two each, the rest by weights.
    """
    block_people = BLOCK_HOUSEHOLDS * spec.household_size
    n_blocks = spec.n_people // block_people
    weights = rng.integers(1, 9, size=(n_blocks, BLOCK_HOUSEHOLDS))
    rest = block_people - 2 * BLOCK_HOUSEHOLDS
    ends = weights.cumsum(axis=1)
    ends = 2 * np.arange(1, BLOCK_HOUSEHOLDS + 1) + rest * ends // ends[:, -1:]
    starts = np.hstack([np.zeros((n_blocks, 1), dtype=ends.dtype), ends[:, :-1]])
    sizes = (ends - starts).ravel()
    start = np.concatenate([[0], sizes.cumsum()])
    return np.repeat(np.arange(len(sizes), dtype=np.int32), sizes), start


def clans(spec: Spec, rng: np.random.Generator) -> np.ndarray:
    """Clan of each household: runs of neighbours with uneven borders."""
    n_households = spec.village_people // spec.household_size
    n_clans = round(spec.village_people / spec.clan_size)
    even = n_households / n_clans
    jitter = rng.random((spec.n_villages, n_clans - 1)) - 0.5
    borders = (even * (np.arange(1, n_clans) + 0.6 * jitter)).astype(int)
    is_border = np.zeros((spec.n_villages, n_households), dtype=np.int32)
    is_border[:, 0] = 1
    np.put_along_axis(is_border, borders, 1, axis=1)
    return is_border.ravel().cumsum(dtype=np.int32) - 1


def ages(spec: Spec, rng: np.random.Generator) -> np.ndarray:
    """Age of each person in whole years."""
    band = rng.random(spec.n_people, dtype=np.float32)
    within = rng.random(spec.n_people, dtype=np.float32)
    young, grown = spec.share_under_15, spec.share_under_15 + spec.share_15_to_39
    age = np.where(band < young, 15 * within, np.where(band < grown, 15 + 25 * within, 40 + 40 * within**2))
    return age.astype(np.int8)


def first_members(spec: Spec, is_fit: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The wanted number of fit men of each village, drawn at random."""
    keys = rng.random(spec.n_people, dtype=np.float32)
    keys[~is_fit] = 2.0
    order = keys.reshape(spec.n_villages, -1).argpartition(spec.village_members, axis=1)
    chosen = order[:, : spec.village_members] + spec.village_people * np.arange(spec.n_villages)[:, None]
    return np.sort(chosen.ravel())


class War:
    """The model: people, and news on its way."""

    def __init__(self, spec: Spec, seed: int, is_thin: bool) -> None:
        self.spec = spec
        self.rng = np.random.default_rng(seed)
        self.people = Population(spec, self.rng)
        self.is_thin = is_thin
        self.members = self.people.first_members
        self.day = 0
        self.news: dict[int, list[tuple[np.ndarray, bool]]] = {}
        self.n_attacks = self.n_killed = self.n_exits = self.n_joins = 0
        self.exits_by_day: list[int] = []

    def step(self) -> None:
        """One day."""
        if not self.is_thin:
            self.members = np.flatnonzero(self.people.status == MEMBER)
        has_unit = np.zeros(self.spec.n_villages, dtype=bool)
        has_unit[self.people.village[self.members]] = True
        self.attack()
        self.hear()
        self.leave()
        self.join(has_unit)
        self.exits_by_day.append(self.n_exits)
        self.day += 1

    def attack(self) -> None:
        """Strikes villages; a village struck twice is done in two rounds."""
        spec, rng = self.spec, self.rng
        n = rng.poisson(spec.attacks_per_village_month * spec.n_villages / 30)
        villages = rng.integers(spec.n_villages, size=n)
        self.n_attacks += n
        while len(villages):
            now, first = np.unique(villages, return_index=True)
            victims = self.kill(now)
            self.spread_news(now, victims)
            villages = np.delete(villages, first)

    def kill(self, villages: np.ndarray) -> np.ndarray:
        """Kills civilians of each village, one victim of each at a time."""
        spec, rng, people = self.spec, self.rng, self.people
        n_left = rng.poisson(spec.mean_killed, len(villages))
        last = np.full(len(villages), -1)
        victims = []
        while (n_left > 0).any():
            at = np.flatnonzero(n_left > 0)
            in_house = at[(last[at] >= 0) & (rng.random(len(at)) < spec.p_same_household)]
            found = np.full(len(villages), -1)
            house = people.household[last[in_house]]
            found[in_house] = self.find_civilians(people.household_start[house], people.household_start[house + 1])
            elsewhere = at[found[at] < 0]
            start = villages[elsewhere] * spec.village_people
            found[elsewhere] = self.find_civilians(start, start + spec.village_people)
            hit = at[found[at] >= 0]
            people.status[found[hit]] = DEAD
            victims.append(found[hit])
            last[hit] = found[hit]
            n_left[at] -= 1
            n_left[found < 0] = 0
        killed = np.concatenate(victims) if victims else np.empty(0, dtype=int)
        self.n_killed += len(killed)
        return killed

    def find_civilians(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """A living civilian of each range of people; -1 where 40 tries fail."""
        found = np.full(len(start), -1)
        for _ in range(40):
            open_ = np.flatnonzero(found < 0)
            if not len(open_):
                break
            person = self.rng.integers(start[open_], end[open_])
            status = self.people.status[person]
            is_civilian = (status == CIVILIAN) | (status == LEAVER)
            found[open_[is_civilian]] = person[is_civilian]
        return found

    def spread_news(self, villages: np.ndarray, victims: np.ndarray) -> None:
        """Sends word to members from the villages: of kin, or of home."""
        spec, people = self.spec, self.people
        is_hit = np.zeros(spec.n_villages, dtype=bool)
        is_hit[villages] = True
        is_bereaved_clan = np.zeros(people.clan[-1] + 1, dtype=bool)
        is_bereaved_clan[people.clan[victims]] = True
        reached = self.members[is_hit[people.village[self.members]]]
        is_kin = is_bereaved_clan[people.clan[reached]]
        missed = self.send(reached[is_kin], True, spec.p_kin_hears, range(spec.kin_days))
        self.send(missed, True, spec.p_village_hears, range(spec.kin_days, spec.kin_days + spec.village_days))
        self.send(reached[~is_kin], False, spec.p_village_hears, range(spec.village_days))

    def send(self, members: np.ndarray, is_kin: bool, p_hears: float, delays: range) -> np.ndarray:
        """Lets news reach members after days; returns those whom it doesn't reach."""
        hears = self.rng.random(len(members)) < p_hears
        heard = members[hears]
        delay = self.rng.integers(delays.start, delays.stop, size=len(heard))
        for later in delays:
            self.news.setdefault(self.day + later, []).append((heard[delay == later], is_kin))
        return members[~hears]

    def hear(self) -> None:
        """News that arrives today moves the convictions of those who serve."""
        spec, people = self.spec, self.people
        for members, is_kin in self.news.pop(self.day, []):
            members = members[people.status[members] == MEMBER]
            people.conviction[members] -= spec.shock_kin if is_kin else spec.shock_village
            people.home_day[members] = self.day
            if is_kin:
                people.kin_day[members] = self.day

    def leave(self) -> None:
        """Members leave with a hazard of conviction, home and kin."""
        spec, people, members = self.spec, self.people, self.members
        log_hazard = np.log(spec.hr_conviction) * (people.conviction[members] - spec.conviction_mean)
        home_days = self.day - people.home_day[members]
        kin_days = self.day - people.kin_day[members]
        log_hazard += np.log(spec.hr_home) * np.exp2(-home_days / spec.home_half_life_days)
        log_hazard += np.log(spec.hr_kin) * np.exp2(-kin_days / spec.kin_half_life_days)
        p_exit = -np.expm1(-spec.exit_per_month / 30 * np.exp(log_hazard))
        leaves = self.rng.random(len(members)) < p_exit
        people.status[members[leaves]] = LEAVER
        self.n_exits += int(leaves.sum())
        self.members = members[~leaves]

    def join(self, has_unit: np.ndarray) -> None:
        """Idle men who never served join where there is a unit."""
        spec, rng, people = self.spec, self.rng, self.people
        p_join = spec.join_per_month / 30
        if self.is_thin:
            joiners = np.unique(rng.integers(spec.n_people, size=rng.binomial(spec.n_people, p_join)))
            joiners = joiners[people.is_idle[joiners] & (people.status[joiners] == CIVILIAN)]
        else:
            idle = np.flatnonzero(people.is_idle & (people.status == CIVILIAN))
            joiners = idle[rng.random(len(idle)) < p_join]
        joiners = joiners[has_unit[people.village[joiners]]]
        people.status[joiners] = MEMBER
        people.conviction[joiners] = rng.normal(spec.conviction_mean, spec.conviction_sd, len(joiners))
        self.n_joins += len(joiners)
        self.members = np.concatenate([self.members, joiners])

    def outcomes(self) -> dict[str, float]:
        """What is compared, over the members of the first day where shares."""
        people = self.people
        first = people.first_members
        left = people.status[first] != MEMBER
        kin = people.kin_day[first] != NEVER
        home = (people.home_day[first] != NEVER) & ~kin
        stays = people.status[first] == MEMBER
        share = lambda of: float(left[of].mean()) if of.any() else None  # noqa: E731
        by_day = lambda day: self.exits_by_day[min(day, self.day) - 1]  # noqa: E731
        return {
            "attacks": self.n_attacks,
            "deaths": self.n_killed,
            "exits_by_30": by_day(30),
            "exits_by_90": by_day(90),
            "exits_by_end": self.n_exits,
            "joins": self.n_joins,
            "members_who_lost_kin": int(kin.sum()),
            "members_with_home_only": int(home.sum()),
            "exit_share_kin": share(kin),
            "exit_share_home": share(home),
            "exit_share_neither": share(~kin & ~home),
            "mean_conviction": float(people.conviction[first[stays]].mean()),
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
        war = War(Spec.of(arguments.people, arguments.dense), seed, arguments.thin)
        for _ in range(arguments.days):
            war.step()
        print(json.dumps(war.outcomes()))


if __name__ == "__main__":
    main()
