"""What an evaluation found, as a table: on a terminal, in a notebook, as a DataFrame, as a plot."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .answers import Answer, answers, furthest, overall
from .digits import figure
from .finding import Finding
from .kind import evaluated_kind
from .questions import LEGEND, MARKS, QUESTIONS
from .registry import METRICS
from .verdicts import BY_WEIGHT, FAIR, GOOD, NONE, POOR

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

WIDTH = 80  # of a terminal
WIDTHS = {"metric": 32, "column": 27, "value": 7, "baseline": 8}
SHOWN = 4  # rows of one metric that are printed, the worst ones
PANELS = [  # question, metrics, unit
    (
        "columns",
        ("Kolmogorov-Smirnov", "total variation", "spectrum distance", "pixel distance"),
        "difference (0: none)",
    ),
    ("pairs", ("correlation difference", "contingency difference"), "difference (0: none)"),
    ("rows", ("coverage", "density", "AUC, linear model", "AUC, tree model"), "share, density or AUC"),
]
LABEL = 60  # characters beside a value in a plot
PANEL_ROWS = 10


@dataclass(frozen=True)
class Group:
    """The findings of one question: those to show where there is little room, and the rest."""

    question: str
    title: str
    kept: list[Finding]
    rest: list[Finding]


@dataclass(frozen=True, eq=False)
class Report:
    """What `evaluate` found; printing shows it, `to_frame()` gives the whole table, `plot()` a plot.

    findings: one for each row of the table. notes: what was compared, in sentences. counts: rows by "generated",
    "real" and "holdout". seed: what rows were drawn with.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> x = np.random.default_rng(1).normal(size=(200, 2))
        >>> report = ganbridge.evaluate(x[:100], x[100:])  # real rows instead of generated ones
        >>> report.to_frame().columns.tolist()
        ['metric', 'column', 'value', 'baseline', 'verdict', 'meaning']
        >>> report.summary()["question"].tolist()[0]
        'Does each column match real data?'
        >>> report.plot().savefig("evaluation.png")
    """

    findings: list[Finding]
    notes: list[str]
    kind: str
    counts: dict[str, int]
    seed: int

    @property
    def words(self) -> Mapping[str, str]:
        """The words of the kind of data."""
        return evaluated_kind(self.kind).words

    def to_frame(self) -> pd.DataFrame:
        """The table: metric, column, value, baseline, verdict ("good", "fair", "poor" or "not evaluated"), meaning."""
        import pandas as pd

        names = ("metric", "column", "value", "baseline", "verdict", "meaning")
        return pd.DataFrame({name: [getattr(finding, name) for finding in self.findings] for name in names})

    def summary(self) -> pd.DataFrame:
        """One row per question: how many values are within sampling error of real data, slightly and clearly worse.

        These are the columns good, fair and poor; worst is the metric that is furthest from its baseline.
        """
        import pandas as pd

        return pd.DataFrame(self.summary_columns())

    def summary_columns(self) -> dict[str, list[Any]]:
        """`summary` as plain columns."""
        columns: dict[str, list[Any]] = {"question": [], GOOD: [], FAIR: [], POOR: [], "worst": []}
        for group in self.groups():
            known = [f for f in self.findings if f.question == group.question and f.verdict != NONE]
            if not known:
                continue
            columns["question"].append(group.title)
            for verdict in (GOOD, FAIR, POOR):
                columns[verdict].append(sum(f.verdict == verdict for f in known))
            worst = furthest(known)
            columns["worst"].append(f"{worst.metric} ({worst.column})" if worst else "")
        return columns

    def plot(self) -> Figure:
        """Differences, shares and areas under the curve, each beside its baseline.

        Returns a matplotlib Figure: `.savefig("evaluation.png")` writes it, a notebook shows it. Raises ImportError
        if matplotlib is not installed.
        """
        from ..plot.metrics import plot_metrics

        return plot_metrics(self.panels())

    def panels(self) -> list[dict[str, Any]]:
        """What the plot shows: panels of title, unit, labels, value and baseline, the worst values first."""
        panels = []
        for question, metrics, unit in PANELS:
            findings = [f for f in self.findings if f.metric in metrics and f.verdict != NONE]
            if METRICS[metrics[0]].rule.worse == "more":
                findings = sorted(findings, key=lambda f: f.baseline - f.value)
            findings = findings[:PANEL_ROWS]
            if findings:
                several = len({f.metric for f in findings}) > 1
                panels.append(
                    {
                        "title": QUESTIONS[question].subject.format(**self.words),
                        "unit": unit,
                        "label": [_label(f, several) for f in findings],
                        "value": [f.value for f in findings],
                        "baseline": [f.baseline for f in findings],
                    }
                )
        return panels

    def plain_columns(self) -> dict[str, list[Any]]:
        """Every field of every finding that a table has."""
        names = ("question", "metric", "column", "value", "baseline", "meaning", "verdict")
        return {name: [getattr(finding, name) for finding in self.findings] for name in names}

    def groups(self) -> list[Group]:
        """The findings of each question."""
        groups = []
        for name, question in QUESTIONS.items():
            findings = [f for f in self.findings if f.question == name]
            kept: list[Finding] = []
            for metric in dict.fromkeys(f.metric for f in findings):
                whole = [f for f in findings if f.metric == metric and f.aggregate]
                parts = [f for f in findings if f.metric == metric and not f.aggregate]
                parts.sort(key=lambda f: (BY_WEIGHT.index(f.verdict), -f.off))
                kept += whole + parts[: SHOWN if not whole else SHOWN - 2]
            if findings:
                title = question.title.format(**self.words)
                groups.append(Group(name, title, kept, [f for f in findings if f not in kept]))
        return groups

    @property
    def title(self) -> str:
        """What was compared, in words."""
        c, rows = self.counts, self.words["rows"]
        held = f", {c['holdout']:,} held out" if c["holdout"] else ""
        return f"{c['generated']:,} generated and {c['real']:,} real {rows}{held}"

    def describe(self) -> list[str]:
        """The lines that printing shows."""
        lines = [f"<ganbridge evaluation> {self.title}", "", *self.verdict(), ""]
        for note in self.notes:
            lines += textwrap.wrap(note, WIDTH, initial_indent="  ", subsequent_indent="  ")
        for group in self.groups():
            head = f"{group.title:<{WIDTHS['metric'] + WIDTHS['column'] + 3}}"
            lines += ["", f"{head} {'value':>{WIDTHS['value']}} {'baseline':>{WIDTHS['baseline']}}"]
            for metric in dict.fromkeys(f.metric for f in group.kept):
                lines += _lines([f for f in group.kept if f.metric == metric])
            if group.rest:
                lines.append(f"  ... and {len(group.rest)} more, none of them worse; all are in the table")
        lines += ["", LEGEND]
        return [line.rstrip() for line in lines]

    def verdict(self) -> list[str]:
        """The verdict in lines: one sentence, and an answer to each question, the most serious first."""
        lines = textwrap.wrap(self.overall(), WIDTH)
        for answer in self.answers():
            text = f"{answer.subject}: {answer.words}"
            lines += textwrap.wrap(text, WIDTH, initial_indent=f"{MARKS[answer.verdict]} ", subsequent_indent="    ")
        return lines

    def overall(self) -> str:
        """The verdict in one sentence."""
        return overall(self.findings, self.words, min(self.counts["generated"], self.counts["real"]))

    def answers(self) -> list[Answer]:
        """An answer to each question, the most serious first."""
        return answers(self.findings, self.words)

    def __str__(self) -> str:
        return "\n".join(self.describe())

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        from .templates import render

        return render("notebook.html", report=self)


def _label(finding: Finding, several: bool) -> str:
    if finding.question == "rows":
        return finding.metric
    metric = f" ({finding.metric.removesuffix(' difference')})" if several else ""  # "difference" is at the axis
    return _short(finding.column, LABEL - len(metric)) + metric


def _lines(findings: list[Finding]) -> list[str]:
    """Rows of one metric in lines of at most `WIDTH` characters, and below them what they mean."""
    lines = []
    for f in findings:
        numbers = f"{figure(f.value):>{WIDTHS['value']}} {figure(f.baseline):>{WIDTHS['baseline']}}"
        column = _short(f.column, WIDTHS["column"])
        lines.append(f"{MARKS[f.verdict]} {f.metric:<{WIDTHS['metric']}} {column:<{WIDTHS['column']}} {numbers}")
    for text in dict.fromkeys(f.reading if len(findings) == 1 else f.about for f in findings):
        lines += textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ")
    return lines


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."
