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
    from .data.datasets import make_waves
    from .data.idx import read_idx
    from .evaluation.pooling import pool
    from .evaluation.reporting import evaluate, report
    from .evaluation.result import Report
    from .fitting import fit
    from .model.fitted import FittedGan
    from .model.reader import from_bytes, load
    from .plot.comparison import plot_compare, plot_walk
    from .plot.samples import plot_blends, plot_images, plot_waves
    from .plot.training import animate_training, plot_losses, plot_training
    from .stored import BadFileError

# Loaded when first asked for, because torch takes seconds.
_HOMES = {
    "BadFileError": "stored",
    "Config": "config",
    "Report": "evaluation.result",
    "FittedGan": "model.fitted",
    "animate_training": "plot.training",
    "evaluate": "evaluation.reporting",
    "fit": "fitting",
    "from_bytes": "model.reader",
    "load": "model.reader",
    "make_waves": "data.datasets",
    "plot_blends": "plot.samples",
    "plot_compare": "plot.comparison",
    "plot_images": "plot.samples",
    "plot_losses": "plot.training",
    "plot_training": "plot.training",
    "plot_walk": "plot.comparison",
    "plot_waves": "plot.samples",
    "pool": "evaluation.pooling",
    "read_idx": "data.idx",
    "report": "evaluation.reporting",
}

__all__ = [
    "BadFileError",
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
    "pool",
    "read_idx",
    "report",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
