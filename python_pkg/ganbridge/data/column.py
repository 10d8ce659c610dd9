"""One column: its values, their type, and which of them are missing, without the library that held it.

Numbers, categories, dates and time spans are all float64 values with a type beside them; what is missing is marked in
a mask, never among the values. pandas.py reads columns from pandas and writes them back, plain.py does so for R.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..stored import Rule, choice, label, listed, optional, refuse, require, text, values
from .zones import is_zone

NUMBERS = ("double", "integer")
TIMES = ("date", "datetime", "difftime")
CATEGORIES = ("logical", "factor", "ordered", "text")
COLUMN_TYPES = (*NUMBERS, *TIMES, *CATEGORIES)
EXACT = 2**53  # the largest whole number up to which float64 holds every one
EPOCH = datetime.date(1970, 1, 1)
TRUTH = [False, True]  # the levels of every logical column
UNITS = {"secs": 1.0, "mins": 60.0, "hours": 3600.0, "days": 86400.0, "weeks": 604800.0}
R_CLASSES = ("hms", "IDate", "POSIXct")  # the last one without a `tzone`
R_ATTRIBUTES: dict[str, Rule] = {"label": optional(text()), "class": optional(choice(R_CLASSES))}
RULES: dict[str, Rule] = {
    "name": label,
    "type": choice(COLUMN_TYPES),
    "dtype": text(100),
    "levels": optional(listed(label)),
    "unit": text(100),
    "r_attributes": optional(lambda name, value: values(name, value, R_ATTRIBUTES, dict.fromkeys(R_ATTRIBUTES))),
}
# Names of the dtypes that a column of each type may have had in pandas; a file holds no others, as "S999999999".
_OBJECTS = r"object:(None|nan|NA)"
_OF_NUMBERS = r"[fF]loat(16|32|64)|float(96|128)|(halffloat|float|double)\[pyarrow\]"
_OF_WHOLE = r"(u?int|U?Int)(8|16|32|64)|u?int(8|16|32|64)\[pyarrow\]"
_OF_TRUTH = r"bool|boolean|bool\[pyarrow\]"
_OF_TEXTS = r"str|string|string\[(python|pyarrow|pyarrow_numpy)\]|large_string\[pyarrow\]"
_CATEGORY = rf"category\[(object|{_OF_NUMBERS}|{_OF_WHOLE}|{_OF_TRUTH}|{_OF_TEXTS})\]"
_UNIT = r"(s|ms|us|ns)"
DTYPES = {
    "double": f"{_OF_NUMBERS}|{_OBJECTS}",
    "integer": f"{_OF_WHOLE}|{_OBJECTS}",
    "date": _OBJECTS,
    "datetime": rf"datetime64\[{_UNIT}(, (?P<zone>[^\[\]]+))?\]",
    "difftime": rf"timedelta64\[{_UNIT}\]",
    "logical": f"{_OF_TRUTH}|{_OBJECTS}",
    "factor": _CATEGORY,
    "ordered": _CATEGORY,
    "text": f"{_OF_TEXTS}|{_OBJECTS}",
}
LONGEST_SHOWN = 60  # letters of a level
_NONE_MISSING = np.zeros(0, dtype=bool)


@dataclass(frozen=True, eq=False)
class Column:
    """One column of n values.

    values: float64 (n,). double, integer: the numbers; date: days since 1970-01-01; datetime: seconds since then (UTC);
        difftime: in `unit`; logical, factor, ordered, text: codes that count `levels` from 0. Any finite number
        if missing.
    dtype: the name of the dtype that it had in pandas or numpy, and gets there again; None for a column from R, which
        has one class for each type.
    levels: of factor, ordered and text. missing: mask, bool (n,); left out if nothing is missing.
    unit: of a difftime; the time zone of a datetime.
    r_attributes: what R has beside these, if anything: the "label" of the variable, and a "class" of R_CLASSES.
    """

    name: Any
    type: str
    values: np.ndarray
    dtype: str | None = None
    levels: list[Any] | None = None
    missing: np.ndarray = field(default_factory=lambda: _NONE_MISSING)
    unit: str = ""
    r_attributes: dict[str, str] | None = None

    def __post_init__(self) -> None:
        if self.missing is _NONE_MISSING:
            object.__setattr__(self, "missing", np.zeros(len(self.values), dtype=bool))

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers, dates or time spans, and not codes of a category."""
        return self.type not in CATEGORIES

    @property
    def machine_clock(self) -> bool:
        """Whether times are what the machine's clock shows, as R's are without a time zone; pandas' are UTC then."""
        return self.dtype is None and not self.unit

    @property
    def any_missing(self) -> bool:
        """Whether any value is missing."""
        return bool(self.missing.any())

    @property
    def present(self) -> np.ndarray:
        """The values that are not missing."""
        return self.values[~self.missing] if self.any_missing else self.values

    @property
    def labels(self) -> list[Any]:
        """What the codes of a category stand for."""
        return TRUTH if self.type == "logical" else list(self.levels or [])

    @property
    def codes(self) -> np.ndarray:
        """Of a category: int64 codes (n,), in which missing is one more level, after all others."""
        return np.asarray(np.where(self.missing, len(self.labels), self.values).astype(np.int64))

    @property
    def seconds(self) -> float:
        """Seconds in the unit of a difftime."""
        return UNITS[self.unit or "secs"]

    def to_dict(self) -> dict[str, Any]:
        """What a file holds of a column beside its values, as plain values for JSON."""
        plain = {**{name: getattr(self, name) for name in RULES}, "dtype": self.dtype or ""}
        return {name: value for name, value in plain.items() if name != "r_attributes" or value}

    @classmethod
    def from_dict(cls, plain: Any) -> Column:
        """A column without a row: the inverse of `to_dict`. Raises BadFileError for what no column has."""
        plain = values("column", plain, RULES, {"r_attributes": None})
        column = cls(values=np.zeros(0), **{**plain, "dtype": plain["dtype"] or None})
        levels, leveled = column.levels, column.type in CATEGORIES and column.type != "logical"
        require((levels is not None) == leveled, f"`column.levels` does not go with the type {column.type}")
        different = levels is None or len(set(map(_known_by, levels))) == len(levels)
        require(different and None not in (levels or []), "`column.levels` must be different, and none missing")
        name = re.fullmatch(DTYPES[column.type], column.dtype or "")
        if column.dtype and name is None:
            refuse(f"`column.dtype` does not go with the type {column.type}")
        if column.type == "datetime":
            require(not column.unit or is_zone(column.unit), "`column.unit` must be the name of a time zone")
            require(name is None or (name["zone"] or "") == column.unit, "`column.dtype` must have the zone of `unit`")
        else:
            known = UNITS if column.type == "difftime" else ()
            require(not column.unit or column.unit in known, "`column.unit` must be a unit of time spans")
        return column

    def take(self, rows: Any) -> Column:
        """The same column with these rows only, by index, mask or slice."""
        return replace(self, values=self.values[rows], missing=self.missing[rows])

    def like(self, values: np.ndarray, missing: np.ndarray | None = None) -> Column:
        """A column of the same name, type and levels with other values."""
        return replace(self, values=values, missing=_NONE_MISSING if missing is None else missing)

    def followed_by(self, others: Sequence[Column]) -> Column:
        """These values and those of other columns like it, below each other."""
        parts = [self, *others]
        return self.like(np.concatenate([p.values for p in parts]), np.concatenate([p.missing for p in parts]))

    def shown(self, row: int) -> str:
        """One value in few words."""
        if self.missing[row]:
            return "missing"
        value = float(self.values[row])
        if self.type in CATEGORIES:
            label = str(self.labels[int(value)])
            return label if len(label) <= LONGEST_SHOWN else f"{label[: LONGEST_SHOWN - 3]}..."
        if self.type == "date":
            return str(EPOCH + datetime.timedelta(days=math.floor(value)))
        if self.type == "datetime":
            return datetime.datetime.fromtimestamp(value, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M")
        return f"{value:.4g}" + (f" {self.unit}" if self.type == "difftime" else "")


def _known_by(level: Any) -> Any:
    """What a level is told apart by: 1, 1.0 and True are different levels."""
    return type(level).__name__, level


def check_exact(size: float, where: str) -> None:
    """Raise ValueError for a whole number of a size that float64 does not hold; where: what errors call it."""
    if size > EXACT:
        raise ValueError(
            f"{where} must hold whole numbers of at most 2^53 in size. Subtract a constant first, or turn it into text."
        )


def exact(values: np.ndarray, where: str) -> np.ndarray:
    """The numbers as float64. Raises ValueError for whole numbers that float64 does not hold; where: as above."""
    if values.dtype.kind in "iu" and values.size:
        check_exact(max(abs(int(values.min())), abs(int(values.max()))), where)
    return np.ascontiguousarray(values, dtype=np.float64)


def cast(values: np.ndarray, column_type: str, dtype: str | None) -> np.ndarray:
    """Numbers in the numpy dtype that they had; None, from R, stands for int64 or float64."""
    wanted = np.dtype(dtype or ("int64" if column_type == "integer" else "float64"))
    bounds = np.iinfo(wanted) if column_type == "integer" else np.finfo(wanted)
    # A range margin may reach beyond what the dtype holds; 2^63 itself is not an int64, but the double below it is.
    low, high = float(bounds.min), float(bounds.max)
    high = high if high <= bounds.max else float(np.nextafter(high, 0.0))
    return values.clip(low, high).astype(wanted, copy=False)
