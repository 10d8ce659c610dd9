"""Columns that are changed so that they go with others that are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...data import Column, Frame
from ...data.column import UNITS
from ..calendar import HOUR, YEAR
from ..clock import DAY, clock_seconds, days, times_at
from .add_span import AddSpan
from .bounds import Bounds
from .day import Day
from .determined import Determined
from .linear import Linear, by_ease
from .missing import MissingWhere
from .part import Part
from .relation import in_terms_of
from .span import Span
from .step import Columns, Step

MOST_DAYS = 1500  # by which a date is moved, so that its year, month or weekday is the one that is known
ROUNDS = 3  # in which dates are moved to an age in years, which have no fixed length
SECONDS_OF = UNITS | {"years": YEAR * DAY}
Free = Callable[[str], np.ndarray]


def go_with(step: Step, drawn: Columns, free: Free, known_parts: Sequence[Part], rng: np.random.Generator) -> None:
    """Change what a step's target is computed from, where it is unknown, so that it goes with the target.

    free: by the name of a column, where it is unknown (n,). known_parts: all parts of the calendar that are computed.
    """
    relation = step.relations[0] if step.relations else None
    if isinstance(relation, Linear) and step.target == relation.columns[-1]:
        _solve(relation, drawn, free)
    elif isinstance(relation, Day):
        _shift(relation, drawn, free)
    elif isinstance(step, AddSpan):
        _respan(step.relations[0], drawn, free)
    elif isinstance(relation, Part):
        _redate([each for each in known_parts if each.columns[0] == relation.columns[0]], drawn, free)
    elif isinstance(relation, Span):
        _move_ends(relation, drawn, free)
    elif isinstance(relation, Determined) and len(relation.likes) == 2:
        _choose(relation, drawn, free, rng)
    elif isinstance(relation, MissingWhere):
        source, target = relation.columns
        wrong = relation.broken(Frame([drawn[source], drawn[target]])) & free(source) & ~drawn[target].missing
        others = relation.others[~np.isnan(relation.others)]
        if len(others):
            values = np.where(wrong, rng.choice(others, len(wrong)), drawn[source].values)
            drawn[source] = drawn[source].like(values, drawn[source].missing & ~wrong)
    elif isinstance(step, Bounds) and len(step.sources) == 1:
        name, upper = step.sources[0], drawn[step.target]
        wrong = step.relations[0].broken(Frame([drawn[name], upper])) & free(name)
        drawn[name] = drawn[name].like(np.where(wrong, upper.values, drawn[name].values), drawn[name].missing)


def _solve(relation: Linear, drawn: Columns, free: Free) -> None:
    *names, target = relation.columns
    pairs = zip(names, relation.likes, strict=False)
    values = [in_terms_of(drawn[name], like) for name, like in pairs]
    total = in_terms_of(drawn[target], relation.likes[-1])
    left = np.ones(len(total), dtype=bool)
    for i in by_ease(relation):
        name = names[i]
        solved = relation.solved_for(values, total, i)
        here = left & free(name) & ~np.isnan(solved)
        drawn[name] = drawn[name].like(np.where(here, solved, drawn[name].values), drawn[name].missing & ~here)
        left &= ~here


def _redate(relations: Sequence[Part], drawn: Columns, free: Free) -> None:
    """The nearest date, or time, whose parts are those that are known."""
    name = relations[0].columns[0]
    like, column = relations[0].likes[0], drawn[name]
    of_hours = [each for each in relations if each.part == "hour"]
    of_days = [each for each in relations if each.part != "hour"]
    for group, unit, most in ((of_days, DAY, MOST_DAYS), (of_hours, HOUR, 23)):
        column = drawn[name]
        values = in_terms_of(column, like)
        todo = free(name) & ~np.isnan(values) & _differ(group, values, drawn, free)
        for offset in (sign * size for size in range(1, most + 1) for sign in (1, -1)):
            rows = np.flatnonzero(todo)
            if not len(rows):
                break
            moved = _later(like, values[rows], offset * unit)
            within = (unit == DAY) | (days(like, moved) == days(like, values[rows]))
            right = rows[~_differ(group, moved, drawn, free, rows) & within]
            values[right] = moved[np.isin(rows, right)]
            todo[right] = False
        drawn[name] = column.like(np.where(np.isnan(values), column.values, values), column.missing)


def _later(like: Column, values: np.ndarray, seconds: float) -> np.ndarray:
    """Dates or times (n,) at which clocks show so many seconds more."""
    return values + seconds / DAY if like.type == "date" else times_at(like, clock_seconds(like, values) + seconds)


def _differ(
    relations: Sequence[Part], values: np.ndarray, drawn: Columns, free: Free, rows: np.ndarray | slice = slice(None)
) -> np.ndarray:
    """Whether dates or times (n,), of these rows, have other parts than known columns say."""
    differ = np.zeros(len(values), dtype=bool)
    for relation in relations:
        name, like = relation.columns[1], relation.likes[1]
        known = in_terms_of(drawn[name].take(rows), like)
        differ |= ~np.isnan(known) & ~free(name)[rows] & (relation.result(values)[0] != known)
    return differ


def _move_ends(relation: Span, drawn: Columns, free: Free) -> None:
    """The second date, or else the first one, moved so that what lies between them is what is known."""
    start, end, span = relation.columns
    unit = SECONDS_OF[relation.unit]
    for _ in range(ROUNDS):
        values = [in_terms_of(drawn[name], like) for name, like in zip(relation.columns, relation.likes, strict=True)]
        wrong = relation._broken(values) & ~free(span)
        off = np.where(wrong, np.nan_to_num(values[2] - relation.between(values)), 0.0) * unit
        for name, sign, here in ((end, 1.0, free(end)), (start, -1.0, free(start) & ~free(end))):
            moved = off * sign / (DAY if drawn[name].type == "date" else 1.0)
            drawn[name] = drawn[name].like(drawn[name].values + np.where(here, moved, 0.0), drawn[name].missing)


def _respan(relation: Span, drawn: Columns, free: Free) -> None:
    """The days between two dates as the dates have it; or the first date moved, if the days are known."""
    start, _, span = relation.columns
    values = [in_terms_of(drawn[name], like) for name, like in zip(relation.columns, relation.likes, strict=True)]
    result = relation.result(values[:2])
    here = free(span) & ~np.isnan(result)
    missing = drawn[span].missing & ~here
    drawn[span] = drawn[span].like(np.where(here, result, drawn[span].values), missing)
    ends = relation.ends(values[0], values[2])
    off = days(relation.likes[1], ends) - days(relation.likes[1], values[1])
    off = np.where(free(start) & ~here, np.nan_to_num(off), 0.0) * (DAY if drawn[start].type == "datetime" else 1.0)
    drawn[start] = drawn[start].like(drawn[start].values - off, drawn[start].missing)


def _shift(relation: Day, drawn: Columns, free: Free) -> None:
    """The drawn time, on the day that is known."""
    time, day = relation.columns
    column = drawn[time]
    wanted = days(relation.likes[1], in_terms_of(drawn[day], relation.likes[1]))
    shift = (wanted - days(relation.likes[0], in_terms_of(column, relation.likes[0]))) * DAY
    here = free(time) & ~np.isnan(shift)
    drawn[time] = column.like(column.values + np.where(here, np.nan_to_num(shift), 0.0), column.missing)


def _choose(relation: Determined, drawn: Columns, free: Free, rng: np.random.Generator) -> None:
    """One of the values of the source that have the result that is known."""
    source, target = relation.columns
    wanted = in_terms_of(drawn[target], relation.likes[1])
    column = drawn[source]
    values = column.values.copy()
    wrong = relation.broken(Frame([column, drawn[target]])) & free(source)
    for result in np.unique(wanted[wrong]):
        keys = relation.keys[relation.results == result, 0]
        keys = keys[~np.isnan(keys)]
        rows = np.flatnonzero(wrong & (wanted == result))
        if len(keys):
            values[rows] = rng.choice(keys, len(rows))
    drawn[source] = column.like(values, column.missing & ~wrong)
