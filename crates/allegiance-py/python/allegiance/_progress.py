"""Progress of long work: a callback, a line that rewrites itself, or a bar in a notebook."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from html import escape
from types import TracebackType
from typing import Any, TextIO

ProgressCallback = Callable[[int, int], object]
"""Hears how many steps are done, and of how many."""

ProgressChoice = bool | ProgressCallback | None
"""``None``: shown where somebody looks; or always, never, or a callback."""

_WIDTH = 30
_EVERY_SECONDS = 0.1
# A bar that comes and goes at once only makes a notebook jump.
_QUIET_SECONDS = 0.5


def _in_notebook() -> bool:
    """Whether a kernel runs this (Jupyter, or what speaks its protocol)."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


def _told(share: float, seconds: float) -> str:
    left = f", {_duration(seconds * (1 - share) / share)} left" if 0 < share < 1 else ""
    return f"{share:4.0%}, {_duration(seconds)} so far{left}"


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
        filled = int(share * _WIDTH)
        bar = "█" * filled + "░" * (_WIDTH - filled)
        text = f"{self._what} {bar} {_told(share, now - self._started)}"
        self._stream.write("\r" + text.ljust(self._width))
        self._stream.flush()
        self._width = len(text)

    def close(self) -> None:
        """Removes the line."""
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()


class Bar:
    """A bar below the cell of a notebook, gone when the work is done."""

    def __init__(self, what: str):
        self._what = what
        self._started = time.monotonic()
        self._shown = 0.0
        self._handle: Any = None

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._started < _QUIET_SECONDS or now - self._shown < _EVERY_SECONDS:
            return
        self._shown = now
        share = done / total if total else 1.0
        told = f"{self._what} {_told(share, now - self._started)}"
        bar = f'<progress max="1" value="{share:.4f}"></progress>'
        self._show({"text/plain": told, "text/html": f"{bar} {escape(told)}"})

    def _show(self, content: dict[str, str]) -> None:
        from IPython.display import display

        if self._handle is None:
            self._handle = display(content, raw=True, display_id=True)
        else:
            self._handle.update(content, raw=True)

    def close(self) -> None:
        """Removes the bar."""
        if self._handle is not None:
            self._show({"text/plain": "", "text/html": ""})


class following:
    """Gives the callback that a choice of progress means, for a ``with``."""

    def __init__(self, choice: ProgressChoice, what: str):
        self._shown: Line | Bar | None = None
        self._callback: ProgressCallback | None = None
        if callable(choice):
            self._callback = choice
        elif choice is not False and _in_notebook():
            self._callback = self._shown = Bar(what)
        elif choice or (choice is None and sys.stderr.isatty()):
            self._callback = self._shown = Line(what)

    def __enter__(self) -> Any:
        return self._callback

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown is not None:
            self._shown.close()
