"""A column that is missing exactly where another one has one of some levels, or is missing itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import stored
from ...data import Column
from ..base import State
from .relation import Relation, named
from .saved import from_file, to_file


class MissingWhere(Relation):
    """The second of two columns is missing exactly where the first one has one of the values `where`.

    where (k,): values of the first column, NaN for missing. others (j,): its other values in the training rows.
    """

    kind = "missing"

    def __init__(
        self,
        likes: Sequence[Column],
        where: np.ndarray,
        others: np.ndarray,
        *,
        holds: float = 1.0,
        enforced: bool = True,
    ) -> None:
        super().__init__(likes, holds, enforced)
        self.where, self.others = where, others

    @property
    def words(self) -> str:
        """See `Relation`."""
        source, target = (named(like) for like in self.likes)
        few, start = self.where, "is missing where"
        if len(self.others) < len(self.where) and np.isfinite(self.others).all():
            few, start = self.others, "is missing except where"
        present = few[~np.isnan(few)]
        shown = [self._shown(float(value)) for value in present]
        parts = [f"{source} {'=' if len(shown) == 1 else 'is'} {' or '.join(shown)}"] if shown else []
        if len(present) < len(few):
            parts.append(f"{source} is missing")
        return f"{target} {start} {' or '.join(parts)}"

    def _shown(self, value: float) -> str:
        like = self.likes[0]
        text = like.like(np.array([value])).shown(0)
        return text if like.numeric or like.type == "logical" else f"'{text}'"

    @property
    def is_of_missing(self) -> bool:
        """Whether the columns are missing in the same rows."""
        return len(self.where) == 1 and bool(np.isnan(self.where[0]))

    def missing(self, source: np.ndarray) -> np.ndarray:
        """Where the second column must be missing (n,), by the values of the first one."""
        return np.asarray(np.isin(source, self.where) | (np.isnan(source) & bool(np.isnan(self.where).any())))

    def _broken(self, values: list[np.ndarray]) -> np.ndarray:
        source, target = values
        if self.is_of_missing:
            return np.asarray(np.isnan(source) != np.isnan(target))
        known = np.isin(source, np.concatenate([self.where, self.others])) | np.isnan(source)
        return np.asarray(known & (self.missing(source) != np.isnan(target)))

    def to_state(self) -> State:
        """See `Relation`."""
        return {}, {"where": to_file(self.where), "others": to_file(self.others)}

    @classmethod
    def from_state(cls, likes: list[Column], plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> MissingWhere:
        """Inverse of `to_state`."""
        stored.values("relation", plain, {})
        stored.require(len(likes) == 2, "a relation is about other columns")
        where, others = (from_file(arrays, name, likes[:1], flat=True) for name in ("where", "others"))
        return cls(likes, where, others)
