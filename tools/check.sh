#!/usr/bin/env bash
# lintr, then R CMD check on the R package as a tarball, in .check. Unexpected warnings and notes are failures.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/setup-system.sh r-cran-lintr
Rscript tools/lint-r.R
for source in vignettes/*.Rmd; do
  cmp --quiet "$source" "inst/doc/${source##*/}" || { echo "inst/doc is older than $source: run \`make vignettes\`." >&2; exit 1; }
done

# R CMD build copies everything before it excludes files, including environments of a gigabyte.
rm -rf .check
mkdir -p .check/ganbridge
tar --create --exclude=./.venv --exclude=./.r-lib --exclude=./.check --exclude=./site --exclude=./.git . |
  tar --extract --directory .check/ganbridge
cd .check
R CMD build ganbridge

links=$(tar --list --verbose --file ganbridge_*.tar.gz | grep -v '^[-d]' || true)
if [[ -n $links ]]; then
  printf 'The tarball must hold real files only:\n%s\n' "$links" >&2
  exit 1
fi

export _R_CHECK_SYSTEM_CLOCK_=0 _R_CHECK_CRAN_INCOMING_REMOTE_=false _R_CHECK_PACKAGE_DEPENDS_IGNORE_MISSING_ENHANCES_=true
# torch makes an empty folder for its compiler, in the temporary folder unless it is told where. (CRAN has no torch.)
export TORCHINDUCTOR_CACHE_DIR=$PWD/torchinductor
R CMD check --as-cran --no-manual ganbridge_*.tar.gz

declare -A explained=(
  ['CRAN incoming feasibility']='It shows who maintains the package, always.'
  ['examples']='Examples are timed by the clock. On a machine that does other things as well, some take more than 5 s.'
)
failed=0
! grep --quiet '^Status:.*\(ERROR\|WARNING\)' ganbridge.Rcheck/00check.log || failed=1
while IFS= read -r note; do
  if [[ -n ${explained[$note]:-} ]]; then
    printf 'note on %s: %s\n' "$note" "${explained[$note]}"
  else
    printf 'note on %s: not explained. Mend it, or explain it in tools/check.sh.\n' "$note" >&2
    failed=1
  fi
done < <(sed -n 's/^\* checking \(.*\) \.\.\. \(\[.*\] \)\?NOTE$/\1/p' ganbridge.Rcheck/00check.log)
slow=$(awk 'NR > 1 && $2 + $3 > 5 { print $1, $2 + $3 "s" }' ganbridge.Rcheck/ganbridge-Ex.timings)
if [[ -n $slow ]]; then
  printf 'Examples that take more than 5 s of processor time:\n%s\n' "$slow" >&2
  failed=1
fi
exit $failed
