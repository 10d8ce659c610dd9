"""200 steps with the settings of each article, as literally as a config can express them."""

import numpy as np
import pytest

import ganbridge
from ganbridge import Config

RNG = np.random.default_rng(3)
X = RNG.uniform(-5, 5, 1000)
S1 = {
    "activation": "relu", "label_noise": 0.01, "generator_lr": 1e-3, "discriminator_lr": 1e-3, "eps": 1e-7,
    "batch_size": 32, "scaling": "none",
}  # fmt: skip
S1_ADAM = {"optimizer": "adam", "betas": (0.5, 0.999)}
S1_RMSPROP = {"optimizer": "rmsprop", "rho": 0.9}
S5 = {
    "activation": {"generator": "leaky_relu", "discriminator": ("leaky_relu", "leaky_relu", "linear")},
    "leaky_slope": 0.01, "latent_dim": 2, "optimizer": "adam", "generator_lr": 2e-4, "discriminator_lr": 2e-4,
    "betas": (0.5, 0.999), "batch_size": "all",
}  # fmt: skip
SINE = np.stack([RNG.normal(2, 2, 1000)] * 2, 1)
SINE[:, 1] = np.sin(2 * SINE[:, 0]) + RNG.normal(0, 0.1, 1000)
# Simulated scores: 20 rows of two integers, the second increasing with the first.
DEPRESSION = RNG.integers(0, 28, 20)
SCORES = np.stack([DEPRESSION, np.clip(np.round(0.5 * DEPRESSION + 4 + RNG.normal(0, 4, 20)), 0, 21)], 1).astype(int)

# name: (data, kind, config, parameters of the generator, parameters of the discriminator)
RECIPES = {
    "S1 normal": (
        RNG.normal(2, 4, (1000, 1)), "table",
        Config(objective="non_saturating", generator_hidden=(), discriminator_hidden=(8,), latent_dim=1,
               **S1, **S1_ADAM),
        1 + 1, (1 + 1) * 8 + 8 + 1,
    ),
    "S1 mixture": (
        np.where(RNG.random(1000) < 0.5, RNG.normal(2, 1, 1000), RNG.normal(8, 2, 1000))[:, None], "table",
        Config(objective="non_saturating", generator_hidden=(16,), discriminator_hidden=(32, 16), latent_dim=1,
               **S1, **S1_ADAM),
        2 * 16 + 17, 2 * 32 + 33 * 16 + 17,
    ),
    "S1 bivariate": (
        RNG.multivariate_normal([2, 2], [[1, 0.5], [0.5, 1]], 1000), "table",
        Config(objective="non_saturating", generator_hidden=(), discriminator_hidden=(64,), latent_dim=2,
               **S1, **S1_RMSPROP),
        3 * 2, 3 * 64 + 65,
    ),
    "S1 sine of x1": (
        SINE, "table",
        Config(objective="focal", focal_gamma=2, generator_hidden=(8, 16, 32, 64), discriminator_hidden=(64, 32, 16),
               latent_dim=2, **S1, **S1_RMSPROP),
        3 * 8 + 9 * 16 + 17 * 32 + 33 * 64 + 65 * 2, 3 * 64 + 65 * 32 + 33 * 16 + 17,
    ),
    "S3 waves": (
        ganbridge.make_waves(200, 250, seed=1), "wave",
        Config(objective="non_saturating", generator_hidden=(16, 32, 64), discriminator_hidden=(32, 16),
               activation="leaky_relu", leaky_slope=0.2, dropout=0.2, latent_dim=1, optimizer="adam",
               generator_lr=1e-3, discriminator_lr=0.2,
               betas={"generator": (0.9, 0.999), "discriminator": (0.5, 0.999)}, batch_size=32, scaling="none"),
        2 * 16 + 17 * 32 + 33 * 64 + 65 * 250, 251 * 32 + 33 * 16 + 17,
    ),
    "S4 quadratic": (
        np.stack([X, X**2 + 5], 1), "table",
        Config(objective="non_saturating", generator_hidden=(10, 10), discriminator_hidden=(10, 10),
               activation="leaky_relu", leaky_slope=0.2, latent_dim=2, optimizer="adam", generator_lr=1e-3,
               discriminator_lr=1e-3, betas=(0.9, 0.999), batch_size=256, scaling="none"),
        3 * 10 + 11 * 10 + 11 * 2, 3 * 10 + 11 * 10 + 11,
    ),
    "S5 sine": (
        np.stack([X, np.sin(X)], 1)[:256], "table",
        Config(objective="non_saturating", generator_hidden=(128, 128), discriminator_hidden=(128, 128, 2),
               scaling="none", **S5),
        3 * 128 + 129 * 128 + 129 * 2, 3 * 128 + 129 * 128 + 129 * 2 + 3,
    ),
    "S5 survey": (
        SCORES, "table",
        Config(objective="non_saturating", generator_hidden=(64, 64), discriminator_hidden=(64, 64, 2),
               scaling="range", **S5),
        3 * 64 + 65 * 64 + 65 * 2, 3 * 64 + 65 * 64 + 65 * 2 + 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RECIPES)
def test_200_steps(name):
    data, kind, config, generator, discriminator = RECIPES[name]
    rows = len(data) if config.batch_size == "all" else config.batch_size
    epochs = 200 // -(-len(data) // rows)
    gan = ganbridge.fit(data, kind=kind, seed=1, epochs=epochs, config=config)
    assert gan.history["step"].iloc[-1] == epochs * -(-len(data) // rows)
    assert 190 <= gan.history["step"].iloc[-1] <= 200
    assert np.isfinite(gan.history[["generator_loss", "discriminator_loss"]]).all(axis=None)
    assert [spec.parameter_count for spec in gan.specs] == [generator, discriminator]
    textbook = {"pack": 1, "r1": 0.0, "r2": 0.0, "ema": 0.0, "lr_schedule": "constant", "keep": "last", "members": 1}
    assert {field: getattr(gan.config, field) for field in textbook} == textbook
    for field, value in config.changed.items():
        if field != "batch_size":
            assert getattr(gan.config, field) == value
    assert gan.config.batch_size == rows
    sample = gan.sample(100, seed=1)
    assert sample.dtype == data.dtype
    assert (sample.min(0) >= data.min()).all() if kind == "wave" else (sample.min(0) >= data.min(0)).all()
    assert (sample.max(0) <= data.max()).all() if kind == "wave" else (sample.max(0) <= data.max(0)).all()
