"""All kinds of data, found by the files of this folder: `KINDS["wave"]` is what kinds/wave.py defines."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from .base import Kind


def _kinds() -> dict[str, Kind]:
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    found = sorted((kind() for kind in Kind.__subclasses__()), key=lambda kind: (kind.order, kind.name))
    return {kind.name: kind for kind in found}


KINDS: dict[str, Kind] = _kinds()

__all__ = ["KINDS", "Kind"]
