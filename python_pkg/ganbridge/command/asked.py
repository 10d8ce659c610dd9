"""What a user of the command line asks for, as the functions of the library take it: settings and conditions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import check
from ..config import Config
from ..data.column import CATEGORIES
from ..data.texts import value_of

if TYPE_CHECKING:
    from ..model.fitted import FittedGan

OF_FIT = ("kind", "condition", "epochs", "seed", "trace", "rate", "log")  # arguments of `fit` that a file may hold
BETWEEN = ".."  # the ends of a range


def settings_of(file: str | None, pairs: Sequence[str]) -> tuple[dict[str, Any], Config | None]:
    """Arguments of `fit`, and the config, of a TOML file and of pairs `name=value`, which come after it.

    Raises ValueError for a text that is not TOML and for names that neither has.
    """
    values = {} if file is None else _parsed(Path(file).read_text(encoding="utf-8"), file)
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name.strip():
            check.fail("--set", "a setting and its value, such as members=4", pair)
        values[name.strip()] = _value(text.strip())
    arguments = {name: values.pop(name) for name in OF_FIT if name in values}
    return arguments, Config.from_dict(values) if values else None


def _parsed(text: str, file: str) -> dict[str, Any]:
    toml = _toml()
    try:
        return dict(toml.loads(text))
    except toml.TOMLDecodeError as error:
        raise ValueError(f"`--config` must be a TOML file, not {check.came(file)}: {error}.") from None


def _value(text: str) -> Any:
    """A value of TOML, or the text itself where quotation marks were left out."""
    toml = _toml()
    try:
        return toml.loads(f"value = {text}")["value"]
    except toml.TOMLDecodeError:
        return text


def _toml() -> Any:
    try:
        import tomllib
    except ImportError:  # Python 3.10
        import tomli as tomllib  # type: ignore[import-not-found, no-redef, unused-ignore]
    return tomllib


def given_of(pairs: Sequence[str], gan: FittedGan) -> dict[str, Any] | None:
    """What `sample` is asked for, of texts: sex=f, age=60..80, job=nurse and job=cook (either), sex= (missing).

    Values have the types that the fit's columns have. Raises ValueError for other texts and unknown columns.
    """
    if not pairs:
        return None
    schema = gan.data_schema
    names = [str(name) for name in schema.names or []]
    of_column: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            check.fail("--given", "a column and what it shall hold, such as sex=f or age=60..80", pair)
        if name not in names:
            check.choice("--given", name, names)
        of_column.setdefault(name, []).append(text)
    types = dict(zip(names, schema.types or [schema.value_type] * len(names), strict=True))
    return {name: _asked(name, types[name], texts) for name, texts in of_column.items()}


def _asked(name: str, column_type: str, texts: list[str]) -> Any:
    values = [None if text == "" else _one(name, column_type, text) for text in texts]
    if len(values) == 1:
        return values[0]
    if any(isinstance(value, tuple) for value in values):
        check.fail("--given", f"one range for {check.came(name)}, or values", ", ".join(texts))
    return set(values)


def _one(name: str, column_type: str, text: str) -> Any:
    """One value, or a range as a tuple."""
    low, between, high = text.partition(BETWEEN)
    if between and (column_type not in CATEGORIES or column_type == "ordered"):
        return tuple(None if not end.strip() else _typed(name, column_type, end.strip()) for end in (low, high))
    return _typed(name, column_type, text)


def _typed(name: str, column_type: str, text: str) -> Any:
    try:
        return value_of(text, column_type)
    except ValueError:
        check.fail("--given", f"a value of the type {column_type} for {check.came(name)}", text)
