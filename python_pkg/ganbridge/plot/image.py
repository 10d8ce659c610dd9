"""Plots of images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..model.protocol import is_fit
from ..model.trace import Trace
from .data.images import MOST_IMAGES, image_comparison, image_frames, image_mosaic, image_rows
from .fits import fit_of_kind, no_columns

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..model.fitted import FittedGan

KIND = "image"


def samples(samples_or_fit: Any, ids: Sequence[int] | None, nrow: int | None) -> Figure:
    """Images side by side; see `ganbridge.plot_images`."""
    from . import draw

    if is_fit(samples_or_fit):
        gan = fit_of_kind(samples_or_fit, KIND, " Draw gan.sample(n) yourself.")
        ids = image_rows(ids)
        samples_or_fit = gan.sample(max(ids) + 1, seed=gan.seed)
    elif isinstance(samples_or_fit, Trace):
        samples_or_fit = list(samples_or_fit)
    return draw.draw_images(image_mosaic(samples_or_fit, ids, nrow))


def training(gan: FittedGan, real: Any, columns: Sequence[Any] | None, nrow: int | None) -> Figure:
    """The traced images, a row for each epoch, and the real ones in the last."""
    from . import draw

    no_columns(columns, KIND)
    return draw.draw_images(image_mosaic(list(gan.trace or ()), None, nrow, real))


def animate(gan: FittedGan, path: str, real: Any, columns: Sequence[Any] | None, fps: float | None) -> None:
    """The traced images, a frame for each epoch, beside real ones."""
    from . import draw

    no_columns(columns, KIND)
    draw.write_images(path, image_frames(list(gan.trace or ()), real), fps)


def compare(
    synthetic: Any,
    real: Any,
    gan: FittedGan | None,
    by: str,
    columns: Sequence[Any] | None,
    nrow: int | None,
    rate: float | None,
) -> Figure:
    """Real images above generated ones."""
    from . import draw

    no_columns(columns, KIND)
    return draw.draw_images(image_comparison(synthetic, real, nrow))


def compared(gan: FittedGan) -> int:
    """As many images as there is room for."""
    return MOST_IMAGES
