"""Runs: simulate, open again, look at the tables."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from allegiance import _html, _native
from allegiance._errors import ArgumentError
from allegiance._progress import ProgressChoice, following
from allegiance._scenario import ScenarioLike, TheoryLike, Value, assignments, scenario
from allegiance._store import Copy, Upload, address_of, copy_table
from allegiance._table import Table

_Path = str | os.PathLike[str]

# The tables that opening a run looks into; others wait in a store until they are asked for.
_OPENED = ("groups.parquet", "places.parquet")


class Run(Mapping[str, Table]):
    """A finished run: its tables by name, its digests and its summary.

    A run in memory holds its tables; one in a folder reads them when asked,
    and one in a store fetches them first.
    """

    def __init__(
        self,
        manifest: str,
        summary: str,
        patterns: str,
        tables: dict[str, Table],
        folder: Path | None,
        copy: Copy | None = None,
    ):
        self.manifest: dict[str, Any] = json.loads(manifest)
        """The content of ``run.json``."""
        self.summary = summary
        """What a person wants to read first."""
        self.patterns = patterns
        """How the run compares with the calibration patterns, as text."""
        self.folder = folder
        """The folder; none for a run in memory or in a store."""
        self.address = copy.address if copy else None
        """Where it is in a store, if it is."""
        self._tables = tables
        self._copy = copy

    @property
    def digest(self) -> str:
        """Digest over all tables of all replicates: equal where the runs are."""
        return str(self.manifest["digest"])

    @property
    def digests(self) -> dict[str, list[str]]:
        """Digests of each table, one a replicate."""
        return {name: entry["digests"] for name, entry in self.manifest["tables"].items()}

    @property
    def n_replicates(self) -> int:
        """Number of replicates."""
        return int(self.manifest["n_replicates"])

    def table(self, name: str, *, replicate: int | None = None) -> Table:
        """A table by name; only the rows of one replicate, where one is named."""
        if name not in self.manifest["tables"]:
            known = ", ".join(self.manifest["tables"])
            raise ArgumentError(f"the run has no table {name!r}; its tables are {known}", key=name)
        if replicate is not None and replicate not in range(self.n_replicates):
            raise ArgumentError(f"the run has no replicate {replicate}; it has {self.n_replicates}, numbered from 0")
        folder = self.folder
        if self._copy is not None:
            folder = self._copy.fetch([self.manifest["tables"][name]["file"]])
        if folder is not None:
            return Table(_native.run_table(folder, name, replicate), name)
        table = self._tables[name]
        return table if replicate is None else table.replicate(replicate)

    def __getitem__(self, name: str) -> Table:
        if name not in self.manifest["tables"]:
            raise KeyError(name)
        return self.table(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.manifest["tables"])

    def __len__(self) -> int:
        return len(self.manifest["tables"])

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __str__(self) -> str:
        return self.summary

    def __repr__(self) -> str:
        where = f"in {self.folder or self.address}" if self.folder or self.address else "in memory"
        manifest = self.manifest
        return (
            f"<Run of {manifest['scenario_id']}, seed {manifest['seed']}, {manifest['n_days']} days, "
            f"{self.n_replicates} replicates, {where}>"
        )

    def _repr_html_(self) -> str:
        return _html.preformatted(self.summary)


def run(
    name: ScenarioLike,
    *,
    replicates: int = 1,
    seed: int | None = None,
    days: int | None = None,
    theory: TheoryLike | Iterable[TheoryLike] | None = None,
    set: Mapping[str, Value] | Iterable[str] | None = None,
    scale: int | None = None,
    tables: Iterable[str] | None = None,
    out: _Path | None = None,
    overwrite: bool = False,
    resume: bool = False,
    checkpoint_every: int | None = None,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Run:
    """Simulates a scenario, ``replicates`` times, each with random draws of its own.

    Without ``out`` the tables stay in memory (all, or those of ``tables``);
    with it they go to a run folder, as those of the command line, or to a store,
    such as ``s3://bucket/folder``, and a run that was stopped goes on with
    ``resume``. ``threads`` 0 is one a core; results don't depend on it.
    """
    native = scenario(name, seed=seed, days=days, theory=theory, set=set, scale=scale)._native
    wanted = None if tables is None else list(tables)
    if address := address_of(out):
        with Upload(address, overwrite, resume) as upload, following(progress, native.id) as callback:
            _native.run_into(
                native, upload.out, replicates, threads, wanted, overwrite, resume, checkpoint_every, callback
            )
        return open_run(address)
    with following(progress, native.id) as callback:
        if out is not None:
            folder = _native.run_into(
                native, out, replicates, threads, wanted, overwrite, resume, checkpoint_every, callback
            )
            return open_run(folder)
        manifest, summary, patterns, found = _native.run_in_memory(native, replicates, threads, wanted, callback)
    return Run(manifest, summary, patterns, {key: Table(table, key) for key, table in found.items()}, None)


def replicates(name: ScenarioLike, n: int, **options: Any) -> Run:
    """Simulates ``n`` replicates: :func:`run` with ``replicates=n``."""
    return run(name, replicates=n, **options)


def open_run(folder: _Path) -> Run:
    """Opens the folder of a finished run, whoever made it; one in a store by its address.

    Of a run in a store, tables are fetched when they are asked for.
    """
    if address := address_of(folder):
        copy = Copy(address, "run.json")
        manifest, summary, patterns = _native.open_run(copy.fetch(but=".parquet", also=_OPENED))
        return Run(manifest, summary, patterns, {}, None, copy)
    manifest, summary, patterns = _native.open_run(folder)
    return Run(manifest, summary, patterns, {}, Path(folder))


def read_table(file: _Path) -> Table:
    """Reads a Parquet file that Allegiance has written, such as ``rows.parquet`` of a sweep."""
    if address := address_of(file):
        with tempfile.TemporaryDirectory(prefix="allegiance-") as here:
            return read_table(copy_table(address, Path(here)))
    return Table(_native.read_table(file), Path(file).stem)


RunLike = Run | str | os.PathLike[str]
"""A run with a folder, or the folder, here or in a store."""


@contextmanager
def in_folder(run: RunLike) -> Iterator[_Path]:
    """The folder of a run, which some questions need, with all of its files."""
    if not isinstance(run, Run):
        if not address_of(run):
            yield run
            return
        run = open_run(run)
    if run._copy is not None:
        yield run._copy.fetch()
    elif run.folder is not None:
        yield run.folder
    else:
        raise ArgumentError("the run is in memory, and this needs its folder", hint="give run() a folder with out=")


@contextmanager
def maybe_in_folder(run: RunLike | None) -> Iterator[_Path | None]:
    """The same of a run, if there is one."""
    if run is None:
        yield None
        return
    with in_folder(run) as folder:
        yield folder


def observe(
    run: RunLike,
    *,
    set: Mapping[str, Value] | Iterable[str] | None = None,
    progress: ProgressChoice = None,
) -> Table:
    """What an observer would have reported, in the columns of UCDP GED.

    ``set`` changes the observer, such as ``{"observation.intercept": 3}``;
    this needs a run in a folder. Without it this is the table ``reported``.
    """
    changes = assignments(set)
    if isinstance(run, Run) and not changes:
        return run.table("reported")
    if foreign := [change for change in changes if not change.lstrip().startswith("observation.")]:
        raise ArgumentError(f"{foreign[0]} doesn't change the observer", hint="its keys start with observation.")
    with in_folder(run) as folder, following(progress, "observe") as callback:
        return Table(_native.observe(folder, changes, callback), "reported")
