"""Widens a Llama's GGUF file into a folder of float32 safetensors, so that a study of the one can be held against the other.

    pip install gguf==0.19.0 && python Tests/reference/gguf_safetensors.py FILE.gguf TOKENIZER_FOLDER OUT [--context N]

transformers 4.53.3 reads and widens the file (`from_pretrained(gguf_file=…)`). TOKENIZER_FOLDER holds tokenizer.json and
tokenizer_config.json, which are copied. --context writes another max_position_embeddings: TransformerLens keeps a mask of its square
for each layer.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
p.add_argument("file", type=Path)
p.add_argument("tokenizer", type=Path)
p.add_argument("out", type=Path)
p.add_argument("--context", type=int)
a = p.parse_args()

model = AutoModelForCausalLM.from_pretrained(a.file.parent, gguf_file=a.file.name, torch_dtype=torch.float32)
model.save_pretrained(a.out)
for name in ("tokenizer.json", "tokenizer_config.json"):
    shutil.copyfile(a.tokenizer / name, a.out / name)
if a.context:
    path = a.out / "config.json"
    config = json.loads(path.read_text())
    path.write_text(json.dumps(config | {"max_position_embeddings": a.context}, indent=2) + "\n")
