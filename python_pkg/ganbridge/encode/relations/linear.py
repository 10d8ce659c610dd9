"""One number that is a sum, a difference or a multiple of others, with a constant: total = a + b; f = 1.8 c + 32."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import stored
from ...data import Column
from ...data.column import UNITS
from ..base import State
from ..decimals import MOST_DECIMALS
from .relation import Relation, named

RULES = {
    "factors": stored.listed(stored.number(-1e12, 1e12)),
    "constant": stored.number(),
    "decimals": stored.optional(stored.whole(-6, MOST_DECIMALS)),
}
OFF = 1e-9  # of the size of the numbers, by which sums of floating-point numbers may be off


def base_seconds(like: Column) -> float | None:
    """Seconds in the unit of a column of dates, times or time spans; None for plain numbers."""
    if like.type == "difftime":
        return like.seconds
    return {"date": UNITS["days"], "datetime": 1.0}.get(like.type)


def unit_factor(source: Column, target: Column) -> float:
    """What one of a time span's unit is in the units of dates, times or time spans; 1 for all else."""
    base = base_seconds(target)
    return source.seconds / base if source.type == "difftime" and base is not None else 1.0


def _amount(number: float, like: Column) -> str:
    """A number that is added to a column: of dates, times and time spans in the largest unit that divides it."""
    base = base_seconds(like)
    for unit in ("days", "hours", "mins") if base is not None else ():
        amount = number * (base or 1.0) / UNITS[unit]
        if amount == round(amount):
            return f"{amount:.12g} {unit}"
    return f"{number:.12g}" + (" secs" if base == 1.0 else "")


def by_ease(relation: Linear) -> list[int]:
    """Indices of the sources: first those of which nothing is rounded away if the sum is solved for them."""
    return sorted(range(len(relation.factors)), key=lambda i: abs(relation.factors[i]) != 1.0)


class Linear(Relation):
    """The last of its columns is the sum of the others, each times a number, and a constant.

    factors (sources,). decimals: to which the determined column is rounded; None if it is not.
    """

    kind = "sum"

    def __init__(
        self,
        likes: Sequence[Column],
        factors: Sequence[float],
        constant: float = 0.0,
        decimals: int | None = None,
        *,
        holds: float = 1.0,
        enforced: bool = True,
    ) -> None:
        super().__init__(likes, holds, enforced)
        self.factors, self.constant, self.decimals = [float(factor) for factor in factors], float(constant), decimals

    @property
    def words(self) -> str:
        """See `Relation`."""
        *sources, target = [named(each) for each in self.likes]
        text = ""
        *likes, like = self.likes
        for factor, source, name in zip(self.factors, likes, sources, strict=True):
            factor /= unit_factor(source, like)
            sign = (" - " if text else "-") if factor < 0 else (" + " if text else "")
            text += sign + ("" if abs(factor) == 1.0 else f"{abs(factor):.12g} * ") + name
        if self.constant:
            text += f" {'-' if self.constant < 0 else '+'} {_amount(abs(self.constant), like)}"
        return f"{target} = {text}"

    def exact(self, values: Sequence[np.ndarray]) -> np.ndarray:
        """The sum (n,) before it is rounded; values: of each source (n,)."""
        total = np.full(len(values[0]), self.constant)
        for factor, part in zip(self.factors, values, strict=True):
            total = total + factor * part
        return total

    def result(self, values: Sequence[np.ndarray]) -> np.ndarray:
        """The determined column (n,)."""
        total = self.exact(values)
        return total if self.decimals is None else np.round(total, self.decimals) + 0.0

    def tolerance(self, values: Sequence[np.ndarray]) -> np.ndarray:
        """By how much the determined column may differ from the sum (n,)."""
        size = np.full(len(values[0]), abs(self.constant))
        for factor, part in zip(self.factors, values, strict=True):
            size = size + np.abs(factor * part)
        half = 0.0 if self.decimals is None else 0.5 * 10.0**-self.decimals
        return half * (1.0 + 1e-6) + OFF * size

    def _broken(self, values: list[np.ndarray]) -> np.ndarray:
        *sources, target = values
        with np.errstate(invalid="ignore"):
            return np.asarray(np.abs(target - self.exact(sources)) > self.tolerance(sources))

    def solved_for(self, values: Sequence[np.ndarray], target: np.ndarray, source: int) -> np.ndarray:
        """What one source (n,) must be for the determined column to be `target` (n,)."""
        others = [np.zeros(len(target)) if i == source else part for i, part in enumerate(values)]
        return np.asarray((target - self.exact(others)) / self.factors[source])

    def to_state(self) -> State:
        """See `Relation`."""
        return {"factors": self.factors, "constant": self.constant, "decimals": self.decimals}, {}

    @classmethod
    def from_state(cls, likes: list[Column], plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Linear:
        """Inverse of `to_state`."""
        plain = stored.values("relation", plain, RULES)
        numbers = len(likes) > 1 and all(like.numeric for like in likes) and 0.0 not in plain["factors"]
        stored.require(numbers and len(plain["factors"]) == len(likes) - 1, "`factors` must have one for each column")
        return cls(likes, plain["factors"], plain["constant"], plain["decimals"])
