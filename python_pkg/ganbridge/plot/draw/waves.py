"""Waves as small multiples."""

from __future__ import annotations

import math

import numpy as np

from ..data.channels import Channels, Wave
from ..data.waves import WaveGrid, WavePanel
from .panels import CHANNELS, COLOURS, GENERATED, GRID, Axes, Figure, Line2D, new_figure, plain


def draw_waves(shown: WaveGrid) -> Figure:
    """One panel for each entry, and an empty one for None."""
    channels = shown.channels
    height = 1.6 if channels.shared else max(1.6, 0.4 + 0.25 * len(channels.names))
    figure = new_figure(max(4.8, 0.5 + 2.3 * shown.columns), max(2.8, 0.5 + height * shown.rows))
    grid = figure.subplots(shown.rows, shown.columns, sharex=True, sharey=True, squeeze=False)
    panels = [*shown.panels, *[None] * (grid.size - len(shown.panels))]
    for i, (axes, panel) in enumerate(zip(grid.ravel(), panels, strict=True)):
        if panel is None:
            axes.set_visible(False)
            continue
        _draw_panel(axes, panel, shown)
        # If a column ends early, its last panel gets the tick labels that the hidden one would have had.
        if i + shown.columns < grid.size and not any(panels[i + shown.columns :: shown.columns]):
            axes.tick_params(labelbottom=True)
    grid[0, 0].set_xlim(*shown.time.limits)
    mark_channels(grid[0, 0], channels)
    key_of_channels(figure, channels)
    figure.supxlabel(shown.time.label, fontsize="medium")
    if channels.shared:
        figure.supylabel("value", fontsize="medium")
    return figure


def _draw_panel(axes: Axes, panel: WavePanel, shown: WaveGrid) -> None:
    for wave in panel.waves:
        opacity = max(0.25, 1.0 / math.sqrt(len(panel.waves)))
        colour = None if shown.channels.coloured else COLOURS[panel.source]
        draw_wave(axes, wave, shown.channels, shown.time.step, opacity, colour)
    axes.set_title(panel.title, loc="left", fontsize="medium")
    axes.grid(**GRID)
    axes.spines[["top", "right"]].set_visible(False)


def draw_wave(
    axes: Axes, wave: Wave, channels: Channels, step: float, opacity: float, colour: str | None = None
) -> None:
    """One wave as it was placed; `colour` for all its channels, if that is free to tell something else."""
    colours = CHANNELS if channels.shared else [GENERATED] * wave.shape[1]
    for k, values in enumerate(wave.T):
        line = colours[k] if colour is None else colour
        axes.plot(np.arange(len(values)) * step, values, color=line, linewidth=1.1, alpha=opacity)


def mark_channels(axes: Axes, channels: Channels) -> None:
    """Limits and ticks of the axis of values: strips have their channel's name and what they span."""
    axes.set_ylim(*channels.limits)
    if channels.ticks is not None:
        names = [plain(name) for name in channels.names]
        if channels.spans:
            names = [f"{name}\n{span}" for name, span in zip(names, channels.spans, strict=True)]
        axes.set_yticks(channels.ticks, names, fontsize="small")


def key_of_channels(figure: Figure, channels: Channels) -> None:
    """Above the panels, if there are colours to tell apart."""
    if channels.coloured:
        names = [plain(name) for name in channels.names]
        handles = [Line2D([], [], color=colour, linewidth=1.8) for colour in CHANNELS[: len(names)]]
        figure.legend(handles, names, loc="outside upper right", ncols=len(handles), frameon=False)
