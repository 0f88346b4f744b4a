"""Makes tiny random GPT-NeoX models, and what TransformerLens computes with each.

    goldens_models.py [Tests/LanguageModelTests/Goldens] [--only NAME]

Writes NAME/config.json, NAME/model*.safetensors and NAME/expected.json. Every weight, bias and norm is random at a scale where folding,
attention and the unembedding all matter. Made with the versions of requirements.txt (TransformerLens 2.16.1, torch 2.13.0, CPU,
all four processing steps on); transformers 4.53.3 must agree in log probabilities, or nothing is written.

expected.json, numbers to seven significant digits:
  sequences          token ids, BOS (0) first; ids from `tokens` up to vocab_size are rows without a token
  neurons, edits, answers  what the numbers below are of; an edit sets hook_post of a neuron to `value` from position `from` on
  float32, float64   the same numbers in both precisions (float64 throughout: weights, rotary angles and sums):
    weights          processed weights by name, a layer a row: [sum, sum of squares, first element, last element]
    runs             per sequence of T tokens; "last" is the last position
      logits_last [d_vocab], logits [T][d_vocab] (T = 2 only), losses [T - 1] in nats
      rows           positions that the next two are given at
      hook_resid_pre [layer][row][d_model], hook_post [layer][row][neuron]
      hook_post_sums [layer]: [sum, sum of squares] over all positions and neurons
      attn_out, mlp_out [layer][d_model] at last, pattern [layer][T]: head 1's row for last
      edited         per edit: losses, logits_last
      decompose_resid, apply_ln_to_stack [label][d_model] at last (T > 2 only), hook_scale of the final norm at last
      logit_difference of the answers at last: total, bias, labels, parts [label] of the normalised components
  largest_difference between float32 and float64, by part: what a tolerance should leave room for
"""
import argparse
import json
from pathlib import Path

import safetensors.torch
import torch
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

import goldens_lens

VOCABULARY, TOKENS, CONTEXT = 288, 277, 64
BASE = {
    "architectures": ["GPTNeoXForCausalLM"], "model_type": "gpt_neox", "hidden_act": "gelu", "hidden_size": 32,
    "intermediate_size": 128, "layer_norm_eps": 1e-05, "max_position_embeddings": CONTEXT, "num_attention_heads": 4,
    "num_hidden_layers": 2, "rotary_emb_base": 10000, "rotary_pct": 0.25, "tie_word_embeddings": False,
    "torch_dtype": "float32", "use_parallel_residual": True, "vocab_size": VOCABULARY, "bos_token_id": 0, "eos_token_id": 0,
}
# What each model is there to show, as changes to BASE (None takes a key away).
MODELS = {
    # F32, d_mlp = 2·d_model, no word on the residual (parallel).
    "narrow-f32": {"intermediate_size": 64, "use_parallel_residual": None},
    # Sequential residual, F16, three layers, two wide heads.
    "sequential-f16": {"use_parallel_residual": False, "num_hidden_layers": 3, "num_attention_heads": 2, "rotary_pct": 0.5,
                       "torch_dtype": "float16"},
    # BF16, three heads, another rotary base.
    "base500-bf16": {"hidden_size": 48, "intermediate_size": 96, "num_attention_heads": 3, "rotary_emb_base": 500,
                     "torch_dtype": "bfloat16"},
    # Tied embeddings, all dimensions rotated, four layers.
    "tied-f16": {"tie_word_embeddings": True, "num_hidden_layers": 4, "rotary_pct": 1.0, "torch_dtype": "float16"},
    # A transformers 5 config: rope_parameters and dtype.
    "rope-parameters-f16": {
        "hidden_size": 48, "intermediate_size": 96, "num_attention_heads": 6, "rotary_pct": None, "rotary_emb_base": None,
        "torch_dtype": None, "dtype": "float16", "rope_parameters": {
            "rope_type": "default", "rope_theta": 500.0, "partial_rotary_factor": 0.5}},
    # Three shards and an index, a large epsilon, the buffers that old checkpoints hold.
    "shards-f16": {"hidden_size": 48, "intermediate_size": 96, "num_attention_heads": 2, "layer_norm_eps": 1e-2,
                   "torch_dtype": "float16"},
}


def random_tensors(config, generator):
    """Weights under their GPT-NeoX names."""
    d, m, layers = config["hidden_size"], config["intermediate_size"], config["num_hidden_layers"]

    def normal(*shape, scale, mean=0.0):
        return mean + scale * torch.randn(*shape, generator=generator)

    def norm(name):
        return {f"{name}.weight": normal(d, scale=0.3, mean=1), f"{name}.bias": normal(d, scale=0.3)}

    def linear(name, outputs, inputs, gain):
        return {f"{name}.weight": normal(outputs, inputs, scale=gain / inputs**0.5), f"{name}.bias": normal(outputs, scale=0.3)}

    tensors = {"gpt_neox.embed_in.weight": normal(config["vocab_size"], d, scale=0.8, mean=0.1)}
    for i in range(layers):
        layer = f"gpt_neox.layers.{i}"
        tensors |= norm(f"{layer}.input_layernorm") | norm(f"{layer}.post_attention_layernorm")
        tensors |= linear(f"{layer}.attention.query_key_value", 3 * d, d, gain=1.4)
        tensors |= linear(f"{layer}.attention.dense", d, d, gain=1)
        tensors |= linear(f"{layer}.mlp.dense_h_to_4h", m, d, gain=1.4)
        tensors |= linear(f"{layer}.mlp.dense_4h_to_h", d, m, gain=1.2)
    tensors |= norm("gpt_neox.final_layer_norm")
    if not config["tie_word_embeddings"]:
        tensors["embed_out.weight"] = normal(config["vocab_size"], d, scale=2 / d**0.5, mean=0.05)
    return tensors


def old_buffers(config):
    """Masks and frequencies that checkpoints of transformers before 4.30 carry; a reader leaves them alone."""
    rotary, base = config["hidden_size"] // config["num_attention_heads"] * config["rotary_pct"], config["rotary_emb_base"]
    tensors = {}
    for i in range(config["num_hidden_layers"]):
        attention = f"gpt_neox.layers.{i}.attention"
        tensors[f"{attention}.bias"] = torch.ones(1, 1, CONTEXT, CONTEXT, dtype=torch.bool).tril()
        tensors[f"{attention}.masked_bias"] = torch.tensor(-1e9)
        tensors[f"{attention}.rotary_emb.inv_freq"] = base ** (-torch.arange(0, rotary, 2) / rotary)
    return tensors


def make(folder, changes, generator):
    """Writes config.json and the weights of one model."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {key: value for key, value in (BASE | changes).items() if value is not None}
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    dtype = getattr(torch, config.get("torch_dtype", config.get("dtype")))
    tensors = {name: t.to(dtype).contiguous() for name, t in random_tensors(config, generator).items()}
    metadata = {"format": "pt"}
    if not folder.name.startswith("shards"):
        return safetensors.torch.save_file(tensors, folder / "model.safetensors", metadata)
    size = sum(t.nbytes for t in tensors.values())
    tensors |= old_buffers(config)
    names = list(tensors)
    shards = {f"model-{i + 1:05}-of-00003.safetensors": names[i::3] for i in range(3)}  # a layer's tensors lie apart
    for file, held in shards.items():
        safetensors.torch.save_file({name: tensors[name] for name in held}, folder / file, metadata)
    index = {"metadata": {"total_size": size}, "weight_map": {name: file for file, held in shards.items() for name in held}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1, sort_keys=True) + "\n")


def questions(config, generator):
    """What is asked of a model: sequences, sampled neurons, edits and an answer pair."""
    d_mlp, layers = config["intermediate_size"], config["num_hidden_layers"]
    ids = [torch.randint(1, TOKENS, (length - 1,), generator=generator).tolist() for length in (1, 2, 17, 40)]
    ids[3][9] = 0  # an end of text within a document
    edits = [{"layer": 0, "neuron": 5, "value": 4.0, "from": 0}, {"layer": 0, "neuron": 5, "value": 4.0, "from": 1},
             {"layer": layers - 1, "neuron": d_mlp - 3, "value": -2.5, "from": 1}]
    return {"tokens": TOKENS, "sequences": [[0, *row] for row in ids], "answers": [42, 7],
            "neurons": [0, 1, 5, d_mlp // 2, d_mlp - 3, d_mlp - 1], "edits": edits}


def checksum(t):
    t = t.double()  # so that only the weights differ between precisions, not the sum
    return [t.sum(), t.square().sum(), t.flatten()[0], t.flatten()[-1]]


def weights(model):
    """Checksums of the processed weights."""
    single = {"W_E": model.W_E, "W_U": model.W_U, "b_U": model.b_U}
    layered = ("W_Q", "W_K", "W_V", "W_O", "b_Q", "b_K", "b_V", "b_O", "W_in", "b_in", "W_out", "b_out")
    return {n: checksum(t) for n, t in single.items()} | {n: [checksum(t) for t in getattr(model, n)] for n in layered}


def losses_and_logits(model, ids, edit=None):
    """Losses [T - 1] and logits [T, d_vocab], with one neuron set from a position on."""
    def set_neuron(value, hook):
        value[:, edit["from"]:, edit["neuron"]] = edit["value"]
        return value

    hooks = [(f"blocks.{edit['layer']}.mlp.hook_post", set_neuron)] if edit else []
    logits, losses = model.run_with_hooks(ids, return_type="both", loss_per_token=True, fwd_hooks=hooks)
    return losses[0], logits[0]


def run(model, q, sequence):
    """Everything asked of one sequence."""
    ids, T = torch.tensor([sequence]), len(sequence)
    losses, logits = losses_and_logits(model, ids)
    _, cache = model.run_with_cache(ids)
    rows = sorted({0, T // 2, T - 1})
    layers = range(model.cfg.n_layers)
    post = [cache["post", i][0] for i in layers]
    found = {
        "rows": rows, "logits_last": logits[-1], "losses": losses,
        "hook_resid_pre": [cache["resid_pre", i][0, rows] for i in layers],
        "hook_post": [p[rows][:, q["neurons"]] for p in post], "hook_post_sums": [checksum(p)[:2] for p in post],
        "attn_out": [cache["attn_out", i][0, -1] for i in layers], "mlp_out": [cache["mlp_out", i][0, -1] for i in layers],
        "pattern": [cache["pattern", i][0, 1, -1] for i in layers],
        "hook_scale": cache["ln_final.hook_scale"][0, -1, 0], "edited": []}
    for edit in q["edits"]:
        edited, edited_logits = losses_and_logits(model, ids, edit)
        found["edited"].append({"losses": edited, "logits_last": edited_logits[-1]})
    if T == 2:
        found["logits"] = logits
    stack, labels = cache.decompose_resid(layer=-1, pos_slice=-1, return_labels=True)
    normal = cache.apply_ln_to_stack(stack, layer=-1, pos_slice=-1)
    if T > 2:
        found |= {"decompose_resid": stack[:, 0], "apply_ln_to_stack": normal[:, 0]}
    first, second = q["answers"]
    bias = model.b_U[first] - model.b_U[second]
    difference = {"total": logits[-1, first] - logits[-1, second], "bias": bias, "labels": labels,
                  "parts": (normal @ (model.W_U[:, first] - model.W_U[:, second]))[:, 0]}
    return found | {"logit_difference": difference}


def huggingface_difference(folder, model, q):
    """The largest difference between transformers' and TransformerLens's log probabilities, both in float64."""
    raw = json.loads((folder / "config.json").read_text())
    rope = raw.pop("rope_parameters", {})
    raw.setdefault("rotary_pct", rope.get("partial_rotary_factor"))
    raw.setdefault("rotary_emb_base", rope.get("rope_theta"))
    other = GPTNeoXForCausalLM(GPTNeoXConfig(**raw)).double().eval()
    other.load_state_dict(goldens_lens.read_tensors(folder, torch.float64), strict=False)
    return max(
        (other(ids).logits.log_softmax(-1) - model(ids).log_softmax(-1)).abs().max().item()
        for ids in map(lambda s: torch.tensor([s]), q["sequences"]))


def differences(a, b, name, largest):
    """Collects the largest |a - b| under each dictionary key."""
    if isinstance(a, dict):
        for key in a:
            differences(a[key], b[key], key, largest)
    elif isinstance(a, list):
        for x, y in zip(a, b, strict=True):
            differences(x, y, name, largest)
    elif not isinstance(a, str) and torch.as_tensor(a).numel():
        gap = (torch.as_tensor(a).double() - torch.as_tensor(b)).abs().max().item()
        largest[name] = max(largest.get(name, 0), gap)
    return largest


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("goldens", type=Path, nargs="?", default=Path(__file__).parent.parent / "LanguageModelTests" / "Goldens")
    p.add_argument("--only", choices=MODELS)
    a = p.parse_args()
    for seed, (name, changes) in enumerate(MODELS.items()):
        if a.only in (None, name):
            record(a.goldens / name, changes, torch.Generator().manual_seed(seed))


def record(folder, changes, generator):
    make(folder, changes, generator)
    q = questions(BASE | changes, generator)
    answers = {}
    for dtype in (torch.float32, torch.float64):
        model = goldens_lens.load(folder, dtype)
        runs = [run(model, q, sequence) for sequence in q["sequences"]]
        answers[str(dtype).removeprefix("torch.")] = {"weights": weights(model), "runs": runs}
    apart = huggingface_difference(folder, model, q)
    if not apart < 1e-4:  # transformers keeps rotary angles in float32
        raise SystemExit(f"{folder.name}: transformers differs by {apart}")
    gaps = differences(answers["float32"], answers["float64"], "", {})
    goldens_lens.write(folder / "expected.json", {
        "versions": goldens_lens.versions(), **q, **answers, "largest_difference": gaps})
    last = runs[-1]
    moved = [(e["losses"] - last["losses"]).abs().max().item() for e in last["edited"]]
    print(f"{folder.name}: transformers {apart:.1e}, float32 logits {gaps['logits_last']:.1e}, logit spread"
          f" {last['logits_last'].std():.2f}, loss {last['losses'].mean():.2f}, attention at most"
          f" {[round(float(p.max()), 2) for p in last['pattern']]}, edits move losses by {[round(m, 3) for m in moved]}")


if __name__ == "__main__":
    main()
