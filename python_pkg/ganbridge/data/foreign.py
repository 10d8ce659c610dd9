"""Tables and arrays of other libraries as pandas' and numpy's: Polars, Arrow, DuckDB, xarray, PyTorch and their like.

None of these libraries is imported but pyarrow for streams: tables are known by the dataframe interchange protocol or
Arrow's C stream, arrays by numpy's.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

WHOLE = (0, 1)  # the protocol's kinds of signed and unsigned whole numbers


def as_known(data: Any) -> Any:
    """A pandas DataFrame of a table, a numpy array of an array of two dimensions or more; all else as it is."""
    if isinstance(data, (np.ndarray, list, tuple)) or hasattr(data, "iloc"):
        return data
    if hasattr(data, "collect_schema") and hasattr(data, "collect"):  # Polars' LazyFrame
        data = data.collect()
    if hasattr(data, "get_columns") and hasattr(data, "to_dicts"):  # Polars' DataFrame; without pyarrow, too
        return _from_series({series.name: series for series in data.get_columns()})
    if hasattr(data, "to_table") and hasattr(data, "count_rows"):  # Arrow's Dataset
        data = data.to_table()
    if hasattr(data, "to_pandas") and hasattr(data, "schema"):  # Arrow's Table and RecordBatch
        return from_arrow(data)
    if hasattr(data, "__dataframe__"):
        return _from_interchange(data)
    if hasattr(data, "data_vars") and hasattr(data, "to_dataframe"):  # xarray's Dataset
        return data.to_dataframe()
    if hasattr(data, "__array__") and getattr(data, "ndim", 0) > 1:
        data = data.detach() if hasattr(data, "detach") else data  # a tensor with a gradient
        return np.asarray(data)
    return data


def from_arrow(table: Any) -> Any:
    """The pandas DataFrame of an Arrow table; whole numbers stay whole beside missing values."""
    return _with_whole_numbers(table.to_pandas(), {field.name: str(field.type) for field in table.schema})


def pyarrow(what: str) -> Any:
    """The module. what: the words for what is read or written by it."""
    try:
        import pyarrow as module
    except ImportError:
        remedy = "Install it: pip install 'ganbridge[files]', in R install_ganbridge(files = TRUE)."
        raise ImportError(f"pyarrow is needed for {what}. {remedy}") from None
    return module


def _from_series(columns: dict[str, Any]) -> Any:
    """A pandas DataFrame of Polars' columns: whole numbers stay whole beside missing values, categories categories."""
    import pandas as pd

    parts: dict[str, Any] = {}
    for name, series in columns.items():
        dtype, values = str(series.dtype), series.to_list() if series.null_count() else None
        if dtype.startswith(("Categorical", "Enum")):
            levels = list(series.dtype.categories) if dtype.startswith("Enum") else None
            parts[name] = pd.Categorical(series.to_list(), categories=levels)
        elif dtype.startswith(("Int", "UInt")):
            parts[name] = series.to_numpy() if values is None else pd.array(values, dtype=dtype)
        elif dtype.startswith("Float"):
            parts[name] = series.to_numpy()
        else:
            parts[name] = pd.Series(series.to_list())
    return pd.DataFrame(parts)


def _from_interchange(data: Any) -> Any:
    """A pandas DataFrame by the dataframe interchange protocol, which pandas means to give up one day."""
    import pandas as pd

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        frame, table = pd.api.interchange.from_dataframe(data), data.__dataframe__()
    kinds = {name: table.get_column(i).dtype[0] for i, name in enumerate(table.column_names())}
    return _with_whole_numbers(frame, {name: "int64" if kind in WHOLE else "" for name, kind in kinds.items()})


def _with_whole_numbers(frame: Any, types: dict[str, str]) -> Any:
    """The frame with whole numbers that had become others, because some of them are missing."""
    for name, of_type in types.items():
        if of_type.startswith(("int", "uint")) and frame[name].dtype.kind == "f":
            frame[name] = frame[name].astype("Int64")
    return frame


def remedy_of(data: Any) -> str:
    """What to do about data that are neither a table nor an array."""
    if hasattr(data, "to_frame"):
        return "Make a data frame of it first: data.to_frame()."
    if hasattr(data, "toarray"):
        return "Make it dense first: data.toarray()."
    rows = list(data[:1]) if isinstance(data, (list, tuple)) else [data]
    fields = getattr(getattr(data, "dtype", None), "names", None)  # of a structured array
    if fields or any(isinstance(row, dict) for row in rows):
        return "Make a data frame of it first: pandas.DataFrame(data)."
    return ""
