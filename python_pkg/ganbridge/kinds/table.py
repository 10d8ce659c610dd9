"""Tables: rows of typed columns."""

from __future__ import annotations

from ..encode import TableEncoder
from .base import Kind


class Table(Kind):
    """Rows of a matrix or a data frame."""

    name = "table"
    row, rows = "row", "rows"
    encoder = TableEncoder
    traced = 500
    order = 0
