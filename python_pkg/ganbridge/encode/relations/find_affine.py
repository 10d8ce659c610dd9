"""Search for numbers that are others times any factors, up to rounding: total = 1.19 * net + shipping.

Each column of numbers with enough steps is explained by the others on a few rows (least squares). If what is left is
within its rounding, sources that are not needed are left out one by one, and the factors become the simplest numbers
that go with the rows. Then all rows must have the sum up to the decimals of the column. Chance: were one of the sources
independent of the others, a row would keep the sum only as often as if that source's values are shuffled.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ...data.column import NUMBERS
from .chance import MOST_BROKEN, log_at_most, log_level
from .factors import DIGITS, least_squares, simplest
from .linear import OFF, Linear
from .view import View

LEAST_ROWS = 50
LEAST_STEPS = 20.0  # of its decimals that a column must span
LEAST_DISTINCT = 12  # values that it must have
LEAST_PART = 2.0  # steps that the part of a source must span, or one if the sum is exact
FEW = 64  # rows at least by which columns are explained first
TRIES = 3  # times with other rows, in case some rows break the sum
MOST_ROWS = 4096  # rows by which factors are estimated
MOST_TARGETS = 300
MOST_TRIED = 40  # sources that a column is explained by at first: those that it is correlated with most
MOST_SOURCES = 12
WITHIN = 0.5  # steps, root mean square, that rounding leaves at most
NEEDED = 6.0  # standard errors of a factor from which on its source is needed


def find_affine(views: Sequence[View]) -> list[Linear]:
    """Sums of others times any factors, of columns that are not known to depend on others; each column in one sum."""
    numbers = [view for view in views if view.column.type in NUMBERS and not view.constant][:MOST_TARGETS]
    if not numbers or len(numbers[0]) < LEAST_ROWS or len(numbers) < 2:
        return []
    values = np.stack([view.values for view in numbers], 1)
    correlated = np.abs(_correlations(values[:MOST_ROWS]))
    candidates = []
    for target in (i for i, view in enumerate(numbers) if _is_fine(view)):
        others = np.argsort(-correlated[target], kind="stable")
        others = others[others != target][: min(MOST_TRIED, len(values) // 4)]
        sources = _explained(values, target, others, numbers[target].step)
        relation = _affine(numbers, target, sources) if sources is not None else None
        if relation is not None:
            candidates.append(relation)
    found: list[Linear] = []
    done: set[str] = set()
    for relation in sorted(candidates, key=_simplicity):
        if relation.columns[-1] not in done:
            found.append(relation)
            done |= set(relation.columns)
    return found


def _simplicity(relation: Linear) -> tuple[bool, bool, int]:
    """Among the forms of one sum, the one that people would write comes first: a total of its parts."""
    digits = sum(len(f"{abs(each):.{DIGITS}g}") for each in (*relation.factors, relation.constant))
    return relation.holds < 1.0, min(relation.factors) < 0.0, digits


def _is_fine(view: View) -> bool:
    """Whether values are fine enough to show a sum; one of few values would lose them if it were computed."""
    span = float(view.distinct[-1] - view.distinct[0])
    return len(view.distinct) >= LEAST_DISTINCT and span >= LEAST_STEPS * view.step


def _correlations(values: np.ndarray) -> np.ndarray:
    """Of all pairs of columns (p, p); what is missing counts as the mean."""
    centered = np.nan_to_num(values - np.nanmean(values, 0))
    centered = centered / np.maximum(np.sqrt((centered * centered).sum(0)), 1e-300)
    return np.asarray(np.einsum("ni,nj->ij", centered, centered))


def _explained(values: np.ndarray, target: int, others: np.ndarray, step: float) -> list[int] | None:
    """The sources that explain a column up to rounding in a few rows; None if there are none."""
    known = np.flatnonzero(~np.isnan(values[:, [target, *others]]).any(1))
    size = max(FEW, 3 * len(others))
    for first in range(0, min(TRIES * size, len(known) - len(others) - 2), size):
        rows = known[first : first + size]
        x, y = values[np.ix_(rows, others)], values[rows, target]
        allowed = max(WITHIN * step, OFF * float(np.abs(y).max()))
        left = _without_needless(x, y, allowed)
        if left is not None:
            return sorted(int(others[i]) for i in left)
    return None


def _without_needless(x: np.ndarray, y: np.ndarray, allowed: float) -> list[int] | None:
    """Indices of the columns of x (m, p) that are needed to explain y (m,) up to an error; None if they do not."""
    left = list(range(x.shape[1]))
    while left:
        factors, errors, off = least_squares(x[:, left], y)
        if off > allowed:
            return None
        certain = np.abs(factors[1:]) / np.maximum(errors[1:] * max(allowed, off), 1e-300)
        worst = int(certain.argmin())
        if certain[worst] >= NEEDED:
            return left if len(left) <= MOST_SOURCES else None
        del left[worst]
    return None


def _affine(views: Sequence[View], target: int, sources: Sequence[int]) -> Linear | None:
    """The relation, if nearly all rows have it and chance does not explain it."""
    group = [views[i] for i in (*sources, target)]
    both = ~np.any([view.missing for view in group], axis=0)
    values = [view.values[both] for view in group]
    rows, step = len(values[0]), group[-1].step
    if rows < LEAST_ROWS:
        return None
    factors = simplest(np.stack([part[:MOST_ROWS] for part in values[:-1]], 1), values[-1][:MOST_ROWS], step)
    if factors is None or (factors[1:] == 0.0).any() or not np.isfinite(factors).all():
        return None
    relation = Linear([view.column for view in group], factors[1:].tolist(), float(factors[0]), group[-1].decimals)
    broken = int(relation._broken(values).sum())
    level = log_level(len(views) * math.comb(len(views) - 1, len(sources)))
    if broken > MOST_BROKEN * rows or not _matter(relation, values, step, broken, level):
        return None
    relation.holds = 1.0 - broken / rows
    relation.enforced = broken == 0
    return relation


def _matter(relation: Linear, values: list[np.ndarray], step: float, broken: int, level: float) -> bool:
    """Whether the sum depends on each of its sources, and not by chance."""
    rows = len(values[0])
    exact = bool((np.abs(values[-1] - relation.exact(values[:-1])) <= 0.01 * step).all())
    for i, factor in enumerate(relation.factors):
        part = values[i]
        if abs(factor) * float(part.max() - part.min()) < (1.0 if exact else LEAST_PART) * step:
            return False
        shuffled = [np.roll(part, 1) if i == j else other for j, other in enumerate(values)]
        kept = 1.0 - float(relation._broken(shuffled).mean())
        if broken > MOST_BROKEN * rows * (1.0 - kept) or log_at_most(broken, rows, 1.0 - kept) > level:
            return False
    return True
