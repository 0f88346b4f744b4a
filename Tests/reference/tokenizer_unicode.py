"""Writes UnicodeTables+Data.swift, UnicodeProperties+Data.swift and UnicodeProperties+Mappings.swift in
Sources/Tokenization/Unicode.

The tables are those inside Hugging Face `tokenizers` 0.21.4, found by asking it about every
character: `\\p{L}`, `\\p{N}` and `\\s` of its split (Oniguruma, Unicode 16), `\\w` of its
single-word test (the regex crate, Unicode 16) and NFC (unicode-normalization-alignments, Unicode
9). Python's unicodedata names the candidates for decompositions and combining classes; each is
written only if `tokenizers` agrees, and the script stops where the two differ in any other way
than "not known yet". The second file holds what regular expressions may name (general categories
and scripts, Oniguruma) and what other parts of a tokenizer ask: punctuation (the unicode_categories
crate, Unicode 8), accents, lower case and compatibility decompositions.

    python Tests/reference/tokenizer_unicode.py
"""

import pathlib
import unicodedata

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers

assert tokenizers.__version__ == "0.21.4"
ROOT = pathlib.Path(__file__).parents[2]
CHARACTERS = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
nfc = normalizers.NFC().normalize_str
nfd = normalizers.NFD().normalize_str


def matching(pattern):
    """The characters that one character class of Oniguruma holds."""
    split = pre_tokenizers.Split(Regex(pattern), "removed")
    left = set().union(*(piece for piece, _ in split.pre_tokenize_str("".join(CHARACTERS))))
    return {c for c in CHARACTERS if c not in left}


def word_characters():
    """The characters beside which a single-word token is no word of its own."""
    tokenizer = Tokenizer(models.WordLevel({"x": 0}, unk_token="x"))
    tokenizer.add_tokens([AddedToken("|", single_word=True, normalized=False)])
    wanted, words = tokenizer.token_to_id("|"), set()
    for k in range(0, len(CHARACTERS), 512):
        part = CHARACTERS[k : k + 512]
        found = tokenizer.encode("".join(c + "| " for c in part))
        alone = {o[0] // 3 for o, i in zip(found.offsets, found.ids) if i == wanted}
        words |= {c for j, c in enumerate(part) if j not in alone}
    return words


def runs(values):
    """[value by code point] as (length, value) runs."""
    found = []
    for value in values:
        if found and found[-1][1] == value:
            found[-1][0] += 1
        else:
            found.append([1, value])
    return found


def kinds():
    letters, numbers = matching(r"\p{L}"), matching(r"\p{N}")
    spaces, others, words = matching(r"\s"), matching(r"[^\s\p{L}\p{N}]"), word_characters()
    assert others == set(CHARACTERS) - letters - numbers - spaces
    assert letters <= words and not words & spaces
    kind = {c: "w" if c in words else "o" for c in others}
    kind |= {c: "n" if c in words else "m" for c in numbers}
    kind |= dict.fromkeys(letters, "l") | dict.fromkeys(spaces, "s")
    by_code_point = [kind.get(chr(c), "o") for c in range(0x110000)]
    return "".join(f"{length:x}{value}" for length, value in runs(by_code_point))


def combining_classes():
    """Classes by observed order: c has Python's class, or none where Unicode 9 did not know it."""
    old = unicodedata.ucd_3_2_0
    marks = [c for c in CHARACTERS if old.combining(c) and nfd(c) == c]
    probes = {old.combining(c): c for c in reversed(marks)}
    low, high = probes[1], probes[240]
    classes = {}
    for c in CHARACTERS:
        if nfd(c) != c or nfd("a" + c + low) + nfd("a" + high + c) == "a" + c + low + "a" + high + c:
            continue
        own = unicodedata.combining(c)
        for value, probe in probes.items():
            assert (nfd("a" + c + probe) == "a" + c + probe) == (own <= value), hex(ord(c))
            assert (nfd("a" + probe + c) == "a" + probe + c) == (value <= own), hex(ord(c))
        classes[c] = own
    found = runs([classes.get(chr(c), 0) for c in range(0x110000)])
    return "".join(f"{length:x},{value:x};" for length, value in found)


def decompositions():
    """`gap=first+second;`, `gap=only;`, with `!` at the end of a pair that never recomposes."""
    text, previous = "", 0
    for c in CHARACTERS:
        pair = unicodedata.decomposition(c)
        if not pair or pair.startswith("<"):
            assert nfd(c) == c or 0xAC00 <= ord(c) < 0xAC00 + 11172, hex(ord(c))
            continue
        if nfd(c) == c:
            print(f"U+{ord(c):04X} is not decomposed: it is newer than these tables")
            continue
        assert nfd(c) == unicodedata.normalize("NFD", c), hex(ord(c))
        parts = [chr(int(part, 16)) for part in pair.split()]
        text += f"{ord(c) - previous:x}=" + "+".join(f"{ord(part):x}" for part in parts)
        text += "!" if len(parts) == 2 and nfc("".join(parts)) != c else ";"
        previous = ord(c)
    return text


def literal(name, comment, text):
    lines = [text[k : k + 95] for k in range(0, len(text), 95)]
    body = "\\\n".join("    " + line for line in lines)
    return f'  /// {comment}\n  static let {name}: StaticString = """\n{body}\n    """\n'


def file(name, parts, content="Data"):
    (ROOT / f"Sources/Tokenization/Unicode/{name}+{content}.swift").write_text(
        "// Generated by Tests/reference/tokenizer_unicode.py from tokenizers 0.21.4. Numbers are\n"
        "// hexadecimal; the character after a number says what the number counts.\n\n"
        f"extension {name} {{\n" + "\n".join(parts) + "}\n"
    )


CATEGORIES = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co Cn".split()
SCRIPTS = """Arabic Armenian Bengali Bopomofo Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi
Han Hangul Hebrew Hiragana Kannada Katakana Khmer Lao Latin Malayalam Mongolian Myanmar Oriya Sinhala
Tamil Telugu Thai Tibetan""".split()


def categories():
    """Runs of one general category; the letter is its place in `CATEGORIES`, from `g` on, then `A`."""
    letters = "ghijklmnopqrstuvwxyzABCDEFGHI"
    category = {}
    for letter, name in zip(letters, CATEGORIES, strict=True):
        category |= dict.fromkeys(matching(rf"\p{{{name}}}"), letter)
    assert len(category) == len(CHARACTERS)
    numbers = {c for c in CHARACTERS if category[c] in "opq"}
    assert numbers == matching(r"\p{N}") == digits()
    # Half of a surrogate pair stands in no text: it goes with what surrounds it.
    found = runs([category.get(chr(c), "I") for c in range(0x110000)])
    return "".join(f"{length:x}{letter}" for length, letter in found)


def pieces_of_one(tokenizer):
    """The characters that a pre-tokenizer parts from a letter in front of them."""
    found = set()
    for k in range(0, len(CHARACTERS), 64):
        part = CHARACTERS[k : k + 64]
        pieces = tokenizer.pre_tokenize_str("".join("a" + c for c in part))
        found |= {piece for piece, _ in pieces if len(piece) == 1 and piece != "a"}
    return found


def digits():
    return pieces_of_one(pre_tokenizers.Digits(individual_digits=True))


def members(found):
    """Runs of characters that are no member and that are one, in turn."""
    values = runs([chr(c) in found for c in range(0x110000)])
    start = "" if not values[0][1] else "0,"
    return start + "".join(f"{length:x}," for length, _ in values)


def scripts():
    return "".join(members(matching(rf"\p{{{name}}}")) + ";" for name in SCRIPTS)


def mapping(change):
    """`gap=character+character;` for each character that `change` turns into others."""
    text, previous = "", 0
    for c in CHARACTERS:
        changed = change(c)
        if changed != c:
            text += f"{ord(c) - previous:x}=" + "+".join(f"{ord(part):x}" for part in changed) + ";"
            previous = ord(c)
    return text


def compatible(c):
    """The full compatibility decomposition, where it is not the canonical one."""
    whole = normalizers.NFKD().normalize_str(c)
    return c if whole == nfd(c) else whole


def accents():
    strip = normalizers.StripAccents().normalize_str
    return {c for c in CHARACTERS if not strip(c)}


file("UnicodeTables", [
    literal(
        "kinds", "Runs of code points, each as its length and a letter for its kind; see `UnicodeTables.init`.", kinds()
    ),
    literal("combiningClasses", "Runs of code points, each as its length and its canonical combining class.", combining_classes()),
    literal(
        "decompositions",
        "Canonical decompositions, each after its character's distance from the last one that has one;\n"
        "  /// `!` ends a pair that never recomposes.",
        decompositions(),
    ),
])  # fmt: skip
file("UnicodeProperties", [
    f"  /// The general categories, in the order of their letters in `categories`.\n  static let categoryNames =\n    \"{' '.join(CATEGORIES)}\"\n",
    literal("categories", "Runs of code points, each as its length and the letter of its general category.", categories()),
    f"  /// The scripts, in the order of `scripts`.\n  static let scriptNames = \"\"\"\n    {' '.join(SCRIPTS[:10])} \\\n    {' '.join(SCRIPTS[10:20])} \\\n    {' '.join(SCRIPTS[20:])}\n    \"\"\"\n",
    literal("scripts", "The lengths of runs outside and inside each script, in turn; `;` ends a script.", scripts()),
    literal("words", r"The lengths of runs of characters that `\w` does not match and that it matches, in turn.", members(matching(r"\w"))),
    literal("punctuation", "The lengths of runs of characters that are not and that are punctuation, in turn.", members(pieces_of_one(pre_tokenizers.Punctuation()))),
])  # fmt: skip
file("UnicodeProperties", [
    literal("accents", "The lengths of runs of characters that are not and that are combining marks, in turn.", members(accents())),
    literal(
        "lowerCases", "Lower cases, each after its character's distance from the last one with a lower case.",
        mapping(normalizers.Lowercase().normalize_str),
    ),
    literal(
        "compatibilities",
        "Full compatibility decompositions, each after its character's distance from the last one that\n"
        "  /// has one.",
        mapping(compatible),
    ),
], content="Mappings")  # fmt: skip
