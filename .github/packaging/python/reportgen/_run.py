"""Running the command and hearing what it says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any, Callable, Sequence

from ._errors import Problem, ReportgenError
from ._progress import Progress

NAME = "reportgen.exe" if os.name == "nt" else "reportgen"


def program() -> str:
    """The path of the command: `REPORTGEN` in the environment, else this installation's, else the
    first on the path."""
    own = os.environ.get("REPORTGEN")
    if own:
        return own
    schemes = [sysconfig.get_default_scheme(), *sysconfig.get_scheme_names()]
    for scheme in dict.fromkeys(schemes):
        path = Path(sysconfig.get_path("scripts", scheme)) / NAME
        if path.is_file():
            return str(path)
    # `pip install --target` puts the command beside the package.
    beside = Path(__file__).resolve().parents[1] / "bin" / NAME
    found = str(beside) if beside.is_file() else shutil.which(NAME)
    if found is None:
        raise ReportgenError(
            4,
            [Problem(
                file=NAME, field="", expected="the command that comes with this package", found="none",
                advice="Install the package again, or name the command in REPORTGEN.")])
    return found


def run(
    arguments: Sequence[str], progress: Callable[[], Progress] | None = None
) -> tuple[str, int]:
    """Runs the command; its output and exit code 0 or 1.

    Raises ReportgenError with what the command says is wrong.
    """
    environment = dict(os.environ, REPORTGEN_MESSAGES="json")
    process = subprocess.Popen(
        [program(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace", env=environment)
    assert process.stdout is not None and process.stderr is not None
    shown = progress() if progress else None
    problems: list[Problem] = []
    try:
        # The output is a few lines, less than a pipe holds, and is read when the messages have ended.
        for line in process.stderr:
            message = _message(line)
            if "error" in message:
                problems.append(Problem.of(message["error"]))
            elif "progress" in message and shown:
                shown.update(float(message["progress"]["share"]), str(message["progress"]["phase"]))
            elif "note" in message:
                _note(str(message["note"]), shown)
        output = process.stdout.read()
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        if shown:
            shown.close()
        process.stdout.close()
        process.stderr.close()
    if code not in (0, 1) or problems:
        if not problems:
            problems = [Problem(
                file=NAME, field="", expected="to be done", found=f"exit code {code}",
                advice="Run the same in a shell, where it tells more.")]
        raise ReportgenError(code, problems)
    return output, code


def _message(line: str) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except ValueError:
        message = None
    return message if isinstance(message, dict) else {"note": line.rstrip("\n")}


def _note(text: str, shown: Progress | None) -> None:
    if shown is None or not text:
        return
    print(text, file=sys.stderr)
