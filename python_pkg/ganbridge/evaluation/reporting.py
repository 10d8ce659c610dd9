"""What a user asks for in one call: an evaluation, or a page with all of it; unpacks a fit for them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import check
from ..data import Data, from_python
from ..model.protocol import is_fit
from ..plot.comparison import plot_compare
from ..plot.training import plot_losses
from .evaluation import evaluate_data, evaluate_fit
from .matching import SYNTHETIC, named
from .page import Shown, page
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
    """Judge generated rows beside real ones, and each figure beside what real rows reach in their place.

    The baseline has as many rows as the value: the holdout beside the real rows; without a holdout, one half of the
    real rows beside the other half, and the generated rows are compared with that half, too.

    Args:
        synthetic_or_fit: generated rows, in the form of the real ones; or a fit, which is asked for as many rows as
            `real` has.
        real: the rows that the fit was trained on: a DataFrame, or an array of n rows by p columns; waves or images.
        holdout: real rows that no training has seen.
        target: the column that models learn to predict, from generated and from real rows: its name, or in an array
            its number, counted from 0. Of images: the labels of the real ones, by which a small classifier learns in
            what features they differ; without labels, distances are taken between principal components of the pixels.
        seed: what rows are drawn with, for the sample of a fit, too; None takes the fit's own seed, and without a fit
            always the same one. The caller's random state stays as it is.
        kind: "table", "wave" or "image"; None takes the fit's, and "table" without a fit.

    Returns:
        A `Report`: `.to_frame()` has the columns metric, column, value, baseline and meaning; printing shows it,
        `.plot()` draws it, `.summary()` counts.

    Raises:
        ValueError, TypeError: for data that do not go together, and other arguments that can't be used.
        ImportError: where scikit-learn is not installed (`pip install 'ganbridge[evaluate]'`).

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> x = np.random.default_rng(1).normal(size=(200, 2))
        >>> x[:, 1] += x[:, 0]
        >>> gan = ganbridge.fit(x[:150], epochs=20, seed=1)
        >>> report = ganbridge.evaluate(gan, x[:150], holdout=x[150:], target=1)
        >>> print(report)
        <ganbridge evaluation> 150 generated rows beside 150 real ones, 50 held out
        ...
    """
    seed = None if seed is None else check.seed(seed)
    with named("real"):
        real = from_python(real)
    with named("holdout"):
        holdout = None if holdout is None else from_python(holdout)
    if is_fit(synthetic_or_fit):
        return evaluate_fit(synthetic_or_fit, real, holdout=holdout, target=target, seed=seed, kind=kind)
    with named("synthetic_or_fit"):
        synthetic = from_python(synthetic_or_fit)
    return evaluate_data(
        synthetic, real, kind="table" if kind is None else kind, holdout=holdout, target=target, seed=seed
    )


def report(
    fit: FittedGan,
    real: Any,
    file: str | os.PathLike[str] = "report.html",
    holdout: Any = None,
    target: Any = None,
    seed: int | None = None,
) -> None:
    """Write one HTML page about a fit: what was trained, figures with their baselines and meanings, pictures, privacy.

    Everything is inside the file: it can be sent and opened anywhere, and loads nothing from elsewhere. The same fit,
    data and seed give the same page, in R too.

    Args:
        fit: a fit made by `fit` or `load`.
        real, holdout, target, seed: as for `evaluate`.
        file: where to write; a file that is there already is replaced.

    Raises:
        TypeError, ValueError: for data that do not go together, and other arguments that can't be used.
        OSError: where the file can't be written; found out before anything is judged.
        ImportError: where scikit-learn or matplotlib is not installed.

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
    with named("real"):
        judged = from_python(real)
    with named("holdout"):
        kept = None if holdout is None else from_python(holdout)
    check.write_whole(path, report_page(fit, judged, kept, target, seed))


def report_page(gan: FittedGan, real: Data, holdout: Data | None, target: Any, seed: int | None) -> bytes:
    """The page, in UTF-8."""
    with named("fit", SYNTHETIC):
        found = evaluate_fit(gan, real, holdout=holdout, target=target, seed=seed)
    # As they print, but for what was found wrong, which has its own place.
    lines = [line.strip().partition("  ") for line in gan.describe()[1:] if not line.startswith("  !")]
    trained = [("data", gan.describe()[0].partition("> ")[2]), *((name, words.strip()) for name, _, words in lines)]
    text = page(
        found,
        trained=trained,
        config=gan.config.to_dict(),
        diagnosis=gan.diagnosis,
        pictures=_pictures(gan, real, found),
        version=gan.version,
    )
    return text.encode("utf-8")


def _pictures(gan: FittedGan, real: Data, found: Report) -> Iterator[Shown]:
    yield from _compared(gan, real)
    yield Shown(
        "Figures and their baselines",
        "The closer a dot lies to its ring, the closer generated rows come to what real rows reach.",
        found.plot(),
    )
    words = "A loss that runs away is a sign of trouble; a score is the distance from real rows while it was trained."
    if gan.epochs:
        yield Shown("Losses and score during training", words, plot_losses(gan))


def _compared(gan: FittedGan, real: Data) -> Iterator[Shown]:
    rows, grey = real.to_python(), "Real rows are grey, generated ones blue."
    if gan.kind == "image":
        words = "The first real ones and as many generated ones, all on one scale of brightness."
        yield Shown("Images, real above generated", words, plot_compare(gan, rows))
    elif real.channels is not None or real.is_ragged:
        words = "The first real ones and as many generated ones, each with all its channels."
        yield Shown("Waves, real above generated", words, plot_compare(gan, rows))
    elif gan.kind == "wave":
        yield Shown("Waves, real above generated", grey, plot_compare(gan, rows))
    else:
        yield Shown("Each column, real beside generated", grey, plot_compare(gan, rows))
        if len(real.columns) > 1:
            words = "Points with contours around the densest rows, boxes where one column has levels, tiles where both."
            yield Shown("Pairs of columns, real beside generated", words, plot_compare(gan, rows, by="pair"))
