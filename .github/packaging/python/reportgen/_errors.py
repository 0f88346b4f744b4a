"""What is raised when the command cannot go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Sequence


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and what to do about it."""

    file: str
    field: str
    expected: str
    found: str
    advice: str

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Problem:
        names = ("file", "field", "expected", "found", "advice")
        return cls(**{name: str(values.get(name, "")) for name in names})

    def __str__(self) -> str:
        place = f"{self.file}: {self.field}" if self.field else self.file
        return f"{place}: expected {self.expected}, found {self.found}\n  {self.advice}"


class ReportgenError(Exception):
    """A study, model or corpus cannot be used, or the machine failed.

    `file`, `field`, `expected`, `found` and `advice` are those of the first problem; `problems` has
    all of them. `exit_code` is the command's: 2 for the study, 3 for data, 4 for reading, writing
    and memory, 6 where another build is publishing into the same folder.
    """

    def __init__(self, exit_code: int, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.exit_code = exit_code
        self.problems = tuple(problems)

    @property
    def file(self) -> str:
        return self.problems[0].file

    @property
    def field(self) -> str:
        return self.problems[0].field

    @property
    def expected(self) -> str:
        return self.problems[0].expected

    @property
    def found(self) -> str:
        return self.problems[0].found

    @property
    def advice(self) -> str:
        return self.problems[0].advice
