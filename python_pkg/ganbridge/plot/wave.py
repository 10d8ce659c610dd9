"""Plots of waves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .. import check
from ..model.protocol import is_fit
from ..model.trace import Trace
from .data.blends import blends_of, far_seed
from .data.channels import as_waves
from .data.waves import BESIDE, wave_comparison, wave_frames, wave_panels, wave_rows
from .fits import fit_of_kind, no_columns

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..model.fitted import FittedGan

KIND = "wave"


def samples(
    samples_or_fit: Any,
    ids: Sequence[int] | None,
    nrow: int | None,
    labels: Sequence[Any] | None,
    rate: float | None,
) -> Figure:
    """Waves as small multiples; see `ganbridge.plot_waves`."""
    from . import draw

    channels = None
    if is_fit(samples_or_fit):
        gan = fit_of_kind(samples_or_fit, KIND, " Draw gan.sample(n) yourself.")
        ids = wave_rows(ids)
        samples_or_fit, rate = gan.sample(max(ids) + 1, seed=gan.seed), gan.rate if rate is None else rate
        channels = gan.channels
    elif isinstance(samples_or_fit, Trace):
        rate = samples_or_fit.rate if rate is None else rate
        channels, samples_or_fit = samples_or_fit.channels, list(samples_or_fit)
    return draw.draw_waves(wave_panels(samples_or_fit, ids, nrow, labels, rate, channels))


def blends(samples_or_fit: Any, n: int, seed: int | None, rate: float | None) -> Figure:
    """Waves behind each other; see `ganbridge.plot_blends`."""
    from . import draw

    channels = None
    if is_fit(samples_or_fit):
        gan = fit_of_kind(samples_or_fit, KIND)
        rate, channels = gan.rate if rate is None else rate, gan.channels
        samples_or_fit = gan.interpolate(n, seed=far_seed(gan) if seed is None else seed)
    return draw.draw_blends(blends_of(samples_or_fit, rate, channels))


def training(gan: FittedGan, real: Any, columns: Sequence[Any] | None, nrow: int | None) -> Figure:
    """The traced waves over each other, a panel for each epoch, and the real ones in the last."""
    from . import draw

    no_columns(columns, KIND)
    behind = None if real is None else _real_waves(gan, real)
    shown = wave_panels(list(gan.trace or ()), None, nrow, None, gan.rate, gan.channels, behind)
    return draw.draw_waves(shown)


def animate(gan: FittedGan, path: str, real: Any, columns: Sequence[Any] | None, fps: float | None) -> None:
    """The same, a frame for each epoch, with the real waves behind."""
    from . import draw

    no_columns(columns, KIND)
    behind = None if real is None else _real_waves(gan, real)
    draw.write_waves(path, wave_frames(list(gan.trace or ()), behind, gan.rate, gan.channels), fps)


def compare(
    synthetic: Any,
    real: Any,
    gan: FittedGan | None,
    by: str,
    columns: Sequence[Any] | None,
    nrow: int | None,
    rate: float | None,
) -> Figure:
    """Real waves above generated ones."""
    from . import draw

    no_columns(columns, KIND)
    channels = None
    if gan is not None:
        real, channels = _real_waves(gan, real), gan.channels
        rate = gan.rate if rate is None else rate
    return draw.draw_waves(wave_comparison(synthetic, real, nrow, rate, channels))


def compared(gan: FittedGan) -> int:
    """As many waves as there is room for."""
    return BESIDE


def _real_waves(gan: FittedGan, real: Any) -> list[Any]:
    """Real waves, checked to have the points and channels of the fit."""
    waves, schema = as_waves(real, "real"), gan.data_schema
    points: int | None
    points, channels = (schema.shape or (len(gan.moment_columns["mean"]), 1))[:2]
    if schema.channels is not None:
        points, channels = None, schema.channels
    if waves[0].shape[1] != channels or (points and {len(wave) for wave in waves} != {points}):
        words = [f"{points} points"] * bool(points) + [f"{channels} channels"] * (channels > 1 or not points)
        check.fail("real", f"waves of {' and '.join(words)}, as the generated ones", real)
    return waves
