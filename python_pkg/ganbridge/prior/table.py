"""The prior of a table: a mixture over the ranks of its columns, and the odds of its discriminator.

Rows are ranks (n, columns): each value as its place in [0, 1) within its column's marginal distribution. A draw is a
function of uniform numbers (n, 1 + 2 columns): one for the component, and two for each column; it is kept with
probability min(1, odds / capped odds) (Azadi et al. 2019). Draws come in blocks of fixed sizes with a stream of random
numbers each, so that a shorter sample is the beginning of a longer one. If the prior has a network, it moves all draws
before they are weighed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..stored import anything, array, choice, listed, number, require, rising, values, whole
from .cell_trees import CellTrees
from .mixture import AllowedRanks, Drawn, Mixture, cells_of, held_out_entry, middles_of
from .moments import LevelMoments
from .normals import NormalMixture
from .odds import ObliviousTrees
from .refinement import Refinement
from .trial import Trial

CAP = 0.995  # quantile of the log odds at which they are capped
CONDITIONED_CAP_ROWS = 5_000  # generated rows that show it under a condition
FIRST_BLOCK, LARGEST_BLOCK = 1024, 65_536  # draws at once; blocks double in between,
BLOCK_NUMBERS = 2**21  # and have at most so many numbers
LEAST_KEPT = 1e-4  # share of the draws; a fit keeps one in two hundred at least
MOST_EMPTY = 64  # blocks in a row of which no draw is kept
FAMILIES: dict[str, type[CellTrees] | type[NormalMixture]] = {
    family.family: family for family in (CellTrees, NormalMixture)
}

RULES = {
    "family": choice(FAMILIES),
    "columns": whole(1),
    "log_cap": number(),
    "held_out": listed(held_out_entry),
    "trial": anything,
    "refinement": anything,
}


class TablePrior:
    """A fitted prior.

    log_cap: the log odds at which odds are capped. held_out: for each family and number of components that was tried,
    the mean log density of held-out rows.
    """

    def __init__(self, mixture: Mixture, trees: ObliviousTrees, log_cap: float = 0.0) -> None:
        self.mixture, self.trees, self.log_cap = mixture, trees, log_cap
        self.held_out: dict[str, float] = {}
        self.moments: LevelMoments | None = None
        self.trial: Trial | None = None  # of a network on the draws,
        self.refinement: Refinement | None = None  # and the network, if it stays
        self.interrupted = False  # whether Ctrl-C ended the fit of the trees

    @property
    def edges(self) -> list[np.ndarray]:
        """For each column the ranks at which its cells begin, and 1 (cells + 1,)."""
        return self.mixture.edges

    @property
    def sizes(self) -> list[int]:
        """Cells of each column."""
        return [len(part) - 1 for part in self.edges]

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """What a file holds of it: plain values for JSON, and arrays by name."""
        mixture, arrays = self.mixture.to_state()
        plain = {
            **mixture,
            "family": self.mixture.family,
            "columns": len(self.edges),
            "log_cap": self.log_cap,
            "held_out": [[name, value] for name, value in self.held_out.items()],
            "trial": None if self.trial is None else self.trial.to_dict(),
            "refinement": None,
        }
        arrays |= self.trees.to_arrays()
        if self.moments is not None:
            arrays |= {f"moments.{name}": part.numpy() for name, part in self.moments.to_arrays().items()}
        if self.refinement is not None:
            plain["refinement"], of_network = self.refinement.to_state()
            arrays |= {f"refinement.{name}": part for name, part in of_network.items()}
        return plain, arrays | {f"edges.{j}": edges for j, edges in enumerate(self.edges)}

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> TablePrior:
        """Inverse of `to_state`. Raises BadFileError for what it never returns."""
        own = {name: value for name, value in plain.items() if name in RULES} if isinstance(plain, dict) else plain
        own = values("prior", own, RULES, {"trial": None, "refinement": None})
        edges = [array("prior", arrays, f"edges.{j}", "float64", (None,), 0.0, 1.0) for j in range(own["columns"])]
        for part in edges:
            whole_range = len(part) > 1 and part[0] == 0.0 and part[-1] == 1.0 and rising(part, strictly=True)
            require(whole_range, "`prior.edges` must rise from 0 to 1")
        of_family = {name: value for name, value in plain.items() if name not in RULES}
        mixture = FAMILIES[own["family"]].from_state(of_family, arrays, edges)
        prior = cls(mixture, ObliviousTrees.from_arrays(arrays, [len(part) - 1 for part in edges]), own["log_cap"])
        prior.moments = LevelMoments.from_arrays(_group(arrays, "moments."), prior.sizes)
        prior.held_out = dict(own["held_out"])
        prior.trial = None if own["trial"] is None else Trial.from_dict(own["trial"])
        network = _group(arrays, "refinement.")
        if own["refinement"] is not None:
            prior.refinement = Refinement.from_state(own["refinement"], network, prior.edges)
        require((prior.refinement is None) == (not network), "`prior.refinement` and its arrays differ")
        return prior

    def check_draws(self) -> None:
        """Raise BadFileError if hardly any draw is kept, so that a sample would take without end."""
        sampler = self.sampler()
        weights = sampler.log_weight_of(sampler.uniform(_block_generator(0, 0), FIRST_BLOCK))
        if weights is not None:
            kept = float((weights - self.log_cap).exp().clamp(max=1.0).mean())
            require(kept > LEAST_KEPT, "`prior.log_cap` must be one at which draws are kept")

    @property
    def latent_dim(self) -> int:
        """Uniform numbers behind one draw."""
        return 1 + 2 * len(self.edges)

    def log_density(self, ranks: np.ndarray) -> np.ndarray:
        """Log density of rows with respect to independent columns with the same marginals, (n,)."""
        return self.mixture.log_density(ranks)

    def log_prob(self, cells: Tensor) -> np.ndarray:
        """Log probability (n,) of rows of cells (n, columns) by the mixture alone."""
        middle = middles_of(cells, self.edges)
        widths = sum(np.log(np.diff(edges))[cells[:, j].numpy()] for j, edges in enumerate(self.edges))
        parts = [self.log_density(part) for part in np.split(middle, range(LARGEST_BLOCK, len(middle), LARGEST_BLOCK))]
        return np.asarray(np.concatenate(parts) + widths)

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

    log_probability: of the condition. log_cap: the log odds at which odds are capped.
    """

    def __init__(self, prior: TablePrior, allowed: Sequence[AllowedRanks | None] | None) -> None:
        self.prior = prior
        allowed = [None] * len(prior.edges) if allowed is None else allowed
        self.asked = [j for j, part in enumerate(allowed) if part is not None]
        self.draws = prior.mixture.draws(allowed)
        self.log_probability = self.draws.log_probability
        self.log_cap = prior.log_cap

    def _at(self, u: Tensor) -> Drawn:
        """Draws of uniform numbers (n, latent), moved by the network; columns that were asked for stay as drawn."""
        drawn = self.draws.at(u)
        if self.prior.refinement is None:
            return drawn
        ranks = self.prior.refinement.moved(drawn.ranks, self.asked)
        return drawn._replace(ranks=ranks, cells=cells_of(ranks, self.prior.edges))

    def ranks(self, u: Tensor) -> np.ndarray:
        """Ranks (n, columns) of uniform numbers (n, latent)."""
        return np.concatenate([self._at(part).ranks for part in torch.split(u, self.largest_block)])

    def cells(self, u: Tensor) -> Tensor:
        """Cells (n, columns) of uniform numbers (n, latent)."""
        return torch.cat([self._at(part).cells for part in torch.split(u, self.largest_block)])

    @property
    def largest_block(self) -> int:
        """Draws at once, by the columns."""
        return int(min(LARGEST_BLOCK, max(FIRST_BLOCK, BLOCK_NUMBERS // len(self.prior.edges))))

    def log_weight_of(self, u: Tensor) -> Tensor | None:
        """With what log odds the draws of uniform numbers (n, latent) are kept (n,); None if all are."""
        return self._log_weight(self._at(u))

    def _log_weight(self, drawn: Drawn) -> Tensor | None:
        """With what log odds and importance draws are kept (n,); None if all are."""
        total = self.prior.log_odds(drawn.cells).double() if self.prior.weighs else None
        if drawn.log_weight is None:
            return total
        return drawn.log_weight if total is None else total + drawn.log_weight

    def blocks(self, seed: int, first: int = 0) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Ranks (kept, columns) of the draws that are kept, block after block, and their uniform numbers.

        first: the block to begin with; each has a stream of its own.
        """
        log_cap = self.log_cap
        if self.asked:
            weights = self.log_weight_of(self.uniform(_block_generator(seed, 2**31), CONDITIONED_CAP_ROWS))
            log_cap = log_cap if weights is None else capped(weights)
        weighs = log_cap > -np.inf  # if what is asked for never occurs together, no draw is better than the others
        block, empty = first, 0
        while True:
            generator = _block_generator(seed, block)
            u = self.uniform(generator, min(FIRST_BLOCK << min(block, 16), self.largest_block))
            drawn = self._at(u)
            ranks, weights = drawn.ranks, self._log_weight(drawn)
            if weights is not None and weighs:
                kept = torch.rand(len(u), generator=generator, dtype=torch.float64) < (weights - log_cap).exp()
                u, ranks = u[kept], ranks[kept.numpy()]
            empty = 0 if len(u) else empty + 1
            if empty == MOST_EMPTY:
                raise ValueError("`given` asks for rows that the fit can hardly generate. Ask for less at once.")
            yield ranks, u.numpy()
            block += 1

    def rows(self, n: int, seed: int) -> Iterator[np.ndarray]:
        """Ranks (rows, columns) of the first n draws that are kept, block after block."""
        left = n
        for ranks, _ in self.blocks(seed):
            if len(ranks):
                yield ranks[:left]
            left -= len(ranks)
            if left <= 0:
                return

    def uniform(self, generator: torch.Generator, n: int) -> Tensor:
        """Uniform numbers (n, latent)."""
        return torch.rand(n, self.prior.latent_dim, generator=generator, dtype=torch.float64)


def _group(arrays: dict[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    """Arrays whose names begin so, by the rest of these."""
    return {name.removeprefix(prefix): part for name, part in arrays.items() if name.startswith(prefix)}


def capped(logit: Tensor) -> float:
    """The log odds at which odds are capped; of draws with odds of 0 none counts."""
    logit = logit[logit > -torch.inf] if bool((logit > -torch.inf).any()) else logit
    return float(logit.sort().values[min(len(logit) - 1, int(CAP * len(logit)))])


def _block_generator(seed: int, block: int) -> torch.Generator:
    """A stream of its own for each block of draws."""
    state = np.random.SeedSequence([seed, block]).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state) >> 1)
