"""The discriminator that decides which draws are kept: gradient-boosted oblivious trees on cells.

Friedman 2001 (gradient boosting by Newton steps); Prokhorenkova et al. 2018 (oblivious trees: one split for a whole
level, so that prediction is a few look-ups). A split is a mask over the cells of a column, so that numbers and
categories are alike, and the model is nothing but arrays. Azadi et al. 2019: draws are kept by capped odds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, embedding_bag, pad

from ..ranks import Ranks, here
from ..stored import array, require

DEPTH = 6
RATE = 0.15  # of each tree
L2 = 5.0
SUBSAMPLE = 0.5  # of the rows, for each tree
MOST_TREES = 400
LARGEST_LEAF = 1e3  # of a file; log odds are sums of leaves
PATIENCE = 20  # trees without a gain in held-out rows, after which boosting ends
HELD_OUT = 0.15
SMOOTHING = 10.0  # added to the curvature of a category's cells before they are put in order
MOST_COLUMNS = 40  # that a tree may split; of more, each tree sees others,
TEMPER = 0.5  # and the trees' log odds are weighed so, because they shift shares and correlations
ROWS_AT_ONCE = 2_048  # whose leaves lie in the processor's cache

Progress = Callable[[int, float], bool]  # trees so far and their held-out loss; whether to go on


class Split(NamedTuple):
    """A level of a tree: cells of a column whose mask is 1 go to the right."""

    column: int
    mask: Tensor


class ObliviousTrees:
    """Boosted trees: columns (trees, DEPTH), masks (trees, DEPTH, most cells), leaves (trees, 2 ** DEPTH)."""

    def __init__(self, columns: Tensor, masks: Tensor, leaves: Tensor) -> None:
        self.columns, self.masks, self.leaves = columns, masks, leaves

    def to_arrays(self) -> dict[str, np.ndarray]:
        """What a file holds of them."""
        return {f"tree_{name}": getattr(self, name).numpy() for name in ("columns", "masks", "leaves")}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], sizes: Sequence[int]) -> ObliviousTrees:
        """Inverse of `to_arrays`. Raises BadFileError for what are no trees over columns with so many cells."""
        leaves = array("prior", arrays, "tree_leaves", "float32", (None, 1 << DEPTH), -LARGEST_LEAF, LARGEST_LEAF)
        trees, most = len(leaves), max(2, *sizes)
        require(trees <= MOST_TREES, f"`prior.tree_leaves` must be of at most {MOST_TREES} trees")
        columns = array("prior", arrays, "tree_columns", "int64", (trees, DEPTH), 0, len(sizes) - 1)
        masks = array("prior", arrays, "tree_masks", "uint8", (trees, DEPTH, most), 0, 1)
        return cls(*(torch.from_numpy(part) for part in (columns, masks, leaves)))

    def __len__(self) -> int:
        return len(self.leaves)

    @cached_property
    def _parts_of_leaves(self) -> list[tuple[int, np.ndarray]]:
        """Columns that trees split, each with what its cells add to the leaf of each tree, uint8 (cells, trees)."""
        parts, bits = [], self.masks << torch.arange(DEPTH, dtype=torch.uint8)[:, None]
        for column in sorted(set(self.columns.flatten().tolist())):
            of_column = (bits * (self.columns == column)[:, :, None]).sum(1, dtype=torch.uint8)
            parts.append((column, of_column.t().contiguous().numpy()))
        return parts

    def logit(self, cells: Tensor) -> Tensor:
        """Log odds of being real (n,) of rows of cells (n, columns).

        Leaves of all trees at once: a row's are the sum of rows of small tables, one for each column.
        """
        total = torch.zeros(len(cells))
        if not len(self):
            return total
        first = torch.arange(len(self), dtype=torch.int32) << DEPTH
        at = {column: cells[:, column].numpy() for column, _ in self._parts_of_leaves}
        for start in range(0, len(cells), ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            leaves = np.zeros((len(total[rows]), len(self)), dtype=np.uint8)
            for column, part in self._parts_of_leaves:
                leaves += part.take(at[column][rows], axis=0)
            index = torch.from_numpy(leaves).int() + first
            total[rows] = embedding_bag(index, self.leaves.view(-1, 1), mode="sum")[:, 0]
        return total


def leaf_of(cells: Tensor, splits: Sequence[Split]) -> Tensor:
    """Leaves (n,) in which rows end; cells (columns, n)."""
    leaf = torch.zeros(cells.shape[1], dtype=torch.int64)
    for level, split in enumerate(splits):
        leaf += split.mask[cells[split.column]] << level
    return leaf


class Booster:
    """Fits `ObliviousTrees` that tell real rows from generated ones.

    sizes: cells of each column. ordered: whether a column's cells have an order, as those of numbers have; others are
    put in the order of their odds at each split (Fisher 1958).
    """

    def __init__(self, sizes: Sequence[int], ordered: Sequence[bool]) -> None:
        self.sizes, self.columns, self.most, self.total = list(sizes), len(sizes), max(2, *sizes), sum(sizes)
        self.starts = torch.tensor([0, *sizes]).cumsum(0)[:-1]
        cell = torch.arange(self.most)
        self.valid = cell[None] < torch.tensor(sizes)[:, None]  # (columns, most)
        self.padded = torch.where(self.valid, self.starts[:, None] + cell[None], 0)
        self.ordered = torch.tensor(ordered)
        self.interrupted = False  # whether Ctrl-C ended the last fit
        self.ranks = Ranks()  # processes that share the rows

    def fit(
        self,
        real: Tensor,
        generated: Tensor,
        weights: Tensor,
        offset: Tensor,
        generator: torch.Generator,
        progress: Progress | None = None,
        count: int | None = None,
    ) -> ObliviousTrees:
        """As many trees as held-out rows ask for, or `count`, from real (n, columns) and generated cells (m, columns).

        Ctrl-C ends it as the last tree does; `interrupted` says so.

        weights (m,): of generated rows, 1 on average. offset (n + m,): log odds to which those of the trees are added.
        """
        cells = torch.cat([real, generated])
        target = (torch.arange(len(cells)) < len(real)).float()
        half = 0.5 * len(cells)
        weight = torch.cat([torch.full((len(real),), half / len(real)), weights * (half / len(generated))])
        order = torch.randperm(len(cells), generator=generator)
        train, held_out = order.tensor_split([round((1.0 - HELD_OUT) * len(cells))])
        logit, trees = offset.clone(), list[tuple[list[Split], Tensor]]()
        self.ranks = here().for_rows(len(cells))
        part = self.ranks.share(len(cells)).slice  # this process's rows, whose log odds it keeps
        mine = torch.zeros(len(cells), dtype=torch.bool)
        mine[part] = True
        by_column, held_out_here = cells[part].t().contiguous(), held_out[mine[held_out]]

        def loss_of_held_out() -> float:
            (total,) = self.ranks.summed([_loss(logit, target, weight, held_out_here)])
            return (total / len(held_out)).item()

        best_loss, best = loss_of_held_out(), 0

        def add_tree() -> bool:
            """Grow one more tree; whether to go on."""
            nonlocal best_loss, best
            kept = train[torch.randperm(len(train), generator=generator)[: max(1, int(SUBSAMPLE * len(train)))]]
            kept = kept[mine[kept]]
            probability = logit[kept].sigmoid()
            gradient = weight[kept] * (target[kept] - probability)
            curvature = weight[kept] * probability * (1.0 - probability)
            splits, leaves = self._grown(cells[kept], gradient, curvature, generator)
            trees.append((splits, leaves))
            logit[part].add_(leaves[leaf_of(by_column, splits)])
            loss = loss_of_held_out()
            if loss < best_loss - 1e-5:
                best_loss, best = loss, len(trees)
            here().listen()
            here().stop_if_asked()
            go_on = here().of_first(lambda: progress is None or progress(len(trees), loss))
            return go_on and len(trees) < (count or min(MOST_TREES, best + PATIENCE))

        try:
            while add_tree():
                pass
        except KeyboardInterrupt:
            self.interrupted = True
        temper = TEMPER if self.columns > MOST_COLUMNS else 1.0
        return self._stacked([(splits, temper * leaves) for splits, leaves in trees[: count or best]])

    def none(self) -> ObliviousTrees:
        """No trees: all rows have even odds."""
        return self._stacked([])

    def _stacked(self, trees: Sequence[tuple[list[Split], Tensor]]) -> ObliviousTrees:
        columns = torch.zeros(len(trees), DEPTH, dtype=torch.int64)
        masks = torch.zeros(len(trees), DEPTH, self.most, dtype=torch.uint8)
        leaves = torch.zeros(len(trees), 2**DEPTH)
        for i, (splits, values) in enumerate(trees):
            columns[i] = torch.tensor([split.column for split in splits])
            masks[i] = torch.stack([split.mask for split in splits])
            leaves[i] = values
        return ObliviousTrees(columns, masks, leaves)

    def _grown(
        self, cells: Tensor, gradient: Tensor, curvature: Tensor, generator: torch.Generator
    ) -> tuple[list[Split], Tensor]:
        """A tree of all columns, or of some of many (random subspaces, Ho 1998)."""
        if self.columns <= MOST_COLUMNS:
            return self._tree(cells, gradient, curvature)
        chosen = torch.randperm(self.columns, generator=generator)[:MOST_COLUMNS].sort().values
        at = chosen.tolist()
        part = Booster([self.sizes[j] for j in at], self.ordered[chosen].tolist())
        part.ranks = self.ranks
        splits, leaves = part._tree(cells[:, chosen], gradient, curvature)
        return [Split(at[column], pad(mask, (0, self.most - len(mask)))) for column, mask in splits], leaves

    def _tree(self, cells: Tensor, gradient: Tensor, curvature: Tensor) -> tuple[list[Split], Tensor]:
        """Splits and leaf values of one tree, by Newton steps; cells (rows, columns)."""
        leaf = torch.zeros(len(cells), dtype=torch.int64)
        places = cells + self.starts
        wide = [part[:, None].expand(-1, self.columns).reshape(-1) for part in (gradient, curvature)]
        splits: list[Split] = []
        for level in range(DEPTH):
            index = (places + leaf[:, None] * self.total).reshape(-1)
            sums = [
                torch.bincount(index, part, (1 << level) * self.total).view(1 << level, -1)[:, self.padded] * self.valid
                for part in wide
            ]
            splits.append(self._best_split(*self.ranks.summed(sums)))
            leaf += splits[-1].mask[cells[:, splits[-1].column]] << level
        g, h = self.ranks.summed([torch.bincount(leaf, part, 1 << DEPTH) for part in (gradient, curvature)])
        return splits, (RATE * g / (h + L2)).float()

    def _best_split(self, g: Tensor, h: Tensor) -> Split:
        """The split with the largest gain over all leaves; g, h (leaves, columns, most): gradients and curvatures."""
        odds = (g.sum(0) / (h.sum(0) + SMOOTHING)).masked_fill(~self.valid, torch.inf)
        cell = torch.arange(self.most)
        order = torch.where(self.ordered[:, None], cell[None], odds.argsort(dim=1, stable=True))
        left_g, left_h = (part.gather(2, order[None].expand(len(g), -1, -1)).cumsum(2)[:, :, :-1] for part in (g, h))
        all_g, all_h = g.sum(2, keepdim=True), h.sum(2, keepdim=True)
        gain = left_g**2 / (left_h + L2) + (all_g - left_g) ** 2 / (all_h - left_h + L2)
        best = int((gain.sum(0) - (all_g**2 / (all_h + L2)).sum(0)).argmax())
        column, cut = best // (self.most - 1), best % (self.most - 1)
        mask = torch.zeros(self.most, dtype=torch.int64)
        mask[order[column, cut + 1 :]] = 1
        return Split(column, mask)


def _loss(logit: Tensor, target: Tensor, weight: Tensor, rows: Tensor) -> Tensor:
    """Weighted cross-entropy of some rows, their sum."""
    return binary_cross_entropy_with_logits(logit[rows], target[rows], weight[rows], reduction="sum")
