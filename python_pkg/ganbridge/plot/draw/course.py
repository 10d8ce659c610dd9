"""A table's samples over the epochs, side by side."""

from __future__ import annotations

import numpy as np

from ..data.course import Course
from ..data.marginal import Densities
from .marginal import draw_marginal
from .pair import draw_pair
from .panels import Axes, Figure, finish, key, label_below, new_figure, plain


def draw_course(shown: Course) -> Figure:
    """A panel for each epoch; of more than two columns, a row of panels for each column."""
    figure = _draw_columns(shown) if len(shown.marginals) > 1 else _draw_epochs(shown)
    key(figure, shown.keys)
    return figure


def draw_epoch(axes: Axes, shown: Course, epoch: int, column: int = 0) -> None:
    """The sample of one epoch, by its index, into one panel."""
    if shown.pairs:
        draw_pair(axes, shown.pairs[epoch])
    else:
        draw_marginal(axes, shown.marginals[column][epoch])


def _draw_epochs(shown: Course) -> Figure:
    count = len(shown.epochs)
    figure = new_figure(max(5.2, 0.6 + 2.4 * shown.columns), max(3.4, 0.7 + 2.0 * shown.rows))
    grid = figure.subplots(shown.rows, shown.columns, sharex=True, sharey=True, squeeze=False).ravel()
    for i, axes in enumerate(grid):
        axes.set_visible(i < count)
        if i < count:
            draw_epoch(axes, shown, i)
            finish(axes, f"epoch {shown.epochs[i]:,}")
            axes.set(xlabel="", ylabel="")
            if i + shown.columns >= count:
                axes.tick_params(labelbottom=True)
    across, up = _labels(shown, grid)
    label_below(figure, across, shown.note)
    figure.supylabel(up, fontsize="medium")
    return figure


def _labels(shown: Course, grid: np.ndarray) -> tuple[str, str]:
    """Labels that all panels share; densities get their common limits."""
    if shown.pairs:
        return plain(shown.pairs[0].x.label), plain(shown.pairs[0].y.label)
    panel = shown.marginals[0][0]
    if not isinstance(panel, Densities):
        return "share of rows", plain(panel.axis.label)
    grid[0].set_ylim(0.0, shown.tops[0])
    return plain(panel.axis.label), "density"


def _draw_columns(shown: Course) -> Figure:
    figure = new_figure(max(5.2, 0.6 + 2.4 * shown.columns), 0.8 + 1.9 * shown.rows)
    grid = figure.subplots(shown.rows, shown.columns, squeeze=False, sharey="row")
    for k, row in enumerate(grid):
        dense = isinstance(shown.marginals[k][0], Densities)
        name = plain(shown.marginals[k][0].axis.label)
        for i, axes in enumerate(row):
            draw_epoch(axes, shown, i, k)
            finish(axes, f"epoch {shown.epochs[i]:,}" if k == 0 else None)
            axes.set(xlabel=name if dense else "share of rows", ylabel="")
        row[0].set_ylabel("density" if dense else name)
        if dense:
            row[0].set_ylim(0.0, shown.tops[k])
    label_below(figure, "", shown.note)
    return figure
