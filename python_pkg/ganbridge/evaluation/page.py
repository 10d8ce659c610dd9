"""A report as one HTML page: everything inside it, no script, nothing from elsewhere."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from .meanings import figure
from .registry import FAIR, GOOD, NONE, POOR, QUESTIONS, THINGS, Finding
from .result import Report

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 110
POLICY = "default-src 'none';img-src data:;style-src 'unsafe-inline'"  # nothing is loaded, no script runs
WORDS = {GOOD: "as real", FAIR: "a little off", POOR: "far off", NONE: "not judged"}
ABOUT = {
    "columns": "Each column on its own, generated rows beside real ones.",
    "pairs": "Two columns at a time: a relation that is lost shows here, however well each column comes out.",
    "rows": "All columns at once: distances between rows, what is left out, and models that try to tell generated from"
    " real rows.",
    "use": "Models learn to predict the target from generated rows and from real rows, in equal numbers, and are tested"
    " on real rows that neither has seen.",
    "privacy": "Rows that lie closer to training rows than new real rows do give away whom the model was trained on."
    " These figures find copies; they are no proof that nothing can be learned about a person.",
}
WAVES = (
    "In the place of columns, waves have an amplitude, a dominant frequency (in cycles over the wave), a level (their"
    " mean) and a roughness (how far each point is off the line through its neighbours)."
)
IMAGES = (
    "In the place of columns, images have a brightness (the mean of their pixels), a contrast (the standard deviation)"
    " and a sharpness (how far neighbouring pixels differ)."
)
STYLE = """
:root{color-scheme:light dark;--page:#fff;--text:#1c2024;--soft:#5b636b;--line:#d8dce0;--card:#f5f6f8;
--good:#00694d;--fair:#8a5a00;--poor:#b03a00}
@media(prefers-color-scheme:dark){:root{--page:#15181b;--text:#e6e8ea;--soft:#a2abb3;--line:#363c42;--card:#1f2428;
--good:#4fc9a4;--fair:#f0b440;--poor:#ff9a5c}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main,header{max-width:64rem;margin:0 auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.25;margin:1.5rem 0 .25rem}
h2{font-size:1.25rem;margin:2.5rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--line)}
p{margin:.5rem 0;max-width:46rem}
.soft{color:var(--soft)}
.box{overflow-x:auto;margin:.75rem 0;border:1px solid var(--line);border-radius:.5rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.4rem .7rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{background:var(--card);white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}
.number{text-align:right;white-space:nowrap}
.question{min-width:11rem}
.meaning{min-width:17rem}
.mark{white-space:nowrap;font-weight:600}
.good{color:var(--good)}.fair{color:var(--fair)}.poor{color:var(--poor)}.none{color:var(--soft)}
.verdict{padding-left:1.2rem}.verdict li{margin:.25rem 0}
.note{border-left:.25rem solid var(--fair);padding:.4rem .8rem;background:var(--card);border-radius:.25rem}
@media(max-width:40rem){
.counts th,.counts td{padding:.4rem}.counts .question{min-width:0}.counts thead .number{white-space:normal}
.counts th:last-child,.counts td:last-child{display:none}
.findings thead{display:none}
.findings tr{display:grid;grid-template:"metric mark" "column column" "numbers other" "meaning meaning"/1fr auto;
gap:.1rem .75rem;padding:.6rem .7rem;border-bottom:1px solid var(--line)}
.findings tr:last-child{border-bottom:0}
.findings td{padding:0;border:0}
.findings .mark{grid-area:mark;text-align:right}.findings .metric{grid-area:metric;font-weight:600}
.findings .column{grid-area:column}
.findings .value{grid-area:numbers;text-align:left}.findings .baseline{grid-area:other}
.findings .value::before{content:"value "}.findings .baseline::before{content:"baseline "}
.findings .meaning{grid-area:meaning;min-width:0;color:var(--soft)}
}
figure{margin:1rem 0}
.picture{overflow-x:auto;background:#fff;border:1px solid var(--line);border-radius:.5rem;padding:.5rem}
.picture img{display:block;width:100%;height:auto;margin:0 auto}
figcaption{color:var(--soft);font-size:.9rem;margin-top:.35rem}
details{margin:.75rem 0}summary{cursor:pointer}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:.75rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
footer{max-width:64rem;margin:2.5rem auto;padding:0 1rem;color:var(--soft);font-size:.85rem}
"""


@dataclass(frozen=True)
class Shown:
    """A picture with its title and what it shows, in words."""

    title: str
    caption: str
    picture: Figure


def page(
    report: Report,
    *,
    trained: Sequence[tuple[str, str]],
    config: Mapping[str, Any],
    diagnosis: Sequence[str],
    pictures: Iterable[Shown],
    version: str,
) -> str:
    """The page, the same for the same arguments.

    trained: what was trained, in pairs of words. config: every setting. diagnosis: what went wrong in it, in words.
    """
    counts = report.counts
    what = THINGS[report.kind]
    held = f", with {counts['holdout']:,} held out" if counts["holdout"] else ""
    title = f"{counts['generated']:,} generated {what} beside {counts['real']:,} real ones"
    body = [
        f'<header><p class="soft">ganbridge report</p><h1>{escape(title)}{held}</h1></header><main>',
        _short(report),
        _trained(trained, config, diagnosis),
        _section("Pictures", "".join(_picture(shown) for shown in pictures)),
        *(_question(report, question) for question in QUESTIONS),
        "</main>",
        f"<footer>Made by ganbridge {escape(version)} with seed {report.seed}."
        " The same fit, data and seed give the same page.</footer>",
    ]
    head = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>ganbridge: {escape(title)}</title><style>{STYLE}</style></head><body>\n"
    )
    return head + "\n".join(part for part in body if part) + "\n</body></html>\n"


def _section(title: str, content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>\n{content}</section>" if content else ""


def _table(heads: Sequence[str], rows: Iterable[str], name: str = "plain") -> str:
    """A table in a box of its own, in which it scrolls.

    On a phone, the rows of "findings" become blocks, and "counts" leave out what the verdict above them says already.
    """
    cells = "".join(f"<th{_class(head)}>{head}</th>" for head in heads)
    body = "".join(rows)
    return f'<div class="box"><table class="{name}"><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></div>'


def _class(head: str) -> str:
    return ' class="number"' if head in ("value", "baseline", *list(WORDS.values())[:3]) else ""


def _short(report: Report) -> str:
    """How many figures are how good, and how that was found out."""
    columns = report.summary_columns()
    rows = []
    for place, words in enumerate(columns["question"]):
        numbers = "".join(
            f'<td class="number{f" mark {verdict}" if columns[verdict][place] else ""}">{columns[verdict][place]}</td>'
            for verdict in (GOOD, FAIR, POOR)
        )
        worst = escape(columns["worst"][place])
        rows.append(f'<tr><td class="question">{escape(words)}</td>{numbers}<td>{worst}</td></tr>')
    notes = "".join(f"<li>{escape(note)}</li>" for note in report.notes)
    intro = (
        "<p>Every figure stands beside its baseline: what real rows reach in the place of the generated ones, in equal"
        " numbers. A figure is as real where it is no further from the baseline than chance takes it.</p>"
    )
    heads = ("question", *(WORDS[verdict] for verdict in (GOOD, FAIR, POOR)), "furthest off")
    return _section(
        "In short", f'{report.html_verdict()}{intro}{_table(heads, rows, "counts")}<ul class="soft">{notes}</ul>'
    )


def _trained(trained: Sequence[tuple[str, str]], config: Mapping[str, Any], diagnosis: Sequence[str]) -> str:
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in trained)
    if diagnosis:
        found = "".join(f'<p class="note">{escape(text)}</p>' for text in diagnosis)
    else:
        found = "<p>Neither collapse nor divergence nor copies of training rows were found while it was trained.</p>"
    settings = _table(
        ("setting", "as it was used"),
        (
            f"<tr><td><code>{escape(name)}</code></td><td>{escape(_plain(value))}</td></tr>"
            for name, value in config.items()
        ),
    )
    details = f"<details><summary>All settings</summary>{settings}</details>"
    return _section("What was trained", f"<dl>{facts}</dl>{found}{details}")


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_plain(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_plain, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _picture(shown: Shown) -> str:
    out = io.BytesIO()
    shown.picture.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
    width, height = (round(side * DPI) for side in shown.picture.get_size_inches())
    data = base64.b64encode(out.getvalue()).decode("ascii")
    # On a phone, a picture with many panels is read by scrolling in its box.
    style = f"max-width:{width}px;min-width:min({width}px,{28 if width < 800 else 46}rem)"
    return (
        f"<figure><figcaption><strong>{escape(shown.title)}.</strong> {escape(shown.caption)}</figcaption>"
        f'<div class="picture"><img alt="{escape(shown.title)}" width="{width}" height="{height}" style="{style}"'
        f' src="data:image/png;base64,{data}"></div></figure>\n'
    )


def _question(report: Report, question: str) -> str:
    found = [f for f in report.findings if f.question == question]
    if not found:
        return ""
    shown = next(kept for words, kept, _ in report.shown() if words == QUESTIONS[question])
    rest = [f for f in found if f not in shown]
    about = {"wave": WAVES, "image": IMAGES}.get(report.kind, ABOUT[question])
    about = about if question == "columns" else ABOUT[question]
    content = f"<p>{escape(about)}</p>{_findings(shown)}"
    if rest:
        content += f"<details><summary>{len(rest)} more, no further off</summary>{_findings(rest)}</details>"
    return _section(QUESTIONS[question], content)


def _findings(findings: Sequence[Finding]) -> str:
    rows = []
    for f in findings:
        mark = f'<td class="mark {"none" if f.verdict == NONE else f.verdict}">{WORDS[f.verdict]}</td>'
        cells = f'<td class="metric">{escape(f.metric)}</td><td class="column">{escape(f.column)}</td>'
        numbers = "".join(
            f'<td class="number {name}">{figure(number)}</td>'
            for name, number in (("value", f.value), ("baseline", f.baseline))
        )
        rows.append(f'<tr>{mark}{cells}{numbers}<td class="meaning">{escape(f.meaning)}</td></tr>')
    return _table(("", "metric", "column", "value", "baseline", "meaning"), rows, "findings")
