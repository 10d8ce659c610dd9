"""Links between two columns of dates or times: the same day, and what lies between them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from ..data import Column
from ..encode.times import Times, same_day
from .links import codes_of, homogeneity, upper_tail
from .lost_link import DIFFERENCE, FINE_BINS, KEPT, LEAST_ROWS, LINKED, OFF, Lost, percent

CLOSER = 0.75  # of the spread that independent times have between them: less is a link


def of_days(real: Sequence[Times], generated: Sequence[Times], level: float) -> list[Lost]:
    """Dates that are on one day among training rows, and not among generated ones."""
    found = []
    for i, j in combinations(range(len(real)), 2):
        mine, theirs = (same_day(times[i].days, times[j].days) for times in (real, generated))
        if math.isnan(mine) or math.isnan(theirs) or mine < LINKED or theirs >= KEPT * mine:
            continue
        n, k = (len(times[i].days.values) for times in (real, generated))
        share = (mine * n + theirs * k) / (n + k)
        if upper_tail((mine - theirs) / math.sqrt(share * (1.0 - share) * (1.0 / n + 1.0 / k))) <= level:
            words = f"{percent(theirs)} of generated rows have both on one day, {percent(mine)} of training rows"
            names = str(real[i].days.name), str(real[j].days.name)
            found.append(Lost(names, frozenset((real[i].index, real[j].index)), words, 1.0, DIFFERENCE))
    return found


def lost_gaps(real: Sequence[Times], generated: Sequence[Times], level: float) -> list[Lost]:
    """Dates and times that are linked, and between which other spans lie than among training rows.

    Of days, and of clocks: the time of day of one may go with that of another one, whatever the days.
    """
    found = []
    for i, j in combinations(range(len(real)), 2):
        for what, pairs in _gaps([real[i], generated[i]], [real[j], generated[j]]):
            if min(len(gap) for gap, _ in pairs) < LEAST_ROWS or pairs[0][0].std() > CLOSER * pairs[0][1]:
                continue
            columns = [Column("", "double", gap) for gap, _ in pairs]
            codes = codes_of(columns[0], columns, FINE_BINS)
            counts = [np.bincount(each, minlength=FINE_BINS + 2)[None].astype(np.float64) for each in codes]
            shares = [count / count.sum() for count in counts]
            off = float(np.abs(shares[0] - shares[1]).sum() / 2.0)
            if off > OFF and homogeneity(counts[0], counts[1], len(codes[0]), len(codes[1]))[0] <= level:
                words = f"{what} between them differs from that of training rows in {percent(off)} of generated rows"
                names = str(real[i].days.name), str(real[j].days.name)
                found.append(Lost(names, frozenset((real[i].index, real[j].index)), words, off, DIFFERENCE))
    return found


def _gaps(first: Sequence[Times], second: Sequence[Times]) -> Iterator[tuple[str, list[tuple[np.ndarray, float]]]]:
    """What is compared, and for real and generated rows the differences (n,) and their spread if independent."""
    values = []
    for a, b in zip(first, second, strict=True):
        both = ~(a.days.missing | b.days.missing)
        values.append((a.days.values[both], b.days.values[both]))
    yield "the time", [_gap(a, b) for a, b in values]
    clocks = [(a - np.floor(a), b - np.floor(b)) for a, b in values]
    if all(len(a) and np.ptp(a) > 0.0 and np.ptp(b) > 0.0 for a, b in clocks):
        yield "the time of day", [_gap(a, b) for a, b in clocks]


def _gap(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, float]:
    return b - a, math.hypot(float(a.std()), float(b.std())) if len(a) else 0.0
