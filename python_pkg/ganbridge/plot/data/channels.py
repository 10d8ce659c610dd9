"""What waves are for a plot: arrays of points by channels, and how the channels share an axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ... import check
from .axis import Limits, limits_of

UNLIKE = 10.0  # channels whose ranges differ by more than this factor get a strip each
STRIP = 0.9  # share of a strip's height that its channel takes
MOST_COLOURS = 6  # channels on a common axis, each in a colour
MOST_SPANS = 4  # strips that are high enough to say below their names what they span

Wave = np.ndarray  # (points, channels)


def as_waves(samples: Any, argument: str = "samples_or_fit") -> list[Wave]:
    """Waves (points, channels) from an array of two or three dimensions, or from a list of waves."""
    parts = samples if isinstance(samples, (list, tuple)) else None
    whole: np.ndarray | None = None
    try:
        if parts and len({len(part) for part in parts if np.ndim(part)}) > 1:
            arrays = [np.asarray(part, dtype=float) for part in parts]
        else:
            whole = np.asarray(samples, dtype=float)
            arrays = list(whole) if whole.ndim in (2, 3) else []
    except (TypeError, ValueError):
        whole, arrays = None, []
    waves = [wave[:, None] if wave.ndim == 1 else wave for wave in arrays]
    if not waves or any(wave.ndim != 2 or len(wave) < 2 or wave.shape[1] != waves[0].shape[1] for wave in waves):
        flat = not arrays and whole is not None and whole.ndim == 1 and whole.size > 1
        _refuse(samples if parts or whole is None or not whole.ndim else whole, argument, flat)
    bad = np.array([not np.isfinite(wave).all() for wave in waves])
    if bad.any():
        raise ValueError(f"`{argument}` must hold finite values only; see {check.positions(bad)}.")
    return waves


def _refuse(samples: Any, argument: str, flat: bool) -> None:
    wanted, name = "waves (an array or a list)", argument
    if argument == "samples_or_fit":
        wanted, name = wanted + ", a trace of waves or a fit of waves", "samples"
    check.fail(argument, wanted, samples, f"Write {name}.reshape(1, -1) to draw one wave." if flat else "")


@dataclass(frozen=True)
class TimeAxis:
    """Distance of two points, label, and limits of the axis that waves share."""

    step: float
    label: str
    limits: Limits

    @classmethod
    def of(cls, waves: Sequence[Wave], rate: float | None) -> TimeAxis:
        """An axis of seconds for a rate in points per second; None counts points."""
        step = 1.0 if rate is None else 1.0 / rate
        return cls(step, "point" if rate is None else "time [s]", (0.0, (max(map(len, waves)) - 1) * step))


@dataclass(frozen=True)
class Channels:
    """How the channels share the axis of values: as they are, or each channel in a strip of its own.

    low, high (channels,): ranges of their values. shared: whether they lie on a common axis as they are; if not, the
    first channel's strip is the topmost.
    """

    names: list[str]
    low: np.ndarray
    high: np.ndarray
    shared: bool

    @classmethod
    def of(cls, waves: Sequence[Wave], names: Sequence[Any] | None = None) -> Channels:
        """What suits these waves; without names the channels are numbered from 0."""
        low = np.min([wave.min(0) for wave in waves], axis=0)
        high = np.max([wave.max(0) for wave in waves], axis=0)
        reach = (high - low)[high > low]
        alike = not reach.size or float(reach.max()) <= UNLIKE * float(reach.min())
        words = [str(name) for name in names or []] or [f"channel {k}" for k in range(len(low))]
        return cls(words, low, high, len(low) <= MOST_COLOURS and alike)

    @property
    def coloured(self) -> bool:
        """Whether it is by their colours that channels are told apart."""
        return self.shared and len(self.low) > 1

    def placed(self, wave: Wave) -> Wave:
        """The wave (points, channels) as it lies on the axis."""
        if self.shared:
            return wave
        reach = np.where(self.high > self.low, self.high - self.low, 1.0)
        return np.asarray((wave - self.low) / reach * STRIP + np.arange(len(self.low))[::-1])

    @property
    def limits(self) -> Limits:
        """Limits of the axis of values."""
        if self.shared:
            return limits_of(np.concatenate([self.low, self.high]))
        return STRIP - 1.0, float(len(self.low))

    @property
    def ticks(self) -> np.ndarray | None:
        """The middle of each channel's strip, (channels,); None on a common axis."""
        return None if self.shared else np.arange(len(self.low))[::-1] + STRIP / 2.0

    @property
    def spans(self) -> list[str]:
        """What each strip spans, in words, if there is room for them below the names."""
        if self.shared or len(self.low) > MOST_SPANS:
            return []
        return [f"{low:.3g} to {high:.3g}" for low, high in zip(self.low, self.high, strict=True)]
