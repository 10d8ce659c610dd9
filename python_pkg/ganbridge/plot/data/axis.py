"""One axis of a plot: its label, its limits, and the levels of a category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .values import PlotColumn

MARGIN = 0.04  # room around the data, as a share of their range
Limits = tuple[float, float]


@dataclass(frozen=True)
class Axis:
    """What one axis shows.

    column_type: "number", "time" (days since 1970) or "category"; the ticks of the first two are left to the drawing.
    levels: names of a category's levels, which lie at 0, 1, ...; `rising` says that they are numbers, so that a
    vertical axis has the first at its bottom rather than at its top. Texts are as they came, of any length.
    """

    label: str
    column_type: str
    limits: Limits
    levels: tuple[str, ...] = ()
    rising: bool = False

    @property
    def continuous(self) -> bool:
        """Whether it shows numbers or times."""
        return self.column_type != "category"

    @classmethod
    def of(cls, columns: Sequence[PlotColumn], limits: Limits | None = None) -> Axis:
        """The axis that columns brought together by `with_common_levels` share; the last one gives the label."""
        last = columns[-1]
        return cls(last.name, last.column_type, limits or axis_limits(columns), last.levels, last.rising)


def limits_of(values: np.ndarray, margin: float = MARGIN) -> Limits:
    """The values' range with room around it; a constant gets room, too."""
    low, high = float(values.min()), float(values.max())
    room = margin * (high - low) if high > low else max(abs(low), 1.0) * 0.5
    return low - room, high + room


def axis_limits(columns: Sequence[PlotColumn]) -> Limits:
    """Limits that hold all present values of the columns, or all levels."""
    if not columns[0].continuous:
        return -0.6, max(len(columns[0].levels), 1) - 0.4
    values = np.concatenate([column.present for column in columns])
    return limits_of(values) if len(values) else (0.0, 1.0)
