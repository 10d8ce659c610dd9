"""Encoding and decoding keep types, ranges and distributions."""

import os
import subprocess
import sys
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

import ganbridge
from ganbridge.data import from_python
from ganbridge.data.column import Column
from ganbridge.data.table import LARGEST, Frame, Matrix
from ganbridge.encode import TableEncoder, WaveEncoder
from ganbridge.encode.decimals import decimals_of
from ganbridge.encode.scaler import MOST_KNOTS, Scaler, normal_scores

TABLE_SCALINGS = ("quantile", "standard", "range", "none")
WAVE_SCALINGS = ("components", "standard", "range", "none")
examples = settings(max_examples=60, derandomize=True, deadline=None, database=None)

sizes = st.integers(2, 60)
anything = st.floats(-LARGEST, LARGEST)
floats = st.one_of(
    sizes.flatmap(lambda n: st_numpy.arrays(np.float64, n, elements=st.floats(-1e6, 1e6))),
    sizes.flatmap(lambda n: st_numpy.arrays(np.float64, n, elements=anything)),
    sizes.flatmap(lambda n: st_numpy.arrays(np.float64, n, elements=st.floats(-1e-290, 1e-290))),
    st.tuples(sizes, st.integers(0, 4), st.integers(0, 99)).map(
        lambda made: np.random.default_rng(made[2]).normal(0.0, 50.0, made[0]).round(made[1])
    ),
    st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.30000000000000004, 7.5]), min_size=2, max_size=40).map(np.array),
)
integers = st.one_of(
    sizes.flatmap(lambda n: st_numpy.arrays(np.int64, n, elements=st.integers(-20, 20))),
    sizes.flatmap(lambda n: st_numpy.arrays(np.int64, n, elements=st.integers(-(2**53), 2**53))),
    sizes.flatmap(lambda n: st_numpy.arrays(np.uint8, n)),
    sizes.flatmap(lambda n: st_numpy.arrays(np.int16, n)),
)
columns = st.one_of(floats, integers)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def column_of(values: np.ndarray, scaling: str) -> Scaler:
    kind = "integer" if values.dtype.kind in "iu" else "double"
    return Scaler.fit(values.astype(np.float64), kind, scaling, values.dtype.name)


def distance_from_normal(encoded: np.ndarray) -> float:
    """Kolmogorov-Smirnov distance from N(0, 1)."""
    shares = np.array([NormalDist().cdf(score) for score in np.sort(encoded)])
    return float(np.abs(shares - (np.arange(len(shares)) + 0.5) / len(shares)).max())


def distance_between(a: np.ndarray, b: np.ndarray) -> float:
    """Kolmogorov-Smirnov distance of two samples."""
    at = np.concatenate([a, b])
    shares = [np.searchsorted(np.sort(values), at, "right") / len(values) for values in (a, b)]
    return float(np.abs(shares[0] - shares[1]).max())


# --- one column -----------------------------------------------------------------------------------------------------


@examples
@given(columns, st.sampled_from(("standard", "range", "none")))
def test_linear_scalings_are_inverted(values, scaling):
    column = column_of(values, scaling)
    values = values.astype(np.float64)
    with np.errstate(over="ignore"):
        encoded = column.encode(values, rng()).astype(np.float32).astype(np.float64)
    if not np.isfinite(encoded).all():
        assert scaling == "none"  # beyond float32; such a fit is refused, see test_errors.py
        return
    decoded = column.decode(encoded, 0.0)
    # float32 keeps seven digits: of the value itself, or of its distance from the middle.
    size = np.abs(values).max() if scaling == "none" else values.max() - values.min()
    np.testing.assert_allclose(
        decoded, values, rtol=1e-15, atol=max(2e-6 * size, 1e-37 if scaling == "none" else 1e-320)
    )


@examples
@given(columns)
def test_quantiles_are_inverted(values):
    column = column_of(values, "quantile")
    values = values.astype(np.float64)
    decoded = column.decode(column.encode(values, rng()).astype(np.float32).astype(np.float64), 0.0)
    unique = np.unique(values)
    gaps = np.concatenate([[0.0], np.diff(unique), [0.0]])
    near = np.searchsorted(unique, values)
    gap = np.maximum(gaps[near], gaps[near + 1])
    off, rounding = np.abs(decoded - values), 1e-9 * np.abs(values)
    if column.on_grid:  # a value represents the interval up to the middle of the gaps beside it
        # A score within float32 precision of the border between two values may be decoded as the other one.
        assert (off <= gap * (1.0 + 1e-9) + rounding).all()
        assert (off <= 0.5 * gap * (1.0 + 1e-9) + rounding).mean() >= 0.8
    else:  # float32 keeps seven digits of the score, which lies at least 1 / n from the next one
        assert (off <= 1e-3 * gap + 1e-12 * np.abs(values)).all()


@examples
@given(columns, st.sampled_from(TABLE_SCALINGS), st.sampled_from((0.0, 0.1, 0.6, 2.0)), st.integers(0, 99))
def test_samples_stay_within_the_range_and_on_the_grid(values, scaling, margin, seed):
    column = column_of(values, scaling)
    encoded = np.concatenate([np.random.default_rng(seed).normal(0.0, 2.0, 50), [-1e30, 1e30, 0.0]])
    decoded = column.decode(encoded, margin)
    low, high = float(values.min()), float(values.max())
    room = margin * (high - low) * (1.0 + 1e-9)
    assert np.isfinite(decoded).all()
    assert (decoded >= low - room).all()
    assert (decoded <= high + room).all()
    if low == high:
        assert (decoded == low).all()
    elif margin == 0.0 and scaling != "none":
        assert decoded.min() == pytest.approx(low, rel=1e-12, abs=1e-320)
        assert decoded.max() == pytest.approx(high, rel=1e-12, abs=1e-320)
    if column.type == "integer":
        assert (decoded == np.rint(decoded)).all()
    if column.decimals is not None:
        np.testing.assert_allclose(decoded, decoded.round(column.decimals), rtol=1e-11)


@examples
@given(columns, st.sampled_from(TABLE_SCALINGS))
def test_a_column_is_restored_from_its_state(values, scaling):
    data = Frame([Column("x", "integer" if values.dtype.kind in "iu" else "double", values.astype(np.float64))])
    encoder = TableEncoder.fit(data, scaling, 0.25)
    again = TableEncoder.from_state(*encoder.to_state())
    assert encoder.encode(data, rng()).tobytes() == again.encode(data, rng()).tobytes()
    z = np.random.default_rng(1).normal(size=(30, 1)).astype(np.float32)
    assert encoder.decode(z, rng()).columns[0].values.tobytes() == again.decode(z, rng()).columns[0].values.tobytes()


SHAPES = {
    "normal": lambda g, n: g.normal(size=n),
    "heavy tails": lambda g, n: g.standard_cauchy(n),
    "skewed": lambda g, n: g.exponential(size=n),
    "two modes": lambda g, n: np.where(g.random(n) < 0.3, g.normal(-5, 0.1, n), g.normal(5, 1, n)),
    "zeros and more": lambda g, n: np.where(g.random(n) < 0.4, 0.0, g.lognormal(0, 2, n)),
    "spikes at both ends": lambda g, n: g.normal(size=n).clip(-0.8, 0.9),
    "spike within": lambda g, n: np.where(g.random(n) < 0.2, 0.5, g.random(n)),
    "counts": lambda g, n: g.poisson(4, n).astype(float),
    "large counts": lambda g, n: g.poisson(40_000, n).astype(float),
    "prices": lambda g, n: g.gamma(2, 20, n).round(2),
    "two values": lambda g, n: (g.random(n) < 0.1).astype(float),
    "tens": lambda g, n: 10.0 * g.integers(1, 8, n),
}


@pytest.mark.parametrize("n", [300, 20_000])
@pytest.mark.parametrize("shape", SHAPES)
def test_quantiles_give_normal_marginals_and_are_inverted_in_distribution(shape, n):
    generator = np.random.default_rng(3)
    values = SHAPES[shape](generator, n)
    column = column_of(values, "quantile")
    assert column.knots.shape[1] <= MOST_KNOTS
    assert (np.diff(column.knots) >= 0).all()

    encoded = column.encode(values, rng())
    assert np.isfinite(encoded).all()
    # Tied rows are spread at random; 1.63 is the value that 1 % of samples of N(0, 1) exceed.
    assert distance_from_normal(encoded) < 0.5 / n + 1.63 / np.sqrt(n)
    decoded = column.decode(generator.normal(size=20_000), 0.0)
    # A filled gap moves values a little more.
    assert distance_between(values, decoded) < 1.63 * np.sqrt(1 / n + 1 / 20_000) + (0.02 if column.on_grid else 0.005)
    for value, count in zip(*np.unique(values, return_counts=True), strict=True):
        if count > 0.08 * n:
            share = count / n
            assert (decoded == value).mean() == pytest.approx(share, abs=3.5 * np.sqrt(share / 20_000) + 0.002)


def test_the_order_of_values_is_kept():
    values = np.random.default_rng(2).normal(size=500)
    column = column_of(values, "quantile")
    encoded = column.encode(values, rng())
    assert (np.argsort(encoded) == np.argsort(values)).all()
    tied = np.random.default_rng(2).poisson(3, 500)
    encoded = column_of(tied, "quantile").encode(tied.astype(float), rng())
    for value in range(tied.max()):
        if (tied == value).any() and (tied > value).any():
            assert encoded[tied == value].max() <= encoded[tied > value].min()


def test_range_margin_lets_samples_leave_the_range():
    values = np.random.default_rng(2).normal(size=500)
    for scaling in ("quantile", "standard", "range"):
        column = column_of(values, scaling)
        beyond = column.decode(np.linspace(-9.0, 9.0, 200), 0.3)
        assert beyond.min() == pytest.approx(values.min() - 0.3 * np.ptp(values))
        assert beyond.max() == pytest.approx(values.max() + 0.3 * np.ptp(values))
        assert (np.diff(beyond) >= 0).all()


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([1.0, 2.0, 5.0], 0),
        ([0.1, 0.25, 3.0], 2),
        ([0.1 + 0.2, 0.5], 1),
        ([36.6 - 36.5, 0.2, 1.0], 1),
        ([100.0, 300.0], 0),  # too few values to decide
        ([1200.0, 300.0], -2),
        ([1500.0, 20.0], -1),
        ([0.0, 0.0], 0),
        ([1 / 3, 0.5], None),
        ([np.pi, 1e6], None),
        ([1e15, 1e-3], 3),  # a small value is not rounded away beside a large one
        ([1.0, 1e-12], None),
        ([2.0**53, 1.0], 0),
        ([1e-300, 3e-300], None),
    ],
)
def test_decimals(values, decimals):
    assert decimals_of(np.array(values)) == decimals


def test_decimals_of_float32_are_those_that_were_typed():
    assert decimals_of(np.array([0.1, 0.25], dtype="f4").astype("f8"), "float32") == 2
    sample = TableEncoder.fit(from_python(np.array([[0.1], [0.2], [0.3]] * 5, dtype="f4")), "quantile", 0.0)
    decoded = sample.decode(np.random.default_rng(0).normal(size=(50, 1)).astype("f4"), rng()).to_python()
    assert decoded.dtype == np.float32
    assert set(decoded.ravel()) <= set(np.array([0.1, 0.2, 0.3], dtype="f4"))


def test_no_negative_zeros_are_decoded():
    column = column_of(np.array([-1.0, 0.0, 1.0, -1.0, 1.0]), "standard")
    decoded = column.decode(np.linspace(-1.0, 1.0, 101), 0.0)
    assert not np.signbit(decoded[decoded == 0.0]).any()


def test_normal_scores_are_quantiles():
    assert normal_scores(np.array([0.5, 0.975])) == pytest.approx([0.0, 1.959964], abs=1e-6)


# --- tables ---------------------------------------------------------------------------------------------------------

DTYPES = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"]


@examples
@given(st.lists(columns, min_size=1, max_size=4), st.sampled_from(TABLE_SCALINGS), st.integers(0, 9))
def test_a_frame_is_unchanged_by_encoding_and_decoding(parts, scaling, seed):
    rows = min(len(part) for part in parts)
    frame = pd.concat([pd.Series(part[:rows]) for part in parts], axis=1)
    frame.columns = [f"column {i}" for i in range(len(parts))]
    encoder = TableEncoder.fit(from_python(frame), scaling, 0.0)
    z = np.random.default_rng(seed).normal(size=(17, encoder.width)).astype(np.float32)
    made = encoder.decode(z, rng()).to_python()
    pd.testing.assert_series_equal(made.dtypes, frame.dtypes)
    pd.testing.assert_index_equal(made.columns, frame.columns)
    assert len(made) == 17
    for name in frame:
        assert (made[name] >= frame[name].min()).all()
        assert (made[name] <= frame[name].max()).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("margin", [0.0, 3.0])
def test_every_numeric_dtype_is_kept(dtype, margin):
    low, high = (np.iinfo(dtype).min, np.iinfo(dtype).max) if np.dtype(dtype).kind in "iu" else (-100, 100)
    low, high = max(low, -(2**53)), min(high, 2**53)
    values = np.array([[low], [high], [0], [1], [2], [2]], dtype=dtype)
    for data in (values, pd.DataFrame(values, columns=["a"])):
        encoder = TableEncoder.fit(from_python(data), "quantile", margin)
        z = np.linspace(-9, 9, 50, dtype=np.float32)[:, None]
        made = encoder.decode(z, rng()).to_python()
        made = made["a"].to_numpy() if isinstance(made, pd.DataFrame) else made[:, 0]
        assert made.dtype == np.dtype(dtype)
        assert (np.diff(made.astype(np.float64)) >= 0).all()  # a margin beyond the dtype stops at its end
        if margin == 0.0:
            assert (made.min(), made.max()) == (low, high)


@pytest.mark.parametrize(
    "names", [["a", "a"], [0, 1], [2.5, "x"], [True, "x"], ["", " "], ["ä", "名"], ["knots.0", "0" * 64]]
)
def test_names_are_kept(names):
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(9, 2)))
    frame.columns = pd.Index(names)
    gan = ganbridge.fit(frame, epochs=1, seed=1)
    for made in (gan.sample(3, seed=1), ganbridge.from_bytes(gan.to_bytes()).sample(3, seed=1)):
        assert made.columns.equals(frame.columns)
        assert str(gan).startswith("<ganbridge fit> table: 9 rows x 2 columns")


@pytest.mark.parametrize(
    "data",
    [
        np.random.default_rng(0).normal(size=(40, 6))[::2, ::3],
        np.asfortranarray(np.random.default_rng(0).normal(size=(20, 2))),
        np.broadcast_to(np.random.default_rng(0).normal(size=(20, 1)), (20, 2)),
        np.random.default_rng(0).normal(size=(20, 2)).astype(">f8"),
    ],
    ids=["strided", "Fortran order", "broadcast", "big-endian"],
)
def test_the_layout_in_memory_does_not_matter(data):
    data.flags.writeable = False
    before = data.copy()
    plain = np.array(data, dtype=np.float64, order="C")
    samples = [ganbridge.fit(x, epochs=2, seed=1).sample(5, seed=1) for x in (data, plain, plain.tolist())]
    assert samples[0].tobytes() == samples[1].tobytes() == samples[2].tobytes()
    assert (data == before).all()


@pytest.mark.parametrize("scaling", TABLE_SCALINGS)
def test_constant_columns_stay_constant(scaling):
    frame = pd.DataFrame(
        {"i": 7, "x": np.random.default_rng(0).normal(size=12), "f": 0.1, "big": 2**53, "small": 1e-300}
    )
    gan = ganbridge.fit(frame, epochs=2, seed=1, config=ganbridge.Config(scaling=scaling))
    made = gan.sample(20, seed=1)
    constant = ["i", "f", "big", "small"]
    assert (made[constant] == frame[constant].iloc[0]).all(axis=None)
    assert made["x"].nunique() > 1
    assert gan.specs[0].sizes[-1] == 1
    nothing_else = frame[constant]
    made = ganbridge.fit(nothing_else, epochs=2, seed=1, config=ganbridge.Config(scaling=scaling)).sample(5, seed=1)
    assert (made == nothing_else.iloc[:5]).all(axis=None)


# --- waves ----------------------------------------------------------------------------------------------------------


def wave_data(n=80, m=30, dtype=np.float64):
    return from_python(ganbridge.make_waves(n, m, amplitude=[1, 3, 2], cycles=[1, 4, 6], seed=1).astype(dtype))


@pytest.mark.parametrize("scaling", WAVE_SCALINGS)
def test_waves_are_unchanged_by_encoding_and_decoding(scaling):
    data = wave_data()
    encoder = WaveEncoder.fit(data, scaling, 0.0)
    encoded = encoder.encode(data, rng())
    assert encoded.shape == (80, encoder.width)
    assert encoded.dtype == np.float32
    decoded = encoder.decode(encoded, rng()).to_python()
    assert decoded.shape == (80, 30)
    # Components keep the shape of the waves; the noise is sampled again.
    allowed = 6 * 0.05 if scaling == "components" else 1e-5
    assert np.abs(decoded - data.values).max() < allowed
    again = WaveEncoder.from_state(*encoder.to_state())
    assert again.decode(encoded, rng()).to_python().tobytes() == decoded.tobytes()
    assert again.encode(data, rng()).tobytes() == encoded.tobytes()


@pytest.mark.parametrize(("families", "width"), [(1, 1), (2, 1), (3, 2), (4, 3)])
def test_components_are_as_many_as_the_waves_need(families, width):
    waves = ganbridge.make_waves(200, 100, amplitude=[1] * families, cycles=[2, 3, 5, 7][:families], seed=1)
    encoder = WaveEncoder.fit(from_python(waves), "components", 0.0)
    assert encoder.width == width  # k families span k - 1 dimensions around their mean
    np.testing.assert_allclose(encoder.basis @ encoder.basis.T, np.eye(width), atol=1e-12)


def test_components_have_normal_marginals_and_the_noise_of_the_data():
    data = wave_data(300, 60)
    encoder = WaveEncoder.fit(data, "components", 0.0)
    encoded = encoder.encode(data, rng())
    for column in encoded.T:
        assert distance_from_normal(column) < 0.5 / 300 + 0.7 / np.sqrt(300)
    decoded = encoder.decode(encoded, rng()).to_python()
    noise = decoded - (decoded - encoder.center) @ encoder.basis.T @ encoder.basis - encoder.center
    assert noise.std() == pytest.approx(0.05, rel=0.05)


@pytest.mark.parametrize("scaling", WAVE_SCALINGS)
@pytest.mark.parametrize("margin", [0.0, 0.5])
def test_waves_stay_within_the_range_and_keep_their_type(scaling, margin):
    for dtype, factor in (("int64", 10), ("float32", 1), ("float64", 1)):
        data = from_python((ganbridge.make_waves(50, 20, seed=2) * factor).round(1).astype(dtype))
        encoder = WaveEncoder.fit(data, scaling, margin)
        z = np.random.default_rng(0).normal(0.0, 20.0, (40, encoder.width)).astype(np.float32)
        made = encoder.decode(z, rng()).to_python()
        assert made.dtype == np.dtype(dtype)
        room = margin * np.ptp(data.values) + 1e-6
        assert made.min() >= data.values.min() - room
        assert made.max() <= data.values.max() + room
        step = 1 if dtype == "int64" else 0.1
        np.testing.assert_allclose(made / step, np.rint(made / step), atol=1e-3)


EDGES = {
    "constant": np.full((5, 30), 2.5),
    "zero": np.zeros((5, 30)),
    "all alike": np.tile(np.sin(np.arange(30.0)), (5, 1)),
    "two": np.random.default_rng(0).normal(size=(2, 30)),
    "one point": np.random.default_rng(0).normal(size=(20, 1)),
    "two points": np.random.default_rng(0).normal(size=(20, 2)),
    "longer than many": np.random.default_rng(0).normal(size=(6, 800)),
    "huge": np.random.default_rng(0).uniform(-1e150, 1e150, size=(20, 8)),
    "tiny": np.random.default_rng(0).normal(size=(20, 8)) * 1e-300,
    "smaller than normal": np.random.default_rng(0).normal(size=(20, 8)) * 1e-310,
    "mixed sizes": np.random.default_rng(0).normal(size=(20, 8)) * 10.0 ** np.arange(-140, 180, 40),
}


@pytest.mark.parametrize("scaling", ["components", "standard", "range"])
@pytest.mark.parametrize("edge", EDGES)
def test_unusual_waves(edge, scaling):
    data = EDGES[edge]
    gan = ganbridge.fit(data, kind="wave", epochs=2, seed=1, config=ganbridge.Config(scaling=scaling))
    made = gan.sample(7, seed=1)
    assert made.shape == (7, data.shape[1])
    assert np.isfinite(made).all()
    assert made.min() >= data.min()
    assert made.max() <= data.max()
    if edge in ("constant", "zero"):
        assert (made == data[0, 0]).all()
    if edge == "all alike" and scaling == "components":
        np.testing.assert_allclose(made, data[[0] * 7], atol=1e-12)


def test_tables_of_unusual_sizes():
    g = np.random.default_rng(0)
    for data in (
        g.normal(size=(2, 2)),
        g.normal(size=(3, 1)),
        g.normal(size=(12, 300)),
        g.normal(size=(9, 2)) * 1e-310,
    ):
        made = ganbridge.fit(data, epochs=2, seed=1).sample(6, seed=1)
        assert made.shape == (6, data.shape[1])
        assert (made >= data.min(0)).all()
        assert (made <= data.max(0)).all()


def test_matrix_and_frame_are_encoded_alike():
    values = np.random.default_rng(0).normal(size=(30, 3))
    matrix = TableEncoder.fit(Matrix(values), "quantile", 0.0)
    frame = TableEncoder.fit(from_python(pd.DataFrame(values)), "quantile", 0.0)
    assert (
        matrix.encode(Matrix(values), rng()).tobytes()
        == frame.encode(from_python(pd.DataFrame(values)), rng()).tobytes()
    )


def test_results_do_not_depend_on_the_number_of_cores():
    # By default, numpy's BLAS uses one thread per core, and the order of sums depends on the number of threads.
    code = (
        "import ganbridge as gb, hashlib; w = gb.make_waves(600, 300, seed=4)\n"
        "g = gb.fit(w, kind='wave', seed=1, epochs=2)\n"
        "print(hashlib.sha256(g.sample(300, seed=1).tobytes() + g.history.score.to_numpy().tobytes()).hexdigest())"
    )
    printed = set()
    for threads in ("1", "2"):
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        environment["MKL_NUM_THREADS"] = threads
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment)
        printed.add(done.stdout)
    assert len(printed) == 1
