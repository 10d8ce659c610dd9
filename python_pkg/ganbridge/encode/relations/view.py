"""A column as the search for relations sees it: values with NaN, and codes of what is equal."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ...data import Column
from ..decimals import decimals_of

TRIED = 4096  # rows that show how many decimals a column has, before all of them are looked at


class View:
    """One column of n rows, in an order in which neighbouring rows have nothing to do with each other.

    values (n,): NaN if missing. codes (n,): of distinct values, counted from 0; what is missing is the last one.
    """

    def __init__(self, column: Column, index: int, order: np.ndarray) -> None:
        self.column, self.index = column, index
        self.name = str(column.name)
        self.numeric = column.numeric
        self.missing = column.missing[order]
        self.values = np.where(self.missing, np.nan, column.values[order])
        self.any_missing = bool(self.missing.any())

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def distinct(self) -> np.ndarray:
        """The distinct values that are present, rising."""
        self.codes  # noqa: B018 - sets both
        return self._distinct

    @cached_property
    def codes(self) -> np.ndarray:
        """Codes (n,) of the distinct values; `len(distinct)` is missing."""
        if self.numeric:
            self._distinct, codes = np.unique(self.values, return_inverse=True)
            if self.any_missing:  # all NaN are one value of numpy's, the last one
                self._distinct = self._distinct[:-1]
            return np.asarray(codes.ravel().astype(np.int32))
        codes = np.where(self.missing, len(self.column.labels), np.nan_to_num(self.values)).astype(np.int64)
        present = np.bincount(codes, minlength=len(self.column.labels) + 1) > 0
        self._distinct = np.flatnonzero(present[:-1]).astype(np.float64)
        return np.asarray((np.cumsum(present) - 1)[codes].astype(np.int32))

    @cached_property
    def counts(self) -> np.ndarray:
        """Rows of each distinct value (k,)."""
        return np.bincount(self.codes, minlength=len(self.distinct) + 1)[: len(self.distinct)]

    @cached_property
    def by_value(self) -> np.ndarray:
        """Indices of the rows that are present, in the order of their values."""
        order = np.argsort(self.codes, kind="stable")
        return np.asarray(order[: len(order) - int(self.missing.sum())])

    @property
    def constant(self) -> bool:
        """Whether there are not two different values."""
        return len(self.distinct) < 2

    @cached_property
    def decimals(self) -> int | None:
        """Fewest decimals that hold every value; None if there is no such."""
        present = self.values[~self.missing]
        if not self.numeric or not len(present):
            return None
        few = decimals_of(present[:TRIED], self.column.dtype)
        return None if few is None else decimals_of(present, self.column.dtype)

    @property
    def step(self) -> float:
        """Distance of neighbouring values on the grid of the decimals; 0 if there is none."""
        return 0.0 if self.decimals is None else 10.0**-self.decimals
