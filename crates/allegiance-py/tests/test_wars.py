"""Wars built from tables, and questions to runs beside those of test_questions, get the command line's answers."""

from __future__ import annotations

import csv
import json
import shutil
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import allegiance
import pytest

BUILD = ["--country", "Marania", "--from", "2001-01-01", "--to", "2001-12-31", "--min-events", "2"]
WAR = {"country": "Marania", "first": "2001-01-01", "last": "2001-12-31", "min_events": 2}


def write_war(date: str = "2001-{month:02}-{day:02}") -> None:
    """Twelve events of two sides at two towns."""
    with Path("events.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            "id type_of_violence side_a side_b latitude longitude country date_start date_end "
            "deaths_a deaths_b deaths_civilians deaths_unknown".split()
        )
        for at in range(12):
            day = date.format(month=at % 12 + 1, day=(7 * at) % 12 + 1)
            side_b, place = ("Front", (10.5, 20.5)) if at % 2 else ("Civilians", (10.8, 20.9))
            kind = 1 if side_b == "Front" else 3
            deaths = (1, 2, 0, 0) if kind == 1 else (0, 0, 3, 0)
            rows.writerow([1000 + at, kind, "Government of Marania", side_b, *place, "Marania", day, day, *deaths])
    Path("towns.csv").write_text("name,latitude,longitude,population\nHilltown,10.5,20.5,20000\nFord,10.8,20.9,8000\n")


def content(folder: str) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in Path(folder).rglob("*") if file.is_file()}


def test_a_war_is_built_as_by_the_command_line(cli: Callable[..., str], cli_json: Callable[..., Any]) -> None:
    write_war()
    built = allegiance.data_build("events.csv", "towns.csv", out="war", **WAR)
    words = ["data", "build", "--events", "events.csv", "--places", "towns.csv", *BUILD]
    assert built.fields == cli_json(*words, "--out", "same/war")
    assert content("war") == content("same/war")
    text = cli(*words, "--out", "told/war")
    assert text.startswith(built.text.replace("groups=", "--groups"))
    assert built["events"] == 12 and built.folder == Path("war")
    assert allegiance.run(built.scenario, days=20).n_replicates == 1
    changed = allegiance.data_build("events.csv", "towns.csv", out="war", overwrite=True, population=50_000, **WAR)
    assert changed["population"] != built["population"]


def test_mistakes_of_a_build_are_exceptions_with_file_and_line() -> None:
    write_war()
    with pytest.raises(allegiance.ArgumentError, match="its countries are only Marania"):
        allegiance.data_build("events.csv", "towns.csv", out="war", **{**WAR, "country": "Mali"})
    Path("sizeless.csv").write_text("name,latitude,longitude\nHilltown,10.5,20.5\n")
    with pytest.raises(allegiance.ArgumentError, match="name the column of the inhabitants"):
        allegiance.data_build("events.csv", "sizeless.csv", out="war", **WAR)
    for key, value in {"min_events": 0, "seed": -1, "first": "January", "mode": "real", "undated": "guess", "dates": "?"}.items():
        with pytest.raises(allegiance.ArgumentError, match=f"{key} is "):
            allegiance.data_build("events.csv", "towns.csv", out="war", **{**WAR, key: value})
    Path("broken.csv").write_text("name,latitude,longitude,population\nHilltown,x,20.5,1\n")
    with pytest.raises(allegiance.RecordError) as raised:
        allegiance.data_build("events.csv", "broken.csv", out="war", **WAR)
    assert (raised.value.file, raised.value.line, raised.value.key) == ("broken.csv", 2, "latitude")
    with pytest.raises(allegiance.RecordError, match="nowhere.csv"):
        allegiance.data_build("nowhere.csv", "towns.csv", out="war", **WAR)
    assert not Path("war").exists()
    allegiance.data_build("events.csv", "towns.csv", out="war", **WAR)
    before = content("war")
    with pytest.raises(allegiance.FolderError, match="exists already") as taken:
        allegiance.data_build("events.csv", "towns.csv", out="war", **WAR)
    assert "overwrite=True" in str(taken.value) and "--" not in str(taken.value)
    assert content("war") == before


def test_the_order_of_day_and_month_can_be_told(cli_json: Callable[..., Any]) -> None:
    write_war("{month}/{day}/2001")
    with pytest.raises(allegiance.RecordError, match="no row tells") as raised:
        allegiance.data_build("events.csv", "towns.csv", out="war", **WAR)
    assert "--" not in str(raised.value)
    words = ["data", "build", "--events", "events.csv", "--places", "towns.csv", *BUILD]
    built = allegiance.data_build("events.csv", "towns.csv", out="war", dates="day-first", **WAR)
    assert built.fields == cli_json(*words, "--dates", "day-first", "--out", "cli/war")
    run = allegiance.run(built.scenario, out="run")
    full = [row for row in csv.DictReader(Path("war/events.csv").open())]
    for row in full:
        row["where_prec"] = "1"
        row["date_start"] = row["date_end"] = "{1}/{2}/{0}".format(*map(int, row["date_start"][:10].split("-")))
    with Path("record.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(full[0]))
        writer.writeheader()
        writer.writerows(full)
    with pytest.raises(allegiance.RecordError, match="no row tells"):
        allegiance.score(run, "record.csv")
    scored = allegiance.score(run, "record.csv", dates="month-first")
    assert scored.fields == cli_json("score", "run", "--record", "record.csv", "--dates", "month-first")
    assert scored["scores"]["is_replay"]


def test_a_report_has_the_bytes_of_the_command_lines(kept: allegiance.Run, cli: Callable[..., str], tmp_path: Path) -> None:
    folder = str(kept.folder)
    page = allegiance.report(kept, out="python.html")
    cli("report", folder, "--out", "cli.html")
    assert page == Path("python.html") and page.read_bytes() == Path("cli.html").read_bytes()
    other = allegiance.run("one-village", replicates=2, set={"joining.per_month": 0}, out="other")
    with pytest.raises(allegiance.FolderError, match="overwrite=True"):
        allegiance.report(kept, other, out="python.html")
    assert page.read_bytes() == Path("cli.html").read_bytes()
    allegiance.report(kept, other, out="python.html", overwrite=True)
    cli("report", folder, "other", "--out", "cli.html", "--overwrite")
    assert page.read_bytes() == Path("cli.html").read_bytes()
    assert allegiance.report("other") == Path("other-report.html")
    found = allegiance.experiment("thesis", replicates=2, theories=False, prior_draws=0, out="experiment")
    assert b"experiment" in allegiance.report(kept, found, out="with.html").read_bytes()
    with pytest.raises(allegiance.ArgumentError, match="neither a run nor an experiment"):
        allegiance.report(kept, tmp_path, out="none.html")
    with pytest.raises(allegiance.ArgumentError, match="is a folder; name a file with out="):
        allegiance.report(kept, out=tmp_path)
    with pytest.raises(allegiance.ArgumentError, match="with out="):
        allegiance.report(allegiance.run("one-village", days=3))


def test_paths_are_those_of_the_command_line(
    kept: allegiance.Run, cli: Callable[..., str], cli_json: Callable[..., Any]
) -> None:
    found = allegiance.paths(kept)
    assert found.fields == cli_json("paths", str(kept.folder))
    assert cli("paths", str(kept.folder)).startswith(found.text)
    assert len(found["steps"]) > 5


def test_theories_are_those_of_the_command_line(cli: Callable[..., str], cli_json: Callable[..., Any]) -> None:
    own = allegiance.Theory.from_file("own_safety_first")
    found = allegiance.theories("one-village", theories=[own], replicates=2, out="python")
    words = ["theories", "one-village", "--theory", "own_safety_first", "--replicates", "2", "-q"]
    assert found["rows"] == cli_json(*words, "--out", "cli")
    assert content("python") == content("cli")
    assert found.text == cli(*words) and found.folder == Path("python")
    assert allegiance.theories(replicates=2)["rows"] == found["rows"][:-1]
    with pytest.raises(allegiance.FolderError, match="overwrite=True"):
        allegiance.theories(replicates=2, out="python")
    with pytest.raises(allegiance.ArgumentError, match="two theories are called own_safety_first"):
        allegiance.theories(theories=[own, own], replicates=2)
    with pytest.raises(allegiance.ArgumentError, match="replicates is 0"):
        allegiance.theories(replicates=0)


def test_a_tournament_is_that_of_the_command_line(
    kept: allegiance.Run, cli: Callable[..., str], cli_json: Callable[..., Any]
) -> None:
    options: dict[str, Any] = {"draws": 1_000, "parameters": ["combat.decisiveness"], "table": "table"}
    run = allegiance.run("one-village", days=20, out="truth")
    found = allegiance.tournament(run, **options)
    words = ["--draws", "1000", "--parameter", "combat.decisiveness", "--table", "table", "-q"]
    assert found.fields == cli_json("tournament", "truth", *words)
    assert found.text == cli("tournament", "truth", *words)
    rows = run["reported"].to_pyarrow().to_pylist()
    with Path("record.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, [name for name in rows[0] if name != "replicate"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(allegiance.ArgumentError, match="say which one with scenario="):
        allegiance.tournament("record.csv", **options)
    by_file = allegiance.tournament("record.csv", scenario=allegiance.scenario("one-village", days=20), **options)
    assert by_file["slots"] == found["slots"]
    with pytest.raises(allegiance.ArgumentError, match="lists them"):
        allegiance.tournament(run, draws=1_000, parameters=["combat.courage"])
    with pytest.raises(allegiance.FolderError, match="replicate"):
        allegiance.tournament(run, replicate=7, **options)


def test_a_run_is_verified_and_what_was_changed_is_told(
    kept: allegiance.Run, cli: Callable[..., str], cli_json: Callable[..., Any]
) -> None:
    shutil.copytree(str(kept.folder), "copy")
    found = allegiance.verify("copy", replicates=1)
    assert found.fields == cli_json("verify", "copy", "-n", "1", "-q")
    assert found.text == cli("verify", "copy", "-n", "1", "-q")
    assert len(allegiance.verify("copy", every_way=True)["ways"]) == 5
    with pytest.raises(allegiance.ArgumentError, match="replicates is 0"):
        allegiance.verify("copy", replicates=0)
    manifest = json.loads(Path("copy/run.json").read_text())
    manifest["tables"]["incidents"]["digests"][0] = "0" * 16
    Path("copy/run.json").write_text(json.dumps(manifest))
    with pytest.raises(allegiance.FolderError, match="1 of .* isn't what was written; nothing was simulated"):
        allegiance.verify("copy")
    Path("copy/SHA256SUMS").unlink()
    with pytest.raises(allegiance.FolderError, match="table incidents: 0000000000000000 recorded"):
        allegiance.verify("copy")


def page_of(url: str) -> Any:
    return json.load(urllib.request.urlopen(f"{url}api/runs"))


def test_a_page_shows_runs_and_scenarios_until_it_is_stopped(kept: allegiance.Run, program: str) -> None:
    with allegiance.explore(kept, browser=False, program=program) as page:
        assert page.is_shown and page.url in page._repr_html_() and page.url.startswith("http://127.0.0.1:")
        assert len(page_of(page.url)["runs"]) == 1
    # By itself, since its input ended.
    assert not page.is_shown and page._process.returncode == 0
    with pytest.raises(OSError):
        page_of(page.url)
    own = allegiance.Theory.from_file("own_safety_first")
    page = allegiance.explore("one-village", days=5, replicates=2, theory_b=own, browser=False, program=program)
    labels = [run["label"] for run in page_of(page.url)["runs"]]
    assert len(labels) == 2 and "own_safety_first" in labels[1]
    page.stop()
    page.stop()
    with pytest.raises(allegiance.ArgumentError, match="can't change it"):
        allegiance.explore(kept, days=3, program=program)
    with pytest.raises(allegiance.ArgumentError, match="give its scenario instead"):
        allegiance.explore("one-village", kept, set_b={"days": 3}, program=program)
    with pytest.raises(allegiance.ScenarioError, match='did you mean "one-village"'):
        allegiance.explore("one-vilage", program=program)
    other = allegiance.new_scenario("war", days=20)
    with pytest.raises(allegiance.ArgumentError, match="seed|places|groups|same"):
        allegiance.explore(kept, allegiance.run(other, out="other"), browser=False, program=program)


def test_a_missing_or_foreign_program_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(allegiance.RunError, match="isn't on the PATH; install it, or name its file with program="):
        allegiance.explore("one-village")
    with pytest.raises(allegiance.RunError, match="isn't a program"):
        allegiance.explore("one-village", program=tmp_path / "none")
    with pytest.raises(allegiance.RunError, match="isn't the program of Allegiance"):
        allegiance.explore("one-village", program=sys.executable)
