"""The mixture of dependence trees as a mixture over ranks: uniform within each combination of cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from ..stored import Rule, array, listed, number, refuse, require, values, whole
from .mixture import MOST_COMPONENTS, AllowedRanks, Drawn, cells_of, within_cells
from .tree_posterior import TreePosterior
from .trees import TreeMixture, TreeSampler

LARGEST_LOG = 1e-3  # of a probability that was rounded
TOLERANCE = 1e-2  # of sums of probabilities of a file


class CellTrees:
    """trees: over cells that begin at edges; see `Mixture`."""

    family = "trees"
    rules: ClassVar[dict[str, Rule]] = {
        "sizes": listed(whole(1)),
        "parents": listed(whole(-1)),
        "components": whole(1, MOST_COMPONENTS),
        "pair_rows": number(0.0),
    }

    def __init__(self, trees: TreeMixture, edges: Sequence[np.ndarray]) -> None:
        self.trees, self.edges = trees, list(edges)

    @property
    def components(self) -> int:
        """Number of components."""
        return self.trees.components

    def describe(self) -> str:
        """See `Mixture`."""
        words = "dependence trees" if self.components > 1 else "dependence tree"
        return f"mixture of {self.components} {words} over {sum(self.trees.sizes):,} cells of the columns"

    def log_density(self, ranks: np.ndarray) -> np.ndarray:
        """See `Mixture`."""
        cells = cells_of(ranks, self.edges)
        log_prob = self.trees.log_prob(cells).double().numpy()
        for j, edges in enumerate(self.edges):
            log_prob = log_prob - np.log(np.diff(edges))[cells[:, j].numpy()]
        return np.asarray(log_prob)

    def draws(self, allowed: Sequence[AllowedRanks | None]) -> TreeDraws:
        """See `Mixture`."""
        return TreeDraws(self, allowed)

    def posterior(self, cells: Tensor, columns: Sequence[int], possible: Sequence[Tensor | None]) -> TreePosterior:
        """See `Mixture`."""
        return TreePosterior(self.trees, cells, columns, possible)

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """See `Mixture`."""
        trees = self.trees
        plain = {
            "sizes": trees.sizes,
            "parents": trees.parents,
            "components": trees.components,
            "pair_rows": trees.pair_rows,
        }
        return plain, {"log_table": trees.log_table.numpy(), "log_weight": trees.log_weight.numpy()}

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray], edges: Sequence[np.ndarray]) -> CellTrees:
        """Inverse of `to_state`."""
        plain = values("prior", plain, cls.rules)
        sizes, parents, components = plain["sizes"], plain["parents"], plain["components"]
        require([len(part) - 1 for part in edges] == sizes, "`prior.sizes` must be those of its columns")
        require(len(parents) == len(sizes) and max(parents) < len(sizes), "`prior.parents` must be its columns")
        # Before the mixture makes room for them.
        pairs = sum(size * (sizes[p] if p >= 0 else 1) for size, p in zip(sizes, parents, strict=True))
        log_table = array("prior", arrays, "log_table", "float32", (pairs, components), None, LARGEST_LOG)
        log_weight = array("prior", arrays, "log_weight", "float32", (components,), None, LARGEST_LOG)
        try:
            trees = TreeMixture(sizes, parents, components, plain["pair_rows"])
        except ValueError as problem:  # a circle
            refuse(str(problem))
        trees.log_table, trees.log_weight = torch.from_numpy(log_table), torch.from_numpy(log_weight)
        for j in range(len(sizes)):
            sums = trees.of_column(j, trees.log_table).exp().sum(1)
            require(bool(((sums - 1.0).abs() < TOLERANCE).all()), "`prior.log_table` must be of probabilities")
        require(abs(float(trees.log_weight.exp().sum()) - 1.0) < TOLERANCE, "`prior.log_weight` must be of shares")
        return cls(trees, edges)


class TreeDraws:
    """See `Draws`: exact under any condition."""

    def __init__(self, mixture: CellTrees, allowed: Sequence[AllowedRanks | None]) -> None:
        self.edges, self.allowed = mixture.edges, list(allowed)
        weights = [
            None if part is None else torch.from_numpy(part.shares(edges))
            for part, edges in zip(self.allowed, self.edges, strict=True)
        ]
        self.sampler = TreeSampler(mixture.trees, weights)
        self.log_probability = self.sampler.log_probability

    def at(self, u: Tensor) -> Drawn:
        """See `Draws`: the component, the cell of each column, the rank within each cell."""
        columns = len(self.edges)
        cells, within = self.sampler.cells(u[:, : 1 + columns]), u[:, 1 + columns :].numpy()
        ranks = np.empty((columns, len(u))).T  # column by column
        for j, (edges, allowed) in enumerate(zip(self.edges, self.allowed, strict=True)):
            ranks[:, j] = within_cells(cells[:, j].numpy(), within[:, j], edges, allowed)
        return Drawn(ranks, cells, None)
