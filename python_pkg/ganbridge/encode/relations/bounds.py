"""A column that is never below others, or never above them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ... import stored
from ...data import Column
from ..clock import DAY, clock_seconds, of_days
from ..decimals import MOST_DECIMALS, nearest
from .order import Order
from .step import DECIMALS, Columns, Step, replace_column, values_in

GRID = stored.optional(stored.listed(stored.number(), 2))


class Bounds(Step):
    """The target is moved to the columns that it must not be below (or above), where it would be.

    below: whether the target is the lower column of its orders. grid: origin and distance of its values, on which they
    stay; None if they have none. midnights: whether they are midnights of a zone with summer time, which have no grid.
    """

    name = "bounds"
    kinds = (Order,)
    rules: ClassVar[dict[str, stored.Rule]] = {"below": stored.flag, "grid": GRID, "midnights": stored.flag}
    absent: ClassVar[dict[str, Any]] = {"midnights": False}

    def __init__(
        self,
        relations: Sequence[Order],
        target: Column,
        below: bool,
        grid: Sequence[float] | None,
        midnights: bool = False,
    ) -> None:
        super().__init__(relations, target)
        self.below, self.midnights = below, midnights
        self.grid = None if grid is None else (float(grid[0]), float(grid[1]))

    def check(self) -> None:
        """See `Step`."""
        super().check()
        stored.require(not self.midnights or self.like.type == "datetime", "only times are midnights")
        least = 10.0**-MOST_DECIMALS
        stored.require(self.grid is None or self.grid[1] >= least, "`grid` must have a distance above 0")

    def bound(self, columns: Columns) -> np.ndarray:
        """The highest of the lower columns (n,), or the lowest of the upper ones; NaN if all are missing."""
        pairs = zip(self.relations, self.sources, strict=True)
        others = [values_in(columns, relation, [name])[0] for relation, name in pairs]
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
        if self.midnights:
            return self._midnights(values, bound)
        if self.grid is None:
            return np.asarray(values)
        values = nearest(values, self.grid)
        short = values > bound if self.below else values < bound
        further = nearest(values + (-self.grid[1] if self.below else self.grid[1]), self.grid)
        # Kept to the bound again, because numbers may be too large for the last place of their grid.
        return np.asarray(keep(np.where(short, further, values), bound) + 0.0)

    def _midnights(self, values: np.ndarray, bound: np.ndarray) -> np.ndarray:
        """The nearest midnights (n,) that keep to the bound."""
        day = np.rint(clock_seconds(self.like, values) / DAY)
        nearest_ones = of_days(self.like, day)
        short = nearest_ones > bound if self.below else nearest_ones < bound
        return np.where(short, of_days(self.like, day + (-1.0 if self.below else 1.0)), nearest_ones)

    def to_dict(self) -> dict[str, Any]:
        """See `Step`."""
        grid = None if self.grid is None else list(self.grid)
        return {"below": self.below, "grid": grid, "midnights": self.midnights}


class Difference(Bounds):
    """The target is replaced by its distance to the columns that it must not be below (or above).

    reach: between which values the target lies, as `ends_of` has it. decimals: of the distance.
    """

    name = "difference"
    rules: ClassVar[dict[str, stored.Rule]] = {
        **Bounds.rules,
        "reach": stored.listed(stored.number(), 2),
        "decimals": DECIMALS,
    }

    def __init__(
        self,
        relations: Sequence[Order],
        target: Column,
        below: bool,
        grid: Sequence[float] | None,
        reach: Sequence[float],
        decimals: int | None,
        midnights: bool = False,
    ) -> None:
        super().__init__(relations, target, below, grid, midnights)
        self.reach, self.decimals = (float(reach[0]), float(reach[1])), decimals

    def check(self) -> None:
        """See `Step`."""
        super().check()
        stored.require(self.reach[0] <= self.reach[1], "`reach` must be from the lowest to the highest value")

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
