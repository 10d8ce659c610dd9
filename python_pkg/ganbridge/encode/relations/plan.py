"""Which relations are kept in samples, and in which order columns are computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...data import Column, Data, Frame, Matrix, Schema
from ..base import State
from .calendar import Calendar, calendars
from .choice import chosen_steps
from .combination import Combination
from .day import Day
from .determined import Determined
from .linear import Linear
from .missing import MissingWhere
from .order import Order
from .relation import Relation
from .seasonal import Seasonal
from .steps import STEPS, Columns, Join, Step

ALL_STEPS = STEPS | {step.name: step for step in (Calendar, Seasonal)}
KINDS: dict[str, type[Relation]] = {
    kind.kind: kind for kind in (Combination, Day, Determined, Linear, MissingWhere, Order)
}


class Plan:
    """A table with relations <-> the columns that are encoded and generated.

    likes: the table's columns, without a row. schema: of the table. relations: all of them. steps: in the order in
    which columns are taken away; they come back in the opposite one. shares: of levels and of what is missing (None),
    of columns that are not encoded as they are. sd: of each encoded column of the training rows. keys: names of the
    table's columns, made unique; encoded: of the encoded ones.
    """

    def __init__(
        self,
        likes: list[Column],
        schema: Schema,
        relations: list[Relation],
        steps: list[Step],
        shares: list[tuple[str, str | None, float]],
        sd: np.ndarray,
    ) -> None:
        self.likes, self.schema, self.relations, self.steps = likes, schema, relations, steps
        self.shares, self.sd = shares, sd
        self.keys = list(_by_name(Frame(likes)))
        self.encoded: list[str] = []

    @classmethod
    def of(cls, data: Frame | Matrix, relations: Sequence[Relation], fixed: Sequence[str] = ()) -> Plan:
        """The plan for training rows. fixed: names of columns that are given, so that nothing may change them."""
        columns = _by_name(data)
        steps, kept = chosen_steps(columns, relations, fixed)
        likes = [column.take(slice(0)) for column in data.columns]
        left = dict(columns)
        for step in steps:
            step.reduce(left)
        steps += calendars(left, [*fixed, *(name for name in left if name not in columns)])
        plan = cls(likes, data.schema, kept, steps, [], np.zeros(0))
        reduced = plan.reduce(data)
        changed = [(name, column) for name, column in columns.items() if name in plan.changed]
        plan.shares = [(name, *pair) for name, column in changed for pair in _shares(column)]
        plan.encoded = list(_by_name(reduced))
        plan.sd = np.array([_sd(column) for column in reduced.columns])
        return plan

    def __bool__(self) -> bool:
        return bool(self.steps)

    @property
    def changed(self) -> set[str]:
        """Names of the columns that are not as they were generated."""
        joined = (name for step in self.steps if isinstance(step, Join) for name in step.relations[0].columns)
        return {step.target for step in self.steps} | set(joined)

    def with_levels(self, name: str) -> Column:
        """The column of that name, with a row for each level that the training rows have; only of changed columns."""
        like = next(like for like in self.likes if str(like.name) == name)
        if like.numeric:
            return like
        codes = {str(label): i for i, label in enumerate(like.labels)}
        present = [codes[level] for column, level, _ in self.shares if column == name and level is not None]
        return like.like(np.array(present, dtype=np.float64))

    def may_be_missing(self, name: str) -> bool:
        """Whether a changed column is missing in training rows."""
        return any(column == name and level is None for column, level, _ in self.shares)

    @property
    def names(self) -> list[str]:
        """Names of the table's columns."""
        return [str(like.name) for like in self.likes]

    def reduce(self, data: Data) -> Data:
        """The columns that are encoded."""
        if not self.steps:
            return data
        columns = _by_name(data)
        for step in self.steps:
            step.reduce(columns)
        return Frame(list(columns.values()), data.like if isinstance(data, Frame) else "")

    def restore(self, data: Data) -> Data:
        """The table (n rows) of generated columns."""
        if not self.steps:
            return data
        columns = _by_name(data)
        for step in reversed(self.steps):
            step.restore(columns)
        return self.table([columns[key] for key in self.keys])

    def table(self, columns: list[Column]) -> Frame | Matrix:
        """A table of these columns, like the training data."""
        if self.schema.types is not None:
            return Frame(columns, self.schema.like or "")
        values = np.stack([column.values for column in columns], axis=1)
        return Matrix(values, self.schema.value_type, self.schema.names, self.schema.numpy_dtype)

    def schema_of(self, core: Schema) -> Schema:
        """The table's schema, by that of the encoded columns."""
        schema = replace(self.schema, condition=core.condition)
        if core.encodings is None or schema.types is None:
            return schema
        encodings = dict(zip(map(str, core.names or []), core.encodings, strict=True))
        return replace(schema, encodings=[encodings.get(name, "computed") for name in self.names])

    def shares_of(self, core: list[tuple[str, str | None, float]]) -> list[tuple[str, str | None, float]]:
        """Shares of levels and of what is missing of the table's columns, by those of the encoded columns."""
        mine = {name for name, _, _ in self.shares}
        names = self.names
        known = [entry for entry in core if entry[0] in names and entry[0] not in mine]
        return sorted(known + self.shares, key=lambda entry: names.index(entry[0]))

    def to_state(self) -> State:
        """Plain values for JSON, and arrays by name."""
        arrays: dict[str, np.ndarray] = {"sd": self.sd}
        relations = []
        for i, relation in enumerate(self.relations):
            plain, parts = relation.to_state()
            relations.append(relation.record() | {"state": plain})
            arrays |= {f"{i}.{name}": part for name, part in parts.items()}
        steps = [
            {
                "step": step.name,
                "relations": [self._index(relation) for relation in step.relations],
                "target": step.target,
                "settings": step.to_dict(),
            }
            for step in self.steps
        ]
        columns = [
            {"name": c.name, "type": c.type, "dtype": c.dtype, "levels": c.levels, "unit": c.unit} for c in self.likes
        ]
        return {
            "columns": columns,
            "schema": self.schema.to_dict(),
            "relations": relations,
            "steps": steps,
            "shares": [list(entry) for entry in self.shares],
            "encoded": self.encoded,
        }, arrays

    def _index(self, relation: Relation) -> int:
        return next(i for i, each in enumerate(self.relations) if each is relation)

    @classmethod
    def from_state(cls, plain: dict[str, Any], arrays: dict[str, np.ndarray]) -> Plan:
        """Inverse of `to_state`."""
        likes = [Column(values=np.zeros(0), **fields) for fields in plain["columns"]]
        by_name = {str(like.name): like for like in likes}
        relations = []
        for i, fields in enumerate(plain["relations"]):
            prefix = f"{i}."
            parts = {name.removeprefix(prefix): part for name, part in arrays.items() if name.startswith(prefix)}
            of_kind = [by_name[name] for name in fields["columns"]]
            relation = KINDS[fields["kind"]].from_state(of_kind, fields["state"], parts)
            relation.holds, relation.enforced = float(fields["holds"]), bool(fields["enforced"])
            relations.append(relation)
        steps = []
        for fields in plain["steps"]:
            settings: dict[str, Any] = dict(fields["settings"])
            if "source" in settings:
                settings["source"] = by_name[settings["source"]]
            mine = [relations[i] for i in fields["relations"]]
            kind = ALL_STEPS[fields["step"]]
            steps.append(kind(mine, by_name[fields["target"]], **settings))
        shares = [(str(name), level, float(share)) for name, level, share in plain["shares"]]
        plan = cls(likes, Schema.from_dict(plain["schema"]), relations, steps, shares, arrays["sd"])
        plan.encoded = [str(name) for name in plain["encoded"]]
        return plan


def _by_name(data: Data) -> Columns:
    """Columns by name; of those with the same name, which no relation is about, later ones have a number."""
    seen: Counter[str] = Counter()
    columns = {}
    for column in data.columns:
        name = str(column.name)
        columns[name if not seen[name] else f"{name}\0{seen[name]}"] = column
        seen[name] += 1
    return columns


def _shares(column: Column) -> list[tuple[str | None, float]]:
    """Levels that occur, and what is missing (None), each with its share."""
    shares: list[tuple[str | None, float]] = []
    if not column.numeric:
        counts = np.bincount(column.codes, minlength=len(column.labels) + 1)[:-1] / len(column.values)
        shares = [(str(column.labels[i]), float(counts[i])) for i in np.flatnonzero(counts)]
    return shares + ([(None, float(column.missing.mean()))] if column.any_missing else [])


def _sd(column: Column) -> float:
    present = column.present if column.numeric else np.zeros(0)
    return float(np.std(present, ddof=1)) if len(present) > 1 else float("nan")
