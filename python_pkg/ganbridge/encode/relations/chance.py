"""How likely it is that a relation holds in the rows at hand by chance.

Each family of candidates (pairs of columns for orders, for dependences and so on) has a budget of LEVEL for all
candidates together (Bonferroni): one of them is a finding if the probability that no more rows break it, if it were
not a relation, is at most LEVEL divided by their number.
"""

from __future__ import annotations

import math

import numpy as np

LEVEL = 1e-3
MOST_BROKEN = 0.01  # share of rows that may break what is reported
SPURIOUS = 0.05  # and share of what would break it by chance
NEAR = 0.35


def log_level(candidates: int) -> float:
    """The log probability from which on one of so many candidates is a finding."""
    return math.log(LEVEL / max(1, candidates))


def log_at_most(broken: int, trials: float, chance: float) -> float:
    """A bound on the log probability that at most so many of the trials break, each with that chance (Chernoff)."""
    if trials <= 0.0 or chance <= 0.0:
        return 0.0
    if chance >= 1.0:
        return -math.inf if broken < trials else 0.0
    share = broken / trials
    if share >= chance:
        return 0.0
    divergence = (1.0 - share) * math.log((1.0 - share) / (1.0 - chance))
    if share > 0.0:
        divergence += share * math.log(share / chance)
    return -trials * divergence


def log_at_most_poisson(broken: int, expected: float) -> float:
    """The same for a number of events of which so many are expected."""
    if broken >= expected:
        return 0.0
    return broken - expected + (broken * math.log(expected / broken) if broken else 0.0)


def expected_below(difference: np.ndarray, step: float) -> tuple[float, int]:
    """How many rows would lie just below zero if the density of the differences ran smoothly through it.

    An order is a finding only if the differences end at zero abruptly. Three neighbouring zones of one width above
    zero are counted, and the log of their counts is continued below zero as a parabola, which is exact for a normal
    density; three standard errors of the continuation are taken off. Of several widths the one with the largest
    number counts. Returns it, and the number of rows that do lie in that zone. Nothing is expected below differences
    of which the smallest is not small: above NEAR times the one that a tenth of the rows lie below.

    difference (n,): upper minus lower value. step: of the grid on which differences lie, 0 if there is none.
    """
    positive = difference[difference > 0.0]
    best, broken = 0.0, 0
    if not len(positive) or difference.min() > NEAR * np.quantile(difference, 0.1):
        return best, broken
    for width in np.unique(np.quantile(positive, [0.05, 0.1, 0.2, 0.35, 0.5])):
        width = max(step, round(width / step) * step) if step else float(width)
        edges = np.array([-1.0, 0.0, 1.0, 2.0, 3.0]) * width - step / 2.0
        zones = np.histogram(difference, edges)[0]
        # The last edge of a histogram is closed, the others are open: what lies on an edge counts as above it.
        first, second, third = zones[1:] + 0.5
        error = math.sqrt(9.0 / first + 9.0 / second + 1.0 / third)
        log_rows = 3.0 * math.log(first) - 3.0 * math.log(second) + math.log(third) - 3.0 * error
        # More than the first zone itself holds is not to be expected below it.
        rows = math.exp(min(log_rows, math.log(first)))
        if rows > best:
            best, broken = rows, int((difference[difference < 0.0] >= edges[0]).sum())
    return best, broken
