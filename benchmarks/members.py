"""The effect of a population (`members`) at equal total work: several GANs trained for fewer steps compared with one.

    python benchmarks/members.py [--seeds 1,2,3] [--steps 3000] [--tasks "ring,S1"] [--data adult.csv]

With K members a fit of S steps makes K S / 2 generator updates until the best member is chosen, and S / 2 after that: S
is set so that all fits make `--steps` updates in all. Other settings are the defaults. The metrics are
those of benchmarks/measures.py: the resampling ratio (or the energy ratio, for quakes), 1 for a second sample of the
truth, lower is better. With --data (UCI's Adult, read with its header), 4,000 of its rows train, and the mean total
variation over pairs of columns (benchmarks/tables.py) between 10,000 generated rows and held-out ones is computed;
`resample` is that between the training rows themselves and the held-out ones.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "python_pkg")]

import numpy as np
import pandas as pd
from measures import evaluate
from tables import pair_distance
from tasks import TASKS, Task

import ganbridge
from ganbridge import Config

MEMBERS = (1, 2, 4, 8)
CHOSEN = ("S1 mixture", "S1 sine of x1", "ring of 8", "grid of 25", "quakes")
FIGURES = ("resampling ratio", "energy ratio")
ADULT_ROWS, SAMPLED = 4000, 10_000

Measure = Callable[[int, Config], float]


def config_of(members: int, updates: int) -> Config:
    """Default settings with the given numbers of members and of generator updates in all."""
    return Config(members=members, keep="best", steps=round(2 * updates / (members + 1)))


def of_task(task: Task) -> Measure:
    """The metric of a fit to the data of a task."""

    def measured(seed: int, config: Config) -> float:
        fit = ganbridge.fit(task.data(seed), kind=task.kind, seed=seed, config=config)
        metrics = evaluate(task, fit, seed)
        return next(metrics[name] for name in FIGURES if name in metrics)

    return measured


def of_adult(path: Path) -> tuple[Measure, float]:
    """The metric of a fit to rows of Adult, and that of the training rows."""
    data = pd.read_csv(path, skipinitialspace=True, na_values="?").sample(frac=1, random_state=7, ignore_index=True)
    for name in data.select_dtypes(exclude="number"):
        data[name] = data[name].astype("category")
    cut = round(0.8 * len(data))
    training, held_out = data[:ADULT_ROWS], data[cut:]

    def measured(seed: int, config: Config) -> float:
        return pair_distance(ganbridge.fit(training, seed=seed, config=config).sample(SAMPLED, seed=seed), held_out)

    return measured, pair_distance(training, held_out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--steps", type=int, default=3000, help="generator updates of all members of a fit together")
    parser.add_argument("--tasks", default="", help="parts of task names, separated by commas; default: all")
    parser.add_argument("--data", type=Path, help="adult.csv")
    options = parser.parse_args()
    seeds = [int(seed) for seed in options.seeds.split(",")]
    parts = options.tasks.split(",")
    chosen = [task for task in TASKS if task.name in CHOSEN and any(part in task.name for part in parts)]
    measures = {task.name: of_task(task) for task in chosen}
    if options.data:
        adult, by_resample = of_adult(options.data)
        measures[f"Adult, {ADULT_ROWS:,} rows (resample: {by_resample:.4f})"] = adult
    print(
        f"{options.steps:,} generator updates in all, seeds {options.seeds}: median (by seed); processor seconds a fit"
    )
    print("| data | " + " | ".join(f"members {members}" for members in MEMBERS) + " |")
    print("| --- " * (1 + len(MEMBERS)) + "|", flush=True)
    for name, measure in measures.items():
        cells = []
        for members in MEMBERS:
            start = time.process_time()
            values = [measure(seed, config_of(members, options.steps)) for seed in seeds]
            seconds = (time.process_time() - start) / len(seeds)
            digits = 4 if "Adult" in name else 2
            by_seed = " ".join(f"{value:.{digits}f}" for value in values)
            cells.append(f"{statistics.median(values):.{digits}f} ({by_seed}); {seconds:.0f} s")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    np.seterr(over="ignore")
    main()
