"""Several processes that fit together: the same training as one alone, whatever their number.

Processes are forked from a server that has loaded the core once. They find each other through a store of this process,
as those of torchrun do through its agent's.
"""

import io
import multiprocessing
import os
import signal
from contextlib import redirect_stdout
from functools import partial

import numpy as np
import pandas as pd
import pytest
import torch
import torch.distributed as dist

import ganbridge
from ganbridge import Config
from ganbridge.command import main
from ganbridge.data import from_python
from ganbridge.prior import odds
from ganbridge.prior.normal_fit import fit_normals, softened
from ganbridge.prior.normals import Layout, Rows, Shrinkage
from ganbridge.prior.odds import Booster
from ganbridge.prior.trees import fit_trees
from ganbridge.ranks import ProcessLostError, Ranks, base, fingerprint, share_of, together
from ganbridge.training.run import Run
from ganbridge.training.trainer import Trainer

pytestmark = [
    pytest.mark.xdist_group("ranks"),  # one server for all of them
    pytest.mark.skipif(
        "forkserver" not in multiprocessing.get_all_start_methods() or not dist.is_gloo_available(),
        reason="needs processes that fork, and gloo",
    ),
]
PATIENCE = 120  # seconds for a handful of small fits, on a machine that is busy with other things
RNG = np.random.default_rng(1)
X = RNG.standard_normal((300, 3))
X[:, 1] += X[:, 0] ** 2
SMALL = {"generator_hidden": [16, 16], "discriminator_hidden": [16, 16], "steps": 24, "batch_size": 64}
PEOPLE = pd.DataFrame({"group": list("aab") * 100, "x": X[:, 0], "y": X[:, 1]})
CASES = {
    "the default": (X, {}),
    "real and generated rows in pairs": (X, {"objective": "relativistic", "r1": 1.0, "r2": [1.0, 0.1], "pack": 2}),
    "a penalty between them": (X, {"objective": "wasserstein_gp", "pack": 2, "discriminator_steps": 2}),
    "label noise, by autograd": (X, {"objective": "non_saturating", "label_noise": 0.2, "activation": "silu"}),
    "a population": (X, {"members": 2, "batch_size": 50}),
    "a condition": (PEOPLE, {"ema": 0.9}),
}


def small_fit(case):
    data, settings = CASES[case]
    condition = "group" if data is PEOPLE else None
    return ganbridge.fit(data, seed=3, condition=condition, config=Config(**{**SMALL, **settings}))


# --- processes --------------------------------------------------------------------------------------------------------


def in_process(work, rank, world, port, answer):
    """What each process runs, with the environment that launchers set."""
    os.environ |= {"RANK": str(rank), "WORLD_SIZE": str(world), "MASTER_ADDR": "localhost", "MASTER_PORT": str(port)}
    os.environ["TORCHELASTIC_USE_AGENT_STORE"] = "True"
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        answer.send(work(rank))
    except Exception as problem:
        answer.send(problem)


def run(world, work):
    """The answers of `work(rank)` in so many processes, by rank: what it returned or raised; None if it was killed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["ganbridge.fitting", "pandas"])
    store = dist.TCPStore("localhost", 0, is_master=True, wait_for_workers=False)
    started = []
    for rank in range(world):
        mine, theirs = context.Pipe(duplex=False)
        process = context.Process(target=in_process, args=(work, rank, world, store.port, theirs), daemon=True)
        process.start()
        theirs.close()  # so that the end of the process is the end of the pipe
        started.append((process, mine))
    answers = [received(mine) for _, mine in started]
    for process, _ in started:
        process.kill()
        process.join()
    return answers


def received(pipe):
    try:
        assert pipe.poll(PATIENCE), "a process hangs"
        return pipe.recv()
    except EOFError:
        return None


def fits_of_all_cases(rank):
    return {case: small_fit(case).to_bytes() for case in CASES}


@pytest.fixture(scope="module")
def fits():
    """Fits of all cases by 1, 2 and 4 processes."""
    return {1: [fits_of_all_cases(0)], **{world: run(world, fits_of_all_cases) for world in (2, 4)}}


def figures(data):
    """Losses and scores of a fit, and its samples."""
    gan = ganbridge.from_bytes(data)
    losses = gan.history[["generator_loss", "discriminator_loss", "score"]].to_numpy()
    sample = gan.sample(200, seed=1)
    return losses, (sample[["x", "y"]].to_numpy() if isinstance(sample, pd.DataFrame) else sample)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("world", [2, 4])
def test_any_number_of_processes_trains_the_same_up_to_rounding(fits, world, case):
    losses, sample = figures(fits[1][0][case])
    of_processes, sampled = figures(fits[world][0][case])
    # float32 rounds at 1e-7; a rank that trained on other rows, or a gradient that was not added, shows at 1e-2.
    np.testing.assert_allclose(of_processes, losses, rtol=2e-4, atol=2e-5)
    np.testing.assert_allclose(sampled, sample, rtol=2e-3, atol=2e-3)


def test_every_process_has_the_same_fit(fits):
    for world in (2, 4):
        assert all(fit == fits[world][0] for fit in fits[world][1:])


def test_dropout_differs_between_processes_and_not_between_runs():
    first, second = run(2, fit_with_dropout), run(2, fit_with_dropout)
    assert first[0] == first[1] == second[0] == second[1]


def fit_with_dropout(rank):
    return ganbridge.fit(X, seed=3, config=Config(**SMALL, dropout=0.3)).to_bytes()


def command(folder, rank):
    """The command line in each process: its exit code, and whether it printed anything."""
    with redirect_stdout(io.StringIO()) as out:
        code = main(["fit", f"{folder}/people.csv", "--out", f"{folder}/two.gan", "--seed", "1", "--steps", "20"])
    return code, out.getvalue()


def test_on_the_command_line_the_first_process_saves_and_prints(tmp_path):
    PEOPLE.to_csv(tmp_path / "people.csv", index=False)
    (code, words), (other_code, nothing) = run(2, partial(command, str(tmp_path)))
    assert code == other_code == 0
    assert words.endswith(f"saved as {tmp_path}/two.gan\n")
    assert nothing == ""
    assert ganbridge.load(tmp_path / "two.gan").schema["rows"] == len(PEOPLE)


# --- what goes wrong --------------------------------------------------------------------------------------------------


def fit_wrongly(rank):
    """What each of these fits raises; the last one is of processes of which one is killed."""
    settings = Config(**SMALL)
    wrong = {
        "other data": lambda: ganbridge.fit(X + rank, seed=1, config=settings),
        "other seed": lambda: ganbridge.fit(X, seed=rank, config=settings),
        "other settings": lambda: ganbridge.fit(X, seed=1, config=Config(**SMALL | {"steps": 20 + rank})),
        "few rows": lambda: ganbridge.fit(X[:2], seed=1, config=Config(**SMALL | {"pack": 2, "batch_size": 2})),
        "callback": lambda: ganbridge.fit(X, seed=1, config=settings, callbacks=[fails]),
        "killed": lambda: ganbridge.fit(X, seed=1, config=settings),
    }
    found = {}
    for name, fit in wrong.items():
        if (name, rank) == ("killed", 1):
            Trainer.train_epoch = lambda self, after_round: os.kill(os.getpid(), signal.SIGKILL)
        try:
            fit()
        except Exception as problem:
            found[name] = problem
    return found


def fails(state):
    raise ZeroDivisionError("of a callback, which only the first process calls")


def test_errors_come_in_all_processes_and_name_what_is_wrong():
    first, killed = run(2, fit_wrongly)
    assert killed is None
    assert str(first["other data"]).startswith("`data` must be the same in all processes that fit together, not other")
    assert str(first["other seed"]).startswith("`seed` must be the same")
    assert str(first["other settings"]).startswith("`config` must be the same")
    wanted = "`batch_size` must be at least 4 with 2 processes and a `pack` of 2, not 2. Start fewer processes, or"
    assert str(first["few rows"]).startswith(wanted)
    assert isinstance(first["callback"], ZeroDivisionError)
    assert isinstance(first["killed"], ProcessLostError)
    assert "another process of this fit has ended" in str(first["killed"])


def test_an_interrupt_of_one_process_ends_the_fit_of_all_after_the_same_step():
    first, second = run(2, fit_until_interrupted)
    assert first == second
    gan = ganbridge.from_bytes(first)
    assert gan.stopped == "interrupted"
    assert 12 <= gan.kept["trained"] < SMALL["steps"]


def signal_itself(number, step):
    """The process that calls it gets a signal once its training comes to a step."""
    train_round = Trainer.train_round

    def signalled(trainer):
        if trainer.step == step:
            os.kill(os.getpid(), number)
        train_round(trainer)

    Trainer.train_round = signalled


def fit_until_killed(file, rank):
    """The second process is killed in its fourth epoch; the first one finds that out."""
    if rank == 1:
        signal_itself(signal.SIGKILL, 18)
    Run.pace = property(lambda self: Always(), lambda self, pace: None)
    ganbridge.fit(X, seed=1, config=Config(**SMALL), checkpoint=file, checkpoint_every=1000)


class Always:
    """As `Pace`, of what is due after each epoch."""

    def due(self):
        return True

    def done(self):
        pass


def go_on(file, rank):
    return ganbridge.load(file).resume(X, checkpoint=file).to_bytes()


def fit_small(rank):
    return ganbridge.fit(X, seed=1, config=Config(**SMALL)).to_bytes()


def test_the_fit_of_a_job_of_which_a_process_was_killed_goes_on_from_its_checkpoint(tmp_path):
    file = str(tmp_path / "fit.gan")
    problem, killed = run(2, partial(fit_until_killed, file))
    assert killed is None
    assert isinstance(problem, ProcessLostError)
    left = ganbridge.load(file)
    assert left.epochs == 3
    whole, first, second = ganbridge.from_bytes(run(2, fit_small)[0]), *run(2, partial(go_on, file))
    assert first == second
    assert ganbridge.from_bytes(first).sample(50, seed=1).tobytes() == whole.sample(50, seed=1).tobytes()


def fit_until_interrupted(rank):
    if rank == 1:
        signal_itself(signal.SIGINT, 12)
    return ganbridge.fit(X, seed=1, config=Config(**SMALL)).to_bytes()


def test_one_process_alone_starts_nothing(monkeypatch):
    monkeypatch.setattr(dist, "init_process_group", lambda *_, **__: pytest.fail("nothing asked for it"))
    environments = [{}, {"WORLD_SIZE": "1", "RANK": "0"}, {"WORLD_SIZE": "8"}, {"RANK": "1"}]
    for given in [*environments, {"WORLD_SIZE": "2", "RANK": "0", "GANBRIDGE_ALONE": "1"}]:
        for name in ("WORLD_SIZE", "RANK", "GANBRIDGE_ALONE"):
            monkeypatch.delenv(name, raising=False)
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        with together() as processes:
            assert type(processes) is Ranks


def test_an_environment_with_gaps_is_an_error(monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", "0")
    monkeypatch.delenv("MASTER_ADDR", raising=False)
    monkeypatch.delenv("MASTER_PORT", raising=False)
    with pytest.raises(ValueError, match=r"2 processes \(WORLD_SIZE\) but does not set MASTER_ADDR and MASTER_PORT"):
        ganbridge.fit(X, seed=1, config=Config(**SMALL))


@pytest.mark.parametrize("count", [4, 5, 7, 8])
def test_shares_are_of_equal_size_or_one_more_and_make_up_the_whole(count):
    shares = [share_of(rank, 4, count) for rank in range(4)]
    assert [i for share in shares for i in range(count)[share.slice]] == list(range(count))
    assert {share.length for share in shares} <= {count // 4, -(-count // 4)}
    assert sum(share.weight for share in shares) == pytest.approx(1.0)
    assert [share.times(3).slice for share in shares] == [slice(3 * s.start, 3 * s.stop) for s in shares]


def test_fingerprints_tell_data_apart():
    same = [from_python(PEOPLE.copy()) for _ in range(2)]
    assert fingerprint(*same[0].parts) == fingerprint(*same[1].parts)
    changed = [
        PEOPLE.iloc[::-1],
        PEOPLE.rename(columns={"x": "z"}),
        PEOPLE.replace({"group": {"b": "c"}}),
        PEOPLE.assign(x=PEOPLE["x"].where(PEOPLE.index != 3)),
        PEOPLE.astype({"x": "float32"}),
    ]
    prints = {fingerprint(*from_python(data).parts) for data in [PEOPLE, *changed]}
    assert len(prints) == 1 + len(changed)
    assert fingerprint(*from_python(np.zeros((2, 3, 3))).parts) != fingerprint(*from_python(np.zeros((3, 2, 3))).parts)


# --- mixtures ---------------------------------------------------------------------------------------------------------


def mixtures(rank):
    """Parts of the fit of a table without networks, whose rows processes share however few they are."""
    with pytest.MonkeyPatch.context() as patch, together():
        patch.setattr(base, "LEAST_SHARED", 0)
        patch.setattr(odds, "MOST_TREES", 5)
        generator = torch.Generator().manual_seed(1)
        cells = torch.from_numpy(np.digitize(X, [-1.0, 0.0, 1.0]))
        trees = fit_trees(cells, [4, 4, 4], 3, 8.0, generator)
        z = torch.from_numpy(X)
        layout = Layout([], [0, 1, 2], [], np.ones(3))
        rows = Rows(z, torch.zeros(300, 0, dtype=torch.int64), z - 0.1, z + 0.1, torch.zeros(300, 3) > 0)
        start = softened(cells[:, 0] // 2, 2)
        normals = [fit_normals(layout, rows, start, Shrinkage(), generator, ties) for ties in (False, True)]
        booster = Booster([4, 4, 4], [True, True, False])
        boosted = booster.fit(cells[:150], cells[150:].flip(1), torch.ones(150), torch.zeros(300), generator)
    parts = [trees.log_table, trees.log_weight, boosted.logit(cells)]
    parts += [part for each in normals for part in (each.mean, each.factor)]
    return [part.numpy() for part in parts]


def test_a_mixture_s_sums_over_processes_are_those_of_one():
    alone = mixtures(0)
    for found in run(2, mixtures):
        assert [np.abs(a - b).max() < 1e-4 for a, b in zip(found, alone, strict=True)] == [True] * len(alone)


def fit_mixture(rank, seed=None):
    seen = []
    gan = ganbridge.fit(PEOPLE, seed=seed, callbacks=[lambda state: seen.append(state.epoch)])
    return gan.to_bytes(), len(seen)


def test_a_table_s_fit_without_networks_and_without_a_seed_is_the_same_in_all_processes():
    (first, seen), (second, unseen) = run(2, fit_mixture)
    assert first == second
    assert unseen == 0
    gan, alone = (ganbridge.from_bytes(data) for data in (first, fit_mixture(0, ganbridge.from_bytes(first).seed)[0]))
    assert gan.prior.held_out == pytest.approx(alone.prior.held_out)
    assert seen == gan.epochs
