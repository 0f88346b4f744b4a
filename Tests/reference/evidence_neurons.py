"""Records what the analyses of examples, languages and all neurons must match, with TransformerLens and scikit-learn.

    evidence_neurons.py MODEL_DIR CORPORA_DIR OUT      (corpora NAME.txt, a document a line; the target is nl)

Recorded from the top of the repository, with the versions of requirements.txt (CPU, float32, OMP_NUM_THREADS=1):
    evidence_neurons.py Sources/CEmbedded/demo Sources/CEmbedded/corpora Tests/AnalysesTests/Goldens/evidence.json

The first documents of each corpus make a study small enough for a test: 12 of the target, 28 of the others, interleaved. In the file:
  examples    the strongest activation of the neuron in each document, [position, value], BOS left out; and a one-feature
              LogisticRegression (C = 1, run to its optimum) on four fifths of the rows of both classes cut to the smaller number, by train_test_split
  languages   by corpus: quantiles of the neuron's activations; the one-versus-rest MCC of NearestCentroid, fitted on the documents
              with an even place in their corpus and judged on the odd ones, and the reverse, all judgements together (negative where
              the neuron is lower on the corpus); the layer's neuron whose mean lies highest above the mean over all other corpora, and
              that neuron's mean in every corpus
  sweep       splits hold out a fifth of each class's documents, by RandomState(seed).permutation of their number; NearestCentroid on
              the tokens of the others. For a few neurons of every layer the metrics on held-out tokens and on documents' means, a split
              each; for every neuron its MCC on tokens, the mean over the splits. k_sparse: the k neurons of the
              layer with the largest |mean difference| of the training tokens, LogisticRegression, MCC on held-out tokens, a split each;
              `mcc_interval`: the neuron's MCC over all held-out judgements, and its 95 % quantiles when documents are resampled 10,000 times.
              `coefficient` re-ranks the 64 by |coefficient| times the training part's standard deviation.
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, f1_score, matthews_corrcoef, precision_score, recall_score, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.neighbors import NearestCentroid
from transformers import GPTNeoXTokenizerFast

import goldens_lens

LAYER, NEURON, SEED, SPLITS = 3, 436, 0, 3
LANGUAGES = {"nl": "Dutch", "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian", "pt": "Portuguese",
             "sv": "Swedish"}  # fmt: skip
SHOWN = [0, 7, 436, 511]


def logistic(x, y):
    return LogisticRegression(tol=1e-10, max_iter=10_000, solver="newton-cholesky").fit(x, y)


def metrics(y, predicted, scores):
    return {
        "f1": f1_score(y, predicted), "mcc": matthews_corrcoef(y, predicted), "precision": precision_score(y, predicted, zero_division=0),
        "recall": recall_score(y, predicted), "balanced_accuracy": balanced_accuracy_score(y, predicted),
        "roc_auc": roc_auc_score(y, scores),
    }  # fmt: skip


def centroid(train, y, test):
    """One-feature NearestCentroid by hand where a feature is constant, which scikit-learn refuses."""
    if train.min() == train.max():
        return np.zeros(len(test), bool)
    return NearestCentroid().fit(train[:, None], y).predict(test[:, None])


def count(counts, documents, y, predicted):
    """Adds tp, fp, tn, fn by document."""
    for document, truth, guess in zip(documents, y, predicted.astype(bool)):
        counts[document, [[2, 1], [3, 0]][int(truth)][int(guess)]] += 1


def interval(counts):
    def mcc(c):
        tp, fp, tn, fn = c.T
        product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
        return np.where(product > 0, (tp * tn - fp * fn) / np.sqrt(np.maximum(product, 1)), 0)

    chosen = np.random.RandomState(SEED).randint(0, len(counts), size=(10_000, len(counts)))
    return [float(mcc(counts.sum(0)[None])[0]), *np.quantile(mcc(counts[chosen].sum(1)), [0.025, 0.975])]


def main(model_folder, corpora, out):
    tokenizer = GPTNeoXTokenizerFast.from_pretrained(model_folder, add_bos_token=True, **dict.fromkeys(
        ("bos_token", "eos_token", "unk_token"), "<|endoftext|>"))
    model = goldens_lens.load(model_folder, tokenizer=tokenizer)
    text = {name: [line for line in (Path(corpora) / f"{code}.txt").read_text().split("\n") if line.strip()]
            for code, name in LANGUAGES.items()}  # fmt: skip
    documents = [("Dutch", index) for index in range(12)] + [(name, index) for index in range(4) for name in list(LANGUAGES.values())[1:]]
    hooks = [f"blocks.{layer}.mlp.hook_post" for layer in range(model.cfg.n_layers)]
    post = []  # by document, [layers, tokens, d_mlp]
    for name, index in documents:
        _, cache = model.run_with_cache(model.to_tokens(text[name][index], prepend_bos=True), names_filter=hooks)
        post.append(torch.stack([cache[hook][0, 1:] for hook in hooks]).double().numpy())
    target = np.array([name == "Dutch" for name, _ in documents])
    rows = [p.shape[1] for p in post]
    own = [p[LAYER, :, NEURON] for p in post]

    examples = {"peaks": [[int(a.argmax()) + 1, float(a.max())] for a in own]}
    columns = [np.concatenate([a for a, t in zip(own, target) if t == side]) for side in (True, False)]
    smaller = min(map(len, columns))
    part, _ = train_test_split(np.arange(2 * smaller), test_size=0.2, random_state=SEED)
    fit = logistic(np.concatenate([c[:smaller] for c in columns])[part, None], np.repeat([1, 0], smaller)[part])
    examples |= {"coefficient": fit.coef_[0, 0], "intercept": fit.intercept_[0]}

    languages = {}
    means = {name: np.concatenate([p[LAYER] for p, d in zip(post, documents) if d[0] == name]).mean(0) for name in LANGUAGES.values()}
    for name in LANGUAGES.values():
        label = np.repeat([d[0] == name for d in documents], rows)
        parity = np.repeat([d[1] % 2 for d in documents], rows)
        values = np.concatenate(own)
        predicted = np.zeros(len(values), bool)
        for side in (0, 1):
            predicted[parity == side] = centroid(values[parity != side], label[parity != side], values[parity == side])
        everything = np.concatenate([p[LAYER] for p in post])
        rest = everything[~label].mean(0)
        best = int((means[name] - rest).argmax())
        sign = 1 if values[label].mean() >= values[~label].mean() else -1
        languages[name] = {
            "quantiles": np.quantile(values[label], [0.05, 0.25, 0.5, 0.75, 0.95]).tolist(), "mcc": sign * matthews_corrcoef(label, predicted),
            "best": best, "means": {other: float(means[other][best]) for other in LANGUAGES.values()},
        }  # fmt: skip

    pooled = np.stack([p.mean(1) for p in post])  # [documents, layers, d_mlp]
    stacked = np.concatenate(post, 1)
    y = np.repeat(target, rows)
    n_layers, _, d_mlp = stacked.shape
    sweep = {"neurons": [], "mcc": np.zeros((n_layers, d_mlp)), "k_sparse": []}
    confusions = {kind: np.zeros((len(documents), 4)) for kind in ("tokens", "documents")}
    of_row = np.repeat(np.arange(len(documents)), rows)
    shown = {(layer, neuron): {"layer": layer, "neuron": neuron, "tokens": [], "documents": []} for layer in range(n_layers) for neuron in SHOWN}
    for split in range(SPLITS):
        held = np.zeros(len(documents), bool)
        for side in (True, False):
            members = np.flatnonzero(target == side)
            order = np.random.RandomState(SEED + split).permutation(len(members))
            held[members[order[:int(np.ceil(0.2 * len(members)))]]] = True
        test = np.repeat(held, rows)
        for layer in range(n_layers):
            for neuron in range(d_mlp):
                x = stacked[layer, :, neuron]
                predicted = centroid(x[~test], y[~test], x[test])
                found = metrics(y[test], predicted, x[test]) if (layer, neuron) in shown else {"mcc": matthews_corrcoef(y[test], predicted)}
                sweep["mcc"][layer, neuron] += found["mcc"] / SPLITS
                if (layer, neuron) in shown:
                    shown[layer, neuron]["tokens"].append(found)
                    d = pooled[:, layer, neuron]
                    pooled_prediction = centroid(d[~held], target[~held], d[held])
                    shown[layer, neuron]["documents"].append(metrics(target[held], pooled_prediction, d[held]))
                    if (layer, neuron) == (LAYER, NEURON):
                        count(confusions["tokens"], of_row[test], y[test], predicted)
                        count(confusions["documents"], np.flatnonzero(held), target[held], pooled_prediction)
        x = stacked[LAYER]
        difference = np.abs(x[~test & y].mean(0) - x[~test & ~y].mean(0))
        ranked = np.argsort(-difference, kind="stable")[:64]
        full = logistic(x[~test][:, ranked], y[~test])
        weight = np.abs(full.coef_[0]) * x[~test][:, ranked].std(0)
        again = ranked[np.argsort(-weight, kind="stable")]
        curve = {"ranked": ranked[:10].tolist(), "again": again[:10].tolist()}
        for kind, order in (("difference", ranked), ("coefficient", again)):
            curve[kind] = [matthews_corrcoef(y[test], logistic(x[~test][:, order[:k]], y[~test]).predict(x[test][:, order[:k]]))
                           for k in (1, 2, 4, 8, 16, 32, 64)]  # fmt: skip
        sweep["k_sparse"].append(curve)
    sweep["mcc_interval"] = {kind: interval(counts) for kind, counts in confusions.items()}
    sweep["neurons"] = list(shown.values())
    sweep["mcc"] = sweep["mcc"].round(6).tolist()
    sweep["constant"] = [int((stacked[layer].min(0) == stacked[layer].max(0)).sum()) for layer in range(n_layers)]
    sweep["dead"] = [int((stacked[layer].max(0) <= 0).sum()) for layer in range(n_layers)]
    Path(out).write_text(json.dumps({"examples": examples, "languages": languages, "sweep": sweep}) + "\n")


main(*sys.argv[1:])
