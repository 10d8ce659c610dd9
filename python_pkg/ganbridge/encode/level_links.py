"""Levels that share a cell, told apart by the numbers beside them.

A prior on cells knows nothing of a level within its cell. Here it is drawn again, given the scores of few columns of
numbers: by Bayes' rule, with a normal distribution of each level, whose mean is shrunk towards that of the cell. Rare
levels have the cell's own mean, so that none tells of single rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..data import Column
from ..stored import array, require
from .marginal import CategoryMarginal, Marginal, NumberMarginal
from .scaler import normal_scores

MOST_PARTNERS = 2  # columns of numbers by which levels are told apart,
LEAST_GAIN = 0.03  # each with this share of its variance within cells explained by levels
LEAST_ROWS = 5  # of a level with a mean of its own
LEAST_SPREAD = 1e-3
LARGEST_SCORE = 4.0
SHARES = np.linspace(0.0, 1.0, 4097)
SCORES = np.concatenate([[-LARGEST_SCORE], normal_scores(SHARES[1:-1]), [LARGEST_SCORE]])


class LevelLinks:
    """How a column of levels goes with columns of numbers.

    marginal: of the levels. partners (p,): indices of the columns of numbers. means, spreads (levels, p): of the scores
    that each level has, in the order of the marginal's codes.
    """

    def __init__(
        self, marginal: CategoryMarginal, partners: np.ndarray, means: np.ndarray, spreads: np.ndarray
    ) -> None:
        self.marginal, self.partners, self.means, self.spreads = marginal, partners, means, spreads
        bounds = np.flatnonzero(np.diff(marginal.cell, prepend=-1, append=marginal.cells))
        self.bounds = bounds  # of each cell the first of its levels, and of the last cell also the end

    @classmethod
    def fit(
        cls, marginal: CategoryMarginal, column: Column, others: Mapping[int, tuple[NumberMarginal, Column]], least: int
    ) -> LevelLinks | None:
        """None if no number tells more of a level than its cell does. least: rows of a level that has its own mean."""
        level = marginal.position(column)
        cell = marginal.cell[level]
        rows = np.bincount(level, minlength=len(marginal.codes))
        found: list[tuple[float, int, np.ndarray, np.ndarray]] = []
        for j, (number, values) in others.items():
            low, high = number.reach(values)
            scores = scores_of(number.present, (low + high) / 2.0)
            seen = np.isfinite(scores)
            gain, means, spreads = _told(scores[seen], level[seen], cell[seen], marginal, max(least, LEAST_ROWS))
            if gain > LEAST_GAIN:
                found.append((gain, j, means, spreads))
        if not found or rows.max() < LEAST_ROWS:
            return None
        best = sorted(found, key=lambda part: -part[0])[:MOST_PARTNERS]
        return cls(
            marginal,
            np.array([part[1] for part in best]),
            np.stack([part[2] for part in best], 1),
            np.stack([part[3] for part in best], 1),
        )

    def redrawn(self, ranks: np.ndarray, scores: np.ndarray) -> np.ndarray:
        """Ranks (n,) within the same cells, of levels that go with scores (n, p); NaN for what is missing."""
        marginal, result = self.marginal, ranks.copy()
        cell = marginal.cell_of(ranks)
        order = np.argsort(cell, kind="stable")
        starts = np.searchsorted(cell[order], np.arange(marginal.cells + 1))
        for c in np.flatnonzero((np.diff(starts) > 0) & (np.diff(self.bounds) > 1)).tolist():
            rows, first, end = order[starts[c] : starts[c + 1]], int(self.bounds[c]), int(self.bounds[c + 1])
            x = (scores[rows][:, None] - self.means[first:end]) / self.spreads[first:end]
            log_weight = np.log(marginal.shares[first:end]) - np.log(self.spreads[first:end]).sum(1)
            log_weight = log_weight - 0.5 * np.nan_to_num(x**2).sum(2)
            weight = np.exp(log_weight - log_weight.max(1, keepdims=True))
            reach = weight.cumsum(1)
            low, high = marginal.edges[c], marginal.edges[c + 1]
            at = (ranks[rows] - low) / (high - low) * reach[:, -1]
            chosen = (at[:, None] >= reach).sum(1).clip(max=end - first - 1)
            row = np.arange(len(rows))
            within = ((at - reach[row, chosen]) / weight[row, chosen] + 1.0).clip(0.0, 1.0 - 1e-9)
            begin = marginal.ends[first + chosen]
            result[rows] = begin + within * (marginal.ends[first + chosen + 1] - begin)
        return result

    def to_arrays(self) -> dict[str, np.ndarray]:
        """What a file holds of it."""
        return {"link_columns": self.partners, "link_means": self.means, "link_spreads": self.spreads}

    @classmethod
    def from_arrays(
        cls, marginals: Sequence[Marginal], i: int, arrays: Mapping[str, np.ndarray], prefix: str
    ) -> LevelLinks | None:
        """Inverse of `to_arrays`; None if column i has no links. Raises BadFileError for what is none."""
        marginal, part = marginals[i], "encoder"
        if f"{prefix}link_columns" not in arrays or not isinstance(marginal, CategoryMarginal):
            return None
        partners = array(part, arrays, f"{prefix}link_columns", "int64", (None,), 0, len(marginals) - 1)
        numbers = all(isinstance(marginals[j], NumberMarginal) for j in partners.tolist())
        require(numbers and 0 < len(partners) <= MOST_PARTNERS, f"`{part}.{prefix}link_columns` must be numbers")
        shape = (len(marginal.codes), len(partners))
        means = array(part, arrays, f"{prefix}link_means", "float64", shape, -LARGEST_SCORE, LARGEST_SCORE)
        largest = 4.0 * LARGEST_SCORE
        spreads = array(part, arrays, f"{prefix}link_spreads", "float64", shape, LEAST_SPREAD, largest)
        return cls(marginal, partners, means, spreads)


def scores_of(present: float, ranks: np.ndarray) -> np.ndarray:
    """Normal scores of ranks (n,) among present values, whose share is given; NaN for what is missing."""
    scores: np.ndarray = np.interp(ranks / max(present, 1e-300), SHARES, SCORES)
    return np.where((ranks >= present) & (present < 1.0), np.nan, scores)


def _told(
    scores: np.ndarray, level: np.ndarray, cell: np.ndarray, marginal: CategoryMarginal, least: int
) -> tuple[float, np.ndarray, np.ndarray]:
    """Share of the variance within cells that levels explain beyond chance, and mean and spread of each level."""
    levels, cells = len(marginal.codes), marginal.cells
    rows, of_cell = np.bincount(level, minlength=levels), np.bincount(cell, minlength=cells)
    own = np.bincount(level, scores, levels) / np.maximum(rows, 1)
    center = np.bincount(cell, scores, cells) / np.maximum(of_cell, 1)
    free = len(scores) - np.array([(rows > 0).sum(), (of_cell > 0).sum()])
    if free.min() <= 0:
        return 0.0, own, own
    square = np.array([((scores - own[level]) ** 2).sum(), ((scores - center[cell]) ** 2).sum()]) / free
    within, in_cells = np.maximum(square, LEAST_SPREAD**2)
    pseudo = within / max(in_cells - within, 1e-6)  # rows by which means are best shrunk (empirical Bayes)
    weight = np.where(rows >= least, rows, 0)
    means = (weight * own + pseudo * center[marginal.cell]) / (weight + pseudo)
    return float(1.0 - within / in_cells), means, np.sqrt(within * (1.0 + 1.0 / (weight + pseudo)))
