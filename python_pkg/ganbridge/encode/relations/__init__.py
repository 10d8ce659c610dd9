"""What holds between the columns of a table in every row: found in the training rows, and kept in samples."""

from .find import find
from .partly import PartlyKnown
from .plan import Plan
from .relation import Relation
from .request import Request
from .wanted import by_hand, wanted

__all__ = ["PartlyKnown", "Plan", "Relation", "Request", "by_hand", "find", "wanted"]
