"""Many fits at once have the bits of one alone; what goes wrong on a disk is said, and nothing that existed is lost."""

import hashlib
import multiprocessing
import resource
import stat
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

import ganbridge
from ganbridge import Config, check

RNG = np.random.default_rng(1)
PLANE = RNG.normal(size=(40, 2))
TABLE = pd.DataFrame({"k": ["p", "q", "r"] * 20})
SMALL = Config(generator_hidden=(16, 16), discriminator_hidden=(16, 16), steps=10, batch_size=20)


def digest(seed: int) -> str:
    """A hash of the samples of a network, and of a mixture for one of the seeds."""
    networks = ganbridge.fit(PLANE, seed=seed, config=SMALL).sample(20, seed=1)
    if seed:
        return hashlib.sha256(networks.tobytes()).hexdigest()
    mixture = ganbridge.fit(TABLE, seed=seed, config=Config(prior="mixture")).sample(20, seed=1)
    return hashlib.sha256(networks.tobytes() + mixture.to_csv().encode()).hexdigest()


@pytest.fixture(scope="module")
def alone():
    return [digest(seed) for seed in range(2)]


def test_threads_have_the_bits_of_a_fit_alone(alone):
    found, threads = {}, torch.get_num_threads()

    def run(number):
        found[number] = digest(number % 2)

    running = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert [found[number] for number in range(8)] == [alone[number % 2] for number in range(8)]
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_processes_have_the_bits_of_a_fit_alone(alone, start):
    if start not in multiprocessing.get_all_start_methods():
        pytest.skip("not on this system")
    with multiprocessing.get_context(start).Pool(2 if start == "fork" else 1) as pool:
        assert pool.map_async(digest, range(len(alone))).get(timeout=300) == alone


def test_memory_does_not_grow_with_the_number_of_fits():
    sizes, tiny = [], Config(generator_hidden=(8,), discriminator_hidden=(8,))
    for number in range(60):
        ganbridge.fit(PLANE[:10], seed=number, epochs=1, config=tiny)
        sizes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0)
    # A fit that is not released would add its 40 kB of tensors, and the graph behind them.
    assert sizes[-1] - sizes[20] < 8.0


# --- disks ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gan():
    return ganbridge.fit(PLANE, seed=1, epochs=2, config=SMALL)


def test_a_file_survives_a_disk_that_fills_up_while_it_is_replaced(gan, tmp_path, monkeypatch):
    path = tmp_path / "model.gan"
    gan.save(path)
    before = path.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(check.os, "fsync", full)
    with pytest.raises(OSError, match="No space left on device"):
        gan.save(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["model.gan"]


def test_an_interrupt_while_saving_leaves_what_was_there(gan, tmp_path, monkeypatch):
    path = tmp_path / "model.gan"
    path.write_bytes(b"older")

    def interrupted(handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(check.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        gan.save(path)
    assert path.read_bytes() == b"older"
    assert [file.name for file in tmp_path.iterdir()] == ["model.gan"]


def test_a_saved_file_has_usual_permissions_and_keeps_its_own(gan, tmp_path):
    path = tmp_path / "model.gan"
    gan.save(path)
    (tmp_path / "usual").write_bytes(b"")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "usual").stat().st_mode)
    path.chmod(0o600)
    gan.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_stays_a_link(gan, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "model.gan")
    gan.save(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert ganbridge.load(tmp_path / "model.gan").to_bytes() == gan.to_bytes()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_device_is_named(gan):
    with pytest.raises(OSError, match="No space left"):
        gan.save("/dev/full")
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


def test_saving_from_several_processes_at_once_leaves_a_whole_file(gan, tmp_path):
    path = tmp_path / "model.gan"
    workers = [threading.Thread(target=gan.save, args=(path,)) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert path.read_bytes() == gan.to_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["model.gan"]


def test_too_little_memory_is_a_memory_error_that_says_so():
    huge = Config(generator_hidden=(65_536,) * 8, discriminator_hidden=(8,), steps=1)
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, limits[1]))
    try:
        with pytest.raises(
            MemoryError, match=r"too little memory for this fit \(it asked for 112.0 GiB at once\)\. Choose smaller"
        ):
            ganbridge.fit(PLANE, seed=1, config=huge)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)
    assert len(ganbridge.fit(PLANE, seed=1, epochs=1, config=SMALL).sample(3, seed=1)) == 3
