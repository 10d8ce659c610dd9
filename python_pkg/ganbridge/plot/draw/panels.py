"""What all pictures share: the Figure, the colours, the grid of panels, the limits."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import check

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

# From Okabe and Ito's palette, whose colours stay apart for colour-blind readers; R's pictures have the same.
GENERATED, DISCRIMINATOR = "#0072B2", "#D55E00"
CHANNELS = (GENERATED, DISCRIMINATOR, "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
REAL, NOISE, SCORE = "0.45", "#CC79A7", "#009E73"
GRID: dict[str, Any] = {"color": "0.5", "alpha": 0.18, "linewidth": 0.7}
MOST_PANELS = 12  # where the user does not say what to show
MARGIN = 0.04  # room around the data, as a share of their range
LONGEST = 26  # letters of a name or a level that are shown


class Picture(Figure):
    """A Figure that a notebook shows also where pyplot was never imported."""

    def _repr_png_(self) -> bytes:
        out = io.BytesIO()
        self.savefig(out, format="png", dpi=120)
        return out.getvalue()


def grid_of(count: int, nrow: int | None) -> tuple[int, int]:
    """Rows and columns of panels: wide rather than tall, as screens are, and with few cells left empty."""
    if nrow is None:
        most = math.isqrt(count)
        candidates = range(min(math.ceil(0.6 * math.sqrt(count)), most), most + 1)
        nrow = min(candidates, key=lambda rows: (-count % rows, -rows))
    rows = min(check.whole("nrow", nrow), count)
    columns = math.ceil(count / rows)
    return math.ceil(count / columns), columns


def limits(values: np.ndarray, margin: float = MARGIN) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    room = margin * (high - low) if high > low else max(abs(low), 1.0) * 0.5
    return low - room, high + room


def spread_early(count: int, limit: int) -> list[int]:
    """At most `limit` places of `count`, both ends among them; closer together early, where most is learned."""
    if count <= limit:
        return list(range(count))
    for tries in range(limit, count + 1):
        shown = np.unique(np.exp(np.linspace(0.0, math.log(count), tries)).round().astype(int))
        if len(shown) >= limit:
            break
    return [int(place) - 1 for place in shown]


def plain(text: str, longest: int = LONGEST) -> str:
    """A user's text as it can be drawn: in one line, not too long, and with `$` as a letter."""
    text = " ".join(text.split())
    if len(text) > longest:
        text = text[: longest - 3] + "..."
    return text.replace("$", r"\$")


def finish(axes: Axes, title: str | None = None) -> None:
    """The look of every panel."""
    if title is not None:
        axes.set_title(title, loc="left", fontsize="medium")
    axes.grid(**GRID)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)


def key(picture: Figure, entries: Sequence[tuple[str, str]]) -> None:
    """Names and colours above the panels, where they can cover no data."""
    handles = [
        Line2D([], [], color=colour, linestyle="--", label=label)
        if colour == NOISE
        else Patch(color=colour, label=label)
        for label, colour in entries
    ]
    picture.legend(handles=handles, loc="outside upper right", ncols=len(handles), frameon=False, handlelength=1.4)


def below(picture: Figure, label: str, note: str = "") -> None:
    """A label that all panels share, and a note on what the picture leaves out."""
    if label or note:
        picture.supxlabel("\n".join(filter(None, [label, note])), fontsize="medium" if label else "small")
