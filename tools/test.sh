#!/usr/bin/env bash
# Runs all checks and tests, prints at the end which passed, and fails if one did not.
# Python's tests run in two workers, and everything else in parallel to them, one after the other.
set -uom pipefail # -m: what runs in the background has a group of its own, and is ended as one
cd "$(dirname "$0")/.." || exit
export OMP_NUM_THREADS=1 MPLBACKEND=Agg NOT_CRAN=true

# The browser that opens a report; without one, that test is skipped.
tools/setup-system.sh chromium || echo "test: Chromium is not installed; reports are not opened in a browser" >&2

# in full: under rpy2, reticulate takes a relative path to Python for a library of that name
bin=$PWD/.venv/bin
logs=$(mktemp -d)
lanes=()
end() {
  for lane in "${lanes[@]}"; do kill -- "-$lane" 2>/dev/null; done
  rm -rf "$logs"
}
trap end EXIT
trap 'exit 130' INT TERM

# The output of a check is written to a file, so that outputs are not mixed, and its status to another.
check() {
  local number=$1 name=$2 start=$SECONDS result=passed
  shift 2
  printf '\n== %s\n' "$name" >"$logs/$number"
  "$@" >>"$logs/$number" 2>&1 </dev/null || result=FAILED
  printf '%-7s %4d s  %s\n' "$result" $((SECONDS - start)) "$name" >"$logs/$number.ending"
  mv "$logs/$number.ending" "$logs/$number.ended"
}

check 4 'Python tests' "$bin/python" -m pytest --quiet --numprocesses 2 --dist loadgroup tests/python &
lanes+=($!)
{
  check 1 'Python style (ruff check)' "$bin/ruff" check
  check 2 'Python format (ruff format)' "$bin/ruff" format --check
  check 3 'Python types (mypy)' "$bin/mypy"
  check 5 'R tests' Rscript tools/test-r.R
  check 6 'tests of both in one process' "$bin/python" -m pytest --quiet tests/cross
} &
lanes+=($!)

# One after the other, in the order of their numbers, each as soon as it can be.
for number in 1 2 3 4 5 6; do
  until [[ -e $logs/$number.ended ]] || ! kill -0 "${lanes[@]}" 2>/dev/null; do sleep 0.5; done
  [[ ! -e $logs/$number ]] || cat "$logs/$number"
done
wait

printf '\n'
failed=0
for number in 1 2 3 4 5 6; do
  cat "$logs/$number.ended" || failed=1
  ! grep --quiet '^FAILED' "$logs/$number.ended" || failed=1
done
printf '\n%d s in all\n' "$SECONDS"
exit $failed
