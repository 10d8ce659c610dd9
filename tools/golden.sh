#!/usr/bin/env bash
# Compares golden hashes of this checkout with those of a commit, in Python and in R. Prints the lines that differ.
# Usage: tools/golden.sh COMMIT
set -euo pipefail
cd "$(dirname "$0")/.."
commit=${1:?usage: tools/golden.sh COMMIT}
export OMP_NUM_THREADS=1
python=$PWD/.venv/bin/python
here=$PWD

folder=$(mktemp -d)
leave() {
  git worktree remove --force "$folder/before" 2>/dev/null || true
  rm -rf "$folder"
}
trap leave EXIT
git worktree add --quiet --detach "$folder/before" "$commit"

hashes() { # of the checkout $1, into $2
  PYTHONPATH=$1/python_pkg "$python" tools/golden.py >"$2"
  mkdir -p "$2.lib"
  R_LIBS="$here/.r-lib" R CMD INSTALL --no-multiarch --no-docs --library="$2.lib" "$1" >/dev/null 2>&1
  R_LIBS="$2.lib:$here/.r-lib" RETICULATE_PYTHON=$python PYTHONPATH=$1/python_pkg Rscript tools/golden.R >>"$2"
}
hashes "$folder/before" "$folder/before.txt"
hashes "$here" "$folder/after.txt"

if diff "$folder/before.txt" "$folder/after.txt"; then
  echo "golden: $(wc -l <"$folder/after.txt") hashes are the same as at $commit"
else
  echo "golden: these hashes differ from those at $commit" >&2
  exit 1
fi
