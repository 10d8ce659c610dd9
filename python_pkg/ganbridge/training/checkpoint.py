"""A file that holds the fit as it stands while it is trained, so that what ends the process does not end the fit."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from .. import check
from ..config import CHECKPOINT_SECONDS


class Every(NamedTuple):
    """How often it is written: every so many seconds, or after so many epochs."""

    seconds: float | None = CHECKPOINT_SECONDS
    epochs: int | None = None

    @classmethod
    def of(cls, value: Any) -> Every:
        """What a user asks for: seconds, or words such as "10 epochs"."""
        if value is None:
            return cls()
        if not isinstance(value, str):
            return cls(check.number("checkpoint_every", value, 0.0))
        number, _, unit = value.strip().partition(" ")
        if unit not in ("epoch", "epochs") or not number.isdecimal() or len(number) > 9:
            check.fail("checkpoint_every", 'a number of seconds, or epochs such as "10 epochs"', value)
        return cls(None, check.whole("checkpoint_every", int(number)))


class Checkpoint:
    """Writes the file, whole or not at all: a process that is killed leaves the last whole one.

    What goes wrong with it ends no training; `problem` then says so.
    """

    def __init__(self, path: str, every: Every) -> None:
        self.path, self.every = Path(path), every
        self.problem = ""
        self.epoch, self.seconds = 0, time.monotonic()  # of the last one

    @classmethod
    def asked(cls, path: Any, every: Any) -> Checkpoint | None:
        """What a user asks for, validated."""
        if path is None:
            if every is not None:
                check.fail("checkpoint_every", "left out if there is no `checkpoint`", every)
            return None
        return cls(check.writable("checkpoint", path), Every.of(every))

    def start(self, epoch: int) -> None:
        """Training begins, after so many epochs of an earlier one."""
        self.epoch, self.seconds = epoch, time.monotonic()

    def look(self, epoch: int, data: Callable[[], bytes]) -> None:
        """Write it if it is due. epoch: how many are done. data: the bytes of the fit."""
        if self.every.epochs is not None:
            due = epoch >= self.epoch + self.every.epochs
        else:
            due = time.monotonic() >= self.seconds + (self.every.seconds or 0.0)
        if due:
            self.write(data())
            self.epoch, self.seconds = epoch, time.monotonic()

    def write(self, data: bytes) -> None:
        """Write it."""
        try:
            check.write_whole(self.path, data, alone=True)
            self.problem = ""
        except OSError as error:  # a full disk, a deleted folder: hours of training are worth more
            self.problem = f"`checkpoint` could not be written ({error.strerror or error}); the training went on."
