"""Theories named by existing libraries of learning: ``pip install allegiance[inference]``.

Boosted trees and a ridge-penalised regression learn the theory of a war from simulated ones, and a
regression weighs the two. ``docs/validation/estimators.md`` compares this with what
:func:`allegiance.tournament` does.

Sources: Ke et al. (2017) for the trees (histograms of scikit-learn), Wolpert (1992) for stacking, Pudlo et
al. (2016) for theories chosen by learned classifiers on reference tables.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, StackingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from threadpoolctl import threadpool_limits

from allegiance._errors import ArgumentError
from allegiance._exchange import ReferenceTable, reference_table

__all__ = ["NAMED_FROM", "TheoryEstimator", "Verdict"]

NAMED_FROM = 0.8
"""A theory is named from this posterior probability on, as by :func:`allegiance.tournament`."""

# Beyond these quantiles of the simulated wars a summary is unlike them, and no theory is named where more than the
# second share of all summaries is, as by a tournament.
_EXTREME, _MOST_UNLIKE = 0.001, 0.05
# Standardised summaries are cut off here before they are squared.
_FAR = 4.0


@dataclass(frozen=True)
class Verdict:
    """What an estimator says of one war."""

    probabilities: dict[str, float]
    """Posterior probability of each theory, the likeliest first."""
    named: str | None
    """The theory that reaches :data:`NAMED_FROM`, if any does and the war is like those that were learned from."""
    unlike: list[str]
    """Summaries outside what was simulated."""


class TheoryEstimator:
    """Posterior probabilities of theories, learned once from simulated wars and given for any war at once.

    ``wars`` is a :func:`allegiance.reference_table` or its folder, ``slot`` says which theories, and ``columns`` are
    the summaries that are known of the wars in question: all, if none are named. Wars can be put aside by
    ``but``, their numbers, to see how the estimator fares on them.
    """

    def __init__(
        self,
        wars: ReferenceTable | str | os.PathLike[str],
        slot: Literal["belief", "exit"] = "exit",
        *,
        columns: Iterable[str] | None = None,
        but: Iterable[int] = (),
        seed: int = 0,
        threads: int = 1,
    ):
        table = wars if isinstance(wars, ReferenceTable) else reference_table(wars)
        self.columns: list[str] = list(table.summaries if columns is None else columns)
        """The summaries that it learned from."""
        if not self.columns:
            raise ArgumentError("there is nothing to learn from: columns is empty", key="columns")
        kept = np.setdiff1d(np.arange(len(table.x)), np.fromiter(but, dtype=int))
        x = table.columns(self.columns)[kept]
        theories = table.exit if slot == "exit" else table.belief
        of = np.array(theories)[kept]
        known: list[str] = table.exits if slot == "exit" else table.beliefs
        counts = {theory: int((of == theory).sum()) for theory in known}
        scarcest = min(counts, key=lambda theory: counts[theory])
        if counts[scarcest] < _FOLDS:
            raise ArgumentError(f"{counts[scarcest]} wars under {scarcest} are too few to learn from; at least {_FOLDS}")
        self.n_wars = len(kept)
        """Wars that it learned from."""
        # Threads that wait for one another spin, which on a busy machine takes many times longer than one.
        with threadpool_limits(threads or None):
            self._model = _stacked(seed).fit(x, of)
        self.theories: list[str] = [str(theory) for theory in self._model.classes_]
        """The theories, in the order of the columns of :meth:`probabilities`."""
        self._sorted = np.sort(x, axis=0)

    def probabilities(self, x: Any) -> Any:
        """Posterior probability of each theory for wars whose ``columns`` are the rows of ``x``."""
        return self._model.predict_proba(np.asarray(x, dtype=float))

    def verdict(self, known: Mapping[str, float]) -> Verdict:
        """What it says of a war of which :func:`allegiance.summaries` are known."""
        if missing := [name for name in self.columns if name not in known]:
            raise ArgumentError(
                f"{missing[0]} isn't known of the war, and was learned from",
                hint="learn from columns=known, or tell more of the war",
            )
        row = np.array([known[name] for name in self.columns])
        unlike = [name for name, is_far in zip(self.columns, self._is_unlike(row), strict=True) if is_far]
        probabilities = self.probabilities(row[None, :])[0]
        order = np.argsort(-probabilities, kind="stable")
        likeliest = int(order[0])
        is_named = probabilities[likeliest] >= NAMED_FROM and len(unlike) <= _MOST_UNLIKE * len(self.columns)
        return Verdict(
            {self.theories[at]: float(probabilities[at]) for at in order},
            self.theories[likeliest] if is_named else None,
            unlike,
        )

    def _is_unlike(self, row: Any) -> Any:
        n_below = np.array([np.searchsorted(column, value, "right") for column, value in zip(self._sorted.T, row)])
        n_above = np.array(
            [len(column) - np.searchsorted(column, value, "left") for column, value in zip(self._sorted.T, row)]
        )
        return np.minimum(n_below, n_above) < _EXTREME * len(self._sorted)


# In each fold of the stack, every theory has to occur.
_FOLDS = 5


def _with_squares(x: Any) -> Any:
    x = np.clip(x, -_FAR, _FAR)
    return np.hstack([x, x * x])


def _stacked(seed: int) -> StackingClassifier:
    """Boosted trees and a regression on the summaries and their squares, weighed by a regression on what both say
    of wars that they haven't learned from.
    """
    trees = HistGradientBoostingClassifier(
        learning_rate=0.08, max_iter=80, max_leaf_nodes=8, min_samples_leaf=30, max_features=0.3, early_stopping=False,
        random_state=seed,
    )  # fmt: skip
    ridge = make_pipeline(
        StandardScaler(), FunctionTransformer(_with_squares), LogisticRegression(C=0.01, max_iter=500)
    )
    return StackingClassifier(
        [("trees", trees), ("ridge", ridge)],
        final_estimator=LogisticRegression(max_iter=500),
        cv=_FOLDS,
        stack_method="decision_function",
    )
