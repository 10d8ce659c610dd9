"""One column of a data frame, apart from the library that held it, and its way from pandas and back.

Numbers, categories, dates and time spans are all float64 values with a type beside them; what is missing stands in a
mask, never among the values. R's columns come in the same form through the bridge.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..check import came

NUMBERS = ("double", "integer")
TIMES = ("date", "datetime", "difftime")
CATEGORIES = ("logical", "factor", "ordered", "text")
COLUMN_TYPES = (*NUMBERS, *TIMES, *CATEGORIES)
EXACT = 2**53  # the largest whole number up to which float64 holds every one
MICRO = 1_000_000
EPOCH = datetime.date(1970, 1, 1)
TRUTH = [False, True]  # the levels of every logical column
WANTED = "numbers, logicals, text, categories, dates or time spans"
MARKERS: dict[str, Any] = {"None": None, "nan": math.nan}


@dataclass
class Column:
    """One column of n values.

    values: float64 (n,). double, integer: the numbers; date: days since 1970-01-01; datetime: seconds since then (UTC);
        difftime: in `unit`; logical, factor, ordered, text: codes that count `levels` from 0. Anything finite where
        missing.
    dtype: what it was in pandas or numpy; empty from R. levels: of factor, ordered and text.
    missing: bool (n,), or None where nothing is missing. unit: of a difftime; the time zone of a datetime.
    """

    name: Any
    type: str
    values: np.ndarray
    dtype: str = ""
    levels: list[Any] | None = None
    missing: np.ndarray | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        if self.missing is not None and not self.missing.any():
            self.missing = None

    @property
    def present(self) -> np.ndarray:
        """The values that are not missing."""
        return self.values if self.missing is None else self.values[~self.missing]

    @property
    def labels(self) -> list[Any]:
        """What the codes of a category stand for."""
        return TRUTH if self.type == "logical" else list(self.levels or [])

    def take(self, rows: Any) -> Column:
        """The same column with these rows only, by number, mask or slice."""
        return replace(self, values=self.values[rows], missing=None if self.missing is None else self.missing[rows])

    def like(self, values: np.ndarray, missing: np.ndarray | None = None) -> Column:
        """A column of the same name, type and levels with other values."""
        return replace(self, values=values, missing=missing)

    def shown(self, row: int) -> str:
        """One value in few words."""
        if self.missing is not None and self.missing[row]:
            return "missing"
        value = float(self.values[row])
        if self.type in CATEGORIES:
            return str(self.labels[int(value)])
        if self.type == "date":
            return str(EPOCH + datetime.timedelta(days=math.floor(value)))
        if self.type == "datetime":
            return datetime.datetime.fromtimestamp(value, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M")
        return f"{value:.4g}" + (f" {self.unit}" if self.type == "difftime" else "")


def shown_labels(column: Column) -> list[str]:
    """Each value as the text of its level; a whole number has no decimals."""
    if column.type in CATEGORIES:
        return [str(column.labels[int(code)]) if column.labels else "" for code in column.values]
    return [f"{value:.15g}" for value in column.values]


def joined(parts: list[Column]) -> Column:
    """Columns of one kind below each other."""
    masks = [np.zeros(len(p.values), dtype=bool) if p.missing is None else p.missing for p in parts]
    return parts[0].like(np.concatenate([part.values for part in parts]), np.concatenate(masks))


# --- numbers -----------------------------------------------------------------------------------------------


def exact(values: np.ndarray, where: str) -> np.ndarray:
    """The numbers as float64, once it is known to hold them; a ValueError says where, otherwise."""
    if values.dtype.kind in "iu" and values.size and max(abs(int(values.min())), abs(int(values.max()))) > EXACT:
        raise ValueError(f"{where} must hold whole numbers of at most 2^53 in size. Subtract a constant first.")
    return np.ascontiguousarray(values, dtype=np.float64)


def cast(values: np.ndarray, type: str, dtype: str) -> np.ndarray:
    """Numbers in numpy's dtype that they came in; empty means R's, where there are doubles and integers only."""
    wanted = np.dtype(dtype or ("int64" if type == "integer" else "float64"))
    bounds = np.iinfo(wanted) if type == "integer" else np.finfo(wanted)
    # A range margin may reach beyond what the dtype holds; 2^63 itself is not an int64, but the double below it is.
    low, high = float(bounds.min), float(bounds.max)
    high = high if high <= bounds.max else float(np.nextafter(high, 0.0))
    return values.clip(low, high).astype(wanted, copy=False)


# --- from pandas -----------------------------------------------------------------------------------------------


def from_series(name: Any, series: Any, where: str) -> Column:
    """A pandas column. Raises TypeError, which says where, for a type that no column can have."""
    import pandas as pd
    from pandas.api import types

    dtype = series.dtype
    objects = series.dtype.kind == "O" and str(series.dtype) == "object"
    missing = np.asarray(series.isna(), dtype=bool)
    if isinstance(dtype, pd.SparseDtype):
        return from_series(name, series.sparse.to_dense(), where)
    if isinstance(dtype, pd.CategoricalDtype):
        levels = _levels(dtype.categories.tolist(), where)
        codes = np.maximum(np.asarray(series.cat.codes), 0).astype(np.float64)
        return Column(
            name,
            "ordered" if dtype.ordered else "factor",
            codes,
            f"category[{dtype.categories.dtype}]",
            levels,
            missing,
        )
    if isinstance(dtype, pd.DatetimeTZDtype):
        zone = check_zone(str(dtype.tz), where)
        instants = series.dt.tz_convert("UTC").dt.tz_localize(None)
        return Column(name, "datetime", _seconds(instants, missing), str(dtype), None, missing, zone)
    if types.is_datetime64_dtype(dtype):
        return Column(name, "datetime", _seconds(series, missing), str(dtype), None, missing)
    if types.is_timedelta64_dtype(dtype):
        return Column(name, "difftime", _seconds(series, missing), str(dtype), None, missing, "secs")
    if types.is_bool_dtype(dtype) and not objects:
        filled = np.asarray(series.to_numpy(dtype=object, na_value=False), dtype=np.float64)
        return Column(name, "logical", filled, str(dtype), None, missing)
    if dtype.kind in "iuf":
        whole = types.is_integer_dtype(dtype)
        values = series.fillna(0) if missing.any() else series
        numbers = values.to_numpy(dtype=np.dtype(getattr(dtype, "numpy_dtype", dtype)) if whole else np.float64)
        found = exact(numbers, where)
        missing = missing | np.isnan(found)  # pandas' own floats may hold NaN beside NA
        return Column(name, "integer" if whole else "double", np.where(missing, 0.0, found), str(dtype), None, missing)
    if objects or types.is_string_dtype(dtype):
        return _from_objects(name, series, missing, where)
    raise TypeError(f"{where} must be {WANTED}, not of type {dtype}. Drop it or convert it first.")


def check_zone(zone: str, where: str) -> str:
    """The name of a time zone, once it is known that samples can be given it; a ValueError says where, otherwise."""
    import pandas as pd

    try:
        pd.DatetimeTZDtype("us", zone)
    except Exception:  # which class depends on the library that looks zones up
        raise ValueError(
            f"{where} must have a time zone that this machine knows, not {came(zone)}. Convert it first, for instance"
            ' to "UTC".'
        ) from None
    return zone


def _seconds(series: Any, missing: np.ndarray) -> np.ndarray:
    """Seconds with their whole microseconds; finer fractions are cut off."""
    kind = "timedelta64[us]" if series.dtype.kind == "m" else "datetime64[us]"
    micro = np.where(missing, 0, series.to_numpy().astype(kind).astype(np.int64))
    return np.asarray(micro // MICRO + (micro % MICRO) / MICRO, dtype=np.float64)


def _levels(levels: list[Any], where: str) -> list[Any]:
    for level in levels:
        if not isinstance(level, (str, bool, int)) and not (isinstance(level, float) and math.isfinite(level)):
            raise TypeError(
                f"{where} must have categories that are texts or numbers, not {came(level)}. Rename them first,"
                " for instance with .cat.rename_categories(str)."
            )
    return levels


def _from_objects(name: Any, series: Any, missing: np.ndarray, where: str) -> Column:
    """A column of Python objects of one kind: texts, truth values, numbers or dates."""
    import pandas as pd
    from pandas.api.types import infer_dtype

    kind = infer_dtype(series, skipna=True)
    dtype = str(series.dtype)
    if dtype == "object":
        blank = series.iloc[int(missing.argmax())] if missing.any() else None
        dtype = f"object:{'nan' if isinstance(blank, float) else 'NA' if blank is pd.NA else 'None'}"
    if kind in ("string", "empty"):
        codes, found = pd.factorize(series, sort=True)
        levels = [str(level) for level in found]
        return Column(name, "text", np.maximum(codes, 0).astype(np.float64), dtype, levels, missing)
    there = series[~missing]
    readers: dict[str, tuple[str, Callable[[Any], float]]] = {
        "boolean": ("logical", float),
        "date": ("date", lambda day: float((day - EPOCH).days)),
        "integer": ("integer", float),
        "floating": ("double", float),
        "mixed-integer-float": ("double", float),
    }
    if kind not in readers:
        found_kind = {"mixed": came(there.iloc[0])}.get(kind, f"{kind} objects")
        if isinstance(there.iloc[0], (list, tuple, dict, set, np.ndarray)):
            found_kind = f"a {there.iloc[0].__class__.__name__} in each cell"
        raise TypeError(f"{where} must be {WANTED}, not {found_kind}. Drop it or convert it first.")
    type, number = readers[kind]
    values = np.zeros(len(series))
    values[~missing] = [number(value) for value in there]
    return Column(name, type, values, dtype, None, missing)


# --- to pandas -----------------------------------------------------------------------------------------------


def to_series(column: Column) -> Any:
    """The pandas Series in the dtype that it came in; from R in the one that pandas would choose."""
    import pandas as pandas_stubs

    pd: Any = pandas_stubs  # its stubs know no dtype that has a name at run time only
    type, values, dtype = column.type, column.values, column.dtype
    missing = np.zeros(len(values), dtype=bool) if column.missing is None else column.missing
    if type in ("factor", "ordered"):
        codes = np.where(missing, -1, values).astype(np.int64)
        levels = pd.Index(column.levels, dtype=dtype.removeprefix("category[").removesuffix("]") or None)
        return pd.Series(pd.Categorical.from_codes(codes, categories=levels, ordered=type == "ordered"))
    if type == "datetime":
        return _instants(column, missing)
    if type == "difftime":
        seconds = values * UNITS[column.unit or "secs"]
        spans = pd.Series(_micro(seconds, missing, "timedelta64[us]"))
        return spans.astype(dtype or "timedelta64[us]")
    if dtype.startswith("object"):
        return _objects(column, missing)
    if type == "date":
        return pd.Series(_micro(values * UNITS["days"], missing, "datetime64[us]")).astype("datetime64[s]")
    if type == "text":
        levels = np.array([*column.labels, ""], dtype=object)
        cells = levels[values.astype(np.int64)]
        cells[missing] = None
        return pd.Series(cells, dtype=dtype or "str")
    if type == "logical":
        truth = pd.array(values != 0, dtype="boolean")
        truth[missing] = pd.NA
        return pd.Series(truth).astype(dtype or ("boolean" if missing.any() else "bool"))
    if type == "double":
        return pd.Series(cast(np.where(missing, np.nan, values), type, _numpy_name(dtype))).astype(dtype or "float64")
    numbers = pd.Series(cast(values, type, _numpy_name(dtype)))
    if not missing.any():
        return numbers.astype(dtype or "int64")
    return numbers.astype("Int64").mask(missing).astype(_nullable(dtype))


UNITS = {"secs": 1.0, "mins": 60.0, "hours": 3600.0, "days": 86400.0, "weeks": 604800.0}


def _numpy_name(dtype: str) -> str:
    """numpy's name of a dtype of pandas: `Int16` -> `int16`, `double[pyarrow]` -> `float64`."""
    name = dtype.split("[")[0].lower()
    return {"double": "float64", "float": "float32", "halffloat": "float16"}.get(name, name)


def _nullable(dtype: str) -> str:
    """The dtype, or the one beside it that has room for a missing value."""
    return dtype if dtype and (dtype[0].isupper() or "[" in dtype) else {"": "Int64"}.get(dtype, dtype.capitalize())


def _micro(seconds: np.ndarray, missing: np.ndarray, dtype: str) -> np.ndarray:
    micro: np.ndarray = np.rint(np.where(missing, 0.0, seconds) * MICRO).astype(np.int64).astype(dtype)
    micro[missing] = "NaT"
    return micro


def _instants(column: Column, missing: np.ndarray) -> Any:
    import pandas as pd

    instants: Any = pd.Series(_micro(column.values, missing, "datetime64[us]"))
    if column.unit:
        instants = instants.dt.tz_localize("UTC").dt.tz_convert(column.unit)
    return instants.astype(column.dtype) if column.dtype else instants


def _objects(column: Column, missing: np.ndarray) -> Any:
    import pandas as pd

    writers: dict[str, Callable[[float], Any]] = {
        "text": lambda code: column.labels[int(code)],
        "logical": bool,
        "date": lambda days: EPOCH + datetime.timedelta(days=int(days)),
        "integer": int,
        "double": float,
    }
    marker = column.dtype.partition(":")[2]
    blank = MARKERS.get(marker, pd.NA)
    cells = np.empty(len(column.values), dtype=object)
    cells[:] = [blank if gone else writers[column.type](x) for x, gone in zip(column.values, missing, strict=True)]
    return pd.Series(cells, dtype=object)
