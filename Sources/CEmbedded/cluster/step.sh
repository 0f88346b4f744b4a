#!/usr/bin/env bash
# Runs one step of reportgen for an engine: step.sh WORK ARGUMENTS… runs `reportgen ARGUMENTS…`.
#
# It ends with reportgen's exit code:
#   0  the step is done, or was done before
#   2  the command line is wrong      3  the input is bad, or has changed since it was planned
#   4  memory or disk was short: the engine tries again with more memory
#   7  something is missing: a step before this one has not come to its end
# Codes 2 and 3 stay as they are however often a step is tried. The first step that ends so leaves
# WORK.refused behind, and every later one ends at once and computes nothing.
set -euo pipefail
work=$1
shift
if [ -e "$work.refused" ]; then
  echo "step.sh: nothing was run, since $(cat "$work.refused")" >&2
  exit 3
fi
reportgen() { "${REPORTGEN:-reportgen}" "$@"; }

code=0
reportgen "$@" || code=$?
# Shared file systems may hide a file that another node has written for up to a minute.
if [ $code = 7 ]; then
  sleep "${REPORTGEN_PATIENCE:-60}"
  code=0
  reportgen "$@" || code=$?
fi
case $code in
  2 | 3) echo "reportgen $* ended with $code" > "$work.refused" ;;
esac
exit $code
