"""Fits that stop, or are stopped, and go on: to the same bits as if they never had."""

import os
import shutil
import signal
import time

import numpy as np
import pandas as pd
import pytest

import ganbridge
from ganbridge import Config
from ganbridge.training import pace, run
from ganbridge.training.trainer import Trainer

RNG = np.random.default_rng(1)
DATA = RNG.normal(size=(200, 2))
SMALL = {"generator_hidden": (8, 8), "discriminator_hidden": (8, 8), "batch_size": 50}
FRAME = pd.DataFrame(
    {
        "id": [f"P{i:04d}" for i in RNG.permutation(200)],
        "a": DATA[:, 0],
        "b": DATA[:, 0] + np.round(DATA[:, 1], 1),
        "kind": np.array(["x", "y", None], dtype=object)[RNG.integers(0, 3, 200)],
        "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(RNG.integers(0, 90, 200), unit="D"),
    }
)
WAVES = ganbridge.make_waves(60, 24, seed=1)
LABELS = ["even", "odd"] * 30
PIXELS = RNG.integers(0, 256, (40, 8, 9), dtype=np.uint8)
OTHER = {"keep": "last", "ema": 0.0, "optimizer": "rmsprop", "dropout": 0.2, "label_noise": 0.1}

# name: (data, after which of 8 epochs it stops, what else `fit` takes, config)
CASES = {
    "matrix": (DATA, 3, {"trace": 2}, SMALL),
    "first part of members": (DATA, 2, {"trace": 1}, SMALL | {"members": 3}),
    "second part of members": (DATA, 6, {"trace": 1}, SMALL | {"members": 3}),
    "no averages": (DATA, 5, {}, SMALL | OTHER | {"members": 2}),
    "paired": (DATA, 3, {}, SMALL | {"objective": "relativistic", "r1": (1.0, 0.1)}),
    "frame": (FRAME, 3, {}, SMALL),
    "condition": (FRAME, 3, {"condition": "kind", "trace": 3}, SMALL),
    "waves": (WAVES, 4, {"kind": "wave", "condition": LABELS, "rate": 10.0}, SMALL),
    "ragged": ([wave[: 12 + i % 13] for i, wave in enumerate(WAVES)], 3, {"kind": "wave"}, SMALL),
    "images": (PIXELS, 3, {"kind": "image"}, SMALL | {"batch_size": 20, "generator_hidden": (4, 4)}),
}


def fitted(data=DATA, config=None, **more):
    return ganbridge.fit(data, seed=1, epochs=8, config=Config(**(config or SMALL)), **more)


def stored(gan):
    """A fit as another process has it."""
    data = gan.to_bytes()
    again = ganbridge.from_bytes(data)
    assert again.to_bytes() == data
    return again


@pytest.fixture(scope="module")
def whole():
    return fitted().to_bytes()


@pytest.mark.parametrize("name", CASES)
def test_a_fit_that_was_told_to_stop_goes_on_to_the_same_bits(name):
    data, after, more, config = CASES[name]
    part = fitted(data, config, stop_after=after, **more)
    assert (part.stopped, part.epochs, part.unfinished, part.diagnosis) == ("stop_after", after, True, [])
    assert f"{after} of 8 epochs; told to stop there" in str(part)
    assert len(part.sample(3, seed=1)) == 3
    labels = more.get("condition") if more.get("condition") == LABELS else None
    again = stored(part).resume(data, condition=labels)
    assert again.to_bytes() == fitted(data, config, **more).to_bytes()
    assert (again.stopped, again.unfinished) == ("budget", False)


@pytest.mark.parametrize("every", [0.0, 1e9])
@pytest.mark.parametrize("step", [1, 6, 13])
def test_an_interrupt_within_an_epoch_loses_nothing(monkeypatch, whole, every, step):
    train_round, monkeypatched = Trainer.train_round, pytest.MonkeyPatch()

    def interrupted(self):
        if self.step == step:
            self.generator.parameters.mul_(2.0)  # half a step
            raise KeyboardInterrupt
        train_round(self)

    monkeypatch.setattr(run, "SECONDS_BETWEEN_STATES", every)
    monkeypatch.setattr(pace, "LARGEST_SHARE", 1e9)
    with monkeypatched.context() as patched:
        patched.setattr(Trainer, "train_round", interrupted)
        part = fitted()
    assert (part.stopped, part.kept["trained"]) == ("interrupted", step)
    assert part.training.plain["step"] == (step if every == 0.0 else 0)
    assert stored(part).resume(DATA).to_bytes() == whole


def test_a_fit_may_stop_and_go_on_any_number_of_times(whole):
    gan = fitted(stop_after=1)
    for epoch in range(2, 8):
        gan = stored(gan).resume(DATA, stop_after=epoch)
        assert gan.epochs == epoch
    assert stored(gan).resume(DATA).to_bytes() == whole


def test_a_callback_stops_a_fit_that_goes_on(whole):
    part = fitted(callbacks=[lambda now: now.epoch < 3])
    assert (part.stopped, part.epochs) == ("callback", 3)
    seen = []
    assert part.resume(DATA, callbacks=[lambda now: seen.append(now.epoch)]).to_bytes() == whole
    assert seen == [4, 5, 6, 7, 8]


def test_an_interrupt_after_the_last_step_loses_the_diagnosis_only(monkeypatch, whole):
    original, left = run.Run.result, [KeyboardInterrupt]

    def result(self):
        if left:
            raise left.pop()
        return original(self)

    monkeypatch.setattr(run.Run, "result", result)
    part = fitted()
    assert (part.stopped, part.epochs, part.diagnosis) == ("interrupted", 8, [])
    assert stored(part).resume(DATA).to_bytes() == whole


def test_minutes_stop_a_fit_and_say_so():
    gan = fitted(config=SMALL | {"minutes": 1e-9})
    (message,) = gan.messages
    assert message.startswith("`minutes` stopped the training in epoch 1 of 8. Such a fit is not reproducible")
    assert (gan.stopped, gan.kept["trained"]) == ("minutes", 1)
    while gan.unfinished:  # a round at a time
        gan = stored(gan).resume(DATA)
    never_stopped = fitted()
    assert gan.messages == []
    assert all((gan.generator[name] == part).all() for name, part in never_stopped.generator.items())
    assert fitted(config=SMALL | {"minutes": 60}).stopped == "budget"


def test_a_finished_fit_holds_no_state_and_is_returned_as_it_is():
    gan = fitted()
    assert gan.training is None
    assert gan.resume(DATA) is gan


@pytest.mark.parametrize("config", [SMALL, SMALL | {"members": 2}])
def test_a_fit_is_trained_beyond_its_plan(config):
    kept, small = fitted(config=config, stop_after=8), fitted(config=config)
    assert (kept.stopped, kept.unfinished) == ("budget", True)
    assert kept.for_sampling().to_bytes() == small.to_bytes()
    for gan in (kept, small):
        longer = stored(gan).resume(DATA, epochs=12)
        assert longer.epochs == longer.planned_epochs == 12
        assert longer.history["epoch"].tolist() == list(range(1, 13))
        assert longer.history["discriminator_loss"].tolist()[:8] == gan.history["discriminator_loss"].tolist()
        assert longer.settings.steps == 48
        assert not longer.unfinished
        assert stored(gan).resume(DATA, epochs=12).to_bytes() == longer.to_bytes()
        part = stored(gan).resume(DATA, epochs=12, stop_after=10)
        assert stored(part).resume(DATA).to_bytes() == longer.to_bytes()


def test_what_goes_on_from_networks_alone_is_not_worse_by_its_score():
    gan = ganbridge.fit(DATA, seed=1, epochs=100, config=Config(batch_size=100))
    longer = gan.resume(DATA, epochs=110)
    assert longer.history["score"].min() <= gan.history["score"].min() * (1.0 + 1e-6)


def test_more_epochs_must_be_more():
    part, end = fitted(stop_after=3), fitted()
    for gan, epochs, low in ((part, 7, 8), (end, 8, 9), (end, 2, 9)):
        with pytest.raises(
            ValueError, match=rf"`epochs` must be at least {low} for a fit of \d of 8 epochs, not {epochs}"
        ):
            gan.resume(DATA, epochs=epochs)
    with pytest.raises(ValueError, match=r"`stop_after` must be a whole number of at least 4, not 3"):
        part.resume(DATA, stop_after=3)
    with pytest.raises(ValueError, match="`stop_after` must be a whole number from 1 to 8, not 9"):
        fitted(stop_after=9)


def test_a_fit_that_diverged_does_not_go_on(monkeypatch):
    train_round = Trainer.train_round

    def poisoned(self):
        train_round(self)
        if self.step == 10:
            self.generator.parameters.fill_(np.nan)

    monkeypatch.setattr(Trainer, "train_round", poisoned)
    gan = fitted(config=SMALL | {"keep": "last"})
    assert gan.stopped == "diverged"
    with pytest.raises(ValueError, match="not one whose training diverged"):
        gan.resume(DATA)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda frame: frame.iloc[:-1], "of 199 rows instead of 200"),
        (lambda frame: frame.drop(columns="b"), r'with other columns \("b"\)'),
        (lambda frame: frame.assign(new=1.0), r'with other columns \("new"\)'),
        (lambda frame: frame[["id", "b", "a", "kind", "day"]], "in another order of columns"),
        (lambda frame: frame.assign(a=frame.a.astype(str)), 'whose column "a" is of type text instead of double'),
        (lambda frame: frame.assign(a=frame.a + 1.0), 'whose column "a" has another mean'),
        (lambda frame: frame.iloc[::-1], "with other values or another order of rows"),
        (lambda frame: frame.assign(kind=frame.kind.iloc[::-1].to_numpy()), "with other values"),
        (lambda frame: DATA, "of another form"),
    ],
)
def test_other_data_are_refused(change, complaint):
    part = fitted(FRAME, stop_after=1)
    with pytest.raises(ValueError, match=f"`data` must be the data of the fit, .* not data {complaint}"):
        part.resume(change(FRAME))


def test_labels_are_asked_for_and_compared():
    part = fitted(WAVES, kind="wave", condition=LABELS, stop_after=1)
    with pytest.raises(ValueError, match="`condition` must be the labels of the rows, as in the fit, not None"):
        part.resume(WAVES)
    with pytest.raises(ValueError, match="with other values"):
        part.resume(WAVES, condition=LABELS[::-1])
    with pytest.raises(ValueError, match="`condition` must be left out, as the fit has no labels"):
        fitted(WAVES, kind="wave", stop_after=1).resume(WAVES, condition=LABELS)


def test_the_hash_of_the_data_tells_16_bits_and_no_more():
    part = fitted(stop_after=1)
    assert 0 <= part.fingerprint < 2**16
    assert stored(part).fingerprint == part.fingerprint
    assert part.resume(DATA).fingerprint is None


# --- checkpoints ------------------------------------------------------------------------------------------------------


def test_a_checkpoint_is_the_fit_as_it_stands_and_at_the_end_the_fit(tmp_path, whole):
    path, seen = tmp_path / "fit.gan", {}

    def look(now):
        if path.exists():
            seen[now.epoch] = path.read_bytes()

    gan = fitted(checkpoint=path, checkpoint_every="2 epochs", callbacks=[look])
    assert gan.to_bytes() == path.read_bytes() == whole
    assert sorted({ganbridge.from_bytes(data).epochs for data in seen.values()}) == [2, 4, 6]
    for data in seen.values():
        part = ganbridge.from_bytes(data)
        assert (part.stopped, part.unfinished) == ("checkpoint", True)
        assert len(part.sample(3, seed=1)) == 3
        assert part.resume(DATA).to_bytes() == whole
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("value", ["10", "ten epochs", "0 epochs", "5 minutes", -1.0, [3]])
def test_how_often_is_a_number_of_seconds_or_of_epochs(tmp_path, value):
    with pytest.raises(ValueError, match="`checkpoint_every`"):
        fitted(checkpoint=tmp_path / "fit.gan", checkpoint_every=value)
    with pytest.raises(ValueError, match="`checkpoint_every` must be left out if there is no `checkpoint`"):
        fitted(checkpoint_every=10)


def test_a_checkpoint_that_fails_does_not_stop_the_training(tmp_path, whole):
    folder = tmp_path / "folder"
    folder.mkdir()
    gan = fitted(
        checkpoint=folder / "fit.gan",
        checkpoint_every=0.0,
        callbacks=[lambda now: shutil.rmtree(folder) if now.epoch == 4 else None],
    )
    assert gan.stopped == "budget"
    assert gan.messages == ["`checkpoint` could not be written (No such file or directory); the training went on."]
    with pytest.raises(OSError, match="`checkpoint` must lie in a folder that exists"):
        fitted(checkpoint=folder / "fit.gan")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks, to be quick")
@pytest.mark.parametrize("seed", range(3))
def test_a_killed_fit_loses_nothing(tmp_path, whole, seed):
    path, rng = tmp_path / "fit.gan", np.random.default_rng(seed)
    watch = {"checkpoint": path, "checkpoint_every": 0.0, "callbacks": [lambda now: time.sleep(0.05)]}
    for part in (None, "goes on"):
        child = os.fork()
        if child == 0:
            fitted(**watch) if part is None else ganbridge.load(path).resume(DATA, **watch)
            os._exit(0)
        while not path.exists():
            time.sleep(0.001)
        time.sleep(rng.uniform(0.0, 0.3))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert ganbridge.load(path).stopped in ("checkpoint", "budget")  # whole, whenever it was
    assert ganbridge.load(path).resume(DATA).to_bytes() == whole


# --- mixtures ---------------------------------------------------------------------------------------------------------


def test_a_mixture_that_was_stopped_is_fitted_again_to_the_same_bits(tmp_path):
    cars = pd.DataFrame(
        {"x": RNG.normal(size=600), "k": RNG.integers(0, 3, 600).astype(str), "y": RNG.gamma(2.0, size=600)}
    )
    path, seen = tmp_path / "fit.gan", []

    def stop(now):
        seen.append(path.read_bytes() if path.exists() else b"")
        return now.epoch < 3

    whole = ganbridge.fit(cars, seed=1, checkpoint=path)
    assert path.read_bytes() == whole.to_bytes()
    assert whole.resume(cars) is whole
    path.unlink()
    part = ganbridge.fit(cars, seed=1, checkpoint=path, checkpoint_every=0.0, callbacks=[stop])
    assert (part.stopped, part.epochs, part.unfinished) == ("callback", 3, True)
    checkpoint = ganbridge.from_bytes(seen[-1])
    assert (checkpoint.stopped, len(checkpoint.sample(3, seed=1))) == ("checkpoint", 3)
    assert stored(part).resume(cars).to_bytes() == checkpoint.resume(cars).to_bytes() == whole.to_bytes()
    with pytest.raises(ValueError, match="with other values"):
        part.resume(cars.iloc[::-1])
    for name in ("epochs", "stop_after"):
        with pytest.raises(ValueError, match=f"`{name}` must be left out for a fit without networks"):
            part.resume(cars, **{name: 3})
    with pytest.raises(ValueError, match='`prior` must be "normal" next to `epochs`, `trace`, `stop_after`'):
        ganbridge.fit(cars, seed=1, stop_after=3, config=Config(prior="mixture"))
