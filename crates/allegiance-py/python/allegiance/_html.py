"""What a notebook shows of an answer: plain HTML without colours or scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["number", "paragraphs", "preformatted", "table"]


def preformatted(text: str) -> str:
    """Text whose columns stay in line."""
    return f"<pre>{escape(text.rstrip())}</pre>"


def paragraphs(*lines: str) -> str:
    """Lines of prose."""
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of texts; the first cell of a row is its name."""
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row: Sequence[str]) -> str:
    first, *others = (escape(cell) for cell in row)
    return f'<th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in others)


def number(value: float | None) -> str:
    """A number with three digits that count; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
