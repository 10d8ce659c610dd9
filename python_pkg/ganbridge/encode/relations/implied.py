"""Orders that hold in every row because other relations do: start <= due, of start <= end and due = end + 30 days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..clock import DAY
from .day import Day
from .linear import Linear
from .order import Order
from .relation import Relation
from .span import Span
from .step import Columns


class _Edge(NamedTuple):
    """`high` is at least `low` and `lag`, in seconds if they are dates or times."""

    low: str
    high: str
    lag: float
    words: str


def mark_implied(relations: Sequence[Relation], columns: Columns) -> None:
    """Note for orders that are not computed, but follow from enforced relations, which ones they follow from."""
    edges = [edge for relation in relations if relation.enforced for edge in _edges(relation, columns)]
    for relation in relations:
        if isinstance(relation, Order) and not relation.enforced and relation.holds == 1.0:
            words = _path(edges, relation.columns[0], relation.columns[1])
            if words:
                relation.implied_by, relation.enforced = words, True


def _edges(relation: Relation, columns: Columns) -> Iterator[_Edge]:
    first, second, *others = relation.columns
    words, base = relation.words, DAY if relation.likes[-1].type == "date" else 1.0
    if isinstance(relation, Order):
        yield _Edge(first, second, 0.0, words)
    elif isinstance(relation, Linear) and relation.factors == [1.0]:
        yield _Edge(first, second, relation.constant * base, words)
        yield _Edge(second, first, -relation.constant * base, words)
    elif isinstance(relation, Day):  # a time is less than a day after the midnight of its date
        yield _Edge(second, first, 0.0, words)
        yield _Edge(first, second, -DAY, words)
    elif isinstance(relation, Span) and relation.invertible:
        least = float(np.min(columns[others[0]].present)) * relation.unit_days
        yield _Edge(first, second, (least - float(relation.likes[0].type == "datetime")) * DAY, words)


def _path(edges: Sequence[_Edge], low: str, high: str) -> list[str]:
    """The words of relations by which `high` is at least `low` (longest path, Bellman-Ford); [] if there is none."""
    best: dict[str, tuple[float, list[str]]] = {low: (0.0, [])}
    for _ in edges:
        before = dict(best)
        for edge in edges:
            if edge.low in before:
                lag, words = before[edge.low]
                if edge.words not in words and lag + edge.lag > best.get(edge.high, (-np.inf, []))[0]:
                    best[edge.high] = (lag + edge.lag, [*words, edge.words])
        if all(before.get(name, (None,))[0] == lag for name, (lag, _) in best.items()):
            break
    lag, words = best.get(high, (-np.inf, []))
    return words if lag >= 0.0 else []
