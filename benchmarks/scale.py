"""Measured rates of this machine, and what they predict for 10^8 and 10^9 rows on 1, 8 and 64 processes.

    python benchmarks/scale.py rates [--columns 10] [--batch 4096] [--hidden 256 256 256]
    python benchmarks/scale.py quality [--most 1000000] [--steps 12000]

`rates` prints the tables of benchmarks/SCALE.md. Work is measured in processor seconds of one thread, which other
programs change little: what one of W processes computes in a step is measured in a process that takes its share of a
batch and leaves out the messages. Messages are measured between two processes here, as the fastest of many, and for a
network they are computed from --bandwidth and --latency.

`quality` fits tables of a known distribution, of 10^3 rows up to --most, by default and by networks. Printed are the
sliced Wasserstein distance of 100,000 new rows from 200,000 rows of the truth, that of the training rows themselves,
and how well boosted trees tell new rows from true ones (area under the curve, .5 is best).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "python_pkg"))

import pandas as pd
import torch

import ganbridge
from ganbridge import ranks
from ganbridge.config import SAMPLED_ROWS, Config
from ganbridge.data.batches import FileBatches
from ganbridge.data.files import files_of
from ganbridge.data.survey import survey
from ganbridge.kinds import KINDS
from ganbridge.recipes import DataShape, resolve
from ganbridge.training.distances import directions, sliced_wasserstein
from ganbridge.training.trainer import Trainer

ROWS, WORLDS = (10**8, 10**9), (1, 8, 64)


# --- rates ------------------------------------------------------------------------------------------------------------


class Silent(ranks.Ranks):
    """The first of several processes, without the others: its share of the work and no messages."""

    def __init__(self, world: int) -> None:
        self.world = world


@dataclass
class Rates:
    """What one thread does. compute: processor seconds of a step by the number of processes. All times in seconds."""

    compute: dict[int, float]
    batches: float  # of that, drawing what all processes draw alike
    parameters: int  # numbers in the two messages of a step
    message: float  # a sum of one network's gradients between two processes of this machine
    order: float  # a row's part of the random order of a pass
    read: float  # a row of a Parquet file that does not fit into memory
    bytes_file: float  # of a row in it
    encode: float  # a row, raw to encoded
    marginals: float  # a row, in the fit of the encoder
    mixture: float  # the mixture and its discriminator, of the most rows that they take
    sample: float  # a generated row
    bytes_raw: float  # of a row
    bytes_encoded: float


def processor(work: object, repeats: int = 1) -> float:
    """Processor seconds of a call, the fewest of some."""
    found = []
    for _ in range(repeats):
        start = time.process_time()
        work()  # type: ignore[operator]
        found.append(time.process_time() - start)
    return min(found)


def table(rows: int, columns: int, seed: int = 0) -> pd.DataFrame:
    """Numbers that depend on each other."""
    x = np.random.default_rng(seed).standard_normal((rows, columns))
    x[:, 1:] += 0.5 * x[:, :-1] ** 2
    return pd.DataFrame(x, columns=[f"x{j}" for j in range(columns)])


def trainer(world: int, options: argparse.Namespace, rows: int = 200_000) -> Trainer:
    """A trainer of one of so many processes."""
    config = Config(batch_size=options.batch, generator_hidden=options.hidden, discriminator_hidden=options.hidden)
    settings, _ = resolve(config, KINDS["table"], DataShape(rows, options.columns))
    with ranks.as_current(Silent(world)):
        return Trainer(np.array(table(rows, options.columns), dtype=np.float32), settings, 1)


def step_of(world: int, options: argparse.Namespace) -> float:
    """Processor seconds of a step."""
    gan = trainer(world, options)
    gan.train_round()

    def some() -> None:
        for _ in range(steps):
            gan.train_round()

    steps = 5 if world == 1 else 20
    return processor(some, 3) / steps


def batches_of(options: argparse.Namespace) -> float:
    """Processor seconds of what every process draws for a step: two batches of latent vectors."""
    rng = torch.Generator().manual_seed(1)
    shape = (20, options.batch, min(options.columns, 32))
    return 2.0 * processor(lambda: torch.randn(shape, generator=rng), 3) / 20


def message(numbers: int) -> float:
    """Seconds of a sum of so many numbers between two processes here, the fastest of many."""
    code = (
        "import sys, time, torch, torch.distributed as d\n"
        "d.init_process_group('gloo')\n"
        "x, found = torch.zeros(int(sys.argv[1])), []\n"
        "for _ in range(300):\n"
        "    d.barrier(); start = time.perf_counter(); d.all_reduce(x); found.append(time.perf_counter() - start)\n"
        "print(min(found)) if d.get_rank() == 0 else None\n"
        "d.destroy_process_group()\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "message.py"
        script.write_text(code, encoding="utf-8")
        command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", str(script)]
        env = os.environ | {"OMP_NUM_THREADS": "1"}
        done = subprocess.run([*command, str(numbers)], check=True, env=env, stdout=subprocess.PIPE, text=True)
    return float(done.stdout.split()[-1])


def reading(options: argparse.Namespace) -> tuple[float, float]:
    """Processor seconds and bytes of a row in a file: one look at all rows, of which a sample is kept."""
    rows = 2_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        table(rows, options.columns).to_parquet(path, row_group_size=250_000)
        batches = FileBatches(files_of(path, "data"), "data")
        return processor(lambda: survey(batches, 1)) / rows, path.stat().st_size / rows


def rates(options: argparse.Namespace) -> Rates:
    """All of them."""
    gan = trainer(1, options)
    parameters = [len(network.parameters) for network in (gan.generator, gan.discriminator)]
    rows = 200_000
    data = KINDS["table"]
    frame = ganbridge.data.from_python(table(rows, options.columns))
    config = Config()
    encoders = []
    marginals = processor(lambda: encoders.append(data.fit_encoder(frame, config)))
    rng = np.random.default_rng(1)
    encoded = processor(lambda: encoders[0].encode(frame, rng))
    keys = torch.rand(2_000_000, dtype=torch.float64)
    order = processor(keys.argsort) + processor(lambda: torch.rand(2_000_000, dtype=torch.float64))
    read, bytes_file = reading(options)
    fits = []
    mixture = processor(lambda: fits.append(ganbridge.fit(table(100_000, options.columns), seed=1)))
    sample = processor(lambda: fits[0].sample(100_000, seed=1))
    return Rates(
        compute={world: step_of(world, options) for world in WORLDS},
        batches=batches_of(options),
        parameters=sum(parameters),
        message=message(max(parameters)),
        order=order / len(keys),
        read=read,
        bytes_file=bytes_file,
        encode=encoded / rows,
        marginals=marginals / rows,
        mixture=mixture,
        sample=sample / 100_000,
        bytes_raw=9.0 * options.columns,
        bytes_encoded=4.0 * encoders[0].width,
    )


def message_of(numbers: int, world: int, options: argparse.Namespace) -> float:
    """Seconds of a sum over a network: a ring has 2 (W - 1) steps, each of a W-th of the numbers."""
    if world == 1:
        return 0.0
    steps = 2 * (world - 1)
    return steps * (options.latency * 1e-6 + 4.0 * numbers / world / (options.bandwidth * 1e9 / 8.0))


def predict(found: Rates, options: argparse.Namespace) -> None:
    """The tables of SCALE.md."""
    print("| rate, one thread | |\n| --- | --- |")
    for name, value in (
        *((f"a step's work, {world} process{'es' * (world > 1)}", found.compute[world]) for world in WORLDS),
        ("of that, draws that all processes make alike", found.batches),
        ("a sum of gradients between two processes here", found.message),
    ):
        print(f"| {name} | {value * 1e3:.2f} ms |")
    for name, value in (
        ("reading a Parquet file, a sample of which is kept", found.read),
        ("marginals", found.marginals),
        ("encoding", found.encode),
        ("random order of a pass", found.order),
        ("sampling", found.sample),
    ):
        print(f"| {name} | {value * 1e6:.2f} us a row |")
    print(f"| mixture and discriminator of 100,000 rows | {found.mixture:.0f} s |")
    print(f"| message of a step | {4e-6 * found.parameters:.2f} MB |")
    print()
    header = "| rows in files | processes | read | default fit | networks, 12,000 steps | faster | read in all | sent"
    print(f"{header} | memory each |\n" + "| --- " * 9 + "|")
    memory = SAMPLED_ROWS * (found.bytes_raw + found.bytes_encoded + 24.0)
    for rows in ROWS:
        alone = rows * found.read + 12_000 * found.compute[1]
        for world in WORLDS:
            read, train = rows * found.read, 12_000 * step(found, world, options)
            times = " | ".join(map(hours, (read, read + found.mixture, read + train)))
            sizes = (world * rows * found.bytes_file, sent(found, world, 12_000), memory)
            print(f"| {power(rows)} | {world} | {times} | {alone / (read + train):.1f} | {in_gb(*sizes)} |")
    print("\n| rows in memory | processes | encode | one pass | faster | sent | memory each |\n" + "| --- " * 7 + "|")
    for rows in ROWS:
        alone = one_pass(found, rows, 1, options)
        for world in WORLDS:
            encode, train = rows * (found.marginals + found.encode), one_pass(found, rows, world, options)
            memory = rows * (found.bytes_raw + found.bytes_encoded + 24.0)
            sizes = in_gb(sent(found, world, rows / options.batch), memory)
            times = f"{hours(encode)} | {hours(train)} | {alone / train:.1f}"
            print(f"| {power(rows)} | {world} | {times} | {sizes} |")


def step(found: Rates, world: int, options: argparse.Namespace) -> float:
    """Seconds of a step, messages included."""
    return found.compute[world] + 2.0 * message_of(found.parameters // 2, world, options)


def one_pass(found: Rates, rows: int, world: int, options: argparse.Namespace) -> float:
    """Seconds in which networks see each row once."""
    return rows / options.batch * step(found, world, options) + rows * found.order


def sent(found: Rates, world: int, steps: float) -> float:
    """Bytes that each process sends."""
    return 2.0 * (world - 1) / world * 4.0 * found.parameters * steps


def power(rows: int) -> str:
    """10^8 for 100,000,000."""
    return f"10^{len(str(rows)) - 1}"


def in_gb(*sizes: float) -> str:
    """Sizes in bytes as parts of a table's row."""
    return " | ".join(f"{size / 1e9:,.{0 if size > 5e9 else 2}f} GB" for size in sizes)


def hours(seconds: float) -> str:
    """A time in words."""
    return (
        f"{seconds / 3600:.1f} h"
        if seconds > 5400
        else f"{seconds / 60:.0f} min"
        if seconds > 90
        else f"{seconds:.0f} s"
    )


# --- quality ----------------------------------------------------------------------------------------------------------


def truth(rows: int, seed: int) -> pd.DataFrame:
    """A table whose distribution is known: groups, a curve, a skewed column, an interaction, counts, a rare level."""
    rng = np.random.default_rng(seed)
    group = rng.choice(5, rows, p=[0.4, 0.3, 0.2, 0.095, 0.005])
    x = rng.standard_normal(rows) * np.array([1.0, 0.5, 1.5, 0.3, 0.2])[group] + np.array([0, 3, -2, 6, 9])[group]
    y = np.sin(1.5 * x) + 0.2 * rng.standard_normal(rows)
    income = np.exp(0.4 * x * (group % 2) + 0.5 * rng.standard_normal(rows))
    visits = rng.poisson(np.minimum(20.0, 1.0 + income))
    owner = rng.random(rows) < 1.0 / (1.0 + np.exp(-2.0 * y * (visits - 2)))
    z = 0.5 * x * y + 0.3 * rng.standard_normal(rows)
    return pd.DataFrame(
        {"group": np.array(list("abcde"))[group], "x": x, "y": y, "income": income, "visits": visits}
        | {"owner": np.where(owner, "yes", "no"), "z": z}
    )


def scores(data: pd.DataFrame) -> np.ndarray:
    """Numbers for a distance: levels as indicators, incomes as logarithms."""
    numbers = data[["x", "y", "visits", "z"]].assign(income=np.log(np.maximum(data["income"], 1e-3)))
    levels = {f"group {level}": data["group"] == level for level in "abcde"} | {"owner": data["owner"] == "yes"}
    return numbers.assign(**levels).to_numpy(np.float64)


def auc(generated: pd.DataFrame, real: pd.DataFrame) -> float:
    """How well boosted trees tell them apart."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import roc_auc_score

    x = np.concatenate([scores(generated), scores(real)])
    y = np.repeat([1, 0], [len(generated), len(real)])
    order = np.random.default_rng(0).permutation(len(x))
    train, test = order[: len(x) // 2], order[len(x) // 2 :]
    model = HistGradientBoostingClassifier(random_state=0).fit(x[train], y[train])
    return float(roc_auc_score(y[test], model.predict_proba(x[test])[:, 1]))


def quality(options: argparse.Namespace) -> None:
    """Distance from the truth by rows."""
    true = truth(200_000, 1)
    center, sd = scores(true).mean(0), scores(true).std(0)
    along = directions(len(sd), 64)

    def distance(data: pd.DataFrame) -> float:
        return sliced_wasserstein((scores(data) - center) / sd, (scores(true) - center) / sd, along, 4000)

    print(f"other rows of the truth, 100,000: distance {distance(truth(100_000, 2)):.4f}")
    print("| rows | way | CPU s | distance, new rows | distance, training rows | AUC |\n" + "| --- " * 6 + "|")
    rows = 1000
    while rows <= options.most:
        data = truth(rows, 3)
        of_training = distance(data)
        for way, config in (("default", None), ("networks", Config(steps=options.steps))):
            start = time.process_time()
            gan = ganbridge.fit(data, seed=1, config=config)
            seconds = time.process_time() - start
            new = gan.sample(100_000, seed=2)
            area = auc(new.head(50_000), true.head(50_000))
            print(
                f"| {rows:,} | {way} | {seconds:.0f} | {distance(new):.4f} | {of_training:.4f} | {area:.3f} |",
                flush=True,
            )
        rows *= 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["rates", "quality"])
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--batch", type=int, default=4096)
    parser.add_argument("--hidden", type=int, nargs="+", default=[256, 256, 256])
    parser.add_argument("--bandwidth", type=float, default=10.0, help="of the network, in gigabits a second")
    parser.add_argument("--latency", type=float, default=30.0, help="of a message, in microseconds")
    parser.add_argument("--most", type=int, default=10**6)
    parser.add_argument("--steps", type=int, default=12_000)
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.what == "rates":
        predict(rates(options), options)
    else:
        quality(options)


if __name__ == "__main__":
    main()
