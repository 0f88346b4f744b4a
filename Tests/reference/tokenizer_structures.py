"""Small tokenizers of every structure that open models have, and random ones of all parts.

Shared by tokenizer_goldens.py and tokenizer_compare.py. Vocabularies are trained on the corpora that
the program carries; the structures are those of the real files.
"""

import json
import random
from functools import cache

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
BLOOM = r" ?[^(\s|[.,!?…。，、।۔،])]+"
O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CL100K = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]"
    r"|\s+(?!\S)|\s"
).replace("{1,3}+", "{1,3}")
DEEPSEEK = (
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"
    r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CJK = r"[一-龥\u3040-ゟ゠-ヿ]+"
KIMI = (
    r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+"
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
THOUSANDS = r"\p{N}{1,3}(?=(?:\p{N}{3})*(?:\P{N}|$))"
BYTES = [f"<0x{b:02X}>" for b in range(256)]


@cache
def byte_model(texts, size=512):
    """Byte-level BPE."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train(list(texts), trainer)
    return json.loads(tokenizer.to_str())["model"]


@cache
def piece_model(texts, size=400):
    """BPE on characters, spaces as ▁, the first tokens as in Llama."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.train(list(texts), trainers.BpeTrainer(vocab_size=size, show_progress=False))
    model = json.loads(tokenizer.to_str())["model"]
    texts = ["<unk>", "<s>", "</s>"] + BYTES + list(model["vocab"]) + ["▁▁", "▁▁▁▁", "\n\n"]
    vocab = {t: i for i, t in enumerate(dict.fromkeys(texts))}
    merges = [["▁", "▁"], ["▁▁", "▁▁"]] + model["merges"]
    return model | {
        "vocab": vocab, "merges": merges, "unk_token": "<unk>", "fuse_unk": True, "byte_fallback": True,
    }  # fmt: skip


@cache
def affix_model(texts, size=400):
    """BPE with ## in front of what continues a word and </w> behind its end."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    trainer = trainers.BpeTrainer(
        vocab_size=size, show_progress=False, special_tokens=["<unk>"],
        continuing_subword_prefix="##", end_of_word_suffix="</w>",
    )  # fmt: skip
    tokenizer.train(list(texts), trainer)
    return json.loads(tokenizer.to_str())["model"]


@cache
def unigram_model(texts, size=400):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=size, show_progress=False, special_tokens=["<unk>", "</s>"], unk_token="<unk>"
    )
    tokenizer.train(list(texts), trainer)
    return json.loads(tokenizer.to_str())["model"]


def level(prefix=False, trim=True, regex=True):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": trim, "use_regex": regex}


def split(pattern, behavior="Isolated", invert=False, kind="Regex"):
    return {"type": "Split", "pattern": {kind: pattern}, "behavior": behavior, "invert": invert}


def replace(old, new, kind="String"):
    return {"type": "Replace", "pattern": {kind: old}, "content": new}


def sequence(kind, *parts):
    return {"type": "Sequence", kind: list(parts)}


def template(token, token_id):
    text = {"Sequence": {"id": "A", "type_id": 0}}
    special = {"SpecialToken": {"id": token, "type_id": 0}}
    return {
        "type": "TemplateProcessing", "single": [special, text],
        "pair": [special, text, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {token: {"id": token, "ids": [token_id], "tokens": [token]}},
    }  # fmt: skip


def metaspace(scheme, splits):
    return {"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": splits}


def tokenizer(model, added, normalizer=None, pre=None, post=None, decoder=None):
    """`added`: (content, flags) in order; ids go on behind the model's vocabulary."""
    vocab = model["vocab"]
    ids = dict(vocab) if isinstance(vocab, dict) else {t: i for i, (t, _) in enumerate(vocab)}
    plain = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=False)
    tokens = []
    for content, flags in added:
        tokens.append({"id": ids.setdefault(content, len(ids)), "content": content} | plain | flags)
    if post == "template":
        post = template(added[0][0], ids[added[0][0]])
    elif post == "level+template":
        post = sequence("processors", level(trim=True), template(added[0][0], ids[added[0][0]]))
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": tokens,
        "normalizer": normalizer, "pre_tokenizer": pre, "post_processor": post, "decoder": decoder,
        "model": model,
    }  # fmt: skip


SPECIAL = {"special": True}
END = [("<|endoftext|>", SPECIAL)]
LLAMA = [("<s>", SPECIAL), ("<unk>", SPECIAL), ("</s>", SPECIAL)]
SPACES = sequence(
    "decoders", replace("▁", " "), {"type": "ByteFallback"}, {"type": "Fuse"},
    {"type": "Strip", "content": " ", "start": 1, "stop": 0},
)  # fmt: skip


def structures(texts):
    """Tokenizer by name; `texts` are paths of training texts."""
    texts = tuple(map(str, texts))
    byte, piece, affix, unigram = (
        m(texts) for m in (byte_model, piece_model, affix_model, unigram_model)
    )
    joined = sequence("normalizers", {"type": "Prepend", "prepend": "▁"}, replace(" ", "▁"))
    whole = dict(unigram, vocab=unigram["vocab"] + [[b, -20.0] for b in BYTES], byte_fallback=True)
    llama3 = byte | {"ignore_merges": True, "vocab": byte["vocab"] | {"ĠMaison": 512, "unfair": 513}}
    regex = lambda *patterns: sequence("pretokenizers", *map(split, patterns), level(regex=False))
    made = {
        "gpt2": tokenizer(byte, END, pre=level(), post=level(True, False), decoder=level()),
        "phi": tokenizer(
            byte, END + [(" " * n, {"normalized": True}) for n in range(31, 1, -1)]
            + [("\t" * n, {"normalized": True}) for n in range(9, 1, -1)],
            pre=level(), post=level(True, False), decoder=level(),
        ),
        "gptj": tokenizer(
            byte, END + [(f"<|extratoken_{n}|>", {"normalized": True}) for n in range(1, 6)],
            pre=level(), post=level(), decoder=level(),
        ),
        "opt": tokenizer(
            byte, [(t, {"normalized": True, "special": True}) for t in ("</s>", "<pad>", "<unk>")],
            pre=level(), post="template", decoder=level(),
        ),
        "llama2": tokenizer(piece, LLAMA, joined, None, "template", SPACES),
        "phi3": tokenizer(
            piece, LLAMA + [(t, {"rstrip": True, "special": True}) for t in ("<|user|>", "<|end|>", "[R]")],
            joined, None, "template", SPACES,
        ),
        "mistral": tokenizer(piece, LLAMA, None, metaspace("first", False), "template", SPACES),
        "gemma": tokenizer(
            piece, LLAMA + [("\n" * n, {}) for n in range(1, 5)] + [("▁" * n, {}) for n in range(2, 5)],
            replace(" ", "▁"), split(" ", "MergedWithPrevious", kind="String"), "template",
            sequence("decoders", replace("▁", " "), {"type": "ByteFallback"}, {"type": "Fuse"}),
        ),
        "llama3": tokenizer(
            llama3, [("<|begin_of_text|>", SPECIAL), ("<|eot_id|>", SPECIAL)], None, regex(LLAMA3),
            "level+template", level(),
        ),
        "qwen2": tokenizer(
            byte, END + [("<|im_start|>", SPECIAL)], {"type": "NFC"}, regex(QWEN2), level(trim=False), level()
        ),
        "smollm2": tokenizer(
            byte, END, None,
            sequence("pretokenizers", {"type": "Digits", "individual_digits": True}, level()), None, level(),
        ),
        "bloom": tokenizer(
            byte, [(t, SPECIAL) for t in ("<unk>", "<s>", "</s>", "<pad>")], None, regex(BLOOM), level(), level()
        ),
        "falcon": tokenizer(
            byte, [(">>TITLE<<", SPECIAL)] + END, None,
            sequence(
                "pretokenizers", {"type": "Punctuation", "behavior": "Contiguous"}, level(),
                {"type": "Digits", "individual_digits": False}, split("[0-9][0-9][0-9]"),
            ),
            level(), level(),
        ),
        "o200k": tokenizer(byte, END, None, regex(O200K), level(), level()),
        "cl100k": tokenizer(byte, END, None, regex(CL100K), level(), level()),
        "deepseek": tokenizer(
            byte, END, sequence("normalizers"), regex(r"\p{N}{1,3}", CJK, DEEPSEEK), level(), level()
        ),
        "kimi": tokenizer(byte, END, None, regex(KIMI), level(), level()),
        "thousands": tokenizer(byte, END, None, regex(THOUSANDS, O200K), level(), level()),
        "affix": tokenizer(
            affix, [("<unk>", SPECIAL), ("[B]", {"lstrip": True, "rstrip": True})],
            sequence("normalizers", *[{"type": t} for t in ("NFD", "Lowercase", "StripAccents")]),
            {"type": "BertPreTokenizer"},
            {"type": "RobertaProcessing", "sep": ["<unk>", 0], "cls": ["<unk>", 0], "trim_offsets": True,
             "add_prefix_space": False},
            {"type": "BPEDecoder", "suffix": "</w>"},
        ),
        "unigram": tokenizer(
            unigram, [("<unk>", SPECIAL), ("</s>", SPECIAL)],
            sequence("normalizers", {"type": "NFKC"}, replace(" {2,}", " ", "Regex"),
                     {"type": "Strip", "strip_left": False, "strip_right": True}),
            metaspace("always", True), "template", metaspace("always", True),
        ),
        "unigram-bytes": tokenizer(
            whole, [("<unk>", SPECIAL)], {"type": "NFKD"},
            sequence("pretokenizers", {"type": "WhitespaceSplit"}, metaspace("always", True)), None,
            sequence("decoders", {"type": "ByteFallback"}, metaspace("always", True)),
        ),
    }  # fmt: skip
    return made


# MARK: random ones

NORMALIZERS = [
    {"type": "NFC"}, {"type": "NFD"}, {"type": "NFKC"}, {"type": "NFKD"}, {"type": "Lowercase"}, {"type": "StripAccents"},
    {"type": "Strip", "strip_left": True, "strip_right": True}, {"type": "Strip", "strip_left": True, "strip_right": False},
    {"type": "Prepend", "prepend": "▁"}, {"type": "Prepend", "prepend": "ab"}, {"type": "ByteLevel"},
    replace(" ", "▁"), replace("e", "é"), replace(r"\s+", " ", "Regex"), replace(r"(?<=\S)[aeiou]", "", "Regex"),
    replace("[0-9]+", "#1", "Regex"), replace(r"^\s*", "", "Regex"), replace(r"\bla\b|le", "the", "Regex"),
    replace("ss", "ß"),
]  # fmt: skip
PATTERNS = [
    LLAMA3, QWEN2, BLOOM, O200K, CL100K, DEEPSEEK, CJK, KIMI, THOUSANDS, r"\p{N}{2,}?", r"\w+|\W", r".", r"\d+(?:[.,]\d+)*",
    r"\S+?", r"[^\p{L}]", r"\b", r"(?i:the|DE|k)s?", r"[a-m&&[^e]]+", r"\s*\n|\h{2,3}", r"(?:ab|a|b)+c?", r"'(?:s|t)|\p{Lu}",
    r"(?<!\p{L})\p{L}{1,2}(?!\p{L})", r"^.|.$", r"[\x{41}-\u005a\p{Greek}]+", r"a*b|a", r"(?=a*b)a|.", r"\s+$|^\s+",
]  # fmt: skip
BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]


def random_pre_tokenizer(source):
    kind = source.randrange(10)
    if kind < 4:
        return split(source.choice(PATTERNS), source.choice(BEHAVIORS), source.random() < 0.3)
    if kind == 4:
        return split(source.choice([" ", "e", "▁", "ab"]), source.choice(BEHAVIORS), source.random() < 0.3, "String")
    if kind == 5:
        return {"type": "Digits", "individual_digits": source.random() < 0.5}
    if kind == 6:
        return {"type": "Punctuation", "behavior": source.choice(BEHAVIORS)}
    if kind == 7:
        return {"type": source.choice(["Whitespace", "WhitespaceSplit", "BertPreTokenizer"])}
    if kind == 8:
        return metaspace(source.choice(["first", "never", "always"]), source.random() < 0.5)
    return level(source.random() < 0.5, True, source.random() < 0.5)


def random_structure(seed, texts):
    """A tokenizer of parts drawn at random; the same for the same seed."""
    source = random.Random(f"structure {seed}")
    texts = tuple(map(str, texts))
    chance = lambda share: source.random() < share
    kind = source.randrange(4)
    if kind == 0:
        model = byte_model(texts) | {"ignore_merges": chance(0.3)}
    elif kind == 1:
        model = dict(piece_model(texts))
        bytes_kept = source.choice([256, 256, 200, 0])
        drop = set(BYTES[bytes_kept:])
        names = [t for t in model["vocab"] if t not in drop]
        model |= {
            "vocab": {t: i for i, t in enumerate(names)}, "byte_fallback": chance(0.7), "fuse_unk": chance(0.5),
            "unk_token": source.choice(["<unk>", None]), "ignore_merges": chance(0.2),
        }  # fmt: skip
    elif kind == 2:
        model = affix_model(texts) | {"fuse_unk": chance(0.5), "unk_token": source.choice(["<unk>", None])}
    else:
        model = dict(unigram_model(texts))
        if chance(0.5):
            model |= {"vocab": model["vocab"] + [[b, -20.0] for b in BYTES[source.choice([0, 0, 60]) :]]}
            model |= {"byte_fallback": chance(0.8)}
    added = [("<unk>", SPECIAL), ("<|endoftext|>", SPECIAL)]
    for content in ["[L]", "[R]", "[B]", "<mask>", "word", "e\u0301clair", "abc", "\t\t", "  ", "Ġ", "▁", "la", "\u212b"]:
        if chance(0.3):
            flags = {f: chance(0.3) for f in ("single_word", "lstrip", "rstrip", "special")}
            if not content.strip():
                flags["rstrip"] = False
            added.append((content, flags | {"normalized": chance(0.5)}))
    draw = lambda make, most: [make(source) for _ in range(source.randint(1, most))]
    normalizer = sequence("normalizers", *draw(lambda s: s.choice(NORMALIZERS), 3)) if chance(0.6) else None
    pre = sequence("pretokenizers", *draw(random_pre_tokenizer, 3)) if chance(0.8) else None
    if kind == 0 and chance(0.7):
        pre = sequence("pretokenizers", *([pre] if pre else []), level(chance(0.5), True, chance(0.5)))
    post = source.choice([None, level(chance(0.5), chance(0.7))])
    decoder = source.choice([None, level(), SPACES, metaspace("always", True)])
    return tokenizer(model, added, normalizer, pre, post, decoder)
