"""Where rows lie, in words that quote none of them: ranges and levels that at least so many training rows share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..data import Column
from ..data.column import TIMES

SHARED = 10  # training rows in whatever is named, at least; more if the setting `k` is larger
BINS = 10  # of a numeric column, at most
MOST = 0.8  # of the rows lie in what is named of a column
NAMED = 4  # columns that are named, at most
TELLING = 0.6  # of all training rows may share what is named of a column


@dataclass(frozen=True, eq=False)
class _Part:
    """What one column says of a region: in words, and which of the training rows (n,) it holds for."""

    words: str
    rows: np.ndarray


def region(columns: Sequence[Column], indices: np.ndarray, shared: int = SHARED) -> str:
    """`waiting is 75 to 80 and sex is f`: where the training rows with these indices lie; "" if that tells nothing.

    columns: of all training rows. indices: rows, as often as they count. All that is named is shared by at least
    `shared` of the training rows, each part and all parts together, and ends of ranges are round numbers.
    """
    parts = [part for part in (_part(column, indices, shared) for column in columns) if part is not None]
    parts = [part for part in parts if part.rows.mean() <= TELLING]
    parts.sort(key=lambda part: int(part.rows.sum()))
    named: list[str] = []
    common = np.ones(len(columns[0].values), dtype=bool)
    for part in parts:
        both = common & part.rows
        if both.sum() >= shared and len(named) < NAMED:
            named.append(part.words)
            common = both
    return ", ".join(named[:-1]) + " and " + named[-1] if len(named) > 1 else "".join(named)


def _part(column: Column, indices: np.ndarray, shared: int) -> _Part | None:
    """What most of the rows have in common; None if no more than few training rows have it, too."""
    missing = column.missing[indices]
    if missing.mean() >= MOST:
        part = _Part(f"{column.name} is missing", column.missing)
    elif (~missing).mean() < MOST:
        return None
    elif column.numeric:
        return _range(column, column.values[indices][~missing], shared)
    else:
        codes = column.values[indices][~missing].astype(np.int64)
        level = int(np.bincount(codes).argmax())
        if (codes == level).mean() < MOST:
            return None
        part = _Part(f"{column.name} is {column.labels[level]}", ~column.missing & (column.values == level))
    return part if part.rows.sum() >= shared else None


def _range(column: Column, values: np.ndarray, shared: int) -> _Part | None:
    """The bins of the column that hold the middle `MOST` of the values."""
    edges = round_edges(column.present, shared)
    if not len(edges):
        return None
    outside = (1.0 - MOST) / 2.0
    low, high = np.searchsorted(edges, np.quantile(values, [outside, 1.0 - outside]), "right")
    bins = np.searchsorted(edges, column.values, "right")
    rows = ~column.missing & (bins >= low) & (bins <= high)
    if low == 0 and high == len(edges):
        return None
    if low == 0:
        words = f"below {_shown(column, edges[high])}"
    elif high == len(edges):
        words = f"{_shown(column, edges[low - 1])} or more"
    else:
        words = f"{_shown(column, edges[low - 1])} to {_shown(column, edges[high])}"
    return _Part(f"{column.name} is {words}", rows)


def round_edges(values: np.ndarray, shared: int = SHARED) -> np.ndarray:
    """Round numbers that part the values (n,) into bins of at least `shared` of them each; none if that can't be.

    They are as round as a tenth of the spread of most values allows.
    """
    bins = min(BINS, len(values) // (2 * shared))
    if bins < 2:
        return np.zeros(0)
    inner = np.quantile(values, np.arange(1, bins) / bins)
    spread = float(inner[-1] - inner[0]) if bins > 2 else float(np.subtract(*np.quantile(values, [0.75, 0.25])))
    if not spread > 0.0:
        return np.zeros(0)
    step = _round_step(spread / BINS)
    edges: list[float] = []
    ordered = np.sort(values)
    reached = 0  # values below the last edge
    for edge in np.unique(np.round(inner / step) * step):
        below = int(np.searchsorted(ordered, edge, "left"))
        if below - reached >= shared and len(values) - below >= shared:
            edges.append(float(edge))
            reached = below
    return np.array(edges)


def _round_step(size: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is no larger than the size."""
    power = 10.0 ** math.floor(math.log10(size))
    return power * max(digit for digit in (1, 2, 5) if digit * power <= size * (1.0 + 1e-9))


def _shown(column: Column, value: float) -> str:
    if column.type in TIMES:
        return column.like(np.array([value])).shown(0)
    return f"{value:.6g}"
