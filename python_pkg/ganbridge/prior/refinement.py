"""A network on the draws of a mixture: it moves their numbers, x = z + net(z), and leaves their levels as they are.

z are the normal scores of a draw's numbers, next to its levels and what is missing, which the network sees, too. Its
last layer starts at zero, so that it starts as the identity; training/refinement.py trains it and decides whether it
stays. Each moved number goes back to its rank by its own distribution, so that marginals stay those of the training
data. DeLiGAN (Gurumurthy et al. 2017) trains networks on mixtures; residual generators of this kind are from boosted
and flow-based ones (Cranko and Nock 2019).

Shapes: ranks (n, columns); encoded rows (n, numbers + cells), float32.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..encode.marginal import Cells
from ..networks import DenseSpec, build, check_state
from ..stored import anything, array, listed, number, require, rising, values, whole
from .mixture import cells_of

LEAST_CELLS = 3  # of a column of numbers that is moved
LEVELS = 400  # quantiles of each number
SMALLEST = 1e-5  # share that a normal score is taken of
LARGEST = 1e6  # of a file's quantiles

RULES = {"spec": anything, "numbers": listed(whole(0)), "present": listed(number(0.0, 1.0, open_low=True))}


@dataclass(frozen=True, eq=False)
class ScoredRows:
    """How ranks become what networks see: scores of numbers; a number of 0 or 1 for each level, and for gaps.

    edges: of the cells of all columns. numbers: indices of columns that are moved. present (numbers,): shares of their
    rows that are not missing.
    """

    edges: list[np.ndarray]
    numbers: list[int]
    present: np.ndarray

    @classmethod
    def of_columns(cls, columns: Sequence[Cells]) -> ScoredRows:
        """Columns of numbers with enough cells are moved."""
        numbers, present = list[int](), list[float]()
        for j, column in enumerate(columns):
            missing = column.values is not None and bool(np.isnan(column.values[-1]))
            if column.values is not None and column.count - missing >= LEAST_CELLS:
                numbers.append(j)
                present.append(float(column.edges[-2]) if missing else 1.0)
        return cls([column.edges for column in columns], numbers, np.array(present))

    @property
    def levels(self) -> list[int]:
        """Indices of the other columns that have more than one cell."""
        return [j for j, part in enumerate(self.edges) if j not in self.numbers and len(part) > 2]

    @property
    def width(self) -> int:
        """Numbers of an encoded row."""
        return self.beside + len(self.numbers)

    @property
    def beside(self) -> int:
        """Numbers of an encoded row that are not moved."""
        return sum(len(self.edges[j]) - 1 for j in self.levels) + int((self.present < 1.0).sum())

    def encode(self, ranks: np.ndarray) -> np.ndarray:
        """Rows (n, width) of ranks (n, columns)."""
        encoded = np.zeros((len(ranks), self.width), dtype=np.float32)
        at = len(self.numbers)
        for i, (j, present) in enumerate(zip(self.numbers, self.present, strict=True)):
            missing = self._missing(i, ranks)
            share = torch.from_numpy(ranks[:, j] / present).clamp(SMALLEST, 1.0 - SMALLEST)
            encoded[:, i] = np.where(missing, 0.0, torch.special.ndtri(share).numpy())
            if present < 1.0:
                encoded[:, at] = missing
                at += 1
        for j in self.levels:
            cells = cells_of(ranks[:, [j]], [self.edges[j]])[:, 0].numpy()
            encoded[np.arange(len(ranks)), at + cells] = 1.0
            at += len(self.edges[j]) - 1
        return encoded

    def _missing(self, i: int, ranks: np.ndarray) -> np.ndarray:
        """Mask (n,)."""
        return np.asarray((ranks[:, self.numbers[i]] >= self.present[i]) & (self.present[i] < 1.0))

    def moved(self, ranks: np.ndarray, shares: np.ndarray, kept: Collection[int] = ()) -> np.ndarray:
        """Ranks (n, columns) with these shares (n, numbers) of the present values; kept columns stay as they are."""
        ranks = ranks.copy()
        for i, (j, present) in enumerate(zip(self.numbers, self.present, strict=True)):
            if j not in kept:
                rank = np.minimum(shares[:, i] * present, np.nextafter(present, 0.0))
                ranks[:, j] = np.where(self._missing(i, ranks), ranks[:, j], rank)
        return ranks


class Refinement:
    """A trained network on draws.

    spec, parameters: the network's. quantiles (numbers, LEVELS): of the moved scores of each number.
    """

    def __init__(
        self, rows: ScoredRows, spec: DenseSpec, parameters: Mapping[str, Tensor], quantiles: np.ndarray
    ) -> None:
        self.rows, self.spec, self.parameters, self.quantiles = rows, spec, dict(parameters), quantiles
        self.network = build(spec, 1)
        self.network.load(self.parameters)

    @classmethod
    def of_draws(
        cls, rows: ScoredRows, spec: DenseSpec, parameters: Mapping[str, Tensor], ranks: np.ndarray
    ) -> Refinement:
        """The network, with the quantiles of what it makes of draws (m, columns)."""
        refinement = cls(rows, spec, parameters, np.zeros((len(rows.numbers), LEVELS)))
        scores = refinement.scores(ranks)
        for i in range(len(rows.numbers)):
            present = scores[~rows._missing(i, ranks), i]
            if len(present):
                refinement.quantiles[i] = np.quantile(present, _shares())
        return refinement

    @torch.no_grad()
    def scores(self, ranks: np.ndarray) -> np.ndarray:
        """Moved scores (n, numbers)."""
        encoded = torch.from_numpy(self.rows.encode(ranks))[None]
        blocks = [self.network.forward(part)[0] for part in torch.split(encoded, self.spec.rows_at_once, 1)]
        return np.asarray(torch.cat(blocks).double().nan_to_num().numpy())

    def moved(self, ranks: np.ndarray, kept: Collection[int] = ()) -> np.ndarray:
        """Ranks (n, columns) of draws that the network has moved. kept: columns that stay as they are."""
        scores = self.scores(ranks)
        shares = [np.interp(column, part, _shares()) for column, part in zip(scores.T, self.quantiles, strict=True)]
        return self.rows.moved(ranks, np.stack(shares, 1), kept)

    # --- files --------------------------------------------------------------------------------------------------------

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Plain values for JSON, and arrays by name."""
        plain = {"spec": self.spec.to_dict(), "numbers": self.rows.numbers, "present": self.rows.present.tolist()}
        arrays = {f"network.{name}": value.numpy() for name, value in self.parameters.items()}
        return plain, arrays | {"quantiles": self.quantiles}

    @classmethod
    def from_state(cls, plain: Any, arrays: Mapping[str, np.ndarray], edges: list[np.ndarray]) -> Refinement:
        """Inverse of `to_state`. Raises BadFileError for what it never returns."""
        plain = values("prior.refinement", plain, RULES)
        numbers, present = plain["numbers"], np.array(plain["present"], dtype=np.float64)
        known = len(numbers) > 0 and sorted(set(numbers)) == numbers and numbers[-1] < len(edges)
        require(known and len(present) == len(numbers), "`prior.refinement.numbers` must be its columns")
        spec = DenseSpec.from_dict(plain["spec"])
        rows = ScoredRows(edges, numbers, present)
        right = spec.residual and spec.inputs == rows.width and spec.outputs == len(numbers)
        require(right, "`prior.refinement.spec` must be a network on its columns")
        names = {"quantiles", *(f"network.{name}" for name in spec.shapes)}
        require(set(arrays) == names, "`prior.refinement` must have the parameters of its network")
        parameters = {name: torch.from_numpy(np.array(arrays[f"network.{name}"])) for name in spec.shapes}
        check_state(spec, parameters)
        quantiles = array("prior.refinement", arrays, "quantiles", "float64", (len(numbers), LEVELS), -LARGEST, LARGEST)
        require(rising(quantiles), "`prior.refinement.quantiles` must rise")
        return cls(rows, spec, parameters, quantiles)


def _shares() -> np.ndarray:
    """Shares at which the quantiles are; they lie closer towards the ends, where a normal score changes fastest."""
    return np.asarray(np.sin((np.arange(LEVELS) + 0.5) / LEVELS * np.pi / 2.0) ** 2)
