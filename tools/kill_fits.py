"""Kills fits at random moments by SIGKILL, and lets them go on from their checkpoints: nothing may be lost.

Each fit runs in a process of its own, which is killed, started again from the file that it left, and killed again,
until it has come to its end. Whenever it is killed, the file must be whole, and at the end the fit must have the same
bytes as the one that never stopped. With networks, what was trained before the last checkpoint must not be trained
again.

Usage: python tools/kill_fits.py --kills 100 --seed 1
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import ganbridge
from ganbridge import Config

RNG = np.random.default_rng(1)
PLANE = RNG.normal(size=(400, 2))
FRAME = pd.DataFrame(
    {"x": RNG.normal(size=800), "kind": RNG.integers(0, 3, 800).astype(str), "y": RNG.gamma(2, 1, 800)}
)
NETWORKS = {"generator_hidden": (16, 16), "discriminator_hidden": (16, 16), "batch_size": 50}
# name: (data, how to fit them)
FITS: dict[str, tuple[Any, dict[str, Any]]] = {
    "networks": (PLANE, {"epochs": 60, "config": Config(**NETWORKS)}),
    "members and a trace": (PLANE, {"epochs": 40, "trace": 5, "config": Config(members=3, **NETWORKS)}),
    "waves": (ganbridge.make_waves(100, 24, seed=1), {"kind": "wave", "epochs": 100, "config": Config(**NETWORKS)}),
    "mixture": (FRAME, {}),
}


def train(name: str, path: Path, after: float) -> None:
    """Train, or go on, in this process. after: seconds between checkpoints."""
    data, how = FITS[name]
    watch: dict[str, Any] = {"checkpoint": path, "checkpoint_every": after, "progress": False}
    if path.exists():
        ganbridge.load(path).resume(data, **watch)
    else:
        ganbridge.fit(data, seed=1, **how, **watch)


def killed(name: str, path: Path, after: float, most: float, rng: np.random.Generator) -> bool:
    """Start a process, and kill it after up to so many seconds of its processor time; whether it was still running."""
    child = os.fork()
    if child == 0:
        train(name, path, after)
        os._exit(0)
    until, clock = rng.uniform(0.0, most), 1.0 / os.sysconf("SC_CLK_TCK")
    while True:
        if os.waitpid(child, os.WNOHANG) != (0, 0):
            return False
        fields = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        if (int(fields[11]) + int(fields[12])) * clock >= until:
            break
        time.sleep(0.001)
    time.sleep(rng.uniform(0.0, 0.01))  # between two ticks of that clock
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def main() -> None:
    """Fits of all kinds, until so many were killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0.02, help="between checkpoints")
    options = parser.parse_args()
    rng, counts, failures = np.random.default_rng(options.seed), Counter[str](), 0
    whole, seconds = {}, {}
    for name, (data, how) in FITS.items():
        start = time.process_time()
        whole[name] = ganbridge.fit(data, seed=1, progress=False, **how).to_bytes()
        seconds[name] = time.process_time() - start
    while sum(counts.values()) < options.kills:
        name = list(FITS)[rng.integers(len(FITS))]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "fit.gan"
            while killed(name, path, options.seconds, seconds[name], rng):
                left = [entry.name for entry in Path(folder).iterdir() if entry.suffix != ".part"]
                stopped = ganbridge.load(path).stopped if left else "before the first file"
                counts[stopped] += 1
                if sum(counts.values()) >= options.kills:
                    break
            gan = ganbridge.load(path) if path.exists() else ganbridge.fit(FITS[name][0], seed=1, **FITS[name][1])
            if gan.resume(FITS[name][0]).to_bytes() != whole[name]:
                failures += 1
                print(f"{name}: another fit than the one that never stopped", flush=True)
        total = sum(counts.values())
        print(
            f"{total} kills: {', '.join(f'{n} {what}' for what, n in counts.items())}; {failures} failures", flush=True
        )
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
