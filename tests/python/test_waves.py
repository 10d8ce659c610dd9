"""Waves of several channels and of different lengths, walks between generated ones, and a sampling rate."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ganbridge
from ganbridge import Config, bridge
from ganbridge.data import Array, Ragged, from_python
from ganbridge.data.table import Matrix
from ganbridge.encode import WaveEncoder
from ganbridge.encode.components import components
from ganbridge.encode.unequal import unequal_components
from ganbridge.model.interpolation import WalkingNoise, spherical
from ganbridge.recipes import Grid

SCALINGS = ("components", "standard", "range", "none")
POINTWISE = SCALINGS[1:]
examples = settings(max_examples=40, derandomize=True, deadline=None, database=None)
T = np.arange(120) / 60.0
DELAY = 6  # points by which the second channel comes later


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def delayed(n: int, noise: float = 0.05, seed: int = 1) -> np.ndarray:
    """Sines of random phase and amplitude; the second channel is the first one, later, in another unit."""
    r = rng(seed)
    phase, amplitude = r.uniform(0, 2 * math.pi, (n, 1)), r.uniform(1, 3, (n, 1))
    channels = [amplitude * np.sin(2 * math.pi * (T - shift / 60.0) + phase) for shift in (0, DELAY)]
    return (np.stack(channels, 2) + noise * r.normal(size=(n, len(T), 2))) * [1.0, 100.0]


def growing(n: int, channels: int = 0, seed: int = 1) -> list[np.ndarray]:
    """Sines that are larger the longer they are; lengths from 40 to 120, half of them at most 60."""
    r = rng(seed)
    waves = []
    for _ in range(n):
        length = int(r.integers(40, 61) if r.random() < 0.5 else r.integers(61, 121))
        one = length / 40.0 * np.sin(2 * math.pi * T[:length])
        wave = one if not channels else np.stack([one * (k + 1.0) for k in range(channels)], 1)
        waves.append(wave + 0.05 * r.normal(size=wave.shape))
    return waves


def lengths_of(waves: list[np.ndarray]) -> np.ndarray:
    return np.array([len(wave) for wave in waves])


def ks(a: np.ndarray, b: np.ndarray) -> float:
    """Kolmogorov-Smirnov distance of two samples."""
    places = np.sort(np.concatenate([a, b]))
    shares = [np.searchsorted(np.sort(x), places, "right") / len(x) for x in (a, b)]
    return float(np.abs(shares[0] - shares[1]).max())


def ks_limit(n: int, m: int) -> float:
    """What two samples of one distribution exceed once in a thousand."""
    return 1.95 * math.sqrt((n + m) / (n * m))


# --- forms of waves -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float64", "float32", "int32"])
def test_arrays_and_lists_are_unchanged_by_a_round_trip(dtype):
    array = (10 * delayed(5)).astype(dtype)
    assert from_python(array).to_python().dtype == dtype
    np.testing.assert_array_equal(from_python(array).to_python(), array)
    for channels in (0, 1, 3):
        waves = [(10 * wave).astype(dtype) for wave in growing(6, channels)]
        data = from_python(waves)
        assert isinstance(data, Ragged)
        for wave, back in zip(waves, data.to_python(), strict=True):
            assert back.dtype == dtype
            np.testing.assert_array_equal(wave, back)


def test_a_list_may_hold_lists_or_be_an_array_of_objects():
    lists = [[1.0, 2.0, 3.0], [4.0, 5.0]]
    objects = np.empty(2, dtype=object)
    objects[:] = [np.array(wave) for wave in lists]
    for data in (lists, tuple(lists), objects):
        assert [wave.tolist() for wave in from_python(data).to_python()] == lists
    mixed = from_python([np.array([1, 2, 3]), np.array([4.5, 5.0])])
    assert mixed.type == "double"


def test_waves_of_equal_length_are_an_array():
    vectors, matrices = [np.arange(4.0), np.arange(4.0, 8.0)], [np.ones((4, 2)), np.zeros((4, 2))]
    assert isinstance(from_python(vectors), Matrix)
    assert isinstance(from_python(matrices), Array)
    flat = Ragged(np.arange(8.0)[:, None], np.array([4, 4]), True).regular()
    assert isinstance(flat, Matrix)
    np.testing.assert_array_equal(flat.values, np.stack(vectors))
    channels = Ragged(np.concatenate(matrices), np.array([4, 4]), False, names=["a", "b"]).regular()
    assert isinstance(channels, Array)
    assert channels.names == ["a", "b"]
    np.testing.assert_array_equal(channels.values, np.stack(matrices))


def test_columns_of_an_array_are_named_by_index_in_the_order_of_r():
    columns = Array(np.arange(24.0).reshape(2, 3, 4)).columns
    assert [column.name for column in columns[:4]] == ["1,1", "2,1", "3,1", "1,2"]
    assert columns[1].values.tolist() == [4.0, 16.0]


# --- encoding -------------------------------------------------------------------------------------------------------

shapes = st.tuples(st.integers(2, 20), st.integers(2, 12), st.integers(1, 3), st.integers(0, 999))
sizes = st.sampled_from([1e-200, 1e-3, 1.0, 1e5, 1e140])


@given(shapes, sizes, st.sampled_from(POINTWISE), st.sampled_from([None, 1, 0]))
@examples
def test_points_of_arrays_are_unchanged_by_encoding(shape, size, scaling, decimals):
    n, m, channels, seed = shape
    values = rng(seed).normal(0.0, 1.0, (n, m, channels)) * size * 10.0 ** np.arange(channels)
    values = values if decimals is None else values.round(decimals)
    if scaling == "none" and np.abs(values).max() > 1e30:
        return  # beyond float32
    data = from_python(values)
    encoder = WaveEncoder.fit(data, scaling, 0.0)
    encoded = encoder.encode(data, rng())
    assert encoded.shape == (n, m * channels)
    back = encoder.decode(encoded, rng()).values
    assert back.shape == values.shape
    reach = np.abs(values).max((0, 1)) if scaling != "none" else np.maximum(np.abs(values).max(), 1e-30)
    assert (np.abs(back - values) <= 1e-6 * reach).all()


@given(st.lists(st.integers(2, 30), min_size=2, max_size=25), st.integers(0, 3), st.sampled_from(SCALINGS), sizes)
@examples
def test_waves_of_different_lengths_are_unchanged_by_encoding(lengths, channels, scaling, size):
    if len(set(lengths)) == 1:
        lengths = [*lengths, lengths[0] + 3]
    if scaling == "none" and size > 1e30:
        return
    r = rng(len(lengths))
    waves = [r.normal(0.0, size, (length, channels) if channels else length) for length in lengths]
    data = from_python(waves)
    encoder = WaveEncoder.fit(data, scaling, 0.0)
    encoded = encoder.encode(data, rng())
    assert np.isfinite(encoded).all()
    assert encoded.shape == (len(waves), encoder.width)
    back = encoder.decode(encoded, rng())
    assert isinstance(back, Ragged)
    assert back.flat == (channels == 0)
    # A rare length represents the lengths around it that do not occur, and is decoded as the nearest one.
    known = np.unique(lengths)
    nearest = known[np.abs(back.lengths[:, None] - known).argmin(1)]
    ties = (np.abs(back.lengths[:, None] - known) == np.abs(back.lengths[:, None] - known).min(1)[:, None]).sum(1) > 1
    assert ((nearest == lengths) | ties).all()
    if scaling != "components":
        for wave, made in zip(waves, back.waves, strict=True):
            shared = min(len(wave), len(made))
            assert (np.abs(wave[:shared] - made[:shared]) <= 1e-6 * max(5 * size, 1e-30)).all()
            assert np.isin(made[shared:], made[shared - 1 :]).all()
    assert back.values.min() >= data.values.min()
    assert back.values.max() <= data.values.max()


def test_frequent_lengths_are_decoded_exactly():
    lengths = np.repeat([100, 250, 400], 40)
    waves = [rng(i).normal(size=length) for i, length in enumerate(lengths)]
    data = from_python(waves)
    for scaling in SCALINGS:
        encoder = WaveEncoder.fit(data, scaling, 0.0)
        assert encoder.decode(encoder.encode(data, rng()), rng()).lengths.tolist() == lengths.tolist()


@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("make", [lambda: delayed(30), lambda: growing(30), lambda: growing(30, 2)])
def test_an_encoder_is_the_same_from_its_state(scaling, make):
    data = from_python(make())
    encoder = WaveEncoder.fit(data, scaling, 0.1)
    again = WaveEncoder.from_state(*encoder.to_state())
    encoded = encoder.encode(data, rng())
    assert again.encode(data, rng()).tobytes() == encoded.tobytes()
    assert again.decode(encoded, rng()).values.tobytes() == encoder.decode(encoded, rng()).values.tobytes()
    assert again.width == encoder.width == encoded.shape[1]


@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize(
    "waves",
    [
        np.zeros((9, 5, 2)),
        np.stack([rng().normal(size=(9, 5)), np.full((9, 5), 7.0)], 2),
        np.ones((2, 1, 1)),
        np.arange(60.0).reshape(3, 4, 5),
        [np.zeros(3), np.zeros(5), np.zeros(9)],
        [np.arange(2.0), np.arange(200.0)],
        [np.arange(5.0)] * 9 + [np.arange(6.0)],
    ],
    ids=["constant", "a constant channel", "one point", "few", "constant lengths", "two waves", "one longer"],
)
def test_unusual_waves_are_fitted(waves, scaling):
    gan = ganbridge.fit(waves, kind="wave", epochs=2, seed=1, config=Config(scaling=scaling))
    sample = gan.sample(7, seed=1)
    values = sample if isinstance(sample, np.ndarray) else np.concatenate(sample)
    data = from_python(waves).values
    assert len(sample) == 7
    assert data.min() <= values.min()
    assert values.max() <= data.max()


# --- components -----------------------------------------------------------------------------------------------------


def test_one_channel_is_encoded_as_the_matrix_is():
    waves = ganbridge.make_waves(60, 40, seed=1)
    for scaling in SCALINGS:
        encoders = [WaveEncoder.fit(from_python(data), scaling, 0.0) for data in (waves, waves[:, :, None])]
        first, second = (
            e.encode(from_python(d), rng()) for e, d in zip(encoders, (waves, waves[:, :, None]), strict=True)
        )
        assert first.tobytes() == second.tobytes()
        decoded = [encoder.decode(first, rng()).values for encoder in encoders]
        assert decoded[0].tobytes() == decoded[1].tobytes()


def test_a_delayed_copy_needs_no_more_components():
    # A sine of any phase and amplitude has two components, and so have the two channels jointly.
    data = from_python(delayed(200))
    encoder = WaveEncoder.fit(data, "components", 0.0)
    assert encoder.width == 2
    back = encoder.decode(encoder.encode(data, rng()), rng()).values
    rest = (back - data.values).std((0, 1)) / [1.0, 100.0]
    np.testing.assert_allclose(rest, 0.05 * math.sqrt(2.0), rtol=0.1)


def test_the_noise_of_each_channel_is_estimated():
    waves = delayed(300) + rng(5).normal(size=(300, len(T), 2)) * [0.0, 50.0]
    encoder = WaveEncoder.fit(from_python(waves), "components", 0.0)
    noise = encoder.arrays["noise"].reshape(-1, 2).mean(0)
    np.testing.assert_allclose(noise, [0.05, math.hypot(5.0, 50.0)], rtol=0.1)
    assert encoder.width == 2


def test_components_of_waves_of_different_lengths_are_those_of_the_whole_waves():
    r = rng(3)
    whole = r.normal(size=(300, 1)) * np.sin(9 * T) + r.normal(size=(300, 1)) * np.cos(17 * T) * T
    whole = whole + 0.05 * r.normal(size=whole.shape)
    known = r.integers(40, 121, 300)
    values = np.where(np.arange(120) < known[:, None], whole, 99.0)  # unknown values must not matter
    found, wanted = unequal_components(values, known), components(whole)
    assert len(found["basis"]) == len(wanted["basis"]) == 2
    overlap = np.linalg.svd(found["basis"] @ wanted["basis"].T)[1]
    assert overlap.min() > 0.99
    np.testing.assert_allclose(found["noise"], 0.05, rtol=0.4)
    assert abs(found["noise"].mean() - 0.05) < 0.003


def test_the_length_may_depend_on_the_size():
    # The mean of the longer waves is larger than that of all waves: a model with means of each point would need
    # more than the one component that these waves have.
    data = from_python(growing(200))
    assert WaveEncoder.fit(data, "components", 0.0).width == 2


# --- fits -----------------------------------------------------------------------------------------------------------


def test_channels_keep_their_dependence(fit_seed, within):
    waves = delayed(200)
    gan = ganbridge.fit(waves, kind="wave", seed=fit_seed, config=Config(steps=3000))
    made = gan.sample(500, seed=2)
    assert made.shape == (500, 120, 2)
    of_one_wave, of_different_waves = [], []
    for x in (waves, made):
        early, late = x[:, :-DELAY, 0], x[:, DELAY:, 1]
        of_one_wave.append(np.median([np.corrcoef(a, b)[0, 1] for a, b in zip(early, late, strict=True)]))
        others = zip(x[:-1, :-DELAY, 0], x[1:, DELAY:, 1], strict=True)
        of_different_waves.append(np.median([np.corrcoef(a, b)[0, 1] for a, b in others]))
    assert of_one_wave[0] > 0.97
    assert abs(of_different_waves[0]) < 0.25
    # Channels that are generated independently would correlate like those of different waves.
    within("correlation of the channels of a wave", of_one_wave[1], low=0.97)
    within("correlation of channels of different waves", of_different_waves[1], -0.25, 0.25)


@pytest.mark.parametrize("channels", [0, 2])
def test_lengths_keep_their_distribution_and_depend_on_the_shape(channels, fit_seed, within):
    waves = growing(300, channels)
    gan = ganbridge.fit(waves, kind="wave", seed=fit_seed, config=Config(steps=3000))
    made = gan.sample(1000, seed=2)
    assert isinstance(made, list)
    assert {wave.ndim for wave in made} == {2 if channels else 1}
    real, new = lengths_of(waves), lengths_of(made)
    # Equal lengths would give .5 or more, and heights that do not depend on them would not correlate.
    within("Kolmogorov-Smirnov distance of the lengths", ks(real, new), high=ks_limit(300, 1000))
    assert real.min() <= new.min()
    assert new.max() <= real.max()
    height = np.array([np.quantile(wave if not channels else wave[:, 0], 0.9) for wave in made]) / new * 40.0
    wanted = np.array([np.quantile(wave if not channels else wave[:, 0], 0.9) for wave in waves]) / real * 40.0
    within("height for its length, off by", np.median(height) - np.median(wanted), -0.1, 0.1)
    within("correlation of length and height", np.corrcoef(new, height * new)[0, 1], low=0.9)


def test_a_shorter_sample_is_the_beginning_of_a_longer_one():
    gan = ganbridge.fit(growing(40), kind="wave", epochs=3, seed=1)
    longer = gan.sample(5000, seed=2)
    for n in (1, 7, 4500):
        for wave, same in zip(gan.sample(n, seed=2), longer, strict=False):
            assert wave.tobytes() == same.tobytes()
    assert len(longer) == 5000


def test_a_fit_prints_its_waves():
    config = Config(steps=5)
    lines = [
        str(ganbridge.fit(data, kind="wave", seed=1, config=config, rate=rate)).split("\n")[0]
        for data, rate in ((delayed(9), 60), (growing(9, 2), None), (growing(9), 0.5))
    ]
    assert lines[0] == "<ganbridge fit> wave: 9 waves of 120 points x 2 channels, 60 points per second"
    least, most = lengths_of(growing(9, 2)).min(), lengths_of(growing(9, 2)).max()
    assert lines[1] == f"<ganbridge fit> wave: 9 waves of {least} to {most} points x 2 channels"
    assert lines[2].endswith(" points, 0.5 points per second")


def test_moments_of_ragged_waves_are_those_of_lengths_and_values():
    waves = growing(20, 2)
    gan = ganbridge.fit(waves, kind="wave", epochs=1, seed=1)
    assert gan.moment_names == ["length", "channel 1", "channel 2"]
    values = np.concatenate(waves)
    np.testing.assert_allclose(gan.moment_columns["mean"], [lengths_of(waves).mean(), *values.mean(0)])
    highest = [np.sort(column)[-2:].mean() for column in (lengths_of(waves), *values.T)]  # of 20 waves, k is 2
    np.testing.assert_allclose(gan.moment_columns["max"], highest)


def test_the_rate_is_kept_and_has_no_effect(tmp_path):
    waves = ganbridge.make_waves(20, 30, seed=1)
    with_rate = ganbridge.fit(waves, kind="wave", epochs=2, seed=1, rate=250, trace=1)
    without = ganbridge.fit(waves, kind="wave", epochs=2, seed=1)
    assert with_rate.rate == 250.0
    assert without.rate is None
    assert with_rate.trace.rate == 250.0
    assert with_rate.sample(9, seed=1).tobytes() == without.sample(9, seed=1).tobytes()
    with_rate.save(tmp_path / "model.gan")
    assert ganbridge.load(tmp_path / "model.gan").rate == 250.0


def test_the_bridge_takes_and_returns_every_form():
    ragged = growing(12, 2)
    forms = {
        "array": {
            "container": "array",
            "values": np.asfortranarray(delayed(12)),
            "type": "double",
            "names": ["a", "b"],
        },
        "list": {
            "container": "list",
            "values": np.concatenate(ragged),
            "lengths": lengths_of(ragged),
            "flat": False,
            "type": "double",
            "names": None,
        },
    }
    for container, data in forms.items():
        result = bridge.fit(data, kind="wave", epochs=2.0, seed=1.0, rate=50.0, trace=1.0)
        assert result["schema"]["container"] == container
        assert result["rate"] == 50.0
        for sample in (bridge.sample(result["model"], 5, 1), bridge.interpolate(result["model"], 5.0, 1.0)):
            assert sample["container"] == container
            assert sample["names"] == data["names"]
        assert len(result["moments"]["name"]) == len(result["moments"]["mean"])
    same = ganbridge.fit(ragged, kind="wave", epochs=2, seed=1).sample(5, seed=1)
    made = bridge.sample(result["model"], 5, 1)
    assert np.concatenate(same).tobytes() == made["values"].tobytes()
    assert lengths_of(same).tolist() == made["lengths"].tolist()
    equal = forms["list"] | {"values": np.arange(24.0).reshape(12, 2), "lengths": [4, 4, 4]}
    assert bridge.fit(equal, kind="wave", epochs=1, seed=1)["schema"]["container"] == "array"


# --- walks ----------------------------------------------------------------------------------------------------------


def test_a_walk_stays_on_the_circle_and_has_the_given_ends():
    start, end = rng(1).normal(size=(2, 32))
    path = spherical(start, end, 11)
    assert path[0].tobytes() == start.tobytes()
    assert path[-1].tobytes() == end.tobytes()
    unit = [start / np.linalg.norm(start), end / np.linalg.norm(end)]
    lengths = np.linalg.norm(spherical(*unit, 11), axis=1)
    np.testing.assert_allclose(lengths, 1.0)  # a straight line would fall to about .7
    steps = np.linalg.norm(np.diff(spherical(*unit, 11), axis=0), axis=1)
    np.testing.assert_allclose(steps, steps[0])


@pytest.mark.parametrize(("start", "end"), [([1.0], [2.0]), ([1.0], [-2.0]), ([3.0, 1.0], [3.0, 1.0])])
def test_without_a_circle_the_walk_is_straight(start, end):
    path = spherical(np.array(start), np.array(end), 3)
    np.testing.assert_allclose(path[1], (np.array(start) + end) / 2.0)


def test_noise_of_a_walk_has_constant_size():
    noise = WalkingNoise(rng(1), 9).standard_normal((9, 20_000))
    np.testing.assert_allclose(noise.std(1), 1.0, atol=0.03)
    assert noise[[0, -1]].tobytes() == rng(1).standard_normal((2, 20_000)).tobytes()
    assert np.corrcoef(noise[3], noise[4])[0, 1] > 0.97
    part = WalkingNoise(rng(1), 9, start=4).standard_normal((3, 20_000))
    assert part.tobytes() == noise[4:7].tobytes()


DATA = {
    "table": ("table", np.stack([rng().normal(size=60), rng(1).poisson(3, 60)], 1)),
    "wave": ("wave", ganbridge.make_waves(60, 50, seed=1)),
    "channels": ("wave", delayed(60)),
    "ragged": ("wave", growing(60)),
}


@pytest.mark.parametrize("name", DATA)
def test_a_walk_goes_from_one_row_of_a_sample_to_the_next(name):
    kind, data = DATA[name]
    gan = ganbridge.fit(data, kind=kind, epochs=20, seed=1)
    walk, ends = gan.interpolate(9, seed=4), gan.sample(2, seed=4)
    assert type(walk) is type(data)
    assert len(walk) == 9
    assert walk[0].tobytes() == ends[0].tobytes()
    assert walk[-1].tobytes() == ends[1].tobytes()
    again = ganbridge.from_bytes(gan.to_bytes()).interpolate(9, seed=4)
    assert all(a.tobytes() == b.tobytes() for a, b in zip(walk, again, strict=True))
    assert gan.interpolate(2, seed=4)[1].tobytes() == ends[1].tobytes()


def test_a_long_walk_is_smooth_and_as_noisy_as_the_waves(fit_seed, within):
    waves = delayed(200)[:, :, 0]
    gan = ganbridge.fit(waves, kind="wave", seed=fit_seed, config=Config(steps=1500))
    walk = gan.interpolate(6000, seed=1)
    assert walk.shape == (6000, 120)
    steps = np.abs(np.diff(walk, axis=0)).max(1)
    # Steps between independent waves are 2 to 6 high.
    within("largest step of 6,000", steps.max(), high=0.05)
    rough = [np.diff(x, n=4, axis=1).std() for x in (waves, walk)]
    within("roughness beside that of the waves", rough[1] / rough[0], 0.6, 1.5)
    assert len({gan.interpolate(3)[0].tobytes() for _ in range(3)}) == 3


# --- labels and convolutions ----------------------------------------------------------------------------------------

CYCLES = (2.0, 5.0)
LABELLED = ganbridge.make_waves(120, 60, cycles=CYCLES, seed=1)
FAMILIES = ganbridge.make_waves(2, 60, cycles=CYCLES, noise=0.0)


def family(waves: np.ndarray) -> np.ndarray:
    """The family that each wave is nearest to."""
    return np.asarray(((waves[:, None] - FAMILIES) ** 2).mean(2).argmin(1))


@pytest.mark.parametrize(("network", "steps"), [("dense", 400), ("convolutional", 150)])
def test_waves_of_a_given_label_can_be_sampled(network, steps, fit_seed, within):
    labels = np.tile(["slow", "fast"], 60)
    config = Config(network=network, steps=steps)
    gan = ganbridge.fit(LABELLED, kind="wave", condition=labels, seed=fit_seed, config=config)
    # Labels without effect would give half of each family.
    for number, label in enumerate(("slow", "fast")):
        made = gan.sample(400, given={"label": label}, seed=1)
        within(f"share of the given label: {label}", (family(made) == number).mean(), low=0.95)
        amplitude = made @ FAMILIES[number] / (FAMILIES[number] @ FAMILIES[number])
        within(f"amplitude, really 1: {label}", amplitude.mean(), 0.9, 1.1)
    made, conditions = gan.sample_with_conditions(300, seed=2)
    right = np.where(family(made) == 0, "slow", "fast") == conditions["label"]
    within("share of the label drawn", right.mean(), low=0.95)
    assert 0.4 < (conditions["label"] == "slow").mean() < 0.6


def test_convolutional_networks_use_labels_with_waves_of_any_length(fit_seed, within):
    # Neither 9 nor 13 is a multiple of the stride; the label tells the sign.
    for shape in ((9, 1), (13, 3)):
        sign = np.tile([-1.0, 1.0], 40)
        waves = sign[:, None, None] * (1.0 + 0.1 * rng().normal(size=(80, *shape)))
        config = Config(network="convolutional", steps=200)
        labels = np.where(sign > 0, "1", "-1")
        gan = ganbridge.fit(waves, kind="wave", condition=labels, seed=fit_seed, config=config)
        for value in ("-1", "1"):
            made = gan.sample(50, given={"label": value}, seed=1)
            assert made.shape == (50, *shape)
            right = np.sign(made.mean((1, 2))) == float(value)
            within(f"share of the given label: {value}, {shape}", right.mean(), low=0.95)


@pytest.mark.parametrize("shape", [(250,), (30, 2), (2,), (17, 3), (300, 1)])
def test_points_are_on_a_grid_if_waves_have_equal_length(shape):
    data = from_python(rng().normal(size=(20, *shape)))
    grid = Grid(shape[:1], shape[1] if len(shape) > 1 else 1)
    for scaling in POINTWISE:
        encoder = WaveEncoder.fit(data, scaling, 0.0)
        assert encoder.grid == WaveEncoder.from_state(*encoder.to_state()).grid == grid
    assert WaveEncoder.fit(data, "components", 0.0).grid is None
    assert WaveEncoder.fit(from_python(growing(5)), "standard", 0.0).grid is None
