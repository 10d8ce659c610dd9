"""How good a value is beside its baseline: the rules behind good, fair and poor.

A value is good if it is no further from its baseline than sampling error takes it. It is poor if it is three times as
far, or so far that it would be a failure with any number of rows, and sampling error does not take it there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

GOOD, FAIR, POOR, NONE = "good", "fair", "poor", "not evaluated"
BY_WEIGHT = (POOR, FAIR, GOOD, NONE)  # the most serious first
LEAST_ROWS = 10  # on either side, for a verdict
FLOOR = 0.02  # a difference that does not matter, however many rows show that it exists
CLOSER = 0.2  # by which share of the distance new real rows may be closer, if chance takes them no further
RATIO_ROOM = 1.5  # times the baseline's pMSE ratio that chance may bring about
RATIOS = (5.0, 10.0)  # pMSE ratios that are good and fair, unless real rows reach more
MODES_LOST = 0.2  # share of the real rows' peaks up to which it is fair to have lost some


@dataclass(frozen=True)
class Measured:
    """A metric of generated rows and its baseline, which real rows reach instead of them.

    rows: generated and real rows that were compared. chance: of a distance, the share of the baseline down to which
    chance takes it; of rule "sampled", the standard error by chance. unsure: of a count, how many peaks of the value
    and of the baseline may exist or not. label: what the value is called in the sentence, if that depends on the data.
    """

    value: float
    baseline: float
    rows: tuple[int, int]
    chance: float = 1.0
    unsure: tuple[float, float] = (0.0, 0.0)
    label: str = ""

    @property
    def fewest(self) -> int:
        """Rows of the smaller side."""
        return min(self.rows)


Limits = tuple[float, float, float]  # how far off a value is, how far is good, how far is fair


@dataclass(frozen=True)
class Rule:
    """Which values of a metric are good, fair and poor.

    worse: a name in `OFF` for differences that sampling error explains, or in `LIMITS` for all else. slack: how far
    sampling error takes it, in 1 / sqrt(rows). large: a difference that is poor with few rows, too, if sampling error
    takes it less than two thirds as far.
    """

    worse: str
    slack: float = 1.0
    large: float = math.inf

    def assess(self, measured: Measured) -> tuple[str, float]:
        """The verdict, and how far off the value is, as a share of what makes it poor."""
        without_baseline = math.isnan(measured.baseline) and self.worse not in ("ratio", "count")
        if math.isnan(measured.value) or without_baseline or measured.fewest < LEAST_ROWS:
            return NONE, 0.0
        off, good, fair = LIMITS[self.worse](measured) if self.worse in LIMITS else self._sampled(measured)
        return GOOD if off <= good else FAIR if off <= fair else POOR, off / fair

    def _sampled(self, measured: Measured) -> Limits:
        value, baseline = measured.value, measured.baseline
        slack = self.slack / math.sqrt(max(measured.fewest, 1))
        if self.worse == "sampled":
            slack = 2.0 * measured.chance  # as wide as `self.slack` is if every row is drawn independently
        if self.worse == "share":
            both = (value + baseline) / 2.0
            slack *= math.sqrt(2.0 * both * (1.0 - both))
        slack = max(FLOOR, slack)
        return OFF[self.worse](value, baseline), slack, min(3.0 * slack, max(self.large, 1.5 * slack))


def _root_difference(value: float, baseline: float) -> float:
    return math.sqrt(max(value, 0.0)) - math.sqrt(max(baseline, 0.0))


OFF: dict[str, Callable[[float, float], float]] = {
    "more": lambda value, baseline: value - baseline,
    "sampled": lambda value, baseline: value - baseline,
    "auc": lambda value, baseline: value - max(baseline, 0.5),
    "less": lambda value, baseline: baseline - value,
    "other": lambda value, baseline: abs(value - baseline),
    "share": lambda value, baseline: abs(value - baseline),
    "root": _root_difference,
}


def _ratio(measured: Measured) -> Limits:
    # With many terms for the rows, real rows exceed 5, too.
    known = 0.0 if math.isnan(measured.baseline) else measured.baseline
    return measured.value, max(RATIOS[0], RATIO_ROOM * known), max(RATIOS[1], 2.0 * RATIO_ROOM * known)


def _closer(measured: Measured) -> Limits:
    if measured.baseline <= 0.0:
        return 0.0, CLOSER, 2.0 * CLOSER
    # The square is as far again, in ratios.
    good, fair = max(CLOSER, 1.0 - measured.chance), max(2.0 * CLOSER, 1.0 - measured.chance**2)
    return 1.0 - measured.value / measured.baseline, good, fair


def _copies(measured: Measured) -> Limits:
    # One row of fifty that equals another one in a table of few different values is chance.
    room = 2.0 * _share_error((measured.value + measured.baseline) / 2.0, measured.fewest)
    return measured.value - measured.baseline, room, room + 0.01


def _known(measured: Measured) -> Limits:
    room = 2.5 * _share_error((measured.value + measured.baseline) / 2.0, measured.fewest)
    return measured.value - measured.baseline, room, room + 0.02


def _disclosed(measured: Measured) -> Limits:
    # The mean over several choices of columns: real rows differ by .2 to .6 of the error of one share.
    share = max(measured.baseline, 1.0 / max(measured.fewest, 1))
    room = max(FLOOR, 1.75 * _share_error(share, measured.fewest))
    return measured.value - measured.baseline, room, 2.0 * room


def _share_error(share: float, rows: int) -> float:
    """Standard error of the difference of two shares, each of so many rows."""
    return math.sqrt(max(0.0, 2.0 * share * (1.0 - share)) / max(rows, 1))


def _count(measured: Measured) -> Limits:
    baseline = measured.baseline
    lost = 0.0 if math.isnan(baseline) else baseline - measured.value
    # One lost of a few is a part of the data; one too many may be a bump.
    fair = max(0.5, MODES_LOST * baseline) if lost > 0.0 else 1.0
    return max(0.0, abs(lost) - sum(measured.unsure)), 0.0, fair


LIMITS: dict[str, Callable[[Measured], Limits]] = {
    "ratio": _ratio,
    "closer": _closer,
    "copies": _copies,
    "known": _known,
    "disclosed": _disclosed,
    "count": _count,
}
