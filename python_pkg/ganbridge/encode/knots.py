"""Quantile knots that show no single row: each is a value that k rows share, or comes from means of k rows or more.

Values that at least k rows share are kept as they are. Between them lie runs of rarer values, cut where a wide hole
shows that none can be; within a run, rows in their order form groups of at least k, and the quantile function passes
through their means. Beyond the last mean it is the tail of a generalized Pareto distribution (Hosking and Wallis 1987)
whose shape is that of the run's outer rows. Values far outside are winsorized first, and ends are rounded inwards, so
that neither samples nor files show the largest value. Fewer than k rows beyond the last shared value are counted as
that value, fewer than k between two as evenly spread. Numbers on a grid of a few steps in all (counts up to 24) are
levels, of which the outermost are top-coded: what fewer than k rows reach counts as the last value that k rows reach.
All levels of a short scale without holes (grades) stay, as those of categories do.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

LIMIT = 6.0  # how far values count beyond the k outermost rows, in distances between row k and row 2 k,
FEWEST = 10  # or this many rows further in
HOLE = 12.0  # rows that the density around a hole would put into it, from which on nothing lies in it
DEMOTED = 3.0  # times k: a value with fewer rows joins the fewer than k rows beyond it
SHAPES = (-1.0, 0.5)  # of tails: from the uniform distribution's to one whose variance is infinite
USUAL_SHAPE, USUAL_ROWS = -0.25, 20.0  # the shape that few rows' is shrunk towards, and with how many pseudo rows
TAIL = (0.7, 0.45, 0.25, 0.12, 0.05)  # shares of the outermost group at which its tail has knots
LEVELS = 24  # steps of a grid up to which its values are levels, which stay as they are however rare, but for ends
SCALE = 11  # levels in equal distances up to which their ends stay, too
COARSE_STEPS = 4.0  # steps of a grid, by which the range of the training data is rounded at least


@dataclass(frozen=True, eq=False)
class SharedKnots:
    """Values x (m,) at shares u (m,), both non-decreasing; low, high: of samples; span: around the training data."""

    x: np.ndarray
    u: np.ndarray
    low: float
    high: float
    span: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Run:
    """A run of rare values: sorted values (r,), the shares at which it begins and ends; and its bounds."""

    values: np.ndarray
    begin: float
    end: float
    bounds: tuple[float, float]


def shared_knots(values: np.ndarray, k: int, half: float, most: int, levels: bool = True) -> SharedKnots:
    """Knots of sorted values (n,), n >= k. half: of the grid's step; 0 for continuous ones. most: about so many.

    levels: whether numbers on a grid of a few steps are kept as levels.
    """
    unique, first, counts = np.unique(values, return_index=True, return_counts=True)
    shared = _shared(unique, counts, k, half, most, levels)
    n = len(values)
    size = max(k, -(-2 * n // most))  # rows of a group
    at = np.flatnonzero(shared)
    begins, ends = first[at], first[at] + counts[at]
    x, u = [np.repeat(unique[at], 2) + np.tile([-half, half], len(at))], [np.stack([begins, ends], 1).ravel() / n]
    for low, high in zip(np.append(0, ends), np.append(begins, n), strict=True):
        if high - low >= k:
            for run in _runs(values, int(low), int(high), k if size == k else 4 * size, half):
                parts = _knots_of_run(run, k, size)
                x.append(parts[0])
                u.append(parts[1])
    joined_x, joined_u = np.concatenate(x), np.concatenate(u)
    order = np.lexsort((joined_x, joined_u))
    edge = 0.25 / n
    joined_x, joined_u = np.maximum.accumulate(joined_x[order]), joined_u[order].clip(edge, 1.0 - edge)
    joined_u[0], joined_u[-1] = edge, 1.0 - edge  # rows beyond the last shared value count as this
    keep = np.append(True, (np.diff(joined_x) > 0) | (np.diff(joined_u) > 0))
    joined_x, joined_u = joined_x[keep], joined_u[keep]
    low = float(joined_x[0]) + (half if len(at) and begins[0] < k else 0.0)
    high = float(joined_x[-1]) - (half if len(at) and n - ends[-1] < k else 0.0)
    return SharedKnots(joined_x, joined_u, low, high, _span(values, k, half, low, high))


def _shared(unique: np.ndarray, counts: np.ndarray, k: int, half: float, most: int, levels: bool) -> np.ndarray:
    """Which values are kept as they are, bool (values,)."""
    shared = counts >= k
    if levels and half > 0.0 and unique[-1] - unique[0] <= 2.0 * half * LEVELS:
        return _reached(unique, counts, k)
    if shared.sum() > most // 4:  # with more of them, those that are a visible share of the rows
        shared = counts >= max(k, 4 * counts.sum() / most)
    if half > 0.0:
        for order in (slice(None), slice(None, None, -1)):
            at = np.flatnonzero(shared[order])
            beyond = counts[order][: at[0]].sum() if len(at) else 0
            if 0 < beyond < k and counts[order][at[0]] < DEMOTED * k:
                shared[order][at[0]] = False
    return np.asarray(shared)


def _reached(unique: np.ndarray, counts: np.ndarray, k: int) -> np.ndarray:
    """Which levels k rows reach from either end, bool (values,); all of a short scale in equal distances.

    If that were one level alone, a column of zeros with few others, its neighbours stay, too.
    """
    gaps = np.diff(unique)
    if len(unique) <= SCALE and gaps.size and np.allclose(gaps, gaps[0], rtol=1e-6, atol=0.0):
        return np.ones(len(unique), dtype=bool)
    kept = (np.cumsum(counts) >= k) & (np.cumsum(counts[::-1])[::-1] >= k)
    if kept.sum() == 1:
        at = int(kept.argmax())
        kept[max(0, at - 1) : at + 2] = True
    return np.asarray(kept)


def _runs(values: np.ndarray, low: int, high: int, least: int, half: float) -> Iterator[Run]:
    """The runs among the rows low to high of sorted values, cut at holes so that each has at least so many rows."""
    n, part = len(values), values[low:high]
    gap = np.diff(part)
    row = np.arange(len(gap))
    first, last = np.maximum(row - 2 * least, 0), np.minimum(row + 1 + 2 * least, len(part) - 1)
    extent = part[last] - part[first] - gap
    expected = (last - first) * (gap - 2.0 * half) / np.maximum(extent, 1e-300)
    cuts = [0]
    for cut in (np.flatnonzero((expected > HOLE) & (row + 1 >= least) & (row + 1 <= len(part) - least)) + 1).tolist():
        if cut - cuts[-1] >= least:
            cuts.append(cut)
    cuts.append(len(part))
    outside = -np.inf if low == 0 else values[low - 1] + half, np.inf if high == n else values[high] - half
    for i, (begin, end) in enumerate(itertools.pairwise(cuts)):
        bounds = outside[0] if i == 0 else -np.inf, outside[1] if end == len(part) else np.inf
        yield Run(part[begin:end], (low + begin) / n, (low + end) / n, bounds)


def winsorized(values: np.ndarray, k: int, step: float = 0.0) -> np.ndarray:
    """Sorted values, none further outside than the k outermost rows on either side make likely. step: of their grid."""
    low, high = -_limit(-values[::-1], k, step), _limit(values, k, step)
    return values.clip(min(low, values[len(values) // 2]), max(high, values[len(values) // 2]))


def _limit(values: np.ndarray, k: int, step: float) -> float:
    """The largest value that counts as it is, of sorted values."""
    r = len(values)
    further = k + max(k, FEWEST)
    if r > further:
        return float(values[-1 - k] + LIMIT * max(values[-1 - k] - values[-1 - further], step))
    half = float(values[r // 2])
    return half + LIMIT * max(half - float(values[r // 4]), (half - float(values[0])) / 4.0, step)


def _knots_of_run(run: Run, k: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Knots of a run. size: rows of a group; towards both ends, groups are smaller."""
    values, r = winsorized(run.values, k), len(run.values)
    starts = _group_starts(r, k, size)
    if len(starts) == 1:
        spread = np.sqrt(3.0) * float(values.std())
        mean = float(values.mean())
        low, high = -_inward(-values[0], spread / 3.0, -mean), _inward(values[-1], spread / 3.0, mean)
        x = (mean + np.array([-spread, spread])).clip(low, high)
        return x.clip(*run.bounds), np.array([run.begin, run.end])
    rows = np.diff(np.append(starts, r))
    means = np.add.reduceat(values, starts) / rows
    middle = (starts + rows / 2.0) / r
    upper_x, upper_p, top = _tail(values, means, rows, k)
    lower_x, lower_p, bottom = _tail(-values[::-1], -means[::-1], rows[::-1], k)
    x = np.concatenate([-lower_x[::-1], means[1:-1], upper_x])
    u = np.concatenate([lower_p[::-1] * rows[0] / r, middle[1:-1], 1.0 - upper_p * rows[-1] / r])
    x = np.maximum.accumulate(x.clip(-bottom, top).clip(*run.bounds))
    return x, run.begin + u * (run.end - run.begin)


def _group_starts(r: int, k: int, size: int) -> np.ndarray:
    """First rows of groups of at least k rows each, up to `size` in the middle of r rows."""
    sizes, wanted = list[int](), float(k)
    while wanted < size and 2 * (sum(sizes) + int(wanted)) <= r:
        sizes.append(int(wanted))
        wanted *= 1.5
    rest = r - 2 * sum(sizes)
    groups = max(rest // size, int(rest >= k))
    middle = [rest // groups + (i < rest % groups) for i in range(groups)] if groups else []
    right = sizes[::-1]
    if not groups:  # too few for a group of their own
        right[:1] = [right[0] + rest]
    return np.cumsum([0, *sizes, *middle, *right])[:-1]


def _tail(values: np.ndarray, means: np.ndarray, rows: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Knots of the last group of a run: values, shares of its rows that lie above them (falling), and the bound."""
    shape = _shape(values, k)
    before = rows[-2] / rows[-1]

    def mean_of(p: float) -> float:
        """Mean quantile over the shares 0 to p, of a scale of 1."""
        return float((p**-shape / (1.0 - shape) - 1.0) / shape)

    inner = ((1.0 + before) * mean_of(1.0 + before) - mean_of(1.0)) / before
    scale = (means[-1] - means[-2]) / (mean_of(1.0) - inner)
    start = means[-1] - scale * mean_of(1.0)
    shares = np.array([1.0, *TAIL, 0.25 / rows[-1]])
    bound = _inward(values[-1], (means[-1] - start) / 2.0, float(means[-1]))
    x = start + scale * (shares**-shape - 1.0) / shape
    return np.append(x, x[-1]), np.append(shares, 0.0), bound


def _shape(values: np.ndarray, k: int) -> float:
    """Shape of the upper tail of sorted values by the L-moments of their outer quarter, never 0."""
    m = max(2 * k, len(values) // 4)
    top = values[-m:] - values[-m]
    mean = float(top.mean())
    if mean <= 0.0:
        return USUAL_SHAPE
    second = float((top * (2.0 * np.arange(m) - (m - 1))).sum() / (m * (m - 1)))
    shape = 2.0 - mean / max(second, 1e-300)
    shape = (m * min(max(shape, SHAPES[0]), SHAPES[1]) + USUAL_ROWS * USUAL_SHAPE) / (m + USUAL_ROWS)
    return shape if abs(shape) > 1e-6 else 1e-6


def _inward(highest: float, unit: float, otherwise: float) -> float:
    """The highest value rounded down to a multiple of a unit, if there is one."""
    return float(np.floor(highest / unit) * unit) if unit > 1e-12 * abs(highest) else otherwise


def _span(values: np.ndarray, k: int, half: float, low: float, high: float) -> tuple[float, float]:
    """Around the training data: its winsorized ends, rounded outwards, unless k rows share them."""
    inner = winsorized(values, k, 2.0 * half)
    ends = []
    for part, end in ((-inner[::-1], -low), (inner, high)):
        m = min(2 * k, len(part) - 1)
        unit = max((part[-1] - part[-1 - m]) / 8.0, 2.0 * half * COARSE_STEPS)
        many = part[-1] == part[-min(k, len(part))]
        outer = end if many or unit <= 0.0 else max(end, float((np.floor(part[-1] / unit) + 1.0) * unit))
        ends.append(min(outer, 0.0) if part[-1] <= 0.0 else outer)  # with the sign that all values have
    return -ends[0], ends[1]


def mean_of_highest(values: np.ndarray, k: int) -> float:
    """Mean of the k highest values (n,), winsorized; of all of them if there are fewer."""
    needed = min(len(values), k + max(k, FEWEST) + 1)
    return _mean_of_last(np.partition(values, len(values) - needed)[len(values) - needed :], k)


def mean_of_lowest(values: np.ndarray, k: int) -> float:
    """Mean of the k lowest values (n,), winsorized; of all of them if there are fewer."""
    needed = min(len(values), k + max(k, FEWEST) + 1)
    return -_mean_of_last(-np.partition(values, needed - 1)[:needed].astype(np.float64), k)


def _mean_of_last(values: np.ndarray, k: int) -> float:
    """The same of the highest values alone, of which winsorizing needs more than k."""
    top = np.sort(values.astype(np.float64))  # pixels are unsigned, and have no negative differences
    if k == 1:
        return float(top[-1])
    highest = winsorized(top, k)[-k:] if len(top) > k else top
    return float(highest[0] if highest[0] == highest[-1] else highest.mean())
