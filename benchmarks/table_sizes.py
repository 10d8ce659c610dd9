"""How fits of tables grow with their size: time, peak memory against the data's, and quality.

    python benchmarks/table_sizes.py [--parts tall,wide,...] [--scale 1.0] [--r]

Each part makes its data by a fixed seed and runs in a separate process:

- tall: 1,000,000 rows x 15 columns, numbers and categories that depend on each other; as many rows are sampled;
- hundred: 10,000 rows x 100 columns of numbers and categories;
- wide: 500 rows x 1,000 columns, most of them numbers;
- levels: 50,000 rows of a column of 5,000 levels that goes with a number and with a category;
- small: 400 rows x 11 columns of numbers.

Memory is the peak of the process less what it held before the fit, when data and libraries were loaded; the data's
size is that of its columns as doubles. `--scale` multiplies the rows, for a quick look. With `--r`, the tall fit is
saved and its rows are sampled into an R data.frame, too (the installed R package is found by `R_LIBS`).
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python_pkg"))

import numpy as np
import pandas as pd

import ganbridge

MB = 2.0**20
MOST_COMPARED = 200  # columns of numbers whose correlations are compared


def held() -> float:
    """Current memory of this process, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / MB


def forget_peak() -> None:
    """The peak so far was that of making the data (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def peak() -> float:
    """Peak memory of this process since then, in megabytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) / 1024.0 for line in lines if line.startswith("VmHWM"))


def categories(codes: np.ndarray, levels: int, prefix: str) -> pd.Categorical:
    """Codes as a pandas categorical."""
    return pd.Categorical.from_codes(codes, [f"{prefix}{i}" for i in range(levels)])


def mixed(rows: int, numbers: int, columns: int, seed: int = 0) -> pd.DataFrame:
    """Numbers and categories of four factors, in six groups of rows: skewed, rounded, with spikes, missing values."""
    rng = np.random.default_rng(seed)
    group = rng.choice(6, rows, p=[0.3, 0.25, 0.2, 0.12, 0.08, 0.05])
    factors = rng.standard_normal((rows, 4)) * (0.5 + 0.2 * group[:, None]) + rng.standard_normal((6, 4))[group]
    data: dict[str, Any] = {}
    for j in range(numbers):
        x = factors @ rng.standard_normal(4) + 0.7 * rng.standard_normal(rows)
        shape = j % 5
        if shape == 1:
            x = np.exp(0.5 * x)
        elif shape == 2:
            x = np.rint(10.0 * x)
        elif shape == 3:
            x = np.where(x < 0.5, 0.0, np.round(100.0 * x, 1))
        elif shape == 4:
            x = np.where(rng.random(rows) < 0.02 + 0.1 * (group == 2), np.nan, x)
        data[f"number {j}"] = x
    for j in range(columns - numbers):
        levels = (2, 3, 5, 9, 16, 40, 2, 4)[j % 8]
        score = factors @ rng.standard_normal((4, levels)) + 2.0 * rng.gumbel(size=(rows, levels))
        data[f"levels {j}"] = categories(score.argmax(1), levels, "level ")
    return pd.DataFrame(data)


def wide(rows: int) -> pd.DataFrame:
    """A thousand columns, as measurements have them: blocks that share factors, and some categories."""
    rng = np.random.default_rng(1)
    factors = rng.standard_normal((rows, 20))
    group = rng.integers(0, 3, rows)
    data: dict[str, Any] = {"group": categories(group, 3, "group ")}
    for j in range(979):
        own = factors[:, [j % 20, (j // 20) % 20]] @ rng.uniform(0.3, 1.0, 2)
        x = own + 0.7 * rng.standard_normal(rows) + (1.5 * (group == j % 3) if j % 10 == 0 else 0.0)
        data[f"number {j}"] = np.exp(0.3 * x) if j % 4 == 0 else x
    for j in range(20):
        data[f"levels {j}"] = categories((factors[:, j] + rng.standard_normal(rows) > 0).astype(int), 2, "level ")
    return pd.DataFrame(data)


def linked(rows: int) -> pd.DataFrame:
    """5,000 levels, each with a mean of its own of a number and a category of its own."""
    rng = np.random.default_rng(2)
    level = np.concatenate([np.arange(5_000), rng.integers(0, 5_000, max(0, rows - 5_000))])[:rows]
    rng.shuffle(level)
    center, region = rng.standard_normal(5_000), rng.integers(0, 12, 5_000)
    return pd.DataFrame(
        {
            "level": categories(level, 5_000, "place "),
            "number": center[level] + 0.3 * rng.standard_normal(len(level)),
            "region": categories(region[level], 12, "region "),
            "other": rng.standard_normal(len(level)),
        }
    )


def small(rows: int) -> pd.DataFrame:
    """Eleven columns of numbers, some of them whole."""
    return mixed(rows, 9, 11, seed=3)


def explained(number: pd.Series, level: pd.Series) -> float:
    """Share of variance of a number that a level explains, less what chance explains."""
    x, codes = number.to_numpy(float), level.astype("category").cat.codes.to_numpy()
    keep = np.isfinite(x) & (codes >= 0)
    x, codes = x[keep], codes[keep]
    count = np.bincount(codes)
    mean = np.bincount(codes, x) / np.maximum(count, 1)
    groups = int((count > 0).sum())
    within = ((x - mean[codes]) ** 2).sum() / max(1, len(x) - groups)
    return float(1.0 - within / x.var())


def quality(real: pd.DataFrame, made: pd.DataFrame, held_out: pd.DataFrame) -> str:
    """Correlations against held-out rows beside those of the training rows, and shares of levels."""
    names = list(real.select_dtypes("number"))[:MOST_COMPARED]
    words = []
    if len(names) > 1:
        above = np.triu_indices(len(names), 1)
        truth, of_made, of_real = (
            x[names].corr("spearman", min_periods=10).to_numpy()[above] for x in (held_out, made, real)
        )
        words.append(
            f"correlations off by {np.nanmean(np.abs(of_made - truth)):.4f}"
            f" (training rows {np.nanmean(np.abs(of_real - truth)):.4f})"
        )
    off = [
        float((made[c].value_counts(normalize=True) - real[c].value_counts(normalize=True)).abs().max())
        for c in real.select_dtypes("category")
    ]
    if off:
        words.append(f"shares of levels off by at most {max(off):.4f}")
    cross = []
    for a, b in itertools.islice(itertools.product(real.select_dtypes("category"), names), MOST_COMPARED):
        cross.append(abs(explained(made[b], made[a]) - explained(real[b], real[a])))
    if cross:
        words.append(f"variance that levels explain off by {np.mean(cross):.4f}")
    return ", ".join(words)


PARTS: dict[str, tuple[int, Callable[[int], pd.DataFrame]]] = {
    "tall": (1_000_000, lambda rows: mixed(rows, 6, 15)),
    "hundred": (10_000, lambda rows: mixed(rows, 60, 100, seed=4)),
    "wide": (500, wide),
    "levels": (50_000, linked),
    "small": (400, small),
}

R_CODE = """
library(ganbridge)
fit <- gan_load(Sys.getenv("GAN_FILE")); n <- as.integer(Sys.getenv("GAN_ROWS"))
invisible(gan_sample(fit, 10, seed = 1))
start <- proc.time(); x <- gan_sample(fit, n, seed = 1); took <- proc.time() - start
cat(sprintf("%.1f s (processor %.1f s), %d rows x %d", took[["elapsed"]], took[["user.self"]] + took[["sys.self"]],
  nrow(x), ncol(x)))
"""


def into_r(gan: ganbridge.FittedGan, rows: int) -> str:
    """Time that R's gan_sample() needs for a data.frame of so many rows."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "fit.gan")
        gan.save(path)
        env = os.environ | {"GAN_FILE": path, "GAN_ROWS": str(rows)}
        env.setdefault("RETICULATE_PYTHON", sys.executable)
        done = subprocess.run(["Rscript", "-e", R_CODE], env=env, capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else f"not measured: {done.stderr[-200:]}"


def measure(name: str, scale: float, with_r: bool) -> None:
    """One row of the table."""
    rows, make = PARTS[name]
    rows = max(200, int(scale * rows))
    both = make(min(2 * rows, rows + 100_000))
    real, held_out = both[:rows].reset_index(drop=True), both[rows:].reset_index(drop=True)
    size = 8.0 * real.size / MB
    ganbridge.fit(small(200), seed=1, progress=False).sample(10, seed=1)  # libraries are loaded
    forget_peak()
    before, wall, cpu = held(), time.perf_counter(), time.process_time()
    gan = ganbridge.fit(real, seed=1, progress=False)
    fit_wall, fit_cpu, fit_peak = time.perf_counter() - wall, time.process_time() - cpu, peak() - before
    wall, cpu = time.perf_counter(), time.process_time()
    made = gan.sample(max(rows, 5_000), seed=1)
    wall, cpu, memory = time.perf_counter() - wall, time.process_time() - cpu, peak() - before
    in_r = f"; into R: {into_r(gan, rows)}" if with_r and name == "tall" else ""
    cells = [
        f"{name}: {rows:,} x {real.shape[1]}",
        f"{size:.1f} MB",
        f"{fit_wall:.1f} ({fit_cpu:.1f})",
        f"{wall:.1f} ({cpu:.1f}) for {len(made):,}{in_r}",
        f"{fit_peak:.0f} MB, {memory:.0f} MB with the sample",
        quality(real, made, held_out),
    ]
    print("| " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--r", action="store_true", help="sample the tall fit into an R data.frame, too")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        measure(options.part, options.scale, options.r)
        return
    print("| table | data | fit s (processor) | sample s (processor) | peak memory above the start | quality |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    for part in options.parts.split(","):
        subprocess.run([sys.executable, __file__, *sys.argv[1:], "--part", part], check=True)
    print(datetime.date.today())


if __name__ == "__main__":
    main()
