"""CTGAN from PyPI on a table file, beside the default fit: the same split, the same measures, in one run.

    python benchmarks/peers.py --data PATH [--epochs 300] [--environment FOLDER] [--target COLUMN]

CTGAN (Xu et al. 2019) is installed into a virtual environment of its own, which is made if the folder has none; it
needs a package index. It runs with its default settings on one thread. Figures of papers and of arf stand in tables.py.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "python_pkg")]

import holdout
import pandas as pd

REQUIREMENTS = ("torch==2.13.0", "ctgan")
FIT = """
import json, sys, time
import pandas as pd, torch
from importlib.metadata import version
from ctgan import CTGAN
torch.set_num_threads(1)
torch.manual_seed(1)
folder, epochs, categories = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
train = pd.read_csv(folder + "/train.csv", keep_default_na=False)
start = time.process_time()
model = CTGAN(epochs=epochs, verbose=True, **({"enable_gpu": False} if version("ctgan") >= "0.11" else {"cuda": False}))
model.fit(train, categories)
fitted = time.process_time()
model.sample(len(train)).to_csv(folder + "/made.csv", index=False)
print(json.dumps({"version": version("ctgan"), "fit": fitted - start, "sample": time.process_time() - fitted}))
"""


def environment(folder: Path) -> Path:
    """The Python of CTGAN's environment, which is made if it is not there yet."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
    return python


def ctgan(python: Path, train: pd.DataFrame, categories: list[str], epochs: int) -> tuple[pd.DataFrame, str, float]:
    """Generated rows, the version, and processor seconds of fit and sample."""
    with tempfile.TemporaryDirectory() as folder:
        train.to_csv(Path(folder) / "train.csv", index=False)
        command = [str(python), "-c", FIT, folder, str(epochs), json.dumps(categories)]
        env = os.environ | {"OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
        said = json.loads(done.stdout.strip().splitlines()[-1])
        made = pd.read_csv(Path(folder) / "made.csv", keep_default_na=False)
    return made.astype(train.dtypes.to_dict()), said["version"], said["fit"] + said["sample"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--target", default="income-per-year")
    parser.add_argument("--epochs", type=int, default=300)
    parser.add_argument("--environment", default=str(Path(tempfile.gettempdir()) / "ganbridge-peers"))
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    train, held_out = holdout.split(options.data)
    categories = [name for name in train if holdout.is_category(train[name])]
    seconds, made = holdout.default(train, 1)
    print(holdout.HEADER, flush=True)
    print(holdout.row("default, seed 1", seconds, train, held_out, made, categories, options.target), flush=True)
    made, version, peers = ctgan(environment(Path(options.environment)), train, categories, options.epochs)
    words = f"CTGAN {version}, {options.epochs} epochs ({peers / seconds:.0f} times as long)"
    print(holdout.row(words, peers, train, held_out, made, categories, options.target), flush=True)


if __name__ == "__main__":
    main()
