"""The page in the browser, which the program of the command line shows."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from html import escape
from pathlib import Path
from types import TracebackType
from typing import Any

from allegiance._errors import AllegianceError, ArgumentError, BugError, RunError
from allegiance._native import __version__
from allegiance._progress import ProgressChoice
from allegiance._run import Run, RunLike, in_folder, open_run, run
from allegiance._scenario import Scenario, ScenarioLike, TheoryLike, Value, scenario
from allegiance._store import address_of

_Path = str | os.PathLike[str]

# Of a scenario where none are asked for, as on the command line.
_REPLICATES = 8
# What the program has to end by itself before it is ended.
_SECONDS_TO_END = 5


class Page:
    """A page that is shown on this machine alone, until :meth:`stop`, the end of a ``with``, or
    the end of Python.
    """

    def __init__(self, url: str, process: subprocess.Popen[str], holds: ExitStack):
        self.url = url
        """Its address."""
        self._process = process
        # What is shown and removed with the page.
        self._holds = holds
        atexit.register(self.stop)

    @property
    def is_shown(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Ends the page; what was simulated for it is removed."""
        atexit.unregister(self.stop)
        _end(self._process)
        self._holds.close()

    def __enter__(self) -> Page:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Page {self.url}{'' if self.is_shown else ', ended'}>"

    def _repr_html_(self) -> str:
        url = escape(self.url)
        return f'<p><a href="{url}">{url}</a></p>' if self.is_shown else f"<p>{url} has ended.</p>"


def explore(
    first: RunLike | ScenarioLike = "one-village",
    second: RunLike | ScenarioLike | None = None,
    *,
    theory_b: TheoryLike | Iterable[TheoryLike] | None = None,
    set_b: Mapping[str, Value] | Iterable[str] | None = None,
    replicates: int | None = None,
    seed: int | None = None,
    days: int | None = None,
    theory: TheoryLike | Iterable[TheoryLike] | None = None,
    set: Mapping[str, Value] | Iterable[str] | None = None,
    threads: int = 0,
    port: int | None = None,
    browser: bool = True,
    program: _Path | None = None,
    progress: ProgressChoice = None,
) -> Page:
    """Shows a run in the browser, or two side by side: finished runs, or scenarios, which are simulated first.

    ``theory_b`` and ``set_b`` show the same scenario with these changes next to it. Two need the
    same places, groups and seed. The page is the command line's: ``program`` is the file of
    ``allegiance``, which is looked for on the PATH where it isn't given. It listens on this machine alone.
    """
    shown_by = _found(program)
    changes: dict[str, Any] = {"seed": seed, "days": days, "theory": theory, "set": set}
    changed: dict[str, Any] = {key: value for key, value in changes.items() if value is not None}
    changes_b: dict[str, Any] = {"theory": theory_b, "set": set_b}
    changed_b = {key: value for key, value in changes_b.items() if value is not None}
    a, b = _wanted(first), None if second is None else _wanted(second)
    if (changed or replicates is not None) and isinstance(a, Run) and not isinstance(b, Scenario):
        raise ArgumentError(
            f"{a!r} is finished: seed, days, theory, set and replicates can't change it",
            hint="show a changed one next to it with theory_b or set_b",
        )
    if changed_b and isinstance(b, Run):
        raise ArgumentError(f"{b!r} is finished: theory_b and set_b can't change it", hint="give its scenario instead")
    with ExitStack() as holds:
        n_replicates = replicates or (a.n_replicates if isinstance(a, Run) else _REPLICATES)
        if isinstance(a, Scenario):
            a = scenario(a, **changed)
        if b is None and changed_b:
            b = scenario(_again(a, holds), **changed_b)
        elif isinstance(b, Scenario):
            # Both need the same people, whatever seed the second has.
            seed_of_both = a.manifest["seed"] if isinstance(a, Run) else a.seed
            b = scenario(scenario(b, **{**changed, "seed": seed_of_both}), **changed_b)
        out = Path(holds.enter_context(tempfile.TemporaryDirectory(prefix="allegiance-explore-")))
        folders = []
        for name, one in (("a", a), ("b", b)):
            if isinstance(one, Scenario):
                one = run(one, replicates=n_replicates, out=out / name, threads=threads, progress=progress)
            if one is not None:
                folders.append(os.path.abspath(holds.enter_context(in_folder(one))))
        words = [shown_by, "explore", *folders, "--until-input-ends", "--quiet"]
        words += [] if browser else ["--no-open"]
        words += [] if port is None else ["--port", str(port)]
        url, process = _start(words)
        return Page(url, process, holds.pop_all())


def _wanted(word: RunLike | ScenarioLike) -> Run | Scenario:
    """A run, where the word is one or its folder; else a scenario."""
    if isinstance(word, (Run, Scenario)):
        return word
    folder = Path(word)
    is_run = address_of(word) is not None or (folder / "run.json").exists()
    # An unfinished run says so itself.
    is_unfinished = not folder.exists() and folder.with_name(f"{folder.name}.partial").is_dir()
    return open_run(word) if is_run or is_unfinished else scenario(word)


def _again(first: Run | Scenario, holds: ExitStack) -> Scenario:
    """The scenario that gives the first again."""
    if isinstance(first, Scenario):
        return first
    folder = holds.enter_context(in_folder(first))
    return scenario(Path(folder) / "scenario", set=first.manifest["changes"])


def _found(program: _Path | None) -> str:
    """The program of the command line, of this version."""
    found = shutil.which("allegiance" if program is None else os.fspath(program))
    if found is None:
        where = "allegiance isn't on the PATH" if program is None else f"{os.fspath(program)} isn't a program"
        raise RunError(
            f"the page is shown by the program of the command line, and {where}",
            hint="install it, or name its file with program=",
        )
    done = subprocess.run([found, "--version"], capture_output=True, text=True)
    words = done.stdout.split()
    if done.returncode != 0 or words[:1] != ["allegiance"]:
        raise RunError(f"{found} isn't the program of Allegiance", hint="name its file with program=")
    if words[1:2] != [__version__]:
        raise RunError(
            f"{found} is Allegiance {' '.join(words[1:2])}, and this package {__version__}",
            hint="install the same version of both, or name another file with program=",
        )
    return found


def _start(words: list[str]) -> tuple[str, subprocess.Popen[str]]:
    """Starts the program, and gives the page's address once it is there."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as told:
        # In a session of its own, so that what interrupts a cell leaves the page.
        process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told, text=True, start_new_session=True
        )
        try:
            line = process.stdout.readline() if process.stdout else ""
        except BaseException:
            _end(process)
            raise
        if url := line.strip():
            return url, process
        _end(process)
        told.seek(0)
        raise _failure(process.returncode, told.read())


def _failure(code: int, text: str) -> AllegianceError:
    text = text.strip().removeprefix("error: ").replace("--port", "port=")
    if code == 70:
        return BugError(text)
    return ArgumentError(text) if code in (1, 2) else RunError(text or f"the program ended with code {code}")


def _end(process: subprocess.Popen[str]) -> None:
    """Ends the program, as its input ends."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
