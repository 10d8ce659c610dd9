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
