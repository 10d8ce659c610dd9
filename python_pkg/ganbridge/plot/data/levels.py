"""Columns of several sources on one axis: of one type, with the same levels, rare ones summed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ... import check
from .values import PlotColumn

MOST_LEVELS = 10  # categories shown on their own; the rarer ones become "other"
FEW_VALUES = 12  # whole numbers with no more different values are shown one by one
WORDS = {"number": "numbers", "time": "dates", "category": "categories"}
MISSING = "missing"


def aligned(columns: Sequence[PlotColumn]) -> list[PlotColumn]:
    """Columns that mean the same, of real rows first, with the same type and levels; the first one's order counts.

    Whole numbers with few values become levels, rare levels become "other", and missing categories a level, too.
    """
    types = {column.column_type for column in columns}
    if len(types) > 1:
        if "time" in types:
            wanted, came = WORDS[columns[-1].column_type], WORDS[columns[0].column_type]
            raise ValueError(
                f"column {check.came(columns[0].name)} of `real` must hold {wanted} as the generated one does,"
                f" not {came}. Give both the same type first."
            )
        columns = [_as_levels(column) for column in columns]
    elif types == {"number"} and _few(columns):
        columns = [_as_levels(column) for column in columns]
    if columns[0].continuous:
        return list(columns)
    return _with_missing(_with_common_levels(columns))


def _few(columns: Sequence[PlotColumn]) -> bool:
    values = np.concatenate([column.present for column in columns])
    different = np.unique(values)
    return bool(
        1 < len(different) <= FEW_VALUES
        and (different == np.floor(different)).all()
        and 4 * len(different) <= max(len(column.present) for column in columns)
    )


def _as_levels(column: PlotColumn) -> PlotColumn:
    if not column.continuous:
        return column
    present = np.isfinite(column.values)
    different = np.unique(column.values[present])
    codes = np.full(len(column.values), np.nan)
    codes[present] = np.searchsorted(different, column.values[present])
    levels = tuple(f"{value + 0.0:.15g}" for value in different)
    return replace(column, column_type="category", values=codes, levels=levels, rising=True)


def _with_common_levels(columns: Sequence[PlotColumn]) -> list[PlotColumn]:
    rising = all(column.rising for column in columns)
    union = list(dict.fromkeys(level for column in columns for level in column.levels))
    if rising:
        union.sort(key=float)
    recoded = [
        replace(_recoded(column, [union.index(level) for level in column.levels], union), rising=rising)
        for column in columns
    ]
    kept = _frequent(recoded[0] if len(recoded[0].present) else recoded[-1])
    return [_keeping(column, kept) for column in recoded]


def _recoded(column: PlotColumn, codes: Sequence[int], levels: Sequence[str]) -> PlotColumn:
    """The column with new levels, of which `codes` has one for each of its former ones."""
    missing = len(column.levels)
    former = np.where(np.isfinite(column.values), column.values, missing).astype(int)
    return replace(column, values=np.array([*codes, np.nan])[former], levels=tuple(levels))


def _frequent(column: PlotColumn) -> list[int]:
    """The levels that are shown, in the order in which they are shown."""
    order = np.argsort(-np.bincount(column.present.astype(int), minlength=len(column.levels)), kind="stable")
    if len(order) > MOST_LEVELS:
        order = order[: MOST_LEVELS - 1]
    return sorted(order.tolist()) if column.ordered else order.tolist()


def _keeping(column: PlotColumn, kept: Sequence[int]) -> PlotColumn:
    """Only those levels, in that order, and all others under one name."""
    levels, others = [column.levels[i] for i in kept], len(column.levels) - len(kept)
    if others:
        levels.append(f"other ({others:,} levels)")
    codes = [kept.index(i) if i in kept else len(kept) for i in range(len(column.levels))]
    return _recoded(column, codes, levels)


def _with_missing(columns: Sequence[PlotColumn]) -> list[PlotColumn]:
    if all(np.isfinite(column.values).all() for column in columns):
        return list(columns)
    missing = len(columns[0].levels)
    return [
        replace(
            column,
            values=np.where(np.isfinite(column.values), column.values, missing),
            levels=(*column.levels, MISSING),
        )
        for column in columns
    ]
