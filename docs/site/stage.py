"""Lays the documents out as the site's builder wants them: python docs/site/stage.py FOLDER EXTRA

FOLDER gets the pages under the paths that they have in the project, so that links between them stay as they are.
EXTRA holds pages that the source doesn't, in the same way. What a page links to besides comes along: code as a
page that shows it, a folder as a page that lists its pages, everything else as it is. What the builder reads
otherwise than CommonMark is written so that both read the same.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/peers/MODEL.md", "release/README.md", "docs")
LANGUAGES = {".rs": "rust", ".toml": "toml", ".py": "python", ".R": "r", ".json": "json", ".cff": "yaml", "": "text"}
FENCE = re.compile(r"^( *)(```+|~~~+).*?^\1\2 *$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"^<!--.*?-->\n?|<!--.*?-->", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(?=\))")
# A line that opens a list's entry for the builder, and only goes on with a paragraph for CommonMark; no list has so many.
FALSE_ENTRY = re.compile(r"(?<=\S\n)( *(?:[2-9]\d|\d{3,}))\. ")
# The front page has no pages beside it to list; the ODD says again what other pages say, which searches should find; and
# who searches a parameter's name should find it before every page with a word that begins like a part of it.
HEADS = {
    "README.md": "---\nhide: [navigation]\n---\n\n",
    "docs/concepts/odd.md": "---\nsearch:\n  exclude: true\n---\n\n",
    "docs/reference/parameters.md": "---\nsearch:\n  boost: 3\n---\n\n",
}
# Above this, code is offered as a file: pages of it are slow to show.
LARGEST_CODE = 200_000


def prose(text: str, change) -> str:
    """The text with everything outside its code blocks changed."""
    parts, end = [], 0
    for fence in FENCE.finditer(text):
        parts += [change(text[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, change(text[end:])])


def title(page: Path) -> str:
    found = re.search(r"^# (.*)$", page.read_text(), re.MULTILINE)
    return found[1] if found else page.stem


class Stage:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, path: Path, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def brought(self, target: Path) -> Path:
        """Where what a page links to stands in the site, after bringing it there."""
        source = ROOT / target
        if source.is_dir():
            page = target / "README.md"
            if not (source / "README.md").exists():
                entries = "".join(f"- [{title(entry)}]({entry.name})\n" for entry in sorted(source.glob("*.md")))
                self.write(page, f"# {target.name.capitalize()}\n\n{entries}")
            return page
        if source.suffix in LANGUAGES and source.stat().st_size < LARGEST_CODE:
            page = target.with_name(target.name + ".md")
            if not (self.folder / page).exists():
                head = f"---\ntitle: {target.name}\nsearch:\n  exclude: true\n---\n\n# {target}\n\n"
                self.write(page, f"{head}`````` {LANGUAGES[source.suffix]}\n{source.read_text()}\n``````\n")
            return page
        (self.folder / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, self.folder / target)
        return target

    def link(self, page: Path, found: re.Match) -> str:
        start, address, anchor = found[1], found[2], found[3] or ""
        if re.match(r"[a-z]+:", address):
            return found[0]
        target = (ROOT / page.parent / address).resolve().relative_to(ROOT)
        if target in self.pages or str(target).startswith("docs/images/"):
            return found[0]
        if not (ROOT / target).exists():
            sys.exit(f"{page}: the link {address} leads nowhere")
        up = "../" * len(page.parent.parts)
        return f"{start}{up}{self.brought(target)}{anchor}"

    def run(self, extra: Path) -> None:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *PAGES],
            cwd=ROOT, check=True, capture_output=True, text=True,
        ).stdout.split()
        files = [Path(name) for name in listed if not name.startswith("docs/site/") and (ROOT / name).exists()]
        sources = {path: ROOT / path for path in files if path.suffix == ".md"} | {path.relative_to(extra): path for path in extra.rglob("*.md")}
        self.pages = set(sources)
        for page, source in sorted(sources.items()):

            def change(text: str, page: Path = page) -> str:
                text = FALSE_ENTRY.sub(r"\1\\. ", COMMENT.sub("", text))
                return LINK.sub(lambda found: self.link(page, found), text)

            self.write(page, HEADS.get(str(page), "") + prose(source.read_text(), change))
        for path in files:
            if path.parts[:2] == ("docs", "images"):
                (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / path, self.folder / path)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    Stage(Path(sys.argv[1])).run(Path(sys.argv[2]))
