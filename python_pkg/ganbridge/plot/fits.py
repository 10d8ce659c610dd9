"""Fits as arguments of plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import check
from ..kinds import KINDS
from ..model.protocol import is_fit

if TYPE_CHECKING:
    from ..model.fitted import FittedGan


def the_fit(fit: Any) -> FittedGan:
    """`fit`, checked to be one."""
    if not is_fit(fit):
        check.fail("fit", "a fit made by fit() or load()", fit, error=TypeError)
    return fit


def traced_fit(fit: Any) -> FittedGan:
    """`fit`, checked to be one with a trace."""
    gan = the_fit(fit)
    if gan.trace_epochs is None:
        raise ValueError("`fit` must be a fit with a trace, not one without. Fit with, for example, trace=100.")
    return gan


def fit_of_kind(gan: FittedGan, kind: str, remedy: str = "") -> FittedGan:
    """A fit given as `samples_or_fit`, checked to be one of that kind."""
    if gan.kind != kind:
        raise ValueError(f"`samples_or_fit` must be a fit of {KINDS[kind].rows}, not of a {gan.kind}.{remedy}")
    return gan


def no_columns(columns: Any, kind: str) -> None:
    """Kinds whose rows have no columns to choose from."""
    if columns is not None:
        raise ValueError(f"`columns` must be left out for {KINDS[kind].rows}.")
