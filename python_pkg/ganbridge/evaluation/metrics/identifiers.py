"""Columns in which nearly every row has its own value, such as ids and names: how many of their values are real."""

from __future__ import annotations

import numpy as np

from ...data import Column
from ...data.column import NUMBERS, TIMES
from ...encode.decimals import decimals_of

NEARLY = 0.9  # of the values, which stand in one row only
LEAST_VALUES = 10
DAY = {"date": 1.0, "datetime": 86400.0}
NEIGHBOURS = 5  # real values on either side, between which possible values are counted


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


def chance_share(values: np.ndarray, real: Column) -> float:
    """Share of values (n,) that would be among the real ones if each were drawn from the possible values around it.

    Days, whole and rounded numbers lie on a grid, and where real values take up most of it, new ones must meet them: of
    153 days in a row, every further day is one of them. Texts and numbers with all their digits meet none by chance.
    """
    known = np.unique(real.present)
    step = _step(known, real)
    if step is None or not len(values):
        return 0.0
    behind = np.searchsorted(known, values)
    low = known[(behind - NEIGHBOURS).clip(0)]
    high = known[(behind + NEIGHBOURS - 1).clip(0, len(known) - 1)]
    real_ones = np.searchsorted(known, high, side="right") - np.searchsorted(known, low)
    possible = np.rint((high - low) / step) + 1.0
    if real.type in DAY and step == DAY[real.type]:
        possible *= len(np.unique(known // step % 7.0)) / 7.0  # of working days, there are five in a week
    within = (values >= known[0]) & (values <= known[-1])
    return float((np.minimum(real_ones / possible, 1.0) * within).mean())


def _step(known: np.ndarray, real: Column) -> float | None:
    """The distance of neighbours on the grid of different sorted values; None for texts, and without a grid."""
    if real.type not in (*NUMBERS, *TIMES) or len(known) < 2 * NEIGHBOURS:
        return None
    decimals = decimals_of(known)
    if decimals is None or np.abs(known).max() * 10.0**decimals >= 2.0**53:
        return None
    gaps = np.diff(np.rint(known * 10.0**decimals)).astype(np.int64)
    return float(np.gcd.reduce(gaps)) / 10.0**decimals
