"""Runs are those of the command line, and their tables go everywhere."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import allegiance
import pytest

OPTIONS = ["one-village", "-n", "3", "--seed", "7", "--days", "30", "--theory", "motivated_reasoning", "--quiet"]
SETS = {"combat.decisiveness": 2, "mechanisms.voice": False, "observation.intercept": 0.7, "groups.isis.brutality": 0.5}


def python_run(**options: object) -> allegiance.Run:
    return allegiance.run(
        "one-village", replicates=3, seed=7, days=30, theory="motivated_reasoning", set=SETS, scale=2, **options
    )


def test_digests_are_those_of_the_command_line(cli: Callable[..., str]) -> None:
    sets = ["combat.decisiveness=2", "mechanisms.voice=false", "observation.intercept=0.7", "groups.isis.brutality=0.5"]
    words = [word for each in sets for word in ("--set", each)]
    cli("run", *OPTIONS, *words, "--scale", "2", "--out", "cli")
    by_cli = json.loads(Path("cli/run.json").read_text())
    in_memory, in_folder = python_run(), python_run(out="python")
    assert in_memory.digest == in_folder.digest == by_cli["digest"]
    for name, entry in by_cli["tables"].items():
        assert in_memory.digests[name] == in_folder.digests[name] == entry["digests"], name
        assert in_memory.manifest["tables"][name]["n_rows"] == entry["n_rows"] == len(in_memory[name]), name
        assert (Path("cli") / entry["file"]).read_bytes() == (Path("python") / entry["file"]).read_bytes(), name
    for key in ("setup_digest", "observation_digest", "changes", "patterns", "scenario_title"):
        assert in_memory.manifest[key] == by_cli[key], key
    assert cli("verify", "python", "--quiet")
    summary = Path("cli/summary.txt").read_text()
    assert summary.startswith(in_memory.summary.rstrip()) and "FILES in" in summary
    assert in_folder.summary.startswith(in_memory.summary.rstrip())


def test_results_do_not_depend_on_threads_nor_on_what_is_kept() -> None:
    whole = allegiance.run("one-village", replicates=4, days=20, threads=1)
    part = allegiance.run("one-village", replicates=4, days=20, threads=4, tables=["groups"])
    assert part.digests["groups"] == whole.digests["groups"]
    assert set(part) == {"groups", "places"}
    assert allegiance.replicates("one-village", 4, days=20).digest == whole.digest


def test_a_stopped_run_goes_on(tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done:
            raise Enough

    with pytest.raises(Enough):
        allegiance.run("north-syria-2014", replicates=30, days=20, out="run", threads=1, progress=stop)
    assert not Path("run").exists()
    assert Path("run.partial").is_dir()
    with pytest.raises(allegiance.FolderError) as raised:
        allegiance.run("north-syria-2014", replicates=3, days=20, out="run")
    assert "resume=True" in str(raised.value)
    resumed = allegiance.run("north-syria-2014", replicates=3, days=20, out="run", resume=True)
    assert resumed.digest == allegiance.run("north-syria-2014", replicates=3, days=20).digest


@pytest.mark.parametrize("table", ["incidents", "allegiance", "groups", "reported", "persons", "places"])
def test_tables_equal_their_files(kept: allegiance.Run, table: str) -> None:
    polars = pytest.importorskip("polars")
    from polars.testing import assert_frame_equal

    assert kept.folder
    file = polars.read_parquet(kept.folder / f"{table}.parquet")
    assert len(file) == len(kept[table]) > 0
    in_memory = allegiance.run("one-village", replicates=2)
    for run in (kept, in_memory):
        assert_frame_equal(run[table].to_polars(), file)
    if table != "places":
        for run in (kept, in_memory):
            one = run.table(table, replicate=1).to_polars()
            assert_frame_equal(one, file.filter(polars.col("replicate") == 1))


def test_tables_go_to_other_libraries(kept: allegiance.Run) -> None:
    pyarrow, duckdb, pandas = map(pytest.importorskip, ("pyarrow", "duckdb", "pandas"))
    groups = allegiance.run("one-village", replicates=2)["groups"]
    arrow = groups.to_pyarrow()
    assert arrow.num_rows == len(groups)
    assert pyarrow.schema(groups) == arrow.schema
    assert arrow.schema.field("n_members").metadata[b"unit"] == b"persons"
    assert arrow.schema.metadata[b"allegiance.table"] == b"groups"
    # Differences of counts may be below zero.
    assert not any(pyarrow.types.is_unsigned_integer(field.type) for field in arrow.schema)
    frame = groups.to_pandas()
    assert list(frame.columns) == [column.name for column in groups.columns]
    assert all(column.meaning and column.unit for column in groups.columns)
    pandas.testing.assert_frame_equal(frame, pandas.read_parquet(kept.folder / "groups.parquet"))
    last = duckdb.sql("SELECT sum(n_members) FROM groups WHERE day = (SELECT max(day) FROM groups)").fetchall()
    assert last == [(int(frame[frame.day == frame.day.max()].n_members.sum()),)]


def test_tables_become_cubes() -> None:
    pytest.importorskip("xarray")
    cube = allegiance.run("one-village", replicates=2, days=10)["groups"].to_xarray(["replicate", "day", "group"])
    assert dict(cube.sizes) == {"replicate": 2, "day": 10, "group": 3}


def test_tables_are_not_copied() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    table = allegiance.run("one-village")["groups"]
    first, second = pyarrow.table(table), pyarrow.table(table)
    for name in ("day", "date", "n_members", "group"):
        buffers = [each.column(name).chunk(0).buffers()[-1].address for each in (first, second)]
        assert buffers[0] == buffers[1], name
    # What another library holds outlives the run.
    expected = first.to_pydict()
    del table, second
    assert first.to_pydict() == expected


def test_an_observer_with_other_habits_reports_otherwise(kept: allegiance.Run) -> None:
    assert len(allegiance.observe(kept)) == len(kept["reported"])
    change = {"observation.intercept": 0, "observation.size": 0.3}
    seen = allegiance.observe(kept, set=change)
    simulated = allegiance.run("one-village", replicates=2, set=change)["reported"]
    assert seen.to_pyarrow().equals(simulated.to_pyarrow())
    assert 0 < len(seen) < len(kept["reported"])
    with pytest.raises(allegiance.ArgumentError, match="doesn't change the observer"):
        allegiance.observe(kept, set={"combat.decisiveness": 2})


def test_a_run_of_a_newer_format_is_refused(kept: allegiance.Run, tmp_path: Path) -> None:
    assert kept.folder
    newer = tmp_path / "newer"
    shutil.copytree(kept.folder, newer)
    manifest = json.loads((newer / "run.json").read_text(encoding="utf-8"))
    manifest |= {"format_version": manifest["format_version"] + 1, "engine_version": "9.0.0"}
    (newer / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(allegiance.FolderError, match="has format version 2.*read it with Allegiance 9.0.0"):
        allegiance.open_run(newer)


def test_runs_tell_what_they_lack(kept: allegiance.Run) -> None:
    assert kept.folder
    with pytest.raises(allegiance.ArgumentError, match="its tables are allegiance, beliefs"):
        kept.table("people")
    with pytest.raises(KeyError):
        kept["people"]
    with pytest.raises(allegiance.ArgumentError, match="it has 2, numbered from 0"):
        kept.table("groups", replicate=2)
    with pytest.raises(allegiance.FolderError, match="there is no folder"):
        allegiance.open_run("nowhere")
    with pytest.raises(allegiance.FolderError, match="pass another out=, or overwrite=True"):
        allegiance.run("one-village", out=kept.folder)
    with pytest.raises(allegiance.ArgumentError, match="there is no table people; tables are: incidents"):
        allegiance.run("one-village", tables=["people"])
    damaged = Path("damaged.parquet")
    damaged.write_bytes(b"PAR1 is not enough")
    with pytest.raises(allegiance.FolderError, match="damaged") as raised:
        allegiance.read_table(damaged)
    assert raised.value.file == str(damaged)
