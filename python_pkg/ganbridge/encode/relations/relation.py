"""What holds between the columns of a table in every row, and how rows are tested for it."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...data import Column, Data
from ...data.column import CATEGORIES
from ..base import State

UNKNOWN = -1.0  # the code of a level that the training rows do not hold
PLAIN_NAME = re.compile(r"[^\W\d](?:[\w.\-]*[\w.])?")
_RESERVED = "is missing where except or and determines determine each other occur in combinations the day of"
RESERVED = frozenset(_RESERVED.split(" "))  # words of relations


class Relation(ABC):
    """What holds between columns.

    likes: those columns as the training data had them, without a row. holds: share of the training rows, among those
    that it is about, in which it holds. enforced: whether it holds in every row of a sample, too. implied_by: the words
    of those that it follows from.
    """

    kind: ClassVar[str]

    def __init__(self, likes: Sequence[Column], holds: float = 1.0, enforced: bool = True) -> None:
        self.likes = [like.take(slice(0)) for like in likes]
        self.holds = holds
        self.enforced = enforced and holds == 1.0
        self.implied_by: list[str] = []

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return [str(like.name) for like in self.likes]

    @property
    @abstractmethod
    def words(self) -> str:
        """The relation in few words: `education determines education-num`."""

    @abstractmethod
    def _broken(self, values: list[np.ndarray]) -> np.ndarray:
        """In which rows it does not hold, bool (n,); values: of each column (n,), NaN if missing."""

    def broken(self, data: Data) -> np.ndarray:
        """In which rows of a table with the same columns it does not hold, bool (n,)."""
        return self._broken([values_of(data, like) for like in self.likes])

    def __str__(self) -> str:
        return self.words

    __repr__ = __str__

    def record(self) -> dict[str, Any]:
        """Plain values for users."""
        return {
            "words": self.words,
            "kind": self.kind,
            "columns": self.columns,
            "holds": self.holds,
            "enforced": self.enforced,
            "implied_by": list(self.implied_by),
        }

    @abstractmethod
    def to_state(self) -> State:
        """What a file holds of it beside its columns: plain values for JSON, and arrays by name."""

    @classmethod
    @abstractmethod
    def from_state(cls, likes: list[Column], plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Relation:
        """Inverse of `to_state`."""


def named(like: Column | str) -> str:
    """The name of a column as relations show it: in backticks unless it is one word."""
    name = str(like.name if isinstance(like, Column) else like)
    return name if PLAIN_NAME.fullmatch(name) and name not in RESERVED else f"`{name}`"


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def values_of(data: Data, like: Column) -> np.ndarray:
    """Values (n,) of the column of that name in the units and codes of the training data's; NaN if missing."""
    column = next(each for each in data.columns if str(each.name) == str(like.name))
    return in_terms_of(column, like)


def in_terms_of(column: Column, like: Column) -> np.ndarray:
    """Values (n,) in the units and codes of `like`; NaN if missing, UNKNOWN for another level."""
    values = column.values
    if like.type in CATEGORIES and column.type in CATEGORIES:
        mine, theirs = [str(label) for label in column.labels], [str(label) for label in like.labels]
        if mine != theirs:
            code = {label: float(i) for i, label in enumerate(theirs)}
            codes = np.array([code.get(label, UNKNOWN) for label in mine] + [UNKNOWN])
            values = codes[np.where(column.missing, len(mine), values).astype(np.int64)]
    elif like.type == "difftime" and column.type == "difftime":
        values = values * (column.seconds / like.seconds)
    return np.where(column.missing, np.nan, values)


def same(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether values (n,) are equal, or both missing."""
    return np.asarray((a == b) | (np.isnan(a) & np.isnan(b)))
