"""Samples as evaluation sees them: the columns of a table, or what is computed of waves and images."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...data import Column

Sample = list[Column]  # columns of one length; two samples to compare have the same columns in the same order


def take(sample: Sample, rows: Any) -> Sample:
    """These rows of every column."""
    return [column.take(rows) for column in sample]


def distinct_codes(sample: Sample) -> np.ndarray:
    """Rows as exact numbers (n, 2p): values, with 0 where missing, and the mask."""
    columns = [np.where(column.missing, 0.0, column.values) + 0.0 for column in sample]
    return np.stack([*columns, *(column.missing.astype(np.float64) for column in sample)], 1)
