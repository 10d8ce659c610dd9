"""Every figure of an evaluation: its name, the question that it answers, and the sentence that says what it means."""

from __future__ import annotations

import math
from dataclasses import dataclass

QUESTIONS = {
    "columns": "Is each column as in real rows?",
    "pairs": "Do pairs hang together as in real rows?",
    "rows": "Are whole rows like real ones?",
    "use": "Does a model learn the same from them?",
    "privacy": "Do they keep off the training rows?",
}
THINGS = {"table": "rows", "wave": "waves", "image": "images"}  # what is generated, in words
FEATURES, PIXELS = "Frechet distance, features", "Frechet distance, pixels"
GOOD, FAIR, POOR, NONE = "good", "fair", "poor", "not judged"
BY_WEIGHT = (POOR, FAIR, GOOD, NONE)  # the most serious first
MORE = {
    GOOD: "as among real rows",
    FAIR: "a little more than among real rows",
    POOR: "far more than among real rows",
}
LESS = {GOOD: "as real rows do", FAIR: "a little fewer than real rows do", POOR: "far fewer than real rows do"}
CHANCE = {GOOD: "as well as chance does", FAIR: "a little better than chance", POOR: "clearly better than chance"}
BELOW_CHANCE = "worse than chance, as where rows repeat each other"
AS_REAL = {GOOD: "as well as", FAIR: "a little worse than", POOR: "clearly worse than"}
CLOSE = {
    GOOD: "keep as far from training rows as new real rows do",
    FAIR: "come closer to training rows than new real rows do",
    POOR: "come far closer to training rows than new real rows do",
}
RATIO = {
    GOOD: "as among real rows (below 5)",
    FAIR: "a little more than among real rows (5 to 10)",
    POOR: "far more than among real rows (above 10)",
}


@dataclass(frozen=True)
class Metric:
    """A figure's name, the question that it belongs to, which way is worse, and its sentence.

    worse: "more", "less" or "other" (either way), or a rule of its own in `_limits`. slack: how far chance takes it, in
        1 / sqrt(rows). large: a difference that is poor with few rows, too, if chance takes it less than two thirds as
        far. sentence: filled with the value and, at its end, the tail of the verdict.
    """

    name: str
    question: str
    worse: str
    sentence: str
    tails: dict[str, str]
    slack: float = 1.0
    large: float = math.inf


@dataclass(frozen=True)
class Finding:
    """One row of a report. off: how far from the baseline, where 1 is as far as makes a figure poor; to rank by."""

    question: str
    metric: str
    column: str
    value: float
    baseline: float
    meaning: str
    verdict: str
    off: float = 0.0


_BESIDE = " ({rows} rows)."
_PREDICTS = "model taught by generated rows predicts {column} {tail} one taught by real rows."
_ALL = [
    Metric(
        "Kolmogorov-Smirnov",
        "columns",
        "more",
        "Shares below a value differ by up to {percent}, {tail}" + _BESIDE,
        MORE,
        1.25,
        0.25,
    ),
    Metric(
        "Wasserstein distance",
        "columns",
        "more",
        "Values lie {value} sd off on average, {tail}" + _BESIDE,
        MORE,
        2.0,
        0.5,
    ),
    Metric(
        "total variation",
        "columns",
        "more",
        "{percent} of the rows are in a wrong level, {tail}" + _BESIDE,
        MORE,
        1.0,
        0.25,
    ),
    Metric(
        "missing share",
        "columns",
        "share",
        "Missing are {percent} of the values, {other} of the real ones{tail}.",
        {GOOD: "", FAIR: ": a little off", POOR: ": far off"},
        2.2,
        0.15,
    ),
    Metric("mode count", "columns", "count", "The distribution has {count}, {tail}.", {}),
    Metric(
        "spectrum distance",
        "columns",
        "more",
        "{percent} of the waves' power is at wrong frequencies, {tail}" + _BESIDE,
        MORE,
        0.9,
        0.25,
    ),
    Metric(
        "pixel distance",
        "columns",
        "more",
        "Pixel by pixel, values lie {value} sd off on average, {tail}" + _BESIDE,
        MORE,
        1.0,
        0.5,
    ),
    Metric(
        "correlation difference",
        "pairs",
        "more",
        "Correlation differs by {value}, {tail}" + _BESIDE,
        MORE,
        1.5,
    ),
    Metric(
        "mutual information difference",
        "pairs",
        "more",
        "What the one tells about the other differs by {percent}, {tail}" + _BESIDE,
        MORE,
    ),
    Metric(
        "contingency difference",
        "pairs",
        "more",
        "{percent} of the rows are in a wrong cell of both columns' table, {tail}" + _BESIDE,
        MORE,
    ),
    Metric(
        "sliced Wasserstein",
        "rows",
        "more",
        "Seen from many sides, rows lie {value} sd off on average, {tail}" + _BESIDE,
        MORE,
    ),
    Metric(
        "energy distance",
        "rows",
        "root",
        "The sets of rows lie {percent} of their mean distance apart, {tail}" + _BESIDE,
        MORE,
    ),
    Metric(
        FEATURES,
        "rows",
        "root",
        "In features of a classifier of real images, generated ones lie {root} of the real ones' sd off, {tail}"
        + _BESIDE,
        MORE,
        1.5,
        0.4,
    ),
    Metric(
        PIXELS,
        "rows",
        "root",
        "In principal components of real images' pixels (there were no labels), generated ones lie {root} of the real"
        " ones' sd off, {tail}" + _BESIDE,
        MORE,
        1.5,
        0.4,
    ),
    Metric(
        "coverage",
        "rows",
        "less",
        "Generated rows reach {percent} of the real rows, {tail}" + _BESIDE,
        LESS,
        1.0,
        0.25,
    ),
    Metric("density", "rows", "other", "Generated rows {tail}" + _BESIDE, {}, 3.0, 0.5),
    Metric(
        "pMSE",
        "rows",
        "pmse",
        "A logistic model is {root} off a coin's guess of which rows are generated, {tail}" + _BESIDE,
        MORE,
        1.0,
        0.2,  # of the half that a coin's guess can be off
    ),
    Metric("pMSE ratio", "rows", "ratio", "The pMSE is {value} times its expectation, {tail}.", RATIO),
    Metric(
        "AUC, linear model",
        "rows",
        "auc",
        "The linear model tells generated from real rows {tail}" + _BESIDE,
        CHANCE,
        1.2,
        0.25,
    ),
    Metric(
        "AUC, tree model",
        "rows",
        "auc",
        "The tree model tells generated from real rows {tail}" + _BESIDE,
        CHANCE,
        1.2,
        0.25,
    ),
    Metric("prediction, linear model", "use", "less", "A linear " + _PREDICTS, AS_REAL, 1.0, 0.25),
    Metric("prediction, tree model", "use", "less", "A tree " + _PREDICTS, AS_REAL, 1.0, 0.25),
    Metric("distance to closest record", "privacy", "closer", "Generated rows {tail}.", CLOSE),
    Metric("distance to closest record, 5%", "privacy", "closer", "The closest 5% of generated rows {tail}.", CLOSE),
    Metric(
        "nearest-neighbour distance ratio",
        "privacy",
        "less",
        "The closest training row is {percent} as far as the second closest, {tail}.",
        {GOOD: "as for real rows", FAIR: "less than for real rows", POOR: "far less than for real rows"},
    ),
    Metric(
        "copied rows",
        "privacy",
        "copies",
        "{percent} of the rows are exact copies of training rows, {other} of real rows{tail}.",
        {GOOD: "", FAIR: ": a few too many", POOR: ": too many"},
    ),
    Metric(
        "closer to training than holdout",
        "privacy",
        "sampled",
        "{percent} of the rows are closer to a training than to a holdout row, {tail}.",
        {GOOD: "as by chance", FAIR: "a little more than by chance", POOR: "far more than by chance"},
        1.0,
        0.25,
    ),
]
METRICS = {metric.name: metric for metric in _ALL}
