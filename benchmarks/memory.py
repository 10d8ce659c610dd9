"""Peak memory of fits compared with the size of their data: many images, very many levels, long texts, two wide rows.

    python benchmarks/memory.py [--images 60000] [--rows 100000] [--levels 10000] [--texts 1000000] [--fits 1000]

Each part runs in a separate process. Its peak is the maximum memory of the process minus its memory before the fit,
when the data and all libraries are loaded. Fits are ended after --seconds, as by Ctrl-C, because their memory does not
grow any more then.
"""

from __future__ import annotations

import argparse
import datetime
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "python_pkg"))

import ganbridge
from ganbridge import Config
from ganbridge.data import from_python
from ganbridge.encode import TableEncoder

MB = 2.0**20


def held() -> float:
    """Current memory of this process, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / MB


def peak() -> float:
    """Peak memory of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def warm_up() -> None:
    """Load what fits of both kinds need, so that it is not counted."""
    small = Config(steps=2, generator_hidden=[2], discriminator_hidden=[2])
    ganbridge.fit(np.random.default_rng(0).random((20, 8, 8)), kind="image", seed=1, config=small).sample(2)
    import pandas as pd

    ganbridge.fit(pd.DataFrame({"x": list("ab") * 10}), seed=1, config=small).sample(2)


def interrupted(data: object, seconds: int, **options: str) -> ganbridge.FittedGan:
    """A fit with the default settings that Ctrl-C ends."""
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.alarm(seconds)
    gan = ganbridge.fit(data, seed=1, **options)  # type: ignore[arg-type]
    signal.alarm(0)
    return gan


def report(what: str, data: float, before: float, seconds: float) -> None:
    """One row of the table."""
    more = peak() - before
    print(f"| {what} | {data:.0f} MB | {more:.0f} MB | {more / data:.1f} | {seconds:.0f} |", flush=True)


def images(options: argparse.Namespace) -> None:
    """Grey images of 28 x 28, as bytes."""
    warm_up()
    data = np.random.default_rng(0).integers(0, 256, (options.images, 28, 28), dtype=np.uint8)
    before, start = held(), time.perf_counter()
    interrupted(data, options.seconds, kind="image").sample(1000, seed=1)
    what = f"{options.images:,} images of 28 x 28 bytes, fit and sample"
    report(what, data.nbytes / MB, before, time.perf_counter() - start)


def frame(rows: int, levels: int) -> object:
    """A factor with the given number of levels, and two columns of numbers."""
    import pandas as pd

    rng = np.random.default_rng(0)
    codes = np.concatenate([np.arange(levels), (levels * rng.random(rows - levels) ** 3).astype(np.int64)])
    kind = pd.Categorical.from_codes(codes, [f"level {i}" for i in range(levels)])
    return pd.DataFrame({"kind": kind, "x": rng.normal(size=rows), "n": rng.poisson(3, rows)})


def encoding(options: argparse.Namespace) -> None:
    """Encode and decode the frame."""
    warm_up()
    rows, levels = options.rows, options.levels
    data = from_python(frame(rows, levels))
    size = sum(column.values.nbytes for column in data.columns) / MB
    before, start = held(), time.perf_counter()
    rng = np.random.default_rng(0)
    encoder = TableEncoder.fit(data, "quantile", 0.0)  # type: ignore[arg-type]
    encoder.decode(encoder.encode(data, rng), rng)
    what = f"{rows:,} rows of a factor of {levels:,} levels and two numbers, encoded in {encoder.width} and decoded"
    report(what, size, before, time.perf_counter() - start)


def table(options: argparse.Namespace) -> None:
    """Fit the frame, and sample as many rows."""
    warm_up()
    data = frame(options.rows, options.levels)
    size = 24.0 * options.rows / MB  # the three columns as doubles
    before, start = held(), time.perf_counter()
    interrupted(data, options.seconds).sample(options.rows, seed=1)
    report("the same, fit and sample of as many rows", size, before, time.perf_counter() - start)


def texts(options: argparse.Namespace) -> None:
    """Fit a column of distinct long texts beside a number, and sample as many rows."""
    import pandas as pd

    warm_up()
    rng = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz "))
    notes = ["".join(letters[rng.integers(0, 27, 80)]) + str(row) for row in range(options.texts)]
    data = pd.DataFrame({"note": notes, "x": rng.normal(size=options.texts)})
    size = float(data.memory_usage(deep=True).sum()) / MB
    before, start = held(), time.perf_counter()
    new = interrupted(data, 10 * options.seconds).sample(options.texts, seed=1)
    if new["note"].isin(notes).any():
        raise AssertionError("a text of the data is in the sample")
    what = f"{options.texts:,} distinct texts of 80 characters and a number, fit and sample of as many rows"
    report(what, size, before, time.perf_counter() - start)


def wide(options: argparse.Namespace) -> None:
    """Fit two rows of 10,000 columns, the fewest that are taken, and sample ten."""
    import pandas as pd

    warm_up()
    data = pd.DataFrame(np.random.default_rng(0).normal(size=(2, 10_000)), columns=[f"v{i}" for i in range(10_000)])
    before, start = held(), time.perf_counter()
    interrupted(data, options.seconds).sample(10, seed=1)
    report(
        "2 rows of 10,000 columns, fit and sample of 10 rows",
        data.to_numpy().nbytes / MB,
        before,
        time.perf_counter() - start,
    )


def many(options: argparse.Namespace) -> None:
    """Fit again and again in one process; after the first hundred, memory must not grow."""
    import pandas as pd

    warm_up()
    rng = np.random.default_rng(0)
    data = pd.DataFrame({"x": rng.normal(size=60), "y": rng.normal(size=60), "k": list("abc") * 20})
    small = Config(steps=5, generator_hidden=[8], discriminator_hidden=[8])
    start, after = time.perf_counter(), 0.0
    for fit in range(options.fits):
        ganbridge.fit(data, seed=fit, config=small if fit % 2 else None).sample(10)
        if fit == options.fits // 10:
            after = held()
    seconds = time.perf_counter() - start
    print(
        f"| {options.fits:,} fits of a table of 60 x 3, networks and mixtures in turn: growth after the first tenth"
        f" | {data.memory_usage(deep=True).sum() / MB:.2f} MB | {held() - after:.1f} MB | | {seconds:.0f} |",
        flush=True,
    )


PARTS = {"images": images, "encoding": encoding, "table": table, "texts": texts, "wide": wide, "many": many}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=60_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--levels", type=int, default=10_000)
    parser.add_argument("--texts", type=int, default=1_000_000)
    parser.add_argument("--fits", type=int, default=1000)
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=int, default=40)
    options = parser.parse_args()
    if options.part:
        PARTS[options.part](options)
    else:
        print(
            "| what | data | peak above it | in sizes of the data | seconds |\n| --- | --- | --- | --- | --- |",
            flush=True,
        )
        for part in PARTS:
            subprocess.run([sys.executable, __file__, *sys.argv[1:], "--part", part], check=True)
        print(datetime.date.today())


if __name__ == "__main__":
    main()
