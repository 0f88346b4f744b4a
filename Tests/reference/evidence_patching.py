"""Ablations with controls, direct and indirect effects, logits and wiring of one neuron, by TransformerLens hooks.

    evidence_patching.py DEMO_MODEL CORPORA_DIR OUT
    evidence_patching.py Sources/CEmbedded/demo Sources/CEmbedded/corpora Tests/AnalysesTests/Goldens/evidence-patching.json

The study is the demo's cut down: L3N436, 40 documents of Dutch and of four other languages; the first 14 of each class are probed. Of the
others 24 of each class are measured, drawn in the order of RandomState(0).permutation(40) (the other class's languages in turn), each cut to
its first 24 tokens. Intervals over documents are Student's, by the linearised standard deviation of a ratio. Made with the versions of
requirements.txt, CPU, float32, OMP_NUM_THREADS=1.
"""
import sys

import numpy as np
import torch
from scipy import stats
from statsmodels.stats.multitest import multipletests
from transformers import GPTNeoXTokenizerFast

import goldens_lens
from goldens_study import documents

LAYER, NEURON, SEED = 3, 436, 0
POST = f"blocks.{LAYER}.mlp.hook_post"


def spread(numerators, denominators):
    """A ratio of sums over documents and its linearised standard deviation."""
    numerators, denominators = np.array(numerators, float), np.array(denominators, float)
    n, ratio = len(numerators), numerators.sum() / denominators.sum()
    return ratio, np.sqrt(n / (n - 1) * ((numerators - ratio * denominators) ** 2).sum()) / denominators.sum(), n


def interval(numerators, denominators):
    """Estimate and Student's interval over documents."""
    ratio, deviation, n = spread(numerators, denominators)
    return [ratio, *stats.t.interval(0.95, n - 1, loc=ratio, scale=deviation)]


def p_value(numerators, denominators):
    ratio, deviation, n = spread(numerators, denominators)
    return float(2 * stats.t.sf(abs(ratio / deviation), n - 1))


class Sample:
    def __init__(self, model_dir, corpora):
        tokenizer = GPTNeoXTokenizerFast.from_pretrained(model_dir, add_bos_token=True, **dict.fromkeys(
            ("bos_token", "eos_token", "unk_token"), "<|endoftext|>"))
        self.model = goldens_lens.load(model_dir, tokenizer=tokenizer)
        self.heads = range(self.model.cfg.n_heads)
        self.later = range(LAYER + 1, self.model.cfg.n_layers)
        dutch = [self.model.to_tokens(d) for d in documents(f"{corpora}/nl.txt")[:40]]
        others = [[self.model.to_tokens(d) for d in documents(f"{corpora}/{language}.txt")[:40]] for language in ("de", "en", "es", "fr")]
        turns = [(language, i) for i in range(40) for language in range(4)]
        order = np.random.RandomState(0).permutation(40)
        self.fresh = [dutch[i] for i in order if i >= 14]
        drawn = [(language, int(i)) for i in order for language in range(4)]
        drawn = [[d for d in drawn if d[0] == language and d not in turns[:14]] for language in range(4)]
        rows = [[d[row] for d in drawn if row < len(d)] for row in range(40)]
        self.fresh_others = [others[language][i] for row in rows for language, i in row]
        self.other = [others[language][i] for language, i in turns[:14]]
        self.dutch = [ids[:, :25] for ids in self.fresh[:24]]
        self.fresh_other = [ids[:, :25] for ids in self.fresh_others[:24]]
        self.all_dutch, self.all_other = dutch[14:], [others[language][i] for language, i in turns[14:40]]
        self.probed = dutch[:14], self.other
        self.means, self.own_means = (
            torch.cat([self.layer(ids)[1:] for ids in texts]).double().mean(0).float() for texts in (self.other, dutch[:14]))
        self.value = self.means[NEURON].item()
        self.activations = [self.post(ids) for ids in self.dutch]
        self.caches = [self.model.run_with_cache(ids)[1] for ids in self.dutch]
        self.clean = [self.losses(ids) for ids in self.dutch]

    def layer(self, ids):
        return self.model.run_with_cache(ids, names_filter=POST)[1][POST][0]

    def post(self, ids):
        return self.model.run_with_cache(ids, names_filter=POST)[1][POST][0, :, NEURON]

    def losses(self, ids, hooks=()):
        with self.model.hooks(fwd_hooks=list(hooks)):
            return self.model(ids, return_type="loss", loss_per_token=True)[0].double().numpy()

    @staticmethod
    def edit(values):
        """Sets the neuron from position 1 on, to a number or to one for each position."""
        def hook(post, hook):
            post[0, 1:, NEURON] = values if isinstance(values, float) else values[1:]
            return post
        return POST, hook

    def ablations(self):
        own = torch.cat([a[1:] for a in self.activations]).mean().item()
        values = {
            "mean_other": [self.value] * 24, "mean_own": [own] * 24, "zero": [0.0] * 24,
            "resample_own": self.donors(None), "resample_other": self.donors([self.post(ids) for ids in self.fresh_other])}
        return {kind: self.change([self.losses(ids, [self.edit(v)]) for ids, v in zip(self.dutch, value)])
                for kind, value in values.items()}

    def donors(self, others, activations=None):
        """Each document's donor: at least as long when there is one, drawn in order; else the longest."""
        activations = activations or self.activations
        generator, result = np.random.RandomState(SEED), []
        for i, own in enumerate(activations):
            pool = others or [a for j, a in enumerate(activations) if j != i]
            fit = [a for a in pool if len(a) >= len(own)]
            donor = fit[generator.randint(0, len(fit))] if fit else max(pool, key=len)
            values = own.clone()
            values[:len(donor)] = donor[:len(own)]
            result.append(values)
        return result

    def change(self, edited):
        changes = [e.sum() - c.sum() for e, c in zip(edited, self.clean)]
        tokens = [len(c) for c in self.clean]
        means = [c / t for c, t in zip(changes, tokens)]
        return {
            "clean": sum(c.sum() for c in self.clean) / sum(tokens), "change": interval(changes, tokens),
            "percent": interval([100 * c for c in changes], [c.sum() for c in self.clean]), "by_document": interval(means, [1] * 24),
            "percent_by_document": interval([100 * c / before.sum() for c, before in zip(changes, self.clean)], [1] * 24),
            "effect_size": np.mean(means) / np.std(means, ddof=1), "worse": np.mean(np.array(means) > 0)}

    def moves(self, neuron, value="other-mean"):
        """How far an ablation moves a neuron, by document, from position 1 on; and |W_out|. The values are those of `ablation.value`:
        a neuron's mean over the probed documents of a class, zero, or its activations on the document that `donors` takes."""
        own = [cache[POST][0, :, neuron] for cache in self.caches]
        to = (self.donors(None, own) if value == "resample" else
              [{"other-mean": self.means[neuron], "own-mean": self.own_means[neuron], "zero": torch.tensor(0.0)}[value]] * len(own))
        return ([(after - before).double()[1:] for before, after in zip(own, to)],
                self.model.W_out[LAYER, neuron].double().norm().item())

    def size(self, neuron, value):
        moves, length = self.moves(neuron, value)
        return torch.cat(moves).square().mean().sqrt().item() * length

    def shifted(self, moves, direction):
        """Losses with multiples of a direction added to the residual stream after the layer."""
        losses = []
        for ids, move in zip(self.dutch, moves):
            def add(stream, hook, move=move):
                stream[0, 1:] += (move[:, None] * direction).float()
                return stream
            losses.append(self.losses(ids, [(f"blocks.{LAYER}.hook_resid_post", add)]))
        return losses

    def edits(self, random, scaled, directions, value="other-mean"):
        """Control edits: neurons at their own values; scaled so that each document's root mean square shift is the studied edit's; and
        random directions moved along as far as the studied edit moves, at every token."""
        m, order = self.model, [int(n) for n in np.random.RandomState(SEED).permutation(self.model.cfg.d_mlp) if n != NEURON]
        own, length = self.moves(NEURON, value)
        plain = {n: (self.moves(n, value)[0], m.W_out[LAYER, n].double()) for n in order[:random]}
        equal = {}
        for n in order[:scaled]:
            moves, norm = self.moves(n, value)
            factors = [(a.square().mean().sqrt() * length) / (b.square().mean().sqrt() * norm) for a, b in zip(own, moves)]
            equal[n] = ([f * b for f, b in zip(factors, moves)], m.W_out[LAYER, n].double())
        u = np.random.RandomState(SEED).random_sample((directions * m.cfg.d_model // 2, 2))
        radius, angle = np.sqrt(-2 * np.log(1 - u[:, 0])), 2 * np.pi * u[:, 1]
        normal = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).ravel().reshape(directions, m.cfg.d_model)
        normal -= normal.mean(1, keepdims=True)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        return plain, equal, [([a * length for a in own], torch.tensor(direction)) for direction in normal]

    def controls(self, value):
        """The control edits under an ablation: [neuron, size of its edit, change of the loss]; of edits of equal size [neuron, change]."""
        plain, equal, directions = self.edits(20, 40, 40, value)
        sizes = np.array([self.size(n, value) for n in range(self.model.cfg.d_mlp)])
        matched = [int(n) for n in np.argsort(np.abs(sizes - sizes[NEURON]), kind="stable") if n != NEURON][:20]

        def change(edit):
            return self.change(self.shifted(*edit))["change"][0]
        return {
            "random": [[n, sizes[n], change(edit)] for n, edit in plain.items()],
            "matched": [[n, sizes[n], change((self.moves(n, value)[0], self.model.W_out[LAYER, n].double()))] for n in matched],
            "scaled": [[n, change(edit)] for n, edit in equal.items()], "directions": [change(edit) for edit in directions],
            "size": sizes[NEURON], "studied": change((self.moves(NEURON, value)[0], self.model.W_out[LAYER, NEURON].double()))}

    def pre_activations(self):
        """hook_pre at every token of the first documents, BOS included, of a neuron of the first, a middle and the last layer."""
        result = {}
        for layer, neuron in ((0, 7), (LAYER, NEURON), (5, 511)):
            name = f"blocks.{layer}.mlp.hook_pre"
            result[f"L{layer}N{neuron}"] = [
                self.model.run_with_cache(ids, names_filter=name)[1][name][0, :, neuron] for ids in self.dutch[:4]]
        return result

    def compared(self, neuron):
        """Another neuron at its own mean over the other class, on the target's documents and on fresh ones of the other class."""
        def posts(ids):
            return self.model.run_with_cache(ids, names_filter=POST)[1][POST][0, 1:, neuron]
        value = torch.cat([posts(ids) for ids in self.other]).mean().item()

        def hook(post, hook):
            post[0, 1:, neuron] = value
            return post
        changes = {}
        for name, documents in (("target", self.dutch), ("other", self.fresh_other)):
            pairs = [(self.losses(ids).sum(), self.losses(ids, [(POST, hook)]).sum(), ids.shape[1] - 1) for ids in documents]
            changes[name] = interval([edited - clean for clean, edited, _ in pairs], [tokens for _, _, tokens in pairs])
        return changes

    def effects(self):
        """Direct: later outputs clean. Indirect: the neuron clean, later outputs ablated. Components: one of those at a time."""
        runs = {"total": [], "direct": [], "indirect": []} | {name: [] for name, _, _ in self.components()}
        for ids, clean in zip(self.dutch, self.caches):
            with self.model.hooks(fwd_hooks=[self.edit(self.value)]):
                ablated = self.model.run_with_cache(ids)[1]
            outputs = [f"blocks.{layer}.hook_{part}_out" for layer in self.later for part in ("attn", "mlp")]

            def held(cache, names=outputs):
                return [(name, lambda _, hook, cache=cache: cache[hook.name]) for name in names]

            runs["total"].append(self.losses(ids, [self.edit(self.value)]))
            runs["direct"].append(self.losses(ids, [self.edit(self.value), *held(clean)]))
            runs["indirect"].append(self.losses(ids, held(ablated)))
            for name, layer, head in self.components():
                if head is None:
                    own = f"blocks.{layer}.hook_mlp_out"
                    hooks = held(ablated, [own]) + held(clean, [n for n in outputs if n != own])
                else:
                    own = f"blocks.{layer}.hook_attn_out"

                    def patch(z, hook, head=head):
                        z[:, :, head] = ablated[hook.name][:, :, head]
                        return z
                    hooks = [(f"blocks.{layer}.attn.hook_z", patch)] + held(clean, [n for n in outputs if n != own])
                runs[name].append(self.losses(ids, hooks))
        tokens = [len(c) for c in self.clean]
        names = [name for name, _, _ in self.components()]
        p = [p_value([e.sum() - c.sum() for e, c in zip(runs[name], self.clean)], tokens) for name in names]
        holm = dict(zip(names, multipletests(p, method="holm")[1].tolist()))
        return {name: self.change(losses)["change"] for name, losses in runs.items()} | {"holm": holm}

    def components(self):
        for layer in self.later:
            yield from ((f"L{layer}H{head}", layer, head) for head in self.heads)
            yield f"L{layer} MLP", layer, None

    def logits(self):
        """What the output direction does to the vocabulary, and what each component adds to the logit of the true next token."""
        m, vocabulary = self.model, len(self.model.tokenizer)
        w, u = m.W_out[LAYER].double(), m.W_U[:, :vocabulary].double()
        cosines = (w / w.norm(dim=1, keepdim=True)) @ (u / u.norm(dim=0))
        moments = [cosines.mean(1), cosines.var(1, unbiased=False), stats.skew(cosines.numpy(), 1), stats.kurtosis(cosines.numpy(), 1)]
        names = ("mean", "variance", "skew", "kurtosis")
        effects = w[NEURON] @ u
        parts, clean_lens, ablated_lens, counts = {"clean": {}, "ablated": {}, "frozen": {}}, [], [], []
        following = {}
        for ids, clean in zip(self.dutch, self.caches):
            targets = ids[0, 1:]
            directions = m.W_U.T[targets].double()
            counts.append(len(targets))
            with m.hooks(fwd_hooks=[self.edit(self.value)]):
                ablated = m.run_with_cache(ids)[1]
            scales = [cache["ln_final.hook_scale"][0, :-1].double() for cache in (clean, ablated)]
            for kind, cache, scale in (("clean", clean, scales[0]), ("ablated", ablated, scales[1]), ("frozen", ablated, scales[0])):

                def add(name, output):
                    parts[kind].setdefault(name, []).append((output[0, :-1].double() / scale * directions).sum().item())

                add("embed", cache["hook_embed"])
                for layer in range(m.cfg.n_layers):
                    z, b_o = cache[f"blocks.{layer}.attn.hook_z"], m.b_O[layer].expand(1, ids.shape[1], -1)
                    for head in self.heads:
                        add(f"L{layer}H{head}", z[:, :, head] @ m.W_O[layer, head])
                    add(f"L{layer} b_O", b_o)
                    add(f"L{layer} MLP", cache[f"blocks.{layer}.hook_mlp_out"])
                    add(f"L{layer}", cache[f"blocks.{layer}.hook_attn_out"] + cache[f"blocks.{layer}.hook_mlp_out"])
                add("neuron", cache[POST][..., NEURON, None] * m.W_out[LAYER, NEURON])
            parts["clean"].setdefault("b_U", []).append(m.b_U[targets].double().sum().item())
            for kind, cache, lens in (("clean", clean, clean_lens), ("ablated", ablated, ablated_lens)):
                stream = [cache["blocks.0.hook_resid_pre"]] + [cache[f"blocks.{layer}.hook_resid_post"] for layer in range(m.cfg.n_layers)]
                logits = [m.unembed(m.ln_final(x))[0, :-1] for x in stream]
                lens.append([self.cross_entropy(x, targets) for x in logits])
                own = logits[-1].gather(1, targets[:, None])
                lower = torch.arange(logits[-1].shape[1])[None] < targets[:, None]
                ranks = ((logits[-1] > own) | ((logits[-1] == own) & lower)).sum(1)
                sums = {"rank": ranks.sum(), "first": (ranks == 0).sum(), "logit": own.double().sum(), "log_probability": -lens[-1][-1]}
                for name, value in sums.items():
                    following.setdefault(name, {}).setdefault(kind, []).append(float(value))
        for values in following.values():
            values["change"] = [after - before for before, after in zip(values["clean"], values["ablated"])]
        return {
            "moments": {name: values[NEURON].item() for name, values in zip(names, moments)},
            "below": {name: int((np.asarray(values) < float(values[NEURON])).sum()) for name, values in zip(names, moments)},
            "promoted": effects.topk(15).indices, "promoted_effects": effects.topk(15).values,
            "suppressed": (-effects).topk(15).indices, "suppressed_effects": -(-effects).topk(15).values,
            "attribution": {kind: {name: interval(values, counts) for name, values in named.items()} for kind, named in parts.items()},
            "next": {name: {kind: interval(values, counts) for kind, values in kinds.items()} for name, kinds in following.items()},
            "lens_clean": np.sum(clean_lens, 0) / sum(counts), "lens_ablated": np.sum(ablated_lens, 0) / sum(counts)}

    @staticmethod
    def cross_entropy(logits, targets):
        return torch.nn.functional.cross_entropy(logits.double(), targets, reduction="sum").item()

    def upstream(self):
        """What each earlier component adds to the neuron's pre-activation, a mean over tokens of each class."""
        m = self.model
        read = m.W_in[LAYER, :, NEURON].double()
        result = {}
        for name, texts in (("target", self.dutch), ("other", self.fresh_other)):
            sums, pre, tokens = {}, 0.0, 0
            for ids in texts:
                cache = m.run_with_cache(ids)[1]
                scale = cache[f"blocks.{LAYER}.ln2.hook_scale"][0, 1:].double()
                tokens += ids.shape[1] - 1
                pre += cache[f"blocks.{LAYER}.mlp.hook_pre"][0, 1:, NEURON].double().sum().item()

                def add(label, output):
                    sums[label] = sums.get(label, 0) + (output[0, 1:].double() / scale @ read).sum().item()

                add("embed", cache["hook_embed"])
                for layer in range(LAYER):
                    for head in self.heads:
                        add(f"L{layer}H{head}", cache[f"blocks.{layer}.attn.hook_z"][:, :, head] @ m.W_O[layer, head])
                    add(f"L{layer} b_O", m.b_O[layer].expand(1, ids.shape[1], -1))
                    add(f"L{layer} MLP", cache[f"blocks.{layer}.hook_mlp_out"])
            result[name] = {label: value / tokens for label, value in sums.items()}
            result[name]["b_in"] = m.b_in[LAYER, NEURON].item()
            result[name]["pre"] = pre / tokens
        return result

    def inputs(self):
        """Tokens whose embedding adds most to the pre-activation, and takes most from it; and the most active of those seen five times."""
        m = self.model
        effects = m.W_E[:len(m.tokenizer)].double() @ m.W_in[LAYER, :, NEURON].double()
        seen = {}
        for place, texts in enumerate((self.all_dutch, self.all_other)):
            for ids in texts:
                for token, value in zip(ids[0, 1:].tolist(), self.post(ids)[1:].double().tolist()):
                    entry = seen.setdefault(token, [0, 0, 0.0])
                    entry[place] += 1
                    entry[2] += value
        rows = [[token, target, other, total / (target + other)] for token, (target, other, total) in seen.items() if target + other >= 5]
        return {"excite": [[i, effects[i]] for i in effects.topk(12).indices.tolist()],
                "inhibit": [[i, effects[i]] for i in (-effects).topk(12).indices.tolist()],
                "active": sorted(rows, key=lambda row: -row[3])[:12]}

    def downstream(self):
        """Mean change of later activations (ablated minus clean) in units of the clean standard deviation, tokens after BOS: of the
        neuron, of the first 10 others of RandomState(seed).permutation(d_mlp), and under edits of equal size; and cos(w_out, w_in) of
        the neurons with each later neuron."""
        m, result = self.model, {}
        plain, equal, directions = self.edits(10, 10, 10)
        neurons = [NEURON, *plain]
        studied = (self.moves(NEURON)[0], m.W_out[LAYER, NEURON].double())
        names = [f"blocks.{layer}.mlp.hook_post" for layer in self.later]

        def activations(moves, direction):
            found = {name: [] for name in names}
            for ids, move in zip(self.dutch, moves):
                def add(stream, hook, move=move):
                    stream[0, 1:] += (move[:, None] * direction).float()
                    return stream
                with m.hooks(fwd_hooks=[(f"blocks.{LAYER}.hook_resid_post", add)]):
                    cache = m.run_with_cache(ids, names_filter=names)[1]
                for name in names:
                    found[name].append(cache[name][0, 1:].double())
            return {name: torch.cat(values).mean(0) for name, values in found.items()}

        runs = [activations(*edit) for edit in [studied, *plain.values(), *equal.values(), *directions]]
        for layer, name in zip(self.later, names):
            clean = torch.cat([cache[name][0, 1:] for cache in self.caches]).double()
            changes = torch.stack([(run[name] - clean.mean(0)) / clean.std(0, unbiased=False) for run in runs])
            cosines = torch.nn.functional.cosine_similarity(
                m.W_out[LAYER, neurons].double()[:, :, None], m.W_in[layer].double()[None], dim=1)
            change, size = changes[0], changes.abs()
            top = change.abs().topk(10).indices
            beyond = cosines[0].abs() > cosines[1:].abs().max()
            further = size[0] > size[11:].max()
            result[str(layer)] = {
                "neurons": top, "change": change[top], "cosine": cosines[0][top], "mean_absolute": size[0].mean(),
                "null": size[1:11].mean(1), "null_largest": size[1:11].max(), "equal": size[11:].mean(1), "equal_largest": size[11:].max(),
                "beyond": int(further.sum()),
                "largest_cosine": cosines[0].abs().max(), "cosine_null": cosines[1:].abs().amax(1), "cosine_beyond": int(beyond.sum()),
                "both": int((beyond & further).sum()), "correlation": float(np.corrcoef(change.numpy(), cosines[0].numpy())[0, 1])}
        return result


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    sample = Sample(*sys.argv[1:3])
    goldens_lens.write(sys.argv[3], {
        "value": sample.value, "ablations": sample.ablations(), "controls": sample.controls("other-mean"),
        "controls_by_value": {value: sample.controls(value) for value in ("zero", "own-mean", "resample")}, "pre": sample.pre_activations(),
        "effects": sample.effects(), "logits": sample.logits(),
        "compared": {str(neuron): sample.compared(neuron) for neuron in (NEURON, 31, 7)},
        "upstream": sample.upstream(), "inputs": sample.inputs(), "downstream": sample.downstream(), "made_with": goldens_lens.versions()})
