"""Waves: n series of m points, of one channel or several, of one length or of different ones."""

from __future__ import annotations

from typing import Any

from ..encode import WaveEncoder
from .base import Kind


class Wave(Kind):
    """Rows that are waves."""

    name = "wave"
    row, rows = "wave", "waves"
    encoder = WaveEncoder
    has_rate = True
    traced = 48
    order = 1

    def describe(self, schema: dict[str, Any], columns: int, rate: float | None) -> str:
        """`40 waves of 50 points x 3 channels, 128 points per second`."""
        points, channels = f"{columns:,}", 1
        if "shape" in schema:
            points, channels = f"{schema['shape'][0]:,}", schema["shape"][1]
        elif "lengths" in schema:
            points, channels = "{:,} to {:,}".format(*schema["lengths"]), schema["channels"]
        several = f" x {channels} channels" if channels > 1 else ""
        per_second = f", {rate:g} points per second" if rate else ""
        return f"{schema['rows']:,} waves of {points} points{several}{per_second}"

    def channel_names(self, schema: dict[str, Any]) -> list[str] | None:
        """Names of the channels; the names of a matrix are those of its points."""
        names: list[str] | None = schema["names"]
        return None if schema["form"] == "matrix" else names
