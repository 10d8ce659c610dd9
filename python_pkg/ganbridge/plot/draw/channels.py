"""What waves are for a picture: arrays of points by channels, and where the channels lie on a common axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ... import check
from .panels import CHANNELS, GENERATED, Figure, Line2D, limits, plain

UNLIKE = 10.0  # channels whose ranges differ by more than this factor get a strip each
STRIP = 0.9  # of the room for a strip that its channel takes
MOST_SPANS = 4  # strips that are high enough to say below their names what they span

Wave = np.ndarray  # (points, channels)


def as_waves(samples: Any, argument: str = "samples_or_fit") -> list[Wave]:
    """Waves (points, channels) from an array of two or three dimensions, or from a list of waves."""
    wanted, name = "waves (an array or a list)", argument
    if argument == "samples_or_fit":
        wanted, name = wanted + ", a trace of waves or a fit of waves", "samples"
    parts = samples if isinstance(samples, (list, tuple)) else None
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
        remedy = f"Write {name}.reshape(1, -1) to draw one wave." if flat else ""
        shown = samples if parts or whole is None or not whole.ndim else whole
        check.fail(argument, wanted, shown, remedy)
    bad = np.array([not np.isfinite(wave).all() for wave in waves])
    if bad.any():
        raise ValueError(f"`{argument}` must hold finite values only; see {check.positions(bad)}.")
    return waves


def time_axis(rate: float | None) -> tuple[float, str]:
    """Distance of two points on the axis, and the axis' label."""
    return (1.0, "point") if rate is None else (1.0 / rate, "time [s]")


@dataclass
class Scales:
    """Where the channels' values lie on the common axis: as they are, or each channel in a strip of its own."""

    low: np.ndarray  # (channels,)
    high: np.ndarray
    shared: bool
    names: list[str]

    @classmethod
    def of(cls, waves: list[Wave], names: Sequence[Any] | None = None) -> Scales:
        """What suits these waves; without names of the channels, they are numbered from 0."""
        low = np.min([wave.min(0) for wave in waves], axis=0)
        high = np.max([wave.max(0) for wave in waves], axis=0)
        reach = (high - low)[high > low]
        alike = not reach.size or float(reach.max()) <= UNLIKE * float(reach.min())
        words = [plain(str(name)) for name in names or []] or [f"channel {k}" for k in range(len(low))]
        return cls(low, high, len(low) <= len(CHANNELS) and alike, words)

    @property
    def colours(self) -> list[str]:
        """A colour for each channel; strips need none to be told apart."""
        return list(CHANNELS[: len(self.low)]) if self.shared else [GENERATED] * len(self.low)

    @property
    def coloured(self) -> bool:
        """Whether it is by their colours that channels are told apart."""
        return self.shared and len(self.low) > 1

    def draw(self, axes: Any, wave: Wave, step: float, opacity: float, colour: str | None = None) -> None:
        """One wave; `colour` for all its channels, where that is free to tell something else."""
        for k, values in enumerate(self.place(wave).T):
            own = self.colours[k] if colour is None else colour
            axes.plot(np.arange(len(values)) * step, values, color=own, linewidth=1.1, alpha=opacity)

    def place(self, wave: Wave) -> Wave:
        """The wave as it is drawn; the first channel's strip is the topmost."""
        if self.shared:
            return wave
        reach = np.where(self.high > self.low, self.high - self.low, 1.0)
        return np.asarray((wave - self.low) / reach * STRIP + np.arange(len(self.low))[::-1])

    def mark(self, axes: Any) -> None:
        """Limits and ticks."""
        if self.shared:
            axes.set_ylim(*limits(np.concatenate([self.low, self.high])))
        else:
            axes.set_ylim(STRIP - 1.0, len(self.names))
            axes.set_yticks(np.arange(len(self.names))[::-1] + STRIP / 2.0, self.strip_labels(), fontsize="small")

    def strip_labels(self) -> list[str]:
        """Names of the channels, and below each what its strip spans, where there is room for two lines."""
        if len(self.names) > MOST_SPANS:
            return self.names
        spans = zip(self.names, self.low, self.high, strict=True)
        return [f"{name}\n{low:.3g} to {high:.3g}" for name, low, high in spans]

    def key(self, picture: Figure) -> None:
        """Above the panels, where there are colours to tell apart."""
        if self.coloured:
            keys = [Line2D([], [], color=colour, linewidth=1.8) for colour in self.colours]
            picture.legend(keys, self.names, loc="outside upper right", ncols=len(keys), frameon=False)
