"""Calibration: the margins of a generator made right after training.

Where an encoded column of the training data follows the standard normal distribution, the generated column can be moved
onto it by one monotone map, whatever is left to learn in how the columns hang together; and where it tells levels or
missing values apart, by an offset that gives each level its share.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ..encode import Encoder
from ..encode.scaler import normal_scores
from ..networks import Spec, build

ROWS = 20_000  # generated rows from which the quantiles are taken
LEVELS = 400


@torch.no_grad()
def calibration_map(spec: Spec, generator: dict[str, Tensor], encoder: Encoder, z: Tensor) -> np.ndarray:
    """Quantiles (2, width, levels) of what a generator makes of z (n, latent), and the normal scores they should have.

    Where a number has no normal margin, both are moved by the offset that gives its level the right share.
    """
    network = build(spec, 1)
    network.load(generator)
    generated = network.forward(z[None])[0].numpy().astype(np.float64)
    # Levels lie closer towards the ends, where a normal score changes fastest.
    levels = np.sin((np.arange(LEVELS) + 0.5) / LEVELS * np.pi / 2.0) ** 2
    offsets = encoder.offsets(generated)
    found = np.quantile(generated, levels, axis=0).T
    # What is missing shows no value: only the others' values have the marginal of the training data.
    for index, present in encoder.present(generated + offsets):
        if present.any():
            found[index] = np.quantile(generated[present, index], levels)
    wanted = np.broadcast_to(normal_scores(levels), found.shape)
    moved = found + offsets[:, None]
    return np.stack([found, np.where(encoder.normal[:, None], wanted, moved)])


def calibrate(encoded: np.ndarray, found: np.ndarray | None, normal: np.ndarray) -> np.ndarray:
    """Generated columns (n, width), each moved by its map.

    found: what `calibration_map` gave, or None. normal: which columns have normal margins (width,).
    """
    if found is None:
        return encoded
    columns: list[np.ndarray] = []
    for column, (quantiles, wanted) in zip(encoded.T, found.transpose(1, 0, 2), strict=True):
        moved = np.interp(column, quantiles, wanted)
        columns.append(moved if normal[len(columns)] else column + (wanted[0] - quantiles[0]))
    return np.stack(columns, 1).astype(np.float32)
