"""Makes Tests/StatisticsTests/Goldens/intervals.json: Student's t, normal quantiles, intervals over documents and Holm's correction.

    python3 Tests/reference/interval_goldens.py

Made with NumPy 2.4.6, SciPy 1.17.1, scikit-learn 1.9.1 and statsmodels 0.15.0 on Python 3.11. Numerators and denominators are those of
`Draws.values` (statistics_goldens.py): seeds n and n + 1, the denominators plus one. In the file:
  student     degrees, [t, cdf], [share, ppf]
  normal      [z, cdf], [share, ppf]
  ratios      the ratio's estimate, linearised standard deviation, 95 % interval and two-sided p (scipy.stats.t); of the mean,
              scipy.stats.ttest_1samp's
  bca         scipy.stats.bootstrap's BCa ends for a bootstrap distribution drawn with NumPy's legacy generator
  mcc         sklearn's MCC of all documents, and Student's interval of the jackknife pseudovalues of arctanh(MCC), turned back
  wilson      scipy.stats.binomtest(k, n).proportion_ci(method="wilson")
  holm        statsmodels.stats.multitest.multipletests(p, method="holm")
"""

import json
import pathlib

import numpy as np
from scipy import stats
from sklearn.metrics import matthews_corrcoef
from statsmodels.stats.multitest import multipletests

OUT = pathlib.Path(__file__).parent.parent / "StatisticsTests/Goldens/intervals.json"


def values(seed, n):
    u = np.random.RandomState(seed).random_sample((n, 3))
    return (u[:, 0] * u[:, 1] * 4 + np.where(u[:, 2] < 0.25, 2.0, -0.5)).astype(np.float32)


def student():
    out = []
    for degrees in [1, 2, 5, 9, 19, 39, 79, 1000]:
        ts, shares = [-40.0, -4.5, -2.0, -0.3, 0.0, 0.7, 3.0], [1e-6, 0.001, 0.025, 0.3, 0.5, 0.8, 0.975, 0.9995]
        out.append({"degrees": degrees, "cumulative": [[t, stats.t.cdf(t, degrees)] for t in ts],
                    "quantile": [[s, stats.t.ppf(s, degrees)] for s in shares]})
    return out


def normal():
    zs, shares = [-8.0, -3.0, -1.96, -0.1, 0.0, 0.5, 4.0], [1e-9, 0.001, 0.025, 0.4, 0.5, 0.975, 0.9999]
    return {"cumulative": [[z, stats.norm.cdf(z)] for z in zs], "quantile": [[s, stats.norm.ppf(s)] for s in shares]}


def ratios():
    out = []
    for n in [10, 11, 25, 40]:
        numerators, denominators = values(n, n).astype(float), values(n + 1, n).astype(float) + 1
        ratio = numerators.sum() / denominators.sum()
        residuals = numerators - ratio * denominators
        deviation = np.sqrt(n / (n - 1) * (residuals**2).sum()) / denominators.sum()
        low, high = stats.t.interval(0.95, n - 1, loc=ratio, scale=deviation)
        mean = stats.ttest_1samp(numerators, 0)
        ends = mean.confidence_interval(0.95)
        out.append({"n": n, "ratio": [ratio, low, high], "deviation": deviation, "p": 2 * stats.t.sf(abs(ratio / deviation), n - 1),
                    "mean": [numerators.mean(), ends.low, ends.high], "meanP": mean.pvalue})
    return out


def bca():
    out = []
    for n, seed, resamples in [(41, 1, 2000), (80, 2, 5000), (300, 3, 2000)]:
        numerators, denominators = values(n, n).astype(float), values(n + 1, n).astype(float) + 1
        chosen = np.random.RandomState(seed).randint(0, n, size=(resamples, n))
        drawn = numerators[chosen].sum(1) / denominators[chosen].sum(1)

        def statistic(a, b, axis=-1):
            return a.sum(axis) / b.sum(axis)

        first = stats.bootstrap((numerators, denominators), statistic, paired=True, n_resamples=2, method="percentile", rng=0)
        first.bootstrap_distribution = drawn
        ends = stats.bootstrap((numerators, denominators), statistic, paired=True, n_resamples=0, bootstrap_result=first, method="BCa")
        out.append({"n": n, "seed": seed, "resamples": resamples,
                    "ratio": [numerators.sum() / denominators.sum(), *map(float, ends.confidence_interval)]})
    return out


def counts(seed, n):
    """[tp, fp, tn, fn] of n documents of 20 to 39 tokens, every second of them positive."""
    u = np.random.RandomState(seed).random_sample((n, 2))
    tokens = 20 + (u[:, 0] * 20).astype(int)
    right = (tokens * (0.6 + 0.4 * u[:, 1])).astype(int)
    rows = np.zeros((n, 4), int)
    for i in range(n):
        rows[i] = [right[i], 0, 0, tokens[i] - right[i]] if i % 2 == 0 else [0, tokens[i] - right[i], right[i], 0]
    return rows


def correlation(total):
    tp, fp, tn, fn = map(int, total)
    return matthews_corrcoef([1] * tp + [0] * fp + [0] * tn + [1] * fn, [1] * tp + [1] * fp + [0] * tn + [0] * fn)


def mcc():
    out = []
    for n in [10, 24, 90]:
        rows = counts(n, n)
        whole = correlation(rows.sum(0))
        pseudo = n * np.arctanh(whole) - (n - 1) * np.arctanh([correlation(rows.sum(0) - row) for row in rows])
        ends = stats.ttest_1samp(pseudo - pseudo.mean(), 0).confidence_interval(0.95)
        out.append({"n": n, "counts": rows.tolist(),
                    "interval": [whole, float(np.tanh(np.arctanh(whole) + ends.low)), float(np.tanh(np.arctanh(whole) + ends.high))]})
    return out


def wilson():
    out = []
    for k, n in [(0, 10), (10, 10), (1, 3), (17, 20), (39, 40), (500, 1000)]:
        ends = stats.binomtest(k, n).proportion_ci(method="wilson")
        out.append([k, n, k / n, ends.low, ends.high])
    return out


def holm():
    out = []
    for p in [[0.01], [0.04, 0.001, 0.03, 0.5], [0.2, 0.2, 0.2], np.random.RandomState(4).random_sample(12).tolist()]:
        out.append({"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()})
    return out


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return float(value) if isinstance(value, np.floating) else value


golden = {"student": student(), "normal": normal(), "ratios": ratios(), "bca": bca(), "mcc": mcc(), "wilson": wilson(), "holm": holm()}
OUT.write_text(json.dumps(plain(golden), indent=1, allow_nan=False) + "\n")
print(OUT.name, OUT.stat().st_size, "bytes")
