"""Holds a findings.json against a golden of goldens_study.py; prints the largest difference of each part.

    goldens_compare.py GOLDEN FINDINGS [TARGET] [STORIES]

TARGET and STORIES are the names that the study gives its target and evaluation corpora. Exit 1 where a part exceeds its tolerance,
is missing or is not finite. Whatever the golden holds must be in the findings; the findings may hold more prompts, corpora, curves
and keys. Tolerances leave room for float32 sums in another order, and nothing else. Needs numpy only.
"""
import argparse
import json
import sys

import numpy as np

SPLITS = ("train_accuracy", "test_accuracy")
RUNS = ("clean", "ablated")
CONVENTIONS = {"notebook": "padded", "masked": "masked"}


def apart(a, b):
    """The largest difference; infinite where shapes differ or a number is missing or not finite."""
    a, b = (np.atleast_1d(np.asarray(x, float)) for x in (a, b))
    return np.abs(a - b).max() if a.shape == b.shape and a.size and np.isfinite(a - b).all() else np.inf


def misordered(golden, scores, found):
    """How many places of a ranking differ, ties within 1e-5 aside."""
    def tied(i, a, b):
        return a == b or (b in golden and abs(scores[golden.index(b)] - scores[i]) < 1e-5)

    wrong = sum(not tied(i, a, b) for i, (a, b) in enumerate(zip(golden, found)))
    return wrong + abs(len(golden) - len(found)) + len(found) - len(set(found))


def pairs(a, b):
    return list(zip(a, b, strict=True))


def pick(values, keys):
    return [values[key] for key in keys]


class Comparison:
    def __init__(self, golden, findings, target, stories):
        self.g, self.f, self.names = golden, findings, {"ablation_target": target, "ablation_stories": stories}
        self.target = target
        self.short = []

    def part(self, name, tolerance, difference):
        """Reports one part; `difference` returns its largest difference."""
        try:
            d = float(difference())
            ok, text = d <= tolerance, f"{d:.3g} (tolerance {tolerance:g})"
        except Exception as error:  # a missing key or another shape is a part that falls short
            ok, text = False, f"{type(error).__name__} {error}"
        print("ok " if ok else "BAD", f"{name}: {text}")
        if not ok:
            self.short.append(name)

    def run(self):
        g, f = self.g, self.f
        probe = g["probe10"]
        self.part("rows", 0, lambda: apart(g["activation_rows"], pick(f["sparse_probe"]["rows"], ("target", "other"))))
        self.part("probe neurons", 0, lambda: misordered(probe["neurons"], probe["scores"], f["sparse_probe"]["neurons"]))
        self.part("probe scores", 2e-4, lambda: apart(probe["scores"], f["sparse_probe"]["scores"]))
        self.part("probe accuracy", 2e-3, lambda: apart(
            pick(probe, ("train_acc", "test_acc")), pick(f["sparse_probe"], SPLITS)))
        self.part("neuron accuracy", 2e-3, self.neuron_accuracy)
        self.part("mean activation", 2e-4, lambda: apart(
            g["mean_activation"], pick(f["activation_histogram"]["mean"], ("target", "other"))))
        for key, name in self.names.items():
            self.part(f"{key} tokens", 0, lambda: apart(g[key]["tokens"], f["ablation"]["corpora"][name]["tokens"]))
            for ours, convention in CONVENTIONS.items():
                self.part(f"{key} {convention}", 1e-4, lambda: apart(
                    g[key][ours], pick(f["ablation"]["corpora"][name][convention], RUNS)))
        self.part("prompts", 3e-4, self.prompts)
        for kind in ("cosine", "dot"):
            self.part(kind, 2e-4, lambda: self.similarity(kind))
        for prefix, convention in (("", "padded"), ("masked_", "masked")):
            self.part(f"downstream {convention}", 2e-4, lambda: self.downstream(prefix, convention))
        self.part("logit attribution", 3e-4, self.logit_attribution)
        self.part("sum check", 1e-3, lambda: max(
            apart(sum(x[run]) + x["bias"], x["logit_difference"][run]) for x in f["logit_attribution"] for run in RUNS))
        self.part("positions", 5e-4, self.positions)

    def neuron_accuracy(self):
        worst = []
        for golden, found in pairs(self.g["per_neuron"], self.f["neuron_accuracy"]["splits"]):
            by_neuron = {n["neuron"]: n for n in found["neurons"]}
            worst += [apart(row[1:], pick(by_neuron[row[0]], SPLITS)) for row in golden["rows"]]
        return max(worst)

    def prompts(self):
        worst, by_text = [], {x["text"]: x for x in self.f["prompts"]}
        for text, golden in self.g["prompts"].items():
            found = by_text[text]
            if found["tokens"] != golden["tokens"]:
                raise ValueError(f"tokens of {text!r}")
            for run in RUNS:
                for token, logit, probability in golden[run][:-1]:  # the tenth may tie with the eleventh
                    worst.append(min(apart([logit, probability], pick(x, ("logit", "probability")))
                                     for x in found[run] if x["token"] == token))
                worst.append(apart([x[1] for x in golden[run]], [x["logit"] for x in found[run]]))
        return max(worst)

    def similarity(self, kind):
        worst = []
        for golden, found in pairs(self.g[kind], self.f["weight_similarity"][kind]):
            values = dict(zip(found["neurons"], found["values"]))
            shared = [(v, values[n]) for n, v in zip(golden["neurons"], golden["values"]) if n in values]
            worst.append(misordered(golden["neurons"], np.abs(golden["values"]).tolist(), found["neurons"])
                         + abs(golden["layer"] - found["layer"]) + apart(*zip(*shared)))
        return max(worst)

    def downstream(self, prefix, convention):
        return max(
            max(apart(golden[prefix + key], found[convention][key]) for key in ("selected", "other_mean"))
            + abs(golden["layer"] - found["layer"])
            for golden, found in pairs(self.g["downstream"], self.f["downstream"]))

    def logit_attribution(self):
        golden, by_prompt = self.g["dla"], {x["prompt"]: x for x in self.f["logit_attribution"]}
        _, target, other = (by_prompt.get(text) for text in self.g["prompts"])
        if not target["labels"] == other["labels"] == golden["labels"]:
            raise ValueError("labels")
        return max(apart(golden["french"], target["clean"]), apart(golden["french_ablated"], target["ablated"]),
                   apart(golden["activation"], target["activation"]), apart(golden["english"], other["clean"]))

    def positions(self):
        worst, curves = [], {(x["corpus"], x["neuron"]): x for x in self.f["positions"]}
        for key, golden in self.g["positions"].items():
            found = curves[self.target if key.startswith("target") else "other", golden["neuron"]]
            n = sum(count > 0 for count in golden["counts"])
            worst.append(0 if apart(golden["counts"][:n], found["counts"][:n]) == 0 else np.inf)
            for prefix, convention in (("", "masked"), ("notebook_", "padded")):
                for what, length in (("activation", n), ("loss", n - 1)):
                    values = [0 if v is None else v for v in found[convention][what][:length]]
                    worst.append(apart(golden[prefix + what][:length], values))
        return max(worst)


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("golden")
    p.add_argument("findings")
    p.add_argument("target", nargs="?", default="French")
    p.add_argument("stories", nargs="?", default="Stories")
    a = p.parse_args()
    golden, findings = (json.load(open(path)) for path in (a.golden, a.findings))
    comparison = Comparison(golden, findings.get("findings", findings), a.target, a.stories)
    comparison.run()
    short = comparison.short
    print(f"{len(short)} parts fall short: {', '.join(short)}" if short else "all parts hold")
    sys.exit(bool(short))
