"""Plots of tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .data.comparison import compare as comparison_of
from .data.course import course_frames, course_panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..model.fitted import FittedGan

MOST_ROWS = 5000  # that a fit is asked for, to be compared with real ones


def training(gan: FittedGan, real: Any, columns: Sequence[Any] | None, nrow: int | None) -> Figure:
    """Densities, bars or points of the traced rows, a panel for each epoch."""
    from . import draw

    return draw.draw_course(course_panels(list(gan.trace or ()), real, columns, nrow))


def animate(gan: FittedGan, path: str, real: Any, columns: Sequence[Any] | None, fps: float | None) -> None:
    """The same, a frame for each epoch."""
    from . import draw

    draw.write_course(path, course_frames(list(gan.trace or ()), real, columns), fps)


def compare(
    synthetic: Any,
    real: Any,
    gan: FittedGan | None,
    by: str,
    columns: Sequence[Any] | None,
    nrow: int | None,
    rate: float | None,
) -> Figure:
    """Columns or pairs of columns."""
    from . import draw

    return draw.draw_comparison(comparison_of(synthetic, real, by, columns, nrow))


def compared(gan: FittedGan) -> int:
    """As many rows as the fit was made from, but not too many."""
    return min(gan.data_schema.rows, MOST_ROWS)
