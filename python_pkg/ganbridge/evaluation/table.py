"""Tables as they are evaluated: column by column, and rows as standardized numbers and indicators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..check import came, fail
from ..data import Column, Data, Frame
from ..encode.relations import Relation, find
from ..encode.times import times_of
from ..plot.comparison import plot_compare
from .kind import EvaluatedKind, Plot
from .matching import matched, ordered
from .metrics.features import Features
from .metrics.identifiers import is_near_unique
from .metrics.variables import distinct_codes
from .view import View, Views

if TYPE_CHECKING:
    from ..model.fitted import FittedGan


class EvaluatedTable(EvaluatedKind):
    """Rows of typed columns."""

    kind = "table"
    column, columns = "column", "columns"
    about = "Each column on its own, generated rows compared with real ones."

    def target(self, target: Any, real: Data) -> int:
        """The index of the column that `target` names: by name, or in an array by its index, counted from 0."""
        names = [column.name for column in real.columns]
        if target in names and not isinstance(target, bool):
            return names.index(target)
        whole = isinstance(target, (int, np.integer)) and not isinstance(target, bool)
        if not real.is_frame and whole and 0 <= target < len(names):
            return int(target)
        wanted = f" ({listed(names)})" if real.has_names else f", or its number from 0 to {len(names) - 1}"
        fail("target", f"the name of a column of `real`{wanted}", target)
        raise AssertionError  # fail() always raises

    def predicted(self, target: int | None) -> int | None:
        """The index of the target itself."""
        return target

    def views(self, data: dict[str, Data], target: Any, seed: int) -> Views:
        """Tables; the first of `data` is `real`, by which the others are scaled."""
        real = data["real"]
        samples = matched(real, {name: other for name, other in data.items() if name != "real"})
        features = Features(*samples)
        relations = [relation for relation in find(real) if relation.holds == 1.0]
        views = []
        for (name, part), sample in zip(data.items(), samples, strict=True):
            points = features.transform(sample)
            times = times_of(real.columns, sample, samples[0])
            broken = _broken(ordered(name, part, real), real, relations)
            views.append(View(sample, points, points, distinct_codes(sample), times=times, broken=broken))
        return Views(views, known=True, relations=tuple(relation.words for relation in relations))

    def plots(self, gan: FittedGan, real: Data) -> Iterator[Plot]:
        """Every column, and every pair of columns, but for columns whose labels would be texts of single rows."""
        rows = real.to_python()
        hidden = [column.name for column in real.columns if not column.numeric and is_near_unique(column)]
        shown = [column.name for column in real.columns if column.name not in hidden] if hidden else None
        without = f" Not shown, because nearly every row has its own text: {listed(hidden)}." if hidden else ""
        if shown is None or shown:
            grey = f"Real rows are grey, generated ones blue.{without}"
            yield Plot("Each column, real beside generated", grey, plot_compare(gan, rows, columns=shown))
        if len(real.columns if shown is None else shown) > 1:
            words = "Points with contours around the densest rows, boxes if one column has levels, tiles if both have."
            pairs = plot_compare(gan, rows, by="pair", columns=shown)
            yield Plot("Pairs of columns, real beside generated", words, pairs)


def _broken(columns: list[Column], real: Data, relations: list[Relation]) -> np.ndarray:
    """Which relations each row breaks, bool (n, k); columns: in the order of the real ones, whose names they get."""
    alike = Frame([replace(column, name=of.name) for column, of in zip(columns, real.columns, strict=True)])
    broken = np.zeros((alike.rows, len(relations)), dtype=bool)
    for k, relation in enumerate(relations):
        broken[:, k] = relation.broken(alike)
    return broken


def listed(names: Sequence[Any]) -> str:
    """Names of columns, the first six of them."""
    return ", ".join(came(name) for name in names[:6]) + (", ..." if len(names) > 6 else "")


EVALUATED = EvaluatedTable()
