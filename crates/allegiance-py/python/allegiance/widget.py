"""A run in a notebook, with a map, a slider and a person's path: ``pip install allegiance[widget]``.

It works wherever anywidget does, as in Jupyter, VS Code and Colab, without a server: what it shows
is in the notebook, and the kernel tells the paths.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from allegiance._errors import AllegianceError, ArgumentError
from allegiance._questions import story
from allegiance._run import Run, RunLike, open_run

__all__ = ["KINDS", "RunWidget"]

KINDS = ("path", "defector", "deserter", "departed", "stayer", "captured", "joiner")
"""Whose path can be told: the first of a kind, as :func:`allegiance.story` picks."""

_HERE = Path(__file__).parent


class RunWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """One replicate of a run, day by day; ``day`` and ``pick`` can be set from Python, too.

    The run must be in a folder. ``pick`` is one of :data:`KINDS`.
    """

    _esm = _HERE / "widget.js"
    _css = _HERE / "widget.css"

    data = traitlets.Dict().tag(sync=True)
    """What is drawn."""
    day = traitlets.Int(0).tag(sync=True)
    """The day that is shown, from 0."""
    pick = traitlets.Enum(KINDS, "defector").tag(sync=True)
    """Whose path is told."""
    story = traitlets.Unicode("").tag(sync=True)
    """The path, as text."""

    def __init__(self, run: RunLike, *, replicate: int = 0, day: int = 0, pick: str = "defector"):
        opened = run if isinstance(run, Run) else open_run(run)
        if opened.folder is None and opened.address is None:
            raise ArgumentError("the run is in memory, and this needs its folder", hint="give run() a folder with out=")
        self._run, self._replicate = opened, replicate
        data = _drawn(opened, replicate)
        if day not in range(len(data["dates"])):
            raise ArgumentError(f"day is {day}; must be 0 to {len(data['dates']) - 1}", key="day")
        super().__init__(data=data, day=day, pick=pick)
        self._tell()
        self.observe(self._tell, names="pick")

    def _tell(self, _change: Any = None) -> None:
        try:
            self.story = story(self._run, pick=self.pick, replicate=self._replicate).text
        except AllegianceError as error:
            self.story = str(error)


def _drawn(run: Run, replicate: int) -> dict[str, Any]:
    """What the browser draws, as lists of numbers and texts."""
    tables = {name: run.table(name, replicate=replicate).to_pyarrow().to_pylist() for name in ("control", "groups", "incidents")}
    places = run["places"].to_pyarrow().to_pylist()
    at = {place["id"]: number for number, place in enumerate(places)}
    members: dict[str, list[int]] = {}
    for row in sorted(tables["groups"], key=lambda row: row["day"]):
        members.setdefault(row["group"], []).append(row["n_members"])
    groups = list(members)
    first = datetime.date.fromisoformat(run.manifest["start"])
    control = sorted(
        (row["day"], at[row["place"]], groups.index(row["group"]), row["share"])
        for row in tables["control"]
        if row["group"] in members
    )
    incidents = []
    for row in tables["incidents"]:
        killed = row["dead_perpetrator"] + row["dead_target"]
        words = f"{row['kind'].replace('_', ' ').capitalize()} by {row['perpetrator']}, at {row['place']}: "
        words += f"{killed} members and {row['dead_civilians']} civilians killed"
        incidents.append({"day": row["day"], "place": at.get(row["place"], -1), "words": words})
    return {
        "title": f"{run.manifest['scenario_title']}, replicate {replicate}",
        "about": run.manifest["about"],
        "dates": [(first + datetime.timedelta(days)).isoformat() for days in range(run.manifest["n_days"])],
        "places": [{key: place[key] for key in ("name", "latitude", "longitude", "population")} for place in places],
        "groups": [
            {"name": group.replace("_", " "), "letter": chr(65 + number % 26), "members": members[group]}
            for number, group in enumerate(groups)
        ],
        "control": control,
        "incidents": incidents,
        "kinds": list(KINDS),
    }
