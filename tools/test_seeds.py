"""The statistical tests over seeds and instruction sets: a table of the margins between their values and limits.

tests/python/conftest.py and tests/testthat/helper-limits.R define statistical tests. Fails if a limit was exceeded, or
a test failed for another reason.

    python tools/test_seeds.py [--seeds 10] [--only python|r] [--jobs 2] [--values FOLDER] [-k EXPRESSION]
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The instruction sets that torch, its convolutions, its matrix products and those of NumPy may use
PROCESSORS = {
    "default": {
        "ATEN_CPU_CAPABILITY": "default",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
        "OPENBLAS_CORETYPE": "Nehalem",
    },
    "avx2": {
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        "OPENBLAS_CORETYPE": "Haswell",
    },
    "avx512": {
        "ATEN_CPU_CAPABILITY": "avx512",
        "ONEDNN_MAX_CPU_ISA": "AVX512_CORE",
        "MKL_ENABLE_INSTRUCTIONS": "AVX512",
        "OPENBLAS_CORETYPE": "SkylakeX",
    },
}
FLAGS = {"default": set(), "avx2": {"avx2"}, "avx512": {"avx512f", "avx512bw", "avx512vl", "avx512dq"}}


def processors() -> list[str]:
    """Those of the instruction sets that this machine has; all where it does not say."""
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.exists():
        return list(PROCESSORS)
    here = set(cpuinfo.read_text(encoding="utf-8").split())
    return [name for name, flags in FLAGS.items() if flags <= here]


def run(language: str, processor: str, shift: int, folder: Path, expression: str) -> float:
    """One run of all statistical tests of a language; its values go into a file of the folder. Returns its seconds."""
    start, values = time.monotonic(), folder / f"{language}-{processor}-{shift}.jsonl"
    environment = os.environ | PROCESSORS[processor] | {
        "OMP_NUM_THREADS": "1",
        "GANBRIDGE_TEST_SEED": str(shift),
        "GANBRIDGE_TEST_VALUES": str(values),
    }  # fmt: skip
    pytest = [sys.executable, "-m", "pytest", "--quiet", "-p", "no:cacheprovider", "-m", "statistical", "tests/python"]
    command = {
        "python": [*pytest, "-k", expression] if expression else pytest,
        "r": ["Rscript", "tools/test-r.R", "statistical"],
    }[language]
    values.unlink(missing_ok=True)
    log = values.with_suffix(".log")
    with log.open("w") as output:
        code = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode
    if code:  # whatever failed that no limit says
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        failed = [line for line in lines if line.startswith(("FAILED", "ERROR", "Failure", "Error"))] or lines[-1:]
        with values.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps({"test": f"run {values.stem}", "failed": line}) + "\n" for line in failed)
    return time.monotonic() - start


def collected(folder: Path) -> tuple[dict[tuple[str, str], list[dict[str, float]]], list[str]]:
    """Values by test and name, and what failed without a limit."""
    limits: dict[tuple[str, str], list[dict[str, float]]] = {}
    failures = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if "failed" in entry:
                failures.append(f"{path.stem}: {entry['test']}: {entry['failed']}")
            else:
                test = entry["test"].removeprefix("tests/python/")
                limits.setdefault((test, entry["name"]), []).append(entry)
    return limits, failures


def figure(value: float) -> str:
    return f"{value:.3g}"


def row(entries: list[dict[str, float]]) -> tuple[str, float, float]:
    """Limit, extremes and room of one limit in words; the room itself; and the room in standard deviations."""
    values = [entry["value"] for entry in entries]
    rooms = []
    for entry in entries:
        rooms += [entry["value"] - entry["low"]] if "low" in entry else []
        rooms += [entry["high"] - entry["value"]] if "high" in entry else []
    room, spread = min(rooms), statistics.pstdev(values)
    low, high = (next((figure(entry[side]) for entry in entries if side in entry), "") for side in ("low", "high"))
    limit = f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
    spreads = room / spread if spread > 0 else float("inf")
    words = [limit, f"{figure(min(values))} to {figure(max(values))}", figure(statistics.median(values)), figure(room)]
    return " | ".join([*words, f"{spreads:.1f}" if spread > 0 else "all alike"]), room, spreads


def table(limits: dict[tuple[str, str], list[dict[str, float]]]) -> tuple[list[str], list[str]]:
    """A Markdown table, those with the least room first, and the names of those that were crossed."""
    found = sorted((row(entries), test, name, len(entries)) for (test, name), entries in limits.items())
    found.sort(key=lambda line: line[0][2] if line[0][1] >= 0 else -1.0)
    lines = [
        "| test | value | limit | runs: from, to | median | room | in sd of the runs |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [f"| `{test}` | {name} | {words} |" for (words, _, _), test, name, _ in found]
    return lines, [f"{test}: {name}" for (_, room, _), test, name, _ in found if room < 0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--only", choices=("python", "r"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--values", type=Path, help="where values and logs are kept")
    parser.add_argument("-k", dest="expression", default="", help="as pytest has it; Python's tests only")
    arguments = parser.parse_args()

    languages = [arguments.only] if arguments.only else ["python"] if arguments.expression else ["python", "r"]
    folder = (arguments.values or Path(tempfile.mkdtemp(prefix="ganbridge-seeds-"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    runs = list(itertools.product(languages, range(arguments.seeds), processors()))
    start = time.monotonic()
    with ThreadPoolExecutor(arguments.jobs) as pool:
        done = [pool.submit(run, language, cpu, shift, folder, arguments.expression) for language, shift, cpu in runs]
        for number, ((language, shift, cpu), future) in enumerate(zip(runs, done, strict=True), 1):
            print(f"{number}/{len(runs)} {language} {cpu} seed {shift}: {future.result():.0f} s", file=sys.stderr)

    limits, failures = collected(folder)
    lines, crossed = table(limits)
    print("\n".join(lines))
    minutes = (time.monotonic() - start) / 60
    print(f"\n{len(limits)} limits, {arguments.seeds} seeds on {', '.join(processors())}: {minutes:.0f} min; {folder}")
    for line in [*(f"limit crossed: {name}" for name in crossed), *failures]:
        print(line)
    sys.exit(bool(crossed or failures))


if __name__ == "__main__":
    main()
