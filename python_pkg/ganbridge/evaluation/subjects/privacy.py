"""Generated rows beside the rows that were trained on, as metrics of privacy are computed on them."""

from __future__ import annotations

import numpy as np

from ..baselines import Comparison
from ..metrics import privacy
from ..verdicts import Measured
from ..view import subsample
from .columns import Distance
from .rows import DISTANCE_ROWS


class PrivacySubject:
    """Generated rows beside all real rows; the baseline is the holdout, or each real row beside all others."""

    def __init__(self, comparison: Comparison) -> None:
        self.all_generated, self.real, self.holdout = comparison.all_generated, comparison.real, comparison.holdout
        self.fresh, self.same, self.seed = self.holdout or self.real, self.holdout is None, comparison.seed
        rng = np.random.default_rng([self.seed, 2])
        self.generated = subsample(self.all_generated, DISTANCE_ROWS, rng)
        fresh = subsample(self.fresh, DISTANCE_ROWS, rng)
        self.rows = min(self.generated.rows, fresh.rows), self.real.rows
        self.closest = (
            privacy.closest_distances(self.generated.points, self.real.points),
            privacy.closest_distances(fresh.points, self.real.points, same=self.same),
        )
        self.rng = rng

    def distance(self, share: float) -> Measured:
        """A quantile of the distances to the closest real row."""
        value, baseline = (privacy.distance_to_closest_record(closest, share) for closest, _ in self.closest)
        chance = privacy.chance_of_closer(self.closest[1][0], self.generated.rows, share, self.seed)
        return Measured(value, baseline, self.rows, chance)

    def ratios(self, ratio: Distance) -> Measured:
        """A ratio of the distances to the closest and the second closest real row."""
        value, baseline = (ratio(*pair) for pair in self.closest)
        return Measured(value, baseline, self.rows)

    def copies(self) -> Measured:
        """The share of exact copies among all rows."""
        value = privacy.copied_share(self.all_generated.exact, self.real.exact)
        baseline = privacy.copied_share(self.fresh.exact, self.real.exact, same=self.same)
        return Measured(value, baseline, (min(self.all_generated.rows, self.fresh.rows), self.real.rows))

    def closer(self) -> Measured | None:
        """How many rows are closer to training than to holdout rows, in equal numbers; None without a holdout."""
        if self.holdout is None:
            return None
        count = min(self.real.rows, self.holdout.rows)
        training, holdout = subsample(self.real, count, self.rng), subsample(self.holdout, count, self.rng)
        value, error = privacy.closer_to_training(self.generated.points, training.points, holdout.points)
        return Measured(value, 0.5, (self.generated.rows, count), error)
