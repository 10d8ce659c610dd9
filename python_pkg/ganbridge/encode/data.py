"""What a user's data is, apart from the library that held it: a matrix or a frame of typed columns.

Both doors use it: pandas and numpy objects come through `from_python`, R's lists through the bridge. Values are
float64; what they were (integer, float32, ...) stands beside them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..check import came, fail, positions

if TYPE_CHECKING:
    import pandas as pd

EXACT = 2**53  # the largest whole number up to which float64 holds every one
LARGEST = 1e150  # beyond it, squares of numbers leave float64
COLUMN_TYPES = ("double", "integer")
WANTED = "a pandas DataFrame or a 2-d array"
REMEDY = "Remove those rows or fill them in first."


@dataclass
class Column:
    """One column: float64 values of shape (n,), its type, and the dtype that it came in (empty from R)."""

    name: Any
    type: str
    values: np.ndarray
    dtype: str = ""


@dataclass
class Matrix:
    """A matrix of n rows by p columns of one type; `names` are its column names, or None."""

    values: np.ndarray
    type: str = "double"
    names: list[str] | None = None
    dtype: str = ""

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.values.shape[0])

    @property
    def columns(self) -> list[Column]:
        """The same values as columns, named 1, 2, ... where they have no names."""
        names: Sequence[Any] = self.names or [str(i + 1) for i in range(self.values.shape[1])]
        return [Column(name, self.type, self.values[:, i], self.dtype) for i, name in enumerate(names)]

    def to_python(self) -> np.ndarray:
        """The numpy array that went in."""
        return cast(self.values, self.type, self.dtype)


@dataclass
class Frame:
    """A data frame: columns of one length, in order; names may repeat."""

    columns: list[Column]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.columns[0].values) if self.columns else 0

    def to_python(self) -> pd.DataFrame:
        """The pandas DataFrame that went in, with its names and dtypes."""
        import pandas as pd

        values = [pd.Series(cast(column.values, column.type, column.dtype)) for column in self.columns]
        frame = pd.concat(values, axis=1)
        frame.columns = pd.Index([column.name for column in self.columns])
        return frame


Data = Matrix | Frame  # arrays.py has the other forms


def cast(values: np.ndarray, type: str, dtype: str) -> np.ndarray:
    """Values in the dtype that they came in; empty means R's, where there are doubles and integers only."""
    wanted = np.dtype(dtype or ("int64" if type == "integer" else "float64"))
    bounds = np.iinfo(wanted) if type == "integer" else np.finfo(wanted)
    # A range margin may reach beyond what the dtype holds; 2^63 itself is not an int64, but the double below it is.
    low, high = float(bounds.min), float(bounds.max)
    high = high if high <= bounds.max else float(np.nextafter(high, 0.0))
    return values.clip(low, high).astype(wanted, copy=False)


def from_python(data: Any) -> Data:
    """A matrix or frame from a numpy array, a pandas DataFrame, or nested lists of numbers.

    Raises ValueError where a value is missing or infinite, TypeError where a column is not numeric.
    """
    if hasattr(data, "columns") and hasattr(data, "iloc"):
        return checked(_from_pandas(data))
    if isinstance(data, (list, tuple)):
        try:
            data = np.array(data)
        except ValueError:
            raise ValueError("`data` must be a table of equally long rows, not rows of different lengths.") from None
    if not isinstance(data, np.ndarray):
        fail("data", WANTED, data, error=TypeError)
    if data.ndim != 2:
        flat = data.ndim == 1 and data.size
        fail("data", WANTED, data, "Make one column of it with data.reshape(-1, 1)." if flat else "")
    if np.ma.getmaskarray(data).any():
        raise ValueError(f"`data` must have no masked values. {REMEDY}")
    type = type_of(data.dtype, "`data`")
    return checked(Matrix(_exact(data, "`data`"), type, None, data.dtype.name))


def _from_pandas(data: pd.DataFrame) -> Frame:
    columns = []
    for i, name in enumerate(map(_plain, data.columns)):
        if isinstance(name, tuple):
            raise ValueError(
                f"`data` must have one name per column, not one on each of {len(name)} levels."
                " Join them first, for instance with data.columns = data.columns.map(str)."
            )
        if not (name is None or isinstance(name, (str, int)) or (isinstance(name, float) and math.isfinite(name))):
            raise TypeError(
                f"`data` must have columns named by texts or numbers, not by {came(name)}."
                " Rename them first, for instance with data.columns = data.columns.map(str)."
            )
        series = data.iloc[:, i]
        where = f"column {came(name)} of `data`"
        type = type_of(series.dtype, where)
        columns.append(Column(name, type, _exact(series.to_numpy(), where), str(series.dtype)))
    return Frame(columns)


def _plain(name: Any) -> Any:
    return name.item() if isinstance(name, np.generic) else name


def type_of(dtype: Any, where: str) -> str:
    """The type of a column of that dtype; a TypeError that says where, unless it is numeric."""
    if isinstance(dtype, np.dtype) and dtype.kind in "iu":
        return "integer"
    if isinstance(dtype, np.dtype) and dtype.kind == "f":
        return "double"
    kind = "U" if str(dtype) in ("str", "string") else getattr(dtype, "kind", "")
    found = {"U": "text", "M": "dates", "b": "logical"}.get(kind, f"of type {dtype}")
    remedy = "Turn it into numbers first." if where == "`data`" else "Drop it or turn it into numbers first."
    raise TypeError(f"{where} must be numeric, not {found}. {remedy}")


def _exact(values: np.ndarray, where: str) -> np.ndarray:
    if values.dtype.kind in "iu" and values.size and max(abs(int(values.min())), abs(int(values.max()))) > EXACT:
        raise ValueError(f"{where} must hold whole numbers of at most 2^53 in size. Subtract a constant first.")
    return np.ascontiguousarray(values, dtype=np.float64)


def checked(data: Data) -> Data:
    """The same data, once it is known to have two rows, a column, and finite values only."""
    if isinstance(data, Frame) and not data.columns:
        raise ValueError("`data` must have at least one column, not none.")
    if isinstance(data, Matrix) and data.values.shape[1] == 0:
        raise ValueError("`data` must have at least one column, not none.")
    if data.rows < 2:
        raise ValueError(f"`data` must have at least two rows, not {data.rows}.")
    if isinstance(data, Matrix) and np.isfinite(data.values).all() and np.abs(data.values).max() <= LARGEST:
        return data
    for column in data.columns:
        for what, mask in (("missing", np.isnan(column.values)), ("infinite", np.isinf(column.values))):
            if mask.any():
                raise ValueError(
                    f"`data` must have finite values only, not a{'n' if what == 'infinite' else ''} {what} one in"
                    f" column {came(column.name)} ({positions(mask)}). {REMEDY}"
                )
        size = np.abs(column.values)
        if (size > LARGEST).any():
            raise ValueError(
                f"`data` must have numbers of at most {LARGEST:g} in size, not {came(column.values[size.argmax()])} in"
                f" column {came(column.name)} ({positions(size > LARGEST)}). {REMEDY}"
            )
    return data
