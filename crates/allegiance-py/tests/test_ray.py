"""Sweeps on Ray: complete and the same bytes, whatever becomes of workers."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

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
    return {file.name: file.read_bytes() for file in folder.iterdir()}


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


def busy_workers() -> list[int]:
    """The workers of this cluster that run rows now."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and is_descendant(int(entry.name)):
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if words.startswith(b"ray::_run_rows"):
                found.append(int(entry.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="skipped: workers are found in /proc")
def test_a_killed_worker_loses_nothing() -> None:
    killed: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if done >= 4 and len(killed) < 2:
            for pid in busy_workers()[:1]:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

    far = cluster.sweep(DESIGN, out="far", progress=kill_one)
    near = allegiance.sweep(DESIGN, out="near")
    assert len(killed) == 2
    assert files(Path("far")) == files(Path("near"))
    assert far.fields == near.fields and far.text == near.text


def test_a_stopped_sweep_goes_on() -> None:
    def stop(done: int, total: int) -> None:
        if done >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cluster.sweep(DESIGN, out="far", rows_per_task=2, progress=stop)
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

    work = _native.OpenSweep(None, DESIGN.text, [], "far", False, False)
    other = allegiance.design("far", "one-village", {"days": [3, 4]}, outcomes=["deaths"]).text
    with pytest.raises(allegiance.RunError, match="rows of another sweep"):
        work.keep(_native.run_rows(None, other, [], [0]))
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
