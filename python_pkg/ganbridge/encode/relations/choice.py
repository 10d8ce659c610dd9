"""Which column each relation computes from which others, so that no column depends on itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from graphlib import TopologicalSorter

import numpy as np

from ...data import Column, Frame
from ...data.column import TIMES
from ..decimals import decimals_of, grid_of
from .add_span import AddSpan
from .agree import Agree
from .bounds import Bounds, Difference
from .combination import Combination
from .compute import Compute, Computing, Flagged, Overwrite, Replace
from .day import Day, has_shifted_midnights
from .determined import Determined
from .implied import mark_implied
from .join import Join
from .linear import Linear
from .mask import Mask
from .missing import MissingWhere
from .order import Order
from .part import Part
from .rare import without_rare
from .relation import Relation, in_terms_of
from .span import Span
from .step import Columns, Step, ends_of

PRIORITY = (Day, Part, Linear, Span, Determined, Combination, MissingWhere, Order)


class Choice:
    """The steps for training rows, relation by relation; what does not go with earlier ones is left out.

    columns: of the training rows, by name. fixed: names of those that may not be changed.
    """

    def __init__(self, columns: Columns, fixed: Sequence[str]) -> None:
        self.columns = columns
        self.fixed = set(fixed)
        self.values: dict[str, Step] = {}  # by target: the step that computes its values,
        self.masks: dict[str, Mask] = {}  # and the one that computes what is missing
        self.joined: set[str] = set()
        self.sources: dict[str, set[str]] = {name: set() for name in columns}
        self.used: dict[int, Relation] = {}  # relations that are kept, by the identity of those that were found

    def add(self, relation: Relation) -> None:
        """Keep a relation if that is possible."""
        ways: dict[type[Relation], Callable[..., bool]] = {
            Day: self._computed,
            Part: self._computed,
            Span: self._spanned,
            Linear: self._linear,
            Determined: self._determined,
            Combination: self._combined,
            MissingWhere: self._missing,
            Order: self._ordered,
        }
        if ways[type(relation)](relation):
            self.used.setdefault(id(relation), relation)

    def in_order(self) -> list[Step]:
        """The steps in the order of reducing: a column goes once all that is computed from it is gone."""
        computed_last = reversed(list(TopologicalSorter(self.sources).static_order()))
        steps: list[Step] = []
        for name in self.masks:
            step = self.values.get(name)
            # What is missing is known, so that nothing of the column must be generated.
            if isinstance(step, Flagged) and not any(self.columns[source].any_missing for source in step.sources):
                self.values[name] = Compute(step.relations, step.like)
        for name in computed_last:
            steps += [step for step in (self.masks.get(name), self.values.get(name)) if step is not None]
        return steps

    # --- one way of keeping each kind of relation -----------------------------------------------------------------

    def _free(self, target: str, sources: Sequence[str]) -> bool:
        """Whether the target's values may be computed from these sources."""
        if target in self.fixed or target in self.values or target in self.joined:
            return False
        return self._acyclic(target, sources)

    def _acyclic(self, target: str, sources: Sequence[str]) -> bool:
        """Whether no source is computed from the target."""
        todo, seen = list(sources), set()
        while todo:
            name = todo.pop()
            if name == target:
                return False
            if name not in seen:
                seen.add(name)
                todo += self.sources[name]
        return True

    def _put(self, step: Step) -> bool:
        self.values[step.target] = step
        self.sources[step.target] |= set(step.sources)
        return True

    def _missing_in(self, relation: Relation) -> tuple[np.ndarray, np.ndarray]:
        """In which rows one of the other columns is missing, and in which the last one is."""
        *sources, target = (self.columns[name].missing for name in relation.columns)
        return np.any(sources, axis=0), target

    def _computed(self, relation: Computing) -> bool:
        *sources, target = relation.columns
        if not self._free(target, sources):
            return False
        return self._put(self._way(relation)([relation], self.columns[target]))

    def _way(self, relation: Computing) -> type[Step]:
        """How the last column of a relation is computed, by what is missing in it and in the others."""
        unknown, missing = self._missing_in(relation)
        if relation.strict if isinstance(relation, Determined) else bool((unknown == missing).all()):
            return Compute
        return Overwrite if (unknown & ~missing).any() else Flagged

    def _linear(self, relation: Linear) -> bool:
        if self._computed(relation):
            return True
        for i, factor in enumerate(relation.factors):
            if abs(factor) == 1.0:
                other = _solved(relation, i, self.columns)
                if not other.broken(Frame(list(self.columns.values()))).any() and self._computed(other):
                    self.used[id(relation)] = other
                    return True
        return False

    def _spanned(self, relation: Span) -> bool:
        start, end, span = relation.columns
        unknown = self.columns[start].missing | self.columns[span].missing
        if relation.invertible and self._free(end, [start, span]) and (unknown == self.columns[end].missing).all():
            return self._put(AddSpan([relation], self.columns[end]))
        return self._computed(relation)

    def _determined(self, relation: Determined) -> bool:
        if self._computed(relation):
            return True
        if relation.mutual and relation.strict:
            other = relation.reverse()
            if self._computed(other):
                self.used[id(relation)] = other
                return True
        return len(relation.likes) == 2 and self._agreeing(relation)

    def _agreeing(self, relation: Determined) -> bool:
        source, target = relation.columns
        if not self._free(source, [target]) or not relation.strict:
            return False
        a, b = (in_terms_of(self.columns[like.name], like) for like in relation.likes)
        present = ~(np.isnan(a) | np.isnan(b))
        pairs, counts = np.unique(np.stack([b[present], a[present]], 1), axis=0, return_counts=True)
        order = np.lexsort((-counts, pairs[:, 0]))
        first = order[np.unique(pairs[order, 0], return_index=True)[1]]
        return self._put(Agree([relation], self.columns[source], pairs[first]))

    def _combined(self, relation: Combination) -> bool:
        names = relation.columns
        if any(not self._free(name, []) or name in self.masks or self.columns[name].any_missing for name in names):
            return False
        if any(set(names) & self.sources[name] for name in names):
            return False
        # All of them come from one column, and none may be computed from what is computed from another one.
        if any(not self._acyclic(a, list(self.sources[b])) for a in names for b in names):
            return False
        self.joined |= set(names)
        self.values[names[0]] = Join([relation], self.columns[names[0]])
        for name in names[1:]:
            self.sources[name].add(names[0])
        return True

    def _missing(self, relation: MissingWhere) -> bool:
        source, target = relation.columns
        if target in self.fixed or target in self.masks or target in self.joined or not self._acyclic(target, [source]):
            return False
        step = self.values.get(target)
        if isinstance(step, (Compute, Agree)) and not isinstance(step, Flagged):
            return False
        self.masks[target] = Mask([relation], self.columns[target])
        self.sources[target].add(source)
        return True

    def _ordered(self, relation: Order) -> bool:
        low, high = relation.columns
        for target, other, below in ((high, low, False), (low, high, True)):
            step = self.values.get(target)
            if isinstance(step, Bounds) and step.below == below and self._acyclic(target, [other]):
                return self._put(self._bounded([*step.relations, relation], target, below))
            if self._free(target, [other]):
                return self._put(self._bounded([relation], target, below))
        return False

    def _bounded(self, relations: list[Order], target: str, below: bool) -> Bounds:
        """The target as a distance to its bounds if those are always known, else moved to them if it must be."""
        column = self.columns[target]
        few = decimals_of(column.present, column.dtype) if len(column.present) else None
        grid = None if few is None else _grid(column, few)
        midnights = has_shifted_midnights(column)
        bounds = Bounds(relations, column, below, grid, midnights)
        bound = bounds.bound(self.columns)
        unknown = np.any([self.columns[name].missing for name in bounds.sources], axis=0)
        present = ~column.missing
        if not present.any() or (unknown & present).any():
            return bounds
        distance = (column.values - bound)[present]
        low, high = ends_of(column.present, few)
        if grid is not None and grid[1] > 1.0 and column.type in TIMES:
            low, high = (grid[0] + grid[1] * end for end in ends_of((column.present - grid[0]) / grid[1], 0))
        return Difference(
            relations, column, below, grid, (low, high), decimals_of(np.abs(np.round(distance, 10))), midnights
        )


def _grid(column: Column, decimals: int) -> tuple[float, float]:
    """Origin and distance of the values of a column: of its days or seconds if all are so far apart, or of decimals."""
    grid = grid_of(column.present) if column.type in TIMES else (0.0, 1.0)
    return grid if grid[1] > 1.0 else (0.0, 10.0**-decimals)


def _solved(relation: Linear, i: int, columns: Columns) -> Linear:
    """The same sum, with another of its columns as the one that is computed."""
    factor = relation.factors[i]
    likes = [*(like for j, like in enumerate(relation.likes[:-1]) if j != i), relation.likes[-1], relation.likes[i]]
    factors = [*(-each / factor for j, each in enumerate(relation.factors) if j != i), 1.0 / factor]
    column = columns[relation.columns[i]]
    return Linear(likes, factors, -relation.constant / factor, decimals_of(column.present, column.dtype))


def chosen_steps(
    columns: Columns, relations: Sequence[Relation], fixed: Sequence[str], k: int = 1
) -> tuple[list[Step], list[Relation]]:
    """The steps in the order of reducing, and the relations, each as it is kept, and marked if it is not.

    k: rows that must share a number for a relation to hold it.
    """
    choice = Choice(columns, fixed)
    relations = [shared for relation in relations if (shared := without_rare(relation, columns, k)) is not None]
    for kind in PRIORITY:
        for relation in relations:
            if isinstance(relation, kind) and relation.enforced:
                choice.add(relation)
    steps = choice.in_order()
    _leave_one(columns, steps, fixed)
    kept = [choice.used.get(id(relation), relation) for relation in relations]
    for relation, as_kept in zip(relations, kept, strict=True):
        as_kept.enforced = id(relation) in choice.used
    mark_implied(kept, columns)
    return steps, kept


def _leave_one(columns: Columns, steps: list[Step], fixed: Sequence[str]) -> None:
    """Something must be left to generate: if all is given or computed, one of what is computed is generated, too."""
    computed = [step.target for step in steps if isinstance(step, Compute)]
    if computed and not set(columns) - set(fixed) - set(computed):
        i = next(i for i, step in enumerate(steps) if isinstance(step, Compute))
        steps[i] = Replace(steps[i].relations, steps[i].like)
