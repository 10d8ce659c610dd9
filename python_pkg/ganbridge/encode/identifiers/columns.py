"""The identifiers of a data frame: taken out before anything is learned, and put back, made up, into samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...check import came, choice, fail
from ...config import Config
from ...data import Column, Data, Frame, Matrix, Schema
from ...data.column import COLUMN_TYPES, NUMBERS
from ...stored import choice as one_of
from ...stored import label, listed, number, optional, require, text, values, whole
from ..rows import filled
from .making import Making
from .numbers import pattern_of_numbers, room_of
from .pattern import Pattern, pattern_of
from .recognition import is_numbered_through, names_rows, row_names

RULES = {
    "index": whole(),
    "name": label,
    "type": one_of(COLUMN_TYPES),
    "dtype": optional(text()),
    "missing_share": number(0.0, 1.0),
    "pattern": lambda name, value: value,
}
LARGEST_INTEGER = 2.0**31 - 1.0  # of R
LISTED = 3  # identifiers in a message


@dataclass(frozen=True, eq=False)
class Identifier:
    """A column of identifiers. index: in the user's data frame. like: the column without rows and levels."""

    index: int
    like: Column
    missing_share: float
    pattern: Pattern

    @classmethod
    def fit(cls, index: int, column: Column, k: int, rng: np.random.Generator, each: float = 1.0) -> Identifier:
        """Learn how the values look, and how many are missing. each: rows of the table for each of the column's."""
        present = column.present
        share = 1.0 - len(present) / len(column.values)
        like = replace(column.take(slice(0)), levels=None)
        if column.type in NUMBERS:
            largest = _largest(like)
            pattern = pattern_of_numbers(present, is_numbered_through(present, each), k, largest, rng)
            if pattern is None or room_of(pattern, largest) < len(present):
                raise ValueError(
                    f"column {came(like.name)} of `data`, an identifier, must leave room for new numbers up to"
                    f' {largest:.0f}. Turn it into text, or set `roles` in the config: "drop" or "number" for it.'
                )
            return cls(index, like, share, pattern)
        labels = column.labels
        return cls(index, like, share, pattern_of([str(labels[int(code)]) for code in present], k, rng))

    def column(self, n: int, seed: int, complete: bool = False) -> Column:
        """n made-up values. complete: whether none of them is missing."""
        return IdentifierRows(self, seed, complete).next(n)

    def to_state(self) -> dict[str, Any]:
        """Plain values for JSON."""
        like = {"index": self.index, "name": self.like.name, "type": self.like.type, "dtype": self.like.dtype}
        return like | {"missing_share": self.missing_share, "pattern": self.pattern.to_state()}

    @classmethod
    def from_state(cls, plain: Any) -> Identifier:
        """Inverse of `to_state`."""
        found = values("identifier", plain, RULES)
        require(
            found["type"] in (*NUMBERS, "text", "factor", "ordered"),
            "`identifier.type` must be one of texts or numbers",
        )
        like = Column(found["name"], found["type"], np.zeros(0), found["dtype"])
        return cls(found["index"], like, found["missing_share"], Pattern.from_state(found["pattern"]))


class IdentifierRows:
    """Made-up values of one column part by part: those of several parts are those of one part as long as all of them.

    complete: whether none of them is missing.
    """

    def __init__(self, identifier: Identifier, seed: int, complete: bool = False) -> None:
        self.identifier, self.pattern = identifier, identifier.pattern
        entropy = [seed, identifier.index]
        self.share, self.rows = 0.0 if complete else identifier.missing_share, 0
        self._missing = np.random.default_rng(np.random.SeedSequence([*entropy, 2]))
        self._making = Making(self.pattern, entropy)

    def skip(self, n: int) -> None:
        """Pass over the next n values."""
        self._missing.random(n)
        self.rows += n
        if self.identifier.like.type not in NUMBERS or self.pattern.first is None:
            self._making.skip(n)

    def next(self, n: int) -> Column:
        """The next n values."""
        like, missing = self.identifier.like, self._missing.random(n) < self.share
        if like.type in NUMBERS:
            return like.like(np.where(missing, 0.0, self._numbers(n)), missing)
        levels = self._making.next(n)[~missing].tolist()
        self.rows += n
        codes = np.where(missing, 0, np.cumsum(~missing) - 1).astype(np.float64)
        return replace(like, values=codes, missing=missing, levels=levels or [""])

    def _numbers(self, n: int) -> np.ndarray:
        like, largest = self.identifier.like, _largest(self.identifier.like)
        if self.pattern.first is not None:
            numbers = self.pattern.first + self.rows + np.arange(n)
        else:
            made = map(int, self._making.next(n))
            numbers = np.array([float(each) if each <= largest else np.inf for each in made])
        if numbers.max() > largest:
            most = self.rows + int((numbers > largest).argmax())
            remedy = f'Leave the column out: `roles` with "drop" for {came(like.name)} in the config of the fit.'
            fail("n", f"at most {most}: column {came(like.name)} has no more new numbers", self.rows + n, remedy)
        self.rows += n
        return np.asarray(numbers)


def _largest(column: Column) -> float:
    """The largest number that a column can hold exactly."""
    if column.type == "integer" and column.dtype is None:
        return LARGEST_INTEGER
    if column.dtype is not None and column.type == "integer":
        return float(min(2**53, np.iinfo(np.dtype(column.dtype.lower())).max))
    return 2.0**53


class MadeUpRows:
    """Identifiers beside rows that come part by part."""

    def __init__(self, columns: list[IdentifierRows]) -> None:
        self.columns = columns

    def merged(self, data: Data) -> Data:
        """The next generated rows with identifiers where those of the training data were."""
        if not isinstance(data, Frame):
            return data
        columns = list(data.columns)
        for rows in self.columns:
            columns.insert(rows.identifier.index, rows.next(data.rows))
        return data.with_columns(columns)

    def skip(self, n: int) -> None:
        """Pass over the next n rows."""
        for rows in self.columns:
            rows.skip(n)


class Identifiers:
    """The identifiers of a data frame. dropped: names of columns that are left out altogether."""

    def __init__(self, columns: list[Identifier], dropped: list[Any]) -> None:
        self.columns, self.dropped = columns, dropped

    @property
    def names(self) -> list[Any]:
        """Names of the identifiers."""
        return [identifier.like.name for identifier in self.columns]

    def words(self) -> list[str]:
        """Each in few words: `id (like P9999)`."""
        return [f"{each.like.name} (like {each.pattern.words()})" for each in self.columns]

    def merged(self, data: Data, seed: int) -> Data:
        """Generated columns with made-up identifiers where those of the training data were."""
        return self.rows(seed).merged(data)

    def rows(self, seed: int) -> MadeUpRows:
        """The identifiers of rows that are generated part by part."""
        return MadeUpRows([IdentifierRows(identifier, seed) for identifier in self.columns])

    def without(self, data: Data) -> Data:
        """A user's rows without identifiers and dropped columns."""
        left_out = {str(name) for name in [*self.names, *self.dropped]}
        if not isinstance(data, Frame):
            return data
        return data.with_columns([column for column in data.columns if str(column.name) not in left_out])

    def without_dropped(self, data: Data) -> Data:
        """A user's rows without dropped columns."""
        dropped = {str(name) for name in self.dropped}
        if not isinstance(data, Frame):
            return data
        return data.with_columns([column for column in data.columns if str(column.name) not in dropped])

    def filled(self, data: Data, completed: Frame | Matrix, seed: int) -> Frame | Matrix:
        """A user's rows with completed columns, and with a made-up identifier where one is missing."""
        if not isinstance(data, Frame) or not isinstance(completed, Frame):
            return completed
        made = {str(each.like.name): each for each in self.columns}
        by_name = {str(column.name): column for column in completed.columns}
        columns = []
        for column in data.columns:
            name = str(column.name)
            if name in made and column.any_missing:
                column = filled(column, made[name].column(data.rows, seed, complete=True))
            columns.append(by_name.get(name, column))
        return data.with_columns(columns)

    def narrowed(self, values: np.ndarray) -> np.ndarray:
        """Values of all columns without those of identifiers: the inverse of `widened`."""
        return np.delete(values, [identifier.index for identifier in self.columns])

    def widened(self, values: Sequence[Any] | np.ndarray, fill: Any) -> list[Any]:
        """Values of columns, one for each, with a fill for each identifier."""
        whole = list(values)
        for identifier in self.columns:
            whole.insert(identifier.index, fill)
        return whole

    def schema(self, schema: Schema) -> Schema:
        """The schema with the identifiers."""
        names, types, encodings = (list(part or []) for part in (schema.names, schema.types, schema.encodings))
        for identifier in self.columns:
            names.insert(identifier.index, identifier.like.name)
            types.insert(identifier.index, identifier.like.type)
            encodings.insert(identifier.index, "made up")
        return replace(schema, names=names, types=types, encodings=encodings)

    def schema_without(self, schema: Schema) -> Schema:
        """The schema without the identifiers."""
        known = {str(name) for name in self.names}
        kept = [i for i, name in enumerate(schema.names or []) if str(name) not in known]
        parts = ([part[i] for i in kept] for part in (schema.names or [], schema.types or []))
        names, types = parts
        return replace(schema, names=names, types=types, encodings=None)

    def shares(self) -> list[tuple[str, str | None, float]]:
        """Column, None and share of what is missing, for each identifier that has missing values."""
        return [(str(each.like.name), None, each.missing_share) for each in self.columns if each.missing_share]

    def refuse_given(self, given: Frame | None) -> None:
        """Raise ValueError if an identifier or a dropped column is asked for."""
        for name in [] if given is None else given.names:
            if str(name) in {str(known) for known in self.names}:
                remedy = 'To learn its values, fit again with `roles` in the config: "category" or "number".'
                fail(f"given[{name}]", "left out: the values of this identifier are made up", name, remedy)

    def check(self, columns: int) -> None:
        """Raise BadFileError if these can't stand between so many columns of a table."""
        for i, identifier in enumerate(self.columns):
            require(identifier.index <= columns + i, "`identifiers` must stand among the columns")

    def to_state(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"columns": [each.to_state() for each in self.columns], "dropped": self.dropped}

    @classmethod
    def from_state(cls, plain: Any) -> Identifiers:
        """Inverse of `to_state`."""
        found = values("identifiers", plain, {"columns": listed(lambda name, value: value), "dropped": listed(label)})
        columns = [Identifier.from_state(each) for each in found["columns"]]
        indices = [each.index for each in columns]
        require(indices == sorted(set(indices)), "`identifiers` must be in the order of their columns")
        return cls(columns, found["dropped"])


def take_out(
    data: Data, condition: Sequence[Any], config: Config, k: int, seed: int
) -> tuple[Data, Identifiers | None, list[str]]:
    """Data without identifiers and dropped columns; these; and what the user should be told.

    condition: names of columns that the user wants to give. Raises ValueError for roles of columns that the data does
    not have, or that do not go with their types, and if no column is left.
    """
    roles = _checked_roles(data, config.roles or {})
    if not isinstance(data, Frame):
        return data, None, _of_matrix(data.columns) if isinstance(data, Matrix) else []
    each = 1.0 if data.survey is None else data.survey.rows / data.survey.random
    rng, found, dropped, recognised = np.random.default_rng(seed), list[Identifier](), list[Any](), list[Identifier]()
    for index, column in enumerate(data.columns):
        role = roles.get(str(column.name))
        if role == "drop":
            dropped.append(column.name)
        elif role == "identifier" or (role is None and names_rows(index, data.columns, each)):
            if column.name in condition:
                remedy = 'Set its role to "category" or "number" in `roles` of the config if it must be one.'
                fail("condition", "names of columns whose values several rows share", column.name, remedy)
            found.append(Identifier.fit(index - len(dropped), column, k, rng, each))
            recognised += [] if role else [found[-1]]
    if not found and not dropped:
        return data, None, []
    identifiers = Identifiers(found, dropped)
    rest = identifiers.without(data)
    if not rest.columns:
        raise ValueError(
            "`data` must have a column beside identifiers and dropped ones: there is nothing to learn."
            ' Set `roles` in the config: "category" or "number" for a column whose values may be shown.'
        )
    return rest, identifiers, [_message(recognised)] if recognised else []


def _of_matrix(columns: Sequence[Column]) -> list[str]:
    """What a user should know of a matrix's columns that name rows, which are learned as numbers."""
    names = row_names(columns)
    if not names:
        return []
    return [
        f"Column {' and '.join(map(came, names[:LISTED]))} of `data` seems to name rows, and is learned as it is,"
        " because `data` is an array or a matrix. Leave it out, or give a data frame, of which such columns come back"
        " made up."
    ]


def _checked_roles(data: Data, roles: Mapping[str, str]) -> Mapping[str, str]:
    if roles and not isinstance(data, Frame):
        fail("roles", "left out for data without named columns of their own types", list(roles))
    names = [str(column.name) for column in data.columns] if roles else []
    for name, role in roles.items():
        if names.count(name) != 1:
            choice("roles", name, names)
            fail("roles", "names of columns of `data` that are there once", name)
        column = data.columns[names.index(name)]
        _check_role(column, name, role)
    return roles


def _check_role(column: Column, name: str, role: str) -> None:
    where = f"roles[{name}]"
    if role == "number" and not column.numeric:
        fail(where, 'for a column without numbers "identifier", "category" or "drop"', role)
    if role == "category" and column.numeric:
        fail(where, 'for a column of numbers "identifier", "number" or "drop"', role, "Turn it into texts first.")
    if role != "identifier":
        return
    values = column.present
    if not len(values):
        fail(where, '"drop" for a column without values', role)
    whole = column.type in NUMBERS and bool((values == np.rint(values)).all()) and values.min() >= 0.0
    if not (whole or column.type in ("text", "factor", "ordered")):
        fail(where, 'for texts, levels and whole numbers from 0 on, or "drop"', role)


def _message(identifiers: Sequence[Identifier]) -> str:
    """What the user is told about identifiers that were recognised."""
    shown = ", ".join(f"{came(each.like.name)} (made up: {each.pattern.words()})" for each in identifiers[:LISTED])
    more = f" and {len(identifiers) - LISTED} more" if len(identifiers) > LISTED else ""
    several = len(identifiers) > 1
    return (
        f"{'Columns' if several else 'Column'} {shown}{more} name{'' if several else 's'} rows: generated rows have"
        " made-up values there. `roles` in the config takes"
        f' {"them" if several else "it"} otherwise: "category", "number" or "drop".'
    )
