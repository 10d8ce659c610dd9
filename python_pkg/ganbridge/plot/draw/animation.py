"""Traced samples as a film: a GIF or an animated PNG, one frame for each epoch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ... import check
from .channels import Scales, as_waves, time_axis
from .images import MOST_IMAGES, as_images, mosaic_of, real_images, show
from .panels import GENERATED, REAL, Axes, Figure, Picture, below, finish, grid_of, key, plain
from .training import Course, course

try:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image
except ImportError as error:
    raise ImportError("Animations need pillow, which is not installed. Run: pip install pillow") from error

FORMATS = {".gif": "GIF", ".png": "PNG", ".apng": "PNG"}
MOST_FRAMES = 100  # more epochs are thinned out evenly
SECONDS = 8.0  # that a film lasts about, where the user does not say how fast it is
SLOWEST, FASTEST = 2.0, 12.0  # frames per second, likewise
STILL = 2000  # milliseconds that the last frame stands
MOST_WAVES = 12
Draw = Callable[[int], None]


def film_path(file: Any) -> str:
    """The path of a film, once it is known that it can be written; its ending says which format is meant."""
    path = check.writable("file", file)
    if Path(path).suffix.lower() not in FORMATS:
        check.fail("file", "a path that ends in .gif, .png or .apng", path)
    return path


def animate_table(
    file: str, samples: Sequence[tuple[int, Any]], real: Any, columns: Sequence[Any] | None, fps: float | None
) -> None:
    """A table's samples as `plot_training` draws them, on axes common to all frames."""
    some = _thinned(samples)
    shown = course(some, real, columns)
    panels = 1 if shown.pair else len(shown.columns)
    picture = Picture(figsize=(max(4.8, 2.9 * panels), 3.6), layout="constrained", dpi=100)
    grid = picture.subplots(1, panels, squeeze=False).ravel()
    tops = [shown.top(k) if shown.columns[k][0].continuous else 1.0 for k in range(panels)]
    key(picture, shown.entries())
    below(picture, "", shown.notes)

    def draw(epoch: int) -> None:
        for k, axes in enumerate(grid):
            axes.clear()
            shown.draw(axes, epoch, k)
            finish(axes, f"epoch {shown.epochs[epoch]:,}" if k == 0 else None)
            _label(axes, shown, k, tops[k])

    _write(file, picture, draw, len(some), fps)


def _label(axes: Axes, shown: Course, k: int, top: float) -> None:
    name = plain(shown.columns[k][0].name)
    if shown.pair:
        axes.set(xlabel=name, ylabel=plain(shown.columns[1][0].name))
    elif shown.columns[k][0].continuous:
        axes.set(xlabel=name, ylabel="density" if k == 0 else "", ylim=(0.0, top))
    else:
        axes.set(xlabel="share of rows", ylabel=name)


def animate_waves(
    file: str,
    samples: Sequence[tuple[int, Any]],
    fps: float | None,
    real: Any = None,
    rate: float | None = None,
    channels: Sequence[Any] | None = None,
) -> None:
    """Waves over each other, on axes common to all frames, with the real ones in grey behind them."""
    some = [(epoch, as_waves(waves)[:MOST_WAVES]) for epoch, waves in _thinned(samples)]
    truth = [] if real is None else as_waves(real, "real")[:MOST_WAVES]
    waves = [wave for _, shown in some for wave in shown] + truth
    scales = Scales.of(waves, channels)
    step, label = time_axis(rate)
    picture = Picture(figsize=(4.8, 3.4), layout="constrained", dpi=100)
    axes = picture.subplots()
    if truth and not scales.coloured:
        key(picture, [("real", REAL), ("generated", GENERATED)])
    scales.key(picture)
    below(picture, "", "Grey: real waves." if truth and scales.coloured else "")

    def draw(epoch: int) -> None:
        axes.clear()
        for wave in truth:
            scales.draw(axes, wave, step, 0.35, REAL)
        for wave in some[epoch][1]:
            scales.draw(axes, wave, step, 0.5)
        finish(axes, f"epoch {some[epoch][0]:,}")
        axes.set(xlabel=label, xlim=(0, (max(map(len, waves)) - 1) * step))
        axes.set_ylabel("value" if scales.shared else "")
        scales.mark(axes)

    _write(file, picture, draw, len(some), fps)


def animate_images(file: str, samples: Sequence[tuple[int, Any]], fps: float | None, real: Any = None) -> None:
    """Images side by side, the same ones in each frame, beside real ones; all on one scale."""
    some = [(epoch, as_images(images)[:MOST_IMAGES]) for epoch, images in _thinned(samples)]
    truth = None if real is None else real_images(real, some[0][1])[: len(some[0][1])]
    rows, columns = grid_of(len(some[0][1]), None)
    brightest = max(
        float(images.max()) for images in [*(images for _, images in some), *([] if truth is None else [truth])]
    )
    mosaics = [mosaic_of(list(images), rows, columns, brightest) for _, images in some]
    halves = 1 if truth is None else 2
    height, width = mosaics[0].shape[:2]
    across = 2.4 * max(1.0, width / height)
    picture = Picture(figsize=(halves * across + 0.2, across * height / width + 0.4), layout="constrained", dpi=100)
    grid = picture.subplots(1, halves, squeeze=False)[0]
    if truth is not None:
        show(grid[0], mosaic_of(list(truth), rows, columns, brightest))
        grid[0].set_title("real", loc="left", fontsize="medium")

    def draw(epoch: int) -> None:
        grid[-1].clear()
        show(grid[-1], mosaics[epoch])
        grid[-1].set_title(f"epoch {some[epoch][0]:,}", loc="left", fontsize="medium")

    _write(file, picture, draw, len(some), fps)


def _thinned(samples: Sequence[tuple[int, Any]]) -> list[tuple[int, Any]]:
    if not samples:
        check.fail("fit", "a fit with a traced sample", samples, "Fit with a smaller `trace`.")
    count = len(samples)
    return [samples[i] for i in np.unique(np.linspace(0, count - 1, min(count, MOST_FRAMES)).round().astype(int))]


def _write(file: str, picture: Figure, draw: Draw, count: int, fps: float | None) -> None:
    """Draw the frames and write them, whole or not at all."""
    speed = min(FASTEST, max(SLOWEST, count / SECONDS)) if fps is None else fps
    durations = [max(20, round(1000.0 / speed))] * (count - 1) + [STILL]
    form = FORMATS[Path(file).suffix.lower()]
    frames = list(_frames(picture, draw, count, form))
    partial = f"{file}.part"
    try:
        # A list of durations makes both formats keep every frame, equal ones too.
        frames[0].save(partial, form, save_all=True, append_images=frames[1:], duration=durations, loop=0)
        os.replace(partial, file)  # noqa: PTH105 (file is a text here)
    except OSError:
        Path(partial).unlink(missing_ok=True)
        raise


def _frames(picture: Figure, draw: Draw, count: int, form: str) -> Iterator[Image.Image]:
    canvas = FigureCanvasAgg(picture)
    for epoch in range(count):
        draw(epoch)
        canvas.draw()  # type: ignore[no-untyped-call]
        if epoch == 0:
            picture.set_layout_engine("none")  # the panels stay where the first frame has them
        pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
        image = Image.fromarray(pixels).convert("RGB")
        yield image.quantize(128) if form == "GIF" else image
