"""What users hold, in one form: the only reader of pandas and of R's plain lists."""

from __future__ import annotations

from .array import Array, Ragged
from .base import Data
from .column import Column
from .python import from_python
from .schema import Schema
from .table import Frame, Matrix

__all__ = ["Array", "Column", "Data", "Frame", "Matrix", "Ragged", "Schema", "from_python"]
