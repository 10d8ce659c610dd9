"""Generated rows beside the rows that were trained on, as metrics of privacy are computed on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np

from ...data import Column, Data, Frame
from ...encode.identifiers import Identifiers
from ...encode.identifiers.recognition import row_names
from ..baselines import Comparison
from ..matching import matched
from ..metrics import membership, privacy
from ..metrics.classifiers import auc
from ..metrics.identifiers import chance_share, is_near_unique, known_share
from ..verdicts import Measured
from ..view import subsample
from .columns import Distance
from .rows import DISTANCE_ROWS

CANDIDATES = 1000  # training rows, and as many others, for which densities are estimated


class PrivacySubject:
    """Generated rows beside all real rows; the baseline is the holdout, or each real row beside all others."""

    def __init__(self, comparison: Comparison) -> None:
        self.all_generated, self.real, self.holdout = comparison.all_generated, comparison.real, comparison.holdout
        self.members = comparison.reference  # with a holdout: training rows that made no features of these views
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

    def attacked_by_distance(self) -> Measured | None:
        """How well the distance to the closest generated row tells training from holdout rows; None without a holdout.

        Both in equal numbers.
        """
        if self.holdout is None:
            return None
        count = min(self.members.rows, self.holdout.rows, DISTANCE_ROWS)
        sides = [subsample(view, count, self.rng).points for view in (self.members, self.holdout)]
        scores = [membership.nearness(side, self.generated.points) for side in sides]
        return Measured(_area(scores), 0.5, (self.generated.rows, count), membership.chance_error(count, count))

    def attacked_by_density(self) -> Measured | None:
        """As `attacked_by_distance`, by the ratio of the densities of generated and of real rows.

        One half of the holdout is what the attacker knows of the distribution, the other half is told from as many
        training rows; then the halves change places, with other training rows. The value is the mean of both.
        """
        if self.holdout is None:
            return None
        count = min(self.members.rows, self.holdout.rows, CANDIDATES) // 2
        if count < 1:
            return None
        held, real = (subsample(v, 2 * count, self.rng).features for v in (self.holdout, self.members))
        halves = self.rng.permutation(2 * count).reshape(2, count)
        areas = []
        for known, tested in (halves, halves[::-1]):
            rows = np.concatenate([real[tested], held[tested]])
            scores = membership.density_ratio(rows, self.generated.features, held[known])
            areas.append(_area([scores[:count], scores[count:]]))
        error = membership.chance_error(count, count) / np.sqrt(2.0)
        return Measured(float(np.mean(areas)), 0.5, (self.generated.rows, 2 * count), float(error))


def _area(scores: list[np.ndarray]) -> float:
    return auc(np.concatenate(scores), np.repeat([True, False], [len(side) for side in scores]))


@dataclass(frozen=True, eq=False)
class IdentifierSubject:
    """A column in which nearly every real row has its own value. fresh: of real rows instead of generated ones.

    names: whether the values name their rows; others may be met by chance.
    """

    generated: Column
    real: Column
    fresh: Column | None
    names: bool = True

    def known(self) -> Measured:
        """The share of generated values that real rows have, and that of new real rows, or by chance if it is more."""
        real = self.real.present
        value = known_share(self.generated.present, real)
        fresh = known_share(real, real, same=True) if self.fresh is None else known_share(self.fresh.present, real)
        if not self.names:
            fresh = np.fmax(fresh, chance_share(self.generated.present, self.real))
        rows = [len(side.present) for side in (self.generated, self.fresh or self.real)]
        return Measured(value, fresh, (min(rows), len(real)))


def named_apart(
    data: dict[str, Data], argument: str, known: Identifiers | None, target: object
) -> tuple[dict[str, Data], list[tuple[str, IdentifierSubject]]]:
    """The data without the columns that name rows, and those columns by name.

    data: "real", perhaps "holdout", and the generated rows under the name `argument`. known: identifiers of the fit;
    None if the real rows must show which they are. target: name of a column that stays, or None.
    """
    real = data["real"]
    if not all(part.is_frame for part in data.values()):
        return data, []
    names = row_names(real.columns) if known is None else [str(name) for name in known.names]
    names = [name for name in names if target is None or name != str(target)]
    if not 0 < len(names) < len(real.columns):
        return data, []

    def only(part: Data, named: bool) -> Data:
        return cast("Frame", part).with_columns([c for c in part.columns if (str(c.name) in names) == named])

    others = {name: only(part, True) for name, part in data.items() if name != "real"}
    samples = dict(zip(["real", *others], matched(only(real, True), others), strict=True))
    fresh = samples.get("holdout")
    subjects = [
        (str(column.name), IdentifierSubject(samples[argument][i], column, None if fresh is None else fresh[i]))
        for i, column in enumerate(samples["real"])
    ]
    return {name: only(part, False) for name, part in data.items()}, subjects


def identifiers_of(comparison: Comparison) -> Iterator[tuple[str, IdentifierSubject]]:
    """Every column of a table in which nearly every real row has its own value, by name."""
    for i, real in enumerate(comparison.real.sample if comparison.known else []):
        if is_near_unique(real):
            fresh = None if comparison.holdout is None else comparison.holdout.sample[i]
            yield real.name, IdentifierSubject(comparison.all_generated.sample[i], real, fresh, names=False)
