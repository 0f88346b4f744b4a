"""Building a study, and the report that comes of it."""

from __future__ import annotations

import base64
import csv
import html
import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any, Mapping

from ._errors import Problem, ReportgenError
from ._progress import progress as _progress
from ._run import run


def build(
    study: str | os.PathLike[str] | Mapping[str, Any],
    *,
    site: str | os.PathLike[str] = "Site",
    model: str | os.PathLike[str] | None = None,
    corpora: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    memory: str | None = None,
    cache: bool = True,
    progress: bool = True,
) -> Report:
    """Runs a study and publishes its report into the folder `site`.

    `study` is the path of a study file, the name of a built-in study, or a dict with the keys of a
    study file; paths in a dict start at the working folder. `model` and `corpora` stand in for the
    study's own, as the command's options do. Raises ReportgenError.
    """
    options = ["--site", os.fspath(site)]
    if model is not None:
        options += ["--model", os.fspath(model)]
    if corpora is not None:
        options += ["--corpora", os.fspath(corpora)]
    if threads is not None:
        options += ["--threads", str(threads)]
    if memory is not None:
        options += ["--memory", memory]
    if not cache:
        options += ["--no-cache"]
    if not isinstance(study, Mapping):
        return _build(os.fspath(study), options, progress)
    # The program knows a study by its file, and paths in it start there.
    # Nobody else's file has its name, not even another thread's.
    descriptor, name = tempfile.mkstemp(prefix=".reportgen-", suffix=".yml", dir=".")
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(_yaml(study))
        return _build(os.path.basename(name), options, progress)
    finally:
        Path(name).unlink(missing_ok=True)


def _build(study: str, options: list[str], progress: bool) -> Report:
    output, _ = run(["build", study, *options], _progress if progress else None)
    return Report(Path(output.splitlines()[-1]).parent)


def _yaml(study: Mapping[str, Any]) -> str:
    """JSON is YAML, but for characters that YAML wants escaped."""
    text = json.dumps(study, ensure_ascii=False, indent=1, default=os.fspath)
    unsafe = "[\x7f-\x9f\ufeff\ufffe\uffff]"
    return re.sub(unsafe, lambda match: f"\\u{ord(match[0]):04x}", text)


class Report:
    """A published report."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """The report in the folder `path`."""
        self.path = Path(path)
        self._findings: dict[str, Any] | None = None
        self._single: str | None = None
        if not (self.path / "findings.json").is_file():
            raise ReportgenError(3, [Problem(
                file=str(self.path), field="findings.json", expected="a published report",
                found="no such file", advice="Name a folder of SITE/reports.")])

    def _file(self) -> dict[str, Any]:
        if self._findings is None:
            self._findings = json.loads((self.path / "findings.json").read_text(encoding="utf-8"))
        return self._findings

    @property
    def findings(self) -> dict[str, Any]:
        """Every number of the report, by analysis."""
        findings: dict[str, Any] = self._file()["findings"]
        return findings

    @property
    def study(self) -> dict[str, Any]:
        """The study as it was run."""
        study: dict[str, Any] = self._file()["study"]
        return study

    @property
    def tables(self) -> list[str]:
        """The names that `table` takes."""
        return sorted(file.stem for file in (self.path / "data").glob("*.csv"))

    def table(self, name: str) -> Any:
        """The data of a figure, by its name or by an analysis's, which stands for its first figure.

        A pandas DataFrame where pandas is installed, else a list of rows, the first of which has
        the names of the columns.
        """
        stem = name.replace("_", "-")
        names = self.tables
        if stem not in names:
            stem = next((other for other in names if other.startswith(stem + "-")), stem)
        if stem not in names:
            raise ReportgenError(2, [Problem(
                file=str(self.path), field=name, expected="one of " + ", ".join(names),
                found="no such table", advice="Choose one of these; Report.tables lists them.")])
        file = self.path / "data" / f"{stem}.csv"
        try:
            import pandas
        except ImportError:
            with file.open(encoding="utf-8", newline="") as lines:
                return [[_value(cell) for cell in row] for row in csv.reader(lines)]
        # The text "nan" or "null" is a token like any other; only an empty cell is none.
        return pandas.read_csv(file, keep_default_na=False, na_values=[""])

    def check(self) -> bool:
        """Whether the report fulfils every expectation of its study."""
        return run(["check", str(self.path)])[1] == 0

    def html(self) -> str:
        """The report as one page, with styles and charts inside."""
        if self._single is None:
            # In a site of its own: looking at a report changes nothing of what is published.
            with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
                site, file = Path(folder) / "Site", Path(folder) / "report.html"
                shutil.copytree(self.path, site / "reports" / self.path.name)
                run(["render", self.path.name, "--site", str(site), "--single-file", str(file)])
                self._single = file.read_text(encoding="utf-8")
        return self._single

    def _repr_html_(self) -> str:
        # Both are made of text that came from outside: a picture and a frame that may run nothing.
        title = html.escape(self.study["title"])
        card = self.path / "charts" / "claim-card.svg"
        picture = ""
        if card.is_file():
            data = base64.b64encode(card.read_bytes()).decode()
            picture = f'<img alt="{title}" src="data:image/svg+xml;base64,{data}">\n'
        return (
            f'{picture}<iframe sandbox title="{title}"'
            ' style="width:100%;height:40em;border:1px solid #8888"'
            f' srcdoc="{html.escape(self.html())}"></iframe>')

    def __repr__(self) -> str:
        return f"Report({str(self.path)!r})"


def _value(cell: str) -> Any:
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            pass
    return cell if cell else None
