"""How far generated rows are from real ones."""

from __future__ import annotations

import math

import numpy as np

from .neighbours import nearest, squared_distances


def directions(width: int, count: int, seed: int = 0) -> np.ndarray:
    """Unit vectors (count, width): evenly over the half circle in two dimensions, else axes and random directions.

    All axes, or where there are many, as many of them as random directions.
    """
    if width == 1:
        return np.ones((1, 1))
    if width == 2:
        angle = math.pi * np.arange(count) / count
        return np.stack([np.cos(angle), np.sin(angle)], 1)
    axes = np.unique(np.linspace(0, width - 1, min(width, count // 2)).round().astype(int))
    drawn = np.random.default_rng(seed).standard_normal((count - len(axes), width))
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    return np.concatenate([np.eye(width)[axes], drawn])


def sliced_wasserstein(a: np.ndarray, b: np.ndarray, along: np.ndarray, levels: int = 0) -> float:
    """Mean Wasserstein-1 distance of a (n, p) and b (k, p) projected on the rows of `along` (Bonneel et al. 2015).

    Quantiles are compared at `levels` evenly spaced levels; 0 takes as many as the smaller sample has rows.
    """
    # einsum has one thread: the bits of a score must not depend on how many cores numpy's BLAS finds.
    projected = [np.sort(np.einsum("np,kp->nk", x, along.astype(x.dtype)), axis=0) for x in (a, b)]
    levels = levels or min(len(a), len(b))
    quantiles = []
    for values in projected:
        place = (np.arange(levels) + 0.5) / levels * len(values) - 0.5
        below = np.clip(np.floor(place).astype(int), 0, len(values) - 1)
        above = np.clip(below + 1, 0, len(values) - 1)
        share = np.clip(place - below, 0.0, 1.0)[:, None]
        quantiles.append(values[below] * (1.0 - share) + values[above] * share)
    return float(np.abs(quantiles[0] - quantiles[1]).mean())


def energy_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Biased (V-statistic) energy distance 2 E|a - b| - E|a - a'| - E|b - b'| (Szekely and Rizzo 2013)."""
    return 2.0 * _mean_distance(a, b) - _mean_distance(a, a) - _mean_distance(b, b)


def energy_coefficient(a: np.ndarray, b: np.ndarray) -> float:
    """The energy distance as a share of 2 E|a - b|, from 0 (one distribution) to 1 (Szekely and Rizzo 2013, section 4).

    Two samples of n rows each from one distribution have about 1 / n. 0 where all rows are one point.
    """
    between = _mean_distance(a, b)
    return max(0.0, energy_distance(a, b) / (2.0 * between)) if between > 0.0 else 0.0


def _mean_distance(a: np.ndarray, b: np.ndarray) -> float:
    total = sum(float(np.sqrt(square).sum()) for _, square in squared_distances(a, b))
    return total / (len(a) * len(b))


def frechet_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Squared Frechet distance of two normal distributions with the means and covariances of a (n, p) and b (k, p).

    |mean a - mean b|^2 + tr(A + B - 2 (A B)^(1/2)) (Dowson and Landau 1982). From few rows it is too large.
    """
    covariances = [np.atleast_2d(np.cov(x, rowvar=False)) for x in (a, b)]
    values, vectors = np.linalg.eigh(covariances[0])
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    # A B has the eigenvalues of A^(1/2) B A^(1/2), which is symmetric.
    common = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ covariances[1] @ root), 0.0)).sum()
    apart = ((a.mean(0) - b.mean(0)) ** 2).sum()
    return float(apart + np.trace(covariances[0]) + np.trace(covariances[1]) - 2.0 * common)


def coverage(generated: np.ndarray, real: np.ndarray, neighbours: int = 5) -> float:
    """Share of real rows with a generated row within the distance of their k-th real neighbour (Naeem et al. 2020).

    About 1 - 2 ** -k for two samples of one distribution and equal size; low where the generator left parts out.
    """
    inner, _ = nearest(real, real, skip_self=True, rank=neighbours)
    return float((nearest(real, generated)[0] <= inner).mean())


def density(generated: np.ndarray, real: np.ndarray, neighbours: int = 5) -> float:
    """How many real rows have a generated row within the distance of their k-th real neighbour, over k (Naeem 2020).

    The mean over generated rows; about 1 for two samples of one distribution, above it where generated rows crowd in
    the thick of the real ones, near 0 where they lie apart.
    """
    inner, _ = nearest(real, real, skip_self=True, rank=neighbours)
    reach = inner**2 * (1.0 + 1e-9)  # a row that is a copy of that neighbour is within its reach
    near = sum(int((square <= reach[None]).sum()) for _, square in squared_distances(generated, real))
    return near / (neighbours * len(generated))
