"""What the golden scripts share: a folder as TransformerLens processes it, and how numbers are written.

The model of a GPT-NeoX folder is read straight from config.json and safetensors (no transformers model in between), converted by
TransformerLens's own convert_neox_weights, then put through its four processing steps. Both styles of config are understood: rotary_pct
and rotary_emb_base at the top (transformers 4), or inside rope_parameters (transformers 5). A Llama folder is read by transformers and
converted by convert_llama_weights; its rotary base comes from config.json, which TransformerLens would not read.
Versions: see requirements.txt.
"""
import json
from importlib.metadata import version
from pathlib import Path

import safetensors.torch
import torch
from transformer_lens import HookedTransformer, HookedTransformerConfig
from transformer_lens.pretrained.weight_conversions import convert_llama_weights, convert_neox_weights
from transformers import AutoModelForCausalLM

torch.set_grad_enabled(False)


class Attributes:
    """Reads `a.b[0].c` off tensors named "a.b.0.c": the shape of object that convert_neox_weights expects."""

    def __init__(self, tensors, prefix=""):
        self.tensors, self.prefix = tensors, prefix

    def __getattr__(self, name):
        key = self.prefix + str(name)
        return self.tensors[key] if key in self.tensors else Attributes(self.tensors, key + ".")

    __getitem__ = __getattr__


def read_tensors(folder, dtype):
    """All floating-point tensors of a folder, shards joined, in `dtype`; a tied unembedding is filled in."""
    folder, tensors = Path(folder), {}
    index = folder / "model.safetensors.index.json"
    files = json.loads(index.read_text())["weight_map"].values() if index.exists() else ["model.safetensors"]
    for file in sorted(set(files)):
        tensors |= safetensors.torch.load_file(folder / file)
    tensors = {name: t.to(dtype) for name, t in tensors.items() if t.is_floating_point()}
    tensors.setdefault("embed_out.weight", tensors["gpt_neox.embed_in.weight"])
    return tensors


def read_config(folder, dtype):
    """The folder's config.json in TransformerLens's terms."""
    raw = json.loads((Path(folder) / "config.json").read_text())
    if raw["model_type"] == "llama":
        return llama_config(raw, dtype)
    rope = raw.get("rope_parameters", {})
    d_head = raw["hidden_size"] // raw["num_attention_heads"]
    rotary = raw.get("rotary_pct", rope.get("partial_rotary_factor"))
    return HookedTransformerConfig(
        d_model=raw["hidden_size"], d_head=d_head, n_heads=raw["num_attention_heads"], d_mlp=raw["intermediate_size"],
        n_layers=raw["num_hidden_layers"], n_ctx=raw["max_position_embeddings"], eps=raw["layer_norm_eps"],
        d_vocab=raw["vocab_size"], act_fn=raw["hidden_act"], use_attn_scale=True, positional_embedding_type="rotary",
        rotary_adjacent_pairs=False, rotary_dim=round(rotary * d_head),
        rotary_base=raw.get("rotary_emb_base", rope.get("rope_theta")),
        parallel_attn_mlp=raw.get("use_parallel_residual", True), normalization_type="LN",
        original_architecture="GPTNeoXForCausalLM", default_prepend_bos=True, device="cpu", dtype=dtype, init_weights=False,
    )  # fmt: skip


def llama_config(raw, dtype):
    """A Llama's config.json in TransformerLens's terms, for folders without rope scaling or biases."""
    assert not raw.get("rope_scaling") and not raw.get("attention_bias") and not raw.get("mlp_bias"), "not handled here"
    heads, groups = raw["num_attention_heads"], raw["num_key_value_heads"]
    d_head = raw.get("head_dim") or raw["hidden_size"] // heads
    return HookedTransformerConfig(
        d_model=raw["hidden_size"], d_head=d_head, n_heads=heads, n_key_value_heads=groups if groups != heads else None,
        d_mlp=raw["intermediate_size"], n_layers=raw["num_hidden_layers"], n_ctx=raw["max_position_embeddings"],
        eps=raw["rms_norm_eps"], d_vocab=raw["vocab_size"], act_fn=raw["hidden_act"], gated_mlp=True, normalization_type="RMS",
        final_rms=True, positional_embedding_type="rotary", rotary_adjacent_pairs=False, rotary_dim=d_head,
        rotary_base=raw["rope_theta"], original_architecture="LlamaForCausalLM", default_prepend_bos=True, device="cpu", dtype=dtype,
        init_weights=False,
    )  # fmt: skip


def load(folder, dtype=torch.float32, tokenizer=None):
    """The model of a folder with all four processing steps on."""
    cfg = read_config(folder, dtype)
    model = HookedTransformer(cfg, tokenizer=tokenizer, move_to_device=False)
    if cfg.gated_mlp:
        state = convert_llama_weights(AutoModelForCausalLM.from_pretrained(folder, torch_dtype=dtype), cfg)
    else:
        state = convert_neox_weights(Attributes(read_tensors(folder, dtype)), cfg)
    model.load_and_process_state_dict(
        state, fold_ln=True, center_writing_weights=True, center_unembed=True, fold_value_biases=True)
    return model


def versions():
    """What made a golden."""
    return {name: version(name) for name in ("torch", "transformer-lens", "scikit-learn")}


def rounded(value, digits=7):
    """Tensors, arrays and numbers as plain JSON values, floats to `digits` significant digits."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item, digits) for item in value]
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def write(path, values):
    """Compact JSON, a line for each top-level key."""
    lines = (f"{json.dumps(key)}:{json.dumps(item, ensure_ascii=False, separators=(',', ':'))}" for key, item in rounded(values).items())
    Path(path).write_text("{\n" + ",\n".join(lines) + "\n}\n")
