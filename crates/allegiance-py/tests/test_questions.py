"""Questions get the answers of the command line."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import allegiance
import pytest

DESIGN = allegiance.design(
    "small",
    "one-village",
    {"joining.per_month": None, "combat.decisiveness": (0.5, 2), "theory.exit": ["full", "constant"]},
    outcomes=["deaths", "groups.isis.members_end"],
    sampler="morris",
    rows=3,
    levels=4,
    replicates=2,
    seed=3,
    set={"days": 20},
)


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_comparison_is_that_of_the_command_line(cli_json: Callable[..., Any]) -> None:
    found = allegiance.compare(
        "one-village", set={"days": 30}, set_b={"joining.per_month": 0}, replicates=20, theories=True, prior_draws=3
    )
    words = ["one-village", "--set", "days=30", "--set-b", "joining.per_month=0", "-n", "20", "--theories"]
    assert found.fields == cli_json("compare", *words, "--prior-draws", "3", "-q")
    assert "95% interval in brackets" in str(found)
    rows = {row["outcome"]: row for row in found.differences}
    assert rows["groups.isis.members_end"]["high"] < 0
    assert all(row["is_possible"] for row in found.differences)
    idle = allegiance.compare("one-village", set={"days": 5}, set_b={"interventions.radio_hazard_ratio": 1.6}, replicates=2)
    assert not any(row["is_possible"] for row in idle.differences)
    assert all(row["low"] is None and row["high"] is None and row["p"] is None for row in idle.differences)
    assert "[0, 0]" not in idle._repr_html_() + str(idle)
    assert idle["arms"][1]["differs"]["nothing_came"]["because"][0]["kind"] == "no_lever"
    assert "no effect is possible here" in idle._repr_html_()
    with pytest.raises(allegiance.ArgumentError, match="give b, or set_b"):
        allegiance.compare("one-village")
    with pytest.raises(allegiance.ArgumentError, match="Scenario.outcomes lists them"):
        allegiance.compare("one-village", set_b={"joining.per_month": 0}, outcomes=["deths"])


def test_an_experiment_can_be_made_smaller_and_kept(cli: Callable[..., str]) -> None:
    small = {"replicates": 6, "theories": False, "prior_draws": 0}
    found = allegiance.experiment("thesis", **small)
    assert found["n_replicates"] == 6
    assert {row["arm"] for row in found.differences} >= {"local", "outside"}
    kept = allegiance.experiment("thesis", out="kept", **small)
    assert kept.fields == found.fields and kept.folder == Path("kept")
    assert allegiance.read_table("kept/replicates.parquet").columns
    with pytest.raises(allegiance.FolderError):
        allegiance.experiment("thesis", out="kept", **small)
    with pytest.raises(allegiance.DocumentError, match='did you mean "thesis"'):
        allegiance.experiment("thesi")


def test_a_sweep_is_that_of_the_command_line_in_shards_too(cli: Callable[..., str]) -> None:
    Path("small.toml").write_text(DESIGN.text)
    cli("sweep", "small.toml", "--out", "cli", "-q")
    whole = allegiance.sweep(DESIGN, out="python")
    assert files(Path("cli")) == files(Path("python"))
    assert len(whole.rows) == whole["n_rows"] * 2 and len(whole.failures) == 0
    for at in (1, 2):
        allegiance.sweep("small.toml", out="parts", shard=(at, 2))
    allegiance.sweep("small.toml", out="parts", shard="merge")
    assert files(Path("parts")) == files(Path("cli"))
    with pytest.raises(allegiance.ArgumentError, match="shards count from 1"):
        allegiance.sweep(DESIGN, shard=(0, 2))


def test_sensitivity_is_that_of_the_command_line(cli_json: Callable[..., Any]) -> None:
    swept = allegiance.sweep(DESIGN, out="swept")
    found = allegiance.sensitivity(swept)
    assert found.fields == allegiance.sensitivity(DESIGN, out="swept").fields == cli_json("sensitivity", "swept", "-q")
    grid = allegiance.design("grid", "one-village", {"days": [3, 4]}, outcomes=["deaths"])
    with pytest.raises(allegiance.ArgumentError, match="saltelli"):
        allegiance.sensitivity(grid)


def test_a_mistaken_design_tells_its_lines() -> None:
    design = allegiance.design("wrong", "one-village", {"combat.courage": (1, 2)}, outcomes=["deaths"])
    with pytest.raises(allegiance.DocumentError) as raised:
        allegiance.sweep(design)
    assert raised.value.line == 10 and "combat.courage" in str(raised.value)
    design = allegiance.design("wrong", "one-village", {"days": [1, 2]}, outcomes=["deths"])
    with pytest.raises(allegiance.DocumentError, match="deths") as raised:
        allegiance.sweep(design)
    assert raised.value.problems[0].key == "outcomes[0]"


def test_rows_that_fail_are_kept_with_a_warning() -> None:
    # Either size is possible alone; both together are more than there are men.
    factors = {"groups.isis.members": [300, 3700], "groups.district_rebels.members": [200, 3000]}
    design = allegiance.design("fails", "one-village", factors, outcomes=["deaths"], set={"days": 3})
    with pytest.warns(UserWarning, match="rows failed"):
        swept = allegiance.sweep(design)
    assert len(swept.failures) == swept["n_failed"] == 1
    assert len(swept.rows) == 3


def test_stories_and_but_for_are_those_of_the_command_line(
    kept: allegiance.Run, cli: Callable[..., str], cli_json: Callable[..., Any]
) -> None:
    folder = str(kept.folder)
    told = allegiance.story(kept)
    assert told.fields == cli_json("story", folder)
    assert told.text.rstrip() == cli("story", folder).rstrip()
    beside = allegiance.story(kept, pick="defector", beside=True)
    assert beside["beside"] is not None and beside["who"] == cli_json("story", folder, "--pick", "defector")["who"]
    person, replicate = told["who"]["person"], told["replicate"]
    found = allegiance.but_for(kept, person=person, replicate=replicate, futures=10)
    words = ["--person", str(person), "--replicate", str(replicate), "--futures", "10"]
    by_cli = cli_json("but-for", folder, *words)
    assert found.fields == by_cli
    assert found.text == cli("but-for", folder, *words)
    assert [row["how"] for row in found.shares][-1] == "died"
    for row in found.shares:
        assert row["difference"] == pytest.approx(row["with"] - row["without"])
    with pytest.raises(allegiance.ArgumentError, match="there is no person 4000000 in replicate"):
        allegiance.story(kept, person=4_000_000)
    with pytest.raises(allegiance.ArgumentError, match="must be one of path, defector"):
        allegiance.story(kept, pick="hero")  # type: ignore[arg-type]
    with pytest.raises(allegiance.ArgumentError, match="has no incident 9999"):
        allegiance.but_for(kept, person=person, incident=9999)
    with pytest.raises(allegiance.ArgumentError, match="with out="):
        allegiance.story(allegiance.run("one-village", days=3))


def test_a_run_is_scored_as_by_the_command_line(
    kept: allegiance.Run, cli: Callable[..., str], cli_json: Callable[..., Any]
) -> None:
    # A record whose numbers are simulated, in the columns of UCDP GED.
    rows = allegiance.run("one-village", seed=99)["reported"].to_pyarrow().to_pylist()
    with Path("record.csv").open("w", newline="") as file:
        names = [name for name in rows[0] if name != "replicate"]
        writer = csv.DictWriter(file, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    found = allegiance.score(kept, "record.csv")
    by_cli = cli_json("score", str(kept.folder), "--record", "record.csv")
    assert found.fields == by_cli
    assert found.text == cli("score", str(kept.folder), "--record", "record.csv")
    assert len(found.rows) == len(by_cli["scores"]["rows"])
    model = next(row for row in found.rows if row["forecaster"] == "model")
    assert model["crps"] >= 0 and model["crps_low_95"] is None
    # All that happened lies in one unit, and one unit gives no interval.
    assert all(row["crps_low_95"] is None for row in found.rows)
    Path("wrong.csv").write_text("id,best\n1,2\n")
    with pytest.raises(allegiance.RecordError):
        allegiance.score(kept, "wrong.csv")
    with pytest.raises(allegiance.ArgumentError, match="2014-01"):
        allegiance.score(kept, "record.csv", first="January")


PATTERNS = """format = 1
title = "The first two weeks"
about = "an invented count of the first two weeks of fighting"
parameters = ["combat.killed_share_loser", "operations.attacks_per_month"]

[[patterns]]
id = "P1"
name = "deaths of two weeks"
kind = "deaths"
group = "isis"
from = 2014-01-01
days = 14
low = 5
high = 60
digits = 0
source = "Invented for this test"
"""


def test_recovery_and_calibration_answer(cli_json: Callable[..., Any]) -> None:
    scenario = allegiance.scenario("one-village", days=20)
    found = allegiance.recover(scenario, draws=1_000, truths=1, parameters=["combat.decisiveness"], table="table")
    assert found["n_draws"] >= 1_000 and len(str(found)) > 100
    heard: list[tuple[int, int]] = []
    again = allegiance.recover(
        scenario, draws=1_000, truths=1, parameters=["combat.decisiveness"], table="table",
        progress=lambda done, total: heard.append((done, total)),
    )  # fmt: skip
    assert again.fields == found.fields
    with pytest.raises(allegiance.ArgumentError, match="has no case"):
        allegiance.calibrate("one-village", budget=64, particles=32, out="python")
    Path("known").mkdir()
    Path("known/scenario.toml").write_text(
        'format = 1\nextends = "one-village"\nid = "known"\ndays = 16\ncase = "patterns.toml"\n'
    )
    Path("known/patterns.toml").write_text(PATTERNS)
    calibrated = allegiance.calibrate("./known", budget=64, particles=32, out="python")
    by_cli = cli_json("calibrate", "./known", "--budget", "64", "--particles", "32", "--out", "cli", "-q")
    assert calibrated["calibration"] == by_cli["calibration"]
    with pytest.raises(allegiance.FolderError, match="another study"):
        allegiance.calibrate("./known", budget=64, particles=33, out="python")
    with pytest.raises(allegiance.ArgumentError, match="lists them"):
        allegiance.calibrate("./known", parameters=["combat.courage"])
