"""matplotlib that draws what `plot.data` computed, and nothing else. One file per plot; panels.py has what they share.

A plot is a `matplotlib.figure.Figure` that pyplot does not manage: no backend is chosen, no global state changes, and
the user's rcParams style everything but the data. `figure.savefig("waves.png")` writes it, a notebook shows it.
"""

from .animation import animation_path, write_course, write_images, write_waves
from .blends import draw_blends
from .comparison import draw_comparison
from .course import draw_course
from .images import draw_images
from .losses import draw_losses
from .metrics import draw_metrics
from .panels import DISCRIMINATOR, GENERATED, REAL, Figure
from .walk import draw_walk
from .waves import draw_waves

__all__ = [
    "DISCRIMINATOR",
    "GENERATED",
    "REAL",
    "Figure",
    "animation_path",
    "draw_blends",
    "draw_comparison",
    "draw_course",
    "draw_images",
    "draw_losses",
    "draw_metrics",
    "draw_walk",
    "draw_waves",
    "write_course",
    "write_images",
    "write_waves",
]
