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
    from .findings import Report
    from .fitted import FittedGan, from_bytes, load
    from .fitting import fit

# Loaded when first asked for, because torch takes seconds.
_HOMES = {
    "Config": "config",
    "Report": "findings",
    "FittedGan": "fitted",
    "fit": "fitting",
    "from_bytes": "fitted",
    "load": "fitted",
    "make_waves": "datasets",
}

__all__ = [
    "Config",
    "FittedGan",
    "Report",
    "__version__",
    "evaluate",
    "fit",
    "from_bytes",
    "load",
    "make_waves",
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


def evaluate(
    synthetic_or_fit: Any,
    real: Any,
    holdout: Any = None,
    target: Any = None,
    seed: int | None = None,
    kind: str | None = None,
) -> Report:
    """Judge generated rows beside real ones, and each figure beside what real rows reach in their place.

    The baseline has as many rows as the value: the holdout beside the real rows; without a holdout, one half of the
    real rows beside the other half, and the generated rows are compared with that half, too.

    Args:
        synthetic_or_fit: generated rows, in the form of the real ones; or a fit, which is asked for as many rows as
            `real` has.
        real: the rows that the fit was trained on: a DataFrame, or an array of n rows by p columns.
        holdout: real rows that no training has seen.
        target: the column that models learn to predict, from generated and from real rows: its name, or in an array
            its number, counted from 0.
        seed: what rows are drawn with, for the sample of a fit, too; None takes the fit's own seed, and without a fit
            always the same one. The caller's random state stays as it is.
        kind: "table" or "wave"; None takes the fit's, and "table" without a fit.

    Returns:
        A `Report`: `.to_frame()` has the columns metric, column, value, baseline and meaning; printing shows it,
        `.plot()` draws it, `.summary()` counts.

    Raises:
        ValueError, TypeError: for data that do not go together, and other arguments that can't be used.
        ImportError: where scikit-learn is not installed (`pip install 'ganbridge[evaluate]'`).
    """
    from . import check, matching
    from .encode import from_python
    from .evaluation import evaluate_data, evaluate_fit

    seed = None if seed is None else check.seed(seed)
    with matching.named("real"):
        real = from_python(real)
    with matching.named("holdout"):
        holdout = None if holdout is None else from_python(holdout)
    if _is_from_fitted(synthetic_or_fit, "FittedGan"):
        return evaluate_fit(synthetic_or_fit, real, holdout=holdout, target=target, seed=seed, kind=kind)
    with matching.named("synthetic_or_fit"):
        synthetic = from_python(synthetic_or_fit)
    return evaluate_data(
        synthetic, real, kind="table" if kind is None else kind, holdout=holdout, target=target, seed=seed
    )


def _is_from_fitted(value: Any, name: str) -> bool:
    """Whether `value` is an instance of that class; where fitted.py, and with it torch, was never loaded, it is not."""
    fitted = sys.modules.get(f"{__name__}.fitted")
    return fitted is not None and isinstance(value, getattr(fitted, name))
