"""Torch's global settings during a fit and while sampling: how many threads, and what a caller may have turned on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import torch


@contextmanager
def torch_threads(threads: int) -> Iterator[None]:
    """Run with so many threads, and restore the caller's number afterwards.

    Inference mode, autocast and a default device that the caller may have set are off meanwhile.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    elsewhere = torch.empty(0).device.type != "cpu"
    try:
        with (
            torch.inference_mode(False),
            torch.autocast("cpu", enabled=False),
            torch.device("cpu") if elsewhere else nullcontext(),
        ):
            yield
    finally:
        torch.set_num_threads(before)
