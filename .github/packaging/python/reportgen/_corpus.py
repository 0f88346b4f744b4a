"""Data sets as corpora of a study."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Callable, Iterable, Mapping

from ._errors import Problem, ReportgenError


def corpus(
    dataset: Iterable[Mapping[str, Any]],
    path: str | os.PathLike[str],
    *,
    name: str | None = None,
    text: str = "text",
    where: Callable[[Mapping[str, Any]], bool] | None = None,
    documents: int | None = None,
) -> dict[str, str]:
    """Writes a data set to a JSON Lines file, and returns it as an entry of `corpora:`.

    `dataset` is a split of Hugging Face `datasets`, streamed or not, or any other iterable of rows
    with a field `text`. Rows for which `where` is false are left out, and after `documents` rows
    nothing more is read. The file is written anew and appears only when it is whole.
    """
    target = Path(path)
    if target.suffix != ".jsonl":
        raise ReportgenError(2, [Problem(
            file=str(target), field="", expected="a name that ends with .jsonl", found=target.name,
            advice="Name the file so: the suffix tells the program how to read it.")])
    if isinstance(dataset, Mapping):
        raise ReportgenError(2, [Problem(
            file=str(target), field="dataset", expected="one split of a data set",
            found="several: " + ", ".join(str(key) for key in dataset),
            advice='Choose one, such as dataset["train"].')])
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    count = 0
    try:
        with aside.open("w", encoding="utf-8", newline="\n") as file:
            for index, row in enumerate(dataset):
                if where is not None and not where(row):
                    continue
                value = row.get(text)
                if not isinstance(value, str):
                    raise ReportgenError(3, [Problem(
                        file=str(target), field=f"row {index}, {text}", expected="a text",
                        found="no such field" if text not in row else type(value).__name__,
                        advice=f"Name the field with the document; this row has {', '.join(row)}.")])
                file.write(json.dumps({"text": value}, ensure_ascii=False) + "\n")
                count += 1
                # Here, and not before the next row: a stream would have to fetch it.
                if documents is not None and count >= documents:
                    break
        if count == 0:
            raise ReportgenError(3, [Problem(
                file=str(target), field="", expected="at least one document", found="none",
                advice="Look at the data set and at `where`.")])
        os.replace(aside, target)
    finally:
        aside.unlink(missing_ok=True)
    return {"name": name or target.stem, "path": str(path)}
