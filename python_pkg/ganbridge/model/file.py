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
from collections.abc import Iterable
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from ..stored import DEEPEST, BadFileError, require
from ..version import __version__

FORMAT = 4  # what is written
OLDEST = 2  # what the first release wrote; 1 was before it
DTYPES = (torch.float32, torch.float64, torch.int64, torch.uint8, torch.bool)
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

    Raises BadFileError for what is not a saved fit, has a format that this version does not read, or was altered.
    """
    length = int.from_bytes(data[:8], "little") if len(data) > 8 else 0
    if not 2 <= length <= len(data) - 8:
        raise BadFileError(FOREIGN)
    try:
        text = _parsed(data[8 : 8 + length])["__metadata__"][METADATA]
        header: dict[str, Any] = _parsed(text)
        checksum, version = header["checksum"].encode(), header["format"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadFileError(FOREIGN) from None
    if type(version) is not int:
        raise BadFileError(FOREIGN)
    # Before the checksum, which a newer format may have elsewhere.
    if not OLDEST <= version <= FORMAT:
        raise BadFileError(_unknown_format(version, header.get("version")))
    if len(checksum) != len(NO_CHECKSUM) or _checksum(data, checksum) != checksum:
        raise BadFileError(
            "the saved fit is damaged: its checksum does not match its content. Copy it again, or fit again."
        )
    return header


def _parsed(text: Any) -> Any:
    """A JSON text that is not nested too deeply, and has no numbers that JSON does not know."""
    found = json.loads(text, parse_constant=_refused)
    level = [found]
    for _ in range(DEEPEST):
        level = [part for each in level for part in _parts(each) if isinstance(part, (dict, list))]
    return _refused("nesting") if level else found


def _parts(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _refused(what: str) -> Any:
    raise ValueError(what)


def _checksum(data: bytes, written: bytes) -> bytes:
    """The checksum of a file with zeros in place of the one that is written there."""
    view, start = memoryview(data), data.find(written)
    if start < 0:
        return b""
    digest = hashlib.sha256(view[:start])  # in parts, because a copy of the file would take its room once more
    digest.update(NO_CHECKSUM.encode())
    digest.update(view[start + len(written) :])
    return digest.hexdigest().encode()


def _unknown_format(version: int, writer: Any) -> str:
    written = f", written by ganbridge {writer:.20}," if isinstance(writer, str) else ""
    remedy = "Update ganbridge to read it." if version > FORMAT else "Fit again."
    return (
        f"the saved fit has format {version}{written} and this version of ganbridge ({__version__}) reads formats"
        f" {OLDEST} to {FORMAT}. {remedy}"
    )


def read_tensors(data: bytes) -> dict[str, Tensor]:
    """The tensors of bytes whose header was read, each of a type that writer.py writes."""
    try:
        tensors = load_tensors(data)
    except SafetensorError:
        raise BadFileError("its tensors and their bytes differ") from None
    for name, tensor in tensors.items():
        require(tensor.dtype in DTYPES, f"`{name[:100]}` is of a type that no fit has")
    return tensors
