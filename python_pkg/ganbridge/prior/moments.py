"""A log-linear discriminator: means, spreads and correlations of the numbers within each level of each category.

Logistic regression on products of normal scores, which are standardized within each level, with a normal prior on its
weights. Its log odds tilt the
mixture so that moments within levels are right although few rows have the level (exponential tilting by moments, Della
Pietra et al. 1997; entropy balancing, Hainmueller 2012). It is fitted before the trees, whose log odds are added to its
own. A row with a number outside the range that one of its levels has in the training data gets odds of 0.

Shapes: cells (n, columns), int64; features (n, features).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from ..check import came
from ..encode.marginal import Cells
from ..stored import array, require
from .moment_forms import CLIP, MOST_PRODUCTS, MomentForms
from .ranges import LEAST_ROWS, CombinedRanges, Key, ranges_within

MOST_LEVELS = 128  # cells of a category whose levels have weights,
MOST_NUMBERS = 12  # and of a column of numbers whose cells have,
FEW_NUMBERS = 3  # in tables of fewer rows than MANY_ROWS
MANY_ROWS = 10_000
PSEUDO_ROWS = 2.0  # with which a level's mean and spread are shrunk towards those of all rows
LEAST_SPREAD = 0.05
LARGEST_WEIGHT, LARGEST_CELL = 1e4, 2**31  # of files
ROWS_AT_ONCE = 4_096


class LevelMoments:
    """The log-linear part of the odds.

    scores: for each column of numbers its index and the normal score of each of its cells (cells,). weights: for each
    column whose cells count as levels its index and the weights (cells, features). scales: for the same columns the
    means and standard deviations of the scores within each level, (2, cells, numbers). ranges: for pairs of such a
    column and a column of numbers the first and the last cell that each level may have, (2, cells).
    """

    def __init__(self, scores: dict[int, Tensor], weights: dict[int, Tensor], scales: dict[int, Tensor]) -> None:
        self.scores, self.weights, self.scales = scores, weights, scales
        self.ranges: dict[Key, Tensor] = {}
        self.combined = CombinedRanges({}, [])

    @classmethod
    def of_columns(cls, cells: Tensor, columns: Sequence[Cells]) -> LevelMoments | None:
        """Without weights yet; None if there are no numbers or no levels, or fewer rows than weights."""
        sizes, numbers = [column.count for column in columns], [column.values is not None for column in columns]
        scores = {
            j: _scores(cells[:, j], column)
            for j, column in enumerate(columns)
            if column.values is not None and column.count > 1
        }
        most = MOST_NUMBERS if len(cells) >= MANY_ROWS else FEW_NUMBERS
        levels = [j for j, n in enumerate(sizes) if 2 <= n <= (most if numbers[j] else MOST_LEVELS)]
        width = _width(len(scores))
        if not scores or not levels or sum(sizes[j] for j in levels) * width > len(cells):
            return None
        z = torch.stack([score[cells[:, j]] for j, score in scores.items()], 1)
        scales = {j: _scale(z, cells[:, j], sizes[j]) for j in levels}
        return cls(scores, {j: torch.zeros(sizes[j], width) for j in levels}, scales)

    def scores_of(self, cells: Tensor) -> Tensor:
        """Scores (n, numbers)."""
        return torch.stack([score[cells[:, j]] for j, score in self.scores.items()], 1)

    def features(self, cells: Tensor, level: int) -> Tensor:
        """Scores, their squares less 1 and products of two of them, standardized within the levels of a column."""
        mean, sd = self.scales[level][:, cells[:, level]]
        z = ((self.scores_of(cells) - mean) / sd).clamp(-CLIP, CLIP)
        parts = [z, z**2 - 1.0]
        if 1 < len(self.scores) <= MOST_PRODUCTS:
            a, b = torch.triu_indices(z.shape[1], z.shape[1], 1)
            parts.append(z[:, a] * z[:, b])
        return torch.cat(parts, 1)

    def logit(self, cells: Tensor) -> Tensor:
        """Log odds of being real (n,); -inf outside the range of a level."""
        forms = MomentForms(self)
        parts = [forms.logit(part) for part in torch.split(cells, ROWS_AT_ONCE)]
        logit = torch.cat(parts) if parts else torch.zeros(0)
        return logit.masked_fill(self.combined.outside(cells), -torch.inf)

    def outside(self, cells: Tensor) -> Tensor:
        """Rows (n,) with a number outside the range of one of their levels, or of two."""
        return MomentForms(self).outside(cells) | self.combined.outside(cells)

    def exact(self, cells: Tensor) -> Tensor:
        """Log odds (n,) without regard to ranges."""
        return self.logit_of(cells, {j: self.features(cells, j) for j in self.weights}, self.weights)

    def fit_ranges(self, cells: Tensor, values: dict[int, Tensor], sizes: Sequence[int]) -> None:
        """The cells that each level has, and a margin; values: for columns of numbers the mean value of each cell."""
        for level, weights in self.weights.items():
            known = torch.bincount(cells[:, level], minlength=len(weights)) >= LEAST_ROWS
            for number, value in values.items():
                if number != level:
                    self.ranges[level, number] = ranges_within(cells[:, level], known, cells[:, number], value)
        self.combined = CombinedRanges.fit(cells, list(self.weights), values, sizes)

    @staticmethod
    def logit_of(cells: Tensor, features: dict[int, Tensor], weights: dict[int, Tensor]) -> Tensor:
        """Log odds (n,) of the features of each column whose cells count as levels."""
        total = torch.zeros(len(cells))
        for j, part in weights.items():
            total = total + (part[cells[:, j]] * features[j]).sum(1)
        return total

    def to_arrays(self) -> dict[str, Tensor]:
        """What a file holds of it."""
        arrays = {f"scores.{j}": score for j, score in self.scores.items()}
        arrays |= {f"weights.{j}": part for j, part in self.weights.items()}
        arrays |= {f"scales.{j}": part for j, part in self.scales.items()}
        ranges = self.ranges | self.combined.ranges
        return arrays | {".".join(("ranges", *map(str, key))): part for key, part in ranges.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], sizes: Sequence[int]) -> LevelMoments | None:
        """Inverse of `to_arrays`; None if there is nothing. Raises BadFileError for arrays of other columns."""
        parts: dict[str, list[tuple[int, ...]]] = {"scores": [], "weights": [], "scales": [], "ranges": []}
        for name in arrays:
            group, *indices = name.split(".")
            known = group in parts and len(indices) in ((2, 3) if group == "ranges" else (1,))
            known = known and all(index.isdecimal() and len(index) < 9 and int(index) < len(sizes) for index in indices)
            require(known, f"`prior.moments` has an unknown name, {came(name)}")
            parts[group].append(tuple(map(int, indices)))
        if not arrays:
            return None
        numbers, levels = ([j for (j,) in sorted(parts[group])] for group in ("scores", "weights"))
        require(bool(numbers) and [j for (j,) in sorted(parts["scales"])] == levels, "`prior.moments` must have scores")

        def part(name: str, shape: tuple[int, ...], low: float, dtype: str = "float32") -> Tensor:
            high = LARGEST_CELL if dtype == "int64" else LARGEST_WEIGHT
            return torch.from_numpy(array("prior.moments", arrays, name, dtype, shape, low, high))

        width, count = _width(len(numbers)), len(numbers)
        scores = {j: part(f"scores.{j}", (sizes[j],), -CLIP) for j in numbers}
        weights = {j: part(f"weights.{j}", (sizes[j], width), -LARGEST_WEIGHT) for j in levels}
        scales = {j: part(f"scales.{j}", (2, sizes[j], count), -LARGEST_WEIGHT) for j in levels}
        moments = cls(scores, weights, scales)
        require(all(bool((sd > 0.0).all()) for _, sd in scales.values()), "`prior.moments.scales` must be above 0")
        moments.combined = CombinedRanges({}, sizes)
        for key in parts["ranges"]:
            name = ".".join(("ranges", *map(str, key)))
            if len(key) == 2:
                moments.ranges[key] = part(name, (2, sizes[key[0]]), 0, "int64")
            else:
                shape = moments.combined.shape(key)
                moments.combined.ranges[key] = part(name, shape, 0, "int64")
        return moments


def _width(numbers: int) -> int:
    """Features of so many columns of numbers."""
    return 2 * numbers + (numbers * (numbers - 1) // 2 if numbers <= MOST_PRODUCTS else 0)


def _scale(z: Tensor, level: Tensor, levels: int) -> Tensor:
    """Means and standard deviations (2, levels, numbers) of scores (n, numbers) within levels (n,), shrunken."""
    rows = torch.bincount(level, minlength=levels)[:, None]
    center = z.mean(0)
    mean = (torch.zeros(levels, z.shape[1]).index_add_(0, level, z) + PSEUDO_ROWS * center) / (rows + PSEUDO_ROWS)
    square = torch.zeros(levels, z.shape[1]).index_add_(0, level, (z - mean[level]) ** 2)
    variance = (square + PSEUDO_ROWS * z.var(0)) / (rows + PSEUDO_ROWS)
    return torch.stack([mean, variance.sqrt().clamp(min=LEAST_SPREAD)])


def _scores(cells: Tensor, column: Cells) -> Tensor:
    """The normal score of the middle of each cell (cells,); 0 for what is missing."""
    assert column.values is not None
    missing = torch.from_numpy(np.isnan(column.values))
    counts = torch.bincount(cells, minlength=column.count).double().masked_fill(missing, 0.0)
    middle = (counts.cumsum(0) - 0.5 * counts) / counts.sum().clamp(min=1.0)
    scores: Tensor = torch.special.ndtri(middle.clamp(2e-4, 1.0 - 2e-4)).clamp(-CLIP, CLIP)
    return scores.masked_fill(missing, 0.0).float()
