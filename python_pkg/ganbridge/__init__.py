"""ganbridge: generative adversarial networks on your own data, from Python and from R.

    import ganbridge
    gan = ganbridge.fit(df, seed=1)
    gan.sample(1000, seed=2)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .config import Config
    from .datasets import make_waves
    from .fitted import FittedGan, from_bytes, load
    from .fitting import fit
    from .plot import plot_losses, plot_waves

# Loaded when first asked for: torch takes seconds, matplotlib is wanted only for pictures.
_HOMES = {
    "Config": "config",
    "FittedGan": "fitted",
    "fit": "fitting",
    "from_bytes": "fitted",
    "load": "fitted",
    "make_waves": "datasets",
}
# These take a fit as well as arrays; plot.py itself knows arrays only.
_PICTURES = ("plot_losses", "plot_waves")

__all__ = ["Config", "FittedGan", "__version__", "fit", "from_bytes", "load", "make_waves", "plot_losses", "plot_waves"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
