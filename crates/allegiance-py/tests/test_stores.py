"""Results in stores: whole or not there, whatever happens on the way."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import allegiance
import pytest
from allegiance import _lease, _mirror, _store

fsspec = pytest.importorskip("fsspec", reason="skipped: there is no fsspec here")

DESIGN = allegiance.design(
    "stored", "one-village", {"combat.decisiveness": [0.5, 1, 2, 3]}, outcomes=["deaths"], set={"days": 5}
)
BUCKET = "wars"


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def stored(address: str) -> dict[str, bytes]:
    system, path = fsspec.core.url_to_fs(address)
    system.invalidate_cache()
    return {str(name)[len(path) + 1 :]: system.cat_file(name) for name in system.find(path)}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A server that speaks the protocol of S3, with one bucket."""
    moto = pytest.importorskip("moto.server", reason="skipped: there is no moto here")
    s3fs = pytest.importorskip("s3fs", reason="skipped: there is no s3fs here")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=port)
    server.start()
    names = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in names.items():
            patch.setenv(name, value)
        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir(BUCKET)
        yield f"s3://{BUCKET}"
        s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


@pytest.fixture(params=["memory", "file", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty place in each kind of store."""
    if request.param == "memory":
        return f"memory://{tmp_path.name}"
    if request.param == "file":
        return (tmp_path / "store").as_uri()
    return f"{request.getfixturevalue('s3')}/{tmp_path.name}"


class Broken(Exception):
    pass


def break_after(n: int, patch: pytest.MonkeyPatch) -> None:
    """Lets ``n`` files be sent and fails at the next."""
    send, sent = _store.Place.send, []

    def failing(place: _store.Place, name: str, folder: Path) -> None:
        with place._asking(f"write {name}"):
            if len(sent) == n:
                raise Broken("the line is dead")
        sent.append(name)
        send(place, name, folder)

    patch.setattr(_store.Place, "send", failing)


def test_a_run_in_a_store_is_that_of_a_folder(store: str) -> None:
    here = allegiance.run("one-village", replicates=2, out="here")
    there = allegiance.run("one-village", replicates=2, out=f"{store}/run")
    assert there.digest == here.digest and there.address == f"{store}/run" and there.folder is None
    assert not Path(".allegiance-work").exists()
    expected, found = files(Path("here")), stored(f"{store}/run")
    assert found.keys() == expected.keys()
    assert all(found[name] == expected[name] for name in found if name.endswith((".parquet", ".csv", ".toml")))
    again = allegiance.open_run(f"{store}/run")
    assert again._copy
    assert again["groups"].to_pyarrow().equals(here["groups"].to_pyarrow())
    assert not (again._copy.folder / "beliefs.parquet").exists()
    assert allegiance.story(again).fields == allegiance.story(here).fields
    who = allegiance.story(f"{store}/run")["who"]["person"]
    assert allegiance.but_for(again, person=who, futures=4).fields == allegiance.but_for(here, person=who, futures=4).fields
    table = allegiance.read_table(f"{store}/run/groups.parquet")
    assert table.to_pyarrow().equals(here["groups"].to_pyarrow())
    copied = again._copy.folder
    del again
    assert not copied.exists()


def test_what_is_in_a_store_is_not_overwritten_unasked(store: str) -> None:
    first = allegiance.run("one-village", days=3, out=f"{store}/run")
    with pytest.raises(allegiance.FolderError, match="run exists already; pass another out=, or overwrite=True"):
        allegiance.run("one-village", days=4, out=f"{store}/run")
    second = allegiance.run("one-village", days=4, tables=["groups", "beliefs"], out=f"{store}/run", overwrite=True)
    assert "incidents.parquet" not in stored(f"{store}/run")
    with pytest.raises(allegiance.FolderError, match="was overwritten since it was opened"):
        first["beliefs"]
    assert len(second["groups"]) == 12
    system, path = fsspec.core.url_to_fs(store)
    if "file" in system.protocol:
        system.makedirs(f"{path}/mine")
    system.pipe_file(f"{path}/mine/thesis.txt", b"years of work")
    for choice in ({}, {"overwrite": True}, {"resume": True}):
        with pytest.raises(allegiance.FolderError, match="holds thesis.txt and no result"):
            allegiance.run("one-village", days=3, out=f"{store}/mine", **choice)
    assert stored(f"{store}/mine") == {"thesis.txt": b"years of work"}


def test_what_is_finished_in_a_store_is_checked_and_opened(store: str) -> None:
    first = allegiance.run("one-village", days=3, out=f"{store}/run")
    before = stored(f"{store}/run")
    again = allegiance.run("one-village", days=3, out=f"{store}/run", resume=True)
    assert again.digest == first.digest
    assert stored(f"{store}/run") == before
    with pytest.raises(allegiance.FolderError, match=f"^{re.escape(store)}/run is finished, and isn't what was to be"):
        allegiance.run("one-village", days=4, out=f"{store}/run", resume=True)
    system, path = fsspec.core.url_to_fs(store)
    system.pipe_file(f"{path}/run/summary.txt", b"nobody died")
    with pytest.raises(allegiance.FolderError, match="summary.txt isn't what was written"):
        allegiance.run("one-village", days=3, out=f"{store}/run", resume=True)
    assert not Path(".allegiance-work").exists()


def test_a_failed_upload_is_nothing_until_it_is_sent_again() -> None:
    whole = allegiance.run("one-village", replicates=2, days=5, out="here")
    n_files = len(files(Path("here")))
    assert n_files > 10
    for n in range(n_files):
        address = f"memory://broken-{n}"
        with pytest.MonkeyPatch.context() as patch:
            break_after(n, patch)
            with pytest.raises(allegiance.StoreError, match="the line is dead") as raised:
                allegiance.run("one-village", replicates=2, days=5, out=address)
        assert "resume=True sends it" in str(raised.value)
        with pytest.raises(allegiance.FolderError, match="isn't finished"):
            allegiance.open_run(address)
        with pytest.raises(allegiance.FolderError, match="unfinished result; pass resume=True"):
            allegiance.run("one-village", replicates=2, days=5, out=address)
        with pytest.raises(allegiance.FolderError, match="another unfinished run"):
            allegiance.run("one-village", replicates=2, days=6, out=address, resume=True)
        heard: list[int] = []
        sent = allegiance.run(
            "one-village", replicates=2, days=5, out=address, resume=True, progress=lambda done, total: heard.append(done)
        )
        assert sent.digest == whole.digest and set(heard) <= {10}
        assert stored(address).keys() == files(Path("here")).keys()
    assert not Path(".allegiance-work").exists()


KILLED = """\
import os, signal, sys
import allegiance
from allegiance import _store
send, sent = _store.Place.send, []
def dying(place, name, folder):
    if len(sent) == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    sent.append(name)
    send(place, name, folder)
_store.Place.send = dying
allegiance.run("one-village", replicates=2, out=sys.argv[1])
"""


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_a_process_killed_while_it_sends_leaves_nothing_that_opens(s3: str) -> None:
    address = f"{s3}/killed"
    done = subprocess.run([sys.executable, "-c", KILLED, address], check=False)
    assert done.returncode == -signal.SIGKILL
    left = stored(address)
    # Five files, the mark, and the lease of who was killed, which is taken over at once on his machine.
    assert len(left) == 7 and "run.json" not in left and {"unfinished.txt", "lease.json"} <= left.keys()
    with pytest.raises(allegiance.FolderError, match="isn't finished"):
        allegiance.open_run(address)
    sent = allegiance.run("one-village", replicates=2, out=address, resume=True)
    assert sent.digest == allegiance.run("one-village", replicates=2).digest


def test_a_stopped_run_goes_on_and_is_sent() -> None:
    class Enough(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done:
            raise Enough

    options: dict[str, Any] = {"replicates": 30, "days": 20, "tables": ["groups"]}
    with pytest.raises(Enough):
        allegiance.run("north-syria-2014", out="memory://stopped", threads=1, progress=stop, **options)
    assert stored("memory://stopped").keys() == {"unfinished.txt"}
    options["replicates"] = 3
    sent = allegiance.run("north-syria-2014", out="memory://stopped", resume=True, **options)
    assert sent.digest == allegiance.run("north-syria-2014", **options).digest


def test_a_mistake_before_the_work_leaves_no_mark() -> None:
    with pytest.raises(allegiance.ArgumentError, match="there is no table people"):
        allegiance.run("one-village", tables=["people"], out="memory://mistaken")
    assert stored("memory://mistaken") == {}
    assert not Path(".allegiance-work").exists()


def test_shards_meet_in_a_store_without_a_disk_in_common(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = allegiance.sweep(DESIGN, out=tmp_path / "whole")
    for at in (1, 2, 3):
        machine = tmp_path / f"machine-{at}"
        machine.mkdir()
        monkeypatch.chdir(machine)
        part = allegiance.sweep(DESIGN, out=f"{store}/sweep", shard=(at, 3))
        assert part["shard"] == [at, 3]
        if at == 2:
            with pytest.raises(allegiance.FolderError, match="1 of 3 shards are missing or unfinished: 3"):
                allegiance.sweep(DESIGN, out=f"{store}/sweep", shard="merge")
    joined = allegiance.sweep(DESIGN, out=f"{store}/sweep", shard="merge")
    expected = files(tmp_path / "whole")
    assert stored(f"{store}/sweep") == expected
    assert joined.text == whole.text and joined.rows.to_pyarrow().equals(whole.rows.to_pyarrow())
    again = allegiance.open_sweep(f"{store}/sweep")
    assert again.fields == whole.fields == allegiance.open_sweep(tmp_path / "whole").fields
    with pytest.raises(allegiance.FolderError, match="there are no shards next to"):
        allegiance.sweep(DESIGN, out=f"{store}/other", shard="merge")


def test_experiments_and_comparisons_are_kept_in_stores(store: str) -> None:
    small: dict[str, Any] = {"replicates": 4, "theories": False, "prior_draws": 0}
    here = allegiance.experiment("thesis", out="here", **small)
    there = allegiance.experiment("thesis", out=f"{store}/thesis", **small)
    assert there.fields == here.fields and there.folder is None
    assert stored(f"{store}/thesis") == files(Path("here"))
    found = allegiance.compare("one-village", set={"days": 3}, set_b={"joining.per_month": 0}, replicates=3, out=f"{store}/two")
    assert found.text and "experiment.json" in stored(f"{store}/two")


def test_stores_tell_what_they_lack(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(allegiance.StoreError, match="bucket.*make the bucket first"):
        allegiance.run("one-village", days=3, out="s3://no-such-bucket-here/run")
    with pytest.raises(allegiance.FolderError, match="there is nothing in"):
        allegiance.open_run(f"{s3}/nowhere")
    with pytest.raises(allegiance.StoreError, match="(?i)protocol not known.*such as s3://bucket/folder"):
        allegiance.open_run("s4://bucket/run")
    with pytest.raises(allegiance.ArgumentError, match="pass it as text"):
        allegiance.run("one-village", days=3, out=Path("s3://bucket/run"))
    with pytest.raises(allegiance.ArgumentError, match="must be a path of this machine"):
        allegiance.theories("one-village", out=f"{s3}/theories")


def test_without_credentials_the_work_does_not_begin(s3: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import s3fs

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    s3fs.S3FileSystem.clear_instance_cache()
    try:
        with pytest.raises(allegiance.StoreError, match="(?i)credentials.*as fsspec takes them"):
            allegiance.run("north-syria-2014", replicates=30_000, out=f"{s3}/refused")
    finally:
        s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.parametrize("missing, hint", [("fsspec", 'pip install "allegiance[store]"'), ("gcsfs", "pip install gcsfs")])
def test_a_missing_library_is_named(missing: str, hint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(allegiance.StoreError) as raised:
        allegiance.open_run("gs://bucket/run")
    assert raised.value.hint == hint


def test_files_beside_a_result_in_a_store_are_neither_removed_nor_overwritten(store: str) -> None:
    address = f"{store}/run"
    allegiance.run("one-village", days=3, out=address)
    system, path = fsspec.core.url_to_fs(address)
    system.pipe_file(f"{path}/notes.md", b"mine")
    before = stored(address)
    with pytest.raises(allegiance.FolderError, match=r"holds notes\.md, which isn't part of what was written there"):
        allegiance.run("one-village", days=4, out=address, overwrite=True)
    assert stored(address) == before
    system.rm_file(f"{path}/notes.md")
    assert allegiance.run("one-village", days=4, out=address, overwrite=True).manifest["n_days"] == 4


def test_of_two_who_want_one_place_the_second_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    address = f"memory://both-{tmp_path.name}"
    send, refused = _store.Place.send, []

    def meanwhile(place: _store.Place, name: str, folder: Path) -> None:
        send(place, name, folder)
        if not refused:
            with pytest.raises(allegiance.StoreError) as raised:
                allegiance.run("one-village", days=4, out=address, overwrite=True)
            refused.append(str(raised.value))

    monkeypatch.setattr(_store.Place, "send", meanwhile)
    allegiance.run("one-village", days=3, out=address)
    assert refused == [
        f"{address} is in use: this process itself works on it; wait until that has ended, or name another address"
    ]
    assert allegiance.open_run(address).manifest["n_days"] == 3
    assert "lease.json" not in stored(address) and not Path(".allegiance-work").exists()


def test_who_lost_his_lease_sends_nothing_more(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    address = f"memory://lost-{tmp_path.name}"
    send, sent = _store.Place.send, []

    def meanwhile(place: _store.Place, name: str, folder: Path) -> None:
        send(place, name, folder)
        sent.append(name)
        if len(sent) == 2:
            system, path = fsspec.core.url_to_fs(address)
            system.pipe_file(f"{path}/lease.json", system.cat_file(f"{path}/lease.json").replace(b'"token": "', b'"token": "0'))

    monkeypatch.setattr(_store.Place, "send", meanwhile)
    with pytest.raises(allegiance.StoreError, match="is in use"):
        allegiance.run("one-village", days=3, out=address)
    assert len(sent) == 2 and "lease.json" in stored(address)
    assert Path(".allegiance-work").exists(), "what was made is kept"


HOLDER = """\
import sys, time
from allegiance import _lease, _store
part = tuple(map(int, sys.argv[2:])) or None
lease = _lease.Lease(_store.Place(sys.argv[1]), part)
print("held", flush=True)
time.sleep(300)
"""


def holder(address: str, *part: int) -> subprocess.Popen[str]:
    """A process that holds the lease of an address."""
    words = [sys.executable, "-c", HOLDER, address, *map(str, part)]
    held = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    assert held.stdout and held.stdout.readline() == "held\n"
    return held


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
@pytest.mark.parametrize("kind", ["file", "s3"])
def test_a_second_process_is_refused_until_the_first_is_gone(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    address = f"{request.getfixturevalue('s3')}/held" if kind == "s3" else (tmp_path / "held").as_uri()
    first = holder(address)
    try:
        wanted = re.escape(f"{address} is in use: process {first.pid} on ")
        with pytest.raises(allegiance.StoreError, match=wanted):
            allegiance.run("one-village", days=3, out=address)
        assert stored(address).keys() == {"lease.json"}
    finally:
        first.kill()
        first.wait()
    allegiance.run("one-village", days=3, out=address)
    assert "lease.json" not in stored(address)


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_shards_of_one_address_exclude_themselves_and_not_one_another(tmp_path: Path) -> None:
    address = (tmp_path / "sweep").as_uri()
    first = holder(f"{address}.shard-1-of-2")
    try:
        with pytest.raises(allegiance.StoreError, match=r"sweep\.shard-1-of-2 is in use"):
            allegiance.sweep(DESIGN, out=address, shard=(1, 2))
        assert allegiance.sweep(DESIGN, out=address, shard=(2, 2))["shard"] == [2, 2]
    finally:
        first.kill()
        first.wait()
    allegiance.sweep(DESIGN, out=address, shard=(1, 2))
    allegiance.sweep(DESIGN, out=address, shard="merge")


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_parts_of_one_table_exclude_the_whole_and_not_one_another(tmp_path: Path) -> None:
    address = (tmp_path / "table").as_uri()
    first = holder(address, 1, 2)
    try:
        for part in (None, (1, 2)):
            with pytest.raises(allegiance.StoreError, match="is in use"):
                allegiance.recover(table=address, shard=part, **RECOVERY)
        allegiance.recover(table=address, shard=(2, 2), **RECOVERY)
    finally:
        first.kill()
        first.wait()
    assert stored(address).keys() == {"study.json", "draws/000001.parquet", "draws/000003.parquet", "lease-1-of-2.json"}


def test_a_lease_of_another_machine_is_watched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = _store.Place(f"memory://watched-{tmp_path.name}")
    monkeypatch.setattr(_lease, "_RENEW_SECONDS", 0.05)
    monkeypatch.setattr(_lease, "_LOOK_SECONDS", 0.02)
    monkeypatch.setattr(_lease, "_STALE_SECONDS", 0.5)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(_lease, "_machine", lambda: "another")
        elsewhere.setattr(_lease, "_PROCESS", "another")
        held = _lease.Lease(place)
        content = held._content()
    with pytest.warns(UserWarning, match="waiting up to"), pytest.raises(allegiance.StoreError, match="is in use"):
        _lease.Lease(place)
    held.check()
    held.release()
    # Nobody renews this one: its process was lost with its machine.
    place.write("lease.json", content)
    with pytest.warns(UserWarning, match="waiting up to"):
        taken = _lease.Lease(place)
    taken.check()
    with pytest.raises(allegiance.StoreError, match="is in use"):
        held.check()
    taken.release()
    assert place.leases() == []
    # What was cut off says nothing, and nobody renews it either.
    place.write("lease.json", b"{")
    with pytest.warns(UserWarning, match="another process"):
        _lease.Lease(place).release()


def test_a_file_is_made_only_where_there_is_none(store: str) -> None:
    place = _store.Place(f"{store}/made")
    assert place.makes_exclusively
    assert place.create("lease.json", b"first")
    # Asked directly, for one may have been made since anybody looked.
    assert not place.create("lease.json", b"second")
    assert stored(place.address) == {"lease.json": b"first"}


@pytest.mark.parametrize("is_exclusive", [True, False])
def test_of_many_who_come_at_once_one_has_the_lease(
    is_exclusive: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address = (tmp_path / "many").as_uri()
    if not is_exclusive:
        monkeypatch.setattr(_store, "_EXCLUSIVE", set())
        monkeypatch.setattr(_lease, "_SETTLE_SECONDS", 0.3)
        system = type(_store.Place(address)._system)
        pipe_file = system.pipe_file

        def knows_no_mode(self: Any, path: str, value: bytes, **options: Any) -> Any:
            if options:
                raise TypeError("unexpected keyword argument")
            return pipe_file(self, path, value)

        monkeypatch.setattr(system, "pipe_file", knows_no_mode)
    begin, taken, refused = threading.Barrier(8), [], []

    def come() -> None:
        begin.wait()
        try:
            taken.append(_lease.Lease(_store.Place(address)))
        except allegiance.StoreError as error:
            refused.append(error)

    those = [threading.Thread(target=come) for _ in range(8)]
    for each in those:
        each.start()
    for each in those:
        each.join()
    # Where nothing is exclusive, all may give way, and never two have it.
    assert len(taken) == 1 if is_exclusive else len(taken) <= 1
    assert len(taken) + len(refused) == 8
    for lease in taken:
        lease.check()
        lease.release()


RECOVERY: dict[str, Any] = {"draws": 1_000, "truths": 1, "fresh": 4}


def test_a_table_of_draws_grows_in_a_store(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = allegiance.recover(table=tmp_path / "here", **RECOVERY)
    address = f"{store}/table"
    for at in (1, 2):
        machine = tmp_path / f"machine-{at}"
        machine.mkdir()
        monkeypatch.chdir(machine)
        assert dict(allegiance.recover(table=address, shard=(at, 2), **RECOVERY)) == {}
        assert not Path(".allegiance-work").exists()
    there = allegiance.recover(table=address, **RECOVERY)
    assert there.fields == here.fields and there.text == here.text
    assert stored(address) == files(tmp_path / "here")
    # More draws are added to those that are there.
    heard: list[int] = []
    allegiance.recover(table=address, progress=lambda done, total: heard.append(done), **RECOVERY | {"draws": 1_200})
    assert heard[0] >= 1_024 and "draws/000004.parquet" in stored(address)
    with pytest.raises(allegiance.FolderError, match=f"^{re.escape(address)} holds the draws of another study"):
        allegiance.recover("one-village", parameters=["combat.decisiveness"], table=address, **RECOVERY)
    before = stored(address)
    system, path = fsspec.core.url_to_fs(store)
    if "file" in system.protocol:
        system.makedirs(f"{path}/mine")
    system.pipe_file(f"{path}/mine/thesis.txt", b"years of work")
    with pytest.raises(allegiance.FolderError, match="mine isn't empty and holds no study.json"):
        allegiance.recover(table=f"{store}/mine", **RECOVERY)
    assert stored(f"{store}/mine") == {"thesis.txt": b"years of work"} and stored(address) == before


def test_a_calibration_goes_on_in_a_store(
    store: str, found: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small: dict[str, Any] = {"budget": 256, "particles": 64, "evidence": [found]}
    here = allegiance.calibrate("one-village", out=tmp_path / "here", **small)
    address = f"{store}/calibration"
    monkeypatch.setattr(_mirror, "_SEND_SECONDS", 0.0)

    def stop(done: int, total: int) -> None:
        if done >= 96:
            raise KeyboardInterrupt

    (tmp_path / "first").mkdir()
    monkeypatch.chdir(tmp_path / "first")
    with pytest.raises(KeyboardInterrupt):
        allegiance.calibrate("one-village", out=address, threads=1, progress=stop, **small)
    begun = stored(address)
    assert "generation-00/000001.parquet" in begun and "calibration.json" not in begun
    assert "lease.json" not in begun and not Path(".allegiance-work").exists()
    (tmp_path / "second").mkdir()
    monkeypatch.chdir(tmp_path / "second")
    there = allegiance.calibrate("one-village", out=address, **small)
    assert there.fields == here.fields and there.folder is None
    assert stored(address) == files(tmp_path / "here")


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_a_machine_lost_in_mid_table_loses_only_what_was_not_whole(s3: str, tmp_path: Path) -> None:
    dying = """\
import os, signal, sys
import allegiance
from allegiance import _mirror
_mirror._SEND_SECONDS = 0.0
def die(done, total):
    if done >= 600:
        os.kill(os.getpid(), signal.SIGKILL)
allegiance.recover(table=sys.argv[1], draws=1000, truths=1, fresh=4, threads=1, progress=die)
"""
    address = f"{s3}/lost-machine"
    (tmp_path / "lost").mkdir()
    done = subprocess.run([sys.executable, "-c", dying, address], check=False, cwd=tmp_path / "lost")
    assert done.returncode == -signal.SIGKILL
    assert {"study.json", "draws/000000.parquet", "draws/000001.parquet", "lease.json"} == stored(address).keys()
    heard: list[int] = []
    there = allegiance.recover(table=address, progress=lambda done, total: heard.append(done), **RECOVERY)
    assert heard[0] >= 512
    assert there.fields == allegiance.recover(table="here", **RECOVERY).fields
    assert stored(address) == files(Path("here"))


def test_a_folder_of_somebody_else_is_not_taken_for_work(tmp_path: Path) -> None:
    address = f"memory://whose-{tmp_path.name}"
    home = _store.Upload(address, False, False)._home
    (home / "for.txt").unlink()
    (home / "notes.md").write_text("mine")
    with pytest.raises(allegiance.FolderError, match="holds no work for"):
        allegiance.run("one-village", days=3, out=address, overwrite=True)
    assert (home / "notes.md").read_text() == "mine"


def test_a_file_that_was_changed_is_refused() -> None:
    run = allegiance.run("one-village", days=3, out="here")
    table = Path("here/groups.parquet")
    spoiled = bytearray(table.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    table.write_bytes(spoiled)
    with pytest.raises(allegiance.FolderError, match="isn't what was written"):
        run["groups"]
    with pytest.raises(allegiance.FolderError, match="isn't what was written"):
        allegiance.open_run("here")
