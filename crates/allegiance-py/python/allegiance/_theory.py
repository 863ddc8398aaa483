"""Theories that somebody wrote: from a file, or from keyword arguments."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from allegiance import _native

Table = Mapping[str, Any]
"""A table of a theory's file, as ``docs/reference/theory-format.md`` lists its keys."""

_FORMAT = 1


class Theory:
    """A theory, checked: what ``theory=`` takes beside words and the names of files.

    Built from keyword arguments named as the keys of a theory file, whose values are
    the file's: ``Theory(name="tired", about="...", blocks=["belief"], parameters={...},
    state={...}, block=[{"name": ..., "words": ..., "all": "expression"}])``.
    """

    __slots__ = ("_fields", "_text")

    def __init__(
        self,
        *,
        name: str,
        about: str,
        authors: str = "unnamed",
        citation: str = "none",
        blocks: Iterable[str] | None = None,
        let: Mapping[str, str] | None = None,
        parameters: Mapping[str, Table] | None = None,
        state: Mapping[str, Table] | None = None,
        block: Iterable[Table] = (),
        belief: Table | None = None,
        destination: Table | None = None,
        joining: Table | None = None,
        voice: Table | None = None,
    ):
        head: dict[str, Any] = {"format": _FORMAT, "name": name, "authors": authors, "citation": citation, "about": about}
        if blocks is not None:
            head["blocks"] = list(blocks)
        lines = [f"{key} = {_toml(value)}" for key, value in head.items()]
        tables: list[tuple[str, Table]] = [("[let]", let)] if let else []
        for key, named in (("parameters", parameters), ("state", state)):
            tables += [(f"[{key}.{_key(one)}]", table) for one, table in (named or {}).items()]
        slots = {"belief": belief, "destination": destination, "joining": joining, "voice": voice}
        tables += [(f"[{slot}]", table) for slot, table in slots.items() if table is not None]
        tables += [("[[block]]", table) for table in block]
        for title, table in tables:
            lines += ["", title, *(f"{_key(key)} = {_toml(value)}" for key, value in table.items())]
        self._read("\n".join(lines) + "\n", f"{name}.toml")

    def _read(self, text: str, label: str) -> None:
        self._fields: dict[str, Any] = json.loads(_native.read_theory(label, text))
        self._text = text

    @classmethod
    def from_text(cls, text: str, *, label: str = "theory.toml") -> Theory:
        """A theory from the text of a file; ``label`` names it in messages."""
        theory = cls.__new__(cls)
        theory._read(text, label)
        return theory

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Theory:
        """A theory from a file, or one that comes with the program by its name."""
        name = os.fspath(path)
        return cls.from_text(_native.theory_text(name), label=name)

    @property
    def name(self) -> str:
        """Its name."""
        return str(self._fields["name"])

    @property
    def authors(self) -> str:
        """Who holds it."""
        return str(self._fields["authors"])

    @property
    def citation(self) -> str:
        """Where it was published."""
        return str(self._fields["citation"])

    @property
    def about(self) -> str:
        """What it says."""
        return str(self._fields["about"])

    @property
    def digest(self) -> str:
        """SHA-256 of its text, as ``run.json`` has it."""
        return str(self._fields["digest"])

    @property
    def slots(self) -> list[str]:
        """The slots that it fills."""
        return list(self._fields["slots"])

    @property
    def text(self) -> str:
        """The text of its file."""
        return self._text

    def __repr__(self) -> str:
        return f"<Theory {self.name} of {', '.join(self.slots)}, {self.digest[:12]}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Theory) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> Any:
        return _again, (self._text,)


def _again(text: str) -> Theory:
    return Theory.from_text(text)


def file_of(theory: Theory) -> tuple[str, str]:
    """The name that changes have for a theory, and its text."""
    return f"{theory.name}.toml", theory.text


def _key(key: str) -> str:
    return key if key and all(c.isascii() and (c.isalnum() or c in "_-") for c in key) else json.dumps(key)


def _toml(value: Any) -> str:
    """A value as TOML; texts are escaped as in JSON, whose escapes are TOML's."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, Iterable):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return repr(value)
