"""A sample of SALib run by Allegiance and analysed by SALib, and Allegiance's own designs analysed by SALib.

    python examples/exchange/salib_round_trip.py

Needs SALib and pyarrow. Takes about half a minute, and says what it finds.
"""

from __future__ import annotations

from typing import Any

import allegiance
import numpy as np
from allegiance import Sweep
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris as morris_sample

FACTORS: dict[str, Any] = {
    "joining.per_month": None,
    "operations.attacks_per_month": (0.02, 0.3),
    "combat.killed_share_loser": (0.03, 0.2),
}
OUTCOME = "groups.isis.members_end"
SAME: dict[str, Any] = {"outcomes": [OUTCOME], "replicates": 1, "set": {"days": 20}}


def sample_of_salib() -> Any:
    """SALib chooses the rows, Allegiance runs them, SALib analyses them."""
    problem = allegiance.salib_problem(FACTORS)
    rows = morris_sample.sample(problem, N=6, num_levels=4, seed=3)
    measured = allegiance.measure("one-village", problem["names"], rows, progress=False, **SAME)
    assert measured.values.shape == (6 * 4, 1, 1) and not measured.failures
    return morris_analysis.analyze(problem, rows, measured.mean(OUTCOME), num_levels=4)


def own_design(sampler: Any, rows: int) -> tuple[Sweep, Any]:
    """Allegiance's design and what its rows give when they are handed over as numbers."""
    design = allegiance.design(f"own-{sampler}", "one-village", FACTORS, sampler=sampler, rows=rows, **SAME)
    swept = allegiance.sweep(design, out=f"own-{sampler}", overwrite=True, progress=False)
    _, points, of = allegiance.salib_sample(swept, OUTCOME)
    again = allegiance.measure("one-village", list(FACTORS), points, progress=False, **SAME)
    assert (again.mean(OUTCOME) == of).all(), "the same rows gave other outcomes"
    return swept, of


def main() -> None:
    print("elementary effects of a sample of SALib\n", sample_of_salib().to_df(), sep="")

    swept, _ = own_design("morris", 6)
    problem, points, of = allegiance.salib_sample(swept, OUTCOME)
    found = morris_analysis.analyze(problem, points, of, num_levels=4)
    print("\nelementary effects of Allegiance's design\n", found.to_df(), sep="")
    own = {one["factor"]: one for one in allegiance.sensitivity(swept)["outcomes"][0]["factors"]}
    for name, mu_star in zip(problem["names"], found["mu_star"], strict=True):
        assert np.isclose(own[name]["mu_star"]["value"], mu_star), f"{name}: SALib says {mu_star}"

    swept, _ = own_design("saltelli", 8)
    problem, _, of = allegiance.salib_sample(swept, OUTCOME)
    indices = sobol_analysis.analyze(problem, of, calc_second_order=False, seed=1)
    print("\nSobol's indices of Allegiance's design\n", indices.to_df()[0], sep="")
    assert np.isfinite(indices["ST"]).all()


if __name__ == "__main__":
    main()
