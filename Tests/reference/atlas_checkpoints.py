"""Makes Tests/PipelineTests/Checkpoints: four states of one training run, for the atlas over training.

    python3 Tests/reference/atlas_checkpoints.py

Made with PyTorch 2.13.0 and transformers 4.53.3 on Python 3.11, one thread, in about a minute. The model is a GPT-NeoX of two layers of 64
neurons that reads bytes and 255 merges of the demo's tokenizer. It is trained on the demo's corpora in eight languages; each state is
a folder stepN with its weights in binary16.
"""

import json
import pathlib

import torch
from tokenizers import Tokenizer
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

ROOT = pathlib.Path(__file__).parent.parent.parent
OUT = ROOT / "Tests/PipelineTests/Checkpoints"
DEMO = ROOT / "Sources/CEmbedded"
VOCABULARY, WIDTH, SEQUENCE, BATCH, STEPS = 512, 32, 64, 32, [0, 20, 100, 1500]


def tokenizer():
    """The demo's tokenizer with its first tokens: <|endoftext|>, the bytes, and the merges among them."""
    file = json.loads((DEMO / "demo/tokenizer.json").read_text())
    model = file["model"]
    model["vocab"] = {token: number for token, number in model["vocab"].items() if number < VOCABULARY}
    model["merges"] = model["merges"][: VOCABULARY - 257]
    return json.dumps(file, ensure_ascii=False, separators=(",", ":"))


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    text = tokenizer()
    reader = Tokenizer.from_str(text)
    languages = ["de", "en", "es", "fr", "it", "nl", "pt", "sv"]
    lines = [line for name in languages for line in (DEMO / f"corpora/{name}.txt").read_text().splitlines()]
    train = torch.tensor([i for encoding in reader.encode_batch(lines) for i in [0, *encoding.ids]])
    config = GPTNeoXConfig(
        vocab_size=VOCABULARY, hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=2, intermediate_size=2 * WIDTH,
        rotary_pct=0.25, max_position_embeddings=256, use_parallel_residual=True, tie_word_embeddings=False, hidden_act="gelu",
        layer_norm_eps=1e-5, bos_token_id=0, eos_token_id=0)
    model = GPTNeoXForCausalLM(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3, betas=(0.9, 0.95), weight_decay=0.05)
    for step in range(STEPS[-1] + 1):
        if step in STEPS:
            folder = OUT / f"step{step}"
            state = GPTNeoXForCausalLM(config)
            state.load_state_dict(model.state_dict())
            state.half().save_pretrained(folder)
            (folder / "generation_config.json").unlink(missing_ok=True)
            (folder / "tokenizer.json").write_text(text + "\n")
        for group in optimizer.param_groups:
            group["lr"] = 5e-3 * min(1, (step + 1) / 50) * (1 - 0.95 * step / STEPS[-1])
        first = torch.randint(len(train) - SEQUENCE - 1, (BATCH,))
        rows = torch.stack([train[i : i + SEQUENCE + 1] for i in first])
        logits = model(rows[:, :-1]).logits
        loss = torch.nn.functional.cross_entropy(logits.reshape(-1, VOCABULARY), rows[:, 1:].reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 250 == 0:
            print(step, f"{loss.item():.3f}", flush=True)


if __name__ == "__main__":
    main()
