"""Images side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import check
from .panels import MOST_PANELS, Figure, Picture, grid_of

MOST_IMAGES = 24  # where the user does not say what to show
GAP = 0.08  # between images, as a share of their size
CELL = 0.75  # side of an image, in inches
WANTED = "an array of n images by height by width (by 1 to 4 channels), a trace of images or a fit of images"


def plot_images(samples: Any, ids: Sequence[int] | None = None, nrow: int | None = None) -> Figure:
    """Images side by side; black is 0, and white the brightest value of all that are drawn.

    Args:
        samples: an array of n images by height by width, or by height by width by channels; or pairs of an epoch and
            such an array, drawn as one row of images for each epoch (at most twelve, spread evenly).
        ids: which images, by their row, counted from 0; None takes the first 24, of each epoch the first twelve.
        nrow: rows of images; None chooses. Of pairs: the number of epochs.

    Raises:
        ValueError: where `samples` holds no images, or a row in `ids` is not there.
    """
    traced = _pairs(samples)
    if traced is None:
        images = _images(samples)
        chosen = images[image_ids(ids, len(images))]
        rows, columns = grid_of(len(chosen), nrow)
        return _draw(chosen, rows, columns, [])
    rows = min(len(traced), MOST_PANELS if nrow is None else check.whole("nrow", nrow))
    shown = np.unique(np.linspace(0, len(traced) - 1, rows).round().astype(int))
    numbers = image_ids(ids, min(len(images) for _, images in traced), MOST_PANELS)
    chosen = np.concatenate([traced[i][1][numbers] for i in shown])
    return _draw(chosen, len(shown), len(numbers), [f"{traced[i][0]:,}" for i in shown])


def image_ids(ids: Sequence[int] | None, limit: int | None = None, count: int = MOST_IMAGES) -> list[int]:
    """The rows that are asked for, counted from 0, of `limit` rows (None: of as many as one likes)."""
    if ids is None:
        return list(range(count if limit is None else min(count, limit)))
    wanted = "row numbers of images, counted from 0"
    last = check.SEED_LIMIT if limit is None else limit - 1
    given = list(ids) if isinstance(ids, range) else ids
    chosen = check.sequence("ids", given, lambda name, value: check.whole(name, value, 0, last), wanted)
    if not chosen:
        check.fail("ids", f"{wanted}, at least one", ids)
    return list(chosen)


def _pairs(samples: Any) -> list[tuple[int, np.ndarray]] | None:
    """Pairs of an epoch and its images, or None where `samples` is not made of pairs."""
    if not isinstance(samples, (list, tuple)) or not all(
        isinstance(entry, tuple) and len(entry) == 2 and np.ndim(entry[0]) == 0 for entry in samples
    ):
        return None
    if not samples:
        check.fail("samples_or_fit", "a trace with samples", samples, "Fit with a smaller `trace`.")
    return [(int(epoch), _images(images)) for epoch, images in samples]


def _images(samples: Any) -> np.ndarray:
    """Images (n, height, width, channels) as they came."""
    try:
        images = np.asarray(samples)
    except ValueError:
        images = np.zeros(0)
    if images.ndim == 0 or images.dtype.kind not in "iuf":
        check.fail("samples_or_fit", WANTED, samples)
    shape = images.shape
    if len(shape) not in (3, 4) or not images.size or (len(shape) == 4 and shape[3] > 4):
        remedy = "Write samples[None] to draw one image." if len(shape) == 2 else ""
        check.fail("samples_or_fit", WANTED, images, remedy)
    low, high = float(images.min()), float(images.max())
    if not (low >= 0.0 and high < np.inf):
        bad = ~(np.isfinite(images) & (images >= 0)).reshape(len(images), -1).all(1)
        raise ValueError(f"`samples_or_fit` must hold finite values of at least 0 only; see {check.positions(bad)}.")
    return images if len(shape) == 4 else images[..., None]


def _colours(images: np.ndarray) -> np.ndarray:
    """Red, green and blue (n, height, width, 3) from 0 to 1; where there is opacity, on white."""
    shades = images.astype(float) / (float(images.max()) or 1.0)
    opacity = shades[..., -1:] if shades.shape[-1] in (2, 4) else np.ones_like(shades[..., :1])
    colours = shades[..., : 1 if shades.shape[-1] < 3 else 3]
    return np.broadcast_to(colours * opacity + 1.0 - opacity, (*shades.shape[:3], 3))


def _draw(images: np.ndarray, rows: int, columns: int, epochs: list[str]) -> Figure:
    """A mosaic of images, row by row; the epochs beside the rows, where there are some."""
    height, width = images.shape[1:3]
    gap = max(1, round(GAP * min(height, width)))
    mosaic = np.ones((rows * (height + gap) - gap, columns * (width + gap) - gap, 3))
    for i, image in enumerate(_colours(images)):
        top, left = i // columns * (height + gap), i % columns * (width + gap)
        mosaic[top : top + height, left : left + width] = image
    inches = CELL / max(height, width)
    margin = 0.7 if epochs else 0.1
    size = max(2.0, mosaic.shape[1] * inches + margin), max(1.2, mosaic.shape[0] * inches + 0.1)
    picture = Picture(figsize=size, layout="constrained")
    axes = picture.subplots()
    axes.imshow(mosaic, interpolation="nearest")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set_xticks([])
    axes.set_yticks([row * (height + gap) + (height - 1) / 2 for row in range(len(epochs))], labels=epochs)
    if epochs:
        axes.set_ylabel("epoch")
    return picture
