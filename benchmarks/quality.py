"""Quality of the default settings on every task, compared with the settings of the articles, seeds 1-5.

    python benchmarks/quality.py [--seeds 1,2,3,4,5] [--tasks "ring,S1"] [--ways default] [--out FOLDER]

Every fit runs in a separate process on one thread, so that its peak memory can be measured. The table is printed and
written to FOLDER/quality.txt, plots (seed 1; real rows on the left, generated ones on the right) are written to
FOLDER/quality.png. The default of FOLDER is benchmarks/out.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "python_pkg")]

import numpy as np
import torch
from matplotlib.figure import Figure
from measures import evaluate
from step_time import plain_loop
from tasks import TASKS, Task

import ganbridge

# metric: (gate for the median, gate for every seed), each as (lowest, highest)
NONE = (-np.inf, np.inf)
GATES = {
    "resampling": {"resampling ratio": ((-np.inf, 1.3), (-np.inf, 2.0)), "covariance / sample's": (NONE, (0.9, 1.1))},
    "modes": {
        "resampling ratio": ((-np.inf, 1.3), NONE),
        "modes": (NONE, (0, np.inf)),
        "high quality": (NONE, (0.9, 1.0)),
    },
    "waves": {
        "share of first": (NONE, (0.4, 0.6)),
        "within .15": (NONE, (0.8, 1.0)),
        "amplitude 1": (NONE, (0.95, 1.05)),
        "amplitude 2": (NONE, (2.85, 3.15)),
    },
    "energy": {"energy ratio": (NONE, (-np.inf, 1.3))},
}
SECONDS = 60.0
PLAIN = "S1 sine, batch 32"  # networks and batch of the plain loop that times are compared with
PLAIN_STEPS = 10_000


def one_fit(task: Task, seed: int, recipe: bool) -> dict[str, float]:
    """Metrics of one fit, in this process."""
    data = task.data(seed)
    # All libraries are loaded and used once before anything is measured.
    ganbridge.fit(data, kind=task.kind, seed=seed, config=ganbridge.Config(steps=5))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.perf_counter(), time.process_time()
    config, epochs = (task.recipe, task.epochs) if recipe else (None, None)
    fit = ganbridge.fit(data, kind=task.kind, seed=seed, config=config, epochs=epochs)
    spent = {"seconds": time.perf_counter() - wall, "processor seconds": time.process_time() - cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    metrics = evaluate(task, fit, seed)
    return metrics | spent | {"steps": fit.kept["trained"], "peak MB": peak / 1024, "data MB": data.nbytes / 1e6}


def in_separate_process(task: Task, seed: int, recipe: bool) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", task.name, str(seed), str(int(recipe))]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def within(value: float, bounds: tuple[float, float]) -> bool:
    return bool(bounds[0] <= value <= bounds[1])


def report(task: Task, fits: list[dict[str, float]], way: str) -> tuple[list[str], bool]:
    """Lines of the table, and whether all gates are met."""
    lines, met = [], True
    for name, (of_median, of_each) in GATES[task.measure].items():
        if name not in fits[0]:
            continue
        if name == "modes":
            of_each = (len(task.modes), np.inf)
        if task.name == "grid of 25" and name == "resampling ratio":
            of_median = NONE  # reported only; the gates are for modes and quality
        values = [fit[name] for fit in fits]
        good = within(statistics.median(values), of_median) and all(within(value, of_each) for value in values)
        met &= good
        figures = " ".join(f"{value:6.2f}" for value in values)
        median = statistics.median(values)
        verdict = "no gate" if of_median == of_each == NONE else "met" if good else "-"
        lines.append(f"{task.name:14} {way:8} {name:22} {median:7.2f}   {figures:34}   {verdict}")
    seconds = statistics.median(fit["seconds"] for fit in fits)
    processor = statistics.median(fit["processor seconds"] for fit in fits)
    worst = max(fit["seconds"] for fit in fits)
    lines.append(
        f"{task.name:14} {way:8} {'time, steps, memory':22} {seconds:6.1f} s (worst {worst:.1f} s, processor"
        f" {processor:.1f} s), {fits[0]['steps']:,.0f} steps, peak {max(fit['peak MB'] for fit in fits):.0f} MB"
        f" above the start for {fits[0]['data MB']:.2f} MB of data"
    )
    return lines, met


def plain_seconds() -> float:
    """Seconds of the plain loop on one thread, for the speed of the machine in this run."""
    torch.set_num_threads(1)
    task = next(task for task in TASKS if task.name == "S1 sine of x1")
    return PLAIN_STEPS * plain_loop(torch.from_numpy(task.data(1).astype(np.float32)), PLAIN, PLAIN_STEPS)


def draw(tasks: list[Task], path: Path) -> None:
    """Real rows on the left, generated ones on the right, a pair of panels for each task."""
    columns = 2
    rows = -(-len(tasks) // columns)
    figure = Figure(figsize=(11, 2.1 * rows), layout="constrained")
    axes = figure.subplots(rows, 2 * columns, squeeze=False)
    for panel in axes.flat:
        panel.set_visible(False)
    for i, task in enumerate(tasks):
        data = task.data(1)
        generated = ganbridge.fit(data, kind=task.kind, seed=1).sample(len(data), seed=1)
        pair = axes[i // columns, 2 * (i % columns) : 2 * (i % columns) + 2]
        for panel, values, colour, what in zip(
            pair, (data, generated), ("0.45", "#0072B2"), ("real", "generated"), strict=True
        ):
            panel.set_visible(True)
            panel.set_title(f"{task.name}, {what}", fontsize=8)
            panel.tick_params(labelsize=6)
            if task.kind == "wave":
                panel.plot(values[:40].T, color=colour, linewidth=0.4)
            elif values.shape[1] == 1:
                edges = np.linspace(data.min(), data.max(), 40)
                panel.hist(values[:, 0], bins=edges, color=colour)
            else:
                panel.scatter(values[:, 0], values[:, 1], s=2, color=colour, linewidths=0)
        low = min(panel.get_ylim()[0] for panel in pair), min(panel.get_xlim()[0] for panel in pair)
        high = max(panel.get_ylim()[1] for panel in pair), max(panel.get_xlim()[1] for panel in pair)
        for panel in pair:
            panel.set_ylim(low[0], high[0])
            panel.set_xlim(low[1], high[1])
    figure.savefig(path, dpi=90)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="1,2,3,4,5")
    parser.add_argument("--tasks", default="", help="parts of task names, separated by commas; default: all")
    parser.add_argument("--ways", default="default,recipe", help="default settings, settings of the articles, or both")
    parser.add_argument("--out", type=Path, default=HERE / "out")
    parser.add_argument("--one", nargs=3, metavar=("TASK", "SEED", "RECIPE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        task = next(task for task in TASKS if task.name == options.one[0])
        print(json.dumps(one_fit(task, int(options.one[1]), options.one[2] == "1")))
        return
    seeds = [int(seed) for seed in options.seeds.split(",")]
    tasks = [task for task in TASKS if any(part in task.name for part in options.tasks.split(","))]
    options.out.mkdir(exist_ok=True)
    with (options.out / "quality.txt").open("w") as out:

        def say(line: str) -> None:
            print(line, flush=True)
            out.write(line + "\n")

        say(f"ganbridge {ganbridge.__version__}, seeds {options.seeds}, one thread, {time.strftime('%Y-%m-%d')}")
        say(f"{'task':14} {'way':8} {'metric':22} {'median':>7}   {'by seed':34}   gate")
        all_met, medians = True, []
        for task in tasks:
            for recipe in (way == "recipe" for way in options.ways.split(",")):
                fits = [in_separate_process(task, seed, recipe) for seed in seeds]
                lines, met = report(task, fits, "recipe" if recipe else "default")
                for line in lines:
                    say(line)
                if not recipe:
                    all_met &= met and max(fit["seconds"] for fit in fits) <= SECONDS
                    medians.append(statistics.median(fit["seconds"] for fit in fits))
        if medians:
            verdict = "met" if all_met else "NOT met"
            say(f"median over tasks {statistics.median(medians):.1f} s; default settings: all gates {verdict}")
            say(f"{PLAIN_STEPS:,} steps of the plain loop ({PLAIN}) in this run: {plain_seconds():.1f} s")
    if "default" in options.ways:
        draw(tasks, options.out / "quality.png")


if __name__ == "__main__":
    main()
