#!/usr/bin/env bash
# Prints the address of the Debian mirror that this machine's apt uses.
set -euo pipefail

release=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirrors=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' "Release: $release")
if [[ -z $mirrors ]]; then
  echo "setup: apt names no Debian mirror on this machine." >&2
  exit 1
fi
head -n 1 <<<"$mirrors"
