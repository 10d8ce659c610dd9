"""What the registry says of a metric: how it is measured, which question it answers, and its sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .digits import figure
from .questions import WORSE
from .verdicts import Measured, Rule


@dataclass(frozen=True)
class Metric:
    """A metric's name, the question that it belongs to, how it is measured, its rule and its sentence.

    of: which subject `measure` takes, see `subjects/`: "channel", "column", "pair", "relation", "times",
    "rows", "prediction",
    "privacy", "identifier", "disclosure".
    measure: returns None if the metric does not apply to that subject.
    says: what the value is, a template; `compares` is appended to it, with a {comparison} that `comparisons` has for
    each verdict, or makes.
    write: the value as text. label: what the value is called in the sentence, if it is not the name. beside: what the
    baseline is. column: what the metric is about, of a subject without columns. sizes: which rows were compared.
    unknown: the sentence without a value. advice: what to do if the value is bad, instead of what
    the question advises.
    """

    name: str
    of: str
    question: str
    measure: Callable[[Any], Measured | None]
    rule: Rule
    says: str
    compares: str = "; {comparison}"
    comparisons: Mapping[str, str] | Callable[[str, Measured], str] = field(default_factory=lambda: WORSE)
    write: Callable[[float], str] = figure
    label: str = ""
    beside: str = "real data"
    column: str = "all columns"
    sizes: str = "{generated:,} generated, {real:,} real {rows}"
    unknown: str = "Not evaluated: too few {rows}."
    advice: str = ""

    def comparison(self, verdict: str, measured: Measured) -> str:
        """How the value compares with its baseline: a template."""
        return self.comparisons(verdict, measured) if callable(self.comparisons) else self.comparisons[verdict]

    @property
    def called(self) -> str:
        """What the value is called in the sentence: a template."""
        return self.label or f"{self.name[:1].upper()}{self.name[1:]}"

    @property
    def meaning(self) -> str:
        """The template of the sentence, with the value and the baseline."""
        return f"{{label}} {{value}} ({self.beside}: {{baseline}}): {self.says}{self.compares} ({self.sizes})."

    @property
    def reading(self) -> str:
        """The template of the sentence without the value, to be shown beside it."""
        return f"{self._capitalized}{self.compares}."

    @property
    def about(self) -> str:
        """The template that says what the value is, without a comparison."""
        return f"{self._capitalized}."

    @property
    def _capitalized(self) -> str:
        return f"{self.says[:1].upper()}{self.says[1:]}"
