"""How much faster several processes train: time of a step at a fixed batch, alone and together.

    python benchmarks/ranks.py [--processes 1 2] [--steps 40] [--repeats 3] [--batch 4096] [--hidden 256 256 256]

Each measurement is one fit of a generated table under torchrun, whose processes have one thread each; the numbers of
processes take turns. Printed are the medians of the seconds of a step (without the first epoch), the ratio to the
first number of processes, and the processor seconds that each process spent on a step, which other programs change
less. The last column is the share of the time for which a process waited for the others or for a core.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS_PER_STEP = 10  # steps in an epoch


def one_fit(options: argparse.Namespace) -> None:
    """What each process does: fit, and write the time and the processor time of a step after the first epoch."""
    if options.priority:  # torchrun gives each process a session of its own, and Linux each session a share of its own
        Path("/proc/self/autogroup").write_text(str(options.priority), encoding="ascii")
    import numpy as np

    import ganbridge

    rng = np.random.default_rng(0)
    x = rng.standard_normal((ROWS_PER_STEP * options.batch, options.columns))
    x[:, 1:] += x[:, :-1] ** 2
    epochs: list[tuple[int, float]] = []
    cpu: list[float] = []
    steps = time.process_time

    def note(state: ganbridge.training.callbacks.State) -> None:  # type: ignore[name-defined]
        epochs.append((state.step, state.seconds))
        cpu.append(steps())

    config = ganbridge.Config(
        batch_size=options.batch,
        generator_hidden=options.hidden,
        discriminator_hidden=options.hidden,
        steps=options.steps + ROWS_PER_STEP,
        keep="last",
        calibration=False,
    )
    ganbridge.fit(x, seed=1, callbacks=[note], config=config)
    if epochs:
        (first, start), (last, end) = epochs[0], epochs[-1]
        found = {"seconds": (end - start) / (last - first), "cpu": (cpu[-1] - cpu[0]) / (last - first)}
        Path(options.out).write_text(json.dumps(found), encoding="utf-8")


def measured(processes: int, options: argparse.Namespace) -> dict[str, float]:
    """One fit by so many processes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "found.json"
        launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
        command = [sys.executable, *launcher, __file__, "--out", str(out), "--steps", str(options.steps)]
        command += ["--batch", str(options.batch), "--columns", str(options.columns)]
        command += ["--priority", str(options.priority)]
        command += ["--hidden", *map(str, options.hidden)]
        env = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT / "python_pkg")}
        subprocess.run(command, check=True, env=env, stdout=subprocess.DEVNULL)
        found: dict[str, float] = json.loads(out.read_text(encoding="utf-8"))
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--batch", type=int, default=4096)
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--hidden", type=int, nargs="+", default=[256, 256, 256])
    parser.add_argument(
        "--priority", type=int, default=0, help="above other programs, such as -15; needs root on Linux"
    )
    parser.add_argument("--out", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.out:
        one_fit(options)
        return
    runs: dict[int, list[dict[str, float]]] = {processes: [] for processes in options.processes}
    for _ in range(options.repeats):
        for processes, found in runs.items():
            found.append(measured(processes, options))
    print(f"batch {options.batch}, hidden {options.hidden}, {options.columns} columns, one thread for each process")
    print(f"{'processes':>9} {'ms / step':>10} {'ratio':>6} {'CPU ms / step':>14} {'ratio':>6} {'waiting':>8}")
    base = base_cpu = 0.0
    for processes, found in runs.items():
        seconds, cpu = (statistics.median(run[name] for run in found) for name in ("seconds", "cpu"))
        base, base_cpu = base or seconds, base_cpu or cpu
        waiting = f"{max(0.0, 1.0 - cpu / seconds):.0%}"
        ratios = f"{seconds * 1e3:10.1f} {base / seconds:6.2f} {cpu * 1e3:14.1f} {base_cpu / cpu:6.2f}"
        print(f"{processes:9} {ratios} {waiting:>8}")


if __name__ == "__main__":
    main()
