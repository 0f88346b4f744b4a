#!/usr/bin/env bash
# Runs the nine analyses of the notebook on the shared model of each family and holds them against its golden.
# usage: REPORTGEN=.build/release/reportgen Tests/reference/families_compare.sh [NAME…]
# Needs ../shared (families, demo-corpus, goldens/compare.py) and numpy. Prints each part's largest difference.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
shared=$(cd "$here/../shared" && pwd)
reportgen=$(realpath "${REPORTGEN:-$here/.build/release/reportgen}")
python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for name in "${@:-gpt2 gpt_neo llama qwen2 qwen2-bos gemma opt}"; do
  for name in $name; do
    van=" van" of=" of"
    [ "$name" = llama ] && van="van" of="of"
    bos=""
    [ "$name" = qwen2-bos ] && bos="bos: yes"
    cat > "$work/study.yml" <<STUDY
title: $name
slug: ${name/_/-}
model: $shared/families/models/${name%-bos}
$bos
corpora:
  - {name: Dutch, path: "$shared/demo-corpus/nl.txt"}
  - {name: German, path: "$shared/demo-corpus/de.txt"}
  - {name: English, path: "$shared/demo-corpus/en.txt"}
  - {name: Spanish, path: "$shared/demo-corpus/es.txt"}
  - {name: French, path: "$shared/demo-corpus/fr.txt"}
  - {name: Stories, path: "$shared/demo-corpus/nl.txt", role: evaluation, documents: 10}
target: Dutch
other: [German, English, Spanish, French]
layer: 1
neuron: auto
documents: 1000
probe: {documents: 30, k: 10, test_size: 0.2, seed: 0, splits: 5, candidates: 20}
ablation: {corpora: [target, Stories], value: other-mean}
prompts:
  - {text: "De Commissie heeft het voorstel", answers: ["$van"]}
  - {text: "De leden", answers: ["$of", "$van"]}
  - {text: "The members", answers: ["$van", "$of"]}
positions: {neurons: [auto, probe.3], corpora: [target, other]}
padded: {batch: 32, batches: {Stories: 1, other: 10}}
evidence: {${EVIDENCE:-probe_sweep: off}}
STUDY
    echo "== $name"
    "$reportgen" build "$work/study.yml" --site "$work/site" > "$work/log" 2>&1 || { cat "$work/log"; failed=1; continue; }
    RELATIVE=1 "$python" "$shared/goldens/compare.py" "$shared/families/goldens/$name.json" \
      "$work/site/reports/${name/_/-}/findings.json" Dutch Stories || failed=1
  done
done
exit $failed
