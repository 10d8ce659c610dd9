"""What all pictures share: the Figure, the colours, the grid of panels, the limits."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np

from .. import check

try:
    from matplotlib.figure import Figure as Figure
    from matplotlib.lines import Line2D as Line2D
    from matplotlib.ticker import MaxNLocator as MaxNLocator
except ImportError as error:
    raise ImportError("Drawing needs matplotlib, which is not installed. Run: pip install matplotlib") from error

# From Okabe and Ito's palette, whose colours stay apart for colour-blind readers; R's pictures have the same.
GENERATED, DISCRIMINATOR = "#0072B2", "#D55E00"
CHANNELS = (GENERATED, DISCRIMINATOR, "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
GRID: dict[str, Any] = {"color": "0.5", "alpha": 0.18, "linewidth": 0.7}
MOST_PANELS = 12  # where the user does not say what to show
MARGIN = 0.04  # room around the data, as a share of their range


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
