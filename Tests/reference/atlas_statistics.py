"""Makes Tests/StatisticsTests/Goldens/atlas.json: the statistics of the atlas.

    python3 Tests/reference/atlas_statistics.py

Made with NumPy 2.4.6, SciPy 1.17.1, scikit-learn 1.9.1 and statsmodels 0.15.0. In the file:
  areas        values with ties and labels; per label: sklearn's roc_auc_score, DeLong's variance from the definition (placements of
               every pair, no ranks), the logit interval; and the same of each label against the next alone
  score        Newcombe's interval (method 5) of areas at the boundary, by scipy.optimize.brentq
  cohen        Cohen's d by np.var
  discovery    statsmodels.stats.multitest.multipletests(p, method="fdr_bh")
  permutation  labels permuted within strata with np.random.RandomState; the z of every neuron and label, and the largest z, each
               from the definition: ranks by scipy.stats.rankdata, mean and variance of the sum of ranks over strata
  mannWhitney  with one stratum, the z of scipy.stats.mannwhitneyu(use_continuity=False, method="asymptotic")
  entropy      LAPE as the authors' program computes it (identify.py of RUCAIBox/Language-Specific-Neurons), in NumPy
  clusters     np.corrcoef and scipy.sparse.csgraph.connected_components
  grams        the Jaccard similarity of every pair of token documents, from Python's sets of 5-grams
"""

import json
import pathlib

import numpy as np
from scipy import optimize, sparse, stats
from scipy.sparse import csgraph
from sklearn.metrics import roc_auc_score
from statsmodels.stats.multitest import multipletests

OUT = pathlib.Path(__file__).parent.parent / "StatisticsTests/Goldens/atlas.json"


def delong(positives, negatives, confidence=0.95):
    wins = (positives[:, None] > negatives) + 0.5 * (positives[:, None] == negatives)
    auc = wins.mean()
    variance = wins.mean(1).var(ddof=1) / len(positives) + wins.mean(0).var(ddof=1) / len(negatives)
    logit, reach = np.log(auc / (1 - auc)), stats.norm.ppf((1 + confidence) / 2) * np.sqrt(variance) / (auc * (1 - auc))
    ends = 1 / (1 + np.exp(-np.array([logit - reach, logit + reach])))
    return [auc, variance, *ends]


def areas():
    out = []
    for seed, count, labels, digits in [(1, 60, 3, 1), (2, 200, 5, 6), (3, 41, 2, 0)]:
        random = np.random.RandomState(seed)
        marks = np.arange(count) % labels
        values = np.round(random.normal(size=count) + 0.8 * (marks == 0), digits).astype(np.float32)
        rest, pairs = [], []
        for label in range(labels):
            own = values[marks == label].astype(float)
            rest.append(delong(own, values[marks != label].astype(float)))
            assert abs(roc_auc_score(marks == label, values) - rest[-1][0]) < 1e-12
            pairs.append(delong(own, values[marks == (label + 1) % labels].astype(float)))
        out.append({"labels": marks.tolist(), "count": labels, "values": values.tolist(), "rest": rest, "next": pairs,
                    "midranks": stats.rankdata(values).tolist()})
    return out


def newcombe(auc, m, n, confidence):
    z = stats.norm.ppf((1 + confidence) / 2)

    def excess(t):
        size = (m + n) / 2 - 1
        return (auc - t) ** 2 - z * z * t * (1 - t) * (1 + size * ((1 - t) / (2 - t) + t / (1 + t))) / (m * n)

    low = 0.0 if auc == 0 else optimize.brentq(excess, 0, auc - 1e-12, xtol=1e-15)
    high = 1.0 if auc == 1 else optimize.brentq(excess, auc + 1e-12, 1, xtol=1e-15)
    return [low, high]


def score():
    cases = [(1.0, 24, 168, 0.95), (1.0, 24, 24, 0.999), (0.0, 10, 30, 0.95), (0.5, 20, 20, 0.99), (0.97, 100, 300, 0.95)]
    return [{"auc": a, "m": m, "n": n, "confidence": c, "ends": newcombe(a, m, n, c)} for a, m, n, c in cases]


def cohen():
    own, others = np.random.RandomState(5).normal(1, 2, 13), np.random.RandomState(6).normal(0, 1, 40)
    pooled = (own.var() * 13 + others.var() * 40) / 51
    return {"own": own.tolist(), "others": others.tolist(), "d": (own.mean() - others.mean()) / np.sqrt(pooled)}


def discovery():
    p = np.round(np.random.RandomState(7).random_sample(40) ** 3, 3)
    return {"p": p.tolist(), "q": multipletests(p, method="fdr_bh")[1].tolist()}


def z_scores(ranks, marks, label, strata):
    total, mean, variance = ranks[marks == label].sum(), 0.0, 0.0
    for stratum in np.unique(strata):
        inside = ranks[strata == stratum]
        n, own = len(inside), (marks[strata == stratum] == label).sum()
        mean += own * inside.mean()
        if n > 1:
            variance += own * (n - own) / n * inside.var(ddof=1)
    return (total - mean) / np.sqrt(variance) if variance > 0 else 0.0


def permutation():
    out = []
    for seed, passages, labels, neurons, permutations, is_within in [(11, 9, 3, 6, 40, True), (12, 10, 4, 5, 40, False)]:
        random = np.random.RandomState(seed)
        marks = np.tile(np.arange(labels), passages)
        strata = np.repeat(np.arange(passages), labels) if is_within else np.zeros(len(marks), int)
        values = np.round(random.normal(size=(neurons, len(marks))) + (marks == 1) * np.arange(neurons)[:, None] / 2, 1).astype(np.float32)
        values[0] = 0.5
        ranks = np.array([stats.rankdata(v) for v in values])
        generator = np.random.RandomState(seed)
        largest = np.zeros((labels, permutations))
        for index in range(permutations):
            permuted = marks.copy()
            for stratum in np.unique(strata):
                places = np.flatnonzero(strata == stratum)
                permuted[places] = marks[places[generator.permutation(len(places))]]
            for label in range(labels):
                largest[label, index] = max(z_scores(r, permuted, label, strata) for r in ranks)
        observed = np.array([[z_scores(r, marks, label, strata) for r in ranks] for label in range(labels)])
        reached = [[int((largest[label] >= z - 1e-5).sum()) for z in observed[label]] for label in range(labels)]
        atlas = [[int((largest.max(0) >= z - 1e-5).sum()) for z in observed[label]] for label in range(labels)]
        out.append({"labels": marks.tolist(), "count": labels, "strata": strata.tolist(), "isWithin": is_within, "seed": seed,
                    "permutations": permutations, "values": values.tolist(), "observed": observed.tolist(), "largest": largest.tolist(),
                    "reached": reached, "atlas": atlas})
    return out


def mann_whitney():
    random = np.random.RandomState(21)
    own, others = np.round(random.normal(0.5, 1, 15), 1), np.round(random.normal(0, 1, 33), 1)
    test = stats.mannwhitneyu(own, others, alternative="greater", use_continuity=False, method="asymptotic")
    return {"own": own.tolist(), "others": others.tolist(), "z": float(stats.norm.isf(test.pvalue)), "p": float(test.pvalue)}


def entropy():
    random = np.random.RandomState(31)
    probabilities = random.beta(0.4, 3, size=(4, 300))
    probabilities[:, 5] = 0
    normed = probabilities / np.maximum(probabilities.sum(0), 1e-300)
    lape = -(normed * np.log(np.where(normed > 0, normed, 1))).sum(0)
    flat = np.sort(probabilities.ravel())
    bar = flat[round(len(flat) * 0.95) - 1]
    filtered = np.where((probabilities > bar).sum(0) == 0, np.inf, lape)
    selected = np.argsort(filtered, kind="stable")[: round(probabilities.shape[1] * 0.01)]
    return {"shares": probabilities.tolist(), "entropy": lape.tolist(), "bar": bar, "selected": selected.tolist(),
            "labels": [[int(l) for l in np.flatnonzero(probabilities[:, n] > bar)] for n in selected]}


def clusters():
    random = np.random.RandomState(41)
    base = random.normal(size=(4, 60))
    columns = [base[0], base[0] + 0.3 * random.normal(size=60), -base[0] + 0.3 * random.normal(size=60), base[1],
               base[2], base[2] * 3 + 0.2 * random.normal(size=60), base[3], np.ones(60)]
    samples = np.array(columns).astype(np.float32)
    r = np.abs(np.nan_to_num(np.corrcoef(samples)))
    count, marks = csgraph.connected_components(sparse.csr_matrix(r >= 0.9), directed=False)
    groups = [np.flatnonzero(marks == c).tolist() for c in range(count)]
    out = []
    for members in sorted((g for g in groups if len(g) > 1), key=lambda g: (-len(g), g[0])):
        tree = csgraph.minimum_spanning_tree(sparse.csr_matrix(np.triu(2 - r[np.ix_(members, members)], 1)))
        out.append({"members": members, "r": float(2 - tree.data.max())})
    return {"samples": samples.tolist(), "clusters": out}


def grams():
    random = np.random.RandomState(51)
    documents = [random.randint(0, 50, size=80).tolist() for _ in range(6)]
    near = documents[0][:]
    near[40] = 99
    documents += [near, documents[1][:40] + random.randint(0, 50, size=40).tolist(), documents[2][:], [1, 2, 3], [1, 2, 3], []]
    sets = [{tuple(d[i:i + 5]) for i in range(max(1, len(d) - 4))} for d in documents]
    similarity = [[len(a & b) / len(a | b) for b in sets] for a in sets]
    first = [next((j for j in range(i) if similarity[i][j] >= 0.8), -1) for i in range(len(documents))]
    return {"documents": documents, "similarity": similarity, "first": first}


if __name__ == "__main__":
    found = {"areas": areas(), "score": score(), "cohen": cohen(), "discovery": discovery(), "permutation": permutation(),
             "mannWhitney": mann_whitney(), "entropy": entropy(), "clusters": clusters(), "grams": grams()}
    OUT.write_text(json.dumps(found, separators=(",", ":")) + "\n")
