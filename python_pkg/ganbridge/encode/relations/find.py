"""Search for what holds between the columns of a table in every row."""

from __future__ import annotations

from collections import Counter

import numpy as np

from ...data import Data
from .find_affine import find_affine
from .find_determined import find_determined, find_paired
from .find_levels import find_combinations, find_missing
from .find_linear import find_linear
from .find_order import find_orders
from .find_parts import find_parts
from .find_spans import find_spans
from .relation import Relation
from .view import View

LEAST_ROWS = 50
MOST_COLUMNS = 500  # of a wider table the first ones
MOST_NEARLY = 20  # relations that a few rows break


def find(data: Data) -> list[Relation]:
    """What holds between columns in all rows, and what nearly holds (in 99 % of them), which is not enforced.

    A finding is what chance does not explain: for each kind of relation, the probability that no more rows break it if
    the columns were independent is bounded, and at most 0.001 divided by the number of candidates of that kind
    (Bonferroni), so that a table in which nothing holds shows something in at most one of a hundred cases. The bounds
    stand in the files `find_...`. Fewer than 50 rows show nothing.

    Columns are compared on some rows first, and on all of them if those do not break the candidate. Of tables of more
    than 500 columns the first 500 are looked at; of these 300 of numbers for orders and for sums of two, 60 for sums of
    three; 60 as one of two determining columns; 40 in combinations.
    """
    if data.rows < LEAST_ROWS:
        return []
    views = _views(data)
    parts = find_parts(views)
    known = {relation.columns[-1] for relation in parts}
    left = [view for view in views if view.name not in known]
    linear: list[Relation] = [*find_linear(left)]
    known |= {relation.columns[-1] for relation in linear if relation.holds == 1.0}
    times = ("date", "datetime")
    spans = find_spans([view for view in left if view.name not in known or view.column.type in times])
    known |= {relation.columns[-1] for relation in spans if relation.holds == 1.0}
    linear += find_affine([view for view in left if view.name not in known])
    known |= {relation.columns[-1] for relation in linear if relation.holds == 1.0}
    free = [view for view in views if view.name not in known]
    determined = find_determined(free)
    by_name = {view.name: view.index for view in views}
    dependent = {by_name[relation.columns[-1]] for relation in determined if relation.holds == 1.0}
    dependent |= {by_name[relation.columns[0]] for relation in determined if relation.mutual}
    together = {
        (min(by_name[a], by_name[b]), max(by_name[a], by_name[b]))
        for relation in (*linear, *determined)
        for a in relation.columns
        for b in relation.columns
    }
    for span in spans:
        start, end, counted = (by_name[name] for name in span.columns)
        pairs = [(start, counted), (end, counted), *([(start, end)] if span.invertible else [])]
        together |= {(min(pair), max(pair)) for pair in pairs}
    relations: list[Relation] = [*parts, *linear, *spans, *determined]
    relations += find_paired(free, dependent)
    relations += find_combinations(free, dependent)
    relations += find_orders(views, together)
    relations += find_missing(views)
    nearly = sorted((r for r in relations if r.holds < 1.0), key=lambda r: -r.holds)[:MOST_NEARLY]
    return [relation for relation in relations if relation.holds == 1.0] + nearly


def _views(data: Data) -> list[View]:
    """The columns whose names are their own, with rows in a random order, which is always the same."""
    order = np.random.default_rng(0).permutation(data.rows)
    columns = data.columns[:MOST_COLUMNS]
    names = Counter(str(column.name) for column in data.columns)
    return [View(column, i, order) for i, column in enumerate(columns) if names[str(column.name)] == 1]
