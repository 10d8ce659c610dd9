#!/usr/bin/env bash
# Makes .venv from requirements-dev.txt, with ganbridge itself as an editable install.
# The system's Python is preferred, because it shares libraries with the system's R; PYTHON=... sets another one.
set -euo pipefail
cd "$(dirname "$0")/.."

# reticulate loads Python into R and so needs its shared library; rpy2 is compiled and needs the headers.
suits() {
  "$1" - 2>/dev/null <<'PYTHON'
import ctypes, ensurepip, os, sys, sysconfig, venv
setting = sysconfig.get_config_var
assert sys.version_info >= (3, 10) and setting("Py_ENABLE_SHARED")
assert os.path.exists(os.path.join(setting("INCLUDEPY"), "Python.h"))
ctypes.CDLL(os.path.join(setting("LIBDIR"), setting("LDLIBRARY")))
PYTHON
}

# The environment is created again if its inputs change or the checkout has moved.
stamp=.venv/made-from
made_from=$(pwd; echo "${PYTHON:-}"; cat requirements-dev.txt)
[[ -f $stamp && $(<"$stamp") == "$made_from" ]] && .venv/bin/python -c '' && exit 0

for python in ${PYTHON:-/usr/bin/python3 python3}; do
  suits "$python" && break
  python=
done
if [[ -z $python ]]; then
  echo "setup: no Python >= 3.10 with venv, headers and a shared library was found; name one with PYTHON=..." >&2
  exit 1
fi

echo "setup: making .venv with $("$python" --version)"
"$python" -m venv --clear .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt --editable .
echo "$made_from" >"$stamp"
