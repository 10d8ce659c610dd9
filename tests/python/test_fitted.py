"""The file of a fit: whole or refused, and nothing else in the process changes."""

import hashlib
import json
import pickle

import numpy as np
import pytest
import torch
from safetensors.numpy import save as save_arrays

import ganbridge
from ganbridge import Config
from ganbridge.fitted import FORMAT, METADATA, NO_CHECKSUM

DATA = np.random.default_rng(1).normal(size=(30, 2))


@pytest.fixture(scope="module")
def gan():
    return ganbridge.fit(
        DATA, seed=1, trace=2, config=Config(steps=6, generator_hidden=(4,), discriminator_hidden=(4,))
    )


def test_every_altered_byte_is_refused(gan):
    data = gan.to_bytes()
    header = 8 + int.from_bytes(data[:8], "little")
    for i in [*range(0, header, 7), *range(header, len(data), 997), len(data) - 1]:
        altered = bytearray(data)
        altered[i] ^= 1
        with pytest.raises(ValueError, match=r"damaged|not a fit|format"):
            ganbridge.from_bytes(bytes(altered))


def test_cut_and_extended_files_are_refused(gan):
    data = gan.to_bytes()
    for n in (0, 1, 7, 8, 9, 100, len(data) // 2, len(data) - 1):
        with pytest.raises(ValueError, match=r"damaged|not a fit"):
            ganbridge.from_bytes(data[:n])
    with pytest.raises(ValueError, match="damaged"):
        ganbridge.from_bytes(data + b"\0")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        pickle.dumps({"a": 1}),
        b'{"format": 1}',
        bytes(1000),
        save_arrays({"a": np.zeros(3)}),
        save_arrays({"a": np.zeros(3)}, {METADATA: "{}"}),
    ],
)
def test_foreign_files_are_refused(data):
    with pytest.raises(ValueError, match="not a fit saved by ganbridge"):
        ganbridge.from_bytes(data)


def test_a_newer_format_asks_for_an_update(gan):
    data = gan.to_bytes()
    header = json.loads(json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"][METADATA])
    newer = data.replace(f'\\"format\\": {FORMAT}'.encode(), f'\\"format\\": {FORMAT + 1}'.encode(), 1)
    newer = newer.replace(header["checksum"].encode(), NO_CHECKSUM.encode(), 1)
    newer = newer.replace(NO_CHECKSUM.encode(), hashlib.sha256(newer).hexdigest().encode(), 1)
    with pytest.raises(ValueError, match="Update ganbridge"):
        ganbridge.from_bytes(newer)


def test_save_and_load(gan, tmp_path):
    path = tmp_path / "model.gan"
    gan.save(path)
    loaded = ganbridge.load(path)
    assert loaded.to_bytes() == gan.to_bytes() == path.read_bytes()
    assert np.array_equal(loaded.sample(9, seed=1), gan.sample(9, seed=1))
    assert [epoch for epoch, _ in loaded.trace] == [epoch for epoch, _ in gan.trace]
    assert all(np.array_equal(a, b) for a, b in zip(loaded.trace.samples, gan.trace.samples, strict=True))
    assert [file.name for file in tmp_path.iterdir()] == ["model.gan"]
    with pytest.raises(OSError, match="missing"):
        ganbridge.load(tmp_path / "missing.gan")
    with pytest.raises(OSError, match="folder"):
        gan.save(tmp_path)
    with pytest.raises(OSError, match="folder that exists"):
        gan.save(tmp_path / "nowhere" / "model.gan")


def test_the_callers_state_neither_changes_nor_matters():
    def run():
        fit = ganbridge.fit(DATA, seed=3, config=Config(steps=8, dropout=0.1))
        return fit.sample(20, seed=4)

    expected = run()
    threads = torch.get_num_threads()
    torch.manual_seed(99)
    np.random.seed(99)  # noqa: NPY002
    torch_state, numpy_state = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    torch.set_default_dtype(torch.float64)
    try:
        with torch.no_grad():
            assert np.array_equal(run(), expected)
        with torch.inference_mode():
            assert np.array_equal(run(), expected)
        assert torch.get_default_dtype() == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)
    assert torch.equal(torch.get_rng_state(), torch_state)
    assert np.array_equal(np.random.get_state()[1], numpy_state)  # noqa: NPY002
    assert torch.get_num_threads() == threads
