"""The bytes of a saved fit: tensors, and a JSON header under a checksum. What they mean is in writer.py and reader.py.

The file is one safetensors buffer. Its only metadata entry is a JSON text with the version of the format and a SHA-256
checksum over every byte of the file (computed with zeros in place of the checksum itself). Reading it runs no code of
its own.

The version of the format rises with every change of what is written; CONTRIBUTING.md says what such a
change needs.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from ..version import __version__

FORMAT = 4  # what is written
OLDEST = 2  # what the first release wrote; 1 was before it
METADATA = "ganbridge"
NO_CHECKSUM = "0" * 64
FOREIGN = "the data is not a fit saved by ganbridge."


def write(header: dict[str, Any], tensors: dict[str, Tensor]) -> bytes:
    """The bytes of plain values and tensors, in the newest format."""
    text = json.dumps({"format": FORMAT, "checksum": NO_CHECKSUM} | header, allow_nan=False)
    data = save_tensors(tensors, {METADATA: text})
    return data.replace(NO_CHECKSUM.encode(), hashlib.sha256(data).hexdigest().encode(), 1)


def read_header(data: bytes) -> dict[str, Any]:
    """The JSON header, after its format and its checksum were validated.

    Raises ValueError for what is not a saved fit, has a format that this version does not read, or was altered.
    """
    length = int.from_bytes(data[:8], "little") if len(data) > 8 else 0
    if not 2 <= length <= len(data) - 8:
        raise ValueError(FOREIGN)
    try:
        header: dict[str, Any] = json.loads(json.loads(data[8 : 8 + length])["__metadata__"][METADATA])
        checksum, version = header["checksum"].encode(), header["format"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError(FOREIGN) from None
    if type(version) is not int:
        raise ValueError(FOREIGN)
    # Before the checksum, which a newer format may have elsewhere.
    if not OLDEST <= version <= FORMAT:
        raise ValueError(_unknown_format(version, header.get("version")))
    if (
        len(checksum) != len(NO_CHECKSUM)
        or hashlib.sha256(data.replace(checksum, NO_CHECKSUM.encode(), 1)).hexdigest().encode() != checksum
    ):
        raise ValueError(
            "the saved fit is damaged: its checksum does not match its content. Copy it again, or fit again."
        )
    return header


def _unknown_format(version: int, writer: Any) -> str:
    written = f", written by ganbridge {writer:.20}," if isinstance(writer, str) else ""
    remedy = "Update ganbridge to read it." if version > FORMAT else "Fit again."
    return (
        f"the saved fit has format {version}{written} and this version of ganbridge ({__version__}) reads formats"
        f" {OLDEST} to {FORMAT}. {remedy}"
    )


def read_tensors(data: bytes) -> dict[str, Tensor]:
    """The tensors of bytes whose header was read. Raises whatever safetensors finds wrong with them."""
    return load_tensors(data)
