"""Waves with default settings: how well classifiers tell them from real ones, for seeds 1 to 3.

    python benchmarks/waves.py [--seeds 1,2,3] [--sets "sines,household"] [--rows 4000] [--steps 2000]

--rows: training waves at most (every so many windows of a series). --steps: of the recurrent networks that judge.
Measures: wave_judges.py; sets: wave_sets.py. The baseline is real waves against as many other real ones: new ones, or
windows of a new series. For the curved manifolds it is the energy distance to new waves, divided by that of the
training waves.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "python_pkg")]

import numpy as np
import torch
from wave_judges import by_trees, discriminative, predictive
from wave_sets import SETS, WaveSet

import ganbridge
from ganbridge.evaluation.metrics.fidelity import energy_distance

COMPARED = 2_000  # new waves between which energy distances are computed, and half of the generated ones


def judged(real: np.ndarray, made: np.ndarray, seed: int, steps: int) -> str:
    """The three scores."""
    values = [discriminative(real, made, seed, steps), by_trees(real, made, seed), predictive(real, made, seed, steps)]
    return f"GRU {values[0]:.3f}   trees {values[1]:.3f}   predictive {values[2]:.4f}"


def energy_ratio(wave_set: WaveSet, train: np.ndarray, made: np.ndarray) -> float:
    """Energy distance to new waves over that of the training waves."""
    truth = wave_set.draw(COMPARED, np.random.default_rng(1))
    return float(energy_distance(made, truth) / energy_distance(train, truth))


def training_waves(wave_set: WaveSet, seed: int, rows: int | None) -> np.ndarray:
    """New waves, or every so many windows of a series."""
    if wave_set.fresh:
        return wave_set.draw(min(wave_set.rows, rows or wave_set.rows), np.random.default_rng(10_000 + seed))
    waves = wave_set.draw(wave_set.rows, np.random.default_rng(10_000 + seed))
    return waves[:: max(1, -(-len(waves) // (rows or len(waves))))]


def halves(waves: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two random halves."""
    order = np.random.default_rng(seed).permutation(len(waves))
    return waves[order[::2]], waves[order[1::2]]


def report(wave_set: WaveSet, seed: int, rows: int | None, steps: int, config: Any = None) -> None:
    """One fit, judged; one line."""
    train = training_waves(wave_set, seed, rows)
    start = time.process_time()
    gan = ganbridge.fit(train, kind="wave", seed=seed, config=config)
    fitted = time.process_time() - start
    made = gan.sample(COMPARED * 2 if wave_set.measure == "energy" else len(train), seed=seed)
    seconds = time.process_time() - start
    if wave_set.measure == "energy":
        words = f"energy ratio {energy_ratio(wave_set, train, made):.2f}"
    else:
        words = judged(train, made, seed, steps)
    shape = " x ".join(map(str, train.shape))
    print(
        f"{wave_set.name:10} {shape:16} seed {seed}   {words}   fit {fitted:.0f} s, with sample {seconds:.0f} s",
        flush=True,
    )
    for line in gan.messages:
        print(f"    {line}", flush=True)


def baseline(wave_set: WaveSet, rows: int | None, steps: int) -> None:
    """Real against real: new waves, or random halves of the windows."""
    train = training_waves(wave_set, 1, rows)
    if wave_set.fresh:
        others = training_waves(wave_set, 2, rows)
    else:
        train, others = halves(train, 1)
    words = judged(train, others, 1, steps)
    print(f"{wave_set.name:10} {'real':16} {'':6}   {words}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--sets", default=",".join(each.name for each in SETS))
    parser.add_argument("--rows", type=int, help="training waves at most")
    parser.add_argument("--steps", type=int, default=2_000, help="of the recurrent networks")
    parser.add_argument("--prior", choices=["normal", "mixture"], help="the prior; default: the fit chooses")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    config = ganbridge.Config(prior=arguments.prior) if arguments.prior else None
    for wave_set in SETS:
        if wave_set.name not in arguments.sets.split(","):
            continue
        if wave_set.measure == "classifiers":
            baseline(wave_set, arguments.rows, arguments.steps)
        for seed in map(int, arguments.seeds.split(",")):
            report(wave_set, seed, arguments.rows, arguments.steps, config)


if __name__ == "__main__":
    main()
