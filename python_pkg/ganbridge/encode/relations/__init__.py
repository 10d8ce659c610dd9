"""What holds between the columns of a table in every row: found in the training rows, and kept in samples."""

from .find import find
from .partly import PartlyKnown
from .plan import Plan
from .relation import Relation
from .request import Request
from .wanted import by_hand, wanted
from .written import check_learned

__all__ = ["PartlyKnown", "Plan", "Relation", "Request", "by_hand", "check_learned", "find", "wanted"]
