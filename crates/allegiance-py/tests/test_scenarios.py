"""Scenarios: look, change, and what is said of mistakes."""

from __future__ import annotations

import datetime
import pickle
from pathlib import Path

import allegiance
import pytest

MISTAKEN = """\
format = 1
id = "mine"
extends = "one-village"
days = 0
[parameters.combat]
decisivenes = 2
"""


def test_a_scenario_is_loaded_looked_at_and_changed() -> None:
    base = allegiance.scenario("one-village")
    assert base.theory == ("source_credibility", "full")
    assert base.groups["isis"].startswith("ISIS")
    assert len(base.places) == 6 or len(base.places) > 0
    assert any(outcome.name == "groups.isis.members_end" for outcome in base.outcomes)
    edited = base.edit(days=12, theory=["fixed", "constant"], set={"combat.decisiveness": 2.5})
    assert (edited.days, edited.theory, edited["combat.decisiveness"]) == (12, ("fixed", "constant"), 2.5)
    assert edited.changes == ["days=12", "theory=fixed", "theory=constant", "combat.decisiveness=2.5"]
    assert base.days != 12 and base.changes == []
    assert edited.hash == base.hash
    further = allegiance.scenario(edited, set="observation.intercept=1")
    assert further["observation.intercept"] == 1 and further["combat.decisiveness"] == 2.5
    assert allegiance.run(further).digest == allegiance.run(pickle.loads(pickle.dumps(further))).digest
    with pytest.raises(KeyError):
        base["combat.courage"]


def test_parameters_tell_what_they_are() -> None:
    scenario = allegiance.scenario("one-village", set={"combat.decisiveness": 2})
    entry = scenario.parameters["combat.decisiveness"]
    assert entry.value == 2 and entry.value != entry.default
    assert entry.low <= entry.default <= entry.high
    assert entry.tag in {"sourced", "derived", "judgement"}
    assert entry.meaning and entry.unit and entry.source
    assert {each.name for each in allegiance.parameters("observation.")} <= set(scenario.parameters)
    assert scenario.parameters.keys() == {each.name for each in allegiance.parameters()}


def test_names_are_listed() -> None:
    assert {"one-village", "north-syria-2014", "syria"} <= set(allegiance.scenarios())
    assert "thesis" in allegiance.experiments()


def test_every_problem_of_a_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "scenario.toml"
    file.write_text(MISTAKEN)
    with pytest.raises(allegiance.ScenarioError) as raised:
        allegiance.scenario(tmp_path)
    error = raised.value
    assert isinstance(error, ValueError) and isinstance(error, allegiance.AllegianceError)
    assert [(problem.key, problem.line) for problem in error.problems] == [
        ("days", 4),
        ("parameters.combat.decisivenes", 6),
    ]
    assert (error.file, error.line, error.key) == (str(file), 4, "days")
    assert 'did you mean "decisiveness"?' in (error.problems[1].hint or "")
    assert str(error).count("\n") == 1
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error) and copy.problems == error.problems and str(copy) == str(error)


def test_a_change_that_can_not_be_tells_key_and_hint() -> None:
    with pytest.raises(allegiance.ScenarioError) as raised:
        allegiance.scenario("one-village", set={"combat.decisivenes": 2})
    assert raised.value.key == "combat.decisivenes"
    assert raised.value.hint == 'did you mean "decisiveness"?'
    with pytest.raises(allegiance.ScenarioError, match="must be a number from 0") as raised:
        allegiance.scenario("one-village").edit(set={"combat.decisiveness": -1})
    assert raised.value.allowed == "must be a number from 0 to 25; 1 to 2.5 is plausible"
    with pytest.raises(allegiance.ScenarioError, match="theories of exit"):
        allegiance.run("one-village", theory="hope")
    with pytest.raises(allegiance.ScenarioError, match='did you mean "one-village"'):
        allegiance.scenario("one-vilage")
    with pytest.raises(allegiance.ScenarioError, match="isn't a parameter of observation"):
        allegiance.scenario("one-village", set={"observation.mood": 1})
    with pytest.raises(allegiance.ArgumentError, match="1 to 30000 replicates, not 0"):
        allegiance.run("one-village", replicates=0)


def test_what_differs_between_two_scenarios_is_listed() -> None:
    base = allegiance.scenario("one-village")
    assert base.differences(base) == []
    sets = {"groups.isis.pay_usd_per_month": 100, "observation.share_rebel": 0.6}
    changed = base.edit(theory="fixed", set=sets)
    found = base.differences(changed)
    assert [str(one) for one in found] == [
        "the theory of belief is fixed instead of source_credibility",
        "pay of local members of ISIS in the district, in US dollars a month, is 100 instead of 400",
        "observation.share_rebel is 0.6 instead of 0.7",
    ]
    fields = (found[1].kind, found[1].key, found[1].a, found[1].b)
    assert fields == ("pay", "groups.isis.pay_usd_per_month", "400", "100")


def test_values_outside_their_range_are_told_or_refused() -> None:
    told = allegiance.scenario("one-village").edit(set={"combat.decisiveness": 9}).warnings
    assert str(told[-1]).endswith("combat.decisiveness is 9; 1 to 2.5 is plausible")
    with pytest.raises(allegiance.ScenarioError, match="must be a number from 0 to 25; 1 to 2.5 is plausible"):
        allegiance.scenario("one-village").edit(set={"combat.decisiveness": 999999})


def test_two_changes_of_one_thing_are_refused() -> None:
    with pytest.raises(allegiance.ScenarioError, match="theory=constant and by theory=full; keep one") as raised:
        allegiance.scenario("one-village", theory=["constant", "full"])
    assert raised.value.key == "theory.exit"
    with pytest.raises(allegiance.ScenarioError, match="seed is set twice"):
        allegiance.scenario("one-village", seed=1, set={"seed": 2})
    with pytest.raises(allegiance.ScenarioError, match="is set twice"):
        allegiance.compare("one-village", set_b=["theory=fixed", "theory.belief=direct_experience"], replicates=2)
    # A later edit replaces what an earlier one did.
    edited = allegiance.scenario("one-village", theory="constant").edit(theory="full")
    assert edited.theory == ("source_credibility", "full")


def test_a_scenario_to_start_from_runs_and_mistakes_are_told(tmp_path: Path) -> None:
    day = datetime.date(1996, 2, 3)
    war = allegiance.new_scenario(tmp_path / "war", start=day, days=20, groups=["Army:government", "Hill men:rebel:60"])
    assert (war.days, list(war.groups)) == (20, ["army", "hill_men"])
    assert allegiance.run(war).n_replicates == 1
    changed = allegiance.new_scenario(tmp_path / "changed", base="one-village")
    assert allegiance.run(changed, days=5).digest == allegiance.run("one-village", days=5).digest
    with pytest.raises(allegiance.FolderError, match="exists already"):
        allegiance.new_scenario(tmp_path / "war")
    with pytest.raises(allegiance.ArgumentError, match="profiles are government"):
        allegiance.new_scenario(tmp_path / "b", groups=["Army:army"])
    with pytest.raises(allegiance.ArgumentError, match="must be 1 to 5000"):
        allegiance.new_scenario(tmp_path / "b", days=6000)
    assert not (tmp_path / "b").exists()
