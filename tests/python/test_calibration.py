"""Calibration: stored only if it moves something."""

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge import Config
from ganbridge.training.calibration import calibrate

WAVES = ganbridge.make_waves(60, 40, seed=1)
SMALL = {"generator_hidden": (8,), "discriminator_hidden": (8,), "steps": 20, "calibration": True}


@pytest.mark.parametrize("scaling", ["standard", "range", "none"])
def test_waves_without_normal_marginals_store_no_calibration(scaling):
    gan = ganbridge.fit(WAVES, kind="wave", seed=1, config=Config(**SMALL, scaling=scaling))
    assert gan.config.calibration
    assert gan.calibration is None
    assert len(gan.to_bytes()) < 100_000  # a map of 40 points takes 256,000
    again = ganbridge.from_bytes(gan.to_bytes())
    assert again.calibration is None
    assert np.array_equal(gan.sample(30, seed=2), again.sample(30, seed=2))


def test_an_identity_map_equals_no_map():
    # Fits of version 0.1.0 stored such a map for such waves.
    rng = np.random.default_rng(1)
    encoded = rng.normal(size=(50, 3)).astype(np.float32)
    quantiles = np.sort(rng.normal(size=(3, 400)), 1)
    moved = calibrate(encoded, np.stack([quantiles, quantiles]), np.zeros(3, dtype=bool))
    assert moved.dtype == np.float32
    assert np.array_equal(moved, calibrate(encoded, None, np.zeros(3, dtype=bool)))


@pytest.mark.parametrize(
    ("data", "kind"),
    [(WAVES, "wave"), (WAVES[:, :2], "table"), (pd.DataFrame({"level": ["a", "b", "b"] * 30}), "table")],
    ids=["components", "quantiles", "levels"],
)
def test_calibration_is_stored_if_it_changes_values(data, kind):
    gan = ganbridge.fit(data, kind=kind, seed=1, config=Config(**SMALL))
    assert gan.calibration is not None
    assert ganbridge.from_bytes(gan.to_bytes()).calibration.tobytes() == gan.calibration.tobytes()
