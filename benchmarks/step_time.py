"""Time of a training step, compared with a plain PyTorch loop with the same networks, batch size and steps.

    python benchmarks/step_time.py [--steps 1500] [--repeats 5] [--against CHECKOUT]

Both run on one thread in this process, alternately; the result is the ratio of the medians. The plain loop is the
listing of Naumczyk's "GAN for sample generation in PyTorch": draw, generate, two backward passes, default Adam,
`.item()` of both losses. One member is also run with the autograd backward, to show what the hand-derived one saves.

With --against, steps of this checkout and of another one are run alternately in separate processes, and compared by
processor time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python_pkg"))

import itertools

from ganbridge.config import Config
from ganbridge.kinds import KINDS
from ganbridge.recipes import DataShape, resolve
from ganbridge.training.backward import AutogradBackward
from ganbridge.training.trainer import Trainer

NETWORKS = {
    # name: (generator hidden, discriminator hidden, latent, batch, activation)
    "S1 sine, batch 32": ((8, 16, 32, 64), (64, 32, 16), 2, 32, "relu"),
    "S5 sine, batch 256": ((128, 128), (128, 128, 2), 2, 256, "leaky_relu"),
}


def layers(sizes: tuple[int, ...], activation: str, last_linear: bool) -> nn.Sequential:
    modules: list[nn.Module] = []
    for i, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes)):
        modules.append(nn.Linear(fan_in, fan_out))
        if i < len(sizes) - (3 if last_linear else 2):
            modules.append(nn.ReLU() if activation == "relu" else nn.LeakyReLU(0.01))
    return nn.Sequential(*modules)


def plain_loop(x: torch.Tensor, name: str, steps: int) -> float:
    """Seconds per step of the plain loop."""
    hidden_g, hidden_d, latent, batch, activation = NETWORKS[name]
    generator = layers((latent, *hidden_g, 2), activation, False)
    discriminator = layers((2, *hidden_d, 1), activation, name.startswith("S5"))
    optimizer_g = torch.optim.Adam(generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
    optimizer_d = torch.optim.Adam(discriminator.parameters(), lr=2e-4, betas=(0.5, 0.999))
    criterion = nn.BCEWithLogitsLoss()
    ones, zeros = torch.ones(batch, 1), torch.zeros(batch, 1)
    start = time.perf_counter()
    for _ in range(steps):
        real = x[torch.randint(len(x), (batch,))] if batch < len(x) else x
        with torch.no_grad():
            fake = generator(torch.randn(batch, latent))
        optimizer_d.zero_grad()
        loss_d = criterion(discriminator(real), ones) + criterion(discriminator(fake), zeros)
        loss_d.backward()
        optimizer_d.step()
        optimizer_g.zero_grad()
        loss_g = criterion(discriminator(generator(torch.randn(batch, latent))), ones)
        loss_g.backward()
        optimizer_g.step()
        loss_d.item(), loss_g.item()
    return (time.perf_counter() - start) / steps


def ours(x: np.ndarray, name: str, steps: int, members: int, autograd: bool = False) -> float:
    """Seconds per step of ganbridge with the same networks, losses recorded."""
    hidden_g, hidden_d, latent, batch, activation = NETWORKS[name]
    names = (activation,) * (len(hidden_d) - 1) + ("linear",) if name.startswith("S5") else activation
    config = Config(
        objective="non_saturating",
        generator_hidden=hidden_g,
        discriminator_hidden=hidden_d,
        activation={"generator": activation, "discriminator": names},
        leaky_slope=0.01,
        latent_dim=latent,
        batch_size=batch,
        members=members,
        steps=steps,
    )
    settings, _ = resolve(config, KINDS["table"], DataShape(len(x), 2))
    trainer = Trainer(x, settings, seed=1)
    if autograd:
        rng = trainer.streams["layers"]
        trainer.backward = AutogradBackward(trainer.generator, trainer.discriminator, settings.pack, 0, rng)
    start = time.perf_counter()
    while trainer.step < steps:
        trainer.train_epoch()
        trainer.take_losses()
    return (time.perf_counter() - start) / trainer.step


def rows(batch: int) -> np.ndarray:
    """Training rows; with the large batch, each step is an epoch."""
    return np.random.default_rng(1).standard_normal((256 if batch == 256 else 1000, 2)).astype(np.float32)


ONE_CHECKOUT = """
import sys, time
sys.path.insert(0, sys.argv[1] + "/benchmarks")
import numpy, step_time, torch
torch.set_num_threads(1)
time.perf_counter = time.process_time  # so that other programs have less effect
for name, (*_, batch, _) in step_time.NETWORKS.items():
    x = numpy.random.default_rng(1).standard_normal((256 if batch == 256 else 1000, 2)).astype(numpy.float32)
    for members in (1, 4):
        step_time.ours(x, name, 100, members)
        runs = [step_time.ours(x, name, max(100, int(sys.argv[2]) // members), members) for _ in range(3)]
        print(name, members, min(runs), sep="|")
"""


def against(checkout: Path, steps: int, repeats: int) -> None:
    """A table of processor time per step of this checkout and of another one."""
    here = Path(__file__).resolve().parent.parent
    times: dict[str, dict[Path, list[float]]] = {}
    for repeat in range(repeats):
        for root in (here, checkout) if repeat % 2 else (checkout, here):
            command = [sys.executable, "-c", ONE_CHECKOUT, str(root), str(steps)]
            done = subprocess.run(
                command, capture_output=True, text=True, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"}
            )
            for line in done.stdout.splitlines():
                name, members, seconds = line.split("|")
                times.setdefault(f"{name}, {members} members", {}).setdefault(root, []).append(float(seconds))
    print(f"{'networks':32} {'other, us':>10} {'this, us':>10} {'ratio':>7}   processor time, median of {repeats}")
    for name, of_root in times.items():
        other, this = (statistics.median(of_root[root]) for root in (checkout, here))
        print(f"{name:32} {other * 1e6:10.0f} {this * 1e6:10.0f} {this / other:7.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--against", type=Path, help="another checkout of this repository")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.against:
        against(options.against.resolve(), options.steps, options.repeats)
        return
    print(
        f"torch {torch.__version__}, one thread, median of {options.repeats} runs of {options.steps} steps, us per step"
    )
    print(
        f"{'networks':20} {'implementation':28} {'us / step':>10} {'us / member':>12} {'times faster per member':>24}"
    )
    for name, (_, _, _, batch, _) in NETWORKS.items():
        x = rows(batch)
        plain, autograd, by_members = [], [], {1: [], 4: [], 8: []}
        for _ in range(options.repeats):
            plain.append(plain_loop(torch.from_numpy(x), name, max(100, options.steps // 3)))
            autograd.append(ours(x, name, max(100, options.steps // 3), 1, autograd=True))
            for members, times in by_members.items():
                times.append(ours(x, name, max(100, options.steps // members), members))
        base = statistics.median(plain)
        print(f"{name:20} {'plain loop':28} {base * 1e6:10.0f} {base * 1e6:12.0f} {1:24.2f}")
        each = statistics.median(autograd)
        print(f"{name:20} {'ganbridge, autograd':28} {each * 1e6:10.0f} {each * 1e6:12.0f} {base / each:24.2f}")
        for members, times in by_members.items():
            each = statistics.median(times)
            way = f"ganbridge, {members} member{'s' if members > 1 else ''}"
            print(f"{name:20} {way:28} {each * 1e6:10.0f} {each / members * 1e6:12.0f} {base * members / each:24.2f}")


if __name__ == "__main__":
    main()
