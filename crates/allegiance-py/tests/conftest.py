"""What several tests use: the command line, and one run in a folder."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import allegiance
import pytest

PROGRAM = "ALLEGIANCE_PROGRAM"


@pytest.fixture(autouse=True)
def _in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def program() -> str:
    """The program of the command line."""
    program = os.environ.get(PROGRAM)
    if program is None:
        pytest.skip(f"skipped: {PROGRAM} doesn't name the program of the command line")
    return str(Path(program).resolve())


@pytest.fixture(scope="session")
def cli(program: str) -> Callable[..., str]:
    """Runs the command line and gives its standard output."""

    def run(*words: str) -> str:
        done = subprocess.run([program, *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="session")
def cli_json(cli: Callable[..., str]) -> Callable[..., Any]:
    """The same with ``--format json``, read."""
    return lambda *words: json.loads(cli(*words, "--format", "json"))


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> allegiance.Run:
    """A run of two replicates in a folder."""
    return allegiance.run("one-village", replicates=2, out=tmp_path_factory.mktemp("kept") / "run")


@pytest.fixture
def found(cli: Callable[..., str], tmp_path: Path) -> Path:
    """A file of evidence with answers that somebody might have found."""
    cli("evidence", "new", "found")
    text = Path("found.toml").read_text().replace("# yes = \n# of = \n", "yes = 20\nof = 50\n")
    Path("found.toml").write_text(text.replace("# mean = \n# se = \n# of = \n", "mean = 2.5\nse = 0.2\nof = 50\n"))
    return tmp_path / "found.toml"
