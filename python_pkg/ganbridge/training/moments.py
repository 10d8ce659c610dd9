"""What a fit remembers of its training data's columns."""

from __future__ import annotations

import numpy as np

from ..data import Data
from ..encode.knots import mean_of_highest, mean_of_lowest
from ..encode.scaler import Scaler

FAR = 0.25  # of the range of samples, beyond which a value counts as if it lay there


def moments(data: Data, k: int, typed: bool) -> dict[str, np.ndarray]:
    """Mean, sd, min and max of each column's values; NaN where a column has categories, or fewer than k values.

    min and max are the ends that samples of a table's column may have; of points of waves and of pixels, means of the
    k lowest and the k highest values, of which none counts as it is that lies far from the others. Nor does one in mean
    and sd, which would give away a single value that is large enough.

    typed: whether the columns are a table's.
    """
    columns = [column.present if column.numeric else np.zeros(0) for column in data.columns]
    of_columns = [_moments(values, k, typed) if len(values) >= max(1, k) else (np.nan,) * 4 for values in columns]
    return dict(zip(("mean", "sd", "min", "max"), np.array(of_columns, dtype=np.float64).reshape(-1, 4).T, strict=True))


def _moments(values: np.ndarray, k: int, typed: bool) -> tuple[float, float, float, float]:
    low, high = _ends(values, k, typed)
    near = values
    if values.dtype.kind == "f":  # pixels that are whole numbers can't lie far out, and may be many
        near = values.clip(low - FAR * (high - low), high + FAR * (high - low))
    sd = float(np.std(near, ddof=1, dtype=np.float64)) if len(near) > 1 else np.nan
    return float(np.mean(near, dtype=np.float64)), sd, low, high


def _ends(values: np.ndarray, k: int, typed: bool) -> tuple[float, float]:
    if typed:
        scaler = Scaler.fit(values, "double", "none", k=k)
        return scaler.low, scaler.high
    return mean_of_lowest(values, k), mean_of_highest(values, k)
