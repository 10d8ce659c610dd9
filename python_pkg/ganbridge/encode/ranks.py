"""Tables as ranks: each value as its place in [0, 1) within its column's marginal distribution."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..data import Column, Data
from .all_rows import AllRows
from .allowed import Allowed
from .base import Encoder, Noise, State
from .category import CategoryCodec
from .level_links import LevelLinks, scores_of
from .level_quantiles import SHARES, LevelQuantiles
from .marginal import (
    FEW_ROWS,
    MANY_COLUMNS,
    CategoryMarginal,
    Cells,
    Marginal,
    Moves,
    NumberMarginal,
    marginal_from_state,
    marginal_of,
    shares_cells,
)
from .table import TableEncoder

MOST_IN_PROFILE = 200  # columns of numbers by which levels of a table with many columns are put in an order
MOVED, LEAST_MOVED = 4_000, 500  # draws whose numbers show how those under a level are moved, and fewest present
PROFILE = 24  # numbers by which a category of more levels than that is seen in the profiles of other columns' levels


class RankEncoder(Encoder):
    """Columns of n rows <-> ranks (n, columns), uniform on [0, 1) in the training data.

    table: the encoder that holds the columns' types and codecs. marginals: of its columns. links: by their index, how
    columns of very many levels go with numbers. quantiles: of the numbers within levels.
    """

    kind = TableEncoder.kind
    grid = None

    def __init__(
        self,
        table: TableEncoder,
        marginals: list[Marginal],
        links: dict[int, LevelLinks] | None = None,
        quantiles: LevelQuantiles | None = None,
    ) -> None:
        self.table, self.marginals, self.links = table, marginals, links or {}
        self.quantiles = quantiles or LevelQuantiles([], {})
        self.schema = table.schema
        self.width = len(marginals)

    @classmethod
    def fit(
        cls,
        data: Data,
        scaling: Any,
        range_margin: float,
        k: int = 1,
        seed: int = 0,
        all_rows: AllRows | None = None,
    ) -> RankEncoder:
        """Learn each column's marginal distribution. all_rows: of a table of which data are a sample."""
        table = TableEncoder.fit(data, scaling, range_margin, k, all_rows)
        marginals = []
        numbers = _profile_of_numbers(data, seed)
        for i, (column, codec) in enumerate(zip(data.columns, table.codecs, strict=True)):
            profile = numbers
            if shares_cells(codec):
                others = [_profile(other, seed) for j, other in enumerate(data.columns) if j != i]
                profile = np.concatenate([np.zeros((data.rows, 1), dtype=np.float32), *others], axis=1)
            values = column if all_rows is None or not column.numeric else all_rows.marginal(column)
            marginals.append(marginal_of(codec, values, profile, seed))
        if data.is_frame:
            words = [_words(codec, column) for codec, column in zip(table.codecs, data.columns, strict=True)]
            table.schema = replace(table.schema, encodings=words)
        return cls(table, marginals, _links(data, marginals, k), LevelQuantiles.fit(data.columns, marginals, k))

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

    def moves(self, allowed: Sequence[Allowed | None], drawn: Callable[[int], np.ndarray]) -> dict[int, Moves]:
        """How numbers of rows under a level are moved, by column, so that they have the quantiles of the level's rows.

        drawn: so many ranks (n, columns) under what is allowed.
        """
        quantiles = self.quantiles.of(self.marginals, allowed)
        if quantiles is None:
            return {}
        ranks, moves = drawn(MOVED), dict[int, Moves]()
        for j, of_level in zip(self.quantiles.numbers, quantiles, strict=True):
            marginal = self.marginals[j]
            assert isinstance(marginal, NumberMarginal)
            of_column = ranks[:, j]
            present = of_column[of_column < marginal.present] / marginal.present
            if len(present) < LEAST_MOVED or not np.isfinite(of_level).all():
                continue
            drawn_quantiles = np.quantile(marginal.values_of(present), SHARES)
            rise, middle = np.diff(drawn_quantiles) > 0, len(SHARES) // 2
            kept = np.concatenate([[True], rise[:middle], rise[middle + 1 :], [True]])  # draws may share both ends
            if kept.sum() > middle:
                moves[j] = drawn_quantiles[kept], of_level[kept]
        return moves

    def decode_within(
        self, ranks: np.ndarray, allowed: Sequence[Allowed | None], moves: Mapping[int, Moves] | None = None
    ) -> Data:
        """As `decode`; numbers lie within the bounds that were asked for, and are moved."""
        margin = self.table.range_margin
        columns = []
        for j, (marginal, like) in enumerate(zip(self.marginals, self.table.empty, strict=True)):
            part = allowed[j]
            of_column = ranks[:, j] if part is not None else self._linked(j, ranks)
            if moves and j in moves:
                assert isinstance(marginal, NumberMarginal)
                values, missing = marginal.decode(of_column, margin, moves[j])
            else:
                values, missing = marginal.decode(of_column, margin)
            columns.append(like.like(values if part is None else part.within(values, of_column), missing))
        return self.table.data_of(columns)

    def _linked(self, j: int, ranks: np.ndarray) -> np.ndarray:
        """Ranks (n,) of column j; levels that share cells go with the numbers of their rows (n, columns)."""
        if j not in self.links:
            return ranks[:, j]
        link = self.links[j]
        scores = [scores_of(self.marginals[i].present, ranks[:, i]) for i in link.partners.tolist()]
        return link.redrawn(ranks[:, j], np.stack(scores, 1))

    def column_index(self, name: Any) -> int | None:
        """The index of the column of that name; None if there is none, or more than one."""
        names = [str(column.name) for column in self.table.empty]
        return names.index(str(name)) if names.count(str(name)) == 1 else None

    def with_levels(self, index: int) -> Column:
        """The column of that index, with a row for each level that the training data holds."""
        empty, codec = self.table.empty[index], self.table.codecs[index]
        return empty.like(codec.present_codes.astype(np.float64)) if isinstance(codec, CategoryCodec) else empty

    def to_state(self) -> State:
        """What a file holds of it: the table encoder, and the order and cells of categories and edges of numbers."""
        plain, arrays = self.table.to_state()
        for i, marginal in enumerate(self.marginals):
            arrays |= {f"{i}.{name}": part for name, part in marginal.to_arrays().items()}
        for i, link in self.links.items():
            arrays |= {f"{i}.{name}": part for name, part in link.to_arrays().items()}
        return plain, arrays | self.quantiles.to_arrays()

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> RankEncoder:
        """Inverse of `to_state`."""
        table = TableEncoder.from_state(plain, arrays)
        marginals = [marginal_from_state(codec, arrays, f"{i}.") for i, codec in enumerate(table.codecs)]
        links = {i: LevelLinks.from_arrays(marginals, i, arrays, f"{i}.") for i in range(len(marginals))}
        known = {i: link for i, link in links.items() if link is not None}
        return cls(table, marginals, known, LevelQuantiles.from_arrays(marginals, arrays))


def _links(data: Data, marginals: list[Marginal], k: int) -> dict[int, LevelLinks]:
    """How columns whose levels share cells go with numbers; k: rows of a level that has a mean of its own."""
    numbers = {
        j: (m, data.columns[j]) for j, m in enumerate(marginals) if isinstance(m, NumberMarginal) and m.cells > 2
    }
    links = {
        i: LevelLinks.fit(marginal, data.columns[i], numbers, k)
        for i, marginal in enumerate(marginals)
        if isinstance(marginal, CategoryMarginal) and marginal.cells < len(marginal.codes)
    }
    return {i: link for i, link in links.items() if link is not None}


def _profile_of_numbers(data: Data, seed: int) -> np.ndarray:
    """The columns of numbers of a table with many columns or few rows, (n, p); none of others."""
    cut = len(data.columns) > MANY_COLUMNS or data.rows < FEW_ROWS
    columns = [column for column in data.columns if column.numeric] if cut else []
    if not columns:
        return np.zeros((0, 0))
    return np.concatenate([_profile(column, seed) for column in columns[:MOST_IN_PROFILE]], axis=1)


def _profile(column: Column, seed: int) -> np.ndarray:
    """A column as standardized numbers, float32 (n, p): numbers as their ranks, levels one number each.

    Many levels are seen by random directions instead, one for each level: what differs stays apart.
    """
    if column.numeric:
        order = np.argsort(np.argsort(np.where(column.missing, np.nan, column.values), kind="stable"), kind="stable")
        ranks = np.where(column.missing, 0.5, (order + 0.5) / len(order))
        return np.asarray((ranks[:, None] - 0.5) * np.sqrt(12.0), dtype=np.float32)
    levels, codes, counts = np.unique(column.codes, return_inverse=True, return_counts=True)
    share = counts / len(codes)
    seen = np.eye(len(levels)) - share
    if len(levels) > PROFILE:
        directions = np.random.default_rng(seed).standard_normal((len(levels), PROFILE)) / np.sqrt(PROFILE)
        seen = directions - share @ directions
    seen = seen / np.sqrt(np.maximum(share, 1e-3))[:, None]
    return np.asarray(seen[codes], dtype=np.float32)


def _words(codec: Any, column: Column) -> str:
    """The encoding of a column in few words."""
    words = "levels" if not column.numeric else "quantiles"
    constant = codec.words().startswith("constant")
    return codec.words() if constant else words + (" + missing" if column.any_missing else "")
