"""One column of categories and its standardized form.

Up to ONE_HOT_MOST levels (missing counts as one) are points. Ordered levels, and more levels than that, are ranks with
one number for all of them, encoded as whole numbers are: memory does not grow with the number of levels.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data import Column
from ..stored import anything, array, choice, flag, require, rising, shares, values
from .base import State
from .codec import Codec
from .points import Points
from .scaler import Scaler

ONE_HOT_MOST = 24
RULES = {"codec": choice(["category"]), "ranked": flag, "ranks": anything}


class CategoryCodec(Codec):
    """How one column of categories is encoded.

    codes: of the levels that occur, rising; -1 is missing. shares: of each among the training rows. ranks: the encoding
    of the present levels' ranks as one number, if they have an order or are too many for points, else None.
    """

    def __init__(self, codes: np.ndarray, shares: np.ndarray, ranks: Scaler | None) -> None:
        points = Points(shares) if ranks is None else Points.of_missing(float(shares[codes < 0].sum()))
        super().__init__(int(ranks is not None), True, points)
        self.codes = codes
        self.present_codes = codes[codes >= 0]
        self.shares_of_codes = shares
        self.ranks = ranks

    @classmethod
    def fit(cls, column: Column, rows: np.ndarray | None = None) -> CategoryCodec:
        """Learn which levels occur, and how often.

        rows: of each label, and last of what is missing, if the column is a sample of more rows.
        """
        values = _codes(column)
        codes, indices, counts = np.unique(values, return_inverse=True, return_counts=True)
        shares = counts / len(values) if rows is None else rows[codes] / rows.sum()
        levels = int((codes >= 0).sum())
        ranks = None
        if levels > 2 and (column.type == "ordered" or len(codes) > ONE_HOT_MOST):
            present = indices[values >= 0] - (len(codes) - levels)
            if rows is not None:
                of_levels = np.maximum(np.rint(shares[codes >= 0] * len(values)), 1.0).astype(np.int64)
                present = np.repeat(np.arange(levels), of_levels)
            ranks = Scaler.fit(present.astype(np.float64), "integer", "quantile", most_knots=2 * levels + 2)
        return cls(codes.astype(np.int64), shares, ranks)

    def encode(self, column: Column, rng: np.random.Generator) -> np.ndarray:
        """Standardized form (n, width)."""
        values = _codes(column)
        if self.ranks is None:
            return self.points.encode(np.searchsorted(self.codes, values), rng)
        missing = values < 0
        ranks = np.searchsorted(self.present_codes, values).clip(0).astype(np.float64)
        scores = self.ranks.encode(ranks, rng)
        scores[missing] = rng.standard_normal(int(missing.sum()))
        return np.concatenate([scores[:, None], self.points.encode(missing.astype(np.int64), rng)], axis=1)

    def decode(self, encoded: np.ndarray, range_margin: float) -> tuple[np.ndarray, np.ndarray]:
        """Codes (n,) and a mask of what is missing (n,)."""
        if self.ranks is None:
            codes = self.codes[self.points.decode(encoded)]
            return np.maximum(codes, 0).astype(np.float64), codes < 0
        ranks = self.ranks.decode(encoded[:, 0].astype(np.float64), 0.0).astype(np.int64)
        return self.present_codes[ranks].astype(np.float64), self.points.decode(encoded[:, 1:]) == 1

    @property
    def may_be_missing(self) -> bool:
        """Whether any value was missing."""
        return bool((self.codes < 0).any())

    def shares(self, column: Column) -> list[tuple[str | None, float]]:
        """Levels that occur in the training data and what is missing (None), each with its share of the rows."""
        pairs = zip(self.codes.tolist(), self.shares_of_codes.tolist(), strict=True)
        return [(None if code < 0 else str(column.labels[code]), share) for code, share in pairs]

    def words(self) -> str:
        """The encoding in few words."""
        if self.ranks is not None:
            return "ranks, quantile"
        return {0: "constant", 1: "two points"}.get(self.width, "one-hot")

    def to_state(self) -> State:
        """Plain values for JSON, and arrays by name."""
        arrays = {"cells": self.codes, "shares": self.shares_of_codes}
        plain: dict[str, Any] = {"codec": "category", "ranked": self.ranks is not None, "ranks": None}
        if self.ranks is not None:
            plain["ranks"] = self.ranks.to_dict()
            arrays["knots"] = self.ranks.knots
        return plain, arrays

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> CategoryCodec:
        """Inverse of `to_state`."""
        plain = values("codec", plain, RULES)
        codes = array("codec", arrays, "cells", "int64", (None,), -1)
        require(len(codes) > 0 and rising(codes, strictly=True), "`codec.cells` must be rising")
        of_codes, levels = shares("codec", arrays, "shares", len(codes)), int((codes >= 0).sum())
        if plain["ranks"] is None:
            require(len(codes) <= ONE_HOT_MOST or levels <= 2, "`codec.cells` has too many levels without ranks")
            return cls(codes, of_codes, None)
        ranks = Scaler.from_state("codec.ranks", plain["ranks"], arrays)
        inside = ranks.scaling == "quantile" and 0.0 <= ranks.low < ranks.high <= levels - 1 and ranks.decimals == 0
        require(inside, "`codec.ranks` must be of its levels")
        return cls(codes, of_codes, ranks)

    def check_column(self, column: Column) -> None:
        """See `Codec`."""
        require(not column.numeric, f"`codec` is not for columns of the type {column.type}")
        require(int(self.codes[-1]) < len(column.labels), "`codec.cells` has levels that its column does not have")

    def holds(self, column: Column) -> bool:
        """See `Codec`."""
        found = np.unique(np.where(column.missing, -1.0, column.values))
        instead = column.values[column.missing]  # of missing values: any code that there is
        coded = bool(((instead >= 0.0) & (instead < max(1, len(column.labels)))).all())
        return coded and bool(np.isin(found, self.codes).all())


def _codes(column: Column) -> np.ndarray:
    """Codes (n,) with -1 for missing."""
    return np.where(column.missing, -1, column.values.astype(np.int64))
