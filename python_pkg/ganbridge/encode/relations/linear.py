"""One number that is a sum, a difference or a multiple of others, with a constant: total = a + b; f = 1.8 c + 32."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...data import Column
from ..base import State
from .relation import Relation, named

OFF = 1e-9  # of the size of the numbers, by which sums of floating-point numbers may be off


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
        *sources, target = [named(like) for like in self.likes]
        text = ""
        for factor, name in zip(self.factors, sources, strict=True):
            sign = (" - " if text else "-") if factor < 0 else (" + " if text else "")
            text += sign + ("" if abs(factor) == 1.0 else f"{abs(factor):.12g} * ") + name
        if self.constant:
            text += f" {'-' if self.constant < 0 else '+'} {abs(self.constant):.12g}"
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
        return cls(likes, plain["factors"], plain["constant"], plain["decimals"])
