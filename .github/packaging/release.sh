#!/usr/bin/env bash
# Makes and tries what a release consists of, in DIR (`.build-packages` unless given): the program,
# its parts, the wheel, the Debian package and SHA256SUMS. The program is built twice, in folders of
# their own, and must come out the same.
#
#   bash .github/packaging/release.sh [DIR] [TAG]
#
# With TAG the program must say that this is its version.
set -euo pipefail
cd "$(dirname "$0")/../.."
output=${1:-.build-packages}
tag=${2:-}

export DEBIAN_FRONTEND=noninteractive
$(command -v sudo) apt-get update -qq
$(command -v sudo) apt-get install -y -qq git pkg-config libopenblas-dev libcmark-dev libyaml-dev zlib1g-dev \
  bc binutils man-db python3-venv xz-utils

bash .github/packaging/binary.sh --output "$output" --scratch "$output/scratch"
version=$("$output/reportgen" --version)
if [ -n "$tag" ] && [ "$tag" != "$version" ]; then
  echo "release.sh: the tag: expected $version, found $tag" >&2
  exit 2
fi
python3 .github/packaging/packages.py --from "$output"
bash Tests/packages/check.sh "$output"

bash .github/packaging/binary.sh --output "$output/again" --scratch "$output/scratch-again"
for file in reportgen reportgen.cdx.json reportgen.needs; do
  cmp "$output/$file" "$output/again/$file"
done
echo "two builds are equal"
