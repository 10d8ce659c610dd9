"""The diagnosis of a fit: collapse, copies, divergence, too few steps; no findings for good fits."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

import ganbridge
from ganbridge import Config
from ganbridge.data.column import Column
from ganbridge.data.table import Frame
from ganbridge.kinds import KINDS
from ganbridge.networks import Dense
from ganbridge.training.diagnosis import FEW_STEPS, diagnose
from ganbridge.training.trainer import Trainer

RNG = np.random.default_rng(6)
REAL = RNG.normal(size=(600, 2))
SMALL = {"generator_hidden": (8,), "discriminator_hidden": (8,)}


def frame(values):
    return Frame([Column(name, "double", values[:, i]) for i, name in enumerate(["eruptions", "waiting"])])


def findings(made, real=REAL, *, diverged=False, still_improving=False, copies_matter=True):
    flags = {"diverged": diverged, "still_improving": still_improving, "copies_matter": copies_matter}
    found = diagnose(made, real, frame(real), KINDS["table"], **flags)
    return [finding.split(":")[0] for finding in found], found


def test_new_rows_of_the_same_distribution_have_no_findings():
    assert findings(RNG.normal(size=(4096, 2))) == ([], [])
    large = RNG.normal(size=(5000, 2))
    assert findings(RNG.normal(size=(4096, 2)), large) == ([], [])


def test_one_point_is_a_collapse_that_names_its_region():
    names, (words,) = findings(np.tile(REAL[41], (4096, 1)) + 0.05 * RNG.normal(size=(4096, 2)), copies_matter=False)
    assert names == ["collapse"]
    inside = within(words, REAL)
    assert inside[41]
    assert 10 <= inside.sum() < 200
    assert "Leave the settings open, or raise `pack`" in words


def test_a_region_is_named_if_only_a_part_of_the_rows_is_used():
    large = RNG.normal(size=(5000, 2))
    (words,) = findings(np.tile(large[4321], (4096, 1)) + 0.01, large, copies_matter=False)[1]
    inside = within(words, large)
    assert inside[4321]
    assert 10 <= inside.sum() < 500


def within(words, values):
    """Which rows lie where the sentence says that most lie."""
    rows = np.ones(len(values), dtype=bool)
    parts = re.search(r"most lie where (.*?)\. Leave", words).group(1).split(" and ")
    for part in parts:
        name, of = part.split(" is ")
        column = values[:, ["eruptions", "waiting"].index(name)]
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", of)]
        if of.startswith("below"):
            rows &= column < numbers[0]
        elif of.endswith("or more"):
            rows &= column >= numbers[0]
        else:
            rows &= (column >= numbers[0]) & (column < numbers[1])
    return rows


@pytest.mark.usefixtures("one_point")
def test_words_about_a_collapse_quote_no_row():
    n = 300
    rng = np.random.default_rng(3)
    names = [f"Anna{i:03d} Kovacs" for i in rng.permutation(n)]
    data = pd.DataFrame(
        {
            "id": [f"P{i}" for i in rng.permutation(n) + 3000],
            "name": names,
            "sex": rng.choice(["f", "m"], n),
            "salary": rng.lognormal(10.0, 1.0, n),
            "seen": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 10**7, n), unit="s"),
        }
    )
    gan = ganbridge.fit(data, seed=1, epochs=2, config=Config(**SMALL))
    assert gan.diagnosis[0].startswith("unfinished: after ")
    printed = " ".join([*gan.diagnosis, *gan.messages, str(gan)])
    shown = set(re.findall(r"[\w:.-]*\w", printed))
    for name in ("id", "name", "salary"):
        assert not shown & {f"{value:.6g}" if name == "salary" else value for value in data[name]}
    assert not any(name in printed for name in names)
    assert not any(f"{time:%Y-%m-%d %H:%M}" in printed for time in data["seen"])


def test_one_of_two_modes_is_a_collapse():
    real = np.concatenate([REAL, REAL + 20.0])
    assert findings(RNG.normal(size=(4096, 2)), real)[0] == ["collapse"]
    both = RNG.normal(size=(4096, 2)) + 20.0 * RNG.integers(0, 2, (4096, 1))
    assert findings(both, real)[0] == []


def test_copies_are_reported_if_copies_matter():
    copies = REAL[RNG.integers(0, 600, 4096)] + 1e-4 * RNG.normal(size=(4096, 2))
    assert findings(copies)[0] == ["copying"]
    assert findings(copies, copies_matter=False)[0] == []


def test_all_findings_in_order_and_each_with_a_remedy():
    names, words = findings(np.tile(REAL[0], (4096, 1)), diverged=True, still_improving=True)
    assert names == ["divergence", "collapse", "copying", "unfinished"]
    assert all(re.search(r"\. (Lower|Leave|Use|Raise) .*\.$", finding) for finding in words)


@pytest.mark.parametrize("objective", [None, "non_saturating"])
def test_a_learning_rate_of_50_is_divergence_and_nothing_else(objective):
    config = Config(generator_lr=50.0, discriminator_lr=50.0, steps=150, objective=objective)
    gan = ganbridge.fit(REAL, seed=1, config=config)
    (finding,) = gan.diagnosis
    assert re.match(r"divergence: the losses left all bounds \([\d.e+]+ at the end\)\. Lower `generator_lr`", finding)
    assert np.isfinite(gan.sample(9, seed=1)).all()


def test_few_epochs_are_unfinished_and_no_collapse():
    gan = ganbridge.fit(REAL, seed=1, config=Config(objective="hinge", steps=3))
    assert [finding.split(":")[0] for finding in gan.diagnosis] == ["unfinished"]
    assert re.search(r"^unfinished: after \d+ steps generated rows .* Raise `epochs` or `steps`", gan.diagnosis[0])


def test_ten_rows_are_too_few_for_findings():
    assert findings(np.zeros((4096, 2)), REAL[:10])[0] == []
    assert findings(np.zeros((4096, 2)), REAL[:30])[0][:1] == ["collapse"]


@pytest.fixture
def one_point(monkeypatch):
    """Generators whose weights are 0: all rows are equal for any z."""
    original = Trainer.train_epoch

    def train_epoch(self, after_round):
        original(self, after_round)
        for buffer in (self.generator.parameters, self.averaged):
            buffer.zero_()
            for bias in self.generator.by_layer(self.generator.views(buffer))[1]:
                bias.fill_(0.1)

    monkeypatch.setattr(Trainer, "train_epoch", train_epoch)


@pytest.mark.parametrize("form", ["frame", "matrix", "wave"])
@pytest.mark.parametrize("scaling", ["auto", "standard"])
@pytest.mark.usefixtures("one_point")
def test_a_generator_of_one_point_has_collapsed(form, scaling):
    data = {
        "frame": pd.DataFrame(REAL, columns=["a", "b"]),
        "matrix": REAL,
        "wave": ganbridge.make_waves(200, 20, seed=1),
    }[form]
    config = Config(**SMALL, scaling=scaling, calibration=False)
    kind = "wave" if form == "wave" else "table"
    gan = ganbridge.fit(data, kind=kind, seed=1, config=replace(config, steps=FEW_STEPS))
    assert gan.diagnosis[0].startswith("collapse: ")
    named = {"frame": "(a|b)", "matrix": r"column \d", "wave": "their (mean|standard deviation)"}[form]
    assert re.search(f"; most lie where {named} is ", gan.diagnosis[0])


@pytest.mark.usefixtures("one_point")
def test_calibration_does_not_hide_a_collapse():
    gan = ganbridge.fit(REAL, seed=1, config=Config(**SMALL, calibration=True, steps=FEW_STEPS))
    assert gan.diagnosis[0].startswith("collapse: ")


def test_copies_by_the_generator_are_reported(monkeypatch):
    original = Dense.forward

    def forward(self, x, *arguments, **named):
        out = original(self, x, *arguments, **named)
        if x.shape[1] != 4096:  # a block of samples
            return out
        place = (x[0, :, 0].abs() * 1e4).long() % len(encoded[0])
        return encoded[0][place][None]

    encoded = []
    trainers = Trainer.__init__

    def remember(self, x, *arguments):
        encoded.append(torch.from_numpy(x))
        trainers(self, x, *arguments)

    monkeypatch.setattr(Trainer, "__init__", remember)
    monkeypatch.setattr(Dense, "forward", forward)
    gan = ganbridge.fit(REAL, seed=1, epochs=2, config=Config(**SMALL, calibration=False))
    assert [finding.split(":")[0] for finding in gan.diagnosis] == ["copying"]


def test_a_diverged_fit_reports_it_and_can_be_used(monkeypatch):
    original = Trainer.train_epoch

    def train_epoch(self, after_round):
        original(self, after_round)
        if self.step >= 20:
            self.generator.parameters.fill_(float("nan"))
            self.averaged.fill_(float("nan"))

    monkeypatch.setattr(Trainer, "train_epoch", train_epoch)
    gan = ganbridge.fit(REAL, seed=1, epochs=50, config=Config(**SMALL))
    assert gan.stopped == "diverged"
    assert gan.diagnosis[0].startswith("divergence: ")
    assert "`generator_lr`" in gan.diagnosis[0]
    assert np.isfinite(gan.sample(100, seed=1)).all()


def test_too_few_steps_are_reported(monkeypatch):
    monkeypatch.setattr("ganbridge.training.selection.Selection.still_improving", lambda self: True)
    gan = ganbridge.fit(REAL, seed=1, config=Config(**SMALL, steps=40))
    assert gan.diagnosis[-1].startswith("unfinished: ")
    stopped = ganbridge.fit(REAL, seed=1, config=Config(**SMALL, steps=40), callbacks=[lambda state: False])
    assert not any(finding.startswith("unfinished") for finding in stopped.diagnosis)


def test_findings_are_kept_in_the_file_and_shown(fit_seed):
    gan = ganbridge.fit(REAL, seed=fit_seed, config=Config(objective="hinge", steps=3, **SMALL))
    again = ganbridge.from_bytes(gan.to_bytes())
    assert gan.diagnosis
    assert again.diagnosis == gan.diagnosis
    for finding in gan.diagnosis:
        assert f"\n  ! {finding}" in str(gan)
        assert f"\n  ! {finding}" in str(again)


@pytest.mark.parametrize("shift", [0, 1])
def test_a_good_default_fit_has_no_findings(shift, fit_seed):
    data = pd.DataFrame({"x": RNG.normal(size=500), "k": RNG.integers(0, 9, 500)})
    gan = ganbridge.fit(data, seed=fit_seed + shift, config=Config(steps=2000))
    assert gan.diagnosis == []
    assert "!" not in str(gan)


def test_constant_data_have_no_findings():
    gan = ganbridge.fit(np.full((50, 2), 3.0), seed=1, config=Config(steps=200))
    assert gan.diagnosis == []
