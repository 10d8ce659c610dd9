"""Lost links and columns are found and named; good fits and other real rows are silent."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import ganbridge
from ganbridge.data import from_python
from ganbridge.data.column import Column
from ganbridge.model.fitted import FittedGan
from ganbridge.training.links import Tables, codes_of, homogeneity, spread
from ganbridge.training.lost import lost_links

RNG = np.random.default_rng(8)


def visits(seed, n=600):
    """A date, a time stamp of that day, a temperature of the season, and columns that tell each other."""
    rng = np.random.default_rng([seed, n])
    day = pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 1000, n), unit="D")
    age = rng.integers(18, 90, n)
    return pd.DataFrame(
        {
            "visit": day,
            "stamp": day + pd.to_timedelta(rng.integers(8 * 3600, 18 * 3600, n), unit="s"),
            "temperature": 10.0 - 12.0 * np.cos(2 * np.pi * day.day_of_year / 365.25) + 2.0 * rng.normal(size=n),
            "sex": rng.choice(["f", "m"], n),
            "age": age,
            "stage": np.where(age + 8 * rng.normal(size=n) > 50, "late", "early"),
        }
    )


REAL = visits(0)


def found(made, real=REAL, networks=False):
    return lost_links(from_python(made), from_python(real), 1, networks)


def shuffled(data, *names):
    return data.assign(**{name: RNG.permutation(data[name].to_numpy()) for name in names})


def test_other_real_rows_are_silent():
    for seed in range(20):
        assert found(visits(2 * seed + 1, 2000), visits(2 * seed, 300)) == []


def test_dates_on_one_day_are_named():
    made = visits(1, 2000)
    (words,) = found(made.assign(stamp=made["stamp"] + pd.to_timedelta(RNG.integers(1, 4, 2000), unit="D")))
    assert words == (
        "lost link: between `visit` and `stamp`; 0 % of generated rows have both on one day, 100 % of training rows."
        " Give their difference as a column instead of one of them."
    )


def test_a_season_is_named_with_its_remedy():
    first, second = found(shuffled(visits(1, 2000), "temperature"))
    assert first.startswith("lost link: between `visit (day of year)` and `temperature`; rows that are neighbours")
    assert first.endswith("Add the day of year of `visit` as a column.")
    assert "`stamp (day of year)`" in second


def test_levels_and_numbers_are_named_with_what_both_reach():
    (words,) = found(shuffled(visits(1, 2000), "stage"))
    assert words.startswith("lost link: between `age` and `stage`; Cramér's V is 0.0")
    assert words.endswith("Use more rows, or leave out columns that do not matter.")
    (words,) = found(shuffled(visits(1, 2000), "stage"), networks=True)
    assert words.endswith("Leave the settings of networks open, or raise the number of steps.")


def test_a_column_that_lost_most_links_is_told_once():
    x = RNG.normal(size=(2600, 1)) + 0.3 * RNG.normal(size=(2600, 5))
    data = pd.DataFrame(x, columns=list("abcde"))
    (words,) = found(shuffled(data[600:], "c"), data[:600])
    assert words.startswith("lost links: of `c` with `")
    assert all(f"`{name}`" in words for name in "abde")


def test_many_single_links_are_counted():
    x = RNG.normal(size=(2600, 15))
    data = pd.DataFrame(np.concatenate([x, x + 0.3 * RNG.normal(size=x.shape)], 1)).add_prefix("x")
    words = found(shuffled(data[600:], *[f"x{i}" for i in range(7)]), data[:600])
    assert len(words) == 5
    assert words[-1].startswith("lost links: 3 more, such as between `")
    (words,) = found(shuffled(data[600:], *[f"x{i}" for i in range(12)]), data[:600])
    assert words.startswith("lost links: 12 of 15 links between columns, such as between `")


def test_columns_of_a_matrix_are_called_by_their_position():
    x = RNG.normal(size=(2600, 2))
    x[:, 1] += x[:, 0]
    (words,) = lost_links(from_python(RNG.permuted(x[600:], axis=0)), from_python(x[:600]), 1, False)
    assert words.startswith("lost link: between `column 1` and `column 2`; ")


def test_columns_and_parts_of_dates_are_named():
    made = visits(1, 2000)
    midnight = made.assign(stamp=made["visit"] + pd.Timedelta("9h"), sex="f")
    (words,) = [each for each in found(midnight) if each.startswith("lost column")]
    assert "`stamp (time of day)` (9" in words
    assert "`sex` (5" in words


def test_fits_report_what_they_lost_and_good_ones_are_silent(fit_seed, monkeypatch):
    data = visits(0, 300)[["temperature", "sex", "age", "stage"]]
    assert ganbridge.fit(data, seed=fit_seed).diagnosis == []
    sample = FittedGan.sample_data

    def without_link(self, *arguments, **named):
        rows, conditions = sample(self, *arguments, **named)
        stage = rows.columns[3].take(RNG.permutation(rows.rows))
        return rows.with_columns([*rows.columns[:3], stage]), conditions

    monkeypatch.setattr(FittedGan, "sample_data", without_link)
    gan = ganbridge.fit(data, seed=fit_seed)
    (words,) = gan.diagnosis
    assert words.startswith("lost link: between `age` and `stage`; ")
    assert f"\n  ! {words}" in str(ganbridge.from_bytes(gan.to_bytes()))


def test_the_association_is_scipys_without_bias():
    a, b = RNG.integers(0, 4, 500), RNG.integers(0, 3, 500)
    b = np.where(RNG.random(500) < 0.4, a % 3, b)
    table = np.zeros((4, 3))
    np.add.at(table, (a, b), 1.0)
    n = 500
    square = stats.chi2_contingency(table, correction=False).statistic / n
    square = max(0.0, square - 3 * 2 / (n - 1))
    expected = np.sqrt(square / min(4 - 9 / (n - 1) - 1, 3 - 4 / (n - 1) - 1))
    tables = Tables.of([a, b], 5)
    assert tables.associations()[0, 1] == pytest.approx(expected)
    assert tables.associations()[1, 0] == pytest.approx(expected)
    np.testing.assert_array_equal(tables.counts[0, :4, 1, :3], table)


def test_homogeneity_is_scipys_test():
    first, second = RNG.multinomial(300, [0.4, 0.3, 0.2, 0.1]), RNG.multinomial(500, [0.3, 0.3, 0.2, 0.2])
    expected = stats.chi2_contingency([first, second], correction=False).pvalue
    counts = [row[None].astype(float) for row in (first, second)]
    assert homogeneity(*counts, 300, 500)[0] == pytest.approx(expected)
    assert homogeneity(np.array([[3.0, 1.0]]), np.array([[2.0, 1.0]]), 4, 3)[0] == 1.0  # all cells are sparse


def test_the_spread_is_chatterjees_coefficient():
    x = RNG.normal(size=400)
    y = x**2 + 0.1 * RNG.normal(size=400)
    seen = spread((x, x[:50]), (y, RNG.permutation(y)[:50]))
    ranks = stats.rankdata(y[np.argsort(x)])
    coefficient = 1.0 - 3.0 * np.abs(np.diff(ranks)).sum() / (400**2 - 1)
    assert seen.strength(seen.real) == pytest.approx(coefficient, abs=0.01)
    assert seen.independent == pytest.approx(1 / 3, abs=0.001)
    assert abs(seen.strength(seen.generated)) < 0.25
    assert seen.probability < 1e-4


def test_codes_are_bins_and_frequent_levels():
    number = Column("x", "double", np.arange(100.0), missing=np.arange(100) < 10)
    (codes,) = codes_of(number, (number,))
    assert np.bincount(codes).tolist() == [23, 22, 22, 23, 0, 0, 10]
    real = Column("k", "factor", np.repeat([0.0, 1.0, 2.0], [50, 40, 5]), levels=["a", "b", "c"])
    made = Column("k", "factor", np.array([0.0, 1.0]), levels=["b", "new"])
    assert codes_of(real, (made,))[0].tolist() == [1, 5]


def test_few_rows_show_nothing():
    assert found(shuffled(visits(1, 49), "stage"), visits(1, 49)) == []


def times_of(correlation, seed, rows=1000):
    rng = np.random.default_rng(seed)
    first = rng.normal(size=rows)
    second = correlation * first + np.sqrt(1.0 - correlation**2) * rng.normal(size=rows)
    at = [pd.Timestamp("2022-01-01") + pd.to_timedelta((1e7 * part).round(), "s") for part in (first, second)]
    return pd.DataFrame({"ordered": at[0], "shipped": at[1], "x": rng.normal(size=rows)})


def test_a_weakened_link_of_two_times_is_told():
    (words,) = found(times_of(0.7, 2), times_of(0.93, 1))
    assert words.startswith("lost link: between `ordered` and `shipped`; the time between them differs from")
    assert found(times_of(0.93, 3), times_of(0.93, 1)) == []


def opening(seed, linked, rows=1000):
    rng = np.random.default_rng(seed)
    day = pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 300, rows), "D")
    hours = rng.uniform(6.0, 11.0, rows)
    length = 8.0 + rng.normal(0.0, 0.3, rows)
    close = hours + length if linked else rng.permutation(hours) + length
    frame = {
        "opens": day + pd.to_timedelta((60 * hours).round(), "min"),
        "closes": day + pd.to_timedelta((60 * close).round(), "min"),
    }
    return pd.DataFrame(frame)


def test_lost_links_of_two_times_of_day_are_told():
    assert any("between `opens` and `closes`" in words for words in found(opening(2, False), opening(1, True)))
    assert found(opening(3, True), opening(1, True)) == []


def bills(seed, noise, rows=1000):
    rng = np.random.default_rng(seed)
    parts = rng.gamma(2.0, 40.0, (4, rows)).round(2)
    total = (1.19 * parts.sum(0) + rng.normal(0.0, noise, rows)).round(2)
    return pd.DataFrame({**dict(zip("abcd", parts, strict=True)), "total": total})


def test_a_lost_sum_is_told():
    assert any("sum of other numbers that `" in words for words in found(bills(2, 20.0), bills(1, 0.5)))
    assert found(bills(3, 0.5), bills(1, 0.5)) == []
