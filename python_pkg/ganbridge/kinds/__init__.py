"""All kinds of data, found by the files of this folder: `KINDS["wave"]` is what kinds/wave.py defines."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NoReturn

import numpy as np

from ..check import either, fail
from ..data import Data
from .base import Kind


def _kinds() -> dict[str, Kind]:
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    kinds = sorted((kind() for kind in Kind.__subclasses__()), key=lambda kind: (kind.order, kind.name))
    return {kind.name: kind for kind in kinds}


KINDS: dict[str, Kind] = _kinds()
DEFAULT_KIND = "table"  # of data that no fit made, if the user names no kind


def accept(data: Data, name: str, argument: str = "data") -> tuple[Kind, Data]:
    """The kind that the user named, and the data as its encoder takes it: of the right form, with finite values.

    "auto" asks each kind whether data of this form are its own. argument: what the data are called in errors: TypeError
    or ValueError for data that do not go with the kind, or with any.
    """
    kind = KINDS.get(name) if name != "auto" else next((kind for kind in KINDS.values() if kind.claims(data)), None)
    if kind is None or not kind.takes(data):
        _refuse(data, kind, name, argument)
    return kind, kind.regular(data).checked(argument)


def of_kind(data: Data, name: Any) -> Data:
    """The data in the form of a kind that takes them, which decides whether conditions are columns or labels."""
    kind = KINDS.get(name) if isinstance(name, str) else None
    return data if kind is None or data.survey is not None or not kind.takes(data) else kind.regular(data)


def _refuse(data: Data, kind: Kind | None, name: str, argument: str) -> NoReturn:
    """Raise an error about the data, if the kind says what is wrong with them, else one that lists the right kinds."""
    complaint = None if kind is None else kind.complaint(data, argument)
    if complaint is not None:
        raise TypeError(complaint)
    kinds = sorted((kind for kind in KINDS.values() if kind.takes(data)), key=lambda kind: kind.name)
    if data.is_ragged:
        form, remedy = "a list of vectors or matrices", "The rows of a table have one length."
    else:
        form = f"an array of {np.ndim(data.to_python())} dimensions"
        remedy = ", ".join(f"{kind.rows} are {kind.axes}" for kind in kinds).capitalize() + "." if kinds[1:] else ""
    fail("kind", f"{either(kind.name for kind in kinds)} for {form}", name, remedy)


__all__ = ["DEFAULT_KIND", "KINDS", "Kind", "accept", "of_kind"]
