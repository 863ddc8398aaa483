"""Designs written in Python: the text of a design file."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from typing import Literal

from allegiance._errors import ArgumentError
from allegiance._scenario import TheoryLike, Value, assignments
from allegiance._theory import Theory, file_of

Sampler = Literal["grid", "random", "latin_hypercube", "sobol", "saltelli", "morris"]
"""How rows are chosen."""

Levels = tuple[float, float] | tuple[float, float, str] | list[Value | Theory] | None
"""A range, with a scale (``linear``, ``log``, ``whole``) or without, which is on the
scale of the parameter's prior; a list of values; or ``None`` for that prior."""


@dataclasses.dataclass(frozen=True)
class Design:
    """A design as its file has it."""

    text: str
    """The TOML."""
    theories: tuple[Theory, ...] = ()
    """Theories that it names by their names with ``.toml``."""


def design(
    id: str,
    scenario: str,
    factors: Mapping[str, Levels],
    *,
    outcomes: Iterable[str],
    sampler: Sampler = "grid",
    rows: int | None = None,
    levels: int | None = None,
    replicates: int = 1,
    seed: int | None = None,
    theory: TheoryLike | Iterable[TheoryLike] | None = None,
    set: Mapping[str, Value] | Iterable[str] | None = None,
    title: str | None = None,
) -> Design:
    """Writes a design: which values of a scenario vary, and what is measured.

    Keys of ``factors`` are those of ``set``; mistakes are found when it is run. ``theory`` holds in
    every row; a :class:`Theory`, there or among the values of the factor ``theory``, goes with the design.
    """
    built: dict[str, Theory] = {}

    def word(value: Value | Theory) -> Value:
        if not isinstance(value, Theory):
            return value
        name, text = file_of(value)
        if built.setdefault(name, value).text != text:
            raise ArgumentError(f"two theories are called {value.name}", hint="give one of them another name")
        return name

    # A text of JSON is one of TOML.
    lines = ["format = 1", f"id = {json.dumps(id)}", f"title = {json.dumps(title or id)}"]
    lines += [f"scenario = {json.dumps(scenario)}", f'sampler = "{sampler}"']
    numbers = {"rows": rows, "levels": levels, "replicates": replicates, "seed": seed}
    lines += [f"{key} = {number}" for key, number in numbers.items() if number is not None]
    lines.append(f"outcomes = {json.dumps(list(outcomes))}")
    theories = [theory] if isinstance(theory, (str, Theory)) else list(theory or ())
    if changes := [*(f"theory={word(one)}" for one in theories), *assignments(set)]:
        lines.append(f"set = {json.dumps(changes)}")
    for key, values in factors.items():
        lines += ["", "[[factors]]", f"key = {json.dumps(key)}"]
        if isinstance(values, list):
            lines.append(f"values = {json.dumps([word(value) for value in values])}")
        elif values is not None:
            lines += [f"low = {values[0]!r}", f"high = {values[1]!r}"]
            lines += [f"scale = {json.dumps(values[2])}"] if len(values) > 2 else []
    return Design("\n".join(lines) + "\n", tuple(built.values()))
