"""The choice of a mixture of normal distributions: components, where EM starts, shrinkage."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from ..encode.marginal import FEW_ROWS, MANY_COLUMNS
from ..ranks import here
from .normal_fit import fit_normals, softened, start_from_rows
from .normals import Layout, NormalMixture, Rows, Shrinkage
from .predictive import predictive
from .scales import ScaleName

COMPONENTS = (3, 8, 2, 5, 16, 25, 40)  # that are tried beside 1, in this order,
FIRST = 2  # the first of them in any case, others until one is no better
ROWS_PER_COMPONENT = 8
MOST_ELEMENTS = 4_000_000  # of covariances
MOST_CLASSES = 12  # levels of a category by which EM may start,
ROWS_PER_CLASS = 5
MOST_STARTS = 8  # of so many categories;
MOST_COMBINED = 40  # combinations of levels of two categories by which it may start,
ROWS_PER_COMBINATION = 20
MOST_PAIRS = 6  # of so many pairs
DIAGONAL = (1.0, 3.0, 10.0, 30.0, 100.0)
FACTOR_COLUMNS = 4  # of numbers, from which on correlations may be shrunk towards one factor's,
MOST_FACTORS = 2  # and of few rows towards that of two, if there are so many columns for each
POOLED = (0.5, 2.0, 8.0, 32.0)
FEW_SPREAD = 10.0  # pseudo rows of spreads, of few rows
RANKS, RANK_DIAGONAL = (5, 20), (100.0, 1000.0)  # of many columns, by factors, too
REFINED_ROWS = 1_000  # rows from which on shrinkage hardly matters
MANY_ROWS_POOLED = (0.5, 8.0)


class Candidate(NamedTuple):
    """start: indices of the categories by whose levels EM starts; none if it starts from groups of rows."""

    scale: ScaleName
    components: int
    start: tuple[int, ...]
    shrinkage: Shrinkage


class NormalChoice:
    """held_out: log densities of held-out rows under the choice. means: of the mean by components and candidate.

    note: called after each candidate.
    """

    def __init__(
        self,
        layout: Layout,
        ranks: np.ndarray,
        rows: dict[ScaleName, Rows],
        folds: Sequence[tuple[np.ndarray, np.ndarray]],
        generator: torch.Generator,
        note: Callable[[], None] = lambda: None,
    ) -> None:
        self.layout, self.ranks, self.rows, self.generator = layout, ranks, rows, generator
        self.folds, self.note = folds, note
        self.tried: dict[Candidate, np.ndarray] = {}
        self._search()
        self.choice: Candidate = self._refined()

    @property
    def few(self) -> bool:
        """Whether rows are so few that t distributions predict them, and that groups of them would be single rows."""
        return len(self.ranks) < FEW_ROWS

    @property
    def middle(self) -> Shrinkage:
        """At which scales and numbers of components are compared: components share spreads if rows are few."""
        return Shrinkage(spread=FEW_SPREAD if self.few else Shrinkage.spread)

    @property
    def held_out(self) -> np.ndarray:
        """See above."""
        return self.tried[self._best()]

    @property
    def value(self) -> float:
        """Mean log density of held-out rows."""
        return float(self.held_out.mean())

    @property
    def means(self) -> dict[tuple[int, float], float]:
        """See above."""
        return {(key.components, float(i)): float(v.mean()) for i, (key, v) in enumerate(self.tried.items())}

    def fitted(self, rows: Rows) -> NormalMixture:
        """The choice, fitted to rows on its scale, with ties redrawn."""
        start = self._start(self.choice, rows)
        return fit_normals(self.layout, rows, start, self.choice.shrinkage, self.generator)

    def _search(self) -> None:
        """Scales, starts and numbers of components, at one shrinkage."""
        middle = self.middle
        if len(self.layout.numbers) > MANY_COLUMNS:
            self._search_factors()
            return
        for scale in self.rows:
            self._try(Candidate(scale, 1, (), middle))
            for j in self._categories():
                self._try(Candidate(scale, self.layout.sizes[j], (j,), middle))
            for components in COMPONENTS[:FIRST] if not self.few else ():
                self._try(Candidate(scale, components, (), middle))
        scale = self._best().scale
        for pair, components in self._pairs():
            self._try(Candidate(scale, components, pair, middle))
        for components in COMPONENTS[FIRST:] if not self.few else ():
            better = self._try(Candidate(scale, components, (), middle))
            if not better and components > self._best().components:
                break

    def _search_factors(self) -> None:
        """Of many columns: shrinkage of one component, towards few factors, too; then components by levels."""
        scale = next(iter(self.rows))
        few = [Shrinkage(diagonal=a, spread=self.middle.spread) for a in DIAGONAL[2:]]
        factors = [replace(few[0], diagonal=a, rank=rank) for rank in RANKS for a in RANK_DIAGONAL]
        for shrinkage in few + [part for part in factors if part.rank < len(self.folds[0][0]) // 2]:
            self._try(Candidate(scale, 1, (), shrinkage))
        best = self._best().shrinkage
        for j in self._categories():
            self._try(Candidate(scale, self.layout.sizes[j], (j,), best))

    def _categories(self) -> list[int]:
        """Categories by whose levels EM may start."""
        n, sizes = len(self.ranks), self.layout.sizes[: len(self.layout.levels)]
        least = 3 if self.few else 2  # two levels of few rows are told apart by one distribution that is cut as well
        few = [j for j, size in enumerate(sizes) if least <= size <= MOST_CLASSES and n >= ROWS_PER_CLASS * size]
        return few[:MOST_STARTS]

    def _pairs(self) -> list[tuple[tuple[int, int], int]]:
        """Pairs of them, and how many combinations of levels they have."""
        found, codes = list[tuple[tuple[int, int], int]](), next(iter(self.rows.values())).codes
        for pair in itertools.combinations(self._categories(), 2):
            components = len(torch.unique(codes[:, pair], dim=0))
            if components <= MOST_COMBINED and len(codes) >= ROWS_PER_COMBINATION * components:
                found.append((pair, components))
        return sorted(found, key=lambda part: part[1])[:MOST_PAIRS]

    def _try(self, candidate: Candidate) -> bool:
        """Whether it is better than all before."""
        n, numbers = len(self.folds[0][0]), len(self.layout.numbers)
        most = MOST_ELEMENTS // max(1, numbers**2)
        if not candidate.start:
            most = min(most, n // ROWS_PER_COMPONENT)
        if candidate.components > max(1, most):
            return False
        before = max((float(v.mean()) for v in self.tried.values()), default=-np.inf)
        values = []
        for train, held_out in self.folds:
            rows = self.rows[candidate.scale].take(torch.from_numpy(train))
            start = self._start(candidate, rows)
            mixture = fit_normals(self.layout, rows, start, candidate.shrinkage, self.generator, ties=False)
            ranks = self.ranks[held_out]
            values.append(predictive(mixture, ranks, len(train)) if self.few else mixture.log_density(ranks))
        found = np.concatenate(values)
        self.tried[candidate] = here().of_first(lambda: found)  # all processes decide alike
        self.note()
        return float(self.tried[candidate].mean()) > before

    def _start(self, candidate: Candidate, rows: Rows) -> Tensor:
        if not candidate.start:
            return start_from_rows(self.layout, rows, candidate.components, self.generator)
        codes = next(iter(self.rows.values())).codes[:, candidate.start]
        levels = torch.unique(codes, dim=0) if len(candidate.start) > 1 else torch.arange(candidate.components)[:, None]
        labels = (rows.codes[:, None, candidate.start] == levels).all(2).long().argmax(1)
        return softened(labels, candidate.components)

    @staticmethod
    def _target(candidate: Candidate) -> tuple[float, int]:
        return candidate.shrinkage.diagonal, candidate.shrinkage.rank

    def _best(self) -> Candidate:
        return max(self.tried, key=lambda candidate: float(self.tried[candidate].mean()))

    def _refined(self) -> Candidate:
        """Shrinkage of the best; then the largest within one standard error (Breiman et al. 1984)."""
        refined, best = len(self.ranks) < REFINED_ROWS, self._best()
        if len(self.layout.numbers) > MANY_COLUMNS:
            return best
        if best.components > 1:
            for pooled in POOLED if refined else MANY_ROWS_POOLED:
                self._try(best._replace(shrinkage=replace(self.middle, pooled=pooled)))
        pooled = self._best().shrinkage.pooled
        factors = min(MOST_FACTORS if self.few else 1, len(self.layout.numbers) // FACTOR_COLUMNS)
        for diagonal, rank in itertools.product(DIAGONAL, range(factors + 1)) if refined else ():
            self._try(best._replace(shrinkage=replace(self.middle, diagonal=diagonal, rank=rank, pooled=pooled)))
        choice = best = self._best()
        alike = [c for c in self.tried if c[:3] == best[:3] and self._target(c) == self._target(best)]
        for candidate in sorted(alike, key=lambda c: c.shrinkage.pooled):
            if as_good(self.tried[best], self.tried[candidate]):
                choice = candidate
        return choice


def simplest(choices: Sequence[NormalChoice]) -> NormalChoice:
    """The choice with the best mixture; of few rows the one with the fewest components that is as good.

    All choices are of the same rows in the same folds. Few rows are memorized by components, not by shrunken
    covariances.
    """
    best = max(choices, key=lambda choice: choice.value)
    if not best.few:
        return best
    tried = [(choice, key) for choice in choices for key, v in choice.tried.items() if as_good(best.held_out, v)]
    fewest = min(key.components for _, key in tried)
    if fewest == best.choice.components:
        return best
    of_fewest = [part for part in tried if part[1].components == fewest]
    simple, key = max(of_fewest, key=lambda part: float(part[0].tried[part[1]].mean()))
    simple.choice = key
    return simple


def as_good(best: np.ndarray, other: np.ndarray) -> bool:
    """Whether log densities (n,) are within one standard error of the best."""
    gap = best - other
    return bool(gap.mean() <= gap.std() / np.sqrt(len(gap)))
