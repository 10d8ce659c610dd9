"""Which columns of a table are shown, each with its values from all sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import check
from .grid import MOST_PANELS
from .values import Source

BY = ("column", "pair")
WANTED = "names or indices of columns, counted from 0"


def choose_columns(source: Source, columns: Any, most: int = MOST_PANELS) -> tuple[list[int], str]:
    """Indices of the columns to show, and a note on those left out."""
    if columns is not None:
        return named_columns(source, columns), ""
    count = len(source.names)
    if count <= most:
        return list(range(count)), ""
    return list(range(most)), f"The first {most} of {count:,} columns; `columns` names others."


def most_for_pairs(most: int = MOST_PANELS) -> int:
    """Columns whose pairs have room in so many panels."""
    return next(k for k in range(most, 1, -1) if k * (k - 1) // 2 <= most)


def named_columns(source: Source, columns: Any) -> list[int]:
    """Indices of the columns that a user names."""
    if isinstance(columns, (str, int, np.integer)):
        columns = [columns]
    chosen = []
    for i, name in enumerate(check.sequence("columns", columns, lambda _, value: value, WANTED)):
        if isinstance(name, (int, np.integer)) and not isinstance(name, bool) and str(name) not in source.names:
            chosen.append(check.whole(f"columns[{i}]", int(name), 0, len(source.names) - 1))
        else:
            chosen.append(source.names.index(check.choice(f"columns[{i}]", str(name), dict.fromkeys(source.names))))
    if not chosen:
        check.fail("columns", f"{WANTED}, at least one", columns)
    return chosen


def check_pairs(names: Sequence[str]) -> None:
    """Pairs need two columns."""
    if len(names) < 2:
        check.fail("columns", "at least two columns for pairs", list(names))
