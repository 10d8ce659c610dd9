"""Parts of a plot that have words of their own, for pages that show them under the pointer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data.axis import Axis, Limits
from .panels import Axes, Figure


@dataclass(frozen=True)
class Part:
    """A rectangle of a plot, in percent from its left and top, and words about it."""

    left: float
    top: float
    width: float
    height: float
    words: str


def tell(axes: Axes, words: str, x: Limits | None = None, y: Limits | None = None) -> None:
    """Remember words about a part of a panel: from one value to another; None is the panel's whole width or height."""
    figure: Any = axes.figure
    if hasattr(figure, "told"):
        figure.told.append((axes, words, x, y))


def parts_of(figure: Figure) -> list[Part]:
    """The parts of a figure that was drawn, those that can be seen."""
    across, up = figure.bbox.width, figure.bbox.height
    parts = []
    for axes, words, x, y in getattr(figure, "told", []):
        x0, x1, y0, y1 = _pixels(axes, x, y)
        box = axes.bbox
        x0, x1 = max(x0, box.x0), min(x1, box.x1)
        y0, y1 = max(y0, box.y0), min(y1, box.y1)
        if x1 > x0 and y1 > y0:
            shares = (x0 / across, 1.0 - y1 / up, (x1 - x0) / across, (y1 - y0) / up)
            left, top, width, height = (round(100.0 * float(share), 2) for share in shares)
            parts.append(Part(left, top, width, height, words))
    return parts


def _pixels(axes: Axes, x: Limits | None, y: Limits | None) -> tuple[float, float, float, float]:
    """From left to right and from bottom to top."""
    corners = [((x or axes.get_xlim())[k], (y or axes.get_ylim())[k]) for k in (0, 1)]
    (x0, y0), (x1, y1) = axes.transData.transform(corners)
    return min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)


def percent(share: float) -> str:
    """A share of rows."""
    return f"{100.0 * share:.3g}%"


def shares_in_words(sources: Sequence[str], shares: Any) -> str:
    """The share of each source."""
    return ", ".join(f"{source} {percent(share)}" for source, share in zip(sources, np.asarray(shares), strict=True))


def value_in_words(axis: Axis, value: float) -> str:
    """A value of an axis: a number, a date, or a level."""
    if axis.column_type == "category":
        return axis.levels[round(value)]
    if axis.column_type == "time":
        return str(np.datetime64(round(value * 86400.0), "s")).replace("T00:00:00", "").replace("T", " ")
    return f"{value:,.0f}" if abs(value) >= 1e4 else f"{value:.4g}"
