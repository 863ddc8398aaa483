"""The model of ../MODEL.md in JAX: one compiled program for all days, arrays of fixed sizes.

    python model.py 20000 90 --seed 1 [--dense]

Where JAX_COMPILATION_CACHE_DIR is set, the program is kept there, for each number
of people and days. Everyone has one byte, his status. Members have a row of each
array by village, with room for those who join; news on its way is counted for
each member and day of arrival.
"""

import argparse
import dataclasses
import functools
import json
import math
import sys
from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from spec import Spec  # noqa: E402

# A man is IDLE as long as he may still join; LEAVER is a civilian who may not.
CIVILIAN, IDLE, MEMBER, LEAVER, DEAD = range(5)
NEVER = -(10**6)
NOBODY = -1
BLOCK_HOUSEHOLDS = 5
MOST_TRIES = 40
# Chance that a room of this many standard deviations above the mean is too small: below 1e-12, and checked.
SPARE_SD = 8


def room_for(mean: float) -> int:
    """Room for a Poisson number that isn't exceeded."""
    return math.ceil(mean + SPARE_SD * math.sqrt(mean) + SPARE_SD)


@dataclasses.dataclass(frozen=True)
class Sizes:
    """Sizes of arrays, which must be known when compiling."""

    attacks: int
    joins: int
    members: int
    days_ahead: int

    @classmethod
    def of(cls, spec: Spec, n_days: int) -> "Sizes":
        """Room for a day's attacks, a day's attempts to join, and a village's members."""
        p_join = spec.join_per_month / 30
        # Half of all are men, and fewer than half of those are of the age to be idle.
        most_idle_share = spec.idle_share / 2 / 2
        return cls(
            attacks=room_for(spec.attacks_per_village_month * spec.n_villages / 30),
            joins=room_for(spec.n_people * p_join),
            members=spec.village_members + room_for(spec.village_people * most_idle_share * p_join * n_days),
            days_ahead=spec.kin_days + spec.village_days,
        )


class Places(NamedTuple):
    """What doesn't change: ends of households within blocks, and borders of clans within villages."""

    household_end: jax.Array  # (n_blocks, 5)
    clan_border: jax.Array  # (n_villages, n_clans - 1)


class Members(NamedTuple):
    """Everyone who serves or served. Shape: (n_villages, room for members)."""

    person: jax.Array
    clan: jax.Array
    serves: jax.Array
    conviction: jax.Array
    home_day: jax.Array
    kin_day: jax.Array


class State(NamedTuple):
    """What the days change."""

    key: jax.Array
    status: jax.Array  # (n_people,)
    members: Members
    n_ever: jax.Array  # (n_villages,), places of members taken
    news: jax.Array  # (days ahead, 2, n_villages, room for members): of home, of kin
    totals: jax.Array  # attacks, deaths, exits, joins, what had no room


def draw_places(spec: Spec, key: jax.Array) -> Places:
    """Households: five share a block of people, two each, the rest by weights. Clans: runs of neighbours."""
    by_weight, by_border = jax.random.split(key)
    block_people = BLOCK_HOUSEHOLDS * spec.household_size
    rest = block_people - 2 * BLOCK_HOUSEHOLDS
    weights = jax.random.randint(by_weight, (spec.n_people // block_people, BLOCK_HOUSEHOLDS), 1, 9)
    ends = weights.cumsum(axis=1)
    ends = 2 * jnp.arange(1, BLOCK_HOUSEHOLDS + 1) + rest * ends // ends[:, -1:]
    n_households = spec.village_people // spec.household_size
    n_clans = round(spec.village_people / spec.clan_size)
    jitter = jax.random.uniform(by_border, (spec.n_villages, n_clans - 1)) - 0.5
    borders = n_households / n_clans * (jnp.arange(1, n_clans) + 0.6 * jitter)
    return Places(ends.astype(jnp.int8), borders.astype(jnp.int16))


def household_of(spec: Spec, places: Places, person: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The household of each person: its number within the village, its first person and the one after the last."""
    block_people = BLOCK_HOUSEHOLDS * spec.household_size
    block, within = person // block_people, person % block_people
    ends = places.household_end[block].astype(jnp.int32)
    local = (within[..., None] >= ends).sum(axis=-1)
    bounds = jnp.concatenate([jnp.zeros_like(ends[..., :1]), ends], axis=-1)
    start, end = (jnp.take_along_axis(bounds, (local + i)[..., None], axis=-1)[..., 0] for i in range(2))
    household = block % (spec.village_people // block_people) * BLOCK_HOUSEHOLDS + local
    return household, block * block_people + start, block * block_people + end


def clan_of(spec: Spec, places: Places, person: jax.Array) -> jax.Array:
    """The clan of each person, counted within the village."""
    household, _, _ = household_of(spec, places, person)
    borders = places.clan_border[person // spec.village_people]
    return (household[..., None] >= borders).sum(axis=-1).astype(jnp.int8)


def draw_age(spec: Spec, key: jax.Array, shape: tuple[int, ...]) -> jax.Array:
    """Ages in whole years."""
    band, within = jax.random.uniform(key, (2, *shape))
    young, grown = spec.share_under_15, spec.share_under_15 + spec.share_15_to_39
    age = jnp.where(band < young, 15 * within, jnp.where(band < grown, 15 + 25 * within, 40 + 40 * within**2))
    return age.astype(jnp.int8)


def draw_people(spec: Spec, key: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Everyone's status, and the first members of each village: fit men, drawn at random."""
    by_age, by_chance, by_order = jax.random.split(key, 3)
    shape = (spec.n_villages, spec.village_people)
    age = draw_age(spec, by_age, shape)
    is_male, is_idle = jax.random.uniform(by_chance, (2, *shape)) < jnp.array([0.5, spec.idle_share])[:, None, None]
    is_fit = is_male & (age >= 15) & (age <= 40)
    order = jnp.where(is_fit, jax.random.uniform(by_order, shape), -1.0)
    _, chosen = jax.lax.top_k(order, spec.village_members)
    first = chosen + spec.village_people * jnp.arange(spec.n_villages)[:, None]
    status = jnp.where(is_fit & is_idle, IDLE, CIVILIAN).astype(jnp.int8).ravel()
    return status.at[first.ravel()].set(MEMBER), first


def prepare(spec: Spec, sizes: Sizes, seed_key: jax.Array) -> tuple[Places, State]:
    """The world on the morning of the first day."""
    key, by_place, by_person, by_mind = jax.random.split(seed_key, 4)
    places = draw_places(spec, by_place)
    status, first = draw_people(spec, by_person)
    shape = (spec.n_villages, sizes.members)
    is_first = jnp.arange(sizes.members) < spec.village_members
    person = jnp.zeros(shape, dtype=jnp.int32).at[:, : spec.village_members].set(first)
    members = Members(
        person=person,
        clan=clan_of(spec, places, person),
        serves=jnp.broadcast_to(is_first, shape),
        conviction=spec.conviction_mean + spec.conviction_sd * jax.random.normal(by_mind, shape),
        home_day=jnp.full(shape, NEVER, dtype=jnp.int32),
        kin_day=jnp.full(shape, NEVER, dtype=jnp.int32),
    )
    n_ever = jnp.full(spec.n_villages, spec.village_members, dtype=jnp.int32)
    news = jnp.zeros((sizes.days_ahead, 2, *shape), dtype=jnp.int8)
    return places, State(key, status, members, n_ever, news, jnp.zeros(5, dtype=jnp.int32))


def is_civilian(status: jax.Array) -> jax.Array:
    """Whether someone can be killed: alive and not serving."""
    return (status != MEMBER) & (status != DEAD)


def find_civilians(status: jax.Array, key: jax.Array, start: jax.Array, end: jax.Array) -> jax.Array:
    """A living civilian of each range of people; NOBODY where it is empty or the tries fail."""

    def is_open(carry: tuple) -> jax.Array:
        found, n_tries, _ = carry
        return ((found == NOBODY) & (start < end)).any() & (n_tries < MOST_TRIES)

    def again(carry: tuple) -> tuple:
        found, n_tries, key = carry
        key, now = jax.random.split(key)
        person = jax.random.randint(now, start.shape, start, jnp.maximum(end, start + 1))
        is_hit = (found == NOBODY) & (start < end) & is_civilian(status[person])
        return jnp.where(is_hit, person, found), n_tries + 1, key

    found, _, _ = jax.lax.while_loop(is_open, again, (jnp.full_like(start, NOBODY), 0, key))
    return found


def is_taken_twice(person: jax.Array) -> jax.Array:
    """Whether an earlier attack has the same victim."""
    order = jnp.argsort(person, stable=True)
    ordered = person[order]
    is_second = jnp.concatenate([jnp.array([False]), ordered[1:] == ordered[:-1]])
    return jnp.zeros_like(is_second).at[order].set(is_second)


def kill(spec: Spec, places: Places, status: jax.Array, key: jax.Array, village: jax.Array, is_real: jax.Array) -> tuple:
    """All attacks kill one victim after another, side by side; a victim whom two have drawn is drawn anew."""
    n_clans = round(spec.village_people / spec.clan_size)
    key, by_number = jax.random.split(key)
    n_wanted = jnp.where(is_real, jax.random.poisson(by_number, spec.mean_killed, village.shape), 0)
    village_start = village * spec.village_people
    lanes = jnp.arange(len(village))

    def is_open(carry: tuple) -> jax.Array:
        return (carry[1] > 0).any()

    def next_victims(carry: tuple) -> tuple:
        status, n_left, last, is_bereaved, n_killed, key = carry
        key, by_house, in_house, in_village = jax.random.split(key, 4)
        wants = n_left > 0
        _, house_start, house_end = household_of(spec, places, jnp.maximum(last, 0))
        stays = wants & (last != NOBODY) & (jax.random.uniform(by_house, last.shape) < spec.p_same_household)
        found = find_civilians(status, in_house, house_start, jnp.where(stays, house_end, house_start))
        is_elsewhere = wants & (found == NOBODY)
        village_end = jnp.where(is_elsewhere, village_start + spec.village_people, village_start)
        found = jnp.maximum(found, find_civilians(status, in_village, village_start, village_end))
        is_hit = (found != NOBODY) & ~is_taken_twice(found)
        is_again = (found != NOBODY) & ~is_hit
        status = status.at[jnp.where(is_hit, found, spec.n_people)].set(DEAD, mode="drop")
        clan = clan_of(spec, places, jnp.maximum(found, 0))
        is_bereaved |= is_hit[:, None] & (clan[:, None] == jnp.arange(n_clans))
        n_left = jnp.where(is_again, n_left, jnp.where(is_hit, n_left - 1, 0))
        return status, n_left, jnp.where(is_hit, found, last), is_bereaved, n_killed + is_hit.sum(), key

    start = (status, n_wanted, jnp.full_like(village, NOBODY), jnp.zeros((len(lanes), n_clans), dtype=bool), 0, key)
    status, _, _, is_bereaved, n_killed, _ = jax.lax.while_loop(is_open, next_victims, start)
    return status, is_bereaved, n_killed


def spread_news(
    spec: Spec,
    sizes: Sizes,
    state: State,
    key: jax.Array,
    day: jax.Array,
    village: jax.Array,
    is_real: jax.Array,
    is_bereaved: jax.Array,
) -> jax.Array:
    """Sends word of each attack to every member from the village; the news on its way."""
    call, word = jax.random.uniform(key, (2, sizes.attacks, sizes.members))
    is_kin = jnp.take_along_axis(is_bereaved, state.members.clan[village].astype(jnp.int32), axis=1)
    hears_call = is_kin & (call < spec.p_kin_hears)
    hears = hears_call | (word < spec.p_village_hears)
    # What is drawn evenly below a probability, divided by it, is drawn evenly: the delay needs no draw of its own.
    delay_of_call = jnp.int32(call * (spec.kin_days / spec.p_kin_hears))
    delay_of_word = jnp.int32(word * (spec.village_days / spec.p_village_hears)) + spec.kin_days * is_kin
    delay = jnp.where(hears_call, delay_of_call, delay_of_word)
    hears &= state.members.serves[village] & is_real[:, None]
    on = jnp.where(hears, (day + delay) % sizes.days_ahead, NOBODY)
    arrives = (on == jnp.arange(sizes.days_ahead)[:, None, None])[:, None] & (is_kin == jnp.array([False, True])[:, None, None])
    return state.news.at[:, :, village].add(arrives.astype(jnp.int8))


def hear(spec: Spec, members: Members, news: jax.Array, day: jax.Array) -> Members:
    """News that arrives today moves the convictions of those who serve."""
    of_home, of_kin = news * members.serves
    shock = spec.shock_village * of_home + spec.shock_kin * of_kin
    return members._replace(
        conviction=members.conviction - shock,
        home_day=jnp.where(of_home + of_kin > 0, day, members.home_day),
        kin_day=jnp.where(of_kin > 0, day, members.kin_day),
    )


def draw_leavers(spec: Spec, members: Members, key: jax.Array, day: jax.Array) -> jax.Array:
    """Who leaves today, with a hazard of conviction, home and kin."""
    log_hazard = math.log(spec.hr_conviction) * (members.conviction - spec.conviction_mean)
    log_hazard += math.log(spec.hr_home) * jnp.exp2((members.home_day - day) / spec.home_half_life_days)
    log_hazard += math.log(spec.hr_kin) * jnp.exp2((members.kin_day - day) / spec.kin_half_life_days)
    p_exit = -jnp.expm1(-spec.exit_per_month / 30 * jnp.exp(log_hazard))
    return members.serves & (jax.random.uniform(key, p_exit.shape) < p_exit)


def join(spec: Spec, sizes: Sizes, places: Places, state: State, key: jax.Array, has_unit: jax.Array) -> tuple[State, jax.Array]:
    """Idle men who never served join where there is a unit: a binomial number of people is asked."""
    by_number, by_person = jax.random.split(key)
    n_asked = jax.random.binomial(by_number, spec.n_people, spec.join_per_month / 30).astype(jnp.int32)
    person = jax.random.randint(by_person, (sizes.joins,), 0, spec.n_people)
    # Sorted, so that the men of a village and the draws of the same man stand side by side.
    person = jnp.sort(jnp.where(jnp.arange(sizes.joins) < n_asked, person, spec.n_people))
    village = person // spec.village_people
    joins = (person < spec.n_people) & (state.status[person] == IDLE) & has_unit[village]
    joins &= jnp.concatenate([jnp.array([True]), person[1:] != person[:-1]])
    n_before = jnp.cumsum(joins) - joins
    place = state.n_ever[village] + n_before - n_before[jnp.searchsorted(village, village)]
    has_room = place < sizes.members
    # What is out of bounds is dropped.
    row = jnp.where(joins & has_room, village, spec.n_villages)
    members = state.members._replace(
        person=state.members.person.at[row, place].set(person, mode="drop"),
        clan=state.members.clan.at[row, place].set(clan_of(spec, places, person), mode="drop"),
        serves=state.members.serves.at[row, place].set(True, mode="drop"),
    )
    state = state._replace(
        status=state.status.at[jnp.where(joins, person, spec.n_people)].set(MEMBER, mode="drop"),
        members=members,
        n_ever=state.n_ever.at[row].add(1, mode="drop"),
    )
    n_too_many = (joins & ~has_room).sum() + jnp.maximum(n_asked - sizes.joins, 0)
    return state, jnp.stack([joins.sum(), n_too_many])


def live_a_day(spec: Spec, sizes: Sizes, places: Places, state: State, day: jax.Array) -> tuple[State, jax.Array]:
    """One day; what is collected is the number of exits so far."""
    key, by_number, by_village, by_victim, by_news, by_exit, by_join = jax.random.split(state.key, 7)
    has_unit = state.members.serves.any(axis=1)
    n_attacks = jax.random.poisson(by_number, spec.attacks_per_village_month * spec.n_villages / 30)
    village = jax.random.randint(by_village, (sizes.attacks,), 0, spec.n_villages)
    is_real = jnp.arange(sizes.attacks) < n_attacks
    status, is_bereaved, n_killed = kill(spec, places, state.status, by_victim, village, is_real)
    news = spread_news(spec, sizes, state, by_news, day, village, is_real, is_bereaved)
    today = day % sizes.days_ahead
    members = hear(spec, state.members, news[today], day)
    leaves = draw_leavers(spec, members, by_exit, day)
    status = status.at[jnp.where(leaves, members.person, spec.n_people).ravel()].set(LEAVER, mode="drop")
    members = members._replace(serves=members.serves & ~leaves)
    state = state._replace(key=key, status=status, members=members, news=news.at[today].set(0))
    state, (n_joins, n_too_many) = join(spec, sizes, places, state, by_join, has_unit)
    n_too_many += jnp.maximum(n_attacks - sizes.attacks, 0)
    totals = state.totals + jnp.stack([n_attacks, n_killed, leaves.sum(), n_joins, n_too_many]).astype(jnp.int32)
    return state._replace(totals=totals), totals[2]


@functools.partial(jax.jit, static_argnames=("numbers", "n_days"))
def run(seed_key: jax.Array, numbers: tuple, n_days: int) -> tuple[Members, jax.Array, jax.Array]:
    """The war: the first members at its end, the totals, and exits by day."""
    spec = Spec(*numbers)
    sizes = Sizes.of(spec, n_days)
    places, state = prepare(spec, sizes, seed_key)
    state, exits_by_day = jax.lax.scan(functools.partial(live_a_day, spec, sizes, places), state, jnp.arange(n_days))
    first = jax.tree.map(lambda values: values[:, : spec.village_members], state.members)
    return first, state.totals, exits_by_day


def outcomes(spec: Spec, n_days: int, seed: int) -> dict[str, float]:
    """What is compared, over the members of the first day where shares."""
    first, totals, exits_by_day = jax.device_get(run(jax.random.key(seed), dataclasses.astuple(spec), n_days))
    n_attacks, n_killed, n_exits, n_joins, n_too_many = (int(total) for total in totals)
    if n_too_many > 0:
        raise SystemExit(f"{n_too_many} attacks or men who join had no room in the arrays")
    kin = first.kin_day != NEVER
    home = (first.home_day != NEVER) & ~kin
    share = lambda of: float((~first.serves)[of].mean()) if of.any() else None  # noqa: E731
    by_day = lambda day: int(exits_by_day[min(day, n_days) - 1])  # noqa: E731
    return {
        "attacks": n_attacks,
        "deaths": n_killed,
        "exits_by_30": by_day(30),
        "exits_by_90": by_day(90),
        "exits_by_end": n_exits,
        "joins": n_joins,
        "members_who_lost_kin": int(kin.sum()),
        "members_with_home_only": int(home.sum()),
        "exit_share_kin": share(kin),
        "exit_share_home": share(home),
        "exit_share_neither": share(~kin & ~home),
        "mean_conviction": float(first.conviction[first.serves].mean()) if first.serves.any() else None,
    }


def main() -> None:
    """Reads the command line, runs, prints the outcomes as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", type=int)
    parser.add_argument("days", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replicates", type=int, default=1)
    parser.add_argument("--dense", action="store_true")
    arguments = parser.parse_args()
    for seed in range(arguments.seed, arguments.seed + arguments.replicates):
        print(json.dumps(outcomes(Spec.of(arguments.people, arguments.dense), arguments.days, seed)), flush=True)


if __name__ == "__main__":
    main()
