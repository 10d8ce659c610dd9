"""What all plots share: the Figure, the colours, texts as they can be drawn, the look of a panel, the key."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

try:
    from matplotlib.axes import Axes as Axes
    from matplotlib.collections import PatchCollection as PatchCollection
    from matplotlib.colors import to_rgb as to_rgb
    from matplotlib.figure import Figure as Figure
    from matplotlib.lines import Line2D as Line2D
    from matplotlib.patches import Patch
    from matplotlib.patches import Rectangle as Rectangle
    from matplotlib.ticker import MaxNLocator as MaxNLocator
except ImportError as error:
    raise ImportError("Drawing needs matplotlib, which is not installed. Run: pip install matplotlib") from error

# From Okabe and Ito's palette, whose colours stay apart for colour-blind readers; R's plots have the same.
GENERATED, DISCRIMINATOR = "#0072B2", "#D55E00"
CHANNELS = (GENERATED, DISCRIMINATOR, "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
REAL, NOISE, SCORE = "0.45", "#CC79A7", "#009E73"
COLOURS = {
    "real": REAL,
    "generated": GENERATED,
    "walk": GENERATED,
    "generator": GENERATED,
    "discriminator": DISCRIMINATOR,
    "noise": NOISE,
    "noise, rescaled": NOISE,
}
GRID: dict[str, Any] = {"color": "0.5", "alpha": 0.18, "linewidth": 0.7}
OTHER = re.compile(r"other \(.* levels\)")
LONGEST = 26  # letters of a name or a level that are drawn


class NotebookFigure(Figure):
    """A Figure that a notebook shows also if pyplot was never imported; `told`: words about its parts (parts.py)."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.told: list[tuple[Axes, str, Any, Any]] = []

    def _repr_png_(self) -> bytes:
        out = io.BytesIO()
        self.savefig(out, format="png", dpi=120)
        return out.getvalue()


def new_figure(width: float, height: float, dpi: float | None = None) -> NotebookFigure:
    """A figure of that size in inches, whose panels are laid out by matplotlib."""
    return NotebookFigure(figsize=(width, height), layout="constrained", dpi=dpi)


def plain(text: str, longest: int = LONGEST) -> str:
    """A user's text as it can be drawn: in one line, not too long, and with `$` as a letter."""
    text = " ".join(text.split())
    if len(text) > longest:
        text = text[: longest - 3] + "..."
    return text.replace("$", r"\$")


def plain_level(level: str, longest: int = 18) -> str:
    """The same for a level, shortened in its middle: levels often differ at their ends, as R's plots have it."""
    level, end = " ".join(level.split()), longest // 3
    if len(level) > longest:
        level = "other" if OTHER.fullmatch(level) else f"{level[: longest - end - 3]}...{level[-end:]}"
    return plain(level, longest)


def longest_level(levels: Sequence[Sequence[str]]) -> int:
    """Letters of the longest level on any of several axes, as it is drawn."""
    return max((len(plain_level(level)) for several in levels for level in several), default=0)


def finish(axes: Axes, title: str | None = None) -> None:
    """The look of every panel."""
    if title is not None:
        axes.set_title(title, loc="left", fontsize="medium")
    axes.grid(**GRID)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def hide_rest(grid: Sequence[Axes] | np.ndarray, count: int) -> None:
    """Panels that a grid has beyond those that are needed."""
    for axes in grid[count:]:
        axes.set_visible(False)


def key(figure: Figure, names: Sequence[str], counts: Sequence[int] = ()) -> None:
    """Names and colours above the panels, so that they cover no data; `counts` are the rows of each, if it has rows."""
    labels = [f"{name}: {count:,} row{'s' * (count != 1)}" for name, count in zip(names, counts, strict=False)] or names
    handles = [
        Line2D([], [], color=NOISE, linestyle="--", label=label)
        if COLOURS[name] == NOISE
        else Patch(color=COLOURS[name], label=label)
        for name, label in zip(names, labels, strict=True)
    ]
    figure.legend(handles=handles, loc="outside upper right", ncols=len(handles), frameon=False, handlelength=1.4)


def label_below(figure: Figure, label: str, note: str = "") -> None:
    """A label that all panels share, and a note on what the plot leaves out."""
    if label or note:
        figure.supxlabel("\n".join(filter(None, [label, note])), fontsize="medium" if label else "small")
