"""A column that is computed from others."""

from __future__ import annotations

import numpy as np

from ... import stored
from ...data import Column
from .day import Day
from .determined import Determined
from .linear import Linear
from .part import Part
from .span import Span
from .step import Columns, Step, column_of, replace_column, values_in

Computing = Determined | Linear | Day | Part | Span  # what computes the last of its columns


def computed(relation: Computing, columns: Columns) -> np.ndarray:
    """The last column of a relation (n,) by its others, NaN for missing."""
    values = values_in(columns, relation, relation.columns[:-1])
    if isinstance(relation, Determined):
        return relation.result(values)[0]
    if isinstance(relation, Part):
        return relation.result(values[0])[0]
    return relation.result(values[0]) if isinstance(relation, Day) else relation.result(values)


class Computed(Step):
    """One relation computes the target, its last column."""

    kinds = (Determined, Linear, Day, Part, Span)

    def check(self) -> None:
        """See `Step`."""
        super().check()
        alone = len(self.relations) == 1 and self.relations[0].columns[-1] == self.target
        stored.require(alone, f"a step ({self.name}) computes another column")


class Compute(Computed):
    """The target is not generated at all."""

    name = "compute"

    def reduce(self, columns: Columns) -> None:
        """See `Step`."""
        del columns[self.target]

    def restore(self, columns: Columns) -> None:
        """See `Step`."""
        columns[self.target] = column_of(self.like, computed(self.relations[0], columns))


class Replace(Compute):
    """The target is generated, as nothing else would be left, and replaced."""

    name = "replace"

    def reduce(self, columns: Columns) -> None:
        """See `Step`."""


class Flagged(Compute):
    """The target is not generated; whether it is missing, is."""

    name = "flagged"

    @property
    def replacement(self) -> str:
        """The name of the column that says where it is missing."""
        return f"{self.target} (missing)"

    def reduce(self, columns: Columns) -> None:
        """See `Step`."""
        missing = columns[self.target].missing.astype(np.float64)
        replace_column(columns, self.target, Column(self.replacement, "logical", missing))

    def restore(self, columns: Columns) -> None:
        """See `Step`."""
        column = column_of(self.like, computed(self.relations[0], columns))
        column = column.like(column.values, column.missing | (columns[self.replacement].values == 1.0))
        replace_column(columns, self.replacement, column)


class Overwrite(Computed):
    """The target is generated, because it says what is missing, and computed where nothing is."""

    name = "overwrite"

    def restore(self, columns: Columns) -> None:
        """See `Step`."""
        column, result = columns[self.target], computed(self.relations[0], columns)
        known = ~np.isnan(result)  # also of what is missing: a mask may still say that it is not
        for name in self.sources:
            known &= ~columns[name].missing
        columns[self.target] = column.like(np.where(known, result, column.values), column.missing)
