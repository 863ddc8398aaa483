"""Theories that somebody wrote: from files, from keyword arguments, and what is said of mistakes."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import allegiance
import pytest

ABOUT = "Who has seen many comrades fall goes home."
WEIGHT = {
    "default": 0.3, "prior": [0.1, 1.0], "off": 0.0, "unit": "log-hazard", "meaning": "Rise for one comrade lost.",
    "tag": "judgement", "source": "no number exists",
}  # fmt: skip


def tired(**changes: object) -> allegiance.Theory:
    fields: dict[str, object] = {
        "name": "tired",
        "about": ABOUT,
        "blocks": ["belief", "opportunity"],
        "parameters": {"tiredness_weight": WEIGHT},
        "state": {"tiredness": {"half_life_days": 60, "most": 10, "add": {"comrade_lost": 1}}},
        "block": [{"name": "tiredness", "words": "tired of \"it\"", "all": "tiredness_weight * tiredness"}],
    }
    return allegiance.Theory(**{**fields, **changes})  # type: ignore[arg-type]


def test_a_theory_is_built_from_arguments_and_runs_as_its_file_does(cli: Callable[..., str]) -> None:
    theory = tired()
    assert (theory.name, theory.about, theory.slots) == ("tired", ABOUT, ["exit"])
    Path("mine.toml").write_text(theory.text)
    assert allegiance.Theory.from_file("mine.toml") == theory
    scenario = allegiance.scenario("one-village", days=20, theory=theory, set={"own.tiredness_weight": 0.6})
    assert scenario.theory == ("source_credibility", "tired")
    assert scenario["own.tiredness_weight"] == 0.6
    assert scenario.parameters["own.tiredness_weight"].high == 1.0
    run = allegiance.run(scenario, replicates=2)
    cli("run", "one-village", "-n", "2", "--days", "20", "--theory", "mine.toml",
        "--set", "own.tiredness_weight=0.6", "--out", "there", "-q")  # fmt: skip
    assert run.digest == allegiance.open_run("there").digest
    manifest = json.loads(Path("there/run.json").read_text())
    assert [own["digest"] for own in manifest["theory"]["own"]] == [theory.digest]


def test_a_theory_goes_to_other_processes_and_is_kept_with_a_run() -> None:
    scenario = allegiance.scenario("one-village", days=15, theory=[tired(), "fixed"])
    again = pickle.loads(pickle.dumps(scenario))
    assert again.theory == ("fixed", "tired")
    assert allegiance.run(again).digest == allegiance.run(scenario).digest
    run = allegiance.run(scenario, out="kept")
    assert allegiance.run(scenario, out="kept", overwrite=True).digest == run.digest
    assert pickle.loads(pickle.dumps(tired())) == tired() and hash(tired()) == hash(tired())


def test_a_theory_that_comes_with_the_program_and_one_of_another_slot() -> None:
    shipped = allegiance.Theory.from_file("own_safety_first")
    assert "Albrecht" in shipped.citation and shipped.slots == ["exit"]
    rule = {"conviction": "conviction_on_joining - claim_evidence + moved", "daily": "-0.01"}
    believes = allegiance.Theory(name="gloomy", about="All lose heart.", belief=rule)
    scenario = allegiance.scenario("one-village", days=15, theory=believes)
    assert (believes.slots, scenario.theory) == (["belief"], ("gloomy", "full"))
    assert allegiance.run(scenario).digest != allegiance.run("one-village", days=15).digest


def gloomy(**changes: object) -> allegiance.Theory:
    rule = {"conviction": "conviction_on_joining - claim_evidence + moved", "daily": "-gloom"}
    weight = {**WEIGHT, "default": 0.01, "prior": [0.001, 0.02], "unit": "log-odds"}
    fields: dict[str, object] = {"name": "gloomy", "about": "All lose heart.", "belief": rule, "parameters": {"gloom": weight}}
    return allegiance.Theory(**{**fields, **changes})  # type: ignore[arg-type]


def test_two_theories_fill_a_slot_each(cli: Callable[..., str]) -> None:
    scenario = allegiance.scenario("one-village", days=15, theory=[tired(), gloomy()])
    assert scenario.theory == ("gloomy", "tired")
    run = allegiance.run(pickle.loads(pickle.dumps(scenario)), out="both")
    own = json.loads(Path("both/run.json").read_text())["theory"]["own"]
    assert [one["digest"] for one in own] == [tired().digest, gloomy().digest]
    Path("tired.toml").write_text(tired().text)
    Path("gloomy.toml").write_text(gloomy().text)
    cli("run", "one-village", "--days", "15", "--theory", "tired.toml", "--theory", "gloomy.toml", "--out", "there", "-q")
    assert run.digest == allegiance.open_run("there").digest
    with pytest.raises(allegiance.AllegianceError, match=r"theory\.exit is set twice, by theory=tired\.toml and by theory=constant"):
        allegiance.scenario("one-village", theory=[tired(), "constant"])
    with pytest.raises(allegiance.AllegianceError, match=r"own\.tiredness_weight would mean both"):
        allegiance.scenario("one-village", theory=[tired(), gloomy(parameters={"gloom": WEIGHT, "tiredness_weight": WEIGHT})])


def test_a_design_carries_the_theories_that_it_names() -> None:
    design = allegiance.design(
        "rivals", "one-village", {"theory": [gloomy(), "fixed"]}, outcomes=["desertions"], set={"days": 10}, theory=tired()
    )  # fmt: skip
    assert [theory.name for theory in design.theories] == ["tired", "gloomy"]
    swept = allegiance.sweep(design, out="rivals", threads=1)
    assert swept["n_failed"] == 0
    assert Path("rivals/theories/gloomy.toml").read_text() == gloomy().text
    with pytest.raises(allegiance.ArgumentError, match="two theories are called tired"):
        allegiance.design("same", "one-village", {"theory": [tired(), tired(about="Another.")]}, outcomes=["desertions"])


def test_mistakes_in_a_theory_are_told_with_their_lines() -> None:
    with pytest.raises(allegiance.DocumentError) as raised:
        tired(block=[{"name": "a", "words": "b", "all": "tirednes"}])
    (problem,) = raised.value.problems
    assert problem.file == "tired.toml" and problem.line == 25
    assert "did you mean" in str(raised.value) and "tiredness" in str(raised.value)
    with pytest.raises(allegiance.DocumentError):
        tired(parameters={"tiredness_weight": {**WEIGHT, "unit": "parsec"}})
    with pytest.raises(allegiance.AllegianceError, match="nowhere.toml"):
        allegiance.Theory.from_file("nowhere.toml")
    with pytest.raises(allegiance.ArgumentError, match="two theories are called tired"):
        allegiance.recover(theories=[tired(), tired(about="Another.")], draws=1_000)


def test_theories_are_told_apart_in_a_recovery() -> None:
    answer = allegiance.recover(theories=[tired()], draws=1_000, truths=1, fresh=0)
    words = answer["results"][0]["exit"]["confusion"]["words"]
    assert words[-1] == "tired" and Path("runs/recover-one-village-seed2014-tired").is_dir()
