"""Side by side on the same documents and machine: the notebook on TransformerLens, a careful PyTorch script, and reportgen.

    compare_speed.py MODEL_DIR CORPUS --tokenizer FILE [--lens 16] [--torch 64] [--all 1000] [--rounds 1]
                     [--study 16 --other CORPUS --stories FILE]

Runs goldens_speed.py (see there for what the two ways do and how MODEL_DIR is made) and `reportgen-bench loss`, which must be built
(swift build -c release --product reportgen-bench), one after the other, and prints a Markdown table: the best of --rounds for each.
Every way runs the same documents clean and ablated; their losses must agree to 1e-3 nats, or the table is not printed.

--study N first runs the whole notebook, from activations to positions, on N documents of both classes and all stories: on
TransformerLens by goldens_study.py, whose loading is not counted, and by `reportgen build` without a cache and without the evidence
that the notebook does not have, from the start of the program to the published page. They must choose the same neuron.
"""
import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from goldens_study import documents

HERE = Path(__file__).resolve().parent
BENCH = HERE.parents[1] / ".build/release/reportgen-bench"
BUILD = HERE.parents[1] / ".build/release/reportgen"
LINE = re.compile(r"(\w+): ([\d.]+) s/document, (\d+) tokens/s, (\d+) documents, (\d+) tokens, loss ([\d.]+) -> ([\d.]+), peak (\d+) MiB")

p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("model", type=Path)
p.add_argument("corpus")
p.add_argument("--tokenizer")
p.add_argument("--lens", type=int, default=16, help="documents for TransformerLens")
p.add_argument("--torch", type=int, default=64, help="documents for PyTorch")
p.add_argument("--all", type=int, default=1000, help="documents for reportgen alone")
p.add_argument("--rounds", type=int, default=1)
p.add_argument("--study", type=int, help="documents of the whole notebook")
p.add_argument("--other", help="the other class's corpus, for --study")
p.add_argument("--stories", help="the notebook's stories, for --study")
a = p.parse_args()


def run(command):
    found = LINE.search(subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout)
    return {k: float(v) for k, v in zip(("seconds", "rate", "documents", "tokens", "clean", "ablated", "peak"), found.groups()[1:])}


def best(command):
    return min((run(command) for _ in range(a.rounds)), key=lambda r: r["seconds"])


def python(way, documents):
    tokenizer = ["--tokenizer", a.tokenizer] if a.tokenizer else []
    return [sys.executable, HERE / "goldens_speed.py", a.model, a.corpus, "--documents", documents, "--way", way, *tokenizer]


def swift(documents):
    return [BENCH, "loss", a.model, a.corpus, "--documents", documents]


EVIDENCE = """examples languages layer_probes probe_sweep ablation_controls comparison effects neuron_logits upstream
    position_response objections""".split()


def whole_study(folder):
    """Seconds of the notebook on TransformerLens and of reportgen, and what the former took for each part."""
    paths = []
    for name, corpus in (("target", a.corpus), ("other", a.other)):
        paths.append(folder / f"{name}.json")
        paths[-1].write_text(json.dumps(documents(corpus)[:a.study]))
    golden = folder / "golden.json"
    printed = subprocess.run(
        [sys.executable, HERE / "goldens_study.py", a.model, *paths, golden, "--stories", a.stories, "--documents", str(a.study),
         "--probe-documents", str(a.study)], check=True, capture_output=True, text=True).stdout
    parts = re.findall(r"^(\w+): ([\d.]+) s$", printed, re.M)
    study = {
        "title": "Speed", "slug": "speed", "model": str(a.model.resolve()), "target": "Target", "layer": 3,
        "corpora": [{"name": "Target", "path": str(paths[0])}, {"name": "Other", "path": str(paths[1])},
                    {"name": "Stories", "path": str(Path(a.stories).resolve()), "role": "evaluation"}],
        "probe": {"documents": a.study}, "evidence": dict.fromkeys(EVIDENCE, "off")}
    (folder / "study.yml").write_text(json.dumps(study))
    start = time.perf_counter()
    subprocess.run([BUILD, "build", folder / "study.yml", "--no-cache", "--site", folder / "site"], check=True, capture_output=True)
    seconds = time.perf_counter() - start
    findings = json.loads((folder / "site/reports/speed/findings.json").read_text())["findings"]
    neurons = findings["sparse_probe"]["neurons"][0], json.loads(golden.read_text())["probe10"]["neurons"][0]
    assert neurons[0] == neurons[1], neurons
    return sum(float(s) for _, s in parts), seconds, parts


if a.study:
    with tempfile.TemporaryDirectory() as folder:
        lens, own, parts = whole_study(Path(folder))
    print(f"The whole notebook on {a.study} documents of each class and the stories: TransformerLens {lens:.1f} s"
          f" ({', '.join(f'{n} {s}' for n, s in parts)}), reportgen build {own:.2f} s: {lens / own:.1f}×\n")

rows = []
for name, way, documents in (("TransformerLens, as the notebook", "lens", a.lens), ("PyTorch, careful", "torch", a.torch)):
    other, own = best(python(way, documents)), best(swift(documents))
    for part in ("clean", "ablated"):
        assert abs(other[part] - own[part]) < 1e-3, (name, part, other[part], own[part])
    rows += [(name, other, other["seconds"] / own["seconds"]), ("reportgen", own, 1)]
if a.all:
    rows.append(("reportgen", best(swift(a.all)), 1))
print("| program | documents | tokens | s/document | tokens/s | loss clean -> ablated | peak MiB | reportgen is faster by |")
print("|---|---:|---:|---:|---:|---|---:|---:|")
for name, r, times in rows:
    print(f"| {name} | {r['documents']:.0f} | {r['tokens']:.0f} | {r['seconds']:.3f} | {r['rate']:.0f} |"
          f" {r['clean']:.5f} -> {r['ablated']:.5f} | {r['peak']:.0f} | {f'{times:.1f}×' if times != 1 else ''} |")
