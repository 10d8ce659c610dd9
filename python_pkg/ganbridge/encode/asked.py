"""What is asked for of any columns of a table, as the ranks that may come."""

from __future__ import annotations

import numpy as np

from ..check import came, fail
from ..data import Column
from ..data.table import Given, GivenForm
from .allowed import Allowed, joined
from .given import as_condition, as_values
from .marginal import CategoryMarginal, Marginal, NumberMarginal
from .ranks import RankEncoder

LISTED = 6  # columns in an error


def allowed_ranks(encoder: RankEncoder, given: Given) -> list[Allowed | None]:
    """For each column the ranks that may come, or None if nothing is asked of it.

    Raises ValueError for a column that the fit does not have, for a level that the training data does not hold, and
    for numbers and ranges outside of it; TypeError for another type.
    """
    allowed: list[Allowed | None] = [None] * encoder.width
    for asked, form in zip(given.columns, given.forms, strict=True):
        index = _index(encoder, given, asked)
        allowed[index] = _of_column(asked, form, encoder.with_levels(index), encoder.marginals[index])
    return allowed


def asked_columns(encoder: RankEncoder, given: Given) -> list[Column | None]:
    """For each column the values that its rows shall have, or None if nothing is asked of it; raises as above."""
    columns: list[Column | None] = [None] * encoder.width
    for asked in given.columns:
        index = _index(encoder, given, asked)
        columns[index] = _values(asked, encoder.with_levels(index), encoder.marginals[index])
    return columns


def _index(encoder: RankEncoder, given: Given, asked: Column) -> int:
    index = encoder.column_index(asked.name)
    if index is None or given.names.count(asked.name) > 1:
        names = [came(column.name) for column in encoder.table.empty]
        known = ", ".join(names[:LISTED]) + (", ..." if len(names) > LISTED else "")
        fail("given", f"values for some of the fit's columns ({known}), each once", asked.name)
    return index


def _values(asked: Column, like: Column, marginal: Marginal) -> Column:
    values = as_condition(asked, like, marginal.codec)
    if like.numeric and marginal.codec.value_range is None and not values.missing.all():
        fail(f"given[{like.name}]", "missing, as every value of the training data is", asked.shown(0))
    return values


def _of_column(asked: Column, form: GivenForm, like: Column, marginal: Marginal) -> Allowed:
    """The ranks that may come of the column `like`."""
    if form == "range":
        return _of_range(asked, like, marginal)
    values = _values(asked, like, marginal)
    if isinstance(marginal, CategoryMarginal):
        return marginal.among(np.where(values.missing, -1, values.values).astype(np.int64))
    assert isinstance(marginal, NumberMarginal)
    parts = [
        marginal.of_missing() if missing else _of_numbers(marginal, float(value), float(value))
        for value, missing in zip(values.values, values.missing, strict=True)
    ]
    return joined(parts)


def _of_range(asked: Column, like: Column, marginal: Marginal) -> Allowed:
    """The ranks of values from the lowest to the highest one; one that is missing leaves that end open."""
    name = f"given[{like.name}]"
    if like.type != "ordered" and not like.numeric:
        raise ValueError(f"`{name}` must be a level or a set of levels, not a range: the column has no order.")
    values = as_values(asked, like)
    low, high = np.where(values.missing, [-np.inf, np.inf], values.values).tolist()
    if low > high or values.missing.all():
        raise ValueError(f"`{name}` must be a range from the lowest to the highest value, not {_ends(asked)}.")
    if isinstance(marginal, CategoryMarginal):
        return marginal.among(marginal.codes[(marginal.codes >= max(low, 0)) & (marginal.codes <= high)])
    assert isinstance(marginal, NumberMarginal)
    if marginal.codec.value_range is None:
        raise ValueError(f"`{name}` must be missing, as every value of the training data is, not a range.")
    first, last = marginal.codec.value_range
    if high < first or low > last:
        ends = [like.like(np.array([end])).shown(0) for end in (first, last)]
        wanted = f"a range that reaches into that of the training data, from {ends[0]} to {ends[1]}"
        raise ValueError(f"`{name}` must be {wanted}, not {_ends(asked)}.")
    return _of_numbers(marginal, max(low, first), min(high, last))


def _of_numbers(marginal: NumberMarginal, low: float, high: float) -> Allowed:
    """The ranks from low to high; between training values, those of the nearest ones, with these values fixed."""
    allowed = marginal.between(low, high)
    if not len(allowed.intervals):
        return marginal.nearest(low, high)
    return Allowed(allowed.intervals, np.array([[low, high]]))


def _ends(asked: Column) -> str:
    """A range in few words; an end that is missing is open."""
    low, high = ("open" if missing else asked.shown(i) for i, missing in enumerate(asked.missing))
    return f"{low} to {high}"
