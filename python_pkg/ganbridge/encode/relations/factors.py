"""The factors by which some columns add up to another one, in as few digits as its rounding allows."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from .chance import MOST_BROKEN
from .linear import OFF

CLOSE = (4.0, 1.0)  # standard errors within which a factor may be changed to a simpler number
DIGITS = 15
SIMPLE = 2  # digits of a number that is simpler than a fraction
DENOMINATORS = (3, 6, 7, 9, 11, 12)
ROUNDS = 200  # in which factors are adjusted until no row is out of reach
CERTAIN = 1e-12  # of the largest singular value: less is none


def least_squares(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Constant and factors (p + 1,), their standard errors for an error of 1 (p + 1,), and the error's size."""
    middle, scale = x.mean(0), _above_zero(x.std(0))
    design = np.concatenate([np.ones((len(x), 1)), (x - middle) / scale], 1)
    u, s, v = np.linalg.svd(design, full_matrices=False)
    s = np.maximum(s, CERTAIN * s[0])
    inverse = v.T / s
    factors = inverse @ (u.T @ y)
    off = y - design @ factors
    errors = np.sqrt((inverse * inverse).sum(1))
    errors[1:] /= scale
    factors[1:] /= scale
    factors[0] -= float((factors[1:] * middle).sum())
    errors[0] = math.sqrt(1.0 / len(x) + float(((errors[1:] * middle) ** 2).sum()))
    return factors, errors, math.sqrt(float((off * off).sum()) / max(1, len(y) - design.shape[1]))


def _above_zero(scale: np.ndarray) -> np.ndarray:
    """Scales (p,) with 1 for 0, of columns that are constant in the rows at hand."""
    return np.where(scale > 0.0, scale, 1.0)


def simplest(x: np.ndarray, y: np.ndarray, step: float) -> np.ndarray | None:
    """A constant and factors (p + 1,) of few digits by which x (n, p) explains y (n,) up to half a step."""
    size = float(np.abs(y).max())
    room = max(0.5 * step * (1.0 + 1e-6), OFF * size)
    factors, _, _ = least_squares(x, y)
    usual = np.abs(y - factors[0] - x @ factors[1:]) <= 6.0 * room
    if (~usual).sum() > MOST_BROKEN * len(y):
        return None
    x, y = x[usual], y[usual]
    for close in CLOSE:
        factors = _nice(x, y, step, close)
        if (np.abs(y - factors[0] - x @ factors[1:]) <= room).mean() >= 1.0 - MOST_BROKEN:
            return factors
    return _within(x, y, room)


def _nice(x: np.ndarray, y: np.ndarray, step: float, close: float) -> np.ndarray:
    """Factors by least squares, each in turn changed to the simplest number close to it, the constant last."""
    result = np.zeros(x.shape[1] + 1)
    left, rest = list(range(x.shape[1])), y.copy()
    while left:
        factors, errors, off = least_squares(x[:, left], rest)
        error = errors * max(off, 0.3 * step, 1e-15 * float(np.abs(y).max()))
        surest = int((error[1:] / np.maximum(np.abs(factors[1:]), 1e-300)).argmin())
        i = left.pop(surest)
        result[i + 1] = _simple(float(factors[surest + 1]), close * float(error[surest + 1]))
        rest = rest - result[i + 1] * x[:, i]
    of_mean = max(float(rest.std()), 0.3 * step) / math.sqrt(len(rest))
    result[0] = _simple(float(rest.mean()), close * of_mean)
    return result


def _simple(number: float, room: float) -> float:
    """The number of fewest digits within room, or a simple fraction."""
    if abs(number) <= room:
        return 0.0
    for digits in range(1, DIGITS + 1):
        rounded = float(f"{number:.{digits}g}")
        if digits == SIMPLE + 1:
            fractions = [Fraction(round(number * d), d) for d in DENOMINATORS]
            close = [f for f in fractions if abs(float(f) - number) <= room and f]
            if close:
                return float(min(close, key=lambda f: f.denominator))
        if abs(rounded - number) <= room:
            return rounded
    return number


def _within(x: np.ndarray, y: np.ndarray, room: float) -> np.ndarray | None:
    """Factors by which no row is further off than `room`, of as few digits as that allows (weights: Lawson 1961).

    Without a constant if that is possible.
    """
    for constant in (False, True):
        factors = _least_worst(x, y, room, constant)
        for digits in range(1, DIGITS + 1):
            rounded = np.array([float(f"{each:.{digits}g}") for each in factors])
            rest = y - x @ rounded[1:]
            middle = float(rest.max() + rest.min()) / 2.0
            for start in (float(f"{middle:.{d}g}") for d in (2, 4, digits, DIGITS) if constant):
                rounded[0] = start if np.abs(rest - start).max() <= np.abs(rest - rounded[0]).max() else rounded[0]
            if np.abs(rest - rounded[0]).max() <= room:
                return rounded
    return None


def _least_worst(x: np.ndarray, y: np.ndarray, room: float, constant: bool) -> np.ndarray:
    """Constant and factors (p + 1,) with the smallest largest error, or one well within `room`."""
    weights, scale = np.full(len(y), 1.0 / len(y)), _above_zero(np.abs(x).max(0))
    middle = x.mean(0) if constant else np.zeros(x.shape[1])
    design = np.concatenate([np.full((len(x), 1), float(constant)), (x - middle) / scale], 1)
    for _ in range(ROUNDS):
        root = np.sqrt(weights)
        factors = np.linalg.lstsq(design * root[:, None], y * root, rcond=None)[0]
        off = np.abs(y - design @ factors)
        if off.max() <= 0.98 * room:
            break
        weights = weights * off
        weights = weights / max(float(weights.sum()), 1e-300)
    factors[1:] /= scale
    factors[0] -= float((factors[1:] * middle).sum())
    return np.asarray(factors)
