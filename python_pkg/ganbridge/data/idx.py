"""Files of the idx format, in which MNIST and its relatives come."""

from __future__ import annotations

import gzip
import math
import os
import zlib
from pathlib import Path

import numpy as np

from .. import check

GZIP = b"\x1f\x8b"
DTYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read_idx(path: str | os.PathLike[str]) -> np.ndarray:
    """The array in a file of the idx format, such as MNIST's images and labels; gzipped or not, whatever its name is.

    The format is LeCun's (http://yann.lecun.com/exdb/mnist): two zero bytes, a code for the dtype, the number of
    dimensions, their sizes, and the values, all of them with the highest byte first.

    Args:
        path: a file on this machine.

    Returns:
        An array of the file's dimensions and dtype: MNIST's images are uint8 of shape (n, 28, 28), its labels uint8 of
        shape (n,).

    Raises:
        OSError: if the file can't be read.
        ValueError: if it is no idx file, or was cut off.

    Examples:
        >>> import ganbridge
        >>> head = bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0, 8])  # bytes of three dimensions: 2 x 8 x 8
        >>> with open("images-idx3-ubyte", "wb") as file:
        ...     _ = file.write(head + bytes(range(128)))
        >>> ganbridge.read_idx("images-idx3-ubyte").shape
        (2, 8, 8)
    """
    if not isinstance(path, (str, os.PathLike)):
        check.fail("path", "the path of a file", path, error=TypeError)
    content = _content(Path(path))
    size = content[3] if len(content) > 3 else 0
    if content[:2] != b"\0\0" or len(content) < 4 or content[2] not in DTYPES or not size:
        raise ValueError(
            f"`path` must be an idx file, not {check.came(os.fspath(path))}: it does not begin as one."
            " Download it again, and unpack archives other than .gz first."
        )
    start = 4 + 4 * size
    shape = np.frombuffer(content[4:start], ">u4").tolist() if len(content) >= start else []
    dtype = np.dtype(DTYPES[content[2]])
    wanted = start + math.prod(shape) * dtype.itemsize
    if not shape or len(content) != wanted:
        size_in_words = f"{len(content):,} bytes" + (f" where its header announces {wanted:,}" if shape else "")
        raise ValueError(f"`path` must be a whole idx file, not one of {size_in_words}. Download it again.")
    return np.frombuffer(content, dtype, offset=start).reshape(shape).astype(dtype.newbyteorder("="))


def _content(file: Path) -> bytes:
    data = file.read_bytes()
    if data[:2] != GZIP:
        return data
    try:
        return gzip.decompress(data)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise ValueError(
            f"`path` must be a whole gzip file, not {check.came(os.fspath(file))}, which is cut off or damaged."
            " Download it again."
        ) from None
