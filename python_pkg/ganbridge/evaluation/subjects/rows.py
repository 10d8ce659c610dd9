"""Whole rows, and what is predicted from them, as metrics are computed on them.

If there are many rows, distances and classifiers take a part of them, drawn with the seed; the report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from ...data import Column
from ...training.distances import directions, sliced_wasserstein
from ..baselines import Comparison
from ..metrics import pixels, utility
from ..metrics.variables import Sample
from ..verdicts import Measured
from ..view import View, subsample
from .columns import Distance

DISTANCE_ROWS = 2000  # on each side, of distances between all pairs of rows
CLASSIFIER_ROWS = 2500  # on each side, of classifiers
NEIGHBOURS = 5
DIRECTIONS = 64
NAN = float("nan")


class RowsSubject:
    """Whole rows; distances and classifiers each take so many of them."""

    def __init__(self, comparison: Comparison) -> None:
        self.seed, self.frechet = comparison.seed, comparison.frechet
        self._views = comparison.generated, comparison.other, comparison.reference
        self._holdout = comparison.holdout

    @cached_property
    def near(self) -> list[View]:
        """Generated, other and reference rows for distances."""
        return self._drawn(DISTANCE_ROWS, self._views)

    @cached_property
    def classified(self) -> list[View]:
        """Generated, other and reference rows for classifiers.

        With a holdout, it is the reference: rows that follow the training rows in every detail are not rows of their
        distribution, and a comparison with the training rows could not tell.
        """
        if self._holdout is None:
            return self._drawn(CLASSIFIER_ROWS, self._views)
        return self._drawn(CLASSIFIER_ROWS, (self._views[0], self._views[2], self._holdout))

    def _drawn(self, most: int, views: Sequence[View]) -> list[View]:
        return [subsample(view, most, np.random.default_rng([self.seed, most, i])) for i, view in enumerate(views)]

    def points(self, distance: Distance) -> Measured:
        """A distance between points."""
        generated, other, real = self.near
        value, baseline = distance(generated.points, real.points), distance(other.points, real.points)
        return Measured(value, baseline, (generated.rows, real.rows))

    def projected(self) -> Measured:
        """The Wasserstein distance over random projections of points."""
        along = directions(self.near[2].points.shape[1], DIRECTIONS, self.seed)
        return self.points(lambda a, b: sliced_wasserstein(a, b, along))

    def neighbours(self, share: Callable[[np.ndarray, np.ndarray, int], float]) -> Measured:
        """A share of points with a neighbour on the other side."""
        count = min(NEIGHBOURS, self.near[2].rows - 1)
        return self.points(lambda a, b: share(a, b, count) if count > 0 else NAN)

    def frechet_distance(self, name: str, distance: Distance) -> Measured | None:
        """A squared distance as a share of the points' variance, if the points are those that the metric names."""
        if name != self.frechet:
            return None
        return self.points(
            lambda a, b: NAN if min(len(a), len(b)) < 2 else float(max(0.0, distance(a, b) / b.shape[1]))
        )

    def pixels(self) -> Measured | None:
        """The mean distance between single pixels, of images."""
        if not self.frechet:
            return None
        generated, other, real = self.near
        value, baseline = (pixels.pixel_distance(view.exact, real.exact) for view in (generated, other))
        return Measured(value, baseline, (generated.rows, real.rows))

    @cached_property
    def propensities(self) -> list[tuple[float, float]]:
        """pMSE and its expectation, of generated and of other rows."""
        generated, other, real = self.classified
        return [utility.pmse(view.features, real.features) for view in (generated, other)]

    def propensity(self, ratio: bool) -> Measured:
        """pMSE, or its ratio to its expectation."""
        values = [
            (error / expected if expected > 0.0 else NAN) if ratio else error for error, expected in self.propensities
        ]
        return Measured(values[0], values[1], (self.classified[0].rows, self.classified[2].rows))

    def told_apart(self, model: str) -> Measured:
        """The area under the curve of a model that tells generated from real rows."""
        generated, other, real = self.classified
        value, baseline = (
            utility.two_sample_auc(view.features, real.features, model, self.seed) for view in (generated, other)
        )
        return Measured(value, baseline, (generated.rows, real.rows))


class PredictionSubject:
    """Models trained on generated and on real rows, in equal numbers, tested on rows that neither was trained on."""

    def __init__(self, comparison: Comparison, target: int) -> None:
        training, test = comparison.other, comparison.reference
        if comparison.holdout is not None:
            training, test = comparison.real, comparison.holdout
        self.target, self.seed = target, comparison.seed
        self.count = min(training.rows, comparison.all_generated.rows, CLASSIFIER_ROWS)
        rng = np.random.default_rng([self.seed, 1])
        self.training = [subsample(view, self.count, rng).sample for view in (comparison.all_generated, training)]
        self.tested: Sample = subsample(test, 2 * CLASSIFIER_ROWS, rng).sample

    @property
    def column(self) -> Column:
        """The column that is predicted, of the rows for the test."""
        return self.tested[self.target]

    def score(self, model: str) -> Measured:
        """R squared of numbers, the area under the curve of categories."""
        value, baseline = (
            utility.prediction_score(sample, self.tested, self.target, model, self.seed) for sample in self.training
        )
        label = "R squared" if self.column.numeric else "AUC"
        return Measured(value, baseline, (self.count, len(self.column.values)), label=label)
