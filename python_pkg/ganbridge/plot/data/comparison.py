"""Real rows of a table beside generated ones, column by column or pair by pair."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ... import check
from .columns import BY, check_pairs, choose_columns
from .grid import grid_of
from .levels import aligned
from .marginal import Bars, Histogram, marginal_of
from .pair import THINNED, TILES, Pair, Points, Tiles, pair_of
from .values import Source

SOURCES = ("real", "generated")


@dataclass(frozen=True)
class Comparison:
    """Panels row by row in a grid of rows x columns; either `marginals` or `pairs` are empty; note: what they omit."""

    marginals: list[Histogram | Bars]
    pairs: list[Pair]
    rows: int
    columns: int
    note: str
    sources: tuple[str, ...] = SOURCES


def compare(
    synthetic: Any, real: Any, by: str = "column", columns: Sequence[Any] | None = None, nrow: int | None = None
) -> Comparison:
    """Each column, or each pair of columns, of real rows beside generated ones.

    Args:
        synthetic, real: pandas DataFrames or arrays of n rows by p columns; `real` may have further columns.
        by: "column" for histograms and bars, "pair" for scatter plots with contours, boxes and tiles.
        columns: names, or indices counted from 0; None takes as many of the first ones as twelve panels have room for.
        nrow: rows of panels; None chooses.
    """
    check.choice("by", by, BY)
    generated, truth = Source("synthetic_or_fit", synthetic), Source("real", real)
    chosen, note = choose_columns(generated, columns, by)
    indices = generated.indices_in(truth, chosen)
    both = [aligned([truth.column(j), generated.column(i)]) for i, j in zip(chosen, indices, strict=True)]
    if by == "column":
        return Comparison([marginal_of(column, SOURCES) for column in both], [], *grid_of(len(both), nrow), note)
    check_pairs([column[0].name for column in both])
    rows, across = grid_of(len(both) * (len(both) - 1) // 2, nrow)
    pairs = [pair_of(x, y, SOURCES) for x, y in itertools.combinations(both, 2)]
    notes = [
        note,
        THINNED if any(isinstance(pair, Points) and pair.thinned for pair in pairs) else "",
        TILES if any(isinstance(pair, Tiles) for pair in pairs) else "",
    ]
    return Comparison([], pairs, rows, across, " ".join(filter(None, notes)))
