"""Writes the tiny models of goldens_families.py as GGUF files, as llama.cpp's converter would: its names, its order of rows, its keys.

    pip install gguf==0.19.0 && python Tests/reference/gguf_families.py [Tests/LanguageModelTests/FamilyGoldens] [--only NAME]

Writes NAME/model.gguf beside the model that it is made of; both have the same numbers in expected.json. Names of tensors come from
gguf's own table (`get_tensor_name_map`), names of keys from its constants; what the converter does to the rows is written here once
more. Weights with one axis are F32, the others keep their type.
"""

import argparse
import json
import math
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import MODEL_ARCH, GGMLQuantizationType
from safetensors.torch import load_file

ARCHITECTURES = {
    "gpt2": MODEL_ARCH.GPT2, "gpt_neox": MODEL_ARCH.GPTNEOX, "llama": MODEL_ARCH.LLAMA, "qwen2": MODEL_ARCH.QWEN2,
    "qwen3": MODEL_ARCH.QWEN3, "gemma": MODEL_ARCH.GEMMA, "gemma2": MODEL_ARCH.GEMMA2, "phi": MODEL_ARCH.PHI2, "phi3": MODEL_ARCH.PHI3,
    "bloom": MODEL_ARCH.BLOOM, "falcon": MODEL_ARCH.FALCON, "olmo": MODEL_ARCH.OLMO}  # fmt: skip
# Mistral's GGUF files say "llama" and no window; Qwen2's say nothing of use_sliding_window; those of GPT-2 and Llama say nothing of
# the activation function and mean gelu_new and silu.
LEFT_OUT = {"qwen2-window", "gpt2-scaled", "llama-linear"}


def permuted(rows, heads):
    """Llama's queries and keys: the two halves of a head in turns."""
    return rows.reshape(heads, 2, -1, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def unfused(rows, heads):
    """GPT-NeoX's and Bloom's rows, kept by head, as all queries, all keys, all values."""
    return rows.reshape(heads, 3, -1, *rows.shape[1:]).swapaxes(0, 1).reshape(rows.shape)


class Converter:
    def __init__(self, folder):
        self.folder, self.config = folder, json.loads((folder / "config.json").read_text())
        self.family = self.config["model_type"]
        self.heads = self.first("num_attention_heads", "n_head")
        self.groups = 1 if self.config.get("multi_query") else self.config.get("num_key_value_heads") or self.heads
        self.width = self.first("hidden_size", "n_embd")
        self.head_size = self.config.get("head_dim") or self.width // self.heads

    def first(self, *names, default=None):
        return next((self.config[n] for n in names if self.config.get(n) is not None), default)

    def rows(self, name, data):
        """What the converter does to a tensor besides renaming it."""
        part = name.rsplit(".", 2)[-2]
        if self.family in ("llama", "olmo") and part in ("q_proj", "k_proj"):
            return permuted(data, self.heads if part == "q_proj" else self.groups)
        if self.family in ("gpt_neox", "bloom") and part == "query_key_value":
            return unfused(data, self.heads)
        if self.family.startswith("gemma") and part.endswith("norm"):
            return data + np.float32(1)
        if self.family == "gemma2" and part == "q_proj":
            # The tiny model's scale of scores is none that llama.cpp knows: its queries make up for it.
            return data * np.float32((self.head_size / self.config["query_pre_attn_scalar"]) ** 0.5)
        if self.family == "gpt2" and part in ("c_attn", "c_proj", "c_fc") and data.ndim == 2:
            return data.T
        return data

    def keys(self, w):
        c, name = self.config, self.first
        layers = name("num_hidden_layers", "n_layer", "num_layers")
        w.add_block_count(layers)
        w.add_embedding_length(self.width)
        w.add_context_length(name("max_position_embeddings", "n_positions", default=2048))
        w.add_feed_forward_length(name("intermediate_size", "n_inner", "ffn_hidden_size", default=4 * self.width))
        w.add_head_count(self.heads)
        if self.groups != self.heads or self.family == "falcon":
            w.add_head_count_kv(self.groups)
        rms = name("rms_norm_eps")
        if rms is not None:
            w.add_layer_norm_rms_eps(rms)
        else:
            w.add_layer_norm_eps(name("layer_norm_eps", "layer_norm_epsilon", default=1e-5))
        if self.family not in ("gpt2", "bloom"):
            share = name("partial_rotary_factor", "rotary_pct", default=1)
            w.add_rope_dimension_count(int(self.head_size * share))
            w.add_rope_freq_base(float(name("rope_theta", "rotary_emb_base", default=10000.0)))
        if c.get("head_dim"):
            w.add_key_length(c["head_dim"])
            w.add_value_length(c["head_dim"])
        if self.family == "gpt_neox":
            w.add_parallel_residual(c.get("use_parallel_residual", True))
        if self.family in ("gemma2", "phi3"):
            w.add_sliding_window(c["sliding_window"])
        if self.family == "gemma2":
            w.add_attn_logit_softcapping(c["attn_logit_softcapping"])
            w.add_final_logit_softcapping(c["final_logit_softcapping"])
        if (c.get("rope_scaling") or {}).get("rope_type") == "linear":
            w.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
            w.add_rope_scaling_factor(c["rope_scaling"]["factor"])

    def factors(self):
        """The divisors of the angles that stand for Llama 3's scaling of positions."""
        scaling = self.config.get("rope_scaling") or {}
        if scaling.get("rope_type") != "llama3":
            return None
        old, factor = scaling["original_max_position_embeddings"], scaling["factor"]
        low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
        found = []
        for pair in range(self.head_size // 2):
            wave = 2 * math.pi * self.config["rope_theta"] ** (2 * pair / self.head_size)
            smooth = (old / wave - low) / (high - low)
            found.append(1 if wave < old / high else factor if wave > old / low else 1 / ((1 - smooth) / factor + smooth))
        return np.array(found, np.float32)

    def write(self, path):
        arch = ARCHITECTURES[self.family]
        w = gguf.GGUFWriter(str(path), gguf.MODEL_ARCH_NAMES[arch])
        self.keys(w)
        names = gguf.get_tensor_name_map(arch, 99)
        for name, tensor in sorted(load_file(self.folder / "model.safetensors").items()):
            if name.endswith((".attn.bias", "masked_bias", "inv_freq")):
                continue
            # The table has no prefix for Bloom.
            new = names.get_name(name.removeprefix("transformer.") if self.family == "bloom" else name, try_suffixes=(".weight", ".bias"))
            assert new, f"{self.folder.name}: llama.cpp has no {name}"
            data = np.ascontiguousarray(self.rows(name, tensor.float().numpy()))
            dtype = torch.float32 if data.ndim == 1 or name.endswith("q_proj.weight") and self.family == "gemma2" else tensor.dtype
            kind = {torch.float32: GGMLQuantizationType.F32, torch.float16: GGMLQuantizationType.F16,
                    torch.bfloat16: GGMLQuantizationType.BF16}[dtype]  # fmt: skip
            if kind == GGMLQuantizationType.BF16:
                w.add_tensor(new, gguf.quants.quantize(data, kind), raw_dtype=kind)
            else:
                w.add_tensor(new, data.astype(np.float16 if kind == GGMLQuantizationType.F16 else np.float32))
        if (factors := self.factors()) is not None:
            w.add_tensor("rope_freqs.weight", factors)
        w.write_header_to_file()
        w.write_kv_data_to_file()
        w.write_tensors_to_file()
        w.close()


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("goldens", nargs="?", type=Path, default=Path(__file__).parents[1] / "LanguageModelTests/FamilyGoldens")
    p.add_argument("--only", nargs="*")
    a = p.parse_args()
    for folder in sorted(a.goldens.iterdir()):
        family = json.loads((folder / "config.json").read_text())["model_type"]
        if family in ARCHITECTURES and folder.name not in LEFT_OUT and (not a.only or folder.name in a.only):
            Converter(folder).write(folder / "model.gguf")
            print(folder.name, (folder / "model.gguf").stat().st_size)
