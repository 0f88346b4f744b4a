#!/usr/bin/env bash
# Installs what the checks of a site need, into .build-site-checks and (as root or with sudo) Debian.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=$here/../../.build-site-checks

packages=()
command -v chromium >/dev/null || packages+=(chromium)
command -v java >/dev/null || packages+=(default-jre-headless)
python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)
[[ $(fc-list : family 2>/dev/null) == *Liberation* ]] || packages+=(fontconfig fonts-liberation fonts-dejavu-core)
if ((${#packages[@]})); then
  as_root=(); [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -q
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -yq --no-install-recommends "${packages[@]}"
fi

# The folder holds the pins it was made with, so that a new pin makes it anew.
if ! cmp -s "$here/requirements.txt" "$tools/requirements.txt"; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$tools/"
fi

# A browser that dies leaves its driver waiting for ever.
