"""Which relations are kept in samples, and in which order columns are computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ... import stored
from ...data import Column, Data, Frame, Matrix, Schema
from ..base import State
from .calendar import calendars
from .choice import chosen_steps
from .combination import Combination
from .day import Day
from .determined import Determined
from .join import Join
from .linear import Linear
from .missing import MissingWhere
from .order import Order
from .part import Part
from .relation import Relation
from .saved import MISSING, to_file
from .span import Span
from .step import Columns, Step
from .steps import STEPS

KINDS: dict[str, type[Relation]] = {
    kind.kind: kind for kind in (Combination, Day, Determined, Linear, MissingWhere, Order, Part, Span)
}


RULES = {
    "columns": stored.listed(stored.anything),
    "schema": stored.anything,
    "relations": stored.listed(stored.anything),
    "steps": stored.listed(stored.anything),
    "shares": stored.listed(stored.listed(stored.anything)),
    "encoded": stored.listed(stored.text()),
}
OF_RELATION = {
    "words": stored.text(),
    "kind": stored.choice(KINDS),
    "columns": stored.listed(stored.text()),
    "holds": stored.number(0.0, 1.0),
    "enforced": stored.flag,
    "implied_by": stored.listed(stored.text()),
    "state": stored.anything,
}
OF_STEP = {
    "step": stored.choice(STEPS),
    "relations": stored.listed(stored.whole()),
    "target": stored.text(),
    "settings": stored.anything,
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
    def of(cls, data: Frame | Matrix, relations: Sequence[Relation], fixed: Sequence[str] = (), k: int = 1) -> Plan:
        """The plan for training rows. fixed: names of columns that are given, so that nothing may change them.

        k: rows that must share a number for the plan to hold it.
        """
        columns = _by_name(data)
        steps, kept = chosen_steps(columns, relations, fixed, k)
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

    def of_all_rows(self, schema: Schema, shares: Sequence[list[tuple[str | None, float]] | None]) -> Plan:
        """The plan of a table of which the training rows are a sample. shares: of its columns, None if not known."""
        known = {str(like.name): pairs for like, pairs in zip(self.likes, shares, strict=True) if pairs is not None}
        left = [entry for entry in self.shares if entry[0] not in known]
        self.shares = left + [(name, *pair) for name, pairs in known.items() if name in self.changed for pair in pairs]
        self.schema = schema
        return self

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
        arrays: dict[str, np.ndarray] = {"sd": to_file(self.sd)}
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
        columns = [like.to_dict() for like in self.likes]
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
        plain = stored.values("relations", plain, RULES)
        likes = [Column.from_dict(fields) for fields in plain["columns"]]
        by_name = {str(like.name): like for like in likes}
        relations = [_relation(fields, by_name, _own_arrays(arrays, i)) for i, fields in enumerate(plain["relations"])]
        steps = [_step(fields, by_name, relations) for fields in plain["steps"]]
        shares = []
        for entry in plain["shares"]:
            right = len(entry) == 3 and isinstance(entry[0], str) and isinstance(entry[1], (str, type(None)))
            right = right and entry[0] in by_name
            stored.require(right, "`shares` must be of columns and their levels")
            shares.append((entry[0], entry[1], stored.number(0.0, 1.0)("shares", entry[2])))
        sd = np.array(stored.array("relations", arrays, "sd", "float64", (len(plain["encoded"]),)))
        sd[sd == MISSING] = np.nan
        schema = Schema.from_dict(plain["schema"])
        stored.require(schema.form in ("frame", "matrix"), "`relations` are of tables")
        stored.require(schema.types is None or len(schema.types) == len(likes), "`relations` are of other columns")
        plan = cls(likes, schema, relations, steps, shares, sd)
        plan.encoded = list(plain["encoded"])
        return plan


def _own_arrays(arrays: dict[str, np.ndarray], index: int) -> dict[str, np.ndarray]:
    prefix = f"{index}."
    return {name.removeprefix(prefix): part for name, part in arrays.items() if name.startswith(prefix)}


def _relation(fields: Any, by_name: Columns, arrays: dict[str, np.ndarray]) -> Relation:
    """A relation of a file."""
    fields = stored.values("relation", fields, OF_RELATION, {"implied_by": []})
    stored.require(all(name in by_name for name in fields["columns"]), "a relation has unknown columns")
    stored.require(len(set(fields["columns"])) == len(fields["columns"]), "a relation has a column twice")
    relation = KINDS[fields["kind"]].from_state([by_name[n] for n in fields["columns"]], fields["state"], arrays)
    relation.holds, relation.enforced = float(fields["holds"]), fields["enforced"]
    relation.implied_by = list(fields["implied_by"])
    stored.require(relation.words == fields["words"], "a relation has other words")
    return relation


def _step(fields: Any, by_name: Columns, relations: list[Relation]) -> Step:
    """A step of a file."""
    fields = stored.values("step", fields, OF_STEP)
    kind = STEPS[fields["step"]]
    settings = dict(stored.values("step", fields["settings"], kind.rules, kind.absent))
    stored.require(all(i < len(relations) for i in fields["relations"]), "a step has unknown relations")
    names = [fields["target"], *([settings["source"]] if "source" in settings else [])]
    stored.require(all(name in by_name for name in names), "a step has unknown columns")
    if "source" in settings:
        settings["source"] = by_name[settings["source"]]
    step = kind([relations[i] for i in fields["relations"]], by_name[fields["target"]], **settings)
    step.check()
    return step


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
