"""Rows in every form that is judged: columns, points between which there are distances, what classifiers see."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import check
from ..data import Array, Column, Data, Matrix, Ragged
from .matching import matched
from .meanings import percent
from .metrics.features import Features
from .metrics.pixels import image_variables, pixel_components
from .metrics.signals import component_scores, resampled, signal_variables
from .metrics.variables import Sample, distinct_codes, take
from .registry import FEATURES, PIXELS

ALL_WAVES = "all waves"
MOST_POINTS = 1000  # that waves of different lengths are brought to
MOST_TAUGHT = 5000  # images that the classifier behind their distance learns from
STEPS = 300  # of its training, at least


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


@dataclass(frozen=True, eq=False)
class Seen:
    """Data in the forms that are judged: sides in the order of the data, the first of them real.

    taught: real rows, by number, that a model behind these forms has learned from, and that nothing is compared with.
    frechet: which metric the Frechet distance between points is; "" where there is none. notes: in sentences.
    """

    sides: list[Side]
    taught: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    frechet: str = ""
    notes: tuple[str, ...] = ()


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
    return [Column("length", "double", lengths.astype(np.float64))]


def _suffix(label: str) -> str:
    return "" if label == ALL_WAVES else f" of {label}"


def _scaled(parts: list[np.ndarray]) -> list[np.ndarray]:
    """One channel of all samples, in standard deviations of the first one."""
    center = parts[0].mean(0)
    size = float(np.abs(parts[0] - center).max()) or 1.0
    scale = float(((parts[0] - center) / size).std()) * size or 1.0
    return [(part - center) / scale for part in parts]


def image_sides(data: dict[str, Data], labels: np.ndarray | None, seed: int) -> Seen:
    """Images: distances between features of a classifier of the labels, or else between components of their pixels."""
    images = [_images(name, found, data["real"]) for name, found in data.items()]
    flat = [np.ascontiguousarray(part.reshape(len(part), -1)) for part in images]
    taught = np.zeros(0, dtype=np.int64)
    if labels is None:
        points = pixel_components(flat)
        frechet, note = PIXELS, f"{points[0].shape[1]} principal components of the pixels of real images; labels of"
        notes = (f"Distances between images: in {note} the real images as `target` give better ones.",)
    else:
        taught = _taught(labels, "holdout" in data, seed)
        points, right = _classified(images, labels, taught, seed)
        frechet, notes = (
            FEATURES,
            (
                f"Distances between images: in {points[0].shape[1]} features of a small classifier, taught the labels"
                f" of {len(taught):,} real images with which nothing else is compared. It names {right} of the other"
                " real ones rightly.",
            ),
        )
    points = _scaled(points)
    samples = [image_variables(part) for part in images]
    features = Features(*samples)
    sides = []
    for sample, row, exact in zip(samples, points, flat, strict=True):
        sides.append(Side(sample, row, np.concatenate([row, features.transform(sample)], 1), exact))
    return Seen(sides, taught, frechet, notes)


def _images(name: str, data: Data, real: Data) -> np.ndarray:
    """Images (n, height, width, channels) of the size of the real ones."""
    if not isinstance(data, Array) or data.values.ndim > 4:
        raise TypeError(
            f'`{name}` must be an array of n images by height by width (by channels) for kind "image", not'
            f" {check.came(data.to_python())}."
        )
    if data.values.shape[1:] != real.values.shape[1:]:  # type: ignore[attr-defined]
        shape = " x ".join(map(str, real.values.shape[1:]))  # type: ignore[attr-defined]
        check.fail(name, f"images of {shape} pixels, as `real` has them", data.values)
    return data.values if data.values.ndim == 4 else data.values[..., None]


def _taught(labels: np.ndarray, holdout: bool, seed: int) -> np.ndarray:
    """Which real images the classifier is taught: a third of them, or with a holdout one half, of every label."""
    order = np.random.default_rng([seed, 3]).permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    count = min(MOST_TAUGHT, max(2, len(labels) // (2 if holdout else 3)))
    return np.sort(order[np.linspace(0, len(order) - 1, count).round().astype(int)])


def _classified(
    images: list[np.ndarray], labels: np.ndarray, taught: np.ndarray, seed: int
) -> tuple[list[np.ndarray], str]:
    """Features of all images, and the share of real ones beyond the training that are named rightly."""
    from .image_features import BATCH, train_features  # brings torch

    epochs = max(4, math.ceil(STEPS / math.ceil(len(taught) / BATCH)))
    model = train_features(images[0][taught], labels[taught], epochs, seed)
    others = np.setdiff1d(np.arange(len(labels)), taught)[:MOST_TAUGHT]
    right = float((model.classify(images[0][others]) == labels[others]).mean())
    return [model.features(part) for part in images], percent(right)


Sides = Callable[[dict[str, Data], "np.ndarray | None", int], Seen]
SIDES: dict[str, Sides] = {
    "table": lambda data, *_: Seen(table_sides(data)),
    "wave": lambda data, *_: Seen(wave_sides(data)),
    "image": image_sides,
}
