"""What is compared with what: generated rows with real ones, and real rows with real ones in the same numbers.

A distance between samples depends on how many rows they have. So the baseline takes as many rows as the value does:
with a holdout, the holdout instead of the generated rows; without one, one half of the real rows, and both are
compared with the other half.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .view import View, Views, subsample


@dataclass(frozen=True, eq=False)
class Comparison:
    """`generated` is compared with `reference`, for the baseline `other` with `reference`, in equal numbers.

    all_generated, real, holdout: all rows, for what does not depend on their number. notes: what was done, in
    sentences. frechet: which metric the Frechet distance between points is, for images. seed: what rows are drawn with.
    known, relations: see `Views`.
    """

    generated: View
    other: View
    reference: View
    all_generated: View
    real: View
    holdout: View | None
    notes: list[str]
    frechet: str = ""
    seed: int = 0
    known: bool = False
    relations: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[int, int]:
        """Rows that are compared: generated and real ones."""
        return self.generated.rows, self.reference.rows


def compare(views: Views, words: Mapping[str, str], seed: int) -> Comparison:
    """Choose the rows, by `seed`, from views of the real, the generated and perhaps the holdout rows."""
    real, generated, *rest = views.views
    holdout = rest[0] if rest else None
    rng = np.random.default_rng(seed)
    candidates, of_all = real, "all"
    if len(views.training):
        candidates, of_all = real.take(np.setdiff1d(np.arange(real.rows), views.training)), "the other ones"
    reference, other = (candidates, holdout) if holdout is not None else _halves(candidates, rng)
    count, rows = min(generated.rows, other.rows), words["rows"]
    if holdout is not None:
        notes = [
            f"Value: {count:,} generated {rows} compared with {reference.rows:,} real ones.",
            f"Baseline: {count:,} holdout {rows} compared with the same real ones.",
        ]
    else:
        notes = [
            f"Value: {count:,} generated {rows} compared with {reference.rows:,} real ones, one half of {of_all}.",
            f"Baseline: {count:,} real {rows} of the other half compared with the same ones.",
        ]
    return Comparison(
        subsample(generated, count, rng),
        subsample(other, count, rng),
        reference,
        generated,
        real,
        holdout,
        [*views.notes, *notes],
        views.frechet,
        seed,
        views.known,
        views.relations,
    )


def _halves(view: View, rng: np.random.Generator) -> tuple[View, View]:
    order = rng.permutation(view.rows)
    half = math.ceil(view.rows / 2)
    return view.take(np.sort(order[:half])), view.take(np.sort(order[half:]))
