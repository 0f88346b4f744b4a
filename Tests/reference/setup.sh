#!/bin/sh
# Makes the Python environment of goldens_*.py in .build-reference/ at the top of the repository (ignored by git).
# A CPU build of torch is enough; where pip is told of one (PIP_FIND_LINKS, --extra-index-url), it takes that.
# usage: Tests/reference/setup.sh && .build-reference/bin/python Tests/reference/goldens_models.py
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=$here/../../.build-reference
"${PYTHON:-python3}" -m venv "$venv"
"$venv/bin/pip" install --quiet "$(grep '^torch==' "$here/requirements.txt")"
"$venv/bin/pip" install --quiet --no-deps -r "$here/requirements.txt"
"$venv/bin/python" -c 'import torch, transformer_lens; print("torch", torch.__version__)'
