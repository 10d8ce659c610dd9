"""Columns of Python objects in pandas: texts, truth values, numbers or dates."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..check import came
from .column import EPOCH, Column, check_exact

WANTED = "numbers, logicals, text, categories, dates or time spans"
REMEDY = "Drop it or convert it first."
# By pandas' words for what a column holds, and by numpy's for the kind of a dtype.
REMEDIES = {
    "datetime": "Convert it first: pandas.to_datetime().",
    "datetime64": "Convert it first: pandas.to_datetime().",
    "timedelta": "Convert it first: pandas.to_timedelta().",
    "timedelta64": "Convert it first: pandas.to_timedelta().",
    "time": "Drop it, or turn it into seconds since midnight first.",
    "decimal": "Convert it first: .astype(float).",
    "period": "Convert it first: .dt.to_timestamp().",
    "interval": "Convert it first: .astype(str).",
    "complex": "Make two columns of it first: its real and its imaginary part.",
    "c": "Make two columns of it first: its real and its imaginary part.",
    "bytes": 'Convert it first: .str.decode("utf-8").',
    "mixed-integer": "Give its values one type first, for instance with .astype(str).",
}
BLANKS: dict[str, Any] = {"None": None, "nan": math.nan}  # what stands for a missing value; else pandas' NA
TEXTS = ("string", "empty")  # pandas' words
SHOWN_AS_TEXTS = ("mixed", "mixed-integer", "categorical")
READERS: dict[str, tuple[str, Callable[[Any], float]]] = {
    "boolean": ("logical", float),
    "date": ("date", lambda day: float((day - EPOCH).days)),
    "integer": ("integer", float),
    "floating": ("double", float),
    "mixed-integer-float": ("double", float),
}


def from_objects(name: Any, series: Any, missing: np.ndarray, where: str, lenient: bool) -> Column:
    """A column of Python objects of one kind; see `from_series`."""
    import pandas as pd

    kind = pd.api.types.infer_dtype(series, skipna=True)
    dtype = _dtype_of(series, missing)
    if kind in TEXTS or (lenient and kind in SHOWN_AS_TEXTS):
        texts = series if kind in TEXTS else series.map(str, na_action="ignore")
        codes, levels = pd.factorize(texts, sort=True)
        values = np.maximum(codes, 0).astype(np.float64)
        return Column(name, "text", values, dtype, [str(level) for level in levels], missing)
    present = series[~missing]
    if lenient and kind == "decimal":
        kind = "floating"
    if lenient and kind not in READERS:
        raise TypeError(f"{where} must hold numbers, texts, categories or dates, not {kind}. Drop it first.")
    if kind not in READERS:
        words = {"mixed": came(present.iloc[0])}.get(kind, f"{kind} objects")
        if isinstance(present.iloc[0], (list, tuple, dict, set, np.ndarray)):
            words = f"a {present.iloc[0].__class__.__name__} in each cell"
        raise TypeError(f"{where} must be {WANTED}, not {words}. {REMEDIES.get(kind, REMEDY)}")
    column_type, number = READERS[kind]
    if kind in ("integer", "mixed-integer-float") and not lenient:
        check_exact(max((abs(int(x)) for x in present if not isinstance(x, (float, np.floating))), default=0), where)
    values = np.zeros(len(series))
    values[~missing] = [_number(value, number) for value in present]
    return Column(name, column_type, values, dtype, None, missing)


def _number(value: Any, number: Callable[[Any], float]) -> float:
    try:
        return number(value)
    except OverflowError:  # a whole number beyond the largest double
        return math.inf if value > 0 else -math.inf


def _dtype_of(series: Any, missing: np.ndarray) -> str:
    """The name of its dtype; of objects also what stands for a missing value."""
    import pandas as pd

    dtype = str(series.dtype)
    if dtype != "object":
        return dtype
    blank = series.iloc[int(missing.argmax())] if missing.any() else None
    return f"object:{'nan' if isinstance(blank, float) else 'NA' if blank is pd.NA else 'None'}"


def to_objects(column: Column) -> Any:
    """A pandas Series of Python objects, with what stood for a missing value."""
    import pandas as pd

    writers: dict[str, Callable[[float], Any]] = {
        "text": lambda code: column.labels[int(code)],
        "logical": bool,
        "date": lambda days: EPOCH + datetime.timedelta(days=int(days)),
        "integer": int,
        "double": float,
    }
    blank = BLANKS.get(str(column.dtype).partition(":")[2], pd.NA)
    write = writers[column.type]
    cells = np.empty(len(column.values), dtype=object)
    cells[:] = [
        blank if missing else write(value) for value, missing in zip(column.values, column.missing, strict=True)
    ]
    return pd.Series(cells, dtype=object)
