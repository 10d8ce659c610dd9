"""What all metrics of an evaluation tell together: one answer to each question, the most serious first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .finding import Finding
from .questions import IN_SHORT, QUESTIONS, WITHIN, WORSE
from .registry import METRICS
from .verdicts import BY_WEIGHT, FAIR, GOOD, NONE, POOR

CHANCE = 0.1  # share of values that may be slightly worse by chance
OVERALL = {
    GOOD: "Verdict: within sampling error of real {rows}, as far as {count:,} {rows} can tell.",
    FAIR: "Verdict: slightly worse than real {rows}. Most serious first:",
    POOR: "Verdict: clearly worse than real {rows}. Most serious first:",
    NONE: "Verdict: none, because there are too few {rows} to evaluate.",
}


@dataclass(frozen=True)
class Answer:
    """What the metrics of one question tell: a verdict, what it is about, and why, in words."""

    verdict: str
    subject: str
    words: str
    off: float


def furthest(findings: Sequence[Finding]) -> Finding | None:
    """The worst finding; None if all are good."""
    for verdict in (POOR, FAIR):
        same = [f for f in findings if f.verdict == verdict]
        if same:
            return max(same, key=lambda f: f.off)
    return None


def answers(findings: Sequence[Finding], words: Mapping[str, str]) -> list[Answer]:
    """One answer to each question that has values, the most serious first; `words` are those of the kind of data."""
    given = [
        _answer([f for f in findings if f.question == name and f.verdict != NONE], name, words) for name in QUESTIONS
    ]
    return sorted((a for a in given if a is not None), key=lambda a: (BY_WEIGHT.index(a.verdict), -a.off))


def overall(findings: Sequence[Finding], words: Mapping[str, str], count: int) -> str:
    """One sentence, which the answers follow; count: how many rows there were to tell by."""
    given = answers(findings, words)
    return OVERALL[given[0].verdict if given else NONE].format(count=count, **words)


def _answer(findings: list[Finding], name: str, words: Mapping[str, str]) -> Answer | None:
    if not findings:
        return None
    question, worst = QUESTIONS[name], furthest(findings)
    subject, total = question.subject.format(**words), len(findings)
    good, fair, poor = (sum(f.verdict == verdict for f in findings) for verdict in (GOOD, FAIR, POOR))
    if worst is None:
        every = {1: "the value is", 2: "both values are"}.get(total, f"all {total} values are")
        return Answer(GOOD, subject, f"{every} {WITHIN}.", 0.0)
    if not poor and fair <= CHANCE * total:
        text = f"{good} of {total} values are {WITHIN}, {fair} {IN_SHORT[FAIR]}, which may be due to chance."
        return Answer(GOOD, subject, text, worst.off)
    counts = f"{poor} of {total} values {WORSE[POOR]}" if poor else f"{fair} of {total} values {WORSE[FAIR]}"
    also = f", {fair} {IN_SHORT[FAIR]}" if poor and fair else ""
    about = "" if worst.aggregate else f"{worst.column}: "
    advice = (METRICS[worst.metric].advice or question.advice).format(**words)
    text = f"{counts}{also}. {about}{worst.meaning} {advice}"
    return Answer(worst.verdict, subject, text, worst.off)
