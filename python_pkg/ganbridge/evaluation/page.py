"""A report as one HTML page: what `report.html` shows."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..kinds import KINDS
from .kind import Plot, evaluated_kind
from .result import Report
from .templates import render

DPI = 110
ABOUT = {
    "pairs": "Two {columns} at a time: a relation that is lost shows here, even if each of the two matches on its own.",
    "rows": "All {columns} at once: distances between {rows}, what is left out, and models that try to tell generated"
    " from real {rows}.",
    "use": "Models are trained to predict the target from synthetic and from real {rows}, in equal numbers, and tested"
    " on real {rows} that neither was trained on.",
    "privacy": "{Rows} that are closer to training {rows} than new real {rows} disclose what the model was trained on."
    " These metrics find copies of {rows} and of values, and attack the generated {rows} as somebody might who knows"
    " real {rows} or some of their {columns}; they do not prove that nothing can be learned about a person.",
}


def page(
    report: Report,
    *,
    trained: Sequence[tuple[str, str]],
    relations: Sequence[Mapping[str, Any]],
    config: Mapping[str, Any],
    diagnosis: Sequence[str],
    plots: Iterable[Plot],
    version: str,
) -> str:
    """The page, the same for the same arguments.

    trained: what was trained, in pairs of words. relations: between columns, as a fit lists them.
    config: every setting. diagnosis: what went wrong in it, in words.
    """
    evaluated = evaluated_kind(report.kind)
    words = {**evaluated.words, "Rows": evaluated.words["rows"].capitalize()}
    columns = report.summary_columns()
    return render(
        "report.html",
        report=report,
        words=words,
        about={"columns": evaluated.about, **{name: text.format(**words) for name, text in ABOUT.items()}},
        summary=[dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)],
        trained=trained,
        relations=relations,
        config=config,
        diagnosis=diagnosis,
        linked=KINDS[report.kind].has_columns,
        plots=[_drawn(plot) for plot in plots],
        version=version,
    )


def _drawn(plot: Plot) -> dict[str, Any]:
    """A plot as a PNG, with its size in pixels, and what it tells about its parts."""
    from ..plot.draw.parts import parts_of

    out = io.BytesIO()
    plot.figure.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
    width, height = (round(side * DPI) for side in plot.figure.get_size_inches())
    png = base64.b64encode(out.getvalue()).decode("ascii")
    size = {"width": width, "height": height}
    return {"title": plot.title, "caption": plot.caption, **size, "png": png, "parts": parts_of(plot.figure)}
