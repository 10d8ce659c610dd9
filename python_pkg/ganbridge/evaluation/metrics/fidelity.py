"""How far generated rows are from real ones."""

from __future__ import annotations

import numpy as np

from ...training.distances import nearest, squared_distances


def energy_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Biased (V-statistic) energy distance 2 E|a - b| - E|a - a'| - E|b - b'| (Szekely and Rizzo 2013)."""
    return 2.0 * _mean_distance(a, b) - _mean_distance(a, a) - _mean_distance(b, b)


def energy_coefficient(a: np.ndarray, b: np.ndarray) -> float:
    """The energy distance as a share of 2 E|a - b|, from 0 (one distribution) to 1 (Szekely and Rizzo 2013, section 4).

    Two samples of n rows each from one distribution have about 1 / n. 0 if all rows are one point.
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


def density(generated: np.ndarray, real: np.ndarray, neighbours: int = 5) -> float:
    """How many real rows have a generated row within the distance of their k-th real neighbour, over k (Naeem 2020).

    The mean over generated rows; about 1 for two samples of one distribution, above it if generated rows crowd
    where real ones are dense, near 0 if they lie apart.
    """
    inner, _ = nearest(real, real, skip_self=True, rank=neighbours)
    reach = inner**2 * (1.0 + 1e-9)  # a row that is a copy of that neighbour is within its reach
    near = sum(int((square <= reach[None]).sum()) for _, square in squared_distances(generated, real))
    return near / (neighbours * len(generated))
