"""What went wrong in a fit, in words with remedies: collapse, divergence, copying, a budget that was too short."""

from __future__ import annotations

import math

import numpy as np

from ..data import Data
from ..encode.components import components, scores_of
from .distances import coverage, nearest, nearest_distance_ratio

MOST_ROWS = 1000  # on either side of a comparison
LEAST_COVERAGE = 0.6  # two samples of one distribution reach about .97
LEAST_IMAGE_COVERAGE = 0.2  # images that look right reach about .5, because noise moves them away from all real ones
BLOCKS = 4  # along each side of an image, whose means stand for it in comparisons
NEIGHBOURS = 5  # the distance to this neighbour is near, where all rows are distinct
LEAST_DISTANCE = 0.2  # of generated rows to training rows, in distances among training rows
SHOWN = 4  # columns by which a row is described


def diagnose(
    generated: np.ndarray,
    real: np.ndarray,
    data: Data,
    *,
    diverged: bool,
    still_improving: bool,
    copies_matter: bool,
    images: bool = False,
) -> list[str]:
    """Findings with remedies; an empty list where nothing was found.

    generated, real: encoded rows (n, width), in the same order as the rows of `data`. copies_matter: whether rows of
    the data are distinct enough for a copy to mean something. images: whether the rows are what `coarse` gives.
    """
    found = []
    if diverged:
        found.append(
            "divergence: the losses were no longer finite, and the last good state was kept."
            " Lower `generator_lr` and `discriminator_lr`, or leave the settings open."
        )
    rng = np.random.default_rng(0)
    numbers = np.arange(len(real))
    if len(real) > MOST_ROWS:
        numbers = np.sort(rng.choice(len(real), MOST_ROWS, replace=False))
    made = generated[: len(numbers)].astype(np.float64)
    # Rows that are alike count once, because the distance between them is 0; the fewer are left, the fewer are near.
    numbers = numbers[np.sort(np.unique(real[numbers], axis=0, return_index=True)[1])]
    some = real[numbers].astype(np.float64)
    if len(some) > 10:
        covered = coverage(made, some, math.ceil(NEIGHBOURS * len(some) / len(made)))
        if covered < (LEAST_IMAGE_COVERAGE if images else LEAST_COVERAGE):
            _, closest = nearest(made, some)
            row = int(numbers[np.bincount(closest).argmax()])
            found.append(
                f"collapse: generated rows come near {100 * covered:.0f} % of the training rows only"
                f" ({50 if images else 97} % is usual);"
                f" most lie around {describe_row(data, row)}."
                " Leave the settings open, or raise `pack`, `r1` and `r2`, and the number of steps."
            )
    if copies_matter and len(some) > 10 and nearest_distance_ratio(made, some) < LEAST_DISTANCE:
        found.append(
            "copying: generated rows lie much closer to training rows than training rows to each other."
            " Use fewer steps or smaller networks, or more data."
        )
    if still_improving:
        found.append("unfinished: the score was still improving when the budget ended. Raise `steps` or `epochs`.")
    return found


def in_components(rows: np.ndarray, real: np.ndarray, sizes: tuple[int, ...], channels: int) -> np.ndarray:
    """Waves (n, points * channels) as their scores on the components of real ones: (n, components).

    Between whole waves the noise of all points makes every distance about the same.
    """
    found = components(real[:: math.ceil(len(real) / MOST_ROWS)].astype(np.float64), channels)
    return scores_of((rows - found["center"]) / found.get("weight", 1.0), found["basis"])


def coarse(rows: np.ndarray, real: np.ndarray, sizes: tuple[int, ...], channels: int) -> np.ndarray:
    """Rows of numbers on a grid, each as the means of 4 blocks along each side: (n, 4 ** dimensions * channels).

    Between whole images every distance is about the same; coarse ones tell what is where.
    """
    grid = rows.reshape(len(rows), *sizes, channels)
    for axis, size in enumerate(sizes, start=1):
        edges = np.arange(BLOCKS) * size // BLOCKS
        lengths = np.diff([*edges, size]).reshape(-1, *(1,) * (grid.ndim - 1 - axis))
        grid = np.add.reduceat(grid, edges, axis=axis) / lengths
    return np.asarray(grid.reshape(len(rows), -1))


def describe_row(data: Data, row: int) -> str:
    """A row in few words: `row 3 (eruptions = 3.3, waiting = 74)`; what has no named columns has its number only."""
    if not data.has_names:
        return f"row {row + 1}"
    words = [f"{column.name} = {column.shown(row)}" for column in data.columns[:SHOWN]]
    return f"row {row + 1} ({', '.join(words)}{', ...' if len(data.columns) > SHOWN else ''})"
