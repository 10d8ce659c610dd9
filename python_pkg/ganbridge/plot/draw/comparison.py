"""Real rows of a table beside generated ones."""

from __future__ import annotations

from ..data.comparison import Comparison
from .marginal import draw_marginal
from .pair import draw_pair
from .panels import Figure, finish, hide_rest, key, label_below, longest_level, new_figure, plain


def draw_comparison(shown: Comparison) -> Figure:
    """One panel for each column or pair."""
    figure = _draw_pairs(shown) if shown.pairs else _draw_marginals(shown)
    hide_rest(figure.axes, len(shown.pairs or shown.marginals))
    key(figure, shown.sources, shown.counts)
    label_below(figure, "", shown.note)
    return figure


def _draw_marginals(shown: Comparison) -> Figure:
    longest = longest_level([panel.axis.levels for panel in shown.marginals])
    wide = 2.7 + 0.08 * max(0, longest - 8)  # room for levels beside the bars
    figure = new_figure(max(4.8, 0.6 + wide * shown.columns), max(3.0, 0.6 + 2.1 * shown.rows))
    grid = figure.subplots(shown.rows, shown.columns, squeeze=False).ravel()
    for axes, panel in zip(grid, shown.marginals, strict=False):
        draw_marginal(axes, panel)
        finish(axes, plain(panel.axis.label))
        axes.grid(visible=False, axis="x" if panel.axis.continuous else "y")
    return figure


def _draw_pairs(shown: Comparison) -> Figure:
    longest = longest_level([axis.levels for pair in shown.pairs for axis in (pair.x, pair.y)])
    wide, high = 3.0 + 0.08 * max(0, longest - 8), 2.5 + 0.06 * max(0, longest - 8)
    figure = new_figure(max(5.2, 0.6 + wide * shown.columns), max(3.6, 0.6 + high * shown.rows))
    grid = figure.subplots(shown.rows, shown.columns, squeeze=False).ravel()
    for axes, pair in zip(grid, shown.pairs, strict=False):
        draw_pair(axes, pair)
        finish(axes)
        axes.set(xlabel=plain(pair.x.label), ylabel=plain(pair.y.label))
        if not (pair.x.continuous or pair.y.continuous):
            axes.grid(visible=False)
    return figure
