"""What both families of mixtures offer: densities of ranks, and draws under a condition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor

from ..stored import anything, listed, number, text

MOST_COMPONENTS = 100  # of a file's mixture; fits try fewer


class AllowedRanks(Protocol):
    """Ranks of a column that may come; encode/allowed.py has them."""

    @property
    def intervals(self) -> np.ndarray: ...
    def shares(self, edges: np.ndarray) -> np.ndarray: ...
    def measure(self, ranks: np.ndarray) -> np.ndarray: ...
    def at(self, measure: np.ndarray) -> np.ndarray: ...


class Drawn(NamedTuple):
    """Ranks and their cells (n, columns), and log importance weights (n,); None if all draws weigh the same."""

    ranks: np.ndarray
    cells: Tensor
    log_weight: Tensor | None


class Draws(Protocol):
    """Draws under a condition, and the condition's log probability."""

    log_probability: float

    def at(self, u: Tensor) -> Drawn:
        """Draws from uniform numbers u (n, 1 + 2 columns)."""


class Posterior(Protocol):
    """A mixture given what is known of rows."""

    def draw(self, draws: int, generator: torch.Generator) -> Tensor:
        """So many completed rows of cells for each row, (n, draws, columns)."""


class Mixture(Protocol):
    """A fitted mixture over columns of ranks.

    family: its name in files. edges: for each column the ranks at which its cells begin, and 1 (cells + 1,).
    """

    family: str
    edges: list[np.ndarray]

    @property
    def components(self) -> int: ...

    def describe(self) -> str:
        """What it is, in words."""

    def log_density(self, ranks: np.ndarray) -> np.ndarray:
        """Log density of rows (n,) with respect to independent columns with the same marginals."""

    def draws(self, allowed: Sequence[AllowedRanks | None]) -> Draws:
        """Draws of what is allowed."""

    def posterior(self, cells: Tensor, columns: Sequence[int], possible: Sequence[Tensor | None]) -> Posterior:
        """Given the cells of rows (n, columns) in which these columns are missing.

        possible: for each column None or weights in [0, 1] of the cells that may come; never those of missing values.
        """

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Plain values for JSON, and arrays by name."""


def cells_of(ranks: np.ndarray, edges: Sequence[np.ndarray]) -> Tensor:
    """Cells (n, columns) of ranks (n, columns)."""
    columns = [(np.searchsorted(part, ranks[:, j], "right") - 1).clip(0, len(part) - 2) for j, part in enumerate(edges)]
    return torch.from_numpy(np.stack(columns, 1).astype(np.int64))


def middles_of(cells: Tensor, edges: Sequence[np.ndarray]) -> np.ndarray:
    """Ranks (n, columns) in the middle of cells (n, columns)."""
    columns = zip(cells.numpy().T, edges, strict=True)
    return np.stack([(part[column] + part[column + 1]) / 2.0 for column, part in columns], 1)


def within_cells(cells: np.ndarray, u: np.ndarray, edges: np.ndarray, allowed: AllowedRanks | None) -> np.ndarray:
    """Ranks (n,) within cells (n,), by uniform numbers u (n,)."""
    reach = edges if allowed is None else allowed.measure(edges)
    ranks = reach[cells] + u * (reach[cells + 1] - reach[cells])
    ranks = ranks if allowed is None else allowed.at(ranks)
    return np.asarray(np.minimum(ranks, np.nextafter(edges[cells + 1], 0.0)))


def held_out_entry(name: str, value: Any) -> Any:
    """The rule of a pair in a file: what was tried, and its held-out likelihood."""
    listed(anything, 2)(name, value)
    text(100)(name, value[0])
    return number()(name, value[1])
