"""Search for numbers that count the days, hours or years between two dates or times.

Chance is that of sums (`find_linear`): were one of the three columns independent of the others, a row would keep the
span with at most the share p of that column's most frequent value, and n rows with p^n.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations, product

import numpy as np

from ...data.column import NUMBERS, UNITS
from .chance import MOST_BROKEN, log_at_most, log_level
from .day import is_day
from .span import COUNTED_IN, Counting, Span, span_of
from .view import View

TRIED = 64  # rows on which a candidate is tried first
LEAST_ROWS = 50
MOST_TIMES = 12  # columns of dates and times that are looked at, two by two
MOST_SPANS = 60  # columns of numbers that may count what lies between


def find_spans(views: Sequence[View]) -> list[Span]:
    """The first way in which each number counts what lies between two columns."""
    times = [view for view in views if view.column.type in ("date", "datetime") and not view.constant]
    times = sorted(times, key=lambda view: not is_day(view.column))[:MOST_TIMES]  # dates before the times of these days
    spans = [v for v in views if v.column.type in (*NUMBERS, "difftime") and not v.constant][:MOST_SPANS]
    level = log_level(len(times) * (len(times) - 1) * len(spans) * 3 * len(COUNTED_IN))
    found: dict[str, Span] = {}
    for (start, end), span in product(permutations(times, 2), spans):
        if span.name in found:
            continue
        candidates = (_checked([start, end, span], unit, counting, level) for unit, counting in _ways(start, end, span))
        relation = next((each for each in candidates if each is not None), None)
        if relation is not None:
            found[span.name] = relation
    return list(found.values())


def _ways(start: View, end: View, span: View) -> Iterator[tuple[str, Counting]]:
    """In which units, and how, a number may count."""
    dates = [view.column.type == "date" for view in (start, end)]
    yield "days", "calendar"
    if span.column.type == "difftime":
        yield span.column.unit or "secs", "rounded"
        return
    for unit in UNITS if not any(dates) else ("weeks",):
        yield unit, "rounded"
    if span.decimals is not None and span.decimals <= 0:
        yield "years", "full"
        for unit in UNITS if not any(dates) else ("weeks",):
            yield unit, "full"


def _checked(views: Sequence[View], unit: str, counting: Counting, level: float) -> Span | None:
    """The span, if nearly all rows have it and chance does not explain it."""
    few = [view.values[:TRIED] for view in views]
    columns = [view.column for view in views]
    tried = Span(columns, unit, counting, views[2].decimals, False)
    known = ~np.isnan(np.stack(few)).any(0)
    if not known.any() or (tried._broken(few) & known).sum() > 4 * MOST_BROKEN * TRIED:
        return None
    both = ~np.any([view.missing for view in views], axis=0)
    rows = int(both.sum())
    values = [view.values[both] for view in views]
    broken = int(tried._broken(values).sum())
    if rows < LEAST_ROWS:
        return None
    for part in values:
        most = int(np.unique(part, return_counts=True)[1].max()) / rows
        if broken > MOST_BROKEN * rows * (1.0 - most) or log_at_most(broken, rows, 1.0 - most) > level:
            return None
    relation = span_of(columns[0], columns[1], columns[2], unit, counting, views[2].decimals)
    relation.holds = 1.0 - broken / rows
    relation.enforced = broken == 0
    return relation
