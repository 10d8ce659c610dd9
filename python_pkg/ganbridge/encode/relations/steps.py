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
from ..decimals import MOST_DECIMALS, nearest
from .combination import Combination
from .day import Day
from .determined import Determined
from .linear import Linear
from .missing import MissingWhere
from .order import Order
from .relation import Relation, in_terms_of
from .saved import check_values

Columns = dict[str, Column]
GRID = stored.optional(stored.listed(stored.number(), 2))
DECIMALS = stored.optional(stored.whole(-6, MOST_DECIMALS))
SHARED = 10  # rows that an end of a range has in common


class Step(ABC):
    """What is done about some relations. target: the column whose values it computes; like: that column, empty."""

    name: ClassVar[str]
    kinds: ClassVar[tuple[type[Relation], ...]] = ()
    rules: ClassVar[dict[str, stored.Rule]] = {}

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


def _values(columns: Columns, relation: Relation, names: Sequence[str]) -> list[np.ndarray]:
    likes = dict(zip(relation.columns, relation.likes, strict=True))
    return [in_terms_of(columns[name], likes[name]) for name in names]


def _column(like: Column, values: np.ndarray) -> Column:
    missing = np.isnan(values)
    return like.like(np.where(missing, 0.0, values), missing)


def computed(relation: Determined | Linear | Day, columns: Columns) -> np.ndarray:
    """The last column of a relation (n,) by its others, NaN for missing."""
    values = _values(columns, relation, relation.columns[:-1])
    if isinstance(relation, Determined):
        return relation.result(values)[0]
    return relation.result(values) if isinstance(relation, Linear) else relation.result(values[0])


class Computed(Step):
    """One relation computes the target, its last column."""

    kinds = (Determined, Linear, Day)

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
        columns[self.target] = _column(self.like, computed(self.relations[0], columns))


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
        column = _column(self.like, computed(self.relations[0], columns))
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
        source, target = _values(columns, relation, relation.columns)
        wrong = relation._broken([source, target])
        at = np.searchsorted(self.instead[:, 0], np.nan_to_num(target)).clip(0, len(self.instead) - 1)
        wrong &= self.instead[at, 0] == target
        column = columns[self.target]
        columns[self.target] = column.like(np.where(wrong, self.instead[at, 1], column.values), column.missing & ~wrong)

    def to_dict(self) -> dict[str, Any]:
        """See `Step`."""
        return {"instead": self.instead.tolist()}


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
        columns[self.target] = column.like(column.values, relation.missing(_values(columns, relation, self.sources)[0]))


class Bounds(Step):
    """The target is moved to the columns that it must not be below (or above), where it would be.

    below: whether the target is the lower column of its orders. grid: origin and distance of its values, on which they
    stay; None if they have none.
    """

    name = "bounds"
    kinds = (Order,)
    rules: ClassVar[dict[str, stored.Rule]] = {"below": stored.flag, "grid": GRID}

    def __init__(self, relations: Sequence[Order], target: Column, below: bool, grid: Sequence[float] | None) -> None:
        super().__init__(relations, target)
        self.below = below
        self.grid = None if grid is None else (float(grid[0]), float(grid[1]))

    def check(self) -> None:
        """See `Step`."""
        super().check()
        least = 10.0**-MOST_DECIMALS
        stored.require(self.grid is None or self.grid[1] >= least, "`grid` must have a distance above 0")

    def bound(self, columns: Columns) -> np.ndarray:
        """The highest of the lower columns (n,), or the lowest of the upper ones; NaN if all are missing."""
        pairs = zip(self.relations, self.sources, strict=True)
        others = [_values(columns, relation, [name])[0] for relation, name in pairs]
        smallest = np.full(len(others[0]), np.nan)
        for part in others:
            smallest = np.fmin(smallest, part) if self.below else np.fmax(smallest, part)
        return smallest

    def restore(self, columns: Columns) -> None:
        """See `Step`."""
        column, bound = columns[self.target], self.bound(columns)
        columns[self.target] = column.like(self.moved(column.values, bound), column.missing)

    def moved(self, values: np.ndarray, bound: np.ndarray) -> np.ndarray:
        """Values (n,) that keep to the bound (n,), NaN for none, and lie on the grid."""
        keep = np.fmin if self.below else np.fmax
        values = keep(values, bound)
        if self.grid is None:
            return np.asarray(values)
        values = nearest(values, self.grid)
        short = values > bound if self.below else values < bound
        further = nearest(values + (-self.grid[1] if self.below else self.grid[1]), self.grid)
        # Kept to the bound again, because numbers may be too large for the last place of their grid.
        return np.asarray(keep(np.where(short, further, values), bound) + 0.0)

    def to_dict(self) -> dict[str, Any]:
        """See `Step`."""
        return {"below": self.below, "grid": None if self.grid is None else list(self.grid)}


class Difference(Bounds):
    """The target is replaced by its distance to the columns that it must not be below (or above).

    reach: between which values the target lies, as `ends_of` has it. decimals: of the distance.
    """

    name = "difference"
    rules: ClassVar[dict[str, stored.Rule]] = {
        "below": stored.flag,
        "grid": GRID,
        "reach": stored.listed(stored.number(), 2),
        "decimals": DECIMALS,
    }

    def check(self) -> None:
        """See `Step`."""
        super().check()
        stored.require(self.reach[0] <= self.reach[1], "`reach` must be from the lowest to the highest value")

    def __init__(
        self,
        relations: Sequence[Order],
        target: Column,
        below: bool,
        grid: Sequence[float] | None,
        reach: Sequence[float],
        decimals: int | None,
    ) -> None:
        super().__init__(relations, target, below, grid)
        self.reach, self.decimals = (float(reach[0]), float(reach[1])), decimals

    @property
    def replacement(self) -> str:
        """The name of the distance."""
        several = f"{'min' if self.below else 'max'}({', '.join(self.sources)})"
        bound = several if self.sources[1:] else self.sources[0]
        return f"{bound} - {self.target}" if self.below else f"{self.target} - {bound}"

    def distance(self, columns: Columns) -> np.ndarray:
        """Distance (n,) of the target to its bound."""
        distance = (self.bound(columns) - columns[self.target].values) * (1.0 if self.below else -1.0)
        distance = np.nan_to_num(distance)
        return np.asarray(distance if self.decimals is None else np.round(distance, self.decimals))

    def reduce(self, columns: Columns) -> None:
        """See `Step`."""
        distance, column = self.distance(columns), columns[self.target]
        whole = bool((distance == np.rint(distance)).all())
        missing = column.missing | np.isnan(self.bound(columns))
        new = Column(self.replacement, "integer" if whole else "double", distance, missing=missing)
        replace_column(columns, self.target, new)

    def restore(self, columns: Columns) -> None:
        """See `Step`."""
        distance, bound = columns[self.replacement], self.bound(columns)
        known = ~np.isnan(bound)
        sign = -1.0 if self.below else 1.0
        values = self.moved((bound + sign * np.maximum(distance.values, 0.0)).clip(*self.reach), bound)
        column = self.like.like(np.where(known, values, self.reach[0]) + 0.0, distance.missing)
        replace_column(columns, self.replacement, column)

    def to_dict(self) -> dict[str, Any]:
        """See `Step`."""
        return super().to_dict() | {"reach": list(self.reach), "decimals": self.decimals}


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
        index = relation.index_of(_values(columns, relation, relation.columns))
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
            columns[str(like.name)] = _column(like, part[codes])


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


STEPS: dict[str, type[Step]] = {
    step.name: step for step in (Compute, Replace, Flagged, Overwrite, Agree, Mask, Bounds, Difference, Join)
}
