"""What holds in the training rows holds in every generated row, whatever is asked for."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ganbridge
from ganbridge import Config
from ganbridge.data import Frame
from ganbridge.encode.relations import Plan, find

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
import relations as planted
from relations import broken, r_squared, visits

WORDS = [
    "visit is the day of stamp",
    "left = discharge + 30 days",
    "total = drugs + care",
    "city determines country",
    "visit <= discharge",
    "left is missing where status = 'in'",
]


IMPLIED = ["visit <= left", "stamp <= left"]


@pytest.fixture(scope="module")
def fitted():
    return ganbridge.fit(visits(), seed=1)


def test_relations_are_listed_and_printed(fitted):
    kept = [relation for relation in fitted.relations if relation["enforced"] and not relation["implied_by"]]
    assert [relation["words"] for relation in kept] == WORDS
    implied = {relation["words"]: relation["implied_by"] for relation in fitted.relations if relation["implied_by"]}
    assert list(implied) == IMPLIED
    assert implied == {
        "visit <= left": ["visit <= discharge", "left = discharge + 30 days"],
        "stamp <= left": ["visit is the day of stamp", "visit <= discharge", "left = discharge + 30 days"],
    }
    assert all(relation["holds"] == 1.0 for relation in kept)
    assert [relation["words"] for relation in fitted.relations if not relation["enforced"]] == ["stamp <= discharge"]
    assert f"  always         {'; '.join(WORDS)}" in str(fitted).splitlines()


def test_no_row_of_a_sample_breaks_a_relation(fitted):
    rows = fitted.sample(30_000, seed=2)
    assert broken(fitted, rows) == dict.fromkeys([*WORDS, *IMPLIED], 0)
    assert rows.dtypes.equals(visits().dtypes)
    assert (rows.stamp.dt.normalize() == rows.visit).all()
    assert rows.stamp.dt.hour.between(7, 18).all()  # as in the data, although days are drawn


def test_the_temperature_follows_the_season(fit_seed, within):
    gan = ganbridge.fit(visits()[["visit", "stamp", "temperature", "drugs", "city"]], seed=fit_seed)
    difference = r_squared(gan.sample(5000, seed=1)) - r_squared(visits())
    within("difference of R squared", difference, -0.05, 0.05)  # without parts of the calendar: -.7


@pytest.mark.parametrize(
    "asked",
    [
        {"country": "L2"},
        {"country": {"L1", "L2"}, "total": (20, 40)},
        {"total": 30.0},
        {"temperature": 12.5},
        {"visit": pd.Timestamp("2023-05-06")},
        {"discharge": (pd.Timestamp("2023-05-06"), pd.Timestamp("2023-06-30"))},
        {"left": None},
        {"left": (pd.Timestamp("2023-01-01"), None)},
        {"city": "c4", "status": "out"},
        {"country": ["L0", "L3"] * 10, "drugs": [20.0, 30.0] * 10},
        {"total": [20.0, 30.0] * 10},
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, dict) else "",
)
def test_what_is_asked_for_of_computed_columns_is_so(fitted, asked):
    rows = fitted.sample(20, given=asked, seed=3)
    assert len(rows) == 20
    assert not any(broken(fitted, rows).values())
    for name, value in asked.items():
        if value is None:
            assert rows[name].isna().all()
        elif isinstance(value, tuple):
            low, high = value
            assert (rows[name] >= low).all()
            assert high is None or (rows[name] <= high).all()
        elif isinstance(value, set):
            assert set(rows[name]) == value
        else:
            assert (rows[name] == value).all()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"city": "c4", "country": "L3"}, '`given` must have values of "city" and "country" that occur together'),
        ({"country": "L9"}, r"`given\[country\]` must be a level that the training data holds"),
        ({"visit": pd.Timestamp("2031-01-01")}, r"`given\[visit\]` must be between .* the range of the training data"),
        ({"total": (10.0, 20.0), "drugs": (50.0, 60.0)}, 'What holds in every row: "total = drugs \\+ care"'),
        (
            {"drugs": (60.0, 50.0)},
            r"`given\[drugs\]` must be a range from the lowest to the highest value, not 60 to 50",
        ),
        ({"town": "c1"}, '`given` must be values for some of the fit\'s columns \\("city", "country", "visit"'),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, dict) else "",
)
def test_what_no_training_row_has_is_refused(fitted, asked, message):
    with pytest.raises(ValueError, match=message):
        fitted.sample(20, given=asked, seed=3)


def test_imputed_rows_keep_relations(fitted):
    rows = visits()
    holes = rows.mask(np.random.default_rng(4).random(rows.shape) < 0.2)
    filled = fitted.impute(holes, m=1, seed=1)[0]
    assert broken(fitted, filled) == dict.fromkeys([*WORDS, *IMPLIED], 0)
    assert filled.notna().drop(columns="left").all(axis=None)
    assert (filled.left.isna() == (filled.status == "in")).all()
    for name in rows:
        known = holes[name].notna()
        assert (filled.loc[known, name] == holes.loc[known, name]).all()


def test_rows_that_break_a_relation_have_no_density(fitted):
    rows = visits(50)
    assert np.isfinite(fitted.log_density(rows)).all()
    assert (fitted.log_density(rows.assign(total=rows.total + 1.0)) == -np.inf).all()


def test_a_saved_fit_keeps_relations(fitted):
    same = ganbridge.from_bytes(fitted.to_bytes())
    assert same.relations == fitted.relations
    assert str(same) == str(fitted)
    assert same.sample(100, seed=5).equals(fitted.sample(100, seed=5))
    walk = same.interpolate(50, seed=1)
    assert not any(broken(same, walk).values())


@pytest.mark.parametrize("condition", ["city", "country"])
def test_networks_with_a_condition_keep_relations(condition):
    rows = visits()[["city", "country", "drugs", "care", "total"]]
    seen = []
    gan = ganbridge.fit(
        rows, condition=condition, epochs=2, trace=1, seed=1, callbacks=[lambda state: seen.append(state.sample(50))]
    )
    assert {relation["words"]: relation["enforced"] for relation in gan.relations} == {
        "total = drugs + care": True,
        "city determines country": True,
    }
    for sample in [*seen, *gan.trace.samples, gan.sample(200, seed=1), gan.interpolate(20, seed=1)]:
        assert list(sample) == list(rows)
        assert not any(broken(gan, sample).values())
    same = ganbridge.from_bytes(gan.to_bytes())
    assert same.sample(20, seed=1).equals(gan.sample(20, seed=1))
    assert (same.sample(20, seed=1, given={condition: rows[condition][0]})[condition] == rows[condition][0]).all()


def test_an_array_keeps_relations():
    values = np.random.default_rng(6).gamma(2.0, 10.0, (300, 3)).round(2)
    gan = ganbridge.fit(np.concatenate([values, values.sum(1, keepdims=True).round(2)], 1), seed=1)
    assert [relation["words"] for relation in gan.relations] == ["`4` = `1` + `2` + `3`"]
    rows = gan.sample(1000, seed=1)
    assert isinstance(rows, np.ndarray)
    assert np.allclose(rows[:, :3].sum(1), rows[:, 3], atol=1e-9)


def test_relations_are_added_and_left_out_by_hand():
    rows = visits()[["city", "country", "drugs", "care", "total"]]

    def words(setting):
        return [
            relation["words"]
            for relation in ganbridge.fit(rows, epochs=1, seed=1, config=Config(relations=setting)).relations
        ]

    assert words(False) == []
    assert words(["not city -> country"]) == ["total = drugs + care"]
    assert words([False, "care <= total"]) == ["care <= total"]
    few = ganbridge.fit(rows[:20], epochs=1, seed=1, config=Config(relations="total = drugs + care"))
    assert np.allclose(few.sample(500, seed=1).eval("total - drugs - care"), 0.0, atol=1e-9)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("drugs <= care", r'unlike "drugs <= care", which \d+ of 600 rows break \(rows \d+, \d+, \d+ and \d+ more\)'),
        ("drug <= care", 'be about columns of `data`, not "drug" in "drug <= care". Did you mean "drugs"\\?'),
        ("drugs < care", "can't be read"),
        ("total = drugs + care +", "it ends too early"),
        ("not drugs -> care", "leave out relations that are found"),
        ("left is missing where status = 'gone'", '"gone" is no level of "status"'),
    ],
)
def test_what_is_written_wrong_is_refused(setting, message):
    with pytest.raises(ValueError, match=f"^`relations` must .*{message}"):
        ganbridge.fit(visits(), seed=1, config=Config(relations=setting))


def shipped(rng, rows=600):
    """Orders at any second, and the midnight at which they were shipped."""
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 700, rows), "D")
    placed = day + pd.to_timedelta(rng.integers(0, 86400, rows), "s")
    return pd.DataFrame({"low": placed, "high": day + pd.to_timedelta(rng.integers(1, 9, rows), "D")})


def tenths(rng, rows=600):
    low = rng.gamma(3.0, 5.0, rows)
    return pd.DataFrame({"low": low, "high": np.ceil((low + rng.gamma(0.6, 2.0, rows)) * 10.0) / 10.0})


def partly_missing(rng, rows=600):
    table = tenths(rng, rows)
    return table.assign(low=table.low.mask(rng.random(rows) < 0.2))


def whole(rng, rows=600):
    low = rng.gamma(3.0, 5.0, rows)
    return pd.DataFrame({"low": low, "high": np.ceil(low + rng.gamma(0.6, 4.0, rows)).astype(int)})


def below_a_sum(rng, rows=600):
    a, b = rng.gamma(2.0, 10.0, (2, rows)).round(3)
    high = (a + b).round(3)
    return pd.DataFrame({"a": a, "b": b, "low": np.floor(high * rng.random(rows) ** 0.2), "high": high})


@pytest.mark.parametrize(
    ("table", "name", "on_grid"),
    [
        (shipped, "high", lambda column: column == column.dt.normalize()),
        (tenths, "high", lambda column: column == column.round(1)),
        (partly_missing, "high", lambda column: column == column.round(1)),
        (whole, "high", lambda column: column == column.round()),
        (below_a_sum, "low", lambda column: column == column.round()),
    ],
)
@pytest.mark.parametrize("setting", [True, "low <= high"], ids=["found", "by hand"])
def test_what_an_order_computes_keeps_its_days_and_decimals(table, name, on_grid, setting):
    rows = table(np.random.default_rng(7))
    gan = ganbridge.fit(rows, seed=1, config=Config(relations=setting, prior="mixture"))
    kept = {relation["words"]: relation["enforced"] for relation in gan.relations}
    assert kept["low <= high"]
    sample = gan.sample(3000, seed=2)
    assert on_grid(rows[name]).all()
    assert on_grid(sample[name]).all()
    assert not (sample.low > sample.high).any()
    assert sample.dtypes.equals(rows.dtypes)
    assert sample[name].quantile([0.02]).between(rows[name].min(), rows[name].max()).all()
    assert ganbridge.from_bytes(gan.to_bytes()).sample(50, seed=3).equals(gan.sample(50, seed=3))


def test_a_relation_holds_no_number_of_few_rows():
    rng = np.random.default_rng(7)
    price = rng.choice([10.5, 20.25, 30.75], 400)
    price[7] = 12345.678
    rows = pd.DataFrame({"price": price, "band": np.where(price > 15, "high", "low"), "x": rng.normal(size=400)})
    gan = ganbridge.fit(rows, seed=1)
    assert [relation["words"] for relation in gan.relations] == ["price determines band"]
    assert np.float64(12345.678).tobytes() not in gan.to_bytes()
    assert not any(broken(gan, gan.sample(2000, seed=1)).values())


def test_whole_numbers_of_few_rows_keep_their_levels():
    rng = np.random.default_rng(8)
    years = np.minimum(rng.geometric(0.4, 500), 9) + 1  # the highest ones are rare
    rows = pd.DataFrame({"school": [f"s{year}" for year in years], "years": years, "x": rng.normal(size=500)})
    sample = ganbridge.fit(rows, seed=1).sample(20_000, seed=1)
    assert (sample.school == "s" + sample.years.astype(str)).all()


def test_waves_have_no_relations():
    with pytest.raises(ValueError, match='`relations` must be left out, or False, for kind "wave"'):
        ganbridge.fit(ganbridge.make_waves(40, 50, seed=1), kind="wave", config=Config(relations=True))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), fixed=st.integers(0, 2))
def test_whatever_is_generated_relations_hold(seed, fixed):
    rng = np.random.default_rng(seed)
    columns = planted.table(rng, 300)
    for name in rng.permutation(list(planted.PLANTED))[: rng.integers(1, 6)]:
        new = planted.PLANTED[name](rng, 300)[0]
        columns += new if not {column.name for column in new} & {column.name for column in columns} else []
    frame = Frame([columns[i] for i in rng.permutation(len(columns))])
    plan = Plan.of(frame, find(frame), [str(name) for name in rng.permutation(frame.names)[:fixed]])
    core = plan.reduce(frame)
    torn = Frame([column.take(rng.permutation(300)) for column in core.columns])  # as bad a generator as can be
    rows = plan.restore(torn)
    assert rows.names == frame.names
    assert not any(relation.broken(rows).any() for relation in plan.relations if relation.enforced)
    same = Plan.from_state(*plan.to_state()).restore(torn)
    assert all((a.values == b.values).all() for a, b in zip(rows.columns, same.columns, strict=True))


def stays(rows=500):
    """Stays in a clinic: a time, a date and the nights between them; bills with a rounded tax; parts of the date."""
    rng = np.random.default_rng(9)
    admission = pd.Series(pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.uniform(0, 6e7, rows).round(), "s"))
    nights = rng.geometric(0.25, rows) - 1
    discharge = admission.dt.normalize() + pd.to_timedelta(nights, "D")
    net = (30.0 + 200.0 * nights + rng.gamma(2.0, 40.0, rows)).round(2)
    return pd.DataFrame(
        {
            "admission": admission,
            "nights": nights,
            "discharge": discharge,
            "month": discharge.dt.month,
            "day": discharge.dt.day_name(),
            "net": net,
            "fee": rng.choice([0.0, 4.9, 9.9], rows),
        }
    ).assign(total=lambda part: (part.net + (0.19 * part.net).round(2) + part.fee).round(2))


STAYS = [
    "the month of discharge determines month",
    "the weekday of discharge determines `day`",
    "total = 1.19 * net + fee",
    "nights = days from admission to discharge",
]


def test_spans_parts_and_factors_are_kept():
    rows = stays()
    gan = ganbridge.fit(rows, seed=1)
    assert [relation["words"] for relation in gan.relations if relation["enforced"]] == STAYS
    sample = gan.sample(20_000, seed=1)
    assert broken(gan, sample) == dict.fromkeys(STAYS, 0)
    assert (sample.discharge.dt.month == sample.month).all()
    assert (sample.discharge.dt.day_name() == sample.day).all()
    assert ((sample.discharge - sample.admission.dt.normalize()).dt.days == sample.nights).all()
    assert (sample.total - 1.19 * sample.net - sample.fee).abs().max() <= 0.005 + 1e-9
    for asked in (
        {"month": 7},
        {"day": "Sunday", "nights": (2, 5)},
        {"discharge": rows.discharge[0]},
        {"total": 300.0},
    ):
        some = gan.sample(20, given=asked, seed=2)
        assert not any(broken(gan, some).values())
        assert all((some[name] == value).all() for name, value in asked.items() if not isinstance(value, tuple))
    holes = rows.mask(np.random.default_rng(4).random(rows.shape) < 0.2)
    filled = gan.impute(holes, m=1, seed=1)[0]
    assert not any(broken(gan, filled).values())
    assert all((filled[name] == holes[name])[holes[name].notna()].all() for name in rows)
    same = ganbridge.from_bytes(gan.to_bytes())
    assert same.relations == gan.relations
    assert same.sample(50, seed=1).equals(gan.sample(50, seed=1))


def test_relations_of_identifiers_are_refused_by_what_these_are():
    rows = visits().assign(id=[f"P{i:05d}" for i in range(600)])
    with pytest.raises(ValueError, match='unlike "id" in "id -> city", whose values are made up or left out'):
        ganbridge.fit(rows, seed=1, config=Config(relations="id -> city"))


@pytest.mark.parametrize("rows", [40, 400])
def test_midnights_of_a_zone_with_summer_time_stay_midnights(rows):
    rng = np.random.default_rng(12)
    day = pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 700, rows), "D")
    later = day + pd.to_timedelta(rng.poisson(3, rows), "D")
    frame = pd.DataFrame({"day": day.tz_localize("Europe/Berlin"), "later": later.tz_localize("Europe/Berlin")})
    frame["x"] = rng.normal(size=rows)
    for table in (frame[["day", "x"]], frame):
        gan = ganbridge.fit(table, seed=1, config=Config(prior="mixture"))
        sample = gan.sample(500, seed=1)
        for name in sample.columns[:-1]:
            assert (sample[name] == sample[name].dt.normalize()).all()
        assert not any(broken(gan, sample).values())
        assert ganbridge.from_bytes(gan.to_bytes()).sample(20, seed=1).equals(gan.sample(20, seed=1))
