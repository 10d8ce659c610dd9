"""What images are, each in few numbers: brightness, contrast, sharpness; their pixels one by one; their components."""

from __future__ import annotations

import numpy as np

from ...data import Column
from .marginals import wasserstein
from .variables import Sample

MOST_PIXELS = 1000  # that are looked at one by one, spread evenly
MOST_COMPONENTS = 50
ROWS_OF_COMPONENTS = 3000  # from which components are computed, spread evenly
AT_ONCE = 2000  # images as doubles


def image_variables(images: np.ndarray) -> Sample:
    """The numbers that an image (n, height, width, channels) is described by, as columns, in the unit of its pixels.

    brightness: the mean. contrast: the standard deviation. sharpness: the mean absolute difference between neighbours,
    side by side and above each other; small for a smooth image, large for a noisy one.
    """
    parts = [_described(images[i : i + AT_ONCE].astype(np.float64)) for i in range(0, len(images), AT_ONCE)]
    names = ("brightness", "contrast", "sharpness")
    return [
        Column(name, "double", np.concatenate(values))
        for name, values in zip(names, zip(*parts, strict=True), strict=True)
    ]


def _described(images: np.ndarray) -> list[np.ndarray]:
    pixels = images.reshape(len(images), -1)
    steps = [np.abs(np.diff(images, axis=axis)).reshape(len(images), -1) for axis in (1, 2)]
    both = np.concatenate([*steps, np.zeros((len(images), 1))] if not steps[0].size + steps[1].size else steps, 1)
    return [pixels.mean(1), pixels.std(1), both.mean(1)]


def pixel_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Mean over the pixels of images (n, p) and (k, p) of the Wasserstein-1 distance, in sd of all pixels of `b`."""
    chosen = np.unique(np.linspace(0, b.shape[1] - 1, min(b.shape[1], MOST_PIXELS)).round().astype(int))
    one, other = (np.ascontiguousarray(images[:, chosen].T, dtype=np.float64) for images in (a, b))
    scale = float(other.std()) or float(one.std()) or 1.0
    return float(np.mean([wasserstein(x, y) for x, y in zip(one, other, strict=True)])) / scale


def pixel_components(samples: list[np.ndarray]) -> list[np.ndarray]:
    """Scores (n, k) of images (n, p) on the principal components of the first sample, at most 50."""
    first = samples[0]
    every = first[:: max(1, len(first) // ROWS_OF_COMPONENTS)].astype(np.float64)
    center = every.mean(0)
    _, singular, basis = np.linalg.svd(every - center, full_matrices=False)
    basis = basis[singular > 1e-8 * max(float(singular[0]), 1e-300)][:MOST_COMPONENTS]
    if not len(basis):
        basis = np.full((1, first.shape[1]), first.shape[1] ** -0.5)
    return [
        np.concatenate(
            [np.einsum("np,kp->nk", images[i : i + AT_ONCE] - center, basis) for i in range(0, len(images), AT_ONCE)]
        )
        for images in samples
    ]
