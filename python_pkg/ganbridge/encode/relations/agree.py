"""A column that is generated so that it goes with one that it determines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ... import stored
from ...data import Column
from .determined import Determined
from .saved import check_values
from .step import Columns, Step, values_in


class Agree(Step):
    """A column that determines another one, which is computed from a third: it gets a value that goes with that.

    instead (k, 2): each value of the determined column, and the value that most rows with it have.
    """

    name = "agree"
    kinds = (Determined,)
    rules: ClassVar[dict[str, stored.Rule]] = {"instead": stored.listed(stored.listed(stored.number(), 2))}

    def check(self) -> None:
        """See `Step`."""
        super().check()
        relation = self.relations[0]
        two = len(self.relations) == 1 and len(relation.likes) == 2 and relation.columns[0] == self.target
        stored.require(two and len(self.instead) > 0, f"a step ({self.name}) has another target")
        for like, values in zip(relation.likes[::-1], self.instead.T, strict=True):
            check_values(like, values)

    def __init__(self, relations: Sequence[Determined], target: Column, instead: np.ndarray) -> None:
        super().__init__(relations, target)
        self.instead = np.asarray(instead, dtype=np.float64).reshape(-1, 2)

    def restore(self, columns: Columns) -> None:
        """See `Step`."""
        relation: Determined = self.relations[0]
        source, target = values_in(columns, relation, relation.columns)
        wrong = relation._broken([source, target])
        at = np.searchsorted(self.instead[:, 0], np.nan_to_num(target)).clip(0, len(self.instead) - 1)
        wrong &= self.instead[at, 0] == target
        column = columns[self.target]
        columns[self.target] = column.like(np.where(wrong, self.instead[at, 1], column.values), column.missing & ~wrong)

    def to_dict(self) -> dict[str, Any]:
        """See `Step`."""
        return {"instead": self.instead.tolist()}
