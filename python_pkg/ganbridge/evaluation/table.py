"""Tables as they are evaluated: column by column, and rows as standardized numbers and indicators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ..check import came, fail
from ..data import Data
from ..plot.comparison import plot_compare
from .kind import EvaluatedKind, Plot
from .matching import matched
from .metrics.features import Features
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
        listed = ", ".join(came(name) for name in names[:6]) + (", ..." if len(names) > 6 else "")
        wanted = f" ({listed})" if real.has_names else f", or its number from 0 to {len(names) - 1}"
        fail("target", f"the name of a column of `real`{wanted}", target)
        raise AssertionError  # fail() always raises

    def predicted(self, target: int | None) -> int | None:
        """The index of the target itself."""
        return target

    def views(self, data: dict[str, Data], target: Any, seed: int) -> Views:
        """Tables; the first of `data` is `real`, by which the others are scaled."""
        samples = matched(data["real"], {name: other for name, other in data.items() if name != "real"})
        features = Features(*samples)
        views = []
        for sample in samples:
            points = features.transform(sample)
            views.append(View(sample, points, points, distinct_codes(sample)))
        return Views(views)

    def plots(self, gan: FittedGan, real: Data) -> Iterator[Plot]:
        """Every column, and every pair of columns."""
        rows = real.to_python()
        grey = "Real rows are grey, generated ones blue."
        yield Plot("Each column, real beside generated", grey, plot_compare(gan, rows))
        if len(real.columns) > 1:
            words = "Points with contours around the densest rows, boxes if one column has levels, tiles if both have."
            yield Plot("Pairs of columns, real beside generated", words, plot_compare(gan, rows, by="pair"))


EVALUATED = EvaluatedTable()
