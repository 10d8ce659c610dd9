"""How the rooms above recognise a fit without loading torch, which fitted.py needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from .fitted import FittedGan


def is_fit(value: Any) -> TypeGuard[FittedGan]:
    """Whether `value` is a fit, by what its class can do: no array, data frame or list has `sample_data`."""
    return hasattr(type(value), "sample_data")
