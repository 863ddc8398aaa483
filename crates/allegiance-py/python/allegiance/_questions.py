"""Questions to scenarios and runs, with answers in words and in numbers."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal

from allegiance import _html, _native
from allegiance._design import Design
from allegiance._errors import ArgumentError
from allegiance._mirror import kept_draws
from allegiance._progress import ProgressChoice, following
from allegiance._run import Run, RunLike, in_folder, maybe_in_folder, read_table
from allegiance._scenario import ScenarioLike, Value, assignments, scenario
from allegiance._scenario import scenario as _scenario
from allegiance._store import Copy, Upload, address_of, fetch_shards, only_here
from allegiance._table import Table
from allegiance._theory import Theory, file_of

_Path = str | os.PathLike[str]

DatesWord = Literal["month-first", "day-first"]
"""Which comes first in dates such as 1/2/2001."""


class Answer(Mapping[str, Any]):
    """An answer: the fields of the command line's ``--format json`` by name,
    and as text what the command line prints.
    """

    def __init__(self, fields: dict[str, Any], text: str, folder: Path | None = None, copy: Copy | None = None):
        self.fields = fields
        """All of it, as JSON knows it."""
        self.text = text
        """The answer for people."""
        self.folder = folder
        """Where it is kept on this machine, if it is."""
        self._copy = copy

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

    def _repr_html_(self) -> str:
        return _html.preformatted(self.text or repr(self))


class Comparison(Answer):
    """What differs between the arms of an experiment, or between two scenarios."""

    def __init__(self, fields: dict[str, Any], text: str, words: list[str], folder: Path | None = None):
        super().__init__(fields, text, folder)
        self._words = words

    @property
    def differences(self) -> list[dict[str, Any]]:
        """One row for each outcome and arm: arm less baseline over paired
        replicates, with its 95% interval; ``None`` where the outcome exists in
        no pair. There is no interval where no pair differs, and ``is_possible``
        is false where no effect of the arm is: where that follows from the
        two setups, rather than from equal replicates. ``low_together`` to
        ``high_together`` are intervals that all hold at once in 95 of 100 experiments.
        """
        names = ("n_pairs", "n_differ", "mean_first", "mean_second", "mean")
        impossible = {arm["id"] for arm in self["arms"] if (arm["differs"]["nothing_came"] or {}).get("follows")}
        rows = []
        for entry, words in zip(self["differences"], self._words, strict=True):
            difference = entry["difference"] or {}
            interval = difference.get("interval") or {}
            row = {key: entry[key] for key in ("arm", "outcome", "unit")} | {"in_words": words}
            row |= {name: difference.get(name) for name in names}
            row |= {name: interval.get(name) for name in ("low", "high", "p")}
            together = entry["together"] or {}
            row |= {f"{name}_together": together.get(name) for name in ("low", "high", "p")}
            rows.append(row | {"is_possible": entry["arm"] not in impossible})
        return rows

    @property
    def depends(self) -> list[dict[str, Any]]:
        """What each difference depends on, where theories, parameters and luck
        were crossed: one row for each outcome and arm, with the probabilities that
        the true difference, free of luck, is above or below about none, the parts of
        the variance of one replicate's difference, and what knowing would change.
        """
        rows = []
        for entry in self["differences"]:
            found = entry["agreement"]["crossed"]
            if found is not None:
                rows.append({key: entry[key] for key in ("arm", "outcome", "unit")} | found)
        return rows

    @property
    def differs(self) -> dict[str, list[str]]:
        """What each arm is given otherwise than the baseline, in words."""
        return {arm["id"]: [one["words"] for one in arm["differs"]["setup"]] for arm in self["arms"]}

    def _repr_html_(self) -> str:
        titles = {arm["id"]: arm["title"] for arm in self["arms"]}
        kinds = [kind for kind in ("theories", "priors") if any(row["agreement"][kind] for row in self["differences"])]
        rows = []
        for entry, row in zip(self["differences"], self.differences, strict=True):
            first = "–" if row["mean_first"] is None else _html.number(row["mean_first"])
            cells = [f"{row['outcome']} ({row['unit']})", titles[row["arm"]], row["in_words"], first]
            rows.append(cells + [_signs(entry["agreement"][kind]) for kind in kinds])
        baseline = titles[self["baseline"]]
        head = ["outcome", "arm", "difference, 95% interval", baseline, *(f"sign under {kind}" for kind in kinds)]
        about = f"Each arm less “{baseline}”, on {self['scenario']}: means over {self['n_replicates']} pairs."
        simulated = self["about"]
        return _html.paragraphs(self["title"], self["question"], about, simulated) + _html.table(head, rows)


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + _html.number(value)


def _signs(agreement: dict[str, Any] | None) -> str:
    """In how many worlds a difference is above zero, below it, or neither."""
    if agreement is None:
        return "–"
    return ", ".join(f"{n} {_SIGNS[key]}" for key, n in agreement.items() if key in _SIGNS and n)


_SIGNS = {"n_up": "up", "n_down": "down", "n_unclear": "unclear", "n_same": "without a difference"}


class Sweep(Answer):
    """A finished sweep, or a shard of one; what lies in a store is fetched into ``folder``."""

    folder: Path

    @property
    def rows(self) -> Table:
        """One line a row of the design and replicate."""
        return read_table(self.folder / "rows.parquet")

    @property
    def failures(self) -> Table:
        """The rows that couldn't be run, with their cause."""
        return read_table(self.folder / "failures.parquet")


class Story(Answer):
    """Why a simulated person stayed or left."""


class ButFor(Answer):
    """What would have become of a person, and of the war, without one incident."""

    @property
    def shares(self) -> list[dict[str, Any]]:
        """One row a way of leaving, and one for death: the share of futures with
        the incident and without it, and their difference with its 95% interval,
        which there isn't where no pair differs.
        """
        found = self["answer"]
        rows = []
        for entry in [*found["leaving"], found["died"]]:
            shares = {key: entry[key]["share"] for key in ("with", "without")}
            rows.append({"how": entry["how"], **shares, **{key: entry[key] for key in ("difference", "low", "high")}})
        return rows


class Score(Answer):
    """A run against a record, next to baselines; lower scores are better."""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a level, type of violence and forecaster: mean scores, and the
        model's less this forecaster's with its 95% interval; ``None`` where a
        baseline has no score.
        """
        names = self["score_names"]
        rows = []
        for entry in self["scores"]["rows"]:
            row = {key: entry[key] for key in ("level", "violence", "forecaster")}
            row |= {name: (entry["scores"] or {}).get(name) for name in names}
            less = entry["model_less_this"] or [{}] * len(names)
            for name, found in zip(names, less, strict=True):
                interval = found.get("interval") or {}
                row |= {f"{name}_model_less_this": found.get("mean")}
                row |= {f"{name}_{end}_95": interval.get(end) for end in ("low", "high")}
            rows.append(row)
        return rows

    def _repr_html_(self) -> str:
        scores, names = self["scores"], self["score_names"]
        about = (
            f"Scores of {self['scenario']}, {scores['n_replicates']} replicates, {scores['first']} to {scores['last']}: "
            "means over units and months, lower is better; in brackets the model's less this one's, 95% interval."
        )
        rows = []
        for row in self.rows:
            cells = [str(row[key]).replace("_", " ") for key in ("level", "violence", "forecaster")]
            for name in names:
                mean, low, high = (row[f"{name}_{part}"] for part in ("model_less_this", "low_95", "high_95"))
                bracket = "" if mean is None else f" ({_signed(mean)}"
                if mean is not None:
                    bracket += ")" if low is None else f"; {_signed(low)} to {_signed(high)})"
                cells.append(_html.number(row[name]) + bracket)
            rows.append(cells)
        head = ["level", "violence", "forecaster", *names]
        return _html.paragraphs(about, self["note"]) + _html.table(head, rows)



_Keep = tuple[_Path, bool, bool] | None


@contextmanager
def _kept(out: _Path | None, overwrite: bool, resume: bool) -> Iterator[_Keep]:
    """Where results go while they are made; sent from there, if to a store."""
    if out is None:
        if overwrite or resume:
            raise ArgumentError("overwrite and resume need a folder", hint="give one with out=")
        yield None
    elif address := address_of(out):
        with Upload(address, overwrite, resume) as upload:
            yield upload.out, overwrite, resume
    else:
        yield out, overwrite, resume


def _comparison(found: tuple[str, str, list[str], Path | None], out: _Path | None) -> Comparison:
    fields, text, words, folder = found
    return Comparison(json.loads(fields), text, words, None if address_of(out) else folder)


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
    crossed_draws: int = 0,
    out: _Path | None = None,
    overwrite: bool = False,
    resume: bool = False,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Comparison:
    """Compares two scenarios on the same seeds; ``b`` is ``a`` where only ``set_b`` is given.

    ``half_width`` stops as soon as the interval of the first outcome is narrow
    enough; ``theories`` and ``prior_draws`` ask whether signs hold elsewhere,
    ``crossed_draws``, draws under each theory, how much of a difference is due to
    theories, parameters and luck.
    """
    first, changes_b = scenario(a), assignments(set_b)
    second = first if b is None else scenario(b)
    if b is None and not changes_b:
        raise ArgumentError(f"there is nothing to compare {first.id} with", hint="give b, or set_b")
    if replicates < 2:
        raise ArgumentError(f"replicates is {replicates}; must be 2 or more", key="replicates")
    with _kept(out, overwrite, resume) as keep, following(progress, "compare") as callback:
        found = _native.compare(
            first._native, second._native, assignments(set), changes_b, list(outcomes), replicates, half_width,
            theories, prior_draws, crossed_draws, threads, keep, callback,
        )  # fmt: skip
    return _comparison(found, out)


def experiment(
    name: _Path,
    *,
    replicates: int | None = None,
    theories: bool | None = None,
    prior_draws: int | None = None,
    crossed_draws: int | None = None,
    out: _Path | None = None,
    overwrite: bool = False,
    resume: bool = False,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Comparison:
    """Runs a built-in experiment, such as ``thesis``, or that of a file.

    A number replaces the file's: ``replicates`` of each arm, without a width at
    which to stop; ``theories``, ``prior_draws`` and ``crossed_draws`` as in :func:`compare`.
    """
    if replicates is not None and replicates < 2:
        raise ArgumentError(f"replicates is {replicates}; must be 2 or more", key="replicates")
    with _kept(out, overwrite, resume) as keep, following(progress, str(name)) as callback:
        found = _native.experiment(
            os.fspath(name), replicates, theories, prior_draws, crossed_draws, threads, keep, callback
        )
    return _comparison(found, out)


def taken_apart(design: Design | _Path) -> tuple[_Path | None, str | None, list[tuple[str, str]]]:
    """Its file or its text, and the theories that go with it."""
    if isinstance(design, Design):
        return None, design.text, [file_of(theory) for theory in design.theories]
    return design, None, []


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
    ``shard="merge"`` joins them to the bytes of an undivided sweep. Folders may
    be in a store, such as ``s3://bucket/folder``. Rows that can't be run are in
    ``failures``, with a warning.
    """
    file, text, theories = taken_apart(design)
    part = (0, 0) if shard == "merge" else shard
    check_shard(shard)
    if address := address_of(out):
        suffix = f".shard-{shard[0]}-of-{shard[1]}" if isinstance(shard, tuple) else ""
        with Upload(address, overwrite, resume, suffix) as upload, following(progress, "sweep") as callback:
            if shard == "merge":
                fetch_shards(address, upload.out)
            _native.sweep(file, text, theories, upload.out, part, threads, overwrite, resume, callback)
        return open_sweep(address + suffix)
    with following(progress, "sweep") as callback:
        found = _native.sweep(file, text, theories, out, part, threads, overwrite, resume, callback)
    return swept(*found)


def open_sweep(folder: _Path) -> Sweep:
    """Opens the folder of a finished sweep, or of a shard; one in a store by its address."""
    if address := address_of(folder):
        copy = Copy(address, "design.json")
        return swept(*_native.open_sweep(copy.fetch()), copy)
    return swept(*_native.open_sweep(folder))


def swept(folder: Path, manifest: str, rendered: str | None, copy: Copy | None = None) -> Sweep:
    """A finished sweep; warns of rows that failed."""
    found = Sweep(json.loads(manifest), rendered or "", folder, copy)
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
    only_here(out, "out")
    if not isinstance(design, (Design, Sweep)) and address_of(design):
        design = open_sweep(design)
    file, text, theories = (design.folder, None, []) if isinstance(design, Sweep) else taken_apart(design)
    with following(progress, "sensitivity") as callback:
        fields, rendered = _native.sensitivity(file, text, theories, out, threads, callback)
    return Answer(json.loads(fields), rendered)


def recover(
    name: ScenarioLike = "one-village",
    *,
    draws: int = 10_000,
    truths: int = 40,
    fresh: int = 200,
    parameters: Iterable[str] = (),
    theories: Iterable[Theory] = (),
    evidence: Iterable[_Path] = (),
    table: _Path | None = None,
    shard: tuple[int, int] | None = None,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Answer:
    """What a reported record could tell: wars with known truths, inferred again.

    ``theories`` are told apart from those of the engine, in the slot that they fill. ``evidence``
    are files of evidence of people and groups, found or planned, whose worth is told beside the
    record's.

    Every verdict is about the scenario's war and the number of events in its record
    (``n_events``). ``fresh`` wars more are put to a tournament to see what that is worth.

    Draws are kept in ``table``, a folder of this machine or of a store, and reused. With
    ``shard=(3, 8)`` only the third of eight parts of them is simulated, and the answer is empty.
    """
    check_draws(draws)
    check_shard(shard)
    native = scenario(name)._native
    with kept_draws(table, "recover", progress, shard) as (folder, callback):
        found = _native.recover(
            native,
            draws,
            truths,
            fresh,
            list(parameters),
            [file_of(one) for one in theories],
            list(evidence),
            folder,
            shard or (1, 1),
            threads,
            callback,
        )
    return answer(*(found or ("{}", "")))


def check_draws(draws: int) -> None:
    """Refuses a number of draws from which nothing can be told."""
    if not 1_000 <= draws <= 10_000_000:
        raise ArgumentError(f"draws is {draws}; must be 1000 to 10000000", key="draws")


def check_shard(shard: object) -> None:
    """Refuses a shard that there isn't."""
    if isinstance(shard, tuple) and not 1 <= shard[0] <= shard[1]:
        raise ArgumentError(f"the shard {shard[0]} of {shard[1]} doesn't exist", hint="shards count from 1")


def answer(fields: str, text: str, folder: Path | None = None) -> Answer:
    """An answer from what the native module gives."""
    return Answer(json.loads(fields), text, folder)


def calibrate(
    name: ScenarioLike,
    *,
    budget: int = 8_000,
    minutes: int | None = None,
    particles: int = 256,
    parameters: Iterable[str] = (),
    evidence: Iterable[_Path] = (),
    out: _Path | None = None,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Answer:
    """The parameters that give the patterns of the scenario's case, by sequential Monte Carlo.

    With ``evidence``, files of what was found about people and groups, they are held against that
    instead.

    Simulations are kept in ``out``, a folder of this machine or of a store, and the same call goes
    on with them.
    """
    check_effort(particles, budget)
    native = scenario(name)._native
    with kept_draws(out, "calibrate", progress) as (folder, callback):
        found = _native.calibrate(
            native, budget, minutes, particles, list(parameters), list(evidence), folder, threads, callback
        )
    return answer(*found, folder_of(out))


def check_effort(particles: int, budget: int) -> None:
    """Refuses a calibration that is too small to tell anything."""
    if particles < 32 or budget < 64:
        raise ArgumentError(f"particles is {particles} and budget {budget}; must be 32 and 64 or more")


def folder_of(out: _Path | None) -> Path | None:
    """Where an answer is kept on this machine, if it is."""
    return None if out is None or address_of(out) else Path(out)


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
) -> Story:
    """Why a simulated person stayed or left, from the record of a run in a folder.

    Without ``person`` and ``pick`` it is somebody who walks the conformance
    path, or else a defector. ``beside`` adds one from the same home and group
    who stayed, under the key ``beside``.
    """
    with in_folder(run) as folder:
        told = _native.story(folder, person, replicate, pick, place, beside)
    fields: dict[str, Any] = json.loads(told[0][0])
    if beside:
        fields["beside"] = json.loads(told[1][0]) if len(told) > 1 else None
    return Story(fields, "\n".join(text for _, text in told))


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
) -> ButFor:
    """What would have become of a person, and of the war, without one incident.

    ``incident`` is taken out of the war, ``exposure`` only hidden from the
    person; without either it is the incident behind his first exit.
    """
    if incident is not None and exposure is not None:
        raise ArgumentError("incident and exposure are given", hint="give one of them")
    if futures < 2:
        raise ArgumentError(f"futures is {futures}; must be 2 or more", key="futures")
    with in_folder(run) as folder, following(progress, "but for") as callback:
        answer, text = _native.but_for(
            folder, person, replicate, incident, exposure, futures, list(outcomes), threads, callback
        )
    return ButFor(json.loads(answer), text)


def score(
    run: RunLike, record: _Path, *, first: str | None = None, last: str | None = None, dates: DatesWord | None = None
) -> Score:
    """Scores a run against a record of events (a table of UCDP GED), next to baselines.

    ``first`` and ``last`` are months such as ``2014-01``; lower scores are better. ``dates`` says
    which comes first in dates of the record such as 1/2/2001, where no row tells.
    """
    only_here(record, "record")
    with in_folder(run) as folder:
        fields, text = _native.score(folder, record, first, last, dates)
    return Score(json.loads(fields), text)


def report(
    run: RunLike, *others: RunLike | Comparison, out: _Path | None = None, overwrite: bool = False
) -> Path:
    """Writes a run as one HTML file for people, ``RUN-report.html`` next to it by default; gives the file.

    With other runs of the same places, groups and seed it shows their paired
    differences; with results or folders of experiments, what those found.
    """
    only_here(out, "out")
    if out is None and _is_in_store(run):
        raise ArgumentError("the run is in a store, which gets no report", hint="name a file with out=")
    with ExitStack() as stack:
        folder = stack.enter_context(in_folder(run))
        return _native.report(folder, [_folder_beside(other, stack) for other in others], out, overwrite)


def _folder_beside(other: RunLike | Comparison, stack: ExitStack) -> _Path:
    """The folder of what a report compares a run with."""
    if not isinstance(other, Comparison):
        # The folder of an experiment, too.
        return stack.enter_context(in_folder(other))
    if other.folder is None:
        raise ArgumentError("the experiment is in memory, and this needs its folder", hint="give it one with out=")
    return other.folder


def _is_in_store(run: RunLike) -> bool:
    return run.address is not None if isinstance(run, Run) else address_of(run) is not None


def paths(run: RunLike) -> Answer:
    """How many people go from belief to defection, step by step, over a run's replicates."""
    with in_folder(run) as folder:
        fields, text = _native.paths(folder)
    return Answer(json.loads(fields), text)


def verify(
    run: RunLike, *, replicates: int | None = None, every_way: bool = False, progress: ProgressChoice = None
) -> Answer:
    """Checks a finished run's files, simulates it again and compares digests.

    ``replicates`` are simulated, all by default; ``every_way`` varies threads, order and
    checkpoints, none of which may change a result. Raises ``FolderError`` where a file or
    a digest isn't what was written.
    """
    if replicates is not None and replicates < 1:
        raise ArgumentError(f"replicates is {replicates}; must be 1 or more", key="replicates")
    with in_folder(run) as folder, following(progress, "verify") as callback:
        fields, text = _native.verify(folder, replicates, every_way, callback)
    return Answer(json.loads(fields), text)


def theories(
    name: ScenarioLike = "one-village",
    *,
    theories: Iterable[Theory] = (),
    replicates: int = 100,
    out: _Path | None = None,
    overwrite: bool = False,
    resume: bool = False,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Answer:
    """A scenario under every theory with the same seeds: one row each, under the key ``rows``.

    ``theories`` of your own are set next to those of the engine.
    """
    if not 1 <= replicates <= 30_000:
        raise ArgumentError(f"replicates is {replicates}; must be 1 to 30000", key="replicates")
    only_here(out, "out")
    native = scenario(name)._native
    files = [file_of(one) for one in theories]
    with _kept(out, overwrite, resume) as keep, following(progress, "theories") as callback:
        fields, text, folder = _native.theories(native, files, replicates, threads, keep, callback)
    return Answer({"rows": json.loads(fields)}, text, folder)


def tournament(
    record: RunLike | None = None,
    *,
    evidence: Iterable[_Path] = (),
    replicate: int = 0,
    scenario: ScenarioLike | None = None,
    draws: int = 10_000,
    seed: int | None = None,
    parameters: Iterable[str] = (),
    theories: Iterable[Theory] = (),
    table: _Path | None = None,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Answer:
    """Tests every theory against a reported record, evidence of people and groups, or both.

    It abstains where they can't tell. ``evidence`` are files of what was found.

    ``record`` is a run, of which only what observers saw of ``replicate`` is read, or a table of
    UCDP GED whose sides are the groups of ``scenario``. Draws are those of :func:`recover`, kept in
    ``table`` and reused.
    """
    if not 1_000 <= draws <= 10_000_000:
        raise ArgumentError(f"draws is {draws}; must be 1000 to 10000000", key="draws")
    only_here(table, "table")
    native = None if scenario is None else _scenario(scenario)._native
    files = [file_of(one) for one in theories]
    known = list(evidence)
    with maybe_in_folder(record) as place, following(progress, "tournament") as callback:
        fields, text = _native.tournament(
            place, known, replicate, native, draws, seed, list(parameters), files, table, threads, callback
        )
    return Answer(json.loads(fields), text)
