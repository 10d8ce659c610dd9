"""Verdicts if the truth is known: faults are poor, also with few rows, and draws from the truth are not."""

import functools
import re

import numpy as np
import pandas as pd
import pytest

from ganbridge import evaluate
from ganbridge.evaluation.answers import answers, overall
from ganbridge.evaluation.finding import Finding, finding
from ganbridge.evaluation.kind import evaluated_kind
from ganbridge.evaluation.metrics import classifiers, modes, privacy
from ganbridge.evaluation.registry import METRICS
from ganbridge.evaluation.verdicts import FAIR, GOOD, POOR, Measured

MODES = (-4.0, 0.0, 4.0)
WORDS = {kind: evaluated_kind(kind).words for kind in ("table", "wave", "image")}


def truth(n, seed, among=MODES, levels=(0.6, 0.3, 0.1), missing=0.2):
    """Three modes, a column that depends on them, one with missing values, one with levels."""
    rng = np.random.default_rng([seed, n])
    x = rng.choice(among, n) + 0.5 * rng.normal(size=n)
    m = rng.normal(size=n)
    m[rng.random(n) < missing] = np.nan
    return pd.DataFrame({"x": x, "y": 0.8 * x + rng.normal(size=n), "m": m, "g": rng.choice(list("abc"), n, p=levels)})


@pytest.fixture(autouse=True, scope="module")
def few_trees():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifiers, "TREES", 12)
        yield


def finding_of(report, metric, column="all columns"):
    return next(f for f in report.findings if (f.metric, f.column) == (metric, column))


@functools.cache
def fresh(n, seed):
    return evaluate(truth(n, seed + 100), truth(n, seed), truth(n, seed + 200))


@pytest.mark.parametrize("n", [50, 300])
def test_draws_from_the_truth_are_not_called_poor(n):
    findings = [f for seed in range(6) for f in fresh(n, seed).findings]
    assert not [f for f in findings if f.verdict == POOR]
    assert np.mean([f.verdict == FAIR for f in findings]) < 0.06


@pytest.mark.parametrize("n", [50, 300])
@pytest.mark.parametrize("holdout", [False, True])
def test_a_fifth_of_copies_is_poor(n, holdout):
    real = truth(n, 0)
    made = pd.concat([real.iloc[: n // 5], truth(n, 1).iloc[n // 5 :]], ignore_index=True)
    report = evaluate(made, real, truth(n, 2) if holdout else None)
    assert finding_of(report, "copied rows").verdict == POOR
    assert finding_of(report, "distance to closest record, 5%").verdict == POOR
    everything = evaluate(real, real, truth(n, 2) if holdout else None)
    for metric in ("distance to closest record", "distance to closest record, 5%", "nearest-neighbour distance ratio"):
        assert finding_of(everything, metric).verdict == POOR


def test_faults_are_poor_with_few_rows():
    real, held = truth(50, 0, missing=0.0), truth(50, 200)
    real.loc[:9, "m"] = np.nan
    assert finding_of(evaluate(truth(50, 1, missing=0.0), real, held), "missing share", "m").verdict == POOR
    real["g"] = list("aaaaaabbbc" * 5)
    assert (
        finding_of(evaluate(truth(50, 1).assign(g=list("abbbcccccc" * 5)), real, held), "total variation", "g").verdict
        == POOR
    )
    assert finding_of(evaluate(truth(50, 1, among=(0.0,)), real, held), "coverage").verdict == POOR
    far = truth(50, 1)
    far["x"] += 8.0
    for metric in ("AUC, linear model", "AUC, tree model"):
        assert finding_of(evaluate(far, real, held), metric).verdict == POOR


def test_one_of_three_modes_missing_is_poor():
    report = evaluate(truth(300, 1, among=MODES[:2]), truth(300, 0), truth(300, 200))
    assert (finding_of(report, "mode count", "x").value, finding_of(report, "mode count", "x").verdict) == (2.0, POOR)


def test_barely_visible_peaks_are_no_difference():
    values = [
        np.concatenate([r.normal(0, 1, 300), r.normal(2.6, 1, 300)]) for r in map(np.random.default_rng, range(30))
    ]
    ranges = [modes.mode_range(v) for v in values]
    assert len({count for _, count, _ in ranges}) > 1  # by chance: all come from one distribution
    assert all(low <= count <= high for low, count, high in ranges)
    alike = finding("mode count", Measured(1.0, 2.0, (600, 600), unsure=(1.0, 0.0)), WORDS["table"], column="x")
    assert alike.verdict == GOOD
    assert alike.meaning == (
        "Mode count 1 (real data: 2): number of peaks of the density; so few rows can't tell these apart"
        " (600 generated, 600 real rows)."
    )
    real = pd.DataFrame({"x": values[0]})
    verdicts = [finding_of(evaluate(pd.DataFrame({"x": v}), real), "mode count", "x").verdict for v in values[1:10]]
    assert verdicts.count(GOOD) >= 8


def test_few_of_many_peaks_lost_is_fair():
    def verdict(count, of):
        return METRICS["mode count"].rule.assess(Measured(count, of, (5000, 5000)))[0]

    assert [verdict(count, 25.0) for count in (25.0, 24.0, 20.0, 19.0)] == [GOOD, FAIR, FAIR, POOR]
    assert [verdict(count, 1.0) for count in (2.0, 3.0)] == [FAIR, POOR]


@pytest.mark.parametrize("share", [0.5, 0.05])
def test_a_distance_exceeds_its_limit_by_chance_once_in_a_hundred(share):
    below = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        limit = privacy.chance_of_closer(np.abs(rng.normal(size=400)), 100, share, 0)
        assert 0.0 < limit < 1.0
        drawn = np.abs(rng.normal(size=(400, 500)))
        ratios = np.quantile(drawn[:, :100], share, axis=1) / np.quantile(drawn[:, 100:], share, axis=1)
        below.append(np.mean(ratios < limit))
    assert 0.003 < np.mean(below) < 0.03  # a little more than 0.01, because the limit is estimated from few distances


def test_the_limit_of_a_distance_decreases_with_the_number_of_rows():
    distances = np.abs(np.random.default_rng(0).normal(size=2000))
    limits = [privacy.chance_of_closer(distances[:n], n, 0.05, 0) for n in (50, 300, 2000)]
    assert limits == sorted(limits)
    assert privacy.chance_of_closer(np.zeros(100), 100, 0.5, 0) == 1.0
    assert privacy.chance_of_closer(np.zeros(0), 100, 0.5, 0) == 1.0


def figures(question, *verdicts, off=0.5):
    return [Finding(question, "density", "all columns", 1.0, 1.0, f"It is {v}.", v, off, True) for v in verdicts]


def test_the_most_serious_answer_is_first():
    found = [*figures("columns", GOOD, FAIR), *figures("rows", POOR, GOOD, off=2.0), *figures("privacy", POOR, off=9.0)]
    given = answers(found, WORDS["table"])
    assert [(a.subject, a.verdict) for a in given] == [
        ("privacy", POOR),
        ("whole rows", POOR),
        ("single columns", FAIR),
    ]
    assert (
        given[1].words
        == "1 of 2 values clearly worse than real data. It is poor. Train on more rows, or if networks are trained, for"
        " more epochs."
    )
    assert overall(found, WORDS["table"], 50) == "Verdict: clearly worse than real rows. Most serious first:"
    assert overall(found[:2], WORDS["wave"], 50) == "Verdict: slightly worse than real waves. Most serious first:"


def test_one_of_many_slightly_worse_is_chance_but_not_one_of_few():
    many, few = figures("columns", *[GOOD] * 9, FAIR), figures("privacy", *[GOOD] * 4, FAIR)
    assert answers(many, WORDS["image"])[0].words == (
        "9 of 10 values are within sampling error of real data, 1 slightly worse, which may be due to chance."
    )
    assert overall(many, WORDS["image"], 1200) == (
        "Verdict: within sampling error of real images, as far as 1,200 images can tell."
    )
    assert answers(few, WORDS["table"])[0].verdict == FAIR
    assert overall([], WORDS["table"], 5) == "Verdict: none, because there are too few rows to evaluate."


def test_every_view_starts_with_the_verdict():
    n = 100
    report = evaluate(truth(n, 0), truth(n, 0))
    lines = str(report).splitlines()
    assert lines[2] == "Verdict: clearly worse than real rows. Most serious first:"
    assert lines[3].startswith("! privacy: ")
    assert "equal a training row in every value" in " ".join(map(str.strip, lines[3:6]))
    assert report._repr_html_().index("Verdict: clearly worse") < report._repr_html_().index("<table")
    assert report.summary()["worst"].iloc[-1] == "copied rows (all columns)"


def test_the_pmse_ratio_is_compared_with_its_baseline():
    def ratio(value, baseline, rows):
        return finding("pMSE ratio", Measured(value, baseline, rows), WORDS["table"])

    assert ratio(5.6, 5.5, (60, 30)).verdict == GOOD
    assert ratio(5.6, 5.5, (60, 30)).reading.endswith("within sampling error of real data.")
    assert ratio(4.9, 1.0, (60, 30)).reading.endswith("within sampling error of real data (below 5).")
    assert [ratio(v, 1.0, (300, 300)).verdict for v in (4.9, 5.1, 10.1)] == [GOOD, FAIR, POOR]
    assert ratio(30.0, 5.5, (60, 60)).verdict == POOR


@pytest.mark.parametrize("kind", ["wave", "image"])
def test_sentences_name_what_is_evaluated(kind):
    rng = np.random.default_rng(0)
    real, made = rng.random((2, 20, 8, 8)) if kind == "image" else rng.random((2, 20, 30))
    text = " ".join(f.meaning for f in evaluate(made, real, kind=kind).findings)
    assert not re.search(r"\brows?\b", text)
    assert f"real {kind}s" in text
    assert f"closest training {kind}, in" in text
