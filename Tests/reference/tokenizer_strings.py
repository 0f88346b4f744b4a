"""Seeded strings that tokenizers get wrong: shared by tokenizer_goldens.py and tokenizer_compare.py."""

import random
import unicodedata

ASSIGNED = [c for c in range(0x30000) if unicodedata.category(chr(c)) not in ("Cn", "Cs", "Co")]
MARKS = [chr(c) for c in ASSIGNED if unicodedata.combining(chr(c))]
DECOMPOSED = [
    chr(c)
    for c in ASSIGNED
    if unicodedata.decomposition(chr(c)) and not unicodedata.decomposition(chr(c)).startswith("<")
]
SPACES = "\t\n\v\f\r \x1c\x1f\x85\xa0\u1680\u180e\u2000\u2003\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
CONTRACTIONS = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'", "''", "'r", "'l", "’s"]
LOOKALIKES = [
    "<|endoftext|>", "<|padding|>", "<|endoftext|", "|endoftext|>", "<|", "|>", "<|endoftext|><|endoftext|>",
    "<|ENDOFTEXT|>", "<mask>", "[L]", "[R]", "[B]", "word", "e\u0301clair", "éclair", "abc", "bcd", "abcd", "Ġ",
    "\t\t", "naïve", "nai\u0308ve", "\u212b", "A\u030a", "Å",
]  # fmt: skip
EMOJI = ["😀", "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇫🇷", "1️⃣", "❤️", "\U0001fae8", "\U0001f9d1‍🚀"]
WORDS = "le la maison était œuvre déjà où the and house I'm don't we'll naïve Straße über año mañana Привет мир άλφα".split()
# Letters and digits newer than one engine or another: Unicode 14 to 17.
NEW = "\u1c89\ua7cb\ua7da\U000105c0\U00010d40\U00011f04\U0001e4d0\U0001e4f5\U00031350\U0002ebf0\U0001ccf3\U00016d40\U000323b0\ua7ce\U00011938\u08cf\u1ace\U0001e08f\u0cf3"


def chunk(random):
    def characters(pool, most):
        return "".join(random.choice(pool) for _ in range(random.randint(1, most)))

    kind = random.randrange(22)
    if kind < 4:
        return random.choice(WORDS) + random.choice(["", " ", " ", ", ", ". ", "\n"])
    if kind == 4:
        return "".join(chr(random.choice(ASSIGNED)) for _ in range(random.randint(1, 4)))
    if kind == 5:
        c = random.randrange(0x110000)
        return chr(c) if not 0xD800 <= c < 0xE000 else "\ufffd"
    if kind == 6:
        start = random.choice(ASSIGNED)
        return "".join(
            chr(c) for c in (start + random.randrange(32) for _ in range(random.randint(2, 8)))
            if not 0xD800 <= c < 0xE000
        )  # fmt: skip
    if kind == 7:
        return " " * random.randint(1, 30)
    if kind == 8:
        return characters(SPACES, 5)
    if kind == 9:
        return random.choice("aeouAEOαυ아가하한กदক\u0f40") + characters(MARKS, 6)
    if kind == 10:
        return characters(DECOMPOSED, 3) + characters(MARKS, 3)
    if kind == 11:
        return unicodedata.normalize("NFD", "".join(random.choice(DECOMPOSED) for _ in range(3)))
    if kind == 12:
        return "".join(chr(random.randrange(0x1100, 0x11FF)) for _ in range(random.randint(1, 5)))
    if kind == 13:
        return unicodedata.normalize("NFD", chr(random.randrange(0xAC00, 0xD7A4))) + random.choice("\u11a7\u11a8\u1161가")
    if kind == 14:
        return characters(EMOJI, 2)
    if kind == 15:
        return "".join(chr(random.randrange(0x20)) for _ in range(random.randint(1, 3))) + "\x7f"
    if kind in (16, 17):
        return random.choice(LOOKALIKES) + random.choice(["", " ", "x", "  ", "\u0301", "\u3000"])
    if kind == 18:
        return random.choice(WORDS) + random.choice(CONTRACTIONS) + random.choice(["", "x", " "])
    if kind == 19:
        return characters("0123456789٣९Ⅷ½²一", 6)
    if kind == 20:
        return characters("!?.,;:-–—…«»\"“”()[]{}<>|/\\@#$%^&*_+=~`€£", 5)
    return characters(NEW, 2)


def strings(seed, count, longest=8):
    source = random.Random(seed)
    return [
        "".join(chunk(source) for _ in range(source.randint(0, longest))) for _ in range(count)
    ]


def case(tokenizer, text):
    """[text, ids, offsets]: offsets in bytes, since Python's are in characters."""
    found = tokenizer.encode(text, add_special_tokens=False)
    at = [0]
    for character in text:
        at.append(at[-1] + len(character.encode()))
    offsets = " ".join(f"{at[a]} {at[b]}" for a, b in found.offsets)
    return [text, " ".join(map(str, found.ids)), offsets]
