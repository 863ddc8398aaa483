"""Executes the notebooks of this folder and writes what comes out into them.

    pip install allegiance nbclient ipykernel matplotlib polars pandas
    python examples/notebooks/execute.py              # all, in place
    python examples/notebooks/execute.py first-war    # one
    python examples/notebooks/execute.py --check      # nothing is written; fails where something differs

A notebook runs in an empty folder. Times, ids of outputs and what else differs
from one execution to the next is left out, so that the same version writes the
same file; pictures aren't compared, because their bytes depend on the version
of the library that draws them.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent
NAMES = sorted(path.stem for path in HERE.glob("*.ipynb"))
SECONDS_A_CELL = 300


def executed(name: str) -> Any:
    """A notebook, executed, without noise."""
    notebook = nbformat.read(HERE / f"{name}.ipynb", as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(
            notebook, timeout=SECONDS_A_CELL, kernel_name="python3", resources={"metadata": {"path": folder}}
        ).execute()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not is_empty(output)]
            for output in cell.outputs:
                output.pop("transient", None)
    return notebook


def is_empty(output: Any) -> bool:
    """Whether this is the place of a bar of progress that has gone."""
    return output.output_type == "display_data" and not any(output.data.values())


def shown(notebook: Any) -> list[list[dict[str, str]]]:
    """What each cell shows, apart from the bytes of pictures."""
    cells = []
    for cell in notebook.cells:
        outputs = []
        for output in cell.get("outputs", []):
            data = output.get("data", {output.output_type: output.get("text", "")})
            outputs.append({kind: "" if kind.startswith("image/") else str(content) for kind, content in data.items()})
        cells.append(outputs)
    return cells


def differences(name: str) -> list[str]:
    """The cells whose outputs aren't those that the file holds."""
    pairs = zip(shown(nbformat.read(HERE / f"{name}.ipynb", as_version=4)), shown(executed(name)), strict=True)
    return [f"{name}.ipynb, cell {at}: {now} instead of {then}" for at, (then, now) in enumerate(pairs) if then != now]


def main(words: list[str]) -> int:
    names = [word for word in words if word != "--check"] or NAMES
    if unknown := [name for name in names if name not in NAMES]:
        print(f"there is no notebook {unknown[0]}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 1
    if "--check" in words:
        found = [difference for name in names for difference in differences(name)]
        print("\n".join(found), end="\n" if found else "")
        return 1 if found else 0
    for name in names:
        nbformat.write(executed(name), HERE / f"{name}.ipynb")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
