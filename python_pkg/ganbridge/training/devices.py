"""Devices that a fit may ask for, and this machine may lack."""

from __future__ import annotations

import torch

from .. import check


def check_device(device: str) -> None:
    """Raise a ValueError for a device that this machine does not have."""
    name, _, number = device.partition(":")
    present = {
        "cpu": True,
        "cuda": torch.cuda.device_count() > int(number or 0),
        "mps": torch.backends.mps.is_available(),
    }
    if not present[name]:
        check.fail("device", "a device that this machine has", device, 'Use "cpu".')


def resolved_device() -> str:
    """What "auto" is on this machine."""
    return "cuda" if torch.cuda.is_available() else "cpu"
