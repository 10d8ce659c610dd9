"""What is asked for of any columns of a table, as the ranks that may come."""

from __future__ import annotations

import numpy as np

from ..check import came, fail
from ..data import Column
from ..data.table import Given, GivenForm
from .category import CategoryCodec
from .codec import Codec
from .given import as_condition
from .marginal import Allowed, CategoryMarginal, Marginal, NumberMarginal
from .ranks import RankEncoder


def allowed_ranks(encoder: RankEncoder, given: Given) -> list[Allowed | None]:
    """For each column the ranks that may come, or None if nothing is asked of it.

    Raises ValueError for a column that the fit does not have, a level that the training data does not hold and a range
    without a training value; TypeError for another type.
    """
    allowed: list[Allowed | None] = [None] * encoder.width
    for asked, form in zip(given.columns, given.forms, strict=True):
        index = encoder.column_index(asked.name)
        if index is None or given.names.count(asked.name) > 1:
            names = [came(column.name) for column in encoder.table.empty]
            known = ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
            fail("given", f"values for some of the fit's columns ({known}), each once", asked.name)
            raise AssertionError
        codec, marginal = encoder.table.codecs[index], encoder.marginals[index]
        like = _with_levels(encoder.table.empty[index], codec)
        allowed[index] = _of_column(asked, form, like, codec, marginal)
    return allowed


def _with_levels(empty: Column, codec: Codec) -> Column:
    """The column with a row for each level that the training data holds."""
    if not isinstance(codec, CategoryCodec):
        return empty
    return empty.like(codec.present_codes.astype(np.float64))


def _of_column(asked: Column, form: GivenForm, like: Column, codec: Codec, marginal: Marginal) -> Allowed:
    values = as_condition(asked, like, codec)
    if isinstance(marginal, CategoryMarginal):
        if form == "range":
            if like.type != "ordered":
                fail(f"given[{like.name}]", "a level or a set of levels, as the column has no order", "a range")
            low, high = values.values
            codes = marginal.codes[(marginal.codes >= low) & (marginal.codes <= high)]
            return marginal.among(codes)
        return marginal.among(np.where(values.missing, -1, values.values).astype(np.int64))
    assert isinstance(marginal, NumberMarginal)
    if form == "range":
        low, high = values.values
        if values.any_missing or low > high:
            fail(f"given[{like.name}]", "a range from the lowest to the highest value", [float(low), float(high)])
        return _not_empty(marginal, float(low), float(high))
    parts = [
        marginal.of_missing() if missing else _not_empty(marginal, float(value), float(value))
        for value, missing in zip(values.values, values.missing, strict=True)
    ]
    return joined(parts)


def _not_empty(marginal: NumberMarginal, low: float, high: float) -> Allowed:
    """The ranks from low to high; between training values, those of the nearest ones, with these values fixed."""
    allowed = marginal.between(low, high)
    return Allowed(allowed.intervals, (low, high)) if len(allowed.intervals) else marginal.nearest(low, high)


def joined(parts: list[Allowed]) -> Allowed:
    """What any of them allows."""
    if len(parts) == 1:
        return parts[0]
    intervals = np.concatenate([part.intervals for part in parts])
    return Allowed(intervals[np.argsort(intervals[:, 0], kind="stable")])
