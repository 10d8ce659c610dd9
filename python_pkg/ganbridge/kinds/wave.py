"""Waves: n series of m points, of one channel or several, of one length or of different ones."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..check import came, fail
from ..config import Config, NetworkName, PriorName, ScalingName
from ..data import Column, Data, Frame, Ragged, Schema
from ..encode import WaveEncoder
from ..encode.components import components, scores_of
from ..encode.wave_scores import WaveScores
from ..recipes import FALLING_RATES, DataShape, Grid, dense
from .base import Kind

MIXTURE_WAVES = 50  # from which on a mixture is fitted
VIEW_ROWS = 1000  # real waves from which the components of the view are computed


class Wave(Kind):
    """Rows that are waves."""

    name = "wave"
    row, rows, axes = "wave", "waves", "n x points x channels"
    encoder, prior_encoder = WaveEncoder, WaveScores
    example = DataShape(rows=200, width=2)  # two components
    order = 1
    has_rate = True
    traced = 48

    def takes(self, data: Data) -> bool:
        return data.as_waves() is not None

    def complaint(self, data: Data, argument: str) -> str | None:
        if isinstance(data, Frame) and data.not_a_number is not None:
            column = data.not_a_number
            what = "missing values" if column.numeric and column.any_missing else f"the type {column.type}"
            return (
                f'`{argument}` must have a point of the waves in each column for kind "wave": numbers, none of them'
                f" missing, not {what} in column {came(column.name)}. Drop that column first."
            )
        return (
            f'`{argument}` must be an array or a matrix of n waves by m points (by channels) for kind "wave", not'
            f" {came(data.to_python())}."
        )

    def regular(self, data: Data) -> Data:
        """Waves of one length are an array."""
        if isinstance(data, Frame):
            return data.as_matrix()
        return data.regular() if isinstance(data, Ragged) else data

    def prior(self, data: Data, config: Config) -> PriorName:
        """A mixture, if there are waves enough to fit it to."""
        return "mixture" if data.rows >= MIXTURE_WAVES else "normal"

    def scalings(self, network: NetworkName) -> tuple[ScalingName, ...]:
        """Points lie side by side, as convolutions need them; components do not."""
        of_points: tuple[ScalingName, ...] = ("standard", "range", "none")
        return of_points if network == "convolutional" else ("components", *of_points)

    def has_grid(self, data: Data) -> bool:
        return not isinstance(data, Ragged)

    def check_network(self, network: NetworkName, convolves: bool) -> None:
        if network == "convolutional" and not convolves:
            remedy = "Cut or pad them to one length first, or leave `network` open."
            fail("network", '"dense" for waves of different lengths', network, remedy)

    def recipe(self, network: NetworkName, shape: DataShape) -> Config:
        if network == "dense":
            return dense(shape)
        # Waves of families that are far apart: without packing and penalties a fit ends in one family. The square of a
        # gradient is the smaller the more numbers a row has, and its weight the larger.
        penalty = (0.2 * shape.width, 0.004 * shape.width)
        return replace(
            FALLING_RATES, steps=3000, latent_dim=16, dropout=0.0, pack=min(2, shape.rows), r1=penalty, r2=penalty
        )

    def view(self, encoded: np.ndarray, real: np.ndarray, grid: Grid | None) -> np.ndarray:
        """Points as scores on the components of real waves: between whole waves the noise makes all distances alike."""
        if grid is None:
            return encoded
        seen = components(real[:: math.ceil(len(real) / VIEW_ROWS)].astype(np.float64), grid.channels)
        return scores_of((encoded - seen["center"]) / seen.get("weight", 1.0), seen["basis"])

    def summaries(self, data: Data) -> list[Column]:
        """Mean and standard deviation of the points of each wave, over all channels."""
        waves = data.as_waves() or []
        return [
            Column("their mean", "double", np.array([float(np.mean(wave)) for wave in waves])),
            Column("their standard deviation", "double", np.array([float(np.std(wave)) for wave in waves])),
        ]

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
