"""Callbacks, interrupts, the progress line, the log and the trace of a fit."""

import io
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
import torch

import ganbridge
from ganbridge import Config
from ganbridge.training import callbacks
from ganbridge.training.callbacks import Log, ProgressLine, ProgressLines, State, Throttled, progress_line
from ganbridge.training.trainer import Trainer

DATA = np.random.default_rng(1).normal(size=(200, 2))
SHORT = Config(steps=20, batch_size=100)  # 10 epochs of 2 steps


def state(epoch=5, epochs=10, seconds=2.0):
    return State(epoch, epochs, 10 * epoch, 0.7, 1.4, seconds, lambda n: None)


def test_a_state_has_the_values_of_the_history():
    seen = []
    gan = ganbridge.fit(DATA, seed=1, callbacks=[seen.append], config=SHORT)
    assert [field.name for field in fields(State)] == [
        "epoch", "epochs", "step", "generator_loss", "discriminator_loss", "seconds", "sample_data",
    ]  # fmt: skip
    for name in ("epoch", "step", "generator_loss", "discriminator_loss"):
        assert [getattr(entry, name) for entry in seen] == gan.history[name].tolist()
    assert [entry.seconds for entry in seen] == gan.seconds.tolist()
    assert {entry.epochs for entry in seen} == {10}


@pytest.mark.parametrize("as_frame", [True, False])
def test_a_states_sample_has_the_type_of_the_data(as_frame):
    samples = []
    data = pd.DataFrame({"a": DATA[:, 0], "k": np.arange(200) % 5}) if as_frame else DATA.astype(np.float32)
    ganbridge.fit(data, seed=1, callbacks=[lambda now: samples.append(now.sample(7))], config=SHORT)
    for sample in samples:
        assert type(sample) is type(data)
        assert sample.shape == (7, 2)
        if as_frame:
            assert sample.dtypes.equals(data.dtypes)
        else:
            assert sample.dtype == np.float32


def test_sampling_in_a_callback_does_not_change_the_fit():
    silent = ganbridge.fit(DATA, seed=1, config=SHORT)
    watched = ganbridge.fit(DATA, seed=1, trace=1, callbacks=[lambda now: now.sample(50)], config=SHORT)
    assert np.array_equal(silent.sample(20, seed=1), watched.sample(20, seed=1))


@pytest.mark.parametrize("n", [0, -1, 2.5, "3"])
def test_a_states_sample_checks_its_count(n):
    with pytest.raises(ValueError, match="`n` must be a whole number"):
        ganbridge.fit(DATA, seed=1, callbacks=[lambda now: now.sample(n)], config=SHORT)


@pytest.mark.parametrize("answer", [False, np.False_])
def test_false_stops_the_fit(answer):
    gan = ganbridge.fit(DATA, seed=1, callbacks=[lambda now: answer], config=SHORT)
    assert gan.stopped == "callback"
    assert len(gan.history) == 1
    assert "a callback asked for it" in str(gan)


@pytest.mark.parametrize("answer", [None, True, 0, "", [], 0.0])
def test_other_values_do_not_stop_the_fit(answer):
    gan = ganbridge.fit(DATA, seed=1, callbacks=[lambda now: answer], config=SHORT)
    assert gan.stopped == "budget"
    assert len(gan.history) == 10


def test_false_at_the_last_epoch_has_no_effect():
    gan = ganbridge.fit(DATA, seed=1, callbacks=[lambda now: now.epoch < now.epochs], config=SHORT)
    assert gan.stopped == "budget"


def test_all_callbacks_are_called_if_one_stops():
    called = []
    first, second = lambda now: called.append("first") or False, lambda now: called.append("second")
    ganbridge.fit(DATA, seed=1, callbacks=[first, second], config=SHORT)
    assert called == ["first", "second"]


@pytest.mark.parametrize("callback", [print, [3], "abc", None])
def test_callbacks_must_be_callable(callback):
    with pytest.raises(ValueError, match="`callbacks` must be a sequence of functions"):
        ganbridge.fit(DATA, seed=1, callbacks=callback, config=SHORT)


@pytest.mark.parametrize("step", [1, 3, 4])
@pytest.mark.parametrize("members", [1, 3])
def test_an_interrupt_within_an_epoch_keeps_the_steps_before_it(monkeypatch, step, members):
    train_round = Trainer.train_round

    def interrupted(self):
        if self.step == step:
            raise KeyboardInterrupt
        train_round(self)

    monkeypatch.setattr(Trainer, "train_round", interrupted)
    gan = ganbridge.fit(DATA, seed=1, trace=1, config=Config(steps=20, batch_size=50, members=members))
    assert gan.stopped == "interrupted"
    assert gan.history["step"].iloc[-1] == step == gan.kept["trained"]
    assert np.isfinite(gan.history[["generator_loss", "discriminator_loss"]]).all(axis=None)
    assert len(gan.trace) == step // 4  # whole epochs only
    assert np.isfinite(ganbridge.from_bytes(gan.to_bytes()).sample(20, seed=1)).all()
    assert "interrupted by the user" in str(gan)


@pytest.mark.parametrize("error", [RuntimeError, SystemExit])
def test_errors_are_raised_and_threads_restored(error):
    def broken(now):
        assert torch.get_num_threads() == 2
        raise error("mine")

    before = torch.get_num_threads()
    with pytest.raises(error, match="mine"):
        ganbridge.fit(DATA, seed=1, callbacks=[broken], config=Config(steps=20, threads=2))
    assert torch.get_num_threads() == before


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_ctrl_c_returns_a_usable_fit():
    code = """
        import signal, sys, numpy as np, ganbridge
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it otherwise
        data = np.random.default_rng(1).normal(size=(200, 2))
        def say(state):
            if state.epoch == 2:
                print("training", flush=True)
        gan = ganbridge.fit(data, seed=1, epochs=10**6, callbacks=[say], config=ganbridge.Config(members=2))
        print(gan.stopped, len(gan.history), gan.sample(3, seed=1).shape, flush=True)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout.readline() == "training\n"
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0, err
    stopped, epochs, shape = out.split(maxsplit=2)
    assert (stopped, shape) == ("interrupted", "(3, 2)\n")
    assert 2 <= int(epochs) < 10**6


@pytest.mark.parametrize("epochs", [1, 2, 19, 20, 21, 39, 100, 1000, 1999])
def test_a_log_has_about_twenty_lines_with_the_first_and_the_last_epoch(tmp_path, epochs):
    path = tmp_path / "log.txt"
    log = Log(str(path), epochs)
    for epoch in range(1, epochs + 1):
        log(state(epoch, epochs))
    lines = path.read_text().splitlines()
    logged = [int(line.split()[1].split("/")[0]) for line in lines]
    assert logged[0] == 1
    assert logged[-1] == epochs
    assert len(set(logged)) == len(logged)
    assert min(epochs, 20) <= len(logged) <= 41
    assert lines[-1] == (
        f"epoch {epochs}/{epochs} step {10 * epochs} generator_loss 0.7 discriminator_loss 1.4 seconds 2.0"
    )


def test_a_log_is_appended_to(tmp_path):
    path = tmp_path / "log.txt"
    for _ in range(2):
        ganbridge.fit(DATA, seed=1, epochs=3, log=path)
    lines = path.read_text().splitlines()
    assert [line.split()[1] for line in lines] == ["1/3", "2/3", "3/3"] * 2


def test_a_log_that_fails_during_training_does_not_stop_it(tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()

    def close_log(state):
        if state.epoch == 2:
            shutil.rmtree(folder)

    gan = ganbridge.fit(DATA, seed=1, epochs=4, log=folder / "log.txt", callbacks=[close_log])
    assert gan.stopped == "budget"
    assert len(gan.history) == 4
    (message,) = (text for text in gan.messages if "`log`" in text)
    assert message == (
        "`log` could not be written from epoch 3 on (No such file or directory); the training went on without it."
    )
    assert message in ganbridge.from_bytes(gan.to_bytes()).messages


def test_a_log_that_cannot_be_written_is_refused_before_training(tmp_path, monkeypatch):
    monkeypatch.setattr(Trainer, "train_epoch", lambda self, after_round: pytest.fail("trained"))
    for path in (tmp_path, tmp_path / "nowhere" / "log.txt"):
        with pytest.raises(OSError, match="`log`"):
            ganbridge.fit(DATA, seed=1, log=path)


@pytest.mark.parametrize("members", [1, 2])
@pytest.mark.parametrize("form", ["frame", "matrix", "wave"])
def test_a_trace_has_the_type_of_the_data(form, members):
    data = {
        "frame": pd.DataFrame({"a": DATA[:, 0], "k": np.arange(200) % 4}),
        "matrix": DATA.astype(np.float32),
        "wave": ganbridge.make_waves(200, 20, seed=1),
    }[form]
    kind = "wave" if form == "wave" else "table"
    gan = ganbridge.fit(data, kind=kind, epochs=11, trace=4, seed=1, config=Config(members=members))
    assert gan.trace.epoch.tolist() == [4, 8]
    assert len(gan.trace) == 2
    for (epoch, sample), expected in zip(gan.trace, (4, 8), strict=True):
        assert epoch == expected
        assert type(sample) is type(data)
        assert sample.shape == (48 if form == "wave" else 200, data.shape[1])
        if form == "frame":
            assert sample.dtypes.equals(data.dtypes)
        else:
            assert sample.dtype == data.dtype


def test_an_empty_trace_can_be_saved():
    gan = ganbridge.fit(DATA, epochs=3, trace=5, seed=1)
    assert len(gan.trace) == len(ganbridge.from_bytes(gan.to_bytes()).trace) == 0
    assert ganbridge.fit(DATA, epochs=3, seed=1).trace is None


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_progress_line_is_overwritten_and_kept_at_the_end():
    out = io.StringIO()
    line = ProgressLine(out)
    line.end()  # nothing was drawn, so nothing is kept
    assert out.getvalue() == ""
    line(state(1))
    line(state(10))
    line.end()
    line.end()
    assert out.getvalue().count("\r") == 2
    assert out.getvalue().count("\n") == 1
    assert "epoch 1/10 [##------------------]" in out.getvalue()
    assert "epoch 10/10 [####################] generator 0.700 discriminator 1.400, 0 s left" in out.getvalue()


@pytest.mark.parametrize(("asked", "expected"), [(True, [1, 4, 7, 10]), (False, [4, 7, 10])])
def test_where_no_line_can_be_written_over_there_is_one_every_ten_seconds(monkeypatch, asked, expected):
    now, out = [100.0], io.StringIO()
    monkeypatch.setattr(callbacks.time, "monotonic", lambda: now[0])
    lines = ProgressLines(out, asked)
    for epoch in range(1, 11):
        lines(state(epoch))
        now[0] += 3.7
    lines.end()
    assert [int(line.split()[1].split("/")[0]) for line in out.getvalue().splitlines()] == expected
    assert "\r" not in out.getvalue()
    short = ProgressLines(io.StringIO(), asked)
    short(state(1))
    short.end()
    assert len(short.out.getvalue().splitlines()) == asked


def test_progress_is_shown_on_a_terminal_or_on_request(monkeypatch):
    for out, expected in ((Terminal(), {"auto": True, True: True, False: False}), (io.StringIO(), {"auto": False})):
        monkeypatch.setattr(sys, "stderr", out)
        assert {asked: progress_line(asked) is not None for asked in expected} == expected
        assert isinstance(progress_line(True), ProgressLine if out.isatty() else ProgressLines)
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    assert isinstance(progress_line("auto"), ProgressLines)
    monkeypatch.setattr(sys, "stderr", None)
    assert progress_line(True) is None


def test_a_fit_ends_its_progress_line_however_it_ends(monkeypatch):
    def interrupt(now):
        raise KeyboardInterrupt

    def broken(now):
        raise RuntimeError

    for ending in ([], [interrupt]):
        monkeypatch.setattr(sys, "stderr", Terminal())
        ganbridge.fit(DATA, seed=1, epochs=3, callbacks=ending)
        assert sys.stderr.getvalue().startswith("\repoch 1/3 [")
        assert sys.stderr.getvalue().endswith("\n")
    monkeypatch.setattr(sys, "stderr", Terminal())
    with pytest.raises(RuntimeError):
        ganbridge.fit(DATA, seed=1, epochs=3, callbacks=[broken])
    assert sys.stderr.getvalue().endswith("\n")


def test_a_line_is_drawn_a_few_times_a_second_and_at_the_end(monkeypatch):
    now, shown = [100.0], []
    monkeypatch.setattr(callbacks.time, "monotonic", lambda: now[0])
    throttled = Throttled(lambda entry: shown.append(entry.epoch))
    for epoch in range(1, 11):
        throttled(state(epoch))
        now[0] += 0.06
    assert shown == [1, 5, 9, 10]
