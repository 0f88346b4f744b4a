"""Times a loss with and without one neuron on a GPT-NeoX or Llama model, two ways, beside which reportgen's own can be put.

    goldens_speed.py MODEL_DIR CORPUS [--tokenizer FILE] [--documents N] [--way lens|torch|both] [--threads N]

MODEL_DIR is made when it does not exist: Pythia-70m's shape (d_model 512, 6 layers, 8 heads, d_mlp 2048, context 2048, 50,304 rows),
random F16 weights, FILE as its tokenizer.json. CORPUS is .json or .txt. The ways, both float32 on the same processed weights:
  lens   the notebook's: TransformerLens, batches of 32 padded in corpus order, every logit of a batch at once
  torch  what a careful PyTorch script does: scaled_dot_product_attention, batches of about --batch-tokens sorted by length, one
         product for Q, K and V, pads left out of the loss, the loss in chunks of rows
Each makes two full passes, clean and ablated. Printed: seconds per document, real tokens per second of one pass, mean loss over real
tokens (the two ways must agree), peak memory of the process so far (run one way at a time to compare it). Tokenising and loading
are not timed. Versions: see requirements.txt.
"""
import argparse
import json
import resource
import shutil
import time
from pathlib import Path

import safetensors.torch
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

import goldens_lens
from goldens_models import BASE, random_tensors
from goldens_study import documents

PYTHIA_70M = BASE | {
    "hidden_size": 512, "intermediate_size": 2048, "max_position_embeddings": 2048, "num_attention_heads": 8,
    "num_hidden_layers": 6, "torch_dtype": "float16", "vocab_size": 50304}
LAYER, NEURON, VALUE = 3, 609, -0.05


def make_model(folder, tokenizer):
    folder.mkdir(parents=True)
    tensors = random_tensors(PYTHIA_70M, torch.Generator().manual_seed(0))
    safetensors.torch.save_file({n: t.half() for n, t in tensors.items()}, folder / "model.safetensors", {"format": "pt"})
    (folder / "config.json").write_text(json.dumps(PYTHIA_70M, indent=2) + "\n")
    shutil.copy(tokenizer, folder / "tokenizer.json")


def padded(rows):
    """Token ids right-padded with 0, and which targets are real."""
    ids = torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True)
    return ids, torch.arange(1, ids.shape[1]) < torch.tensor([[len(row)] for row in rows])


class Lens:
    """The notebook's get_ablated_performance."""

    def __init__(self, model):
        self.model = model

    def batches(self, rows, _):
        return (padded(rows[i:i + 32]) for i in range(0, len(rows), 32))

    def loss(self, ids, real, ablate):
        def set_neuron(value, hook):
            value[:, :, NEURON] = VALUE
            return value

        hooks = [(f"blocks.{LAYER}.mlp.hook_post", set_neuron)] if ablate else []
        losses = self.model.run_with_hooks(ids, return_type="loss", loss_per_token=True, fwd_hooks=hooks)
        return losses[real].sum().item()


class Torch:
    """A forward pass written for speed, on TransformerLens's processed weights: GPT-NeoX's parallel blocks with layer norm, or Llama's
    sequential ones with RMS norm, grouped heads and a gated MLP, whose two input maps are one product."""

    def __init__(self, model):
        cfg, self.cfg = model.cfg, model.cfg
        self.embed, self.unembed, self.b_U = model.W_E, model.W_U.T.contiguous(), model.b_U
        self.groups = cfg.n_key_value_heads or cfg.n_heads
        self.layers = []
        for block in model.blocks:
            a, m = block.attn, block.mlp
            grouped = self.groups != cfg.n_heads
            maps = (a.W_Q, a._W_K, a._W_V) if grouped else (a.W_Q, a.W_K, a.W_V)
            biases = (a.b_Q, a._b_K, a._b_V) if grouped else (a.b_Q, a.b_K, a.b_V)
            qkv = torch.cat([w.permute(0, 2, 1).reshape(-1, cfg.d_model) for w in maps])
            bias = torch.cat([b.flatten() for b in biases])
            inputs = torch.cat([m.W_gate.T, m.W_in.T]) if cfg.gated_mlp else m.W_in.T
            self.layers.append((qkv, bias, a.W_O.reshape(-1, cfg.d_model).T.contiguous(), a.b_O,
                                inputs.contiguous(), None if cfg.gated_mlp else m.b_in, m.W_out.T.contiguous(), m.b_out))
        half = cfg.rotary_dim // 2
        angles = torch.outer(torch.arange(cfg.n_ctx), cfg.rotary_base ** (-torch.arange(half) / half))
        self.cos, self.sin = angles.cos(), angles.sin()

    def batches(self, rows, budget):
        rows, batch = sorted(rows, key=len), []
        for row in rows:
            if batch and (len(batch) + 1) * len(row) > budget:
                yield padded(batch)
                batch = []
            batch.append(row)
        yield padded(batch)

    def rotate(self, x):
        T, half = x.shape[2], self.cfg.rotary_dim // 2
        a, b, rest = x[..., :half], x[..., half:2 * half], x[..., 2 * half:]
        cos, sin = self.cos[:T], self.sin[:T]
        return torch.cat([a * cos - b * sin, b * cos + a * sin, rest], -1)

    def norm(self, x):
        d = (self.cfg.d_model,)
        return F.rms_norm(x, d, eps=self.cfg.eps) if self.cfg.normalization_type.startswith("RMS") else F.layer_norm(x, d, eps=self.cfg.eps)

    def attention(self, normal, qkv, bias, W_O, b_O):
        cfg, (B, T, _) = self.cfg, normal.shape
        heads = F.linear(normal, qkv, bias).view(B, T, -1, cfg.d_head).transpose(1, 2)
        q, k, v = heads.split([cfg.n_heads, self.groups, self.groups], 1)
        z = F.scaled_dot_product_attention(self.rotate(q), self.rotate(k), v, is_causal=True, enable_gqa=self.groups != cfg.n_heads)
        return F.linear(z.transpose(1, 2).reshape(B, T, -1), W_O, b_O)

    def loss(self, ids, real, ablate):
        cfg = self.cfg
        x = self.embed[ids]
        for i, (qkv, b_qkv, W_O, b_O, W_in, b_in, W_out, b_out) in enumerate(self.layers):
            normal = self.norm(x)
            attended = self.attention(normal, qkv, b_qkv, W_O, b_O)
            if not cfg.parallel_attn_mlp:
                x = x + attended
                normal = self.norm(x)
            post = F.linear(normal, W_in, b_in)
            if cfg.gated_mlp:
                gate, linear = post.chunk(2, -1)
                post = F.silu(gate) * linear
            else:
                post = F.gelu(post)
            if ablate and i == LAYER:
                post[:, :, NEURON] = VALUE
            x = x + F.linear(post, W_out, b_out)
            if cfg.parallel_attn_mlp:
                x = x + attended
        normal, targets = self.norm(x[:, :-1][real]), ids[:, 1:][real]
        return sum(
            F.cross_entropy(F.linear(n, self.unembed, self.b_U), t, reduction="sum").item()
            for n, t in zip(normal.split(512), targets.split(512)))


def measure(name, way, rows, budget):
    way.loss(*padded([rows[0][:8]]), ablate=False)  # warms up
    start = time.perf_counter()
    sums = torch.zeros(2, dtype=torch.float64)
    for ids, real in way.batches(rows, budget):
        sums += torch.tensor([way.loss(ids, real, ablate) for ablate in (False, True)])
    seconds, tokens = time.perf_counter() - start, sum(len(row) - 1 for row in rows)
    clean, ablated = (sums / tokens).tolist()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: {seconds / len(rows):.3f} s/document, {2 * tokens / seconds:.0f} tokens/s, {len(rows)} documents,"
          f" {tokens} tokens, loss {clean:.6f} -> {ablated:.6f}, peak {peak:.0f} MiB, {torch.get_num_threads()} threads", flush=True)


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("model", type=Path)
    p.add_argument("corpus")
    p.add_argument("--tokenizer", help="tokenizer.json for a model that is made")
    p.add_argument("--documents", type=int, default=32)
    p.add_argument("--batch-tokens", type=int, default=4096)
    p.add_argument("--way", choices=("lens", "torch", "both"), default="both")
    p.add_argument("--threads", type=int)
    a = p.parse_args()
    if a.threads:
        torch.set_num_threads(a.threads)
    if not a.model.exists():
        if not a.tokenizer:
            p.error(f"{a.model} does not exist, and --tokenizer is needed to make it")
        make_model(a.model, a.tokenizer)
    model = goldens_lens.load(a.model)
    tokenizer = Tokenizer.from_file(str(a.model / "tokenizer.json"))
    encode, texts = tokenizer.encode, documents(a.corpus)[:a.documents]
    special = a.model / "tokenizer_config.json"
    bos = tokenizer.token_to_id(json.loads(special.read_text())["bos_token"]) if special.exists() else 0
    rows = [[bos, *encode(text, add_special_tokens=False).ids][:model.cfg.n_ctx] for text in texts]
    for name, way in (("lens", Lens), ("torch", Torch)):
        if a.way in (name, "both"):
            measure(name, way(model), rows, a.batch_tokens)
