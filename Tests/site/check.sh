#!/usr/bin/env bash
# Checks a published site as a browser, a forge and a reader meet it: check.sh [SITE] [--single-file FILE]
# Without SITE it checks the repository's own. Needs Debian; installs what is missing (as root or with sudo).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=$here/../../.build-site-checks

bash "$here/tools.sh"
exec timeout 20m "$tools/bin/python" -X utf8 -B "$here/check.py" "$@"
