"""What rows under a level are held to: quantiles of the numbers within levels, and within combinations of two levels.

A prior that is smooth over all rows blurs the numbers of a level that few rows have. Rows that are asked for by their
level are moved by a rising function of each number, so that its quantiles are those of the level's own rows, and the
dependence between numbers stays the prior's. No quantile tells of fewer than k rows (see `knots`).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..data import Column
from ..stored import array, require
from .allowed import Allowed
from .knots import shared_knots
from .marginal import CategoryMarginal, Marginal, NumberMarginal, shares_cells

LEAST_ROWS, MOST_ROWS = 10, 2_000  # of a level, or a combination of levels, that has quantiles;
FEWEST_SHARED = 5  # rows that share each, at least
MOST_COMBINATIONS = 128  # of levels of two columns,
MOST_PAIRS = 15  # so many pairs of columns
MOST_TABLE = 10_000  # rows of a table up to which combinations count
MOST_NUMBERS = 2**17  # that are kept in all
MOST_KNOTS = 128
TAILS = np.array([0.0, 0.002, 0.006])
SHARES = np.concatenate([TAILS, np.linspace(0.0, 1.0, 65)[1:-1], 1.0 - TAILS[::-1]])  # at which quantiles are kept
FINE = (np.arange(2048) + 0.5) / 2048  # at which means and spreads of quantile functions are seen
SMALL_STEP = 0.1  # steps of a grid, in spreads, up to which quantiles may be moved off it
LEAST_RATIO, LARGEST_RATIO = 1.1, 2.0  # by which they are stretched; those of large steps only from the first one on
FENCE = 5.0  # how far values count as they are beyond the quartiles, in distances between these
ROUNDED = 12.0  # parts of the range, to whose ends quantiles are bounded
GROUPS = 6  # of k rows, below which they are those of a beta distribution with the level's mean and spread,
LEAST_SIZE = 0.5  # whose two parameters sum to this at least
LARGEST_SPIKE = {False: 0.02, True: 0.1}  # share of the rows that one point stands for, by whether there is a grid
LARGEST = 1e300

Key = tuple[tuple[int, int], ...]  # a column and its code, or two of both


@dataclass(frozen=True, eq=False)
class LevelQuantiles:
    """quantiles: by column and code, in the order of columns, numbers (numbers, shares) on the scalers' grids, NaN for
    a column that has too few rows there. numbers: indices of the columns of numbers."""

    numbers: list[int]
    quantiles: dict[Key, np.ndarray]

    @classmethod
    def fit(cls, columns: Sequence[Column], marginals: Sequence[Marginal], k: int) -> LevelQuantiles:
        """k: rows that share each of the quantiles."""
        k = max(k, FEWEST_SHARED)
        numbers = [j for j, m in enumerate(marginals) if isinstance(m, NumberMarginal) and _moves(m)]
        levels = [
            j
            for j, m in enumerate(marginals)
            if isinstance(m, CategoryMarginal) and len(m.codes) > 1 and not shares_cells(m.codec)
        ]
        found: list[tuple[int, Key, np.ndarray]] = []
        if numbers:
            for key in [(j,) for j in levels] + _pairs(levels, marginals, len(columns[0].values)):
                found += _levels_of(key, columns)
        found.sort(key=lambda part: part[0])  # the rarest first
        found = found[: MOST_NUMBERS // max(1, len(numbers) * len(SHARES))]
        of_numbers = [_numbers_of(marginals[j], columns[j]) for j in numbers]
        quantiles = {key: np.stack([_quantiles(x[rows], k, half) for x, half in of_numbers]) for _, key, rows in found}
        return cls(numbers, {key: part for key, part in quantiles.items() if np.isfinite(part).any()})

    def of(self, marginals: Sequence[Marginal], allowed: Sequence[Allowed | None]) -> np.ndarray | None:
        """Quantiles (numbers, shares) of what is asked for, if it is one level, or one of each of two columns."""
        key: Key = ()
        for j, (marginal, part) in enumerate(zip(marginals, allowed, strict=True)):
            if part is None:
                continue
            code = marginal.only(part) if isinstance(marginal, CategoryMarginal) else -1
            if code < 0:
                return None
            key += ((j, code),)
        return self.quantiles.get(key)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """What a file holds of it."""
        if not self.quantiles:
            return {}
        arrays = {"level_numbers": np.array(self.numbers, dtype=np.int64)}
        for width in (1, 2):
            keys = [key for key in self.quantiles if len(key) == width]
            if keys:
                arrays[f"levels_{width}"] = np.array(keys, dtype=np.int64)
                quantiles = np.stack([self.quantiles[key] for key in keys])
                arrays[f"level_quantiles_{width}"] = np.nan_to_num(quantiles)
                arrays[f"level_known_{width}"] = np.isfinite(quantiles).all(2)
        return arrays

    @classmethod
    def from_arrays(cls, marginals: Sequence[Marginal], arrays: Mapping[str, np.ndarray]) -> LevelQuantiles:
        """Inverse of `to_arrays`. Raises BadFileError for what is none."""
        if "level_numbers" not in arrays:
            return cls([], {})
        part = "encoder"
        numbers = array(part, arrays, "level_numbers", "int64", (None,), 0, len(marginals) - 1).tolist()
        known = all(isinstance(marginals[j], NumberMarginal) for j in numbers)
        require(known and sorted(set(numbers)) == numbers, f"`{part}.level_numbers` must be columns of numbers")
        quantiles: dict[Key, np.ndarray] = {}
        for width in (1, 2):
            if f"levels_{width}" not in arrays:
                continue
            keys = array(part, arrays, f"levels_{width}", "int64", (None, width, 2), 0)
            shape = (len(keys), len(numbers), len(SHARES))
            values = array(part, arrays, f"level_quantiles_{width}", "float64", shape, -LARGEST, LARGEST)
            seen = array(part, arrays, f"level_known_{width}", "bool", shape[:2])
            for key, of_key, known_here in zip(keys.tolist(), values, seen, strict=True):
                columns = [marginals[j] if j < len(marginals) else None for j, _ in key]
                levels = all(isinstance(m, CategoryMarginal) for m in columns)
                require(levels, f"`{part}.levels_{width}` must be levels of columns")
                require(bool((np.diff(of_key) >= 0).all()), f"`{part}.level_quantiles_{width}` must be rising")
                at = tuple((int(j), int(code)) for j, code in key)
                quantiles[at] = np.where(known_here[:, None], of_key, np.nan)
        return cls(numbers, quantiles)


def _moves(marginal: NumberMarginal) -> bool:
    """Whether values may be moved: not if many rows have the same one, which is no interval on a grid."""
    values, ranks = marginal.knots
    if len(values) < 3 or marginal.codec.scaler is None:
        return False
    same = (np.diff(values) == 0) & (values[1:] > values[0]) & (values[1:] < values[-1])
    return bool(np.diff(ranks)[same].max(initial=0.0) < LARGEST_SPIKE[marginal.codec.scaler.on_grid])


def _pairs(levels: Sequence[int], marginals: Sequence[Marginal], rows: int) -> list[tuple[int, ...]]:
    """Pairs of columns whose levels have not too many combinations."""
    if rows > MOST_TABLE:
        return []
    sizes = {j: marginals[j].cells for j in levels}
    few = [(a, b) for a, b in itertools.combinations(levels, 2) if sizes[a] * sizes[b] <= MOST_COMBINATIONS]
    return list(few[:MOST_PAIRS])


def _levels_of(columns_of: tuple[int, ...], columns: Sequence[Column]) -> list[tuple[int, Key, np.ndarray]]:
    """Number of rows, key and indices of rows of each level, or combination, that is neither rare nor common."""
    parts = [columns[j] for j in columns_of]
    codes = np.stack([np.where(part.missing, -1, part.codes) for part in parts], 1)
    order = np.lexsort(codes.T[::-1])
    begins = np.flatnonzero(np.append(True, (np.diff(codes[order], axis=0) != 0).any(1)))
    found = []
    for first, end in zip(begins, np.append(begins[1:], len(order)), strict=True):
        of_level = codes[order[first]]
        if LEAST_ROWS <= end - first <= MOST_ROWS and (of_level >= 0).all():
            key = tuple((j, int(code)) for j, code in zip(columns_of, of_level, strict=True))
            found.append((int(end - first), key, order[first:end]))
    return found


def _numbers_of(marginal: Marginal, column: Column) -> tuple[np.ndarray, float]:
    """Values (n,) on the grid of the column's scaler, NaN for what is missing, and half its step."""
    assert isinstance(marginal, NumberMarginal)
    scaler, (start, step) = marginal.codec.scaler, marginal.codec.grid
    assert scaler is not None
    return np.where(column.missing, np.nan, (column.values - start) / step), (
        scaler.step / 2.0 if scaler.on_grid else 0.0
    )


def _quantiles(values: np.ndarray, k: int, half: float) -> np.ndarray:
    """Quantiles (shares,) of values (n,), with their mean and spread; NaN if too few are present."""
    values = np.sort(values[np.isfinite(values)])
    if len(values) < max(LEAST_ROWS, k) or values[0] == values[-1]:
        return np.full(len(SHARES), np.nan)
    lower, upper = np.quantile(values, (0.25, 0.75))
    values = values.clip(lower - FENCE * (upper - lower), upper + FENCE * (upper - lower))
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    shared = shared_knots(values, k, half, MOST_KNOTS, levels=False)
    inside = half * (1.0 - 1e-6)  # values at the ends of steps would be rounded to the next
    x = np.interp(SHARES, shared.u, shared.x).clip(shared.low - inside, shared.high + inside)
    seen = np.interp(FINE, SHARES, x)
    if not seen.std() > 0.0:
        return np.asarray(x)
    ratio = min(max(sd / float(seen.std()), 1.0 / LARGEST_RATIO), LARGEST_RATIO)
    if 2.0 * half > SMALL_STEP * sd:
        if ratio > LEAST_RATIO:
            x = (mean + (x - seen.mean()) * ratio).clip(values[0] - inside, values[-1] + inside)
        return np.asarray(x)
    unit = float(values[-1] - values[0]) / ROUNDED
    low, high = float(np.floor(values[0] / unit)) * unit, float(np.ceil(values[-1] / unit)) * unit
    if len(values) < GROUPS * k:
        return _beta(low, high, mean, sd)
    return np.asarray((mean + (x - seen.mean()) * ratio).clip(low, high))


def _beta(low: float, high: float, mean: float, sd: float) -> np.ndarray:
    """Quantiles (shares,) of the beta distribution between two ends with a mean and a spread."""
    m, v = (mean - low) / (high - low), (sd / (high - low)) ** 2
    size = max(m * (1.0 - m) / v - 1.0, LEAST_SIZE)
    log_density = (m * size - 1.0) * np.log(FINE) + ((1.0 - m) * size - 1.0) * np.log1p(-FINE)
    below = np.cumsum(np.exp(log_density - log_density.max()))
    shares = np.concatenate([[0.0], below / below[-1]])
    return np.asarray(low + (high - low) * np.interp(SHARES, shares, np.append(0.0, FINE + 0.5 / len(FINE))))
