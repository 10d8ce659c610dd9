"""One column of numbers, dates or time spans and its standardized form: the value, and whether it is missing."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data import Column
from ..data.column import TIMES
from ..stored import anything, choice, listed, number, require, values
from .base import State
from .codec import Codec
from .decimals import grid_of
from .points import Points
from .scaler import Scaler

RULES = {
    "codec": choice(["number"]),
    "missing_share": number(0.0, 1.0),
    "grid": listed(number(), 2),
    "value": anything,
}
MICRO_DECIMALS = 6  # of seconds: times are kept to the microsecond


class NumberCodec(Codec):
    """How one column of numbers, dates or time spans is encoded.

    scaler: of the values that are present; None if all are missing. grid: origin and distance of dates and times that
    all lie so many days or seconds apart (every Monday, every full hour); they are encoded as whole numbers of those.
    """

    def __init__(self, scaler: Scaler | None, missing_share: float, grid: tuple[float, float] = (0.0, 1.0)) -> None:
        leading = int(scaler is not None and not scaler.constant)
        normal = scaler is not None and scaler.scaling == "quantile"
        super().__init__(leading, normal, Points.of_missing(missing_share))
        self.scaler = scaler
        self.missing_share = missing_share
        self.grid = grid

    @classmethod
    def fit(cls, column: Column, scaling: str, k: int = 1) -> NumberCodec:
        """Learn the encoding of the values that are present; fewer than k are left missing."""
        present = column.present
        share = 1.0 - len(present) / len(column.values)
        if len(present) < k:
            return cls(None, 1.0)
        if column.type in TIMES:
            first, distance = grid_of(present)
            numbers = (present - first) / distance
            if column.type == "datetime" and (numbers != np.rint(numbers)).any():
                # From the first whole second on, or a rounding to whole seconds would seem to be within float64's own.
                first = float(np.floor(present.min()))
                numbers = (present - first).round(MICRO_DECIMALS)
            return cls(Scaler.fit(numbers, column.type, scaling, k=k), share, (first, distance))
        return cls(Scaler.fit(present, column.type, scaling, column.dtype, k), share)

    @property
    def value_range(self) -> tuple[float, float] | None:
        """What the values of the training data lie within; None if all are missing."""
        if self.scaler is None:
            return None
        low, high = self.scaler.value_range
        return self.grid[0] + low * self.grid[1], self.grid[0] + high * self.grid[1]

    def encode(self, column: Column, rng: np.random.Generator) -> np.ndarray:
        """Standardized form (n, width); if a value is missing, its number is drawn from the marginal."""
        parts = [np.zeros((len(column.values), 0))]
        if self.leading and self.scaler is not None:
            numbers = self.scaler.encode((column.values - self.grid[0]) / self.grid[1], rng)
            if column.any_missing:
                # A row that is missing in this column lies anywhere in it: what is present keeps its distribution.
                # If that is known, it does not depend on the other rows: what is given may be nothing but missing.
                count = int(column.missing.sum())
                known = self.scaler.scaling == "quantile"
                drawn = rng.standard_normal(count) if known else rng.choice(numbers[~column.missing], count)
                numbers[column.missing] = drawn
            parts.append(numbers[:, None])
        parts.append(self.points.encode(column.missing.astype(np.int64), rng))
        return np.concatenate(parts, axis=1)

    def decode(self, encoded: np.ndarray, range_margin: float) -> tuple[np.ndarray, np.ndarray]:
        """Values (n,) and a mask of what is missing (n,)."""
        if self.scaler is None:
            return np.zeros(len(encoded)), np.ones(len(encoded), dtype=bool)
        numbers = encoded[:, 0] if self.leading else np.zeros(len(encoded))
        missing = self.points.decode(encoded[:, self.leading :]) == 1
        return self.grid[0] + self.grid[1] * self.scaler.decode(numbers.astype(np.float64), range_margin), missing

    def blurred(self, column: Column, share: float, rng: np.random.Generator) -> np.ndarray:
        """Values (n,), each moved within such a share of the rows; those that as many rows have stay."""
        scaler, (origin, distance) = self.scaler, self.grid
        if scaler is None or scaler.constant:
            return np.full(len(column.values), origin if scaler is None else origin + distance * scaler.low)
        return origin + distance * scaler.blurred((column.values - origin) / distance, share, rng)

    @property
    def may_be_missing(self) -> bool:
        """Whether any value was missing."""
        return self.missing_share > 0.0

    def shares(self, column: Column) -> list[tuple[str | None, float]]:
        """The share of missing values, if there are any."""
        return [(None, self.missing_share)] if self.missing_share else []

    def words(self) -> str:
        """The encoding in few words."""
        what = "constant" if self.scaler is None or self.scaler.constant else self.scaler.scaling
        return what + (" + missing" if self.points.width else "")

    def to_state(self) -> State:
        """Plain values for JSON, and arrays by name."""
        plain = {"codec": "number", "missing_share": self.missing_share, "grid": list(self.grid), "value": None}
        if self.scaler is None:
            return plain, {}
        knots = {"knots": self.scaler.knots} if self.scaler.knots.size else {}
        return plain | {"value": self.scaler.to_dict()}, knots

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> NumberCodec:
        """Inverse of `to_state`."""
        plain = values("codec", plain, RULES)
        (start, step), share = plain["grid"], plain["missing_share"]
        require(step > 0.0, "`codec.grid` must have a distance above 0")
        scaler = None if plain["value"] is None else Scaler.from_state("codec.value", plain["value"], arrays)
        require((scaler is None) == (share == 1.0), "`codec.missing_share` must be 1 if all values are missing")
        return cls(scaler, share, (start, step))

    def check_column(self, column: Column) -> None:
        """See `Codec`."""
        require(column.numeric, f"`codec` is not for columns of the type {column.type}")
        require(self.scaler is None or self.scaler.type == column.type, "`codec` is of another type than its column")

    def holds(self, column: Column) -> bool:
        """See `Codec`."""
        if (column.any_missing and not self.may_be_missing) or self.value_range is None:
            return not len(column.present) and self.may_be_missing
        low, high = self.value_range
        room = 1e-9 * max(abs(low), abs(high))
        return bool(((column.present >= low - room) & (column.present <= high + room)).all())
