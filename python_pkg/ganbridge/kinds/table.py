"""Tables: rows of typed columns."""

from __future__ import annotations

from typing import Any

from ..encode import TableEncoder
from .base import Kind

LISTED = 6  # columns whose names are shown


class Table(Kind):
    """Rows of a matrix or a data frame."""

    name = "table"
    row, rows = "row", "rows"
    encoder = TableEncoder
    traced = 500
    order = 0

    def describe(self, schema: dict[str, Any], columns: int, rate: float | None) -> str:
        """`272 rows x 2 columns (eruptions, waiting)`."""
        names = [str(name) for name in schema["names"] or []]
        listed = ", ".join(names[:LISTED]) + (", ..." if len(names) > LISTED else "")
        size = f"{schema['rows']:,} rows x {columns:,} column{'s' if columns != 1 else ''}"
        return f"{size} ({listed})" if listed else size
