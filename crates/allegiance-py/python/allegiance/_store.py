"""Results in object stores, and wherever else fsspec reaches: ``pip install "allegiance[store]"``.

A result is made on this machine and sent when it is finished, its head file
(``run.json``, ``design.json``, ``experiment.json``) last: what can be opened is
whole. Until then a mark says that something is on its way, and whose it is, and a
lease that nobody else may write there. What nobody has written with this package is neither removed nor overwritten.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from types import TracebackType

from allegiance._errors import AllegianceError, ArgumentError, FolderError, StoreError
from allegiance._lease import LEASE, Lease
from allegiance._native import __version__

__all__ = ["Copy", "Place", "Upload", "address_of", "copy_table", "fetch_shards", "only_here"]

_Path = str | os.PathLike[str]

# Tells that something is made, or was being sent, when it was stopped.
_MARK = "unfinished.txt"
_HEADS = ("run.json", "design.json", "experiment.json")
# The digests of all files, which tell what a result consists of.
_SUMS = "SHA256SUMS"
# What a result of an early version, without digests, may consist of.
_USUAL = re.compile(r"scenario/.*|[^/]*\.parquet|(run|design|experiment)\.json|summary\.txt|rows\.jsonl|[^/]*\.toml")
# What is made for a store lies here, in the current folder, until it is sent.
_WORK = ".allegiance-work"
# Marks a folder there, and says what it is for.
_FOR = "for.txt"
# Make a file only if there is none, as their libraries say.
_EXCLUSIVE = {"file", "local", "memory", "s3", "s3a", "gs", "gcs", "az", "abfs", "abfss"}
# Object stores make no folders, and asked for one some make a bucket.
_HAVE_FOLDERS = {"file", "local", "memory", "sftp", "ssh", "ftp", "smb", "hdfs", "webhdfs"}


def address_of(path: _Path | None) -> str | None:
    """The address, if this is one, such as ``s3://bucket/folder``; none for a path."""
    if path is None:
        return None
    text = os.fspath(path)
    if isinstance(path, PurePath) and re.match(r"[a-z][a-z0-9+]+:[/\\]", text):
        raise ArgumentError(f"{text} was an address before it became a path", hint="pass it as text")
    return text if "://" in text else None


def only_here(path: _Path | None, what: str) -> None:
    """Refuses an address where only a path will do."""
    if address := address_of(path):
        raise ArgumentError(f"{what} is {address}; must be a path of this machine", key=what)


class Place:
    """A folder of a store."""

    def __init__(self, address: str):
        self.address = address.rstrip("/")
        try:
            import fsspec
        except ImportError as error:
            raise StoreError(
                f"{self.address} needs fsspec, which isn't installed", hint='pip install "allegiance[store]"'
            ) from error
        with self._asking("reach it"):
            self._system, path = fsspec.core.url_to_fs(self.address)
        self._path = str(path).rstrip("/")

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        """Turns whatever a store's library raises into an exception of this package."""
        try:
            yield
        except AllegianceError:
            raise
        except ImportError as error:
            raise StoreError(f"can't {what}, {self.address}: {error}", file=self.address, hint=_library(error)) from error
        except Exception as error:  # Every library of a store has exceptions of its own.
            raise StoreError(f"can't {what}, {self.address}: {_told(error)}", file=self.address, hint=_help(error)) from error

    def _of(self, name: str) -> str:
        return f"{self._path}/{name}"

    @property
    def makes_exclusively(self) -> bool:
        """Whether a file can be made there only if there is none, whoever else tries."""
        return not _EXCLUSIVE.isdisjoint(self._protocols())

    def names(self) -> list[str]:
        """The files, by their names below the folder, but for leases."""
        return [name for name in self._found() if not LEASE.fullmatch(name)]

    def leases(self) -> list[str]:
        """The leases that somebody has on it, by their names."""
        return [name for name in self._found() if LEASE.fullmatch(name)]

    def _found(self) -> list[str]:
        with self._asking("list it"):
            # Some libraries remember what they saw, and others write meanwhile.
            self._system.invalidate_cache()
            try:
                found = self._system.find(self._path)
            except FileNotFoundError:
                found = []
        prefix = f"{self._path}/"
        return sorted(path[len(prefix) :] for path in map(str, found) if path.startswith(prefix))

    def shards(self) -> list[Place]:
        """The finished shards of a sweep that lie beside it."""
        with self._asking("look for shards"):
            self._system.invalidate_cache()
            heads = self._system.glob(f"{self._path}.shard-*/design.json")
        return [Place(self.address + str(head)[len(self._path) : -len("/design.json")]) for head in sorted(heads)]

    def read(self, name: str) -> bytes:
        """The content of a file."""
        with self._asking(f"read {name}"):
            return bytes(self._system.cat_file(self._of(name)))

    def read_if_there(self, name: str) -> bytes | None:
        """The content of a file; nothing where there is none."""
        with self._asking(f"read {name}"):
            self._system.invalidate_cache()
            try:
                return bytes(self._system.cat_file(self._of(name)))
            except FileNotFoundError:
                return None

    def create(self, name: str, content: bytes) -> bool:
        """Writes a small file that isn't there; false where it is."""
        with self._asking(f"write {name}"):
            self._make_parent(name)
            try:
                self._system.pipe_file(self._of(name), content, mode="create")
            except FileExistsError:
                return False
            except (TypeError, ValueError, NotImplementedError):
                # A library that knows no such way, or an early version of one that does.
                if self.read_if_there(name) is not None:
                    return False
                self._system.pipe_file(self._of(name), content)
            self._sync(name)
        return True

    def write(self, name: str, content: bytes) -> None:
        """Writes a small file."""
        with self._asking(f"write {name}"):
            self._make_parent(name)
            self._system.pipe_file(self._of(name), content)
            self._sync(name)

    def fetch(self, name: str, folder: Path) -> None:
        """Copies a file into a folder of this machine, where it appears whole."""
        here = folder / name
        here.parent.mkdir(parents=True, exist_ok=True)
        part = here.with_name(f"{here.name}.part")
        with self._asking(f"read {name}"):
            self._system.get_file(self._of(name), str(part))
        part.replace(here)

    def send(self, name: str, folder: Path) -> None:
        """Copies a file of a folder of this machine to the store."""
        with self._asking(f"write {name}"):
            self._make_parent(name)
            self._system.put_file(str(folder / name), self._of(name))
            self._sync(name)

    def remove(self, name: str) -> None:
        """Removes a file."""
        with self._asking(f"remove {name}"):
            self._system.rm_file(self._of(name))

    def _sync(self, name: str) -> None:
        """Makes sure that a file of this machine survives a power cut; object stores answer when it would."""
        if {"file", "local"}.isdisjoint(self._protocols()) or os.name != "posix":
            return
        path = Path(self._of(name))
        # Its folders may be new as well, up to the one that holds the place itself.
        above = [folder for folder in path.parents if len(folder.parts) >= len(Path(self._path).parent.parts)]
        for each in [path, *above]:
            handle = os.open(each, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def _protocols(self) -> list[str]:
        protocols = self._system.protocol
        return [protocols] if isinstance(protocols, str) else list(protocols)

    def _make_parent(self, name: str) -> None:
        if not _HAVE_FOLDERS.isdisjoint(self._protocols()):
            self._system.makedirs(self._of(name).rpartition("/")[0], exist_ok=True)


def _told(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__


def _library(error: ImportError) -> str | None:
    """Which package is missing, where the error tells."""
    found = re.search(r"(?i)install ([\w-]+)", str(error))
    return f"pip install {found[1]}" if found else None


def _help(error: Exception) -> str | None:
    """What may help, as far as an exception of any library tells."""
    about = f"{type(error).__name__} {error}".lower()
    if "protocol not known" in about:
        return "addresses are those of fsspec, such as s3://bucket/folder"
    if "credential" in about or "token" in about:
        return "give credentials as fsspec takes them: environment, configuration file, or fsspec.config"
    if isinstance(error, PermissionError) or "forbidden" in about or "denied" in about:
        return "the credentials don't allow it"
    if isinstance(error, FileNotFoundError) or "no such bucket" in about or "nosuchbucket" in about:
        return "make the bucket first; it isn't made here"
    return None


def home_of(address: str) -> Path:
    """The folder of this machine in which what is meant for an address is made."""
    return Path(_WORK, hashlib.sha256(address.encode()).hexdigest()[:16])


def check_home(home: Path, address: str) -> None:
    """Refuses a folder in which something else lies."""
    if home.exists() and any(home.iterdir()):
        if not (home / _FOR).is_file() or (home / _FOR).read_text("utf-8").strip() != address:
            raise FolderError(
                f"{home} isn't touched: it holds no work for {address}", file=str(home), hint="move it away"
            )


def make_home(home: Path, address: str) -> None:
    """Makes the folder, and says in it what it is for."""
    home.mkdir(parents=True, exist_ok=True)
    (home / _FOR).write_text(f"{address}\n", "utf-8")


def clear_home(home: Path) -> None:
    """Removes the folder, and the one that holds all of them where it is the last."""
    shutil.rmtree(home)
    with suppress(OSError):  # Something else may be on its way.
        home.parent.rmdir()


class Upload:
    """A result on its way to a store.

    Made in the folder ``out`` of this machine; sent, and removed here, at the
    end of a ``with`` that nothing disturbs.
    """

    def __init__(self, address: str, overwrite: bool, resume: bool, suffix: str = ""):
        """``suffix`` is what the work itself adds to the name of its folder."""
        self._place = Place(address + suffix)
        self._suffix = suffix
        name = self._place.address.rpartition("/")[2].removesuffix(suffix)
        self._home = home_of(self._place.address)
        self.out = self._home / name
        # Whoever claims the place later has another, so that no two results are mixed.
        self._token = uuid.uuid4().hex
        # A result that is finished there is fetched, so that the work can look whether it is the same.
        self._finished: tempfile.TemporaryDirectory[str] | None = None
        if resume and not overwrite and self._fetch_finished(name):
            return
        check_home(self._home, self._place.address)
        self._lease = Lease(self._place)
        try:
            self._claim(overwrite, resume)
            make_home(self._home, self._place.address)
            made, partial = self._made(), self._made(".partial")
            if resume and made.exists() and not partial.exists():
                # What was made and not sent: the work looks whether it is the same, and renames it back.
                made.rename(partial)
        except BaseException:
            self._lease.release()
            raise

    def _fetch_finished(self, name: str) -> bool:
        names = self._place.names()
        if _MARK in names or not any(head in names for head in _HEADS):
            return False
        self._finished = tempfile.TemporaryDirectory(prefix="allegiance-", ignore_cleanup_errors=True)
        self.out = Path(self._finished.name, name)
        for each in names:
            self._place.fetch(each, self._made())
        return True

    def _made(self, more: str = "") -> Path:
        return self.out.with_name(self.out.name + self._suffix + more)

    def _claim(self, overwrite: bool, resume: bool) -> None:
        """Marks the place, which also shows that it can be written, before the work begins."""
        place = self._place
        names = place.names()
        self._was_marked = _MARK in names
        if any(head in names for head in _HEADS):
            if not overwrite:
                raise FolderError(
                    f"{place.address} exists already", file=place.address, hint="pass another out=, or overwrite=True"
                )
            self._older(names)
        elif self._was_marked:
            if not (overwrite or resume):
                raise FolderError(
                    f"{place.address} holds an unfinished result",
                    file=place.address,
                    hint="pass resume=True to continue, or overwrite=True to start again",
                )
        elif names:
            raise FolderError(
                f"{place.address} holds {names[0]} and no result, so it isn't overwritten",
                file=place.address,
                hint="pass another out=",
            )
        text = f"A result of Allegiance {__version__} is being made or sent. It is whole when a head file is here: "
        place.write(_MARK, f"{text}{', '.join(_HEADS)}.\nBy {self._token}.\n".encode())

    def _older(self, names: list[str]) -> list[str]:
        """The files of an older result, or of one that was being sent; refuses what belongs to none."""
        listed: set[str] = set()
        if _SUMS in names:
            lines = self._place.read(_SUMS).decode("utf-8", "replace").splitlines()
            listed = {line.partition("  ")[2] for line in lines}
        older = [name for name in names if name != _MARK]
        foreign = [name for name in older if name != _SUMS and name not in listed and (listed or not _USUAL.fullmatch(name))]
        # Of a result whose head was removed and whose digests were sent anew, files of the older one may be left.
        if foreign and not (self._was_marked and all(_USUAL.fullmatch(name) for name in foreign)):
            raise FolderError(
                f"{self._place.address} isn't overwritten: it holds {foreign[0]}, which isn't part of what was written there",
                file=self._place.address,
                hint="move it away, or pass another out=",
            )
        return older

    def __enter__(self) -> Upload:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._finished:
            if isinstance(error, AllegianceError):
                error.args = tuple(str(told).replace(str(self._made()), self._place.address) for told in error.args)
            self._finished.cleanup()
            return
        try:
            if kind is None:
                self._send()
            elif not self._made().exists() and not self._made(".partial").exists():
                # Nothing was begun, so that nothing is to be resumed.
                clear_home(self._home)
                if not self._was_marked:
                    with suppress(StoreError):
                        self._place.remove(_MARK)
        finally:
            self._lease.release()

    def _send(self) -> None:
        made = self._made()
        files = sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file())
        # The head of an older result goes first, and that of this one comes last.
        older = self._older(self._place.names())
        heads = [name for name in files if name in _HEADS]
        try:
            self._check_claim()
            for name in sorted(older, key=lambda name: name not in _HEADS):
                self._place.remove(name)
            # Asked before every file: whoever was cut off from the store so long that its lease ended may find another.
            for name in [name for name in files if name not in _HEADS] + heads:
                self._check_claim()
                self._place.send(name, made)
            self._place.remove(_MARK)
        except StoreError as error:
            error.hint = f"the result is kept in {made}; the same call with resume=True sends it"
            raise
        clear_home(self._home)

    def _check_claim(self) -> None:
        """Refuses to go on where another process has claimed the place since."""
        self._lease.check()
        names = self._place.names()
        if _MARK not in names or self._token.encode() not in self._place.read(_MARK):
            raise FolderError(
                f"another process makes or has made {self._place.address}",
                file=self._place.address,
                hint=f"this result is kept in {self._made()}; pass another out=",
            )



class Copy:
    """What was fetched of a finished result, in a folder that goes with this object."""

    def __init__(self, address: str, head: str):
        self._place = Place(address)
        self.address = self._place.address
        self._names = self._place.names()
        if head not in self._names:
            raise _lacking(self.address, head, self._names)
        self._head = head
        self._content = self._place.read(head)
        self._home = tempfile.TemporaryDirectory(prefix="allegiance-", ignore_cleanup_errors=True)
        self.folder = Path(self._home.name, self.address.rpartition("/")[2])
        self.folder.mkdir()
        (self.folder / head).write_bytes(self._content)

    def fetch(self, names: Iterable[str] | None = None, *, but: str = "", also: Iterable[str] = ()) -> Path:
        """Fetches some files, or all but those of an ending, and others; gives the folder."""
        if names is None:
            names = [name for name in self._names if not (but and name.endswith(but)) or name in also]
        missing = [name for name in names if name != _MARK and not (self.folder / name).exists()]
        for name in missing:
            self._place.fetch(name, self.folder)
        if missing and self._place.read(self._head) != self._content:
            for name in missing:
                (self.folder / name).unlink()
            raise FolderError(
                f"{self.address} was overwritten since it was opened", file=self.address, hint="open it again"
            )
        return self.folder


def _lacking(address: str, head: str, names: list[str]) -> FolderError:
    if _MARK in names:
        return FolderError(
            f"{address} isn't finished: its result is still being made or sent, or was stopped",
            file=address,
            hint="make it again with resume=True",
        )
    if not names:
        return FolderError(f"there is nothing in {address}", file=address)
    return FolderError(f"{address} holds no {head}", file=address)


def copy_table(address: str, here: Path) -> Path:
    """Copies one file of a store into a folder of this machine."""
    folder, _, name = address.rpartition("/")
    Place(folder).fetch(name, here)
    return here / name


def fetch_shards(address: str, out: Path) -> None:
    """Copies the finished shards of a sweep beside ``out``."""
    place = Place(address)
    for shard in place.shards():
        suffix = shard.address[len(place.address) :]
        for name in shard.names():
            if name != _MARK:
                shard.fetch(name, out.with_name(out.name + suffix))

