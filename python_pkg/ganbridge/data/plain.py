"""Data sets as plain values, for R: arrays, lists, numbers and texts.

A data set is a dict, in both directions:

    {"container": "matrix", "values": (n, p) doubles, "type": "double" or "integer", "names": list or None}
    {"container": "data.frame", "like": "" or "tibble" or "data.table", "columns": [{"name": ..., "type": ...,
        "values": (n,) doubles, "levels": list or None, "missing": (n,) logicals or None, "unit": ...}]}
    {"container": "array", "values": (n, ...) doubles or integers of three dimensions or more, "type": ...,
     "names": list or None}
    {"container": "list", "values": (sum of lengths, channels) doubles, "lengths": (n,) whole numbers,
     "flat": whether the waves are vectors, not matrices, "type": ..., "names": list or None}

    {"container": "files", "paths": list of texts}, from R only: tables that python.py reads

The names of a matrix are those of its columns, of the others those of the channels. A column's `type` and `values` are
those of `data.Column`: codes of levels count from 0, dates are days and times are seconds since 1970-01-01. `missing`
marks what is missing, and so does NaN in `values`. `attributes`, if there are any, are R's: a label, a class. R's
arrays have their first index running fastest in memory and numpy's their last, but an index means the same in both, and
reticulate keeps it so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..check import LARGEST_WHOLE, came, fail
from .array import Array, Ragged
from .base import Data, type_of
from .column import CATEGORIES, COLUMN_TYPES, NUMBERS, Column
from .python import from_python
from .table import LABEL, Frame, Given, GivenForm, Matrix
from .zones import check_zone

CONTAINERS = {"matrix": "matrix", "data.frame": "frame", "array": "array", "list": "ragged"}  # and the core's words


def to_data(data: dict[str, Any], argument: str = "data") -> Data:
    """A data dict as the core has it; errors call it `argument`. Raises TypeError or ValueError if it is none."""
    if isinstance(data, dict) and data.get("container") == "files":
        return from_python([str(path) for path in data["paths"]], argument)
    if not isinstance(data, dict) or data.get("container") not in CONTAINERS:
        words = ", ".join(f'"{name}"' for name in CONTAINERS)
        fail(argument, f'a dict with "container" one of {words}', data, error=TypeError)
    if data["container"] == "array":
        return _to_array(data, argument)
    if data["container"] == "list":
        values, lengths = _doubles(data, 2, argument), np.array(data["lengths"], dtype=np.int64, ndmin=1)
        names = _names(data, values.shape[1], argument)
        return Ragged(values, lengths, bool(data["flat"]), _type(data, NUMBERS, argument), names=names)
    if data["container"] == "matrix":
        values = _doubles(data, 2, argument)
        return Matrix(values, _type(data, NUMBERS, argument), _names(data, values.shape[1], argument))
    frame = to_frame(data, argument)
    if len({len(column.values) for column in frame.columns}) > 1:
        raise ValueError(f"`{argument}` must have columns of one length, not of different lengths.")
    return frame


def _to_array(data: dict[str, Any], argument: str) -> Array:
    values, column_type, names = np.asarray(data.get("values")), _type(data, NUMBERS, argument), data.get("names")
    of_values = type_of(values.dtype, f"`{argument}`")
    if values.ndim < 3:
        fail(argument, "numbers in an array of at least 3 dimensions", values)
    if column_type == "integer" and of_values == "double" and np.isfinite(values).all():
        values = np.rint(values).astype(np.int64)
    return Array(values, column_type, names=None if names is None else [str(name) for name in names])


def to_frame(data: dict[str, Any], argument: str = "data") -> Frame:
    """A data dict of the container "data.frame"."""
    return Frame([to_column(entry, argument) for entry in data["columns"]], str(data.get("like") or ""))


def to_given(data: dict[str, Any]) -> Given:
    """What `sample` is asked for: a data dict of the container "data.frame" whose columns may have a `form`."""
    forms: list[GivenForm] = [entry.get("form") or "values" for entry in data["columns"]]
    return Given([to_column(entry, "given") for entry in data["columns"]], forms)


def to_condition(condition: Any) -> list[Any] | Frame | None:
    """Names of columns, or labels of rows, which get a name if they have none."""
    if isinstance(condition, dict):
        labels = to_frame(condition)
        return Frame([replace(column, name=column.name or LABEL) for column in labels.columns])
    return [condition] if isinstance(condition, str) else condition


def to_column(entry: dict[str, Any], argument: str = "data") -> Column:
    """One entry of a data dict's columns."""
    column_type, values = _type(entry, COLUMN_TYPES, argument), _doubles(entry, 1, argument)
    missing = np.isnan(values)
    if entry.get("missing") is not None:
        missing |= np.array(entry["missing"], dtype=bool, ndmin=1)
    if missing.any():
        values = np.where(missing, 0.0, values)
    levels = entry.get("levels")
    if levels is not None:
        levels = [levels] if isinstance(levels, str) else list(levels)
    if column_type in CATEGORIES:
        count = 2 if column_type == "logical" else len(levels or [])
        if not np.isin(values[~missing], np.arange(count)).all():
            raise ValueError(f"`{argument}` must have codes from 0 to {count - 1} in column {came(entry['name'])}.")
    unit = str(entry.get("unit") or "")
    if column_type == "datetime" and unit:
        check_zone(unit, f"column {came(entry['name'])} of `{argument}`")
    return Column(
        str(entry["name"]),
        column_type,
        values,
        # What pandas makes of it, so that what is missing has room; R has one class for both.
        {"integer": "Int64", "logical": "boolean"}.get(column_type) if missing.any() else None,
        levels=levels if column_type in ("factor", "ordered", "text") else None,
        missing=missing,
        unit=unit,
        r_attributes={str(name): str(value) for name, value in (entry.get("attributes") or {}).items()} or None,
    )


def _names(data: dict[str, Any], count: int, argument: str) -> list[str] | None:
    names = data.get("names")
    if names is not None and len(names) != count:
        form, what = ("a matrix", "column") if data["container"] == "matrix" else ("waves", "channel")
        fail(argument, f"{form} with one name per {what} ({count})", list(names))
    return None if names is None else [str(name) for name in names]


def _type(entry: dict[str, Any], known: tuple[str, ...], argument: str) -> str:
    column_type = entry.get("type")
    if column_type not in known:
        words = " or ".join(known)
        raise TypeError(f"`{argument}` must have the type {words}, not {came(column_type)}. Drop that column first.")
    return str(column_type)


def _doubles(entry: dict[str, Any], rank: int | None, argument: str) -> np.ndarray:
    """The numbers of an entry, in C order. A vector of doubles is R's own memory, which must not be written to."""
    array = np.atleast_1d(np.asarray(entry.get("values")))
    type_of(array.dtype, f"`{argument}`")
    if rank is not None and array.ndim != rank:
        fail(argument, f"numbers in an array of {rank} dimension{'s' if rank > 1 else ''}", array)
    return np.ascontiguousarray(array, dtype=np.float64)


def from_data(data: Data) -> dict[str, Any]:
    """The data dict that `to_data` reads."""
    if isinstance(data, Frame):
        return {"container": "data.frame", "like": data.like, "columns": [_from_column(c) for c in data.columns]}
    if isinstance(data, Matrix) and data.like is not None:
        return from_data(Frame(data.columns, data.like))
    if isinstance(data, Matrix):
        return {"container": "matrix", "values": data.values, "type": data.type, "names": data.names}
    if isinstance(data, Array):
        return {"container": "array", "values": for_r(data.values), "type": data.type, "names": data.names}
    if isinstance(data, Ragged):
        form = {"lengths": data.lengths, "flat": data.flat, "type": data.type, "names": data.names}
        return {"container": "list", "values": data.values} | form
    raise TypeError(f"{type(data).__name__} has no form in R")


def _from_column(column: Column) -> dict[str, Any]:
    attributes = {"attributes": dict(column.r_attributes)} if column.r_attributes else {}
    return attributes | {
        "name": str(column.name),
        "type": column.type,
        "values": column.values,
        "levels": None if column.levels is None else [str(level) for level in column.levels],
        "missing": column.missing if column.any_missing else None,
        "unit": column.unit,
    }


def for_r(values: np.ndarray) -> np.ndarray:
    """The same numbers as 32-bit integers if R can hold them so, else as doubles."""
    lowest = np.iinfo(np.int32).min  # R's NA
    if values.dtype.kind in "iu" and (not values.size or (lowest < values.min() and values.max() <= LARGEST_WHOLE)):
        return values.astype(np.int32)
    return values.astype(np.float64, copy=False)


def arrays(columns: dict[str, Any]) -> dict[str, Any]:
    """Numbers as arrays: a list of one would reach R as a number, and one with NaN as a list."""
    return {
        name: np.array(values) if isinstance(values, list) and not (values and isinstance(values[0], str)) else values
        for name, values in columns.items()
    }


def untupled(value: Any) -> Any:
    """Lists instead of tuples, which would reach R as they are."""
    if isinstance(value, dict):
        return {key: untupled(item) for key, item in value.items()}
    return [untupled(item) for item in value] if isinstance(value, tuple) else value
