"""How close generated rows come to the very rows that were trained on."""

from __future__ import annotations

import numpy as np

from .neighbours import nearest


def nearest_distance_ratio(generated: np.ndarray, training: np.ndarray) -> float:
    """Median distance of a generated row to its nearest training row, over that of a training row to the others.

    Near 1 where generated rows keep the distance that independent rows keep; near 0 where they are copies.
    """
    among = float(np.median(nearest(training, training, skip_self=True)[0]))
    return float(np.median(nearest(generated, training)[0])) / among if among > 0 else float("nan")
