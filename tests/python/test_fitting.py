"""Fits: how they end, callbacks, the state that is kept, messages, and optimizers."""

import io
import re

import numpy as np
import pandas as pd
import pytest
import torch

import ganbridge
from ganbridge import Config
from ganbridge.kinds import KINDS
from ganbridge.recipes import DataShape, resolve
from ganbridge.training import operators, optimizers
from ganbridge.training.callbacks import ProgressLine, State
from ganbridge.training.population import make_selection
from ganbridge.training.trainer import Trainer

DATA = np.random.default_rng(1).normal(size=(400, 2))
FEW = Config(steps=40, batch_size=100)


def test_a_callback_stops_and_all_are_called():
    seen, others = [], []

    def stop(state):
        seen.append((state.epoch, state.epochs, state.step, state.sample(3).shape))
        return state.epoch < 3

    gan = ganbridge.fit(DATA, seed=1, callbacks=[stop, lambda state: others.append(state.epoch)], config=FEW)
    assert gan.stopped == "callback"
    assert len(gan.history) == 3
    assert seen == [(1, 10, 4, (3, 2)), (2, 10, 8, (3, 2)), (3, 10, 12, (3, 2))]
    assert others == [1, 2, 3]


def test_an_interrupt_returns_the_fit_as_it_is():
    def interrupt(state):
        if state.epoch == 2:
            raise KeyboardInterrupt

    threads = torch.get_num_threads()
    gan = ganbridge.fit(DATA, seed=1, callbacks=[interrupt], config=FEW)
    assert gan.stopped == "interrupted"
    assert len(gan.history) == 2
    assert gan.sample(3, seed=1).shape == (3, 2)
    assert torch.get_num_threads() == threads


def test_an_interrupt_before_the_first_step_is_an_interrupt(monkeypatch):
    def interrupted(self, after_round):
        raise KeyboardInterrupt

    monkeypatch.setattr(Trainer, "train_epoch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ganbridge.fit(DATA, seed=1, config=FEW)


def test_an_error_in_a_callback_is_raised():
    def broken(state):
        raise RuntimeError("mine")

    threads = torch.get_num_threads()
    with pytest.raises(RuntimeError, match="mine"):
        ganbridge.fit(DATA, seed=1, callbacks=[broken], config=FEW)
    assert torch.get_num_threads() == threads


def test_log_and_trace(tmp_path):
    log = tmp_path / "log.txt"
    log.write_text("before\n")
    frame = pd.DataFrame(DATA, columns=["a", "b"])
    gan = ganbridge.fit(frame, epochs=100, trace=25, seed=1, log=str(log), config=Config(batch_size="all", members=2))
    lines = log.read_text().splitlines()
    assert lines[0] == "before"
    assert lines[1].startswith("epoch 1/100 step 1 generator_loss")
    assert lines[-1].startswith("epoch 100/100 step 100 ")
    assert 20 <= len(lines) <= 24
    assert gan.trace.epoch.tolist() == [25, 50, 75, 100]
    assert all(list(sample.columns) == ["a", "b"] and len(sample) == 400 for sample in gan.trace.samples)


def test_progress_line():
    out = io.StringIO()
    line = ProgressLine(out)
    line(State(5, 10, 50, 0.7, 1.4, 2.0, lambda n: None))
    assert out.getvalue().strip() == "epoch 5/10 [##########----------] generator 0.700 discriminator 1.400, 2 s left"


def test_explicit_epochs_run_in_full():
    gan = ganbridge.fit(DATA, epochs=7, seed=1)
    assert gan.history["epoch"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert gan.history["step"].tolist() == [2, 4, 6, 8, 10, 12, 14]  # 400 rows, 256 at a time


def test_a_batch_larger_than_the_data_is_lowered_with_a_message():
    gan = ganbridge.fit(DATA[:30], seed=1, config=Config(batch_size=64, pack=4, steps=3))
    assert gan.config.batch_size == 28
    assert gan.messages == ["`batch_size` lowered from 64 to 28: the data has 30 rows."]


def population(rows=400):
    config, _ = resolve(Config(members=3, keep="best", steps=80, batch_size=100), KINDS["table"], DataShape(rows, 2))
    x = DATA[:rows].astype(np.float32)
    trainer = Trainer(x, config, seed=5)
    return trainer, make_selection(trainer, x, seed=5), x


def test_members_do_not_see_the_held_out_rows_until_one_is_chosen():
    trainer, selection, x = population()
    assert len(selection.held_out) == 80
    assert torch.equal(trainer.real_rows.x, torch.from_numpy(np.delete(x, selection.held_out, 0)))
    assert np.array_equal(population()[1].held_out, selection.held_out)
    for epoch in range(1, 21):
        trainer.train_epoch()
        trainer.take_losses()
        selection.after_epoch(epoch)
        assert trainer.generator.members == (3 if trainer.step < 40 else 1)
    assert torch.equal(trainer.real_rows.x, torch.from_numpy(x))
    kept = selection.keep(20)
    assert [kept.member] == selection.members
    before = {name: value.clone() for name, value in kept.generator.items()}
    trainer.train_epoch()  # a copy, which further training does not change
    assert all(torch.equal(before[name], value) for name, value in kept.generator.items())


def test_going_on_with_one_member_keeps_its_state():
    trainer, selection, _ = population()
    trainer.train_epoch()
    trainer.take_losses()
    weights, moments = trainer.generator.state(1), trainer.generator.state(1, trainer.generator_optimizer.first)
    averages = trainer.generator.state(1, trainer.averaged)
    selection.go_on_with(1)
    pairs = (
        (weights, trainer.generator.parameters),
        (moments, trainer.generator_optimizer.first),
        (averages, trainer.averaged),
    )
    for old, buffer in pairs:
        assert all(torch.equal(old[name], value) for name, value in trainer.generator.state(0, buffer).items())
    trainer.train_epoch()
    assert np.isfinite(trainer.take_losses()).all()


def test_a_diverged_member_is_never_kept():
    trainer, selection, _ = population()
    trainer.generator.weights[0][0].fill_(float("nan"))
    trainer.averaged.copy_(trainer.generator.parameters)
    kept = selection.keep(1)
    assert kept.member != 0
    assert all(bool(torch.isfinite(value).all()) for value in kept.generator.values())


def test_few_rows_give_a_message():
    gan = ganbridge.fit(DATA[:50], seed=1, config=Config(members=2, steps=20))
    assert gan.messages == ["The data has 50 rows: the members are compared on the rows they train on."]
    assert gan.history["score"].notna().any()


def test_divergence_keeps_the_last_finite_state_with_a_message():
    config = Config(objective="wasserstein_gp", discriminator_lr=1e12, generator_lr=1e12, steps=400, batch_size=20)
    try:
        gan = ganbridge.fit(DATA, seed=1, config=config)
    except FloatingPointError as problem:
        assert "generator_lr" in str(problem)  # noqa: PT017
        return
    assert gan.stopped == "diverged"
    assert any(finding.startswith("divergence") for finding in gan.diagnosis)
    assert np.isfinite(gan.sample(10, seed=1)).all()


def test_collapse_is_reported_with_a_region_and_a_good_fit_has_no_findings(fit_seed):
    frame = pd.DataFrame(DATA, columns=["a", "b"])
    short = ganbridge.fit(frame, seed=fit_seed, config=Config(objective="hinge", steps=3))
    assert short.diagnosis[0].startswith("unfinished: after ")
    assert re.search("; most lie where (a|b) is ", short.diagnosis[0])
    assert short.diagnosis[0] in str(ganbridge.from_bytes(short.to_bytes()))
    good = ganbridge.fit(frame, seed=fit_seed, config=Config(steps=1500))
    assert good.diagnosis == []


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("name", ["adam", "rmsprop"])
def test_optimizers_are_pytorchs(name, fused, monkeypatch):
    if not fused:
        monkeypatch.setattr(operators, "FUSED_ADAM", None)
    source = torch.Generator().manual_seed(1)
    start = torch.randn(30, generator=source)
    mine, gradient, theirs = start.clone(), torch.empty(30), torch.nn.Parameter(start.clone())
    reference = (
        torch.optim.Adam([theirs], lr=0.01, betas=(0.5, 0.9), eps=1e-7)
        if name == "adam"
        else torch.optim.RMSprop([theirs], lr=0.01, alpha=0.9, eps=1e-7)
    )
    optimizer = optimizers.make_optimizer(name, mine, gradient, (0.5, 0.9), 0.9, 1e-7)
    for _ in range(50):
        gradient.copy_(torch.randn(30, generator=source))
        theirs.grad = gradient.clone()
        reference.step()
        optimizer.step(0.01)
    torch.testing.assert_close(mine, theirs.detach(), rtol=1e-5, atol=1e-6)
