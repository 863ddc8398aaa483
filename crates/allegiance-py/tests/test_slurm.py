"""Job arrays: the scripts of the page, on two workers of this machine, of which one is killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="skipped: sends signals")

PAGE = Path(__file__).resolve().parents[3] / "docs/howto/cluster.md"

# As much of Slurm as the scripts ask for. A task that a signal ends is queued again.
SBATCH = """\
#!{python}
import os, pathlib, re, subprocess, sys, time
script = pathlib.Path(sys.argv[-1])
text = script.read_text()
first, last = map(int, re.search(r"^#SBATCH --array=(\\d+)-(\\d+)$", text, re.M).groups())
assert "#SBATCH --requeue" in text and "--wait" in sys.argv
waiting, running, n_failed = list(range(first, last + 1)), {{}}, 0
while waiting or running:
    while waiting and len(running) < 2:
        task = waiting.pop(0)
        job = subprocess.Popen(
            ["bash", script], start_new_session=True,
            env=os.environ | {{"SLURM_ARRAY_TASK_ID": str(task), "SLURM_CPUS_PER_TASK": "1"}},
        )
        with open("started.txt", "a") as started:
            print(task, job.pid, file=started)
        running[task] = job
    for task, job in list(running.items()):
        code = job.poll()
        if code is not None:
            del running[task]
            if code < 0:
                waiting.append(task)
            elif code:
                n_failed += 1
    time.sleep(0.05)
sys.exit(1 if n_failed else 0)
"""


def script(command: str, *changes: tuple[str, str]) -> None:
    """Writes the script of the page for a command, with smaller numbers."""
    blocks = re.findall(r"^```bash\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (text,) = [block for block in blocks if f"\nallegiance {command} " in block]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    Path(f"{command}.sbatch").write_text(text)


@pytest.fixture
def submit(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[], bool]], None]:
    """Submits a script, and kills its second task once something has come about."""
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "sbatch").write_text(SBATCH.format(python=sys.executable))
    (commands / "sbatch").chmod(0o755)
    (commands / "allegiance").symlink_to(program)
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")

    def started() -> list[tuple[int, int]]:
        lines = Path("started.txt").read_text().splitlines() if Path("started.txt").exists() else []
        return [(int(task), int(pid)) for task, pid in map(str.split, lines)]

    def run(name: str, is_time: Callable[[], bool]) -> None:
        queue = subprocess.Popen(["sbatch", "--wait", name])
        until = time.monotonic() + 120
        while not is_time():
            assert time.monotonic() < until and queue.poll() is None, "nothing has come of the second task"
            time.sleep(0.01)
        os.killpg(dict(started())[2], signal.SIGKILL)
        assert queue.wait(timeout=240) == 0
        assert [task for task, _ in started()].count(2) == 2, "the second task was run again"

    return run


def files(folder: str) -> dict[str, bytes]:
    """Every file below a folder, but for the register of sessions."""
    found = (path for path in Path(folder).rglob("*") if path.is_file() and path.name != "register.jsonl")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def has(pattern: str) -> bool:
    return any(Path().glob(pattern))


DESIGN = """\
format = 1
id = "what-matters"
title = "What deaths depend on"
scenario = "one-village"
sampler = "sobol"
rows = 48
replicates = 60
outcomes = ["deaths", "groups.isis.members_end"]

[[factors]]
key = "combat.decisiveness"

[[factors]]
key = "joining.per_month"
"""


def test_a_sweep_on_two_workers_of_which_one_is_killed(
    submit: Callable[[str, Callable[[], bool]], None], cli: Callable[..., str]
) -> None:
    script("sweep")
    Path("what-matters.toml").write_text(DESIGN)
    submit("sweep.sbatch", lambda: has("sweeps/what-matters.shard-2-of-8.partial/pieces/*.json"))
    cli("sweep", "what-matters.toml", "--merge")
    cli("sweep", "what-matters.toml", "--out", "whole")
    assert files("sweeps/what-matters") == files("whole")


def test_a_recovery_on_two_workers_of_which_one_is_killed(
    submit: Callable[[str, Callable[[], bool]], None], cli: Callable[..., str]
) -> None:
    script("recover", ("60000", "4000"))
    submit("recover.sbatch", lambda: has("recovery/draws/000001.parquet"))
    assert len(files("recovery")) == 17
    whole = cli("recover", "--draws", "4000", "--truths", "2", "--fresh", "8", "--table", "whole")
    assert files("recovery") == files("whole")
    again = cli("recover", "one-village", "--draws", "4000", "--truths", "2", "--fresh", "8", "--table", "recovery")
    assert again == whole


def test_a_calibration_on_two_workers_of_which_one_is_killed(
    submit: Callable[[str, Callable[[], bool]], None], cli: Callable[..., str], found: Path
) -> None:
    small = [("north-syria-2014", f"one-village --evidence {found}"), ("8000", "640"), ("--quiet", "--particles 96 --quiet")]
    script("calibrate", ("1-4", "1-2"), ('ID/4"', 'ID/2"'), *small)
    submit("calibrate.sbatch", lambda: has("calibration/generation-01/*.parquet"))
    words = ("calibrate", "one-village", "--evidence", str(found), "--budget", "640", "--particles", "96", "--out")
    whole = cli(*words, "whole")
    assert cli(*words, "calibration") == whole
    assert files("calibration") == files("whole")
