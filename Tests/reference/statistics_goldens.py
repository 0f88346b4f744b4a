"""Makes Tests/StatisticsTests/Goldens/statistics.json: what the Statistics tests are held against.

    python3 Tests/reference/statistics_goldens.py

Made with NumPy 2.4.6, SciPy 1.17.1 and scikit-learn 1.9.1 on Python 3.11. The inputs are drawn
with NumPy's legacy RandomState and plain arithmetic, so that the Swift tests draw the same ones
again: `Draws` here and `Draws.swift` there say how.
"""

import json
import os
import pathlib
import warnings

os.environ["OMP_NUM_THREADS"] = "1"  # two threads add in another order: other last digits

import numpy as np
from scipy import stats
from sklearn import linear_model, metrics, model_selection

warnings.simplefilter("ignore")
OUT = pathlib.Path(__file__).parent.parent / "StatisticsTests/Goldens/statistics.json"


def values(seed, n):
    """n float32 from a lumpy, skewed distribution."""
    u = np.random.RandomState(seed).random_sample((n, 3))
    return (u[:, 0] * u[:, 1] * 4 + np.where(u[:, 2] < 0.25, 2.0, -0.5)).astype(np.float32)


def classes(seed, n, k, offset=0.0, scale=1.0):
    """k float32 columns and the labels of n rows: higher on True, the less so the later."""
    u = np.random.RandomState(seed).random_sample((n, k + 1))
    labels = u[:, 0] < 0.375
    shift = labels[:, None] / (1.0 + np.arange(k))
    return ((u[:, 1:] + shift * 0.5) * scale + offset).astype(np.float32), labels


def digest(integers):
    """Weights every entry by its place; fits 63 bits for the lengths used here."""
    a = np.asarray(integers, dtype=np.int64)
    return int(((np.arange(len(a), dtype=np.int64) + 1) * a).sum())


def generator():
    out = []
    for seed in [0, 1, 42, 2**31, 2**32 - 1]:
        r = np.random.RandomState(seed)
        bits = r.randint(0, 2**32, size=1500, dtype=np.uint32)
        r = np.random.RandomState(seed)
        out.append({
            "seed": seed,
            "bits": bits[[0, 1, 2, 622, 623, 624, 1247, 1248, 1499]].tolist(),
            "uniform": r.random_sample(5).tolist(),
            "integers": [r.randint(0, high, size=8).tolist() for high in [1, 2, 3, 1000, 1024, 1025, 2**32 - 1]],
        })
    return out


def permutations():
    out = []
    for n, seed in [(0, 0), (1, 0), (2, 3), (10, 0), (1000, 7), (65_536, 1), (65_537, 2), (132_388, 0), (132_388, 4)]:
        p = np.random.RandomState(seed).permutation(n)
        out.append({"n": n, "seed": seed, "first": p[:12].tolist(), "digest": digest(p)})
    return out


def splits():
    out = []
    for n in [2, 3, 5, 7, 10, 33, 100, 999, 15_840, 132_388]:
        for size in [0.1, 0.2, 0.25, 0.3, 0.5, 0.7, 0.9]:
            try:
                train, test = model_selection.train_test_split(np.arange(n), test_size=size, random_state=n % 5)
            except ValueError:
                continue
            out.append({"n": n, "size": size, "seed": n % 5, "training": len(train), "test": len(test),
                        "digests": [digest(train), digest(test)]})
    return out


def group_splits():
    out = []
    for seed in range(6):
        r = np.random.RandomState(100 + seed)
        groups = r.randint(0, 5 + 30 * seed, size=50 + 200 * seed) * 3 - 7
        size = [0.2, 0.1, 0.5, 0.34, 0.2, 0.75][seed]
        splitter = model_selection.GroupShuffleSplit(n_splits=1, test_size=size, random_state=seed)
        train, test = next(splitter.split(groups, groups=groups))
        out.append({"groups": groups.tolist() if seed < 2 else [], "high": 5 + 30 * seed, "n": len(groups), "size": size, "seed": seed,
                    "training": len(train), "test": len(test), "digests": [digest(train), digest(test)]})
    return out


def logistic():
    cases = [
        ("one feature", 2000, 1, 0, 1, 1.0), ("ten features", 3001, 10, 0, 1, 1.0),
        ("sixty-four features", 1500, 64, 0, 1, 1.0), ("few rows", 12, 3, 0, 1, 1.0),
        ("sampled start", 40_007, 4, 0, 1, 1.0), ("weak data", 500, 3, 0, 1, 1e-3),
        ("strong data", 5000, 3, 0, 1, 1e4), ("large offset", 4000, 2, 500, 1, 1.0),
        ("large scale", 4000, 2, 0, 1e4, 1.0), ("small scale", 4000, 2, 0, 1e-3, 1.0),
    ]
    out = []
    for index, (name, n, k, offset, scale, c) in enumerate(cases):
        x, y = classes(index, n, k, offset, scale)
        train, test = model_selection.train_test_split(np.arange(n), test_size=0.2, random_state=index)
        # Centred for the reference's own precision at large offsets; the optimum is the same.
        x64 = x.astype(np.float64)
        mean = x64[train].mean(0)
        model = linear_model.LogisticRegression(C=c, solver="newton-cholesky", tol=1e-12, max_iter=1000)
        model.fit(x64[train] - mean, y[train])
        w = model.coef_[0]
        out.append({
            "name": name, "seed": index, "n": n, "k": k, "offset": offset, "scale": scale, "c": c,
            "coefficients": w.tolist(), "intercept": float(model.intercept_[0] - w @ mean),
            "training": model.score(x64[train] - mean, y[train]),
            "test": model.score(x64[test] - mean, y[test]),
        })
    return out


def single_features():
    """One feature each, as the activations of single neurons: many rows, small and large scales, offsets."""
    out = []
    for index, (offset, scale) in enumerate([(o, s) for o in (-0.1, 0.0, 3.0) for s in (0.01, 0.1, 1.0, 20.0)]):
        seed, n = 100 + index, 20_011
        x, y = classes(seed, n, 1, offset, scale)
        train, _ = model_selection.train_test_split(np.arange(n), test_size=0.2, random_state=seed)
        x64 = x.astype(np.float64)
        mean = x64[train].mean(0)
        model = linear_model.LogisticRegression(solver="newton-cholesky", tol=1e-12, max_iter=1000)
        model.fit(x64[train] - mean, y[train])
        w = model.coef_[0]
        out.append({
            "seed": seed, "n": n, "offset": offset, "scale": scale, "coefficient": float(w[0]),
            "intercept": float(model.intercept_[0] - w @ mean)})
    return out


def separable():
    """A gap between the classes, so that the penalty alone bounds the coefficient."""
    x, y = classes(50, 600, 1)
    x = (x + 3 * y[:, None]).astype(np.float32)
    model = linear_model.LogisticRegression(solver="newton-cholesky", tol=1e-12, max_iter=1000)
    model.fit(x.astype(np.float64), y)
    return {"coefficients": model.coef_[0].tolist(), "intercept": float(model.intercept_[0])}


def confusion():
    out = []
    cases = [classes(60 + i, n, 1) for i, n in enumerate([3, 10, 200, 5000])]
    cases = [(x[:, 0].astype(np.float64) - 0.8, y) for x, y in cases]
    # Degenerate ones: nothing predicted, everything predicted, one class only, perfect, inverted.
    s = np.array([-1.0, -1.0, -1.0, -1.0])
    y = np.array([True, False, False, True])
    cases += [(s, y), (-s, y), (np.where(y, 1.0, -1.0), y), (np.where(y, -1.0, 1.0), y)]
    cases += [(np.array([1.0, -1.0]), np.array([True, True])), (np.array([1.0, -1.0]), np.array([False, False]))]
    for s, y in cases:
        p = s > 0
        auc = metrics.roc_auc_score(y, s) if 0 < y.sum() < len(y) else None
        rounded = np.round(s * 4) / 4
        tied = metrics.roc_auc_score(y, rounded) if 0 < y.sum() < len(y) else None
        tn, fp, fn, tp = metrics.confusion_matrix(y, p, labels=[False, True]).ravel().tolist()
        small = len(s) <= 10
        out.append({
            "n": len(s), "scores": s.tolist() if small else None, "labels": y.tolist() if small else None,
            "counts": [tp, fp, tn, fn],
            "accuracy": metrics.accuracy_score(y, p), "balanced": metrics.balanced_accuracy_score(y, p),
            "precision": metrics.precision_score(y, p, zero_division=0), "recall": metrics.recall_score(y, p, zero_division=0),
            "f1": metrics.f1_score(y, p, zero_division=0), "mcc": metrics.matthews_corrcoef(y, p), "auc": auc, "tied": tied,
        })
    return out


def quantiles():
    shares = [0, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 1]
    return [{"n": n, "shares": shares, "values": np.quantile(values(n, n).astype(np.float64), shares).tolist()}
            for n in [1, 2, 3, 10, 101, 10_000]]


def moments():
    out = []
    for n in [1, 2, 3, 50, 20_000]:
        v = values(n, n).astype(np.float64)
        skew, kurtosis = float(stats.skew(v)), float(stats.kurtosis(v))
        out.append({"n": n, "mean": v.mean(), "variance": v.var(), "skew": None if np.isnan(skew) else skew,
                    "kurtosis": None if np.isnan(kurtosis) else kurtosis})
    return out


def histograms():
    """NumPy's own Freedman–Diaconis width and its counts on edges at multiples of 0.05."""
    a, b = values(1, 3000), values(2, 500)
    both = np.concatenate([a, b]).astype(np.float64)
    edges = np.arange(-20, 81) * 5 / 100
    return {
        "width": 2 * (np.quantile(both, 0.75) - np.quantile(both, 0.25)) / len(both) ** (1 / 3),
        "edges": edges.tolist(),
        "counts": [np.histogram(v.astype(np.float64), edges)[0].tolist() for v in (a, b)],
    }


def bootstraps():
    out = []
    for n, seed, resamples, confidence in [(2, 0, 2000, 0.95), (40, 1, 10_000, 0.95), (129, 2, 10_000, 0.9), (1000, 3, 10_000, 0.95)]:
        numerators = values(n, n).astype(np.float64)
        denominators = values(n + 1, n).astype(np.float64) + 1
        chosen = np.random.RandomState(seed).randint(0, n, size=(resamples, n))
        ratios = numerators[chosen].sum(1) / denominators[chosen].sum(1)
        means = numerators[chosen].mean(1)
        tails = [(1 - confidence) / 2, (1 + confidence) / 2]
        out.append({
            "n": n, "seed": seed, "resamples": resamples, "confidence": confidence,
            "ratio": [numerators.sum() / denominators.sum(), *np.quantile(ratios, tails).tolist()],
            "mean": [numerators.mean(), *np.quantile(means, tails).tolist()],
        })
    return out


def top():
    v = np.round(values(9, 400) * 4) / 4  # many ties
    return {"count": 60, "indices": np.argsort(-v, kind="stable")[:60].tolist()}


golden = {
    "generator": generator(), "permutations": permutations(), "splits": splits(), "groupSplits": group_splits(),
    "logistic": logistic(), "singleFeatures": single_features(), "separable": separable(), "confusion": confusion(), "quantiles": quantiles(),
    "moments": moments(), "histograms": histograms(), "bootstraps": bootstraps(), "top": top(),
}
OUT.parent.mkdir(exist_ok=True)
OUT.write_text(json.dumps(golden, indent=1, allow_nan=False) + "\n")
print(OUT.name, OUT.stat().st_size, "bytes")
