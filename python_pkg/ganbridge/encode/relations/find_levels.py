"""Search for columns that are missing where others have a level, and for categories that occur in few combinations."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from .chance import LEVEL, MOST_BROKEN, SPURIOUS, log_at_most, log_level
from .combination import Combination
from .missing import MissingWhere
from .view import View

LEAST_REPEATS = 50  # rows that repeat a level
MOST_LEVELS = 50  # of a column by which another one is missing
LEAST_ROWS = 5  # of each combination that occurs,
LEAST_SHARE = 0.25  # and least share of the rows that it would have if all had the same
LEAST_LEVELS = 3  # of each column
LEAST_ABSENT = 0.25  # share of the rows that absent combinations would have if the columns were independent
MOST_COMBINATIONS = 200
COMBINED_COLUMNS = 40  # columns of which combinations are looked at, by two and by three
MISSING = np.array([np.nan])


def find_missing(views: Sequence[View]) -> list[MissingWhere]:
    """Columns that are missing exactly where another one is, or has some levels.

    Chance: were the m missing ones among n rows anywhere, they would be those of the other column with probability
    1 / (n choose m); by levels it is as for a column that another one determines.
    """
    missing = [view for view in views if view.any_missing and not view.missing.all()]
    found: list[MissingWhere] = []
    alone: list[View] = []  # of columns missing together, the first
    level = log_level(len(missing) * len(views))
    for view in missing:
        n, m = len(view), int(view.missing.sum())
        by_chance = math.lgamma(m + 1) + math.lgamma(n - m + 1) - math.lgamma(n + 1)
        same = next((other for other in alone if (other.missing == view.missing).all()), None)
        if same is not None and by_chance <= level:
            others = np.zeros(0)
            found.append(MissingWhere([same.column, view.column], MISSING, others))
            continue
        alone.append(view)
        by_levels = [_by_levels(source, view, level) for source in views if source is not view]
        best = [relation for relation in by_levels if relation is not None]
        if best:
            found.append(max(best, key=lambda relation: (relation.holds, -len(relation.where) - len(relation.others))))
    return found


def _by_levels(source: View, target: View, level: float) -> MissingWhere | None:
    if source.constant or len(source.distinct) > MOST_LEVELS or (source.missing == target.missing).all():
        return None
    count = len(source.distinct) + int(source.any_missing)
    rows = np.bincount(source.codes, minlength=count)
    absent = np.bincount(source.codes[target.missing], minlength=count)
    wholly = absent * 2 > rows
    broken = int(np.minimum(absent, rows - absent).sum())
    repeats, share = len(source) - count, float(target.missing.mean())
    by_chance = min(share, 1.0 - share)
    if not wholly.any() or wholly.all() or repeats < LEAST_REPEATS:
        return None
    if broken > MOST_BROKEN * repeats or broken > SPURIOUS * by_chance * repeats:
        return None
    if log_at_most(broken, repeats, by_chance) > level:
        return None
    values = np.append(source.distinct, np.nan)[:count]
    holds = 1.0 - broken / len(source)
    return MissingWhere([source.column, target.column], values[wholly], values[~wholly], holds=holds)


def find_combinations(views: Sequence[View], known: set[int]) -> list[Combination]:
    """Two or three categories of which only some combinations occur, each in a few rows at least.

    known: indices of columns that others determine. Chance: if the columns were independent, a share s of the rows
    would have one of the combinations that do not occur, and none of n rows has one with probability (1 - s)^n. As
    columns that merely depend on each other have rare combinations, too, none of those that occur may be rare.
    """
    categories = [
        view
        for view in views
        if not view.numeric and not view.constant and not view.any_missing and view.index not in known
    ]
    categories = [view for view in categories if LEAST_LEVELS <= len(view.distinct) <= MOST_COMBINATIONS]
    categories = categories[:COMBINED_COLUMNS]
    found: list[Combination] = []
    taken: set[int] = set()
    for size in (2, 3):
        candidates = list(itertools.combinations(categories, size))
        level = math.log(LEVEL / 2.0) - math.log(max(1, len(candidates)))
        for group in candidates:
            if taken & {view.index for view in group}:
                continue
            relation = _combination(group, level)
            if relation is not None:
                found.append(relation)
                taken |= {view.index for view in group}
    return found


def _combination(group: Sequence[View], level: float) -> Combination | None:
    sizes = [len(view.distinct) for view in group]
    cells = math.prod(sizes)
    if cells > 100_000:
        return None
    codes = np.zeros(len(group[0]), dtype=np.int64)
    independent = np.ones(1)
    for view, size in zip(group, sizes, strict=True):
        codes = codes * size + view.codes
        independent = np.multiply.outer(independent, view.counts / len(view)).ravel()
    rows = np.bincount(codes, minlength=cells)
    occurs = rows > 0
    count = int(occurs.sum())
    if count == cells or count > MOST_COMBINATIONS:
        return None
    if rows[occurs].min() < max(LEAST_ROWS, LEAST_SHARE * len(codes) / count):
        return None
    share = float(independent[~occurs].sum())
    if share < LEAST_ABSENT or len(codes) * math.log1p(-min(share, 1.0 - 1e-12)) > level:
        return None
    at = np.stack(np.unravel_index(np.flatnonzero(occurs), sizes), 1)
    allowed = np.stack([view.distinct[part] for view, part in zip(group, at.T, strict=True)], 1)
    return Combination([view.column for view in group], allowed)
