"""Records about the software for catalogues, all from CITATION.cff and Cargo.toml.

    python3 release/records.py            write codemeta.json (CodeMeta 3.0), which is committed
    python3 release/records.py --check    fail if it is stale, or if version, name or licence differ in another manifest
    python3 release/records.py --zenodo   print the metadata of a deposit on Zenodo, as its interface takes it
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODEMETA = ROOT / "codemeta.json"


def cff(text: str) -> dict:
    """As much of YAML as CITATION.cff uses: words, lists of words or of one-key entries, and folded text."""
    found: dict = {}
    key = ""
    for line in text.splitlines():
        top = re.fullmatch(r"([a-z-]+):(?: (.+))?", line)
        entry = re.fullmatch(r"  - (?:(name): )?(.+)", line)
        if top:
            key, value = top[1], top[2]
            found[key] = "" if value == ">-" else [] if value is None else value.strip('"')
        elif entry and isinstance(found.get(key), list):
            found[key].append(entry[2].strip('"'))
        elif line.startswith("  ") and isinstance(found.get(key), str):
            found[key] = f"{found[key]} {line.strip()}".strip()
        elif line and not line.startswith("#"):
            sys.exit(f"CITATION.cff: this line isn't understood: {line}")
    return found


def field(path: str, pattern: str) -> str:
    found = re.search(pattern, (ROOT / path).read_text(), re.MULTILINE)
    return found[1] if found else "nothing"


def codemeta(citation: dict, cargo: dict) -> dict:
    dated = {"datePublished": citation["date-released"]} if "date-released" in citation else {}
    address = {"codeRepository": citation["repository-code"]} if "repository-code" in citation else {}
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": citation["title"],
        "description": citation["abstract"],
        "version": citation["version"],
        **dated,
        **address,
        "license": [f"https://spdx.org/licenses/{name}" for name in citation["license"]],
        "author": [{"@type": "Organization", "name": name} for name in citation["authors"]],
        "keywords": citation["keywords"],
        "applicationCategory": "Science",
        "developmentStatus": "active",
        "programmingLanguage": [{"@type": "ComputerLanguage", "name": name} for name in ("Rust", "Python", "R", "TypeScript")],
        "operatingSystem": "Linux",
        "softwareRequirements": [f"Rust {cargo['rust-version']} or later, to build"],
    }


def zenodo(citation: dict) -> dict:
    dated = {"publication_date": citation["date-released"]} if "date-released" in citation else {}
    return {
        "metadata": {
            "upload_type": "software",
            "title": citation["title"],
            "version": citation["version"],
            **dated,
            "creators": [{"name": name} for name in citation["authors"]],
            "description": f"<p>{citation['abstract']}</p>",
            "keywords": citation["keywords"],
            "access_right": "open",
            # Zenodo takes one licence; the text tells of the choice.
            "license": citation["license"][-1],
            "notes": f"Licensed as {' or '.join(citation['license'])}, as you prefer. All people are simulated, and nothing is a forecast.",
            "language": "eng",
        }
    }


def differences(citation: dict, cargo: dict) -> list[str]:
    """What another manifest says otherwise; each is written by hand for its own tools."""
    licence = " OR ".join(citation["license"])
    name, version = citation["title"].partition(":")[0].lower(), cargo["version"]
    wanted = [
        ("CITATION.cff", "version", citation["version"], version),
        ("Cargo.toml", "licence", cargo["license"], licence),
        ("Cargo.toml", "title", cargo["description"].lower(), citation["title"].partition(": ")[2].lower()),
        ("crates/allegiance-py/pyproject.toml", "licence", field("crates/allegiance-py/pyproject.toml", r'^license = "(.*)"'), licence),
        ("crates/allegiance-py/pyproject.toml", "name", field("crates/allegiance-py/pyproject.toml", r'^name = "(.*)"'), name),
        ("r/allegianceR/DESCRIPTION", "version", field("r/allegianceR/DESCRIPTION", r"^Version: (.*)"), version),
        ("r/allegianceR/DESCRIPTION", "author", field("r/allegianceR/DESCRIPTION", r'person\("(.*?)"'), citation["authors"][0]),
        ("release/conda/recipe.yaml", "version", field("release/conda/recipe.yaml", r'^  version: "(.*)"'), version),
        ("release/conda/recipe.yaml", "licence", field("release/conda/recipe.yaml", r"^  license: (.*)"), licence),
    ]
    return [f"{path} has {what} {found}, not {want}" for path, what, found, want in wanted if found != want]


def main(option: str) -> None:
    citation = cff((ROOT / "CITATION.cff").read_text())
    cargo = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]
    text = json.dumps(codemeta(citation, cargo), indent=2, ensure_ascii=False) + "\n"
    if option == "--zenodo":
        print(json.dumps(zenodo(citation), indent=2, ensure_ascii=False))
    elif option == "--check":
        problems = differences(citation, cargo)
        if not CODEMETA.exists() or CODEMETA.read_text() != text:
            problems.append("codemeta.json is stale; run: python3 release/records.py")
        if problems:
            sys.exit("\n".join(problems))
    elif option:
        sys.exit(__doc__)
    else:
        CODEMETA.write_text(text)


if __name__ == "__main__":
    main(*sys.argv[1:2] or [""])
