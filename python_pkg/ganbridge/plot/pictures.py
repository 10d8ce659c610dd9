"""Pictures of fits: what comes as a fit is unpacked here, because plot/ knows arrays and data frames only."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .. import check
from ..config import KINDS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..model.fitted import FittedGan

MOST_ROWS = 5000  # that a fit is asked for, to lie beside real ones


def is_from_fitted(value: Any, name: str) -> bool:
    """Whether `value` is an instance of that class; where fitted.py, and with it torch, was never loaded, it is not."""
    fitted = sys.modules.get("ganbridge.model.fitted")
    return fitted is not None and isinstance(value, getattr(fitted, name))


def _of_kind(gan: FittedGan, kind: str) -> FittedGan:
    if gan.kind != kind:
        raise ValueError(
            f"`samples_or_fit` must be a fit of {kind}s, not of a {gan.kind}. Draw gan.sample(n) yourself."
        )
    return gan


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
            where their ranges differ by more than a factor of ten, a strip each, which spans the channel's range (of
            at most four channels, it stands below the name). They have their names in a fit from R, whose data had
            some; otherwise they are numbered from 0.
        ids: which waves, by their row, counted from 0; None takes the first twelve.
        nrow: rows of panels; None chooses.
        labels: titles of the panels, one for each wave there is, or one for each that is shown.
        rate: points per second (Hz), for an axis of time; None takes the fit's own, points where it has none.

    Returns:
        A matplotlib Figure: `.savefig("waves.png")` writes it, a notebook shows it.

    Raises:
        ValueError: where there are no such waves.
        ImportError: where matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> waves = ganbridge.make_waves(n=40, m=50, seed=1)
        >>> ganbridge.plot_waves(waves, ids=range(6), labels=["slow", "fast"] * 20, rate=49).savefig("waves.png")
    """
    from . import draw

    channels = None
    if is_from_fitted(samples_or_fit, "FittedGan"):
        gan = _of_kind(samples_or_fit, "wave")
        ids = draw.wave_ids(ids)
        samples_or_fit, rate = gan.sample(max(ids) + 1, seed=gan.seed), gan.rate if rate is None else rate
        channels = gan.channels
    elif is_from_fitted(samples_or_fit, "Trace"):
        rate = samples_or_fit.rate if rate is None else rate
        channels, samples_or_fit = samples_or_fit.channels, list(samples_or_fit)
    return draw.plot_waves(samples_or_fit, ids, nrow, labels, rate, channels)


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

    Examples:
        >>> import ganbridge
        >>> ganbridge.plot_blends().savefig("blends.png")
    """
    from ..data.datasets import make_blends
    from . import draw

    if samples_or_fit is None:
        samples_or_fit = make_blends(n)
        rate = samples_or_fit.shape[1] - 1.0 if rate is None else rate
    elif is_from_fitted(samples_or_fit, "FittedGan"):
        gan = samples_or_fit
        if gan.kind != "wave":
            raise ValueError(f"`samples_or_fit` must be a fit of waves, not of a {gan.kind}.")
        rate = gan.rate if rate is None else rate
        samples_or_fit = gan.interpolate(n, seed=gan.seed if seed is None else seed)
        return draw.plot_blends(samples_or_fit, rate, gan.channels)
    return draw.plot_blends(samples_or_fit, rate)


def plot_images(samples_or_fit: Any, ids: Sequence[int] | None = None, nrow: int | None = None) -> Figure:
    """Draw images side by side on one scale of brightness.

    Args:
        samples_or_fit: an array of n images by height by width, or by height by width by channels (1: grey; 2: grey and
            opacity; 3: red, green and blue; 4: these and opacity); a fit of images, which is asked for a sample with
            the fit's own seed, so that the same fit gives the same picture; or a fit's `trace`, drawn as one row of
            images for each epoch (at most twelve, most of them early). Black is 0, and white the brightest value of all
            images drawn.
        ids: which images, by their row, counted from 0; None takes the first 24, of a trace the first twelve.
        nrow: rows of images; None chooses. Of a trace: the number of epochs that are shown.

    Returns:
        A matplotlib Figure: `.savefig("images.png")` writes it, a notebook shows it.

    Raises:
        ValueError: where there are no such images.
        ImportError: where matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> at = np.linspace(0, 1, 16)
        >>> spots = np.exp(-((at[:, None, None] - at) ** 2 + (0.5 - at[:, None]) ** 2) / 0.05)  # 16 images of 16 x 16
        >>> ganbridge.plot_images(spots).savefig("spots.png")
    """
    from . import draw

    if is_from_fitted(samples_or_fit, "FittedGan"):
        gan = _of_kind(samples_or_fit, "image")
        ids = draw.image_ids(ids)
        samples_or_fit = gan.sample(max(ids) + 1, seed=gan.seed)
    elif is_from_fitted(samples_or_fit, "Trace"):
        samples_or_fit = list(samples_or_fit)
    return draw.plot_images(samples_or_fit, ids, nrow)


def plot_losses(fit: FittedGan) -> Figure:
    """Draw the losses of both networks over the epochs: thin lines as they were, thick ones their trend.

    A loss says little about the quality of the sample; one that runs away says that the training failed. Where the
    training took scores (lower is better), they are drawn in a panel of their own below, with the epoch that was kept.

    Returns:
        A matplotlib Figure: `.savefig("losses.png")` writes it, a notebook shows it.

    Raises:
        TypeError: where `fit` is not a fit.
        ValueError: where no loss is finite.
        ImportError: where matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> waves = ganbridge.make_waves(n=40, m=50, seed=1)
        >>> gan = ganbridge.fit(waves, kind="wave", epochs=5, seed=1)
        >>> ganbridge.plot_losses(gan).savefig("losses.png")
    """
    from . import draw

    gan = _fit(fit)
    return draw.plot_losses(gan.history_columns, kept=int(gan.kept["epoch"]))


def plot_training(
    fit: FittedGan, real: Any = None, *, columns: Sequence[Any] | None = None, nrow: int | None = None
) -> Figure:
    """Draw the samples that a fit traced while it trained, one panel for each epoch.

    A table of one column becomes densities: the generated ones in blue, the real ones in grey behind them, and dashed
    the standard normal noise that a generator starts from (as it is where the axis has room for it, otherwise with the
    mean and sd of the column, "rescaled"). A peak of more than twice the height of the real rows' highest is cut. Two
    columns become scatter plots whose contours hold the densest 90 and 50 percent of the rows. More columns (at most
    four) become a row of densities each, for four epochs. Levels become bars. Waves are drawn over each other in each
    panel; images become a row for each epoch.

    Args:
        fit: a fit that was made with `trace`. Of more than twelve epochs twelve are drawn, most of them early.
        real: the real rows, a DataFrame or an array with the same columns; real waves or images, which are drawn as
            the last panel or row.
        columns: of a table, by name or by place counted from 0; None takes the first four at most.
        nrow: rows of panels; None chooses. Of images: the number of epochs.

    Returns:
        A matplotlib Figure.

    Raises:
        TypeError: where `fit` is not a fit, or `real` is no data.
        ValueError: where the fit has no trace, or there are no such columns.
        ImportError: where matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> x = np.random.default_rng(1).normal(size=(200, 2))
        >>> gan = ganbridge.fit(x, epochs=20, seed=1, trace=5)
        >>> ganbridge.plot_training(gan, x).savefig("training.png")
    """
    from . import draw

    gan = _traced(fit)
    samples = list(gan.trace or ())
    if gan.kind == "wave":
        _only_for_tables(gan.kind, columns=columns)
        truth = None if real is None else _real_waves(gan, real)
        return draw.plot_waves(samples, None, nrow, None, gan.rate, gan.channels, truth)
    if gan.kind == "image":
        _only_for_tables(gan.kind, columns=columns)
        return draw.plot_images(samples, None, nrow, real)
    return draw.plot_training(samples, real, columns, nrow)


def plot_compare(
    synthetic_or_fit: Any,
    real: Any,
    *,
    by: str = "column",
    columns: Sequence[Any] | None = None,
    nrow: int | None = None,
    kind: str | None = None,
    rate: float | None = None,
) -> Figure:
    """Draw real rows (grey) beside generated ones (blue), column by column or pair by pair.

    By column: numbers and dates are histograms, levels and texts are bars in the order of the levels (of texts, in the
    order of their frequency). The share of missing values has a bar of its own. By pair: scatter plots with contours,
    boxes where one column has levels, and tiles where both have. Whole numbers with at most twelve different values
    count as levels; of more than ten levels the most frequent nine are drawn, and "other".

    Args:
        synthetic_or_fit: generated rows (a DataFrame or an array), or a fit, which is asked for as many rows as it was
            made from (at most 5,000) with its own seed. Of waves and images, real ones are drawn above generated
            ones, as many as there are of both.
        real: the real rows, with the same columns; further ones are not drawn.
        by: "column" or "pair".
        columns: which columns, by name or by place counted from 0; None draws at most twelve panels.
        nrow: rows of panels; None chooses.
        kind: "table", "wave" or "image"; None takes the fit's, and "table" without a fit, as `evaluate` does.
        rate: points of a wave per second (Hz), for an axis of time; None takes the fit's own.

    Returns:
        A matplotlib Figure.

    Raises:
        TypeError: where `real` is no data, or a column holds what cannot be drawn.
        ValueError: where the columns differ, or there are none of that name; where waves or images of both sides
            have not the same channels or pixels.
        ImportError: where matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> x = np.random.default_rng(1).normal(size=(200, 2))
        >>> gan = ganbridge.fit(x, epochs=20, seed=1)
        >>> ganbridge.plot_compare(gan, x, by="pair").savefig("pairs.png")
    """
    from . import draw

    if is_from_fitted(synthetic_or_fit, "FittedGan"):
        gan = synthetic_or_fit
        check.kind_of_fit(kind, gan.kind)
        kind, channels = gan.kind, gan.channels
        rate = gan.rate if rate is None else rate
        real = _real_waves(gan, real) if kind == "wave" else real
        most = {"wave": draw.BESIDE, "image": draw.MOST_IMAGES}.get(kind, min(gan.data_schema.rows, MOST_ROWS))
        synthetic_or_fit = gan.sample(most, seed=gan.seed)
    else:
        kind, channels = check.choice("kind", "table" if kind is None else kind, KINDS[1:]), None
    rate = None if rate is None else check.rate(rate, kind)
    if kind == "table":
        return draw.plot_compare(synthetic_or_fit, real, by, columns, nrow)
    _only_for_tables(kind, columns=columns)
    if kind == "wave":
        return draw.compare_waves(synthetic_or_fit, real, nrow, rate, channels)
    return draw.compare_images(synthetic_or_fit, real, nrow)


def plot_walk(
    walk: Any,
    real: Any = None,
    *,
    by: str = "column",
    columns: Sequence[Any] | None = None,
    nrow: int | None = None,
) -> Figure:
    """Draw rows of a table in their order, as they come from a walk through the latent space.

    Args:
        walk: a DataFrame or an array of at least two rows, as a fit's `interpolate` gives it.
        real: the real rows, with the same columns, or None.
        by: "column" draws each column over the steps of the walk; a grey band holds the middle 90 percent of the real
            rows. "pair" draws the path through each pair of columns, with the real rows in grey behind it; the walk
            starts at the ring and ends at the dot.
        columns: which columns, by name or by place counted from 0; None draws at most twelve panels.
        nrow: rows of panels; None chooses.

    Returns:
        A matplotlib Figure.

    Raises:
        TypeError: where `walk` or `real` is no data.
        ValueError: where there are fewer than two rows, or no such columns.
        ImportError: where matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> x = np.random.default_rng(1).normal(size=(200, 2))
        >>> gan = ganbridge.fit(x, epochs=20, seed=1)
        >>> ganbridge.plot_walk(gan.interpolate(20, seed=2), x, by="pair").savefig("walk.png")
    """
    from . import draw

    return draw.plot_walk(walk, real, by, columns, nrow)


def animate_training(
    fit: FittedGan,
    file: str | os.PathLike[str],
    real: Any = None,
    *,
    columns: Sequence[Any] | None = None,
    fps: float | None = None,
) -> None:
    """Write the samples that a fit traced as a film, one frame for each epoch: a GIF, or an animated PNG.

    What `plot_training` draws side by side follows each other here, on axes common to all frames. Of more than 100
    epochs 100 are drawn, spread evenly; the last frame stands for two seconds.

    Args:
        fit: a fit that was made with `trace`.
        file: where to write: a path that ends in .gif, .png or .apng.
        real: the real rows, a DataFrame or an array with the same columns; real waves, which are drawn behind the
            generated ones; or real images, beside them.
        columns: of a table, by name or by place counted from 0; None takes the first four at most.
        fps: frames per second, from 0.1 to 50; None makes a film of about eight seconds.

    Raises:
        TypeError: where `fit` is not a fit, or `real` is no data.
        ValueError: where the fit has no trace, the path has another ending, or there are no such columns.
        OSError: where the file cannot be written; found out before anything is drawn.
        ImportError: where matplotlib or pillow is not installed.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> x = np.random.default_rng(1).normal(size=(200, 2))
        >>> gan = ganbridge.fit(x, epochs=20, seed=1, trace=5)
        >>> ganbridge.animate_training(gan, "training.gif", x)
    """
    from .draw import animation

    gan = _traced(fit)
    path = animation.film_path(file)
    fps = None if fps is None else check.number("fps", fps, 0.1, 50)
    samples = list(gan.trace or ())
    if gan.kind == "wave":
        _only_for_tables(gan.kind, columns=columns)
        truth = None if real is None else _real_waves(gan, real)
        animation.animate_waves(path, samples, fps, truth, gan.rate, gan.channels)
    elif gan.kind == "image":
        _only_for_tables(gan.kind, columns=columns)
        animation.animate_images(path, samples, fps, real)
    else:
        animation.animate_table(path, samples, real, columns, fps)


def _fit(fit: Any) -> FittedGan:
    if not is_from_fitted(fit, "FittedGan"):
        check.fail("fit", "a fit made by fit() or load()", fit, error=TypeError)
    gan: FittedGan = fit
    return gan


def _traced(fit: Any) -> FittedGan:
    gan = _fit(fit)
    if gan.trace_epochs is None:
        raise ValueError("`fit` must be a fit with a trace, not one without. Fit with, for example, trace=100.")
    return gan


def _only_for_tables(kind: str, **arguments: Any) -> None:
    for name, value in arguments.items():
        if value is not None:
            raise ValueError(f"`{name}` must be left out for {kind}s.")


def _real_waves(gan: FittedGan, real: Any) -> list[Any]:
    """Real waves, once it is known that they have the points and channels of the fit."""
    from . import draw

    waves, schema = draw.as_waves(real, "real"), gan.data_schema
    points: int | None
    points, channels = (schema.shape or (len(gan.moment_columns["mean"]), 1))[:2]
    if schema.channels is not None:
        points, channels = None, schema.channels
    if waves[0].shape[1] != channels or (points and {len(wave) for wave in waves} != {points}):
        words = [f"{points} points"] * bool(points) + [f"{channels} channels"] * (channels > 1 or not points)
        check.fail("real", f"waves of {' and '.join(words)}, as the generated ones", real)
    return waves
