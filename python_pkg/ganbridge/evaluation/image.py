"""Images as they are evaluated: by brightness, contrast, sharpness and pixels, and by distances between features.

Features are those of a classifier of the labels, or if there are none, principal components of the pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import check
from ..data import Data
from ..plot.comparison import plot_compare
from .digits import percent
from .kind import EvaluatedKind, Plot
from .metrics.features import Features, standardized
from .metrics.pixels import image_variables, pixel_components
from .registry import FEATURES, PIXELS
from .view import View, Views

if TYPE_CHECKING:
    from ..model.fitted import FittedGan

LEAST_LABELLED = 6  # images, two of which a classifier is trained on, and the others compared
MOST_TRAINED = 5000  # images that the classifier behind their distance is trained on
STEPS = 300  # of its training, at least


class EvaluatedImages(EvaluatedKind):
    """Rows that are images."""

    kind = "image"
    about = (
        "Images are described by a brightness (the mean of their pixels), a contrast (the standard deviation) and a"
        " sharpness (how far neighbouring pixels differ)."
    )

    def target(self, target: Any, real: Data) -> np.ndarray:
        """Labels of the real images as codes (n,) that count them from 0 in their order."""
        return label_codes(target, real.rows)

    def views(self, data: dict[str, Data], target: np.ndarray | None, seed: int) -> Views:
        """Images; `target` are the labels of the real ones, or None."""
        images = _images(data)
        flat = [np.ascontiguousarray(part.reshape(len(part), -1)) for part in images]
        training = np.zeros(0, dtype=np.int64)
        if target is None:
            points, frechet = pixel_components(flat), PIXELS
            note = (
                f"Distances between images: in {points[0].shape[1]} principal components of the pixels of real images;"
                " labels of the real images as `target` give better ones."
            )
        else:
            training, frechet = _training(target, "holdout" in data, seed), FEATURES
            points, right = _classified(images, target, training, seed)
            note = (
                f"Distances between images: in {points[0].shape[1]} features of a small classifier, trained on the"
                f" labels of {len(training):,} real images with which nothing else is compared. Its accuracy on the"
                f" other real ones is {percent(right)}."
            )
        points = standardized(points)
        samples = [image_variables(part) for part in images]
        features = Features(*samples)
        views = [
            View(sample, row, np.concatenate([row, features.transform(sample)], 1), exact)
            for sample, row, exact in zip(samples, points, flat, strict=True)
        ]
        return Views(views, training, frechet, (note,))

    def plots(self, gan: FittedGan, real: Data) -> Iterator[Plot]:
        """Real images above generated ones."""
        words = "The first real ones and as many generated ones, all on one scale of brightness."
        yield Plot("Images, real above generated", words, plot_compare(gan, real.to_python()))


def label_codes(labels: Any, count: int) -> np.ndarray:
    """Labels of so many images as codes (n,) that count them from 0 in their order."""
    values = np.asarray(labels)
    wanted = f'the labels of the real images for kind "image", one for each of the {count:,}'
    if values.shape != (count,):
        check.fail("target", wanted, labels)
    if count < LEAST_LABELLED:
        check.fail("target", f"left out for fewer than {LEAST_LABELLED} real images", labels)
    plain = values.tolist()
    if any(label is None or label != label for label in plain):
        check.fail("target", f"{wanted}, none of them missing", labels)
    numbers = values.dtype.kind in "biuf"
    known = sorted(set(plain)) if numbers else sorted(set(map(str, plain)))
    if len(known) < 2:
        raise ValueError(f"`target` must hold at least two different labels, not only {check.came(known[0])}.")
    codes = {label: i for i, label in enumerate(known)}
    return np.array([codes[label if numbers else str(label)] for label in plain])


def _images(data: dict[str, Data]) -> list[np.ndarray]:
    """Images (n, height, width, channels) of the size of the real ones."""
    images: list[np.ndarray] = []
    for name, part in data.items():
        array = part.as_images()
        if array is None:
            raise TypeError(
                f'`{name}` must be an array of n images by height by width (by channels) for kind "image", not'
                f" {check.came(part.to_python())}."
            )
        size = (images or [array])[0].shape[1:]
        if array.shape[1:] != size:
            shape = " x ".join(map(str, size if size[2] > 1 else size[:2]))
            check.fail(name, f"images of {shape} pixels, as `real` has them", part.to_python())
        images.append(array)
    return images


def _training(labels: np.ndarray, holdout: bool, seed: int) -> np.ndarray:
    """Which real images the classifier is trained on: a third of them, or with a holdout one half, of every label."""
    order = np.random.default_rng([seed, 3]).permutation(len(labels))
    order = order[np.argsort(labels[order], kind="stable")]
    count = min(MOST_TRAINED, max(2, len(labels) // (2 if holdout else 3)))
    return np.sort(order[np.linspace(0, len(order) - 1, count).round().astype(int)])


def _classified(
    images: list[np.ndarray], labels: np.ndarray, training: np.ndarray, seed: int
) -> tuple[list[np.ndarray], float]:
    """Features of all images, and the classifier's accuracy on real ones that it was not trained on."""
    from .image_features import BATCH, train_features  # imports torch

    epochs = max(4, math.ceil(STEPS / math.ceil(len(training) / BATCH)))
    model = train_features(images[0][training], labels[training], epochs, seed)
    others = np.setdiff1d(np.arange(len(labels)), training)[:MOST_TRAINED]
    right = float((model.classify(images[0][others]) == labels[others]).mean())
    return [model.features(part) for part in images], right


EVALUATED = EvaluatedImages()
