"""Attacks that tell rows that a generator was trained on from other real rows, by what it generated.

An attack gives each row a score; the area under the curve of the scores is one half if training rows and other rows
cannot be told apart.
"""

from __future__ import annotations

import math

import numpy as np

from ...training.distances import nearest

MOST_COMPONENTS = 16
VARIANCE = 0.95  # of all coordinates, which the components have at least, if they are not too many
LEVELS = 20  # different values up to which a coordinate stays as it is


def nearness(rows: np.ndarray, generated: np.ndarray) -> np.ndarray:
    """Minus the distance (n,) of rows (n, p) from the closest generated row (Chen et al. 2020, GAN-Leaks)."""
    return -nearest(rows, generated)[0]


def density_ratio(rows: np.ndarray, generated: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Logarithm of the density of generated over that of reference rows, at rows (n, p): (n,).

    DOMIAS (van Breugel et al. 2023, equation 2). Both densities are scipy's kernel estimates with Scott's bandwidth, in
    principal components of both samples, numbers as normal scores. reference: real rows that were not trained on.
    """
    from scipy.stats import gaussian_kde

    seen = np.concatenate([generated, reference])
    scores = _normal_scores(seen, [seen, rows])
    center = scores[0].mean(0)
    _, sizes, axes = np.linalg.svd(scores[0] - center, full_matrices=False)
    axes = axes[: components(sizes)]
    projected, at = ((part - center) @ axes.T for part in scores)
    parts = projected[: len(generated)], projected[len(generated) :]
    logs = [gaussian_kde(part.T).logpdf(at.T) if _spans(part) else np.zeros(len(rows)) for part in parts]
    return np.asarray(logs[0] - logs[1])


def components(sizes: np.ndarray) -> int:
    """How many principal components are used, by their singular values in descending order."""
    shares = np.cumsum(sizes**2) / max(float((sizes**2).sum()), 1e-300)
    return int(min(MOST_COMPONENTS, np.searchsorted(shares, VARIANCE) + 1, max(1, (sizes > 1e-8 * sizes[0]).sum())))


def _spans(part: np.ndarray) -> bool:
    """Whether the rows (n, d) vary in all directions, as a kernel estimate needs them to."""
    sizes = np.linalg.svd(part - part.mean(0), compute_uv=False)
    return len(part) > part.shape[1] + 1 and bool(sizes[-1] > 1e-6 * max(float(sizes[0]), 1e-300))


def _normal_scores(seen: np.ndarray, parts: list[np.ndarray]) -> list[np.ndarray]:
    """Arrays (n, p), each coordinate as the normal quantile of its rank among `seen`; as it is, if it has levels."""
    from scipy.special import ndtri

    moved = [np.array(part, dtype=np.float64) for part in parts]
    for j in range(seen.shape[1]):
        ordered = np.sort(seen[:, j])
        if len(np.unique(ordered)) <= LEVELS:
            continue
        for part, scores in zip(parts, moved, strict=True):
            ends = [np.searchsorted(ordered, part[:, j], side) for side in ("left", "right")]
            ranks = (ends[0] + ends[1]) / 2.0
            scores[:, j] = ndtri((ranks + 0.5) / (len(ordered) + 1.0))
    return moved


def chance_error(members: int, others: int) -> float:
    """Standard error of an area under the curve by chance, for rows in any order (Mann and Whitney 1947)."""
    return math.sqrt((members + others + 1.0) / (12.0 * members * others))
