"""Relations without the numbers that few rows have."""

from __future__ import annotations

import numpy as np

from ...data import Column
from ..calendar import COUNTED
from .determined import Determined
from .missing import MissingWhere
from .part import Part, parts_of
from .relation import Relation, in_terms_of
from .step import Columns, ends_of

LEAST_COVERED = 0.9  # share of the rows whose numbers are not rare


def without_rare(relation: Relation, columns: Columns, k: int) -> Relation | None:
    """The relation without numbers that fewer than k rows have, not kept if those make up too many rows; or None."""
    if isinstance(relation, Part):
        return _without_rare_parts(relation, columns, k)
    if k == 1 or not isinstance(relation, (Determined, MissingWhere)):
        return relation
    values = {str(like.name): in_terms_of(columns[str(like.name)], like) for like in relation.likes}

    def rare(like: Column) -> np.ndarray:
        distinct, counts = np.unique(values[str(like.name)], return_counts=True)
        distinct, counts = distinct[~np.isnan(distinct)], counts[~np.isnan(distinct)]
        few = (counts < k) & like.numeric
        if few.any():  # whole numbers between the ends may be generated anyway, and say nothing of a row
            low, high = ends_of(columns[str(like.name)].present, 0)
            few &= (distinct != np.rint(distinct)) | (distinct < low) | (distinct > high)
        return np.asarray(distinct[few])

    if isinstance(relation, MissingWhere):
        return relation if not len(rare(relation.likes[0])) else None
    kept, covered = np.ones(len(relation.results), dtype=bool), np.ones(len(values[relation.columns[0]]), dtype=bool)
    for like, known in zip(relation.likes, [*relation.keys.T, relation.results], strict=True):
        kept &= ~np.isin(known, rare(like))
        covered &= ~np.isin(values[str(like.name)], rare(like))
    if not kept.any():
        return None
    shared = relation if kept.all() else relation.without(~kept)
    shared.enforced &= bool(covered.mean() >= LEAST_COVERED)
    return shared


def _without_rare_parts(relation: Part, columns: Columns, k: int) -> Part:
    """The relation without years that fewer than k rows have; the months of every year are known anyway."""
    if relation.part not in COUNTED or not len(relation.keys):
        return relation
    time = columns[relation.columns[0]]
    part = parts_of(relation.part, relation.likes[0], in_terms_of(time, relation.likes[0]))
    distinct, counts = np.unique(part[~np.isnan(part)], return_counts=True)
    rare = np.isin(relation.keys, distinct[counts < k])
    return relation.without(rare) if rare.any() and not rare.all() else relation
