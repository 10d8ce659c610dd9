"""Principal components of waves: the directions in which they differ by more than white noise could make them differ.

A wave of m points by c channels is one row of p = m * c numbers, point after point.
"""

from __future__ import annotations

import math

import numpy as np

LEAST_SHARE = 0.05  # of the noise of a number that the components leave over
LEAST_WEIGHT = 1e-3  # of a channel without noise, in standard deviations


def components(values: np.ndarray, channels: int = 1) -> dict[str, np.ndarray]:
    """Center, basis and left-out noise of waves (n, p); with several channels also the weight of each number.

    A singular value is kept if it stands out from those of white noise: above the edge (sqrt(n) + sqrt(p)) * sd of
    the Marchenko-Pastur law, with the noise's sd from the median singular value (Gavish and Donoho 2014, section 3).
    Channels have different units: each is divided by the size of its noise first, so that one edge holds for all.
    """
    n, p = values.shape
    center = values.mean(0)
    weights = {} if channels == 1 else {"weight": weights_of(values - center, channels)}
    # One channel is divided, too: the squares of very small numbers would be 0.
    unit = weights.get("weight", float(np.abs(values).max()) or 1.0)
    rest = (values - center) / unit
    singular, basis = singular_values(rest)
    width = _width(singular, noise_of(singular, n, p), n, p)
    basis = signed(basis[:width])
    left = rest - from_scores(scores_of(rest, basis), basis)
    # Of each number's noise the components take their share, which is large where they say all.
    share = (1.0 - (basis**2).sum(0)).clip(min=LEAST_SHARE)
    freedom = np.maximum(1.0, (n - 1 - width) * share)
    return {"center": center, "basis": basis, "noise": np.sqrt((left**2).sum(0) / freedom) * unit} | weights


def noise_of(singular: np.ndarray, n: int, p: int) -> float:
    """Standard deviation of white noise in a matrix (n, p) with these singular values; 0 if only one is not 0."""
    positive = _positive(singular)
    if len(positive) < 2:
        return 0.0
    return float(np.median(positive)) / math.sqrt(_marchenko_pastur_median(min(n, p) / max(n, p)) * max(n, p))


def edge_of(sd: float, n: int, p: int) -> float:
    """The largest singular value that white noise of that sd has in a matrix (n, p)."""
    return sd * (math.sqrt(n) + math.sqrt(p))


def _width(singular: np.ndarray, sd: float, n: int, p: int) -> int:
    positive = _positive(singular)
    return max(1, int((positive > edge_of(sd, n, p)).sum())) if len(positive) > 1 else 1


def _positive(singular: np.ndarray) -> np.ndarray:
    return singular[singular > max(1e-10 * float(singular[0]), 1e-14)]


def signed(basis: np.ndarray) -> np.ndarray:
    """The sign of a singular vector is arbitrary and may differ between machines; the largest entry decides it."""
    return np.asarray(basis * np.sign(basis[np.arange(len(basis)), np.abs(basis).argmax(1)])[:, None])


def weights_of(rest: np.ndarray, channels: int) -> np.ndarray:
    """For each number (p,) the size of its channel's noise, of centered waves (n, p)."""
    weights = np.ones(rest.shape[1])
    for k in range(channels):
        channel = rest[:, k::channels]
        size = float(np.abs(channel).max()) or 1.0
        sd = float((channel / size).std())
        noise = noise_of(singular_values(channel / size)[0], *channel.shape)
        weights[k::channels] = size * (max(noise, LEAST_WEIGHT * sd) or 1.0)
    return weights


# Products and decompositions by numpy's BLAS differ in their last bits with the number of cores that it finds; einsum
# has one thread, and torch has as many as the fit asks for.


def scores_of(waves: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Scores (n, width) of waves (n, p)."""
    return np.asarray(np.einsum("im,km->ik", waves, basis))


def from_scores(scores: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Waves (n, p) of scores (n, width)."""
    return np.asarray(np.einsum("ik,km->im", scores, basis))


def singular_values(waves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Singular values (k,), falling, and right singular vectors (k, p)."""
    import torch

    _, singular, basis = torch.linalg.svd(torch.from_numpy(np.ascontiguousarray(waves)), full_matrices=False)
    return singular.numpy(), basis.numpy()


def _marchenko_pastur_median(ratio: float) -> float:
    """Median of the Marchenko-Pastur distribution with that ratio of the sides, by numerical integration."""
    low, high = (1.0 - math.sqrt(ratio)) ** 2, (1.0 + math.sqrt(ratio)) ** 2
    # Substituting x = low + (high - low) sin^2 takes the square-root ends out of the integrand.
    angle = (np.arange(20_000) + 0.5) / 20_000 * (math.pi / 2.0)
    x = low + (high - low) * np.sin(angle) ** 2
    weight = (np.sin(angle) * np.cos(angle)) ** 2 / np.maximum(x, 1e-12)
    share = np.cumsum(weight) / weight.sum()
    return float(x[np.searchsorted(share, 0.5)])
