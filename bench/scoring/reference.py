"""Writes the scores that the tests of allegiance-lab compare with.

    python3 -m venv /tmp/scoring && /tmp/scoring/bin/pip install -r bench/scoring/requirements.txt
    /tmp/scoring/bin/python bench/scoring/reference.py

The ensembles are drawn from a fixed seed. Scores come from views-evaluation,
under the settings of the ViEWS prediction challenge 2023/24:

- the interval holds 90% (alpha 0.1), as the evaluation code of the challenge
  sets it; the base profile of the package has 95%;
- the last bin of the ignorance score is open, as in that code; the package ends
  at 1000.5 and refuses what lies above;
- an ensemble of fewer than 1000 members is repeated to 1000 for the ignorance
  score, since the challenge asks for 1000 draws.

CRPS must also equal properscoring and scoringrules, or nothing is written.
"""

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import properscoring
import scoringrules
from views_evaluation.evaluation.native_metric_calculators import (
    calculate_crps_native,
    calculate_ignorance_score_native,
    calculate_mean_interval_score_native,
)
from views_evaluation.profiles.base import BASE_PROFILE

OUT = Path(__file__).parents[2] / "crates/allegiance-lab/tests/it/data/views_scores.json"
ALPHA = 0.1
N_DRAWS = 1000
BINS = [*BASE_PROFILE["Ignorance"]["bins"], np.inf]
SEED = 2023


def ensembles(rng):
    """Pairs of members and an observation, of several sizes and heights."""
    for size in (1, 2, 10, 50):
        for mean, observed in ((0, 0), (0, 7), (0.3, 0), (4, 3), (30, 200), (300, 90), (900, 2500)):
            yield np.round(rng.gamma(0.7, mean / 0.7 + 1e-9, size)).astype(float), float(observed)
    for mean, observed in ((0.2, 1), (60, 45), (1500, 1800)):
        yield np.round(rng.gamma(0.7, mean / 0.7, N_DRAWS)).astype(float), float(observed)


def score(members, observed):
    truth, draws = np.array([observed]), members[None, :]
    crps = calculate_crps_native(truth, draws)
    for other in (properscoring.crps_ensemble(truth, draws)[0], scoringrules.crps_ensemble(truth, draws, estimator="nrg")[0]):
        assert abs(crps - other) < 1e-9 * max(1, crps), (crps, other)
    repeated = np.repeat(draws, N_DRAWS // members.size, axis=1)
    return {
        "crps": crps,
        "ignorance": float(calculate_ignorance_score_native(truth, repeated, bins=BINS, low_bin=0, high_bin=0)),
        "interval": float(calculate_mean_interval_score_native(truth, draws, alpha=ALPHA)),
    }


cases = [
    {"members": members.astype(int).tolist(), "observed": observed, **score(members, observed)}
    for members, observed in ensembles(np.random.default_rng(SEED))
]
packages = {name: version(name) for name in ("views_evaluation", "properscoring", "scoringrules", "numpy")}
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
OUT.write_text(
    f'{{"made_by":"bench/scoring/reference.py","packages":{json.dumps(packages)},"cases":[\n{lines}\n]}}\n'
)
print(f"{len(cases)} cases in {OUT.name}")
