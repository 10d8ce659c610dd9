"""Pictures from plain arrays, never from a model. One file per question; panels.py holds what they share.

A picture is a `matplotlib.figure.Figure` that pyplot does not manage: no backend is chosen, no global state changes,
and the user's rcParams style everything but the data. `picture.savefig("waves.png")` writes it, a notebook shows it.
"""

from .blends import plot_blends
from .channels import as_waves
from .compare import plot_compare
from .evaluation import plot_evaluation
from .images import MOST_IMAGES, compare_images, image_ids, plot_images
from .losses import plot_losses
from .panels import DISCRIMINATOR, GENERATED
from .training import plot_training
from .walk import plot_walk
from .waves import BESIDE, compare_waves, plot_waves, wave_ids

__all__ = [
    "BESIDE",
    "DISCRIMINATOR",
    "GENERATED",
    "MOST_IMAGES",
    "as_waves",
    "compare_images",
    "compare_waves",
    "image_ids",
    "plot_blends",
    "plot_compare",
    "plot_evaluation",
    "plot_images",
    "plot_losses",
    "plot_training",
    "plot_walk",
    "plot_waves",
    "wave_ids",
]
