"""Which columns, and which pairs of columns, differ most between real and generated rows: these are shown first."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from .grid import spread_evenly
from .values import PlotColumn

GROUPS = 8  # of equally many real rows, that numbers are sorted into
MOST_ROWS = 5000  # of each source
MOST_COLUMNS = 40  # whose pairs are compared: of more columns those that differ most
Both = Sequence[PlotColumn]  # the real column and the generated one, as `aligned` returns them


def worst_columns(columns: Sequence[Both], most: int) -> list[int]:
    """Indices of at most `most` columns, the one that differs most first."""
    gaps = [_gap(*map(_shares, _grouped(both))) for both in columns]
    return _largest(gaps)[:most]


def worst_pairs(columns: Sequence[Both], most: int) -> list[tuple[int, int]]:
    """Indices of at most `most` pairs of columns, the pair that differs most first; i < j in each."""
    compared = sorted(worst_columns(columns, MOST_COLUMNS))
    groups = {i: _grouped(columns[i]) for i in compared}
    pairs = list(itertools.combinations(compared, 2))
    gaps = []
    for i, j in pairs:
        across = 1 + max(int(group.max(initial=0)) for group in groups[j])
        gaps.append(_gap(*(_shares(one * across + other) for one, other in zip(groups[i], groups[j], strict=True))))
    return [pairs[k] for k in _largest(gaps)[:most]]


def _largest(gaps: Sequence[float]) -> list[int]:
    """Indices in the order of falling values; equal ones in their own order, however they were rounded."""
    return [int(k) for k in np.argsort(-np.round(gaps, 9), kind="stable")]


def _gap(real: np.ndarray, generated: np.ndarray) -> float:
    """Total variation distance of two distributions over groups."""
    count = max(len(real), len(generated))
    return 0.5 * float(np.abs(_filled(real, count) - _filled(generated, count)).sum())


def _filled(shares: np.ndarray, count: int) -> np.ndarray:
    return np.pad(shares, (0, count - len(shares)))


def _shares(groups: np.ndarray) -> np.ndarray:
    return np.bincount(groups) / max(len(groups), 1)


def _grouped(both: Both) -> list[np.ndarray]:
    """The group of each row, of the same rows in every column: levels, or quantiles of real rows; missing is one."""
    first = both[0]
    if not first.continuous:
        return [_some(column).astype(int) for column in both]
    inner = np.arange(1, GROUPS) / GROUPS
    edges = np.unique(np.quantile(first.present, inner)) if len(first.present) else np.zeros(0)
    missing = len(edges) + 1
    return [
        np.where(np.isfinite(values), np.searchsorted(edges, np.nan_to_num(values), side="right"), missing)
        for values in map(_some, both)
    ]


def _some(column: PlotColumn) -> np.ndarray:
    return np.asarray(column.values[spread_evenly(len(column.values), MOST_ROWS)])
