"""Calibration: the marginals of a generator are corrected after training.

If an encoded column of the training data follows the standard normal distribution, the generated column can be moved
onto it by one monotone map, however well the columns' dependence has been learned. If it tells levels or missing values
apart, it is moved by an offset that gives each level its share.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ..encode import Encoder
from ..encode.scaler import normal_scores
from ..networks import Spec, build

ROWS = 20_000  # generated rows from which the quantiles are taken
MOST_VALUES = 20_000_000  # of all of these rows; with many columns there are fewer rows
LEVELS = 400


def rows_for(width: int) -> int:
    """How many rows are generated for the quantiles of so many columns."""
    return min(ROWS, max(MOST_VALUES // width, LEVELS))


@torch.no_grad()
def calibration_map(spec: Spec, generator: dict[str, Tensor], encoder: Encoder, z: Tensor) -> np.ndarray | None:
    """Quantiles (2, width, levels) of what a generator makes of z (n, latent), and the normal scores they should have.

    For a column without a normal marginal both are moved by the offset that gives its level the right share. None if
    there is nothing to move: no column has a normal marginal, and all offsets are 0.
    """
    network = build(spec, 1)
    network.load(generator)
    generated = network.forward(z[None])[0].numpy().astype(np.float64)
    # Levels lie closer towards the ends, where a normal score changes fastest.
    levels = np.sin((np.arange(LEVELS) + 0.5) / LEVELS * np.pi / 2.0) ** 2
    offsets = encoder.offsets(generated)
    if not encoder.normal.any() and not offsets.any():
        return None
    quantiles = np.quantile(generated, levels, axis=0).T
    # What is missing shows no value: only the others' values have the marginal of the training data.
    for index, present in encoder.present(generated + offsets):
        if present.any():
            quantiles[index] = np.quantile(generated[present, index], levels)
    wanted = np.broadcast_to(normal_scores(levels), quantiles.shape)
    moved = quantiles + offsets[:, None]
    return np.stack([quantiles, np.where(encoder.normal[:, None], wanted, moved)])


def calibrate(encoded: np.ndarray, calibration: np.ndarray | None, normal: np.ndarray) -> np.ndarray:
    """Generated columns (n, width), each moved by its map.

    calibration: what `calibration_map` returned. normal: which columns have normal marginals (width,).
    """
    if calibration is None:
        return encoded
    columns: list[np.ndarray] = []
    for column, (quantiles, wanted) in zip(encoded.T, calibration.transpose(1, 0, 2), strict=True):
        moved = np.interp(column, quantiles, wanted)
        columns.append(moved if normal[len(columns)] else column + (wanted[0] - quantiles[0]))
    return np.stack(columns, 1).astype(np.float32)
