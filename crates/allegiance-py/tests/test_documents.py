"""The snippets of the documents and the examples run as they stand."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = ["docs/howto/python.md", "crates/allegiance-py/README.md"]


@pytest.mark.parametrize("page", PAGES)
def test_the_snippets_of_a_page_run_in_their_order(page: str) -> None:
    for library in ("duckdb", "pandas", "polars", "pyarrow", "xarray"):
        pytest.importorskip(library)
    text = (ROOT / page).read_text(encoding="utf-8")
    names: dict[str, object] = {"__name__": page}
    snippets = list(re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    assert snippets
    for snippet in snippets:
        line = text.count("\n", 0, snippet.start(1))
        # Blank lines in front, so that an error names the line of the page.
        exec(compile("\n" * line + snippet.group(1), page, "exec"), names)


def test_the_thesis_is_drawn() -> None:
    pytest.importorskip("matplotlib")
    example = ROOT / "examples/thesis.py"
    statements = [line for line in example.read_text(encoding="utf-8").splitlines() if line and line[0] not in '"#']
    assert len(statements) <= 12
    subprocess.run([sys.executable, str(example), "6", "thesis.svg"], check=True, env={"MPLBACKEND": "agg"})
    assert Path("thesis.svg").read_text(encoding="utf-8").count("<g id=") > 20
