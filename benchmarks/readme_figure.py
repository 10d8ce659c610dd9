"""Draw man/figures/README-waves.png, the figure of the README, from two fits.

Left: eight real waves, and sixteen generated ones. Right: the data set `faithful` of R, and equally many generated
rows. Needs Rscript, for `faithful`. Run: python benchmarks/readme_figure.py [path]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from tasks import from_r

import ganbridge
from ganbridge.plot.draw import GENERATED

REAL = "0.45"
SEED = 1
SAMPLE_SEED = 3  # of the waves: half of a thousand are fast ones, but among 16 of seed 1 it is 14 by chance
HERE = Path(__file__).resolve().parent.parent


def draw(waves: np.ndarray, new_waves: np.ndarray, eruptions: np.ndarray, new_eruptions: np.ndarray) -> Figure:
    """Waves (8, m) and (16, m); eruptions (n, 2) each."""
    picture = Figure(figsize=(9.6, 3.6), layout="constrained")
    left, right = picture.subfigures(1, 2, width_ratios=(1.6, 1.0), wspace=0.04)
    grid = left.subplots(4, 6, sharex=True, sharey=True)
    parts = ("real waves", REAL, waves, grid[:, :2]), ("generated waves", GENERATED, new_waves, grid[:, 2:])
    for title, colour, drawn, panels in parts:
        panels[0, 0].set_title(title, loc="left", color=colour, fontweight="bold", fontsize="medium")
        for axes, wave in zip(panels.ravel(), drawn, strict=True):
            axes.plot(wave, color=colour, linewidth=1.1)
            axes.set_axis_off()
    low, high = waves.min(), waves.max()
    grid[0, 0].set_ylim(low - 0.1 * (high - low), high + 0.1 * (high - low))
    axes = right.subplots()
    axes.scatter(*eruptions.T, s=14, color=REAL, alpha=0.6, linewidths=0)
    axes.scatter(*new_eruptions.T, s=9, color=GENERATED, alpha=0.75, linewidths=0)
    axes.set(xlabel="eruption (minutes)", ylabel="waiting (minutes)")
    axes.set_title("real rows", loc="left", color=REAL, fontweight="bold", fontsize="medium")
    axes.set_title("generated rows", loc="right", color=GENERATED, fontweight="bold", fontsize="medium")
    axes.spines[["top", "right"]].set_visible(False)
    return picture


def main(path: Path) -> None:
    """Fit both and write the figure."""
    waves = ganbridge.make_waves(seed=SEED)
    eruptions = from_r("faithful")
    fits = ganbridge.fit(waves, kind="wave", seed=SEED), ganbridge.fit(eruptions, seed=SEED)
    new_waves, new_eruptions = fits[0].sample(16, seed=SAMPLE_SEED), fits[1].sample(len(eruptions), seed=SEED)
    path.parent.mkdir(parents=True, exist_ok=True)
    draw(waves[:8], new_waves, eruptions, new_eruptions).savefig(path, dpi=100)
    print(f"{path}: {path.stat().st_size / 1024:.0f} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "man" / "figures" / "README-waves.png")
