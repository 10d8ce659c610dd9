"""Waves: n series of m points, of one channel or several, of one length or of different ones."""

from __future__ import annotations

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
