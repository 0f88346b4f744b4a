"""Compares this package's tokenizer with tokenizers 0.21.4 over random strings, ids and offsets.

Writes tokenizers, strings and expected tokens to a temporary folder and runs the test that reads
it (`ComparisonTests`); its output states the number of differences. Tokenizers: the demo model's,
the small ones of Tests/TokenizationTests/Goldens and GPT-NeoX's where ../shared/data has it.

    python Tests/reference/tokenizer_compare.py [strings] [--seed N] [--package-path PATH]
"""

import argparse
import os
import pathlib
import random
import shutil
import subprocess
import tempfile

import tokenizers
from tokenizers import Tokenizer
from tokenizer_goldens import DEMO, GOLDENS, ROOT, lines
from tokenizer_strings import case, strings

assert tokenizers.__version__ == "0.21.4"
SHARED = ROOT.parent / "shared/data"


def every_character():
    """Each character between a letter and a digit, 32 to a string."""
    characters = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    for k in range(0, len(characters), 32):
        yield "".join(f"a{c}1 {c}" for c in characters[k : k + 32])


def slices(source, count):
    """Stretches of real text in the 21 languages of Europarl."""
    texts = [p.read_text() for p in sorted((SHARED / "languages").glob("*.txt"))]
    for _ in range(count if texts else 0):
        text = source.choice(texts)
        start = source.randrange(len(text))
        yield text[start : start + source.randint(1, 300)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("strings", nargs="?", type=int, default=100_000)
    parser.add_argument("--seed", default="compare")
    parser.add_argument("--package-path", default=str(ROOT))
    options = parser.parse_args()
    source = random.Random(options.seed)
    texts = strings(options.seed, options.strings) + list(slices(source, options.strings // 20))
    texts += every_character()
    sources = {path.name.split(".")[0]: path for path in GOLDENS.glob("*.tokenizer.json")}
    sources["demo"] = DEMO
    if (SHARED / "neox").exists():
        sources["neox"] = SHARED / "neox/tokenizer.json"
    with tempfile.TemporaryDirectory() as folder:
        for name, path in sources.items():
            tokenizer = Tokenizer.from_file(str(path))
            shutil.copy(path, f"{folder}/{name}.tokenizer.json")
            cases = (case(tokenizer, text) for text in texts)
            pathlib.Path(f"{folder}/{name}.cases.json").write_text(lines(cases))
        print(f"{len(texts)} strings for each of {', '.join(sources)}", flush=True)
        subprocess.run(
            ["swift", "test", "-c", "release", "--package-path", options.package_path,
             "--filter", "ComparisonTests"],
            env=os.environ | {"REPORTGEN_TOKENIZER_CASES": folder}, check=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()
