"""One row of a report: a metric beside its baseline, its verdict, and the sentence that says what it means."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from .registry import METRICS
from .verdicts import NONE, Measured

TOO_FEW = "Not evaluated: too few {rows} ({generated:,} and {real:,}); at least 10 of each are needed."


@dataclass(frozen=True)
class Finding:
    """One row of a report.

    column: what it is about, such as the name of a column. meaning: a sentence with the metric and its value. reading:
    the same without them, to be shown beside them. about: what the metric is, without a comparison. off: how far from
    the baseline, where 1 is as far as makes a value poor; to rank by. aggregate: whether it stands for all columns or
    pairs, not for one of them.
    """

    question: str
    metric: str
    column: str
    value: float
    baseline: float
    meaning: str
    verdict: str
    off: float = 0.0
    aggregate: bool = False
    reading: str = ""
    about: str = ""


def finding(
    name: str, measured: Measured, words: Mapping[str, str], *, column: str = "", aggregate: bool = False
) -> Finding:
    """The row of a report for one metric; `words` are those of the kind of data."""
    metric = METRICS[name]
    verdict, off = metric.rule.assess(measured)
    generated, real = measured.rows
    values = {**words, "column": column, "generated": generated, "real": real}
    if verdict == NONE:
        unknown = math.isnan(measured.value) or math.isnan(measured.baseline)
        template = metric.unknown if unknown else TOO_FEW
        meaning = reading = about = template.format(**values)
    else:
        values["comparison"] = metric.comparison(verdict, measured).format(**words)
        values["value"], values["baseline"] = metric.write(measured.value), metric.write(measured.baseline)
        values["label"] = (measured.label or metric.called).format(**words)
        meaning, reading, about = (text.format(**values) for text in (metric.meaning, metric.reading, metric.about))
    return Finding(
        metric.question,
        name,
        column,
        measured.value,
        measured.baseline,
        meaning,
        verdict,
        off,
        aggregate,
        reading,
        about,
    )
