"""Waves as small multiples, and as frames of an animation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ... import check
from .channels import Channels, TimeAxis, Wave, as_waves
from .grid import MOST_PANELS, frames_of, grid_of, spread_early
from .indices import chosen_rows, epochs_and_samples

BESIDE = 8  # waves of each source, unless the user says what to show
OVER_EACH_OTHER = 12  # waves in a frame of an animation


@dataclass(frozen=True)
class WavePanel:
    """Waves drawn over each other, each (points, channels), as they lie on the axes; source: "real" or "generated"."""

    title: str
    waves: list[Wave]
    source: str = "generated"


@dataclass(frozen=True)
class WaveGrid:
    """Panels row by row in a grid of rows x columns, None for one that stays empty, on common axes."""

    panels: list[WavePanel | None]
    rows: int
    columns: int
    channels: Channels
    time: TimeAxis


@dataclass(frozen=True)
class WaveFrames:
    """One panel for each epoch, on common axes, and the real waves behind all of them."""

    frames: list[WavePanel]
    real: list[Wave]
    channels: Channels
    time: TimeAxis


def wave_panels(
    samples: Any,
    ids: Sequence[int] | None = None,
    nrow: int | None = None,
    labels: Sequence[Any] | None = None,
    rate: float | None = None,
    channels: Sequence[Any] | None = None,
    real: Any = None,
) -> WaveGrid:
    """Waves as small multiples on common axes.

    Args:
        samples: an array of n waves by m points, or by m points by channels, or a list of waves of different lengths,
            drawn in one panel each; or pairs of an epoch and such samples, drawn in one panel for each epoch (at most
            twelve, most of them early), with the waves over each other. A channel has a colour; more channels than
            there are colours, or channels whose ranges differ much, have a strip each, which spans their range.
        ids: which waves, counted from 0; None takes the first twelve.
        nrow: rows of panels; None chooses.
        labels: titles of the panels, one for each wave there is or one for each in `ids`; not for pairs.
        rate: points per second, for an axis of time; None counts points.
        channels: names of the channels; None numbers them from 0.
        real: for pairs, real waves of as many channels, drawn as the last panel.

    Raises:
        ValueError: if `samples` holds no waves, a wave in `ids` does not exist, or labels are too many or too few.
    """
    rate = None if rate is None else check.rate(rate)
    pairs = epochs_and_samples(samples)
    if pairs is None:
        waves = as_waves(samples)
        chosen = wave_rows(ids, len(waves))
        titles = _titles(labels, chosen, len(waves))
        singles = [WavePanel(title, [waves[i]]) for title, i in zip(titles, chosen, strict=True)]
        return _grid(singles, nrow, rate, channels)
    traced = [(epoch, as_waves(sample)) for epoch, sample in pairs]
    if labels is not None:
        check.fail("labels", "None for a trace, whose panels are epochs", labels)
    chosen = wave_rows(ids, min(len(waves) for _, waves in traced))
    shown = [traced[i] for i in spread_early(len(traced), MOST_PANELS)]
    panels = [WavePanel(_epoch(epoch), [waves[k] for k in chosen]) for epoch, waves in shown]
    if real is not None:
        panels.append(WavePanel("real", as_waves(real, "real")[: len(chosen)], "real"))
    return _grid(panels, nrow, rate, channels)


def wave_comparison(
    generated: Any, real: Any, nrow: int | None = None, rate: float | None = None, channels: Sequence[Any] | None = None
) -> WaveGrid:
    """Rows of real waves above as many rows of generated ones, on common axes; of either the first eight at most."""
    below, above = as_waves(generated), as_waves(real, "real")
    width = below[0].shape[1]
    if above[0].shape[1] != width:
        check.fail("real", f"waves of {width} channel{'s' if width > 1 else ''}, as the generated ones", real)
    count = min(BESIDE, len(below), len(above))
    rows = -(-count // 4) if nrow is None else min(max(1, check.whole("nrow", nrow) // 2), count)
    rows = -(-count // -(-count // rows))  # no row is left empty
    empty: list[WavePanel | None] = [None] * (-count % rows)
    panels: list[WavePanel | None] = []
    for source, waves in (("real", above), ("generated", below)):
        panels += [WavePanel(f"{source} {i}", [wave], source) for i, wave in enumerate(waves[:count])]
        panels += empty
    return _grid(panels, 2 * rows, rate, channels)


def wave_frames(
    samples: Sequence[tuple[int, Any]],
    real: Any = None,
    rate: float | None = None,
    channels: Sequence[Any] | None = None,
) -> WaveFrames:
    """Waves of each epoch over each other, on axes common to all frames, with the real ones behind them."""
    traced = [(epoch, as_waves(waves)[:OVER_EACH_OTHER]) for epoch, waves in frames_of(samples)]
    behind = [] if real is None else as_waves(real, "real")[:OVER_EACH_OTHER]
    everything = [wave for _, waves in traced for wave in waves] + behind
    scale = Channels.of(everything, channels)
    frames = [WavePanel(_epoch(epoch), [scale.placed(wave) for wave in waves]) for epoch, waves in traced]
    return WaveFrames(frames, [scale.placed(wave) for wave in behind], scale, TimeAxis.of(everything, rate))


def wave_rows(ids: Sequence[int] | None, limit: int | None = None) -> list[int]:
    """The waves that are shown, of `limit` waves."""
    return chosen_rows(ids, "waves", MOST_PANELS, limit)


def _epoch(epoch: int) -> str:
    return f"epoch {epoch:,}"


def _titles(labels: Sequence[Any] | None, chosen: list[int], count: int) -> list[str]:
    if labels is None:
        return [f"wave {i}" for i in chosen]
    if isinstance(labels, str) or not hasattr(labels, "__len__") or len(labels) not in (count, len(chosen)):
        each = f"one for each of the {count} waves"
        check.fail("labels", each + (f", or of the {len(chosen)} shown" if len(chosen) != count else ""), labels)
    words = [str(label) for label in labels]
    return [words[i] for i in chosen] if len(words) == count else words


def _grid(
    panels: Sequence[WavePanel | None], nrow: int | None, rate: float | None, channels: Sequence[Any] | None
) -> WaveGrid:
    waves = [wave for panel in panels if panel for wave in panel.waves]
    scale = Channels.of(waves, channels)
    placed = [
        None if panel is None else WavePanel(panel.title, [scale.placed(wave) for wave in panel.waves], panel.source)
        for panel in panels
    ]
    return WaveGrid(placed, *grid_of(len(panels), nrow), scale, TimeAxis.of(waves, rate))
