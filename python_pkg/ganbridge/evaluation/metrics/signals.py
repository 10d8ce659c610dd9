"""What waves are, each in few numbers: amplitude, dominant frequency, level, roughness; and their mean spectrum."""

from __future__ import annotations

import numpy as np

from ...data import Column
from .variables import Sample


def amplitude(waves: np.ndarray) -> np.ndarray:
    """Half the distance from the lowest to the highest point of waves (n, m): (n,), in the unit of the waves."""
    return np.asarray((waves.max(1) - waves.min(1)) / 2.0)


def power(waves: np.ndarray) -> np.ndarray:
    """Power (n, k) at 1, 2, ... cycles over the length of a wave, without the level (Schuster's periodogram 1898)."""
    spectra = np.asarray(np.abs(np.fft.rfft(waves - waves.mean(1, keepdims=True), axis=1))[:, 1:] ** 2)
    if waves.shape[1] % 2 == 0 and spectra.shape[1]:
        spectra[:, -1] /= 2.0  # every other frequency occurs twice in a transform, with its negative
    return spectra


def dominant_frequency(waves: np.ndarray) -> np.ndarray:
    """Cycles over the length of a wave at which its power is largest: (n,), from 1; 0 for a constant wave."""
    spectra = power(waves)
    flat = spectra.max(1) <= 1e-20 * np.maximum((waves**2).sum(1), 1e-300)
    return np.where(flat, 0.0, spectra.argmax(1) + 1.0)


def roughness(waves: np.ndarray) -> np.ndarray:
    """Root mean square of the second differences: (n,), small for a smooth wave, large for a noisy one."""
    if waves.shape[1] < 3:
        return np.zeros(len(waves))
    return np.asarray(np.sqrt((np.diff(waves, 2, axis=1) ** 2).mean(1)))


def spectrum_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Total variation of the mean spectra of waves (n, m) and (k, m), from 0 to 1."""
    shares = []
    for waves in (a, b):
        total = power(waves).mean(0)
        if not len(total) or total.sum() <= 0.0:
            return float("nan")
        shares.append(total / total.sum())
    return float(np.abs(shares[0] - shares[1]).sum() / 2.0)


def resampled(waves: list[np.ndarray], points: int) -> np.ndarray:
    """Waves (length,) of any lengths as (n, points), by straight lines between their points."""
    at = np.linspace(0.0, 1.0, points)
    return np.stack([np.interp(at, np.linspace(0.0, 1.0, len(wave)), wave) for wave in waves])


def signal_variables(waves: np.ndarray, suffix: str = "") -> Sample:
    """The numbers that a wave is described by, as columns; suffix: of their names, for one channel of several."""
    return [
        Column(f"amplitude{suffix}", "double", amplitude(waves)),
        Column(f"dominant frequency{suffix}", "double", dominant_frequency(waves)),
        Column(f"level{suffix}", "double", waves.mean(1)),
        Column(f"roughness{suffix}", "double", roughness(waves)),
    ]


def component_scores(samples: list[np.ndarray], most: int = 10) -> list[np.ndarray]:
    """Scores (n, k) of waves on the first principal components of all samples together, with sd 1 over all rows.

    Of all together, because components of one sample lie closer to its own waves than to those of any other.
    """
    waves = np.concatenate(samples)
    center = waves.mean(0)
    every = max(1, len(waves) // 2000)
    _, singular, basis = np.linalg.svd(waves[::every] - center, full_matrices=False)
    basis = basis[singular > 1e-8 * max(float(singular[0]), 1e-300)][:most]
    if not len(basis):
        basis = np.eye(1, waves.shape[1])
    scores = [np.einsum("nm,km->nk", part - center, basis) for part in samples]
    scale = np.concatenate(scores).std(0)
    return [score / np.where(scale > 0.0, scale, 1.0) for score in scores]
