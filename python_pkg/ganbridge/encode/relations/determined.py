"""One column that others determine: education -> education-num; city -> country; (make, model) -> engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import stored
from ...data import Column
from ..base import State
from .relation import Relation, listed, named, same
from .saved import from_file, to_file

RULES = {"mutual": stored.flag, "strict": stored.flag}


class Determined(Relation):
    """The last of its columns is a function of the others, known by its values.

    keys (k, sources): values of the sources that occur together, NaN for missing, in rising order. results (k,): of the
    determined column. mutual: whether it determines its only source, too. strict: whether it also holds in rows in
    which something is missing, missing being one more value.
    """

    kind = "determined"

    def __init__(
        self,
        likes: Sequence[Column],
        keys: np.ndarray,
        results: np.ndarray,
        *,
        mutual: bool = False,
        strict: bool = True,
        holds: float = 1.0,
        enforced: bool = True,
    ) -> None:
        super().__init__(likes, holds, enforced)
        self.mutual, self.strict = mutual, strict
        self._levels = [np.unique(part[~np.isnan(part)]) for part in keys.T]
        combined = self._combined(list(keys.T))
        order = np.argsort(combined, kind="stable")
        self.keys, self.results, self._known = keys[order], results[order], combined[order]

    @property
    def words(self) -> str:
        """See `Relation`."""
        *sources, target = [named(like) for like in self.likes]
        if self.mutual:
            return f"{sources[0]} and {target} determine each other"
        return f"{listed(sources)} determine{'s' if len(sources) == 1 else ''} {target}"

    def _combined(self, values: Sequence[np.ndarray]) -> np.ndarray:
        """One whole number (n,) for the values of all sources: those of the nearest ones that are known."""
        combined = np.zeros(len(values[0]), dtype=np.int64)
        for levels, part in zip(self._levels, values, strict=True):
            missing = np.isnan(part)
            present = np.where(missing, 0.0, part)
            codes = np.zeros(len(part), dtype=np.int64)
            if len(levels):
                above = np.searchsorted(levels, present).clip(0, len(levels) - 1)
                below = (above - 1).clip(0)
                codes = np.where(np.abs(levels[below] - present) < np.abs(levels[above] - present), below, above)
            combined = combined * (len(levels) + 1) + np.where(missing, len(levels), codes)
        return combined

    def result(self, values: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """What the sources determine (n,), and whether the training rows hold these values together (n,).

        values: of each source (n,). Those that the training rows do not hold together stand for the next ones.
        """
        combined = self._combined(values)
        at = np.searchsorted(self._known, combined).clip(0, len(self._known) - 1)
        known = self._known[at] == combined
        for part, keys in zip(values, self.keys.T, strict=True):
            known &= same(part, keys[at])
        return self.results[at], known

    def _broken(self, values: list[np.ndarray]) -> np.ndarray:
        *sources, target = values
        result, known = self.result(sources)
        broken = known & ~same(result, target)
        if not self.strict:
            broken &= ~np.isnan(np.stack(values)).any(0)
        return np.asarray(broken)

    def without(self, left_out: np.ndarray) -> Determined:
        """The relation without some of its keys, which stand for the next ones then. left_out: mask (k,)."""
        left = Determined(
            self.likes, self.keys[~left_out], self.results[~left_out], mutual=self.mutual, strict=self.strict
        )
        left.holds, left.enforced = self.holds, self.enforced
        return left

    def reverse(self) -> Determined:
        """Of two columns that determine each other, the first one as determined by the second."""
        return Determined(
            self.likes[::-1], self.results[:, None], self.keys[:, 0], mutual=True, strict=self.strict, holds=self.holds
        )

    def to_state(self) -> State:
        """See `Relation`."""
        plain = {"mutual": self.mutual, "strict": self.strict}
        return plain, {"keys": to_file(self.keys), "results": to_file(self.results)}

    @classmethod
    def from_state(cls, likes: list[Column], plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Determined:
        """Inverse of `to_state`."""
        plain = stored.values("relation", plain, RULES)
        keys = from_file(arrays, "keys", likes[:-1])
        results = from_file(arrays, "results", likes[-1:], flat=True)
        stored.require(len(likes) > 1 and 0 < len(keys) == len(results), "`keys` must have a result each")
        stored.require(len(likes) == 2 or not plain["mutual"], "only two columns determine each other")
        return cls(likes, keys, results, mutual=plain["mutual"], strict=plain["strict"])
