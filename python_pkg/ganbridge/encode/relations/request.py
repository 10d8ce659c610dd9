"""What is asked for of columns that are computed, as conditions on the columns that they are computed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...check import came, fail
from ...data import Column, Data, Frame
from ...data.table import Given, GivenForm
from ..clock import DAY, days, of_days, times_at
from ..given import as_values
from .add_span import AddSpan
from .bounds import Difference
from .calendar import Calendar
from .compute import Compute, Flagged, Overwrite
from .day import Day
from .determined import Determined
from .join import Join
from .linear import Linear
from .mask import Mask
from .plan import Plan
from .relation import in_terms_of
from .seasonal import Seasonal
from .span import Span
from .step import Step, column_of

LISTED = 6  # columns in an error
NEAR = 0.1  # standard deviations by which a number may be moved, so that a sum is what was asked for
CLOSE = 1e-9  # of a number's size, within which it is as asked for


@dataclass(frozen=True, eq=False)
class Asked:
    """Values of one column: one, any of a set, or those from the first to the second; missing ends are open."""

    values: Column
    form: GivenForm
    by: str = ""  # the column that was asked for

    def met_by(self, column: Column) -> np.ndarray:
        """Which rows (n,) have what is asked for."""
        wanted = in_terms_of(self.values, column)
        values = np.where(column.missing, np.nan, column.values)
        with np.errstate(invalid="ignore"):
            if self.form == "range":
                low, high = np.where(np.isnan(wanted), [-np.inf, np.inf], wanted)
                return np.asarray((values >= low) & (values <= high))
            met = np.isnan(values) & bool(np.isnan(wanted).any())
            for one in wanted[~np.isnan(wanted)]:
                met |= np.abs(values - one) <= CLOSE * max(1.0, abs(float(one)))
        return np.asarray(met)

    @property
    def number(self) -> float | None:
        """The one number that is asked for; None if it is something else."""
        one = self.form != "range" and len(self.values.values) == 1 and not self.values.missing[0]
        return float(self.values.values[0]) if one and self.values.numeric else None


class Request:
    """What is asked for of any columns of a table whose encoded columns are known.

    plan: by which columns are computed. given: one condition, as a user words it. level_of: the column of an encoded
    column's name, with a row for each level. reach_of: the lowest and the highest value of an encoded column.

    `core` is what must hold for encoded columns, at least; of the rows that are drawn under it, `accepted` moves those
    that nearly have the numbers that are asked for, and leaves out all that do not have what is asked for.
    """

    def __init__(
        self,
        plan: Plan,
        given: Given,
        level_of: Callable[[str], Column],
        reach_of: Callable[[str], tuple[float, float] | None],
    ) -> None:
        self.plan, self.level_of, self.reach_of = plan, level_of, reach_of
        self.asked: dict[str, Asked] = {}
        for column, form in zip(given.columns, given.forms, strict=True):
            name = str(column.name)
            if name not in plan.names or plan.names.count(name) > 1 or name in self.asked:
                known = ", ".join(came(each) for each in plan.names[:LISTED])
                known += ", ..." if len(plan.names) > LISTED else ""
                fail("given", f"values for some of the fit's columns ({known}), each once", column.name)
            changed = name in plan.changed
            like = plan.with_levels(name) if changed else level_of(name)
            if changed and form != "range" and column.any_missing and not plan.may_be_missing(name):
                raise ValueError(f"`given[{name}]` must not be missing: no value was missing in the training data.")
            self.asked[name] = Asked(as_values(column, like), form, name)
        self.core = self._translated()

    @property
    def exact(self) -> bool:
        """Whether nothing that is asked for is computed."""
        return not self.plan.changed & set(self.asked)

    def ties(self) -> str:
        """A sentence on the relations between the columns that are asked for, or else on those that compute one."""
        kept = [relation for relation in self.plan.relations if relation.enforced]
        between = [relation.words for relation in kept if len(set(relation.columns) & set(self.asked)) > 1]
        by_step = [step.relations for step in self.plan.steps if step.target in self.asked]
        words = between or [relation.words for relations in by_step for relation in relations]
        listed = ", ".join(came(each) for each in list(dict.fromkeys(words))[:LISTED])
        return f" What holds in every row: {listed}." if listed else ""

    # --- conditions on encoded columns --------------------------------------------------------------------------------

    def _translated(self) -> Given:
        """What must hold for encoded columns, at least."""
        pending = dict(self.asked)
        for step in self.plan.steps:
            self._translate(step, pending)
        return Given([asked.values for asked in pending.values()], [asked.form for asked in pending.values()])

    def _translate(self, step: Step, pending: dict[str, Asked]) -> None:
        """Replace what is asked for of a step's target by what that asks of its sources."""
        if isinstance(step, Join):
            self._of_joined(step, pending)
            return
        asked = pending.get(step.target)
        if asked is None:
            return
        relation = step.relations[0] if step.relations else None
        if isinstance(step, Mask) and relation:
            absent = asked.form != "range" and bool(asked.values.missing.all())
            if absent:
                del pending[step.target]
            if absent or not asked.values.any_missing:
                self._add(pending, relation.likes[0], relation.where if absent else relation.others)
        elif isinstance(step, (Compute, AddSpan, Difference, Calendar, Seasonal)):
            del pending[step.target]
            self._check_reach(step, asked)
        if isinstance(step, Flagged) and asked.form != "range":
            flags = np.unique(asked.values.missing.astype(np.float64))
            self._add(pending, self.level_of(step.replacement), flags)
        if isinstance(step, Difference):
            self._of_difference(step, asked, pending)
        if isinstance(step, AddSpan):
            self._of_span(step.relations[0], asked, pending)
        if isinstance(step, Calendar):
            self._of_calendar(step, asked, pending)
            return
        if not relation:
            return
        if isinstance(step, (Compute, Overwrite)) and isinstance(relation, Determined):
            met = asked.met_by(column_of(relation.likes[-1], relation.results))
            if not met.any() and isinstance(step, Compute):
                fail(f"given[{step.target}]", "a value that the training data holds", asked.values.shown(0))
            for like, keys in zip(relation.likes[:-1], relation.keys.T, strict=True):
                if str(like.name) in pending:
                    met &= pending[str(like.name)].met_by(column_of(like, keys))
            if not met.any() and isinstance(step, Compute):
                names = " and ".join(came(str(like.name)) for like in relation.likes)
                together = f"values of {names} that occur together in the training data"
                raise ValueError(f"`given` must have {together}: {came(relation.words)}.")
            for like, keys in zip(relation.likes[:-1], relation.keys[met].T, strict=True):
                self._add(pending, like, np.unique(keys))
        elif isinstance(step, Compute) and isinstance(relation, Day):
            self._of_day(relation, asked, pending)

    def _add(self, pending: dict[str, Asked], like: Column, values: np.ndarray) -> None:
        """Ask for any of some values of a column, unless something is asked of it already."""
        if len(values):
            pending.setdefault(str(like.name), Asked(column_of(like, values), "set"))

    def _check_reach(self, step: Step, asked: Asked) -> None:
        """Raise a ValueError for a value of a date or a distance that lies outside of the training data."""
        if isinstance(step, Calendar):
            ends = of_days(step.like, np.array([step.reach[0], step.reach[1] + 1.0]))
        elif isinstance(step, (Difference, Seasonal)):
            ends = np.array(step.reach)
        else:
            return
        present = ~asked.values.missing
        values = asked.values.values[present]
        outside = (values < ends[0]) | (values > ends[1])
        if asked.form == "range":
            outside = np.array([present.all() and (values.max() < ends[0] or values.min() > ends[1])])
        if len(values) and outside.any():
            shown = [step.like.like(np.array([end])).shown(0) for end in ends]
            worst = asked.values.take(present).shown(int(outside.argmax()))
            wanted = f"between {shown[0]} and {shown[1]}, the range of the training data"
            raise ValueError(f"`given[{asked.by or step.target}]` must be {wanted}, not {worst}.")

    def _of_difference(self, step: Difference, asked: Asked, pending: dict[str, Asked]) -> None:
        """A bound lies at most the longest distance from what is asked for."""
        reach, wanted = self.reach_of(step.replacement), asked.values
        if reach is None or len(step.sources) > 1 or wanted.missing.any():
            return
        low, high = float(wanted.values.min()), float(wanted.values.max())
        ends = np.array([low, high + reach[1]] if step.below else [low - reach[1], high])
        like = next(like for like in step.relations[0].likes if str(like.name) == step.sources[0])
        pending.setdefault(step.sources[0], Asked(like.like(ends), "range"))

    def _of_span(self, relation: Span, asked: Asked, pending: dict[str, Asked]) -> None:
        """The first date lies at most the longest span before what is asked for, and at least the shortest."""
        start, end, span = relation.likes
        reach = self.reach_of(str(span.name))
        if reach is None or asked.values.missing.any():
            return
        last = days(end, asked.values.values)
        spans = np.rint(np.array(reach) * relation.unit_days)
        ends = np.array([last.min() - spans[1], last.max() - spans[0] + (0.0 if start.type == "date" else 1.0)])
        values = ends if start.type == "date" else times_at(start, ends * DAY)
        pending.setdefault(str(start.name), Asked(start.like(values), "range", asked.by))

    def _of_calendar(self, step: Calendar, asked: Asked, pending: dict[str, Asked]) -> None:
        """The years, or weeks, or days from the first to the last time that is asked for, and all parts of one time."""
        values = asked.values.values[~asked.values.missing]
        first = step.first_part
        like = self.level_of(step.part_name(first))
        if not len(values):
            if asked.form != "range":
                self._add(pending, like, np.array([np.nan]))
            return
        parts = step.parts(values)
        if asked.number is not None:
            for part, value in parts.items():
                self._add(pending, self.level_of(step.part_name(part)), value)
            return
        ends = np.array([parts[first].min(), parts[first].max()])
        open_ends = asked.values.missing if asked.form == "range" else np.zeros(2, dtype=bool)
        ends = np.where(open_ends, 0.0, ends)
        reach = self.reach_of(step.part_name(first))
        if (reach is not None and not asked.values.missing.any()) or asked.form == "range":
            pending.setdefault(step.part_name(first), Asked(like.like(ends, open_ends), "range"))

    def _of_day(self, relation: Day, asked: Asked, pending: dict[str, Asked]) -> None:
        time, day = relation.likes
        wanted = days(day, np.where(asked.values.missing, np.nan, asked.values.values))
        wanted = wanted if asked.form == "range" else wanted[~np.isnan(wanted)]
        if len(wanted) and not np.isnan(wanted).all():
            ends = (
                np.array([wanted[0], wanted[-1] + 1.0]) if asked.form == "range" else [wanted.min(), wanted.max() + 1.0]
            )
            open_ends = np.isnan(ends)
            times = times_at(time, np.where(open_ends, 0.0, ends) * DAY)
            pending.setdefault(str(time.name), Asked(time.like(times, open_ends), "range", asked.by))
        elif asked.form != "range":
            self._add(pending, time, np.array([np.nan]))

    def _of_joined(self, step: Join, pending: dict[str, Asked]) -> None:
        relation = step.relations[0]
        met = np.ones(len(relation.allowed), dtype=bool)
        some = False
        for like, part in zip(relation.likes, relation.allowed.T, strict=True):
            asked = pending.pop(str(like.name), None)
            if asked is not None:
                some = True
                met &= asked.met_by(column_of(like, part))
        if some:
            self._add(pending, self.level_of(step.replacement), np.flatnonzero(met).astype(np.float64))

    # --- rows ---------------------------------------------------------------------------------------------------------

    def accepted(self, core: Data) -> Data:
        """Rows of the table that have what is asked for, from encoded columns (n rows) drawn under `core`."""
        rows = self.plan.restore(core)
        if self.exact:
            return rows
        for step in reversed(self.plan.steps):
            asked = self.asked.get(step.target)
            if asked is not None and asked.number is not None:
                core = self._moved(step, asked.number, core, rows)
                rows = self.plan.restore(core)
        met = np.ones(rows.rows, dtype=bool)
        for column in rows.columns:
            asked = self.asked.get(str(column.name))
            if asked is not None:
                met &= asked.met_by(column)
        return rows.take(np.flatnonzero(met))

    def _moved(self, step: Step, number: float, core: Data, rows: Data) -> Data:
        """Encoded columns in which one that the target is computed from makes it that number, where it nearly does."""
        by_name = {str(column.name): column for column in rows.columns}
        if isinstance(step, Seasonal):
            return self._with(core, step.replacement, number - step.usual(by_name))
        relation = step.relations[0] if step.relations else None
        if isinstance(step, Difference):
            bound = step.bound(by_name)
            return self._with(core, step.replacement, (bound - number) if step.below else (number - bound))
        if not isinstance(relation, Linear) or not isinstance(step, (Compute, Overwrite)):
            return core
        sources = [np.where(by_name[n].missing, np.nan, by_name[n].values) for n in relation.columns[:-1]]
        sd = dict(zip([str(column.name) for column in core.columns], self.plan.sd, strict=True))
        free = [n for n in relation.columns[:-1] if n in sd and n not in self.plan.changed and n not in self.asked]
        if not free:
            return core
        of_each = dict(zip(relation.columns, map(abs, relation.factors), strict=False))
        name = max(free, key=lambda n: (of_each[n] == 1.0, of_each[n] * sd[n]))
        solved = relation.solved_for(sources, np.full(rows.rows, number), relation.columns.index(name))
        return self._with(core, name, solved)

    def _with(self, core: Data, name: str, values: np.ndarray) -> Data:
        """Encoded columns with other values in one of them, where those are near and within its range."""
        columns = list(core.columns)
        i = [str(column.name) for column in columns].index(name)
        reach = self.reach_of(name) or (-np.inf, np.inf)
        with np.errstate(invalid="ignore"):
            near = np.abs(values - columns[i].values) <= NEAR * self.plan.sd[i]
            near &= (values >= reach[0]) & (values <= reach[1]) & ~columns[i].missing
        if columns[i].type == "integer":
            near &= np.abs(values - np.rint(values)) < 1e-6
        columns[i] = columns[i].like(np.where(near, values, columns[i].values), columns[i].missing)
        return Frame(columns)
