"""Public plots of samples: waves, images, and waves that turn from one into another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..data.datasets import make_blends
from . import image, wave

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
            lengths; a fit of waves, from which waves are sampled with the fit's seed, so that the same fit gives the
            same plot; or a fit's `trace`, drawn in one panel for each epoch (at most twelve, most of them early), with
            the waves over each other. Channels have a colour each; more than six channels, or channels whose ranges
            differ by more than a factor of ten, have a strip each, which spans the channel's range (of at most four
            channels, it is written below the name). A fit from R keeps the names that its channels had; otherwise
            they are numbered from 0.
        ids: indices of the waves to draw, counted from 0; None takes the first twelve.
        nrow: rows of panels; None chooses.
        labels: titles of the panels, one for each wave, or one for each that is drawn.
        rate: points per second (Hz), for an axis of time; None takes the fit's rate, or counts points if it has none.

    Returns:
        A matplotlib Figure: `.savefig("waves.png")` writes it, a notebook shows it.

    Raises:
        ValueError: if there are no such waves.
        ImportError: if matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> waves = ganbridge.make_waves(n=40, m=50, seed=1)
        >>> ganbridge.plot_waves(waves, ids=range(6), labels=["slow", "fast"] * 20, rate=49).savefig("waves.png")
    """
    return wave.samples(samples_or_fit, ids, nrow, labels, rate)


def plot_blends(
    samples_or_fit: Any = None, n: int = 48, *, seed: int | None = None, rate: float | None = None
) -> Figure:
    """Draw waves that turn from one into another as areas behind each other, in a panel for each channel.

    Args:
        samples_or_fit: a fit of waves, which interpolates between two of them; None for blends of sin(2 pi 2 t) and
            3 sin(2 pi 10 t), the title figure of Oehm's "Basics and intuition behind GANs"; or waves in their order,
            as `plot_waves` takes them.
        n: how many waves, at least 2; waves that are given are all drawn.
        seed: seed of the interpolation; None takes, of the eight seeds from the fit's on, the one whose walk goes
            between the waves that differ most, so that the same fit gives the same plot.
        rate: points per second (Hz), for an axis of time; None takes the fit's rate, or counts points if it has none.

    Returns:
        A matplotlib Figure: `.savefig("blends.png")` writes it, a notebook shows it.

    Raises:
        ValueError: if there are no such waves.
        ImportError: if matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> ganbridge.plot_blends().savefig("blends.png")
    """
    if samples_or_fit is None:
        samples_or_fit = make_blends(n)
        rate = samples_or_fit.shape[1] - 1.0 if rate is None else rate
    return wave.blends(samples_or_fit, n, seed, rate)


def plot_images(samples_or_fit: Any, ids: Sequence[int] | None = None, nrow: int | None = None) -> Figure:
    """Draw images side by side on one scale of brightness.

    Args:
        samples_or_fit: an array of n images by height by width, or by height by width by channels (1: grey; 2: grey and
            opacity; 3: red, green and blue; 4: these and opacity); a fit of images, from which images are sampled with
            the fit's seed, so that the same fit gives the same plot; or a fit's `trace`, drawn as one row of images
            for each epoch (at most twelve, most of them early). Black is 0, and white the brightest value of all
            images drawn.
        ids: indices of the images to draw, counted from 0; None takes the first 24, of a trace the first twelve.
        nrow: rows of images; None chooses. Of a trace: the number of epochs that are shown.

    Returns:
        A matplotlib Figure: `.savefig("images.png")` writes it, a notebook shows it.

    Raises:
        ValueError: if there are no such images.
        ImportError: if matplotlib is not installed.

    Examples:
        >>> import ganbridge
        >>> import numpy as np
        >>> at = np.linspace(0, 1, 16)
        >>> spots = np.exp(-((at[:, None, None] - at) ** 2 + (0.5 - at[:, None]) ** 2) / 0.05)  # 16 images of 16 x 16
        >>> ganbridge.plot_images(spots).savefig("spots.png")
    """
    return image.samples(samples_or_fit, ids, nrow)
