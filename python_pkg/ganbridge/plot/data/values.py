"""What a column is for a picture: numbers, dates, or categories in an order, each with gaps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import check

if TYPE_CHECKING:
    import pandas as pd

MOST_LEVELS = 10  # categories shown on their own; the rarer ones become "other"
FEW_VALUES = 12  # whole numbers with no more different values are shown one by one
WORDS = {"number": "numbers", "time": "dates", "category": "categories"}
MISSING = "missing"


@dataclass(frozen=True)
class Shown:
    """One column: `values` (n,) are numbers, days since 1970, or places in `levels`; NaN where the value is missing."""

    name: str
    kind: str  # "number", "time" or "category"
    values: np.ndarray
    levels: tuple[str, ...] = ()
    ordered: bool = True  # whether the levels' order means something; texts have none
    rising: bool = False  # whether the levels are numbers

    @property
    def there(self) -> np.ndarray:
        """The values without the gaps."""
        return np.asarray(self.values[np.isfinite(self.values)])

    @property
    def missing(self) -> float:
        """Share of rows without a value."""
        return float(1.0 - np.isfinite(self.values).mean())

    @property
    def continuous(self) -> bool:
        """Whether it lies on an axis."""
        return self.kind != "category"

    def taken(self, rows: Any) -> Shown:
        """Some of its rows."""
        return replace(self, values=self.values[rows])


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
        """The column at that place, as a picture sees it."""
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


def together(columns: Sequence[Shown], argument: str = "real") -> list[Shown]:
    """Columns of one meaning with the same kind and levels; the first one's order of levels counts.

    Whole numbers with few values become levels, rare levels become "other", and gaps of categories a level of their
    own. `argument` names, for the error, where the first column comes from.
    """
    kinds = {column.kind for column in columns}
    if len(kinds) > 1:
        if "time" in kinds:
            wanted, came = WORDS[columns[-1].kind], WORDS[columns[0].kind]
            raise ValueError(
                f"column {check.came(columns[0].name)} of `{argument}` must hold {wanted} as the generated one does,"
                f" not {came}. Give both the same type first."
            )
        columns = [_as_levels(column) for column in columns]
    elif kinds == {"number"} and _few(columns):
        columns = [_as_levels(column) for column in columns]
    if columns[0].continuous:
        return list(columns)
    return _with_gaps(_with_common_levels(columns))


def _few(columns: Sequence[Shown]) -> bool:
    values = np.concatenate([column.there for column in columns])
    different = np.unique(values)
    return bool(
        1 < len(different) <= FEW_VALUES
        and (different == np.floor(different)).all()
        and 4 * len(different) <= max(len(column.there) for column in columns)
    )


def _as_levels(column: Shown) -> Shown:
    if not column.continuous:
        return column
    there = np.isfinite(column.values)
    different = np.unique(column.values[there])
    values = np.full(len(column.values), np.nan)
    values[there] = np.searchsorted(different, column.values[there])
    levels = tuple(f"{value + 0.0:.15g}" for value in different)
    return replace(column, kind="category", values=values, levels=levels, rising=True)


def _with_common_levels(columns: Sequence[Shown]) -> list[Shown]:
    rising = all(column.rising for column in columns)
    union = list(dict.fromkeys(level for column in columns for level in column.levels))
    if rising:
        union.sort(key=float)
    recoded = []
    for column in columns:
        place = np.array([union.index(level) for level in column.levels] + [np.nan])
        codes = np.where(np.isfinite(column.values), column.values, len(column.levels)).astype(int)
        recoded.append(replace(column, values=place[codes], levels=tuple(union), rising=rising))
    first = recoded[0] if len(recoded[0].there) else recoded[-1]
    counts = np.bincount(first.there.astype(int), minlength=len(union))
    if len(union) > MOST_LEVELS:
        frequent = np.argsort(-counts, kind="stable")[: MOST_LEVELS - 1]
        kept = sorted(frequent) if first.ordered else list(frequent)
    else:
        kept = list(range(len(union))) if first.ordered else list(np.argsort(-counts, kind="stable"))
    return [_keeping(column, kept) for column in recoded]


def _keeping(column: Shown, kept: Sequence[int]) -> Shown:
    """Only those levels, in that order, and all others under one name."""
    others = len(column.levels) - len(kept)
    levels = [column.levels[i] for i in kept]
    if others:
        levels.append(f"other ({others:,} levels)")
    place = np.full(len(column.levels) + 1, float(len(kept)))
    place[list(kept)] = np.arange(len(kept))
    place[-1] = np.nan
    codes = np.where(np.isfinite(column.values), column.values, len(column.levels)).astype(int)
    return replace(column, values=place[codes], levels=tuple(levels))


def _with_gaps(columns: Sequence[Shown]) -> list[Shown]:
    if all(np.isfinite(column.values).all() for column in columns):
        return list(columns)
    missing = len(columns[0].levels)
    return [
        replace(
            column,
            values=np.where(np.isfinite(column.values), column.values, missing),
            levels=(*column.levels, MISSING),
        )
        for column in columns
    ]
