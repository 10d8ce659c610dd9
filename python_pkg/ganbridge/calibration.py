"""Calibration: the margins of a generator made right after training.

Where every encoded column of the training data follows the standard normal distribution, each generated column can be
moved onto it by one monotone map, whatever is left to learn in how the columns hang together.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from .encode.column import normal_scores
from .networks import Spec, build

ROWS = 20_000
LEVELS = 400


@torch.no_grad()
def calibration_map(spec: Spec, generator: dict[str, Tensor], randomness: torch.Generator) -> np.ndarray:
    """Quantiles (2, width, levels) of what a generator makes, and the normal scores that they should have."""
    network = build(spec, 1)
    network.load(generator)
    z = torch.randn((1, ROWS, spec.inputs), generator=randomness, dtype=torch.float32)
    generated = network.forward(z)[0].numpy().astype(np.float64)
    # Levels lie closer towards the ends, where a normal score changes fastest.
    levels = np.sin((np.arange(LEVELS) + 0.5) / LEVELS * np.pi / 2.0) ** 2
    found = np.quantile(generated, levels, axis=0).T
    return np.stack([found, np.broadcast_to(normal_scores(levels), found.shape)])


def calibrate(encoded: np.ndarray, found: np.ndarray | None) -> np.ndarray:
    """Generated columns (n, width), each moved by its map; `found` is what `calibration_map` gave, or None."""
    if found is None:
        return encoded
    columns = [np.interp(encoded[:, i], found[0, i], found[1, i]) for i in range(encoded.shape[1])]
    return np.stack(columns, 1).astype(np.float32)
