"""What a user's data is, apart from the library that held it: a matrix or a frame of typed columns.

Both doors use it: pandas and numpy objects come through `from_python`, R's lists through the bridge.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np

from ..check import came, fail, positions
from .column import CATEGORIES, Column, cast, exact, from_series, joined, to_series

if TYPE_CHECKING:
    import pandas as pd

    from .array import Array

Data: TypeAlias = "Matrix | Frame | Array"
LABEL = "label"  # the name of the labels of waves and images, where they have none
LARGEST = 1e150  # beyond it, squares of numbers leave float64
WANTED = "a pandas DataFrame or a 2-d array"
REMEDY = "Remove those rows or fill them in first."


@dataclass
class Matrix:
    """A matrix of n rows by p columns of one type; `names` are its column names, or None."""

    noun: ClassVar[str] = "an array or a matrix"
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

    @property
    def has_names(self) -> bool:
        """Whether columns are known by name, not only by position."""
        return self.names is not None

    def as_waves(self) -> list[np.ndarray]:
        """Each row as a wave (points, 1)."""
        return list(self.values[:, :, None])

    def as_images(self) -> None:
        """Rows of a matrix are no images."""
        return

    @property
    def channels(self) -> None:
        """Names of a wave's channels: none."""
        return

    def to_python(self) -> np.ndarray:
        """The numpy array that went in."""
        return cast(self.values, self.type, self.dtype)


@dataclass
class Frame:
    """A data frame: columns of one length, in order; names may repeat. `like`: the class it had in R, beside that."""

    noun: ClassVar[str] = "a data frame"
    columns: list[Column]
    like: str = ""

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.columns[0].values) if self.columns else 0

    @property
    def has_names(self) -> bool:
        """Whether columns are known by name, not only by position."""
        return True

    def as_waves(self) -> None:
        """Rows of typed columns are no waves."""
        return

    def as_images(self) -> None:
        """Rows of typed columns are no images."""
        return

    @property
    def channels(self) -> None:
        """Names of a wave's channels: none."""
        return

    def take(self, rows: Any) -> Frame:
        """These rows only, by number, mask or slice."""
        return Frame([column.take(rows) for column in self.columns], self.like)

    def first(self, n: int) -> Frame:
        """The first n rows."""
        return self.take(slice(n))

    def followed_by(self, others: Sequence[Frame]) -> Frame:
        """These rows and those of others like it."""
        parts = [self, *others]
        return Frame([joined([part.columns[i] for part in parts]) for i in range(len(self.columns))], self.like)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Values and masks by name, for a file: "0.values", "0.missing" (where something is missing), "1.values"..."""
        arrays = {f"{i}.values": column.values for i, column in enumerate(self.columns)}
        masks = {f"{i}.missing": column.missing for i, column in enumerate(self.columns)}
        return arrays | {name: mask for name, mask in masks.items() if mask is not None}

    def with_arrays(self, arrays: dict[str, np.ndarray]) -> Frame:
        """A frame of the same columns with the values and masks of `to_arrays`."""
        parts = [(arrays[f"{i}.values"], arrays.get(f"{i}.missing")) for i in range(len(self.columns))]
        return Frame([column.like(*part) for column, part in zip(self.columns, parts, strict=True)], self.like)

    def to_python(self) -> pd.DataFrame:
        """The pandas DataFrame that went in, with its names and dtypes."""
        import pandas as pd

        frame: pd.DataFrame = pd.concat([to_series(column) for column in self.columns], axis=1)
        frame.columns = pd.Index([column.name for column in self.columns])
        return frame


def from_python(data: Any, argument: str = "data") -> Matrix | Frame:
    """A matrix or frame from a numpy array, a pandas DataFrame, or nested lists of numbers.

    Raises ValueError where a value is infinite, or missing in an array; TypeError where a column has a type that can't
    be learned. argument: what errors call the data.
    """
    if hasattr(data, "columns") and hasattr(data, "iloc"):
        return checked(_from_pandas(data, argument), argument)
    if isinstance(data, (list, tuple)):
        try:
            data = np.array(data)
        except ValueError:
            raise ValueError(
                f"`{argument}` must be a table of equally long rows, not rows of different lengths."
            ) from None
    if not isinstance(data, np.ndarray):
        fail(argument, WANTED, data, error=TypeError)
    if data.ndim != 2:
        flat = data.ndim == 1 and data.size
        fail(argument, WANTED, data, "Make one column of it with data.reshape(-1, 1)." if flat else "")
    if np.ma.getmaskarray(data).any():
        raise ValueError(f"`{argument}` must have no masked values. {REMEDY}")
    type = type_of(data.dtype, f"`{argument}`")
    return checked(Matrix(exact(data, f"`{argument}`"), type, None, data.dtype.name), argument)


def _from_pandas(data: pd.DataFrame, argument: str = "data") -> Frame:
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
        columns.append(from_series(name, data.iloc[:, i], f"column {came(name)} of `{argument}`"))
    return Frame(columns)


def labels_from_python(labels: Any, name: str) -> Frame:
    """Labels of an array's rows: a sequence, a Series or a DataFrame. A sequence is named `name`."""
    import pandas as pd

    if isinstance(labels, pd.DataFrame):
        return _from_pandas(labels)
    if isinstance(labels, np.ndarray) and labels.ndim != 1:
        fail("condition", "one label for each row: a sequence, a Series or a DataFrame", labels)
    series = labels if isinstance(labels, pd.Series) else pd.Series(labels)
    called = name if series.name is None else _plain(series.name)
    return Frame([from_series(called, series, "`condition`")])


def given_from_python(given: Any) -> Frame:
    """What `sample` is asked for: a dict of names to one value or several, or a DataFrame."""
    import pandas as pd

    wanted = "a dict of conditions and values, such as {'species': 'Adelie'}"
    if isinstance(given, pd.DataFrame) and len(given.columns):
        return _from_pandas(given)
    if not isinstance(given, dict) or not given:
        fail("given", wanted, given, error=TypeError)
    columns = []
    for name, value in given.items():
        several = isinstance(value, (list, tuple, np.ndarray, pd.Series, pd.Index, pd.api.extensions.ExtensionArray))
        if isinstance(value, np.ndarray) and value.ndim != 1:
            fail(f"given[{name}]", "one value, or a sequence of values", value)
        series = value if isinstance(value, pd.Series) else pd.Series(value if several else [value])
        columns.append(from_series(name, series, f"`given[{name}]`"))
    return Frame(columns)


def _plain(name: Any) -> Any:
    return name.item() if isinstance(name, np.generic) else name


def type_of(dtype: Any, where: str) -> str:
    """The type of numbers of that dtype; a TypeError that says where, for anything else."""
    if dtype.kind in "iu":
        return "integer"
    if dtype.kind == "f":
        return "double"
    found = {"U": "text", "M": "dates", "b": "logical", "O": "objects"}.get(dtype.kind, f"of type {dtype}")
    raise TypeError(f"{where} must be numeric, not {found}. Turn it into numbers or into a data frame first.")


def checked(data: Matrix | Frame, argument: str = "data") -> Matrix | Frame:
    """The same data, once it is known to have two rows, a column, and no infinite values.

    A missing value is data in a frame, and refused in a matrix.
    """
    if isinstance(data, Frame) and not data.columns:
        raise ValueError(f"`{argument}` must have at least one column, not none.")
    if isinstance(data, Matrix) and data.values.shape[1] == 0:
        raise ValueError(f"`{argument}` must have at least one column, not none.")
    if data.rows < 2:
        raise ValueError(f"`{argument}` must have at least two rows, not {data.rows}.")
    if isinstance(data, Matrix) and np.isfinite(data.values).all() and np.abs(data.values).max() <= LARGEST:
        return data
    check_numbers(data.columns, argument)
    return data


def check_numbers(columns: Iterable[Column], argument: str = "data") -> None:
    """Raise ValueError where a number is infinite, missing without being marked so, or too large to compute with."""
    for column in columns:
        if column.type not in CATEGORIES:
            _check_numbers(column, argument)


def _check_numbers(column: Column, argument: str) -> None:
    values = column.values if column.missing is None else np.where(column.missing, 0.0, column.values)
    for what, mask in (("missing", np.isnan(values)), ("infinite", np.isinf(values))):
        if mask.any():
            raise ValueError(
                f"`{argument}` must have finite values only, not a{'n' if what == 'infinite' else ''} {what} one in"
                f" column {came(column.name)} ({positions(mask)}). {REMEDY}"
            )
    size = np.abs(values)
    if (size > LARGEST).any():
        raise ValueError(
            f"`{argument}` must have numbers of at most {LARGEST:g} in size, not {came(values[size.argmax()])} in"
            f" column {came(column.name)} ({positions(size > LARGEST)}). {REMEDY}"
        )
