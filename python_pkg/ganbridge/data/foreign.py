"""Tables and arrays of other libraries as pandas' and numpy's: Polars, Arrow, xarray, PyTorch and their like.

None of these libraries is imported: tables are known by the dataframe interchange protocol, arrays by numpy's.
"""

from __future__ import annotations

import os
import warnings
from typing import Any

import numpy as np

WHOLE = (0, 1)  # the protocol's kinds of signed and unsigned whole numbers


def as_known(data: Any) -> Any:
    """A pandas DataFrame of a table, a numpy array of an array of two dimensions or more; all else as it is."""
    if isinstance(data, (np.ndarray, list, tuple)) or hasattr(data, "iloc"):
        return data
    if hasattr(data, "get_columns") and hasattr(data, "to_dicts"):  # Polars' DataFrame; without pyarrow, too
        return _from_series({series.name: series for series in data.get_columns()})
    if hasattr(data, "to_pandas") and hasattr(data, "schema"):  # Arrow's Table and RecordBatch
        return _with_whole_numbers(data.to_pandas(), {field.name: str(field.type) for field in data.schema})
    if hasattr(data, "__dataframe__"):
        return _from_interchange(data)
    if hasattr(data, "data_vars") and hasattr(data, "to_dataframe"):  # xarray's Dataset
        return data.to_dataframe()
    if hasattr(data, "__array__") and getattr(data, "ndim", 0) > 1:
        data = data.detach() if hasattr(data, "detach") else data  # a tensor with a gradient
        return np.asarray(data)
    return data


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
    if isinstance(data, (str, os.PathLike)) and str(data).endswith(".gan"):
        return "Load the fit first: ganbridge.load()."
    if isinstance(data, (str, os.PathLike)):
        return "Read the file first, for instance with pandas.read_csv()."
    if hasattr(data, "to_frame"):
        return "Make a data frame of it first: data.to_frame()."
    if hasattr(data, "collect"):
        return "Collect it first: data.collect()."
    if hasattr(data, "toarray"):
        return "Make it dense first: data.toarray()."
    rows = list(data[:1]) if isinstance(data, (list, tuple)) else [data]
    fields = getattr(getattr(data, "dtype", None), "names", None)  # of a structured array
    if fields or any(isinstance(row, dict) for row in rows):
        return "Make a data frame of it first: pandas.DataFrame(data)."
    return ""
