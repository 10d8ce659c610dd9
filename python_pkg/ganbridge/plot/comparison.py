"""Public plots of generated rows beside real ones, and of walks from one row to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .. import check
from ..kinds import DEFAULT_KIND, KINDS
from ..model.protocol import is_fit
from .data.walk import walk_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_compare(
    synthetic_or_fit: Any,
    real: Any,
    *,
    by: str = "column",
    columns: Sequence[Any] | None = None,
    nrow: int | None = None,
    kind: str | None = None,
    rate: float | None = None,
) -> Figure:
    """Draw real rows (grey) and generated rows (blue), column by column or pair by pair.

    By column: histograms of numbers and dates, bars of levels and texts, in the order of the levels (of texts, in the
    order of their frequency). The share of missing values has a separate bar. By pair: scatter plots with contours,
    boxes if one column has levels, and tiles if both have. Whole numbers with at most twelve different values count as
    levels; of more than ten levels the most frequent nine are drawn, and "other".

    Args:
        synthetic_or_fit: generated rows (a DataFrame or an array), or a fit, from which as many rows are sampled as it
            was trained on (at most 5,000), with its seed. Real waves and images are drawn above generated ones, equally
            many of both.
        real: the real rows, with the same columns; further ones are not drawn.
        by: "column" or "pair".
        columns: which columns, by name or by index counted from 0; None draws at most twelve panels: the columns, or
            pairs of columns, that differ most, the worst first.
        nrow: rows of panels; None chooses.
        kind: "table", "wave" or "image"; None takes the fit's, and "table" without a fit, as in `evaluate`.
        rate: points of a wave per second (Hz), for an axis of time; None takes the fit's.

    Returns:
        A matplotlib Figure.

    Raises:
        TypeError: if `real` is no data, or a column holds what cannot be drawn.
        ValueError: if the columns differ, or there are none of that name; if waves or images of both sides
            differ in channels or pixels.
        ImportError: if matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> x = np.random.default_rng(1).normal(size=(200, 2))
        >>> gan = ganbridge.fit(x, epochs=20, seed=1)
        >>> ganbridge.plot_compare(gan, x, by="pair").savefig("pairs.png")
    """
    gan = synthetic_or_fit if is_fit(synthetic_or_fit) else None
    if gan is not None:
        check.kind_of_fit(kind, gan.kind)
        kind = gan.kind
    else:
        kind = check.choice("kind", DEFAULT_KIND if kind is None else kind, KINDS)
    rate = None if rate is None else KINDS[kind].rate(rate)
    part = KINDS[kind].part("plot")
    if gan is not None:
        synthetic_or_fit = gan.sample(part.compared(gan), seed=gan.seed)
    figure: Figure = part.compare(synthetic_or_fit, real, gan, by, columns, nrow, rate)
    return figure


def plot_walk(
    walk: Any,
    real: Any = None,
    *,
    by: str = "column",
    columns: Sequence[Any] | None = None,
    nrow: int | None = None,
) -> Figure:
    """Draw rows of a table in their order, as they come from an interpolation in the latent space.

    Args:
        walk: a DataFrame or an array of at least two rows, as a fit's `interpolate` returns it.
        real: the real rows, with the same columns, or None.
        by: "column" draws each column over the steps of the walk; a grey band holds the middle 90 percent of the real
            rows. "pair" draws the path through each pair of columns, with the real rows in grey behind it; the walk
            starts at the ring and ends at the dot.
        columns: which columns, by name or by index counted from 0; None draws at most twelve panels.
        nrow: rows of panels; None chooses.

    Returns:
        A matplotlib Figure.

    Raises:
        TypeError: if `walk` or `real` is no data.
        ValueError: if there are fewer than two rows, or no such columns.
        ImportError: if matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> x = np.random.default_rng(1).normal(size=(200, 2))
        >>> gan = ganbridge.fit(x, epochs=20, seed=1)
        >>> ganbridge.plot_walk(gan.interpolate(20, seed=2), x, by="pair").savefig("walk.png")
    """
    from . import draw

    return draw.draw_walk(walk_of(walk, real, by, columns, nrow))
