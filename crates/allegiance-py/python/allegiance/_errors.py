"""The exceptions of the package, and the problems that they tell."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

__all__ = [
    "AllegianceError",
    "ArgumentError",
    "BugError",
    "DocumentError",
    "FolderError",
    "Problem",
    "RecordError",
    "RunError",
    "ScenarioError",
    "StoreError",
]


@dataclasses.dataclass(frozen=True)
class Problem:
    """One problem of a file, with what its reader needs in order to fix it."""

    severity: str
    """``error`` or ``warning``."""
    file: str
    """The file, as its reader would open it."""
    line: int | None
    """The line, from 1, where the problem has one."""
    key: str
    """The key, such as ``groups[2].brutality``, or the column of a table."""
    found: str
    """What was found: a clause that follows the key."""
    allowed: str
    """What is allowed; empty where the clause says it."""
    hint: str | None
    """The likely fix."""
    message: str
    """All of it on one line."""

    def __str__(self) -> str:
        return self.message


class AllegianceError(Exception):
    """Anything that goes wrong in Allegiance.

    ``file``, ``key`` and ``hint`` tell where and what helps, where that is
    known; ``hint`` is part of the text.
    """

    def __init__(self, message: str, *, file: str | None = None, key: str | None = None, hint: str | None = None):
        super().__init__(message)
        self.file = file
        self.key = key
        self.hint = hint

    def __str__(self) -> str:
        message = super().__str__()
        return message if not self.hint or self.hint in message else f"{message}; {self.hint}"

    def __reduce__(self) -> Any:
        return _restore, (type(self), self.args, self.__dict__)


def _restore(cls: type[AllegianceError], arguments: tuple[Any, ...], fields: dict[str, Any]) -> AllegianceError:
    """An exception that comes from another process, with its fields."""
    error = cls.__new__(cls, *arguments)
    error.args = arguments
    error.__dict__.update(fields)
    return error


class ScenarioError(AllegianceError, ValueError):
    """A scenario, or a change of one, that can't be.

    ``problems`` holds every problem of the files; the attributes tell the
    first. A change has a ``key``, what was ``found``, and what is ``allowed``.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        key: str | None = None,
        found: str | None = None,
        allowed: str | None = None,
        hint: str | None = None,
        problems: Sequence[Problem] = (),
    ):
        super().__init__(message, file=file, key=key, hint=hint)
        self.line = line
        self.found = found
        self.allowed = allowed
        self.problems = list(problems)

    @classmethod
    def of_problems(cls, fields: Sequence[dict[str, Any]]) -> ScenarioError:
        """The error of some problems, given by their fields."""
        problems = [Problem(**each) for each in fields]
        first = next((problem for problem in problems if problem.severity == "error"), problems[0])
        return cls(
            "\n".join(problem.message for problem in problems),
            file=first.file,
            line=first.line,
            key=first.key,
            found=first.found,
            allowed=first.allowed,
            hint=first.hint,
            problems=problems,
        )


class DocumentError(ScenarioError):
    """A design or an experiment that can't be."""


class RecordError(ScenarioError):
    """A table of events, places, groups or boundaries that can't be read."""


class ArgumentError(AllegianceError, ValueError):
    """An argument that stands for nothing, or lies out of its bounds."""


class RunError(AllegianceError, RuntimeError):
    """Work that couldn't be finished or written."""


class FolderError(RunError):
    """A folder that is missing, taken, unfinished, foreign or damaged."""


class StoreError(FolderError):
    """A store that refuses, lacks a bucket, or can't be reached."""


class BugError(AllegianceError):
    """A mistake in Allegiance itself; please report it."""
