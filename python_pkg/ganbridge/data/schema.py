"""What a user's data is, apart from its values: form, size, names and types. Every saved fit holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

from ..stored import choice, flag, label, listed, optional, require, text, values, whole

Form = Literal["frame", "matrix", "array", "ragged"]

NUMPY_DTYPE = r"u?int(8|16|32|64)|float(16|32|64|96|128)"  # that arrays may have had
RULES = {
    "form": choice(get_args(Form)),
    "rows": whole(1),
    "names": optional(listed(label)),
    "type": optional(choice(("double", "integer"))),
    "dtype": optional(text(100)),
    "types": optional(listed(text(100))),
    "encodings": optional(listed(text())),
    "like": optional(text(100)),
    "shape": optional(listed(whole(1))),
    "lengths": optional(listed(whole(1), 2)),
    "channels": optional(whole(1)),
    "flat": optional(flag),
    "condition": optional(listed(label)),
}
# Of each form: the fields that it has beside `form`, `rows` and `names`, and those that it may have.
OF_FORMS = {
    "frame": ({"types"}, {"encodings", "like"}),
    "matrix": ({"type", "dtype"}, {"like"}),
    "array": ({"type", "dtype", "shape"}, set[str]()),
    "ragged": ({"type", "dtype", "lengths", "channels", "flat"}, set[str]()),
}


@dataclass(frozen=True)
class Schema:
    """What the training data was.

    form: "frame" (typed columns), "matrix", "array" (three dimensions or more), "ragged" (waves of different lengths).
    rows: how many. names: of the columns of a frame or a matrix, of the channels of the others; None for none.

    Of all but frames: type, "double" or "integer"; dtype, numpy's name for it, "" if the data came from R.
    Of frames: types of the columns, and their `encodings` in words; like, the class that it had in R beside data.frame.
    A matrix has `like` if it was a data frame of waves.
    Of arrays: shape of a row. Of ragged data: the least and the largest of the lengths, the number of channels, and
    flat: whether a wave was a vector. condition: names of the columns or labels that were given to both networks.
    """

    form: Form
    rows: int
    names: list[Any] | None = None
    type: str | None = None
    dtype: str | None = None
    types: list[str] | None = None
    encodings: list[str] | None = None
    like: str | None = None
    shape: list[int] | None = None
    lengths: list[int] | None = None
    channels: int | None = None
    flat: bool | None = None
    condition: list[Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The fields that data of this form has, as plain values for JSON."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in plain.items() if name == "names" or value is not None}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Schema:
        """Inverse of `to_dict`. Raises BadFileError for what no schema is."""
        schema = cls(**values("schema", plain, RULES, dict.fromkeys(RULES)))
        has, may = OF_FORMS[schema.form]
        known = {name for name in RULES if getattr(schema, name) is not None} - {"form", "rows", "names"}
        require(has <= known <= has | may, f"`schema` must have what the form {schema.form} has")
        right = schema.dtype is None or not schema.dtype or re.fullmatch(NUMPY_DTYPE, schema.dtype)
        require(bool(right), "`schema.dtype` must be a dtype of numbers")
        for listing in (schema.types, schema.encodings):
            fits = listing is None or len(listing) == len(schema.names or [])
            require(fits, "`schema` must have an entry for each column")
        low, high = schema.lengths or (1, 1)
        require(low <= high, "`schema.lengths` must be the least and the largest length")
        return schema

    def difference(self, other: Schema) -> str | None:
        """How data with another schema differ, in words that follow "data"; None if they may be the same.

        What languages and libraries call types of numbers, and names that matrices have in R only, are no difference.
        """
        if other.form != self.form:
            return f"of another form ({other.form} instead of {self.form})"
        if other.rows != self.rows:
            return f"of {other.rows:,} rows instead of {self.rows:,}"
        if self.types is None or other.types is None:
            return None if other.shape == self.shape else f"of the shape {other.shape} instead of {self.shape}"
        mine, theirs = (list(map(str, schema.names or [])) for schema in (self, other))
        if mine != theirs:
            odd = next((name for name in [*theirs, *mine] if name not in mine or name not in theirs), "")
            return "in another order of columns" if sorted(mine) == sorted(theirs) else f'with other columns ("{odd}")'
        pairs = zip(mine, self.types, other.types, strict=True)
        name, own, found = next((pair for pair in pairs if pair[1] != pair[2]), ("", "", ""))
        return f'whose column "{name}" is of type {found} instead of {own}' if name or own else None

    @property
    def value_type(self) -> str:
        """The one type of all values of data that is no frame."""
        return str(self.type)

    @property
    def numpy_dtype(self) -> str | None:
        """numpy's name of the dtype of all values; None if the data came from R."""
        return self.dtype or None

    def with_conditions(self, conditions: Schema, indices: Sequence[int]) -> Schema:
        """The schema with conditions, which were the columns of these indices; labels beside the data have none."""
        given = replace(self, condition=conditions.names)
        if not indices:
            return given

        def whole(mine: list[Any] | None, theirs: list[Any] | None) -> list[Any]:
            values = list(mine or [])
            for index, value in sorted(zip(indices, theirs or [], strict=True), key=lambda pair: pair[0]):
                values.insert(index, value)
            return values

        return replace(
            given,
            names=whole(self.names, conditions.names),
            types=whole(self.types, conditions.types),
            encodings=whole(self.encodings, conditions.encodings),
        )
