"""A user's rows as values of a table fit's columns, and drawn values as those of the user's columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..check import came, fail
from ..data import Column, Frame, Matrix
from ..data.column import CATEGORIES, NUMBERS
from .given import as_known_levels, as_values

LISTED = 6  # columns in an error


def user_columns(likes: Sequence[Column], has_names: bool, data: Frame | Matrix) -> list[Column]:
    """The user's columns in the order of the fit's, NaN as missing. Raises ValueError if any is left out or unknown.

    likes: the fit's columns. has_names: whether the user gave them names.
    """
    fitted = [str(column.name) for column in likes]
    columns = data.columns
    names = [str(column.name) for column in columns]
    by_place = not data.has_names or not has_names or names == fitted
    if len(names) != len(fitted) or not (by_place or sorted(names) == sorted(set(fitted))):
        words = ", ".join(came(name) for name in fitted[:LISTED]) + (", ..." if len(fitted) > LISTED else "")
        left_out = [name for name in fitted if name not in names] or [name for name in names if name not in fitted]
        came_instead = f"one {'without' if left_out[0] in fitted else 'with'} {came(left_out[0])}" if left_out else data
        if isinstance(came_instead, str):
            raise ValueError(f"`data` must have the columns of the fit ({words}), each once, not {came_instead}.")
        fail("data", f"a table with the {len(fitted)} columns of the fit", f"{len(names)} columns")
    ordered = columns if by_place else [columns[names.index(name)] for name in fitted]
    return [_marked(column) for column in ordered]


def _marked(column: Column) -> Column:
    """The column with NaN marked as missing, and any number in its place."""
    missing = column.missing | np.isnan(column.values)
    return replace(column, values=np.where(missing, 0.0, column.values), missing=missing)


def training_columns(likes: Sequence[Column], columns: Sequence[Column], unknown_levels: bool = False) -> list[Column]:
    """The user's columns as values of the training data's types.

    likes: the fit's columns, with a row for each level. unknown_levels: whether levels that the training data does not
    hold get the code `given.UNKNOWN`.

    Raises ValueError for such a level otherwise, TypeError for another type.
    """
    known = []
    for like, column in zip(likes, columns, strict=True):
        if unknown_levels and not like.numeric:
            known.append(as_known_levels(column, like))
        else:
            known.append(as_values(column, like, "data"))
    return known


def filled(column: Column, drawn: Column) -> Column:
    """The user's column with the drawn values where it is missing; drawn: values of the training data's type."""
    if drawn.missing.all():  # there are no values of which one could be drawn
        return column
    if column.type in CATEGORIES and drawn.type in CATEGORIES:
        return _filled_levels(column, drawn)
    if column.type in NUMBERS and drawn.type in NUMBERS and (column.type == "double" or drawn.type == "integer"):
        return column.like(np.where(column.missing, drawn.values, column.values))
    if column.type == drawn.type:
        factor = drawn.seconds / column.seconds if column.type == "difftime" else 1.0
        return column.like(np.where(column.missing, drawn.values * factor, column.values))
    if column.missing.all() or column.type in NUMBERS:
        values = drawn.values if column.missing.all() else np.where(column.missing, drawn.values, column.values)
        return drawn.like(values)
    raise TypeError(f"`data[{column.name}]` must be of the column's type, {drawn.type}, not {column.type}.")


def _filled_levels(column: Column, drawn: Column) -> Column:
    """The same for categories: levels that the user's column does not have come after its own."""
    if column.type == "logical" and column.missing.all():
        return drawn
    labels = column.labels
    code = {str(label): i for i, label in enumerate(labels)}
    needed = np.unique(drawn.values[column.missing]).astype(np.int64)
    texts = [(number, drawn.labels[number]) for number in needed.tolist()]
    for _, label in texts:
        if str(label) not in code:
            code[str(label)] = len(labels)
            labels.append(label)
    codes = np.zeros(len(drawn.labels))
    for number, label in texts:
        codes[number] = code[str(label)]
    values = np.where(column.missing, codes[drawn.values.astype(np.int64)], column.values)
    levels = column.levels if column.type == "logical" else labels
    return replace(column, values=values, levels=levels, missing=np.zeros(len(values), dtype=bool))
