"""What is compared with what: generated rows with real ones, and real rows with real ones in the same numbers.

A distance between samples depends on how many rows they have. So the baseline takes as many rows as the value does:
with a holdout, the holdout in the place of the generated rows; without one, one half of the real rows, and both are
compared with the other half.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .encode import Array, Data, Matrix, Ragged
from .judging.features import Features
from .judging.signals import component_scores, resampled, signal_variables
from .judging.variables import Sample, Variable, distinct_codes, take
from .matching import SYNTHETIC, matched

ALL_WAVES = "all waves"
MOST_POINTS = 1000  # that waves of different lengths are brought to


@dataclass(frozen=True, eq=False)
class Side:
    """Rows in every form that is judged.

    sample: columns. points: (n, p), for distances, in sd. features: (n, q), for classifiers. exact: (n, r), the values
    themselves. waves: by channel (n, m), where rows are waves.
    """

    sample: Sample
    points: np.ndarray
    features: np.ndarray
    exact: np.ndarray
    waves: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.exact)

    def take(self, rows: Any) -> Side:
        """The same with these rows only, by number or slice."""
        waves = {name: values[rows] for name, values in self.waves.items()}
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
    lengths = [waves.lengths for waves in data.values() if isinstance(waves, Ragged)]
    points = min(MOST_POINTS, int(max(part.max() for part in lengths))) if lengths else 0
    channels = [_channels(name, waves, points) for name, waves in data.items()]
    for name, found in zip(data, channels, strict=True):
        shapes = [(len(part), next(iter(part.values())).shape[1]) for part in (channels[0], found)]
        if shapes[0] != shapes[1]:
            words = [f"waves of {count} channel{'' if count == 1 else 's'} and {m} points" for count, m in shapes]
            raise ValueError(f"`{name}` must hold {words[0]}, as `real` does, not {words[1]}.")
    labels = list(channels[0])
    sides = [list(part.values()) for part in channels]
    scaled = zip(*(_scaled([side[k] for side in sides]) for k in range(len(labels))), strict=True)
    rows = [np.concatenate(parts, 1) for parts in scaled]
    own = [_lengths(waves, side[0]) if lengths else [] for waves, side in zip(data.values(), sides, strict=True)]
    samples = [
        [v for label, waves in zip(labels, side, strict=True) for v in signal_variables(waves, _suffix(label))] + length
        for side, length in zip(sides, own, strict=True)
    ]
    features = Features(*samples)
    made = []
    for sample, side, points_, score, length in zip(samples, sides, rows, component_scores(rows), own, strict=True):
        known = np.concatenate([score, features.transform(sample)], 1)
        exact = np.concatenate([*side, *(variable.values[:, None] for variable in length)], 1)
        made.append(Side(sample, points_, known, exact, dict(zip(labels, side, strict=True))))
    return made


def _channels(name: str, data: Data, points: int) -> dict[str, np.ndarray]:
    """Waves (n, m) by channel; where there are different lengths, all with so many points."""
    if isinstance(data, Ragged):
        waves = [wave.reshape(len(wave), -1) for wave in data.waves]
    elif isinstance(data, Matrix) or (isinstance(data, Array) and data.values.ndim == 3):
        waves = list(data.values.reshape(data.rows, data.values.shape[1], -1))
    else:
        raise TypeError(
            f'`{name}` must be an array, a matrix or a list of waves for kind "wave", not a data frame.'
            " Convert it first: data.to_numpy() in Python, as.matrix(data) in R."
        )
    count = waves[0].shape[1]
    by_channel = [[wave[:, k] for wave in waves] for k in range(count)]
    parts = [resampled(part, points) if points else np.stack(part) for part in by_channel]
    if isinstance(data, Matrix) or (isinstance(data, Ragged) and data.flat):
        return {ALL_WAVES: parts[0]}
    return dict(zip(data.names or [f"channel {k + 1}" for k in range(count)], parts, strict=True))


def _lengths(data: Data, waves: np.ndarray) -> Sample:
    lengths = data.lengths if isinstance(data, Ragged) else np.full(len(waves), waves.shape[1])
    return [Variable("length", lengths.astype(np.float64))]


def _suffix(label: str) -> str:
    return "" if label == ALL_WAVES else f" of {label}"


def _scaled(parts: list[np.ndarray]) -> list[np.ndarray]:
    """One channel of all samples, in standard deviations of the first one."""
    center = parts[0].mean(0)
    size = float(np.abs(parts[0] - center).max()) or 1.0
    scale = float(((parts[0] - center) / size).std()) * size or 1.0
    return [(part - center) / scale for part in parts]


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
