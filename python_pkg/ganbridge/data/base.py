"""What all forms of data have in common; table.py and array.py hold the forms."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from .column import Column
from .schema import Schema

if TYPE_CHECKING:
    from typing_extensions import Self

    from .survey import Survey

LARGEST = 1e150  # beyond it, squares of numbers leave float64
REMEDY = "Remove those rows or fill them in first."


class Data(ABC):
    """n rows of a user's data, apart from the library that held it.

    noun: what errors call it. is_frame: whether each column has its own type, so that some can be conditions.
    is_ragged: whether rows have different lengths. survey: what was found in all rows of
    a table, if these are a sample.
    """

    noun: ClassVar[str]
    survey: Survey | None = None
    is_frame: ClassVar[bool] = False
    is_ragged: ClassVar[bool] = False

    @property
    @abstractmethod
    def rows(self) -> int:
        """Number of rows."""

    @property
    @abstractmethod
    def columns(self) -> list[Column]:
        """The values as columns, which all have names."""

    @property
    @abstractmethod
    def names(self) -> list[Any] | None:
        """Names of the columns of a table, or of the channels of waves and images; None if there are none."""

    @property
    @abstractmethod
    def schema(self) -> Schema:
        """What the data is, apart from its values."""

    @property
    def parts(self) -> list[Any]:
        """All that makes up the data, as arrays and plain values; two data are the same if these are."""
        columns = self.columns
        plain = [(str(c.name), c.type, c.dtype, c.unit, [str(level) for level in c.levels or []]) for c in columns]
        return [plain, *(part for c in columns for part in (c.values, c.missing))]

    @property
    def has_names(self) -> bool:
        """Whether columns are known by names that the user gave them, and not by their position only."""
        return False

    @property
    def channels(self) -> list[str] | None:
        """Names of the channels of each row; None if a row has no dimension for them."""
        return None

    def as_waves(self) -> list[np.ndarray] | None:
        """Each row as a wave (points, channels); None if rows are not of that form."""
        return None

    def as_images(self) -> np.ndarray | None:
        """The rows as images (n, height, width, channels); None if rows are not of that form."""
        return None

    @abstractmethod
    def take(self, rows: Any) -> Self:
        """These rows only, by index, mask or slice."""

    @abstractmethod
    def followed_by(self, others: Sequence[Self]) -> Self:
        """These rows and those of others of the same form."""

    def first(self, n: int) -> Self:
        """The first n rows."""
        return self.take(slice(n))

    @abstractmethod
    def checked(self, argument: str = "data") -> Self:
        """The same data, validated: at least two rows, and no number that can't be computed with.

        argument: what errors call the data.
        """

    @abstractmethod
    def to_python(self) -> Any:
        """The numpy array, list or pandas DataFrame that went in."""


def type_of(dtype: Any, where: str) -> str:
    """The type of numbers of that dtype; otherwise a TypeError that says where it is."""
    if dtype.kind in "iu":
        return "integer"
    if dtype.kind == "f":
        return "double"
    kind = {"U": "text", "M": "dates", "b": "logical", "O": "objects"}.get(dtype.kind, f"of type {dtype}")
    raise TypeError(f"{where} must be numeric, not {kind}. Turn it into numbers or into a data frame first.")
