"""A saved fit as bytes: arrays, and a JSON header under a checksum. It knows nothing of what they mean.

The file is one safetensors buffer. Its only metadata entry is a JSON text with a format version and a SHA-256 checksum
over every byte of the file (taken with the checksum's own place filled with zeros). Reading it runs no code of its own.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from ..version import __version__

FORMAT = 2  # 1 was a table of numbers without types, from before the first release
METADATA = "ganbridge"
NO_CHECKSUM = "0" * 64


def write(header: dict[str, Any], tensors: dict[str, Tensor]) -> bytes:
    """The bytes of plain values and tensors."""
    text = json.dumps({"format": FORMAT, "checksum": NO_CHECKSUM} | header, allow_nan=False)
    data = save_tensors(tensors, {METADATA: text})
    return data.replace(NO_CHECKSUM.encode(), hashlib.sha256(data).hexdigest().encode(), 1)


def read_header(data: bytes) -> dict[str, Any]:
    """The JSON header, once the checksum and the format version are known to be right; else a ValueError."""
    foreign = "the data is not a fit saved by ganbridge."
    length = int.from_bytes(data[:8], "little") if len(data) > 8 else 0
    if not 2 <= length <= len(data) - 8:
        raise ValueError(foreign)
    try:
        header: dict[str, Any] = json.loads(json.loads(data[8 : 8 + length])["__metadata__"][METADATA])
        checksum, version = header["checksum"].encode(), header["format"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError(foreign) from None
    if version != FORMAT:
        newer = not isinstance(version, int) or version > FORMAT
        raise ValueError(
            f"the saved fit has format {version}, and this version of ganbridge ({__version__}) reads {FORMAT}."
            + (" Update ganbridge to read it." if newer else " Fit again.")
        )
    if (
        len(checksum) != 64
        or hashlib.sha256(data.replace(checksum, NO_CHECKSUM.encode(), 1)).hexdigest().encode() != checksum
    ):
        raise ValueError(
            "the saved fit is damaged: its checksum does not fit its content. Copy it again, or fit again."
        )
    return header


def read_tensors(data: bytes) -> dict[str, Tensor]:
    """The tensors of bytes whose header was read. Raises whatever safetensors finds wrong with them."""
    return load_tensors(data)
