"""One column as judging sees it: numbers, or codes of a category, with a mask of what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Variable:
    """n values under one name.

    values: float64 (n,), the numbers, or the codes of a category, which count its levels from 0; anything finite where
    missing. levels: how many levels a category has; None for numbers. missing: bool (n,).
    """

    name: str
    values: np.ndarray
    levels: int | None = None
    missing: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __post_init__(self) -> None:
        if len(self.missing) != len(self.values):
            object.__setattr__(self, "missing", np.zeros(len(self.values), dtype=bool))

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers."""
        return self.levels is None

    @property
    def present(self) -> np.ndarray:
        """The values that are not missing."""
        return np.asarray(self.values[~self.missing])

    @property
    def codes(self) -> np.ndarray:
        """Of a category: int64 codes, in which what is missing is a level of its own, after all others."""
        codes: np.ndarray = np.where(self.missing, self.levels or 0, self.values).astype(np.int64)
        return codes

    def take(self, rows: Any) -> Variable:
        """The same column with these rows only, by number, mask or slice."""
        return Variable(self.name, self.values[rows], self.levels, self.missing[rows])


Sample = list[Variable]  # columns of one length; two samples to compare have the same columns in the same order


def take(sample: Sample, rows: Any) -> Sample:
    """These rows of every column."""
    return [variable.take(rows) for variable in sample]


def distinct_codes(sample: Sample) -> np.ndarray:
    """Rows as exact numbers (n, 2p): values, with 0 where missing, and the mask."""
    columns = [np.where(variable.missing, 0.0, variable.values) + 0.0 for variable in sample]
    return np.stack([*columns, *(variable.missing.astype(np.float64) for variable in sample)], 1)
