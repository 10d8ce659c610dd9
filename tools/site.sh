#!/usr/bin/env bash
# The help of both languages and the vignettes as one site, in site/; fails if a link within it is dead.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/setup-system.sh r-cran-pkgdown
export OMP_NUM_THREADS=1 MPLBACKEND=Agg
Rscript tools/site.R
PYTHONPATH=python_pkg "${RETICULATE_PYTHON:-.venv/bin/python}" tools/python_reference.py site/python
"${RETICULATE_PYTHON:-.venv/bin/python}" tools/site_search.py site
"${RETICULATE_PYTHON:-.venv/bin/python}" tools/check_links.py site
