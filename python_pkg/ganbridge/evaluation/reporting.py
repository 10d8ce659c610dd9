"""What a user calls: `evaluate`, and `report` for a page with all of it; they unpack a fit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import check
from ..data import Data, from_python
from ..model.protocol import is_fit
from ..plot.training import plot_losses
from .evaluation import SYNTHETIC, evaluate_data, evaluate_fit
from .kind import Plot, evaluated_kind
from .page import page
from .result import Report

if TYPE_CHECKING:
    from ..model.fitted import FittedGan


def evaluate(
    synthetic_or_fit: Any,
    real: Any,
    holdout: Any = None,
    target: Any = None,
    seed: int | None = None,
    kind: str | None = None,
) -> Report:
    """Evaluate generated rows beside real ones: each metric beside what real rows reach instead of them.

    The baseline has as many rows as the value: the holdout compared with the real rows; without a holdout, one half of
    the real rows compared with the other half, and the generated rows are compared with that half, too.

    Args:
        synthetic_or_fit: generated rows, in the form of the real ones; or a fit, which is asked for as many rows as
            `real` has.
        real: the rows that the fit was trained on: a DataFrame, or an array of n rows by p columns; waves or images.
        holdout: real rows that no fit was trained on.
        target: the column that models are trained to predict, from generated and from real rows: its name, or in an
            array its index, counted from 0. Of images: the labels of the real ones, which a small classifier is trained
            on, whose features distances are taken between; without labels, they are taken between principal components
            of the pixels.
        seed: what rows are drawn with, for the sample of a fit, too; None takes the fit's own seed, and without a fit
            always the same one. The caller's random state stays as it is.
        kind: "table", "wave" or "image"; None takes the fit's, and "table" without a fit.

    Returns:
        A `Report`: `.to_frame()` has the columns metric, column, value, baseline and meaning; printing shows it,
        `.plot()` draws it, `.summary()` counts.

    Raises:
        ValueError, TypeError: for data that do not go together, and other arguments that can't be used.
        ImportError: if scikit-learn is not installed (`pip install 'ganbridge[evaluate]'`).

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> x = np.random.default_rng(1).normal(size=(200, 2))
        >>> x[:, 1] += x[:, 0]
        >>> gan = ganbridge.fit(x[:150], epochs=20, seed=1)
        >>> report = ganbridge.evaluate(gan, x[:150], holdout=x[150:], target=1)
        >>> print(report)
        <ganbridge evaluation> 150 generated and 150 real rows, 50 held out
        ...
    """
    seed = None if seed is None else check.seed(seed)
    real = from_python(real, "real")
    holdout = None if holdout is None else from_python(holdout, "holdout")
    if is_fit(synthetic_or_fit):
        return evaluate_fit(synthetic_or_fit, real, holdout=holdout, target=target, seed=seed, kind=kind)
    synthetic = from_python(synthetic_or_fit, SYNTHETIC)
    return evaluate_data(synthetic, real, kind=kind, holdout=holdout, target=target, seed=seed)


def report(
    fit: FittedGan,
    real: Any,
    file: str | os.PathLike[str] = "report.html",
    holdout: Any = None,
    target: Any = None,
    seed: int | None = None,
) -> None:
    """Write one HTML page about a fit: what was trained, metrics with their baselines and meanings, plots, privacy.

    Everything is inside the file: it can be sent and opened anywhere, and loads nothing from elsewhere. A click on the
    head of a table sorts it, and plots show values under the pointer. Plots show real rows, some of them at their own
    values: pass the file on only to people who may see the data. The same fit, data and seed give the same page, in R
    too.

    Args:
        fit: a fit made by `fit` or `load`.
        real, holdout, target, seed: as for `evaluate`.
        file: where to write; an existing file is replaced.

    Raises:
        TypeError, ValueError: for data that do not go together, and other arguments that can't be used.
        OSError: if the file can't be written; checked before anything is evaluated.
        ImportError: if scikit-learn or matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> x = np.random.default_rng(1).normal(size=(200, 2))
        >>> gan = ganbridge.fit(x, epochs=20, seed=1)
        >>> ganbridge.report(gan, x, "report.html")
    """
    if not is_fit(fit):
        check.fail("fit", "a fit made by fit() or load()", fit, error=TypeError)
    path = Path(check.writable("file", file))
    real = from_python(real, "real")
    kept = None if holdout is None else from_python(holdout, "holdout")
    check.write_whole(path, report_page(fit, real, kept, target, seed))


def report_page(gan: FittedGan, real: Data, holdout: Data | None, target: Any, seed: int | None) -> bytes:
    """The page, in UTF-8."""
    evaluation = evaluate_fit(gan, real, holdout=holdout, target=target, seed=seed, argument="fit")
    text = page(
        evaluation,
        trained=gan.facts(whole=True),
        relations=gan.relations,
        config=gan.config.to_dict(),
        diagnosis=gan.diagnosis,
        plots=_plots(gan, real, evaluation),
        version=gan.version,
    )
    return text.encode("utf-8")


def _plots(gan: FittedGan, real: Data, evaluation: Report) -> Iterator[Plot]:
    yield from evaluated_kind(gan.kind).plots(gan, real)
    yield Plot(
        "Metrics and their baselines",
        "The closer a dot lies to its ring, the closer generated rows come to what real rows reach.",
        evaluation.plot(),
    )
    words = "A loss that diverges is a sign of trouble; a score is the distance from real rows during training."
    if gan.epochs:
        yield Plot("Losses and score during training", words, plot_losses(gan))
