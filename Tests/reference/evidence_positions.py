"""Activation and loss by position, how many tokens a neuron needs, and switches of language, by TransformerLens and NumPy.

    evidence_positions.py DEMO_MODEL CORPORA_DIR OUT
    evidence_positions.py Sources/CEmbedded/demo Sources/CEmbedded/corpora Tests/AnalysesTests/Goldens/evidence-positions.json

The study is the one of evidence_patching.py: L3N436, 40 documents of each class, of which the first 14 are probed and the others measured,
whole. Intervals are Student's over documents at each position; fewer than ten have none. Made with the versions of requirements.txt, CPU,
float32, OMP_NUM_THREADS=1. In the file, by position with BOS at 0 (a loss stands at the position it is predicted from):
  corpora   target and other: counts, [mean, low, high] of activation and loss, and the same over the cohort, the documents with at least
            `tokens` tokens (the largest number that half of them have) cut there
  passage   [documents, those that get to the target's side of the midpoint of the class means, quartiles of the number of tokens it takes
            (inverted_cdf), after how many tokens the mean is there]
  switches  of measured documents in drawn order, as many as there are up to 48: the first `tokens` tokens of a document after BOS, then as many of another: [mean, low, high] by token, and the passage to the
            new class's side, also where the class stays
"""
import sys

import numpy as np
import torch
from scipy import stats

import goldens_lens
from evidence_patching import NEURON, Sample


def curve(documents):
    """[mean, low, high] at each position; documents that have ended take no part."""
    length, n = max(map(len, documents)), len(documents)
    table = np.full((n, length), np.nan)
    for row, values in zip(table, documents):
        row[:len(values)] = values
    result = []
    for column in table.T:
        values = column[~np.isnan(column)]
        if len(values) < 10 or np.ptp(values) < 1e-6:  # BOS is the same in every document, but for rounding
            result.append([values.mean(), None, None])
        else:
            result.append([values.mean(), *stats.ttest_1samp(values, 0).confidence_interval(0.95)])
    return result


def common(lengths):
    return sorted(lengths, reverse=True)[(len(lengths) - 1) // 2]


def passage(documents, there):
    firsts = [next((i + 1 for i, a in enumerate(d) if there(a)), np.inf) for d in documents]
    quartiles = [int(q) if np.isfinite(q) else None for q in np.quantile(firsts, [0.25, 0.5, 0.75], method="inverted_cdf")]
    mean = next((i + 1 for i, a in enumerate(np.mean(documents, 0)) if there(a)), None)
    return [len(documents), int(np.isfinite(firsts).sum()), quartiles, mean]


class Positions(Sample):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        means = [torch.cat([self.post(ids)[1:] for ids in texts]).double().mean().item() for texts in self.probed]
        self.midpoint = sum(means) / 2
        self.sign = 1 if means[0] >= means[1] else -1

    def holds(self, activation):
        return self.sign * (activation - self.midpoint) > 0

    def corpus(self, texts):
        activations = [self.post(ids).double().numpy() for ids in texts]
        losses = [self.losses(ids) for ids in texts]
        length = common([len(a) - 1 for a in activations])
        kept = [i for i, a in enumerate(activations) if len(a) > length]
        cohort = [activations[i][:length + 1] for i in kept]
        return {
            "counts": [sum(len(a) > p for a in activations) for p in range(max(map(len, activations)))],
            "activation": curve(activations), "loss": curve(losses),
            "cohort": {
                "tokens": length, "documents": len(kept), "activation": curve(cohort),
                "loss": curve([losses[i][:length] for i in kept]), "passage": passage([a[1:] for a in cohort], self.holds)}}

    def switches(self):
        classes = [[ids[:, :65] for ids in texts[:48]] for texts in (self.fresh, self.fresh_others)]
        tokens = min(64, (self.model.cfg.n_ctx - 1) // 2, *(common([ids.shape[1] - 1 for ids in texts]) for texts in classes))
        texts = [[ids[0, 1:tokens + 1] for ids in c if ids.shape[1] > tokens] for c in classes]
        pairs = min(48, *map(len, texts))
        bos = self.dutch[0][0, :1]
        result = []
        for source, target in ((0, 1), (1, 0), (0, 0), (1, 1)):
            documents = [
                self.post(torch.cat([bos, texts[source][i], texts[target][(i + 1) % pairs if source == target else i]])[None])[1:]
                .double().numpy() for i in range(pairs)]
            result.append({
                "activation": curve(documents),
                "passage": passage([d[tokens:] for d in documents], lambda a: self.holds(a) == (target == 0))})
        return {"tokens": tokens, "documents": pairs, "runs": result}


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    study = Positions(*sys.argv[1:3])
    goldens_lens.write(sys.argv[3], {
        "midpoint": study.midpoint, "sign": study.sign, "neuron": NEURON,
        "corpora": {"target": study.corpus(study.all_dutch), "other": study.corpus(study.all_other)}, "switches": study.switches(),
        "made_with": goldens_lens.versions()})
