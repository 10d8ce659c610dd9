"""Two columns of dates or times, as metrics of what lies between them are computed on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from ...data import Column
from ...encode.times import days_between
from ..baselines import Comparison
from ..verdicts import Measured
from .columns import Distance

Days = tuple[Column, Column]  # of both columns


@dataclass(frozen=True, eq=False)
class TimesSubject:
    """The days of two columns, of generated, other and reference rows."""

    generated: Days
    other: Days
    real: Days
    rows: tuple[int, int]

    def shares(self, share: Callable[[Column, Column], float]) -> Measured:
        """How far a share of rows is from that of the reference."""
        generated, other, real = (share(*days) for days in (self.generated, self.other, self.real))
        return Measured(abs(generated - real), abs(other - real), self.rows)

    def between(self, distance: Distance) -> Measured:
        """A distance between the days from the first to the second column."""
        generated, other, real = (days_between(*days) for days in (self.generated, self.other, self.real))
        return Measured(distance(generated, real), distance(other, real), (len(generated), len(real)))


def time_pairs(comparison: Comparison) -> Iterator[tuple[str, TimesSubject]]:
    """Every pair of columns of dates or times by both names."""
    views = comparison.generated, comparison.other, comparison.reference
    for first, second in combinations(range(len(views[0].times)), 2):
        days = [(view.times[first].days, view.times[second].days) for view in views]
        yield f"{days[2][0].name}, {days[2][1].name}", TimesSubject(days[0], days[1], days[2], comparison.rows)
