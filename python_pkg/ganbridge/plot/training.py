"""Public plots of a fit's training: losses, and the samples that it traced."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .. import check
from ..kinds import KINDS
from .data.losses import losses_of
from .fits import the_fit, traced_fit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..model.fitted import FittedGan


def plot_losses(fit: FittedGan) -> Figure:
    """Draw the losses of both networks over the epochs: as they were in thin lines, their trend in thick ones.

    A loss says little about the quality of the sample; one that diverges says that the training failed. If scores were
    computed during training (lower is better), they are drawn in a second panel, with the epoch that was kept. A table
    whose prior is a mixture has no generator that is trained: the loss is that of the discriminator on held-out rows,
    after each of its trees.

    Returns:
        A matplotlib Figure: `.savefig("losses.png")` writes it, a notebook shows it.

    Raises:
        TypeError: if `fit` is not a fit.
        ValueError: if no loss is finite.
        ImportError: if matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> waves = ganbridge.make_waves(n=40, m=50, seed=1)
        >>> gan = ganbridge.fit(waves, kind="wave", epochs=5, seed=1)
        >>> ganbridge.plot_losses(gan).savefig("losses.png")
    """
    from . import draw

    gan = the_fit(fit)
    return draw.draw_losses(losses_of(gan.history_columns, kept=int(gan.kept["epoch"])))


def plot_training(
    fit: FittedGan, real: Any = None, *, columns: Sequence[Any] | None = None, nrow: int | None = None
) -> Figure:
    """Draw the samples that a fit traced while it trained, one panel for each epoch.

    A table of one column is drawn as densities: of generated rows in blue, of real rows in grey behind them, and dashed
    that of the standard normal noise that a generator starts from (if the axis has no room for it, with the mean and sd
    of the column, "rescaled"). A peak of more than twice the height of the real rows' highest is cut. Two columns are
    drawn as scatter plots whose contours hold the densest 90 and 50 percent of the rows, more columns (at most four) as
    a row of densities each, for four epochs. Levels are drawn as bars, waves over each other in each panel, images as a
    row for each epoch.

    Args:
        fit: a fit with a `trace`. Of more than twelve epochs twelve are drawn, most of them early.
        real: the real rows, a DataFrame or an array with the same columns; real waves or images, which are drawn as
            the last panel or row.
        columns: of a table, by name or by index counted from 0; None takes the first four at most.
        nrow: rows of panels; None chooses. Of images: the number of epochs.

    Returns:
        A matplotlib Figure.

    Raises:
        TypeError: if `fit` is not a fit, or `real` is no data.
        ValueError: if the fit has no trace, or there are no such columns.
        ImportError: if matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> x = np.random.default_rng(1).normal(size=(200, 2))
        >>> gan = ganbridge.fit(x, epochs=20, seed=1, trace=5)
        >>> ganbridge.plot_training(gan, x).savefig("training.png")
    """
    gan = traced_fit(fit)
    figure: Figure = KINDS[gan.kind].part("plot").training(gan, real, columns, nrow)
    return figure


def animate_training(
    fit: FittedGan,
    file: str | os.PathLike[str],
    real: Any = None,
    *,
    columns: Sequence[Any] | None = None,
    fps: float | None = None,
) -> None:
    """Write the samples that a fit traced as an animation, one frame for each epoch: a GIF, or an animated PNG.

    The frames show what `plot_training` draws side by side, on axes common to all of them. Of more than 100 epochs 100
    are drawn, spread evenly; the last frame stays for two seconds.

    Args:
        fit: a fit with a `trace`.
        file: the path to write to, which ends in .gif, .png or .apng.
        real: the real rows, a DataFrame or an array with the same columns; real waves, which are drawn behind the
            generated ones; or real images, beside them.
        columns: of a table, by name or by index counted from 0; None takes the first four at most.
        fps: frames per second, from 0.1 to 50; None makes an animation of about eight seconds.

    Raises:
        TypeError: if `fit` is not a fit, or `real` is no data.
        ValueError: if the fit has no trace, the path has another ending, or there are no such columns.
        OSError: if the file cannot be written; raised before anything is drawn.
        ImportError: if matplotlib or pillow is not installed.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> x = np.random.default_rng(1).normal(size=(200, 2))
        >>> gan = ganbridge.fit(x, epochs=20, seed=1, trace=5)
        >>> ganbridge.animate_training(gan, "training.gif", x)
    """
    from . import draw

    gan = traced_fit(fit)
    path = draw.animation_path(file)
    fps = None if fps is None else check.number("fps", fps, 0.1, 50)
    KINDS[gan.kind].part("plot").animate(gan, path, real, columns, fps)
