#!/usr/bin/env bash
# Installs the R package, which contains the Python core, to .r-lib if its sources have changed.
set -euo pipefail
cd "$(dirname "$0")/.."
export R_LIBS="$PWD/.r-lib${R_LIBS:+:$R_LIBS}"

stamp=.r-lib/ganbridge-made-from
made_from=$(
  R RHOME
  sources=(DESCRIPTION NAMESPACE .Rinstignore R inst man)
  [[ ! -d data ]] || sources+=(data)
  find -L "${sources[@]}" \( -name __pycache__ -o -name '*.egg-info' -o -name '*_cache' \) -prune -o -type f -print0 |
    sort --zero-terminated | xargs --null sha256sum
)
[[ -d .r-lib/ganbridge && -f $stamp && $(<"$stamp") == "$made_from" ]] && exit 0

echo "setup: installing ganbridge into .r-lib"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
R CMD INSTALL --no-multiarch --library=.r-lib . >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
echo "$made_from" >"$stamp"
