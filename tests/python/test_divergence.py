"""Divergence: a fit that is returned can always be used."""

import warnings

import numpy as np
import pandas as pd
import pytest
import torch

import ganbridge
from ganbridge import Config
from ganbridge.training.population import Population
from ganbridge.training.run import Run
from ganbridge.training.trainer import Trainer

DATA = np.random.default_rng(1).normal(size=(240, 2))
ALL_AT_ONCE = {"batch_size": "all", "generator_hidden": (8,), "discriminator_hidden": (8,)}


@pytest.fixture
def poisoned(monkeypatch):
    """Set parameters of members after a given step, which shows in the losses of the next step, not of this one."""
    original = Trainer.train_round

    def poison(step: int, value: float = float("nan"), members: tuple[int, ...] = (0,), then=None, network="generator"):
        def train_round(self):
            original(self)
            if self.step == step:
                for member in members:
                    getattr(self, network).weights[0][member] = value
                    if self.averaged is not self.generator.parameters and network == "generator":
                        self.generator.views(self.averaged)["0.weight"][member] = value
                if then is not None:
                    raise then

        monkeypatch.setattr(Trainer, "train_round", train_round)

    return poison


def assert_usable(gan: ganbridge.FittedGan):
    for made in (gan, ganbridge.from_bytes(gan.to_bytes())):
        assert np.isfinite(made.sample(200, seed=1)).all(axis=None)
        assert all(value.isfinite().all() for state in (made.generator, made.discriminator) for value in state.values())


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e36, -3e38])
@pytest.mark.parametrize("network", ["generator", "discriminator"])
@pytest.mark.parametrize("config", [{}, {"objective": "hinge"}, {"ema": 0.0}, {"keep": "last"}], ids=str)
def test_a_last_step_that_diverges_is_not_kept(poisoned, value, network, config):
    poisoned(10, value, network=network)
    gan = ganbridge.fit(DATA, seed=1, epochs=10, config=Config(**ALL_AT_ONCE, **config))
    assert gan.stopped == "diverged"
    assert gan.kept["epoch"] <= 10
    assert any(finding.startswith("divergence: ") for finding in gan.diagnosis)
    assert "no longer finite" in str(gan)
    assert_usable(gan)
    assert np.isfinite(gan.history["generator_loss"].iloc[:9]).all()


def test_a_step_that_diverges_ends_the_fit(poisoned):
    poisoned(4)
    seen = []
    gan = ganbridge.fit(DATA, seed=1, epochs=10, callbacks=[seen.append], trace=1, config=Config(**ALL_AT_ONCE))
    assert gan.stopped == "diverged"
    assert [state.epoch for state in seen] == [1, 2, 3] == gan.trace.epoch.tolist()
    assert len(gan.history) == 4
    assert_usable(gan)


def test_a_first_epoch_that_diverges_is_an_error_with_a_remedy(poisoned):
    poisoned(1)
    before = torch.get_num_threads()
    with pytest.raises(FloatingPointError, match="Lower `generator_lr` and `discriminator_lr`"):
        ganbridge.fit(DATA, seed=1, epochs=10, config=Config(**ALL_AT_ONCE, threads=2))
    assert torch.get_num_threads() == before


def test_an_interrupt_after_divergence_keeps_the_last_finite_state(poisoned):
    poisoned(6, then=KeyboardInterrupt)
    gan = ganbridge.fit(DATA, seed=1, epochs=10, config=Config(**ALL_AT_ONCE))
    assert gan.stopped == "interrupted"
    assert_usable(gan)
    poisoned(1, then=KeyboardInterrupt)
    with pytest.raises(FloatingPointError):
        ganbridge.fit(DATA, seed=1, epochs=10, config=Config(**ALL_AT_ONCE))


def test_a_second_interrupt_does_not_lose_the_fit(monkeypatch):
    # Raised when the training has ended and the fit is assembled.
    original, left = Run.result, [KeyboardInterrupt]

    def result(self):
        trained = original(self)
        if left:
            raise left.pop()
        return trained

    def interrupt(state):
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "result", result)
    gan = ganbridge.fit(DATA, seed=1, epochs=10, callbacks=[interrupt], config=Config(**ALL_AT_ONCE))
    assert (gan.stopped, gan.epochs, left) == ("interrupted", 1, [])
    assert_usable(gan)


@pytest.mark.parametrize("keep", ["best", "last"])
@pytest.mark.parametrize("lost", [(0,), (1, 2), (0, 1, 2, 3)])
def test_members_that_diverge_are_not_kept_and_do_not_affect_the_others(poisoned, keep, lost):
    config = Config(**ALL_AT_ONCE, members=4, keep=keep)
    data = DATA[:100]  # few rows, so that none are held out and all members are trained on the same rows
    untouched = ganbridge.fit(data, seed=1, epochs=3, config=config)
    poisoned(2, members=lost)
    samples = []
    gan = ganbridge.fit(data, seed=1, epochs=3, callbacks=[lambda now: samples.append(now.sample(5))], config=config)
    assert_usable(gan)
    assert all(np.isfinite(sample).all() for sample in samples)
    if len(lost) == 4:
        assert gan.stopped == "diverged"
        return
    assert gan.stopped == "budget"
    assert gan.kept["member"] not in lost
    assert np.isfinite(gan.history[["generator_loss", "discriminator_loss"]]).all(axis=None)
    if untouched.kept["member"] not in lost:
        assert gan.sample(9, seed=1).tobytes() == untouched.sample(9, seed=1).tobytes()


def test_the_chosen_member_may_diverge_right_after_the_choice(monkeypatch):
    # The state that was kept before has the size of all members.
    original, choose = Trainer.train_round, Population.go_on_with

    def go_on_with(self, index):
        choose(self, index)
        self.trainer.chosen_at = self.trainer.step

    def train_round(self):
        original(self)
        if self.step == getattr(self, "chosen_at", -9) + 1:
            self.generator.parameters.fill_(float("nan"))

    monkeypatch.setattr(Population, "go_on_with", go_on_with)
    monkeypatch.setattr(Trainer, "train_round", train_round)
    gan = ganbridge.fit(DATA, seed=1, epochs=80, config=Config(**ALL_AT_ONCE, members=3, ema=0.0))
    assert gan.stopped == "diverged"
    assert len(gan.history) < 80
    assert_usable(gan)


@pytest.mark.parametrize("rate", [10.0, 1e6, 1e12, 1e20, 1e38])
@pytest.mark.parametrize(
    "config",
    [
        {},
        {"objective": "non_saturating"},
        {"objective": "least_squares", "optimizer": "rmsprop"},
        {"objective": "wasserstein_gp"},
        {"members": 3, "objective": "hinge"},
        {"activation": "softplus", "r1": 1.0},
        {"output_activation": "tanh", "scaling": "range"},
    ],
    ids=str,
)
def test_extreme_learning_rates_give_a_usable_fit_or_an_error(rate, config):
    integers = pd.DataFrame({"x": DATA[:, 0], "k": np.arange(240) % 7})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for epochs in (1, 2, 20):
            wild = Config(**ALL_AT_ONCE, **config, generator_lr=rate, discriminator_lr=rate)
            try:
                gan = ganbridge.fit(integers, seed=1, epochs=epochs, config=wild)
            except FloatingPointError:
                continue
            assert_usable(gan)
            assert set(gan.sample(200, seed=1)["k"]) <= set(range(7))


@pytest.mark.parametrize("scale", [1e-310, 1e-300, 1e-30, 1e30, 1e149])
@pytest.mark.parametrize("scaling", ["auto", "standard", "range"])
def test_the_scale_of_the_data_does_not_matter(scale, scaling):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gan = ganbridge.fit(DATA * scale, seed=1, epochs=3, config=Config(**ALL_AT_ONCE, scaling=scaling))
    assert gan.stopped == "budget"
    assert_usable(gan)
    plain = ganbridge.fit(DATA, seed=1, epochs=3, config=Config(**ALL_AT_ONCE, scaling=scaling))
    if scale > 1e-300:  # smaller numbers are subnormal and have fewer digits
        np.testing.assert_allclose(gan.sample(50, seed=1) / scale, plain.sample(50, seed=1), rtol=1e-3, atol=1e-3)
