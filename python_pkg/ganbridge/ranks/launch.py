"""Whether a launcher has started several processes, and how they find each other."""

from __future__ import annotations

import atexit
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import torch
import torch.distributed as dist

from .. import check
from .base import Ranks, as_current, here
from .joined import PATIENCE, Joined, answered, leave

VARIABLES = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")
ALONE = "GANBRIDGE_ALONE"  # set to 1: each process fits by itself, whatever the launcher has set


@contextmanager
def together(device: str = "cpu") -> Iterator[Ranks]:
    """While a fit runs: the processes that it has, which `here()` then returns. device: where networks are trained."""
    if here().world > 1 or not _wanted():  # a fit within a fit
        yield here()
        return
    joined = Joined(own_device=_takes_device(torch.device(device)))
    try:
        with as_current(joined), _signals(joined):
            yield joined
    finally:
        joined.end()


def first_of_job() -> bool:
    """Whether this process is to save and print what a fit returned: it is alone, or the first one."""
    return os.environ.get(ALONE, "0") not in ("", "0") or not _initialized() or dist.get_rank() == 0


def _initialized() -> bool:
    return dist.is_available() and dist.is_initialized()


def _wanted() -> bool:
    """Whether there are other processes: torch.distributed is initialised, or its environment asks for it."""
    if os.environ.get(ALONE, "0") not in ("", "0") or not dist.is_available():
        return False
    if not _initialized():
        world, rank = os.environ.get("WORLD_SIZE", ""), os.environ.get("RANK", "")
        if not (world.isdecimal() and rank.isdecimal()) or int(world) < 2:
            return False
        _initialize()
    return dist.get_world_size() > 1


def _initialize() -> None:
    """Once per process: a launcher's store can't be used for a second start. It ends with the process."""
    missing = [name for name in VARIABLES if not os.environ.get(name)]
    if missing:
        raise ValueError(
            f"the environment asks for {os.environ['WORLD_SIZE']} processes (WORLD_SIZE) but does not set"
            f" {' and '.join(missing)}. Start the program with torchrun, or set {ALONE}=1 to fit in each process alone."
        )
    if not dist.is_gloo_available():
        raise ValueError(f"this PyTorch has no gloo, which several processes need. Set {ALONE}=1 to fit in each alone.")
    with answered():
        dist.init_process_group("gloo", timeout=PATIENCE)
    atexit.register(leave)


def _local(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    return int(value) if value.isdecimal() else default


def _takes_device(device: torch.device) -> bool:
    """Of several GPUs each process takes one, as "cuda" without a number; whether no other process has it."""
    if device.type != "cuda":
        return False
    if device.index is not None:
        check.fail("device", '"cuda" without a number where several processes fit together', str(device))
    count = torch.cuda.device_count()
    torch.cuda.set_device(_local("LOCAL_RANK", dist.get_rank()) % count)
    return _local("LOCAL_WORLD_SIZE", dist.get_world_size()) <= count


@contextmanager
def _signals(joined: Joined) -> Iterator[None]:
    """Ctrl-C is noted, and ends the fit in all processes after the same step; a second one ends this process.

    SIGTERM, by which launchers end the other processes if one is lost, ends it once a checkpoint is written.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    before_end = signal.getsignal(signal.SIGTERM)

    def end(signum: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the launcher kills who takes too long
        raise SystemExit(128 + signum)

    def note(_signum: int, _frame: FrameType | None) -> None:
        joined.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        signal.signal(signal.SIGTERM, before_end)
