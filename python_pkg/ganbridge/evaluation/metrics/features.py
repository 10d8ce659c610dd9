"""Columns of any kind as one array of numbers, for distances between rows and for classifiers.

Numbers are standardized, with an indicator of what is missing; categories become indicators of their levels, of which
the rare ones share one. Two rows that differ in one category lie as far apart as two that differ by one sd.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...data import Column
from .variables import Sample

MOST_LEVELS = 20  # levels of a category with an indicator of their own
LEAST_SHARE = 0.01  # of the rows, below which a level has none
STEP = math.sqrt(0.5)  # between the two values of an indicator: changing the level then moves a row by 1


def center_and_scale(*samples: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation of the first sample; if it is constant, the sd of all samples, or 1."""
    first = samples[0]
    if not len(first):
        first = np.concatenate(samples)
    if not len(first):
        return 0.0, 1.0
    center = float(first.mean())
    for values in (first, np.concatenate(samples)):
        size = float(np.abs(values - center).max())
        if size > 0.0:
            scale = float(((values - center) / size).std()) * size  # squares of very small numbers would be 0
            if scale > 0.0:
                return center, scale
    return center, 1.0


@dataclass(frozen=True, eq=False)
class _Part:
    """How one column becomes numbers: by center and scale, or by the levels that have an indicator."""

    center: float = 0.0
    scale: float = 1.0
    shown: np.ndarray | None = None
    indicator: bool = False  # of what is missing

    def transform(self, variable: Column) -> np.ndarray:
        if self.shown is None:
            numbers = np.where(variable.missing, 0.0, (variable.values - self.center) / self.scale)
            parts = [numbers, variable.missing * STEP] if self.indicator else [numbers]
            return np.stack(parts, 1)
        shown = variable.codes[:, None] == self.shown[None]
        return np.concatenate([shown, ~shown.any(1, keepdims=True)], 1) * STEP


class Features:
    """The way from columns to an array (n, width)."""

    def __init__(self, *samples: Sample) -> None:
        """Learn the scales from the first sample, and from all of them what is missing anywhere."""
        self.parts = [self._part(list(variables)) for variables in zip(*samples, strict=True)]

    @staticmethod
    def _part(variables: list[Column]) -> _Part:
        first = variables[0]
        if first.numeric:
            center, scale = center_and_scale(*(variable.present for variable in variables))
            return _Part(center, scale, indicator=any(variable.missing.any() for variable in variables))
        counts = np.bincount(first.codes, minlength=len(first.labels) + 1)
        common = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
        return _Part(shown=np.sort(common[counts[common] >= max(1.0, LEAST_SHARE * counts.sum())]))

    def transform(self, sample: Sample) -> np.ndarray:
        """Numbers (n, width), float64 and finite."""
        return np.concatenate([part.transform(v) for part, v in zip(self.parts, sample, strict=True)], 1)


def standardized(samples: list[np.ndarray]) -> list[np.ndarray]:
    """Arrays (n, p) around the mean row of the first one, in the standard deviation of all its values."""
    center = samples[0].mean(0)
    size = float(np.abs(samples[0] - center).max()) or 1.0
    scale = float(((samples[0] - center) / size).std()) * size or 1.0
    return [(sample - center) / scale for sample in samples]


def varying(*samples: np.ndarray) -> np.ndarray:
    """Which columns of the arrays (n, p) differ anywhere: bool (p,)."""
    rows = np.concatenate(samples)
    return np.asarray((rows != rows[:1]).any(0))
