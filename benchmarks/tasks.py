"""The tasks on which quality is measured: training data, truth, and the settings of an article as a config."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ganbridge import Config, make_waves

Draw = Callable[[int, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Task:
    """draw(n, rng) gives rows of the truth; `rows` of them are the training data. epochs belong to the recipe."""

    name: str
    measure: str  # "resampling", "modes", "waves" or "energy"
    draw: Draw
    rows: int = 1000
    recipe: Config | None = None
    epochs: int | None = None
    kind: str = "table"
    modes: np.ndarray = field(default_factory=lambda: np.zeros((0, 2)))

    def data(self, seed: int) -> np.ndarray:
        """The training rows of a seed."""
        return self.draw(self.rows, np.random.default_rng(10_000 + seed))


def _normal(n: int, rng: np.random.Generator) -> np.ndarray:
    return rng.normal(2.0, 4.0, (n, 1))


def _mixture(n: int, rng: np.random.Generator) -> np.ndarray:
    return np.where(rng.random(n) < 0.5, rng.normal(2.0, 1.0, n), rng.normal(8.0, 2.0, n))[:, None]


def _bivariate(n: int, rng: np.random.Generator) -> np.ndarray:
    return rng.multivariate_normal([2.0, 2.0], [[1.0, 0.5], [0.5, 1.0]], n)


def _sine_of_x1(n: int, rng: np.random.Generator) -> np.ndarray:
    x = rng.normal(2.0, 2.0, n)
    return np.stack([x, rng.normal(np.sin(2.0 * x), 0.1)], 1)


def _quadratic(n: int, rng: np.random.Generator) -> np.ndarray:
    x = rng.uniform(-5.0, 5.0, n)
    return np.stack([x, x**2 + 5.0], 1)


def _sine(n: int, rng: np.random.Generator) -> np.ndarray:
    x = rng.uniform(-5.0, 5.0, n)
    return np.stack([x, np.sin(x)], 1)


RING = 2.0 * np.stack([np.cos(np.arange(8) * np.pi / 4), np.sin(np.arange(8) * np.pi / 4)], 1)
GRID = np.stack(np.meshgrid(np.arange(-4.0, 5.0, 2.0), np.arange(-4.0, 5.0, 2.0)), -1).reshape(-1, 2)
MODE_SD = 0.05


def _around(modes: np.ndarray) -> Draw:
    return lambda n, rng: modes[rng.integers(len(modes), size=n)] + rng.normal(0.0, MODE_SD, (n, 2))


def _waves(n: int, rng: np.random.Generator) -> np.ndarray:
    return make_waves(n, seed=int(rng.integers(2**31 - 1)))


def from_r(name: str) -> np.ndarray:
    """A data set of R, read by Rscript."""
    text = subprocess.run(
        ["Rscript", "--vanilla", "-e", f"write.csv({name}, row.names = FALSE)"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return np.genfromtxt(io.StringIO(text), delimiter=",", skip_header=1)


def _shipped(name: str) -> Draw:
    return lambda n, rng: from_r(name)


_S1: dict[str, Any] = {
    "activation": "relu",
    "scaling": "none",
    "label_noise": 0.01,
    "batch_size": 32,
    "eps": 1e-7,
    "generator_lr": 1e-3,
    "discriminator_lr": 1e-3,
}
_S5 = Config(
    objective="non_saturating",
    generator_hidden=(128, 128),
    discriminator_hidden=(128, 128, 2),
    activation={"generator": "leaky_relu", "discriminator": ("leaky_relu", "leaky_relu", "linear")},
    leaky_slope=0.01,
    latent_dim=2,
    scaling="none",
    batch_size="all",
)
_PLAIN_MODES = Config(  # no article has these two tasks; textbook settings, widths of the first search
    objective="non_saturating", generator_hidden=(128,) * 3, discriminator_hidden=(128,) * 3, batch_size=128,
    generator_lr=1e-3, discriminator_lr=1e-3, steps=10_000,
)  # fmt: skip

TASKS = [
    Task("S1 normal", "resampling", _normal, recipe=Config(
        objective="non_saturating", generator_hidden=(), discriminator_hidden=(8,), latent_dim=1, **_S1), epochs=150),
    Task("S1 mixture", "resampling", _mixture, recipe=Config(
        objective="non_saturating", generator_hidden=(16,), discriminator_hidden=(32, 16), latent_dim=1, **_S1),
        epochs=500),
    Task("S1 bivariate", "resampling", _bivariate, recipe=Config(
        objective="non_saturating", generator_hidden=(), discriminator_hidden=(64,), latent_dim=2,
        optimizer="rmsprop", rho=0.9, **_S1), epochs=300),
    Task("S1 sine of x1", "resampling", _sine_of_x1, recipe=Config(
        objective="focal", generator_hidden=(8, 16, 32, 64), discriminator_hidden=(64, 32, 16), latent_dim=2,
        optimizer="rmsprop", rho=0.9, **_S1), epochs=3000),
    Task("S4 quadratic", "resampling", _quadratic, recipe=Config(
        objective="non_saturating", generator_hidden=(10, 10), discriminator_hidden=(10, 10), latent_dim=2,
        generator_lr=1e-3, discriminator_lr=1e-3, betas=(0.9, 0.999), batch_size=256, scaling="none"), epochs=5000),
    Task("S5 sine", "resampling", _sine, 256, recipe=_S5, epochs=6000),
    Task("ring of 8", "modes", _around(RING), modes=RING, recipe=_PLAIN_MODES),
    Task("grid of 25", "modes", _around(GRID), modes=GRID, recipe=_PLAIN_MODES),
    Task("S3 waves", "waves", _waves, 200, kind="wave", recipe=Config(
        objective="non_saturating", generator_hidden=(16, 32, 64), discriminator_hidden=(32, 16), dropout=0.2,
        latent_dim=1, betas={"generator": (0.9, 0.999), "discriminator": (0.5, 0.999)}, generator_lr=1e-3,
        discriminator_lr=0.2, batch_size=32, scaling="none", steps=64_000)),
    Task("faithful", "energy", _shipped("faithful"), 272, recipe=_PLAIN_MODES),
    Task("quakes", "energy", _shipped("quakes"), 1000, recipe=_PLAIN_MODES),
]  # fmt: skip
