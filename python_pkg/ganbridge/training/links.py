"""How far columns of generated rows depend on each other beside those of training rows: tests of all pairs at once.

Columns become codes of a few bins or levels; all cross tables are one product of indicators.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from ..data import Column

MOST_BINS = 5  # of numbers, and as many levels of categories; one more each for other levels and what is missing
LEAST_SHARED = 10  # training rows of a level or a bin
EXPECTED = 5.0  # rows of a cell in the smaller sample; sparser cells are taken together


def codes_of(real: Column, columns: Sequence[Column], most: int = MOST_BINS) -> list[np.ndarray]:
    """Codes from 0 to `most` + 1 of columns (n,) of one kind, by the bins or the frequent levels of the real one."""
    if real.numeric:
        count = min(most, max(2, len(real.present) // (2 * LEAST_SHARED)))
        inner = np.quantile(real.present, np.arange(1, count) / count) if len(real.present) else np.zeros(0)
        edges = np.unique(inner)
        return [np.where(c.missing, most + 1, np.searchsorted(edges, c.values, "right")) for c in columns]
    counts = np.bincount(real.codes, minlength=len(real.labels) + 1)[:-1]
    frequent = [level for level in np.argsort(-counts, kind="stable")[:most] if counts[level] >= LEAST_SHARED]
    code = {str(real.labels[level]): i for i, level in enumerate(frequent)}
    return [np.array([*(code.get(str(label), most) for label in c.labels), most + 1])[c.codes] for c in columns]


@dataclass(frozen=True, eq=False)
class Tables:
    """Cross tables of all pairs of columns: counts (p, k, p, k), of so many rows."""

    counts: np.ndarray
    rows: int

    @classmethod
    def of(cls, codes: Sequence[np.ndarray], levels: int) -> Tables:
        """Tables of columns of codes (n,), each below `levels`."""
        rows, width = len(codes[0]), len(codes) * levels
        shown = np.zeros((rows, width), dtype=np.float32)
        for j, column in enumerate(codes):
            shown[np.arange(rows), j * levels + column] = 1.0
        seen = torch.from_numpy(shown)
        counts = (seen.T @ seen).numpy().astype(np.float64)  # sums of whole numbers below 2^24: exact in any order
        return cls(counts.reshape(len(codes), levels, len(codes), levels), rows)

    @property
    def marginals(self) -> np.ndarray:
        """Counts (p, k) of each column."""
        return np.asarray(np.einsum("ikik->ik", self.counts))

    def associations(self) -> np.ndarray:
        """Cramér's V (p, p) of all pairs, without its bias (Bergsma 2013); 0 if a column is constant."""
        marginals, n = self.marginals, self.rows
        squares = np.zeros((len(marginals), len(marginals)))
        for i in range(len(marginals)):
            expected = marginals[i][:, None, None] * marginals[None]  # (k, p, k)
            table = self.counts[i]
            squares[i] = (table**2 / np.maximum(expected, 1.0)).sum((0, 2)) - 1.0
        levels = (marginals > 0.0).sum(1).astype(np.float64)
        free = np.maximum(levels - 1.0, 0.0)
        corrected = np.maximum(0.0, squares - free[:, None] * free[None] / (n - 1.0))
        shrunken = free - free**2 / (n - 1.0)
        least = np.minimum(shrunken[:, None], shrunken[None])
        return np.asarray(np.sqrt(np.where(least > 0.0, corrected / np.maximum(least, 1e-9), 0.0)).clip(0.0, 1.0))

    def same(self, other: Tables) -> np.ndarray:
        """p values (p, p): that rows of both samples come from one distribution of the two columns.

        Pearson's test of homogeneity; cells in which the smaller sample would have fewer than five rows are one.
        """
        count = len(self.counts)
        probability = np.ones((count, count))
        for i in range(count):
            mine, theirs = (each.counts[i].transpose(1, 0, 2).reshape(count, -1) for each in (self, other))
            probability[i] = homogeneity(mine, theirs, self.rows, other.rows)
        return probability


def homogeneity(first: np.ndarray, second: np.ndarray, rows: int, others: int) -> np.ndarray:
    """p values (m,) of counts (m, cells) in samples of `rows` and of `others` rows, by Pearson's test."""
    both = first + second
    sparse = both * min(rows, others) / (rows + others) < EXPECTED
    parts = []
    for counts in (first, second):
        parts.append(np.concatenate([np.where(sparse, 0.0, counts), (counts * sparse).sum(1, keepdims=True)], 1))
    both = parts[0] + parts[1]
    scale = math.sqrt(others / rows)
    square = ((parts[0] * scale - parts[1] / scale) ** 2 / np.maximum(both, 1.0)).sum(1)
    free = np.maximum((both > 0.0).sum(1) - 1, 0)
    tail = torch.special.gammaincc(torch.from_numpy(np.maximum(free, 1) / 2.0), torch.from_numpy(square / 2.0)).numpy()
    return np.where(free > 0, tail, 1.0)


@dataclass(frozen=True)
class Spread:
    """How far one column lies from that of neighbours in another one, in shares of all training rows.

    real, generated: the means. independent: the mean of training rows if the columns were independent. probability:
    that real and generated rows come from one distribution, by a test of the means.
    """

    real: float
    generated: float
    independent: float
    probability: float

    def strength(self, spread: float) -> float:
        """From 0 (independent) to 1 (neighbours in the one are equal in the other)."""
        return 1.0 - spread / self.independent if self.independent > 0.0 else 0.0


def spread(given: tuple[np.ndarray, np.ndarray], of: tuple[np.ndarray, np.ndarray]) -> Spread:
    """The spread of a column among neighbours in a given one; each of real (n,) and of generated rows (k,).

    A row's neighbours are the two training rows next to it in the given column; rows must come in an order that tells
    nothing. `strength` of the training rows is Chatterjee's coefficient (2021). Neighbouring rows share a neighbour,
    for which the variance is doubled.
    """
    order = np.argsort(given[0], kind="stable")
    sorted_given, ranked = given[0][order], np.sort(of[0])
    ranks = [
        (np.searchsorted(ranked, x, "left") + np.searchsorted(ranked, x, "right")) / (2.0 * len(ranked)) for x in of
    ]
    along = ranks[0][order]
    steps = np.abs(np.diff(along))
    real = (np.append(steps, steps[-1]) + np.insert(steps, 0, steps[0])) / 2.0
    # Between the rows of equal values: one of them, in turn.
    low, high = (np.searchsorted(sorted_given, given[1], side) for side in ("left", "right"))
    at = low + np.arange(len(low)) % (high - low + 1)
    last = len(along) - 1
    generated = (np.abs(ranks[1] - along[(at - 1).clip(0, last)]) + np.abs(ranks[1] - along[at.clip(0, last)])) / 2.0
    error = math.sqrt(2.0 * (float(real.var()) / len(real) + float(generated.var()) / len(generated)))
    means = float(real.mean()), float(generated.mean())
    probability = upper_tail((means[1] - means[0]) / error) if error > 0.0 else 1.0
    return Spread(*means, _difference(np.sort(ranks[0])), probability)


def _difference(ordered: np.ndarray) -> float:
    """Mean difference of two of the values (n,), which rise (Gini's)."""
    n = len(ordered)
    return float(2.0 * (ordered * (2.0 * np.arange(1, n + 1) - n - 1.0)).sum() / (n * (n - 1.0)))


def upper_tail(z: float) -> float:
    """Probability that a standard normal number is larger."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))
