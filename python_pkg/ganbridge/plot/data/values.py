"""What a column is for a plot: numbers, dates, or categories in an order, each with missing values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ... import check
from ...data import Column
from ...data.base import Data
from ...data.pandas import as_dataframe, clock_days, from_series

DAY = 86400.0  # seconds
R_TRUTH = ("FALSE", "TRUE")


@dataclass(frozen=True)
class PlotColumn:
    """One column: `values` (n,) are numbers, days since 1970, or indices of `levels`; NaN if the value is missing."""

    name: str
    column_type: str  # "number", "time" or "category"
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
        return self.column_type != "category"


class Source:
    """A data set by its columns: a pandas DataFrame or Series, a one- or two-dimensional array, or nested lists.

    It may also be data as the core has it, which came from R; there, columns without names are counted from 1.
    """

    def __init__(self, argument: str, data: Any) -> None:
        self.argument, self.given = argument, data
        self._from_r = isinstance(data, Data)
        if isinstance(data, Data):
            columns = data.columns
            self._column: Callable[[int], Column] = columns.__getitem__
            self.named, self.rows = data.has_names, data.rows
            names = [column.name for column in columns]
            self.given = np.broadcast_to(0.0, (self.rows, len(names)))  # what errors say of it
        else:
            frame, self.named = as_dataframe(data, argument)
            self._column = lambda i: from_series(self.names[i], frame.iloc[:, i], self._words(i), lenient=True)
            names, self.rows = list(frame.columns), len(frame)
        self.names = [str(name) if self.named else f"column {name}" for name in names]
        if self.rows < 1 or not self.names:
            check.fail(argument, "data with at least one row and one column", self.given)

    def column(self, index: int) -> PlotColumn:
        """The column of that index, as a plot shows it."""
        return plot_column(self.names[index], self._column(index), self._from_r)

    def _words(self, index: int) -> str:
        return f"column {check.came(self.names[index])} of `{self.argument}`"

    def indices_in(self, other: Source, chosen: Sequence[int]) -> list[int]:
        """Indices of the chosen columns in the other data set: by name if both have names, otherwise the same."""
        if self.named and other.named:
            absent = [self.names[i] for i in chosen if self.names[i] not in other.names]
            if absent:
                names = ", ".join(map(check.came, other.names[:6])) + (", ..." if len(other.names) > 6 else "")
                raise ValueError(
                    f"`{other.argument}` must have the columns of the generated data, but {check.came(absent[0])} is"
                    f" not among {names}."
                )
            return [_same_occurrence(self.names, other.names, i) for i in chosen]
        if len(self.names) != len(other.names):
            check.fail(other.argument, f"data with {len(self.names)} columns", other.given)
        return list(chosen)


def _same_occurrence(names: list[str], others: list[str], i: int) -> int:
    """The same occurrence of a name, because names may repeat."""
    earlier = names[:i].count(names[i])
    indices = [j for j, name in enumerate(others) if name == names[i]]
    return indices[min(earlier, len(indices) - 1)]


def plot_column(name: str, column: Column, from_r: bool = False) -> PlotColumn:
    """A column as a plot shows it."""
    if not column.numeric:
        values = np.where(column.missing, np.nan, column.values)
        words = R_TRUTH if from_r and column.type == "logical" else tuple(map(str, column.labels))
        return PlotColumn(name, "category", values, words, ordered=column.type != "text")
    if column.type == "datetime":
        return PlotColumn(name, "time", _finite(column, clock_days(column)))
    if column.type == "date":
        return PlotColumn(name, "time", _finite(column, column.values))
    if column.type == "difftime":
        return PlotColumn(f"{name} (days)", "number", _finite(column, column.values * column.seconds / DAY))
    return PlotColumn(name, "number", _finite(column, column.values))


def _finite(column: Column, values: np.ndarray) -> np.ndarray:
    """The values, with NaN for what is missing or infinite."""
    return np.where(column.missing | ~np.isfinite(values), np.nan, values)
