"""The processes that fit together, through torch.distributed; one process alone unless a launcher asks for more.

Launchers (torchrun, SLURM, Ray Train's TorchTrainer, Spark's TorchDistributor) start the same program several times,
and set RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT, or initialise torch.distributed themselves. `together` reads
that, once per fit, and `here()` is what the rest of the core asks. Nothing is initialised for a single process, in
which every method below does nothing or returns what it was given.

All processes hold the same data and make the same decisions. What differs between them is which part of a sum each one
computes (`share`), and that the first one alone draws, scores and reports (`of_first`).
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType
from typing import Any, TypeVar

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor

from . import check

Value = TypeVar("Value")
VARIABLES = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")
ALONE = "GANBRIDGE_ALONE"  # set to 1: each process fits by itself, whatever the launcher has set
PATIENCE = timedelta(minutes=30)  # until a process that does not answer counts as lost
LEAST_SHARED = 10_000  # rows of a mixture that processes share; a sum over processes takes as long as some thousands
LOOKS = 32  # sums on another device after which it is asked whether a process wants to stop; on the CPU each one tells
LOST = (
    "another process of this fit has ended or does not answer. Its own error, if it could write one, says why; all"
    " processes must call `fit`, each with the same data. Start the job again."
)


class ProcessLostError(ConnectionError):
    """Another process of the fit has ended, or does not answer any more."""


@dataclass(frozen=True)
class Share:
    """Of things with indices below `count`, those from `start` to `stop`."""

    count: int
    start: int
    stop: int

    @property
    def slice(self) -> slice:
        """Their indices."""
        return slice(self.start, self.stop)

    @property
    def length(self) -> int:
        """How many they are."""
        return self.stop - self.start

    @property
    def weight(self) -> float:
        """Their share of all."""
        return self.length / self.count

    def times(self, each: int) -> Share:
        """The same share if each thing is made of several."""
        return Share(self.count * each, self.start * each, self.stop * each)


def share_of(rank: int, world: int, count: int) -> Share:
    """What one of so many processes takes of so many things."""
    each, more = divmod(count, world)
    start = rank * each + min(rank, more)
    return Share(count, start, start + each + (rank < more))


class Ranks:
    """One process alone; `Joined` is one of several. rank: of this process. world: how many there are."""

    rank, world = 0, 1

    @property
    def first(self) -> bool:
        """Whether this process is the one that scores, saves and reports."""
        return self.rank == 0

    def for_rows(self, rows: int) -> Ranks:
        """All processes if the rows are worth a message; if they are few, each process computes all of them itself."""
        return self if rows >= LEAST_SHARED else Ranks()

    def share(self, count: int) -> Share:
        """This process's share of so many things: as many as each other process has, or one more."""
        return share_of(self.rank, self.world, count)

    def add(self, part: Tensor, weight: float = 1.0) -> None:
        """Replace a tensor by the weighted sum of those of all processes; the same bits everywhere."""

    def summed(self, parts: list[Tensor]) -> list[Tensor]:
        """Sums over all processes, of several tensors in one message."""
        return parts

    def joined(self, part: Tensor, count: int) -> Tensor:
        """Rows (count, ...) of which each process has computed its share."""
        return part

    def spread(self, tensor: Tensor) -> None:
        """Replace a tensor by that of the first process."""

    def of_first(self, compute: Callable[[], Value]) -> Value:
        """What the first process computes, everywhere; or what it raised."""
        return compute()

    def same(self, values: Mapping[str, Any]) -> None:
        """Raise a ValueError that names the first of these values which is not the same in all processes."""

    def row_by_row(self, compute: Callable[[Tensor], Tensor], rows: Tensor) -> Tensor:
        """`compute(rows)` (n, ...), which treats each row by itself: each process computes its share."""
        return compute(rows)

    def listen(self) -> None:
        """Hear whether a process was asked to stop; sums of gradients tell it, too."""

    def stop_if_asked(self) -> None:
        """Raise KeyboardInterrupt in all processes at once, if one of them was asked to stop."""


_current = Ranks()


def here() -> Ranks:
    """The processes of the fit that is under way."""
    return _current


class Joined(Ranks):
    """One of several processes; see `Ranks`. device: where tensors of networks are."""

    def __init__(self, device: torch.device) -> None:
        self.rank, self.world = dist.get_rank(), dist.get_world_size()
        self.group = _group("gloo")
        own = device.type == "cuda" and _local("LOCAL_WORLD_SIZE", self.world) <= torch.cuda.device_count()
        self.of_device = _group("nccl") if own else self.group
        self.buffers: dict[tuple[int, torch.device], Tensor] = {}
        self.asked = self.heard = False  # to stop: this process, any process
        self.sums = 0

    def add(self, part: Tensor, weight: float = 1.0) -> None:
        """See `Ranks`; one number more travels with it, which tells whether a process was asked to stop."""
        key = part.numel(), part.device
        buffer = self.buffers.setdefault(key, torch.empty(part.numel() + 1, dtype=part.dtype, device=part.device))
        torch.mul(part, weight, out=buffer[:-1])
        buffer[-1] = float(self.asked)
        with _answered():
            dist.all_reduce(buffer, group=self.group if part.device.type == "cpu" else self.of_device)
        part.copy_(buffer[:-1])
        self.sums += 1
        if part.device.type == "cpu" or self.sums % LOOKS == 0:
            self.heard |= bool(buffer[-1] > 0)

    def summed(self, parts: list[Tensor]) -> list[Tensor]:
        """See `Ranks`; in double precision."""
        flat = torch.cat([part.detach().double().flatten() for part in parts])
        with _answered():
            dist.all_reduce(flat, group=self.group)
        pieces = torch.split(flat, [part.numel() for part in parts])
        return [piece.view(part.shape).to(part.dtype) for piece, part in zip(pieces, parts, strict=True)]

    def joined(self, part: Tensor, count: int) -> Tensor:
        """See `Ranks`."""
        shares = [share_of(rank, self.world, count) for rank in range(self.world)]
        most = max(share.length for share in shares)
        padded = part.new_zeros((most, *part.shape[1:]))
        padded[: len(part)] = part
        parts = [torch.empty_like(padded) for _ in shares]
        with _answered():
            dist.all_gather(parts, padded, group=self.group)
        return torch.cat([each[: share.length] for each, share in zip(parts, shares, strict=True)])

    def row_by_row(self, compute: Callable[[Tensor], Tensor], rows: Tensor) -> Tensor:
        """See `Ranks`."""
        return self.joined(compute(rows[self.share(len(rows)).slice]), len(rows))

    def spread(self, tensor: Tensor) -> None:
        """See `Ranks`."""
        with _answered():
            dist.broadcast(tensor, src=0, group=self.group if tensor.device.type == "cpu" else self.of_device)

    def of_first(self, compute: Callable[[], Value]) -> Value:
        """See `Ranks`."""
        found: list[Any] = [None, None]
        if self.first:
            try:
                with alone():
                    found[0] = compute()
            except (Exception, KeyboardInterrupt) as problem:
                found[1] = problem  # raised below, and in the other processes
        with _answered():
            dist.broadcast_object_list(found, src=0, group=self.group)
        if found[1] is not None:
            raise found[1]
        return found[0]  # type: ignore[no-any-return]

    def same(self, values: Mapping[str, Any]) -> None:
        """See `Ranks`."""
        all_values: list[Any] = [None] * self.world
        with _answered():
            dist.all_gather_object(all_values, dict(values), group=self.group)
        for name in values:
            for rank, other in enumerate(all_values):
                if other[name] != all_values[0][name]:
                    check.differs(name, rank)

    def stop_if_asked(self) -> None:
        """See `Ranks`."""
        if self.heard:
            self.asked = self.heard = False
            raise KeyboardInterrupt

    def listen(self) -> None:
        """See `Ranks`."""
        asked = torch.tensor([float(self.asked)])
        with _answered():
            dist.all_reduce(asked, group=self.group)
        self.heard |= bool(asked > 0)


@contextmanager
def _answered() -> Iterator[None]:
    """Raise ProcessLostError for what a backend raises if another process is gone."""
    try:
        yield
    except RuntimeError as problem:  # gloo's own, and torch's DistBackendError and DistNetworkError
        raise ProcessLostError(LOST) from problem


@contextmanager
def together(device: str = "cpu") -> Iterator[Ranks]:
    """While a fit runs: the processes that it has, which `here()` then returns. device: where networks are trained."""
    global _current
    if _current.world > 1 or not _wanted():  # a fit within a fit
        yield _current
        return
    joined = Joined(_device_of_process(torch.device(device)))
    _current, before = joined, _current
    try:
        with _signals(joined):
            yield joined
    finally:
        _current = before


def first_of_job() -> bool:
    """Whether this process is to save and print what a fit returned: it is alone, or the first one."""
    return os.environ.get(ALONE, "0") not in ("", "0") or not _initialized() or dist.get_rank() == 0


def _initialized() -> bool:
    return dist.is_available() and dist.is_initialized()


@contextmanager
def alone() -> Iterator[None]:
    """What runs here in one process of several is not shared with the others, as where only the first one works."""
    global _current
    _current, before = Ranks(), _current
    try:
        yield
    finally:
        _current = before


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
    with _answered():
        dist.init_process_group("gloo", timeout=PATIENCE)
    atexit.register(_leave)


def _leave() -> None:
    if _initialized():
        dist.destroy_process_group()


_groups: dict[str, tuple[Any, Any]] = {}  # by backend, beside the world that they were made in


def _group(backend: str) -> Any:
    """All processes with that backend: a group of our own, whatever the launcher has initialised."""
    world, group = _groups.get(backend, (None, None))
    if world is not dist.group.WORLD:
        with _answered():
            group = dist.new_group(backend=backend, timeout=PATIENCE)
        _groups[backend] = dist.group.WORLD, group
    return group


def _local(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    return int(value) if value.isdecimal() else default


def _device_of_process(device: torch.device) -> torch.device:
    """On a machine with several GPUs each process takes its own, as "cuda" without a number."""
    if device.type != "cuda":
        return device
    if device.index is not None:
        check.fail("device", '"cuda" without a number where several processes fit together', str(device))
    torch.cuda.set_device(_local("LOCAL_RANK", dist.get_rank()) % torch.cuda.device_count())
    return torch.device("cuda", torch.cuda.current_device())


@contextmanager
def _signals(joined: Joined) -> Iterator[None]:
    """Ctrl-C is noted, and ends the fit in all processes after the same step; a second one ends this process."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def note(_signum: int, _frame: FrameType | None) -> None:
        joined.asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def fingerprint(*parts: Any) -> str:
    """A hash of arrays and of plain values, to compare between processes."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        if isinstance(part, np.ndarray) and part.dtype != object:
            digest.update(f"{part.dtype.str} {part.shape} ".encode())
            digest.update(np.ascontiguousarray(part).view(np.uint8).data if part.size else b"")
        else:
            values = part.tolist() if isinstance(part, np.ndarray) else part
            digest.update(json.dumps(values, default=repr, sort_keys=True).encode())
    return digest.hexdigest()
