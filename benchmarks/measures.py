"""Metrics of generated rows, as defined in training.md of the design notes."""

from __future__ import annotations

import numpy as np
from tasks import MODE_SD, Task

from ganbridge import make_waves
from ganbridge.evaluation.metrics.fidelity import energy_distance
from ganbridge.training.distances import directions, sliced_wasserstein

GENERATED, TRUTH, LEVELS, DIRECTIONS = 100_000, 200_000, 4_000, 128
SPLITS = 20


def resampling_ratio(generated: np.ndarray, training: np.ndarray, truth: np.ndarray) -> float:
    """d(generated, truth) / d(training, truth), d the sliced Wasserstein-1 distance in units of the truth's sd."""
    sd = truth.std(0)
    along = directions(truth.shape[1], DIRECTIONS)
    near, far = (sliced_wasserstein(rows / sd, truth / sd, along, LEVELS) for rows in (generated, training))
    return near / far


def mode_coverage(generated: np.ndarray, modes: np.ndarray) -> dict[str, float]:
    """Number of modes with 20 % of their expected share within 4 sd, and the share of rows within 4 sd of any mode."""
    distance = np.linalg.norm(generated[:, None] - modes[None], axis=2)
    good = distance.min(1) <= 4.0 * MODE_SD
    counts = np.bincount(distance.argmin(1)[good], minlength=len(modes))
    fair = len(generated) / len(modes)
    return {"modes": float((counts >= 0.2 * fair).sum()), "high quality": float(good.mean())}


def wave_families(generated: np.ndarray) -> dict[str, float]:
    """Share, closeness and amplitude of the two families of `make_waves`' defaults."""
    templates = make_waves(2, generated.shape[1], noise=0.0, seed=0)
    error = np.sqrt(((generated[:, None] - templates[None]) ** 2).mean(2))
    family = error.argmin(1)
    unit = templates / np.array([[1.0], [3.0]])
    metrics = {"share of first": float((family == 0).mean()), "within .15": float((error.min(1) <= 0.15).mean())}
    for i in (0, 1):
        fitted = generated[family == i] @ unit[i] / (unit[i] @ unit[i])
        metrics[f"amplitude {i + 1}"] = float(fitted.mean()) if len(fitted) else float("nan")
    return metrics


def energy_ratio(data: np.ndarray, sample: np.ndarray, seed: int) -> float:
    """Sum over splits of d(generated, held out) over that of d(training, held out), columns standardized."""
    rng = np.random.default_rng(seed)
    center, scale = data.mean(0), data.std(0)
    real, synthetic = (data - center) / scale, (sample - center) / scale
    above = below = 0.0
    for _ in range(SPLITS):
        order = rng.permutation(len(real))
        cut = round(0.8 * len(real))
        training, held_out = real[order[:cut]], real[order[cut:]]
        generated = synthetic[rng.choice(len(synthetic), cut, replace=False)]
        above += energy_distance(generated, held_out)
        below += energy_distance(training, held_out)
    return above / below


def evaluate(task: Task, fit: object, seed: int) -> dict[str, float]:
    """The metrics of one fit."""
    sample = fit.sample  # type: ignore[attr-defined]
    training = task.data(seed)
    if task.measure == "waves":
        return wave_families(sample(2000, seed=seed))
    if task.measure == "energy":
        return {"energy ratio": energy_ratio(training, sample(len(training) * 4, seed=seed), seed)}
    generated = sample(GENERATED, seed=seed)
    truth = task.draw(TRUTH, np.random.default_rng(seed))
    metrics = {"resampling ratio": resampling_ratio(generated, training, truth)}
    if task.name == "S1 bivariate":
        metrics["covariance / sample's"] = float(np.cov(generated.T)[0, 1] / np.cov(training.T)[0, 1])
    if task.measure == "modes":
        metrics |= mode_coverage(generated, task.modes)
    return metrics
