"""Tables: a matrix of one type, or a frame of columns that have types of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..check import came, positions
from .base import LARGEST, REMEDY, Data
from .column import NUMBERS, Column, cast
from .pandas import numpy_name, to_dataframe
from .schema import Schema

if TYPE_CHECKING:
    import pandas as pd

LABEL = "label"  # the name of the labels of waves and images, if they have none


@dataclass
class Matrix(Data):
    """A matrix of n rows by p columns of one type.

    names: of the columns, or None. dtype: numpy's name of the dtype that it had; None from R. like: None, or for waves
    that are rows of a data frame the class that this had in R, if any ("").
    """

    values: np.ndarray
    type: str = "double"
    names: list[str] | None = None
    dtype: str | None = None
    like: str | None = None

    noun = "an array or a matrix"

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.values.shape[0])

    @property
    def columns(self) -> list[Column]:
        """The same values as columns, named 1, 2, ... if they have no names."""
        names: Sequence[Any] = self.names or [str(i + 1) for i in range(self.values.shape[1])]
        return [Column(name, self.type, self.values[:, i], self.dtype) for i, name in enumerate(names)]

    @property
    def has_names(self) -> bool:
        """Whether its columns have names."""
        return self.names is not None

    def as_waves(self) -> list[np.ndarray]:
        """Each row as a wave (points, 1)."""
        return list(self.values[:, :, None])

    @property
    def schema(self) -> Schema:
        """Form, size, names and type."""
        return Schema("matrix", self.rows, self.names, self.type, self.dtype or "", like=self.like)

    def take(self, rows: Any) -> Matrix:
        """These rows only, by index, mask or slice."""
        return replace(self, values=self.values[rows])

    def followed_by(self, others: Sequence[Matrix]) -> Matrix:
        """These rows and those of other matrices."""
        values = np.concatenate([self.values, *(other.values for other in others)])
        return replace(self, values=values)

    def with_columns(self, columns: Sequence[Column]) -> Matrix:
        """A matrix with the values of these columns."""
        whole = all(column.type == "integer" for column in columns)
        values = np.stack([column.values for column in columns], axis=1)
        return replace(self, values=values, type="integer" if whole else "double")

    def checked(self, argument: str = "data") -> Matrix:
        """The same matrix, validated: two rows, a column, finite values of a size that can be computed with."""
        _check_size(self, self.values.shape[1], argument)
        low, high = self.values.min(), self.values.max()  # NaN if one value is
        if not (low >= -LARGEST and high <= LARGEST):
            check_numbers(self.columns, argument)
        return self

    def to_python(self) -> np.ndarray | pd.DataFrame:
        """The numpy array, or the data frame of waves, that went in."""
        return cast(self.values, self.type, self.dtype) if self.like is None else to_dataframe(self.columns)


class Frame(Data):
    """A data frame: columns of one length, in order; names may repeat. `like`: the class that it had in R, if any."""

    noun = "a data frame"
    is_frame = True

    def __init__(self, columns: list[Column], like: str = "") -> None:
        self._columns = columns
        self.like = like

    @property
    def columns(self) -> list[Column]:
        """The columns."""
        return self._columns

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.columns[0].values) if self.columns else 0

    @property
    def names(self) -> list[Any]:
        """Names of the columns."""
        return [column.name for column in self.columns]

    @property
    def has_names(self) -> bool:
        """Always."""
        return True

    def as_waves(self) -> list[np.ndarray] | None:
        """Each row as a wave (points, 1), if all columns are numbers."""
        return self.as_matrix().as_waves() if self.columns and self.not_a_number is None else None

    @property
    def not_a_number(self) -> Column | None:
        """The first column with anything but numbers; None if there is none."""
        return next((column for column in self.columns if column.type not in NUMBERS or column.any_missing), None)

    def as_matrix(self) -> Matrix:
        """Columns of numbers as one matrix, which becomes a data frame again."""
        first = self.columns[0]
        whole = all(column.type == "integer" for column in self.columns)
        dtypes = {column.dtype for column in self.columns}
        values = np.stack([column.values for column in self.columns], axis=1)
        dtype: str | None = "int64" if whole else "float64"
        if len(dtypes) == 1 and not (first.dtype or "").startswith("object"):
            dtype = None if first.dtype is None else numpy_name(first.dtype)
        return Matrix(values, "integer" if whole else "double", self.names, dtype, self.like)

    @property
    def schema(self) -> Schema:
        """Form, size, names and types; the encodings are not known yet."""
        return Schema("frame", self.rows, self.names, types=[c.type for c in self.columns], like=self.like)

    def take(self, rows: Any) -> Frame:
        """These rows only, by index, mask or slice."""
        return Frame([column.take(rows) for column in self.columns], self.like)

    def followed_by(self, others: Sequence[Frame]) -> Frame:
        """These rows and those of other frames with the same columns."""
        columns = [column.followed_by([other.columns[i] for other in others]) for i, column in enumerate(self.columns)]
        return Frame(columns, self.like)

    def with_columns(self, columns: Sequence[Column]) -> Frame:
        """A frame of these columns."""
        return Frame(list(columns), self.like)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Values and masks by name, for a file: "0.values", "0.missing" (if any value is missing), "1.values" ..."""
        arrays = {f"{i}.values": column.values for i, column in enumerate(self.columns)}
        masks = {f"{i}.missing": column.missing for i, column in enumerate(self.columns) if column.any_missing}
        return arrays | masks

    def with_arrays(self, arrays: dict[str, np.ndarray]) -> Frame:
        """A frame of the same columns with the values and masks of `to_arrays`."""
        parts = [(arrays[f"{i}.values"], arrays.get(f"{i}.missing")) for i in range(len(self.columns))]
        return Frame([column.like(*part) for column, part in zip(self.columns, parts, strict=True)], self.like)

    def checked(self, argument: str = "data") -> Frame:
        """The same frame, validated: two rows, a column, no infinite number. A missing value is data."""
        _check_size(self, len(self.columns), argument)
        check_numbers(self.columns, argument)
        return self

    def to_python(self) -> pd.DataFrame:
        """The pandas DataFrame that went in, with its names and dtypes."""
        return to_dataframe(self.columns)


GivenForm = Literal["values", "range", "set"]


class Given(Frame):
    """What `sample` is asked for, by columns.

    forms: of each column, "values" (one, or one for each row), "range" (the lowest and the highest) or "set".
    """

    def __init__(self, columns: list[Column], forms: Sequence[GivenForm]) -> None:
        super().__init__(columns)
        self.forms = list(forms)


def _check_size(data: Data, columns: int, argument: str) -> None:
    if columns == 0:
        raise ValueError(f"`{argument}` must have at least one column, not none.")
    if data.rows < 2:
        raise ValueError(f"`{argument}` must have at least two rows, not {data.rows}.")


def check_numbers(columns: Iterable[Column], argument: str) -> None:
    """Raise ValueError for a number that is infinite, missing without being marked so, or too large to compute with."""
    for column in columns:
        if column.numeric:
            _check_numbers(column, argument)


def _check_numbers(column: Column, argument: str) -> None:
    values = np.where(column.missing, 0.0, column.values)
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
