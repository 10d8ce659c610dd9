"""A date that lies so many days after another date or time."""

from __future__ import annotations

import numpy as np

from ... import stored
from .span import Span
from .step import Columns, Step, column_of, values_in


class AddSpan(Step):
    """The target, the second column of a span of days, is computed from the first one and the number of days."""

    name = "add_span"
    kinds = (Span,)

    def check(self) -> None:
        """See `Step`."""
        super().check()
        relation = self.relations[0]
        right = len(self.relations) == 1 and relation.columns[1] == self.target and relation.invertible
        stored.require(right, f"a step ({self.name}) has another target")

    def reduce(self, columns: Columns) -> None:
        """See `Step`."""
        del columns[self.target]

    def restore(self, columns: Columns) -> None:
        """See `Step`."""
        relation: Span = self.relations[0]
        start, span = values_in(columns, relation, self.sources)
        columns[self.target] = column_of(self.like, np.asarray(relation.ends(start, span)))
