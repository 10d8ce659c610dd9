"""Waves that turn from one into another, behind each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ... import check
from .axis import Limits
from .channels import Channels, TimeAxis, Wave, as_waves

if TYPE_CHECKING:
    from ...model.fitted import FittedGan

ENDS_TRIED = 8  # pairs of waves, of which a walk goes between the two that differ most
STEP = 0.1  # between two waves, in ranges of the values


@dataclass(frozen=True)
class BlendPanel:
    """One channel: waves (points,) as they lie on the axis, the first one at the back and topmost, above `base`."""

    title: str
    waves: list[np.ndarray]
    base: float
    limits: Limits


@dataclass(frozen=True)
class Blends:
    """A panel for each channel, with titles if there are several; count: of waves."""

    panels: list[BlendPanel]
    count: int
    time: TimeAxis


def blends_of(samples: Any, rate: float | None = None, channels: Sequence[Any] | None = None) -> Blends:
    """Waves in their order, the first one at the back, in a panel for each channel.

    Args:
        samples: an array of n waves by m points (by channels), or a list of waves of different lengths.
        rate: points per second, for an axis of time; None counts points.
        channels: their names; None numbers them from 0.

    Raises:
        ValueError: if `samples` holds no waves.
    """
    rate = None if rate is None else check.rate(rate)
    waves = as_waves(samples)
    names = Channels.of(waves, channels).names
    count = waves[0].shape[1]
    titles = names if count > 1 else [""]
    panels = [_panel(titles[k], [wave[:, k] for wave in waves]) for k in range(count)]
    return Blends(panels, len(waves), TimeAxis.of(waves, rate))


def far_seed(gan: FittedGan) -> int:
    """The first seed from the fit's on, of ENDS_TRIED, whose walk goes between the waves that differ most.

    A walk between two waves of one family would show little.
    """
    seeds = [(gan.seed + k) % (check.SEED_LIMIT + 1) for k in range(ENDS_TRIED)]
    return seeds[int(np.argmax([_apart(as_waves(gan.sample(2, seed=seed))) for seed in seeds]))]


def _apart(ends: Sequence[Wave]) -> float:
    """Distance of two waves, over the points that both have."""
    points = min(map(len, ends))
    return float(np.abs(ends[0][:points] - ends[1][:points]).mean())


def _panel(title: str, waves: list[np.ndarray]) -> BlendPanel:
    low, high = float(min(map(np.min, waves))), float(max(map(np.max, waves)))
    apart, last = STEP * (high - low or 1.0), len(waves) - 1
    placed = [wave + (last - i) * apart for i, wave in enumerate(waves)]
    return BlendPanel(title, placed, low, (low, high + last * apart))
