"""One of several processes, which talk through torch.distributed."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor

from .. import check
from .base import Ranks, Value, as_current, share_of

PATIENCE = timedelta(minutes=30)  # until a process that does not answer counts as lost
LOOKS = 32  # sums on another device after which it is asked whether a process wants to stop; on the CPU each one tells
LOST = (
    "another process of this fit has ended or does not answer. Its own error, if it could write one, says why; all"
    " processes must call `fit`, each with the same data. Start the job again."
)


class ProcessLostError(ConnectionError):
    """Another process of the fit has ended, or does not answer any more."""


class Joined(Ranks):
    """One of several processes; see `Ranks`. device: where tensors of networks are."""

    def __init__(self, own_device: bool = False) -> None:
        self.rank, self.world = dist.get_rank(), dist.get_world_size()
        self.group = _group("gloo")
        self.of_device = _group("nccl") if own_device else self.group
        self.buffers: dict[tuple[int, torch.device], Tensor] = {}
        self.asked = self.heard = False  # to stop: this process, any process
        self.sums = 0

    def end(self) -> None:
        """The fit has ended: let go of the groups, though somebody may hold on to this object."""
        self.group = self.of_device = None

    def add(self, part: Tensor, weight: float = 1.0) -> None:
        """See `Ranks`; one number more travels with it, which tells whether a process was asked to stop."""
        key = part.numel(), part.device
        buffer = self.buffers.setdefault(key, torch.empty(part.numel() + 1, dtype=part.dtype, device=part.device))
        torch.mul(part, weight, out=buffer[:-1])
        buffer[-1] = float(self.asked)
        with answered():
            dist.all_reduce(buffer, group=self.group if part.device.type == "cpu" else self.of_device)
        part.copy_(buffer[:-1])
        self.sums += 1
        if part.device.type == "cpu" or self.sums % LOOKS == 0:
            self.heard |= bool(buffer[-1] > 0)

    def summed(self, parts: list[Tensor]) -> list[Tensor]:
        """See `Ranks`; in double precision."""
        flat = torch.cat([part.detach().double().flatten() for part in parts])
        with answered():
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
        with answered():
            dist.all_gather(parts, padded, group=self.group)
        return torch.cat([each[: share.length] for each, share in zip(parts, shares, strict=True)])

    def row_by_row(self, compute: Callable[[Tensor], Tensor], rows: Tensor) -> Tensor:
        """See `Ranks`."""
        return self.joined(compute(rows[self.share(len(rows)).slice]), len(rows))

    def spread(self, tensor: Tensor) -> None:
        """See `Ranks`."""
        with answered():
            dist.broadcast(tensor, src=0, group=self.group if tensor.device.type == "cpu" else self.of_device)

    def of_first(self, compute: Callable[[], Value]) -> Value:
        """See `Ranks`."""
        found: list[Any] = [None, None]
        if self.first:
            try:
                with as_current(Ranks()):
                    found[0] = compute()
            except (Exception, KeyboardInterrupt) as problem:
                found[1] = problem  # raised below, and in the other processes
        with answered():
            dist.broadcast_object_list(found, src=0, group=self.group)
        if found[1] is not None:
            raise found[1]
        return found[0]  # type: ignore[no-any-return]

    def same(self, values: Mapping[str, Any]) -> None:
        """See `Ranks`."""
        all_values: list[Any] = [None] * self.world
        with answered():
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
        with answered():
            dist.all_reduce(asked, group=self.group)
        self.heard |= bool(asked > 0)


@contextmanager
def answered() -> Iterator[None]:
    """Raise ProcessLostError for what a backend raises if another process is gone."""
    try:
        yield
    except RuntimeError as problem:  # gloo's own, and torch's DistBackendError and DistNetworkError
        raise ProcessLostError(LOST) from problem


_groups: dict[str, tuple[Any, Any]] = {}  # by backend, beside the world that they were made in


def _group(backend: str) -> Any:
    """All processes with that backend: the launcher's own group, or one beside it."""
    everyone = dist.group.WORLD
    if backend in dist.get_backend_config(everyone):
        return everyone
    world, group = _groups.get(backend, (None, None))
    if world is not everyone:
        with answered():
            group = dist.new_group(backend=backend, timeout=PATIENCE)
        _groups[backend] = everyone, group
        atexit.register(_groups.clear)
    return group


def leave() -> None:
    """Before the process ends: threads of a group that is still there then would abort it."""
    _groups.clear()
    if dist.is_available() and dist.is_initialized():
        dist.destroy_process_group()
