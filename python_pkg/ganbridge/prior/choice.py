"""The choice between trees and normal distributions, and of the number of components, by held-out likelihood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from ..encode.marginal import FEW_ROWS, Cells
from ..ranks import here
from .cell_trees import CellTrees
from .mixture import Mixture, cells_of
from .normal_choice import NormalChoice, simplest
from .normals import Layout, Rows
from .scales import SCALES, Scale, ScaleName
from .trees import fit_trees

COMPONENTS = (1, 3, 10, 30)  # numbers of trees that are tried,
PAIR_ROWS = (8.0, 30.0)  # and pseudo rows of pairs, if there is more than one component
LEAST_ROWS = 50  # training rows for each tree,
ROWS_PER_COLUMN = 4  # and rows for each column of trees
HELD_OUT = 0.2  # of the rows, by whose likelihood these are chosen,
FOLDED_ROWS = 1_000  # and with fewer rows all of them,
FOLDS = 3  # in so many parts,
MOST_FOLDS = 10  # of few rows in more
MOST_ROWS = 50_000  # for structure and EM of trees; their last M step takes all
MOST_NORMAL_ROWS = 5_000  # by which normal distributions are chosen,
MOST_FITTED = 20_000  # and to which they are fitted
MOST_SCALED = 200  # columns of numbers of which more than one scale is tried
LEAST_NUMBERS = 2  # columns of numbers for which normal distributions are tried if there are rows for trees

EVEN = np.array([[0.0, 1.0], [0.0, 1.0]])  # quantiles of levels that are normal as numbers are

MOST_TRIED = 32  # mixtures, about

Tell = Callable[[int, int], None]  # mixtures tried so far, and of about how many
Reach = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
Folds = list[tuple[np.ndarray, np.ndarray]]  # indices of training rows and of held-out rows


@dataclass(eq=False)
class RankRows:
    """Training rows in random order: ranks (n, columns), indices (n,), and the intervals of ranks that the values of
    rows with such indices stand for."""

    ranks: np.ndarray
    indices: np.ndarray
    reach: Reach

    def take(self, rows: np.ndarray | slice) -> RankRows:
        """Some of the rows."""
        return RankRows(self.ranks[rows], self.indices[rows], self.reach)

    def normal(self, layout: Layout, scales: Sequence[Scale], generator: torch.Generator) -> Rows:
        """The rows as scores and codes."""
        return Rows.of_ranks(layout, scales, self.ranks, *self.reach(self.indices), generator)

    def __len__(self) -> int:
        return len(self.ranks)


class Tried:
    """Counts the mixtures that are tried, and tells of each."""

    def __init__(self, most: int, tell: Tell | None) -> None:
        self.count, self.most, self.tell = 0, most, tell
        self.show()

    def show(self) -> None:
        """Tell."""
        if self.tell is not None:
            self.tell(min(self.count, self.most), self.most)

    def one(self) -> None:
        """Count one more."""
        self.count += 1
        self.show()
        here().listen()
        here().stop_if_asked()


def choose(
    rows: RankRows, columns: Sequence[Cells], generator: torch.Generator, tell: Tell | None = None
) -> tuple[Mixture, dict[str, float]]:
    """The mixture with the largest held-out likelihood, fitted to all rows; and the likelihoods by components."""
    edges, layout = [column.edges for column in columns], Layout.of_columns(columns)
    cells = cells_of(rows.ranks, edges)
    tried = Tried(MOST_TRIED, tell)
    trees = _tried_trees(rows.take(slice(MOST_ROWS)), cells[:MOST_ROWS], edges, generator, tried.one)
    held_out = _by_components("trees", {key: float(value.mean()) for key, value in trees.items()})
    best = max(trees, key=lambda key: float(trees[key].mean()), default=None)
    if best is None or len(layout.numbers) >= LEAST_NUMBERS or len(rows) < FOLDED_ROWS:
        part, choices = _few(rows), list[NormalChoice]()
        for each in layouts_of(layout, columns, len(rows)):
            of_scales = scales_of(each, columns).items()
            on_scales = {name: part.normal(each, of_columns, generator) for name, of_columns in of_scales}
            choices.append(NormalChoice(each, part.ranks, on_scales, folds(len(part)), generator, tried.one))
        normals = simplest(choices)
        layout, scales = normals.layout, scales_of(normals.layout, columns)
        held_out |= _by_components("normals", normals.means)
        if best is None or normals.value >= float(trees[best][: len(normals.held_out)].mean()):
            final = rows.take(slice(MOST_FITTED)).normal(layout, scales[normals.choice.scale], generator)
            return normals.fitted(final), held_out
    mixture = fit_trees(cells[:MOST_ROWS], [len(part) - 1 for part in edges], *best, generator)
    if len(cells) > MOST_ROWS:
        mixture.refit(cells, MOST_ROWS)
    return CellTrees(mixture, edges), held_out


def folds(n: int) -> Folds:
    """Few rows are all held out once, of many the last ones."""
    if n < FOLDED_ROWS:
        count = FOLDS if n >= FEW_ROWS else MOST_FOLDS
        fold = np.arange(n) % count
        return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(count)]
    cut = max(1, round((1.0 - HELD_OUT) * n))
    return [(np.arange(cut), np.arange(cut, n))]


def layouts_of(layout: Layout, columns: Sequence[Cells], rows: int) -> list[Layout]:
    """Which columns are normal: of few rows also levels may be, which one distribution then links with the numbers."""
    cut = Layout.of_columns(columns, cuts=True) if rows < FEW_ROWS else layout
    if not cut.cut:
        return [layout]
    return [layout, cut] if any(size > 2 for size in layout.sizes[: len(layout.levels)]) else [cut]


def scales_of(layout: Layout, columns: Sequence[Cells]) -> dict[ScaleName, list[Scale]]:
    """Scales of the columns of numbers, by name."""
    quantiles = [columns[j].quantiles for j in layout.numbers]
    names = SCALES if 0 < len(layout.numbers) <= MOST_SCALED else SCALES[:1]
    return {name: [Scale(name, EVEN if part is None else part) for part in quantiles] for name in names}


def _few(rows: RankRows) -> RankRows:
    """The first training rows and the first held-out rows, if there are many."""
    n = min(len(rows), MOST_ROWS)
    if n <= MOST_NORMAL_ROWS:
        return rows.take(slice(n))
    ((_, held_out),) = folds(n)
    ((train, few_held_out),) = folds(MOST_NORMAL_ROWS)
    return rows.take(np.concatenate([train, held_out[: len(few_held_out)]]))


def _by_components(family: str, values: dict[tuple[int, float], float]) -> dict[str, float]:
    """The best value of each number of components."""
    best: dict[str, float] = {}
    for (components, _), value in values.items():
        name = f"{family} {components}"
        best[name] = max(value, best.get(name, -np.inf))
    return best


def _tried_trees(
    rows: RankRows, cells: Tensor, edges: list[np.ndarray], generator: torch.Generator, note: Callable[[], None]
) -> dict[tuple[int, float], np.ndarray]:
    """Log densities of held-out rows for each number of components and pseudo rows of pairs."""
    tried: dict[tuple[int, float], np.ndarray] = {}
    sizes, parts = [len(part) - 1 for part in edges], folds(len(rows))
    for components in COMPONENTS:
        if components * LEAST_ROWS > len(parts[0][0]) or len(rows) < ROWS_PER_COLUMN * len(edges):
            continue
        for pair_rows in PAIR_ROWS if components > 1 else PAIR_ROWS[:1]:
            values = []
            for train, held_out in parts:
                trees = fit_trees(cells[torch.from_numpy(train)], sizes, components, pair_rows, generator)
                values.append(CellTrees(trees, edges).log_density(rows.ranks[held_out]))
            found = np.concatenate(values)
            tried[components, pair_rows] = here().of_first(partial(np.array, found))  # all processes decide alike
            note()
    return tried
