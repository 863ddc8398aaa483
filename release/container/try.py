"""Tries the container file and the Apptainer definition where no engine for containers runs.

    python3 release/container/try.py [--root FOLDER] [--profile ci] [--only parse]

Both are parsed: every instruction must be one that this script knows, both must run the same commands, and every
copied file must exist. Then the stages are made as clean roots of Debian by debootstrap, and every RUN is run in its own by
chroot, as an engine would. What it can't show is the engine: networks, users and layers. Needs root, debootstrap, and
a network for the packages of Debian and the crates. `--root` keeps the roots there, and a stage that was finished is
not built again.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent


@dataclass
class Stage:
    """A stage: from which image, its name, and its steps as (instruction, text)."""

    base: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)


def containerfile(text: str) -> list[Stage]:
    """The stages of a container file; arguments before the first stage are put in."""
    stages: list[Stage] = []
    before: dict[str, str] = {}
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if word == "ARG" and not stages:
            name, _, value = rest.partition("=")
            before[name] = value
        elif word == "FROM":
            found = re.fullmatch(r"(\S+)(?: AS (\S+))?", rest)
            if not found:
                sys.exit(f"not a FROM: {line}")
            base = re.sub(r"\$\{(\w+)\}", lambda name: before[name[1]], found[1])
            stages.append(Stage(base, found[2] or "final"))
        elif word in ("RUN", "COPY", "WORKDIR", "ARG", "LABEL", "ENTRYPOINT", "CMD"):
            stages[-1].steps.append((word, rest))
        else:
            sys.exit(f"an instruction that isn't known: {line}")
    return stages


def definition(text: str) -> list[Stage]:
    """The stages of an Apptainer definition, with its sections as steps."""
    stages: list[Stage] = []
    section = ""
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        head = re.fullmatch(r"(Bootstrap|From|Stage): (\S+)", line)
        if head:
            section = ""
            if head[1] == "Bootstrap":
                stages.append(Stage("", ""))
            elif head[1] == "From":
                stages[-1].base = head[2]
            else:
                stages[-1].name = head[2]
        elif line.startswith("%"):
            section = line[1:].strip()
            if section not in ("files", "files from build", "post", "labels", "help", "runscript", "test"):
                sys.exit(f"a section that isn't known: {line}")
        elif section:
            stages[-1].steps.append((section, line.strip()))
        else:
            sys.exit(f"a line outside every section: {line}")
    return stages


def commands(stages: list[Stage], *kinds: str) -> list[str]:
    return [text for stage in stages for kind, text in stage.steps if kind in kinds]


def check(stages: list[Stage], recipe: list[Stage]) -> None:
    """Both run the same commands on the same images, and what they copy is there."""
    if [stage.base for stage in stages] != [stage.base for stage in recipe]:
        sys.exit("the two build on different images")
    here = commands(stages, "RUN")
    there = [text for text in commands(recipe, "post", "test") if not re.match(r"(cd|PROFILE=)", text)]
    if here != there:
        sys.exit("the two run different commands:\n" + "\n".join([*here, "", *there]))
    for text in commands(stages, "COPY"):
        sources = [] if text.startswith("--from") else shlex.split(text)[:-1]
        for source in sources:
            if not (PROJECT / source).exists():
                sys.exit(f"COPY {text}: there is no {source}")
    print(f"parsed: {len(stages)} stages, {len(here)} commands, the same in both")


def chroot(root: Path, command: str, env: dict[str, str], at: str) -> None:
    words = ["chroot", str(root), "/bin/sh", "-c", f"cd {shlex.quote(at)} && {command}"]
    clean = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}
    print(f"$ {command}", flush=True)
    done = subprocess.run(words, env=clean | env)
    if done.returncode != 0:
        sys.exit(f"ended with {done.returncode}")


def checkout(into: Path) -> None:
    """What is committed, as a build would copy it."""
    into.mkdir(parents=True, exist_ok=True)
    archive = subprocess.Popen(["git", "-C", str(PROJECT), "archive", "HEAD"], stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", str(into)], stdin=archive.stdout, check=True)
    if archive.wait() != 0:
        sys.exit("git archive failed")


def run(stages: list[Stage], roots: Path, profile: str) -> None:
    made: dict[str, Path] = {}
    for stage in stages:
        root = roots / stage.name
        made[stage.name] = root
        if (root / ".done").exists():
            continue
        release = {"11": "bullseye", "12": "bookworm", "13": "trixie"}[re.search(r"\d+", stage.base)[0]]  # type: ignore[index]
        if not (root / "bin").exists():
            extra = ["--variant=minbase", f"--include=ca-certificates{',binutils' if stage.name == 'build' else ''}"]
            subprocess.run(["debootstrap", *extra, release, str(root)], check=True, stdout=subprocess.DEVNULL)
            # The images have the security updates' list, where the newest compiler is.
            for line in Path("/etc/apt").rglob("*.sources"):
                shutil.copy(line, root / "etc/apt/sources.list.d")
        shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
        # The certificates that this machine trusts, for what fetches crates.
        shutil.copy("/etc/ssl/certs/ca-certificates.crt", root / "trusted.crt")
        env, at = {"PROFILE": profile, "CARGO_HTTP_CAINFO": "/trusted.crt"}, "/"
        subprocess.run(["mount", "-t", "proc", "proc", str(root / "proc")], check=True)
        try:
            for kind, text in stage.steps:
                if kind == "WORKDIR":
                    at = text
                    (root / at.lstrip("/")).mkdir(parents=True, exist_ok=True)
                elif kind == "COPY":
                    copy(text, root, at, made)
                elif kind == "RUN":
                    chroot(root, text, env, at)
        finally:
            subprocess.run(["umount", str(root / "proc")], check=True)
        (root / ".done").write_text("")
        if stage.name == "final":
            finish(stage, root)


def copy(text: str, root: Path, at: str, made: dict[str, Path]) -> None:
    words = shlex.split(text)
    origin = PROJECT
    if words[0].startswith("--from="):
        origin = made[words.pop(0).removeprefix("--from=")]
    *sources, target = words
    if sources == ["."]:
        checkout(root / os.path.join(at, target).lstrip("/"))
        return
    place = root / os.path.join(at, target).lstrip("/")
    for source in sources:
        into = place / source if target.endswith("/") else place
        into.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(origin / source.lstrip("/"), into)


def finish(stage: Stage, root: Path) -> None:
    """What the container does when it is started, in an otherwise empty root."""
    entry = dict(stage.steps)["ENTRYPOINT"]
    program = re.findall(r'"([^"]+)"', entry)[0]
    chroot(root, f"{program} run one-village --days 10 --out /work/first --quiet && {program} verify /work/first", {}, "/work")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path)
    parser.add_argument("--profile", default="release")
    parser.add_argument("--only", choices=["parse"])
    options = parser.parse_args()
    stages = containerfile((HERE / "Containerfile").read_text())
    check(stages, definition((HERE / "allegiance.def").read_text()))
    if options.only == "parse":
        return
    with tempfile.TemporaryDirectory(prefix="allegiance-roots-") as fresh:
        roots = options.root or Path(fresh)
        roots.mkdir(parents=True, exist_ok=True)
        run(stages, roots, options.profile)
    print("every step ran")


if __name__ == "__main__":
    main()
