"""How many panels a plot has, in how many rows and columns, and which epochs they show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import check

MOST_PANELS = 12  # unless the user says what to show
MOST_FRAMES = 100  # of an animation; more epochs are thinned out evenly


def grid_of(count: int, nrow: int | None) -> tuple[int, int]:
    """Rows and columns of panels: wide rather than tall, as screens are, and with few left empty."""
    if nrow is None:
        most = math.isqrt(count)
        candidates = range(min(math.ceil(0.6 * math.sqrt(count)), most), most + 1)
        nrow = min(candidates, key=lambda rows: (-count % rows, -rows))
    rows = min(check.whole("nrow", nrow), count)
    columns = math.ceil(count / rows)
    return math.ceil(count / columns), columns


def spread_early(count: int, limit: int) -> list[int]:
    """At most `limit` indices of `count`, both ends among them; closer together early, when a fit changes most."""
    if count <= limit:
        return list(range(count))
    for tries in range(limit, count + 1):
        indices = np.unique(np.exp(np.linspace(0.0, math.log(count), tries)).round().astype(int))
        if len(indices) >= limit:
            break
    return [int(index) - 1 for index in indices]


def spread_evenly(count: int, limit: int) -> np.ndarray:
    """At most `limit` indices of `count`, at equal distances, both ends among them."""
    return np.unique(np.linspace(0, max(count - 1, 0), min(count, limit)).round().astype(int))


def frames_of(samples: Sequence[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """The epochs and samples that an animation shows."""
    if not samples:
        check.fail("fit", "a fit with a traced sample", samples, "Fit with a smaller `trace`.")
    return [samples[i] for i in spread_evenly(len(samples), MOST_FRAMES)]
