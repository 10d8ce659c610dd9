"""Columns of every type are unchanged by encoding and decoding, and by the bridge."""

import datetime
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ganbridge
from ganbridge import Config
from ganbridge.data import from_python, plain
from ganbridge.data.column import Column
from ganbridge.data.pandas import from_series, to_series
from ganbridge.data.table import Frame
from ganbridge.encode import TableEncoder

SHARED = Path(__file__).resolve().parents[1] / "shared"
sys.path.insert(0, str(SHARED))
import columns as golden  # noqa: E402

ENTRIES = json.loads(golden.FILE.read_text(encoding="utf-8"))
N = 60


def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["column"]["name"] for entry in ENTRIES])
def test_python_reproduces_the_golden_file(entry):
    assert golden.entry(entry["column"]["name"], entry["r"], entry["python"]) == entry
    if entry["python"]:
        frame = golden.frame_of(entry["python"], "x")
        back = Frame([plain.to_column(entry["column"])]).to_python()
        original = frame.to_python()
        assert back.iloc[:, 0].equals(original.iloc[:, 0].astype(back.dtypes.iloc[0]))


def test_the_golden_file_has_every_type():
    assert {entry["column"]["type"] for entry in ENTRIES} >= {
        "double", "integer", "logical", "text", "factor", "ordered", "date", "datetime", "difftime",
    }  # fmt: skip


# --- every dtype of pandas --------------------------------------------------------------------------------


def with_na(values: list, missing: object = None) -> list:
    cells = [values[i % len(values)] for i in range(N)]
    return [missing if i % 7 == 3 else cell for i, cell in enumerate(cells)]


WITH_MISSING = {
    **{f"float{bits}": pd.Series(with_na([0.5, 1.25, -2.0], np.nan), dtype=f"float{bits}") for bits in (32, 64)},
    "Float64": pd.Series(with_na([0.5, 1.25]), dtype="Float64"),
    **{name: pd.Series(with_na([1, 2, 5]), dtype=name) for name in ("Int8", "Int64", "UInt16")},
    "boolean": pd.Series(with_na([True, False, False]), dtype="boolean"),
    "str": pd.Series(with_na(["b", "a", "ä"]), dtype="str"),
    "string": pd.Series(with_na(["b", "a", "ä"]), dtype="string"),
    "object text": pd.Series(with_na(["b", "a"]), dtype=object),
    "object text with nan": pd.Series(with_na(["b", "a"], np.nan), dtype=object),
    "object text with NA": pd.Series(with_na(["b", "a"], pd.NA), dtype=object),
    "object bool": pd.Series(with_na([True, False]), dtype=object),
    "object int": pd.Series(with_na([1, 2]), dtype=object),
    "object float": pd.Series(with_na([1.5, 2.5]), dtype=object),
    "dates": pd.Series(with_na([datetime.date(2024, 2, 29), datetime.date(1969, 12, 31)]), dtype=object),
    "category": pd.Series(pd.Categorical(with_na(["x", "y"]), ["y", "never", "x"])),
    "category of numbers": pd.Series(pd.Categorical(with_na([3, 1]), [1, 2, 3])),
    "ordered": pd.Series(pd.Categorical(with_na(["lo", "hi", "mid"]), ["lo", "mid", "hi"], ordered=True)),
    **{
        f"datetime64[{unit}]": pd.Series(pd.to_datetime(with_na(["2024-01-01", "1960-05-05"])), dtype=f"M8[{unit}]")
        for unit in ("s", "ms", "us", "ns")
    },
    "zone": pd.Series(pd.to_datetime(with_na(["2024-03-31 01:30", "2024-07-01 00:00"])).tz_localize("Europe/Berlin")),
    "offset": pd.Series(pd.to_datetime(with_na(["2024-03-31 01:30+02:00", "2024-07-01 00:00+02:00"]))),
    "timedelta64[ns]": pd.Series(pd.to_timedelta(with_na(["1s", "2h", "-3min"]))).astype("timedelta64[ns]"),
}  # fmt: skip
WITHOUT = {
    "int8": pd.Series([1, 2] * (N // 2), dtype="int8"),
    "uint32": pd.Series([1, 2] * (N // 2), dtype="uint32"),
    "bool": pd.Series([True, False] * (N // 2)),
    "one level": pd.Series(["same"] * N),
    "all missing": pd.Series([None] * N, dtype="Int64"),
    "all missing objects": pd.Series([None] * N, dtype=object),
    "all missing dates": pd.Series([pd.NaT] * N),
    "all missing categories": pd.Series(pd.Categorical([None] * N, ["a", "b"])),
    "many levels": pd.Series([f"level {i % 40}" for i in range(N)]),
    "one of a kind": pd.Series(["rare", *["common", "usual"] * (N // 2)][:N]),
}


@pytest.mark.parametrize("series", [*WITH_MISSING.values(), *WITHOUT.values()], ids=[*WITH_MISSING, *WITHOUT])
@pytest.mark.parametrize("missing_values", [True, False])
def test_a_column_is_unchanged_by_encoding_and_decoding(series, missing_values):
    if not missing_values and series.notna().any():
        series = series.dropna().reset_index(drop=True)
    frame = pd.DataFrame({"x": series})
    data = from_python(frame)
    encoder = TableEncoder.fit(data, "standard", 0.0)
    encoded = encoder.encode(data, rng())
    assert np.isfinite(encoded).all()
    plain, arrays = encoder.to_state()
    again = TableEncoder.from_state(json.loads(json.dumps(plain)), arrays)
    for coder in (encoder, again):
        back = coder.decode(encoded, rng()).to_python()
        pd.testing.assert_frame_equal(back, frame, check_exact=False, rtol=1e-6)


@pytest.mark.parametrize("name", WITH_MISSING)
def test_a_column_is_unchanged_by_the_bridge(name):
    data = from_python(pd.DataFrame({"x": WITH_MISSING[name]}))
    there = plain.from_data(data)
    back = plain.to_data(there)
    assert isinstance(back, Frame)
    kept, came = data.columns[0], back.columns[0]
    assert (came.type, came.unit) == (kept.type, kept.unit)
    assert came.levels == (None if kept.levels is None else [str(level) for level in kept.levels])
    np.testing.assert_array_equal(came.missing, kept.missing)
    np.testing.assert_array_equal(came.present, kept.present)


# --- random schemas --------------------------------------------------------------------------------


@st.composite
def frames(draw) -> pd.DataFrame:
    rows = draw(st.integers(2, 30))

    def column() -> pd.Series:
        kind = draw(
            st.sampled_from(["float", "Int64", "boolean", "str", "category", "ordered", "datetime", "timedelta"])
        )
        values = {
            "float": st.floats(-1e6, 1e6, width=32),
            "Int64": st.integers(-1000, 1000),
            "boolean": st.booleans(),
            "str": st.text(max_size=4),
            "category": st.sampled_from("abc"),
            "ordered": st.sampled_from("abc"),
            "datetime": st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2100, 1, 1)),
            "timedelta": st.integers(0, 10**6),
        }[kind]
        cells = draw(
            st.lists(st.one_of(values, st.none()) if draw(st.booleans()) else values, min_size=rows, max_size=rows)
        )
        if kind in ("category", "ordered"):
            return pd.Series(pd.Categorical(cells, ["c", "a", "b", "unused"], ordered=kind == "ordered"))
        if kind == "datetime":
            return pd.Series(pd.to_datetime(pd.Series(cells, dtype="datetime64[us]")))
        if kind == "timedelta":
            return pd.Series(pd.to_timedelta(pd.Series(cells, dtype="Float64").astype("float64"), unit="s"))
        return pd.Series(cells, dtype={"float": "float64"}.get(kind, kind))

    made = pd.concat([column() for _ in range(draw(st.integers(1, 5)))], axis=1)
    made.columns = [draw(st.sampled_from(["x", "y", "z", 1])) for _ in range(made.shape[1])]
    return made


@settings(max_examples=150, deadline=None)
@given(frames())
def test_any_frame_is_unchanged_by_encoding_and_decoding(frame):
    data = from_python(frame)
    encoder = TableEncoder.fit(data, "standard", 0.0)
    encoded = encoder.encode(data, rng())
    assert encoded.shape == (len(frame), encoder.width)
    back = encoder.decode(encoded, rng()).to_python()
    assert list(back.columns) == list(frame.columns)
    for i in range(frame.shape[1]):
        # Documented rounding: values to six digits of the range of their column, times to a millionth of theirs.
        old, new = frame.iloc[:, i], back.iloc[:, i]
        assert new.dtype == old.dtype
        assert (new.isna() == old.isna()).all()
        if old.dtype.kind in "fiMm" and old.notna().any():
            numbers = [
                np.asarray(s.dropna().astype("int64" if s.dtype.kind in "Mm" else "float64"), float) for s in (old, new)
            ]
            assert np.abs(numbers[0] - numbers[1]).max() <= 2e-6 * np.ptp(numbers[0]) + 2.0 * (old.dtype.kind in "Mm")
        else:
            assert (
                new.astype(object).where(new.notna(), None).tolist()
                == old.astype(object).where(old.notna(), None).tolist()
            )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.integers(-50, 50), st.none()), min_size=2, max_size=40))
def test_quantiles_move_a_whole_number_by_at_most_half_a_gap(values):
    """A value on a grid represents the interval around it, up to the middle of the gap to the next value."""
    frame = pd.DataFrame({"x": pd.array(values, dtype="Int64")})
    data = from_python(frame)
    encoder = TableEncoder.fit(data, "quantile", 0.0)
    back = encoder.decode(encoder.encode(data, rng()), rng()).to_python()
    assert (back["x"].isna() == frame["x"].isna()).all()
    seen = np.unique(frame["x"].dropna().astype(float))
    if len(seen):
        hole = np.diff(seen).max() if len(seen) > 1 else 0.0
        moved = (back["x"] - frame["x"]).dropna().abs().astype(float)
        assert moved.max() <= hole / 2.0 + 1e-9
        assert back["x"].dropna().between(seen[0], seen[-1]).all()


# --- levels --------------------------------------------------------------------------------


@pytest.mark.parametrize("levels", [2, 3, 8, 24, 25, 400])
def test_offsets_give_each_level_its_share_for_any_generator(levels):
    generator = rng()
    shares = np.r_[generator.dirichlet(np.full(levels - 1, 2.0)) * 0.99, 0.01]
    codes = generator.choice(levels, 5000, p=shares)
    column = Column("x", "factor", codes.astype(float), levels=[str(i) for i in range(levels)])
    encoder = TableEncoder.fit(Frame([column]), "quantile", 0.0)
    made = generator.normal(size=(20_000, encoder.width)) * 0.7 + 0.2
    if levels > 24:
        made = generator.normal(size=(20_000, 1))  # ranks have a normal marginal, which calibration ensures
    decoded = encoder.decode((made + encoder.offsets(made)).astype(np.float32), rng()).columns[0].values
    found = np.bincount(decoded.astype(int), minlength=levels) / len(decoded)
    real = np.bincount(codes, minlength=levels) / len(codes)
    assert np.abs(found - real).max() < 0.004 + 0.02 * real.max()
    assert encoder.width <= 24


def test_memory_does_not_grow_with_levels_times_rows():
    levels = [f"level {i}" for i in range(10_000)]
    codes = np.r_[np.arange(10_000), rng().integers(10_000, size=20_000)].astype(float)
    data = Frame([Column("x", "factor", codes, levels=levels)])
    encoder = TableEncoder.fit(data, "quantile", 0.0)
    encoded = encoder.encode(data, rng())
    assert encoded.shape == (30_000, 1)
    assert (encoder.decode(encoded, rng()).columns[0].values == codes).mean() > 0.98


def test_dates_stay_on_the_grid_of_the_data():
    mondays = pd.Series(pd.date_range("2024-01-01", periods=50, freq="7D"))
    hours = pd.Series(pd.date_range("2024-01-01", periods=50, freq="6h"))
    data = from_python(pd.DataFrame({"monday": mondays, "hour": hours}))
    encoder = TableEncoder.fit(data, "quantile", 0.0)
    sample = encoder.decode(rng().normal(size=(500, encoder.width)).astype(np.float32), rng()).to_python()
    assert set(sample["monday"].dt.day_of_week) == {0}
    assert set(sample["hour"].dt.hour) == {0, 6, 12, 18}


def test_a_column_can_have_a_different_scaling():
    frame = pd.DataFrame({"a": np.arange(20.0), "b": np.arange(20.0) ** 2, "c": ["x", "y"] * 10})
    gan = ganbridge.fit(frame, epochs=1, seed=1, config=Config(scaling={"b": "standard"}))
    assert gan.schema["encodings"] == ["quantile", "standard", "two points"]
    assert gan.config.scaling == {"b": "standard"}
    again = ganbridge.from_bytes(gan.to_bytes())
    assert again.config == gan.config
    assert again.sample(9, seed=1).equals(gan.sample(9, seed=1))


def test_three_hundred_columns_of_all_types(fit_seed, within):
    generator = rng()
    columns = {}
    for i in range(100):
        columns[f"x{i}"] = np.where(generator.random(60) < 0.1, np.nan, generator.normal(size=60))
        columns[f"f{i}"] = pd.Categorical(generator.choice(list("abcdef"), 60))
        columns[f"t{i}"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(generator.integers(0, 99, 60), unit="D")
    frame = pd.DataFrame(columns)
    sample = ganbridge.fit(frame, seed=fit_seed, config=Config(steps=20)).sample(5000, seed=1)
    assert sample.shape == (5000, 300)
    assert sample.dtypes.equals(frame.dtypes)
    # Calibrated after twenty steps already: of each column within sampling error, which such a generator widens.
    off = (sample.isna().mean() - frame.isna().mean()).abs().max()
    within("missing shares, off by", off, high=0.025)


def test_an_encoded_missing_value_does_not_depend_on_the_value():
    values = np.r_[np.zeros(500), np.linspace(5, 9, 500)]
    missing = np.r_[np.ones(500, dtype=bool), np.zeros(500, dtype=bool)]
    data = Frame([Column("x", "double", values, missing=missing)])
    encoder = TableEncoder.fit(data, "quantile", 0.0)
    encoded = encoder.encode(data, rng())
    assert abs(encoded[:500, 0].mean()) < 0.15
    assert 0.85 < encoded[:500, 0].std() < 1.15
    assert encoder.decode(encoded, rng()).columns[0].present.min() == 5.0


@pytest.mark.parametrize("dtype", ["int8", "float32", "string", "object"])
def test_categories_keep_their_dtype(dtype):
    levels = pd.Index(["a", "b"] if dtype in ("string", "object") else [1, 2], dtype=dtype)
    series = pd.Series(pd.Categorical.from_codes([0, 1, -1, 0], categories=levels))
    assert to_series(from_series("x", series, "x")).dtype == series.dtype


def test_nan_beside_na_is_missing_too():
    series = pd.Series(pd.arrays.FloatingArray(np.array([1.0, np.nan, 3.0]), np.array([False, False, True])))
    assert from_series("x", series, "x").missing.tolist() == [False, True, True]


@pytest.mark.parametrize("steps", [5, 20])
def test_shares_among_present_values_are_right_after_any_number_of_steps(steps, fit_seed, within):
    """Also if the generator has not yet learned that missingness does not depend on the values."""
    numbers = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "x": numbers.normal(size=1000),
            "grade": pd.Categorical(
                numbers.choice(["lo", "mid", "hi"], 1000, p=[0.1, 0.6, 0.3]), ["lo", "mid", "hi"], True
            ),
            "count": numbers.poisson(0.5, 1000).astype(float),
        }
    )
    frame.loc[numbers.random(1000) < 0.3, "grade"] = None
    frame.loc[numbers.random(1000) < 0.3, "count"] = np.nan
    gan = ganbridge.fit(frame, seed=fit_seed, config=Config(steps=steps), progress=False)
    made = gan.sample(20_000, seed=2)
    # Without calibration shares are off by .20 to .41, missing shares by .29 to .62.
    for name in ("grade", "count"):
        real, found = (data[name].value_counts(normalize=True) for data in (frame, made))
        off = (real - found.reindex(real.index).fillna(0.0)).abs().max()
        within(f"shares of {name}, off by", off, high=0.05)
        missing = frame[name].isna().mean() - made[name].isna().mean()
        within(f"missing share of {name}, off by", missing, -0.04, 0.04)
