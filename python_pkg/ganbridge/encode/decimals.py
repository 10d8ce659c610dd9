"""Decimals, or a coarser grid, that numbers were rounded to, and keep when they are generated."""

from __future__ import annotations

import math

import numpy as np

from ..data.column import EXACT

LEAST_DECIMALS = -6  # multiples of a million
MOST_DECIMALS = 10  # beyond this a number has no decimals that a user chose


def decimals_of(values: np.ndarray, dtype: str | None = None) -> int | None:
    """Fewest decimals that hold every value (below zero: multiples of 10, 100, ...); None if there is no such.

    dtype: of the numbers as they came. Values of float32 count as rounded if rounding gives the same float32.
    """
    size = np.abs(values)
    largest = size.max()
    if largest == 0.0:
        return 0
    whole = (values == np.rint(values)).all()
    for decimals in range(LEAST_DECIMALS, MOST_DECIMALS + 1):
        if largest < 10.0**-decimals:
            continue
        rounded = np.round(values, decimals)
        if dtype in ("float32", "float16"):
            with np.errstate(over="ignore"):  # rounded up, the largest float16 is none
                same = rounded.astype(dtype) == values.astype(dtype)
        elif whole:
            same = rounded == values
        else:
            # Sums and differences of rounded numbers are off in their last places. Each value counts for itself: next
            # to large ones, a small one must not be rounded away.
            last_place = 2.0 * np.finfo(np.float64).eps * size
            allowed = np.maximum(last_place, np.minimum(1e-12 * size, 10.0**-decimals / 1000.0))
            same = np.abs(rounded - values) <= allowed
        if same.all():
            return decimals if decimals >= 0 or largest >= 10.0 ** (1 - decimals) else 0
    return None


def bounded(values: np.ndarray, low: float, high: float, margin: float, decimals: int | None) -> np.ndarray:
    """Values on the grid of so many decimals, at most `margin` ranges outside low and high."""
    room = margin * (high - low)
    if decimals is None:
        return values.clip(low - room, high + room)
    step = 10.0**-decimals
    if math.isfinite(room / step):
        room = math.floor(room / step + 1e-9) * step  # low and high lie on the grid, and so do the bounds
    # Clipped again, because a rounded value may lie above the bound by its own last place; + 0.0 makes 0.0 of -0.0.
    return values.clip(low - room, high + room).round(decimals).clip(low - room, high + room) + 0.0


def grid_of(values: np.ndarray) -> tuple[float, float]:
    """The largest whole number that divides all distances, and the origin nearest to 0; (0, 1) if there is none."""
    first = float(values.min())
    distances = values - first
    if not (distances == np.rint(distances)).all() or distances.max() > EXACT:
        return 0.0, 1.0
    distance = int(np.gcd.reduce(distances.astype(np.int64)))
    return (first % distance, float(distance)) if distance > 1 else (0.0, 1.0)


def nearest(values: np.ndarray, grid: tuple[float, float]) -> np.ndarray:
    """The nearest values (n,) on a grid: origin and distance, which is a whole number or a power of ten."""
    origin, distance = grid
    if distance >= 1.0:
        return np.asarray(origin + distance * np.rint((values - origin) / distance))
    scale = np.rint(1.0 / distance)  # divided by, because 0.1 is none that float64 holds
    return np.asarray(origin + np.rint((values - origin) * scale) / scale)
