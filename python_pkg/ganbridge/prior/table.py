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

from ..encode.marginal import Cells
from .moments import LevelMoments
from .odds import Booster, ObliviousTrees
from .trees import TreeMixture, TreeSampler, fit_trees

COMPONENTS = (1, 3, 10, 30)  # numbers of components that are tried,
PAIR_ROWS = (8.0, 30.0)  # and pseudo rows of pairs, if there is more than one component
LEAST_ROWS = 50  # training rows for each component
HELD_OUT = 0.2  # of the rows, by whose likelihood these are chosen
MOST_ROWS = 50_000  # for structure, EM and the discriminator; the last M step takes all
GENERATED = 3  # generated rows for each real one that the discriminator is fitted to
ENRICHED = 500  # generated rows for each rare level,
MOST_STRATA = 50  # of so many levels at most
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
        self.moments: LevelMoments | None = None
        self.interrupted = False  # whether Ctrl-C ended the fit of the trees

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
        if self.moments is not None:
            arrays |= {f"moments.{name}": part.numpy() for name, part in self.moments.to_arrays().items()}
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
        parts = {
            name.removeprefix("moments."): torch.from_numpy(part) for name, part in arrays.items() if "moments." in name
        }
        prior.moments = LevelMoments.from_arrays(parts, mixture.sizes)
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

    @property
    def weighs(self) -> bool:
        """Whether the discriminator tells draws apart."""
        return self.moments is not None or len(self.trees) > 0

    def log_odds(self, cells: Tensor) -> Tensor:
        """The discriminator's log odds of being real (n,)."""
        trees = self.trees.logit(cells)
        return trees if self.moments is None else trees + self.moments.logit(cells)

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
        log_cap, weighs = self.log_cap, self.prior.weighs
        if self.conditioned and weighs:
            draws = self.cells(self.uniform(_block_generator(seed, 2**31), CONDITIONED_CAP_ROWS))
            log_cap = capped(self.prior.log_odds(draws))
            weighs = log_cap > -np.inf  # if what is asked for never occurs together, no draw is better than the others
        block = empty = 0
        while True:
            generator = _block_generator(seed, block)
            u = self.uniform(generator, min(FIRST_BLOCK << min(block, 16), LARGEST_BLOCK))
            cells = self.cells(u)
            if weighs:
                kept = torch.rand(len(u), generator=generator, dtype=torch.float64)
                kept = kept < (self.prior.log_odds(cells).double() - log_cap).exp()
                u, cells = u[kept], cells[kept]
            empty = 0 if len(u) else empty + 1
            if empty == MOST_EMPTY:
                raise ValueError("`given` asks for rows that the fit can hardly generate. Ask for less at once.")
            yield self.ranks(u, cells), u.numpy()
            block += 1

    def uniform(self, generator: torch.Generator, n: int) -> Tensor:
        """Uniform numbers (n, latent)."""
        return torch.rand(n, self.prior.latent_dim, generator=generator, dtype=torch.float64)


def fit_prior(
    ranks: np.ndarray, columns: Sequence[Cells], generator: torch.Generator, progress: Progress | None = None
) -> TablePrior:
    """The prior of rows of ranks (n, columns), and its discriminator."""
    edges, sizes = [column.edges for column in columns], [column.count for column in columns]
    cells = cells_of(ranks, edges)
    cells = cells[torch.randperm(len(cells), generator=generator)]
    some = cells[:MOST_ROWS]
    mixture, held_out = _fit_mixture(some, sizes, generator)
    if len(cells) > len(some):
        mixture.refit(cells, MOST_ROWS)
    prior = TablePrior(mixture, edges, Booster(sizes, [column.ordered for column in columns]).none())
    prior.held_out = held_out
    _fit_odds(prior, cells, columns, generator, progress)
    return prior


def _fit_mixture(
    cells: Tensor, sizes: Sequence[int], generator: torch.Generator
) -> tuple[TreeMixture, dict[int, float]]:
    """The mixture with the largest held-out likelihood, fitted to all rows; and the likelihoods by components."""
    cut = max(1, round((1.0 - HELD_OUT) * len(cells)))
    tried: dict[tuple[int, float], float] = {}
    for components in COMPONENTS:
        if components > 1 and components * LEAST_ROWS > cut:
            continue
        for pair_rows in PAIR_ROWS if components > 1 else PAIR_ROWS[:1]:
            candidate = fit_trees(cells[:cut], sizes, components, pair_rows, generator)
            tried[components, pair_rows] = candidate.log_prob(cells[cut:]).mean().item()
    best = max(tried, key=tried.__getitem__)
    held_out = {components: max(v for (k, _), v in tried.items() if k == components) for components, _ in tried}
    return fit_trees(cells, sizes, *best, generator), held_out


def _fit_odds(
    prior: TablePrior, cells: Tensor, columns: Sequence[Cells], generator: torch.Generator, progress: Progress | None
) -> None:
    """Fit the discriminator against draws of the prior: moments within levels first, then trees."""
    real = cells[:MOST_ROWS]
    generated, weights = _draws(prior, real, columns, generator)
    prior.moments = LevelMoments.of_columns(real, columns)
    if prior.moments is not None:
        values = {
            j: torch.from_numpy(column.values)
            for j, column in enumerate(columns)
            if column.values is not None and not np.isnan(column.values).any()
        }
        prior.moments.fit_ranges(cells, values)
        prior.moments.fit(real, generated, weights)
        inside = ~prior.moments.outside(generated)
        generated, weights = generated[inside], weights[inside] / weights[inside].mean()

    def after_tree(_: int, loss: float) -> bool:
        return progress is None or progress(prior, loss)

    booster = Booster(prior.mixture.sizes, [column.ordered for column in columns])
    offset = prior.log_odds(torch.cat([real, generated])).nan_to_num(neginf=-50.0)
    prior.trees = booster.fit(real, generated, weights, offset, generator, after_tree)
    prior.interrupted = booster.interrupted
    if prior.weighs:
        sampler = prior.sampler()
        prior.log_cap = capped(prior.log_odds(sampler.cells(sampler.uniform(generator, CAP_ROWS))))


def _draws(
    prior: TablePrior, real: Tensor, columns: Sequence[Cells], generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Draws of the prior, those of rare levels more often, and weights (m,) that undo it (Owen and Zhou 2000)."""
    sampler = prior.sampler()
    count = GENERATED * len(real)
    parts = [sampler.cells(sampler.uniform(generator, count))]
    strata: list[tuple[int, int, float]] = []
    for j, column in enumerate(columns):
        if column.values is not None or column.count < 2:
            continue
        share = torch.bincount(real[:, j], minlength=column.count) / len(real)
        for level in torch.nonzero((share > 0) & (share * count < ENRICHED)).flatten().tolist():
            if len(strata) < MOST_STRATA:
                weights: list[Tensor | None] = [None] * len(columns)
                weights[j] = torch.nn.functional.one_hot(torch.tensor(level), column.count)
                trees = TreeSampler(prior.mixture, weights)
                strata.append((j, level, float(np.exp(trees.log_probability))))
                parts.append(trees.cells(sampler.uniform(generator, ENRICHED)[:, : 1 + len(columns)]))
    cells = torch.cat(parts)
    density = torch.full((len(cells),), float(count))
    for j, level, probability in strata:
        density += (cells[:, j] == level) * (ENRICHED / probability)
    return cells, (1.0 / density) / (1.0 / density).mean()


def cells_of(ranks: np.ndarray, edges: Sequence[np.ndarray]) -> Tensor:
    """Cells (n, columns) of ranks (n, columns)."""
    columns = [(np.searchsorted(part, ranks[:, j], "right") - 1).clip(0, len(part) - 2) for j, part in enumerate(edges)]
    return torch.from_numpy(np.stack(columns, 1).astype(np.int64))


def capped(logit: Tensor) -> float:
    """The log odds at which odds are capped; of draws with odds of 0 none counts."""
    logit = logit[logit > -torch.inf] if bool((logit > -torch.inf).any()) else logit
    return float(logit.sort().values[min(len(logit) - 1, int(CAP * len(logit)))])


def _block_generator(seed: int, block: int) -> torch.Generator:
    """A stream of its own for each block of draws."""
    state = np.random.SeedSequence([seed, block]).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state) >> 1)
