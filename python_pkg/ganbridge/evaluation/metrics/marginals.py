"""How far one generated column is from the real one."""

from __future__ import annotations

import numpy as np


def kolmogorov_smirnov(a: np.ndarray, b: np.ndarray) -> float:
    """Largest difference of the two distribution functions, from 0 to 1 (Kolmogorov 1933; Smirnov 1948)."""
    if not len(a) or not len(b):
        return float("nan")
    _, above = _distribution_functions(a, b)
    return float(np.abs(above[0] - above[1]).max())


def wasserstein(a: np.ndarray, b: np.ndarray) -> float:
    """Wasserstein-1 distance in the unit of the values: the area between the two distribution functions."""
    if not len(a) or not len(b):
        return float("nan")
    points, above = _distribution_functions(a, b)
    return float((np.abs(above[0] - above[1])[:-1] * np.diff(points)).sum())


def _distribution_functions(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """All values in order, and the share of each sample that is at most as large as they."""
    points = np.sort(np.concatenate([a, b]))
    return points, [np.searchsorted(np.sort(x), points, "right") / len(x) for x in (a, b)]


def total_variation(a: np.ndarray, b: np.ndarray) -> float:
    """Half the sum of the differences of the shares of codes (n,), (k,), from 0 to 1: what would have to change."""
    if not len(a) or not len(b):
        return float("nan")
    levels = 1 + max(int(a.max()), int(b.max()))
    shares = [np.bincount(codes, minlength=levels) / len(codes) for codes in (a, b)]
    return float(np.abs(shares[0] - shares[1]).sum() / 2.0)


def missing_share(missing: np.ndarray) -> float:
    """Share of a mask that is true."""
    return float(missing.mean()) if len(missing) else float("nan")
