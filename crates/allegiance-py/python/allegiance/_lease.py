"""Leases: who works on an address of a store, so that no second process does.

A lease is a small file that its holder renews while it works and removes at the end. Whoever
finds one that isn't his own looks whether its holder lives: on the same machine at once, and
elsewhere by watching whether it is renewed, which needs no clocks that agree. A lease that
nobody renews is taken over, so that a lost process keeps nobody out for long.
"""

from __future__ import annotations

import json
import os
import platform
import re
import threading
import time
import uuid
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegiance._errors import StoreError

if TYPE_CHECKING:
    from allegiance._store import Place

__all__ = ["LEASE", "Lease"]

LEASE = re.compile(r"lease(-\d+-of-\d+)?\.json")
"""The names that leases have, in the folder that they are of."""

# How often a holder renews his lease, and how long one that isn't renewed holds. A holder may
# miss several turns: stores are slow at times.
_RENEW_SECONDS = 20.0
_STALE_SECONDS = 90.0
# No clock is wrong by so much.
_FORGOTTEN_SECONDS = 24 * 3600.0
# How often somebody else's lease is looked at.
_LOOK_SECONDS = 5.0
# How long a store may need to show everyone what two have written at once, where its library
# can't make a file only if there is none.
_SETTLE_SECONDS = 2.0
# How often a lease that can't be understood is read again.
_TRIES = 5
_TRY_SECONDS = 0.1
_PROCESS = uuid.uuid4().hex


def _text_of(path: str) -> str:
    with suppress(OSError):
        return Path(path).read_text("utf-8").strip()
    return ""


def _machine() -> str:
    """What processes have in common that can see one another by their numbers."""
    with suppress(OSError):
        return f"{platform.node()} {_text_of('/proc/sys/kernel/random/boot_id')} {os.readlink('/proc/self/ns/pid')}"
    return f"{platform.node()} {uuid.getnode():x}"


def _started(pid: int) -> str:
    """When a process began, in a unit of its machine; empty where that can't be known."""
    # The 22nd field; the second is a name in brackets, which may hold spaces.
    fields = _text_of(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""


def _lives(pid: int, started: str) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # It is somebody else's.
    return not started or _started(pid) == started


class Lease:
    """The right to write below an address, or to one part of what lies there."""

    def __init__(self, place: Place, part: tuple[int, int] | None = None):
        """Takes the lease, or tells who has it. Of parts, each has a lease of its own, which only that of
        the whole excludes."""
        self._place = place
        self._name = "lease.json" if part is None else f"lease-{part[0]}-of-{part[1]}.json"
        self._is_whole = part is None
        self._token = uuid.uuid4().hex
        self._n_renewed = 0
        self._has_ended = threading.Event()
        self._take()
        self._renewing = threading.Thread(target=self._renew, name="allegiance lease", daemon=True)
        self._renewing.start()

    def _content(self) -> bytes:
        pid = os.getpid()
        content = {
            "about": "A process of Allegiance writes here, and renews this file while it does.",
            "token": self._token,
            "process": _PROCESS,
            "host": platform.node(),
            "machine": _machine(),
            "pid": pid,
            "started": _started(pid),
            "renewed": self._n_renewed,
            "at": time.time(),
        }
        return json.dumps(content, indent=2).encode()

    def _take(self) -> None:
        try:
            while True:
                for name in self._in_the_way():
                    self._wait_for(name)
                if self._place.create(self._name, self._content()):
                    break
            if not self._place.makes_exclusively:
                time.sleep(_SETTLE_SECONDS)
            # Of two who came at once, one finds the other's; the whole and a part can't exclude one
            # another by the name of a file.
            others = self._in_the_way()
            found = self._read(self._name)
            if found is None or found["token"] != self._token:
                raise self._refusal(found)
            if others:
                raise self._refusal(self._read(others[0]))
        except BaseException:
            self.release()
            raise

    def _in_the_way(self) -> list[str]:
        """The leases of others that exclude this one."""
        names = self._place.leases() if self._is_whole else ["lease.json", self._name]
        found = [(name, self._read(name)) for name in names]
        return [name for name, content in found if content is not None and content["token"] != self._token]

    def _read(self, name: str) -> dict[str, Any] | None:
        """What a lease says; nothing where there is none."""
        content = b""
        # One that is just being written may be seen half.
        for _ in range(_TRIES):
            read = self._place.read_if_there(name)
            if read is None:
                return None
            content = read
            with suppress(ValueError):
                found = json.loads(content)
                if isinstance(found, dict) and {"token", "machine", "pid", "renewed", "at"} <= found.keys():
                    return found
            time.sleep(_TRY_SECONDS)
        # It was cut off, and nobody will renew it.
        return {"token": "", "machine": "", "pid": 0, "renewed": content.hex(), "at": time.time()}

    def _wait_for(self, name: str) -> None:
        """Removes a lease that nobody renews; refuses to go on beside one that somebody does."""
        first = self._read(name)
        if first is None:
            return
        if os.name == "posix" and first["machine"] == _machine():
            # A process that began anew in a container has the number of the one before.
            is_own = first["pid"] == os.getpid()
            lives = first.get("process") == _PROCESS if is_own else _lives(first["pid"], first.get("started", ""))
            if lives:
                raise self._refusal(first)
        elif time.time() - first["at"] < _FORGOTTEN_SECONDS:
            told = f"{self._place.address} is held by {_who(first)}; waiting up to {_STALE_SECONDS:.0f} seconds to see whether that lives"
            warnings.warn(told, stacklevel=2)
            until = time.monotonic() + _STALE_SECONDS
            while time.monotonic() < until:
                time.sleep(min(_LOOK_SECONDS, max(0.0, until - time.monotonic())))
                now = self._read(name)
                if now is None:
                    return
                if (now["token"], now["renewed"]) != (first["token"], first["renewed"]):
                    raise self._refusal(now)
        with suppress(StoreError):  # Somebody else may have removed it.
            self._place.remove(name)

    def _refusal(self, holder: dict[str, Any] | None) -> StoreError:
        return StoreError(
            f"{self._place.address} is in use: {_who(holder)} works on it",
            file=self._place.address,
            hint="wait until that has ended, or name another address",
        )

    def _renew(self) -> None:
        while not self._has_ended.wait(_RENEW_SECONDS):
            with suppress(StoreError):  # The next turn may go well.
                if not self._is_held():
                    return
                self._n_renewed += 1
                self._place.write(self._name, self._content())

    def _is_held(self) -> bool:
        found = self._read(self._name)
        return found is not None and found["token"] == self._token

    def check(self) -> None:
        """Raises where somebody else has taken over since."""
        if not self._is_held():
            raise self._refusal(self._read(self._name))

    def release(self) -> None:
        """Ends the lease; it isn't an error that somebody else has it."""
        self._has_ended.set()
        renewing = getattr(self, "_renewing", None)
        if renewing is not None and renewing is not threading.current_thread():
            renewing.join()
        with suppress(StoreError):
            if self._is_held():
                self._place.remove(self._name)


def _who(holder: dict[str, Any] | None) -> str:
    if not holder or not holder.get("host"):
        return "another process"
    if holder.get("process") == _PROCESS:
        return "this process itself"
    return f"process {holder['pid']} on {holder['host']}"
