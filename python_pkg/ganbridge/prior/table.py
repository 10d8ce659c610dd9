"""The prior of a table: a mixture of trees over the cells of its columns, and the odds of its discriminator.

Rows are ranks (n, columns): each value as its place in [0, 1) within its column's marginal distribution. A draw is a
function of uniform numbers (n, 1 + 2 columns): one for the component, one for the cell of each column, one for the rank
within each cell; it is kept with probability min(1, odds / capped odds) (Azadi et al. 2019). Draws come in blocks of
fixed sizes with a stream of random numbers each, so that a shorter sample is the beginning of a longer one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from .odds import Booster, ObliviousTrees
from .trees import TreeMixture, TreeSampler, fit_trees

COMPONENTS = (1, 3, 10, 30)  # numbers of components that are tried,
PAIR_ROWS = (8.0, 30.0)  # and pseudo rows of pairs, if there is more than one component
LEAST_ROWS = 50  # training rows for each component
HELD_OUT = 0.2  # of the rows, by whose likelihood these are chosen
MOST_ROWS = 50_000  # for structure, EM and the discriminator; the last M step takes all
GENERATED = 3  # generated rows for each real one that the discriminator is fitted to
CAP = 0.995  # quantile of the log odds at which they are capped
CAP_ROWS = 20_000  # generated rows that show it,
CONDITIONED_CAP_ROWS = 5_000  # and under a condition
FIRST_BLOCK, LARGEST_BLOCK = 1024, 65_536  # draws at once; blocks double in between
MOST_EMPTY = 64  # blocks in a row of which no draw is kept

Progress = Callable[["TablePrior", float], bool]  # after each tree, with its held-out loss; whether to go on


class AllowedRanks(Protocol):
    """Ranks of a column that may come; encode/allowed.py has them."""

    def shares(self, edges: np.ndarray) -> np.ndarray: ...
    def measure(self, ranks: np.ndarray) -> np.ndarray: ...
    def at(self, measure: np.ndarray) -> np.ndarray: ...


class TablePrior:
    """A fitted prior.

    edges: for each column the ranks at which its cells begin, and 1 (cells + 1,). log_cap: the log odds at which odds
    are capped. held_out: for each number of components that was tried, the mean log-likelihood of held-out rows.
    """

    def __init__(
        self, mixture: TreeMixture, edges: Sequence[np.ndarray], trees: ObliviousTrees, log_cap: float = 0.0
    ) -> None:
        self.mixture, self.edges, self.trees, self.log_cap = mixture, list(edges), trees, log_cap
        self.held_out: dict[int, float] = {}

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """What a file holds of it: plain values for JSON, and arrays by name."""
        mixture = self.mixture
        plain = {
            "sizes": mixture.sizes,
            "parents": mixture.parents,
            "components": mixture.components,
            "pair_rows": mixture.pair_rows,
            "log_cap": self.log_cap,
            "held_out": [[components, value] for components, value in self.held_out.items()],
        }
        arrays = {
            "log_table": mixture.log_table.numpy(),
            "log_weight": mixture.log_weight.numpy(),
            "tree_columns": self.trees.columns.numpy(),
            "tree_masks": self.trees.masks.numpy(),
            "tree_leaves": self.trees.leaves.numpy(),
        }
        return plain, arrays | {f"edges.{j}": edges for j, edges in enumerate(self.edges)}

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> TablePrior:
        """Inverse of `to_state`. Raises ValueError if its parts do not go together."""
        components = int(plain["components"])
        mixture = TreeMixture(plain["sizes"], plain["parents"], components, float(plain["pair_rows"]))
        for name, like in (("log_table", mixture.log_table), ("log_weight", mixture.log_weight)):
            part = torch.from_numpy(arrays[name])
            if part.shape != like.shape or part.dtype != torch.float32 or part.isnan().any():
                raise ValueError(f"its {name} has another shape than its columns and components")
            setattr(mixture, name, part)
        trees = ObliviousTrees(*(torch.from_numpy(arrays[f"tree_{name}"]) for name in ("columns", "masks", "leaves")))
        trees.check(mixture.sizes)
        edges = [arrays[f"edges.{j}"] for j in range(len(mixture.sizes))]
        if [len(part) - 1 for part in edges] != mixture.sizes or any((np.diff(part) <= 0).any() for part in edges):
            raise ValueError("its cells have no rising edges")
        prior = cls(mixture, edges, trees, float(plain["log_cap"]))
        prior.held_out = {int(components): float(value) for components, value in plain["held_out"]}
        return prior

    @property
    def latent_dim(self) -> int:
        """Uniform numbers behind one draw."""
        return 1 + 2 * len(self.edges)

    def cells(self, ranks: np.ndarray) -> Tensor:
        """Cells (n, columns) of ranks (n, columns)."""
        return cells_of(ranks, self.edges)

    def log_prob(self, cells: Tensor) -> np.ndarray:
        """Log probability (n,) of rows of cells (n, columns) by the mixture alone."""
        parts = [self.mixture.log_prob(part).double() for part in torch.split(cells, MOST_ROWS)]
        return torch.cat(parts).numpy()

    def sampler(self, allowed: Sequence[AllowedRanks | None] | None = None) -> PriorSampler:
        """Draws, or draws under a condition on any columns."""
        return PriorSampler(self, allowed)


class PriorSampler:
    """Draws from a prior under a condition.

    probability: of the condition. log_cap: the log odds at which odds are capped.
    """

    def __init__(self, prior: TablePrior, allowed: Sequence[AllowedRanks | None] | None) -> None:
        self.prior = prior
        self.allowed: list[AllowedRanks | None] = [None] * len(prior.edges) if allowed is None else list(allowed)
        self.conditioned = any(part is not None for part in self.allowed)
        weights = [
            None if part is None else torch.from_numpy(part.shares(edges))
            for part, edges in zip(self.allowed, prior.edges, strict=True)
        ]
        self.trees = TreeSampler(prior.mixture, weights)
        self.probability = float(np.exp(self.trees.log_probability))
        self.log_cap = prior.log_cap

    def cells(self, u: Tensor) -> Tensor:
        """Cells (n, columns) of uniform numbers (n, latent)."""
        return self.trees.cells(u[:, : 1 + len(self.prior.edges)])

    def ranks(self, u: Tensor, cells: Tensor) -> np.ndarray:
        """Ranks (n, columns) within cells (n, columns), by the same uniform numbers (n, latent)."""
        within = u[:, 1 + len(self.prior.edges) :].numpy()
        ranks = np.empty(cells.shape)
        for j, (edges, allowed) in enumerate(zip(self.prior.edges, self.allowed, strict=True)):
            cell = cells[:, j].numpy()
            reach = edges if allowed is None else allowed.measure(edges)
            ranks[:, j] = reach[cell] + within[:, j] * (reach[cell + 1] - reach[cell])
            if allowed is not None:
                ranks[:, j] = allowed.at(ranks[:, j])
        return ranks

    def blocks(self, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Ranks (kept, columns) of the draws that are kept, block after block, and their uniform numbers."""
        log_cap = self.log_cap
        if self.conditioned and len(self.prior.trees):
            draws = self.cells(self._uniform(_block_generator(seed, 2**31), CONDITIONED_CAP_ROWS))
            log_cap = capped(self.prior.trees.logit(draws))
        block = empty = 0
        while True:
            generator = _block_generator(seed, block)
            u = self._uniform(generator, min(FIRST_BLOCK << min(block, 16), LARGEST_BLOCK))
            cells = self.cells(u)
            if len(self.prior.trees):
                kept = torch.rand(len(u), generator=generator, dtype=torch.float64)
                kept = kept < (self.prior.trees.logit(cells).double() - log_cap).exp()
                u, cells = u[kept], cells[kept]
            empty = 0 if len(u) else empty + 1
            if empty == MOST_EMPTY:
                raise ValueError("`given` asks for rows that the fit can hardly generate. Ask for less at once.")
            yield self.ranks(u, cells), u.numpy()
            block += 1

    def _uniform(self, generator: torch.Generator, n: int) -> Tensor:
        return torch.rand(n, self.prior.latent_dim, generator=generator, dtype=torch.float64)


def fit_prior(
    ranks: np.ndarray,
    edges: Sequence[np.ndarray],
    ordered: Sequence[bool],
    generator: torch.Generator,
    progress: Progress | None = None,
) -> TablePrior:
    """The prior of rows of ranks (n, columns), and its discriminator.

    The number of components and the weight of pseudo rows are those with the largest held-out likelihood.
    """
    sizes = [len(part) - 1 for part in edges]
    cells = cells_of(ranks, edges)
    cells = cells[torch.randperm(len(cells), generator=generator)]
    some = cells[:MOST_ROWS]
    cut = max(1, round((1.0 - HELD_OUT) * len(some)))
    tried: dict[tuple[int, float], float] = {}
    for components in COMPONENTS:
        if components > 1 and components * LEAST_ROWS > cut:
            continue
        for pair_rows in PAIR_ROWS if components > 1 else PAIR_ROWS[:1]:
            candidate = fit_trees(some[:cut], sizes, components, pair_rows, generator)
            tried[components, pair_rows] = candidate.log_prob(some[cut:]).mean().item()
    best = max(tried, key=tried.__getitem__)
    mixture = fit_trees(some, sizes, *best, generator)
    if len(cells) > len(some):
        mixture.refit(cells, MOST_ROWS)
    prior = TablePrior(mixture, edges, Booster(sizes, ordered).none())
    prior.held_out = {components: max(v for (k, _), v in tried.items() if k == components) for components, _ in tried}
    _fit_odds(prior, some, ordered, generator, progress)
    return prior


def _fit_odds(
    prior: TablePrior,
    real: Tensor,
    ordered: Sequence[bool],
    generator: torch.Generator,
    progress: Progress | None,
) -> None:
    """Fit the discriminator against draws of the prior."""
    sampler = prior.sampler()
    u = sampler._uniform(generator, GENERATED * len(real))
    generated = sampler.cells(u)
    booster = Booster(prior.mixture.sizes, ordered)
    weights, offset = torch.ones(len(generated)), torch.zeros(len(real) + len(generated))

    def after_tree(_: int, loss: float) -> bool:
        return progress is None or progress(prior, loss)

    prior.trees = booster.fit(real, generated, weights, offset, generator, after_tree)
    if len(prior.trees):
        prior.log_cap = capped(prior.trees.logit(sampler.cells(sampler._uniform(generator, CAP_ROWS))))


def cells_of(ranks: np.ndarray, edges: Sequence[np.ndarray]) -> Tensor:
    """Cells (n, columns) of ranks (n, columns)."""
    columns = [(np.searchsorted(part, ranks[:, j], "right") - 1).clip(0, len(part) - 2) for j, part in enumerate(edges)]
    return torch.from_numpy(np.stack(columns, 1).astype(np.int64))


def capped(logit: Tensor) -> float:
    """The log odds at which odds are capped."""
    return float(logit.sort().values[min(len(logit) - 1, int(CAP * len(logit)))])


def _block_generator(seed: int, block: int) -> torch.Generator:
    """A stream of its own for each block of draws."""
    state = np.random.SeedSequence([seed, block]).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state) >> 1)
