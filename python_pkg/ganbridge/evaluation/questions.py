"""The questions that metrics answer together, and how their sentences compare generated with real rows.

All texts are templates: {row}, {rows}, {column} and {columns} are the words of the kind of data.
"""

from __future__ import annotations

from dataclasses import dataclass

from .verdicts import FAIR, GOOD, NONE, POOR, RATIO_ROOM, RATIOS, Measured


@dataclass(frozen=True)
class Question:
    """What several metrics tell together. subject: what it is about. advice: what to do if the answer is bad."""

    title: str
    subject: str
    advice: str


_TRAIN = "Train on more {rows}, or if networks are trained, for more epochs."
QUESTIONS = {
    "columns": Question(
        "Does each {column} match real data?", "single {columns}", "plot_compare() shows both distributions."
    ),
    "pairs": Question("Do {columns} depend on each other as in real data?", "pairs of {columns}", _TRAIN),
    "rows": Question("Do whole {rows} match real data?", "whole {rows}", _TRAIN),
    "use": Question("Can models be trained on them instead of real {rows}?", "prediction", _TRAIN),
    "privacy": Question(
        "Do they avoid disclosing training {rows}?",
        "privacy",
        "Do not share these {rows}; train for fewer epochs, or on more {rows}.",
    ),
}

WITHIN = "within sampling error of real data"
IN_SHORT = {GOOD: "within error", FAIR: "slightly worse", POOR: "clearly worse", NONE: "not evaluated"}
MARKS = {GOOD: " ", FAIR: "?", POOR: "!", NONE: "-"}
LEGEND = f"{MARKS[FAIR]} slightly worse than real data, {MARKS[POOR]} clearly worse, {MARKS[NONE]} {IN_SHORT[NONE]}"
WORSE = {GOOD: WITHIN, FAIR: "slightly worse than real data", POOR: "clearly worse than real data"}
DIFFERENT = {GOOD: WITHIN, FAIR: "slightly different from real data", POOR: "clearly different from real data"}
MORE = {GOOD: WITHIN, FAIR: "slightly more than in real data", POOR: "clearly more than in real data"}
PREDICTS = {GOOD: "as well as", FAIR: "slightly worse than", POOR: "clearly worse than"}
CLOSER = {
    GOOD: "no closer than new real {rows}",
    FAIR: "slightly closer than new real {rows}",
    POOR: "clearly closer than new real {rows}",
}
THAN_CHANCE = {
    GOOD: "within sampling error of chance",
    FAIR: "slightly more than by chance",
    POOR: "clearly more than by chance",
}
_MUCH = {FAIR: "slightly", POOR: "clearly"}


def told_apart(verdict: str, measured: Measured) -> str:
    """How an area under the curve compares with one half."""
    if verdict != GOOD:
        return f"{_MUCH[verdict]} better than chance"
    if measured.value < 0.5 - 3.6 / measured.fewest**0.5:
        return "worse than chance, which happens if {rows} repeat each other"
    return THAN_CHANCE[GOOD]


def denser(verdict: str, measured: Measured) -> str:
    """How a density compares with that of real rows."""
    word = "denser" if measured.value > measured.baseline else "sparser"
    return WITHIN if verdict == GOOD else f"{_MUCH[verdict]} {word} than real {{rows}}"


def counted(verdict: str, measured: Measured) -> str:
    """How a count of peaks compares with that of real rows."""
    if verdict == GOOD and measured.value != measured.baseline:
        return "so few {rows} can't tell these apart"
    return "as in real data" if verdict == GOOD else DIFFERENT[verdict]


def ratio(verdict: str, measured: Measured) -> str:
    """How a pMSE ratio compares with its limits, or with real rows if those exceed them."""
    if measured.baseline * RATIO_ROOM > RATIOS[0]:
        return WORSE[verdict]
    low, high = (f"{limit:.0f}" for limit in RATIOS)
    limits = {GOOD: f"below {low}", FAIR: f"{low} to {high}", POOR: f"above {high}"}
    return f"{WORSE[verdict]} ({limits[verdict]})"
