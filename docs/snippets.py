"""Runs every snippet of the documents, as a reader would who follows a page from top to bottom.

    python docs/snippets.py --program target/ci/allegiance [PAGE ...]

A page's snippets run in order in an empty folder of its own, with `allegiance` on the path:

- `console` and `sh`: every command, which must end with code 0;
- `python`: all of a page in one namespace; `sql`: in DuckDB; `r`: where R has arrow;
- `toml`, `csv`, `bash`, `yaml` and whatever else a sentence above tells to save as a file: written there;
- `toml` that isn't saved: must be TOML.

A comment on the line above a fence changes that:

- `<!-- output -->`: the text is what the snippet before it printed; `...` stands for any lines;
- `<!-- fails: 1 -->`: the last command ends with that code, and the text may be of its messages;
- `<!-- tested with: A => B -->`: A is replaced by B, to take less time;
- `<!-- not run: REASON -->`: it isn't run, and the reason is printed;
- `<!-- checked by: WHAT -->` and `<!-- not checked: REASON -->`: the text is output that another check holds, or
  none; the latter's reason is printed. A `text` with none of these marks is refused.

`<!-- printed: TEXT | TEXT -->` anywhere on a page: each text is in backticks on the page, and a snippet of it printed it.

Pages that are generated from code are held to it by `cargo xtask docs --check` instead.

On the guide's pages (docs/start and docs/howto) every number in the prose above 12 must be one that a
snippet of the page printed or contains. Numbers that come from elsewhere are named on the page, with the
reason, which is printed:

- `<!-- numbers: 88 (logistic of 1.99), 2014 (a year) -->`
- `<!-- numbers not checked: REASON -->` until `<!-- end of numbers not checked -->`
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import dataclasses
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GENERATED = re.compile(r"^<!-- (generated|written)\b", re.IGNORECASE | re.MULTILINE)
MARK = re.compile(r"<!-- (output|fails|tested with|not run|not checked|checked by|equations of \w+)(?:: (.*?))? -->")
PRINTED = re.compile(r"<!-- printed: (.*?) -->", re.DOTALL)
# Pages whose prose may hold no number that nothing printed; numbers so small that they only count things; levels of intervals.
GUIDE = ("docs/start/", "docs/howto/")
SMALL, LEVELS = 12, {90.0, 95.0}
NUMBER = re.compile(r"(?<![\w.,/-])(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?![\w/]|[.,]\d|-\w)")
FROM_ELSEWHERE = re.compile(r"<!-- numbers: (.*?) -->", re.DOTALL)
UNCHECKED = re.compile(r"<!-- numbers not checked: (.*?) -->.*?<!-- end of numbers not checked -->", re.DOTALL)
# Marks of a text that no snippet of the page prints.
HELD = ("not run", "not checked", "checked by")
SAVED_AS = re.compile(r"\b[Ss]ave\b[^.:]*?\bas\s+`([^`]+)`")
ELISION = "..."
# Longest that one command may take, on a machine that does other work too.
LIMIT_S = 240
COMMANDS, FILES = ("console", "sh"), ("toml", "csv", "bash", "yaml", "json", "r", "python")
KNOWN = (*COMMANDS, *FILES, "sql", "text", "bibtex", "")


@dataclasses.dataclass
class Snippet:
    """A fenced block: its language, lines, the page's line of its fence, and what its comments ask."""

    language: str
    text: str
    line: int
    marks: dict[str, str]
    saved_as: str | None


class Wrong(Exception):
    """A snippet that doesn't do what the page says."""


def snippets_of(page: str) -> list[Snippet]:
    """The fenced blocks of a page, in order."""
    found: list[Snippet] = []
    marks: dict[str, str] = {}
    paragraph = ""
    fence: tuple[str, int] | None = None
    body: list[str] = []
    for number, line in enumerate(page.splitlines(), start=1):
        if fence is not None:
            if line.strip() == "```":
                saved = SAVED_AS.search(paragraph)
                found.append(Snippet(fence[0], "\n".join(body) + "\n", fence[1], marks, saved[1] if saved else None))
                fence, body, marks, paragraph = None, [], {}, ""
            else:
                body.append(line)
        elif line.startswith("```"):
            fence = (line[3:].strip(), number)
        elif asked := MARK.findall(line):
            marks.update(dict(asked))
        elif line.strip():
            paragraph += line + " "
            marks = {}
        elif not marks:
            # The sentence that names a file may stand one blank line above the fence.
            paragraph = paragraph if paragraph.rstrip().endswith(":") or SAVED_AS.search(paragraph) else ""
    return found


def commands_of(text: str) -> list[str]:
    """The commands of a console block, without prompts and remarks."""
    joined = text.replace("\\\n", " ")
    lines = (re.sub(r"(^|\s+)#\s.*$", "", line).strip() for line in joined.splitlines())
    return [re.sub(r"^cargo run --release -- ", "allegiance ", line.removeprefix("$ ")) for line in lines if line]


def numbers_of(text: str) -> set[float]:
    """The numbers in a text, without their commas and signs."""
    return {float(found.replace(",", "")) for found in NUMBER.findall(text) if found}


def prose_of(page: str) -> str:
    """What a page says outside its fences, inline code, comments and the targets of links."""
    without_comments = re.sub(r"<!--.*?-->", " ", UNCHECKED.sub(" ", page), flags=re.DOTALL)
    lines, is_inside = [], False
    for line in without_comments.splitlines():
        if line.startswith("```"):
            is_inside = not is_inside
        elif not is_inside:
            lines.append(line)
    text = "\n".join(lines)
    for dropped in (r"`[^`]*`", r"\]\([^)]*\)", r"https?://\S+"):
        text = re.sub(dropped, " ", text)
    return text


def check_numbers(page: str, seen: str) -> list[str]:
    """Refuses numbers of the prose that no snippet shows; gives the numbers that come from elsewhere, with reasons."""
    named = [entry.strip() for found in FROM_ELSEWHERE.findall(page) for entry in re.split(r"(?<=\)),", found)]
    elsewhere: dict[float, str] = {}
    for entry in named:
        number, _, reason = entry.partition(" ")
        if not re.fullmatch(r"\(.+\)", reason, re.DOTALL):
            raise Wrong(f"{entry!r} must be a number with its reason in brackets")
        elsewhere[float(number.replace(",", ""))] = reason
    stated = {number for number in numbers_of(prose_of(page)) if number > SMALL or number != int(number)} - LEVELS
    unknown = sorted(stated - numbers_of(seen) - elsewhere.keys())
    if unknown:
        raise Wrong("no snippet prints " + ", ".join(f"{number:g}" for number in unknown))
    idle = sorted(elsewhere.keys() - stated)
    if idle:
        raise Wrong("named as from elsewhere, and not in the prose: " + ", ".join(f"{number:g}" for number in idle))
    unchecked = [f"a passage ({reason})" for reason in UNCHECKED.findall(page)]
    return [f"{number:g} {reason}" for number, reason in sorted(elsewhere.items())] + unchecked


def check_printed(page: str, printed: str) -> None:
    """Refuses examples of output in the prose that no snippet printed, or that aren't on the page."""
    plain = " ".join(printed.split())
    for text in (text.strip() for found in PRINTED.findall(page) for text in found.split(" | ")):
        if text not in plain:
            raise Wrong(f"no snippet printed {text!r}")
        if f"`{text}`" not in page:
            raise Wrong(f"said to be printed, and not on the page: {text!r}")


def compare(expected: str, printed: str) -> None:
    """Every line of `expected` occurs in `printed` in this order, and adjacent lines are adjacent."""
    lines = [line.rstrip() for line in printed.splitlines()]
    at, free = 0, True
    for wanted in (line.rstrip() for line in expected.splitlines()):
        if wanted.strip() == ELISION:
            free = True
            continue
        if not wanted and free:
            continue
        where = range(at, len(lines)) if free else range(at, min(at + 1, len(lines)))
        hit = next((i for i in where if lines[i] == wanted), None)
        if hit is None:
            raise Wrong(f"not printed: {wanted!r}\nprinted was:\n{printed}")
        at, free = hit + 1, False


class Page:
    """Runs the snippets of one page."""

    def __init__(self, path: Path, program: Path) -> None:
        self.path = path
        self.home = Path(tempfile.mkdtemp(prefix="snippets-"))
        self.folder = self.home / "empty"
        self.folder.mkdir()
        (self.home / "bin").mkdir()
        (self.home / "bin" / "allegiance").symlink_to(program)
        os.environ["PATH"] = f"{self.home / 'bin'}{os.pathsep}{os.environ['PATH']}"
        self.names: dict[str, object] = {"__name__": "__main__"}
        self.printed = ""
        # Everything that the page's snippets contain or printed.
        self.seen: list[str] = []
        self.is_generated = False
        self.all_printed: list[str] = []
        self.n_run = 0
        self.not_run: list[str] = []

    def run(self) -> None:
        os.chdir(self.folder)
        page = self.path.read_text(encoding="utf-8")
        self.is_generated = GENERATED.search(page) is not None
        name = self.path.relative_to(ROOT)
        for snippet in snippets_of(page):
            self.seen.append(snippet.text)
            try:
                self.one(snippet)
            except Wrong as wrong:
                raise Wrong(f"{name}:{snippet.line}: {wrong}") from None
            self.seen.append(self.printed)
            self.all_printed.append(self.printed)
        try:
            check_printed(page, "\n".join(self.all_printed))
        except Wrong as wrong:
            raise Wrong(f"{name}: {wrong}") from None
        if str(name).startswith(GUIDE):
            try:
                elsewhere = check_numbers(page, "\n".join(self.seen))
            except Wrong as wrong:
                raise Wrong(f"{name}: {wrong}") from None
            self.not_run += [f"{name}: not from a snippet: {number}" for number in elsewhere]

    def one(self, snippet: Snippet) -> None:
        language, marks, text = snippet.language, snippet.marks, snippet.text
        if language not in KNOWN:
            raise Wrong(f"no snippet can be of the language {language!r}")
        if "not run" in marks:
            self.not_run.append(f"{self.path.relative_to(ROOT)}:{snippet.line}: {marks['not run']}")
            return
        if "tested with" in marks:
            for change in marks["tested with"].split(", "):
                old, new = change.split(" => ")
                if old not in text:
                    raise Wrong(f"there is no {old!r} to replace")
                text = text.replace(old, new)
        if language == "text" and not self.is_generated and not any(mark == "output" or mark in HELD or "equations" in mark for mark in marks):
            raise Wrong("nothing checks this text: mark it as output of the snippet above, or as checked by or not checked")
        if "not checked" in marks:
            self.not_run.append(f"{self.path.relative_to(ROOT)}:{snippet.line}: not checked: {marks['not checked']}")
            return
        if "output" in marks:
            compare(text, self.printed)
        elif language in COMMANDS:
            self.console(text, int(marks.get("fails", 0)))
        elif snippet.saved_as is not None and language in FILES:
            target = self.folder / snippet.saved_as
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        elif language == "toml":
            try:
                tomllib.loads(text)
            except tomllib.TOMLDecodeError as error:
                raise Wrong(f"no TOML: {error}") from None
        elif language == "python":
            self.python(text, snippet.line)
        elif language == "sql":
            self.sql(text)
        elif language == "r":
            self.r(text, snippet)
            return
        else:
            return
        self.n_run += 1

    def console(self, text: str, code: int) -> None:
        self.printed = ""
        commands = commands_of(text)
        for position, command in enumerate(commands, start=1):
            try:
                done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=self.folder,
                                      check=False, timeout=LIMIT_S)
            except subprocess.TimeoutExpired:
                raise Wrong(f"{command}: not done after {LIMIT_S} s; shorten it, or say why it isn't run") from None
            self.printed += done.stdout + (done.stderr if code else "")
            wanted = code if position == len(commands) else 0
            if done.returncode != wanted:
                raise Wrong(f"{command}: code {done.returncode}, not {wanted}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

    def python(self, text: str, line: int) -> None:
        printed = io.StringIO()
        # Lines as in the page, so that a traceback leads there.
        code = compile("\n" * line + text, str(self.path), "exec", dont_inherit=True)
        try:
            with contextlib.redirect_stdout(printed):
                exec(code, self.names)
        except Exception:
            raise Wrong(traceback.format_exc(limit=-4)) from None
        self.printed = printed.getvalue()

    def sql(self, text: str) -> None:
        import duckdb

        try:
            self.printed = str(duckdb.sql(text))
        except duckdb.Error as error:
            raise Wrong(str(error)) from None

    def r(self, text: str, snippet: Snippet) -> None:
        if not has_r():
            self.not_run.append(f"{self.path.relative_to(ROOT)}:{snippet.line}: there is no R with arrow and dplyr here")
            return
        done = subprocess.run(["Rscript", "-e", text], capture_output=True, text=True, cwd=self.folder, check=False)
        if done.returncode:
            raise Wrong(done.stderr[-3000:])
        self.printed = done.stdout
        self.n_run += 1


def has_r() -> bool:
    """Whether R can read Parquet here."""
    if shutil.which("Rscript") is None:
        return False
    asked = "quit(status = !all(requireNamespace('arrow', quietly = TRUE), requireNamespace('dplyr', quietly = TRUE)))"
    return subprocess.run(["Rscript", "-e", asked], capture_output=True, check=False).returncode == 0


def run_page(path: Path, program: Path) -> tuple[int, list[str], str | None]:
    """Snippets run, those not run with reasons, and what is wrong."""
    page = Page(path, program)
    try:
        page.run()
    except Wrong as wrong:
        return page.n_run, page.not_run, str(wrong)
    finally:
        os.chdir(ROOT)
        shutil.rmtree(page.home, ignore_errors=True)
    return page.n_run, page.not_run, None


def pages() -> list[Path]:
    """Every page of the repository that people write."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md", ":!crates", ":!docs/reference"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout.split()
    return [ROOT / name for name in listed if (ROOT / name).exists()]


def generated_pages_without_test() -> list[str]:
    """Pages of the reference that aren't generated, so that nothing else would hold them."""
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / "docs/reference").glob("*.md"))
            if not GENERATED.search(path.read_text(encoding="utf-8"))]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--program", type=Path, required=True, help="the program allegiance")
    arguments.add_argument("--workers", type=int, default=2)
    arguments.add_argument("pages", nargs="*", type=Path, help="only these pages")
    asked = arguments.parse_args()
    # Ray, on the page of clusters: no token in the home folder, no report to anybody.
    os.environ |= {"RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}
    chosen = [page.resolve() for page in asked.pages] or [*pages(), *(ROOT / name for name in generated_pages_without_test())]
    n_run, not_run, wrong = 0, [], []
    # A process a page: pages change the folder, the path and what Python has loaded.
    with concurrent.futures.ProcessPoolExecutor(asked.workers, max_tasks_per_child=1) as workers:
        for n, reasons, problem in workers.map(run_page, chosen, [asked.program.resolve()] * len(chosen)):
            n_run += n
            not_run += reasons
            wrong += [problem] if problem else []
    for reason in not_run:
        print(reason if "not from a snippet" in reason or "not checked" in reason else f"not run: {reason}")
    for problem in wrong:
        print(problem, file=sys.stderr)
    print(f"{n_run} snippets of {len(chosen)} pages done, {len(not_run)} not run, {len(wrong)} pages wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
