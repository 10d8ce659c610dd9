"""Planted secrets: names, addresses, card and phone numbers and an income of 10^7 in 1,000 rows, looked for everywhere.

    python benchmarks/planted.py [--rows 1000000]

For a mixture, for networks and for conditional networks with a trace: how many of the secrets are in the file (as text,
UTF-16, float32, float64, int64), in what the fit prints, and in a sample.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "python_pkg"), str(HERE.parent / "tests" / "python")]

import numpy as np
from test_identifiers import NAMING, SECRET, people

import ganbridge

FITS = {
    "mixture": {},
    "networks, trace": {"epochs": 20, "trace": 5},
    "conditional": {"epochs": 20, "trace": 5, "condition": ["sex", "income"]},
}


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    data = people(1000, seed=5)
    data.loc[77, "income"] = SECRET
    print(f"| fit | secrets in the file | printed | in {rows:,} rows | repeated | largest income | CPU s |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, arguments in FITS.items():
        start = time.process_time()
        gan = ganbridge.fit(data, seed=1, **arguments)
        stored, sample = gan.to_bytes(), gan.sample(rows, seed=2)
        printed = "\n".join([str(gan), *gan.messages, *gan.diagnosis, json.dumps(gan.schema)])
        numbers = [*data["phone"].tolist(), SECRET]
        texts = [*data["name"], *data["mail"], *data["card"], *map(str, numbers)]
        in_file = sum(text.encode(code) in stored for text in texts for code in ("utf-8", "utf-16-le"))
        in_file += sum(np.array([n], form).tobytes() in stored for n in numbers for form in ("<f4", "<f8", "<i8"))
        in_sample = sum(int(sample[column].isin(data[column]).sum()) for column in NAMING)
        repeated = sum(int(sample[column].duplicated().sum()) for column in NAMING)
        print(
            f"| {name} | {in_file} | {sum(text in printed for text in texts)} | {in_sample} | {repeated} |"
            f" {sample['income'].max():,.0f} | {time.process_time() - start:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
