"""What holds between the columns of a table in every row: found in the training rows, and kept in samples."""

from .find import find
from .relation import Relation

__all__ = ["Relation", "find"]
