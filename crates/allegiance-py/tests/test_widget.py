"""The widget holds what is drawn, follows whom it is asked about, and says what it can't show."""

from __future__ import annotations

from pathlib import Path

import allegiance
import pytest

pytest.importorskip("anywidget", reason="skipped: anywidget isn't installed")


def test_a_run_is_drawn_and_a_path_told(tmp_path: Path) -> None:
    from allegiance.widget import RunWidget

    run = allegiance.run("one-village", replicates=2, days=30, set=None, out=tmp_path / "run")
    widget = RunWidget(run, day=11)
    assert len(widget.data["dates"]) == 30 and widget.data["dates"][11] == "2014-01-12"
    assert {"control", "groups"} & set(widget.data)
    told = widget.story
    assert "Synthetic: no one real" in told
    widget.pick = "stayer"
    assert widget.story != told
    with pytest.raises(allegiance.ArgumentError, match="day is 30; must be 0 to 29"):
        RunWidget(run, day=30)
    with pytest.raises(allegiance.ArgumentError, match="in memory"):
        RunWidget(allegiance.run("one-village", replicates=1, days=3))
