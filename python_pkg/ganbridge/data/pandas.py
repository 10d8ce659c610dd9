"""The only reader and writer of pandas: Series <-> `Column`, DataFrame <-> columns.

Plots take more types than fits do: the lenient reader also takes periods, decimals and categories of anything, reads
mixed objects as texts, and rounds whole numbers that float64 does not hold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..check import came, fail
from .column import UNITS, Column, cast, exact
from .foreign import as_known
from .objects import REMEDIES, REMEDY, WANTED, from_objects, to_objects
from .zones import check_zone

if TYPE_CHECKING:
    import pandas as pd

MICRO = 1_000_000


def columns_of(data: pd.DataFrame, argument: str = "data", cut: bool = False) -> list[Column]:
    """The columns of a data frame, each with a name that a file can hold. cut: see `from_series`."""
    columns = []
    for i, name in enumerate(map(_plain, data.columns)):
        if isinstance(name, tuple):
            raise ValueError(
                f"`{argument}` must have one name per column, not one on each of {len(name)} levels."
                " Join them first, for instance with data.columns = data.columns.map(str)."
            )
        if not (name is None or isinstance(name, (str, int)) or (isinstance(name, float) and math.isfinite(name))):
            raise TypeError(
                f"`{argument}` must have columns named by texts or numbers, not by {came(name)}."
                " Rename them first, for instance with data.columns = data.columns.map(str)."
            )
        columns.append(from_series(name, data.iloc[:, i], f"column {came(name)} of `{argument}`", cut=cut))
    return columns


def as_dataframe(data: Any, argument: str) -> tuple[pd.DataFrame, bool]:
    """A data frame of what may be plotted, and whether its columns have names.

    data: a DataFrame, a Series, an array of one or two dimensions, or nested lists.
    """
    import pandas as pd

    data = as_known(data)
    if hasattr(data, "columns") and hasattr(data, "iloc"):
        return data, True
    if isinstance(data, pd.Series):
        return data.to_frame("value" if data.name is None else data.name), True
    if not isinstance(data, (np.ndarray, list, tuple)) or np.ndim(data) not in (1, 2):
        fail(argument, "a pandas DataFrame or a 2-d array", data, error=TypeError)
    return pd.DataFrame(np.ma.filled(data, np.nan) if isinstance(data, np.ma.MaskedArray) else data), False


def columns_of_labels(labels: Any, name: str) -> list[Column]:
    """Labels of rows: a sequence, a Series or a DataFrame. A sequence gets that name."""
    import pandas as pd

    if isinstance(labels, pd.DataFrame):
        return columns_of(labels)
    if isinstance(labels, np.ndarray) and labels.ndim != 1:
        fail("condition", "one label for each row: a sequence, a Series or a DataFrame", labels)
    series = labels if isinstance(labels, pd.Series) else pd.Series(labels)
    return [from_series(name if series.name is None else _plain(series.name), series, "`condition`")]


def columns_of_given(given: Any) -> list[Column]:
    """What `sample` is asked for: a dict of names to one value or several, or a DataFrame."""
    import pandas as pd

    if isinstance(given, pd.DataFrame) and len(given.columns):
        return columns_of(given)
    if not isinstance(given, dict) or not given:
        fail("given", "a dict of columns and values, such as {'species': 'Adelie'}", given, error=TypeError)
    columns = []
    for name, value in given.items():
        value = list(value) if isinstance(value, (set, frozenset)) else value
        several = isinstance(value, (list, tuple, np.ndarray, pd.Series, pd.Index, pd.api.extensions.ExtensionArray))
        if isinstance(value, np.ndarray) and value.ndim != 1:
            fail(f"given[{name}]", "one value, or a sequence of values", value)
        series = value if isinstance(value, pd.Series) else pd.Series(value if several else [value])
        columns.append(from_series(name, series, f"`given[{name}]`"))
    return columns


def _plain(name: Any) -> Any:
    return name.item() if isinstance(name, np.generic) else name


def to_dataframe(columns: Sequence[Column]) -> pd.DataFrame:
    """A data frame of these columns, with the names and dtypes that they had."""
    import pandas as pd

    frame: pd.DataFrame = pd.concat([to_series(column) for column in columns], axis=1)
    frame.columns = pd.Index([column.name for column in columns])
    return frame


def filled_dataframe(data: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """The user's data frame with the values of these columns, one for each, where its own are missing."""
    result = data.copy()
    for i, column in enumerate(columns):
        before = data.iloc[:, i]
        if before.isna().any():
            after = to_series(column).set_axis(data.index)
            times = before.dtype.kind in "mM" and before.dtype == after.dtype
            result.isetitem(i, (before.where(before.notna(), after) if times else after).array)
    return result


# --- from pandas -----------------------------------------------------------------------------------------------


def from_series(name: Any, series: Any, where: str, lenient: bool = False, cut: bool = False) -> Column:
    """A pandas column.

    Raises TypeError for a type that no column can have, ValueError for whole numbers that float64 does not hold and for
    a time zone that samples can't be given. where: what errors call the column. lenient: for plots. cut: of times that
    are finer than microseconds, the rest, rather than refuse them: for rows that are looked up and not learned.
    """
    import pandas as pd
    from pandas.api import types

    dtype = series.dtype
    if isinstance(dtype, pd.SparseDtype):
        return from_series(name, series.sparse.to_dense(), where, lenient, cut)
    missing = np.asarray(series.isna(), dtype=bool)
    if isinstance(dtype, pd.CategoricalDtype):
        return _from_categories(name, series, missing, where, lenient)
    if lenient and isinstance(dtype, pd.PeriodDtype):
        return from_series(name, series.dt.to_timestamp(), where, lenient)
    if isinstance(dtype, pd.DatetimeTZDtype):
        return _from_zoned(name, series, missing, where, lenient, cut)
    if types.is_datetime64_dtype(dtype):
        seconds = _seconds(series, missing, where, lenient or cut)
        return Column(name, "datetime", seconds, str(dtype), None, missing)
    if types.is_timedelta64_dtype(dtype):
        seconds = _seconds(series, missing, where, lenient or cut)
        return Column(name, "difftime", seconds, str(dtype), None, missing, "secs")
    if types.is_bool_dtype(dtype) and str(dtype) != "object":
        filled = np.asarray(series.to_numpy(dtype=object, na_value=False), dtype=np.float64)
        return Column(name, "logical", filled, str(dtype), None, missing)
    if dtype.kind in "iuf":
        return _from_numbers(name, series, missing, where, lenient)
    if str(dtype) == "object" or types.is_string_dtype(dtype) or lenient:
        times = _times_of(series) if lenient else None
        if times is not None:
            return from_series(name, times, where, lenient)
        return from_objects(name, series, missing, where, lenient)
    remedy = REMEDIES.get("period" if isinstance(dtype, pd.PeriodDtype) else dtype.kind, REMEDY)
    raise TypeError(f"{where} must be {WANTED}, not of type {dtype}. {remedy}")


def _from_categories(name: Any, series: Any, missing: np.ndarray, where: str, lenient: bool) -> Column:
    dtype = series.dtype
    levels = dtype.categories.tolist()
    for level in levels:
        plain = isinstance(level, (str, bool, int)) or (isinstance(level, float) and math.isfinite(level))
        if not (plain or lenient):
            raise TypeError(
                f"{where} must have categories that are texts or numbers, not {came(level)}. Rename them first,"
                " for instance with .cat.rename_categories(str)."
            )
    codes = np.maximum(np.asarray(series.cat.codes), 0).astype(np.float64)
    column_type = "ordered" if dtype.ordered else "factor"
    return Column(name, column_type, codes, f"category[{dtype.categories.dtype}]", levels, missing)


def _from_zoned(name: Any, series: Any, missing: np.ndarray, where: str, lenient: bool, cut: bool) -> Column:
    """Times with a time zone; one that is only looked at may have a zone without a name."""
    try:
        zone = check_zone(str(series.dtype.tz), where)
    except ValueError:
        if not lenient:
            raise
        return from_series(name, series.dt.tz_localize(None), where)
    instants = series.dt.tz_convert("UTC").dt.tz_localize(None)
    seconds = _seconds(instants, missing, where, lenient or cut)
    return Column(name, "datetime", seconds, str(series.dtype), None, missing, zone)


def _from_numbers(name: Any, series: Any, missing: np.ndarray, where: str, lenient: bool) -> Column:
    dtype = series.dtype
    whole = dtype.kind in "iu"
    filled = series.fillna(0) if missing.any() else series
    numbers = filled.to_numpy(dtype=np.dtype(getattr(dtype, "numpy_dtype", dtype)) if whole else np.float64)
    values = numbers.astype(np.float64) if lenient else exact(numbers, where)
    missing = missing | np.isnan(values)  # pandas' own floats may hold NaN beside NA
    values = np.where(missing, 0.0, values)
    return Column(name, "integer" if whole else "double", values, str(dtype), None, missing)


def _times_of(series: Any) -> Any:
    """Python objects that are times or time spans as a column of such; None for others."""
    import pandas as pd

    readers: dict[str, Any] = {"datetime": pd.to_datetime, "timedelta": pd.to_timedelta}
    reader = readers.get(pd.api.types.infer_dtype(series, skipna=True).removesuffix("64"))
    if reader is None:
        return None
    try:
        times = reader(series.astype("object"), errors="coerce")
    except ValueError:  # several time zones in one column
        return None
    return times if times.dtype.kind in "mM" else None


def _seconds(series: Any, missing: np.ndarray, where: str, lenient: bool) -> np.ndarray:
    """Seconds with their whole microseconds. Raises ValueError for finer ones; lenient: these are cut off."""
    kind = "timedelta64[us]" if series.dtype.kind == "m" else "datetime64[us]"
    times = series.to_numpy()
    if not lenient and (times.astype(kind).astype(times.dtype)[~missing] != times[~missing]).any():
        raise ValueError(
            f"{where} must hold times to the microsecond, not to the nanosecond. Round it first, for instance with"
            ' .dt.round("us").'
        )
    micro = np.where(missing, 0, times.astype(kind).astype(np.int64))
    return np.asarray(micro // MICRO + (micro % MICRO) / MICRO, dtype=np.float64)


# --- to pandas -----------------------------------------------------------------------------------------------


def to_series(column: Column) -> Any:
    """The pandas Series in the dtype that it came in; from R in the one that pandas would choose."""
    import pandas as pandas_stubs

    pd: Any = pandas_stubs  # its stubs know no dtype that has a name at run time only
    values, missing, dtype = column.values, column.missing, column.dtype
    if column.type in ("factor", "ordered"):
        codes = np.where(missing, -1, values).astype(np.int64)
        levels = pd.Index(column.levels, dtype=(dtype or "").removeprefix("category[").removesuffix("]") or None)
        return pd.Series(pd.Categorical.from_codes(codes, categories=levels, ordered=column.type == "ordered"))
    if column.type == "datetime":
        instants = _instants(column)
        return instants.astype(dtype) if dtype else instants
    if column.type == "difftime":
        return pd.Series(_micro(values * column.seconds, missing, "timedelta64[us]")).astype(dtype or "timedelta64[us]")
    if dtype is not None and dtype.startswith("object"):
        return to_objects(column)
    if column.type == "date":
        return pd.Series(_micro(values * UNITS["days"], missing, "datetime64[us]")).astype("datetime64[s]")
    if column.type == "text":
        cells = np.array([*column.labels, ""], dtype=object)[values.astype(np.int64)]
        cells[missing] = None
        return pd.Series(cells, dtype=dtype or "str")
    if column.type == "logical":
        truth = pd.array(values != 0, dtype="boolean")
        truth[missing] = pd.NA
        return pd.Series(truth).astype(dtype or ("boolean" if column.any_missing else "bool"))
    return _to_numbers(column)


def _to_numbers(column: Column) -> Any:
    import pandas as pd

    values, missing, dtype = column.values, column.missing, column.dtype
    in_numpy = None if dtype is None else numpy_name(dtype)
    if column.type == "double":
        numbers: Any = pd.Series(cast(np.where(missing, np.nan, values), column.type, in_numpy))
        return numbers.astype(dtype or "float64")
    numbers = pd.Series(cast(values, column.type, in_numpy))
    if not column.any_missing:
        return numbers.astype(dtype or "int64")
    return numbers.astype("Int64").mask(missing).astype(_nullable(dtype or "Int64"))


def numpy_name(dtype: str) -> str:
    """numpy's name of a dtype of pandas: `Int16` -> `int16`, `double[pyarrow]` -> `float64`."""
    name = dtype.split("[")[0].lower()
    return {"double": "float64", "float": "float32", "halffloat": "float16"}.get(name, name)


def _nullable(dtype: str) -> str:
    """The dtype, or the one like it that has room for a missing value."""
    return dtype if dtype[0].isupper() or "[" in dtype else dtype.capitalize()


def _micro(seconds: np.ndarray, missing: np.ndarray, dtype: str) -> np.ndarray:
    micro: np.ndarray = np.rint(np.where(missing, 0.0, seconds) * MICRO).astype(np.int64).astype(dtype)
    micro[missing] = "NaT"
    return micro


def _instants(column: Column) -> Any:
    import pandas as pd

    instants: Any = pd.Series(_micro(column.values, column.missing, "datetime64[us]"))
    return instants.dt.tz_localize("UTC").dt.tz_convert(column.unit) if column.unit else instants


def clock_days(column: Column) -> np.ndarray:
    """Days (n,) since 1970 of a column of times, on the clock of its time zone; any number if missing."""
    if not column.unit:
        return column.values / UNITS["days"]
    clock = _instants(column).dt.tz_localize(None).to_numpy()
    return np.asarray(np.where(column.missing, 0, clock.astype(np.int64)) / MICRO / UNITS["days"])
