"""Sweeps on a cluster of Ray: ``pip install allegiance[ray]``.

Rows are addressed, so that a lost worker loses nothing: Ray runs its rows
again elsewhere, and the folder has the bytes of a sweep on one machine.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import ray

from allegiance import _native
from allegiance._design import Design
from allegiance._errors import ArgumentError, RunError
from allegiance._progress import ProgressChoice, following
from allegiance._questions import Sweep, open_sweep, swept, taken_apart
from allegiance._store import Upload, address_of

__all__ = ["sweep"]

# Enough that a worker always finds the next task waiting.
_TASKS_A_CPU = 4
# How long the driver waits before it tells its progress again.
_TICK_SECONDS = 0.2


def _run_rows(
    file: str | None, text: str, theories: list[tuple[str, str]], rows: list[int]
) -> tuple[str, list[str]]:
    """Runs some rows on a worker, which may see the driver's disk or not; theories go with the task."""
    is_here = file is not None and os.path.isfile(file)
    return _native.run_rows(file if is_here else None, None if is_here else text, theories, rows)


def sweep(
    design: Design | str | os.PathLike[str],
    *,
    out: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    resume: bool = False,
    rows_per_task: int = 1,
    retries: int = 3,
    progress: ProgressChoice = None,
) -> Sweep:
    """Runs every row of a design on Ray's workers, into a folder of this machine or of a store.

    As :func:`allegiance.sweep`, with the same bytes. A cluster is joined as
    ``ray.init()`` finds it, unless one is joined already; its workers need this
    package in the same version. Theories in files go with the tasks; a design that names
    a scenario by its path needs that path on the workers, too. A task that loses its worker is run
    again up to ``retries`` times; rows that came back are kept, and
    ``resume=True`` goes on with the others.
    """
    if rows_per_task < 1:
        raise ArgumentError(f"rows_per_task is {rows_per_task}; must be 1 or more", key="rows_per_task")
    if address := address_of(out):
        with Upload(address, overwrite, resume) as upload:
            sweep(
                design, out=upload.out, overwrite=overwrite, resume=resume, rows_per_task=rows_per_task,
                retries=retries, progress=progress,
            )  # fmt: skip
        return open_sweep(address)
    file = None if isinstance(design, Design) else Path(design)
    work = _native.OpenSweep(*taken_apart(design), out, overwrite, resume)
    if not ray.is_initialized():
        ray.init()
    run_rows = ray.remote(num_cpus=1, max_retries=retries)(_run_rows)
    missing = work.missing()
    tasks = [missing[at : at + rows_per_task] for at in range(0, len(missing), rows_per_task)]
    most = max(1, int(ray.cluster_resources().get("CPU", 1))) * _TASKS_A_CPU
    # Rows that wait, in order from the end, so that the first are run first.
    tasks.reverse()
    running: list[Any] = []
    n_rows, theories = work.n_rows, work.theories
    n_done = n_rows - len(missing)
    address = None if file is None else str(file.resolve())
    with following(progress, "sweep") as callback:
        try:
            while tasks or running:
                while tasks and len(running) < most:
                    running.append(run_rows.remote(address, work.text, theories, tasks.pop()))
                ready, running = ray.wait(running, timeout=_TICK_SECONDS)
                for finished in ready:
                    work_and_records = ray.get(finished)
                    work.keep(work_and_records)
                    n_done += len(work_and_records[1])
                if callback is not None:
                    callback(n_done, n_rows)
        except ray.exceptions.WorkerCrashedError as error:
            raise RunError(
                f"a task lost its worker {retries + 1} times; {n_done} of {n_rows} rows are kept",
                hint="go on with resume=True",
            ) from error
        finally:
            for task in running:
                ray.cancel(task, force=True)
            if n_done < n_rows:
                # Free for a resume at once, whoever holds the exception.
                work.close()
    return swept(*work.finish())
