"""Traced samples as an animation: a GIF or an animated PNG, one frame for each epoch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ... import check
from ..data.course import Course
from ..data.images import ImageFrames
from ..data.marginal import Densities
from ..data.waves import WaveFrames
from .course import draw_epoch
from .images import show
from .panels import REAL, Axes, Figure, finish, key, label_below, new_figure, plain
from .waves import draw_wave, key_of_channels, mark_channels

try:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image
except ImportError as error:
    raise ImportError("Animations need pillow, which is not installed. Run: pip install pillow") from error

FORMATS = {".gif": "GIF", ".png": "PNG", ".apng": "PNG"}
SECONDS = 8.0  # that an animation lasts about, unless the user says how fast it is
SLOWEST, FASTEST = 2.0, 12.0  # frames per second, likewise
STILL = 2000  # milliseconds that the last frame stays
Draw = Callable[[int], None]


def animation_path(file: Any) -> str:
    """The path of an animation, checked to be one that can be written; its ending says which format is meant."""
    path = check.writable("file", file)
    if Path(path).suffix.lower() not in FORMATS:
        check.fail("file", "a path that ends in .gif, .png or .apng", path)
    return path


def write_course(file: str, shown: Course, fps: float | None) -> None:
    """A table's samples on axes common to all frames."""
    panels = max(1, len(shown.marginals))
    figure = new_figure(max(4.8, 2.9 * panels), 3.6, dpi=100)
    grid = figure.subplots(1, panels, squeeze=False).ravel()
    key(figure, shown.keys)
    label_below(figure, "", shown.note)

    def draw(epoch: int) -> None:
        for k, axes in enumerate(grid):
            axes.clear()
            draw_epoch(axes, shown, epoch, k)
            finish(axes, f"epoch {shown.epochs[epoch]:,}" if k == 0 else None)
            _label(axes, shown, k)

    _write(file, figure, draw, len(shown.epochs), fps)


def _label(axes: Axes, shown: Course, k: int) -> None:
    if shown.pairs:
        axes.set(xlabel=plain(shown.pairs[0].x.label), ylabel=plain(shown.pairs[0].y.label))
        return
    panel = shown.marginals[k][0]
    if isinstance(panel, Densities):
        axes.set(xlabel=plain(panel.axis.label), ylabel="density" if k == 0 else "", ylim=(0.0, shown.tops[k]))
    else:
        axes.set(xlabel="share of rows", ylabel=plain(panel.axis.label))


def write_waves(file: str, shown: WaveFrames, fps: float | None) -> None:
    """Waves over each other, with the real ones in grey behind them."""
    channels, step = shown.channels, shown.time.step
    figure = new_figure(4.8, 3.4, dpi=100)
    axes = figure.subplots()
    if shown.real and not channels.coloured:
        key(figure, ["real", "generated"])
    key_of_channels(figure, channels)
    label_below(figure, "", "Grey: real waves." if shown.real and channels.coloured else "")

    def draw(epoch: int) -> None:
        axes.clear()
        for wave in shown.real:
            draw_wave(axes, wave, channels, step, 0.35, REAL)
        for wave in shown.frames[epoch].waves:
            draw_wave(axes, wave, channels, step, 0.5)
        finish(axes, shown.frames[epoch].title)
        axes.set(xlabel=shown.time.label, xlim=shown.time.limits)
        axes.set_ylabel("value" if channels.shared else "")
        mark_channels(axes, channels)

    _write(file, figure, draw, len(shown.frames), fps)


def write_images(file: str, shown: ImageFrames, fps: float | None) -> None:
    """Images side by side, beside the real ones."""
    halves = 1 if shown.real is None else 2
    height, width = shown.pixels[0].shape[:2]
    across = 2.4 * max(1.0, width / height)
    figure = new_figure(halves * across + 0.2, across * height / width + 0.4, dpi=100)
    grid = figure.subplots(1, halves, squeeze=False)[0]
    if shown.real is not None:
        show(grid[0], shown.real)
        grid[0].set_title("real", loc="left", fontsize="medium")

    def draw(epoch: int) -> None:
        grid[-1].clear()
        show(grid[-1], shown.pixels[epoch])
        grid[-1].set_title(f"epoch {shown.epochs[epoch]:,}", loc="left", fontsize="medium")

    _write(file, figure, draw, len(shown.epochs), fps)


def _write(file: str, figure: Figure, draw: Draw, count: int, fps: float | None) -> None:
    """Draw the frames and write them, whole or not at all."""
    speed = min(FASTEST, max(SLOWEST, count / SECONDS)) if fps is None else fps
    durations = [max(20, round(1000.0 / speed))] * (count - 1) + [STILL]
    form = FORMATS[Path(file).suffix.lower()]
    frames = list(_frames(figure, draw, count, form))
    partial = f"{file}.part"
    try:
        # A list of durations makes both formats keep every frame, equal ones too.
        frames[0].save(partial, form, save_all=True, append_images=frames[1:], duration=durations, loop=0)
        os.replace(partial, file)  # noqa: PTH105 (file is a text here)
    except OSError:
        Path(partial).unlink(missing_ok=True)
        raise


def _frames(figure: Figure, draw: Draw, count: int, form: str) -> Iterator[Image.Image]:
    canvas = FigureCanvasAgg(figure)
    for epoch in range(count):
        draw(epoch)
        canvas.draw()  # type: ignore[no-untyped-call]
        if epoch == 0:
            figure.set_layout_engine("none")  # the panels stay where the first frame has them
        pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        image = Image.fromarray(pixels).convert("RGB")
        yield image.quantize(128) if form == "GIF" else image
