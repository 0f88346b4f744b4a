#!/usr/bin/env bash
# Installs the wheel and the Debian package and uses them as their users do.
#
#   bash Tests/packages/check.sh [DIR]
#
# DIR has what .github/packaging/binary.sh and packages.py have made (`.build-packages`). Needs Python
# with venv, and PyPI for pandas and Jupyter's client.
set -euo pipefail
cd "$(dirname "$0")/../.."
packages=$(cd "${1:-.build-packages}" && pwd)
export PYTHONPATH=$PWD/Tests/packages PYTHONDONTWRITEBYTECODE=1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

(cd "$packages" && sha256sum --quiet --check SHA256SUMS)

# An environment with nothing but the wheel: the command and the module, without pandas.
python3 -m venv "$scratch/bare"
start=$(date +%s.%N)
"$scratch/bare/bin/pip" install --quiet --disable-pip-version-check --no-index "$packages"/reportgen-*.whl
(cd "$scratch" && env -i HOME="$scratch" bare/bin/reportgen build --quiet)
echo "from pip install to the first report: $(echo "$(date +%s.%N) - $start" | bc) s"
test -s "$scratch/Site/reports/demo/index.html"
test -s "$scratch/bare/share/man/man1/reportgen.1.gz"
(cd "$scratch" && bare/bin/python -m unittest -v test_module)

# One with pandas and a real kernel.
python3 -m venv "$scratch/notebook"
"$scratch/notebook/bin/pip" install --quiet --disable-pip-version-check "$packages"/reportgen-*.whl pandas ipykernel nbclient mypy auditwheel
(cd "$scratch" && notebook/bin/python -m unittest -v test_module test_notebook)
"$scratch/notebook/bin/mypy" --strict --ignore-missing-imports -p reportgen
"$scratch/notebook/bin/auditwheel" show "$packages"/reportgen-*.whl

# The Debian package, unpacked.
dpkg-deb --extract "$packages"/reportgen_*.deb "$scratch/deb"
dpkg-deb --info "$packages"/reportgen_*.deb | grep -q 'Depends: libc6 (>= 2.35)'
cmp "$scratch/deb/usr/bin/reportgen" "$packages/reportgen"
test -s "$scratch/deb/usr/share/doc/reportgen/copyright"
LC_ALL=C.UTF-8 man --warnings -l "$scratch/deb/usr/share/man/man1/reportgen.1.gz" > "$scratch/man" 2> "$scratch/warnings" || true
test ! -s "$scratch/warnings" || { cat "$scratch/warnings"; exit 1; }
echo "the packages hold"
