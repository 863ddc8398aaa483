"""Compares the built-in inference about theories with the estimator of `allegiance[inference]`, on the same wars.

    python bench/inference/estimators.py [--scenario one-village] [--draws 10240] [--truths 20] [--seed 7] [--table FOLDER]

`recover` simulates the wars and infers some of them again. The built-in inference is then repeated here in NumPy,
since `recover` doesn't tell single posteriors; the two must name the same theories the same number of times.
The estimator learns from all wars but those that are inferred, and is asked about these. Prints a table in Markdown:
the share of wars in which a theory is named at a probability of 0.8 or more, the share of these in which it is the true one,
and the mean gain of the log score over the prior in nats, with the paired difference and its 95% interval.
Needs the package with its extra, and pyarrow.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import allegiance
import numpy as np
from allegiance.inference import NAMED_FROM, TheoryEstimator

PENALTY, FAR, SHARE, FEWEST, MOST = 1e-3, 4.0, 0.02, 100, 500


def truths_of(table: allegiance.ReferenceTable, wanted: int) -> Any:
    """The first odd draws of each pair of theories."""
    n_of: dict[tuple[str, str], int] = {}
    truths = []
    for draw in range(1, len(table.x), 2):
        pair = (table.belief[draw], table.exit[draw])
        n_of[pair] = n_of.get(pair, 0) + 1
        if n_of[pair] <= wanted:
            truths.append(draw)
    return np.array(truths)


def builtin(table: allegiance.ReferenceTable, x: Any, slot: str, truths: Any) -> Any:
    """Posteriors of the built-in inference: learned predictors, nearest wars, shares of theories among them."""
    words = table.exits if slot == "exit" else table.beliefs
    at = np.array([words.index(word) for word in getattr(table, slot)])
    even, odd = np.arange(0, len(x), 2), np.arange(1, len(x), 2)
    mean, sd = x[even].mean(axis=0), x[even].std(axis=0)
    scaled = np.where(sd > 1e-12, np.clip((x - mean) / np.where(sd > 1e-12, sd, 1.0), -FAR, FAR), 0.0)
    features = np.hstack([np.ones((len(x), 1)), scaled, scaled**2])
    left = features[even].T @ features[even]
    left[np.arange(1, len(left)), np.arange(1, len(left))] += PENALTY * len(even)
    weights = np.linalg.solve(left, features[even].T @ np.eye(len(words))[at[even]])
    predictors = features[odd] @ weights
    k = min(max(int(len(odd) * SHARE), FEWEST), MOST)
    posteriors = np.empty((len(truths), len(words)))
    for row, truth in enumerate(truths):
        distances = ((predictors - predictors[truth // 2]) ** 2).sum(axis=1)
        distances[truth // 2] = np.inf
        nearest = np.argsort(distances, kind="stable")[:k]
        posteriors[row] = (np.bincount(at[odd[nearest]], minlength=len(words)) + 1) / (k + len(words))
    return posteriors


def fares(posteriors: Any, words: list[str], true: list[str]) -> dict[str, Any]:
    """How posteriors fare: how many are named, how many rightly, and each one's gain over the prior."""
    at = np.array([words.index(word) for word in true])
    named = posteriors.max(axis=1) >= NAMED_FROM
    right = named & (posteriors.argmax(axis=1) == at)
    gain = np.log(posteriors[np.arange(len(at)), at]) + np.log(len(words))
    return {"named": named, "right": right, "gain": gain}


def row_of(what: str, who: str, one: dict[str, Any]) -> str:
    named, right = int(one["named"].sum()), int(one["right"].sum())
    share = "" if named == 0 else f"{100 * right / named:.1f}%"
    return f"| {what} | {who} | {100 * one['named'].mean():.1f}% | {share} | {one['gain'].mean():.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="one-village")
    parser.add_argument("--draws", type=int, default=10_240)
    parser.add_argument("--truths", type=int, default=20)
    parser.add_argument("--seed", type=int, help="of the scenario, and so of the wars")
    parser.add_argument("--table", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = options.table or Path(folder) / "wars"
        scenario = allegiance.scenario(options.scenario, seed=options.seed)
        told = allegiance.recover(
            scenario, draws=options.draws, truths=options.truths, fresh=0, table=place, progress=False
        )
        table = allegiance.reference_table(place)
        run = allegiance.run(scenario, out=Path(folder) / "run", progress=False)
        record = list(allegiance.summaries(run))
    truths = truths_of(table, options.truths)
    known = {"reported record": record, "all instruments": table.summaries}
    counts = {result["evidence"]: result for result in told["results"]}
    print(f"{len(table.x):,} wars of {scenario.id}, seed {scenario.seed}, {len(truths):,} of them inferred.\n")
    print("| slot, known | inference | named | right of these | gain over the prior, nats |\n|---|---|--:|--:|--:|")
    remarks = []
    for slot in ("exit", "belief"):
        words = table.exits if slot == "exit" else table.beliefs
        true = [getattr(table, slot)[truth] for truth in truths]
        for name, columns in known.items():
            x = table.columns(columns)
            ours = fares(builtin(table, x, slot, truths), words, true)
            confusion = np.array(counts[name][slot]["confusion"]["counts"])
            n_named, n_right = int(confusion[:, :-1].sum()), int(np.trace(confusion[:, :-1]))
            found = (int(ours["named"].sum()), int(ours["right"].sum()))
            # Ties between neighbours may fall otherwise here.
            if max(abs(found[0] - n_named), abs(found[1] - n_right)) > 0.005 * len(truths):
                raise SystemExit(f"the inference repeated here names {found} of {name}, and recover {n_named, n_right}")
            started = time.perf_counter()
            estimator = TheoryEstimator(table, slot, columns=columns, but=truths)
            seconds = time.perf_counter() - started
            posteriors = estimator.probabilities(x[truths])
            theirs = fares(posteriors[:, [estimator.theories.index(word) for word in words]], words, true)
            print(row_of(f"{slot}, {name}", "built in", ours))
            print(row_of(f"{slot}, {name}", "estimator", theirs), flush=True)
            less = theirs["gain"] - ours["gain"]
            half = 1.96 * less.std(ddof=1) / np.sqrt(len(less))
            remarks.append(
                f"- {slot}, {name}: the estimator gains {less.mean():+.3f} nats on the built-in inference "
                f"({less.mean() - half:+.3f} to {less.mean() + half:+.3f}); it learned in {seconds:.0f} s"
            )
    print("\n" + "\n".join(remarks))


if __name__ == "__main__":
    main()
