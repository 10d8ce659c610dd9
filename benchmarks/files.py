"""Files larger than memory: a Parquet file to a model to a million rows, by the command line, in time and memory.

Usage: python benchmarks/files.py [ROWS [FOLDER]]    (10,000,000 rows of 10 columns, in a temporary folder)
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

PART, SAMPLED = 500_000, 1_000_000
CITIES = {"Rome": "Italy", "Oslo": "Norway", "Bonn": "Germany", "Lyon": "France"}
FIGURES = "{what:<28} {rows:>12,} rows {wall:8.1f} s {cpu:8.1f} CPU s {memory:7.0f} MB"


def part(rows: int, seed: int) -> pd.DataFrame:
    """Ten columns: categories, counts, skewed numbers, missing values, dates of which one is not before the other."""
    rng = np.random.default_rng(seed)
    sex = rng.choice(["f", "m"], rows)
    height = np.round(165 + 8 * (sex == "m") + 6 * rng.standard_normal(rows), 1)
    height[rng.random(rows) < 0.1] = np.nan
    start = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1000, rows), unit="D")
    city = rng.choice(list(CITIES), rows, p=[0.5, 0.3, 0.15, 0.05])
    return pd.DataFrame(
        {
            "sex": sex,
            "age": rng.integers(18, 90, rows),
            "height": height,
            "start": start,
            "end": start + pd.to_timedelta(rng.integers(0, 60, rows), unit="D"),
            "city": city,
            "country": pd.Series(city).map(CITIES),
            "smoker": rng.random(rows) < 0.2 + 0.1 * (sex == "m"),
            "income": np.exp(rng.normal(10, 0.5, rows)),
            "visits": rng.poisson(3, rows),
        }
    )


def generate(path: Path, rows: int) -> None:
    """Write a file of so many rows, part by part."""
    schema = pa.Schema.from_pandas(part(2, 0), preserve_index=False)
    with parquet.ParquetWriter(path, schema) as out:
        for start in range(0, rows, PART):
            table = pa.Table.from_pandas(part(min(PART, rows - start), start), schema, preserve_index=False)
            out.write_table(table, row_group_size=100_000)


def run(what: str, rows: int, *arguments: str) -> None:
    """Run a command, and print its time and its largest memory."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "ganbridge", *arguments, "--quiet", "--json"])
    most = 0.0
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
            most = max(most, float(status.partition("VmHWM:")[2].split()[0]) / 1024.0)
        except (OSError, IndexError):
            pass
        time.sleep(0.2)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(FIGURES.format(what=what, rows=rows, wall=time.perf_counter() - start, cpu=cpu, memory=most), flush=True)
    if process.returncode:
        sys.exit(process.returncode)


def main() -> None:
    rows = int(sys.argv[1].replace("_", "").replace(",", "")) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else temporary)
        data, model, new = (str(folder / name) for name in ("people.parquet", "people.gan", "new.parquet"))
        if not Path(data).exists():
            generate(Path(data), rows)
        print(f"{data}: {Path(data).stat().st_size / 2**20:,.0f} MB")
        run("Parquet to model", rows, "fit", data, "--seed", "1", "--out", model)
        run("model to Parquet", SAMPLED, "sample", model, "-n", str(SAMPLED), "--seed", "2", "--out", new)


if __name__ == "__main__":
    main()
