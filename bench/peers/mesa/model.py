"""The model of ../MODEL.md in Mesa: every person is an agent.

    python model.py 20000 90 --seed 1 [--dense] [--roles]

`--roles` activates only members and idle men, from sets of agents that the
model keeps, instead of everyone.
"""

import argparse
import json
import math
import sys
from pathlib import Path

import mesa
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from spec import Spec  # noqa: E402

CIVILIAN, MEMBER, LEAVER, DEAD = range(4)
BLOCK_HOUSEHOLDS = 5


class Person(mesa.Agent):
    """An inhabitant: a civilian, a member of the group, or one who left it."""

    def __init__(self, model: "War", village: "Village", is_idle: bool) -> None:
        super().__init__(model)
        self.village = village
        self.household: list[Person] = []
        self.clan = 0
        self.is_idle = is_idle
        self.status = CIVILIAN
        self.is_first_member = False
        self.conviction = 0.0
        self.home_day: int | None = None
        self.kin_day: int | None = None

    @property
    def is_civilian(self) -> bool:
        """Whether he can be killed: alive and not serving."""
        return self.status in (CIVILIAN, LEAVER)

    def enlist(self) -> None:
        """Becomes a member, with a fresh mind about the group."""
        spec = self.model.spec
        self.status = MEMBER
        self.conviction = self.random.gauss(spec.conviction_mean, spec.conviction_sd)
        self.village.members.append(self)

    def step(self) -> None:
        """What a person does in a day."""
        if self.status == MEMBER:
            self.consider_leaving()
        elif self.status == CIVILIAN and self.is_idle:
            self.consider_joining()

    def hear(self, is_kin: bool) -> None:
        """News of kin killed, or of an attack on the home, arrives."""
        if self.status != MEMBER:
            return
        self.home_day = self.model.day
        if is_kin:
            self.kin_day = self.model.day
            self.conviction -= self.model.spec.shock_kin
        else:
            self.conviction -= self.model.spec.shock_village

    def consider_leaving(self) -> None:
        """Leaves with a hazard of conviction, home and kin."""
        spec, day = self.model.spec, self.model.day
        log_hazard = self.model.log_hr_conviction * (self.conviction - spec.conviction_mean)
        if self.home_day is not None:
            log_hazard += self.model.log_hr_home * 2 ** (-(day - self.home_day) / spec.home_half_life_days)
        if self.kin_day is not None:
            log_hazard += self.model.log_hr_kin * 2 ** (-(day - self.kin_day) / spec.kin_half_life_days)
        if self.random.random() < -math.expm1(-spec.exit_per_month / 30 * math.exp(log_hazard)):
            self.status = LEAVER
            self.village.members.remove(self)
            self.model.n_exits += 1
            if self.model.has_roles:
                self.model.members.remove(self)

    def consider_joining(self) -> None:
        """Joins with a small hazard where the village has a unit."""
        if self.village.has_unit and self.random.random() < self.model.p_join:
            self.enlist()
            self.model.n_joins += 1
            if self.model.has_roles:
                self.model.idle_men.remove(self)
                self.model.members.add(self)


class Village(mesa.Agent):
    """A village: its people, and the unit of the group raised from it."""

    def __init__(self, model: "War") -> None:
        super().__init__(model)
        self.people: list[Person] = []
        self.members: list[Person] = []
        self.has_unit = True

    def muster(self) -> None:
        """Notes in the morning whether there is a unit to join."""
        self.has_unit = bool(self.members)

    def suffer_attack(self) -> None:
        """Loses civilians, and word goes out to its members."""
        model, spec = self.model, self.model.spec
        model.n_attacks += 1
        bereaved_clans = set()
        victim = None
        for _ in range(model.rng.poisson(spec.mean_killed)):
            victim = self.next_victim(victim)
            if victim is None:
                break
            victim.status = DEAD
            bereaved_clans.add(victim.clan)
            model.n_killed += 1
            if model.has_roles:
                model.idle_men.discard(victim)
        for member in self.members:
            model.send_news(member, member.clan in bereaved_clans)

    def next_victim(self, last: Person | None) -> Person | None:
        """A civilian: of the last victim's household, or anyone here."""
        if last is not None and self.random.random() < self.model.spec.p_same_household:
            household = [person for person in last.household if person.is_civilian]
            if household:
                return self.random.choice(household)
        for _ in range(40):
            person = self.random.choice(self.people)
            if person.is_civilian:
                return person
        return None


class War(mesa.Model):
    """The model: villages, people, and news on its way."""

    def __init__(self, spec: Spec, seed: int, has_roles: bool) -> None:
        super().__init__(seed=seed)
        self.spec = spec
        self.has_roles = has_roles
        self.day = 0
        self.p_join = spec.join_per_month / 30
        self.log_hr_conviction = math.log(spec.hr_conviction)
        self.log_hr_home = math.log(spec.hr_home)
        self.log_hr_kin = math.log(spec.hr_kin)
        self.news: dict[int, list[tuple[Person, bool]]] = {}
        self.n_attacks = self.n_killed = self.n_exits = self.n_joins = 0
        self.exits_by_day: list[int] = []
        self.villages = list(Village.create_agents(self, spec.n_villages))
        self.first_members: list[Person] = []
        for village in self.villages:
            self.populate(village)
        if has_roles:
            people = self.agents_by_type[Person]
            self.members = people.select(lambda person: person.status == MEMBER)
            self.idle_men = people.select(lambda person: person.status == CIVILIAN and person.is_idle)

    def populate(self, village: Village) -> None:
        """Gives a village its households, clans and first members."""
        spec = self.spec
        fit = []
        for _ in range(spec.village_people):
            is_fit = self.random.random() < 0.5 and 15 <= self.draw_age() <= 40
            is_idle = is_fit and self.random.random() < spec.idle_share
            village.people.append(Person(self, village, is_idle))
            if is_fit:
                fit.append(village.people[-1])
        clan_of_household = self.draw_clans()
        start = 0
        for household, size in enumerate(self.draw_household_sizes()):
            people = village.people[start : start + size]
            for person in people:
                person.household = people
                person.clan = clan_of_household[household]
            start += size
        for person in self.random.sample(fit, spec.village_members):
            person.enlist()
            person.is_first_member = True
            self.first_members.append(person)

    def draw_age(self) -> int:
        """Age in whole years."""
        band, within = self.random.random(), self.random.random()
        young, grown = self.spec.share_under_15, self.spec.share_under_15 + self.spec.share_15_to_39
        if band < young:
            return int(15 * within)
        return int(15 + 25 * within) if band < grown else int(40 + 40 * within**2)

    def draw_household_sizes(self) -> list[int]:
        """Five households share a block of people: two each, the rest by weights."""
        block_people = BLOCK_HOUSEHOLDS * self.spec.household_size
        rest = block_people - 2 * BLOCK_HOUSEHOLDS
        sizes = []
        for _ in range(self.spec.village_people // block_people):
            weights = [self.random.randint(1, 8) for _ in range(BLOCK_HOUSEHOLDS)]
            total, sum_, before = sum(weights), 0, 0
            for weight in weights:
                sum_ += weight
                end = rest * sum_ // total
                sizes.append(2 + end - before)
                before = end
        return sizes

    def draw_clans(self) -> list[int]:
        """Clan of each household: runs of neighbours with uneven borders."""
        n_households = self.spec.village_people // self.spec.household_size
        n_clans = round(self.spec.village_people / self.spec.clan_size)
        even = n_households / n_clans
        borders = [int(even * (clan + 0.6 * (self.random.random() - 0.5))) for clan in range(1, n_clans)]
        borders = [0, *borders, n_households]
        return [clan for clan in range(n_clans) for _ in range(borders[clan], borders[clan + 1])]

    def send_news(self, member: Person, is_kin: bool) -> None:
        """Lets news reach a member within days, or never."""
        spec = self.spec
        if is_kin and self.random.random() < spec.p_kin_hears:
            delay = self.random.randrange(spec.kin_days)
        elif self.random.random() < spec.p_village_hears:
            delay = self.random.randrange(spec.village_days) + (spec.kin_days if is_kin else 0)
        else:
            return
        self.news.setdefault(self.day + delay, []).append((member, is_kin))

    def step(self) -> None:
        """One day: attacks, news, and what everyone decides."""
        spec = self.spec
        self.agents_by_type[Village].do("muster")
        for _ in range(self.rng.poisson(spec.attacks_per_village_month * spec.n_villages / 30)):
            self.random.choice(self.villages).suffer_attack()
        for member, is_kin in self.news.pop(self.day, []):
            member.hear(is_kin)
        if self.has_roles:
            self.members.do("consider_leaving")
            self.idle_men.do("consider_joining")
        else:
            # People don't affect each other within a day, so their order is free.
            self.agents_by_type[Person].do("step")
        self.exits_by_day.append(self.n_exits)
        self.day += 1

    def outcomes(self) -> dict[str, float]:
        """What is compared, over the members of the first day where shares."""
        kin = [p for p in self.first_members if p.kin_day is not None]
        home = [p for p in self.first_members if p.kin_day is None and p.home_day is not None]
        neither = [p for p in self.first_members if p.home_day is None]
        stay = [p.conviction for p in self.first_members if p.status == MEMBER]

        def share(people: list[Person]) -> float | None:
            return sum(p.status != MEMBER for p in people) / len(people) if people else None

        return {
            "attacks": self.n_attacks,
            "deaths": self.n_killed,
            "exits_by_30": self.exits_by_day[min(30, self.day) - 1],
            "exits_by_90": self.exits_by_day[min(90, self.day) - 1],
            "exits_by_end": self.n_exits,
            "joins": self.n_joins,
            "members_who_lost_kin": len(kin),
            "members_with_home_only": len(home),
            "exit_share_kin": share(kin),
            "exit_share_home": share(home),
            "exit_share_neither": share(neither),
            "mean_conviction": float(np.mean(stay)) if stay else None,
        }


def main() -> None:
    """Reads the command line, runs, prints the outcomes as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", type=int)
    parser.add_argument("days", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replicates", type=int, default=1)
    parser.add_argument("--dense", action="store_true")
    parser.add_argument("--roles", action="store_true")
    arguments = parser.parse_args()
    for seed in range(arguments.seed, arguments.seed + arguments.replicates):
        war = War(Spec.of(arguments.people, arguments.dense), seed, arguments.roles)
        for _ in range(arguments.days):
            war.step()
        print(json.dumps(war.outcomes()), flush=True)


if __name__ == "__main__":
    main()
