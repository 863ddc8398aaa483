from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, final

__all__ = [
    "OpenDraws",
    "OpenSweep",
    "Rows",
    "Scenario",
    "Table",
    "Wars",
    "__version__",
    "builtin_experiments",
    "builtin_scenarios",
    "but_for",
    "calibrate",
    "compare",
    "data_build",
    "experiment",
    "extend_scenario",
    "new_scenario",
    "observe",
    "open_run",
    "open_sweep",
    "parameters",
    "paths",
    "read_table",
    "read_theory",
    "recover",
    "report",
    "run_in_memory",
    "run_into",
    "run_table",
    "score",
    "sensitivity",
    "story",
    "summaries",
    "sweep",
    "theories",
    "theory_text",
    "tournament",
    "verify",
]

__version__: str

_Path = str | PathLike[str]
_Progress = Callable[[int, int], object] | None
_Keep = tuple[_Path, bool, bool] | None

@final
class Table:
    def __len__(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    @property
    def metadata(self) -> dict[str, str]: ...
    def columns(self) -> list[tuple[str, str, str, str]]: ...
    def replicate(self, replicate: int) -> Table: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any: ...
    def __arrow_c_schema__(self) -> Any: ...

@final
class OpenDraws:
    @staticmethod
    def of_study(
        scenario: Scenario,
        draws: int,
        parameters: list[str],
        theories: list[tuple[str, str]],
        evidence: list[_Path],
        table: _Path | None,
    ) -> OpenDraws: ...
    @staticmethod
    def of_calibration(
        scenario: Scenario,
        budget: int,
        minutes: int | None,
        particles: int,
        parameters: list[str],
        evidence: list[_Path],
        out: _Path | None,
    ) -> OpenDraws: ...
    @property
    def folder(self) -> Path: ...
    def progress(self) -> tuple[int, int]: ...
    def wanted(self, most: int) -> list[tuple[str, int, list[tuple[int, list[float]]]]]: ...
    def keep(self, table: str, chunk: int, first: int, rows: tuple[str, bytes]) -> None: ...
    def finish(self) -> tuple[str, str]: ...

@final
class OpenSweep:
    def __new__(
        cls,
        file: _Path | None,
        text: str | None,
        theories: list[tuple[str, str]],
        out: _Path | None,
        shard: tuple[int, int] | None,
        overwrite: bool,
        resume: bool,
    ) -> OpenSweep: ...
    @property
    def text(self) -> str: ...
    @property
    def theories(self) -> list[tuple[str, str]]: ...
    @property
    def n_rows(self) -> int: ...
    def missing(self) -> list[int]: ...
    def wanted(self, rows: list[int]) -> list[tuple[int, list[float]]]: ...
    def keep(self, finished: tuple[str, list[str]]) -> None: ...
    def close(self) -> None: ...
    def finish(self) -> tuple[Path, str, str | None]: ...

@final
class Rows:
    def __new__(cls, file: _Path | None, text: str | None, theories: list[tuple[str, str]]) -> Rows: ...
    def run(self, wanted: list[tuple[int, list[float]]]) -> tuple[str, list[str]]: ...

@final
class Wars:
    @staticmethod
    def of_study(
        scenario: Scenario, parameters: list[str], theories: list[tuple[str, str]], evidence: list[_Path]
    ) -> Wars: ...
    @staticmethod
    def of_calibration(
        scenario: Scenario, particles: int, parameters: list[str], evidence: list[_Path]
    ) -> Wars: ...
    def simulate(self, wars: list[tuple[int, list[float]]]) -> tuple[str, bytes]: ...

@final
class Scenario:
    def __new__(cls, name: str, changes: list[str], theories: list[tuple[str, str]]) -> Scenario: ...
    def edit(self, changes: list[str], theories: list[tuple[str, str]]) -> Scenario: ...
    @property
    def name(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def hash(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def days(self) -> int: ...
    @property
    def start(self) -> str: ...
    @property
    def n_inhabitants(self) -> int: ...
    @property
    def theory(self) -> tuple[str, str]: ...
    @property
    def changes(self) -> list[str]: ...
    @property
    def theories(self) -> list[tuple[str, str]]: ...
    def own_parameters(self) -> str: ...
    @property
    def sources(self) -> dict[str, str]: ...
    @property
    def groups(self) -> list[tuple[str, str]]: ...
    def warnings(self) -> list[dict[str, Any]]: ...
    def value(self, name: str) -> float | None: ...
    def differences(self, other: Scenario) -> str: ...
    def outcomes(self) -> list[tuple[str, str, str]]: ...
    def places(self) -> Table: ...

def builtin_scenarios() -> list[str]: ...
def builtin_experiments() -> list[str]: ...
def parameters() -> str: ...
def read_theory(label: str, text: str) -> str: ...
def theory_text(name_or_path: str) -> str: ...
def run_in_memory(
    scenario: Scenario, replicates: int, threads: int, tables: list[str] | None, progress: _Progress
) -> tuple[str, str, str, dict[str, Table]]: ...
def run_into(
    scenario: Scenario,
    out: _Path,
    replicates: int,
    threads: int,
    tables: list[str] | None,
    overwrite: bool,
    resume: bool,
    checkpoint_every: int | None,
    progress: _Progress,
) -> Path: ...
def open_run(folder: _Path) -> tuple[str, str, str]: ...
def run_table(folder: _Path, table: str, replicate: int | None) -> Table: ...
def read_table(file: _Path) -> Table: ...
def extend_scenario(folder: _Path, base: str) -> None: ...
def new_scenario(
    folder: _Path,
    title: str | None,
    start: tuple[int, int, int] | None,
    days: int | None,
    groups: list[str],
    places: int | None,
) -> None: ...
def observe(folder: _Path, changes: list[str], progress: _Progress) -> Table: ...
def compare(
    a: Scenario,
    b: Scenario,
    set: list[str],
    set_b: list[str],
    outcomes: list[str],
    replicates: int,
    half_width: float | None,
    theories: bool,
    prior_draws: int,
    crossed_draws: int,
    threads: int,
    keep: _Keep,
    progress: _Progress,
) -> tuple[str, str, list[str], Path | None]: ...
def experiment(
    name: str,
    replicates: int | None,
    theories: bool | None,
    prior_draws: int | None,
    crossed_draws: int | None,
    threads: int,
    keep: _Keep,
    progress: _Progress,
) -> tuple[str, str, list[str], Path | None]: ...
def sweep(
    file: _Path | None,
    text: str | None,
    theories: list[tuple[str, str]],
    out: _Path | None,
    shard: tuple[int, int] | None,
    threads: int,
    overwrite: bool,
    resume: bool,
    progress: _Progress,
) -> tuple[Path, str, str | None]: ...
def open_sweep(folder: _Path) -> tuple[Path, str, str | None]: ...
def sensitivity(
    file: _Path | None,
    text: str | None,
    theories: list[tuple[str, str]],
    out: _Path | None,
    threads: int,
    progress: _Progress,
) -> tuple[str, str]: ...
def recover(
    scenario: Scenario,
    draws: int,
    truths: int,
    fresh: int,
    parameters: list[str],
    theories: list[tuple[str, str]],
    evidence: list[_Path],
    table: _Path | None,
    shard: tuple[int, int],
    threads: int,
    progress: _Progress,
) -> tuple[str, str] | None: ...
def calibrate(
    scenario: Scenario,
    budget: int,
    minutes: int | None,
    particles: int,
    parameters: list[str],
    evidence: list[_Path],
    out: _Path | None,
    threads: int,
    progress: _Progress,
) -> tuple[str, str]: ...
def story(
    folder: _Path,
    person: int | None,
    replicate: int | None,
    pick: str | None,
    place: str | None,
    beside: bool,
) -> list[tuple[str, str]]: ...
def but_for(
    folder: _Path,
    person: int,
    replicate: int,
    incident: int | None,
    exposure: int | None,
    futures: int,
    outcomes: list[str],
    threads: int,
    progress: _Progress,
) -> tuple[str, str]: ...
def score(
    folder: _Path, record: _Path, first: str | None, last: str | None, dates: str | None
) -> tuple[str, str]: ...
def data_build(
    events: _Path,
    places: _Path,
    country: str,
    first: tuple[int, int, int],
    last: tuple[int, int, int],
    out: _Path,
    options: dict[str, Any],
) -> tuple[str, str]: ...
def report(folder: _Path, others: Sequence[_Path], out: _Path | None, overwrite: bool) -> Path: ...
def paths(folder: _Path) -> tuple[str, str]: ...
def verify(
    folder: _Path, replicates: int | None, every_way: bool, progress: _Progress
) -> tuple[str, str]: ...
def theories(
    scenario: Scenario,
    theories: list[tuple[str, str]],
    replicates: int,
    threads: int,
    keep: _Keep,
    progress: _Progress,
) -> tuple[str, str, Path | None]: ...
def tournament(
    record: _Path | None,
    evidence: list[_Path],
    replicate: int,
    scenario: Scenario | None,
    draws: int,
    seed: int | None,
    parameters: list[str],
    theories: list[tuple[str, str]],
    table: _Path | None,
    threads: int,
    progress: _Progress,
) -> tuple[str, str]: ...
def summaries(
    record: _Path | None, evidence: list[_Path], replicate: int, scenario: Scenario | None
) -> list[tuple[str, float]]: ...
