"""Makes tiny random models of every family, and what transformers computes with each.

    goldens_families.py [Tests/LanguageModelTests/FamilyGoldens] [--only NAME]

Writes NAME/config.json, NAME/model.safetensors and NAME/expected.json. Every weight, bias and norm is random at a scale where each part
of the arithmetic matters; sequences are longer than the windows. Made with the versions of requirements.txt (transformers 4.53.3, torch
2.13.0, CPU), in float64 as far as transformers lets it (norms of the RMS kind and rotary angles are float32 there).

expected.json, numbers to eight significant digits:
  sequences, neurons
  runs               per sequence of T tokens
    losses           [T - 1] in nats
    rows             positions that the next is given at
    hook_post        [layer][row][neuron]: the input of the MLP's last linear map
    last             log probabilities [d_vocab] at the last position
"""
import argparse
import json
import shutil
import zlib
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, CONFIG_MAPPING

torch.set_grad_enabled(False)
VOCABULARY, CONTEXT = 80, 64
# Sizes by the names that most configurations use.
SIZES = {"vocab_size": VOCABULARY, "hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 48,
         "max_position_embeddings": CONTEXT}
GROUPED = SIZES | {"num_key_value_heads": 2}
GPT2 = {"vocab_size": VOCABULARY, "n_embd": 32, "n_layer": 3, "n_head": 4, "n_positions": CONTEXT}
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 32}
MODELS = {
    "gpt2": ("gpt2", GPT2, "float32"),
    "gpt2-scaled": ("gpt2", GPT2 | {"n_inner": 40, "scale_attn_by_inverse_layer_idx": True, "activation_function": "relu"}, "float16"),
    "gpt_neo": ("gpt_neo", {"vocab_size": VOCABULARY, "hidden_size": 32, "num_layers": 4, "num_heads": 4, "attention_types": [[["global", "local"], 2]],
                            "window_size": 8, "max_position_embeddings": CONTEXT}, "float32"),
    "gptj": ("gptj", GPT2 | {"rotary_dim": 4}, "float16"),
    "opt": ("opt", {k: v for k, v in SIZES.items() if k != "intermediate_size"} | {"ffn_dim": 56, "word_embed_proj_dim": 32}, "float16"),
    "llama": ("llama", GROUPED, "bfloat16"),
    "llama-rope3-bias-tied": ("llama", GROUPED | {"rope_theta": 500000.0, "rope_scaling": LLAMA3, "attention_bias": True, "mlp_bias": True,
                                                  "tie_word_embeddings": True, "head_dim": 16}, "bfloat16"),
    "llama-linear": ("llama", SIZES | {"num_key_value_heads": 1, "rope_scaling": {"rope_type": "linear", "factor": 4.0}, "hidden_act": "gelu"}, "float32"),
    "mistral": ("mistral", GROUPED | {"sliding_window": 9, "head_dim": 12}, "bfloat16"),
    "qwen2": ("qwen2", GROUPED | {"rope_theta": 1e6, "tie_word_embeddings": True}, "bfloat16"),
    "qwen2-window": ("qwen2", GROUPED | {"use_sliding_window": True, "sliding_window": 7, "max_window_layers": 1}, "bfloat16"),
    "qwen3": ("qwen3", GROUPED | {"head_dim": 16}, "bfloat16"),
    "gemma": ("gemma", SIZES | {"num_key_value_heads": 1, "head_dim": 16, "hidden_act": "gelu_pytorch_tanh", "hidden_activation": "gelu_pytorch_tanh"}, "bfloat16"),
    "gemma2": ("gemma2", GROUPED | {"num_hidden_layers": 4, "head_dim": 16, "query_pre_attn_scalar": 24, "sliding_window": 8,
                                    "attn_logit_softcapping": 2.0, "final_logit_softcapping": 3.0}, "bfloat16"),
    "phi": ("phi", SIZES | {"partial_rotary_factor": 0.5}, "float16"),
    "phi3": ("phi3", GROUPED | {"sliding_window": 11, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}, "bfloat16"),
    "bloom": ("bloom", {"vocab_size": VOCABULARY, "hidden_size": 32, "n_layer": 3, "n_head": 4}, "float16"),
    "bloom-six-heads": ("bloom", {"vocab_size": VOCABULARY, "hidden_size": 48, "n_layer": 2, "n_head": 6}, "float16"),
    "falcon": ("falcon", {k: v for k, v in SIZES.items() if k != "intermediate_size"} | {"multi_query": True, "parallel_attn": True, "bias": False,
                                                                                       "new_decoder_architecture": False, "alibi": False}, "bfloat16"),
    "olmo": ("olmo", GROUPED, "float32"),
    # 19 of 64 dimensions by truncation: odd, so transformers turns 20.
    "gpt_neox-odd-rotary": ("gpt_neox", SIZES | {"hidden_size": 64, "num_attention_heads": 1, "num_hidden_layers": 2, "rotary_pct": 0.3}, "float32"),
}
LAST_MAPS = ("down_proj", "c_proj", "fc_out", "fc2", "dense_4h_to_h")


def randomise(model):
    """Every parameter anew: norms about their middle, maps so that activations neither fade nor explode."""
    for name, p in model.named_parameters():
        generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
        normal = torch.randn(p.shape, generator=generator)
        if p.ndim == 1:
            middle = 1.0 if name.endswith("weight") and "gemma" not in model.config.model_type else 0.0
            p.copy_(middle + 0.3 * normal)
        elif "emb" in name or "wte" in name or "wpe" in name:
            p.copy_(0.7 * normal)
        else:
            p.copy_(normal * 1.3 / p.shape[1] ** 0.5)


def mlp_inputs(model, ids):
    """The input of every MLP's last map, and the logits."""
    blocks = next(m for n, m in model.named_modules() if n.split(".")[-1] in ("h", "layers") and isinstance(m, torch.nn.ModuleList))
    found = {}
    hooks = []
    for index, block in enumerate(blocks):
        mlp = getattr(block, "mlp", block)
        last = next(getattr(mlp, n) for n in LAST_MAPS if hasattr(mlp, n))
        hooks.append(last.register_forward_hook(lambda m, i, o, k=index: found.__setitem__(k, i[0])))
    logits = model(ids).logits[0]
    for hook in hooks:
        hook.remove()
    return [found[k].reshape(ids.shape[1], -1) for k in range(len(blocks))], logits


def rounded(value):
    if isinstance(value, torch.Tensor):
        return rounded(value.tolist())
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return float(f"{value:.8g}") if isinstance(value, float) else value


def make(folder, family, settings, dtype):
    config = CONFIG_MAPPING[family](**settings)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").eval()
    randomise(model)
    shutil.rmtree(folder, ignore_errors=True)
    model.to(getattr(torch, dtype)).save_pretrained(folder, safe_serialization=True)
    (folder / "generation_config.json").unlink(missing_ok=True)
    model = AutoModelForCausalLM.from_pretrained(folder, torch_dtype=torch.float64, attn_implementation="eager").eval()
    generator = torch.Generator().manual_seed(1)
    sequences = [torch.randint(3, VOCABULARY, (n,), generator=generator).tolist() for n in (1, 2, 17, 50)]
    runs = []
    for sequence in sequences:
        ids = torch.tensor([sequence])
        post, logits = mlp_inputs(model, ids)
        width = post[0].shape[1]
        neurons = [0, 1, 5, width // 2, width - 1]
        rows = sorted({0, len(sequence) // 2, len(sequence) - 1})
        log_p = logits.double().log_softmax(-1)
        runs.append({"rows": rows, "losses": -log_p[:-1].gather(-1, ids[0, 1:, None])[:, 0], "last": log_p[-1],
                     "hook_post": [p[rows][:, neurons] for p in post]})
    expected = {"sequences": sequences, "neurons": neurons, "runs": [{k: rounded(v) for k, v in run.items()} for run in runs]}
    (folder / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
    print(folder.name, "largest activation", max(p.abs().max().item() for p in post), "mean loss", -log_p[:-1].gather(-1, ids[0, 1:, None]).mean().item())


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("folder", nargs="?", default="Tests/LanguageModelTests/FamilyGoldens")
parser.add_argument("--only")
arguments = parser.parse_args()
for name, (family, settings, dtype) in MODELS.items():
    if arguments.only in (None, name):
        make(Path(arguments.folder) / name, family, settings, dtype)
