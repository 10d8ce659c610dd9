"""Evaluations of what is real in generated rows: names, members, attributes; and of dates that lost their links."""

import functools
import html

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import ganbridge
from ganbridge import evaluate
from ganbridge.evaluation.metrics import classifiers
from ganbridge.evaluation.verdicts import FAIR, GOOD, POOR

N = 400


@pytest.fixture(autouse=True, scope="module")
def few_trees():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifiers, "TREES", 12)
        yield


def patients(seed, n=N):
    """Names, a date, a time stamp of that day, a seasonal temperature, and columns that tell each other."""
    rng = np.random.default_rng([seed, n])
    day = pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 1000, n), unit="D")
    age = rng.integers(18, 90, n)
    return pd.DataFrame(
        {
            "name": [f"Anna {rng.integers(10**9)}" for _ in range(n)],
            "visit": day,
            "stamp": day + pd.to_timedelta(rng.integers(8 * 3600, 18 * 3600, n), unit="s"),
            "temperature": 10.0 - 12.0 * np.cos(2 * np.pi * day.day_of_year / 365.25) + 2.0 * rng.normal(size=n),
            "sex": rng.choice(["f", "m"], n),
            "age": age,
            "stage": np.where(age + 8 * rng.normal(size=n) > 50, "late", "early"),
        }
    )


REAL, HELD, FRESH = patients(1), patients(2), patients(3)


@functools.cache
def verdicts(name, holdout):
    rng = np.random.default_rng(5)
    made = {
        "fresh": FRESH,
        "copies": REAL,
        "independent": pd.DataFrame({c: rng.permutation(REAL[c].to_numpy()) for c in REAL}),
        "names": FRESH.assign(name=rng.choice(REAL["name"], N)),
    }[name]
    report = evaluate(made, REAL, HELD if holdout else None, seed=1)
    return {(f.metric, f.column): f for f in report.findings}


MEMBERS = ("membership attack, distance", "membership attack, density")
DISCLOSURE = ("replicated uniques", "disclosed attributes", "attributed correctly")


@pytest.mark.parametrize("holdout", [False, True])
def test_new_rows_disclose_nothing(holdout):
    found = verdicts("fresh", holdout)
    assert not [key for key, f in found.items() if f.verdict == POOR]
    for metric in DISCLOSURE + (MEMBERS if holdout else ()):
        assert found[metric, "all columns"].verdict == GOOD
    assert found["copied values", "name"].verdict == GOOD
    assert found["copied values", "name"].value == 0.0


@pytest.mark.parametrize("holdout", [False, True])
def test_copies_are_found_by_every_attack(holdout):
    found = verdicts("copies", holdout)
    for metric in DISCLOSURE + (MEMBERS if holdout else ()):
        assert found[metric, "all columns"].verdict in (FAIR, POOR)
    if holdout:
        assert found["disclosed attributes", "all columns"].verdict == POOR
        assert [found[metric, "all columns"].verdict for metric in MEMBERS] == [POOR, POOR]
        assert found[MEMBERS[0], "all columns"].value == 1.0


@pytest.mark.parametrize("holdout", [False, True])
def test_real_names_are_poor_whatever_else_is_good(holdout):
    found = verdicts("names", holdout)
    assert [key for key, f in found.items() if f.verdict == POOR] == [("copied values", "name")]
    assert found["copied values", "name"].value == 1.0


@pytest.mark.parametrize("holdout", [False, True])
def test_days_in_a_row_are_met_by_chance(holdout):
    days = pd.DataFrame(
        {"day": pd.date_range("2024-05-01", periods=200), "x": np.random.default_rng(6).normal(size=200)}
    )
    parts = np.random.default_rng(6).permutation(200)
    real, held = (days.iloc[parts[:150]], days.iloc[parts[150:]]) if holdout else (days, None)
    made = days.iloc[np.random.default_rng(7).integers(200, size=150)]
    made = made.assign(x=np.random.default_rng(8).normal(size=150))
    found = {(f.metric, f.column): f for f in evaluate(made, real, held, seed=1).findings}
    assert found["copied values", "day"].verdict == GOOD
    copied = made.assign(x=np.random.default_rng(8).permutation(real["x"])[:150])
    found = {(f.metric, f.column): f for f in evaluate(copied, real, held, seed=1).findings}
    assert found["copied values", "x"].verdict == POOR


def test_dates_without_their_links_are_poor():
    found = verdicts("independent", False)
    assert found["same-day difference", "visit, stamp"].verdict == POOR
    assert found["time between", "visit, stamp"].verdict == POOR
    seasons = found["mutual information difference", "temperature, visit (day of year)"]
    assert seasons.verdict == POOR
    assert seasons.value > 5 * seasons.baseline
    assert ("mutual information difference", "visit, visit (weekday)") not in found


def test_weekdays_are_compared_as_a_column_of_their_own():
    weekends = FRESH.assign(visit=FRESH["visit"] - pd.to_timedelta(FRESH["visit"].dt.day_of_week, unit="D"))
    report = evaluate(weekends, REAL, seed=1)
    (found,) = [f for f in report.findings if (f.metric, f.column) == ("total variation", "visit (weekday)")]
    assert found.verdict == POOR


def test_a_report_quotes_no_name(fit_seed, tmp_path, monkeypatch):
    drawn = []
    texts = Figure.savefig

    def savefig(self, *arguments, **named):
        self.canvas.draw()
        drawn.extend(text.get_text() for text in self.findobj(Text))
        return texts(self, *arguments, **named)

    monkeypatch.setattr(Figure, "savefig", savefig)
    data = REAL.iloc[:60]
    gan = ganbridge.fit(data, seed=fit_seed, config=ganbridge.Config(steps=5))
    ganbridge.report(gan, data, tmp_path / "report.html", holdout=HELD.iloc[:60])
    page = (tmp_path / "report.html").read_text(encoding="utf-8") + " ".join(drawn)
    assert "temperature" in drawn
    assert "Not shown, because nearly every row has its own text: name." in html.unescape(page).replace('"', "")
    assert not [name for name in data["name"] if name in page]


def test_classifiers_are_compared_with_held_out_rows():
    """Rows that follow the training rows closely are told from new rows, not from the training rows."""
    report, without = (evaluate(REAL, REAL, holdout, seed=1) for holdout in (HELD, None))
    found, alone = (
        next(f for f in each.findings if f.metric == "AUC, tree model" and f.column == "all columns")
        for each in (report, without)
    )
    assert 0.4 < found.value < 0.6  # the training rows are real rows
    assert found.value == found.baseline
    assert alone.value < 0.4  # copies confuse a classifier that compares with the same rows
    assert any("a `holdout` helps both" in note for note in without.notes)
    assert any("baseline is how well they tell the real ones from holdout" in note for note in report.notes)


def test_relations_that_generated_rows_break_are_counted_by_their_words():
    real, made = (
        patients(seed).assign(decade=lambda data: data["age"] // 10, paid=lambda data: 3 * data["age"])
        for seed in (1, 2)
    )
    whole = [f for f in evaluate(made, real, seed=1).findings if f.metric == "broken relations"]
    assert [(f.column, f.value, f.verdict) for f in whole] == [("all relations", 0.0, GOOD)]
    broken = made.copy()
    broken.loc[:39, "stamp"] += pd.Timedelta("1D")
    broken.loc[30:49, "decade"] += 1
    held = patients(4).assign(decade=lambda data: data["age"] // 10, paid=lambda data: 3 * data["age"])
    for holdout in (None, held):
        found = {
            f.column: f for f in evaluate(broken, real, holdout, seed=1).findings if f.metric == "broken relations"
        }
        assert (found["all relations"].value, found["all relations"].baseline) == (50 / N, 0.0)
        assert found["visit is the day of stamp"].value == 40 / N
        assert found["age determines decade"].value == 20 / N
        assert {f.verdict for f in found.values()} == {POOR}


def test_tables_without_relations_have_no_such_metric():
    rng = np.random.default_rng(3)
    real, made = rng.normal(size=(2, 100, 2))
    assert not [f for f in evaluate(made, real).findings if f.metric == "broken relations"]
