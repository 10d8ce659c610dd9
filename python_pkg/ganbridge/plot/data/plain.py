"""What a plot shows as plain values, for R: dicts, lists, numbers, texts and arrays."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def as_plain(shown: Any) -> Any:
    """A dataclass as a dict of its fields, with the name of its class under "shown"; sequences of such as lists.

    Numbers and texts of a sequence stay together: numbers as an array, texts as a list.
    """
    if is_dataclass(shown) and not isinstance(shown, type):
        return {"shown": type(shown).__name__} | {f.name: as_plain(getattr(shown, f.name)) for f in fields(shown)}
    if isinstance(shown, (list, tuple)):
        if shown and all(isinstance(item, (int, float)) for item in shown):
            return np.array(shown, dtype=float)
        return [as_plain(item) for item in shown]
    return shown
