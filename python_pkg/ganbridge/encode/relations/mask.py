"""Where a column is missing, computed from another one."""

from __future__ import annotations

from ... import stored
from .missing import MissingWhere
from .step import Columns, Step, values_in


class Mask(Step):
    """What is missing in the target is computed."""

    name = "mask"
    kinds = (MissingWhere,)

    def check(self) -> None:
        """See `Step`."""
        super().check()
        alone = len(self.relations) == 1 and self.relations[0].columns[-1] == self.target
        stored.require(alone, f"a step ({self.name}) has another target")

    def restore(self, columns: Columns) -> None:
        """See `Step`."""
        relation: MissingWhere = self.relations[0]
        column = columns[self.target]
        columns[self.target] = column.like(
            column.values, relation.missing(values_in(columns, relation, self.sources)[0])
        )
