#!/usr/bin/env bash
# Runs the recipes of `reportgen init --cluster` as their users do, on a Slurm cluster of four virtual
# nodes on this machine, with nodes that die, units that are short of memory and input that is bad.
#
#   swift build -c release --product reportgen && bash Tests/cluster/check.sh
#
# REPORTGEN names another program. Needs Debian and the superuser; installs Slurm, GNU parallel and, into
# .build-cluster-checks, Snakemake. Where that cannot be, it says why it checks nothing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tools=$root/.build-cluster-checks

skip() { echo "cluster: nothing was checked, since $1"; exit 0; }
[ "$(id -u)" = 0 ] || skip "Slurm's daemons need the superuser"
command -v apt-get > /dev/null || skip "this is not Debian, whose Slurm this test knows"
[ ! -e /etc/slurm/slurm.conf ] || skip "this machine has a Slurm of its own in /etc/slurm"

packages=()
for package in munge slurmctld slurmd slurm-client parallel python3-venv; do
  [[ $(dpkg-query -W -f '${Status}' $package 2> /dev/null) == *" installed" ]] || packages+=($package)
done
if ((${#packages[@]})); then
  # Debian would start the daemons that it installs; this file says no.
  policy=/usr/sbin/policy-rc.d
  if [ -e $policy ]; then policy=; else printf '#!/bin/sh\nexit 101\n' > $policy && chmod +x $policy; fi
  installed=yes
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${packages[@]}" > /dev/null; } || installed=no
  [ -z "$policy" ] || rm $policy
  [ $installed = yes ] || skip "Debian's packages of Slurm cannot be installed here"
fi
if ! cmp -s "$here/requirements.txt" "$tools/requirements.txt"; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt" \
    || skip "Snakemake cannot be installed here"
  cp "$here/requirements.txt" "$tools/"
fi

folder=$(mktemp -d)
# The jobs that still run are killed with their nodes, by `down`.
finish() {
  code=$?
  kill $(jobs -p) 2> /dev/null || true
  [ ! -e "$folder/cluster" ] || "$here/down" "$folder/cluster" || true
  cd /
  [ $code = 0 ] && rm -rf "$folder" || echo "cluster: failed; what is left of it lies in $folder" >&2
}
trap finish EXIT
cd "$folder"

PROGRAM=$(realpath "${REPORTGEN:-$root/.build/release/reportgen}")
export PROGRAM PATH="$tools/bin:$PATH" SLURM_CONF=$folder/cluster/slurm.conf
export REPORTGEN=$here/program REPORTGEN_PATIENCE=2 UNIT_MINUTES=0.03 XDG_CACHE_HOME=$folder/cache
export PARALLEL_SSH=$here/ssh SSH_FOLDER=$folder PARALLEL_HOME=$folder/parallel

say() { printf '%4d s  %s\n' $SECONDS "$*"; }
fail() { say "FAILED: $*" >&2; exit 1; }

# recipe ENGINE FOLDER: a new folder with a recipe.
recipe() { "$PROGRAM" init --cluster "$1" "$2" > /dev/null; }

# Each runs STUDY in FOLDER to its end.
by_slurm() { # FOLDER STUDY
  (cd "$1" && bash submit.sh "$2" > log 2>&1)
  local jobs; jobs=$(basename "$2")
  while squeue -h -o %j | grep -q "^$jobs-"; do sleep 0.5; done
}
by_snakemake() { # FOLDER STUDY
  (cd "$1" && snakemake --workflow-profile slurm --config study="$2" reportgen="$REPORTGEN" \
    unit_minutes="$UNIT_MINUTES" numerics="$NUMERICS" --slurm-no-account --slurm-status-command squeue \
    --slurm-init-seconds-before-status-checks 1 --seconds-between-status-checks 2 --latency-wait 5 > log 2>&1)
}
by_parallel() { # FOLDER STUDY
  printf '1/one\n1/two\n' > "$1/machines"
  (cd "$1" && HOSTS=machines JOBS=2 bash run.sh "$2" > log 2>&1)
}

# lose FOLDER: kills the node that has begun a unit of FOLDER last.
lose() {
  local name
  until name=$(grep -o 'begin .* node[1-4]' "$1/calls" 2> /dev/null | tail -n 1) && [ -n "$name" ]; do sleep 0.2; done
  sleep 1
  "$here/node" crash "${name##* }" "$folder/cluster"
  say "${name##* } was killed under a unit of $1: ${name% *}"
}

# same FOLDER STUDY: the site is the one that one machine publishes.
same() {
  python3 "$here/same.py" "one-$2/Site" "$1/Site" || fail "$1: other bytes than one machine's; see $folder/$1"
  say "$1: $2 has one machine's bytes, $(find "$1/Site" -type f | wc -l) files"
}

# lost FOLDER: a unit has begun without an end, and has begun again.
lost() {
  local begun ended
  begun=$(grep -c ^begin "$1/calls")
  ended=$(grep -c ^end "$1/calls")
  [ "$begun" -gt "$ended" ] || fail "$1: no unit was lost with its node"
  say "$1: $((begun - ended)) units were lost with a node and begun again"
}

# refused FOLDER: the unit that found bad input ran once, nothing followed it, and there is no site.
refused() {
  [ "$(grep -c '^begin scan 0 ' "$1/calls")" = 1 ] || fail "$1: a unit with bad input was tried again"
  [ -e "$1/demo-atlas.work.refused" ] && [ ! -e "$1/Site" ] || fail "$1: bad input has not stopped it"
  ! grep -q -v ' scan ' "$1/calls" || fail "$1: a pass began after bad input"
  say "$1: bad input was tried once, and stopped everything"
}

"$here/up" "$folder/cluster"
say "four nodes are up"

# The nodes compute as this machine's processor does when nobody names its numerics.
NUMERICS=$("$PROGRAM" work plan demo --work one.work | awk '$1 == "numerics" { print $2 }')
export NUMERICS
rm -r one.work
for study in demo-atlas demo; do
  "$PROGRAM" build $study --site "one-$study/Site" --no-cache --quiet > /dev/null
  say "one machine has published $study ($NUMERICS)"
done

for engine in slurm snakemake parallel; do
  recipe $engine $engine
  recipe $engine bad-$engine
  echo "3 scan 0" > bad-$engine/fault
done
recipe slurm study
# A unit of the array's is short of memory until it is given more than planned.
echo "4 scan 0" > slurm/fault

# The engines wait more than they compute, so that all of them run at once.
by_slurm slurm demo-atlas & arrays=$!
by_slurm study demo & study=$!
lose slurm
by_snakemake snakemake demo-atlas & workflow=$!
lose snakemake
by_parallel parallel demo-atlas || fail "parallel: $(tail -n 20 parallel/log)"
[ -e lost-two ] || fail "parallel: no machine was lost"
same parallel demo-atlas
say "parallel: the units of a lost machine ran on the other"
wait $arrays || fail "slurm: $(tail -n 20 slurm/log)"
same slurm demo-atlas
lost slurm
grep -q '^end scan 0 .* 4$' slurm/calls || fail "slurm: no unit was short of memory"
say "slurm: a unit that was short of memory was given more"
wait $study || fail "study: $(tail -n 20 study/log)"
same study demo
wait $workflow || fail "snakemake: $(tail -n 20 snakemake/log)"
same snakemake demo-atlas
lost snakemake

by_snakemake bad-snakemake demo-atlas & workflow=$!
by_slurm bad-slurm demo-atlas
refused bad-slurm
! by_parallel bad-parallel demo-atlas || fail "parallel: bad input went unnoticed"
refused bad-parallel
! wait $workflow || fail "snakemake: bad input went unnoticed"
refused bad-snakemake
say "done"
