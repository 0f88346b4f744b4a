"""Makes a small random GPT-NeoX model as Hugging Face saves it, to test loading and running against.

usage: model_files_random.py OUT [--shape tiny|14m|31m|70m|160m|410m|1b|1.4b|2.8b] [--dtype f32|f16|bf16]
           [--seed N] [--rotary-pct 0.25] [--sequential] [--tied] [--no-attention-bias]
           [--shards MAX_SIZE] [--form 4|5] [--prefixless]
           [--layers N] [--d-model N] [--heads N] [--d-mlp N] [--vocabulary N] [--context N]
           [--tokenizer FILE]

OUT gets config.json and model.safetensors (or shards and their index). Without --form the configuration
is as the installed transformers writes it; --form rewrites the rotary fields as transformers 4
(rotary_pct, rotary_emb_base) or 5 (rope_parameters) has them. transformers 4 does not read form 5 (it
takes a share of 0.25), so reference numbers come from the twin without --form, whose weights are the same.
The names of --shape are Pythia's, with its vocabulary of 50,304 and context of 2,048; single sizes may be
given over them.

The weights are drawn so that a forward pass has the scale of a trained model: sublayers add one to two
units to a residual stream of a few, attention is neither uniform nor one-hot, and logits spread by
about two nats. Norm weights lie around 1, and all biases are far from zero, so that a fold left
out shows. The same arguments give the same bytes.

Made with torch 2.15, transformers 4.53, safetensors 0.8.
"""

import argparse
import json
import math
import os
import shutil

import torch
from safetensors.torch import load_file, save_file
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

# layers, d_model, heads, d_mlp, vocabulary, context
SHAPES = {
    "tiny": (3, 32, 4, 128, 101, 64),
    "14m": (6, 128, 4, 512, 50304, 2048),
    "31m": (6, 256, 8, 1024, 50304, 2048),
    "70m": (6, 512, 8, 2048, 50304, 2048),
    "160m": (12, 768, 12, 3072, 50304, 2048),
    "410m": (24, 1024, 16, 4096, 50304, 2048),
    "1b": (16, 2048, 8, 8192, 50304, 2048),
    "1.4b": (24, 2048, 16, 8192, 50304, 2048),
    "2.8b": (32, 2560, 32, 10240, 50304, 2048),
}
DTYPES = {"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--shape", choices=SHAPES, default="tiny")
    parser.add_argument("--dtype", choices=DTYPES, default="f32")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rotary-pct", type=float, default=0.25)
    parser.add_argument("--sequential", action="store_true")
    parser.add_argument("--tied", action="store_true")
    parser.add_argument("--no-attention-bias", action="store_true")
    parser.add_argument("--shards", metavar="MAX_SIZE", help="such as 100MB")
    parser.add_argument("--form", choices=["4", "5"])
    parser.add_argument("--prefixless", action="store_true", help="names without gpt_neox.")
    for size in ["layers", "d-model", "heads", "d-mlp", "vocabulary", "context"]:
        parser.add_argument("--" + size, type=int)
    parser.add_argument("--tokenizer", metavar="FILE", help="copied to OUT/tokenizer.json")
    return parser.parse_args()


def configuration(args):
    names = ["layers", "d_model", "heads", "d_mlp", "vocabulary", "context"]
    sizes = [getattr(args, name) or size for name, size in zip(names, SHAPES[args.shape])]
    layers, d_model, heads, d_mlp, vocabulary, context = sizes
    return GPTNeoXConfig(
        num_hidden_layers=layers, hidden_size=d_model, num_attention_heads=heads,
        intermediate_size=d_mlp, vocab_size=vocabulary, max_position_embeddings=context,
        rotary_pct=args.rotary_pct, rotary_emb_base=10000, hidden_act="gelu", layer_norm_eps=1e-5,
        use_parallel_residual=not args.sequential, tie_word_embeddings=args.tied,
        attention_bias=not args.no_attention_bias, bos_token_id=0, eos_token_id=0)


def draw(model, config, seed):
    """Fills every parameter, each from its own stream, so that one shape does not shift another."""
    d_model, layers = config.hidden_size, config.num_hidden_layers
    d_head = d_model // config.num_attention_heads
    spread = {  # of a weight's elements; its input has about unit variance per dimension
        "embed_in": 1.0,
        "embed_out": 2.0 / math.sqrt(d_model),
        # Scores q·k/√d_head vary by about 1.5.
        "query_key_value": math.sqrt(1.5) / math.sqrt(d_model),
        "attention.dense": 1.5 / math.sqrt(d_model),
        "dense_h_to_4h": 1.5 / math.sqrt(d_model),
        "dense_4h_to_h": 1.5 / math.sqrt(config.intermediate_size),
    }
    if config.tie_word_embeddings:
        spread["embed_in"] = spread["embed_out"]
    with torch.no_grad():
        for index, (name, parameter) in enumerate(sorted(model.named_parameters())):
            noise = torch.randn(
                parameter.shape, generator=torch.Generator().manual_seed(seed * 100_003 + index))
            if "norm" in name:
                value = 1 + 0.3 * noise if name.endswith("weight") else 0.2 * noise
            elif name.endswith("bias"):
                value = 0.3 * noise
            else:
                value = noise * next(s for part, s in spread.items() if part in name)
            parameter.copy_(value)


def rewrite_rotary_fields(path, config, form):
    with open(path) as file:
        fields = json.load(file)
    for key in ["rotary_pct", "rotary_emb_base", "partial_rotary_factor", "rope_theta", "rope_scaling",
                "rope_parameters"]:
        fields.pop(key, None)
    pct, base = float(config.rotary_pct), 10000
    if form == "4":
        fields |= {"rotary_pct": pct, "rotary_emb_base": base}
    else:
        fields["rope_parameters"] = {
            "partial_rotary_factor": pct, "rope_theta": base, "rope_type": "default"}
    with open(path, "w") as file:
        json.dump(fields, file, indent=2, sort_keys=True)
        file.write("\n")


def main():
    args = arguments()
    config = configuration(args)
    model = GPTNeoXForCausalLM(config)
    draw(model, config, args.seed)
    model.to(DTYPES[args.dtype]).save_pretrained(args.out, max_shard_size=args.shards or "100GB")
    os.remove(os.path.join(args.out, "generation_config.json"))
    if args.form:
        rewrite_rotary_fields(os.path.join(args.out, "config.json"), config, args.form)
    if args.prefixless:
        path = os.path.join(args.out, "model.safetensors")
        save_file(
            {name.removeprefix("gpt_neox."): value for name, value in load_file(path).items()},
            path, metadata={"format": "pt"})
    if args.tokenizer:
        shutil.copyfile(args.tokenizer, os.path.join(args.out, "tokenizer.json"))


main()
