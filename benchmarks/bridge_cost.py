"""The overhead of a fit from R compared with one from Python, also if R has loaded its reference BLAS.

    python benchmarks/bridge_cost.py [--repeats 3] [--memory]

--memory measures instead how much memory data of a million rows and 15 columns take on their way from R to the core,
until they are checked: the peak of the process beyond what it held before. The fit then ends with an error.

Each fit runs in a separate process, alternating between the languages; the time is that of the second fit of each
process, measured around the call, so that loading torch is not included. The limit is 5 % + 0.5 s more than from
Python. Processor time is printed as well as wall time, because other programs hardly affect it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PYTHON = """
import sys, time
sys.path.insert(0, {core!r})
import ganbridge
waves = ganbridge.make_waves(seed=1)
fit = lambda steps: ganbridge.fit(waves, kind="wave", seed=1, config=ganbridge.Config({config}steps=steps))
fit(20)
wall, cpu = time.perf_counter(), time.process_time()
fit({steps})
print(time.perf_counter() - wall, time.process_time() - cpu)
"""
R = """
suppressMessages(library(ganbridge))
waves <- get_training_data(seed = 1)
fit <- function(steps) gan_fit(waves, kind = "wave", seed = 1, config = gan_config({config}steps = steps))
invisible(fit(20))
start <- proc.time()
invisible(fit({steps}))
spent <- proc.time() - start
cat(spent[["elapsed"]], spent[["user.self"]] + spent[["sys.self"]], extSoftVersion()[["BLAS"]])
"""
MEMORY = """
suppressMessages(library(ganbridge))
of_process <- function(field) {{
  line <- grep(field, readLines("/proc/self/status"), value = TRUE)
  as.numeric(sub("[^0-9]*([0-9]+).*", "\\\\1", line)) / 1024
}}
columns <- 15
rows <- {rows}
set.seed(1)
values <- {values}
invisible(gan_fit(faithful, seed = 1))
invisible(gc())
before <- of_process("VmRSS")
cat("5", file = "/proc/self/clear_refs") # forget the peak so far
start <- proc.time()
text <- tryCatch(gan_fit(values, condition = {condition}), error = conditionMessage)
spent <- sum((proc.time() - start)[1:2])
stopifnot(grepl("`condition` must", text))
cat(object.size(values) / 2^20, of_process("VmHWM") - before, spent)
"""
DATA = {
    "a data frame of doubles": ("as.data.frame(matrix(runif(rows * columns), rows))", '"nothing"'),
    "a data frame of whole numbers": (
        "as.data.frame(matrix(sample.int(1000L, rows * columns, TRUE), rows))",
        '"nothing"',
    ),
    "a matrix of doubles": ("matrix(runif(rows * columns), rows)", "1:3"),
}
FITS = {
    "waves, default": ("", 4000),
    # Matrix products large enough for a slow BLAS to show, and one epoch to every step.
    "waves, wide layers": ('objective="non_saturating", generator_hidden={w}, discriminator_hidden={w}, ', 400),
}


def run(command: list[str]) -> list[str]:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "RETICULATE_PYTHON": sys.executable}
    environment["R_LIBS"] = os.pathsep.join([str(ROOT / ".r-lib"), environment.get("R_LIBS", "")])
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.split()


def memory(rows: int = 1_000_000) -> None:
    """Peak memory of data on their way from R, beyond the data themselves."""
    print("| what | data | peak above it | in sizes of the data | CPU s |\n| --- | --- | --- | --- | --- |")
    for name, (values, condition) in DATA.items():
        code = MEMORY.format(rows=rows, values=values, condition=condition)
        data, peak, seconds = (float(word) for word in run(["Rscript", "--vanilla", "-e", code]))
        print(f"| {name} | {data:.0f} MB | {peak:.0f} MB | {peak / data:.1f} | {seconds:.2f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    if options.memory:
        memory()
        return
    repeats = options.repeats
    for name, (config, steps) in FITS.items():
        python, r, blas = [], [], ""
        for _ in range(repeats):
            code = PYTHON.format(core=str(ROOT / "python_pkg"), config=config.format(w="(512, 512)"), steps=steps)
            python.append([float(word) for word in run([sys.executable, "-c", code])])
            code = R.format(config=config.format(w="c(512, 512)"), steps=steps)
            *seconds, blas = run(["Rscript", "--vanilla", "-e", code])
            r.append([float(word) for word in seconds])
        print(f"{name}, {steps} steps, median of {repeats}; R's BLAS: {blas}")
        for i, clock in enumerate(("clock", "processor")):
            of_python, of_r = (statistics.median(times[i] for times in side) for side in (python, r))
            allowed = 1.05 * of_python + 0.5
            print(
                f"  {clock:10} Python {of_python:6.2f} s  R {of_r:6.2f} s  {of_r - of_python:+.2f} s ="
                f" {100 * (of_r / of_python - 1):+.1f} %  at most {allowed:.2f} s:"
                f" {'met' if of_r <= allowed else 'MISSED'}"
            )


if __name__ == "__main__":
    main()
