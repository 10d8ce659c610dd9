"""What a column is for a plot: numbers, dates, or categories in an order, each with missing values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import check

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Shown:
    """One column: `values` (n,) are numbers, days since 1970, or indices of `levels`; NaN if the value is missing."""

    name: str
    kind: str  # "number", "time" or "category"
    values: np.ndarray
    levels: tuple[str, ...] = ()
    ordered: bool = True  # whether the levels' order means something; texts have none
    rising: bool = False  # whether the levels are numbers

    @property
    def present(self) -> np.ndarray:
        """The values that are not missing."""
        return np.asarray(self.values[np.isfinite(self.values)])

    @property
    def missing(self) -> float:
        """Share of rows without a value."""
        return float(1.0 - np.isfinite(self.values).mean())

    @property
    def continuous(self) -> bool:
        """Whether it lies on an axis."""
        return self.kind != "category"


class Source:
    """A data set by its columns: a pandas DataFrame or Series, a one- or two-dimensional array, or nested lists."""

    def __init__(self, argument: str, data: Any) -> None:
        import pandas as pd

        self.argument, self.given = argument, data
        self.named = hasattr(data, "columns") and hasattr(data, "iloc")
        if isinstance(data, pd.Series):
            self.named, data = True, data.to_frame("value" if data.name is None else data.name)
        elif not self.named:
            if not isinstance(data, (np.ndarray, list, tuple)) or np.ndim(data) not in (1, 2):
                check.fail(argument, "a pandas DataFrame or a 2-d array", data, error=TypeError)
            data = pd.DataFrame(np.ma.filled(data, np.nan) if isinstance(data, np.ma.MaskedArray) else data)
        self.data = data
        self.names = [str(name) if self.named else f"column {name}" for name in data.columns]
        self.rows = len(data)
        if self.rows < 1 or not self.names:
            check.fail(argument, "data with at least one row and one column", self.given)

    def column(self, place: int) -> Shown:
        """The column of that index, as a plot shows it."""
        return _of_series(self.names[place], self.data.iloc[:, place], self.argument)

    def places_in(self, other: Source, chosen: Sequence[int]) -> list[int]:
        """Where the other data set has the chosen columns: by name where both have names, otherwise by place."""
        if self.named and other.named:
            absent = [self.names[i] for i in chosen if self.names[i] not in other.names]
            if absent:
                found = ", ".join(map(check.came, other.names[:6])) + (", ..." if len(other.names) > 6 else "")
                raise ValueError(
                    f"`{other.argument}` must have the columns of the generated data, but {check.came(absent[0])} is"
                    f" not among {found}."
                )
            return [_same_place(self.names, other.names, i) for i in chosen]
        if len(self.names) != len(other.names):
            check.fail(other.argument, f"data with {len(self.names)} columns", other.given)
        return list(chosen)


def _same_place(names: list[str], others: list[str], i: int) -> int:
    """The same occurrence of a name, because names may repeat."""
    earlier = names[:i].count(names[i])
    found = [j for j, name in enumerate(others) if name == names[i]]
    return found[min(earlier, len(found) - 1)]


def _of_series(name: str, series: pd.Series[Any], argument: str) -> Shown:
    import pandas as pd

    types, dtype = pd.api.types, series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        levels = tuple(map(str, dtype.categories))
        return Shown(name, "category", _gaps(series.cat.codes.to_numpy()), levels)
    if types.is_bool_dtype(dtype):
        return Shown(name, "category", _doubles(series), ("False", "True"))
    if isinstance(dtype, pd.PeriodDtype):
        series, dtype = series.dt.to_timestamp(), np.dtype("M8[ns]")
    if types.is_datetime64_any_dtype(dtype):
        return Shown(name, "time", _days(series))
    if types.is_timedelta64_dtype(dtype):
        return Shown(f"{name} (days)", "number", _doubles(series.dt.total_seconds() / 86400.0))
    if types.is_numeric_dtype(dtype) and not types.is_complex_dtype(dtype):
        return Shown(name, "number", _doubles(series))
    return _of_objects(name, series, argument)


def _of_objects(name: str, series: pd.Series[Any], argument: str) -> Shown:
    """Python's own objects: numbers, truth values and dates are known as such, all else is text."""
    import pandas as pd

    found = pd.api.types.infer_dtype(series, skipna=True)
    if found == "boolean":
        return Shown(name, "category", _doubles(series.astype("boolean")), ("False", "True"))
    if found in ("integer", "floating", "mixed-integer-float", "decimal"):
        return Shown(name, "number", _doubles(pd.to_numeric(series.astype("object"), errors="coerce")))
    if found in ("date", "datetime", "datetime64"):
        return Shown(name, "time", _days(pd.to_datetime(series, errors="coerce")))
    if found not in ("string", "empty", "mixed", "mixed-integer", "categorical"):
        raise TypeError(
            f"column {check.came(name)} of `{argument}` must hold numbers, texts, categories or dates, not {found}."
            " Drop it first."
        )
    present = series[series.notna()].map(str)
    levels = tuple(sorted(present.unique()))
    place = {level: i for i, level in enumerate(levels)}
    values = np.array(
        [math.nan if gap else place[str(value)] for value, gap in zip(series, series.isna(), strict=True)]
    )
    return Shown(name, "category", values, levels, ordered=False)


def _doubles(series: pd.Series[Any]) -> np.ndarray:
    values = np.array(series.to_numpy(dtype="float64", na_value=np.nan), dtype=np.float64)
    values[np.isinf(values)] = np.nan  # they have no place on an axis
    return values


def _gaps(codes: np.ndarray) -> np.ndarray:
    return np.where(codes < 0, np.nan, codes.astype(np.float64))


def _days(series: pd.Series[Any]) -> np.ndarray:
    """Days since 1970 on the clock of the column's own time zone."""
    import pandas as pd

    if series.dt.tz is not None:
        series = series.dt.tz_localize(None)
    return _doubles((series - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1))
