"""One value of a column from a text, as a user of a shell writes it."""

from __future__ import annotations

import datetime
import re
from typing import Any

from .column import UNITS

TRUTHS = {"true": True, "false": False}
SPAN = re.compile(r"([+-]?\d+(?:\.\d+)?) ?([a-z]+)")  # 90 mins


def value_of(text: str, column_type: str) -> Any:
    """The value in the Python type that a column of that type takes. Raises ValueError for any other text."""
    if column_type in ("double", "integer"):
        return int(text) if text.lstrip("+-").isdecimal() else float(text)
    if column_type == "date":
        return datetime.date.fromisoformat(text)
    if column_type == "datetime":
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if column_type == "difftime":
        found = SPAN.fullmatch(text)
        if found is None or found[2].rstrip("s") + "s" not in UNITS:
            raise ValueError(text)
        return datetime.timedelta(seconds=float(found[1]) * UNITS[found[2].rstrip("s") + "s"])
    if column_type == "logical":
        if text.lower() not in TRUTHS:
            raise ValueError(text)
        return TRUTHS[text.lower()]
    return text
