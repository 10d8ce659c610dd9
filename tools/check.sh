#!/usr/bin/env bash
# Builds the R package as a tarball and puts it through R CMD check, in .check. A warning counts as a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

# R CMD build copies all that it finds before it leaves out anything, environments of a gigabyte too.
rm -rf .check
mkdir -p .check/ganbridge
tar --create --exclude=./.venv --exclude=./.r-lib --exclude=./.check --exclude=./.git . | tar --extract --directory .check/ganbridge
cd .check
R CMD build ganbridge

links=$(tar --list --verbose --file ganbridge_*.tar.gz | grep -v '^[-d]' || true)
if [[ -n $links ]]; then
  printf 'The tarball must hold real files only:\n%s\n' "$links" >&2
  exit 1
fi

export _R_CHECK_SYSTEM_CLOCK_=0 _R_CHECK_CRAN_INCOMING_REMOTE_=false
R CMD check --as-cran --no-manual ganbridge_*.tar.gz
! grep --quiet '^Status:.*\(ERROR\|WARNING\)' ganbridge.Rcheck/00check.log
