"""Runs the notebook's study on TransformerLens and writes every number that `reportgen` must match.

    goldens_study.py MODEL_DIR TARGET OTHER... OUT [--stories FILE --lines N] [--prompts STORY TARGET OTHER] [--answers A B] ...

Corpora are .json (an array of strings) or .txt (a document a line); several OTHERs are interleaved in their order. Splits are
scikit-learn's train_test_split(random_state=seed). The recorded goldens, from the top of the repository (CE = Sources/CEmbedded):

    goldens_study.py CE/demo CE/corpora/nl.txt CE/corpora/{de,en,es,fr,it,pt,sv}.txt Tests/AnalysesTests/Goldens/demo.json \
        --prompts "De Commissie heeft het voorstel" "De leden" "The members" --answers " of" " van"
    goldens_study.py CE/demo CE/corpora/fr.txt CE/corpora/{de,en,es,it,nl,pt,sv}.txt Tests/AnalysesTests/Goldens/demo-french.json

Made with the versions of requirements.txt (TransformerLens 2.16.1, torch 2.13.0, CPU, float32, OMP_NUM_THREADS=1). In the file:
  probe10, per_neuron      rows of per_neuron: neuron, train accuracy, test accuracy
  mean_activation          [target, other] over all rows; histogram: counts on 50 bins from -1 to 9
  ablation_*               `notebook` is the padded convention, `masked` the other; [clean, ablated]
  prompts                  top ten [token, logit, probability]; answers: [rank, logit, probability] of each answer
  cosine, dot, downstream  layers after the probed one
  dla                      `french`: the second prompt, first answer minus second; `english`: the third prompt, second minus first
                           of --answers (so that each line favours what its language would say); `logit_difference` likewise
  positions                loss[i] is the loss of predicting token i + 1 at position i
Seconds are printed, never recorded.
"""
import argparse
import itertools
import json
import time
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from transformers import AutoTokenizer, GPTNeoXTokenizerFast

import goldens_lens


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model")
    p.add_argument("target")
    p.add_argument("other", nargs="+")
    p.add_argument("out")
    p.add_argument("--stories", help="evaluation corpus (the target's file when absent)")
    p.add_argument("--lines", type=int, help="how many of its documents (20 when --stories is absent, else all)")
    p.add_argument("--layer", type=int, default=3)
    p.add_argument("--documents", type=int, default=1000)
    p.add_argument("--probe-documents", type=int, default=200)
    p.add_argument("--neuron", type=int, help="the first of the sparse probe's ten when absent")
    p.add_argument("--batch", type=int, default=32, help="documents in a padded batch of the target corpus")
    p.add_argument("--other-batch", type=int, default=10)
    p.add_argument("--stories-batch", type=int, default=1)
    p.add_argument("--prompts", nargs=3, metavar=("STORY", "TARGET", "OTHER"), default=[
        "Dans un petit village, vivait une petite fille nommée Sophie qui rêvait", " Le Parlement", " The Council"])
    p.add_argument("--answers", nargs=2, default=[" of", " de"], help="what the OTHER prompt and the TARGET prompt would say next")
    return p.parse_args()


def documents(path):
    """The non-blank documents of a corpus file; lines end at LF or CRLF only."""
    text = Path(path).read_bytes().decode()
    items = json.loads(text) if path.endswith(".json") else [line.removesuffix("\r") for line in text.split("\n")]
    return [item for item in items if item.strip()]


def interleaved(corpora):
    """One document of each in turn; a corpus that runs out drops out of the round."""
    return [d for turn in itertools.zip_longest(*corpora) for d in turn if d is not None]


def tokenizer(folder):
    """The folder's tokenizer as transformers reads it; without tokenizer_config.json it is GPT-NeoX's."""
    if (folder / "tokenizer_config.json").exists():
        return AutoTokenizer.from_pretrained(folder, add_bos_token=True)
    return GPTNeoXTokenizerFast.from_pretrained(folder, add_bos_token=True, **dict.fromkeys(
        ("bos_token", "eos_token", "unk_token"), "<|endoftext|>"))


class Study:
    def __init__(self, a):
        self.a = a
        self.model = goldens_lens.load(a.model, tokenizer=tokenizer(Path(a.model)))
        self.hook_post = f"blocks.{a.layer}.mlp.hook_post"
        self.target = documents(a.target)[:a.documents]
        self.other = interleaved([documents(path) for path in a.other])[:a.documents]
        lines = a.lines if a.stories else a.lines or 20
        self.stories = documents(a.stories or a.target)[:lines]

    def timed(self, name, part, *args):
        start = time.perf_counter()
        result = part(*args)
        print(f"{name}: {time.perf_counter() - start:.1f} s", flush=True)
        return result

    def batches(self, docs, size):
        """Token ids right-padded with 0 to the batch's longest document, and which are real (decided by length)."""
        for i in range(0, len(docs), size):
            rows = [self.model.to_tokens(d)[0] for d in docs[i:i + size]]
            ids = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=0)
            yield ids, torch.arange(ids.shape[1]) < torch.tensor([[len(row)] for row in rows])

    def activations(self, docs):
        """hook_post of every token but BOS [tokens, d_mlp]."""
        return torch.cat([
            self.model.run_with_cache(ids, names_filter=self.hook_post)[1][self.hook_post][0, 1:]
            for ids, _ in self.batches(docs, 1)])

    # Probes

    def features(self):
        self.A1 = self.activations(self.target[:self.a.probe_documents])
        self.A0 = self.activations(self.other[:self.a.probe_documents])
        n = min(len(self.A1), len(self.A0))
        self.A = torch.cat([self.A1[:n], self.A0[:n]]).numpy()
        self.y = np.repeat([1, 0], n)

    def split(self, test_size, seed, k):
        """Train and test parts, and the k neurons of largest |mean difference| on the training part with their scores."""
        train, test, y_train, y_test = train_test_split(self.A, self.y, test_size=test_size, random_state=seed)
        difference = train[y_train == 1].mean(0) - train[y_train == 0].mean(0)
        order = np.argsort(-np.abs(difference), kind="stable")[:k]
        return train, test, y_train, y_test, order, difference[order]

    def probe10(self):
        train, test, y_train, y_test, chosen, difference = self.split(0.2, 0, 10)
        fit = LogisticRegression().fit(train[:, chosen], y_train)
        return {
            "neurons": chosen, "scores": np.abs(difference), "signs": np.sign(difference).astype(int),
            "train_acc": fit.score(train[:, chosen], y_train), "test_acc": fit.score(test[:, chosen], y_test),
            "coef": fit.coef_[0], "intercept": float(fit.intercept_[0])}

    def per_neuron(self):
        splits = []
        for seed in range(5):
            train, test, y_train, y_test, chosen, _ = self.split(0.1, seed, 20)
            rows = []
            for neuron in chosen.tolist():
                fit = LogisticRegression().fit(train[:, [neuron]], y_train)
                rows.append([neuron, fit.score(train[:, [neuron]], y_train), fit.score(test[:, [neuron]], y_test)])
            splits.append({"split": seed, "rows": rows})
        return splits

    # Ablation

    def ablate(self, value, hook):
        """Sets the neuron to its mean over the other class at every position, BOS and pads included."""
        value[:, :, self.neuron] = self.value
        return value

    @property
    def edit(self):
        return [(self.hook_post, self.ablate)]

    def losses(self, ids, edits=()):
        return self.model.run_with_hooks(ids, return_type="loss", loss_per_token=True, fwd_hooks=list(edits))

    def ablation(self, docs, size):
        padded, masked, tokens = [], np.zeros(2), 0
        for ids, real in self.batches(docs, size):
            pair = torch.stack([self.losses(ids), self.losses(ids, self.edit)])
            padded.append(pair.mean((1, 2)).tolist())
            masked += pair[:, real[:, 1:]].sum(1).numpy()
            tokens += int(real[:, 1:].sum())
        return {"notebook": np.mean(padded, 0), "masked": masked / tokens, "tokens": tokens}

    def next_tokens(self, prompt, edits=()):
        """The ten likeliest next tokens, and rank, logit and probability of each answer."""
        logits = self.model.run_with_hooks(self.model.to_tokens(prompt), fwd_hooks=list(edits))[0, -1]
        probability, top = logits.softmax(-1), logits.topk(10).indices.tolist()
        return ([[self.model.to_string([i]), logits[i].item(), probability[i].item()] for i in top],
                [[int((logits > logits[i]).sum()), logits[i].item(), probability[i].item()] for i in self.answers])

    def prompts(self):
        found = {}
        for prompt in self.a.prompts:
            clean, clean_answers = self.next_tokens(prompt)
            ablated, ablated_answers = self.next_tokens(prompt, self.edit)
            found[prompt] = {"tokens": self.model.to_str_tokens(prompt), "clean": clean, "ablated": ablated,
                             "answers": {"clean": clean_answers, "ablated": ablated_answers}}
        return found

    # Later layers

    def similarity(self, values):
        """Per later layer, the ten neurons of largest |value|."""
        tops = values.abs().topk(10).indices
        return [{"layer": self.a.layer + 1 + i, "neurons": top, "values": values[i, top]} for i, top in enumerate(tops)]

    def downstream(self):
        ids, real = next(self.batches(self.stories, len(self.stories)))
        real[:, 0] = False
        _, clean = self.model.run_with_cache(ids)
        with self.model.hooks(fwd_hooks=self.edit):
            _, ablated = self.model.run_with_cache(ids)
        layers = []
        for row in self.cosine:
            name, selected = f"blocks.{row['layer']}.mlp.hook_post", row["neurons"]
            difference = clean[name] - ablated[name]
            padded, masked = difference[:, 1:].mean((0, 1)), difference[real].mean(0)
            rest = torch.ones(len(padded), dtype=bool)
            rest[selected] = False
            layers.append({"layer": row["layer"], "selected": padded[selected], "other_mean": padded[rest].mean(),
                           "masked_selected": masked[selected], "masked_other_mean": masked[rest].mean()})
        return layers

    # Direct logit attribution

    def attribution(self, prompt, first, second, edits=()):
        """Each component's share of logit(first) - logit(second) at the last position, labels, and the difference itself."""
        with self.model.hooks(fwd_hooks=list(edits)):
            logits, cache = self.model.run_with_cache(self.model.to_tokens(prompt))
        direction = self.model.tokens_to_residual_directions(first) - self.model.tokens_to_residual_directions(second)
        stack, labels = cache.decompose_resid(layer=-1, pos_slice=-1, return_labels=True)
        parts = (cache.apply_ln_to_stack(stack, layer=-1, pos_slice=-1) @ direction)[:, 0]
        return parts, labels, (logits[0, -1, first] - logits[0, -1, second]).item(), cache

    def dla(self):
        other, target = self.answers
        _, target_prompt, other_prompt = self.a.prompts
        english, labels, english_difference, _ = self.attribution(other_prompt, other, target)
        french, _, french_difference, cache = self.attribution(target_prompt, target, other)
        ablated, _, ablated_difference, _ = self.attribution(target_prompt, target, other, self.edit)
        return {"labels": labels, "english": english, "french": french, "french_ablated": ablated,
                "activation": cache[self.hook_post][0, :, self.neuron],
                "bias": {"french": (self.model.b_U[target] - self.model.b_U[other]).item(),
                         "english": (self.model.b_U[other] - self.model.b_U[target]).item()},
                "logit_difference": {"english": english_difference, "french": french_difference,
                                     "french_ablated": ablated_difference}}

    # Positions

    def positions(self, docs, neuron, size):
        """Mean activation of a neuron, and mean loss, at each position up to n_ctx."""
        n_ctx, seen = self.model.cfg.n_ctx, {}
        count, targets, masked, padded, loss, padded_loss = (np.zeros(n_ctx) for _ in range(6))

        def record(value, hook):
            seen["value"] = value[:, :, neuron].clone()

        for ids, real in self.batches(docs, size):
            losses, T = self.losses(ids, [(self.hook_post, record)]), ids.shape[1]
            count[:T] += real.sum(0).numpy()
            padded[:T] += seen["value"].sum(0).numpy()
            masked[:T] += (seen["value"] * real).sum(0).numpy()
            padded_loss[:T - 1] += (losses * real[:, :-1]).sum(0).numpy()
            loss[:T - 1] += (losses * real[:, 1:]).sum(0).numpy()
            targets[:T - 1] += real[:, 1:].sum(0).numpy()

        def mean(total, n):
            return total / np.maximum(n, 1)

        return {"neuron": neuron, "notebook_activation": mean(padded, count), "activation": mean(masked, count),
                "notebook_loss": mean(padded_loss, count), "loss": mean(loss, targets), "counts": count}

    def run(self):
        a, model = self.a, self.model
        self.timed("activations", self.features)
        found = {
            "versions": goldens_lens.versions(),
            "n_docs": [len(self.target), len(self.other)], "activation_rows": [len(self.A1), len(self.A0)],
            "probe10": self.timed("probe", self.probe10), "per_neuron": self.timed("per_neuron", self.per_neuron)}
        ten = found["probe10"]["neurons"].tolist()
        self.neuron = ten[0] if a.neuron is None else a.neuron
        self.value = self.A0[:, self.neuron].mean()
        self.answers = model.to_tokens(a.answers, prepend_bos=False).flatten().tolist()
        counts = [np.histogram(A[:, self.neuron].numpy(), bins=50, range=(-1, 9))[0] for A in (self.A1, self.A0)]
        direction, later = model.W_out[a.layer, self.neuron], model.W_in[a.layer + 1:]
        self.cosine = self.similarity(torch.nn.functional.cosine_similarity(later, direction[None, :, None], dim=1))
        return found | {
            "neuron": self.neuron, "layer": a.layer,
            "mean_activation": [self.A1[:, self.neuron].mean(), self.value],
            "histogram": dict(zip(("target", "other"), counts)),
            "ablation_target": self.timed("ablation_target", self.ablation, self.target, a.batch),
            "ablation_stories": self.timed("ablation_stories", self.ablation, self.stories, a.stories_batch),
            "prompts": self.prompts(),
            "cosine": self.cosine, "dot": self.similarity(torch.einsum("r,lrm->lm", direction, later)),
            "downstream": self.timed("downstream", self.downstream),
            "answer_tokens": self.answers, "dla": self.dla(),
            "positions": {
                "target": self.timed("positions", self.positions, self.target, self.neuron, a.batch),
                "target_second": self.timed("positions", self.positions, self.target, ten[2], a.batch),
                "other_second": self.timed("positions", self.positions, self.other, ten[2], a.other_batch)}}


if __name__ == "__main__":
    a = arguments()
    goldens_lens.write(a.out, Study(a).run())
