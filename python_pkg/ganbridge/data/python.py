"""What a user of Python hands over, in one form: data, labels of its rows, and what `sample` is asked for."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..check import fail
from ..config import COMPARED_ROWS, IN_MEMORY_CELLS
from .array import Array, ragged
from .base import REMEDY, Data, type_of
from .batches import Batches, DatasetBatches, batches_of_files, batches_of_stream
from .column import exact
from .files import names_files
from .foreign import as_known, from_arrow, pyarrow, remedy_of
from .pandas import columns_of, columns_of_given, columns_of_labels
from .read import read_files
from .survey import Surveyed, Tell, sample_of, survey
from .table import Frame, Given, GivenForm, Matrix

WANTED = "a pandas DataFrame or a 2-d array"


def from_python(data: Any, argument: str = "data") -> Data:
    """What a user's object holds: a DataFrame, an array of two dimensions or more, nested lists, or a list of waves.

    Tables and arrays of other libraries become pandas' and numpy's (foreign.py), and so do tables in files (read.py).

    Raises TypeError for what is not numeric, or has a type that can't be learned; in a table, ValueError for a value
    that is infinite, or missing in an array. Other forms are `checked` once it is known that they go with the kind.
    argument: what errors call the data.
    """
    data = as_table(data, argument)
    if isinstance(data, Batches):
        return sample_of(data, COMPARED_ROWS, 0).checked(argument)
    if hasattr(data, "columns") and hasattr(data, "iloc"):
        return Frame(columns_of(data, argument)).checked(argument)
    if isinstance(data, np.ndarray) and data.dtype == object and data.ndim == 1:
        data = list(data)
    if isinstance(data, (list, tuple)):
        waves = _waves(data)
        if waves is not None and len({wave.shape for wave in waves}) > 1:
            return ragged(waves, argument=argument)
        if waves is None:
            if remedy_of(data):
                fail(argument, WANTED, data, remedy_of(data), TypeError)
            return _matrix(_array(data, argument), argument)
        data = np.stack(waves)
    if not isinstance(data, np.ndarray):
        fail(argument, WANTED, data, remedy_of(data), TypeError)
    if data.ndim < 3:
        return _matrix(data, argument)
    return Array(np.asarray(data), _type_of(data, argument), data.dtype.name)


def to_fit(data: Any, seed: int, tell: Tell | None = None) -> Data:
    """As `from_python`; of a table that doesn't fit into memory a sample, with what was found in all rows.

    tell: called with the rows that were read, and how many there are.
    """
    table = as_table(data)
    return Surveyed(survey(table, seed, tell)).checked() if isinstance(table, Batches) else from_python(table)


def as_table(data: Any, argument: str = "data") -> Any:
    """The pandas DataFrame of a table, in files or of another library; a numpy array of an array; all else as it is.

    A table that doesn't fit into memory becomes `Batches`.
    """
    if names_files(data):
        return batches_of_files(data, argument) or read_files(data, argument)
    if hasattr(data, "to_table") and hasattr(data, "count_rows"):  # Arrow's Dataset
        batches = DatasetBatches(data, argument)
        return batches if batches.cells > IN_MEMORY_CELLS else as_known(data)
    if hasattr(data, "collect_batches") and hasattr(data, "collect_schema"):  # Polars' LazyFrame
        parts = batches_of_stream((part.to_arrow() for part in data.collect_batches(maintain_order=True)), argument)
        return parts if isinstance(parts, Batches) else as_known(data)
    if hasattr(data, "__arrow_c_stream__") and not hasattr(data, "__dataframe__") and not hasattr(data, "iloc"):
        return _of_stream(data, argument)
    return as_known(data)


def _of_stream(data: Any, argument: str) -> Any:
    """A relation of DuckDB, a reader of Arrow's record batches."""
    pa = pyarrow(f"`{argument}`, an object of class {type(data).__name__}")
    try:
        reader = pa.RecordBatchReader.from_stream(data)
    except (TypeError, ValueError):  # a stream of one column, as a Series is
        return as_known(data)
    parts = batches_of_stream((pa.Table.from_batches([batch]) for batch in reader), argument)
    return parts if isinstance(parts, Batches) else from_arrow(pa.concat_tables([reader.schema.empty_table(), *parts]))


def _matrix(data: np.ndarray, argument: str) -> Matrix:
    if data.ndim != 2:
        flat = "Make one column of it with data.reshape(-1, 1)." if data.ndim == 1 and data.size else ""
        fail(argument, WANTED, data, remedy_of(data) or flat)
    column_type = _type_of(data, argument)
    return Matrix(exact(data, f"`{argument}`"), column_type, None, data.dtype.name).checked(argument)


def _type_of(data: np.ndarray, argument: str) -> str:
    if np.ma.getmaskarray(data).any():
        raise ValueError(f"`{argument}` must have no masked values. {REMEDY}")
    return type_of(data.dtype, f"`{argument}`")


def _waves(data: list[Any] | tuple[Any, ...]) -> list[np.ndarray] | None:
    """The entries as arrays, if each is a vector or a matrix of numbers."""
    if not all(isinstance(entry, (list, tuple, np.ndarray)) or hasattr(entry, "__array__") for entry in data):
        return None
    try:
        waves = [np.asarray(entry) for entry in data]
    except ValueError:
        return None
    return waves if waves and all(wave.ndim in (1, 2) and wave.dtype.kind in "iuf" for wave in waves) else None


def _array(rows: list[Any] | tuple[Any, ...], argument: str) -> np.ndarray:
    try:
        return np.array(rows)
    except ValueError:
        raise ValueError(f"`{argument}` must be a table of equally long rows, not rows of different lengths.") from None


def rows_from_python(data: Any, argument: str = "data") -> Frame | Matrix:
    """Rows of a table: a DataFrame, or an array of two dimensions in which NaN is missing.

    Raises TypeError for what is neither, or has a type that no column has.
    """
    data = as_table(data, argument)
    if isinstance(data, Batches):
        remedy = "Pass some of its rows at a time."
        fail(argument, f"a table of at most {IN_MEMORY_CELLS:,} values", f"{data.cells:,} values", remedy)
    if hasattr(data, "columns") and hasattr(data, "iloc"):
        return Frame(columns_of(data, argument, cut=True))
    array = np.ma.filled(data.astype(np.float64), np.nan) if isinstance(data, np.ma.MaskedArray) else data
    if not isinstance(array, np.ndarray) or array.ndim != 2:
        fail(argument, WANTED, data, error=TypeError)
    return Matrix(exact(array, f"`{argument}`"), _type_of(array, argument), None, array.dtype.name)


def labels_from_python(labels: Any, name: str) -> Frame:
    """Labels of an array's rows: a sequence, a Series or a DataFrame. A sequence is named `name`."""
    return Frame(columns_of_labels(as_known(labels), name))


def given_from_python(given: Any) -> Given:
    """What `sample` is asked for: a dict of names to values, a range (a tuple of two) or a set; or a DataFrame."""
    given = as_known(given)
    columns = columns_of_given(given)
    forms: list[GivenForm] = ["values"] * len(columns)
    if isinstance(given, dict):
        for i, value in enumerate(given.values()):
            if isinstance(value, (set, frozenset)):
                if not value:
                    fail(f"given[{columns[i].name}]", "at least one value", [])
                forms[i] = "set"
            elif isinstance(value, tuple) and len(value) == 2:
                forms[i] = "range"
    return Given(columns, forms)
