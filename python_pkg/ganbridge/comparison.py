"""What is compared with what: generated rows with real ones, and real rows with real ones in the same numbers.

A distance between samples depends on how many rows they have. So the baseline takes as many rows as the value does:
with a holdout, the holdout in the place of the generated rows; without one, one half of the real rows, and both are
compared with the other half.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from .encode import Data, Matrix
from .judging.features import Features
from .judging.signals import component_scores, signal_variables
from .judging.variables import Sample, distinct_codes, take
from .matching import SYNTHETIC, matched


@dataclass(frozen=True, eq=False)
class Side:
    """Rows in every form that is judged.

    sample: columns. points: (n, p), for distances, in sd. features: (n, q), for classifiers. exact: (n, r), the values
    themselves. waves: (n, m), where rows are waves.
    """

    sample: Sample
    points: np.ndarray
    features: np.ndarray
    exact: np.ndarray
    waves: np.ndarray | None = None

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.exact)

    def take(self, rows: Any) -> Side:
        """The same with these rows only, by number or slice."""
        waves = None if self.waves is None else self.waves[rows]
        return Side(take(self.sample, rows), self.points[rows], self.features[rows], self.exact[rows], waves)


def table_sides(data: dict[str, Data]) -> list[Side]:
    """Tables; the first of `data` is `real`, by which the others are scaled."""
    samples = matched(data["real"], {name: other for name, other in data.items() if name != "real"})
    features = Features(*samples)
    sides = []
    for sample in samples:
        points = features.transform(sample)
        sides.append(Side(sample, points, points, distinct_codes(sample)))
    return sides


def wave_sides(data: dict[str, Data]) -> list[Side]:
    """Waves: distances between their points, classifiers see components and what signals tell."""
    for name, given in data.items():
        if not isinstance(given, Matrix):
            raise TypeError(
                f'`{name}` must be an array or a matrix of waves for kind "wave", not a data frame.'
                " Convert it first: data.to_numpy() in Python, as.matrix(data) in R."
            )
    waves = [np.stack([v.values for v in sample], 1) for sample in matched(data["real"], _others(data))]
    center = waves[0].mean(0)
    size = float(np.abs(waves[0] - center).max()) or 1.0
    scale = float(((waves[0] - center) / size).std()) * size or 1.0
    scores = component_scores(waves)
    samples = [signal_variables(part) for part in waves]
    features = Features(*samples)
    return [
        Side(sample, (part - center) / scale, np.concatenate([score, features.transform(sample)], 1), part, part)
        for part, score, sample in zip(waves, scores, samples, strict=True)
    ]


def _others(data: dict[str, Data]) -> dict[str, Data]:
    return {name: other for name, other in data.items() if name != "real"}


# Images will have their sides here: points and features by judging/image_features.py, and no columns.
SIDES = {"table": table_sides, "wave": wave_sides}


@dataclass(frozen=True, eq=False)
class Comparison:
    """`generated` is judged against `reference`, and the baseline is `other` against `reference`, in equal numbers.

    all_generated, real, holdout: all there is, for what does not depend on the number of rows. notes: what was done, in
    sentences.
    """

    generated: Side
    other: Side
    reference: Side
    all_generated: Side
    real: Side
    holdout: Side | None
    notes: list[str]

    @property
    def rows(self) -> tuple[int, int]:
        """Rows that are compared: generated and real ones."""
        return self.generated.rows, self.reference.rows


def compare(kind: str, synthetic: Data, real: Data, holdout: Data | None, seed: int) -> Comparison:
    """Bring the data into their forms, and choose the rows, by `seed`."""
    data = {"real": real, SYNTHETIC: synthetic} | ({} if holdout is None else {"holdout": holdout})
    sides = SIDES[kind](data)
    what = "waves" if kind == "wave" else "rows"
    rng = np.random.default_rng(seed)
    original, generated = sides[0], sides[1]
    if holdout is not None:
        reference, other = original, sides[2]
        count = min(generated.rows, other.rows)
        notes = [
            f"Value: {count:,} generated {what} beside {reference.rows:,} real ones.",
            f"Baseline: {count:,} holdout {what} beside the same real ones.",
        ]
    else:
        order = rng.permutation(original.rows)
        half = math.ceil(original.rows / 2)
        reference, other = original.take(np.sort(order[:half])), original.take(np.sort(order[half:]))
        count = min(generated.rows, other.rows)
        notes = [
            f"Value: {count:,} generated {what} beside {half:,} real ones, one half of all.",
            f"Baseline: {count:,} real {what} of the other half beside the same ones.",
        ]
    return Comparison(
        some(generated, count, rng),
        some(other, count, rng),
        reference,
        generated,
        original,
        sides[2] if holdout is not None else None,
        notes,
    )


def some(side: Side, count: int, rng: np.random.Generator) -> Side:
    """At most so many rows, drawn by `rng`."""
    if side.rows <= count:
        return side
    return side.take(np.sort(rng.choice(side.rows, count, replace=False)))
