"""What holds between columns in every real row, and how many rows break it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..baselines import Comparison
from ..verdicts import Measured

ALL_RELATIONS = "all relations"


@dataclass(frozen=True, eq=False)
class RelationSubject:
    """Whether generated rows (n,) break a relation, or any; holdout: the same of new real rows, None without them."""

    generated: np.ndarray
    holdout: np.ndarray | None
    real: int

    def broken(self) -> Measured:
        """The share of rows that break it; no real row does, but holdout rows may."""
        baseline = 0.0 if self.holdout is None else float(self.holdout.mean())
        fewest = len(self.generated) if self.holdout is None else min(len(self.generated), len(self.holdout))
        return Measured(float(self.generated.mean()), baseline, (fewest, self.real))


def relations(comparison: Comparison) -> Iterator[tuple[str, RelationSubject]]:
    """All relations together, and each that generated rows break, the most often broken ones first; by their words."""
    generated = comparison.all_generated.broken
    holdout = None if comparison.holdout is None else comparison.holdout.broken
    words = comparison.relations
    if not words:
        return

    def subject(which: np.ndarray) -> RelationSubject:
        of_holdout = None if holdout is None else _any(holdout, which)
        return RelationSubject(_any(generated, which), of_holdout, comparison.real.rows)

    count = len(words)
    yield ALL_RELATIONS if count > 1 else words[0], subject(np.arange(count))
    if count > 1:
        shares = generated.mean(0)
        for i in np.argsort(-shares, kind="stable"):
            if shares[i] > 0.0:
                yield words[i], subject(np.array([i]))


def _any(broken: np.ndarray, which: np.ndarray) -> np.ndarray:
    return np.asarray(broken[:, which].any(axis=1))
