"""Nearest neighbours, in blocks of rows."""

from __future__ import annotations

import numpy as np


def nearest(
    rows: np.ndarray, others: np.ndarray, *, skip_self: bool = False, rank: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Distance to, and number of, the rank-th nearest of `others` (k, p) for each of `rows` (n, p).

    skip_self: `others` are the same rows, and a row is not its own neighbour.
    """
    distances, numbers = np.empty(len(rows)), np.empty(len(rows), dtype=np.int64)
    squares = (others**2).sum(1)
    for start in range(0, len(rows), 512):  # in blocks, so that memory grows with one sample only
        block = rows[start : start + 512]
        square = (block**2).sum(1)[:, None] + squares[None] - 2.0 * block @ others.T
        if skip_self:
            square[np.arange(len(block)), np.arange(start, start + len(block))] = np.inf
        order = np.argpartition(square, rank - 1, axis=1)[:, rank - 1]
        numbers[start : start + len(block)] = order
        distances[start : start + len(block)] = np.sqrt(np.maximum(square[np.arange(len(block)), order], 0.0))
    return distances, numbers
