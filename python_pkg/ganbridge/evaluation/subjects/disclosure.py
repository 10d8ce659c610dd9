"""What somebody who knows some columns of a real row learns from generated rows, and from real rows instead of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ...data import Column
from ..baselines import Comparison
from ..metrics import disclosure, identifiers, pairs
from ..verdicts import Measured
from ..view import subsample

ROWS = 5000  # on each side
CHOICES = 20  # of columns that are known and of one that is learned, drawn with the seed
KEYS = 4  # columns that are known, at most

Sides = tuple[np.ndarray, np.ndarray]  # codes of real and of other rows
Attribution = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], float]


class DisclosureSubject:
    """Measures of disclosure, the mean over several choices of columns that are known (keys) and learned (targets).

    Numbers are binned; columns in which nearly every row has its own value are left out.
    """

    def __init__(self, comparison: Comparison) -> None:
        rng = np.random.default_rng([comparison.seed, 4])
        views = [subsample(v, ROWS, rng) for v in (comparison.generated, comparison.other, comparison.reference)]
        self.rows = min(views[0].rows, views[1].rows), views[2].rows
        used = [i for i, column in enumerate(views[2].sample) if _is_known(column)]
        edges = {i: _edges(views[2].sample[i], min(self.rows)) for i in used}
        codes = [{i: pairs.binned(view.sample[i], edges[i]) for i in used} for view in views]
        self.choices = [_of_choice(codes, choice) for choice in _choices(used, rng)]

    @property
    def any(self) -> bool:
        """Whether there are columns enough."""
        return bool(self.choices)

    def identity(self, share: Callable[[np.ndarray, np.ndarray], float]) -> Measured:
        """A share of real rows, by their keys and those of other rows."""
        return self._mean(lambda keys, _: share(*keys))

    def attribute(self, share: Attribution) -> Measured:
        """A share of real rows, by keys and target of them and of other rows."""
        return self._mean(lambda keys, target: share(keys[0], target[0], keys[1], target[1]))

    def _mean(self, measure: Callable[[Sides, Sides], float]) -> Measured:
        means = [float(np.mean([measure(*choice[side]) for choice in self.choices])) for side in (0, 1)]
        return Measured(means[0], means[1], self.rows)


def _is_known(column: Column) -> bool:
    return len(np.unique(column.codes if not column.numeric else column.present)) > 1 and (
        column.numeric or not identifiers.is_near_unique(column)
    )


def _edges(column: Column, rows: int) -> np.ndarray:
    return pairs.bin_edges(column, rows) if column.numeric else np.zeros(0)


def _choices(columns: list[int], rng: np.random.Generator) -> Iterator[list[int]]:
    """Columns, of which the last one is the target; each choice once."""
    if len(columns) < 2:
        return
    seen = set()
    for _ in range(CHOICES):
        drawn = rng.permutation(columns)[: KEYS + 1].tolist()
        choice = (*sorted(drawn[1:]), drawn[0])
        if choice not in seen:
            seen.add(choice)
            yield list(choice)


def _of_choice(codes: list[dict[int, np.ndarray]], choice: list[int]) -> list[tuple[Sides, Sides]]:
    """Keys and targets of real beside generated rows, and of real beside other rows, in common codes."""
    lengths = np.cumsum([len(side[choice[0]]) for side in codes])[:-1]
    together = [np.concatenate([side[i] for side in codes]) for i in choice]
    keys = np.split(disclosure.joint_codes(together[:-1]), lengths)
    targets = np.split(together[-1], lengths)
    return [((keys[2], keys[side]), (targets[2], targets[side])) for side in (0, 1)]
