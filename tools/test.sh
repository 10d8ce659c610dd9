#!/usr/bin/env bash
# Runs every check and every test, says at the end which passed, and fails if one of them did.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
export OMP_NUM_THREADS=1 MPLBACKEND=Agg NOT_CRAN=true

summary=()
failed=0
check() {
  local name=$1 start=$SECONDS result=passed
  shift
  printf '\n== %s\n' "$name"
  "$@" || { result=FAILED; failed=1; }
  summary+=("$(printf '%-7s %4d s  %s' "$result" $((SECONDS - start)) "$name")")
}

# The browser that opens a report; without one, that test is skipped.
tools/setup-system.sh chromium || echo "test: there is no Chromium; reports are not opened in a browser" >&2

# in full: under rpy2, reticulate takes a relative path to Python for a library of that name
bin=$PWD/.venv/bin
check 'Python style (ruff check)' "$bin/ruff" check
check 'Python format (ruff format)' "$bin/ruff" format --check
check 'Python types (mypy)' "$bin/mypy"
check 'Python tests' "$bin/python" -m pytest --quiet tests/python
check 'R tests' Rscript tools/test-r.R
check 'tests of both in one process' "$bin/python" -m pytest --quiet tests/cross

printf '\n'
printf '%s\n' "${summary[@]}"
exit $failed
