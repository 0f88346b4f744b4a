"""Makes Tests/CorporaTests/Goldens/corpora.json: which documents of a JSON Lines file a study takes.

    python3 Tests/reference/corpus_goldens.py

Made with NumPy 2.4.6 on Python 3.11; nothing here is shared with the program. The file itself stands in the
golden, plain and packed by Python's gzip in two members, so that the Swift tests read the very same bytes.
The sample is Algorithm R (Vitter 1985): the first n documents that match fill it; document i, from 0,
draws j = RandomState(seed).randint(0, i + 1) and replaces document j of the sample where j < n. What is left is
sorted by its place in the file.
"""

import base64
import gzip
import hashlib
import json
import pathlib

import numpy as np

OUT = pathlib.Path(__file__).parent.parent / "CorporaTests/Goldens/corpora.json"


def lines():
    random = np.random.RandomState(7)
    letters = "abcé語𝄞 "
    for i in range(200):
        if i % 57 == 3:
            yield "" if i % 2 else " \t"
            continue
        length = int(random.randint(0, 60))
        text = "".join(letters[j] for j in random.randint(0, len(letters), length))
        lang = ["fr", "en", "de", "FR", None][int(random.randint(0, 5))]
        record = {
            "id": i,
            "meta": {"lang": lang, "score": [0.5, 1, 1.0, 3][int(random.randint(0, 4))]},
            "content.body": text,
            "ok": bool(random.randint(0, 2)),
        }
        if i % 11 == 0:
            record["perplexity"] = float("nan")
        if i % 13 == 0:
            del record["meta"]["score"]
        yield json.dumps(record, ensure_ascii=bool(i % 2))


def field(record, *keys):
    for key in keys:
        if key not in record:
            return None, False
        record = record[key]
    return record, True


def same(a, b):
    """Equal, and of the same type: True is not 1."""
    return isinstance(a, bool) == isinstance(b, bool) and a == b


def taken(all_lines, where, characters, sample, documents):
    read = blank = 0
    matched = []
    for place, line in enumerate(all_lines):
        read += 1
        if not line.strip():
            blank += 1
            continue
        record = json.loads(line)
        fits = True
        for keys, values in where:
            value, there = field(record, *keys)
            fits &= there and any(same(value, wanted) for wanted in values)
        if not fits:
            continue
        text = record["content.body"]
        if text == "":
            blank += 1
            continue
        if characters and not characters[0] <= len(text) <= characters[1]:
            continue
        matched.append((place, text))
    chosen = matched
    if sample:
        random = np.random.RandomState(sample["seed"])
        chosen = []
        for i, document in enumerate(matched):
            if i < sample["documents"]:
                chosen.append(document)
            else:
                j = random.randint(0, i + 1)
                if j < sample["documents"]:
                    chosen[j] = document
        chosen.sort()
    elif documents:
        chosen = matched[:documents]
    return {"read": read, "blank": blank, "matched": len(matched), "taken": [p for p, _ in chosen],
            "texts": hashlib.sha256("\0".join(t for _, t in chosen).encode()).hexdigest()}


CASES = [
    ("", [], None, None, None),
    ("where: {meta.lang: fr}", [(("meta", "lang"), ["fr"])], None, None, None),
    ("where: {meta.lang: [fr, FR], ok: true}",
     [(("meta", "lang"), ["fr", "FR"]), (("ok",), [True])], None, None, 20),
    ("where: {meta.lang: null}", [(("meta", "lang"), [None])], None, None, None),
    ("where: {meta.score: 1}", [(("meta", "score"), [1])], None, None, None),
    ("where: {meta.score: [0.5, 3.0]}", [(("meta", "score"), [0.5, 3])], None, None, None),
    ("characters: [10, 25]", [], (10, 25), None, None),
    ("characters: [10, 10]", [], (10, 10), None, None),
    ("sample: {documents: 12, seed: 42}", [], None, {"documents": 12, "seed": 42}, None),
    ("where: {ok: false}, characters: [5, 50], sample: {documents: 30, seed: 4294967295}",
     [(("ok",), [False])], (5, 50), {"documents": 30, "seed": 4294967295}, None),
    ("sample: {documents: 5000, seed: 1}", [], None, {"documents": 5000, "seed": 1}, None),
]

all_lines = list(lines())
text = "\n".join(all_lines) + "\n"
half = len(text.encode()) // 2
packed = gzip.compress(text.encode()[:half], mtime=0) + gzip.compress(text.encode()[half:], mtime=0)
json.dump(
    {
        "text": text,
        "packed": base64.b64encode(packed).decode(),
        "cases": [
            {"settings": settings + (f", documents: {documents}" if documents else ""),
             **taken(all_lines, where, characters, sample, documents)}
            for settings, where, characters, sample, documents in CASES
        ],
    },
    OUT.open("w"), indent=1)
print(OUT, len(text), [len(c["taken"]) for c in json.load(OUT.open())["cases"]])
