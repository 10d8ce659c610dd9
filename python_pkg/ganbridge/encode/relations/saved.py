"""What a file may hold of relations: values of columns, with a number that stands for what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...data import Column
from ...data.base import LARGEST
from ...stored import array, require

MISSING = 1e300  # stands for NaN, which a file must not hold; beyond all values of columns
LARGEST_VALUE = LARGEST * 1e6


def to_file(values: np.ndarray) -> np.ndarray:
    """Values as a file holds them."""
    return np.where(np.isnan(values), MISSING, values)


def from_file(arrays: Mapping[str, np.ndarray], name: str, likes: Sequence[Column], flat: bool = False) -> np.ndarray:
    """Values (n, columns) of these columns, or (n,) of one; NaN if missing. Raises BadFileError for any others."""
    shape = (None,) if flat else (None, len(likes))
    found = np.array(array("relations", arrays, name, "float64", shape))
    found[found == MISSING] = np.nan
    parts = found[:, None] if flat else found
    for like, part in zip(likes, parts.T, strict=True):
        check_values(like, part[~np.isnan(part)])
    return found


def check_values(like: Column, present: np.ndarray) -> None:
    """Raise BadFileError unless these are values of a column."""
    if like.numeric:
        require(bool((np.abs(present) <= LARGEST_VALUE).all()), "`relations` has numbers that no column holds")
    else:
        whole = (present == np.rint(present)) & (present >= 0) & (present < len(like.labels))
        require(bool(whole.all()), "`relations` has levels that its columns do not have")
