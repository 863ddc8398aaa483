"""Long work on a cluster of Ray: ``pip install allegiance[ray]``.

Rows and draws are addressed, so that a lost worker loses nothing: Ray runs its task
again elsewhere, and what is kept has the bytes of the same work on one machine.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import ray

from allegiance import _native
from allegiance._design import Design
from allegiance._errors import ArgumentError, DocumentError, FolderError, RunError, ScenarioError
from allegiance._mirror import kept_draws
from allegiance._progress import ProgressChoice, following
from allegiance._questions import (
    Answer, Sweep, answer, check_draws, check_effort, check_shard, folder_of, open_sweep, swept, taken_apart,
)  # fmt: skip
from allegiance._scenario import ScenarioLike, scenario, scenarios
from allegiance._store import Upload, address_of
from allegiance._theory import Theory, file_of

__all__ = ["calibrate", "recover", "sweep"]

_Path = str | os.PathLike[str]
_Files = tuple[tuple[str, str], ...]

# Enough that a worker always finds the next task waiting.
_TASKS_A_CPU = 3
# How long the driver waits before it tells its progress again.
_TICK_SECONDS = 0.5
# How much processor time a task takes where nobody says how much is in it: sending one costs some
# milliseconds, and a worker that is lost loses this much.
_TASK_SECONDS = 5.0


class _Pace:
    """How many pieces of work go into a task."""

    def __init__(self, n: int | None, what: str):
        if n is not None and n < 1:
            raise ArgumentError(f"{what} is {n}; must be 1 or more", key=what)
        self._n = n
        self._seconds = 0.0
        self._done = 0

    def heard(self, n: int, seconds: float) -> None:
        """Takes note of the processor time that a task took."""
        self._seconds += seconds
        self._done += n

    def __call__(self, n_left: int, n_tasks: int) -> int:
        """So many that a task takes some seconds, and every worker has some."""
        if self._n is not None:
            return self._n
        if self._done == 0:
            return 1
        fitting = int(_TASK_SECONDS * self._done / max(self._seconds, 1e-6))
        return max(1, min(fitting, -(-n_left // n_tasks)))


def _joined() -> int:
    """How many tasks are given out at once on the cluster, which is joined if none is."""
    if not ray.is_initialized():
        ray.init()
    return max(1, int(ray.cluster_resources().get("CPU", 1))) * _TASKS_A_CPU


def _follow(
    work: Callable[..., Any],
    retries: int,
    most: int,
    give: Callable[[int], Iterable[tuple[Any, tuple[Any, ...]]]],
    keep: Callable[[Any, Any], None],
    tell: Callable[[], object],
) -> None:
    """Runs tasks until none is left: ``give`` has at most so many, each with what ``keep`` takes with its result."""
    remote = ray.remote(num_cpus=1, max_retries=retries)(work)
    running: dict[Any, Any] = {}
    try:
        while True:
            for task, arguments in give(most - len(running)):
                running[remote.remote(*arguments)] = task
            if not running:
                return
            ready, _ = ray.wait(list(running), timeout=_TICK_SECONDS)
            for finished in ready:
                keep(running[finished], ray.get(finished))
                del running[finished]
            tell()
    except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError) as error:
        raise RunError(
            f"a task lost its worker {retries + 1} times; what came back is kept", hint="the same call goes on"
        ) from error
    except ray.exceptions.RayTaskError as error:
        if not isinstance(error.cause, (ArgumentError, DocumentError, FolderError, ScenarioError)):
            raise
        # This machine has read the same without complaint.
        raise RunError(
            f"a worker can't begin: {error.cause}",
            hint="scenarios of your own must be where this machine has them, on every worker",
        ) from error
    finally:
        for task in running:
            ray.cancel(task, force=True)


@lru_cache(maxsize=2)
def _rows_of(file: str | None, text: str, theories: _Files) -> _native.Rows:
    """A design, read once by each worker."""
    is_here = file is not None and os.path.isfile(file)
    return _native.Rows(file if is_here else None, None if is_here else text, list(theories))


def _run_rows(
    file: str | None, text: str, theories: _Files, wanted: list[tuple[int, list[float]]]
) -> tuple[float, tuple[str, list[str]]]:
    """Runs some rows on a worker, which may see the driver's disk or not; theories go with the task."""
    rows, started = _rows_of(file, text, theories), time.process_time()
    finished = rows.run(wanted)
    return time.process_time() - started, finished


def sweep(
    design: Design | _Path,
    *,
    out: _Path | None = None,
    shard: tuple[int, int] | None = None,
    overwrite: bool = False,
    resume: bool = False,
    rows_per_task: int | None = None,
    retries: int = 3,
    progress: ProgressChoice = None,
) -> Sweep:
    """Runs every row of a design on Ray's workers, into a folder of this machine or of a store.

    As :func:`allegiance.sweep`, with the same bytes, and with ``shard=(3, 8)`` the third of
    eight parts alone. A cluster is joined as ``ray.init()`` finds it, unless one is joined
    already; its workers need this package in the same version. Theories in files go with the
    tasks; a design that names a scenario by its path needs that path on the workers, too. A task
    has as many rows as take about five seconds, or ``rows_per_task``. One that loses its worker is
    run again up to ``retries`` times; rows that came back are kept, and ``resume=True`` goes on
    with the others.
    """
    pace = _Pace(rows_per_task, "rows_per_task")
    check_shard(shard)
    if address := address_of(out):
        suffix = f".shard-{shard[0]}-of-{shard[1]}" if shard else ""
        with Upload(address, overwrite, resume, suffix) as upload:
            sweep(
                design, out=upload.out, shard=shard, overwrite=overwrite, resume=resume, rows_per_task=rows_per_task,
                retries=retries, progress=progress,
            )  # fmt: skip
        return open_sweep(address + suffix)
    file = None if isinstance(design, Design) else str(Path(design).resolve())
    work = _native.OpenSweep(*taken_apart(design), out, shard, overwrite, resume)
    most = _joined()
    # Those that wait, in order from the end, so that the first are run first.
    missing = work.missing()[::-1]
    n_rows = work.n_rows
    n_done = n_rows - len(missing)
    text, theories = work.text, tuple(work.theories)

    def give(n: int) -> Iterable[tuple[Any, tuple[Any, ...]]]:
        for _ in range(n):
            if not missing:
                return
            rows = missing[-pace(len(missing), most) :]
            del missing[-len(rows) :]
            yield len(rows), (file, text, theories, work.wanted(rows[::-1]))

    def keep(n: int, result: tuple[float, tuple[str, list[str]]]) -> None:
        nonlocal n_done
        seconds, finished = result
        work.keep(finished)
        pace.heard(n, seconds)
        n_done += n

    with following(progress, "sweep") as callback:
        try:
            _follow(_run_rows, retries, most, give, keep, lambda: callback and callback(n_done, n_rows))
        finally:
            if n_done < n_rows:
                # Free for a resume at once, whoever holds the exception.
                work.close()
    return swept(*work.finish())


_Recipe = tuple[Any, ...]


def _recipe(kind: str, name: ScenarioLike, particles: int, parameters: Iterable[str], theories: Iterable[Theory],
            evidence: Iterable[_Path]) -> tuple[_Recipe, list[Any]]:  # fmt: skip
    """All that a worker needs to simulate wars of a study, and what this machine's own part takes first."""
    native = scenario(name)._native
    called = native.name if native.name in scenarios() else os.path.abspath(native.name)
    own, parameters = tuple(file_of(one) for one in theories), tuple(parameters)
    paths = [os.fspath(path) for path in evidence]
    # What isn't there or isn't text is told by whoever reads it.
    files = tuple((os.path.abspath(path), _text_of(path)) for path in paths if os.path.isfile(path))
    recipe = (kind, called, tuple(native.changes), tuple(native.theories), particles, parameters, own, files)
    return recipe, [native, list(parameters), list(own), paths]


@lru_cache(maxsize=2)
def _wars_of(recipe: _Recipe) -> _native.Wars:
    """The wars of a study, which each worker reads once."""
    kind, called, changes, files_of_changes, particles, parameters, theories, evidence = recipe
    native = _native.Scenario(called, list(changes), list(files_of_changes))
    with tempfile.TemporaryDirectory(prefix="allegiance-") as home:
        paths = [_laid(path, text, Path(home)) for path, text in evidence]
        if kind == "study":
            return _native.Wars.of_study(native, list(parameters), list(theories), paths)
        return _native.Wars.of_calibration(native, particles, list(parameters), paths)


def _laid(path: str, text: str, home: Path) -> _Path:
    """A file that came with the task: that of this disk where it is the same, or else a copy."""
    if os.path.isfile(path) and _text_of(path) == text:
        return path
    copy = home / Path(path).name
    copy.write_text(text, "utf-8", "surrogateescape", newline="")
    return copy


def _text_of(path: str) -> str:
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        return file.read()


def _simulate(recipe: _Recipe, wars: list[tuple[int, list[float]]]) -> tuple[float, tuple[str, bytes]]:
    """Simulates some wars on a worker."""
    of, started = _wars_of(recipe), time.process_time()
    rows = of.simulate(wars)
    return time.process_time() - started, rows


def _fill(work: _native.OpenDraws, recipe: _Recipe, pace: _Pace, retries: int, callback: Any) -> None:
    """Has all wars simulated that a folder of draws lacks."""
    most = _joined()
    # Chunks that were asked for, each with the first of its wars that nobody has been given.
    waiting: deque[tuple[str, int, int, list[tuple[int, list[float]]]]] = deque()
    n_given = 0

    def give(n: int) -> Iterable[tuple[Any, tuple[Any, ...]]]:
        for _ in range(n):
            if not waiting:
                # So many that a task's worth for everyone waits, and no more than that.
                waiting.extend((table, chunk, 0, wars) for table, chunk, wars in work.wanted(most))
            if not waiting:
                return
            table, chunk, first, wars = waiting.popleft()
            left = sum(len(waits[3]) - waits[2] for waits in waiting) + len(wars) - first
            end = min(first + pace(left, most), len(wars))
            if end < len(wars):
                waiting.appendleft((table, chunk, end, wars))
            yield (table, chunk, first, end - first), (recipe, wars[first:end])

    def keep(task: tuple[str, int, int, int], result: tuple[float, tuple[str, bytes]]) -> None:
        table, chunk, first, n = task
        seconds, rows = result
        work.keep(table, chunk, first, rows)
        pace.heard(n, seconds)

    _follow(_simulate, retries, most, give, keep, lambda: callback and callback(*work.progress()))


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
    threads: int = 0,
    wars_per_task: int | None = None,
    retries: int = 3,
    progress: ProgressChoice = None,
) -> Answer:
    """What a reported record could tell, with the wars of the table simulated on Ray's workers.

    As :func:`allegiance.recover`, with the same bytes in ``table``. Theories and files of evidence
    go with the tasks; a scenario of your own must be where this machine has it, on every worker. A
    task has as many wars as take about five seconds, or ``wars_per_task``. One that loses its worker
    is run again up to ``retries`` times; whole chunks of 256 are kept, and the same call goes on with
    the others. What is inferred from the table is computed here.
    """
    check_draws(draws)
    pace = _Pace(wars_per_task, "wars_per_task")
    recipe, (native, names, own, paths) = _recipe("study", name, 0, parameters, theories, evidence)
    with kept_draws(table, "recover", progress) as (folder, callback):
        work = _native.OpenDraws.of_study(native, draws, names, own, paths, folder)
        _fill(work, recipe, pace, retries, callback)
        found = _native.recover(
            native, draws, truths, fresh, names, own, paths, work.folder, (1, 1), threads, None
        )
    return answer(*(found or ("{}", "")))


def calibrate(
    name: ScenarioLike,
    *,
    budget: int = 8_000,
    minutes: int | None = None,
    particles: int = 256,
    parameters: Iterable[str] = (),
    evidence: Iterable[_Path] = (),
    out: _Path | None = None,
    wars_per_task: int | None = None,
    retries: int = 3,
    progress: ProgressChoice = None,
) -> Answer:
    """The parameters that give the patterns of the scenario's case, simulated on Ray's workers.

    As :func:`allegiance.calibrate`, with the same bytes in ``out``; for workers and tasks see
    :func:`recover`. A generation begins when the one before is complete, so that no more workers
    help than a generation has particles.
    """
    check_effort(particles, budget)
    pace = _Pace(wars_per_task, "wars_per_task")
    recipe, (native, names, _, paths) = _recipe("calibration", name, particles, parameters, (), evidence)
    with kept_draws(out, "calibrate", progress) as (folder, callback):
        work = _native.OpenDraws.of_calibration(native, budget, minutes, particles, names, paths, folder)
        _fill(work, recipe, pace, retries, callback)
        found = work.finish()
    return answer(*found, folder_of(out))
