#!/usr/bin/env bash
# Runs a study or an atlas with GNU parallel, on this machine or on several: bash run.sh [STUDY]
# Call it again after a failure: what is done stays done.
#
# The environment may set
#   REPORTGEN     the program, where it is not on the PATH
#   HOSTS         a file with a machine a line, as parallel's --sshloginfile takes it (`:` is this
#                 one); all must see this folder under the same path
#   JOBS, CPUS    units at a time on each machine (half as many as cores), cores of each (2)
#   UNIT_MINUTES  about how long a unit takes (20)
#   NUMERICS      avx2, avx512 or portable: every machine must have it, and computes the same bytes (avx2)
#   SITE          the folder that is published into (Site)
set -euo pipefail
cd "$(dirname "$0")"
study=${1:-demo-atlas}
name=$(basename "$study" .yml)
work=$name.work
logs=$name.logs
export REPORTGEN=${REPORTGEN:-reportgen} PARALLEL_SHELL=$BASH

mkdir -p "$logs"
rm -f "$work.refused"
"$REPORTGEN" work plan "$study" --work "$work" \
  --numerics "${NUMERICS:-avx2}" --unit-minutes "${UNIT_MINUTES:-20}"
status() { "$REPORTGEN" work status "$work" "$@"; }

# A unit whose machine is lost, or does not answer, is tried on another one. (--filter-hosts would leave
# such machines out from the start, but stops with a bug where a shell prints a warning.)
where=()
[ -z "${HOSTS:-}" ] || where=(--sshloginfile "$HOSTS" --retries 3 --workdir "$PWD")

for pass in $(status --passes); do
  memory=$(status --memory "$pass")
  # What is missing after a round is tried again with twice the memory, then with four times.
  for factor in 1 2 4; do
    missing=$(status --missing "$pass")
    [ -n "$missing" ] && [ ! -e "$work.refused" ] || break
    unit=$(printf '%q ' env REPORTGEN="$REPORTGEN" bash step.sh "$work" work run "$work" "$pass")
    # parallel knows the free memory of this machine alone.
    free=()
    [ -n "${HOSTS:-}" ] || free=(--memfree "$((memory * factor))M")
    parallel "${where[@]}" "${free[@]}" --jobs "${JOBS:-50%}" \
      --joblog "$logs/$pass-$factor.joblog" \
      "$unit --unit {} --threads ${CPUS:-2} --memory $((memory * factor))M" <<< "$missing" || true
  done
  bash step.sh "$work" work merge "$work" "$pass"
done
bash step.sh "$work" build "$study" --work "$work" --site "${SITE:-Site}"
