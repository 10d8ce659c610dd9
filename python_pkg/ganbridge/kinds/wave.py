"""Waves: n series of m points, of one channel or several, of one length or of different ones."""

from __future__ import annotations

import math

import numpy as np

from ..check import came
from ..config import Grid
from ..data import Data, Ragged, Schema
from ..encode import WaveEncoder
from ..encode.components import components, scores_of
from .base import Kind

VIEW_ROWS = 1000  # real waves from which the components of the view are computed


class Wave(Kind):
    """Rows that are waves."""

    name = "wave"
    row, rows, axes = "wave", "waves", "n x points x channels"
    encoder = WaveEncoder
    order = 1
    has_rate = True
    traced = 48

    def takes(self, data: Data) -> bool:
        return data.as_waves() is not None

    def complaint(self, data: Data, argument: str) -> str | None:
        frame = data.is_frame
        what = data.noun if frame else came(data.to_python())
        remedy = " Convert it first: data.to_numpy() in Python, as.matrix(data) in R." if frame else ""
        return (
            f'`{argument}` must be an array or a matrix of n waves by m points (by channels) for kind "wave", not'
            f" {what}.{remedy}"
        )

    def regular(self, data: Data) -> Data:
        """Waves of one length are an array."""
        return data.regular() if isinstance(data, Ragged) else data

    def view(self, encoded: np.ndarray, real: np.ndarray, grid: Grid | None) -> np.ndarray:
        """Points as scores on the components of real waves: between whole waves the noise makes all distances alike."""
        if grid is None:
            return encoded
        seen = components(real[:: math.ceil(len(real) / VIEW_ROWS)].astype(np.float64), grid.channels)
        return scores_of((encoded - seen["center"]) / seen.get("weight", 1.0), seen["basis"])

    def describe(self, schema: Schema, columns: int, rate: float | None) -> str:
        """`40 waves of 50 points x 3 channels, 128 points per second`."""
        points, channels = f"{columns:,}", 1
        if schema.shape:
            points, channels = f"{schema.shape[0]:,}", schema.shape[1]
        elif schema.lengths and schema.channels:
            points, channels = "{:,} to {:,}".format(*schema.lengths), schema.channels
        several = f" x {channels} channels" if channels > 1 else ""
        per_second = f", {rate:g} points per second" if rate else ""
        return f"{schema.rows:,} waves of {points} points{several}{per_second}"

    def channel_names(self, schema: Schema) -> list[str] | None:
        """Names of the channels; the names of a matrix are those of its points."""
        return None if schema.form == "matrix" else schema.names
