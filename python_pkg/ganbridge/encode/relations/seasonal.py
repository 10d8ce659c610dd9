"""A column of numbers as its distance to what is usual in that season."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ... import stored
from ...data import Column
from ...data.column import NUMBERS
from ..calendar import YEAR
from ..clock import days
from .step import DECIMALS, Columns, Step, ends_of, replace_column

HARMONICS = 2
SEASONAL = 0.5  # least share of a column's variance that the season explains, for it to be taken out
DIGITS = 6  # of coefficients: no more than can be estimated


def _waves(day: np.ndarray) -> np.ndarray:
    """Sines and cosines (n, 2 HARMONICS) of days since 1970-01-01."""
    angle = 2.0 * np.pi * np.nan_to_num(day) / YEAR
    waves = [wave(k * angle) for k in range(1, HARMONICS + 1) for wave in (np.sin, np.cos)]
    return np.asarray(np.stack(waves, 1) * ~np.isnan(day)[:, None])


class Seasonal(Step):
    """The target without what follows from the season of a date or a time.

    source: that date or time, empty. coefficients: of sines and cosines of the day. reach: between which values the
    target lies, as `ends_of` has it. decimals: of the target.
    """

    name = "seasonal"
    rules: ClassVar[dict[str, stored.Rule]] = {
        "source": stored.text(),
        "coefficients": stored.listed(stored.number(), 2 * HARMONICS),
        "reach": stored.listed(stored.number(), 2),
        "decimals": DECIMALS,
    }

    def check(self) -> None:
        """See `Step`."""
        super().check()
        right = self.source.type in ("date", "datetime") and self.like.type in NUMBERS
        stored.require(right, "`seasonal` is for numbers, by a date or a time")
        stored.require(self.reach[0] <= self.reach[1], "`reach` must be from the lowest to the highest value")

    def __init__(
        self,
        relations: Sequence[Any],
        target: Column,
        source: Column,
        coefficients: Sequence[float],
        reach: Sequence[float],
        decimals: int | None,
    ) -> None:
        super().__init__(relations, target)
        self.source = source.take(slice(0))
        self.coefficients = np.array(coefficients)
        self.reach, self.decimals = (float(reach[0]), float(reach[1])), decimals

    @property
    def replacement(self) -> str:
        """The name of the column without the season."""
        return f"{self.target} (without season)"

    def usual(self, columns: Columns) -> np.ndarray:
        """What follows from the season (n,), around zero."""
        source = columns[str(self.source.name)]
        day = days(self.source, np.where(source.missing, np.nan, source.values))
        return np.asarray((_waves(day) * self.coefficients).sum(1))

    def reduce(self, columns: Columns) -> None:
        """See `Step`."""
        column = columns[self.target]
        rest = column.values - self.usual(columns)
        rest = np.round(rest, 10 if self.decimals is None else self.decimals + 1)
        replace_column(columns, self.target, Column(self.replacement, "double", rest, missing=column.missing))

    def restore(self, columns: Columns) -> None:
        """See `Step`."""
        rest = columns[self.replacement]
        values = (rest.values + self.usual(columns)).clip(*self.reach)
        if self.decimals is not None:
            values = np.round(values, self.decimals)
        replace_column(columns, self.replacement, self.like.like(values + 0.0, rest.missing))

    def to_dict(self) -> dict[str, Any]:
        """See `Step`."""
        return {
            "source": str(self.source.name),
            "coefficients": self.coefficients.tolist(),
            "reach": list(self.reach),
            "decimals": self.decimals,
        }


def seasonal(target: Column, source: Column, decimals: int | None) -> Seasonal | None:
    """The step for a column, if the season explains enough of it."""
    present = ~(target.missing | source.missing)
    values = target.values[present]
    variance = float(values.var()) if len(values) else 0.0
    if variance <= 0.0:
        return None
    waves = _waves(days(source, source.values[present]))
    waves = np.concatenate([waves, np.ones((len(values), 1))], 1)
    coefficients = np.linalg.solve(
        np.einsum("ni,nj->ij", waves, waves) + 1e-9 * len(values) * np.eye(waves.shape[1]),
        np.einsum("ni,n->i", waves, values),
    )
    unexplained = float(((values - (waves * coefficients).sum(1)) ** 2).mean())
    if unexplained > (1.0 - SEASONAL) * variance:
        return None
    rounded = [float(f"{value:.{DIGITS}g}") for value in coefficients[:-1]]
    return Seasonal([], target, source, rounded, ends_of(target.present, decimals), decimals)
