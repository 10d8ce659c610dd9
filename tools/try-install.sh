#!/usr/bin/env bash
# Sets Python up as a user does, with install_ganbridge() into a new environment that is removed at the end, and runs what
# needs each of its modules in a fresh R. Arguments are passed to pip: `tools/try-install.sh torch==2.13.0`.
# PYTHON=... names the Python that the environment is made from.
# It downloads torch (some hundred megabytes), takes minutes and is no part of `make test`.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/install-r-package.sh
export R_LIBS="$PWD/.r-lib${R_LIBS:+:$R_LIBS}" OMP_NUM_THREADS=1
unset RETICULATE_PYTHON VIRTUAL_ENV
RETICULATE_VIRTUALENV_ROOT=$(mktemp -d)
export RETICULATE_VIRTUALENV_ROOT
trap 'rm -rf "$RETICULATE_VIRTUALENV_ROOT"' EXIT
cd "$RETICULATE_VIRTUALENV_ROOT"

Rscript --vanilla - "$@" <<'R'
library(ganbridge)
options <- commandArgs(TRUE)
before <- gan_sitrep()
stopifnot(before$state == "download", !gan_available())
refused <- tryCatch(gan_fit(faithful), error = identity)
stopifnot(inherits(refused, "ganbridge_python_missing"), grepl("install_ganbridge", conditionMessage(refused)))
python <- if (nzchar(Sys.getenv("PYTHON"))) Sys.getenv("PYTHON")
if (length(options) > 0) install_ganbridge(python, pip_options = options) else install_ganbridge(python, torch = "cpu")
R

Rscript --vanilla - <<'R'
library(ganbridge)
report <- gan_sitrep()
stopifnot(report$state == "ready", NROW(report$missing) == 0, report$how == "install_ganbridge()")
stopifnot(gan_available(evaluate = TRUE))
fit <- gan_fit(faithful, epochs = 5, seed = 1, trace = 1)
print(gan_evaluate(fit, faithful, target = "waiting"))
stopifnot(file.exists(gan_report(fit, faithful, tempfile(fileext = ".html"))))
stopifnot(file.exists(animate_training(fit, tempfile(fileext = ".gif"), faithful)))
stopifnot(gan_available(), nrow(gan_sample(gan_fit(iris, seed = 1))) == 150)
cat("install_ganbridge() installed what every function needs.\n")
R
