# `make demo` and `make test` install what is missing first.

export R_LIBS := $(CURDIR)/.r-lib$(if $(R_LIBS),:$(R_LIBS))
export RETICULATE_PYTHON := $(CURDIR)/.venv/bin/python
PYTHON_CORE := OMP_NUM_THREADS=1 $(RETICULATE_PYTHON)

.DEFAULT_GOAL := help
.PHONY: help demo test try-install test-seeds setup tools quality bench check check-platforms docs vignettes site clean distclean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## fit waves and a data set from R; writes plots and samples to demo/
	@OMP_NUM_THREADS=1 Rscript tools/demo.R

test: setup ## all checks and tests, of both languages
	@tools/test.sh

test-seeds: setup ## the statistical tests over ten seeds and three instruction sets; some 30 minutes
	@$(PYTHON_CORE) tools/test_seeds.py

setup: tools ## install what is missing: packages by apt, .venv, .r-lib
	@tools/install-r-package.sh

tools: # what setup does, short of this R package itself
	@tools/setup-system.sh
	@tools/setup-python.sh
	@tools/setup-reticulate.sh

bench: setup ## time of a training step, and overhead of R
	$(PYTHON_CORE) benchmarks/step_time.py
	$(PYTHON_CORE) benchmarks/bridge_cost.py

quality: setup ## quality of the default settings
	$(PYTHON_CORE) benchmarks/quality.py

check: setup ## lintr, R CMD build and R CMD check, in .check/
	@tools/check.sh

try-install: setup ## install_ganbridge() into a new environment, and all that needs it; downloads torch
	@tools/try-install.sh $(PIP)

check-platforms: ## all tests with the oldest modules, and on Debian trixie's R and Python; needs root and 4 GB under TMPDIR
	@tools/check-oldest.sh
	@tools/check-platforms.sh

docs: tools ## NAMESPACE and man/ from the comments in r_wrapper/
	@tools/setup-system.sh r-cran-roxygen2 r-cran-pkgload
	@Rscript -e 'roxygen2::roxygenise()'

vignettes: setup ## the vignettes as they are installed, into inst/doc and build; commit them with their sources
	@tools/build-vignettes.sh

site: setup ## the help of both languages and the vignettes as one site, in site/
	@tools/site.sh

clean: ## remove what the targets above wrote, but not the environments
	rm -rf .check demo site build/lib build/bdist* dist python_pkg/*.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find python_pkg tests benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean ## remove the environments, too
	rm -rf .venv .r-lib
