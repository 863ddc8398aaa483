"""Evidence of people and groups, and surveys, from Python."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import allegiance
import pytest


def test_evidence_tells_and_decides_as_from_the_command_line(
    cli: Callable[..., str], cli_json: Callable[..., Any]
) -> None:
    cli("evidence", "new", "plan")
    plan = Path("plan.toml").read_text()
    options: dict[str, Any] = {"draws": 1_000, "parameters": ["combat.decisiveness"], "table": "table"}
    words = ["--draws", "1000", "--parameter", "combat.decisiveness", "--table", "table", "-q"]
    told = allegiance.recover("one-village", evidence=["plan.toml"], truths=5, fresh=0, **options)
    assert [result["evidence"] for result in told.fields["results"]] == ["reported record", "plan alone", "plan"]
    assert told.fields == cli_json("recover", "one-village", "--evidence", "plan.toml", "--truths", "5", "--fresh", "0", *words)
    with pytest.raises(allegiance.ArgumentError, match="plan is a plan"):
        allegiance.tournament(evidence=["plan.toml"], **options)
    found = plan.replace("# yes = \n# of = \n", "yes = 20\nof = 50\n")
    found = found.replace("# mean = \n# se = \n# of = \n", "mean = 2.5\nse = 0.2\nof = 50\n")
    Path("plan.toml").write_text(found)
    verdict = allegiance.tournament(evidence=["plan.toml"], **options)
    assert verdict.fields["n_events"] is None
    assert verdict.fields == cli_json("tournament", "--evidence", "plan.toml", *words)
    with pytest.raises(allegiance.ArgumentError, match="neither a record nor evidence"):
        allegiance.tournament(**options)
    moved = allegiance.calibrate("one-village", evidence=["plan.toml"], budget=64, particles=32, out="moved")
    assert len(moved.fields["calibration"]["patterns"]) == 20
    posterior = allegiance.inference_data("moved", draws=200)
    path = moved.fields["calibration"]["parameters"][0]["path"]
    values = posterior.posterior[path].to_numpy()
    assert values.shape == (1, 200)
    arviz = pytest.importorskip("arviz")
    assert abs(arviz.summary(posterior, round_to=6).loc[path, "mean"] - values.mean()) < 1e-4
    assert "plan: left: home_attacked" in posterior.posterior_predictive
    with pytest.raises(allegiance.ArgumentError, match="holds a calibration"):
        allegiance.reference_table("moved")


def test_simulated_wars_are_what_other_libraries_take() -> None:
    options: dict[str, Any] = {"draws": 1_000, "parameters": ["combat.decisiveness"], "table": "table"}
    allegiance.recover("one-village", truths=5, fresh=0, **options)
    found = allegiance.reference_table("table")
    assert found.theta.shape == (1_024, 1)
    assert found.x.shape == (1_024, len(found.summaries))
    assert found.parameters == ["combat.decisiveness"]
    assert len(set(found.exit)) == 7
    assert len(set(found.belief)) == 5
    assert "events" in found.summaries
    with pytest.raises(allegiance.ArgumentError, match="no study.json"):
        allegiance.reference_table("nowhere")
