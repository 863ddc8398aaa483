"""Simulated wars and posteriors for other libraries: sbi, scikit-learn, ArviZ, SALib."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allegiance import _native
from allegiance._design import Design, Levels, design
from allegiance._errors import ArgumentError, ScenarioError
from allegiance._progress import ProgressChoice, following
from allegiance._questions import Sweep, taken_apart
from allegiance._run import RunLike, maybe_in_folder
from allegiance._scenario import ScenarioLike, TheoryLike, Value, parameters
from allegiance._scenario import scenario as _scenario


@dataclass(frozen=True)
class Prior:
    """From where a parameter was drawn."""

    name: str
    """The parameter."""
    low: float
    """Lower end of the range."""
    high: float
    """Upper end of the range."""
    scale: str
    """``flat``, or ``log_flat``: flat in the logarithm."""

    def positions(self, values: Any) -> Any:
        """Where values lie in the prior, from 0 to 1 with equal chances."""
        import numpy as np

        values = np.asarray(values, dtype=float)
        if self.scale == "log_flat":
            return np.log(values / self.low) / np.log(self.high / self.low)
        return (values - self.low) / (self.high - self.low)

    def values(self, positions: Any) -> Any:
        """The values at positions from 0 to 1."""
        import numpy as np

        positions = np.asarray(positions, dtype=float)
        if self.scale == "log_flat":
            return self.low * (self.high / self.low) ** positions
        return self.low + (self.high - self.low) * positions


@dataclass(frozen=True)
class ReferenceTable:
    """Wars drawn from their priors, each with what could be known of it."""

    parameters: list[str]
    """Names of the columns of ``theta``."""
    summaries: list[str]
    """Names of the columns of ``x``."""
    theta: Any
    """Parameters, a NumPy array of shape (wars, parameters)."""
    x: Any
    """What the record, the instruments and the evidence say, of shape (wars, summaries)."""
    belief: list[str]
    """Theory of belief of each war."""
    exit: list[str]
    """Theory of exit of each war."""
    priors: list[Prior]
    """Where each column of ``theta`` was drawn from."""
    beliefs: list[str]
    """The theories of belief that were drawn, each as likely as any other."""
    exits: list[str]
    """And those of exit."""

    @property
    def positions(self) -> Any:
        """``theta`` with each parameter as its position in its prior: all are flat between 0 and 1."""
        import numpy as np

        columns = [prior.positions(self.theta[:, at]) for at, prior in enumerate(self.priors)]
        return np.stack(columns, axis=1) if columns else self.theta

    def values(self, positions: Any) -> Any:
        """``theta`` of positions, such as draws from a posterior that was learned from them."""
        import numpy as np

        positions = np.asarray(positions, dtype=float)
        columns = [prior.values(positions[:, at]) for at, prior in enumerate(self.priors)]
        return np.stack(columns, axis=1) if columns else positions

    def columns(self, names: Iterable[str]) -> Any:
        """Some columns of ``x``, in the order of ``names``."""
        at = {name: place for place, name in enumerate(self.summaries)}
        names = list(names)
        if strange := [name for name in names if name not in at]:
            raise ArgumentError(f"the wars have no summary {strange[0]!r}", hint="summaries lists them")
        return self.x[:, [at[name] for name in names]]


def reference_table(table: str | os.PathLike[str]) -> ReferenceTable:
    """The simulated wars that :func:`recover` and :func:`tournament` keep in the folder ``table``.

    ``sbi`` takes ``found.positions`` and ``found.x`` under a flat prior between 0 and 1; scikit-learn takes
    ``found.x`` and ``found.exit`` as they are. Needs pyarrow.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = Path(table)
    study = _study(folder, "reference table")
    chunks = sorted((folder / "draws").glob("*.parquet"))
    if not chunks:
        raise ArgumentError(f"{folder} holds no simulated wars", key="table")
    draws = pa.concat_tables([pq.read_table(chunk) for chunk in chunks])
    priors = [Prior(prior["path"], prior["low"], prior["high"], prior["scale"]) for prior in study["priors"]]
    parameters = [prior.name for prior in priors]
    summaries = draws.column_names[2 + len(parameters) :]
    at = {slot: draws[slot].to_numpy().astype(int) for slot in ("belief", "exit")}
    words = _words(study, at, folder)
    return ReferenceTable(
        parameters=parameters,
        summaries=summaries,
        theta=_matrix(draws, parameters),
        x=_matrix(draws, summaries),
        belief=[words["belief"][number] for number in at["belief"]],
        exit=[words["exit"][number] for number in at["exit"]],
        priors=priors,
        beliefs=words["belief"],
        exits=words["exit"],
    )


def _words(study: dict[str, Any], at: dict[str, Any], folder: Path) -> dict[str, list[str]]:
    """The theories of both slots; those that people wrote come after the engine's."""
    words = {slot: list(study[f"{slot}s"]) for slot in ("belief", "exit")}
    own = [name for name, _ in study.get("theories", [])]
    filled = [slot for slot in words if at[slot].max() >= len(words[slot])]
    if len(filled) > 1:
        raise ArgumentError(
            f"{folder} holds wars under theories in files of belief and of exit, and doesn't say which is which",
            hint="simulate them in two tables",
        )
    for slot in filled:
        words[slot] += own
    return words


def summaries(
    record: RunLike | None = None,
    *,
    evidence: Iterable[str | os.PathLike[str]] = (),
    replicate: int = 0,
    scenario: ScenarioLike | None = None,
) -> dict[str, float]:
    """What is known of one war, as the columns ``x`` of a :func:`reference_table` have it.

    ``record``, ``evidence`` and ``scenario`` are those of :func:`tournament`. What was learned from simulated wars
    can be asked about it.
    """
    native = None if scenario is None else _scenario(scenario)._native
    with maybe_in_folder(record) as place:
        return dict(_native.summaries(place, list(evidence), replicate, native))


def inference_data(calibration: str | os.PathLike[str], *, draws: int = 1_000) -> Any:
    """The joint posterior that :func:`calibrate` left in a folder, for ArviZ.

    Particles are drawn again by their weights, evenly spaced, so that each counts alike: adjusted
    ones where there are any. The groups are ``posterior`` and ``posterior_predictive``. Needs pyarrow and
    arviz.
    """
    import arviz
    import numpy as np
    import pyarrow.parquet as pq

    folder = Path(calibration)
    study = _study(folder, "calibration")
    parameters = [prior["path"] for prior in study["priors"]]
    targets = [target["id"] for target in study["targets"]]
    is_adjusted = (folder / "adjusted.parquet").exists()
    name = "adjusted" if is_adjusted else "posterior"
    particles = pq.read_table(folder / f"{name}.parquet")
    weights = particles["weight"].to_numpy()
    at = np.searchsorted(np.cumsum(weights / weights.sum()), (np.arange(draws) + 0.5) / draws)
    at = np.minimum(at, len(weights) - 1)
    fresh = pq.read_table(folder / ("predictive-adjusted.parquet" if is_adjusted else "predictive.parquet"))
    return arviz.from_dict(
        posterior={path: particles[path].to_numpy()[at][None, :] for path in parameters},
        posterior_predictive={target: fresh[target].to_numpy()[None, :] for target in targets},
    )


def salib_problem(factors: Mapping[str, Levels]) -> dict[str, Any]:
    """Factors of a :func:`design` as a problem of SALib, whose samplers then give rows for :func:`measure`.

    ``None`` stands for a parameter's prior, and a pair for a range on the scale of that prior. Lists and
    whole numbers are unknown to SALib.
    """
    known = {entry.name: entry for entry in parameters()}
    bounds, dists = [], []
    for key, levels in factors.items():
        entry = known.get(key)
        if isinstance(levels, list):
            raise ArgumentError(f"{key} has a list of values; SALib samples ranges", key=key)
        if levels is None and entry is None:
            raise ArgumentError(f"{key} isn't a parameter and has no prior; give a range", key=key)
        low, high = (entry.low, entry.high) if entry is not None and levels is None else (levels or (0.0, 1.0))[:2]
        usual = "log" if entry is not None and entry.spread == "log_flat" else "linear"
        scale = levels[2] if levels is not None and len(levels) > 2 else usual
        if scale not in _DISTS:
            raise ArgumentError(f"the scale of {key} is {scale}; SALib has linear and log", key=key)
        bounds.append([low, high])
        dists.append(_DISTS[scale])
    return {"num_vars": len(bounds), "names": list(factors), "bounds": bounds, "dists": dists}


# What SALib calls a scale.
_DISTS = {"linear": "unif", "log": "logunif"}


def salib_sample(sweep: Sweep, outcome: str) -> tuple[dict[str, Any], Any, Any]:
    """A finished sweep as SALib's analyses take it: the problem, the rows, and the mean of an outcome in each.

    A sweep of the sampler ``saltelli`` goes to ``sobol.analyze`` with ``calc_second_order=False``, one of
    ``morris`` to ``morris.analyze`` with its ``num_levels``. Of a factor with a list of values a row has the
    position. Needs pyarrow.
    """
    import numpy as np

    if sweep["n_failed"]:
        raise ArgumentError(f"{sweep['n_failed']} rows of the sweep failed, and SALib needs them all")
    known = [one["name"] for one in sweep["outcomes"]]
    if outcome not in known:
        raise ArgumentError(f"the sweep has no outcome {outcome!r}; it has {', '.join(known)}", key=outcome)
    rows = sweep.rows.to_pyarrow()
    n_replicates = sweep["n_replicates"]
    names, bounds, dists, columns = [], [], [], []
    for factor in sweep["design"]["factors"]:
        key, values = factor["key"], factor["values"]
        column = rows[key].to_pylist()[::n_replicates]
        names.append(key)
        if values["kind"] == "list":
            bounds.append([0.0, float(len(values["values"]))])
            dists.append("unif")
            columns.append([float(values["values"].index(str(value))) for value in column])
        else:
            bounds.append([values["low"], values["high"]])
            dists.append(_DISTS.get(values["scale"], "unif"))
            columns.append(column)
    problem = {"num_vars": len(names), "names": names, "bounds": bounds, "dists": dists}
    found = rows[outcome].to_numpy(zero_copy_only=False).astype(float)
    return problem, np.stack(columns, axis=1), found.reshape(-1, n_replicates).mean(axis=1)


@dataclass(frozen=True)
class Measured:
    """Outcomes of given rows."""

    outcomes: list[str]
    """Names along the last axis of ``values``."""
    values: Any
    """Outcomes of each replicate of each row, a NumPy array of shape (rows, replicates, outcomes).

    It is not a number where an outcome doesn't exist in a replicate, or the row failed.
    """
    failures: dict[int, str]
    """Why rows couldn't be run."""

    def mean(self, outcome: str) -> Any:
        """The mean of an outcome over replicates, of shape (rows,), as SALib's analyses take it."""
        return self.values[:, :, self.outcomes.index(outcome)].mean(axis=1)


def measure(
    scenario: str,
    names: Sequence[str],
    rows: Any,
    *,
    outcomes: Iterable[str],
    replicates: int = 1,
    theory: TheoryLike | Iterable[TheoryLike] | None = None,
    set: Mapping[str, Value] | Iterable[str] | None = None,
    threads: int = 0,
    progress: ProgressChoice = None,
) -> Measured:
    """Runs rows of values that were chosen elsewhere, such as a sample of SALib.

    ``rows`` has one column for each key in ``names``. A row's outcomes are those that a :func:`sweep` would have found
    at these values. Nothing is kept on the disk: for what takes long, use a design. Needs NumPy.
    """
    import numpy as np

    rows = np.asarray(rows, dtype=object)
    names, outcomes = list(names), list(outcomes)
    if rows.ndim != 2 or rows.shape[1] != len(names) or not len(rows):
        raise ArgumentError(f"rows has the shape {rows.shape}, and needs one column for each of {len(names)} names")

    def run(values: Any) -> dict[str, Any]:
        factors: dict[str, Levels] = {name: [_plain(value)] for name, value in zip(names, values, strict=True)}
        one: Design = design("row", scenario, factors, outcomes=outcomes, replicates=replicates, theory=theory, set=set)
        # Its only row, in the middle of lists of one value.
        _, records = _native.Rows(*taken_apart(one)).run([(0, [0.5] * len(names))])
        found: dict[str, Any] = json.loads(records[0])
        return found

    values = np.full((len(rows), replicates, len(outcomes)), np.nan)
    failures: dict[int, str] = {}
    with following(progress, "measure") as callback, ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        waiting = {pool.submit(run, row): at for at, row in enumerate(rows)}
        try:
            for n_done, done in enumerate(as_completed(waiting), start=1):
                try:
                    record = done.result()
                except ScenarioError as error:
                    # A value that is refused is a mistake of its row, and what all rows share one of the call.
                    if len(failures) + 1 == len(rows):
                        raise
                    record = {"failed": {"cause": error.problems[0].found if error.problems else str(error)}}
                if record["failed"]:
                    failures[waiting[done]] = record["failed"]["cause"]
                else:
                    values[waiting[done]] = [[np.nan if of is None else of for of in one] for one in record["outcomes"]]
                if callback is not None:
                    callback(n_done, len(rows))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return Measured(outcomes, values, dict(sorted(failures.items())))


def _plain(value: Any) -> Value:
    """A number of NumPy as one of Python, to the last bit."""
    return value.item() if hasattr(value, "item") else value  # type: ignore[no-any-return]


def _study(folder: Path, kind: str) -> dict[str, Any]:
    file = folder / "study.json"
    if not file.is_file():
        raise ArgumentError(f"{folder} holds no {kind}: there is no study.json in it")
    study: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if study.get("kind") != kind:
        raise ArgumentError(f"{folder} holds a {study.get('kind')}, and a {kind} is asked for")
    return study


def _matrix(table: Any, names: list[str]) -> Any:
    import numpy as np

    columns = [table[name].to_numpy() for name in names]
    return np.stack(columns, axis=1) if columns else np.empty((table.num_rows, 0))
