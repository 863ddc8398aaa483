"""Attacks the program and prints a table of tries and failures.

    python3 bench/attack/attack.py [--program target/release/allegiance] [--quick] [--only NAME ...] [--out FILE]

Each attack is a function that yields what failed, one text a failure, after it has
counted its tries. Everything happens in a temporary folder of its own. A failure of
any attack ends the script with 1. What can't be tried here, such as a power cut where
no image can be mounted, is in the table as skipped, with the reason.

Needs Python 3.11 and nothing else; pyarrow only for the draws at bounds.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import http.client
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILTIN = ROOT / "crates/allegiance-scenario/builtin"
SHARED = ROOT.parent / "shared/cases/attack"
# Exit codes that a user may meet: see docs/reference/exit-codes.md.
DOCUMENTED = {0, 1, 2, 3}
PATIENCE = 120


class Skipped(Exception):
    """Why something can't be tried here."""


class Attack:
    """Where an attack happens, and what it counts."""

    def __init__(self, program: Path, home: Path, quick: bool, luck: random.Random):
        self.program, self.home, self.quick, self.luck = program, home, quick, luck
        self.tries = 0
        self.note = ""

    def n(self, many: int, few: int) -> int:
        return few if self.quick else many

    def command(self, words: str | list[str]) -> list[str]:
        return [str(self.program), *(words.split() if isinstance(words, str) else words)]

    def run(self, words: str | list[str], patience: float = PATIENCE, **options) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.command(words), cwd=self.home, capture_output=True, text=True, errors="replace", timeout=patience, **options
        )

    def start(self, words: str | list[str]) -> subprocess.Popen:
        return subprocess.Popen(self.command(words), cwd=self.home, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def path(self, name: str) -> Path:
        return self.home / name


# Files that say when and where a result was made, and what a killed process may leave in a
# whole folder until the next command clears it away.
OF_OCCASION = ("run.json", "SHA256SUMS", "summary.txt", "register.jsonl")
ON_THE_WAY = ("lock", "partial.json", "resume.json", "replaced", "replicates", "checkpoints", "pieces")


def tree(folder: Path, but: tuple[str, ...] = OF_OCCASION) -> dict[str, bytes]:
    """The files below a folder that must be the same however it was made."""
    if not folder.exists():
        return {}
    found = (path for path in folder.rglob("*") if path.is_file() and not {path.name, path.relative_to(folder).parts[0]} & {*but})
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def remove(*paths: Path) -> None:
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)


DESIGN = """format = 1
id = "few"
title = "Few"
scenario = "one-village"
set = ["days=20"]
sampler = "grid"
replicates = 2
outcomes = ["deaths"]

[[factors]]
key = "seed"
values = [1, 2, 3, 4, 5, 6]
"""
CLASHES = """id,year,side_a,side_b,latitude,longitude,country,deaths_a,deaths_b,deaths_civilians,deaths_unknown
1,2001,Government of Marania,Front,10.50,20.50,Marania,1,2,0,0
2,2001,Government of Marania,Front,10.50,20.50,Marania,0,4,3,1
3,2001,Front,Civilians,10.52,20.60,Marania,0,0,6,0
"""
DATED = """id,date_start,date_end,side_a,side_b,latitude,longitude,country,deaths_a,deaths_b,deaths_civilians,deaths_unknown
1,2001-02-03,2001-02-03,Government of Marania,Front,10.50,20.50,Marania,1,2,0,0
2,2001-03-03,2001-03-09,Front,Civilians,10.52,20.60,Marania,0,0,6,0
"""
TOWNS = "name,latitude,longitude,population\nHilltown,10.50,20.50,20000\nFord,10.50,20.60,\n"
BUILD = (
    "data build --events clashes.csv --places towns.csv --country Marania --from 2001-01-01 --to 2001-12-31 --min-events 2"
)


def inputs(a: Attack) -> None:
    for name, text in (("few.toml", DESIGN), ("clashes.csv", CLASHES), ("dated.csv", DATED), ("towns.csv", TOWNS)):
        a.path(name).write_text(text)


# What is killed, how it is continued, and what it makes.
KILLED = {
    "run": ("run one-village --days 40 -n 20 -q --threads 2 --checkpoint-every 10 --out {out}", "--resume"),
    "sweep": ("sweep few.toml -q --threads 2 --out {out}", "--resume"),
    "build": (BUILD + " --out {out}", ""),
}


def kills(a: Attack) -> Iterator[str]:
    """Kills at random moments; what is resumed ends with the same bytes."""
    inputs(a)
    for name, (command, more) in KILLED.items():
        straight = a.path(f"straight-{name}")
        begun = time.monotonic()
        a.run(command.format(out=straight.name))
        lasted = time.monotonic() - begun
        expected = tree(straight)
        for number in range(a.n(120, 10)):
            out = a.path(f"{name}-{number}")
            child = a.start(command.format(out=out.name))
            time.sleep(a.luck.uniform(0, 1.1 * lasted))
            child.kill()
            child.communicate()
            a.tries += 1
            if not out.exists():
                again = a.run(f"{command.format(out=out.name)} {more}".strip())
                if again.returncode:
                    yield f"{name}: can't be resumed: {again.stderr[-200:]}"
            if tree(out, but=(*OF_OCCASION, *ON_THE_WAY)) != expected:
                yield f"{name}: other files after a kill"
            remove(out, out.with_name(out.name + ".partial"))


# Calls that change what is on the disk.
CALLS = ("openat", "write", "pwrite64", "copy_file_range", "ftruncate", "fsync", "fdatasync", "sync_file_range", "rename", "renameat2", "mkdir", "unlink", "unlinkat", "rmdir", "link", "linkat", "flock")
AT_CALLS = {
    "run": ("run one-village --days 6 -n 2 -q --threads 1 --checkpoint-every 2 --out {out}", "--resume"),
    "run --overwrite": ("run one-village --days 6 -n 2 -q --threads 1 --overwrite --out {out}", ""),
    "sweep": ("sweep few.toml -q --threads 1 --out {out}", "--resume"),
    "build": (BUILD + " --out {out}", ""),
    "report": ("report made --overwrite --out {out}", ""),
}


def kills_at_calls(a: Attack) -> Iterator[str]:
    """Kills before every call that changes the disk, one after the other; what is resumed ends with the same bytes."""
    if shutil.which("strace") is None:
        raise Skipped("there is no strace")
    inputs(a)
    a.run("run one-village --days 3 -q --out made")
    a.run("run one-village --days 4 -q --seed 9 --out older")

    def traced(options: list[str], command: str) -> subprocess.CompletedProcess:
        # A thread of its own for each worker, so that calls come in nearly the same order every time.
        return subprocess.run(
            ["strace", "-f", "-qq", *options, *a.command(command)], cwd=a.home, capture_output=True, text=True, errors="replace", timeout=PATIENCE
        )

    def put_older(name: str, out: Path) -> None:
        if "--overwrite" in name:
            shutil.copytree(a.path("older"), out)

    for name, (command, more) in AT_CALLS.items():
        word = name.replace(" ", "")
        straight = a.path(f"straight-{word}")
        put_older(name, straight)
        log = a.path("calls.log")
        traced(["-o", str(log), "-e", f"trace={','.join(CALLS)}"], command.format(out=straight.name))
        expected = tree(straight) if straight.is_dir() else {"": straight.read_bytes()}
        counts = {call: len(re.findall(rf"(?m)^\d+ +{call}\(", log.read_text())) for call in CALLS}
        steps = [(call, nth) for call, n in counts.items() for nth in range(1, n + 1)]
        for call, nth in a.luck.sample(steps, min(len(steps), a.n(len(steps), 15))):
            out = a.path(f"at-{word}")
            put_older(name, out)
            command_here = command.format(out=out.name)
            # Refused with "interrupted" and killed: the call isn't made.
            traced(["-o", os.devnull, "-e", f"trace={call}", "-e", f"inject={call}:error=EINTR:signal=KILL:when={nth}"], command_here)
            a.tries += 1
            def whole(out: Path = out) -> dict[str, bytes]:
                if out.is_file():
                    return {"": out.read_bytes()}
                return tree(out, but=(*OF_OCCASION, *ON_THE_WAY))

            if whole() and whole() not in (expected, tree(a.path("older"))):
                yield f"{name}, killed at {call} {nth}: what is there is neither the old nor the new"
            if whole() != expected:
                again = a.run(f"{command_here} {more}".strip())
                if again.returncode:
                    yield f"{name}, killed at {call} {nth}: can't be resumed: {again.stderr[-200:]}"
                elif whole() != expected:
                    yield f"{name}, killed at {call} {nth}: other files after it"
            remove(out, *out.parent.glob(f"{out.name}.*"), *out.parent.glob(f".{out.name}*"))


def overwrite_kills(a: Attack) -> Iterator[str]:
    """Kills while an older result is replaced: the old or the new one is always there, whole."""
    for number in range(a.n(80, 8)):
        out = a.path(f"over-{number}")
        a.run(f"run one-village --days 3 -q --out {out.name}")
        old = tree(out)
        child = a.start(f"run one-village --days 20 -n 4 -q --overwrite --out {out.name}")
        time.sleep(a.luck.uniform(0, 0.4))
        child.kill()
        child.communicate()
        a.tries += 1
        partial = out.with_name(out.name + ".partial")
        if out.exists() and tree(out) != old and a.run(f"verify -q -n 1 {out.name}").returncode:
            yield "what is there is neither the old nor the new run"
        if partial.exists():
            resumed = a.run(f"resume -q {out.name}")
            started = resumed.returncode == 0 or "before anything was kept" in resumed.stderr
            if not started:
                yield f"an interrupted --overwrite can't be resumed: {resumed.stderr[-200:]}"
        if a.run(f"verify -q -n 1 {out.name}").returncode:
            yield "no whole run is there afterwards"
        remove(out, partial)


def writers(a: Attack) -> Iterator[str]:
    """Two writers of everything at the same moment: one result, whole, and nothing mixed."""
    inputs(a)
    pairs = {
        "run": "run one-village --days 3 -q --seed {n} --overwrite --out {out}",
        "sweep": "sweep few.toml -q --overwrite --out {out}",
        "build": BUILD + " --seed {n} --overwrite --out {out}",
        "report": "report made --overwrite --out {out}",
    }
    a.run("run one-village --days 3 -q --out made")
    for name, command in pairs.items():
        references = []
        for n in (1, 2):
            out = a.path(f"reference-{name}-{n}")
            a.run(command.format(n=n, out=out.name))
            references.append(tree(out) if out.is_dir() else {"": out.read_bytes()})
        for number in range(a.n(60, 6)):
            out = a.path(f"two-{name}-{number}")
            both = [a.start(command.format(n=n, out=out.name)) for n in (1, 2)]
            codes = [child.wait() for child in both]
            told = [child.communicate()[1] for child in both]
            a.tries += 1
            found = tree(out) if out.is_dir() else {"": out.read_bytes()} if out.exists() else {}
            if found not in references:
                yield f"{name}: mixed or missing: codes {codes}, {told}"
            if any(code not in (0, 3) for code in codes) or 0 not in codes:
                yield f"{name}: codes {codes}: {told}"
            remove(out, out.with_name(out.name + ".partial"))


def full_disk(a: Attack) -> Iterator[str]:
    """A disk that is full sooner or later: exit 3, nothing half-written, and it goes on with room."""
    inputs(a)
    disk = a.path("disk")
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        raise Skipped("no small disk can be mounted here")
    try:
        commands = {
            "run": "run one-village --days 40 -n 6 -q --out disk/made",
            "sweep": "sweep few.toml -q --out disk/made",
            "build": BUILD + " --out disk/made",
            "report": "report run --out disk/made",
        }
        a.run("run one-village --days 3 -q --out run")
        for name, command in commands.items():
            for free in range(0, a.n(1_200, 300), 40):
                filler = disk / "filler"
                size = os.statvfs(disk)
                filler.write_bytes(b"x" * max(0, size.f_bavail * size.f_frsize - free * 1024))
                a.tries += 1
                done = a.run(command)
                if done.returncode not in (0, 3):
                    yield f"{name} with {free} kB: exit {done.returncode}: {done.stderr[-200:]}"
                if done.returncode == 3 and (disk / "made").exists():
                    yield f"{name} with {free} kB: exit 3, and a result is there"
                filler.unlink()
                if done.returncode == 3 and name in ("run", "sweep") and (disk / "made.partial").exists():
                    again = a.run(f"{command} --resume")
                    if again.returncode:
                        yield f"{name}: can't go on with room: {again.stderr[-200:]}"
                for path in disk.iterdir():
                    remove(path)
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def power_cut(a: Attack) -> Iterator[str]:
    """The power goes right after exit 0: the disk holds all that was told."""
    inputs(a)
    image, disk, copy, after = (a.path(name) for name in ("image", "disk", "copy", "after"))
    disk.mkdir()
    after.mkdir()
    with image.open("wb") as file:
        file.truncate(96 << 20)
    made = shutil.which("mkfs.ext4") and subprocess.run(["mkfs.ext4", "-q", "-F", str(image)]).returncode == 0
    if not made or subprocess.run(["mount", "-o", "loop,commit=60", str(image), str(disk)], capture_output=True).returncode:
        raise Skipped("no image can be mounted here")
    try:
        a.run("run one-village --days 3 -q --out near")
        commands = [
            "run one-village -n 3 -q --out disk/run",
            "run one-village -n 2 --seed 9 -q --overwrite --out disk/run",
            "sweep few.toml -q --out disk/sweep",
            "theories one-village --replicates 1 -q --out disk/theories",
            BUILD + " --out disk/build",
            BUILD + " --seed 3 --overwrite --out disk/build",
            "report near --out disk/report.html",
            "data ged-actors dated.csv --format csv --out disk/actors.csv",
        ]
        for command in commands:
            subprocess.run(["sync", "-f", str(disk)], check=False)
            a.run(command)
            shutil.copyfile(image, copy)
            a.tries += 1
            subprocess.run(["mount", "-o", "loop", str(copy), str(after)], check=True)
            here, there = tree(disk, ()), tree(after, ())
            subprocess.run(["umount", str(after)], check=True)
            for name in here.keys() | there.keys():
                if here.get(name) != there.get(name):
                    yield f"{command}: lost {name}"
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def foreign(a: Attack) -> Iterator[str]:
    """Files of the user beside, within and instead of results: none is removed."""
    inputs(a)
    notes = b"years of work"
    commands = {
        "run": "run one-village --days 3 -q --out out",
        "sweep": "sweep few.toml -q --out out",
        "build": BUILD + " --out out",
        "report": "report made --out out",
    }
    a.run("run one-village --days 3 -q --out made")
    names = ["out.partial/notes", "out.old/notes", "out.replaced/notes", "out/notes", "out/lock", "out.partial/lock", "out.tmp"]
    for command in commands.values():
        for name in names:
            for more in ("", " --overwrite"):
                for before in (False, True):
                    remove(*a.home.glob("out*"))
                    if before:
                        a.run(command)
                    path = a.path(name)
                    with contextlib.suppress(FileExistsError, NotADirectoryError):
                        path.parent.mkdir(parents=True, exist_ok=True)
                        path.write_bytes(notes)
                        a.tries += 1
                        done = a.run(command + more)
                        if not path.exists() or path.read_bytes() != notes:
                            yield f"{command}{more}: removed {name}"
                        if done.returncode not in DOCUMENTED:
                            yield f"{command}{more}: exit {done.returncode}"
    remove(*a.home.glob("out*"))


def flips(a: Attack) -> Iterator[str]:
    """A flipped bit in any file of a result: every reader refuses, or says the same as before."""
    inputs(a)
    a.run("run one-village --days 20 -n 2 -q --out run")
    a.run("sweep few.toml -q --out sweep")
    readers = {
        "run": ["report run --out r.html --overwrite", "story run", "paths run", "verify -q run"],
        "sweep": ["sensitivity sweep"],
    }
    for name, commands in readers.items():
        wholes = {path: path.read_bytes() for path in a.path(name).rglob("*") if path.is_file()}
        right = {}
        for command in commands:
            done = a.run(command)
            right[command] = (done.returncode, done.stdout, a.path("r.html").read_bytes() if "r.html" in command else b"")
        for _ in range(a.n(300, 30)):
            path = a.luck.choice(list(wholes))
            spoiled = bytearray(wholes[path])
            at = a.luck.randrange(len(spoiled))
            spoiled[at] ^= 1 << a.luck.randrange(8)
            path.write_bytes(spoiled)
            for command in commands:
                a.tries += 1
                done = a.run(command)
                said = (done.returncode, done.stdout, a.path("r.html").read_bytes() if "r.html" in command else b"")
                if done.returncode not in DOCUMENTED:
                    yield f"{command}: exit {done.returncode} with byte {at} of {path.name} flipped"
                elif done.returncode == 0 and said != right[command]:
                    yield f"{command}: says something else with byte {at} of {path.name} flipped"
                elif "verify" in command and done.returncode == 0:
                    yield f"verify says equal with byte {at} of {path.name} flipped"
            path.write_bytes(wholes[path])


def spoil(data: bytes, luck: random.Random) -> bytes:
    """Cuts, doubles, swaps and replaces pieces of a file."""
    data = bytearray(data)
    odd = [b"\x00", b"\xff", b"\"", b",", b"\n", b"1e999", b"-1", b"nan", b"[[", b"]", b"=", "ß\u202e".encode(), b"9" * 40, b"'''"]
    for _ in range(luck.choice((1, 1, 2, 5, 20))):
        at = luck.randrange(len(data) + 1)
        end = min(len(data), at + luck.choice((1, 1, 4, 30, 400)))
        match luck.randrange(5):
            case 0:
                del data[at:end]
            case 1:
                data[at:at] = data[at:end]
            case 2:
                data[at:at] = luck.choice(odd)
            case 3 if at < len(data):
                data[at] = luck.randrange(256)
            case _:
                data[at:end] = luck.choice(odd)
    return bytes(data)


def mutated(a: Attack) -> Iterator[str]:
    """Spoiled inputs of each format: a documented exit code, no panic, in bounded time."""
    inputs(a)
    observed = BUILTIN / "one-village-observed"
    shutil.copytree(BUILTIN / "one-village", a.path("plain"))
    shutil.copytree(observed, a.path("observed"))
    a.run("run one-village --days 3 -q --out run")
    (a.path("experiment.toml")).write_text(
        'format = 1\nid = "pay"\ntitle = "Pay"\nquestion = "?"\nscenario = "one-village"\nbaseline = "a"\nset = ["days=2"]\n'
        'outcomes = ["deaths"]\n[precision]\noutcome = "deaths"\nhalf_width = 9\nbatch = 2\nmin = 2\nmax = 2\n'
        '[robustness]\ntheories = false\nprior_draws = 0\n[[arms]]\nid = "a"\ntitle = "A"\n[[arms]]\nid = "b"\ntitle = "B"\n'
    )
    (a.path("actors.csv")).write_text("actor,group\nGovernment of Marania,army\nFront,front\n")
    (a.path("groups.csv")).write_text("side,members\nFront,300\n")
    (a.path("land.geojson")).write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"North"},"geometry":{"type":"Polygon",'
        '"coordinates":[[[20,10],[21,10],[21,11],[20,11],[20,10]]]}}]}'
    )
    (a.path("mine.toml")).write_text(a.run("theories new mine --out t.toml") and a.path("t.toml").read_text())
    formats = {
        **{f"plain/{name}": "check ./plain" for name in ("scenario.toml", "places.csv", "control.csv", "garrisons.csv")},
        "observed/events.csv": "check ./observed",
        "few.toml": "sweep few.toml -q --out swept --overwrite",
        "experiment.toml": "experiment experiment.toml -q --out arms --overwrite",
        "mine.toml": "run one-village --days 2 -q --theory mine.toml --out own --overwrite",
        "clashes.csv": BUILD + " --out built --overwrite",
        "towns.csv": BUILD + " --out built --overwrite",
        "groups.csv": BUILD + " --groups groups.csv --out built --overwrite",
        "land.geojson": BUILD + " --boundaries land.geojson --out built --overwrite",
        "actors.csv": "data import-ged dated.csv --country Marania --actors actors.csv --out imported",
        "run/run.json": "story run",
        "run/groups.parquet": "report run --out x.html --overwrite",
        "run/persons.parquet": "story run",
    }
    for name, command in formats.items():
        path = a.path(name)
        whole = path.read_bytes()
        # Digests would refuse every spoiled table before its reader sees it.
        remove(a.path("run/SHA256SUMS"))
        for _ in range(a.n(330, 12)):
            path.write_bytes(spoil(whole, a.luck))
            remove(a.path("imported"))
            a.tries += 1
            try:
                done = a.run(command, patience=60)
            except subprocess.TimeoutExpired:
                kept = a.home.parent / f"hang-{path.name}"
                shutil.copy(path, kept)
                yield f"{name}: doesn't end within 60 s"
                continue
            if done.returncode not in DOCUMENTED:
                yield f"{name}: exit {done.returncode}: {done.stderr[-300:]}"
        path.write_bytes(whole)


def bounded(a: Attack) -> Iterator[str]:
    """Large and hostile inputs: bounded time and memory."""

    def measured(what: str, words: str, seconds: float, megabytes: float) -> Iterator[str]:
        a.tries += 1
        child = subprocess.Popen(a.command(words), cwd=a.home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _, status, usage = wait4(child, 10 * seconds)
        except subprocess.TimeoutExpired:
            yield f"{what}: not done after {10 * seconds:.0f} s"
            return
        # Of the processor, so that others who work on the machine don't count.
        took, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
        a.note += f"{what}: {took:.1f} s, {peak:.0f} MB; "
        if os.waitstatus_to_exitcode(status) not in DOCUMENTED:
            yield f"{what}: exit {os.waitstatus_to_exitcode(status)}"
        if took > seconds or peak > megabytes:
            yield f"{what}: {took:.1f} s and {peak:.0f} MB; at most {seconds} s and {megabytes} MB"

    source = BUILTIN / "syria"
    head, *rows = (source / "places.csv").read_text().splitlines()
    control_head, control, *_ = (source / "control.csv").read_text().splitlines()
    shutil.copytree(source, a.path("misspelt"))
    names = [f"{rows[i % len(rows)].partition(',')[0]}_{i // len(rows)}" for i in range(20_000)]
    rest = [rows[i % len(rows)].partition(",")[2] for i in range(20_000)]
    places = [f"syr-{name},{cells}" for name, cells in zip(names, rest, strict=True)]
    a.path("misspelt/places.csv").write_text("\n".join([head, *places]) + "\n")
    cells = control.partition(",")[2]
    a.path("misspelt/control.csv").write_text("\n".join([control_head, *(f"{name},{cells}" for name in names)]) + "\n")
    yield from measured("20,000 misspelt places", "check ./misspelt", 20, 500)

    shutil.copytree(BUILTIN / "one-village", a.path("crowd"))
    with a.path("crowd/scenario.toml").open("a") as file:
        file.write('[[groups]]\nid = "isis"\n' * 10_000)
    yield from measured("10,000 groups", "check ./crowd", 10, 500)

    with gzip.open(a.path("zeros.gz"), "wb", 1) as file:
        for _ in range(700):
            file.write(b"\0" * (1 << 20))
    yield from measured("a gzip of 3 MB", "data ged-actors zeros.gz", 20, 1_000)
    with gzip.open(a.path("commas.gz"), "wb", 1) as file:
        for _ in range(700):
            file.write(b"," * (1 << 20))
    yield from measured("a gzip of commas", "data ged-actors commas.gz", 20, 1_000)

    shutil.copytree(BUILTIN / "one-village", a.path("dense"))
    head, first, *_ = (BUILTIN / "one-village/places.csv").read_text().splitlines()
    columns = head.split(",")
    lines = [head, *(BUILTIN / "one-village/places.csv").read_text().splitlines()[1:]]
    cells = dict(zip(columns, first.split(","), strict=False))
    for number in range(20_000):
        cells |= {"place": f"p{number}", "name": f"P {number}", "population": "50"}
        cells |= {"latitude": f"{35.5 + a.luck.random():.4f}", "longitude": f"{36.0 + a.luck.random():.4f}"}
        lines.append(",".join(cells[column] for column in columns))
    a.path("dense/places.csv").write_text("\n".join(lines) + "\n")
    with a.path("dense/control.csv").open("a") as file:
        columns = (BUILTIN / "one-village/control.csv").read_text().splitlines()[0].split(",")
        row = {"group": "district_rebels", "share": "1", "source": "judgement"}
        file.writelines(",".join(({"place": f"p{n}"} | row)[column] for column in columns) + "\n" for n in range(20_000))
    if "problem" in (told := a.run("check ./dense").stderr):
        yield f"the crowded places aren't valid: {told[-300:]}"
    yield from measured("20,000 places near each other", "run ./dense --days 5 -q --out dense-run", 30, 500)

    for change in ("harm.brutality_weight=100", "exits.desertion_per_month=1e300", "belief.conviction_sd=1e6"):
        yield from measured(change, f"run one-village --days 20 -q --set {change} --out extreme --overwrite", 20, 500)


def wait4(child: subprocess.Popen, patience: float) -> tuple[int, int, resource.struct_rusage]:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        found = os.wait4(child.pid, os.WNOHANG)
        if found[0]:
            child.returncode = os.waitstatus_to_exitcode(found[1])
            return found
        time.sleep(0.02)
    child.kill()
    child.wait()
    raise subprocess.TimeoutExpired(child.args, patience)


@contextlib.contextmanager
def served(a: Attack) -> Iterator[tuple[subprocess.Popen, int]]:
    a.run("run one-village --days 20 -n 2 -q --out shown") if not a.path("shown").exists() else None
    child = subprocess.Popen(a.command("explore shown --no-open -q"), cwd=a.home, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    port = int(re.search(r":(\d+)/", child.stdout.readline())[1])
    try:
        yield child, port
    finally:
        child.kill()
        child.wait()


def asked(port: int, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def policy(a: Attack) -> Iterator[str]:
    """Requests of other sites, rebound names, paths that lead out, methods that write: all refused."""
    with served(a) as (_, port):
        own = {"Host": f"127.0.0.1:{port}"}
        refused = [
            ("/api/runs", "GET", {"Host": "evil.example"}),
            ("/api/runs", "GET", {"Host": f"127.0.0.1:{port + 1}"}),
            ("/api/runs", "GET", {**own, "Origin": "http://evil.example"}),
            ("/api/runs", "GET", {**own, "Origin": "null"}),
            ("/api/runs", "GET", {**own, "Sec-Fetch-Site": "cross-site"}),
            ("/api/runs", "GET", {**own, "Sec-Fetch-Site": "same-site"}),
            *[("/api/runs", method, own) for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT")],
            *[(path, "GET", own) for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/api/runs/../../x", "//etc/passwd", "/api/runs/9", "/api/runs/-1", "/api/runs/0/replicates/99999999999999999999")],
        ]
        for path, method, headers in refused:
            a.tries += 1
            with contextlib.suppress(http.client.HTTPException):
                status, _ = asked(port, path, method, headers)
                if status < 400:
                    yield f"{method} {path} with {headers}: {status}"
        a.tries += 1
        if asked(port, "/api/runs")[0] != 200:
            yield "its own page isn't answered any more"
        for _ in range(a.n(2_000, 100)):
            a.tries += 1
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as stream:
                line = f"GET /api/runs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
                stream.sendall(spoil(line, a.luck))
        a.tries += 1
        if asked(port, "/api/runs")[0] != 200:
            yield "after spoiled requests its own page isn't answered any more"


def floods(a: Attack) -> Iterator[str]:
    """Abandoned questions and idle connections: work ends within a second, and the page is answered."""
    with served(a) as (child, port):

        def cpu() -> float:
            words = Path(f"/proc/{child.pid}/stat").read_text().rpartition(") ")[2].split()
            return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

        people = json.loads(asked(port, "/api/runs/0/replicates/0/persons?kind=defector&limit=20")[1])
        people = people if isinstance(people, list) else people.get("people") or people.get("persons")
        numbers = [person.get("person", person.get("id")) for person in people]
        for number in range(a.n(60, 20)):
            a.tries += 1
            path = f"/api/runs/0/replicates/0/persons/{numbers[number % len(numbers)]}/but-for?replicates=500"
            with socket.create_connection(("127.0.0.1", port)) as stream:
                stream.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
                time.sleep(0.02)
        time.sleep(1.0)
        before = cpu()
        time.sleep(2.0)
        if (spent := cpu() - before) > 0.2:
            yield f"abandoned questions still take {spent:.1f} s of processor in 2 s"
        idle = []
        for _ in range(a.n(500, 200)):
            a.tries += 1
            with contextlib.suppress(OSError):
                idle.append(socket.create_connection(("127.0.0.1", port), timeout=1))
        begun = time.monotonic()
        status, _ = asked(port, "/api/runs")
        a.note += f"answered after {time.monotonic() - begun:.1f} s behind {len(idle)} idle connections; "
        if status != 200:
            yield f"behind idle connections the page gets {status}"
        for stream in idle:
            stream.close()
        for name, number in (("SIGTERM", signal.SIGTERM), ("SIGHUP", signal.SIGHUP)):
            a.tries += 1
            with served(a) as (other, _):
                other.send_signal(number)
                try:
                    other.wait(10)
                except subprocess.TimeoutExpired:
                    yield f"doesn't end on {name}"
    # A scenario is simulated into a temporary folder, which goes however the page ends.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        a.tries += 1
        own = a.path(f"tmp-{number}")
        own.mkdir()
        child = subprocess.Popen(
            a.command("explore one-village -n 1 --days 3 --no-open -q"), cwd=a.home, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "TMPDIR": str(own)},
        )
        child.stdout.readline()
        child.send_signal(number)
        child.wait(20)
        if left := list(own.iterdir()):
            yield f"after signal {number} there is {left[0].name}"


HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def hostile_names(a: Attack) -> Iterator[str]:
    """Names with escapes, turned letters, mark-up and commands: shown, and not obeyed."""
    names = ["\x1b[31mred", "\x1b]0;title\x07", "\u202eright to left", "a\rb", "\x9b2J", "<script>alert(1)</script>", "=1+1", "$(touch pwned)", "`x`", "\u2066x"]
    head, first, *rest = (BUILTIN / "one-village/places.csv").read_text().splitlines()
    for name in names:
        folder = a.path("named")
        remove(folder)
        shutil.copytree(BUILTIN / "one-village", folder)
        cells = first.split(",")
        cells[1] = '"' + name.replace('"', '""') + '"'
        (folder / "places.csv").write_text("\n".join([head, ",".join(cells), *rest]) + "\n", newline="")
        text = (folder / "scenario.toml").read_text()
        text = re.sub(r"(?m)^title = .*$", lambda _: f"title = {json.dumps(name + ' title')}", text)
        (folder / "scenario.toml").write_text(text)
        commands = [
            ["run", "./named", "--days", "20", "-n", "2", "--out", "named-run", "--overwrite"],
            ["story", "named-run"],
            ["paths", "named-run"],
            ["check", "./named", "--format", "json"],
            ["check", f"./{name.replace('/', '')}-missing".replace("\x00", "")],
            ["run", "one-village", "--set", f"{name}=1"],
            ["report", "named-run", "--out", "named.html", "--overwrite"],
        ]
        for words in commands:
            a.tries += 1
            done = subprocess.run(a.command(words), cwd=a.home, capture_output=True, timeout=PATIENCE)
            said = (done.stdout + done.stderr).decode("utf-8", "replace")
            if found := HIDDEN.search(said):
                yield f"{words[0]} prints {found[0]!r} of {name!r}"
            if done.returncode not in DOCUMENTED:
                yield f"{words[0]} with {name!r}: exit {done.returncode}"
        for file in ("named.html", "named-run/summary.txt"):
            text = a.path(file).read_text() if a.path(file).exists() else ""
            if found := HIDDEN.search(text):
                yield f"{file} holds {found[0]!r} of {name!r}"
            if "<script>alert" in text and file.endswith("html"):
                yield f"{file} holds mark-up of {name!r}"
        if a.path("pwned").exists():
            yield f"a command in {name!r} was run"


def draws(a: Attack) -> Iterator[str]:
    """Parameters drawn from their priors and at their bounds: runs end, and every number is one."""
    dictionary = json.loads(a.run("parameters --format json").stdout)
    entries = dictionary if isinstance(dictionary, list) else dictionary["parameters"]
    try:
        import pyarrow.parquet as parquet
    except ImportError:
        parquet = None
        a.note += "without pyarrow no number is looked at; "
    for number in range(a.n(300, 20)):
        at_bounds = number % 2 == 1
        chosen = a.luck.sample(entries, a.luck.choice((1, 5, 20, len(entries))))
        words = ["run", "one-village", "--days", "20", "-q", "--seed", str(number), "--out", "drawn", "--overwrite"]
        for entry in chosen:
            low, high = entry["lowest_allowed"], entry["highest_allowed"]
            value = a.luck.choice((low, high)) if at_bounds else a.luck.uniform(entry["low"], entry["high"])
            words += ["--set", f"{entry['parameter']}={value!r}"]
        a.tries += 1
        try:
            done = a.run(words, patience=60)
        except subprocess.TimeoutExpired:
            yield f"doesn't end within 60 s: {' '.join(words)}"
            continue
        # Some values are refused together, such as shares that sum to more than 1.
        if done.returncode not in (0, 1):
            yield f"exit {done.returncode}: {' '.join(words)}: {done.stderr[-200:]}"
        if done.returncode == 0 and parquet:
            for path in a.path("drawn").glob("*.parquet"):
                table = parquet.read_table(path)
                for name in table.column_names:
                    if str(table.schema.field(name).type) == "double":
                        values = [value for value in table.column(name).to_pylist() if value is not None]
                        if any(value != value or value in (float("inf"), float("-inf")) for value in values):
                            yield f"{path.name}: {name} isn't finite: {' '.join(words)}"


ATTACKS: dict[str, Callable[[Attack], Iterator[str]]] = {
    "kills at each system call": kills_at_calls,
    "kills at random moments": kills,
    "kills while replacing": overwrite_kills,
    "two writers": writers,
    "full disk": full_disk,
    "power cut": power_cut,
    "files of the user": foreign,
    "flipped bits": flips,
    "mutated inputs": mutated,
    "large inputs": bounded,
    "server policy": policy,
    "floods": floods,
    "hostile names": hostile_names,
    "draws": draws,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    parser.add_argument("--program", type=Path, default=target / "release/allegiance")
    parser.add_argument("--quick", action="store_true", help="a tenth of the tries")
    parser.add_argument("--only", nargs="*", default=list(ATTACKS), metavar="NAME", help=", ".join(ATTACKS))
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--out", type=Path, help="write the table here as well")
    asked_for = parser.parse_args()
    rows = [("attack", "tries", "failures", "seconds", "notes")]
    n_failures = 0
    with tempfile.TemporaryDirectory(prefix="allegiance-attack-", ignore_cleanup_errors=True) as home:
        for name in asked_for.only:
            folder = Path(home, name.replace(" ", "-"))
            folder.mkdir()
            attack = Attack(asked_for.program.resolve(), folder, asked_for.quick, random.Random(f"{asked_for.seed} {name}"))
            begun = time.monotonic()
            failures = []
            try:
                for failure in ATTACKS[name](attack):
                    failures.append(failure)
                    print(f"  {name}: {failure}", file=sys.stderr, flush=True)
                told = str(len(failures))
            except Skipped as skipped:
                told, attack.note = "skipped", str(skipped)
            n_failures += len(failures)
            rows.append((name, str(attack.tries), told, f"{time.monotonic() - begun:.0f}", attack.note.strip("; ")))
            print(f"{name}: {attack.tries} tries, {told} failures", flush=True)
    table = "\n".join("| " + " | ".join(row) + " |" for row in (rows[0], ("---",) * 5, *rows[1:])) + "\n"
    print(f"\n{table}")
    if asked_for.out:
        asked_for.out.write_text(table)
    return 1 if n_failures else 0


if __name__ == "__main__":
    sys.exit(main())
