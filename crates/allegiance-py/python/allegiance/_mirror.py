"""Folders of draws in a store: what is there is fetched, and what is new is sent as it comes.

A table of draws, or a calibration, grows by files that appear whole and never change, and what
is there is used again. So there is no moment at which it is finished, and nothing to hold back:
each chunk is sent once it is there, and a machine that is lost loses little.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from allegiance._errors import AllegianceError, FolderError
from allegiance._lease import Lease
from allegiance._progress import ProgressChoice, following
from allegiance._store import Place, address_of, check_home, clear_home, home_of, make_home

__all__ = ["Mirror", "kept_draws"]

# What names the study; without it a folder is none.
_STUDY = "study.json"
# Files of a table of draws and of a calibration.
_CHUNK = re.compile(r"(draws|generation-\d+|predictive(-adjusted)?-\d+)/(\d+)\.parquet")
_OTHERS = re.compile(r"study\.json|calibration\.json|register\.jsonl|(posterior|adjusted|predictive(-adjusted)?)\.parquet")
# Listing a folder costs little, but not nothing, and progress is told often.
_SEND_SECONDS = 2.0


class Mirror:
    """A folder of this machine, ``folder``, that stands for one in a store, for a ``with``."""

    def __init__(self, address: str, part: tuple[int, int] | None = None):
        """Of ``part``, such as the second of eight, only its own chunks are fetched."""
        self._place = Place(address)
        self._part = part
        label = "" if part is None else f"#{part[0]}/{part[1]}"
        self._address = self._place.address + label
        self._home = home_of(self._address)
        check_home(self._home, self._address)
        self.folder = self._home / self._place.address.rpartition("/")[2]
        self._lease = Lease(self._place, part)
        # What is in the store, with the time of its file here.
        self._sent: dict[str, int] = {}
        self._looked = 0.0
        try:
            names = self._place.names()
            if names and _STUDY not in names:
                raise FolderError(
                    f"{self._place.address} isn't empty and holds no {_STUDY}",
                    file=self._place.address,
                    hint="name another address",
                )
            make_home(self._home, self._address)
            self._fetch(names)
        except BaseException:
            self._lease.release()
            raise

    def _fetch(self, names: list[str]) -> None:
        for name in names:
            chunk = _CHUNK.fullmatch(name)
            if chunk is None and not _OTHERS.fullmatch(name):
                continue  # Somebody else's, which is left alone.
            if chunk and self._part and int(chunk[3]) % self._part[1] != self._part[0] - 1:
                continue
            here = self.folder / name
            # A chunk that a killed process had made and not sent is the same as any other's.
            if not (chunk and here.exists()):
                self._place.fetch(name, self.folder)
            self._sent[name] = here.stat().st_mtime_ns

    def tick(self) -> None:
        """Sends what is new, unless that was just done."""
        if time.monotonic() - self._looked >= _SEND_SECONDS:
            self.send()

    def send(self) -> None:
        """Sends what is new here."""
        self._looked = time.monotonic()
        study = self.folder / _STUDY
        if not study.is_file():
            return
        found = {path.relative_to(self.folder).as_posix(): path.stat().st_mtime_ns for path in self.folder.rglob("*") if path.is_file()}
        new = [name for name in sorted(found) if (_CHUNK.fullmatch(name) or _OTHERS.fullmatch(name)) and self._sent.get(name) != found[name]]
        if not new:
            return
        self._lease.check()
        # Two parts may begin at once; what is there first names the study.
        there = self._place.read_if_there(_STUDY)
        if there is not None and there != study.read_bytes():
            raise FolderError(
                f"{self._place.address} holds the draws of another study", file=self._place.address, hint="name another address"
            )
        for name in sorted(new, key=lambda name: name != _STUDY):
            self._place.send(name, self.folder)
            self._sent[name] = found[name]

    def __enter__(self) -> Mirror:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, AllegianceError):
            error.args = tuple(str(told).replace(str(self.folder), self._place.address) for told in error.args)
        try:
            try:
                self.send()
            except AllegianceError as unsent:
                if error is None:
                    unsent.hint = f"what is finished is kept in {self.folder}; the same call sends it"
                    raise
                return  # What is here stays, for the same call to go on with.
            clear_home(self._home)
        finally:
            self._lease.release()


@contextmanager
def kept_draws(
    where: str | os.PathLike[str] | None,
    what: str,
    progress: ProgressChoice,
    part: tuple[int, int] | None = None,
) -> Iterator[tuple[Path | None, Any]]:
    """The folder of this machine for draws that are kept ``where``, and the callback of their progress."""
    address = address_of(where)
    with following(progress, what) as callback:
        if address is None:
            yield None if where is None else Path(where), callback
            return
        with Mirror(address, part) as mirror:

            def tell(done: int, total: int) -> None:
                mirror.tick()
                if callback is not None:
                    callback(done, total)

            yield mirror.folder, tell
