"""Categories that come from one, whose levels are the combinations that occur."""

from __future__ import annotations

import numpy as np

from ... import stored
from ...data import Column
from .combination import Combination
from .step import Columns, Step, column_of, replace_column, values_in


class Join(Step):
    """Categories become one, whose levels are the combinations that occur."""

    name = "join"
    kinds = (Combination,)

    def check(self) -> None:
        """See `Step`."""
        super().check()
        stored.require(len(self.relations) == 1, f"a step ({self.name}) is about one relation")

    @property
    def replacement(self) -> str:
        """The name of the joint category."""
        return " and ".join(self.relations[0].columns)

    @property
    def sources(self) -> list[str]:
        """None: all columns come from the joint one."""
        return []

    def reduce(self, columns: Columns) -> None:
        """See `Step`."""
        relation: Combination = self.relations[0]
        index = relation.index_of(values_in(columns, relation, relation.columns))
        shown = [like.like(part) for like, part in zip(relation.likes, relation.allowed.T, strict=True)]
        levels = [", ".join(column.shown(i) for column in shown) for i in range(len(relation.allowed))]
        levels = levels if len(set(levels)) == len(levels) else [f"{i}: {level}" for i, level in enumerate(levels)]
        joint = Column(self.replacement, "factor", np.maximum(index, 0.0), levels=levels, missing=index < 0)
        replace_column(columns, relation.columns[0], joint)
        for name in relation.columns[1:]:
            del columns[name]

    def restore(self, columns: Columns) -> None:
        """See `Step`."""
        relation: Combination = self.relations[0]
        codes = columns[self.replacement].values.astype(np.int64)
        del columns[self.replacement]
        for like, part in zip(relation.likes, relation.allowed.T, strict=True):
            columns[str(like.name)] = column_of(like, part[codes])
