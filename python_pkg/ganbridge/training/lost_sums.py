"""Numbers that the other numbers add up to among training rows, and not among generated ones."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..data import Column
from .links import upper_tail
from .lost_link import LEAST_ROWS, Lost

TIGHT = 0.05  # standard deviations of a column that are left among training rows, up to which it is a sum,
LOOSE = 3.0  # and how many times as much is left of a lost one at least
MOST_COLUMNS = 60
ROWS_OF_EACH = 4  # training rows for each column at least
TAIL = 0.95  # share of training rows that lie closer; generated rows are counted that do not
REMEDY = "Give it as a relation if it is one (`relations`), or compute it from the others after sampling."


def lost_sums(real: Sequence[Column], generated: Sequence[Column], level: float) -> list[Lost]:
    """Numbers that a linear regression on all others explains among training rows; fitted to the first half of them."""
    numbers = [i for i, column in enumerate(real) if column.numeric and column.present.size][:MOST_COLUMNS]
    parts = [_complete(columns, numbers) for columns in (real, generated)]
    half = len(parts[0]) // 2
    if len(numbers) < 3 or half < max(LEAST_ROWS, ROWS_OF_EACH * len(numbers)) or len(parts[1]) < LEAST_ROWS:
        return []
    middle, scale = parts[0].mean(0), parts[0].std(0)
    scale[scale == 0.0] = 1.0
    z = [(part - middle) / scale for part in parts]
    found = []
    for j in range(len(numbers)):
        others = np.delete(np.arange(len(numbers)), j)
        factors = np.linalg.lstsq(_with_one(z[0][:half, others]), z[0][:half, j], rcond=1e-10)[0]
        off = [np.abs(each[:, j] - _with_one(each[:, others]) @ factors) for each in (z[0][half:], z[1])]
        sizes = [math.sqrt(float((each * each).mean())) for each in off]
        if not sizes[0] <= TIGHT or sizes[1] <= LOOSE * sizes[0] + 0.01:
            continue
        beyond = float((off[1] > np.quantile(off[0], TAIL)).mean())
        share = 1.0 - TAIL
        error = math.sqrt(share * (1.0 - share) * (1.0 / len(off[0]) + 1.0 / len(off[1])))
        if upper_tail((beyond - share) / error) <= level:
            main = int(others[int(np.abs(factors[1:]).argmax())])
            name, other = (str(real[numbers[k]].name) for k in (j, main))
            words = (
                f"from the sum of other numbers that `{name}` is among training rows, generated rows lie"
                f" {100 * sizes[1]:.2g} % of its standard deviation off, and training rows {100 * sizes[0]:.2g} %"
            )
            found.append(Lost((name, other), frozenset((numbers[j], numbers[main])), words, sizes[1], REMEDY))
    return sorted(found, key=lambda each: -each.size)


def _complete(columns: Sequence[Column], numbers: Sequence[int]) -> np.ndarray:
    """The numbers (n, p) of rows in which none is missing."""
    chosen = [columns[i] for i in numbers]
    if not chosen:
        return np.zeros((0, 0))
    known = ~np.any([column.missing for column in chosen], axis=0)
    return np.stack([column.values[known] for column in chosen], 1)


def _with_one(x: np.ndarray) -> np.ndarray:
    return np.concatenate([np.ones((len(x), 1)), x], 1)
