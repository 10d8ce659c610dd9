"""Unusual input: few distinct rows are no collapse, and extreme values give a result or one error."""

import warnings

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge import Config
from ganbridge.data.table import Matrix
from ganbridge.kinds import KINDS
from ganbridge.training.diagnosis import diagnose

RNG = np.random.default_rng(4)
OK = RNG.normal(size=(20, 2))
ROWS = {
    "continuous": lambda n: RNG.normal(size=(n, 2)),
    "counts": lambda n: RNG.poisson(3, (n, 2)).astype(float),
    "one count": lambda n: RNG.geometric(0.2, (n, 1)).astype(float),
    "yes and no": lambda n: (RNG.random((n, 4)) < 0.4).astype(float),
    "zeros and more": lambda n: np.where(RNG.random((n, 2)) < 0.6, 0.0, RNG.exponential(size=(n, 2))),
}


def findings(generated: np.ndarray, real: np.ndarray) -> list[str]:
    flags = {"diverged": False, "still_improving": False, "copies_matter": False}
    return diagnose(generated.astype(np.float32), real.astype(np.float32), Matrix(real), KINDS["table"], **flags)


@pytest.mark.parametrize("name", ROWS)
def test_few_distinct_rows_are_no_collapse(name):
    real, others = ROWS[name](400), ROWS[name](400)
    noise = RNG.normal(0.0, 0.05, real.shape)  # a generator is never exactly on a grid
    assert findings(others + noise, real) == []
    (found,) = findings(np.tile(real[:1], (len(real), 1)) + noise / 1000.0, real)
    assert found.startswith("collapse: ")
    assert "most lie where column" in found


def test_constant_data_does_not_collapse():
    gan = ganbridge.fit(np.full((30, 4), 3.5), epochs=2, seed=1)
    assert gan.diagnosis == []
    alike = np.tile(np.sin(np.arange(50.0)), (30, 1))
    assert ganbridge.fit(alike, kind="wave", epochs=2, seed=1).diagnosis == []


@pytest.mark.parametrize("margin", [1e300, 1.7e308])
@pytest.mark.parametrize("kind", ["table", "wave"])
def test_any_margin_gives_finite_numbers(margin, kind):
    for data in (RNG.poisson(3, (30, 2)), OK.round(2), OK * 1e140):
        gan = ganbridge.fit(data, kind=kind, epochs=1, seed=1, config=Config(range_margin=margin))
        assert np.isfinite(gan.sample(9, seed=1)).all()


def test_the_largest_float16_raises_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = np.array([[65504.0], [-65504.0], [1.0]], dtype="float16")
        made = ganbridge.fit(data, epochs=1, seed=1).sample(9, seed=1)
    assert np.isfinite(made).all()


@pytest.mark.parametrize("progress", [np.array([1, 2]), pd.DataFrame({"a": [1, 2]}), [True], 1])
def test_progress_is_one_of_three(progress):
    with pytest.raises(ValueError, match=r'^`progress` must be True, False or "auto", not '):
        ganbridge.fit(OK, progress=progress)


def test_details_of_messages():
    with pytest.raises(ValueError, match=r"^`log` must be the path of a file, not "):
        ganbridge.fit(OK, log="a\0b")
    with pytest.raises(ValueError, match=r"^`epochs` must be a whole number of at least 1, not True\."):
        ganbridge.fit(OK, epochs=np.True_)
