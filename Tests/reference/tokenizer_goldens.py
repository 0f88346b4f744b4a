"""Writes Tests/TokenizationTests/Goldens: small tokenizers, one for each structure of
tokenizer_structures.py among them, and what tokenizers 0.21.4 makes of seeded strings with them and
with the demo model's tokenizer.

    python Tests/reference/tokenizer_goldens.py
"""

import json
import pathlib
import random

import tokenizers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from tokenizer_strings import case, strings
from tokenizer_structures import structures

assert tokenizers.__version__ == "0.21.4"
ROOT = pathlib.Path(__file__).parents[2]
GOLDENS = ROOT / "Tests/TokenizationTests/Goldens"
CORPORA = ROOT / "Sources/CEmbedded/corpora"
DEMO = ROOT / "Sources/CEmbedded/demo/tokenizer.json"
# Bytes that stand in no UTF-8 text; GPT-NeoX has no token for them.
UNUSED = "ÀÁõö÷øùúûüýþÿ"


def trained(size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train([str(CORPORA / f"{name}.txt") for name in ("fr", "de", "en")], trainer)
    return json.loads(tokenizer.to_str())["model"]


def added(contents, vocabulary, **flags):
    """Added tokens with their ids; `vocabulary` takes up those that are new to it."""
    plain = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=False)
    return [
        {"id": vocabulary.setdefault(text, len(vocabulary)), "content": text} | plain | flags
        for text in contents
    ]


def neox_like(model):
    """As GPT-NeoX: NFC, merges as strings, runs of spaces as normalized added tokens."""
    texts = [t for t in model["vocab"] if t not in UNUSED]
    texts = ["<|endoftext|>", "<|padding|>"] + texts
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    ids = {t: i for i, t in enumerate(texts)}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": added(texts[:2], ids, special=True)
        + added([" " * n for n in range(24, 1, -1)], ids, normalized=True),
        "normalizer": {"type": "NFC"}, "pre_tokenizer": level, "post_processor": level,
        "decoder": level,
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "fuse_unk": False,
            "vocab": {t: i for i, t in enumerate(texts)},
            "merges": [" ".join(pair) for pair in model["merges"]],
        },
    }  # fmt: skip


def stripping(model):
    """Every flag of an added token, a prefix space, and words that skip their merges."""
    texts = ["<|endoftext|>"] + list(model["vocab"]) + ["ĠStraÃŁe", "Ġmaison", "un", "Ã©tait"]
    texts = list(dict.fromkeys(texts))
    ids = {t: i for i, t in enumerate(texts)}
    tokens = added(["<|endoftext|>"], ids, special=True)
    for contents, flags in [
        (["[L]"], {"lstrip": True}), (["[R]"], {"rstrip": True, "special": True}),
        (["[B]", "<mask>"], {"lstrip": True, "rstrip": True}), (["word", "mir"], {"single_word": True}),
        (["e\u0301clair", "\u212b", "Ġ"], {"normalized": True}), (["nai\u0308ve"], {}),
        (["ab", "abc", "bcd", "\t\t", "\u3000", " \n"], {"normalized": True}),
        (["house"], {"normalized": True, "lstrip": True, "rstrip": True, "single_word": True}),
        (["\u0301"], {"single_word": True, "normalized": True}), (["  "], {}),
    ]:  # fmt: skip
        tokens += added(contents, ids, **flags)
    level = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": tokens,
        "normalizer": {"type": "NFC"}, "pre_tokenizer": level,
        "post_processor": {"type": "Sequence", "processors": [
            level,
            {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
             "special_tokens": {}},
        ]},
        "decoder": level,
        "model": model | {"vocab": {t: i for i, t in enumerate(texts)}, "ignore_merges": True},
    }  # fmt: skip


def plain(model):
    """No normalizer and no split, as some GPT-2 descendants; the old empty affixes."""
    texts = list(model["vocab"]) + ["<|endoftext|>"]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": added(["<|endoftext|>"], {t: i for i, t in enumerate(texts)}, special=True),
        "normalizer": None, "pre_tokenizer": level, "post_processor": level, "decoder": level,
        "model": model | {
            "vocab": {t: i for i, t in enumerate(texts)},
            "continuing_subword_prefix": "", "end_of_word_suffix": "",
        },
    }  # fmt: skip


def lines(items):
    return "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False) for item in items) + "\n]\n"


def main():
    GOLDENS.mkdir(exist_ok=True)
    model = trained(700)
    made = {"neox-like": neox_like(model), "stripping": stripping(model), "plain": plain(model)}
    counts = {"demo": 1500, "neox-like": 1500, "stripping": 1500, "plain": 300}
    for name, value in structures([CORPORA / f"{n}.txt" for n in ("fr", "de", "en")]).items():
        made[name] = value
        counts[name] = 150
    for name, value in made.items():
        path = GOLDENS / f"{name}.tokenizer.json"
        indent = 0 if counts[name] > 150 else None
        path.write_text(json.dumps(value, ensure_ascii=False, indent=indent) + "\n")
    for name, count in counts.items():
        path = DEMO if name == "demo" else GOLDENS / f"{name}.tokenizer.json"
        tokenizer = Tokenizer.from_file(str(path))
        cases = [case(tokenizer, text) for text in strings(name, count)]
        (GOLDENS / f"{name}.cases.json").write_text(lines(cases))
        # What decode gives for every id, or some, and for a few random rows of ids.
        size = tokenizer.get_vocab_size()
        source = random.Random(name)
        rows = [[i] for i in range(size)] if count > 150 else []
        rows += [[source.randrange(size) for _ in range(8)] for _ in range(300 if rows else 30)]
        decoded = [
            [" ".join(map(str, row)), tokenizer.decode(row, skip_special_tokens=False)]
            for row in rows
        ]
        (GOLDENS / f"{name}.decoded.json").write_text(lines(decoded))


if __name__ == "__main__":
    main()
