"""Waves as they are evaluated: by amplitude, dominant frequency, level, roughness and spectrum, and by their points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import check
from ..data import Column, Data
from ..plot.comparison import plot_compare
from .kind import EvaluatedKind, Plot
from .metrics.features import Features, standardized
from .metrics.signals import component_scores, resampled, signal_variables
from .metrics.variables import Sample
from .view import View, Views

if TYPE_CHECKING:
    from ..model.fitted import FittedGan

ALL_WAVES = "all waves"  # the only channel, if it has no name
MOST_POINTS = 1000  # that waves of different lengths are brought to


class EvaluatedWaves(EvaluatedKind):
    """Rows that are waves."""

    kind = "wave"
    about = (
        "Waves are described by an amplitude, a dominant frequency (in cycles over the wave), a level (their mean) and"
        " a roughness (how far each point is from the line through its neighbours)."
    )

    def target(self, target: Any, real: Data) -> None:
        """Waves have no target."""
        check.fail("target", f'left out for kind "{self.kind}"', target, "Only tables have columns to predict.")

    def views(self, data: dict[str, Data], target: Any, seed: int) -> Views:
        """Waves: distances between their points; classifiers get components and what describes a signal."""
        waves = {name: part.as_waves() or [] for name, part in data.items()}  # which kinds/wave.py has looked at
        lengths = {name: np.array([len(wave) for wave in part]) for name, part in waves.items()}
        for name, part in lengths.items():
            if part.min() < 2:
                raise ValueError(f"`{name}` must have waves of at least 2 points, not of {part.min()}.")
        unequal = [part.max() for part in lengths.values() if part.min() < part.max()]
        points = min(MOST_POINTS, int(max(unequal))) if unequal else 0
        channels = [_channels(part, data[name].channels, points) for name, part in waves.items()]
        _check_shapes(list(data), channels)
        columns = [
            [Column("length", "double", part.astype(np.float64))] if unequal else [] for part in lengths.values()
        ]
        return Views(_views(channels, columns))

    def plots(self, gan: FittedGan, real: Data) -> Iterator[Plot]:
        """Real waves above generated ones."""
        several = len(real.channels or []) > 1
        words = (
            "The first real ones and as many generated ones, each with all its channels."
            if several
            else "Real waves are grey, generated ones blue."
        )
        yield Plot("Waves, real above generated", words, plot_compare(gan, real.to_python()))


def _channels(waves: list[np.ndarray], names: list[str] | None, points: int) -> dict[str, np.ndarray]:
    """Waves (n, m) by channel; if lengths differ, all with so many points."""
    by_channel = [[wave[:, k] for wave in waves] for k in range(waves[0].shape[1])]
    parts = [resampled(part, points) if points else np.stack(part) for part in by_channel]
    return dict(zip([ALL_WAVES] if names is None else names, parts, strict=True))


def _check_shapes(names: list[str], channels: list[dict[str, np.ndarray]]) -> None:
    for name, part in zip(names, channels, strict=True):
        shapes = [(len(side), next(iter(side.values())).shape[1]) for side in (channels[0], part)]
        if shapes[0] != shapes[1]:
            words = [f"waves of {count} channel{'' if count == 1 else 's'} and {m} points" for count, m in shapes]
            raise ValueError(f"`{name}` must hold {words[0]}, as `real` does, not {words[1]}.")


def _views(channels: list[dict[str, np.ndarray]], lengths: list[Sample]) -> list[View]:
    """Views of waves by channel; lengths: a column with them, if they differ."""
    labels = list(channels[0])
    sides = [list(part.values()) for part in channels]
    scaled = zip(*(standardized([side[k] for side in sides]) for k in range(len(labels))), strict=True)
    points = [np.concatenate(parts, 1) for parts in scaled]
    samples = [_described(labels, side) + length for side, length in zip(sides, lengths, strict=True)]
    features = Features(*samples)
    views = []
    for sample, side, row, score, length in zip(samples, sides, points, component_scores(points), lengths, strict=True):
        known = np.concatenate([score, features.transform(sample)], 1)
        exact = np.concatenate([*side, *(variable.values[:, None] for variable in length)], 1)
        views.append(View(sample, row, known, exact, dict(zip(labels, side, strict=True))))
    return views


def _described(labels: list[str], side: list[np.ndarray]) -> Sample:
    """What describes the waves of each channel, as columns."""
    suffixes = ["" if label == ALL_WAVES else f" of {label}" for label in labels]
    return [v for suffix, waves in zip(suffixes, side, strict=True) for v in signal_variables(waves, suffix)]


EVALUATED = EvaluatedWaves()
