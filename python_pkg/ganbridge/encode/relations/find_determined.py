"""Search for columns that one or two others determine.

A column `a` determines `b` if all rows with one value of `a` have one value of `b`. Chance explains it if few rows
repeat a value of `a`, or if nearly all rows have one value of `b`: were `b` independent of `a`, each repeat of a value
of `a` would bring the same `b` with a probability of at most p, the share of b's most frequent value, and all r of them
with at most p^r. With two sources, p is that share among the rows with the same value of one of them, so that `a` and
`b` together must explain what neither of them explains alone. A column that hardly repeats a value determines
everything trivially, and is left out.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from .chance import MOST_BROKEN, SPURIOUS, log_at_most, log_level
from .determined import Determined
from .view import View

LEAST_REPEATS = 50  # rows that repeat a value of the determining column
TRIED = 512  # pairs of rows on which a candidate is tried first,
TRIED_BROKEN = 4 * MOST_BROKEN  # and the share of them that may break it
PAIRED_LEVELS = 50  # most distinct values of a column that determines another one together with a second one
PAIRED_COLUMNS = 60  # most such columns
PAIRED_ROWS = 4096  # rows on which such a pair is tried first


def find_determined(views: Sequence[View]) -> list[Determined]:
    """Dependences on one column: exact ones that no others imply, then those that a few rows break."""
    varying = [view for view in views if not view.constant]
    sources = [view for view in varying if is_source(view)]
    level = log_level(len(sources) * max(1, len(varying) - 1))
    codes = np.stack([view.codes for view in varying], 1) if varying else np.zeros((0, 0))
    exact: dict[tuple[int, int], Determined] = {}
    nearly: list[Determined] = []
    for source in sources:
        for target in _candidates(source, varying, codes):
            relation = determined_by(source, target, level)
            if relation is not None and relation.holds == 1.0:
                exact[source.index, target.index] = relation
            elif relation is not None:
                nearly.append(relation)
    return _not_implied(exact, {view.index: view for view in varying}) + nearly


def is_source(view: View) -> bool:
    """Whether a column repeats its values often enough to show what they determine."""
    return _repeats(view) >= LEAST_REPEATS and 2 * _repeats(view) >= len(view.by_value)


def _repeats(view: View) -> int:
    return len(view.by_value) - len(view.distinct)


def _candidates(source: View, varying: Sequence[View], codes: np.ndarray) -> list[View]:
    """Columns that agree in nearly all of some pairs of rows with the same value of the source."""
    order = source.by_value
    same = np.flatnonzero(source.codes[order[1:]] == source.codes[order[:-1]])
    same = same[np.linspace(0, len(same) - 1, min(TRIED, len(same))).astype(np.int64)]
    differ = codes[order[same]] != codes[order[same + 1]]
    for j, view in enumerate(varying):
        if view.any_missing:
            differ[:, j] &= ~(view.missing[order[same]] | view.missing[order[same + 1]])
    return [v for v, share in zip(varying, differ.mean(0), strict=True) if share <= TRIED_BROKEN and v is not source]


def determined_by(source: View, target: View, level: float) -> Determined | None:
    """The dependence, if nearly all rows have it and chance does not explain it."""
    order = source.by_value
    order = order[~target.missing[order]] if target.any_missing else order
    a, b = source.codes[order], target.codes[order]
    first = np.flatnonzero(np.diff(a, prepend=-1))
    size = np.diff(np.append(first, len(a)))
    result, broken = b[first], 0
    if not (np.repeat(result, size) == b).all():
        result, broken = _most_frequent(a, b, a[first], len(target.distinct))
    repeats = len(a) - len(first)
    most = int(np.bincount(b).max()) if len(b) else 0
    by_chance = 1.0 - most / max(1, len(b))
    if repeats < LEAST_REPEATS or log_at_most(broken, repeats, by_chance) > level:
        return None
    if broken > MOST_BROKEN * repeats or broken > SPURIOUS * by_chance * repeats:
        return None
    keys, results = source.distinct[a[first]], target.distinct[result]
    return _with_missing(source, target, keys, results, 1.0 - broken / len(a))


def _most_frequent(a: np.ndarray, b: np.ndarray, values: np.ndarray, count: int) -> tuple[np.ndarray, int]:
    """For each value of the source the most frequent code of the target, and how many rows have another one."""
    pairs, counts = np.unique(a.astype(np.int64) * count + b, return_counts=True)
    order = np.lexsort((-counts, pairs // count))
    first = order[np.flatnonzero(np.diff(pairs[order] // count, prepend=-1))]
    assert len(first) == len(values)
    return pairs[first] % count, len(a) - int(counts[first].sum())


def _with_missing(source: View, target: View, keys: np.ndarray, results: np.ndarray, holds: float) -> Determined:
    """The relation; strict if what is missing, as one more value, is determined and determines, too."""
    strict = holds == 1.0
    if source.any_missing or target.any_missing:
        known = np.concatenate([source.distinct, [np.nan]])
        order = np.argsort(source.codes, kind="stable")
        a, b = source.codes[order], target.codes[order]
        first = np.flatnonzero(np.diff(a, prepend=-1))
        strict &= bool((np.repeat(b[first], np.diff(np.append(first, len(a)))) == b).all())
        if strict:
            keys, results = known[a[first]], np.append(target.distinct, np.nan)[b[first]]
    return Determined([source.column, target.column], keys[:, None], results, strict=strict, holds=holds)


def _not_implied(exact: dict[tuple[int, int], Determined], views: dict[int, View]) -> list[Determined]:
    """Those that do not follow from others, with columns that determine each other as one relation."""
    mutual = {pair for pair in exact if pair[::-1] in exact}
    first: dict[int, int] = {}  # of each group of columns that determine each other, the one that stands for it
    for index in views:
        group = [index, *(b for a, b in mutual if a == index)]
        first[index] = min(group, key=lambda i: (not views[i].numeric, len(views[i].distinct) == 2, i))
    kept = []
    for (a, b), relation in exact.items():
        if (a, b) in mutual:
            if a == first[b]:
                relation.mutual = True
                kept.append(relation)
        elif a == first[a] and b == first[b]:
            between = (c for c in views if c not in (a, b) and first[c] == c)
            if not any((a, c) in exact and (c, b) in exact for c in between):
                kept.append(relation)
    return kept


def find_paired(views: Sequence[View], known: set[int]) -> list[Determined]:
    """Dependences on two columns at once, of columns that are not `known` (indices) to depend on others."""
    varying = [view for view in views if not view.constant]
    sources = [view for view in varying if len(view.distinct) <= PAIRED_LEVELS and not view.any_missing]
    sources = sorted(sources, key=lambda view: len(view.distinct))[:PAIRED_COLUMNS]
    targets = [view for view in varying if view.index not in known and not view.any_missing]
    if len(sources) < 2 or not targets:
        return []
    tried = np.stack([view.codes[:PAIRED_ROWS] for view in targets], 1)
    level = log_level(math.comb(len(sources), 2) * len(targets))
    found, done = [], set(known)
    for a, b in itertools.combinations(sources, 2):
        for target in _paired_candidates(a, b, targets, tried):
            if target.index in done or target.index in (a.index, b.index):
                continue
            relation = _paired(a, b, target, level)
            if relation is not None:
                found.append(relation)
                done.add(target.index)
    return found


def _paired_candidates(a: View, b: View, targets: Sequence[View], tried: np.ndarray) -> list[View]:
    pairs = a.codes[:PAIRED_ROWS] * len(b.distinct) + b.codes[:PAIRED_ROWS]
    order = np.argsort(pairs, kind="stable")
    same = np.flatnonzero(np.diff(pairs[order]) == 0)[:TRIED]
    if len(same) < LEAST_REPEATS:
        return []
    agree = (tried[order[same]] == tried[order[same + 1]]).all(0)
    return [target for target, every in zip(targets, agree, strict=True) if every]


def _paired(a: View, b: View, target: View, level: float) -> Determined | None:
    pairs = a.codes.astype(np.int64) * len(b.distinct) + b.codes
    order = np.argsort(pairs, kind="stable")
    pairs, codes = pairs[order], target.codes[order]
    first = np.flatnonzero(np.diff(pairs, prepend=-1))
    size = np.diff(np.append(first, len(pairs)))
    if not (np.repeat(codes[first], size) == codes).all():
        return None
    of_a, of_b = pairs[first] // len(b.distinct), pairs[first] % len(b.distinct)
    for codes_of_one, one in ((of_a, a), (of_b, b)):
        together = np.zeros((len(one.distinct), len(target.distinct)))
        np.add.at(together, (one.codes, target.codes), 1.0)
        most = together.max(1) / together.sum(1)
        informative = most[codes_of_one] < 1.0
        repeats = size[informative] - 1
        if repeats.sum() < LEAST_REPEATS or float((repeats * np.log(most[codes_of_one][informative])).sum()) > level:
            return None
    keys = np.stack([a.distinct[of_a], b.distinct[of_b]], 1)
    return Determined([a.column, b.column, target.column], keys, target.distinct[codes[first]])
