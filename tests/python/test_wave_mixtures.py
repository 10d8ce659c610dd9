"""Fits of waves without networks: a mixture of normal distributions over the scores of their components."""

import numpy as np
import pytest
import torch

import ganbridge
from ganbridge import Config
from ganbridge.data import from_python
from ganbridge.encode.clusters import clusters
from ganbridge.encode.point_scores import PointScores
from ganbridge.encode.scaler import Scaler
from ganbridge.encode.wave_scores import WaveScores
from ganbridge.prior.local import LocalNormals
from ganbridge.prior.local_fit import fit_local

T = np.linspace(0.0, 1.0, 40)


def bumps(n, seed=1):
    """One bump at any place: a curve in the space of waves."""
    rng = np.random.default_rng(seed)
    place = rng.uniform(0.1, 0.9, (n, 1))
    return np.exp(-0.5 * ((T - place) / 0.06) ** 2) + 0.03 * rng.standard_normal((n, len(T)))


def mixed(n, seed=1):
    """A smooth channel, one of steps at four levels, one of uniform noise; float32."""
    rng = np.random.default_rng(seed)
    smooth = np.sin(2 * np.pi * (T + rng.random((n, 1))))
    steps = np.where(rng.random((n, 1)) > T, rng.choice([15.0, 17.0], (n, 1)), rng.choice([21.0, 21.5], (n, 1)))
    return np.stack([smooth, steps, rng.uniform(0.0, 50.0, (n, len(T)))], 2).astype(np.float32)


@pytest.fixture(scope="module")
def gan():
    return ganbridge.fit(mixed(300), kind="wave", seed=1, rate=10)


# --- which fits it is for ---------------------------------------------------------------------------------------------


def test_waves_from_50_on_are_fitted_without_networks(gan):
    assert gan.config.prior == "mixture"
    assert gan.specs == ()
    assert gan.rate == 10
    assert ganbridge.fit(bumps(49), kind="wave", seed=1, config=Config(steps=5)).config.prior == "normal"
    assert "mixture of" in str(gan)
    assert "trained" in str(gan)


@pytest.mark.parametrize("asked", [{"epochs": 1}, {"trace": 1, "epochs": 1}, {"condition": [0, 1] * 30, "epochs": 1}])
def test_what_asks_for_networks_gets_them(asked):
    assert ganbridge.fit(bumps(60), kind="wave", seed=1, **asked).config.prior == "normal"


def test_the_config_of_a_fit_makes_the_same_fit(gan):
    again = ganbridge.fit(mixed(300), kind="wave", seed=1, rate=10, config=gan.config)
    assert again.to_bytes() == gan.to_bytes()


def test_a_mixture_of_few_waves_can_be_asked_for():
    gan = ganbridge.fit(bumps(10), kind="wave", seed=1, config=Config(prior="mixture"))
    assert gan.sample(3, seed=1).shape == (3, 40)


# --- samples ----------------------------------------------------------------------------------------------------------


def test_samples_are_seeded_and_begin_alike(gan):
    long = gan.sample(5000, seed=3)  # more than a block
    assert np.array_equal(long[:4], gan.sample(4, seed=3))
    assert not np.array_equal(long[:4], gan.sample(4, seed=4))
    assert len(np.unique(long.reshape(5000, -1), axis=0)) == 5000


def test_saved_fits_sample_and_walk_the_same(gan):
    loaded = ganbridge.from_bytes(gan.to_bytes())
    assert np.array_equal(loaded.sample(5, seed=2), gan.sample(5, seed=2))
    assert np.array_equal(loaded.interpolate(5, seed=2), gan.interpolate(5, seed=2))
    assert str(loaded) == str(gan)


def test_walks_go_from_the_first_wave_of_a_sample_to_the_second(gan):
    walk = gan.interpolate(9, seed=5)
    assert np.array_equal(walk[[0, -1]], gan.sample(2, seed=5))


def test_walks_between_families_stay_in_them():
    waves = ganbridge.make_waves(200, seed=1)
    walk = ganbridge.fit(waves, kind="wave", seed=1).interpolate(30, seed=2)
    templates = ganbridge.make_waves(2, 250, noise=0.0, seed=0)
    error = np.sqrt(((walk[:, None] - templates[None]) ** 2).mean(2))
    assert len(set(error.argmin(1))) == 2  # of this seed
    assert error.min(1).max() < 0.15


def test_conditions_and_what_is_for_tables_is_refused(gan):
    with pytest.raises(ValueError, match="without conditions"):
        gan.sample(3, given={"a": 1})
    with pytest.raises(ValueError, match='`kind` must be "table" in the fit for imputation'):
        gan.impute(bumps(3))
    with pytest.raises(ValueError, match='`kind` must be "table" in the fit for densities'):
        gan.log_density(bumps(3))


def test_waves_of_different_lengths():
    rng = np.random.default_rng(1)
    waves = [row[: rng.integers(20, 41)] for row in bumps(120)]
    gan = ganbridge.fit(waves, kind="wave", seed=1)
    assert gan.config.prior == "mixture"
    lengths = [len(wave) for wave in gan.sample(200, seed=1)]
    assert min(lengths) >= 20
    assert max(lengths) <= 40
    assert len(set(lengths)) > 10


# --- what they look like ----------------------------------------------------------------------------------------------


def test_a_bump_at_any_place_stays_one_bump(fit_seed, within):
    made = ganbridge.fit(bumps(500), kind="wave", seed=fit_seed).sample(500, seed=1)
    place = T[made.argmax(1)]
    family = np.exp(-0.5 * ((T - place[:, None]) / 0.06) ** 2)
    close = np.sqrt(((made - family) ** 2).mean(1)) < 0.1
    within("share of one bump", close.mean(), low=0.85)  # one normal distribution: .1
    within("places", np.abs(np.quantile(place, [0.1, 0.5, 0.9]) - [0.18, 0.5, 0.82]).max(), high=0.08)


def test_steps_and_bounds_are_met(gan):
    made = gan.sample(500, seed=1)
    assert made.dtype == np.float32
    assert made.shape == (500, 40, 3)
    assert set(np.unique(made[:, :, 1])) <= {15.0, 17.0, 21.0, 21.5}
    noise = made[:, :, 2]
    assert noise.min() >= 0.0
    assert noise.max() <= 50.0
    assert abs((noise < 5.0).mean() - 0.1) < 0.03  # a normal distribution clipped at the bounds: .14


def test_channels_of_steps_and_noise_get_normal_scores_and_smooth_ones_do_not(gan):
    assert [scores is not None for scores in gan.encoder.channels] == [False, True, True]


def test_whole_numbers_and_names_come_back():
    waves = np.random.default_rng(1).poisson(0.7, (80, 30))
    gan = ganbridge.fit(waves, kind="wave", seed=1)
    made = gan.sample(50, seed=1)
    assert made.dtype == waves.dtype
    assert set(np.unique(made)) <= set(np.unique(waves))


def test_constant_waves_and_channels():
    waves = np.zeros((60, 20, 2))
    waves[:, :, 0] = bumps(60)[:, :20]
    made = ganbridge.fit(waves, kind="wave", seed=1).sample(5, seed=1)
    assert (made[:, :, 1] == 0.0).all()
    assert np.isfinite(made).all()
    assert (ganbridge.fit(np.full((60, 20), 3.0), kind="wave", seed=1).sample(5, seed=1) == 3.0).all()


# --- its parts --------------------------------------------------------------------------------------------------------


def test_held_out_waves_decide_how_many_components():
    rng = np.random.default_rng(1)
    one = rng.standard_normal((600, 4)).astype(np.float32)
    two = one * 0.3 + np.where(rng.random((600, 1)) < 0.5, -2.0, 2.0).astype(np.float32)
    assert fit_local(one, np.eye(4), seed=1).components == 1
    mixture = fit_local(two, np.eye(4), seed=1)
    assert mixture.components >= 2
    assert mixture.held_out["local 2"] > mixture.held_out["local 1"] + 0.5


def test_the_density_is_that_of_the_draws():
    mixture = LocalNormals(torch.tensor([0.25, 0.75]), torch.tensor([[-1.0], [2.0]]), torch.tensor([[[0.5]], [[1.0]]]))
    grid = torch.linspace(-8.0, 9.0, 4001, dtype=torch.float64)[:, None]
    density = mixture.log_density(grid).exp()
    assert float(torch.trapezoid(density, grid[:, 0])) == pytest.approx(1.0, abs=1e-6)
    generator = torch.Generator().manual_seed(1)
    u, normal = torch.rand(200_000, generator=generator).double(), torch.randn(200_000, 1, generator=generator).double()
    rows = mixture.rows(mixture.component(u), normal)[:, 0]
    assert float(rows.mean()) == pytest.approx(0.25 * -1.0 + 0.75 * 2.0, abs=0.02)
    assert float(((rows > -2.0) & (rows < 0.0)).double().mean()) == pytest.approx(
        float(density[(grid[:, 0] > -2.0) & (grid[:, 0] < 0.0)].sum() * 17.0 / 4000), abs=0.01
    )


def test_groups_are_those_far_apart():
    rng = np.random.default_rng(1)
    truth = np.repeat(np.arange(4), 50)
    rows = rng.standard_normal((200, 2)) * 0.1 + np.array([[0, 0], [5, 0], [0, 5], [5, 5]])[truth]
    label = clusters(rows, 4, seed=1)
    assert len({(a, b) for a, b in zip(truth, label, strict=True)}) == 4
    assert clusters(np.ones((10, 2)), 4, seed=1).max() == 0


def test_point_scores_are_normal_and_go_back():
    rng = np.random.default_rng(1)
    points = np.where(rng.random(20_000) < 0.4, 0.0, rng.gamma(2.0, 3.0, 20_000))
    scores = PointScores(Scaler.fit(points, "double", "quantile", k=10))
    encoded = scores.encode(points)
    assert len(np.unique(encoded[points == 0.0])) == 1
    inner = (points > 0.2) & (points < 15.0)
    assert np.abs(scores.decode(encoded, 0.0) - points)[inner].max() < 0.05
    assert (scores.decode(encoded[points == 0.0], 0.0) == 0.0).all()
    back = scores.decode(rng.standard_normal((20_000, 1)), 0.0)
    assert back.shape == (20_000, 1)
    assert (back == 0.0).mean() == pytest.approx(0.4, abs=0.02)
    assert np.abs(np.quantile(back, [0.5, 0.9, 0.99]) - np.quantile(points, [0.5, 0.9, 0.99])).max() < 0.5


def test_no_center_is_that_of_a_few_rows():
    rows = np.random.default_rng(1).standard_normal((300, 3)).astype(np.float32)
    rows[0] = 50.0  # alone
    mixture = fit_local(rows, np.eye(3), seed=1)
    assert float(mixture.weight.min()) * 300 >= 9.5


def test_distances_of_encoded_waves_are_those_of_waves():
    waves = mixed(300)
    encoder = WaveScores.fit(from_python(waves), "components", 0.0)
    seen = encoder.encode(from_python(waves), np.random.default_rng(1)) @ encoder.view
    smooth = waves[:, :, 0].astype(np.float64)
    near = ((smooth[:1] - smooth) ** 2).sum(1) / smooth.std() ** 2
    far = ((seen[:1] - seen) ** 2).sum(1)
    assert (far > 0.8 * near - 1.0).all()  # the smooth channel is seen in full
