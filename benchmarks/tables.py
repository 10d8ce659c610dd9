"""Typed tables with default settings: distances of pairs of columns, shares of levels and NA, time of the encoding.

    python benchmarks/tables.py [--seeds 1,2,3,4,5] [--tables airquality,...]
    python benchmarks/tables.py --data PATH [--target COLUMN] [--seeds 1,2,3]

With --data, a CSV file is fitted and compared with its own held-out rows: holdout.py says how. Without it:

Data sets of R, read by Rscript. For each pair of columns (numbers cut at their quartiles, missing values as a separate
category) the total variation between 10,000 generated rows and the data is computed, and averaged over pairs. It is
compared with that of a resample of the size of the data, which is the sampling error. The largest error of any share of
a level or of missing values follows, and for a table of the size of Adult the time of each step of the encoding,
compared with ten epochs of training.
"""

from __future__ import annotations

import argparse
import io
import itertools
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "python_pkg")]

import holdout
import numpy as np
import pandas as pd

import ganbridge
from ganbridge import Config
from ganbridge.data import from_python
from ganbridge.encode import TableEncoder
from ganbridge.training.calibration import calibration_map

TABLES = ("airquality", "esoph", "warpbreaks", "infert", "CO2", "quakes", "Orange", "ToothGrowth", "beaver1", "iris")
SAMPLED, RESAMPLES = 10_000, 20
ADULT = (32_561, 15)


def from_r(name: str) -> pd.DataFrame:
    """A data set of R; text becomes categories, ordered ones where they are in R."""
    code = (
        f"x <- as.data.frame({name}); write.csv(x, row.names = FALSE);"
        "cat(names(x)[sapply(x, is.ordered)], file = stderr())"
    )
    done = subprocess.run(["Rscript", "--vanilla", "-e", code], capture_output=True, check=True, text=True)
    data = pd.read_csv(io.StringIO(done.stdout))
    for column in data.select_dtypes("str"):
        levels = list(dict.fromkeys(data[column].dropna()))
        data[column] = pd.Categorical(data[column], levels, ordered=column in done.stderr.split())
    return data


def codes(data: pd.DataFrame, real: pd.DataFrame) -> list[np.ndarray]:
    """Each column as category codes: levels, or quarters of the real values; 0 is missing."""
    columns = []
    for name in real:
        values = data[name]
        if isinstance(real[name].dtype, pd.CategoricalDtype):
            columns.append(np.asarray(values.cat.codes, dtype=np.int64) + 1)
        else:
            cuts = np.unique(np.nanquantile(real[name].to_numpy(dtype=float), [0.25, 0.5, 0.75]))
            numbers = values.to_numpy(dtype=float)
            columns.append(np.where(np.isnan(numbers), 0, np.digitize(numbers, cuts) + 1))
    return columns


def pair_distance(data: pd.DataFrame, real: pd.DataFrame) -> float:
    """Mean over pairs of columns of the total variation between their joint categories."""
    distances = []
    for (a, b), (c, d) in zip(*(itertools.combinations(codes(x, real), 2) for x in (data, real)), strict=True):
        size = max(b.max(), d.max()) + 1
        shares = [
            np.bincount(i * size + j, minlength=size * (max(a.max(), c.max()) + 1)) / len(i)
            for i, j in ((a, b), (c, d))
        ]
        distances.append(np.abs(shares[0] - shares[1]).sum() / 2.0)
    return float(np.mean(distances))


def share_error(data: pd.DataFrame, real: pd.DataFrame) -> float:
    """The largest error of the share of a level or of missing values."""
    errors = [abs(data[name].isna().mean() - real[name].isna().mean()) for name in real]
    for name in real.select_dtypes("category"):
        generated, expected = (frame[name].value_counts(normalize=True, sort=False) for frame in (data, real))
        errors.append(float((generated - expected).abs().max()))
    return float(max(errors))


def evaluate(name: str, seeds: list[int]) -> None:
    real = from_r(name)
    by_chance = np.mean(
        [pair_distance(real.sample(len(real), replace=True, random_state=k), real) for k in range(RESAMPLES)]
    )
    distances, errors, seconds = [], [], []
    for seed in seeds:
        start = time.process_time()
        sample = ganbridge.fit(real, seed=seed).sample(SAMPLED, seed=seed)
        seconds.append(time.process_time() - start)
        distances.append(pair_distance(sample, real))
        errors.append(share_error(sample, real))
    print(
        f"{name:12} {real.shape[0]:5} x {real.shape[1]}   pairs {np.median(distances):.3f} (worst {max(distances):.3f})"
        f"   by chance {by_chance:.3f}   ratio {np.median(distances) / by_chance:.2f}"
        f" (worst {max(distances) / by_chance:.2f})"
        f"   shares off by {max(errors):.3f} at most   {np.median(seconds):.1f} s",
        flush=True,
    )


def adult_like() -> pd.DataFrame:
    """A table of Adult's size: six numbers, one with many exact zeros, and nine columns of 2 to 41 levels."""
    rng = np.random.default_rng(1)
    rows = ADULT[0]
    columns: dict[str, Any] = {f"number {i}": rng.gamma(2.0, 10.0, rows).round() for i in range(5)}
    columns["gain"] = np.where(rng.random(rows) < 0.92, 0.0, rng.exponential(8000.0, rows).round())
    for i, levels in enumerate((8, 16, 7, 14, 6, 5, 2, 41, 2)):
        codes = rng.choice(levels, rows, p=rng.dirichlet(np.ones(levels)))
        codes = np.where(rng.random(rows) < 0.03, -1, codes) if i < 3 else codes
        columns[f"levels {i}"] = pd.Categorical.from_codes(codes, [f"level {k}" for k in range(levels)])
    return pd.DataFrame(columns)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def encoding_time() -> None:
    frame = adult_like()
    data = from_python(frame)
    seconds: dict[str, float] = {}
    seconds["learning"], encoder = timed(lambda: TableEncoder.fit(data, "quantile", 0.0))
    seconds["encoding"], encoded = timed(lambda: encoder.encode(data, np.random.default_rng(1)))
    seconds["decoding"], _ = timed(lambda: encoder.decode(encoded, np.random.default_rng(1)))
    config = Config(calibration=False, keep="last")
    start_up, _ = timed(lambda: ganbridge.fit(frame, seed=1, epochs=1, config=config))
    whole, gan = timed(lambda: ganbridge.fit(frame, seed=1, epochs=11, config=config))
    import torch

    z = torch.randn((20_000, gan.config.latent_dim), generator=torch.Generator().manual_seed(1))
    seconds["calibration"], _ = timed(lambda: calibration_map(gan.specs[0], gan.generator, encoder, z))
    ten_epochs = whole - start_up
    for name, value in seconds.items():
        met = "met" if value < ten_epochs else "MISSED"
        share = f"{value / ten_epochs:.2f} of ten epochs of training ({ten_epochs:.2f} s; gate 1, {met})"
        print(f"{name:12} {value:6.2f} s, {share}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="1,2,3,4,5")
    parser.add_argument("--tables", default=",".join(TABLES), help='names of R data sets; "" for none')
    parser.add_argument("--data", help="a CSV file to compare with its own held-out rows")
    parser.add_argument("--target", default="income-per-year", help="of the file's columns, what trees predict")
    arguments = parser.parse_args()
    if arguments.data:
        holdout.report(arguments.data, arguments.target, [int(seed) for seed in arguments.seeds.split(",")])
        return
    for name in filter(None, arguments.tables.split(",")):
        evaluate(name, [int(seed) for seed in arguments.seeds.split(",")])
    print(f"\na table of {ADULT[0]:,} x {ADULT[1]}, one thread")
    encoding_time()


if __name__ == "__main__":
    main()
