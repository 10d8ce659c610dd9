#!/usr/bin/env bash
# Builds the three vignettes that ship, and puts what R installs of them into inst/doc and build. pak, remotes and
# R CMD INSTALL on a clone build no vignettes; they install these.
set -euo pipefail
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS=1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/ganbridge"
git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- | tar --extract --directory "$folder/ganbridge"
(cd "$folder" && R CMD build ganbridge)
tar --extract --gzip --directory "$folder" --file "$folder"/ganbridge_*.tar.gz --one-top-level=built
rm -rf inst/doc
mkdir -p build
cp -R "$folder/built/ganbridge/inst/doc" inst/doc
cp "$folder/built/ganbridge/build/vignette.rds" build/vignette.rds
