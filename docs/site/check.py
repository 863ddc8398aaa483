"""Checks a built site: every link within it leads to a file and an anchor that are there, and no page fetches anything
from elsewhere. python docs/site/check.py FOLDER"""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Attributes by which a page loads something, and those by which it leads somewhere.
LOADS = {("script", "src"), ("img", "src"), ("iframe", "src"), ("link", "href"), ("source", "srcset"), ("video", "src"), ("object", "data")}
LEADS = {("a", "href"), ("area", "href")}


class Page(HTMLParser):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[tuple[bool, str]] = []
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" or (tag, name) == ("a", "name"):
                self.anchors.add(value or "")
            elif value and (tag, name) in LOADS | LEADS:
                self.links.append(((tag, name) in LOADS, value))


def main(site: Path) -> None:
    pages = {path: Page(path) for path in sorted(site.rglob("*.html"))}
    problems, n_links = [], 0
    for path, page in pages.items():
        name = path.relative_to(site)
        for loads, address in page.links:
            n_links += 1
            parts = urlsplit(address)
            if parts.scheme == "data" or (parts.scheme and not loads):
                continue
            if parts.scheme or parts.netloc:
                problems.append(f"{name} fetches {address}")
                continue
            # A page for addresses that aren't there doesn't know how deep it is asked for.
            root = site if parts.path.startswith("/") else path.parent
            target = (root / unquote(parts.path).lstrip("/")).resolve() if parts.path not in ("", ".") else path
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                problems.append(f"{name}: {address} isn't there")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
                problems.append(f"{name}: {address} has no such anchor")
    for path in site.rglob("*.css"):
        problems += [f"{path.relative_to(site)} fetches {found}" for found in re.findall(r"url\(['\"]?(https?:[^)'\"]+)", path.read_text())]
    for problem in sorted(set(problems)):
        print(problem, file=sys.stderr)
    if problems:
        sys.exit(f"{len(set(problems))} problems in the site")
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"{len(pages)} pages, {n_links} links, {size / 1e6:.1f} MB; nothing is fetched from elsewhere")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]).resolve())
