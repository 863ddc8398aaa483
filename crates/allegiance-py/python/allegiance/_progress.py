"""Progress of long work: a callback, or a line that rewrites itself."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, TextIO

ProgressCallback = Callable[[int, int], object]
"""Hears how many steps are done, and of how many."""

ProgressChoice = bool | ProgressCallback | None
"""``None``: a line where somebody looks; or always, never, or a callback."""

_WIDTH = 30
_EVERY_SECONDS = 0.1


def _in_notebook() -> bool:
    """Whether a kernel of Jupyter runs this, which is no terminal but shows lines."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ == "ZMQInteractiveShell"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


class Line:
    """A line on standard error that tells how far some work is."""

    def __init__(self, what: str, stream: TextIO | None = None):
        self._what = what
        self._stream = stream or sys.stderr
        self._started = time.monotonic()
        self._told = 0.0
        self._width = 0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done < total and now - self._told < _EVERY_SECONDS:
            return
        self._told = now
        share = done / total if total else 1.0
        elapsed = now - self._started
        left = f", {_duration(elapsed * (1 - share) / share)} left" if 0 < share < 1 else ""
        filled = int(share * _WIDTH)
        text = f"{self._what} {'█' * filled}{'░' * (_WIDTH - filled)} {share:4.0%}, {_duration(elapsed)} so far{left}"
        self._stream.write("\r" + text.ljust(self._width))
        self._stream.flush()
        self._width = len(text)

    def close(self) -> None:
        """Removes the line."""
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()


class following:
    """Gives the callback that a choice of progress means, for a ``with``."""

    def __init__(self, choice: ProgressChoice, what: str):
        self._line: Line | None = None
        self._callback: ProgressCallback | None = None
        if callable(choice):
            self._callback = choice
        elif choice or (choice is None and (sys.stderr.isatty() or _in_notebook())):
            self._callback = self._line = Line(what)

    def __enter__(self) -> Any:
        return self._callback

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line is not None:
            self._line.close()
