#!/usr/bin/env bash
# Faults that take too long for the tests, or the superuser: a build killed at 500 moments and at
# every write, and a disk that fills up. After each, the report is wholly the old or wholly the new
# one, and the next build leaves the bytes of a clean one.
#
#   swift build -c release --product reportgen && bash Tests/trust/faults.sh [POINTS]
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
program=$root/.build/release/reportgen
points=${1:-500}
folder=$(mktemp -d)
mounted=
cleanup() {
  cd /
  if [ -n "$mounted" ]; then umount "$mounted"; fi
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
# The killed build begins without a cache; the next one goes on from what it has left.
export XDG_CACHE_HOME=$folder/cache

# The demo's model on a few documents: a fraction of a second.
for language in nl de; do
  head -n 6 "$root/Sources/CEmbedded/corpora/$language.txt" | cut -c1-200 > $language.txt
done
study() { # TITLE
  rm -rf "$XDG_CACHE_HOME"
  cat > study.yml <<YAML
title: $1
slug: small
model: builtin:demo
corpora: [{name: Dutch, path: nl.txt}, {name: German, path: de.txt}]
target: Dutch
layer: 3
probe: {documents: 4, splits: 2}
evidence:
$(for part in examples languages layer_probes probe_sweep ablation_controls comparison effects \
  neuron_logits upstream position_response objections; do echo "  $part: off"; done)
YAML
}
build() { "$program" build study.yml "$@" > /dev/null 2> errors; }
same() { diff -r -x provenance.json "$1" "$2" > /dev/null; }
fail() { echo "FAILED: $*"; cat errors; exit 1; }

for title in old new; do
  study "The $title study"
  began=$(date +%s%N)
  build --site "clean-$title"
  took=$(($(date +%s%N) - began))
done
cp -r clean-old Site

# After a fault in a build of $1 over a report of $2.
check() {
  same Site/reports/small "clean-$1/reports/small" || same Site/reports/small "clean-$2/reports/small" \
    || fail "a mixture after $3"
  build || fail "the build after $3"
  same Site "clean-$1" || fail "other bytes than a clean build's after $3"
}

new=new old=old killed=0
turn() { local other=$new; new=$old; old=$other; }
for point in $(seq "$points"); do
  study "The $new study"
  "$program" build study.yml > /dev/null 2>&1 &
  sleep "$(awk "BEGIN { print $took * 1.1e-9 * $point / $points }")"
  if kill -9 $! 2> /dev/null; then killed=$((killed + 1)); fi
  wait $! 2> /dev/null || true
  check $new $old "kill -9 at point $point"
  turn
done
echo "$points points in time: $killed builds killed, every report whole, every next build clean"

# A disk that is full.
if [ "$(id -u)" = 0 ] && mkdir disk && mount -t tmpfs -o size=4m tmpfs disk 2> /dev/null; then
  mounted=$folder/disk
  study "The old study"
  build --site disk/Site
  cp -r clean-old expected
  full=0
  for free in 0 4 12 40 80 120 200 300 400; do
    study "The new study"
    rm -f disk/ballast
    left=$(df -k --output=avail disk | tail -1)
    head -c $(((left - free) * 1024)) /dev/zero > disk/ballast
    status=0
    build --site disk/Site || status=$?
    if [ $status -eq 0 ]; then
      study "The old study"
      rm disk/ballast
      build --site disk/Site || fail "a build with room"
      continue
    fi
    [ $status -eq 4 ] || fail "exit $status with $free kB left"
    grep -q "No space left" errors || fail "no word of the disk with $free kB left"
    same disk/Site/reports expected/reports || fail "another report with $free kB left"
    full=$((full + 1))
  done
  echo "$full builds on a full disk: exit 4, the old report intact"
else
  echo "skipped: a full disk needs the right to mount a tmpfs"
fi

# Every call that writes, one after the other.
if command -v strace > /dev/null; then
  killed=0
  for call in mkdir write fsync rename renameat2 unlink; do
    number=1
    while [ $number -le 400 ]; do
      study "The $new study"
      when=$number
      status=0
      # In braces, for the shell to tell of the death there too.
      {
        strace -f -qq -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$when \
          "$program" build study.yml > /dev/null || status=$?
      } 2> errors
      check $new $old "kill -9 at $call $number"
      turn
      if [ $status -eq 0 ]; then break; fi
      killed=$((killed + 1))
      number=$((number + (number < 20 ? 1 : 7)))
    done
  done
  echo "$killed builds killed at a system call, every report whole, every next build clean"
else
  echo "skipped: killing at system calls needs strace"
fi
