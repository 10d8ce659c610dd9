"""ganbridge: generative adversarial networks on your own data, from Python and from R.

>>> import ganbridge
>>> gan = ganbridge.fit(df, seed=1)
>>> gan.sample(1000, seed=2)
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .pictures import is_from_fitted
from .version import __version__

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from .config import Config
    from .datasets import make_waves
    from .findings import Report
    from .fitted import FittedGan, from_bytes, load
    from .fitting import fit
    from .idx import read_idx
    from .pictures import (
        animate_training,
        plot_blends,
        plot_compare,
        plot_images,
        plot_losses,
        plot_training,
        plot_walk,
    )
    from .reporting import evaluate, report

# Loaded when first asked for, because torch takes seconds.
_HOMES = {
    "Config": "config",
    "Report": "findings",
    "FittedGan": "fitted",
    "animate_training": "pictures",
    "evaluate": "reporting",
    "fit": "fitting",
    "from_bytes": "fitted",
    "load": "fitted",
    "make_waves": "datasets",
    "plot_blends": "pictures",
    "plot_compare": "pictures",
    "plot_images": "pictures",
    "plot_losses": "pictures",
    "plot_training": "pictures",
    "plot_walk": "pictures",
    "read_idx": "idx",
    "report": "reporting",
}

__all__ = [
    "Config",
    "FittedGan",
    "Report",
    "__version__",
    "animate_training",
    "evaluate",
    "fit",
    "from_bytes",
    "load",
    "make_waves",
    "plot_blends",
    "plot_compare",
    "plot_images",
    "plot_losses",
    "plot_training",
    "plot_walk",
    "plot_waves",
    "read_idx",
    "report",
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
            the same picture; or a fit's `trace`, drawn in one panel for each epoch (at most twelve, most of them
            early), with the waves over each other. Channels have a colour each; where there are more than six, or
            where their ranges differ by more than a factor of ten, a strip each, which spans the channel's range. They
            have their names in a fit from R, whose data had some; otherwise they are numbered from 0.
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

    channels = None
    if is_from_fitted(samples_or_fit, "FittedGan"):
        gan = samples_or_fit
        if gan.kind != "wave":
            raise ValueError(
                f"`samples_or_fit` must be a fit of waves, not of a {gan.kind}. Draw gan.sample(n) yourself."
            )
        ids = plot.wave_ids(ids)
        samples_or_fit, rate = gan.sample(max(ids) + 1, seed=gan.seed), gan.rate if rate is None else rate
        channels = gan.channels
    elif is_from_fitted(samples_or_fit, "Trace"):
        rate = samples_or_fit.rate if rate is None else rate
        channels, samples_or_fit = samples_or_fit.channels, list(samples_or_fit)
    return plot.plot_waves(samples_or_fit, ids, nrow, labels, rate, channels)
