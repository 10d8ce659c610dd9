"""What a kind of data is: one object that holds all that differs between tables, waves and images.

A kind is one class in a file of this folder, found by its file's name. What rooms above this one do for a kind (its
metrics, its plots) stands there in a file of the kind's name, `evaluation/wave.py` or `plot/wave.py`, which `Kind.part`
loads.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar

from ..encode import Encoder


class Kind(ABC):
    """Base of all kinds.

    name: what a user writes as `kind`. row, rows: what one training example is called, and several. encoder: the codec
    between the data and standardized arrays. has_rate: whether `rate`, points per second, means something. traced: rows
    of each traced sample. order: where it stands in lists of kinds.
    """

    name: ClassVar[str]
    row: ClassVar[str]
    rows: ClassVar[str]
    encoder: ClassVar[type[Encoder]]
    has_rate: ClassVar[bool] = False
    traced: ClassVar[int] = 500
    order: ClassVar[int] = 99

    @abstractmethod
    def describe(self, schema: dict[str, Any], columns: int, rate: float | None) -> str:
        """The training data in few words. schema: of the encoder. columns: numbers per row. rate: points per second."""

    def channel_names(self, schema: dict[str, Any]) -> list[str] | None:
        """Names of the channels that plots label; None if there are none."""
        return None

    def part(self, room: str) -> ModuleType:
        """The module of a room above this one that belongs to this kind: `part("plot")` is `ganbridge.plot.wave`."""
        return import_module(f"ganbridge.{room}.{self.name}")
