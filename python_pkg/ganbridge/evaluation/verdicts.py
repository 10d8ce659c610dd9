"""What all figures of an evaluation come to: one answer to each question, the most serious first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .registry import BY_WEIGHT, FAIR, GOOD, NONE, POOR, QUESTIONS, THINGS, Finding

CHANCE = 0.1  # share of figures that may be a little off by chance
OVERALL = {
    GOOD: "Verdict: as good as real {what}, as far as {rows:,} {what} can tell.",
    FAIR: "Verdict: a little off. Most serious first:",
    POOR: "Verdict: far off. Most serious first:",
    NONE: "Verdict: none, because nothing could be judged.",
}


@dataclass(frozen=True)
class Answer:
    """What the figures of one question come to: a verdict, what it is about, and what was found, in words."""

    verdict: str
    subject: str
    words: str
    off: float


def furthest(findings: Sequence[Finding]) -> Finding | None:
    """The figure that is furthest off; None where all are as among real rows."""
    for verdict in (POOR, FAIR):
        found = [f for f in findings if f.verdict == verdict]
        if found:
            return max(found, key=lambda f: f.off)
    return None


def answers(findings: Sequence[Finding], kind: str) -> list[Answer]:
    """One answer to each question that has figures, the most serious first."""
    found = [_answer([f for f in findings if f.question == question], question, kind) for question in QUESTIONS]
    return sorted((a for a in found if a is not None), key=lambda a: (BY_WEIGHT.index(a.verdict), -a.off))


def overall(findings: Sequence[Finding], kind: str, rows: int) -> str:
    """One sentence, which the answers follow; rows: how many there were to tell by."""
    found = answers(findings, kind)
    return OVERALL[found[0].verdict if found else NONE].format(what=THINGS[kind], rows=rows)


def _answer(findings: list[Finding], question: str, kind: str) -> Answer | None:
    judged = [f for f in findings if f.verdict != NONE]
    if not judged:
        return None
    subject = _subject(question, kind)
    count = {verdict: sum(f.verdict == verdict for f in judged) for verdict in (GOOD, FAIR, POOR)}
    worst = furthest(judged)
    of = f"of {len(judged)} figures"
    if worst is None:
        every = {1: "the figure is", 2: "both figures are"}.get(len(judged), f"all {len(judged)} figures are")
        return Answer(GOOD, subject, f"{every} as among real {THINGS[kind]}.", 0.0)
    if not count[POOR] and count[FAIR] <= CHANCE * len(judged):
        words = (
            f"{count[GOOD]} {of} are as among real {THINGS[kind]}, {count[FAIR]} a little off, as chance may have it."
        )
        return Answer(GOOD, subject, words, worst.off)
    named = "" if worst.column.startswith("all ") else f"{worst.column}: "
    far, little = (f"{count[POOR]} {of} far off", f"{count[FAIR]} {'' if count[POOR] else of + ' '}a little off")
    parts = [words for verdict, words in ((POOR, far), (FAIR, little)) if count[verdict]]
    return Answer(worst.verdict, subject, f"{', '.join(parts)}. {named}{worst.meaning}", worst.off)


def _subject(question: str, kind: str) -> str:
    what = THINGS[kind]
    single = "single columns" if kind == "table" else f"measures of {what}"
    pairs = "pairs of columns" if kind == "table" else "pairs of measures"
    return {"columns": single, "pairs": pairs, "rows": f"whole {what}", "use": "prediction", "privacy": "privacy"}[
        question
    ]
