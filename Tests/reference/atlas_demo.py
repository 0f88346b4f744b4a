"""Makes Tests/PipelineTests/Goldens/atlas-demo.json: figures of the demo atlas by another program, from the model's files on.

    python3 Tests/reference/atlas_demo.py

Made with PyTorch 2.13.0, transformers 4.53.3, tokenizers 0.21.4, scikit-learn 1.9.1 and NumPy 2.4.6 on Python 3.11. transformers runs the
demo model on each passage with token 0 in front; a hook reads the MLP's activation. For some neurons of each layer and every label:
  discovery, auc   sklearn's roc_auc_score of passage means, on either side of the split
  d                Cohen's d on confirmation passages
  firing           the share of discovery tokens above 0
  edge, mcc        the edge of the bins with the highest sklearn MCC on discovery tokens, and its MCC on confirmation tokens
  mean, deviation, min, max   of all tokens
  peak             label, passage and token of the largest activation
The split is made anew: of the SHA-256 of "0\\n" and the first version of each passage, the lower 60 % confirm.
"""

import hashlib
import json
import pathlib

import numpy as np
import torch
from sklearn.metrics import matthews_corrcoef, roc_auc_score
from tokenizers import Tokenizer
from transformers import GPTNeoXForCausalLM

ROOT = pathlib.Path(__file__).parent.parent.parent
DEMO = ROOT / "Sources/CEmbedded"
OUT = ROOT / "Tests/PipelineTests/Goldens/atlas-demo.json"
LABELS = ["nl", "de", "en", "es", "fr", "it", "pt", "sv"]
NEURONS = [(0, 0), (0, 300), (1, 220), (2, 77), (3, 436), (3, 273), (4, 268), (4, 511), (5, 113), (5, 68)]


def activations(model, ids):
    kept = {}
    handles = [layer.mlp.act.register_forward_hook(lambda m, i, o, n=n: kept.__setitem__(n, o[0])) for n, layer in enumerate(model.gpt_neox.layers)]
    with torch.no_grad():
        model(torch.tensor([ids]))
    for handle in handles:
        handle.remove()
    return np.array([kept[layer][1:, neuron].numpy() for layer, neuron in NEURONS])


def main():
    torch.set_num_threads(2)
    model = GPTNeoXForCausalLM.from_pretrained(DEMO / "demo", torch_dtype=torch.float32).eval()
    reader = Tokenizer.from_file(str(DEMO / "demo/tokenizer.json"))
    texts = [(DEMO / f"corpora/{name}.txt").read_text().splitlines() for name in LABELS]
    passages = len(texts[0])
    order = sorted(range(passages), key=lambda p: hashlib.sha256(f"0\n{texts[0][p]}".encode()).hexdigest())
    confirming = set(order[: round(0.6 * passages)])
    edges = [2.0 ** (i // 4 - 4) * (1 + i % 4 / 4) for i in range(41)]
    edges = np.array([-s for s in edges[20::-1]] + [0.0] + edges)
    documents = []  # label, passage, ids, [neurons, tokens]
    for label, lines in enumerate(texts):
        for passage, line in enumerate(lines):
            ids = [0, *reader.encode(line).ids]
            documents.append((label, passage, ids, activations(model, ids)))
    labels = np.array([d[0] for d in documents])
    confirms = np.array([d[1] in confirming for d in documents])
    means = np.array([d[3].astype(float).mean(1) for d in documents])
    lengths = np.array([d[3].shape[1] for d in documents])
    tokens = np.concatenate([d[3] for d in documents], 1)
    token_labels, token_confirms = np.repeat(labels, lengths), np.repeat(confirms, lengths)
    found = {"neurons": NEURONS, "confirming": sorted(confirming), "tokens": int(lengths.sum()), "figures": []}
    for n in range(len(NEURONS)):
        best = max(range(len(documents)), key=lambda i: (documents[i][3][n].max(), -i))
        place = int(documents[best][3][n].argmax())
        values = tokens[n]
        figure = {"mean": float(values.astype(float).mean()), "deviation": float(values.astype(float).std()), "min": float(values.min()),
                  "max": float(values.max()), "peak": [int(documents[best][0]), documents[best][1], reader.decode([documents[best][2][1 + place]])],
                  "labels": []}
        for label in range(len(LABELS)):
            own, other = means[confirms & (labels == label), n], means[confirms & (labels != label), n]
            pooled = (own.var() * len(own) + other.var() * len(other)) / (len(own) + len(other) - 2)
            chosen, judged = ~token_confirms, token_confirms
            scores = [matthews_corrcoef(token_labels[chosen] == label, values[chosen] > e) for e in edges]
            edge = int(np.argmax(scores))
            figure["labels"].append({
                "discovery": roc_auc_score(labels[~confirms] == label, means[~confirms, n]),
                "auc": roc_auc_score(labels[confirms] == label, means[confirms, n]),
                "d": (own.mean() - other.mean()) / np.sqrt(pooled),
                "firing": float((values[chosen & (token_labels == label)] > 0).mean()), "edge": edge,
                "mcc": matthews_corrcoef(token_labels[judged] == label, values[judged] > edges[edge])})
        found["figures"].append(figure)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
