"""A set of neurons of two layers, read by one regression and ablated together, by TransformerLens hooks and scikit-learn.

    set_study.py DEMO_MODEL CORPORA_DIR OUT
    set_study.py Sources/CEmbedded/demo Sources/CEmbedded/corpora Tests/AnalysesTests/Goldens/set.json

The study is the demo's with `neurons:` instead of layer and neuron: 40 documents of Dutch, German, English, Spanish and French. The
documents of each corpus stand in the order of RandomState(0).permutation(40); the first 45 % of each choose, cut to 24 tokens: at most 16 of
each class, the other class's corpora in turn. 20 of the others of each corpus are measured, cut to 24 tokens. The set's neurons are put to
their means over the choosing documents of the other class from position 1 on, all at once, each in its own layer's hook_post: TransformerLens
runs the hook of a later layer on what the earlier one has already changed. One control is random: neurons of the same layers, drawn by
RandomState(layer).permutation(d_mlp) without those of the set.
The regression is scikit-learn's, C = 1, solved to 1e-10. Made with the versions of requirements.txt, CPU, float32, OMP_NUM_THREADS=1.
"""
import sys

import numpy as np
import torch
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import matthews_corrcoef, roc_auc_score
from transformers import GPTNeoXTokenizerFast

import goldens_lens
from goldens_study import documents

SET = [(3, 436), (4, 52), (3, 31)]
LANGUAGES = ["nl", "de", "en", "es", "fr"]
SHARE, CHOOSING, WINDOW, MEASURED = 0.45, 16, 24, 20


def hook_name(layer):
    return f"blocks.{layer}.mlp.hook_post"


class Study:
    def __init__(self, model_dir, corpora):
        tokenizer = GPTNeoXTokenizerFast.from_pretrained(model_dir, add_bos_token=True, **dict.fromkeys(
            ("bos_token", "eos_token", "unk_token"), "<|endoftext|>"))
        self.model = goldens_lens.load(model_dir, tokenizer=tokenizer)
        order = np.random.RandomState(0).permutation(40)
        drawn = {}
        for language in LANGUAGES:
            texts = documents(f"{corpora}/{language}.txt")[:40]
            drawn[language] = [self.model.to_tokens(texts[i])[:, : WINDOW + 1] for i in order]
        count = int(40 * SHARE)
        choosing = {k: v[:count] for k, v in drawn.items()}
        rest = {k: v[count:] for k, v in drawn.items()}
        in_turn = lambda parts: [parts[k][i] for i in range(40) for k in LANGUAGES[1:] if i < len(parts[k])]
        self.fitted = choosing["nl"][:CHOOSING], in_turn(choosing)[:CHOOSING]
        self.measured = {k: v[:MEASURED] for k, v in rest.items()}
        self.judged = self.measured["nl"], in_turn(rest)[:MEASURED]

    def columns(self, texts, neurons):
        """hook_post of some neurons on each document, without BOS."""
        names = [hook_name(layer) for layer in {n[0] for n in neurons}]
        found = []
        for ids in texts:
            _, cache = self.model.run_with_cache(ids, names_filter=names)
            found.append(np.stack([cache[hook_name(layer)][0, 1:, n].double().numpy() for layer, n in neurons], 1))
        return found

    def losses(self, ids, neurons=(), values=()):
        """Losses with some neurons put to values from position 1 on, all in one run."""
        def hook(own):
            def put(post, hook):
                for neuron, value in own:
                    post[0, 1:, neuron] = value
                return post
            return put
        layers = sorted({layer for layer, _ in neurons})
        hooks = [(hook_name(layer), hook([(n, v) for (at, n), v in zip(neurons, values) if at == layer])) for layer in layers]
        with self.model.hooks(fwd_hooks=hooks):
            return self.model(ids, return_type="loss", loss_per_token=True)[0].double().numpy()

    def means(self, neurons):
        return np.concatenate(self.columns(self.fitted[1], neurons)).mean(0).astype(np.float32)

    def change(self, texts, neurons):
        """Sums by document of the change of the loss, and of the clean loss."""
        values = [float(v) for v in self.means(neurons)]
        return np.array([self.losses(ids, neurons, values).sum() - self.losses(ids).sum() for ids in texts])

    def reading(self, neurons):
        """One regression on some neurons, fitted on the choosing tokens, judged on the measured ones."""
        fit = [np.concatenate(self.columns(part, neurons)) for part in self.fitted]
        x, y = np.concatenate(fit), np.repeat([1, 0], [len(part) for part in fit])
        model = LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000).fit(x, y)
        judged = [self.columns(part, neurons) for part in self.judged]
        scores = [[model.decision_function(d) for d in part] for part in judged]
        truth = np.concatenate([np.full(len(d), label) for label, part in zip((1, 0), scores) for d in part])
        odds = np.concatenate([d for part in scores for d in part])
        labels = [1] * len(scores[0]) + [0] * len(scores[1])
        return {
            "rows": len(y), "coefficients": model.coef_[0].tolist(), "intercept": float(model.intercept_[0]),
            "mcc": matthews_corrcoef(truth, odds > 0), "accuracy": float(np.mean((odds > 0) == truth)),
            "auc": roc_auc_score(labels, [d.mean() for part in scores for d in part]),
            "auc_of_means": [roc_auc_score(labels, [d[:, i].mean() for part in judged for d in part]) for i in range(len(neurons))]}


def interval(numerators, denominators):
    """A ratio of sums over documents with Student's interval, by its linearised standard deviation."""
    numerators, denominators = np.array(numerators, float), np.array(denominators, float)
    n, ratio = len(numerators), numerators.sum() / denominators.sum()
    deviation = np.sqrt(n / (n - 1) * ((numerators - ratio * denominators) ** 2).sum()) / denominators.sum()
    return [ratio, *stats.t.interval(0.95, n - 1, loc=ratio, scale=deviation)]


def random_set(study):
    """For each neuron of the set the next of its layer's permutation that is not in the set."""
    width, orders = study.model.cfg.d_mlp, {}
    for layer in sorted({layer for layer, _ in SET}):
        own = {n for at, n in SET if at == layer}
        orders[layer] = [int(n) for n in np.random.RandomState(layer).permutation(width) if n not in own]
    return [(layer, orders[layer].pop(0)) for layer, _ in SET]


def main(model_dir, corpora, out):
    study = Study(model_dir, corpora)
    dutch = study.measured["nl"]
    tokens = [ids.shape[1] - 1 for ids in dutch]
    together = study.change(dutch, SET)
    alone = [study.change(dutch, [neuron]) for neuron in SET]
    control = random_set(study)
    joined = np.concatenate([np.concatenate(study.columns(part, SET)) for part in study.judged])
    goldens_lens.write(out, {
        "neurons": [list(n) for n in SET], "values": [float(v) for v in study.means(SET)],
        "fitted": [len(part) for part in study.fitted], "judged": [len(part) for part in study.judged],
        "together": study.reading(SET), "alone": [study.reading([n])["mcc"] for n in SET],
        "correlations": np.corrcoef(joined.T).tolist(),
        "clean": float(sum(study.losses(ids).sum() for ids in dutch) / sum(tokens)),
        "change": interval(together, tokens), "singles": [interval(a, tokens) for a in alone],
        "sum": interval(sum(alone), tokens), "beyond": interval(together - sum(alone), tokens),
        "german": interval(study.change(study.measured["de"], SET), [ids.shape[1] - 1 for ids in study.measured["de"]]),
        "first_two": interval(study.change(dutch, SET[:2]), tokens),
        "random_set": [list(n) for n in control], "random": interval(study.change(dutch, control), tokens)[0],
        "random_mcc": study.reading(control)["mcc"], "made_with": goldens_lens.versions()})

if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    main(*sys.argv[1:])
