"""What a user asks for in one call: an evaluation; unpacks a fit for it."""

from __future__ import annotations

from typing import Any

from . import check
from .encode import from_python
from .evaluation import evaluate_data, evaluate_fit
from .findings import Report
from .matching import named
from .pictures import is_from_fitted


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
    seed = None if seed is None else check.seed(seed)
    with named("real"):
        real = from_python(real)
    with named("holdout"):
        holdout = None if holdout is None else from_python(holdout)
    if is_from_fitted(synthetic_or_fit, "FittedGan"):
        return evaluate_fit(synthetic_or_fit, real, holdout=holdout, target=target, seed=seed, kind=kind)
    with named("synthetic_or_fit"):
        synthetic = from_python(synthetic_or_fit)
    return evaluate_data(
        synthetic, real, kind="table" if kind is None else kind, holdout=holdout, target=target, seed=seed
    )
