"""Long work on Ray: complete and the same bytes, whatever becomes of workers."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import allegiance
import pytest

ray = pytest.importorskip("ray", reason="skipped: there is no Ray here")

from allegiance import ray as cluster  # noqa: E402

DESIGN = allegiance.design(
    "far",
    "one-village",
    {"combat.decisiveness": (0.5, 2), "joining.per_month": None},
    outcomes=["deaths", "groups.isis.members_end"],
    sampler="sobol",
    rows=24,
    replicates=25,
)


@pytest.fixture(scope="module", autouse=True)
def _cluster() -> Iterator[None]:
    # No word to anyone, and no secret in the home folder.
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_AUTH_MODE"] = "disabled"
    ray.init(num_cpus=2, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
    yield
    ray.shutdown()


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def is_descendant(pid: int) -> bool:
    try:
        while pid > 1:
            pid = parent(pid)
            if pid == os.getpid():
                return True
    except OSError:
        pass
    return False


def busy_workers(work: str) -> list[int]:
    """The workers of this cluster that do some work now."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and is_descendant(int(entry.name)):
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if words.startswith(f"ray::{work}".encode()):
                found.append(int(entry.name))
    return found


class Killer:
    """A callback of progress that kills workers in mid-task, two in all."""

    def __init__(self, work: str, after: int):
        self.killed: list[int] = []
        self._work = work
        self._after = after

    def __call__(self, done: int, total: int) -> None:
        if done >= self._after and len(self.killed) < 2:
            for pid in busy_workers(self._work)[:1]:
                os.kill(pid, signal.SIGKILL)
                self.killed.append(pid)


SEES_WORKERS = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="skipped: workers are found in /proc")


@SEES_WORKERS
def test_a_killed_worker_loses_nothing() -> None:
    kill = Killer("_run_rows", 4)
    far = cluster.sweep(DESIGN, out="far", rows_per_task=1, progress=kill)
    near = allegiance.sweep(DESIGN, out="near")
    assert len(kill.killed) == 2
    assert files(Path("far")) == files(Path("near"))
    assert far.fields == near.fields and far.text == near.text


RECOVERY: dict[str, Any] = {"draws": 1_000, "truths": 1, "fresh": 4}
CALIBRATION: dict[str, Any] = {"budget": 480, "particles": 96}


@SEES_WORKERS
def test_a_recovery_is_that_of_one_machine_though_workers_are_killed() -> None:
    kill = Killer("_simulate", 64)
    far = cluster.recover(table="far", wars_per_task=32, progress=kill, **RECOVERY)
    near = allegiance.recover(table="near", **RECOVERY)
    assert len(kill.killed) == 2
    assert far.fields == near.fields and far.text == near.text
    assert files(Path("far")) == files(Path("near"))
    assert len(files(Path("far"))) == 5


@SEES_WORKERS
def test_a_calibration_is_that_of_one_machine_though_workers_are_killed(found: Path) -> None:
    calibration = CALIBRATION | {"evidence": [found]}
    kill = Killer("_simulate", 32)
    far = cluster.calibrate("one-village", out="far", wars_per_task=8, progress=kill, **calibration)
    near = allegiance.calibrate("one-village", out="near", **calibration)
    assert len(kill.killed) == 2
    assert far.fields == near.fields and far.text == near.text
    assert files(Path("far")) == files(Path("near"))
    # Whatever is there already is read back.
    assert cluster.calibrate("one-village", out="far", **calibration).fields == near.fields


def stop_at(most: int) -> Callable[[int, int], None]:
    def stop(done: int, total: int) -> None:
        if done >= most:
            raise KeyboardInterrupt

    return stop


def test_a_stopped_recovery_and_a_stopped_calibration_go_on(found: Path) -> None:
    calibration = CALIBRATION | {"evidence": [found]}
    with pytest.raises(KeyboardInterrupt):
        cluster.recover(table="far", progress=stop_at(300), **RECOVERY)
    kept = files(Path("far"))
    assert 2 <= len(kept) < 5
    heard: list[int] = []
    cluster.recover(table="far", progress=lambda done, total: heard.append(done), **RECOVERY)
    assert heard[0] >= 256
    allegiance.recover(table="near", **RECOVERY)
    assert files(Path("far")) == files(Path("near"))

    with pytest.raises(KeyboardInterrupt):
        cluster.calibrate("one-village", out="far-off", progress=stop_at(160), **calibration)
    assert not Path("far-off/calibration.json").exists()
    cluster.calibrate("one-village", out="far-off", **calibration)
    allegiance.calibrate("one-village", out="near-by", **calibration)
    assert files(Path("far-off")) == files(Path("near-by"))


def test_theories_and_evidence_go_to_workers_that_do_not_see_the_drivers_disk(found: Path) -> None:
    rule = {"conviction": "conviction_on_joining - 0.02 * day_count", "trust_in_command": "0.5"}
    theory = allegiance.Theory(name="waning", about="All lose heart.", belief=rule, let={"day_count": "fade(day, 30)"})
    recipe, arguments = cluster._recipe("study", "one-village", 0, (), [theory], [found])
    work = allegiance._native.OpenDraws.of_study(arguments[0], 1_000, *arguments[1:], "far")
    ((table, chunk, wars), *_) = work.wanted(1)
    found.unlink()
    _, rows = cluster._simulate(recipe, wars)
    work.keep(table, chunk, 0, rows)
    assert Path("far/draws/000000.parquet").exists()
    # What another worker took for the same study and isn't.
    other, _ = cluster._recipe("study", "one-village", 0, (), [], [])
    ((table, chunk, wars), *_) = work.wanted(1)
    with pytest.raises(allegiance.RunError, match="wars of another study came back"):
        work.keep(table, chunk, 0, cluster._simulate(other, wars)[1])
    with pytest.raises(allegiance.RunError, match="isn't a part of what was asked for"):
        work.keep(table, chunk + 7, 0, rows)


def test_a_worker_that_lacks_the_scenario_says_so() -> None:
    Path("mine").mkdir()
    Path("mine/scenario.toml").write_text('format = 1\nid = "mine"\nextends = "one-village"\ndays = 5\n')
    mine = allegiance.scenario("mine")
    Path("mine/scenario.toml").unlink()
    with pytest.raises(allegiance.RunError, match="a worker can't begin: .*mine.*on every worker"):
        cluster.recover(mine, table="far", **RECOVERY)


def test_a_recovery_and_a_calibration_go_to_a_store(found: Path) -> None:
    fsspec = pytest.importorskip("fsspec", reason="skipped: there is no fsspec here")
    memory = fsspec.filesystem("memory")
    far = cluster.recover(table="memory://ray/recovery", **RECOVERY)
    near = allegiance.recover(table="near", **RECOVERY)
    assert far.fields == near.fields
    sent = {name.removeprefix("/ray/recovery/"): memory.cat_file(name) for name in memory.find("/ray/recovery")}
    assert sent == files(Path("near"))
    told = cluster.calibrate("one-village", out="memory://ray/calibration", evidence=[found], **CALIBRATION)
    assert told.folder is None and memory.exists("/ray/calibration/calibration.json")


def test_a_shard_on_the_cluster_is_that_of_one_machine() -> None:
    far = cluster.sweep(DESIGN, out="far", shard=(2, 3))
    allegiance.sweep(DESIGN, out="near", shard=(2, 3))
    assert far["n_rows"] == 8
    assert files(Path("far.shard-2-of-3")) == files(Path("near.shard-2-of-3"))
    for at in (1, 3):
        cluster.sweep(DESIGN, out="far", shard=(at, 3))
    allegiance.sweep(DESIGN, out="far", shard="merge")
    allegiance.sweep(DESIGN, out="near")
    assert files(Path("far")) == files(Path("near"))


def test_a_stopped_sweep_goes_on() -> None:
    with pytest.raises(KeyboardInterrupt):
        cluster.sweep(DESIGN, out="far", rows_per_task=2, progress=stop_at(3))
    assert not Path("far").exists()
    heard: list[int] = []
    cluster.sweep(DESIGN, out="far", resume=True, progress=lambda done, total: heard.append(done))
    assert heard[0] >= 3
    allegiance.sweep(DESIGN, out="near")
    assert files(Path("far")) == files(Path("near"))


def test_a_sweep_goes_to_a_store() -> None:
    fsspec = pytest.importorskip("fsspec", reason="skipped: there is no fsspec here")
    design = allegiance.design("far", "one-village", {"days": [3, 4, 5]}, outcomes=["deaths"])
    far = cluster.sweep(design, out="memory://far")
    near = allegiance.sweep(design, out="near")
    stored = {Path(name).name: fsspec.filesystem("memory").cat_file(name) for name in fsspec.filesystem("memory").find("/far")}
    assert stored == files(Path("near"))
    assert far.fields == near.fields


def test_a_design_beside_its_scenario_is_found_by_workers() -> None:
    Path("mine").mkdir()
    Path("mine/scenario.toml").write_text('format = 1\nid = "mine"\nextends = "one-village"\ndays = 5\n')
    text = allegiance.design("own", "mine", {"combat.decisiveness": [1, 2]}, outcomes=["deaths"]).text
    Path("own.toml").write_text(text)
    far = cluster.sweep("own.toml", out="far")
    allegiance.sweep("own.toml", out="near")
    assert files(Path("far")) == files(Path("near"))
    assert len(far.rows) == 2


def test_the_snippets_of_the_page_run() -> None:
    page = Path(__file__).resolve().parents[3] / "docs/howto/cluster.md"
    snippets = re.findall(r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert snippets
    names: dict[str, object] = {}
    for snippet in snippets:
        exec(compile(snippet, str(page), "exec"), names)
    near = files(Path("sweeps/far"))
    assert len(allegiance.read_table("sweeps/far/rows.parquet")) == 8
    joined = names["whole"]
    assert isinstance(joined, allegiance.Sweep) and files(joined.folder) == near


def test_rows_of_another_sweep_are_refused() -> None:
    from allegiance import _native

    work = _native.OpenSweep(None, DESIGN.text, [], "far", None, False, False)
    other = allegiance.design("far", "one-village", {"days": [3, 4]}, outcomes=["deaths"]).text
    with pytest.raises(allegiance.RunError, match="rows of another sweep"):
        work.keep(_native.Rows(None, other, []).run([(0, [0.0])]))
    with pytest.raises(allegiance.RunError, match="0 of 24 rows"):
        work.finish()


def test_a_theory_goes_to_workers_that_do_not_see_the_drivers_disk(tmp_path: Path) -> None:
    rule = {"conviction": "conviction_on_joining - 0.02 * day_count", "trust_in_command": "0.5"}
    theory = allegiance.Theory(name="waning", about="All lose heart.", belief=rule, let={"day_count": "fade(day, 30)"})
    design = allegiance.design(
        "far-theory", "one-village", {"theory": [theory, "fixed"]}, outcomes=["desertions"], set={"days": 20}, replicates=4
    )  # fmt: skip
    cluster.sweep(design, out=tmp_path / "cluster")
    allegiance.sweep(design, out=tmp_path / "one")
    assert (tmp_path / "cluster/rows.parquet").read_bytes() == (tmp_path / "one/rows.parquet").read_bytes()
    assert (tmp_path / "cluster/theories/waning.toml").read_text() == theory.text
