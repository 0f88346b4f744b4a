#!/usr/bin/env bash
# Hostile corpus text, labels of an atlas, prompts, titles, file and corpus names, sources and notes through the built
# command, then the pages, charts and Markdown in headless Chromium, beside a site of plain words.
#
#   swift build -c release --product reportgen && bash Tests/trust/injection.sh
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
program=$root/.build/release/reportgen
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# study FOLDER TEXT FILE
study() {
  mkdir "$folder/$1"
  cd "$folder/$1"
  python3 - "$root/Sources/CEmbedded/corpora" "$2" "$3" <<'PY'
import json, pathlib, sys
corpora, text, file = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
def head(name, count=8):
    return [line[:160] for line in (corpora / name).read_text().splitlines()[:count]]
pathlib.Path(file).write_text("\n".join(f"{line} {text}" for line in head("nl.txt")) + "\n")
pathlib.Path("de.txt").write_text("\n".join(f"{line} {text}" for line in head("de.txt")) + "\n")
# Notes are their author's Markdown, links included; two braces ask for a figure.
notes = text.replace("(javascript:", "(https://example.org/").replace("{", "{\\")
links = "[link](https://example.org/) ![image](https://example.org/)"
pathlib.Path("notes.md").write_text(f"{notes}\n\n> {notes}\n\n{links}\n")
# A name stands at every figure: a part of the text each.
target, other, stories = text[:150], text[150:300], text[300:]
corpus = {"name": target, "path": file, "note": text}
study = {  # YAML reads JSON.
    "title": text, "slug": "small", "model": "builtin:demo", "target": target, "layer": 3,
    "corpora": [corpus, {"name": "Other " + other, "path": "de.txt"},
                {**corpus, "name": "Stories " + stories, "role": "evaluation"}],
    "probe": {"documents": 6, "splits": 2},
    "prompts": [{"text": text, "answers": ["<", "`", "|"]}],
    "expect": [{"figure": "sparse_probe.test_accuracy", "at_least": 0.5}],
    "published": [{"figure": "sparse_probe.test_accuracy", "value": 0.5, "tolerance": 1, "source": text}],
    "notes": "notes.md"}
pathlib.Path("study.yml").write_text(json.dumps(study))
atlas = {
    "kind": "atlas", "title": text, "slug": "small-atlas", "model": "builtin:demo",
    "corpora": [corpus, {"name": "Other " + other, "path": "de.txt", "note": text}],
    "split": {"confirmation": 0.5, "similarity": 1}, "permutations": 99,
    "sets": {"sizes": [1, 4], "documents": 3, "window": 16},
    "pages": {"neurons": 3, "passages": 2, "window": 40},
    "expect": [{"figure": "model.layers", "at_least": 7}]}
pathlib.Path("atlas.yml").write_text(json.dumps(atlas))
PY
  "$program" build study.yml atlas.yml > /dev/null 2> errors || { cat errors; exit 1; }
}

study plain "words of no harm" plain.txt
hostile='</title></style></text></svg></summary></details><script>window.ran=1</script>'
hostile+='<img src=x onerror="window.ran=1"><svg onload=window.ran=1><iframe src="javascript:parent.ran=1">'
hostile+=' "><b onmouseover=alert(1)> '"' onload='window.ran=1' ]]>"' ![x](javascript:alert(1)) [y](javascript:alert(1))'
hostile+=' [z]: data:text/html,x <javascript:alert(1)> | ` ``` <!-- --> &lt;script&gt; &#x202e; {{{x}}} {{x}} $x$ ~~~ <a href="//x">'
hostile+=$' \u202etxt \u2066'
study hostile "$hostile" '<img src=x onerror=alert(1)> ` | ![x](y) "&'"'.txt"

cd "$root"
bash Tests/site/tools.sh
.build-site-checks/bin/python -X utf8 -B Tests/site/injection.py "$folder/hostile/Site" "$folder/plain/Site"
