#!/usr/bin/env bash
# Runs a study or an atlas on a Slurm cluster: bash submit.sh [STUDY]
#
# It plans the work here, on the login node, and submits everything at once: for each pass an array
# of its units and a job that merges them; in the end a job that writes the site. Each waits for
# those that it needs. Call it again after a failure: what is done stays done.
#
# The environment may set
#   REPORTGEN     the program, where it is not on the PATH; all nodes must see it
#   CPUS          cores of a task (2)
#   UNIT_MINUTES  about how long a unit takes (20)
#   NUMERICS      avx2, avx512 or portable: every node must have it, and computes the same bytes (avx2)
#   SITE          the folder that is published into (Site)
#   SBATCH_…      what sbatch reads itself: SBATCH_ACCOUNT, SBATCH_PARTITION
set -euo pipefail
cd "$(dirname "$0")"
study=${1:-demo-atlas}
name=$(basename "$study" .yml)
work=$name.work
logs=$name.logs
export REPORTGEN=${REPORTGEN:-reportgen}

mkdir -p "$logs"
rm -f "$work.refused"
"$REPORTGEN" work plan "$study" --work "$work" \
  --numerics "${NUMERICS:-avx2}" --unit-minutes "${UNIT_MINUTES:-20}"
status() { "$REPORTGEN" work status "$work" "$@"; }

# Slurm puts a job back into the queue when its node is lost (--requeue). A job whose
# predecessor has failed is cancelled instead of waiting for ever (--kill-on-invalid-dep).
submit() {
  sbatch --parsable --requeue --open-mode=append --kill-on-invalid-dep=yes \
    --nodes=1 --ntasks=1 --cpus-per-task="${CPUS:-2}" "$@"
}

declare -A merged
all=
most=0
for pass in $(status --passes); do
  after=
  for before in $(status --after "$pass"); do after+=:${merged[$before]}; done
  needs=${after:+afterok$after}
  memory=$(status --memory "$pass")
  minutes=$(status --minutes "$pass")
  count=$(status --count "$pass")
  most=$((memory > most ? memory : most))
  # An array has at most 1000 tasks, because Slurm allows no more unless a site says so. Longer
  # passes give each task a run of units.
  size=$(((count + 999) / 1000))
  if [ "$count" -gt 0 ]; then
    array=$(submit ${needs:+--dependency="$needs"} --job-name="$name-$pass" \
      --array="0-$(((count - 1) / size))" --mem="${memory}M" --time="$((minutes * size))" \
      --output="$logs/$pass-%a.log" units.sbatch "$work" "$pass" "$size" "$count")
    # Merging waits for the array's end, not for its success: it is the job that sees what is missing.
    needs+=${needs:+,}afterany:$array
  fi
  # It may have to submit tasks again and wait for them; hence its time.
  merged[$pass]=$(submit ${needs:+--dependency="$needs"} --job-name="$name-$pass-merge" \
    --mem="${memory}M" --time="$((minutes * (size + 1) * 8))" --output="$logs/$pass-merge.log" \
    merge.sbatch "$work" "$pass" "$size" "$count" "$memory" "$((minutes * size))" "$logs")
  all+=:${merged[$pass]}
done
site=$(submit --dependency="afterok$all" --job-name="$name-site" --mem="${most}M" \
  --time=60 --output="$logs/site.log" \
  step.sh "$work" build "$study" --work "$work" --site "${SITE:-Site}")
echo "Job $site writes ${SITE:-Site} in the end. Logs: $logs/. Progress: $REPORTGEN work status $work"
