"""ganbridge: generative adversarial networks on your own data, from Python and from R.

>>> import ganbridge
>>> gan = ganbridge.fit(df, seed=1)  # df: a DataFrame, an array, waves or images
>>> gan.sample(1000, seed=2)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .config import Config
    from .datasets import make_waves
    from .findings import Report
    from .fitted import FittedGan, from_bytes, load
    from .fitting import fit
    from .idx import read_idx
    from .pictures import (
        animate_training,
        plot_blends,
        plot_compare,
        plot_images,
        plot_losses,
        plot_training,
        plot_walk,
        plot_waves,
    )
    from .reporting import evaluate, report

# Loaded when first asked for, because torch takes seconds.
_HOMES = {
    "Config": "config",
    "Report": "findings",
    "FittedGan": "fitted",
    "animate_training": "pictures",
    "evaluate": "reporting",
    "fit": "fitting",
    "from_bytes": "fitted",
    "load": "fitted",
    "make_waves": "datasets",
    "plot_blends": "pictures",
    "plot_compare": "pictures",
    "plot_images": "pictures",
    "plot_losses": "pictures",
    "plot_training": "pictures",
    "plot_walk": "pictures",
    "plot_waves": "pictures",
    "read_idx": "idx",
    "report": "reporting",
}

__all__ = [
    "Config",
    "FittedGan",
    "Report",
    "__version__",
    "animate_training",
    "evaluate",
    "fit",
    "from_bytes",
    "load",
    "make_waves",
    "plot_blends",
    "plot_compare",
    "plot_images",
    "plot_losses",
    "plot_training",
    "plot_walk",
    "plot_waves",
    "read_idx",
    "report",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
