#!/usr/bin/env bash
# Runs Python's tests with the oldest versions that pyproject.toml allows, in an environment of its own. The oldest torch is
# Debian trixie's, which check-platforms.sh has.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=$(mktemp -d)
trap 'rm -rf "$environment"' EXIT

echo "check-oldest: making an environment in $environment"
"${PYTHON:-python3}" -m venv "$environment"
# name>=version of the packages and of all extras, as name==version
"$environment/bin/python" - >"$environment/oldest.txt" <<'PYTHON'
import tomllib
project = tomllib.load(open("pyproject.toml", "rb"))["project"]
wanted = [entry.split(";")[0] for entry in project["dependencies"] + sum(project["optional-dependencies"].values(), [])]
print(*(entry.replace(">=", "==") for entry in wanted if not entry.startswith("torch")), sep="\n")
PYTHON
# pandas 2.0 reads zones with a dateutil of its time only.
{
  echo 'python-dateutil==2.8.2'
  grep -E '^(torch|polars|duckdb|pytest|pytest-xdist|hypothesis)==' requirements-dev.txt
} >>"$environment/oldest.txt"
"$environment/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$environment/oldest.txt"
"$environment/bin/python" -m pip list --format freeze | grep -E '^(torch|numpy|pandas|scipy|scikit-learn|matplotlib|pillow|Jinja2|safetensors)==' | paste -sd ' '

env OMP_NUM_THREADS=1 MPLBACKEND=Agg PYTHONPATH=python_pkg \
  "$environment/bin/python" -m pytest --quiet --numprocesses 2 --dist loadgroup -p no:cacheprovider tests/python &&
  echo "check-oldest: passed" || { echo "check-oldest: FAILED"; exit 1; }
