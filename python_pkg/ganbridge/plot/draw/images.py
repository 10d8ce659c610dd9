"""Images side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import check
from .panels import MOST_PANELS, Axes, Figure, Picture, grid_of, spread_early

MOST_IMAGES = 24  # where the user does not say what to show
GAP = 0.08  # between images, as a share of their size
CELL = 0.75  # side of an image, in inches
WANTED = "an array of n images by height by width (by 1 to 4 channels)"


def plot_images(samples: Any, ids: Sequence[int] | None = None, nrow: int | None = None, real: Any = None) -> Figure:
    """Images side by side; black is 0, and white the brightest value of all that are drawn.

    Args:
        samples: an array of n images by height by width, or by height by width by channels; or pairs of an epoch and
            such an array, drawn as one row of images for each epoch (at most twelve, most of them early).
        ids: which images, by their row, counted from 0; None takes the first 24, of each epoch the first twelve.
        nrow: rows of images; None chooses. Of pairs: the number of epochs.
        real: for pairs, real images of the same shape, drawn as the last row.

    Raises:
        ValueError: where `samples` holds no images, or a row in `ids` is not there.
    """
    traced = _pairs(samples)
    if traced is None:
        images = as_images(samples)
        chosen = list(images[image_ids(ids, len(images))])
        rows, columns = grid_of(len(chosen), nrow)
        return _draw(chosen, rows, columns)
    rows = min(len(traced), MOST_PANELS if nrow is None else check.whole("nrow", nrow))
    shown = spread_early(len(traced), rows)
    numbers = image_ids(ids, min(len(images) for _, images in traced), MOST_PANELS)
    chosen = [image for i in shown for image in traced[i][1][numbers]]
    labels = [f"{traced[i][0]:,}" for i in shown]
    if real is not None:
        chosen += list(real_images(real, traced[0][1])[: len(numbers)])
        labels.append("real")
    return _draw(chosen, len(labels), len(numbers), labels, "epoch")


def compare_images(generated: Any, real: Any, nrow: int | None = None) -> Figure:
    """Rows of real images above as many rows of generated ones, all on one scale; of either the first 24 at most."""
    made = as_images(generated)
    there = real_images(real, made)
    count = min(MOST_IMAGES, len(made), len(there))
    rows, columns = grid_of(count, 2 if nrow is None else max(1, check.whole("nrow", nrow) // 2))
    empty = [None] * (rows * columns - count)
    cells: list[np.ndarray | None] = [*there[:count], *empty, *made[:count], *empty]
    labels = ["real", *[""] * (rows - 1), "generated", *[""] * (rows - 1)]
    return _draw(cells, 2 * rows, columns, labels)


def real_images(real: Any, generated: np.ndarray) -> np.ndarray:
    """Real images, once it is known that they have the shape of the generated ones."""
    images = as_images(real, "real")
    if images.shape[1:] != generated.shape[1:]:
        words = " x ".join(map(str, generated.shape[1 : 3 if generated.shape[3] == 1 else 4]))
        check.fail("real", f"images of {words} pixels, as the generated ones", real)
    return images


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
    return [(int(epoch), as_images(images)) for epoch, images in samples]


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


def _colours(images: np.ndarray, brightest: float | None = None) -> np.ndarray:
    """Red, green and blue (n, height, width, 3) from 0 to 1; where there is opacity, on white."""
    shades = images.astype(float) / (float(images.max() if brightest is None else brightest) or 1.0)
    opacity = shades[..., -1:] if shades.shape[-1] in (2, 4) else np.ones_like(shades[..., :1])
    colours = shades[..., : 1 if shades.shape[-1] < 3 else 3]
    return np.broadcast_to(colours * opacity + 1.0 - opacity, (*shades.shape[:3], 3))


def mosaic_of(
    cells: Sequence[np.ndarray | None], rows: int, columns: int, brightest: float | None = None
) -> np.ndarray:
    """Images row by row as one, on one scale; white between them, and where there is none."""
    images = [image for image in cells if image is not None]
    height, width = images[0].shape[:2]
    gap = gap_of(images[0])
    mosaic = np.ones((rows * (height + gap) - gap, columns * (width + gap) - gap, 3))
    colours = iter(_colours(np.stack(images), brightest))
    for i, cell in enumerate(cells):
        top, left = i // columns * (height + gap), i % columns * (width + gap)
        if cell is not None:
            mosaic[top : top + height, left : left + width] = next(colours)
    return mosaic


def gap_of(image: np.ndarray) -> int:
    """Pixels between two images."""
    return int(max(1, round(GAP * min(image.shape[:2]))))


def show(axes: Axes, mosaic: np.ndarray) -> None:
    """Pixels as they are, without an axis."""
    axes.imshow(mosaic, interpolation="nearest")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set(xticks=[], yticks=[])


def _draw(
    cells: Sequence[np.ndarray | None], rows: int, columns: int, labels: Sequence[str] = (), title: str = ""
) -> Figure:
    """A mosaic of images; labels beside the rows, where there are some."""
    height, width = (image := next(cell for cell in cells if cell is not None)).shape[:2]
    mosaic = mosaic_of(cells, rows, columns)
    inches = CELL / max(height, width)
    margin = 0.1 if not labels else 0.7 if title else 1.2
    size = max(2.0, mosaic.shape[1] * inches + margin), max(1.2, mosaic.shape[0] * inches + 0.1)
    picture = Picture(figsize=size, layout="constrained")
    axes = picture.subplots()
    show(axes, mosaic)
    step = height + gap_of(image)
    axes.set_yticks([row * step + (height - 1) / 2 for row in range(len(labels))], labels=labels)
    axes.set_ylabel(title)
    return picture
