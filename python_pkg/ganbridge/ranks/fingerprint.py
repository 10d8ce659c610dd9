"""A hash of data and settings, by which processes see that they fit the same."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np


def fingerprint(*parts: Any) -> str:
    """A hash of arrays and of plain values, to compare between processes."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        if isinstance(part, np.ndarray) and part.dtype != object:
            digest.update(f"{part.dtype.str} {part.shape} ".encode())
            digest.update(np.ascontiguousarray(part).view(np.uint8).data if part.size else b"")
        else:
            values = part.tolist() if isinstance(part, np.ndarray) else part
            digest.update(json.dumps(values, default=repr, sort_keys=True).encode())
    return digest.hexdigest()
