"""idx files: every dtype and number of dimensions, gzipped or not, and what is refused."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from ganbridge import read_idx

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx_of(values: np.ndarray) -> bytes:
    code = CODES[values.dtype.str[1:]]
    sizes = struct.pack(f">{values.ndim}I", *values.shape)
    return bytes([0, 0, code, values.ndim]) + sizes + values.astype(values.dtype.newbyteorder(">")).tobytes()


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
@pytest.mark.parametrize("shape", [(7,), (3, 4), (5, 28, 28), (2, 8, 9, 3), (0, 28, 28)], ids=str)
@pytest.mark.parametrize("dtype", CODES)
def test_files_are_read_as_written(tmp_path, dtype, shape, packed):
    values = (np.random.default_rng(1).standard_normal(shape) * 100).astype(dtype)
    content = idx_of(values)
    path = tmp_path / "file"  # the name tells nothing
    path.write_bytes(gzip.compress(content) if packed else content)
    for given in (path, str(path)):
        found = read_idx(given)
        assert found.dtype == np.dtype(dtype)
        assert found.dtype.isnative
        assert found.flags.writeable
        np.testing.assert_array_equal(found, values)


WHOLE = idx_of(np.arange(60, dtype="u1").reshape(3, 4, 5))
PACKED = gzip.compress(WHOLE * 50)
BAD = {
    "nothing": (b"", "must be an idx file"),
    "text": (b"a,b\n1,2\n", "must be an idx file.* does not begin as one"),
    "another dtype": (b"\0\0\x07\1" + WHOLE[4:], "must be an idx file"),
    "no dimension": (b"\0\0\x08\0" + WHOLE[4:], "must be an idx file"),
    "cut in the header": (WHOLE[:9], r"must be a whole idx file, not one of 9 bytes\."),
    "cut": (WHOLE[:-1], "must be a whole idx file, not one of 75 bytes where its header announces 76"),
    "too long": (WHOLE + b"\0", "must be a whole idx file, not one of 77 bytes where its header announces 76"),
    "huge sizes": (b"\0\0\x0e\4" + b"\xff" * 16, "must be a whole idx file"),
    "a cut gzip": (PACKED[:-9], "must be a whole gzip file, not .*cut off or damaged"),
    "a damaged gzip": (PACKED[:20] + b"\xff\xff\xff" + PACKED[23:], "must be a whole gzip file"),
    "a gzipped text": (gzip.compress(b"a,b\n1,2\n"), "must be an idx file"),
}


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_files_of_other_formats_are_refused(tmp_path, content, words):
    path = tmp_path / "file.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"^`path` {words}"):
        read_idx(path)


def test_other_things_than_files_are_refused(tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        read_idx(tmp_path / "nowhere")
    with pytest.raises(IsADirectoryError):
        read_idx(tmp_path)
    with pytest.raises(TypeError, match="`path` must be the path of a file, not 3"):
        read_idx(3)


@pytest.mark.skipif(
    not Path("/usr/share/datasets/fashion-mnist").exists(), reason="dataset-fashion-mnist is not installed"
)
def test_fashion_mnist_is_read():
    folder = Path("/usr/share/datasets/fashion-mnist")
    images, labels = (read_idx(folder / f"t10k-{what}-ubyte.gz") for what in ("images-idx3", "labels-idx1"))
    assert images.shape == (10000, 28, 28)
    assert images.dtype == labels.dtype == np.uint8
    assert np.bincount(labels).tolist() == [1000] * 10
