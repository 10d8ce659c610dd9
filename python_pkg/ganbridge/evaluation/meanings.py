"""What a figure beside its baseline means: how good it is, and one plain sentence that says so.

A figure is good where it is no further from the baseline than chance takes it, and poor where it is three times as far,
or so far that it would be a disaster with any number of rows, and chance does not take it there.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from .registry import BELOW_CHANCE, CHANCE, FAIR, GOOD, METRICS, MORE, NONE, POOR, RATIO, THINGS, Finding, Metric

LEAST_ROWS = 10  # on either side, for a verdict
FLOOR = 0.02  # a difference that does not matter, however many rows show that it is there
CLOSER = 0.2  # by which share of the distance new real rows may be closer, if chance takes them no further
RATIO_ROOM = 1.5  # times the baseline's pMSE ratio that chance may bring about
MODES_LOST = 0.2  # share of the real rows' peaks up to which it is fair to have lost some
TOO_FEW = "Not judged: there are too few rows."


def verdict_of(
    metric: Metric,
    value: float,
    baseline: float,
    rows: int,
    *,
    chance: float = 1.0,
    unsure: tuple[float, float] = (0, 0),
) -> str:
    """good, fair or poor; see `_limits` for chance and unsure."""
    return _judged(metric, value, baseline, rows, chance, unsure)[0]


def _judged(
    metric: Metric, value: float, baseline: float, rows: int, chance: float, unsure: tuple[float, float]
) -> tuple[str, float]:
    """The verdict, and how far off the figure is, as a share of what makes it poor."""
    if math.isnan(value) or (math.isnan(baseline) and metric.worse not in ("ratio", "count")):
        return NONE, 0.0
    off, fair, poor = _limits(metric, value, baseline, rows, chance, unsure)
    return GOOD if off <= fair else FAIR if off <= poor else POOR, off / poor


def _limits(
    metric: Metric, value: float, baseline: float, rows: int, chance: float, unsure: tuple[float, float]
) -> tuple[float, float, float]:
    """How far off a figure is, how far is fair, and how far is poor.

    chance: of a distance, the share of the baseline down to which chance takes it; of what is "sampled", its standard
        error by chance. unsure: of a count, how many peaks of the value and of the baseline may be there or not.
    """
    if metric.worse == "ratio":
        known = 0.0 if math.isnan(baseline) else baseline  # with many terms for the rows, real rows exceed 5, too
        return value, max(5.0, RATIO_ROOM * known), max(10.0, 2.0 * RATIO_ROOM * known)
    if metric.worse == "closer":
        if baseline <= 0.0:
            return 0.0, CLOSER, 2.0 * CLOSER
        # The square is as far again, in ratios.
        return 1.0 - value / baseline, max(CLOSER, 1.0 - chance), max(2.0 * CLOSER, 1.0 - chance**2)
    if metric.worse == "copies":
        room = 2.0 * math.sqrt(baseline * (1.0 - baseline) / max(rows, 1))
        return value - baseline, room, room + 0.01
    if metric.worse == "count":
        lost = 0.0 if math.isnan(baseline) else baseline - value
        off = max(0.0, abs(lost) - sum(unsure))
        # One of a few that is lost is a part of the data; one too many may be a bump.
        return off, 0.0, max(0.5, MODES_LOST * baseline) if lost > 0.0 else 1.0
    slack = metric.slack / math.sqrt(max(rows, 1))
    if metric.worse == "sampled":
        slack = 2.0 * chance  # as wide as `metric.slack` is where every row is a draw of its own
    if metric.worse == "share":
        both = (value + baseline) / 2.0
        slack *= math.sqrt(2.0 * both * (1.0 - both))
    slack = max(FLOOR, slack)
    off = {
        "more": value - baseline,
        "sampled": value - baseline,
        "auc": value - max(baseline, 0.5),
        "less": baseline - value,
        "other": abs(value - baseline),
        "share": abs(value - baseline),
        "pmse": math.sqrt(max(value, 0.0)) - math.sqrt(max(baseline, 0.0)),
        "root": math.sqrt(max(value, 0.0)) - math.sqrt(max(baseline, 0.0)),
    }[metric.worse]
    return off, slack, min(3.0 * slack, max(metric.large, 1.5 * slack))


def finding(
    name: str,
    value: float,
    baseline: float,
    rows: tuple[int, int],
    *,
    column: str = "",
    missing: str = TOO_FEW,
    chance: float = 1.0,
    unsure: tuple[float, float] = (0.0, 0.0),
) -> Finding:
    """The row of a report for a figure.

    rows: generated and real ones that were compared. missing: the sentence where there is no figure. chance, unsure:
    see `_limits`.
    """
    metric = METRICS[name]
    verdict, off = _judged(metric, value, baseline, min(rows), chance, unsure)
    if verdict != NONE and min(rows) < LEAST_ROWS:
        verdict, missing = NONE, f"Too few rows to judge by ({rows[0]} beside {rows[1]})."
    if verdict == NONE:
        return Finding(metric.question, name, column, value, baseline, missing, verdict)
    tail = metric.tails.get(verdict, "")
    if metric.tails is CHANCE and value < 0.5 - 3.0 * metric.slack / math.sqrt(max(min(rows), 1)):
        tail = BELOW_CHANCE
    if metric.tails is RATIO and RATIO_ROOM * baseline > 5.0:
        tail = MORE[verdict]
    if name == "density":
        tail = _density_tail(verdict, value - baseline)
    if metric.worse == "count":
        tail = "as in real rows" if value == baseline else f"where real rows have {baseline:.0f}"
        tail += "; so few rows can't tell these apart" if verdict == GOOD and value != baseline else ""
    meaning = metric.sentence.format(
        value=figure(value),
        percent=percent(value),
        other=percent(baseline),
        root=percent(math.sqrt(max(value, 0.0))),
        count=f"{value:.0f} peak{'' if value == 1 else 's'}",
        tail=tail,
        column=column,
        rows=f"{rows[0]:,} beside {rows[1]:,}",
    )
    return Finding(metric.question, name, column, value, baseline, meaning, verdict, off)


def of_kind(found: Finding, kind: str) -> Finding:
    """The same with waves or images in its sentence where it says rows."""
    plural = THINGS[kind]
    words = re.sub(r"\brows\b", plural, re.sub(r"\brow\b", plural[:-1], found.meaning))
    return replace(found, meaning=words)


def _density_tail(verdict: str, off: float) -> str:
    if verdict == GOOD:
        return "lie as thick among real rows as real ones do"
    much = "a little" if verdict == FAIR else "far"
    if off > 0:
        return f"crowd {much} more than real ones in the thick of real rows"
    return f"lie {much} thinner among real rows than real ones do"


def figure(value: float) -> str:
    """A number in three digits."""
    if math.isnan(value):
        return "-"
    if value == int(value) and abs(value) < 1000:
        return f"{value:.0f}"
    if abs(value) >= 1e6 or abs(value) < 1e-4:
        return f"{value:.1e}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:.{min(digits, 4)}f}"
    return text if abs(value) < 1000 else f"{value:,.0f}"


def percent(share: float) -> str:
    """A share in percent: 8.1%, 97%. Without a space, at which a line could break."""
    if math.isnan(share):
        return "-"
    digits = 0 if share == 0 or abs(share) >= 0.1 else 1 if abs(share) >= 0.001 else 2
    return f"{100.0 * share:.{digits}f}%"
