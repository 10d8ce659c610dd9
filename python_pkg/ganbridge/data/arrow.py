"""Columns of Arrow's record batches, as the column of a data frame that a sample of the same table became."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .column import UNITS, Column
from .foreign import pyarrow
from .table import Frame

MICRO = 1_000_000
UNKNOWN = -1.0  # the code of a level that `likes` do not have


def frame_of(batch: Any, likes: Sequence[Column]) -> Frame:
    """The columns of a record batch in the types, units and codes of `likes`; other levels are UNKNOWN."""
    return Frame([column_of(batch.column(i), like) for i, like in enumerate(likes)])


def column_of(array: Any, like: Column) -> Column:
    """One column. Times that are finer than microseconds are cut off."""
    missing = missing_of(array)
    values = np.where(missing, 0.0, _values(array, like))
    return like.like(values, missing if missing.any() else None)


def missing_of(array: Any) -> np.ndarray:
    """Which values are missing (n,), NaN among them."""
    missing = np.asarray(array.is_null().to_numpy(zero_copy_only=False))
    if str(array.type) in ("double", "float", "halffloat"):
        missing = missing | np.isnan(array.to_numpy(zero_copy_only=False))
    return missing


def _values(array: Any, like: Column) -> np.ndarray:
    """float64 (n,), anything where they are missing."""
    pa = pyarrow("record batches")
    if like.type in ("text", "factor", "ordered"):
        coded = coded_array(array)
        code = {label: float(i) for i, label in enumerate(like.labels)}
        codes = np.array([code.get(label, UNKNOWN) for label in coded.dictionary.to_pylist()] + [UNKNOWN])
        return np.asarray(codes[coded.indices.fill_null(len(codes) - 1).to_numpy(zero_copy_only=False)])
    if like.type == "date":
        return _numbers(array.cast(pa.date32()).cast(pa.int32()))
    if like.type == "datetime":
        zone = getattr(array.type, "tz", None)
        return _seconds(array.cast(pa.timestamp("us", zone), safe=False).cast(pa.int64()))
    if like.type == "difftime":
        return _seconds(array.cast(pa.duration("us"), safe=False).cast(pa.int64())) / UNITS[like.unit or "secs"]
    return _numbers(array.cast(pa.uint8()) if like.type == "logical" else array)


def coded_array(array: Any) -> Any:
    """The array as a dictionary of its values, each once, and indices."""
    pa = pyarrow("record batches")
    return array if pa.types.is_dictionary(array.type) else array.dictionary_encode()


def _numbers(array: Any) -> np.ndarray:
    filled = array.fill_null(0) if array.null_count else array
    return np.asarray(filled.to_numpy(zero_copy_only=False), dtype=np.float64)


def _seconds(array: Any) -> np.ndarray:
    micro = array.fill_null(0).to_numpy(zero_copy_only=False)
    return np.asarray(micro // MICRO + (micro % MICRO) / MICRO, dtype=np.float64)
