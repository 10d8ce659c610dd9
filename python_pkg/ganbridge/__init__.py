"""ganbridge: generative adversarial networks on your own data, from Python and from R.

>>> import ganbridge
>>> gan = ganbridge.fit(df, seed=1)
>>> gan.sample(1000, seed=2)
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .config import Config
    from .datasets import make_waves
    from .fitted import FittedGan, from_bytes, load
    from .fitting import fit

# Loaded when first asked for, because torch takes seconds.
_HOMES = {
    "Config": "config",
    "FittedGan": "fitted",
    "fit": "fitting",
    "from_bytes": "fitted",
    "load": "fitted",
    "make_waves": "datasets",
}

__all__ = [
    "Config",
    "FittedGan",
    "__version__",
    "fit",
    "from_bytes",
    "load",
    "make_waves",
    "plot_blends",
    "plot_losses",
    "plot_waves",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


# plot.py knows arrays only; what comes as a fit or as its trace is unpacked here.


def plot_waves(
    samples_or_fit: Any,
    ids: Sequence[int] | None = None,
    nrow: int | None = None,
    *,
    labels: Sequence[Any] | None = None,
    rate: float | None = None,
) -> Figure:
    """Draw waves as small multiples on common axes, whose limits come from the data.

    Args:
        samples_or_fit: an array of n waves by m points, or by m points by channels; a list of waves of different
            lengths; a fit of waves, which is asked for a sample with the fit's own seed, so that the same fit gives
            the same picture; or a fit's `trace`, drawn in one panel for each epoch (at most twelve, spread evenly),
            with the waves over each other. Channels have a colour each; where there are more than six, or where their
            ranges differ by more than a factor of ten, a strip each, which spans the channel's range.
        ids: which waves, by their row, counted from 0; None takes the first twelve.
        nrow: rows of panels; None chooses.
        labels: titles of the panels, one for each wave there is, or one for each that is shown.
        rate: points per second (Hz), for an axis of time; None takes the fit's own, points where it has none.

    Returns:
        A matplotlib Figure: `.savefig("waves.png")` writes it, a notebook shows it.

    Raises:
        ValueError: where there are no such waves.
        ImportError: where matplotlib is not installed.
    """
    from . import plot

    if _is_from_fitted(samples_or_fit, "FittedGan"):
        gan = samples_or_fit
        if gan.kind != "wave":
            raise ValueError(
                f"`samples_or_fit` must be a fit of waves, not of a {gan.kind}. Draw gan.sample(n) yourself."
            )
        ids = plot.wave_ids(ids)
        samples_or_fit, rate = gan.sample(max(ids) + 1, seed=gan.seed), gan.rate if rate is None else rate
    elif _is_from_fitted(samples_or_fit, "Trace"):
        rate = samples_or_fit.rate if rate is None else rate
        samples_or_fit = list(samples_or_fit)
    return plot.plot_waves(samples_or_fit, ids, nrow, labels, rate)


def plot_blends(
    samples_or_fit: Any = None, n: int = 48, *, seed: int | None = None, rate: float | None = None
) -> Figure:
    """Draw waves that turn from one into another as areas behind each other, in a panel for each channel.

    Args:
        samples_or_fit: a fit of waves, whose `interpolate` makes them; None for blends of sin(2 pi 2 t) and
            3 sin(2 pi 10 t), the title picture of Oehm's "Basics and intuition behind GANs"; or waves in their order,
            as `plot_waves` takes them.
        n: how many waves, at least 2; of waves that are given, all are drawn.
        seed: which walk; None takes the fit's own seed, so that the same fit gives the same picture.
        rate: points per second (Hz), for an axis of time; None takes the fit's own, points where it has none.

    Returns:
        A matplotlib Figure: `.savefig("blends.png")` writes it, a notebook shows it.

    Raises:
        ValueError: where there are no such waves.
        ImportError: where matplotlib is not installed.
    """
    from . import plot
    from .datasets import make_blends

    if samples_or_fit is None:
        samples_or_fit = make_blends(n)
        rate = samples_or_fit.shape[1] - 1.0 if rate is None else rate
    elif _is_from_fitted(samples_or_fit, "FittedGan"):
        gan = samples_or_fit
        if gan.kind != "wave":
            raise ValueError(f"`samples_or_fit` must be a fit of waves, not of a {gan.kind}.")
        rate = gan.rate if rate is None else rate
        samples_or_fit = gan.interpolate(n, seed=gan.seed if seed is None else seed)
    return plot.plot_blends(samples_or_fit, rate)


def plot_losses(fit: FittedGan) -> Figure:
    """Draw the losses of both networks over the epochs: thin lines as they were, thick ones their trend.

    A loss says little about the quality of the sample; one that runs away says that the training failed.

    Returns:
        A matplotlib Figure: `.savefig("losses.png")` writes it, a notebook shows it.

    Raises:
        TypeError: where `fit` is not a fit.
        ValueError: where no loss is finite.
        ImportError: where matplotlib is not installed.
    """
    from . import check, plot

    if not _is_from_fitted(fit, "FittedGan"):
        check.fail("fit", "a fit made by fit() or load()", fit, error=TypeError)
    return plot.plot_losses(fit.history_columns)


def _is_from_fitted(value: Any, name: str) -> bool:
    """Whether `value` is an instance of that class; where fitted.py, and with it torch, was never loaded, it is not."""
    fitted = sys.modules.get(f"{__name__}.fitted")
    return fitted is not None and isinstance(value, getattr(fitted, name))
