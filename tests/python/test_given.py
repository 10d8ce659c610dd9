"""Values that can be given to a fit with conditions, in all forms that users write."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge import Config, bridge
from ganbridge.config import SAMPLE_BLOCK
from ganbridge.data import Column, Frame
from ganbridge.encode import Conditions

ROWS = 40
FRAME = pd.DataFrame(
    {
        "y": np.random.default_rng(1).normal(size=ROWS),
        "day": [datetime.date(2024, 1, 1) + datetime.timedelta(days=i) for i in range(ROWS)],
        "clock": pd.date_range("2024-01-01", periods=ROWS),
        "berlin": pd.date_range("2024-01-01", periods=ROWS, tz="Europe/Berlin"),
        "count": np.arange(ROWS) % 5,
        "gaps": pd.array([1, None, 2, 3] * (ROWS // 4), dtype="Int64"),
        "group": pd.Categorical(["a", "b"] * (ROWS // 2)),
    }
)
QUICK = Config(steps=5, batch_size=16)
MIDNIGHT = pd.Timestamp("2024-01-05")


@pytest.fixture(scope="module")
def gan():
    return ganbridge.fit(FRAME, condition=list(FRAME.columns[1:]), seed=1, config=QUICK, progress=False)


@pytest.mark.parametrize(
    "value",
    [
        "2024-01-05",
        "2024-01-05 00:00",
        "2024-01-05 00:00+01:00",
        "2024-01-04 23:00+00:00",
        datetime.date(2024, 1, 5),
        MIDNIGHT,
        MIDNIGHT.tz_localize("Europe/Berlin"),
        MIDNIGHT.tz_localize("Europe/Berlin").tz_convert("Asia/Tokyo"),
    ],
    ids=str,
)
def test_a_time_without_a_zone_has_the_conditions_zone(gan, value):
    made = gan.sample(3, given={"berlin": value}, seed=1)
    assert (made["berlin"] == MIDNIGHT.tz_localize("Europe/Berlin")).all()
    assert made["berlin"].dtype == FRAME["berlin"].dtype


@pytest.mark.parametrize(
    "value", ["2024-01-05", "2024-01-05 13:00", MIDNIGHT, MIDNIGHT.tz_localize("Asia/Tokyo")], ids=str
)
def test_a_day_is_that_of_local_time(gan, value):
    assert set(gan.sample(3, given={"day": value}, seed=1)["day"]) == {datetime.date(2024, 1, 5)}


def test_times_without_zones_are_unchanged(gan):
    for value in ("2024-01-05", MIDNIGHT, datetime.date(2024, 1, 5)):
        assert (gan.sample(3, given={"clock": value}, seed=1)["clock"] == MIDNIGHT).all()


@pytest.mark.parametrize("value", [None, pd.NA, np.nan, float("nan"), [None, 1, None]], ids=str)
def test_a_missing_number_may_be_given_in_any_form(gan, value):
    made = gan.sample(3, given={"gaps": value}, seed=1)["gaps"]
    assert made.isna().tolist() == ([True] * 3 if not isinstance(value, list) else [True, False, True])


@pytest.mark.parametrize(
    "value", ["a", ["a"], ("a",), np.array(["a"]), pd.Index(["a"]), pd.Categorical(["a"])], ids=type
)
def test_one_level_in_any_container(gan, value):
    assert set(gan.sample(3, given={"group": value}, seed=1)["group"]) == {"a"}


def test_a_fraction_is_refused_for_a_condition_of_whole_numbers(gan):
    assert set(gan.sample(3, given={"count": 2.0}, seed=1)["count"]) == {2}
    with pytest.raises(ValueError, match="must be a whole number, as the training"):
        gan.sample(3, given={"count": 2.5})


@pytest.mark.parametrize("value", ["", "now", "05.01.2024", "2024-13-01"])
def test_values_other_than_dates_are_refused(gan, value):
    with pytest.raises(ValueError, match="must be a date, such as"):
        gan.sample(3, given={"clock": value})


@pytest.mark.parametrize("value", [{}, pd.DataFrame(), {"group": np.array([["a"]])}, {"group": np.array("a")}], ids=str)
def test_empty_and_two_dimensional_values_are_refused(gan, value):
    with pytest.raises((TypeError, ValueError), match=r"`given.* must be"):
        gan.sample(3, given=value)


def test_r_passes_a_missing_number_as_a_logical(gan):
    column = {"name": "gaps", "type": "logical", "values": np.array([np.nan]), "missing": np.array([True])}
    value = {"container": "data.frame", "columns": [column]}
    made = bridge.sample(bytearray(gan.to_bytes()), 3, 1, value)
    assert made["columns"][list(FRAME).index("gaps")]["missing"].all()


def test_a_walk_may_have_conditions_from_r(gan):
    value = {
        "container": "data.frame",
        "columns": [{"name": "group", "type": "text", "values": [0.0], "levels": ["b"]}],
    }
    walk = bridge.interpolate(bytearray(gan.to_bytes()), 4, 1, value)
    group = walk["columns"][list(FRAME).index("group")]
    assert [group["levels"][int(code)] for code in group["values"]] == ["b"] * 4


@pytest.mark.parametrize("name", [np.int64(1), np.array([1])], ids=str)
def test_numpy_names_of_conditions(name):
    frame = pd.DataFrame({0: FRAME["y"], 1: FRAME["group"]})
    assert ganbridge.fit(frame, condition=name, seed=1, config=QUICK, progress=False).schema["condition"] == [1]


def test_few_whole_numbers_are_classes_of_an_array():
    waves = ganbridge.make_waves(40, 20, seed=1)
    labels = np.arange(40) % 3
    gan = ganbridge.fit(waves, kind="wave", condition=labels, epochs=1, seed=1)
    sample, given = gan.sample_with_conditions(6, given={"label": [0, 1, 2, 2, 1, 0]}, seed=1)
    assert sample.shape == (6, 20)
    assert given["label"].tolist() == [0, 1, 2, 2, 1, 0]
    with pytest.raises(ValueError, match=r'a level that the training data holds \("0", "1", "2"\), not "3"'):
        gan.sample(2, given={"label": 3})
    # Many different values are numbers.
    many = ganbridge.fit(waves, kind="wave", condition=np.arange(40), epochs=1, seed=1)
    assert many.sample(2, given={"label": 17.0}, seed=1).shape == (2, 20)


@pytest.mark.parametrize("given", [None, {"group": "b"}, {"count": 1, "gaps": None}], ids=str)
def test_a_sample_with_conditions_is_the_beginning_of_a_longer_one(gan, given):
    longer = gan.sample(SAMPLE_BLOCK + 5, given=given, seed=3)
    for n in (1, 7, SAMPLE_BLOCK - 1, SAMPLE_BLOCK, SAMPLE_BLOCK + 1):
        pd.testing.assert_frame_equal(gan.sample(n, given=given, seed=3), longer[:n])


@pytest.mark.parametrize("share", [0.05, 0.2, 0.6])
def test_missing_values_in_a_condition_are_one_level(share):
    """Each missing value counted as a level of its own, as rare as can be: with a fifth, 88 % of a pass was missing."""
    n = 1000
    missing = np.arange(n) < share * n
    codes = np.arange(n) % 3.0
    rows = Frame([Column("k", "factor", codes, levels=list("abc"), missing=missing), Column("x", "double", codes)])
    times = Conditions.fit(rows, [0, 1], np.random.default_rng(1)).repeats(rows)
    counts = np.array([missing.sum(), *np.bincount(codes[~missing].astype(int))])
    # The share of a level in a pass is proportional to the square root of its share in the data.
    expected = np.round(np.sqrt(counts.max() / counts)) * counts
    assert times[missing].sum() / times.sum() == pytest.approx(expected[0] / expected.sum())
    assert times[missing].sum() / times.sum() < 0.65


def test_a_missing_level_with_other_conditions_is_drawn_from_rows_that_have_it():
    frame = pd.DataFrame({"y": np.arange(ROWS) * 1.0, "k": (["a", "b", None, "b"] * ROWS)[:ROWS], "x": np.arange(ROWS)})
    exact = replace(QUICK, k=1)  # of the rows of conditions nothing is blurred
    gan = ganbridge.fit(frame, condition=["k", "x"], seed=1, config=exact, progress=False)
    made = gan.sample(40, given={"k": [None, "a"] * 20}, seed=1)
    assert made["k"].isna().tolist() == [True, False] * 20
    assert set(made["x"][made["k"].isna()] % 4) == {2}
    assert set(made["x"][made["k"].notna()] % 4) == {0}
