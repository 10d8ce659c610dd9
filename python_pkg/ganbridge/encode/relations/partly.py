"""Rows of which a part is known: what follows from it, and what must hold for what is drawn."""

from __future__ import annotations

import numpy as np

from ...data import Column, Data, Frame
from .compute import Computing, Flagged, computed
from .determined import Determined
from .going_with import go_with
from .linear import Linear
from .mask import Mask
from .part import Part
from .plan import Plan
from .relation import in_terms_of
from .seasonal import Seasonal
from .span import Span
from .step import Columns

CLOSE = 1e-9  # of a number's size, within which two are the same


class PartlyKnown:
    """Rows of a table, of which unknown values are marked as missing.

    plan: by which columns are computed. columns: of the table, with what follows from known values filled in. absent:
    by name, where a value must be missing, because another column says so; unsure: where that column is unknown.
    """

    def __init__(self, plan: Plan, columns: list[Column]) -> None:
        self.plan = plan
        self.given = {str(column.name): column for column in columns}
        self.columns: Columns = dict(self.given)
        self.absent: dict[str, np.ndarray] = {}
        self.unsure: dict[str, np.ndarray] = {}
        before = -1
        while self._unknown != before:  # each round fills something in, or is the last
            before = self._unknown
            self._find_absent()
            for step in plan.steps:
                for relation in step.relations:
                    if relation.enforced and isinstance(relation, Computing):
                        self._follow(relation)

    def _find_absent(self) -> None:
        for step in self.plan.steps:
            if isinstance(step, Mask):
                source = self.columns[step.sources[0]]
                absent = step.relations[0].missing(in_terms_of(source, step.relations[0].likes[0]))
                self.absent[step.target] = absent & ~source.missing & self.columns[step.target].missing
                self.unsure[step.target] = source.missing

    @property
    def _unknown(self) -> int:
        return sum(int(column.missing.sum()) for column in self.columns.values())

    def _fill(self, name: str, values: np.ndarray) -> None:
        """Fill in values (n,) where a column is unknown, and they are not."""
        column = self.columns[name]
        none = np.zeros(len(values), dtype=bool)
        new = column.missing & ~np.isnan(values) & ~self.absent.get(name, none) & ~self.unsure.get(name, none)
        if new.any():
            self.columns[name] = column.like(np.where(new, values, column.values), column.missing & ~new)

    def _follow(self, relation: Computing) -> None:
        *sources, target = relation.columns
        known = ~np.any([self.columns[name].missing for name in sources], axis=0)
        result = computed(relation, self.columns)
        if isinstance(relation, Determined):
            pairs = zip(sources, relation.likes, strict=False)
            known &= relation.result([in_terms_of(self.columns[name], like) for name, like in pairs])[1]
        self._fill(target, np.where(known, result, np.nan))
        if isinstance(relation, Span):
            self._follow_span(relation)
        elif isinstance(relation, Linear):
            pairs = zip(sources, relation.likes, strict=False)
            parts = [in_terms_of(self.columns[name], like) for name, like in pairs]
            total = in_terms_of(self.columns[target], relation.likes[-1])
            for i, name in enumerate(sources):  # NaN unless it is the only one that is unknown
                self._fill(name, relation.solved_for(parts, total, i))
        elif isinstance(relation, Determined) and relation.mutual:
            reverse = relation.reverse()
            known_result = in_terms_of(self.columns[target], relation.likes[-1])
            back, seen = reverse.result([known_result])
            self._fill(sources[0], np.where(seen & ~np.isnan(known_result), back, np.nan))

    def _follow_span(self, relation: Span) -> None:
        """The second date from the first one and the days between them."""
        if relation.invertible:
            start, end, span = relation.columns
            first, third = (
                np.where(self.columns[name].missing, np.nan, in_terms_of(self.columns[name], like))
                for name, like in ((start, relation.likes[0]), (span, relation.likes[2]))
            )
            self._fill(end, relation.ends(first, third))

    def encoded(self) -> tuple[list[Column], np.ndarray]:
        """The encoded columns, and where they are unknown, bool (n, columns)."""
        core = {str(column.name): column for column in self.plan.reduce(Frame(list(self.columns.values()))).columns}
        for step in self.plan.steps:
            if isinstance(step, Flagged):  # what is drawn is not missing
                core[step.replacement] = core[step.replacement].like(np.zeros(len(core[step.replacement].values)))
            elif isinstance(step, Seasonal):
                column = core[step.replacement]
                unknown = self.columns[str(step.source.name)].missing
                core[step.replacement] = column.like(column.values, column.missing | unknown)
        unknown = np.stack([column.missing & ~self.absent.get(name, False) for name, column in core.items()], 1)
        return list(core.values()), unknown

    def distance(self, rows: Data) -> np.ndarray:
        """How far completed rows (n,) are from what is known of them; 0 if nothing known is changed."""
        total = np.zeros(rows.rows)
        for drawn in rows.columns:
            name = str(drawn.name)
            if name in self.plan.changed:
                known, column = ~self.given[name].missing, self.given[name]
                off = np.abs(drawn.values - column.values)
                if drawn.numeric:
                    off = np.where(off <= CLOSE * np.maximum(1.0, np.abs(column.values)), 0.0, off)
                    scale = float(np.std(column.values[known])) if known.sum() > 1 else 1.0
                    off = off / (scale or 1.0)
                else:
                    off = np.asarray(off > 0.0, dtype=np.float64)
                total += np.where(known, np.where(drawn.missing, 1.0, off), 0.0)
        return total

    def take(self, rows: np.ndarray) -> PartlyKnown:
        """These rows only."""
        return PartlyKnown(self.plan, [column.take(rows) for column in self.given.values()])

    def completed(self, rows: Data, rng: np.random.Generator) -> list[Column]:
        """Completed rows in which what is known is as it was, and what was drawn goes with it.

        Where rows are not yet so, what a known column is computed from is changed, if it is unknown, and so on.
        """
        wrong = self.distance(rows) > 0.0
        columns = self._with_known({str(column.name): column for column in rows.columns})
        if not wrong.any():
            return list(columns.values())
        parts = [each for step in self.plan.steps for each in step.relations if isinstance(each, Part)]
        for step in self.plan.steps:
            changed = dict(columns)
            go_with(step, changed, self._free, parts, rng)
            for name, column in changed.items():
                old = columns[name]
                values = np.where(wrong, column.values, old.values)
                columns[name] = old.like(values, np.where(wrong, column.missing, old.missing))
        whole = self.plan.restore(self.plan.reduce(Frame([columns[key] for key in self.plan.keys])))
        return list(self._with_known({str(column.name): column for column in whole.columns}).values())

    def _with_known(self, drawn: Columns) -> Columns:
        """Drawn columns with what is known of them."""
        columns = {}
        for name, column in drawn.items():
            known = self.columns[name]
            values = np.where(known.missing, column.values, known.values)
            columns[name] = column.like(values, column.missing & known.missing)
        return columns

    def _free(self, name: str) -> np.ndarray:
        """Where a column is unknown (n,)."""
        return np.asarray(self.columns[name].missing & ~self.absent.get(name, np.zeros(1, dtype=bool)))
