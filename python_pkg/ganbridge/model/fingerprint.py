"""Whether data are those that a fit was made from, told without holding any of them."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..data import Data, Frame
from ..kinds import KINDS
from ..training.moments import moments

if TYPE_CHECKING:
    from .fitted import FittedGan

BYTES = 2  # of the hash that are kept: 1 in 65,536 other data have the same, and nothing more can be learned from it
CLOSE = 1e-9  # in which moments may differ that were computed on another machine
WANTED = "the data of the fit, with which its training can go on"


def fingerprint(data: Data, labels: Frame | None, seed: int) -> int:
    """A number from 0 to 65,535 that all values go into. labels: of the rows, if they stand beside the data.

    It is a keyed hash of which 16 bits are kept: enough to notice other data, and too little to find values by trying,
    for somebody who knows all rows but one. It does not depend on the language or the library that holds the data.
    """
    code = hmac.new(b"ganbridge %d" % seed, digestmod=hashlib.sha256)
    for column in [*data.columns, *(labels.columns if labels else [])]:
        values = np.where(column.missing, 0.0, np.asarray(column.values, dtype=np.float64)) + 0.0  # no -0.0
        code.update(f"{len(values)}\0".encode())
        code.update(np.ascontiguousarray(values, dtype="<f8").tobytes())
        code.update(np.ascontiguousarray(column.missing, dtype=np.bool_).tobytes())
        for label in column.levels or []:
            code.update(f"{label}\0".encode(errors="surrogatepass"))
    return int.from_bytes(code.digest()[:BYTES], "big")


def check_same(gan: FittedGan, data: Data, beside: Frame | None, rows: int | None) -> None:
    """Raise ValueError for data that are not those of the fit: other columns, other rows, other values.

    data: without identifiers. beside: labels of the rows. rows: of all, if the data are a sample of them.
    """
    found = f"`data` must be {WANTED}, not data"
    schema = gan.data_schema if gan.identifiers is None else gan.identifiers.schema_without(gan.data_schema)
    difference = schema.difference(replace(data.schema, rows=rows or data.rows))
    if difference is not None:
        raise ValueError(f"{found} {difference}.")
    if rows is None:
        _check_moments(gan, data, found)
    if gan.fingerprint is not None and fingerprint(data, beside, gan.seed) != gan.fingerprint:
        raise ValueError(f"{found} with other values or another order of rows.")


def own_moments(gan: FittedGan) -> dict[str, np.ndarray]:
    """Moments of the columns that are no identifiers."""
    if gan.identifiers is None:
        return gan.moment_columns
    return {name: gan.identifiers.narrowed(values) for name, values in gan.moment_columns.items()}


def _check_moments(gan: FittedGan, data: Data, found: str) -> None:
    """Raise ValueError for a column of other moments than those that the fit holds."""
    theirs = moments(data, gan.settings.k, KINDS[gan.kind].has_columns)
    own = own_moments(gan)
    columns, known = len(theirs["mean"]), len(own["mean"])
    if columns != known:
        raise ValueError(f"{found} of {columns:,} columns instead of {known:,}.")
    for name, values in theirs.items():
        same = np.isclose(own[name], values, rtol=CLOSE, atol=0.0, equal_nan=True)
        if not same.all():
            column = data.columns[int(np.argmin(same))].name
            raise ValueError(f'{found} whose column "{column}" has another {name}.')
