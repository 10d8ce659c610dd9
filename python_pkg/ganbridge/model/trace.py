"""Samples that were kept during training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Trace:
    """Samples during training, as `gan.trace` returns them; iterating gives pairs of an epoch and its sample.

    Attributes:
        epoch: the epochs after which samples were taken, (k,).
        samples: a list of k samples, each in the type of the training data.
        rate: points of a wave per second; None if the fit was not told.
        channels: names of a wave's channels; None if they have none.
    """

    epoch: np.ndarray
    samples: list[Any]
    rate: float | None = None
    channels: list[str] | None = None

    def __len__(self) -> int:
        return len(self.samples)

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        return zip(self.epoch.tolist(), self.samples, strict=True)
