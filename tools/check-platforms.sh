#!/usr/bin/env bash
# Runs the tests with other versions, those of Debian trixie (R 4.5, Python 3.13, torch 2.6), in a separate root.
set -euo pipefail
cd "$(dirname "$0")/.."

((EUID == 0)) || { echo "check-platforms: please run this as root; it makes a Debian root and enters it." >&2; exit 1; }
tools/setup-system.sh debootstrap

packages=(
  python3-torch python3-numpy python3-pandas python3-matplotlib python3-safetensors python3-sklearn
  python3-pytest python3-hypothesis python3-rpy2 libpython3.13 libopenblas0-pthread pandoc
  r-base-core r-cran-reticulate r-cran-cli r-cran-ggplot2 r-cran-testthat r-cran-withr r-cran-knitr r-cran-rmarkdown
)

root=$(mktemp -d)
chmod 755 "$root"
leave() {
  ! mountpoint --quiet "$root/proc" || umount "$root/proc"
  rm -rf --one-file-system "$root"
}
trap leave EXIT

echo "check-platforms: making Debian trixie in $root"
debootstrap --variant=minbase trixie "$root" "$(tools/debian-mirror.sh)" >"$root.log" || { cat "$root.log" >&2; exit 1; }
rm "$root.log"
mount -t proc proc "$root/proc"
cp /etc/resolv.conf /etc/hosts "$root/etc/"

inside() {
  chroot "$root" env --ignore-environment PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive OMP_NUM_THREADS=1 MPLBACKEND=Agg NOT_CRAN=true \
    RETICULATE_PYTHON=/usr/bin/python3 PYTHONPATH=/ganbridge/python_pkg "$@"
}
inside apt-get --quiet --quiet update
inside apt-get --quiet --quiet --yes install --no-install-recommends "${packages[@]}" >/dev/null

mkdir "$root/ganbridge"
tar --create --exclude=./.venv --exclude=./.r-lib --exclude=./.check --exclude=./.git . | tar --extract --directory "$root/ganbridge"
inside R CMD INSTALL --no-docs /ganbridge

failed=0
inside Rscript -e 'cat(R.version.string, "\n")' -e 'packageVersion("reticulate")'
inside env --chdir=/ganbridge /usr/bin/python3 -m pytest --quiet tests/python || failed=1
inside env --chdir=/ganbridge Rscript tools/test-r.R || failed=1
inside env --chdir=/ganbridge /usr/bin/python3 -m pytest --quiet tests/cross || failed=1
((failed)) && echo "check-platforms: FAILED" || echo "check-platforms: passed"
exit $failed
