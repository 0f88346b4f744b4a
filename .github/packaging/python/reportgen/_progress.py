"""How far a build has come: a bar in a notebook, lines elsewhere."""

from __future__ import annotations

import html
import importlib
import sys
import time
from typing import Any, Protocol


class Progress(Protocol):
    def update(self, share: float, phase: str) -> None: ...

    def close(self) -> None: ...


class Lines:
    """A line on standard error for each phase, and every ten seconds."""

    def __init__(self) -> None:
        self._phase = ""
        self._shown = 0.0

    def update(self, share: float, phase: str) -> None:
        now = time.monotonic()
        if phase == self._phase and now - self._shown < 10 and share < 1:
            return
        self._phase, self._shown = phase, now
        print(f"{share:4.0%}  {phase}", file=sys.stderr, flush=True)

    def close(self) -> None:
        pass


class Bar:
    """A bar that a notebook draws in place and that leaves when the work is done."""

    def __init__(self) -> None:
        module: Any = importlib.import_module("IPython.display")
        self._display: Any = module.display(self._html(0, "starting"), display_id=True, raw=True)

    @staticmethod
    def _html(share: float, phase: str) -> dict[str, str]:
        words = f"{share:.0%} {phase}"
        return {
            "text/plain": words,
            "text/html": f'<progress value="{share:.3f}" max="1"></progress> {html.escape(words)}',
        }

    def update(self, share: float, phase: str) -> None:
        self._display.update(self._html(share, phase), raw=True)

    def close(self) -> None:
        self._display.update({"text/plain": "", "text/html": ""}, raw=True)


def progress() -> Progress:
    """A bar where a notebook's kernel runs this, else lines."""
    if "ipykernel" in sys.modules:
        module: Any = importlib.import_module("IPython")
        if module.get_ipython() is not None:
            return Bar()
    return Lines()
