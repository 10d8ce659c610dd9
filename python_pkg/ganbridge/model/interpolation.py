"""Walks between two points of a Gaussian latent space.

On a straight line between two latent vectors the norm falls, and a generator gets vectors of a norm that was rare in
training. A walk along the great circle keeps the usual norms: spherical interpolation (White 2016, "Sampling generative
networks", arXiv:1609.04468, section 2.1).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

SMALLEST_SINE = 1e-6  # of the angle between two vectors; below it they lie on one line, and the walk is straight


def spherical(start: np.ndarray, end: np.ndarray, n: int) -> np.ndarray:
    """n vectors (n, width) from start to end (width,), both included."""
    share = np.linspace(0.0, 1.0, n)[:, None]
    norms = math.sqrt(float((start * start).sum()) * float((end * end).sum()))
    cosine = float((start * end).sum()) / (norms or 1.0)
    angle = math.acos(min(1.0, max(-1.0, cosine)))
    if abs(math.sin(angle)) < SMALLEST_SINE:
        path = (1.0 - share) * start + share * end
    else:
        path = (np.sin((1.0 - share) * angle) * start + np.sin(share * angle) * end) / math.sin(angle)
    path[0], path[-1] = start, end
    return np.asarray(path)


class WalkingNoise:
    """Replaces the random generator while a walk is decoded: the noise moves with the walk.

    The first row gets the noise of the first row of a sample, the last row that of the second one, and the rows between
    them cos(t) * first + sin(t) * second with t from 0 to pi / 2: normal noise of the same variance that hardly differs
    between neighbours. With independent noise in each row a walk would flicker; without noise its waves would be
    smoother than the training waves.
    """

    def __init__(self, rng: np.random.Generator, n: int, start: int = 0) -> None:
        """n: rows of the whole walk. start: index of the first row that is decoded with this object."""
        turn = np.linspace(0.0, math.pi / 2.0, n)
        self.weights = np.stack([np.cos(turn), np.sin(turn)], 1)  # (n, 2)
        self.weights[[0, -1]] = np.eye(2)
        self.rng, self.start = rng, start

    def standard_normal(self, size: Any) -> np.ndarray:
        """Normal noise of that shape, whose first dimension is the rows of the walk."""
        size = tuple(np.atleast_1d(size).tolist())
        ends = self.rng.standard_normal((2, *size[1:]))
        weights = self.weights[self.start : self.start + size[0]].reshape((size[0], 2) + (1,) * (len(size) - 1))
        return np.asarray(weights[:, 0] * ends[0] + weights[:, 1] * ends[1])
