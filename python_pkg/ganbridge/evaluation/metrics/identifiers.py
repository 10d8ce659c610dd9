"""Columns in which nearly every row has its own value, such as ids and names: how many of their values are real."""

from __future__ import annotations

import numpy as np

from ...data import Column

NEARLY = 0.9  # of the values, which stand in one row only
LEAST_VALUES = 10


def is_near_unique(column: Column) -> bool:
    """Whether at least so many of the values that are not missing stand in one row only."""
    values = column.present
    if len(values) < LEAST_VALUES:
        return False
    return bool((np.unique(values, return_counts=True)[1] == 1).sum() >= NEARLY * len(values))


def known_share(values: np.ndarray, real: np.ndarray, *, same: bool = False) -> float:
    """Share of values (n,) that are among the real ones (k,).

    same: both are the same values, and those count that stand there twice.
    """
    if not len(values):
        return float("nan")
    if same:
        _, positions, counts = np.unique(values, return_inverse=True, return_counts=True)
        return float((counts[positions.ravel()] > 1).mean())
    return float(np.isin(values, real).mean())
