"""Compares this package's tokenizer with tokenizers 0.21.4 over random strings, ids and offsets.

Writes tokenizers, strings and expected tokens to a temporary folder and runs the test that reads
it (`ComparisonTests`); its output states the number of differences. Tokenizers: the demo model's,
the small ones of Tests/TokenizationTests/Goldens (one for each structure that open models have),
those of ../shared where they are, and with --random as many of parts drawn at random.

    python Tests/reference/tokenizer_compare.py [strings] [--random N] [--only NAME …] [--seed N]
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile

import tokenizers
from tokenizers import Tokenizer
from tokenizer_goldens import CORPORA, DEMO, GOLDENS, ROOT, lines
from tokenizer_strings import case, strings
from tokenizer_structures import random_structure

assert tokenizers.__version__ == "0.21.4"
SHARED = ROOT.parent / "shared"


def every_character():
    """Each character between a letter and a digit, 32 to a string."""
    characters = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    for k in range(0, len(characters), 32):
        yield "".join(f"a{c}1 {c}" for c in characters[k : k + 32])


def slices(source, count):
    """Stretches of real text in the 21 languages of Europarl."""
    texts = [p.read_text() for p in sorted((SHARED / "data/languages").glob("*.txt"))]
    for _ in range(count if texts else 0):
        text = source.choice(texts)
        start = source.randrange(len(text))
        yield text[start : start + source.randint(1, 300)]


def tokenizers_of(options, folder):
    """Path of a tokenizer.json by name."""
    found = {path.name.split(".")[0]: path for path in GOLDENS.glob("*.tokenizer.json")}
    found["demo"] = DEMO
    for path in sorted((SHARED / "families").glob("**/tokenizer.json")):
        found[f"shared-{path.parent.name}"] = path
    if (SHARED / "data/neox").exists():
        found["neox"] = SHARED / "data/neox/tokenizer.json"
    if options.only:
        found = {name: found[name] for name in options.only}
    for seed in range(options.random):
        path = pathlib.Path(folder) / f"random-{seed}.json"
        texts = [CORPORA / f"{n}.txt" for n in ("fr", "de", "en")]
        path.write_text(json.dumps(random_structure(f"{options.seed} {seed}", texts)))
        found[f"random-{seed}"] = path
    return found


def expected(tokenizer, texts):
    """The library panics on some texts with some parts (a single_word token that follows a character
    which a step put in front): those are left out."""
    for text in texts:
        try:
            yield case(tokenizer, text)
        except BaseException as fault:
            if isinstance(fault, KeyboardInterrupt):
                raise


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("strings", nargs="?", type=int, default=100_000)
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--seed", default="compare")
    options = parser.parse_args()
    source = random.Random(options.seed)
    texts = strings(options.seed, options.strings) + list(slices(source, options.strings // 20))
    texts += every_character() if options.strings >= 10_000 else []
    with tempfile.TemporaryDirectory() as folder:
        sources = tokenizers_of(options, folder)
        for name, path in sources.items():
            tokenizer = Tokenizer.from_file(str(path))
            # Of the random ones there are many: each gets its share of the strings.
            own = strings(name, max(100, options.strings // 100)) if path.parent.name == pathlib.Path(folder).name else texts
            cases = list(expected(tokenizer, own))
            shutil.copy(path, f"{folder}/{name}.tokenizer.json")
            pathlib.Path(f"{folder}/{name}.cases.json").write_text(lines(cases))
        print(f"{len(texts)} strings for each of {', '.join(sources)}", flush=True)
        subprocess.run(
            ["swift", "test", "-c", "release", "--disable-testable-imports", "--package-path", str(ROOT),
             "--filter", "TokenizationTests.ComparisonTests"],
            env=os.environ | {"REPORTGEN_TOKENIZER_CASES": folder}, check=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()
