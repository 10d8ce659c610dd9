"""What is asked for of a fit with conditions, as values of the training data's types.

A time without a time zone or an offset is what a clock shows where the condition's times are from.
"""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from ..check import fail
from ..data.column import NUMBERS, UNITS, Column, shown_labels
from .table import NumberColumn

EPOCH = datetime.datetime(1970, 1, 1)


def _seen(column: Column) -> list[str]:
    return [str(column.labels[int(code)]) for code in np.unique(column.present)]


def as_levels(column: Column, like: Column, codec: Any) -> Column:
    """Given levels as codes of the training data's levels."""
    gone = np.zeros(len(column.values), dtype=bool) if column.missing is None else column.missing
    seen = {str(like.labels[int(code)]): code for code in np.unique(like.present)}
    values = np.zeros(len(column.values))
    for row, text in enumerate(shown_labels(column)):
        if gone[row]:
            continue
        if text not in seen and like.type == "logical":
            text = {"TRUE": "True", "FALSE": "False", "1": "True", "0": "False"}.get(text.upper(), text)
        if text not in seen:
            some = _seen(like)
            levels = ", ".join(f'"{level}"' for level in some[:10]) + (", ..." if len(some) > 10 else "")
            fail(f"given[{like.name}]", f"a level that the training data holds ({levels})", text)
        values[row] = seen[text]
    return _with_missing(like, codec, values, gone)


def as_numbers(column: Column, like: Column, codec: Any) -> Column:
    """Given numbers, dates or times in the training data's units, within the range that it holds."""
    gone = np.zeros(len(column.values), dtype=bool) if column.missing is None else column.missing
    values = np.zeros(len(gone)) if gone.all() else _in_units_of(column, like)
    broken = ~gone & (values != np.rint(values)) if like.type == "integer" else np.zeros(0, dtype=bool)
    if broken.any():
        fail(f"given[{like.name}]", "a whole number, as the training data's are", float(values[broken][0]))
    if isinstance(codec, NumberColumn) and codec.value is not None:
        low, high = codec.range
        outside = ~gone & ~((values >= low) & (values <= high))
        if outside.any():
            bounds = [like.like(np.array([bound])).shown(0) for bound in (low, high)]
            shown = like.like(values).shown(int(outside.argmax()))
            raise ValueError(
                f"`given[{like.name}]` must be between {bounds[0]} and {bounds[1]}, the range of the training data,"
                f" not {shown}."
            )
    return _with_missing(like, codec, values, gone)


def _in_units_of(column: Column, like: Column) -> np.ndarray:
    if column.type in NUMBERS and like.type in NUMBERS:
        return column.values
    if column.type == "difftime" and like.type == "difftime":
        return column.values * (UNITS[column.unit or "secs"] / UNITS[like.unit or "secs"])
    moment = {"date": 86400.0, "datetime": 1.0}
    if column.type in moment and like.type in moment:
        seconds = column.values * moment[column.type]
        if column.type == like.type == "date":
            return column.values
        if like.type == "date":
            return np.array([float((_clock(s, column) - EPOCH).days) for s in seconds])
        if column.type == "date" or (like.unit and column.dtype and not column.unit):
            # A day begins, and pandas' times without a zone are shown, where the condition's times are from.
            return np.array([_instant(EPOCH + datetime.timedelta(seconds=s), like) for s in seconds])
        return seconds
    if column.type == "text" and like.type in moment:
        gone = np.zeros(len(column.values), dtype=bool) if column.missing is None else column.missing
        texts = shown_labels(column)
        return np.array([0.0 if none else _moment(text, like) for text, none in zip(texts, gone, strict=True)])
    raise TypeError(f"`given[{like.name}]` must be of the condition's type, {like.type}, not {column.type}.")


def _moment(text: str, like: Column) -> float:
    """A text as days or seconds; a time without an offset is one of the condition's time zone."""
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        fail(f"given[{like.name}]", 'a date, such as "2024-03-15"', text)
        raise AssertionError from None
    if like.type == "date":
        return float((found.date() - EPOCH.date()).days)
    return _instant(found, like)


def _clock(seconds: float, column: Column) -> datetime.datetime:
    """What a clock shows at that time where the column's times are from."""
    import pandas as pd

    utc = EPOCH + datetime.timedelta(seconds=seconds)
    if column.unit:
        shown = pd.Timestamp(utc).tz_localize("UTC").tz_convert(column.unit).tz_localize(None)
        return shown.to_pydatetime()
    return utc if column.dtype else datetime.datetime.fromtimestamp(seconds)


def _instant(clock: datetime.datetime, like: Column) -> float:
    """Seconds since 1970-01-01 (UTC) of what a clock shows where the condition's times are from."""
    import pandas as pd

    if clock.tzinfo is not None:
        return clock.timestamp()
    if like.unit:
        # An hour that a clock shows twice is the first of both; one that it leaves out is moved on.
        return float(
            pd.Timestamp(clock).tz_localize(like.unit, ambiguous=True, nonexistent="shift_forward").timestamp()
        )
    if not like.dtype:  # R's times without a zone are the machine's
        return clock.timestamp()
    return clock.replace(tzinfo=datetime.timezone.utc).timestamp()


def _with_missing(like: Column, codec: Any, values: np.ndarray, gone: np.ndarray) -> Column:
    if gone.any() and not codec.may_be_missing:
        raise ValueError(f"`given[{like.name}]` must not be missing: no value was missing in the training data.")
    return like.like(values, gone)
