"""Scenarios built from events, places and boundaries."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from allegiance import _native
from allegiance._errors import ArgumentError
from allegiance._questions import Answer, DatesWord
from allegiance._scenario import Scenario, scenario
from allegiance._store import only_here

_Path = str | os.PathLike[str]

DateLike = datetime.date | str
"""A day, or its text, such as ``2008-01-31``."""


class Built(Answer):
    """A scenario that was built: its groups, places and events, what was assumed, and what is in doubt."""

    folder: Path

    @property
    def scenario(self) -> Scenario:
        """The scenario, loaded."""
        return scenario(self.folder)


def data_build(
    events: _Path,
    places: _Path,
    *,
    country: str,
    first: DateLike,
    last: DateLike,
    out: _Path,
    boundaries: _Path | None = None,
    boundary_name: str | None = None,
    groups: _Path | None = None,
    population: int | None = None,
    population_column: str | None = None,
    country_code: str | None = None,
    mode: Literal["observed", "endogenous"] = "observed",
    undated: Literal["spread", "refuse"] = "spread",
    min_events: int = 10,
    control_window: int = 365,
    within_km: float = 50.0,
    far_places: bool = False,
    leave_out: Iterable[int] = (),
    dates: DatesWord | None = None,
    seed: int = 1,
    overwrite: bool = False,
) -> Built:
    """Builds the folder ``out`` of a scenario of any war from tables of others.

    ``events`` is a table of UCDP GED and ``places`` one of GeoNames, of OCHA or with name, latitude,
    longitude and population; ``first`` and ``last`` are days. The other arguments are the options of
    ``allegiance data build``. ``ASSUMPTIONS.md`` in the folder lists everything that was assumed.
    """
    given = {"events": events, "places": places, "boundaries": boundaries, "groups": groups, "out": out}
    for what, path in given.items():
        only_here(path, what)
    for key, least, value in (("min_events", 1, min_events), ("control_window", 0, control_window), ("seed", 0, seed)):
        if value < least:
            raise ArgumentError(f"{key} is {value}; must be {least} or more", key=key)
    options = {
        "boundaries": boundaries,
        "boundary_name": boundary_name,
        "groups": groups,
        "population": population,
        "population_column": population_column,
        "country_code": country_code,
        "mode": mode,
        "undated": undated,
        "min_events": min_events,
        "control_window": control_window,
        "within_km": within_km,
        "far_places": far_places,
        "leave_out": list(leave_out),
        "dates": dates,
        "seed": seed,
        "overwrite": overwrite,
    }
    days = _day(first, "first"), _day(last, "last")
    fields, text = _native.data_build(events, places, country, *days, out, options)
    return Built(json.loads(fields), text, Path(out))


def _day(day: DateLike, key: str) -> tuple[int, int, int]:
    if isinstance(day, str):
        try:
            day = datetime.date.fromisoformat(day)
        except ValueError:
            raise ArgumentError(f"{key} is {day!r}; must be a date such as 2014-01-12", key=key) from None
    return day.year, day.month, day.day
