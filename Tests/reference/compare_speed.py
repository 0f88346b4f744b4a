"""Side by side on the same documents and machine: the notebook on TransformerLens, a careful PyTorch script, and reportgen.

    compare_speed.py MODEL_DIR CORPUS --tokenizer FILE [--lens 16] [--torch 64] [--all 1000] [--rounds 1]

Runs goldens_speed.py (see there for what the two ways do and how MODEL_DIR is made) and `reportgen-bench loss`, which must be built
(swift build -c release --product reportgen-bench), one after the other, and prints a Markdown table: the best of --rounds for each.
Every way runs the same documents clean and ablated; their losses must agree to 1e-3 nats, or the table is not printed.
"""
import argparse
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
BENCH = HERE.parents[1] / ".build/release/reportgen-bench"
LINE = re.compile(r"(\w+): ([\d.]+) s/document, (\d+) tokens/s, (\d+) documents, (\d+) tokens, loss ([\d.]+) -> ([\d.]+), peak (\d+) MiB")

p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("model", type=Path)
p.add_argument("corpus")
p.add_argument("--tokenizer")
p.add_argument("--lens", type=int, default=16, help="documents for TransformerLens")
p.add_argument("--torch", type=int, default=64, help="documents for PyTorch")
p.add_argument("--all", type=int, default=1000, help="documents for reportgen alone")
p.add_argument("--rounds", type=int, default=1)
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
