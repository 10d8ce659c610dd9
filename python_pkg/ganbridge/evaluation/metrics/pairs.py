"""How far the relation of two generated columns is from that of the real ones."""

from __future__ import annotations

import math

import numpy as np

from ...data import Column

MOST_BINS = 10  # of a numeric column where it is counted like a category


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson's correlation of (n,) and (n,); NaN if one of them is constant."""
    if len(a) < 2:
        return float("nan")
    centered = []
    for values in (a, b):
        rest = values - values.mean()
        size = float(np.abs(rest).max())
        if size <= 1e-12 * float(np.abs(values).max()):  # constant, but for the last place of its mean
            return float("nan")
        centered.append(rest / size)  # squares of very small numbers would be 0
    x, y = centered
    return float((x * y).sum() / math.sqrt(float((x**2).sum() * (y**2).sum())))


def bin_edges(variable: Column, rows: int) -> np.ndarray:
    """Inner edges of bins of equal counts, for a comparison of so many rows; at most `MOST_BINS` bins."""
    bins = int(min(MOST_BINS, max(2.0, math.sqrt(rows) / 2.0)))
    if not len(variable.present):
        return np.zeros(0)
    return np.unique(np.quantile(variable.present, np.arange(1, bins) / bins))


def binned(variable: Column, edges: np.ndarray) -> np.ndarray:
    """Codes (n,) of a category, or of the bins of a numeric column; what is missing has the last code."""
    if not variable.numeric:
        return variable.codes
    codes: np.ndarray = np.searchsorted(edges, variable.values, "right").astype(np.int64)
    codes[variable.missing] = len(edges) + 1
    return codes


def joint(a: np.ndarray, b: np.ndarray, levels: int) -> np.ndarray:
    """One code for each pair of codes, where `b` has at most so many levels."""
    return np.asarray(a * levels + b)


def mutual_information(a: np.ndarray, b: np.ndarray) -> float:
    """Mutual information of codes (n,) and (n,), as a share of the mean of their entropies; 0 if both are constant.

    Strehl and Ghosh 2002; from 0 (independent) to 1 (the one tells the other).
    """
    if not len(a):
        return float("nan")
    entropies = [_entropy(codes) for codes in (a, b, joint(a, b, int(b.max()) + 1))]
    mean = (entropies[0] + entropies[1]) / 2.0
    return max(0.0, (entropies[0] + entropies[1] - entropies[2]) / mean) if mean > 0.0 else 0.0


def _entropy(codes: np.ndarray) -> float:
    counts = np.unique(codes, return_counts=True)[1]
    shares = counts / len(codes)
    return float(-(shares * np.log(shares)).sum())
