"""The same fit under every launcher that is installed: torchrun, Ray Train's TorchTrainer, Spark's TorchDistributor.

    python benchmarks/launchers.py [torchrun] [ray] [spark] [R]

Each starts two processes on this machine, which call one function; printed are the seconds from start to end (most of
them the launcher's own) and whether its samples are those of one process alone, up to rounding. `R` is torchrun with
Rscript. Ray comes with `pip install "ray[train]"`, Spark with `pip install pyspark` and Java 17.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "python_pkg"))
SETTINGS = {"steps": 60, "batch_size": 256}


def train(config: dict[str, Any]) -> None:
    """What every process runs, whoever has started it; the first one saves."""
    import ganbridge

    gan = ganbridge.fit(rows(), seed=1, config=ganbridge.Config(**SETTINGS))
    if os.environ.get("RANK", "0") == "0":
        gan.save(config["file"])


def rows() -> np.ndarray:
    """Training rows, the same in every process."""
    x = np.random.default_rng(0).standard_normal((2000, 4))
    x[:, 1] += x[:, 0] ** 2
    return x


def alone(file: str) -> None:
    train({"file": file})


def by_torchrun(file: str) -> None:
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import launchers; "
    code += f"launchers.train({{'file': {file!r}}})"
    script = Path(file).with_suffix(".py")
    script.write_text(code, encoding="utf-8")
    run("-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", str(script))


def by_ray(file: str) -> None:
    import ray
    from ray.train import ScalingConfig
    from ray.train.torch import TorchTrainer

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, runtime_env={"env_vars": environment()})
    TorchTrainer(
        train, train_loop_config={"file": file}, scaling_config=ScalingConfig(num_workers=2, use_gpu=False)
    ).fit()
    ray.shutdown()


def by_spark(file: str) -> None:
    from pyspark.ml.torch.distributor import TorchDistributor
    from pyspark.sql import SparkSession

    os.environ.update(environment())
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    TorchDistributor(num_processes=2, local_mode=True, use_gpu=False).run(train, {"file": file})
    spark.stop()


def by_r(file: str) -> None:
    script = Path(file).with_suffix(".R")
    script.write_text(
        f"""
        x <- as.matrix(read.csv({str(Path(file).with_suffix(".csv"))!r}, header = FALSE))
        fit <- ganbridge::gan_fit(unname(x), seed = 1, config = ganbridge::gan_config(steps = {SETTINGS["steps"]},
          batch_size = {SETTINGS["batch_size"]}))
        if (Sys.getenv("RANK") == "0") ganbridge::gan_save(fit, {file!r})
        """,
        encoding="utf-8",
    )
    np.savetxt(Path(file).with_suffix(".csv"), rows(), delimiter=",", fmt="%.17g")
    run("-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", "--no-python", "Rscript", str(script))


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, env=os.environ | environment())


def environment() -> dict[str, str]:
    """One thread for each process, and this checkout."""
    return {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join([str(ROOT / "python_pkg"), str(ROOT / "benchmarks")])}


LAUNCHERS: dict[str, Callable[[str], None]] = {
    "torchrun": by_torchrun,
    "ray": by_ray,
    "spark": by_spark,
    "R": by_r,
}


def main() -> None:
    import ganbridge

    samples, seconds = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for name, launch in {"alone": alone, **{name: LAUNCHERS[name] for name in sys.argv[1:] or LAUNCHERS}}.items():
            file, start = str(Path(folder) / f"{name}.gan"), time.perf_counter()
            try:
                launch(file)
            except ImportError as problem:
                print(f"{name:10} is not installed ({problem})")
                continue
            seconds[name] = time.perf_counter() - start
            samples[name] = ganbridge.load(file).sample(1000, seed=2)
    print(f"{'launcher':10} {'processes':>9} {'seconds':>8} {'largest difference from one process':>36}")
    for name, sample in samples.items():
        difference = np.abs(sample - samples["alone"]).max()
        print(f"{name:10} {1 if name == 'alone' else 2:9} {seconds[name]:8.1f} {difference:36.2g}")
        if difference > 1e-2:
            raise SystemExit(f"{name}: not the same fit")


if __name__ == "__main__":
    import launchers  # by its name, so that Ray and Spark find the function in their processes

    launchers.main()
