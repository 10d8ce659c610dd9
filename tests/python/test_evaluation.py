"""Reports: what is compared, the table, the sentences, the errors for data that do not match."""

import functools
import math
import random
import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import ganbridge
from ganbridge import Config, evaluate
from ganbridge.data import from_python
from ganbridge.evaluation.digits import figure, percent
from ganbridge.evaluation.finding import finding
from ganbridge.evaluation.kind import evaluated_kind
from ganbridge.evaluation.metrics import classifiers, utility
from ganbridge.evaluation.registry import METRICS
from ganbridge.evaluation.result import WIDTH
from ganbridge.evaluation.subjects.rows import CLASSIFIER_ROWS, DISTANCE_ROWS
from ganbridge.evaluation.verdicts import FAIR, GOOD, NONE, POOR, Measured

COLUMNS = ["metric", "column", "value", "baseline", "verdict", "meaning"]


def table(n, seed, shift=0.0):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=n)
    return pd.DataFrame(
        {
            "a": a + shift,
            "b": np.where(rng.random(n) < 0.5, 0.0, 6.0) + rng.normal(size=n),
            "c": 0.8 * a + 0.6 * rng.normal(size=n),
            "count": rng.integers(0, 4, n),
        }
    )


REAL, MADE, OFF = table(400, 1), table(400, 2), table(400, 3, shift=1.0)
HOLDOUT = table(200, 4)


@pytest.fixture(autouse=True, scope="module")
def few_trees():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classifiers, "TREES", 12)
        yield


@functools.cache
def report_of_real_rows():
    return evaluate(MADE, REAL, target="c")


def verdict_of(name, value, baseline, rows):
    return METRICS[name].rule.assess(Measured(value, baseline, (rows, rows)))[0]


def finding_of(name, value, baseline, rows=(500, 500)):
    return finding(name, Measured(value, baseline, rows), evaluated_kind("table").words)


def row(report, metric, column="all columns"):
    frame = report.to_frame()
    found = frame[(frame["metric"] == metric) & (frame["column"] == column)]
    assert len(found) == 1
    return found.iloc[0]


def verdicts(report, metric):
    return {f.verdict for f in report.findings if f.metric == metric}


def test_the_table_has_its_columns_and_a_sentence_in_each_row():
    frame = report_of_real_rows().to_frame()
    assert list(frame.columns) == COLUMNS
    assert len(frame) >= 8
    assert frame["value"].dtype == frame["baseline"].dtype == np.float64
    assert set(frame["metric"]) <= set(METRICS)
    assert not frame.duplicated(["metric", "column"]).any()
    for sentence in frame["meaning"]:
        assert re.fullmatch(r"[A-Z0-9].*[^ ]\.", sentence), sentence
        assert "{" not in sentence
        assert "nan" not in sentence


def test_real_rows_instead_of_generated_ones_are_good():
    assert {f.verdict for f in report_of_real_rows().findings} <= {GOOD, FAIR}
    shares = [f.verdict == GOOD for f in report_of_real_rows().findings]
    assert np.mean(shares) > 0.85


def test_differences_are_reported():
    report = evaluate(OFF, REAL)
    assert row(report, "Kolmogorov-Smirnov", "a")["meaning"].startswith("Kolmogorov-Smirnov distance 0.")
    found = {f.column: f.verdict for f in report.findings if f.metric == "Wasserstein distance"}
    assert found["a"] == POOR
    assert found["b"] == GOOD
    for metric in ("AUC, linear model", "AUC, tree model", "pMSE ratio", "energy distance"):
        assert verdicts(report, metric) <= {FAIR, POOR}
    assert "clearly better than chance" in row(report, "AUC, linear model")["meaning"]


def test_a_lost_dependence_shows_in_the_pairs():
    lost = MADE.assign(c=np.random.default_rng(0).permutation(MADE["c"]))
    report = evaluate(lost, REAL, target="c")
    assert row(report, "correlation difference", "a, c")["value"] > 0.6
    worst = next(f for f in report.findings if f.metric == "correlation difference" and f.column != "all 6 pairs")
    assert (worst.column, worst.verdict) == ("a, c", POOR)
    assert verdicts(report, "prediction, linear model") == {POOR}
    assert verdicts(report, "Kolmogorov-Smirnov") == {GOOD}


def test_a_lost_mode_is_counted():
    report = evaluate(MADE[MADE["b"] > 3].iloc[:150], REAL)
    found = row(report, "mode count", "b")
    assert (found["value"], found["baseline"]) == (1.0, 2.0)
    assert found["meaning"] == (
        "Mode count 1 (real data: 2): number of peaks of the density; clearly different from real data"
        " (150 generated, 200 real rows)."
    )
    assert verdicts(report, "coverage") <= {FAIR, POOR}


def test_copies_are_found():
    report = evaluate(REAL, REAL.sample(frac=1.0, random_state=1))
    assert row(report, "copied rows")["value"] == 1.0
    assert row(report, "copied rows")["baseline"] == 0.0
    assert row(report, "copied rows")["meaning"].startswith(
        "Copied rows 100% (real data: 0%): share of rows that equal"
    )
    for metric in ("copied rows", "distance to closest record", "distance to closest record, 5%"):
        assert verdicts(report, metric) == {POOR}
    noisy = evaluate(REAL + 1e-6 * np.random.default_rng(0).normal(size=REAL.shape), REAL, holdout=HOLDOUT)
    assert row(noisy, "copied rows")["value"] == 0.0
    assert row(noisy, "closer to training than holdout")["value"] > 0.7  # half of the training rows are used
    for metric in ("distance to closest record", "nearest-neighbour distance ratio", "closer to training than holdout"):
        assert verdicts(noisy, metric) == {POOR}


def test_without_a_holdout_value_and_baseline_use_halves_of_equal_size():
    frame = report_of_real_rows().to_frame()
    frame = frame[[f.question != "privacy" for f in report_of_real_rows().findings]]
    sizes = set(re.findall(r"\((\d+) generated, (\d+) real rows\)", " ".join(frame["meaning"])))
    assert sizes == {("200", "200")}
    assert "200 generated rows compared with 200 real ones, one half of all" in report_of_real_rows().notes[0]
    # halves of the real rows: values differ from those of all rows, but not by much
    whole = stats.ks_2samp(MADE["a"], REAL["a"]).statistic
    assert row(report_of_real_rows(), "Kolmogorov-Smirnov", "a")["value"] == pytest.approx(whole, abs=0.1)


def test_with_a_holdout_all_real_rows_are_the_reference():
    report = evaluate(MADE.iloc[:200], REAL, holdout=HOLDOUT)
    for name, column in REAL.items():
        found = row(report, "Kolmogorov-Smirnov", name)
        assert found["value"] == pytest.approx(stats.ks_2samp(MADE[name].iloc[:200], column).statistic)
        assert found["baseline"] == pytest.approx(stats.ks_2samp(HOLDOUT[name], column).statistic)
        found = row(report, "Wasserstein distance", name)
        expected = stats.wasserstein_distance(HOLDOUT[name], column) / column.std(ddof=0)
        assert found["baseline"] == pytest.approx(expected)
    assert "(200 generated, 400 real rows)" in row(report, "coverage")["meaning"]
    assert "closer to training than holdout" in set(report.to_frame()["metric"])
    assert "closer to training than holdout" not in set(report_of_real_rows().to_frame()["metric"])


def test_a_missing_holdout_is_noted_for_predictions():
    assert any("the generator may have been, which a `holdout` avoids" in note for note in report_of_real_rows().notes)
    assert any("nor the generator" in note for note in evaluate(MADE, REAL, HOLDOUT, "a").notes)
    assert not any("Prediction" in note for note in evaluate(MADE, REAL).notes)


def test_the_same_seed_gives_the_same_report_and_another_one_other_halves():
    again = evaluate(MADE, REAL, target="c")
    assert again.to_frame().equals(report_of_real_rows().to_frame())
    assert report_of_real_rows().seed == 0
    other = evaluate(MADE, REAL, target="c", seed=1)
    assert other.seed == 1
    assert not other.to_frame().equals(report_of_real_rows().to_frame())


def test_the_callers_random_state_does_not_change():
    np.random.seed(5)  # noqa: NPY002  (the legacy state is what must not change)
    random.seed(5)
    before = [str(part) for part in np.random.get_state()], random.getstate()  # noqa: NPY002
    evaluate(MADE, REAL, target="a", seed=3)
    assert ([str(part) for part in np.random.get_state()], random.getstate()) == before  # noqa: NPY002


def test_the_order_of_columns_does_not_matter():
    shuffled = evaluate(MADE[["count", "c", "a", "b"]], REAL, target="c", holdout=HOLDOUT[["b", "a", "count", "c"]])
    assert shuffled.to_frame().equals(evaluate(MADE, REAL, target="c", holdout=HOLDOUT).to_frame())


def test_arrays_are_evaluated_as_frames_are():
    names = {name: str(i + 1) for i, name in enumerate(REAL)}
    arrays = evaluate(MADE.to_numpy(), REAL.to_numpy(), target=2)
    frames = evaluate(MADE.rename(columns=names), REAL.rename(columns=names), target="3")
    assert arrays.to_frame().equals(frames.to_frame())


def test_repeated_names_are_matched_if_both_have_the_same():
    real, synthetic = REAL.copy(), MADE.copy()
    real.columns = synthetic.columns = ["x", "x", "y", "x"]
    found = evaluate(synthetic, real).findings
    assert [f.column for f in found if f.metric == "Kolmogorov-Smirnov"] == ["x", "x (2)", "y", "x (3)"]


def test_as_many_rows_are_sampled_from_a_fit_with_its_seed():
    gan = ganbridge.fit(REAL, seed=7, config=Config(steps=20))
    report = evaluate(gan, REAL)
    assert report.seed == 7
    assert report.counts == {"generated": 400, "real": 400, "holdout": 0}
    sample = gan.sample(400, seed=7)
    assert report.to_frame().equals(evaluate(sample, REAL, seed=7).to_frame())
    assert evaluate(gan, REAL, seed=8).to_frame().equals(evaluate(gan.sample(400, seed=8), REAL, seed=8).to_frame())
    with pytest.raises(ValueError, match='`kind` must be left out, or "table" for a fit of that kind, not "wave"'):
        evaluate(gan, REAL, kind="wave")


def test_waves_have_their_metrics():
    real, synthetic = ganbridge.make_waves(120, 100, seed=1), ganbridge.make_waves(120, 100, seed=2)
    report = evaluate(synthetic, real, kind="wave")
    frame = report.to_frame()
    assert {"spectrum distance", "coverage", "AUC, tree model", "copied rows"} <= set(frame["metric"])
    assert set(frame[frame["metric"] == "Kolmogorov-Smirnov"]["column"]) == {
        *("amplitude", "dominant frequency", "level", "roughness")
    }
    assert {f.verdict for f in report.findings} <= {GOOD, FAIR, NONE}
    one_family = ganbridge.make_waves(120, 100, amplitude=[1], cycles=[2], seed=3)
    report = evaluate(one_family, real, kind="wave")
    assert verdicts(report, "spectrum distance") <= {FAIR, POOR}
    found = {f.column: f.verdict for f in report.findings if f.metric == "Kolmogorov-Smirnov"}
    assert found["amplitude"] == POOR
    gan = ganbridge.fit(real, kind="wave", seed=1, config=Config(steps=10))
    assert evaluate(gan, real).kind == "wave"


def test_waves_of_several_channels_are_evaluated_channel_by_channel():
    first, second = (ganbridge.make_waves(90, 40, seed=seed) for seed in (1, 2))
    real, synthetic = np.stack([first, 5.0 * first], 2), np.stack([second, 5.0 * second], 2)
    report = evaluate(synthetic, real, kind="wave")
    columns = {f.column for f in report.findings if f.metric == "Kolmogorov-Smirnov"}
    assert {"amplitude of channel 1", "dominant frequency of channel 2"} <= columns
    assert {f.column for f in report.findings if f.metric == "spectrum distance"} == {"channel 1", "channel 2"}
    noisy = synthetic.copy()
    noisy[:, :, 1] = np.random.default_rng(0).normal(size=noisy.shape[:2])
    found = {
        f.column: f.verdict for f in evaluate(noisy, real, kind="wave").findings if f.metric == "spectrum distance"
    }
    assert (found["channel 1"], found["channel 2"]) == (GOOD, POOR)
    gan = ganbridge.fit(real, kind="wave", seed=1, config=Config(steps=10))
    assert evaluate(gan, real).counts["generated"] == 90
    with pytest.raises(
        ValueError, match="`synthetic_or_fit` must hold waves of 2 channels and 40 points, as `real` does"
    ):
        evaluate(first, real, kind="wave")


def test_waves_of_different_lengths_are_evaluated_with_their_lengths():
    rng = np.random.default_rng(0)
    real, synthetic = (
        [wave[: rng.integers(20, 41)] for wave in ganbridge.make_waves(80, 40, seed=seed)] for seed in (1, 2)
    )
    report = evaluate(synthetic, real, kind="wave")
    assert "length" in {f.column for f in report.findings if f.metric == "Wasserstein distance"}
    short = [wave[:20] for wave in synthetic]
    found = {
        f.column: f.verdict for f in evaluate(short, real, kind="wave").findings if f.metric == "Kolmogorov-Smirnov"
    }
    assert found["length"] == POOR
    gan = ganbridge.fit(real, kind="wave", seed=1, config=Config(steps=10))
    assert evaluate(gan, real).kind == "wave"
    assert row(evaluate(real, real[::-1], kind="wave"), "copied rows")["value"] == 1.0


@pytest.mark.parametrize("kind", ["table", "wave"])
@pytest.mark.parametrize(
    ("synthetic", "real"),
    [
        (np.arange(6.0).reshape(3, 2), np.arange(4.0).reshape(2, 2)),
        (np.zeros((40, 3)), np.zeros((30, 3))),
        (np.zeros((40, 2)), np.random.default_rng(0).normal(size=(30, 2))),
        (np.random.default_rng(0).normal(size=(30, 2)), np.full((40, 2), 7.0)),
        (np.random.default_rng(0).normal(size=(12, 60)), np.random.default_rng(1).normal(size=(11, 60))),
        (1e100 * np.random.default_rng(0).normal(size=(50, 3)), 1e100 * np.random.default_rng(1).normal(size=(50, 3))),
        (1e-200 * np.random.default_rng(0).normal(size=(50, 3)), np.random.default_rng(1).normal(size=(50, 3))),
    ],
)
@pytest.mark.filterwarnings("error")
def test_unusual_data_have_a_report(synthetic, real, kind):
    for report in (
        evaluate(synthetic, real, kind=kind),
        evaluate(synthetic, real, holdout=synthetic[:2], kind=kind, target=0 if kind == "table" else None),
    ):
        assert len(report.to_frame()) >= 8
        assert max(len(line) for line in str(report).splitlines()) <= WIDTH
        assert np.isfinite(report.to_frame()["value"].dropna()).all()
        report.plot()
        report.summary()


@pytest.mark.filterwarnings("error")
def test_one_column_and_few_rows_have_eight_metrics():
    rng = np.random.default_rng(0)
    for n in (2, 3, 50):
        assert len(evaluate(rng.normal(size=(3, 1)), rng.normal(size=(n, 1))).to_frame()) >= 8
    few = evaluate(rng.normal(size=(3, 2)), rng.normal(size=(3, 2)))
    assert {f.verdict for f in few.findings} == {NONE}
    assert "Not evaluated: too few rows (1 and 2); at least 10 of each are needed." in set(few.to_frame()["meaning"])


def test_large_data_are_evaluated_by_a_part_which_is_noted(monkeypatch):
    rows = []
    monkeypatch.setattr(utility, "two_sample_auc", lambda a, b, *rest: rows.append((len(a), len(b))) or 0.5)
    report = evaluate(table(9000, 1), table(8000, 2))
    assert set(rows) == {(CLASSIFIER_ROWS, CLASSIFIER_ROWS)}
    assert f"{DISTANCE_ROWS:,}" in " ".join(report.notes)
    assert f"({DISTANCE_ROWS:,} generated, {DISTANCE_ROWS:,} real rows)" in row(report, "coverage")["meaning"]
    assert "(4,000 generated, 4,000 real rows)" in row(report, "Kolmogorov-Smirnov", "a")["meaning"]


def test_printing_shows_every_question_within_80_characters():
    text = str(report_of_real_rows())
    assert repr(report_of_real_rows()) == text
    lines = text.splitlines()
    assert max(map(len, lines)) <= WIDTH == 80
    assert lines[0] == "<ganbridge evaluation> 400 generated and 400 real rows"
    for heading in ("Does each column", "Do columns depend", "Do whole rows", "Can models be", "Do they avoid"):
        assert sum(line.startswith(heading) for line in lines) == 1
    numbers = [line for line in lines if re.search(r"AUC, tree model +all columns +0\.\d+ +0\.\d+$", line)]
    assert len(numbers) == 1


def test_long_names_and_many_columns_still_fit():
    rng = np.random.default_rng(0)
    names = [f"a rather long name of a column, number {i}" for i in range(20)]
    real, synthetic = (pd.DataFrame(rng.normal(size=(60, 20)), columns=names) for _ in range(2))
    report = evaluate(synthetic, real)
    lines = str(report).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert len(lines) < 120
    assert any("more, none of them worse" in line for line in lines)
    assert sum(report.to_frame()["metric"] == "correlation difference") == 46


def test_a_notebook_shows_a_table():
    page = evaluate(
        pd.DataFrame({"<b>&": REAL["a"], "c": REAL["c"]}), pd.DataFrame({"<b>&": MADE["a"], "c": MADE["c"]})
    )._repr_html_()
    assert page.count("<tr") == page.count("</tr>") > 10
    assert "<b>&" not in page
    assert "&lt;b&gt;&amp;" in page


def test_a_notebook_marks_worse_metrics_as_printing_does():
    report = evaluate(OFF, REAL)
    page = report._repr_html_()
    for mark, verdict in (("?", FAIR), ("!", POOR)):
        marked = sum(f.verdict == verdict for f in report.findings)
        assert page.count(f">{mark} ") == marked + 1 * (mark == "?")  # the legend starts with a mark, too
    assert "slightly worse than real data, ! clearly worse" in page


def test_a_column_may_be_called_all():
    real, synthetic = (frame.rename(columns={"a": "all costs", "c": "all columns"}) for frame in (REAL, OFF))
    report = evaluate(synthetic, real)
    wrong = {f.column for f in report.findings if f.metric == "Wasserstein distance" and f.verdict == POOR}
    assert "all costs" in wrong
    assert "all costs: " in " ".join(line.strip() for line in report.verdict())
    whole = {f.column for f in report.findings if f.aggregate}
    assert whole == {"all 6 pairs", "all columns"}
    assert not any(f.aggregate for f in report.findings if f.question == "columns")
    labels = [label for panel in report.panels() for label in panel["label"]]
    assert {"all costs", "all columns"} <= set(labels)


def test_a_column_called_data_keeps_its_name_in_an_error():
    real = pd.DataFrame({"`data`": [1.0, 2.0, 3.0], "x": [1.0, 2.0, 3.0]})
    bad = real.assign(**{"`data`": [1.0, np.inf, 3.0]})
    for arguments, name in (((real, bad), "real"), ((bad, real), "synthetic_or_fit"), ((real, real, bad), "holdout")):
        with pytest.raises(ValueError, match=f'^`{name}` must .* in column "`data`" '):
            evaluate(*arguments)
    with pytest.raises(TypeError, match=r'^`synthetic_or_fit` must hold numbers in column "`data`", as `real` does'):
        evaluate(real.assign(**{"`data`": ["a", "b", "c"]}), real)
    gan = ganbridge.fit(real, seed=1, config=Config(steps=2))
    with pytest.raises(TypeError, match=r'^`fit` must hold categories in column "`data`", as `real` does'):
        ganbridge.report(gan, real.assign(**{"`data`": ["a", "b", "c"]}), "report.html")


def test_a_kind_without_a_file_is_refused(monkeypatch):
    from ganbridge.kinds import KINDS
    from ganbridge.kinds.table import Table

    class Spectrogram(Table):
        name = "spectrogram"

    monkeypatch.setitem(KINDS, "spectrogram", Spectrogram())
    words = '`kind` must be a kind that can be evaluated, not "spectrogram". ganbridge/evaluation/spectrogram.py must'
    with pytest.raises(ValueError, match=words):
        evaluate(MADE, REAL, kind="spectrogram")


def test_the_summary_counts_the_verdicts():
    report = evaluate(OFF, REAL)
    summary = report.summary()
    assert list(summary.columns) == ["question", "good", "fair", "poor", "worst"]
    evaluated = [f for f in report.findings if f.verdict != NONE]
    assert summary[["good", "fair", "poor"]].to_numpy().sum() == len(evaluated)
    assert summary["worst"][0] != ""


def test_the_plot_shows_values_and_baselines():
    report = evaluate(OFF, REAL)
    picture = report.plot()
    titles = [axes.get_title(loc="left") for axes in picture.axes]
    assert titles == ["single columns", "pairs of columns", "whole rows"]
    first = picture.axes[0]
    assert first.get_yticklabels()[0].get_text() == "a"  # the worst one is first
    value, baseline = (
        next(line for line in first.lines if line.get_label() == f"{w} beside real") for w in ("generated", "real")
    )
    found = row(report, "Kolmogorov-Smirnov", "a")
    assert value.get_xdata()[0] == found["value"]
    assert baseline.get_xdata()[0] == found["baseline"]


def test_a_plot_has_full_names_of_metrics_and_shortened_names_of_columns():
    names = {"a": "a name of a column that is longer than most pictures have room for", "b": "short"}
    panels = evaluate(OFF.rename(columns=names), REAL.rename(columns=names)).panels()
    labels = [label for panel in panels for label in panel["label"]]
    assert max(map(len, labels)) == 60
    assert any(label.startswith("a name of") and label.endswith("... (correlation)") for label in labels)
    assert any(label.endswith("... (contingency)") for label in labels)


@pytest.mark.parametrize(
    ("value", "baseline", "expected"), [(0.1, 0.1, GOOD), (0.05, 0.1, GOOD), (0.25, 0.1, FAIR), (0.5, 0.1, POOR)]
)
def test_a_verdict_is_relative_to_chance(value, baseline, expected):
    assert verdict_of("Kolmogorov-Smirnov", value, baseline, 100) == expected
    assert verdict_of("coverage", 1 - value, 1 - baseline, 100) == expected


def test_more_rows_show_smaller_differences_but_not_negligible_ones():
    metric = "Kolmogorov-Smirnov"
    assert [verdict_of(metric, 0.15, 0.05, n) for n in (50, 200, 5000)] == [GOOD, FAIR, POOR]
    assert verdict_of(metric, 0.015, 0.0, 10**6) == GOOD


def test_a_sentence_states_the_result():
    assert finding_of("AUC, tree model", 0.52, 0.5).meaning == (
        "AUC 0.520 (real data: 0.500): how well a tree model tells generated from real rows, 0.5 by chance; within"
        " sampling error of chance (500 generated, 500 real rows)."
    )
    assert "worse than chance" in finding_of("AUC, tree model", 0.1, 0.5).meaning
    assert finding_of("pMSE ratio", 30.0, 1.0).verdict == POOR
    assert finding_of("coverage", math.nan, 0.5).verdict == NONE


def test_the_sentence_of_each_metric_has_its_value_and_what_real_data_reach():
    words = evaluated_kind("wave").words
    for name, metric in METRICS.items():
        for value in (0.01, 0.3, 0.9, 1.0):
            text = finding(name, Measured(value, 0.3, (500, 500)), words, column="level").meaning
            assert f" {metric.write(value)} ({metric.beside}: {metric.write(0.3)}): " in text
            assert not re.search(r"[{}]|\brows?\b", text)


def test_numbers_are_written_in_three_digits():
    assert [figure(v) for v in (0.0, 1.0, 12.0, 0.05, 0.0123456, 1.23456, 123.456, 12345.6, 2e7, 1e-6, math.nan)] == [
        *("0", "1", "12", "0.0500", "0.0123", "1.23", "123", "12,346", "2.0e+07", "1.0e-06", "-")
    ]
    assert [percent(v) for v in (0.0, 1.0, 0.081, 0.5, 0.0004)] == ["0%", "100%", "8.1%", "50%", "0.04%"]


def test_only_evaluations_need_scikit_learn_and_the_error_has_a_remedy(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ImportError, match=re.escape("Evaluation needs scikit-learn, which is not installed. Run: pip")):
        evaluate(MADE, REAL)
    assert from_python(REAL).rows == 400
