#!/usr/bin/env bash
# Puts reticulate >= 1.41 into .r-lib: nothing to do if R has one; otherwise from CRAN, or from Debian's sources.
set -euo pipefail
cd "$(dirname "$0")/.."
export R_LIBS="$PWD/.r-lib${R_LIBS:+:$R_LIBS}"
mkdir -p .r-lib

new_enough() {
  Rscript --vanilla -e 'found <- requireNamespace("reticulate", quietly = TRUE) && packageVersion("reticulate") >= "1.41"' \
    -e 'quit(status = if (found) 0L else 1L)'
}

new_enough && exit 0

echo "setup: installing reticulate into .r-lib"
Rscript tools/reticulate-from-cran.R || true
new_enough && exit 0

echo "setup: not available from CRAN; using Debian's source"
tools/reticulate-from-debian.sh
new_enough && exit 0

echo "setup: reticulate >= 1.41 could not be installed; please install it in R, and start again." >&2
exit 1
