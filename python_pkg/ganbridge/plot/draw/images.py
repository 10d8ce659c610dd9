"""Images side by side."""

from __future__ import annotations

import numpy as np

from ..data.images import Mosaic
from .panels import Axes, Figure, new_figure

SIDE = 0.75  # of an image, in inches


def draw_images(shown: Mosaic) -> Figure:
    """A mosaic of images; labels beside the rows, if there are any."""
    inches = SIDE / max(shown.image)
    margin = 0.1 if not shown.labels else 0.7 if shown.title else 1.2
    height, width = shown.pixels.shape[:2]
    figure = new_figure(max(2.0, width * inches + margin), max(1.2, height * inches + 0.1))
    axes = figure.subplots()
    show(axes, shown.pixels)
    axes.set_yticks(shown.label_at, labels=shown.labels)
    axes.set_ylabel(shown.title)
    return figure


def show(axes: Axes, pixels: np.ndarray) -> None:
    """Pixels as they are, without an axis."""
    axes.imshow(pixels, interpolation="nearest")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set(xticks=[], yticks=[])
