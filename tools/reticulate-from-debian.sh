#!/usr/bin/env bash
# Installs reticulate into .r-lib from the source that Debian trixie carries. The mirror is that of this machine's
# apt; a separate sources list and state are used, so that the configuration of apt does not change.
set -euo pipefail
cd "$(dirname "$0")/.."
library=$PWD/.r-lib
mirror=$(tools/debian-mirror.sh)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb-src [signed-by=$keyring] $mirror trixie main" >"$work/sources.list"
apt=(
  apt-get --quiet --quiet
  -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache"
  -o "APT::Sandbox::User=$(id -un)"
)

cd "$work"
"${apt[@]}" update
"${apt[@]}" source --download-only --tar-only r-cran-reticulate
R CMD INSTALL --no-docs --no-test-load --library="$library" r-cran-reticulate_*.tar.*z >log 2>&1 || { cat log >&2; exit 1; }
