#!/usr/bin/env bash
# Installs the Debian packages that R and Python need, and those named as arguments. Does nothing if all are installed.
set -euo pipefail

packages=(
  python3 python3-venv libpython3-dev
  r-base-core r-base-dev pandoc qpdf
  r-cran-cli r-cran-ggplot2 r-cran-knitr r-cran-rmarkdown r-cran-testthat r-cran-withr
  # imports of reticulate
  r-cran-here r-cran-jsonlite r-cran-matrix r-cran-png r-cran-rappdirs r-cran-rcpp r-cran-rcpptoml r-cran-rlang
  "$@"
)

if ! command -v apt-get >/dev/null; then
  for program in R python3 pandoc; do
    command -v "$program" >/dev/null || { echo "setup: $program is missing, and there is no apt-get to install it with." >&2; exit 1; }
  done
  exit 0
fi

installed=$(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
  grep -qxF "installed $package" <<<"$installed" || missing+=("$package")
done
((${#missing[@]})) || exit 0

sudo=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || { echo "setup: please install these packages as root: ${missing[*]}" >&2; exit 1; }
  sudo=(sudo)
fi
echo "setup: installing ${missing[*]}"
"${sudo[@]}" apt-get --quiet --quiet update
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet --yes install --no-install-recommends "${missing[@]}" >/dev/null
