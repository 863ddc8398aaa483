"""Questions to scenarios and runs, with answers in words and in numbers."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from allegiance import _native
from allegiance._design import Design
from allegiance._errors import ArgumentError
from allegiance._progress import ProgressChoice, following
from allegiance._run import RunLike, folder_of, read_table
from allegiance._scenario import ScenarioLike, Value, assignments, scenario
from allegiance._table import Table

_Path = str | os.PathLike[str]


class Answer(Mapping[str, Any]):
    """An answer: the fields of the command line's ``--format json`` by name,
    and as text what the command line prints.
    """

    def __init__(self, fields: dict[str, Any], text: str, folder: Path | None = None):
        self.fields = fields
        """All of it, as JSON knows it."""
        self.text = text
        """The answer for people."""
        self.folder = folder
        """Where it is kept, if it is."""

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {', '.join(self.fields)}>"


class Comparison(Answer):
    """What differs between the arms of an experiment, or between two scenarios."""

    @property
    def differences(self) -> list[dict[str, Any]]:
        """One row an outcome and arm: arm less baseline over paired
        replicates, with its 95% interval; ``None`` where the outcome exists in
        no pair.
        """
        names = ("n_pairs", "mean_first", "mean_second", "mean", "low", "high")
        rows = []
        for entry in self["differences"]:
            difference = entry["difference"] or {}
            row = {key: entry[key] for key in ("arm", "outcome", "unit")}
            rows.append(row | {name: difference.get(name) for name in names})
        return rows


class Sweep(Answer):
    """A finished sweep, or a shard of one."""

    folder: Path

    @property
    def rows(self) -> Table:
        """One line a row of the design and replicate."""
        return read_table(self.folder / "rows.parquet")

    @property
    def failures(self) -> Table:
        """The rows that couldn't be run, with their cause."""
        return read_table(self.folder / "failures.parquet")


def _keep(out: _Path | None, overwrite: bool, resume: bool) -> tuple[_Path, bool, bool] | None:
    if out is None and (overwrite or resume):
        raise ArgumentError("overwrite and resume need a folder", hint="give one with out=")
    return None if out is None else (out, overwrite, resume)


def compare(
    a: ScenarioLike,
    b: ScenarioLike | None = None,
    *,
    set: Mapping[str, Value] | Iterable[str] | None = None,
    set_b: Mapping[str, Value] | Iterable[str] | None = None,
    outcomes: Iterable[str] = (),
    replicates: int = 100,
    half_width: float | None = None,
    theories: bool = False,
    prior_draws: int = 0,
    out: _Path | None = None,
    overwrite: bool = False,
    resume: bool = False,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Comparison:
    """Compares two scenarios on the same seeds; ``b`` is ``a`` where only ``set_b`` is given.

    ``half_width`` stops as soon as the interval of the first outcome is narrow
    enough; ``theories`` and ``prior_draws`` ask whether signs hold elsewhere.
    """
    first, changes_b = scenario(a), assignments(set_b)
    second = first if b is None else scenario(b)
    if b is None and not changes_b:
        raise ArgumentError(f"there is nothing to compare {first.id} with", hint="give b, or set_b")
    if replicates < 2:
        raise ArgumentError(f"replicates is {replicates}; must be 2 or more", key="replicates")
    with following(progress, "compare") as callback:
        fields, text, folder = _native.compare(
            first._native, second._native, assignments(set), changes_b, list(outcomes), replicates, half_width,
            theories, prior_draws, threads, _keep(out, overwrite, resume), callback,
        )  # fmt: skip
    return Comparison(json.loads(fields), text, folder)


def experiment(
    name: _Path,
    *,
    replicates: int | None = None,
    theories: bool | None = None,
    prior_draws: int | None = None,
    out: _Path | None = None,
    overwrite: bool = False,
    resume: bool = False,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Comparison:
    """Runs a built-in experiment, such as ``thesis``, or that of a file.

    A number replaces the file's: ``replicates`` of each arm, without a width at
    which to stop; ``theories`` and ``prior_draws`` as in :func:`compare`.
    """
    if replicates is not None and replicates < 2:
        raise ArgumentError(f"replicates is {replicates}; must be 2 or more", key="replicates")
    with following(progress, str(name)) as callback:
        keep = _keep(out, overwrite, resume)
        fields, text, folder = _native.experiment(
            os.fspath(name), replicates, theories, prior_draws, threads, keep, callback
        )
    return Comparison(json.loads(fields), text, folder)


def _design(design: Design | _Path) -> tuple[_Path | None, str | None]:
    return (None, design.text) if isinstance(design, Design) else (design, None)


def sweep(
    design: Design | _Path,
    *,
    out: _Path | None = None,
    shard: tuple[int, int] | Literal["merge"] | None = None,
    overwrite: bool = False,
    resume: bool = False,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Sweep:
    """Runs every row of a design into a folder, ``sweeps/ID`` by default.

    ``shard=(3, 8)`` runs the third of eight parts into a folder of its own;
    ``shard="merge"`` joins them to the bytes of an undivided sweep. Rows that
    can't be run are in ``failures``, with a warning.
    """
    file, text = _design(design)
    part = (0, 0) if shard == "merge" else shard
    if isinstance(shard, tuple) and not 1 <= shard[0] <= shard[1]:
        raise ArgumentError(f"the shard {shard[0]} of {shard[1]} doesn't exist", hint="shards count from 1")
    with following(progress, "sweep") as callback:
        folder, manifest, rendered = _native.sweep(file, text, out, part, threads, overwrite, resume, callback)
    return swept(folder, manifest, rendered)


def swept(folder: Path, manifest: str, rendered: str | None) -> Sweep:
    """A finished sweep; warns of rows that failed."""
    found = Sweep(json.loads(manifest), rendered or "", folder)
    if n_failed := found["n_failed"]:
        warnings.warn(f"{n_failed} of {found['n_rows']} rows failed; failures says why", stacklevel=3)
    return found


def sensitivity(
    design: Design | _Path | Sweep,
    *,
    out: _Path | None = None,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Answer:
    """What outcomes depend on: Sobol's indices or elementary effects, with intervals.

    Takes a design, which is swept where it hasn't been, or a finished sweep.
    """
    file, text = (design.folder, None) if isinstance(design, Sweep) else _design(design)
    with following(progress, "sensitivity") as callback:
        fields, rendered = _native.sensitivity(file, text, out, threads, callback)
    return Answer(json.loads(fields), rendered)


def recover(
    name: ScenarioLike = "one-village",
    *,
    draws: int = 10_000,
    truths: int = 40,
    parameters: Iterable[str] = (),
    table: _Path | None = None,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Answer:
    """What a reported record could tell: wars with known truths, inferred again.

    Draws are kept in ``table``, a folder, and reused.
    """
    if draws < 1_000:
        raise ArgumentError(f"draws is {draws}; must be 1000 or more", key="draws")
    native = scenario(name)._native
    with following(progress, "recover") as callback:
        fields, text = _native.recover(native, draws, truths, list(parameters), table, threads, callback)
    return Answer(json.loads(fields), text)


def calibrate(
    name: ScenarioLike = "north-syria-2014",
    *,
    budget: int = 8_000,
    minutes: int | None = None,
    particles: int = 256,
    parameters: Iterable[str] = (),
    out: _Path | None = None,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Answer:
    """The parameters that give the patterns of the evidence, by sequential Monte Carlo.

    Simulations are kept in ``out``, and the same call goes on with them.
    """
    if particles < 32 or budget < 64:
        raise ArgumentError(f"particles is {particles} and budget {budget}; must be 32 and 64 or more")
    native = scenario(name)._native
    with following(progress, "calibrate") as callback:
        fields, text = _native.calibrate(native, budget, minutes, particles, list(parameters), out, threads, callback)
    return Answer(json.loads(fields), text, None if out is None else Path(out))


PickWord = Literal["path", "defector", "deserter", "departed", "stayer", "captured", "joiner"]
"""A kind of person."""


def story(
    run: RunLike,
    *,
    person: int | None = None,
    replicate: int | None = None,
    pick: PickWord | None = None,
    place: str | None = None,
    beside: bool = False,
) -> Answer:
    """Why a simulated person stayed or left, from the record of a run in a folder.

    Without ``person`` and ``pick`` it is somebody who walks the conformance
    path, or else a defector. ``beside`` adds one from the same home and group
    who stayed, under the key ``beside``.
    """
    told = _native.story(folder_of(run), person, replicate, pick, place, beside)
    fields: dict[str, Any] = json.loads(told[0][0])
    if beside:
        fields["beside"] = json.loads(told[1][0]) if len(told) > 1 else None
    return Answer(fields, "\n".join(text for _, text in told))


def but_for(
    run: RunLike,
    *,
    person: int,
    replicate: int = 0,
    incident: int | None = None,
    exposure: int | None = None,
    futures: int = 200,
    outcomes: Iterable[str] = (),
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Answer:
    """What would have become of a person, and of the war, without one incident.

    ``incident`` is taken out of the war, ``exposure`` only hidden from the
    person; without either it is the incident behind his first exit.
    """
    if incident is not None and exposure is not None:
        raise ArgumentError("incident and exposure are given", hint="give one of them")
    if futures < 2:
        raise ArgumentError(f"futures is {futures}; must be 2 or more", key="futures")
    with following(progress, "but for") as callback:
        answer = json.loads(
            _native.but_for(
                folder_of(run), person, replicate, incident, exposure, futures, list(outcomes), threads, callback
            )
        )
    return Answer(answer, _but_for_text(answer))


def _but_for_text(answer: dict[str, Any]) -> str:
    found = answer["answer"]
    lines = [
        f"Person {answer['person']} in replicate {answer['replicate']}, with and without {answer['taken_out']} "
        f"{answer['incident']}, over {found['n_futures']} futures. Simulated person: synthetic, no one real."
    ]
    for row in [*found["leaving"], found["died"]]:
        lines.append(
            f"{row['how']}: {row['with']['share']:.0%} with, {row['without']['share']:.0%} without, "
            f"difference {100 * row['difference']:+.0f} points [{100 * row['low']:+.0f}, {100 * row['high']:+.0f}]"
        )
    return "\n".join(lines)


def score(run: RunLike, record: _Path, *, first: str | None = None, last: str | None = None) -> Answer:
    """Scores a run against a record of events (a table of UCDP GED), beside baselines.

    ``first`` and ``last`` are months such as ``2014-01``; lower scores are better.
    """
    fields = json.loads(_native.score(folder_of(run), record, first, last))
    rows = fields["scores"]["rows"]
    lines = [f"Scores of {fields['scenario']}; lower is better"]
    lines += [f"{row['level']}, {row['violence']}, {row['forecaster']}: {row['scores']}" for row in rows]
    return Answer(fields, "\n".join(lines))
