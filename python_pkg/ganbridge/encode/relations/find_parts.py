"""Search for columns that follow from a part of the calendar of a date or a time: month, weekday, weekend, year.

A part takes the place of a column that determines another one, with the same test of chance (`find_determined`). The
first of `encode.calendar.PARTS` that explains a column is the one that is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from ...data import Column
from ...data.column import NUMBERS
from ..calendar import PARTS
from .chance import log_level
from .day import is_day
from .find_determined import determined_by, is_source
from .part import Part, parts_of
from .view import View

TRIED = 256  # rows on which a candidate is tried first
MOST_TIMES = 20  # columns of dates and times that are looked at
MOST_VALUES = 500  # of a column that may be a part


def find_parts(views: Sequence[View]) -> list[Part]:
    """Columns that a part of a date determines in every row; dates are looked at before times."""
    times = [view for view in views if view.column.type in ("date", "datetime") and not view.constant]
    times = sorted(times, key=lambda view: not is_day(view.column))[:MOST_TIMES]
    targets = [view for view in views if _may_be(view)]
    level = log_level(len(times) * len(PARTS) * len(targets))
    found: dict[str, Part] = {}
    for time in times:
        few = {part: parts_of(part, time.column, time.values[:TRIED]) for part in _parts(time)}
        whole: dict[str, View] = {}
        for target, part in product(targets, few):
            if target.name in found or not _agree(few[part], target.codes[:TRIED], target.missing[:TRIED]):
                continue
            if part not in whole:
                whole[part] = _view(part, time)
            relation = _part(whole[part], time, target, part, level)
            if relation is not None:
                found[target.name] = relation
    return list(found.values())


def _may_be(view: View) -> bool:
    plain = not view.numeric or view.column.type in NUMBERS
    return plain and not view.constant and len(view.distinct) <= MOST_VALUES


def _parts(time: View) -> list[str]:
    return [part for part in PARTS if part != "hour" or time.column.type == "datetime"]


def _view(part: str, time: View) -> View:
    """The part as a column."""
    values = parts_of(part, time.column, time.values)
    column = Column(part, "integer", np.nan_to_num(values), missing=np.isnan(values))
    return View(column, -1, np.arange(len(values)))


def _agree(part: np.ndarray, codes: np.ndarray, missing: np.ndarray) -> bool:
    """Whether rows of one value of the part (n,) have one code (n,)."""
    known = ~(np.isnan(part) | missing)
    pairs = np.unique(np.stack([part[known], codes[known]], 1), axis=0)
    return len(pairs) > 0 and len(np.unique(pairs[:, 0])) == len(pairs)


def _part(source: View, time: View, target: View, part: str, level: float) -> Part | None:
    if source.constant or not is_source(source):
        return None
    relation = determined_by(source, target, level)
    if relation is None or relation.holds < 1.0:
        return None
    present = ~(np.isnan(relation.keys[:, 0]) | np.isnan(relation.results))
    return Part([time.column, target.column], part, relation.keys[present, 0], relation.results[present])
