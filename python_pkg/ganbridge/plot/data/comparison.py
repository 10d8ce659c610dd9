"""Real rows of a table beside generated ones, column by column or pair by pair."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ... import check
from .columns import BY, check_pairs, choose_columns, most_for_pairs
from .grid import MOST_PANELS, grid_of
from .levels import aligned
from .marginal import Bars, Histogram, marginal_of
from .pair import Pair, notes_of, pair_of
from .values import PlotColumn, Source
from .worst import worst_columns, worst_pairs

SOURCES = ("real", "generated")
WORST = "The {:,} of {:,} {} that differ most, the worst first; `columns` names others."


@dataclass(frozen=True)
class Comparison:
    """Panels row by row in a grid of rows x columns; either `marginals` or `pairs` are empty.

    note: what they omit. counts: rows of each source.
    """

    marginals: list[Histogram | Bars]
    pairs: list[Pair]
    rows: int
    columns: int
    note: str
    sources: tuple[str, ...]
    counts: tuple[int, ...]


def compare(
    synthetic: Any, real: Any = None, by: str = "column", columns: Sequence[Any] | None = None, nrow: int | None = None
) -> Comparison:
    """Each column, or each pair of columns, of real rows beside generated ones.

    Args:
        synthetic, real: pandas DataFrames or arrays of n rows by p columns. `real` may have further columns, or be
            None.
        by: "column" for histograms and bars, "pair" for scatter plots with contours, boxes and tiles.
        columns: names, or indices counted from 0; None takes the columns or pairs that differ most, or without `real`
            the first ones, as many as twelve panels have room for.
        nrow: rows of panels; None chooses.
    """
    check.choice("by", by, BY)
    generated, truth = Source("synthetic_or_fit", synthetic), None if real is None else Source("real", real)
    sources = SOURCES if truth is not None else SOURCES[1:]
    counts = (generated.rows,) if truth is None else (truth.rows, generated.rows)
    parts, pairs, note = _shown(generated, truth, by, columns)
    if by == "column":
        marginals = [marginal_of(part, sources) for part in parts]
        return Comparison(marginals, [], *grid_of(len(parts), nrow), note, sources, counts)
    panels = [pair_of(parts[i], parts[j], sources) for i, j in pairs]
    notes = " ".join(filter(None, [note, notes_of(panels)]))
    return Comparison([], panels, *grid_of(len(panels), nrow), notes, sources, counts)


Parts = list[list[PlotColumn]]  # for each column one entry for each source


def _shown(
    generated: Source, truth: Source | None, by: str, columns: Sequence[Any] | None
) -> tuple[Parts, list[tuple[int, int]], str]:
    """Columns, pairs of their indices (by pair), and a note on those left out."""
    pair, count = by == "pair", len(generated.names)
    most = most_for_pairs() if pair else MOST_PANELS
    if columns is not None or truth is None or count <= most:
        chosen, note = choose_columns(generated, columns, most)
        parts = _parts(generated, truth, chosen)
        if pair:
            check_pairs([part[-1].name for part in parts])
        return parts, list(itertools.combinations(range(len(parts)), 2)), note
    parts = _parts(generated, truth, range(count))
    if pair:
        note = WORST.format(MOST_PANELS, count * (count - 1) // 2, "pairs of columns")
        return parts, worst_pairs(parts, MOST_PANELS), note
    return [parts[i] for i in worst_columns(parts, most)], [], WORST.format(most, count, "columns")


def _parts(generated: Source, truth: Source | None, chosen: Sequence[int]) -> Parts:
    if truth is None:
        return [aligned([generated.column(i)]) for i in chosen]
    indices = generated.indices_in(truth, chosen)
    return [aligned([truth.column(j), generated.column(i)]) for i, j in zip(chosen, indices, strict=True)]
