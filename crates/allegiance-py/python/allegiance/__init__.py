"""Allegiance: an open laboratory for theories of allegiance in civil war.

Everyone in it is simulated, and nothing here is a forecast. The package runs
what the command line runs; ``docs/howto/python.md`` shows how.
"""

from allegiance._design import Design, design
from allegiance._errors import (
    AllegianceError,
    ArgumentError,
    BugError,
    DocumentError,
    FolderError,
    Problem,
    RecordError,
    RunError,
    ScenarioError,
    StoreError,
)
from allegiance._native import __version__
from allegiance._questions import (
    Answer,
    ButFor,
    Comparison,
    Score,
    Story,
    Sweep,
    but_for,
    calibrate,
    compare,
    experiment,
    open_sweep,
    recover,
    score,
    sensitivity,
    story,
    sweep,
)
from allegiance._run import Run, observe, open_run, read_table, replicates, run
from allegiance._scenario import (
    Outcome,
    Parameter,
    Scenario,
    SetupDifference,
    Value,
    experiments,
    new_scenario,
    parameters,
    scenario,
    scenarios,
)
from allegiance._table import Column, Table
from allegiance._theory import Theory

__all__ = [
    "AllegianceError",
    "Answer",
    "ArgumentError",
    "BugError",
    "ButFor",
    "Column",
    "Comparison",
    "Design",
    "DocumentError",
    "FolderError",
    "Outcome",
    "Parameter",
    "Problem",
    "RecordError",
    "Run",
    "RunError",
    "Scenario",
    "ScenarioError",
    "Score",
    "SetupDifference",
    "StoreError",
    "Story",
    "Sweep",
    "Table",
    "Theory",
    "Value",
    "__version__",
    "but_for",
    "calibrate",
    "compare",
    "design",
    "experiment",
    "experiments",
    "new_scenario",
    "observe",
    "open_run",
    "open_sweep",
    "parameters",
    "read_table",
    "recover",
    "replicates",
    "run",
    "scenario",
    "scenarios",
    "score",
    "sensitivity",
    "story",
    "sweep",
]
