"""The model of ../MODEL.md in Numba: compiled loops over the people who matter.

Everyone has one byte, his status; only members have more. It is a module of
its own because Numba's cache takes named tuples of a script for new ones in
every process, and would compile again.
"""

import dataclasses
import sys
from collections import namedtuple
from pathlib import Path

import numpy as np
from numba import njit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from spec import Spec  # noqa: E402

# A man is IDLE as long as he may still join; LEAVER is a civilian who may not.
CIVILIAN, IDLE, MEMBER, LEAVER, DEAD = range(5)
NEVER = -1
BLOCK_HOUSEHOLDS = 5
MOST_TRIES = 40

# Numba caches neither functions of dataclasses nor its own classes, but it does those of named tuples.
Numbers = namedtuple("Numbers", [*(field.name for field in dataclasses.fields(Spec)), "n_villages"])
Population = namedtuple("Population", "status household_start clan fit_members idle_men")
Members = namedtuple("Members", "person clan hazard conviction home_day kin_day")
Roster = namedtuple("Roster", "start n_serving serving")


@njit(cache=True)
def draw_age(spec, rng):
    """Age in whole years."""
    band, within = rng.random(), rng.random()
    young, grown = spec.share_under_15, spec.share_under_15 + spec.share_15_to_39
    if band < young:
        return int(15 * within)
    return int(15 + 25 * within) if band < grown else int(40 + 40 * within**2)


@njit(cache=True)
def draw_households(spec, rng):
    """Where each household starts: five share a block of people, two each and the rest by weights."""
    block_people = BLOCK_HOUSEHOLDS * spec.household_size
    rest = block_people - 2 * BLOCK_HOUSEHOLDS
    n_blocks = spec.n_people // block_people
    start = np.empty(n_blocks * BLOCK_HOUSEHOLDS + 1, dtype=np.int32)
    start[0] = 0
    weights = np.empty(BLOCK_HOUSEHOLDS, dtype=np.int64)
    for block in range(n_blocks):
        for i in range(BLOCK_HOUSEHOLDS):
            weights[i] = rng.integers(1, 9)
        total, sum_ = weights.sum(), 0
        for i in range(BLOCK_HOUSEHOLDS):
            sum_ += weights[i]
            start[block * BLOCK_HOUSEHOLDS + i + 1] = block * block_people + 2 * (i + 1) + rest * sum_ // total
    return start


@njit(cache=True)
def draw_clans(spec, rng):
    """Clan of each household, counted within its village: runs of neighbours with uneven borders."""
    n_households = spec.village_people // spec.household_size
    n_clans = int(round(spec.village_people / spec.clan_size))
    even = n_households / n_clans
    clan = np.empty(spec.n_villages * n_households, dtype=np.int8)
    for village in range(spec.n_villages):
        start = 0
        for i in range(n_clans):
            end = n_households if i == n_clans - 1 else int(even * (i + 1 + 0.6 * (rng.random() - 0.5)))
            clan[village * n_households + start : village * n_households + end] = i
            start = end
    return clan


@njit(cache=True)
def populate(spec, rng):
    """Everyone's status, the first members by village, and the idle men."""
    status = np.zeros(spec.n_people, dtype=np.int8)
    members = np.empty(spec.n_villages * spec.village_members, dtype=np.int32)
    fit = np.empty(spec.village_people, dtype=np.int32)
    n_members = n_idle = 0
    for village in range(spec.n_villages):
        n_fit = 0
        for person in range(village * spec.village_people, (village + 1) * spec.village_people):
            if rng.random() < 0.5 and 15 <= draw_age(spec, rng) <= 40:
                fit[n_fit] = person
                n_fit += 1
                if rng.random() < spec.idle_share:
                    status[person] = IDLE
                    n_idle += 1
        for i in range(spec.village_members):
            other = rng.integers(i, n_fit)
            fit[i], fit[other] = fit[other], fit[i]
            n_idle -= status[fit[i]] == IDLE
            status[fit[i]] = MEMBER
            members[n_members] = fit[i]
            n_members += 1
    idle_men = np.empty(n_idle, dtype=np.int32)
    n_idle = 0
    for person in range(spec.n_people):
        if status[person] == IDLE:
            idle_men[n_idle] = person
            n_idle += 1
    return Population(status, draw_households(spec, rng), draw_clans(spec, rng), members, idle_men)


@njit(cache=True)
def household_of(spec, household_start, person):
    """The household of a person: one of the five of his block."""
    household = person // (BLOCK_HOUSEHOLDS * spec.household_size) * BLOCK_HOUSEHOLDS
    while household_start[household + 1] <= person:
        household += 1
    return household


@njit(cache=True)
def prepare(spec, people, rng):
    """Room for everyone who may ever serve, and for each village the list of those who do."""
    n_most = len(people.fit_members) + len(people.idle_men)
    members = Members(
        np.empty(n_most, dtype=np.int32),
        np.empty(n_most, dtype=np.int8),
        np.empty(n_most, dtype=np.float32),
        np.empty(n_most, dtype=np.float32),
        np.empty(n_most, dtype=np.int32),
        np.empty(n_most, dtype=np.int32),
    )
    start = np.zeros(spec.n_villages + 1, dtype=np.int64)
    for person in people.fit_members:
        start[person // spec.village_people + 1] += 1
    for person in people.idle_men:
        start[person // spec.village_people + 1] += 1
    roster = Roster(start.cumsum(), np.zeros(spec.n_villages, dtype=np.int32), np.empty(n_most, dtype=np.int32))
    for member, person in enumerate(people.fit_members):
        enlist(spec, people, members, roster, member, person, rng)
    return members, roster


@njit(cache=True)
def set_conviction(spec, members, member, conviction):
    """Keeps the part of the daily hazard that changes only with conviction."""
    members.conviction[member] = conviction
    ratio = spec.hr_conviction ** (conviction - spec.conviction_mean)
    members.hazard[member] = spec.exit_per_month / 30 * ratio


@njit(cache=True)
def enlist(spec, people, members, roster, member, person, rng):
    """Becomes a member, with a fresh mind about the group."""
    village = person // spec.village_people
    people.status[person] = MEMBER
    members.person[member] = person
    members.clan[member] = people.clan[household_of(spec, people.household_start, person)]
    members.home_day[member] = members.kin_day[member] = NEVER
    set_conviction(spec, members, member, rng.normal(spec.conviction_mean, spec.conviction_sd))
    roster.serving[roster.start[village] + roster.n_serving[village]] = member
    roster.n_serving[village] += 1


@njit(cache=True)
def is_civilian(status):
    return status == CIVILIAN or status == IDLE or status == LEAVER


@njit(cache=True)
def find_civilian(status, start, end, rng):
    """A living civilian of a range of people; NEVER where the tries fail."""
    for _ in range(MOST_TRIES):
        person = rng.integers(start, end)
        if is_civilian(status[person]):
            return person
    return NEVER


@njit(cache=True)
def kill(spec, people, village, is_bereaved, rng):
    """Kills civilians of a village and marks their clans; their number."""
    is_bereaved[:] = False
    household, n_killed = NEVER, 0
    for _ in range(rng.poisson(spec.mean_killed)):
        victim = NEVER
        if household != NEVER and rng.random() < spec.p_same_household:
            start, end = people.household_start[household], people.household_start[household + 1]
            victim = find_civilian(people.status, start, end, rng)
        if victim == NEVER:
            start = village * spec.village_people
            victim = find_civilian(people.status, start, start + spec.village_people, rng)
        if victim == NEVER:
            break
        people.status[victim] = DEAD
        household = household_of(spec, people.household_start, victim)
        is_bereaved[people.clan[household]] = True
        n_killed += 1
    return n_killed


@njit(cache=True)
def delay_of_news(spec, is_kin, rng):
    """Days until news arrives, or NEVER."""
    if is_kin and rng.random() < spec.p_kin_hears:
        return rng.integers(0, spec.kin_days)
    if rng.random() < spec.p_village_hears:
        return rng.integers(0, spec.village_days) + (spec.kin_days if is_kin else 0)
    return NEVER


@njit(cache=True)
def attack(spec, people, members, roster, news, n_news, day, village, rng):
    """Kills, and sends word to every member from the village; the news, and the dead."""
    is_bereaved = np.zeros(int(round(spec.village_people / spec.clan_size)), dtype=np.bool_)
    n_killed = kill(spec, people, village, is_bereaved, rng)
    n_days_ahead, n_serving = len(n_news), roster.n_serving[village]
    if n_news.max() + n_serving > news.shape[1]:
        grown = np.empty((n_days_ahead, 2 * (news.shape[1] + n_serving)), dtype=news.dtype)
        grown[:, : news.shape[1]] = news
        news = grown
    for i in range(roster.start[village], roster.start[village] + n_serving):
        member = roster.serving[i]
        is_kin = is_bereaved[members.clan[member]]
        delay = delay_of_news(spec, is_kin, rng)
        if delay != NEVER:
            on = (day + delay) % n_days_ahead
            news[on, n_news[on]] = 2 * member + is_kin
            n_news[on] += 1
    return news, n_killed


@njit(cache=True)
def hear(spec, people, members, news_of_today, day):
    """News that arrives today moves the convictions of those who serve."""
    for item in news_of_today:
        member, is_kin = item // 2, item % 2 == 1
        if people.status[members.person[member]] != MEMBER:
            continue
        members.home_day[member] = day
        if is_kin:
            members.kin_day[member] = day
        shock = spec.shock_kin if is_kin else spec.shock_village
        set_conviction(spec, members, member, members.conviction[member] - shock)


@njit(cache=True)
def fading(ratio, half_life_days, n_days):
    """The hazard ratio by the number of days since the news."""
    return ratio ** (2.0 ** (-np.arange(n_days) / half_life_days))


@njit(cache=True)
def leave(spec, people, members, roster, by_home, by_kin, day, rng):
    """Members leave with a hazard of conviction, home and kin; their number."""
    n_exits = 0
    for village in range(spec.n_villages):
        i, end = roster.start[village], roster.start[village] + roster.n_serving[village]
        while i < end:
            member = roster.serving[i]
            hazard = members.hazard[member]
            if members.home_day[member] != NEVER:
                hazard *= by_home[day - members.home_day[member]]
            if members.kin_day[member] != NEVER:
                hazard *= by_kin[day - members.kin_day[member]]
            # The hazard is an upper bound of the probability, and spares most members the exponential.
            chance = rng.random()
            if chance < hazard and chance < -np.expm1(-hazard):
                people.status[members.person[member]] = LEAVER
                end -= 1
                roster.serving[i] = roster.serving[end]
                n_exits += 1
            else:
                i += 1
        roster.n_serving[village] = end - roster.start[village]
    return n_exits


@njit(cache=True)
def join(spec, people, members, roster, has_unit, n_members, is_thin, rng):
    """Idle men who never served join where there is a unit; how many have ever served."""
    p_join = spec.join_per_month / 30
    i = rng.geometric(p_join) - 1 if is_thin else 0
    while i < len(people.idle_men):
        person = people.idle_men[i]
        may_join = people.status[person] == IDLE and has_unit[person // spec.village_people]
        if may_join and (is_thin or rng.random() < p_join):
            enlist(spec, people, members, roster, n_members, person, rng)
            n_members += 1
        i += rng.geometric(p_join) if is_thin else 1
    return n_members


@njit(cache=True)
def run(spec, n_days, is_thin, rng):
    """The war: people and members at its end, and the totals."""
    people = populate(spec, rng)
    members, roster = prepare(spec, people, rng)
    n_members = len(people.fit_members)
    n_days_ahead = spec.kin_days + spec.village_days
    news = np.empty((n_days_ahead, 1024), dtype=np.int64)
    n_news = np.zeros(n_days_ahead, dtype=np.int64)
    by_home = fading(spec.hr_home, spec.home_half_life_days, n_days)
    by_kin = fading(spec.hr_kin, spec.kin_half_life_days, n_days)
    n_attacks = n_killed = n_exits = 0
    exits_by_day = np.empty(n_days, dtype=np.int64)
    for day in range(n_days):
        has_unit = roster.n_serving > 0
        n_today = rng.poisson(spec.attacks_per_village_month * spec.n_villages / 30)
        n_attacks += n_today
        for _ in range(n_today):
            village = rng.integers(0, spec.n_villages)
            news, n_dead = attack(spec, people, members, roster, news, n_news, day, village, rng)
            n_killed += n_dead
        today = day % n_days_ahead
        hear(spec, people, members, news[today, : n_news[today]], day)
        n_news[today] = 0
        n_exits += leave(spec, people, members, roster, by_home, by_kin, day, rng)
        n_members = join(spec, people, members, roster, has_unit, n_members, is_thin, rng)
        exits_by_day[day] = n_exits
    return people, members, n_members, n_attacks, n_killed, exits_by_day
