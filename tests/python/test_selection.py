"""The member and the state that are kept: held-out rows, the choice at half time, copies."""

import numpy as np
import pytest
import torch

import ganbridge
from ganbridge import Config
from ganbridge.config import HELD_OUT_ROWS
from ganbridge.kinds import KINDS
from ganbridge.recipes import DataShape, resolve
from ganbridge.training.distances import sliced_wasserstein
from ganbridge.training.population import SCORES_COMPARED, Population, make_selection
from ganbridge.training.selection import CHECKPOINTS
from ganbridge.training.trainer import Trainer

RNG = np.random.default_rng(4)
X = RNG.normal(size=(400, 2)).astype(np.float32)
SMALL = {"generator_hidden": (8,), "discriminator_hidden": (8,)}


def population(x=X, seed=5, **settings):
    settings = {"members": 3, "keep": "best", "steps": 80, "batch_size": 100} | SMALL | settings
    config, _ = resolve(Config(**settings), KINDS["table"], DataShape(len(x), x.shape[1]))
    trainer = Trainer(x, config, seed)
    return trainer, make_selection(trainer, x, seed)


def train(trainer, selection, epochs):
    scores = []
    for epoch in range(1, epochs + 1):
        trainer.train_epoch()
        trainer.take_losses()
        scores.append(selection.after_epoch(epoch))
    return scores


def parameters(state):
    return torch.cat([value.flatten() for value in state.values()])


def test_a_fifth_of_the_rows_is_held_out_by_the_seed():
    chosen = {seed: population(seed=seed)[1].held_out for seed in range(4)}
    for rows in chosen.values():
        assert len(np.unique(rows)) == len(rows) == 80
        assert rows.min() >= 0
        assert rows.max() < 400
    assert len({tuple(rows) for rows in chosen.values()}) == 4
    assert np.array_equal(population(seed=2)[1].held_out, chosen[2])


def test_held_out_rows_are_the_reference_and_never_in_a_batch():
    trainer, selection = population()
    assert np.array_equal(selection.reference, X[selection.held_out])
    held_out = {row.tobytes() for row in X[selection.held_out]}
    seen = {row.tobytes() for _ in range(20) for row in trainer.real_rows.next().reshape(-1, 2).numpy()}
    assert not seen & held_out
    assert len(seen) == 320
    selection.go_on_with(0)
    seen = {row.tobytes() for _ in range(20) for row in trainer.real_rows.next().reshape(-1, 2).numpy()}
    assert len(seen) == 400


@pytest.mark.parametrize(("rows", "expected"), [(HELD_OUT_ROWS - 1, 0), (HELD_OUT_ROWS, HELD_OUT_ROWS // 5)])
def test_with_few_rows_none_is_held_out_and_a_message_says_so(rows, expected):
    trainer, selection = population(X[:rows])
    assert len(selection.held_out) == expected
    assert len(trainer.real_rows.x) == rows - expected
    said = "" if expected else f"The data has {rows} rows: the members are compared on the rows they train on."
    assert selection.message == said


def test_a_batch_of_all_rows_leaves_none_held_out():
    trainer, selection = population(batch_size="all")
    assert len(selection.held_out) == 0
    assert "400 rows" in selection.message
    assert len(trainer.real_rows.x) == 400


@pytest.mark.parametrize("settings", [{"keep": "last"}, {"members": 1}])
def test_without_a_choice_nothing_is_held_out(settings):
    trainer, selection = population(**settings)
    assert isinstance(selection, Population) == ("keep" in settings)
    assert len(getattr(selection, "held_out", [])) == 0
    assert selection.message == ""
    assert len(trainer.real_rows.x) == 400


def test_at_half_time_the_member_with_the_lowest_mean_of_its_last_scores_goes_on():
    trainer, selection = population()
    scores = train(trainer, selection, 10)  # 40 of 80 steps
    assert np.isfinite(scores).all()
    assert np.shape(scores) == (10, 3)
    means = [np.mean([entry[member] for entry in scores[-SCORES_COMPARED:]]) for member in range(3)]
    assert selection.members == [np.argmin(means)]
    assert trainer.generator.members == len(trainer.healthy) == 1
    assert np.array_equal(selection.reference, X)
    assert (selection.best, selection.history) == (None, [])  # scores against other rows do not compare
    later = train(trainer, selection, 10)
    assert all(entry.shape == (1,) for entry in later)
    kept = selection.keep(20)
    assert [kept.member] == selection.members
    assert kept.score == np.min(selection.history)
    assert [selection.of_kept(entry) for entry in (scores[0], later[0])] == [scores[0][kept.member], later[0][0]]


def test_scores_are_the_distance_to_the_reference():
    trainer, selection = population()
    (scores,) = train(trainer, selection, 1)
    rows = trainer.generate(selection.z).numpy()
    for member, score in enumerate(scores):
        assert score == sliced_wasserstein(rows[member], X[selection.held_out], selection.along)


def test_scores_are_computed_at_evenly_spaced_epochs():
    trainer, selection = population(members=1, steps=400, batch_size="all")
    scores = train(trainer, selection, 400)
    taken = [epoch for epoch, entry in enumerate(scores, 1) if entry is not None]
    assert taken == list(range(10, 401, 10))
    assert len(taken) == CHECKPOINTS


def test_the_best_state_is_kept_as_a_copy():
    trainer, selection = population(members=1)
    scores, averages = [], []
    for _ in range(20):
        scores.append(train(trainer, selection, 1)[0][0])
        averages.append(parameters(trainer.generator.state(0, trainer.averaged)))
        assert selection.best.score == min(scores)
    kept = selection.keep(20)
    best = int(np.argmin(scores))
    assert torch.equal(parameters(kept.generator), averages[best])
    assert kept.step == 4 * (best + 1)
    before = parameters(kept.generator).clone(), parameters(kept.discriminator).clone()
    train(trainer, selection, 5)
    trainer.generator.parameters.zero_()
    trainer.averaged.zero_()
    trainer.discriminator.parameters.zero_()
    assert torch.equal(parameters(kept.generator), before[0])
    assert torch.equal(parameters(kept.discriminator), before[1])


@pytest.mark.parametrize("ema", [0.0, 0.99])
@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_going_on_keeps_parameters_moments_and_averages_bit_for_bit(ema, optimizer):
    trainer, selection = population(ema=ema, optimizer=optimizer)
    train(trainer, selection, 3)

    def state(index):
        found = [trainer.generator.state(index, trainer.averaged)]
        for role in ("generator", "discriminator"):
            network, mover = getattr(trainer, role), getattr(trainer, f"{role}_optimizer")
            buffers = [network.parameters, mover.second] + ([mover.first] if optimizer == "adam" else [])
            found += [network.state(index, buffer) for buffer in buffers]
        return torch.cat([parameters(part) for part in found])

    before, step = state(2), trainer.step
    counts = [float(getattr(trainer.generator_optimizer, "count", 0))]
    selection.go_on_with(2)
    assert torch.equal(state(0), before)
    assert selection.members == [2]
    assert trainer.step == step
    assert counts == [float(getattr(trainer.generator_optimizer, "count", 0))]
    assert (trainer.averaged is trainer.generator.parameters) == (ema == 0.0)
    # The optimizers use the new networks' buffers, so that training continues from the same state.
    train(trainer, selection, 1)
    assert not torch.equal(state(0), before)


@pytest.mark.parametrize("at", ["start", "half time", "end"])
@pytest.mark.parametrize("keep", ["best", "last"])
def test_a_diverged_member_is_never_kept(at, keep):
    trainer, selection = population(keep=keep)
    epochs = {"start": 0, "half time": 9, "end": 20}[at]
    train(trainer, selection, epochs)
    several = trainer.generator.members == 3
    if several:
        for buffer in (trainer.generator.parameters, trainer.averaged):
            for weight in trainer.generator.by_layer(trainer.generator.views(buffer))[0]:
                weight[1] = float("nan")
        trainer.healthy = np.array([True, False, True])
        train(trainer, selection, 1)
    kept = selection.keep(epochs + 1)
    assert not several or kept.member != 1
    assert torch.isfinite(parameters(kept.generator)).all()


def test_a_diverged_member_is_not_chosen_whatever_its_score():
    trainer, selection = population()
    scores = train(trainer, selection, 9)
    best = int(np.argmin(scores[-1]))
    trainer.healthy = np.arange(3) != best
    last = train(trainer, selection, 1)[0]
    assert np.isnan(last).tolist() == (~np.isfinite(last)).tolist() == (np.arange(3) == best).tolist()
    assert selection.members != [best]
    assert len(selection.members) == 1


def test_an_end_before_half_time_keeps_the_best_so_far():
    trainer, selection = population()
    scores = train(trainer, selection, 3)
    kept = selection.keep(3)
    assert trainer.generator.members == 3
    assert kept.score == min(score for entry in scores for score in entry)


@pytest.mark.parametrize("members", [1, 3])
def test_the_history_of_a_fit_has_the_computed_scores(members):
    gan = ganbridge.fit(X, seed=1, config=Config(members=members, steps=400, batch_size=100, **SMALL))
    score = gan.history["score"]
    assert gan.config.keep == "best"
    assert 0.3 * len(score) < score.notna().sum() <= CHECKPOINTS
    assert (score.dropna() > 0).all()
    last = ganbridge.fit(X, seed=1, config=Config(members=members, keep="last", steps=80, batch_size=100, **SMALL))
    assert last.history["score"].isna().all()
    assert last.kept["epoch"] == last.epochs


def test_one_epoch_is_enough_to_choose_and_to_keep():
    gan = ganbridge.fit(X, seed=1, epochs=1, config=Config(members=3, **SMALL))
    assert gan.kept["member"] in range(3)
    assert f"member {gan.kept['member'] + 1} of 3 at epoch 1" in str(gan)
    assert np.isfinite(gan.sample(5, seed=1)).all()


def test_improvement_is_reported_if_it_is_clear_and_the_score_not_yet_small():
    _, selection = population(members=1)
    for scores, expected in (
        (np.linspace(2.0, 0.5, 40), True),
        (np.full(40, 2.0), False),  # large, and not improving
        (np.linspace(0.02, 0.001, 40), False),  # not larger than between two samples of real rows
        (np.linspace(2.0, 0.5, 7), False),  # too few scores
        ([], False),
    ):
        selection.history = [np.array([score]) for score in scores]
        assert selection.still_improving() is expected
