"""Tables as ranks: each value as its place in [0, 1) within its column's marginal distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..data import Column, Data, Frame, Matrix
from .base import Encoder, Noise, State
from .category import CategoryCodec
from .marginal import Allowed, CategoryMarginal, Cells, Marginal, NumberMarginal, marginal_of
from .table import TableEncoder

MOST_PROFILE = 24  # levels of a column that profiles of other columns' levels hold one by one


class RankEncoder(Encoder):
    """Columns of n rows <-> ranks (n, columns), uniform on [0, 1) in the training data.

    table: the encoder that holds the columns' types and codecs. marginals: of its columns.
    """

    kind = "table"
    grid = None

    def __init__(self, table: TableEncoder, marginals: list[Marginal]) -> None:
        self.table, self.marginals = table, marginals
        self.schema = table.schema
        self.width = len(marginals)

    @classmethod
    def fit(cls, data: Data, scaling: Any, range_margin: float, seed: int = 0) -> RankEncoder:
        """Learn each column's marginal distribution."""
        table = TableEncoder.fit(data, scaling, range_margin)
        profiles = [_profile(column) for column in data.columns]
        marginals = []
        for i, (column, codec) in enumerate(zip(data.columns, table.codecs, strict=True)):
            others = [profile for j, profile in enumerate(profiles) if j != i]
            profile = np.concatenate([np.zeros((data.rows, 1)), *others], axis=1)
            marginals.append(marginal_of(codec, column, profile, seed))
        if data.is_frame:
            words = [_words(codec, column) for codec, column in zip(table.codecs, data.columns, strict=True)]
            table.schema = replace(table.schema, encodings=words)
        return cls(table, marginals)

    @property
    def normal(self) -> np.ndarray:
        """None of the numbers: they are uniform."""
        return np.zeros(self.width, dtype=bool)

    @property
    def cells(self) -> list[Cells]:
        """The cells of each column."""
        return [marginal.as_cells() for marginal in self.marginals]

    def shares(self) -> list[tuple[str, str | None, float]]:
        """Column, level and share of each level that occurs and of what is missing (None)."""
        return self.table.shares()

    def encode(self, data: Data, rng: np.random.Generator) -> np.ndarray:
        """Ranks, float64 (n, columns); rows that share a value are spread over its share by `rng`."""
        columns = zip(self.marginals, data.columns, strict=True)
        return np.stack([marginal.encode(column, rng) for marginal, column in columns], axis=1)

    def reach(self, data: Data, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The first and the last rank that each value of some rows stands for, (rows, columns)."""
        columns = zip(self.marginals, data.columns, strict=True)
        below, above = zip(*(marginal.reach(column.take(rows)) for marginal, column in columns), strict=True)
        return np.stack(below, 1), np.stack(above, 1)

    def decode(self, encoded: np.ndarray, rng: Noise) -> Data:
        """Data like the training data from ranks (n, columns)."""
        return self.decode_within(encoded, [None] * self.width)

    def decode_within(self, ranks: np.ndarray, allowed: Sequence[Allowed | None]) -> Data:
        """As `decode`; numbers lie within the bounds that were asked for."""
        margin = self.table.range_margin
        columns = []
        for j, (marginal, like) in enumerate(zip(self.marginals, self.table.empty, strict=True)):
            values, missing = marginal.decode(ranks[:, j], margin)
            part = allowed[j]
            if part is not None and part.bounds is not None:
                values = values.clip(*part.bounds)
            columns.append(like.like(values, missing))
        return self._data(columns)

    def _data(self, columns: list[Column]) -> Data:
        if self.schema.types is not None:
            return Frame(columns, self.schema.like or "")
        values = np.stack([column.values for column in columns], axis=1)
        return Matrix(values, self.schema.value_type, self.schema.names, self.schema.numpy_dtype)

    def column_index(self, name: Any) -> int | None:
        """The index of the column of that name; None if there is none, or more than one."""
        names = [column.name for column in self.table.empty]
        return names.index(name) if names.count(name) == 1 else None

    def to_state(self) -> State:
        """What a file holds of it: the table encoder, and the order and cells of categories and edges of numbers."""
        plain, arrays = self.table.to_state()
        for i, marginal in enumerate(self.marginals):
            if isinstance(marginal, CategoryMarginal):
                arrays[f"{i}.codes"], arrays[f"{i}.code_shares"] = marginal.codes, marginal.shares
                arrays[f"{i}.code_cells"] = marginal.cell
            else:
                arrays[f"{i}.edges"] = marginal.edges
        return plain, arrays

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> RankEncoder:
        """Inverse of `to_state`."""
        table = TableEncoder.from_state(plain, arrays)
        marginals: list[Marginal] = []
        for i, codec in enumerate(table.codecs):
            if isinstance(codec, CategoryCodec):
                parts = (arrays[f"{i}.codes"], arrays[f"{i}.code_shares"], arrays[f"{i}.code_cells"])
                marginals.append(CategoryMarginal(codec, *parts))
            else:
                marginals.append(NumberMarginal(codec, arrays[f"{i}.edges"]))  # type: ignore[arg-type]
        return cls(table, marginals)


def _profile(column: Column) -> np.ndarray:
    """A column as standardized numbers (n, p): of numbers their ranks, of few levels one number each."""
    if column.numeric:
        order = np.argsort(np.argsort(np.where(column.missing, np.nan, column.values), kind="stable"), kind="stable")
        ranks = np.where(column.missing, 0.5, (order + 0.5) / len(order))
        return np.asarray((ranks[:, None] - 0.5) * np.sqrt(12.0))
    levels, codes = np.unique(column.codes, return_inverse=True)
    if len(levels) > MOST_PROFILE:
        return np.zeros((len(codes), 0))
    hot = np.eye(len(levels))[codes]
    share = hot.mean(0)
    return np.asarray((hot - share) / np.sqrt(np.maximum(share, 1e-3)))


def _words(codec: Any, column: Column) -> str:
    """The encoding of a column in few words."""
    words = "levels" if not column.numeric else "quantiles"
    constant = codec.words().startswith("constant")
    return codec.words() if constant else words + (" + missing" if column.any_missing else "")


__all__ = ["Allowed", "RankEncoder"]
