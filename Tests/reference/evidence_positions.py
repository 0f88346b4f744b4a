"""Activation and loss by position, how many tokens a neuron needs, and switches of language, by TransformerLens and NumPy.

    evidence_positions.py DEMO_MODEL CORPORA_DIR OUT
    evidence_positions.py Sources/CEmbedded/demo Sources/CEmbedded/corpora Tests/AnalysesTests/Goldens/evidence-positions.json

The study is the one of evidence_patching.py: L3N436, eight documents of each class, the first four probed. Intervals are percentile
intervals over documents, 1000 resamples of NumPy's legacy generator at each position. Made with the versions of requirements.txt, CPU,
float32, OMP_NUM_THREADS=1. In the file, by position with BOS at 0 (a loss stands at the position it is predicted from):
  corpora   target and other: counts, [mean, low, high] of activation and loss, and the same over the cohort, the documents with at least
            `tokens` tokens (the largest number that half of them have) cut there
  passage   [documents, those that get to the target's side of the midpoint of the class means, quartiles of the number of tokens it takes
            (inverted_cdf), after how many tokens the mean is there]
  switches  the first `tokens` tokens of a document after BOS, then as many of another: [mean, low, high] by token, and the passage to the
            new class's side
"""
import sys

import numpy as np
import torch

import goldens_lens
from evidence_patching import NEURON, SEED, Sample


def curve(documents):
    """[mean, low, high] at each position; documents that have ended take no part."""
    length, n = max(map(len, documents)), len(documents)
    table = np.full((n, length), np.nan)
    for row, values in zip(table, documents):
        row[:len(values)] = values
    chosen = np.random.RandomState(SEED).randint(0, n, size=(1000, n))
    result = []
    for column in table.T:
        drawn = column[chosen]
        counts = (~np.isnan(drawn)).sum(1)
        means = np.nansum(drawn, 1)[counts > 0] / counts[counts > 0]
        several = np.count_nonzero(~np.isnan(column)) > 1
        result.append([np.nanmean(column), *(np.quantile(means, [0.025, 0.975]) if several else (None, None))])
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
        probed = self.all_dutch[:4], self.all_other[:4]
        means = [torch.cat([self.post(ids)[1:] for ids in texts]).double().mean().item() for texts in probed]
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
        classes = [self.dutch, self.fresh_other]
        tokens = min(64, (self.model.cfg.n_ctx - 1) // 2, *(common([ids.shape[1] - 1 for ids in texts]) for texts in classes))
        texts = [[ids[0, 1:tokens + 1] for ids in c if ids.shape[1] > tokens] for c in classes]
        pairs = min(map(len, texts))
        bos = self.dutch[0][0, :1]
        result = []
        for source, target in ((0, 1), (1, 0), (0, 0), (1, 1)):
            documents = [
                self.post(torch.cat([bos, texts[source][i], texts[target][(i + 1) % pairs if source == target else i]])[None])[1:]
                .double().numpy() for i in range(pairs)]
            result.append({
                "activation": curve(documents),
                "passage": None if source == target else passage([d[tokens:] for d in documents], lambda a: self.holds(a) == (target == 0))})
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
