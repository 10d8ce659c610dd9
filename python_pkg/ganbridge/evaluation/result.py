"""What an evaluation found, as a table: on a terminal, in a notebook, as a DataFrame, as a picture."""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .meanings import figure
from .registry import BY_WEIGHT, FAIR, GOOD, METRICS, NONE, POOR, QUESTIONS, THINGS, Finding
from .verdicts import answers, furthest, overall

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

WIDTH = 80  # of a terminal
WIDTHS = {"metric": 32, "column": 27, "value": 7, "baseline": 8}
SHOWN = 4  # rows of one metric that are printed, the furthest off
PANELS = [
    (
        "single columns",
        ("Kolmogorov-Smirnov", "total variation", "spectrum distance", "pixel distance"),
        "difference (0: alike)",
    ),
    ("pairs of columns", ("correlation difference", "contingency difference"), "difference (0: alike)"),
    ("whole rows", ("coverage", "density", "AUC, linear model", "AUC, tree model"), "share, density or AUC"),
]
LABEL = 60  # letters beside a figure in a picture
PANEL_ROWS = 10
MARKS = {GOOD: " ", FAIR: "?", POOR: "!", NONE: "-"}
LEGEND = f"{MARKS[FAIR]} a little off, {MARKS[POOR]} far off, {MARKS[NONE]} not judged"


@dataclass(frozen=True, eq=False)
class Report:
    """What `evaluate` found; printing shows it, `to_frame()` gives the whole table, `plot()` a picture.

    findings: one for each row of the table. notes: what was compared, in sentences. counts: rows by "generated",
    "real" and "holdout". seed: with which rows were drawn.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> x = np.random.default_rng(1).normal(size=(200, 2))
        >>> report = ganbridge.evaluate(x[:100], x[100:])  # rows of the same kind, in the place of generated ones
        >>> report.to_frame().columns.tolist()
        ['metric', 'column', 'value', 'baseline', 'meaning']
        >>> report.summary()["question"].tolist()[0]
        'Is each column as in real rows?'
        >>> report.plot().savefig("evaluation.png")
    """

    findings: list[Finding]
    notes: list[str]
    kind: str
    counts: dict[str, int]
    seed: int

    def to_frame(self) -> pd.DataFrame:
        """The table: metric, column, value, baseline, meaning."""
        import pandas as pd

        names = ("metric", "column", "value", "baseline", "meaning")
        return pd.DataFrame({name: [getattr(found, name) for found in self.findings] for name in names})

    def summary(self) -> pd.DataFrame:
        """One row per question: how many figures are good, a little off and far off, and the one furthest off."""
        import pandas as pd

        return pd.DataFrame(self.summary_columns())

    def summary_columns(self) -> dict[str, list[Any]]:
        """`summary` as plain columns."""
        columns: dict[str, list[Any]] = {"question": [], GOOD: [], FAIR: [], POOR: [], "worst": []}
        for question, words in QUESTIONS.items():
            found = [f for f in self.findings if f.question == question and f.verdict != NONE]
            if not found:
                continue
            columns["question"].append(words)
            for verdict in (GOOD, FAIR, POOR):
                columns[verdict].append(sum(f.verdict == verdict for f in found))
            worst = furthest(found)
            columns["worst"].append(f"{worst.metric} ({worst.column})" if worst else "")
        return columns

    def plot(self) -> Figure:
        """Differences, shares and areas under the curve, each beside its baseline.

        Returns a matplotlib Figure: `.savefig("evaluation.png")` writes it, a notebook shows it. Raises ImportError
        where matplotlib is not installed.
        """
        from ..plot.metrics import plot_metrics

        return plot_metrics(self.panels())

    def panels(self) -> list[dict[str, Any]]:
        """What a picture shows: panels of title, unit, labels, value and baseline, the figures furthest off first."""
        panels = []
        for title, metrics, unit in PANELS:
            found = [f for f in self.findings if f.metric in metrics and f.verdict != NONE]
            if METRICS[metrics[0]].worse == "more":
                found = sorted(found, key=lambda f: f.baseline - f.value)
            found = found[:PANEL_ROWS]
            if found:
                shared = len({f.metric for f in found}) > 1
                panels.append(
                    {
                        "title": title,
                        "unit": unit,
                        "label": [_label(f, shared) for f in found],
                        "value": [f.value for f in found],
                        "baseline": [f.baseline for f in found],
                    }
                )
        return panels

    def plain_columns(self) -> dict[str, list[Any]]:
        """Every field of every finding."""
        names = ("question", "metric", "column", "value", "baseline", "meaning", "verdict")
        return {name: [getattr(found, name) for found in self.findings] for name in names}

    def shown(self) -> list[tuple[str, list[Finding], int]]:
        """By question, the findings to show where there is little room, and how many are left out."""
        groups = []
        for question, words in QUESTIONS.items():
            found = [f for f in self.findings if f.question == question]
            kept: list[Finding] = []
            for name in dict.fromkeys(f.metric for f in found):
                same = [f for f in found if f.metric == name]
                overall = [f for f in same if f.column.startswith("all ")]
                rest = [f for f in same if f not in overall]
                rest.sort(key=lambda f: (BY_WEIGHT.index(f.verdict), -f.off))
                kept += overall + rest[: SHOWN if not overall else SHOWN - 2]
            if found:
                groups.append((words, kept, len(found) - len(kept)))
        return groups

    def describe(self) -> list[str]:
        """The lines that printing shows."""
        c = self.counts
        what = THINGS[self.kind]
        held = f", {c['holdout']:,} held out" if c["holdout"] else ""
        lines = [f"<ganbridge evaluation> {c['generated']:,} generated {what} beside {c['real']:,} real ones{held}"]
        lines += ["", *self.verdict(), ""]
        for note in self.notes:
            lines += textwrap.wrap(note, WIDTH, initial_indent="  ", subsequent_indent="  ")
        for words, found, left_out in self.shown():
            head = f"{words:<{WIDTHS['metric'] + WIDTHS['column'] + 3}}"
            lines += ["", f"{head} {'value':>{WIDTHS['value']}} {'baseline':>{WIDTHS['baseline']}}"]
            for finding in found:
                lines += _lines(finding)
            if left_out:
                lines.append(f"  ... and {left_out} more, no further off; all are in the table")
        lines += ["", LEGEND]
        return [line.rstrip() for line in lines]

    def verdict(self) -> list[str]:
        """What it all comes to, in lines: one sentence, and an answer to each question, the most serious first."""
        lines = textwrap.wrap(self._overall(), WIDTH)
        for answer in answers(self.findings, self.kind):
            text = f"{answer.subject}: {answer.words}"
            lines += textwrap.wrap(text, WIDTH, initial_indent=f"{MARKS[answer.verdict]} ", subsequent_indent="    ")
        return lines

    def _overall(self) -> str:
        return overall(self.findings, self.kind, min(self.counts["generated"], self.counts["real"]))

    def __str__(self) -> str:
        return "\n".join(self.describe())

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        notes = " ".join(html.escape(note) for note in self.notes)
        return f"<div>{self.html_verdict()}<p>{notes}</p>{self.html_table()}<p>{LEGEND}</p></div>"

    def html_verdict(self) -> str:
        """What it all comes to, as HTML."""
        items = "".join(
            f'<li><strong class="{a.verdict}">{html.escape(a.subject)}</strong>: {html.escape(a.words)}</li>'
            for a in answers(self.findings, self.kind)
        )
        return f'<p><strong>{html.escape(self._overall())}</strong></p><ul class="verdict">{items}</ul>'

    def html_table(self, question: str | None = None) -> str:
        """The table, or the part of one question, as an HTML table."""
        rows = []
        for words in [QUESTIONS[question]] if question else list(QUESTIONS.values()):
            found = [f for f in self.findings if QUESTIONS[f.question] == words]
            if found and not question:
                rows.append(f'<tr><th colspan="5" style="text-align:left">{html.escape(words)}</th></tr>')
            for f in found:
                cells = "".join(
                    f'<td style="text-align:{"right" if number else "left"};padding:.2em .6em">{html.escape(text)}</td>'
                    for text, number in (
                        (f"{MARKS[f.verdict]} {f.metric}".strip(), False),
                        (f.column, False),
                        (figure(f.value), True),
                        (figure(f.baseline), True),
                        (f.meaning, False),
                    )
                )
                rows.append(f'<tr class="{f.verdict.replace(" ", "-")}">{cells}</tr>')
        heads = "".join(f"<th>{name}</th>" for name in ("metric", "column", "value", "baseline", "meaning"))
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _label(finding: Finding, shared: bool) -> str:
    if finding.column == "all columns":
        return finding.metric
    metric = f" ({finding.metric.removesuffix(' difference')})" if shared else ""  # "difference" stands at the axis
    return _short(finding.column, LABEL - len(metric)) + metric


def _lines(finding: Finding) -> list[str]:
    """One row of the table in lines of at most `WIDTH` characters: the figures, and below them what they mean."""
    numbers = f"{figure(finding.value):>{WIDTHS['value']}} {figure(finding.baseline):>{WIDTHS['baseline']}}"
    column = _short(finding.column, WIDTHS["column"])
    head = f"{MARKS[finding.verdict]} {finding.metric:<{WIDTHS['metric']}} {column:<{WIDTHS['column']}} {numbers}"
    return [head, *textwrap.wrap(finding.meaning, WIDTH, initial_indent="    ", subsequent_indent="    ")]


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 3] + "..."
