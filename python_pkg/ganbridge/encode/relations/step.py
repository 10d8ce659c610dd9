"""What is done to the columns of a table before they are encoded, and undone after they are decoded.

Columns are held by name. `reduce` takes a column away or replaces it; `restore` computes it from what is generated, for
each row on its own, so that the relation holds in every row.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ... import stored
from ...data import Column
from ..decimals import MOST_DECIMALS
from .relation import Relation, in_terms_of

Columns = dict[str, Column]
DECIMALS = stored.optional(stored.whole(-6, MOST_DECIMALS))
SHARED = 10  # rows that an end of a range has in common


class Step(ABC):
    """What is done about some relations. target: the column whose values it computes; like: that column, empty."""

    name: ClassVar[str]
    kinds: ClassVar[tuple[type[Relation], ...]] = ()
    rules: ClassVar[dict[str, stored.Rule]] = {}
    absent: ClassVar[dict[str, Any]] = {}  # settings that files of earlier versions lack

    def __init__(self, relations: Sequence[Any], target: Column) -> None:
        self.relations = list(relations)
        self.like = target.take(slice(0))
        self.target = str(target.name)

    @property
    def sources(self) -> list[str]:
        """Columns that must be known to compute the target."""
        return [name for relation in self.relations for name in relation.columns if name != self.target]

    def reduce(self, columns: Columns) -> None:  # noqa: B027
        """Take the target away, or replace it; nothing if it stays."""

    @abstractmethod
    def restore(self, columns: Columns) -> None:
        """Compute the target."""

    def to_dict(self) -> dict[str, Any]:
        """What a file holds of it beside its relations and its target."""
        return {}

    def check(self) -> None:
        """Raise BadFileError unless the relations are those of such a step, and about its target."""
        right = bool(self.relations) == bool(self.kinds) and all(isinstance(r, self.kinds) for r in self.relations)
        right = right and all(self.target in relation.columns for relation in self.relations)
        stored.require(right, f"a step ({self.name}) has other relations than such steps have")


def values_in(columns: Columns, relation: Relation, names: Sequence[str]) -> list[np.ndarray]:
    """Values (n,) of these columns in the units and codes of the relation's."""
    likes = dict(zip(relation.columns, relation.likes, strict=True))
    return [in_terms_of(columns[name], likes[name]) for name in names]


def column_of(like: Column, values: np.ndarray) -> Column:
    """A column of values (n,), NaN for missing."""
    missing = np.isnan(values)
    return like.like(np.where(missing, 0.0, values), missing)


def ends_of(values: np.ndarray, decimals: int | None) -> tuple[float, float]:
    """About the lowest and the highest value (n,), each from the means of twice SHARED values: no row's own."""
    ordered, k = np.sort(values), min(SHARED, max(1, len(values) // 4))
    low, high = (2.0 * float(part[:k].mean()) - float(part[k : 2 * k].mean()) for part in (ordered, ordered[::-1]))
    if decimals is None:
        return low, high
    scale = 10.0**decimals
    return float(np.floor(low * scale + 1e-6) / scale), float(np.ceil(high * scale - 1e-6) / scale)


def replace_column(columns: Columns, name: str, *new: Column) -> None:
    """Put columns in the place of another one."""
    entries: list[tuple[str, Column]] = []
    for key, column in columns.items():
        entries += [(str(each.name), each) for each in new] if key == name else [(key, column)]
    columns.clear()
    columns.update(entries)
