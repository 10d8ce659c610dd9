"""What a fit remembers of its training data's columns."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..data import Data


def moments(data: Data) -> dict[str, np.ndarray]:
    """Mean, sd, min and max of each column's values; NaN where a column has categories, or no values."""
    columns = [column.present if column.numeric else np.zeros(0) for column in data.columns]
    moments: dict[str, Callable[[np.ndarray], float]] = {
        "mean": lambda values: float(np.mean(values, dtype=np.float64)),
        "sd": lambda values: float(np.std(values, ddof=1, dtype=np.float64)) if len(values) > 1 else math.nan,
        "min": np.min,
        "max": np.max,
    }
    return {
        name: np.array([moment(values) if len(values) else math.nan for values in columns], dtype=np.float64)
        for name, moment in moments.items()
    }
