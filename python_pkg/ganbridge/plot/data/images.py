"""Images side by side on one scale of brightness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ... import check
from .grid import MOST_PANELS, frames_of, grid_of, spread_early
from .indices import chosen_rows, epochs_and_samples

MOST_IMAGES = 24  # unless the user says what to show
GAP = 0.08  # between images, as a share of their size
WANTED = "an array of n images by height by width (by 1 to 4 channels)"
Image = np.ndarray  # (height, width, channels)


@dataclass(frozen=True)
class Mosaic:
    """Images as one, row by row.

    pixels (height, width, 3): red, green and blue from 0 to 1, white between the images. image: height and width of one
    of them. labels, label_at: words beside rows, and their heights, in pixels from the top. title: what the labels are.
    """

    pixels: np.ndarray
    image: tuple[int, int]
    labels: list[str]
    label_at: list[float]
    title: str


@dataclass(frozen=True)
class ImageFrames:
    """Pixels (height, width, 3) of a mosaic for each epoch, and of the real images beside them, if there are any."""

    epochs: list[int]
    pixels: list[np.ndarray]
    real: np.ndarray | None


def image_mosaic(samples: Any, ids: Sequence[int] | None = None, nrow: int | None = None, real: Any = None) -> Mosaic:
    """Images side by side; black is 0, and white the brightest value of all that are shown.

    Args:
        samples: an array of n images by height by width, or by height by width by channels; or pairs of an epoch and
            such an array, drawn as one row of images for each epoch (at most twelve, most of them early).
        ids: which images, by their row, counted from 0; None takes the first 24, of each epoch the first twelve.
        nrow: rows of images; None chooses. Of pairs: the number of epochs.
        real: for pairs, real images of the same shape, drawn as the last row.

    Raises:
        ValueError: if `samples` holds no images, or a row in `ids` does not exist.
    """
    pairs = epochs_and_samples(samples)
    if pairs is None:
        images = as_images(samples)
        chosen = list(images[image_rows(ids, len(images))])
        return _mosaic(chosen, *grid_of(len(chosen), nrow))
    traced = [(epoch, as_images(images)) for epoch, images in pairs]
    rows = min(len(traced), MOST_PANELS if nrow is None else check.whole("nrow", nrow))
    shown = [traced[i] for i in spread_early(len(traced), rows)]
    indices = chosen_rows(ids, "images", MOST_PANELS, min(len(images) for _, images in traced))
    chosen = [image for _, images in shown for image in images[indices]]
    labels = [f"{epoch:,}" for epoch, _ in shown]
    if real is not None:
        chosen += list(_real_images(real, traced[0][1])[: len(indices)])
        labels.append("real")
    return _mosaic(chosen, len(labels), len(indices), labels, "epoch")


def image_comparison(generated: Any, real: Any, nrow: int | None = None) -> Mosaic:
    """Rows of real images above as many rows of generated ones, all on one scale; of either the first 24 at most."""
    below = as_images(generated)
    above = _real_images(real, below)
    count = min(MOST_IMAGES, len(below), len(above))
    rows, columns = grid_of(count, 2 if nrow is None else max(1, check.whole("nrow", nrow) // 2))
    empty = [None] * (rows * columns - count)
    labels = ["real", *[""] * (rows - 1), "generated", *[""] * (rows - 1)]
    return _mosaic([*above[:count], *empty, *below[:count], *empty], 2 * rows, columns, labels)


def image_frames(samples: Sequence[tuple[int, Any]], real: Any = None) -> ImageFrames:
    """Images side by side, the same ones in each frame, beside real ones; all on one scale."""
    traced = [(epoch, as_images(images)[:MOST_IMAGES]) for epoch, images in frames_of(samples)]
    count = len(traced[0][1])
    beside = None if real is None else _real_images(real, traced[0][1])[:count]
    rows, columns = grid_of(count, None)
    everything = [images for _, images in traced] + ([] if beside is None else [beside])
    brightest = max(float(images.max()) for images in everything)
    pixels = [_pixels(list(images), rows, columns, brightest) for _, images in traced]
    epochs = [epoch for epoch, _ in traced]
    return ImageFrames(epochs, pixels, None if beside is None else _pixels(list(beside), rows, columns, brightest))


def image_rows(ids: Sequence[int] | None, limit: int | None = None) -> list[int]:
    """The images that are shown, of `limit` images."""
    return chosen_rows(ids, "images", MOST_IMAGES, limit)


def as_images(samples: Any, argument: str = "samples_or_fit") -> np.ndarray:
    """Images (n, height, width, channels) as they came."""
    wanted = WANTED + (", a trace of images or a fit of images" if argument == "samples_or_fit" else "")
    try:
        images = np.asarray(samples)
    except ValueError:
        images = np.zeros(0)
    if images.ndim == 0 or images.dtype.kind not in "iuf":
        check.fail(argument, wanted, samples)
    shape = images.shape
    if len(shape) not in (3, 4) or not images.size or (len(shape) == 4 and shape[3] > 4):
        name = "samples" if argument == "samples_or_fit" else argument
        remedy = f"Write {name}[None] to draw one image." if len(shape) == 2 else ""
        check.fail(argument, wanted, images, remedy)
    low, high = float(images.min()), float(images.max())
    if not (low >= 0.0 and high < np.inf):
        bad = ~(np.isfinite(images) & (images >= 0)).reshape(len(images), -1).all(1)
        raise ValueError(f"`{argument}` must hold finite values of at least 0 only; see {check.positions(bad)}.")
    return images if len(shape) == 4 else images[..., None]


def _real_images(real: Any, generated: np.ndarray) -> np.ndarray:
    """Real images, checked to have the shape of the generated ones."""
    images = as_images(real, "real")
    if images.shape[1:] != generated.shape[1:]:
        words = " x ".join(map(str, generated.shape[1 : 3 if generated.shape[3] == 1 else 4]))
        check.fail("real", f"images of {words} pixels, as the generated ones", real)
    return images


def _mosaic(
    images: Sequence[Image | None], rows: int, columns: int, labels: Sequence[str] = (), title: str = ""
) -> Mosaic:
    height, width = next(image for image in images if image is not None).shape[:2]
    step = height + _gap(height, width)
    label_at = [row * step + (height - 1) / 2 for row in range(len(labels))]
    return Mosaic(_pixels(images, rows, columns), (height, width), list(labels), label_at, title)


def _pixels(images: Sequence[Image | None], rows: int, columns: int, brightest: float | None = None) -> np.ndarray:
    """Images row by row as one, on one scale; white between them, and for None."""
    present = [image for image in images if image is not None]
    height, width = present[0].shape[:2]
    gap = _gap(height, width)
    pixels = np.ones((rows * (height + gap) - gap, columns * (width + gap) - gap, 3))
    colours = iter(_colours(np.stack(present), brightest))
    for i, image in enumerate(images):
        top, left = i // columns * (height + gap), i % columns * (width + gap)
        if image is not None:
            pixels[top : top + height, left : left + width] = next(colours)
    return pixels


def _gap(height: int, width: int) -> int:
    """Pixels between two images."""
    return int(max(1, round(GAP * min(height, width))))


def _colours(images: np.ndarray, brightest: float | None = None) -> np.ndarray:
    """Red, green and blue (n, height, width, 3) from 0 to 1; on white if there is opacity."""
    shades = images.astype(float) / (float(images.max() if brightest is None else brightest) or 1.0)
    opacity = shades[..., -1:] if shades.shape[-1] in (2, 4) else np.ones_like(shades[..., :1])
    colours = shades[..., : 1 if shades.shape[-1] < 3 else 3]
    return np.broadcast_to(colours * opacity + 1.0 - opacity, (*shades.shape[:3], 3))
