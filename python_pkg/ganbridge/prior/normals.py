"""A mixture of normal distributions with full, shrunken covariances; levels are products given the component.

Fitted by EM. Ranks that are known as intervals only (ties, whole numbers, missing values) are redrawn within them given
the rest of the row (data augmentation, Tanner and Wong 1987; Hoff 2007), so that rounding does not weaken correlations.
One component on normal scores is a Gaussian copula. The rank of a number is the mixture's own marginal distribution
function at its score, so that draws have the marginals of the training data.

Shapes: z (n, numbers), float64; codes (n, categories): of columns of levels, then of missing values (0 or 1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from ..encode.marginal import MANY_COLUMNS, Cells
from ..stored import Rule, array, listed, number, require, values, whole
from ..stored import shares as stored_shares
from .mixture import MOST_COMPONENTS, AllowedRanks, cells_of
from .normal_draws import NormalDraws
from .normal_posterior import NormalPosterior
from .scales import Scale

RIDGE = 1e-4  # added to variances of normal scores
MOST_CUT = 12  # levels of a category that then is a normal distribution cut at their shares
LEAST_CELLS = 3  # of a column of numbers that is normal; with fewer, its values are levels
KNOTS = torch.linspace(-8.0, 8.0, 4097, dtype=torch.float64)  # scores between which marginals are linear
LARGEST_SCORE, LEAST_SPREAD = 100.0, 1e-4  # of means and factors in files
FIRST_KNOT, KNOTS_PER_UNIT = -8.0, 256.0
ELEMENTS_AT_ONCE = 2**22
ROOT = math.log(2.0 * math.pi)


@dataclass(frozen=True)
class Shrinkage:
    """Pseudo rows: of the pooled correlations towards 0; of a component's correlations towards the pooled ones (for
    each column of numbers); of its standard deviations; of its shares of levels towards those of all.

    rank: factors that explain the correlations towards which the pooled ones are shrunk, instead of 0.
    """

    diagonal: float = 10.0
    rank: int = 0
    pooled: float = 8.0
    spread: float = 2.0
    levels: float = 0.1


@dataclass(frozen=True, eq=False)
class Layout:
    """Which columns are normal, and which have levels.

    edges: of the cells of all columns. numbers, levels: indices of columns. present (numbers,): shares that are not
    missing. gaps: indices within numbers of those with missing values. cut: of those that are levels, whose scores
    are redrawn in every fit.
    """

    edges: list[np.ndarray]
    numbers: list[int]
    levels: list[int]
    present: np.ndarray
    cut: list[int] = field(default_factory=list)

    @classmethod
    def of_columns(cls, columns: Sequence[Cells], cuts: bool = False) -> Layout:
        """Columns of numbers with enough cells are normal; of many columns, also those of few levels or ordered ones.

        cuts: these also of few columns.

        A mixture of few components does not tell what numbers say of levels; a normal distribution that is cut at
        their shares does (Hoff 2007).
        """
        edges, numbers, levels, present = [column.edges for column in columns], list[int](), list[int](), list[float]()
        redrawn = list[int]()
        for j, column in enumerate(columns):
            missing = column.values is not None and bool(np.isnan(column.values[-1]))
            few = column.ordered or column.count <= MOST_CUT
            cut = (cuts or len(columns) > MANY_COLUMNS) and not missing and column.count > 1 and few
            number = column.values is not None and column.count - missing >= LEAST_CELLS
            if cut or number:
                redrawn += [len(numbers)] if cuts and not number else []
                numbers.append(j)
                present.append(float(column.edges[-2]) if missing else 1.0)
            else:
                levels.append(j)
        return cls(edges, numbers, levels, np.array(present), redrawn)

    @property
    def gaps(self) -> list[int]:
        """See above."""
        return [i for i, share in enumerate(self.present) if share < 1.0]

    @property
    def sizes(self) -> list[int]:
        """Levels of each category: of columns of levels, then 2 of each column with missing values."""
        return [len(self.edges[j]) - 1 for j in self.levels] + [2] * len(self.gaps)

    def codes(self, ranks: np.ndarray) -> Tensor:
        """Codes of the categories (n, categories)."""
        levels = cells_of(ranks[:, self.levels], [self.edges[j] for j in self.levels]) if self.levels else None
        missing = torch.from_numpy(self.missing(ranks)[:, self.gaps].astype(np.int64))
        return missing if levels is None else torch.cat([levels, missing], 1)

    def missing(self, ranks: np.ndarray) -> np.ndarray:
        """Mask (n, numbers)."""
        return np.asarray((ranks[:, self.numbers] >= self.present) & (self.present < 1.0))


@dataclass(eq=False)
class Rows:
    """Training rows. low, high (n, numbers): the interval in which each score lies. missing (n, numbers): mask."""

    z: Tensor
    codes: Tensor
    low: Tensor
    high: Tensor
    missing: Tensor

    @classmethod
    def of_ranks(
        cls,
        layout: Layout,
        scales: Sequence[Scale],
        ranks: np.ndarray,
        low: np.ndarray,
        high: np.ndarray,
        generator: torch.Generator,
    ) -> Rows:
        """scales: of the columns of numbers. low, high (n, columns): the interval of ranks that a value stands for."""
        missing = torch.from_numpy(layout.missing(ranks))
        z, below, above = (_scores(layout, scales, part) for part in (ranks, low, high))
        noise = torch.randn(z.shape, generator=generator, dtype=torch.float64)
        return cls(
            torch.where(missing, noise, z),
            layout.codes(ranks),
            torch.where(missing, KNOTS[0], below),
            torch.where(missing, KNOTS[-1], above),
            missing,
        )

    def take(self, indices: Tensor) -> Rows:
        """Some of the rows."""
        return Rows(*(part[indices] for part in (self.z, self.codes, self.low, self.high, self.missing)))

    @property
    def free(self) -> Tensor:
        """Which scores are known as intervals only (n, numbers)."""
        return self.high > self.low + 1e-9


def _scores(layout: Layout, scales: Sequence[Scale], ranks: np.ndarray) -> Tensor:
    scores = np.zeros((len(ranks), len(scales)))
    for i, (j, scale) in enumerate(zip(layout.numbers, scales, strict=True)):
        scores[:, i] = scale.scores((ranks[:, j] / layout.present[i]).clip(max=1.0))
    return torch.from_numpy(scores)


class NormalMixture:
    """See `Mixture`.

    weight (components,). mean (components, numbers). factor (components, numbers, numbers): lower Cholesky factors of
    the covariances. shares: of each category, (levels, components).
    """

    family = "normals"
    rules: ClassVar[dict[str, Rule]] = {
        "numbers": listed(whole(0)),
        "present": listed(number(0.0, 1.0, open_low=True)),
    }

    def __init__(self, layout: Layout, weight: Tensor, mean: Tensor, factor: Tensor, shares: list[Tensor]) -> None:
        self.layout, self.edges = layout, layout.edges
        # Products of many columns depend in their last bits on the order in memory, which a file does not keep.
        self.weight, self.mean, self.factor, self.shares = weight, mean, factor.contiguous(), shares
        self._reach: np.ndarray | None = None

    @property
    def components(self) -> int:
        """Number of components."""
        return len(self.weight)

    def describe(self) -> str:
        """See `Mixture`."""
        words = "normal distributions" if self.components > 1 else "normal distribution"
        return f"mixture of {self.components} {words} of the columns"

    # --- densities ----------------------------------------------------------------------------------------------------

    def log_joint(self, z: Tensor, codes: Tensor, missing: Tensor | None = None) -> Tensor:
        """log w_k p_k(row), (n, components); scores that are missing (n, numbers) are integrated out."""
        joint = self.weight.log().expand(len(codes), -1)
        for j, share in enumerate(self.shares):
            joint = joint + share.log()[codes[:, j]]
        if missing is None or not missing.any():
            return joint + self._log_normal(z, self.mean, self.factor)
        return joint + self.log_normal_of_present(z, missing)

    def log_normal_of_present(self, z: Tensor, missing: Tensor) -> Tensor:
        """Log densities (n, components) of the scores that are not missing (n, numbers)."""
        total = torch.zeros(len(z), self.components, dtype=torch.float64)
        if not self.layout.numbers:
            return total
        patterns, which = torch.unique(missing, dim=0, return_inverse=True)
        covariance = self.factor @ self.factor.mT
        for i, pattern in enumerate(patterns):
            here, seen = which == i, ~pattern
            factor = torch.linalg.cholesky(covariance[:, seen][:, :, seen])
            total[here] = self._log_normal(z[here][:, seen], self.mean[:, seen], factor)
        return total

    def conditional(self, k: int, z: Tensor, seen: Tensor, wanted: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Means (n, wanted) and a factor (wanted, wanted) of component k's scores given seen ones z (n, seen)."""
        covariance, at = self.factor[k] @ self.factor[k].T, torch.tensor(list(wanted))
        inner, cross = covariance[seen][:, seen], covariance[at][:, seen]
        weights = torch.linalg.solve(inner, cross.T).T if len(inner) else cross
        mean = self.mean[k][at] + (z - self.mean[k][seen]) @ weights.T
        rest = covariance[at][:, at] - weights @ cross.T
        return mean, torch.linalg.cholesky(rest + RIDGE * RIDGE * torch.eye(len(rest), dtype=rest.dtype))

    @staticmethod
    def _log_normal(z: Tensor, mean: Tensor, factor: Tensor) -> Tensor:
        """Log densities (n, components), a part of the rows at a time."""
        constant = factor.diagonal(dim1=1, dim2=2).log().sum(1) + 0.5 * z.shape[1] * ROOT
        parts = []
        for part in torch.split(z, max(1, ELEMENTS_AT_ONCE // max(1, mean.numel()))):
            centered = (part[None] - mean[:, None]).mT
            whitened = torch.linalg.solve_triangular(factor, centered, upper=False)
            parts.append(-0.5 * (whitened**2).sum(1).T - constant)
        return torch.cat(parts) if parts else torch.zeros(0, len(mean), dtype=torch.float64)

    def log_density(self, ranks: np.ndarray) -> np.ndarray:
        """See `Mixture`."""
        layout = self.layout
        missing, codes, z = torch.from_numpy(layout.missing(ranks)), layout.codes(ranks), self.scores_of(ranks)
        density = self.log_joint(z, codes, missing).logsumexp(1)
        for i, (share, sd) in enumerate(zip(layout.present, self.sd.T, strict=True)):
            x = (z[:, i, None] - self.mean[:, i]) / sd
            own = (self.present_weight(i).log() - sd.log() - 0.5 * ROOT - 0.5 * x**2).logsumexp(1)
            width = torch.where(missing[:, i], math.log(max(1.0 - share, 1e-300)), own + math.log(share))
            density = density - width
        for c, j in enumerate(layout.levels):
            density = density - torch.from_numpy(np.log(np.diff(self.edges[j])))[codes[:, c]]
        return np.asarray(density.numpy())

    # --- marginals ----------------------------------------------------------------------------------------------------

    @property
    def sd(self) -> Tensor:
        """Standard deviations (components, numbers)."""
        return (self.factor**2).sum(2).sqrt()

    def missing_share(self, i: int) -> Tensor:
        """Share of missing values of a column of numbers in each component (components,)."""
        if self.layout.present[i] == 1.0:
            return torch.zeros_like(self.weight)
        return self.shares[len(self.layout.levels) + self.layout.gaps.index(i)][1]

    def present_weight(self, i: int) -> Tensor:
        """Weights of the components among present values of a column of numbers (components,)."""
        weight = self.weight * (1.0 - self.missing_share(i))
        return weight / weight.sum()

    @property
    def reach(self) -> np.ndarray:
        """The mixture's marginal distribution functions at KNOTS, (numbers, knots)."""
        if self._reach is None:
            rows, deviations = [], self.sd
            for i in range(self.mean.shape[1]):
                x = (KNOTS[:, None] - self.mean[:, i]) / deviations[:, i]
                rows.append((torch.special.ndtr(x) * self.present_weight(i)).sum(1).clamp(0.0, 1.0))
            self._reach = torch.stack(rows).numpy() if rows else np.zeros((0, len(KNOTS)))
        return self._reach

    def share_below(self, i: int, z: np.ndarray) -> np.ndarray:
        """Distribution function of a column of numbers among present values at scores z (n,)."""
        at = ((z - FIRST_KNOT) * KNOTS_PER_UNIT).clip(0.0, len(KNOTS) - 1.0)  # knots are evenly apart
        knot = at.astype(np.int64).clip(max=len(KNOTS) - 2)
        below, above = self.reach[i].take(knot), self.reach[i].take(knot + 1)
        return np.asarray(below + (at - knot) * (above - below))

    def score(self, i: int, share: np.ndarray) -> np.ndarray:
        """Inverse of `share_below`."""
        return np.asarray(np.interp(share, self.reach[i], KNOTS.numpy()))

    def scores_of(self, ranks: np.ndarray) -> Tensor:
        """Scores (n, numbers) of ranks (n, columns)."""
        z = np.zeros((len(ranks), len(self.layout.numbers)))
        for i, (j, present) in enumerate(zip(self.layout.numbers, self.layout.present, strict=True)):
            z[:, i] = self.score(i, ranks[:, j] / present)
        return torch.from_numpy(z)

    def draws(self, allowed: Sequence[AllowedRanks | None]) -> NormalDraws:
        """See `Mixture`."""
        return NormalDraws(self, allowed)

    def posterior(self, cells: Tensor, columns: Sequence[int], possible: Sequence[Tensor | None]) -> NormalPosterior:
        """See `Mixture`."""
        return NormalPosterior(self, cells, columns, possible)

    # --- files --------------------------------------------------------------------------------------------------------

    def to_state(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """See `Mixture`."""
        plain = {"numbers": self.layout.numbers, "present": self.layout.present.tolist()}
        arrays = {"weight": self.weight.numpy(), "mean": self.mean.numpy(), "factor": self.factor.numpy()}
        return plain, arrays | {f"shares.{j}": share.numpy() for j, share in enumerate(self.shares)}

    @classmethod
    def from_state(
        cls, plain: dict[str, Any], arrays: dict[str, np.ndarray], edges: Sequence[np.ndarray]
    ) -> NormalMixture:
        """Inverse of `to_state`."""
        plain = values("prior", plain, cls.rules)
        numbers, present = plain["numbers"], np.array(plain["present"], dtype=np.float64)
        known = sorted(set(numbers)) == numbers and all(j < len(edges) for j in numbers)
        require(known and len(present) == len(numbers), "`prior.numbers` must be its columns")
        layout = Layout(list(edges), numbers, [j for j in range(len(edges)) if j not in numbers], present)
        weight = stored_shares("prior", arrays, "weight", None)
        k, p = len(weight), len(numbers)
        require(k <= MOST_COMPONENTS, f"`prior.weight` must have at most {MOST_COMPONENTS} components")
        mean = array("prior", arrays, "mean", "float64", (k, p), -LARGEST_SCORE, LARGEST_SCORE)
        factor = array("prior", arrays, "factor", "float64", (k, p, p), -LARGEST_SCORE, LARGEST_SCORE)
        spread = factor.diagonal(axis1=1, axis2=2)
        require(bool((spread > LEAST_SPREAD).all()), "`prior.factor` must have spreads above 0")
        sizes = enumerate(layout.sizes)
        of_levels = [array("prior", arrays, f"shares.{j}", "float64", (size, k), 0.0, 1.0) for j, size in sizes]
        for share in of_levels:
            summed = (share > 0.0).all() and (np.abs(share.sum(0) - 1.0) < 1e-6).all()
            require(bool(summed), "`prior.shares` must sum to 1")
        parts = [torch.from_numpy(part) for part in (weight, mean, factor)]
        return cls(layout, parts[0], parts[1], parts[2], [torch.from_numpy(share) for share in of_levels])
