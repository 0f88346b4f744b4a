"""Records what the analyses of examples, languages and all neurons must match, with TransformerLens and scikit-learn.

    evidence_neurons.py MODEL_DIR CORPORA_DIR OUT      (corpora NAME.txt, a document a line; the target is nl)

Recorded from the top of the repository, with the versions of requirements.txt (CPU, float32, OMP_NUM_THREADS=1):
    evidence_neurons.py Sources/CEmbedded/demo Sources/CEmbedded/corpora Tests/AnalysesTests/Goldens/evidence.json

The first documents of each corpus make a study small enough for a test: 12 of the target, 4 of each other corpus, interleaved. The probe
documents are all of them, so none is left that chose nothing, and all are measured: drawn in the order of
RandomState(0).permutation(their number), the other corpora in turn, each cut to its first tokens. In the file:
  examples    the strongest activation of the neuron in each document, [position, value], BOS left out; a one-feature
              LogisticRegression (C = 1, run to its optimum) on all tokens of the first 12 probe documents of each class; of 12 documents
              of each class as drawn, cut to 128 tokens: `missed`, the target's token below its threshold with the lowest hook_pre,
              [document, position, hook_pre], the lowest first; `mistaken`, the other class's token above it with the highest,
              [corpus, document, position, hook_pre], the highest first; `errors`, tokens missed, of how many, mistaken, of how many
  languages   documents cut to 64 tokens. By corpus: quantiles of the neuron's activations; the one-versus-rest MCC of NearestCentroid,
              fitted on the documents at even places of their corpus and judged on those at odd places, and the reverse, all judgements
              together (negative where the neuron is lower on the corpus); the layer's neuron with the highest such MCC, and that neuron's
              mean in every corpus
  sweep       12 documents of each class, cut to 128 tokens. Document RandomState(0).permutation(n)[i] of each class is in fold i mod 3;
              NearestCentroid on the tokens of the other folds. For a few neurons of every layer the metrics on held-out tokens and on
              documents' means, all folds together and a fold each (AUC a fold each); for every neuron its MCC on tokens, all folds
              together, and its sign. k_sparse: the k neurons of the layer with the largest |mean difference| of the training tokens,
              LogisticRegression, MCC on held-out tokens, a fold each; `coefficient` re-ranks the 64 by |coefficient| times the training
              part's standard deviation. mcc_interval: Student's interval of the jackknife of arctanh(MCC) over documents. shuffled: for
              labels RandomState(1 + i).permutation dealt to the documents, one dealing for all folds, the highest MCC of all neurons and
              the neuron's own. directions: of 512 random directions of each layer, weights by Box and Muller from
              RandomState(0).random_sample, the median and the highest MCC
  probes      LogisticRegression on one neuron of layer 3, fitted on the tokens of four fifths of the sweep's documents of each class,
              [coefficient, intercept, train accuracy, test accuracy]
  choice      the best neuron of layer 3 by MCC of those higher on the target, on the first half of each corpus in the same order, cut to
              128 tokens, as many of either class; and how many folds each neuron wins
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, f1_score, matthews_corrcoef, precision_score, recall_score, roc_auc_score
from sklearn.neighbors import NearestCentroid
from transformers import GPTNeoXTokenizerFast

import goldens_lens

LAYER, NEURON, SEED, SPLITS, SHUFFLES = 3, 436, 0, 3, 99
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


def correlation(tp, fp, tn, fn):
    product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    return np.where(product > 0, (tp * tn - fp * fn) / np.sqrt(np.maximum(product, 1)), 0)


def counts(truth, predicted):
    """tp, fp, tn, fn."""
    truth, predicted = np.asarray(truth, bool), np.asarray(predicted, bool)
    return np.array([(truth & predicted).sum(), (~truth & predicted).sum(), (~truth & ~predicted).sum(), (truth & ~predicted).sum()], float)


def interval(documents):
    n, total = len(documents), documents.sum(0)
    pseudo = n * np.arctanh(correlation(*total)) - (n - 1) * np.arctanh(correlation(*(total - documents).T))
    ends = stats.ttest_1samp(pseudo - pseudo.mean(), 0).confidence_interval(0.95)
    z = np.arctanh(correlation(*total))
    return [float(correlation(*total)), float(np.tanh(z + ends.low)), float(np.tanh(z + ends.high))]


def folds(target, count):
    fold = np.zeros(len(target), int)
    for side in (True, False):
        members = np.flatnonzero(target == side)
        fold[members[np.random.RandomState(SEED).permutation(len(members))]] = np.arange(len(members)) % count
    return fold


def all_counts(post, labels, fold):
    """tp, fp, tn, fn of every neuron over all folds, [4, d_mlp], and by fold: nearest class mean, a tie to the negative class."""
    result = []
    for held in range(fold.max() + 1):
        train = [i for i in range(len(post)) if fold[i] != held]
        positive = np.concatenate([post[i] for i in train if labels[i]]).mean(0)
        negative = np.concatenate([post[i] for i in train if not labels[i]]).mean(0)
        middle, up = (positive + negative) / 2, positive > negative
        total = np.zeros((4, len(middle)))
        for i in np.flatnonzero(fold == held):
            guess = np.where(up, (post[i] > middle).sum(0), (post[i] < middle).sum(0))
            total[[0, 3] if labels[i] else [1, 2]] += [guess, len(post[i]) - guess]
        result.append(total)
    return np.sum(result, 0), result


def best(post, target):
    """The best neuron higher on the target, its MCC, and [neuron, folds won]."""
    total, by_fold = all_counts(post, target, folds(target, SPLITS))
    up = np.concatenate([p for p, t in zip(post, target) if t]).mean(0) >= np.concatenate([p for p, t in zip(post, target) if not t]).mean(0)
    score = np.where(up, correlation(*total), -2)
    wins = [int(np.where(up, correlation(*counts), -2).argmax()) for counts in by_fold]
    return {"neuron": int(score.argmax()), "mcc": float(score.max()), "wins": sorted([n, wins.count(n)] for n in set(wins))}


def drawn(n):
    return np.random.RandomState(0).permutation(n)


def in_turn(lists):
    return [items[row] for row in range(max(map(len, lists))) for items in lists if row < len(items)]


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
    everything = list(post)
    target = np.array([name == "Dutch" for name, _ in documents])
    rows = [p.shape[1] for p in post]
    own = [p[LAYER, :, NEURON] for p in post]

    place = {document: i for i, document in enumerate(documents)}
    others = list(LANGUAGES.values())[1:]
    examples = {"peaks": [[int(a.argmax()) + 1, float(a.max())] for a in own]}
    columns = [np.concatenate([a for a, t in zip(own, target) if t == side][:12]) for side in (True, False)]
    fit = logistic(np.concatenate(columns)[:, None], np.repeat([1, 0], [len(c) for c in columns]))
    examples |= {"coefficient": fit.coef_[0, 0], "intercept": fit.intercept_[0]}
    examples |= {"missed": [], "mistaken": [], "errors": [0, 0, 0, 0]}
    turns = in_turn([[(name, int(i)) for i in drawn(4)] for name in others])
    for name, index in [("Dutch", int(i)) for i in drawn(12)] + turns[:12]:
        ids = model.to_tokens(text[name][index], prepend_bos=True)[:, :129]
        _, cache = model.run_with_cache(ids, names_filter=[f"blocks.{LAYER}.mlp.hook_pre", hooks[LAYER]])
        pre, activation = (cache[hook][0, 1:, NEURON].double().numpy() for hook in (f"blocks.{LAYER}.mlp.hook_pre", hooks[LAYER]))
        # +1 where a token above the threshold is wrong.
        sign = -1 if name == "Dutch" else 1
        wrong = sign * (fit.coef_[0, 0] * activation + fit.intercept_[0]) > 0
        first = 0 if name == "Dutch" else 2
        examples["errors"][first] += int(wrong.sum())
        examples["errors"][first + 1] += len(wrong)
        if wrong.any():
            worst = int(np.where(wrong, sign * pre, -np.inf).argmax())
            row = [index, worst + 1, float(pre[worst])]
            examples["missed" if name == "Dutch" else "mistaken"].append(row if name == "Dutch" else [others.index(name), *row])
    examples["missed"].sort(key=lambda row: row[-1])
    examples["mistaken"].sort(key=lambda row: -row[-1])

    languages, names = {}, list(LANGUAGES.values())
    sampled = {name: [post[place[name, i]][:, :64] for i in drawn(12 if name == "Dutch" else 4)] for name in names}
    whole = {name: np.concatenate([p[LAYER] for p in sampled[name]]) for name in names}
    flat = [(name, i % 2, p[LAYER]) for name in names for i, p in enumerate(sampled[name])]
    for name in names:
        label = np.array([d[0] == name for d in flat])
        parity = np.array([d[1] for d in flat])
        values = [p for _, _, p in flat]
        own_column = [p[:, NEURON] for p in values]
        predicted = [None] * len(flat)
        for side in (0, 1):
            train = [i for i in range(len(flat)) if parity[i] != side]
            x = np.concatenate([own_column[i] for i in train])
            y = np.concatenate([np.full(len(own_column[i]), label[i]) for i in train])
            for i in np.flatnonzero(parity == side):
                predicted[i] = centroid(x, y, own_column[i])
        truth = np.concatenate([np.full(len(p), l) for p, l in zip(own_column, label)])
        sign = 1 if whole[name][:, NEURON].mean() >= np.concatenate([whole[o][:, NEURON] for o in names if o != name]).mean() else -1
        rest = np.concatenate([whole[o] for o in names if o != name]).mean(0)
        mcc = correlation(*all_counts(values, label, parity)[0]) * np.where(whole[name].mean(0) < rest, -1, 1)
        first = int(mcc.argmax())
        languages[name] = {
            "quantiles": np.quantile(whole[name][:, NEURON], [0.05, 0.25, 0.5, 0.75, 0.95]).tolist(),
            "mcc": sign * matthews_corrcoef(truth, np.concatenate(predicted)), "best": first, "best_mcc": float(mcc[first]),
            "means": {other: float(whole[other][:, first].mean()) for other in names},
        }  # fmt: skip

    dutch = [("Dutch", int(i)) for i in drawn(12)]
    turns = in_turn([[(name, int(i)) for i in drawn(4)] for name in others])
    post = [post[place[d]][:, :128] for d in dutch + turns[:12]]
    target = np.arange(24) < 12
    rows = [p.shape[1] for p in post]
    fold = folds(target, SPLITS)
    pooled = np.stack([p.mean(1) for p in post])  # [documents, layers, d_mlp]
    stacked = np.concatenate(post, 1)
    y = np.repeat(target, rows)
    row_fold = np.repeat(fold, rows)
    n_layers, _, d_mlp = stacked.shape
    sweep = {"neurons": [], "mcc": np.zeros((n_layers, d_mlp)), "sign": [], "k_sparse": []}
    guesses = {}
    for layer in range(n_layers):
        up = stacked[layer][y].mean(0) >= stacked[layer][~y].mean(0)
        sweep["sign"].append(np.where(up, 1, -1).tolist())
        for neuron in range(d_mlp):
            x, predicted = stacked[layer, :, neuron], np.zeros(len(y), bool)
            for held in range(SPLITS):
                predicted[row_fold == held] = centroid(x[row_fold != held], y[row_fold != held], x[row_fold == held])
            sweep["mcc"][layer, neuron] = matthews_corrcoef(y, predicted)
            if neuron not in SHOWN:
                continue
            d, by_mean = pooled[:, layer, neuron], np.zeros(len(target), bool)
            for held in range(SPLITS):
                by_mean[fold == held] = centroid(d[fold != held], target[fold != held], d[fold == held])
            guesses[layer, neuron] = predicted, by_mean
            entry = {"layer": layer, "neuron": neuron}
            for kind, truth, guess, scores, of in (("tokens", y, predicted, x, row_fold), ("documents", target, by_mean, d, fold)):
                entry[kind] = {"all": metrics(truth, guess, scores), "folds": [
                    metrics(truth[of == held], guess[of == held], scores[of == held]) for held in range(SPLITS)]}
            sweep["neurons"].append(entry)
    for held in range(SPLITS):
        x, test = stacked[LAYER], row_fold == held
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
    predicted, by_mean = guesses[LAYER, NEURON]
    ends = np.cumsum([0, *rows])
    sweep["mcc_interval"] = interval(np.array([counts(y[a:b], predicted[a:b]) for a, b in zip(ends, ends[1:])]))
    sweep["documents_right"] = int((by_mean == target).sum())
    highest, own = [], []
    for dealing in range(SHUFFLES):
        labels = target[np.random.RandomState(1 + dealing).permutation(len(target))]
        chance = np.stack([correlation(*all_counts([p[layer] for p in post], labels, fold)[0]) for layer in range(n_layers)])
        highest.append(float(chance.max()))
        own.append(float(chance[LAYER, NEURON]))
    real = sweep["mcc"][LAYER, NEURON]
    sweep["shuffled"] = {"highest": highest, "studied": own, "p": (1 + sum(h >= real for h in highest)) / (1 + SHUFFLES)}
    u = np.random.RandomState(SEED).random_sample((d_mlp * d_mlp // 2, 2))
    radius, angle = np.sqrt(-2 * np.log(1 - u[:, 0])), 2 * np.pi * u[:, 1]
    weights = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).ravel().reshape(d_mlp, d_mlp).astype(np.float32)
    along = [correlation(*all_counts([p[layer] @ weights.T for p in post], target, fold)[0]) for layer in range(n_layers)]
    sweep["directions"] = [[float(np.median(mcc)), float(mcc.max())] for mcc in along]
    sweep["mcc"] = sweep["mcc"].round(6).tolist()
    sweep["constant"] = [int((stacked[layer].min(0) == stacked[layer].max(0)).sum()) for layer in range(n_layers)]
    sweep["dead"] = [int((stacked[layer].max(0) <= 0).sum()) for layer in range(n_layers)]

    held = np.zeros(len(target), bool)
    for side in (True, False):
        members = np.flatnonzero(target == side)
        held[members[np.random.RandomState(SEED).permutation(len(members))[:int(np.ceil(0.2 * len(members)))]]] = True
    test, probes = np.repeat(held, rows), {}
    for neuron in SHOWN:
        x = stacked[LAYER][:, neuron, None]
        one = logistic(x[~test], y[~test])
        probes[str(neuron)] = [one.coef_[0, 0], one.intercept_[0], one.score(x[~test], y[~test]), one.score(x[test], y[test])]

    halves = in_turn([[(name, int(i)) for i in drawn(4)[:2]] for name in others])
    choosing = [everything[place[d]][LAYER, :128] for d in dutch[:6] + halves[:6]]
    choice = best(choosing, np.arange(12) < 6)
    Path(out).write_text(json.dumps({"examples": examples, "languages": languages, "sweep": sweep, "probes": probes, "choice": choice}) + "\n")


main(*sys.argv[1:])
