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
    from .idx import read_idx

# Loaded when first asked for, because torch takes seconds.
_HOMES = {
    "Config": "config",
    "FittedGan": "fitted",
    "fit": "fitting",
    "from_bytes": "fitted",
    "load": "fitted",
    "make_waves": "datasets",
    "read_idx": "idx",
}

__all__ = [
    "Config",
    "FittedGan",
    "__version__",
    "fit",
    "from_bytes",
    "load",
    "make_waves",
    "plot_images",
    "plot_losses",
    "plot_waves",
    "read_idx",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


# plot.py knows arrays only; what comes as a fit or as its trace is unpacked here.


def plot_waves(samples_or_fit: Any, ids: Sequence[int] | None = None, nrow: int | None = None) -> Figure:
    """Draw waves as small multiples on common axes, whose limits come from the data.

    Args:
        samples_or_fit: an array of n waves by m points; a fit of waves, which is asked for a sample with the fit's own
            seed, so that the same fit gives the same picture; or a fit's `trace`, drawn in one panel for each epoch
            (at most twelve, spread evenly), with the waves over each other.
        ids: which waves, by their row, counted from 0; None takes the first twelve.
        nrow: rows of panels; None chooses.

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
        samples_or_fit = gan.sample(max(ids) + 1, seed=gan.seed)
    elif _is_from_fitted(samples_or_fit, "Trace"):
        samples_or_fit = list(samples_or_fit)
    return plot.plot_waves(samples_or_fit, ids, nrow)


def plot_images(samples_or_fit: Any, ids: Sequence[int] | None = None, nrow: int | None = None) -> Figure:
    """Draw images side by side on one scale of brightness.

    Args:
        samples_or_fit: an array of n images by height by width, or by height by width by channels (1: grey; 2: grey and
            opacity; 3: red, green and blue; 4: these and opacity); a fit of images, which is asked for a sample with
            the fit's own seed, so that the same fit gives the same picture; or a fit's `trace`, drawn as one row of
            images for each epoch (at most twelve, spread evenly). Black is 0, and white the brightest value of all
            images drawn.
        ids: which images, by their row, counted from 0; None takes the first 24, of a trace the first twelve.
        nrow: rows of images; None chooses. Of a trace: the number of epochs that are shown.

    Returns:
        A matplotlib Figure: `.savefig("images.png")` writes it, a notebook shows it.

    Raises:
        ValueError: where there are no such images.
        ImportError: where matplotlib is not installed.
    """
    from . import plot

    if _is_from_fitted(samples_or_fit, "FittedGan"):
        gan = samples_or_fit
        if gan.kind != "image":
            raise ValueError(
                f"`samples_or_fit` must be a fit of images, not of a {gan.kind}. Draw gan.sample(n) yourself."
            )
        ids = plot.image_ids(ids)
        samples_or_fit = gan.sample(max(ids) + 1, seed=gan.seed)
    elif _is_from_fitted(samples_or_fit, "Trace"):
        samples_or_fit = list(samples_or_fit)
    return plot.plot_images(samples_or_fit, ids, nrow)


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
