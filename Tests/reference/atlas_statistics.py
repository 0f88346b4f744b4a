"""Makes Tests/StatisticsTests/Goldens/atlas.json, the statistics of the atlas, and Tests/AtlasTests/Goldens/whole.json.

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

In whole.json, a small atlas from document means to grades by the functions above (roc_auc_score, DeLong by pairs, permutations
by rankdata, fdr_bh), and a token threshold by sklearn's matthews_corrcoef over np.digitize's bins.
"""

import json
import pathlib

import numpy as np
from scipy import optimize, sparse, stats
from scipy.sparse import csgraph
from sklearn.metrics import matthews_corrcoef, roc_auc_score
from statsmodels.stats.multitest import multipletests

OUT = pathlib.Path(__file__).parent.parent / "StatisticsTests/Goldens/atlas.json"
WHOLE = pathlib.Path(__file__).parent.parent / "AtlasTests/Goldens/whole.json"


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


def cohens_d(own, others):
    pooled = (own.var() * len(own) + others.var() * len(others)) / (len(own) + len(others) - 2)
    return (own.mean() - others.mean()) / np.sqrt(pooled) if pooled > 0 else 0.0


def interval(own, others, confidence):
    auc, variance, low, high = delong(own, others, confidence) if 0 < (own[:, None] > others).mean() < 1 else (1.0, 0.0, 0.0, 1.0)
    if variance == 0:
        wins = ((own[:, None] > others) + 0.5 * (own[:, None] == others)).mean()
        return [wins, *newcombe(wins, len(own), len(others), confidence)]
    return [auc, low, high]


def whole():
    random = np.random.RandomState(61)
    labels, passages, neurons, permutations, level = 3, 60, 12, 199, 0.05
    marks = np.tile(np.arange(labels), passages)
    strata = np.repeat(np.arange(passages), labels)
    confirms = np.repeat(random.permutation(passages) < 40, labels)
    means = random.normal(size=(neurons, len(marks)))
    for neuron, (label, shift) in enumerate([(0, 6), (1, 3), (2, 1.2), (0, 0.8), (1, 12)]):
        means[neuron] += shift * (marks == label)
    means[1] += 2.4 * (marks == 2)
    means[5] = 0.25
    means = means.astype(np.float32)
    side, found, other = confirms, marks[confirms], strata[confirms]
    values = means[:, side].astype(float)
    ranks = np.array([stats.rankdata(v) for v in means[:, side]])
    z = np.array([[z_scores(r, found, label, other) for r in ranks] for label in range(labels)])
    generator = np.random.RandomState(7)
    largest = np.zeros((labels, permutations))
    for index in range(permutations):
        permuted = found.copy()
        for stratum in np.unique(other):
            places = np.flatnonzero(other == stratum)
            permuted[places] = found[places[generator.permutation(len(places))]]
        for label in range(labels):
            largest[label, index] = max(z_scores(r, permuted, label, other) for r in ranks)
    reached = [[int((largest.max(0) >= v - 1e-5).sum()) for v in row] for row in z]
    q = multipletests(stats.norm.sf(z).ravel(), method="fdr_bh")[1].reshape(z.shape)
    chosen, first = means[:, ~side].astype(float), marks[~side]
    discovery = np.array([[roc_auc_score(first == label, v) for v in chosen] for label in range(labels)])
    separation = np.array([[cohens_d(v[first == label], v[first != label]) for v in chosen] for label in range(labels)])
    auc = np.array([[roc_auc_score(found == label, v) for v in values] for label in range(labels)])
    selected = int(((q < level) & (auc > 0.75)).sum())
    confidence = 1 - max(1, selected) * level / auc.size
    out = {"marks": marks.tolist(), "strata": strata.tolist(), "confirms": confirms.tolist(), "means": means.tolist(),
           "permutations": permutations, "seed": 7, "selected": selected, "confidence": confidence, "labels": []}
    for label in range(labels):
        column = {"discovery": discovery[label].tolist(), "auc": [], "low": [], "high": [], "d": [], "next": [], "nextAUC": [],
                  "nextLow": [], "reached": reached[label], "q": q[label].tolist(), "grade": []}
        for neuron in range(neurons):
            v = values[neuron]
            a, low, high = interval(v[found == label], v[found != label], confidence)
            rivals = sorted((l for l in range(labels) if l != label), key=lambda l: (-discovery[l, neuron], -separation[l, neuron], l))
            b, next_low, _ = interval(v[found == label], v[found == rivals[0]], confidence)
            p = (1 + reached[label][neuron]) / (permutations + 1)
            is_selected = q[label, neuron] < level and auc[label, neuron] > 0.75
            grade = 2 if p < level and low > 0.9 and next_low > 0.8 else 1 if is_selected else 0
            for key, value in [("auc", a), ("low", low), ("high", high), ("d", cohens_d(v[found == label], v[found != label])),
                               ("next", rivals[0]), ("nextAUC", b), ("nextLow", next_low), ("grade", grade)]:
                column[key].append(value)
        order = sorted(range(neurons), key=lambda n: (-discovery[label, n], -separation[label, n], n))
        column["order"] = order
        out["labels"].append(column)
    return out


def threshold():
    random = np.random.RandomState(71)
    steps = [2.0 ** (i // 4 - 4) * (1 + i % 4 / 4) for i in range(41)]
    edges = np.array([-s for s in steps[20::-1]] + [0.0] + steps)
    sides = []
    for _ in range(2):
        own = random.random_sample(400) < 0.3
        values = np.maximum(random.normal(size=400) * 0.8 + 1.5 * own, -0.17).astype(np.float32)
        sides.append((own, values))
    scores = [matthews_corrcoef(sides[0][0], sides[0][1] > e) for e in edges]
    best = int(np.argmax(scores))
    return {"sides": [{"own": o.tolist(), "values": v.tolist()} for o, v in sides], "edge": best,
            "mcc": float(matthews_corrcoef(sides[1][0], sides[1][1] > edges[best])), "edges": edges.tolist()}


if __name__ == "__main__":
    found = {"areas": areas(), "score": score(), "cohen": cohen(), "discovery": discovery(), "permutation": permutation(),
             "mannWhitney": mann_whitney(), "entropy": entropy(), "clusters": clusters(), "grams": grams()}
    OUT.write_text(json.dumps(found, separators=(",", ":")) + "\n")
    WHOLE.parent.mkdir(exist_ok=True)
    WHOLE.write_text(json.dumps({"atlas": whole(), "threshold": threshold()}, separators=(",", ":")) + "\n")
