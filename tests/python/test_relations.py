"""What holds between columns is found, and what holds by chance is not."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganbridge.data import Column, Frame, from_python
from ganbridge.encode.relations import find
from ganbridge.encode.relations.written import written

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
import relations as planted

SEEDS = st.integers(0, 10**6)


def words(data):
    return [relation.words for relation in find(from_python(data) if isinstance(data, pd.DataFrame) else data)]


@pytest.mark.parametrize("name", planted.PLANTED)
def test_what_is_planted_is_found_and_holds(name):
    found = 0
    for seed in range(3):
        rng = np.random.default_rng([seed, 11])
        columns, text = planted.PLANTED[name](rng, 500)
        frame = Frame(planted.table(rng, 500) + columns)
        relations = find(frame)
        found += planted.has(relations, text)
        assert not any(relation.broken(frame).any() for relation in relations if relation.enforced)
    assert found >= 2  # of 1,000 tables, 97 % at least: benchmarks/relations.py


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, rows=st.sampled_from([50, 200, 1000]))
def test_a_relation_is_broken_in_as_many_rows_as_it_says(seed, rows):
    rng = np.random.default_rng(seed)
    frame = Frame(planted.table(rng, rows))
    for relation in find(frame):
        assert relation.broken(frame).any() == (relation.holds < 1.0)


def test_random_tables_hardly_ever_show_a_relation():
    tables = 60
    false = 0
    for seed in range(tables):
        rng = np.random.default_rng([seed, 12])
        false += any(relation.enforced for relation in find(Frame(planted.table(rng, 200))))
    assert false <= 2  # fewer than one of a hundred: benchmarks/relations.py


@pytest.mark.parametrize("name", planted.PLANTED)
def test_what_is_shown_can_be_written(name):
    frame = Frame(planted.PLANTED[name](np.random.default_rng(13), 400)[0])
    for relation in find(frame):
        assert [again.words for again in written(relation.words, frame)] == [relation.words]


def test_few_rows_and_unique_values_show_nothing():
    rows = pd.DataFrame({"a": range(20), "b": [2 * i for i in range(20)]})
    assert words(rows) == []
    rng = np.random.default_rng(1)
    unique = pd.DataFrame({"id": [f"p{i}" for i in range(200)], "group": rng.choice(list("xyz"), 200)})
    assert words(unique) == []


def test_what_a_few_rows_break_is_reported_and_not_enforced():
    rng = np.random.default_rng(2)
    city = rng.integers(12, size=1000)
    country = city // 3
    country[:4] = (country[:4] + 1) % 4
    data = from_python(pd.DataFrame({"city": city.astype(str), "country": country.astype(str)}))
    relations = find(data)
    assert [relation.words for relation in relations] == ["city determines country"]
    assert relations[0].holds == 0.996
    assert not relations[0].enforced
    assert (
        relations[0].broken(from_python(pd.DataFrame({"city": city.astype(str), "country": country.astype(str)}))).sum()
        == 4
    )


def test_what_others_imply_is_not_listed():
    rng = np.random.default_rng(3)
    street = rng.integers(24, size=600)
    frame = pd.DataFrame(
        {"street": street, "city": [f"c{s // 4}" for s in street], "land": [f"l{s // 8}" for s in street]}
    )
    assert words(frame) == ["street determines city", "city determines land"]
    values = np.cumsum(rng.exponential(1.0, (600, 3)), 1)
    assert words(pd.DataFrame(values, columns=["low", "mid", "high"])) == ["low <= mid", "mid <= high"]


def test_columns_that_merely_rise_together_have_no_order():
    rng = np.random.default_rng(4)
    length = rng.normal(10.0, 2.0, 800)
    assert words(pd.DataFrame({"width": length * 0.4 + rng.normal(0, 0.3, 800), "length": length})) == []


def test_levels_are_compared_by_their_names():
    city = pd.Series(["Bern", "Basel", "Lyon", "Paris"] * 50)
    land = city.map({"Bern": "CH", "Basel": "CH", "Lyon": "FR", "Paris": "FR"})
    relation = find(from_python(pd.DataFrame({"city": city, "land": land})))[0]
    other = pd.DataFrame({"land": ["FR", "CH", "FR"], "city": ["Paris", "Lyon", "Rome"]})
    assert relation.words == "city determines land"
    assert relation.broken(from_python(other)).tolist() == [False, True, False]


@pytest.mark.parametrize("zone", [None, "America/New_York"])
def test_a_day_is_that_of_the_time_zone(zone):
    stamp = pd.date_range("2024-01-01", periods=400, freq="7h", tz=zone)
    data = from_python(pd.DataFrame({"at": stamp, "date": stamp.normalize()}))
    assert words(data) == ["date is the day of at"]
    dates = np.floor(from_python(pd.DataFrame({"clock": stamp.tz_localize(None)})).columns[0].values / 86400.0)
    from_r = Frame([data.columns[0], Column("date", "date", dates)])
    assert words(from_r) == ["date is the day of at"]
    later = Frame([data.columns[0], Column("date", "date", dates + 1.0)])
    assert find(from_r)[0].broken(later).all()


def test_names_of_several_words_are_in_backticks():
    rng = np.random.default_rng(5)
    first, second = rng.gamma(2.0, 10.0, (2, 300)).round(2)
    assert words(pd.DataFrame({"in cash": first, "by card": second, "all of it": (first + second).round(2)})) == [
        "`all of it` = `in cash` + `by card`"
    ]


def shop(rows=300):
    rng = np.random.default_rng(6)
    net, shipping = rng.gamma(2.0, 40.0, rows).round(2), rng.choice([0.0, 4.9, 9.9], rows)
    total = (net + (0.19 * net).round(2) + shipping).round(2)
    return pd.DataFrame({"total": total, "net": net, "shipping": shipping, "items": rng.poisson(3.0, rows)})


def test_a_sum_with_a_rounded_share_is_found():
    assert words(shop()) == ["total = 1.19 * net + shipping"]
    wrong = shop(1000)
    wrong.loc[[3, 500], "total"] += 1.0
    relations = find(from_python(wrong))
    assert [(relation.words, relation.holds) for relation in relations] == [("total = 1.19 * net + shipping", 0.998)]
    assert not relations[0].enforced
    noisy = shop().assign(total=lambda rows: (rows.total + np.random.default_rng(1).normal(0.0, 0.02, 300)).round(2))
    assert words(noisy) == []


def test_factors_are_as_simple_as_rounding_allows():
    rng = np.random.default_rng(7)
    a, b, c = rng.normal(50.0, 10.0, (3, 400)).round()
    assert words(pd.DataFrame({"a": a, "b": b, "c": c, "mean": ((a + b + c) / 3).round(1)})) == [
        "mean = 0.333333333333 * a + 0.333333333333 * b + 0.333333333333 * c"
    ]
    kg = rng.normal(80.0, 15.0, 600).round(1)
    (relation,) = find(from_python(pd.DataFrame({"lb": (kg * 2.20462262).round(1), "kg": kg})))
    assert relation.constant == 0.0
    items = np.clip(np.round(3 + rng.normal(size=600) + rng.normal(size=(8, 600))), 1, 5).astype(int)
    score = pd.DataFrame({f"q{i}": item for i, item in enumerate(items)} | {"score": items.sum(0)})
    assert words(score) == ["score = q0 + q1 + q2 + q3 + q4 + q5 + q6 + q7"]


@pytest.mark.parametrize("zone", ["", "Europe/Berlin"])
def test_parts_of_the_calendar_are_found(zone):
    rng = np.random.default_rng(8)
    day = pd.Series(pd.Timestamp("2022-01-01", tz=zone or None) + pd.to_timedelta(rng.integers(0, 17_000, 600), "h"))
    parts = {
        "month": day.dt.month,
        "free": day.dt.day_of_week >= 5,
        "year": day.dt.year,
        "quarter": "Q" + day.dt.quarter.astype(str),
    }
    parts |= {"name": day.dt.day_name(), "of month": day.dt.strftime("%Y-%m"), "shift": day.dt.hour // 8}
    frame = pd.DataFrame({"at": day, "x": rng.normal(size=600)} | parts)
    assert sorted(words(frame)) == [
        "the hour of at determines shift",
        "the month of at determines month",
        "the quarter of at determines quarter",
        "the weekday of at determines free",
        "the weekday of at determines name",
        "the year and month of at determines `of month`",
        "the year of at determines year",
    ]


def test_spans_between_dates_and_times_are_found():
    rng = np.random.default_rng(9)
    start = pd.Series(pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.uniform(0, 6e7, 500).round(), "s"))
    hours = rng.gamma(2.0, 30.0, 500)
    end = start + pd.to_timedelta((hours * 3600).round(), "s")
    birth = pd.Series(pd.Timestamp("1930-03-01") + pd.to_timedelta(rng.integers(0, 30_000, 500), "D"))
    age = [a.year - b.year - ((a.month, a.day) < (b.month, b.day)) for a, b in zip(start, birth, strict=True)]
    nights = (end.dt.normalize() - start.dt.normalize()).dt.days
    frame = pd.DataFrame(
        {"start": start, "end": end, "nights": nights, "hours": hours.round(1), "born": birth, "age": age}
    )
    assert sorted(words(frame)) == [
        "age = full years from born to start",
        "hours = elapsed hours from start to end",
        "nights = days from start to end",
        "start <= end",
    ]
    dates = frame[["start", "nights"]].assign(discharge=end.dt.normalize())
    assert words(dates) == ["nights = days from start to discharge"]


@pytest.mark.parametrize("language", ["pandas", "R"])
def test_whole_days_between_two_dates_are_found(language):
    rng = np.random.default_rng(10)
    day, days = np.floor(rng.uniform(19_000, 19_700, 300)), rng.choice([1.0, 2.0, 3.0, 5.0], 300)
    kind, unit = ("date", 1.0) if language == "R" else ("datetime", 86400.0)
    columns = [
        Column("day", kind, day * unit),
        Column("ship", kind, (day + days) * unit),
        Column("days", "integer", days),
    ]
    assert words(Frame(columns)) == ["days = days from `day` to ship"]


def test_times_keep_an_order_however_far_apart():
    rng = np.random.default_rng(11)
    first = pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 700, 300), "D")
    frame = pd.DataFrame({"offer": first, "order": first + pd.to_timedelta(rng.normal(40, 5, 300).round(), "D")})
    assert words(frame) == ["offer <= order"]
    numbers = frame.apply(lambda column: column.astype("int64") / 86400e9)
    assert words(numbers) == []  # a length is above a width in every row, too
