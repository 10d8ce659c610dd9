"""What users hand over for columns of a fit, as values of the training data's types: what is asked for, and rows.

A time without a time zone or an offset is what a clock shows in the time zone of the column's times. argument: what
errors call what was handed over, "given" or "data".
"""

from __future__ import annotations

import datetime

import numpy as np

from ..check import fail
from ..data import Column
from ..data.column import CATEGORIES, NUMBERS
from ..data.zones import clock_in, timestamp_in
from .codec import Codec

EPOCH = datetime.datetime(1970, 1, 1)
DAY = 86400.0  # seconds
MOST_LEVELS = 10  # listed in an error
UNKNOWN = -1.0  # the code of a level that the training data does not hold


def as_condition(asked: Column, like: Column, codec: Codec) -> Column:
    """Asked-for values (n,) as values of a column that the training data holds, or lies around.

    like: the column in training rows. Raises ValueError for a level or a number that the training data does not hold,
    TypeError for another type.
    """
    values = as_values(asked, like)
    if like.numeric:
        _check_between(values, codec)
    if asked.any_missing and not codec.may_be_missing:
        raise ValueError(f"`given[{like.name}]` must not be missing: no value was missing in the training data.")
    return values


def as_values(asked: Column, like: Column, argument: str = "given") -> Column:
    """Values (n,) as those of the column `like` in training rows.

    Raises ValueError for a level that the training data does not hold, TypeError for another type.
    """
    if like.numeric:
        return like.like(_numbers(asked, like, argument), asked.missing)
    values = as_known_levels(asked, like)
    unknown = values.values == UNKNOWN
    if unknown.any():
        levels = [f'"{level}"' for level in _levels(like)]
        words = ", ".join(levels[:MOST_LEVELS]) + (", ..." if len(levels) > MOST_LEVELS else "")
        text = _texts(asked.take(unknown))[0]
        fail(f"{argument}[{like.name}]", f"a level that the training data holds ({words})", text)
    return values


def as_known_levels(asked: Column, like: Column) -> Column:
    """Values (n,) as codes of the column `like` in training rows; UNKNOWN for other levels."""
    known = _levels(like)
    if like.type == "logical":
        truth = {"TRUE": "True", "FALSE": "False", "1": "True", "0": "False"}
        texts = [text if text in known else truth.get(text.upper(), text) for text in _texts(asked)]
    else:
        texts = _texts(asked)
    codes = np.array([known.get(text, UNKNOWN) for text in texts], dtype=np.float64)
    return like.like(np.where(asked.missing, 0.0, codes), asked.missing)


def _levels(like: Column) -> dict[str, float]:
    """Levels that the column holds as texts, each with its code."""
    return {str(like.labels[int(code)]): float(code) for code in np.unique(like.present)}


def _texts(column: Column) -> list[str]:
    """Each value as the text of its level; a whole number has no decimals."""
    if column.type in CATEGORIES:
        return [str(column.labels[int(code)]) if column.labels else "" for code in column.values]
    return [f"{value:.15g}" for value in column.values]


def _numbers(asked: Column, like: Column, argument: str) -> np.ndarray:
    """Numbers, dates or times (n,) in the training data's units."""
    present = ~asked.missing
    values = _in_units_of(asked, like, argument) if present.any() else np.zeros(len(present))
    broken = present & (values != np.rint(values))
    if like.type == "integer" and broken.any():
        fail(f"{argument}[{like.name}]", "a whole number, as the training data's are", float(values[broken][0]))
    return values


def _check_between(values: Column, codec: Codec) -> None:
    """Raise ValueError for a number outside the range of the training data."""
    if codec.value_range is None:
        return
    low, high = codec.value_range
    outside = ~values.missing & ~((values.values >= low) & (values.values <= high))
    if outside.any():
        bounds = [values.like(np.array([bound])).shown(0) for bound in (low, high)]
        raise ValueError(
            f"`given[{values.name}]` must be between {bounds[0]} and {bounds[1]}, the range of the training data,"
            f" not {values.shown(int(outside.argmax()))}."
        )


def _in_units_of(asked: Column, like: Column, argument: str) -> np.ndarray:
    moments = ("date", "datetime")
    if asked.type in NUMBERS and like.type in NUMBERS:
        return asked.values
    if asked.type == "difftime" and like.type == "difftime":
        return asked.values * (asked.seconds / like.seconds)
    if asked.type in moments and like.type in moments:
        return _moments(asked, like)
    if asked.type == "text" and like.type in moments:
        pairs = zip(_texts(asked), asked.missing, strict=True)
        return np.array([0.0 if missing else _moment(text, like, argument) for text, missing in pairs])
    raise TypeError(f"`{argument}[{like.name}]` must be of the column's type, {like.type}, not {asked.type}.")


def _moments(asked: Column, like: Column) -> np.ndarray:
    """Dates or times as dates or times."""
    if asked.type == like.type == "date":
        return asked.values
    seconds = asked.values * (DAY if asked.type == "date" else 1.0)
    if like.type == "date":
        return np.array([float((_clock(s, asked) - EPOCH).days) for s in seconds])
    if asked.type == "date" or (like.unit and not asked.unit and not asked.machine_clock):
        # A day begins, and pandas' times without a zone are shown, in the time zone of the condition's times.
        return np.array([_timestamp(EPOCH + datetime.timedelta(seconds=s), like) for s in seconds])
    return seconds


def _moment(text: str, like: Column, argument: str) -> float:
    """A text as days or seconds; a time without an offset is one of the condition's time zone."""
    try:
        clock = datetime.datetime.fromisoformat(text)
    except ValueError:
        fail(f"{argument}[{like.name}]", 'a date, such as "2024-03-15"', text)
        raise AssertionError from None
    if like.type == "date":
        return float((clock.date() - EPOCH.date()).days)
    return _timestamp(clock, like)


def _clock(seconds: float, column: Column) -> datetime.datetime:
    """What a clock shows at that time in the time zone of the column's times."""
    utc = EPOCH + datetime.timedelta(seconds=seconds)
    if column.unit:
        return clock_in(column.unit, utc)
    return datetime.datetime.fromtimestamp(seconds) if column.machine_clock else utc


def _timestamp(clock: datetime.datetime, like: Column) -> float:
    """Seconds since 1970-01-01 (UTC) of what a clock shows in the time zone of the condition's times."""
    if clock.tzinfo is not None or like.machine_clock:
        return clock.timestamp()
    if like.unit:
        return timestamp_in(like.unit, clock)
    return clock.replace(tzinfo=datetime.timezone.utc).timestamp()
