"""Data to try things on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import check


def make_waves(
    n: int = 200,
    m: int = 250,
    amplitude: Sequence[float] = (1.0, 3.0),
    cycles: Sequence[float] = (2.0, 10.0),
    noise: float = 0.05,
    seed: int | None = None,
) -> np.ndarray:
    """Noisy sine waves of several families, as in Oehm's "Basics and intuition behind GANs".

    Row i belongs to family i mod k of the k families: amplitude[j] * sin(2 pi cycles[j] t) at m points t from 0 to 1,
    plus normal noise. With the defaults that is sin(2 pi 2 t) and 3 sin(2 pi 10 t), turn by turn.

    Args:
        n: number of waves.
        m: points of each wave.
        amplitude: amplitude of each family.
        cycles: cycles over the whole wave, one per family.
        noise: standard deviation of the noise.
        seed: a whole number; the same seed gives the same waves. None draws other waves each time.

    Returns:
        An array of shape (n, m).

    Raises:
        ValueError: if a count is not a whole number, or there is not one amplitude for each number of cycles.

    Examples:
        >>> import ganbridge
        >>> ganbridge.make_waves(n=4, m=100, amplitude=[1, 2], cycles=[1, 3], seed=1).shape
        (4, 100)
    """
    n, m = check.whole("n", n), check.whole("m", m, 2)
    noise = check.number("noise", noise, 0.0)
    seed = None if seed is None else check.seed(seed)
    amplitudes = check.sequence("amplitude", amplitude, check.number, "a list of numbers")
    frequencies = check.sequence("cycles", cycles, check.number, "a list of numbers")
    if not amplitudes:
        check.fail("amplitude", "a list of at least one number", list(amplitudes))
    if len(amplitudes) != len(frequencies):
        check.fail("cycles", f"one number for each amplitude ({len(amplitudes)})", list(frequencies))
    rng = np.random.default_rng(seed)
    t = np.linspace(0.0, 1.0, m)
    family = np.arange(n) % len(amplitudes)
    templates = np.stack([a * np.sin(2.0 * np.pi * p * t) for a, p in zip(amplitudes, frequencies, strict=True)])
    return np.asarray(templates[family] + noise * rng.standard_normal((n, m)))


def make_blends(n: int = 48, m: int = 250) -> np.ndarray:
    """Blends (n, m) of sin(2 pi 2 t) and 3 sin(2 pi 10 t) at m points t from 0 to 1, from the one wave to the other.

    They make the title figure of Oehm's "Basics and intuition behind GANs".

    Raises:
        ValueError: if a count is not a whole number of at least 2.
    """
    n, m = check.whole("n", n, 2), check.whole("m", m, 2)
    share, t = np.linspace(0.0, 1.0, n)[:, None], np.linspace(0.0, 1.0, m)
    return np.asarray((1.0 - share) * np.sin(2.0 * np.pi * 2.0 * t) + share * 3.0 * np.sin(2.0 * np.pi * 10.0 * t))
