"""Rows in every form that is evaluated: columns, points between which there are distances, inputs of classifiers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..encode.times import Times
from .metrics.variables import Sample, take


@dataclass(frozen=True, eq=False)
class View:
    """Rows in every form that is evaluated.

    sample: columns. points: (n, p), for distances, in sd. features: (n, q), for classifiers. exact: (n, r), the values
    themselves. channels: (n, m) by name, if rows are waves. times: what dates and times say, if columns are such.
    broken: (n, k), which relations between columns a row breaks, if there are any.
    """

    sample: Sample
    points: np.ndarray
    features: np.ndarray
    exact: np.ndarray
    channels: dict[str, np.ndarray] = field(default_factory=dict)
    times: tuple[Times, ...] = ()
    broken: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.exact)

    def take(self, rows: Any) -> View:
        """The same with these rows only, by index or slice."""
        channels = {name: values[rows] for name, values in self.channels.items()}
        times = tuple(each.take(rows) for each in self.times)
        broken = self.broken[rows] if self.broken.size else self.broken
        sample = take(self.sample, rows)
        return View(sample, self.points[rows], self.features[rows], self.exact[rows], channels, times, broken)


@dataclass(frozen=True, eq=False)
class Views:
    """Data sets as they are evaluated: views in the order of the data, the first of them real.

    training: indices of real rows that a model behind these views was trained on, and that nothing is compared with.
    frechet: which metric the Frechet distance between points is; "" if there is none. notes: in sentences.
    known: whether somebody may know some columns of a row and learn others, as in a table. relations: between columns,
    that hold in every real row, in words.
    """

    views: list[View]
    training: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    frechet: str = ""
    notes: tuple[str, ...] = ()
    known: bool = False
    relations: tuple[str, ...] = ()


def subsample(view: View, count: int, rng: np.random.Generator) -> View:
    """At most so many rows, drawn by `rng`."""
    if view.rows <= count:
        return view
    return view.take(np.sort(rng.choice(view.rows, count, replace=False)))
