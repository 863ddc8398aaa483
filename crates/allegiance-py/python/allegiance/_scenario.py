"""Scenarios: load, look, change."""

from __future__ import annotations

import dataclasses
import datetime
import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from allegiance import _native
from allegiance._errors import Problem
from allegiance._table import Table
from allegiance._theory import Theory, file_of

Value = bool | int | float | str
"""A value of a key, as ``--set`` of the command line takes it."""


@dataclasses.dataclass(frozen=True)
class Parameter:
    """The dictionary entry of one parameter, and its value in a scenario."""

    name: str
    meaning: str
    unit: str
    default: float
    low: float
    """Lower end of the prior."""
    high: float
    """Upper end of the prior."""
    spread: str
    """How the prior spreads between its ends: ``flat``, or ``log_flat`` (flat in the logarithm)."""
    lowest_allowed: float
    highest_allowed: float
    tag: str
    """``sourced``, ``derived`` or ``judgement``."""
    source: str
    symbol: str
    value: float
    """Its value in the scenario; the default where none was asked about."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Something that can be measured in each replicate."""

    name: str
    unit: str
    meaning: str


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def assignments(changes: Mapping[str, Value] | Iterable[str] | None) -> list[str]:
    """Changes as the command line takes them, such as ``days=30``."""
    if changes is None:
        return []
    if isinstance(changes, str):
        return [changes]
    if isinstance(changes, Mapping):
        return [f"{key}={_text(value)}" for key, value in changes.items()]
    return list(changes)


TheoryLike = str | Theory
"""A theory of belief or exit by its word, one in a file by its path, or one that was built."""


def _theories(theory: TheoryLike | Iterable[TheoryLike] | None) -> list[TheoryLike]:
    return [theory] if isinstance(theory, (str, Theory)) else list(theory or ())


def _files(theory: TheoryLike | Iterable[TheoryLike] | None) -> list[tuple[str, str]]:
    return [file_of(one) for one in _theories(theory) if isinstance(one, Theory)]


def _changes(
    seed: int | None,
    days: int | None,
    theory: TheoryLike | Iterable[TheoryLike] | None,
    set: Mapping[str, Value] | Iterable[str] | None,
    scale: int | None,
) -> list[str]:
    theories = [file_of(one)[0] if isinstance(one, Theory) else one for one in _theories(theory)]
    changes = [f"seed={seed}"] if seed is not None else []
    changes += [f"days={days}"] if days is not None else []
    changes += [f"theory={word}" for word in theories]
    changes += assignments(set)
    return changes + ([f"scale={scale}"] if scale is not None else [])


@dataclasses.dataclass(frozen=True)
class SetupDifference:
    """One thing in which two scenarios, with their changes, differ."""

    kind: str
    """``parameter``, ``theory``, ``mechanism``, ``lever``, ``pay``, ``timeline`` and others."""
    key: str
    """Its key: that of ``set`` where there is one."""
    a: str | None
    """Its value in the first; ``None`` where the first hasn't it."""
    b: str | None
    """Its value in the second; ``None`` where the second hasn't it."""
    words: str
    """The second as seen from the first."""

    def __str__(self) -> str:
        return self.words



class Scenario:
    """A scenario, checked, with the changes made to it. It never changes:
    :meth:`edit` gives another one.
    """

    __slots__ = ("_native",)

    def __init__(self, native: _native.Scenario):
        self._native = native

    def edit(
        self,
        *,
        seed: int | None = None,
        days: int | None = None,
        theory: TheoryLike | Iterable[TheoryLike] | None = None,
        set: Mapping[str, Value] | Iterable[str] | None = None,
        scale: int | None = None,
    ) -> Scenario:
        """The same scenario with further changes, made in the order of the arguments."""
        return Scenario(self._native.edit(_changes(seed, days, theory, set, scale), _files(theory)))

    @property
    def id(self) -> str:
        """The identifier."""
        return self._native.id

    @property
    def title(self) -> str:
        """The title."""
        return self._native.title

    @property
    def description(self) -> str:
        """What it is about."""
        return self._native.description

    @property
    def hash(self) -> str:
        """SHA-256 of its files."""
        return self._native.hash

    @property
    def seed(self) -> int:
        """The seed."""
        return self._native.seed

    @property
    def days(self) -> int:
        """Number of days."""
        return self._native.days

    @property
    def start(self) -> str:
        """The first day."""
        return self._native.start

    @property
    def n_inhabitants(self) -> int:
        """Inhabitants of all places."""
        return self._native.n_inhabitants

    @property
    def theory(self) -> tuple[str, str]:
        """The theory of belief and that of exit."""
        return self._native.theory

    @property
    def changes(self) -> list[str]:
        """What was changed, in order."""
        return self._native.changes

    @property
    def sources(self) -> dict[str, str]:
        """Citations by key."""
        return self._native.sources

    @property
    def groups(self) -> dict[str, str]:
        """Names of the groups by identifier."""
        return dict(self._native.groups)

    @property
    def places(self) -> Table:
        """The places."""
        return Table(self._native.places(), "places")

    @property
    def warnings(self) -> list[Problem]:
        """What may not be as the author meant."""
        return [Problem(**fields) for fields in self._native.warnings()]

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Every parameter by name, with meaning, unit, range and value."""
        return {entry.name: entry for entry in _dictionary(self._native)}

    @property
    def outcomes(self) -> list[Outcome]:
        """What designs, experiments and comparisons can measure."""
        return [Outcome(*about) for about in self._native.outcomes()]

    def differences(self, other: Scenario) -> list[SetupDifference]:
        """What ``other`` is given otherwise than this one: parameters, theories,
        levers, pay, timeline and all else that a run depends on.
        """
        return [SetupDifference(**fields) for fields in json.loads(self._native.differences(other._native))]

    def __getitem__(self, name: str) -> float:
        value = self._native.value(name)
        if value is None:
            raise KeyError(f"{name!r} isn't a parameter; Scenario.parameters lists them")
        return value

    def __repr__(self) -> str:
        changed = f", changed: {', '.join(self.changes)}" if self.changes else ""
        return (
            f"<Scenario {self.id}: {self.n_inhabitants:,} inhabitants, {self.days} days from {self.start}, "
            f"seed {self.seed}{changed}>"
        )

    def __reduce__(self) -> Any:
        return _load, (self._native.name, self.changes, self._native.theories)


def _load(name: str, changes: list[str], theories: list[tuple[str, str]]) -> Scenario:
    return Scenario(_native.Scenario(name, changes, theories))


def _dictionary(native: _native.Scenario | None) -> list[Parameter]:
    entries = json.loads(_native.parameters()) + (json.loads(native.own_parameters()) if native else [])
    found = [(entry, native.value(entry["name"]) if native else None) for entry in entries]
    return [Parameter(**entry, value=entry["default"] if value is None else value) for entry, value in found]


ScenarioLike = Scenario | str | os.PathLike[str]
"""A scenario, the name of a built-in one, or a folder or file."""


def scenario(
    name: ScenarioLike,
    *,
    seed: int | None = None,
    days: int | None = None,
    theory: TheoryLike | Iterable[TheoryLike] | None = None,
    set: Mapping[str, Value] | Iterable[str] | None = None,
    scale: int | None = None,
) -> Scenario:
    """Loads a scenario, and changes it: a built-in one by name, or a folder or file.

    ``set`` takes the keys of the command line's ``--set``, such as
    ``{"combat.decisiveness": 2, "groups.isis.brutality": 0.5}``; ``theory`` a
    theory of belief or of exit, a :class:`Theory`, or several; ``scale`` keeps one in so many people.
    """
    changes = _changes(seed, days, theory, set, scale)
    if isinstance(name, Scenario):
        return Scenario(name._native.edit(changes, _files(theory))) if changes else name
    return _load(os.fspath(name), changes, _files(theory))


def new_scenario(
    folder: str | os.PathLike[str],
    *,
    base: str | None = None,
    title: str | None = None,
    start: datetime.date | None = None,
    days: int | None = None,
    groups: Iterable[str] = (),
    places: int | None = None,
) -> Scenario:
    """Writes the folder of a scenario to start from, and loads it.

    With ``base`` it extends a built-in scenario. Without, it is an invented war that runs at
    once, of ``groups`` such as ``"Hill rebels:rebel:250"``: name, profile (``government``,
    ``foreign_state``, ``rebel`` or ``militia``) and, if need be, members.
    """
    wanted = list(groups)
    if base is None:
        day = (start.year, start.month, start.day) if start else None
        _native.new_scenario(folder, title, day, days, wanted, places)
    elif wanted or (title, start, days, places) != (None, None, None, None):
        raise ValueError("a scenario that extends another takes no title, start, days, groups and places")
    else:
        _native.extend_scenario(folder, base)
    return scenario(folder)


def scenarios() -> list[str]:
    """The names of the built-in scenarios."""
    return _native.builtin_scenarios()


def experiments() -> list[str]:
    """The names of the built-in experiments."""
    return _native.builtin_experiments()


def parameters(filter: str = "") -> list[Parameter]:
    """The dictionary of parameters; those whose names contain ``filter``."""
    return [entry for entry in _dictionary(None) if filter in entry.name]
