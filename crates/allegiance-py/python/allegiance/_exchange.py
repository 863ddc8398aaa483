"""Simulated wars and posteriors for other libraries: sbi, scikit-learn, ArviZ."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegiance._errors import ArgumentError

if TYPE_CHECKING:
    import os


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


def reference_table(table: str | os.PathLike[str]) -> ReferenceTable:
    """The simulated wars that :func:`recover` and :func:`tournament` keep in the folder ``table``.

    ``sbi`` takes them as ``append_simulations(torch.from_numpy(found.theta), torch.from_numpy(found.x))``;
    scikit-learn takes ``found.x`` and ``found.exit`` as they are. Needs pyarrow.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = Path(table)
    study = _study(folder, "reference table")
    chunks = sorted((folder / "draws").glob("*.parquet"))
    if not chunks:
        raise ArgumentError(f"{folder} holds no simulated wars", key="table")
    draws = pa.concat_tables([pq.read_table(chunk) for chunk in chunks])
    parameters = [prior["path"] for prior in study["priors"]]
    own = [name for name, _ in study.get("theories", [])]
    summaries = draws.column_names[2 + len(parameters) :]
    words = {slot: [*study[slot], *own] for slot in ("beliefs", "exits")}
    return ReferenceTable(
        parameters=parameters,
        summaries=summaries,
        theta=_matrix(draws, parameters),
        x=_matrix(draws, summaries),
        belief=[words["beliefs"][int(at)] for at in draws["belief"].to_pylist()],
        exit=[words["exits"][int(at)] for at in draws["exit"].to_pylist()],
    )


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
