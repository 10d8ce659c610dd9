"""What a fit remembers of its training data's columns."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..data import Data
from ..encode.knots import mean_of_highest
from ..encode.scaler import Scaler


def moments(data: Data, k: int, typed: bool) -> dict[str, np.ndarray]:
    """Mean, sd, min and max of each column's values; NaN where a column has categories, or fewer than k values.

    min and max are the ends that samples of a table's column may have; of points of waves and of pixels, means of the
    k lowest and the k highest values, of which none counts as it is that lies far from the others.

    typed: whether the columns are a table's.
    """
    columns = [column.present if column.numeric else np.zeros(0) for column in data.columns]

    def ends(values: np.ndarray) -> tuple[float, float]:
        if typed:
            scaler = Scaler.fit(values, "double", "none", k=k)
            return scaler.low, scaler.high
        return -mean_of_highest(-values, k), mean_of_highest(values, k)

    moments: dict[str, Callable[[np.ndarray], float]] = {
        "mean": lambda values: float(np.mean(values, dtype=np.float64)),
        "sd": lambda values: float(np.std(values, ddof=1, dtype=np.float64)) if len(values) > 1 else math.nan,
        "min": lambda values: ends(values)[0],
        "max": lambda values: ends(values)[1],
    }
    return {
        name: np.array(
            [moment(values) if len(values) >= max(1, k) else math.nan for values in columns], dtype=np.float64
        )
        for name, moment in moments.items()
    }
