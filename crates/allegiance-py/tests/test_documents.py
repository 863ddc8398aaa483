"""The snippets of the documents and the examples run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import allegiance
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


def test_the_job_files_of_clusters_sweep_to_the_same_bytes(cli: Callable[..., str]) -> None:
    page = (ROOT / "docs/howto/cluster.md").read_text(encoding="utf-8")
    slurm = re.search(r"^#!/bin/bash\n.*?^allegiance sweep [^\n]*\n", page, re.MULTILINE | re.DOTALL)
    kubernetes = re.search(r"^ +- (exec allegiance .*)$", page, re.MULTILINE)
    assert slurm and kubernetes
    program = Path(os.environ["ALLEGIANCE_PROGRAM"]).resolve()
    factors: dict[str, list[allegiance.Value]] = {"combat.decisiveness": [0.5, 1, 2, 3], "days": [3, 4, 5]}
    design = allegiance.design("what-matters", "one-village", factors, outcomes=["deaths"])
    whole = allegiance.sweep(design, out="whole").folder
    for job, script, number in [("slurm", slurm[0], "SLURM_ARRAY_TASK_ID"), ("k8s", kubernetes[1], "JOB_COMPLETION_INDEX")]:
        Path(job).mkdir()
        Path(job, "what-matters.toml").write_text(design.text)
        for at in range(8):
            names = {number: str(at + (job == "slurm")), "SLURM_CPUS_PER_TASK": "1"}
            path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
            shell = "bash" if job == "slurm" else "sh"
            subprocess.run([shell, "-c", script], check=True, cwd=job, env={**os.environ, **names, "PATH": path})
        subprocess.run([program, "sweep", "what-matters.toml", "--merge", "-q"], check=True, cwd=job, stdout=subprocess.DEVNULL)
        for file in whole.iterdir():
            assert Path(job, "sweeps/what-matters", file.name).read_bytes() == file.read_bytes(), (job, file.name)


def test_the_job_file_with_a_store_sweeps_to_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("fsspec", reason="skipped: there is no fsspec here")
    page = (ROOT / "docs/howto/cluster.md").read_text(encoding="utf-8")
    # What YAML makes of a folded text: one line.
    command = re.search(r"^  - >-\n((?: {4}.*\n)+)", page, re.MULTILINE)
    assert command
    line = " ".join(command[1].split()).replace("s3://bucket", (tmp_path / "bucket").as_uri())
    design = allegiance.design("what-matters", "one-village", {"days": list(range(2, 11))}, outcomes=["deaths"])
    Path("what-matters.toml").write_text(design.text)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for at in range(8):
        names = {"JOB_COMPLETION_INDEX": str(at), "PATH": path}
        subprocess.run(["sh", "-c", line], check=True, env={**os.environ, **names})
    address = f"{(tmp_path / 'bucket').as_uri()}/what-matters"
    joined = allegiance.sweep(design, out=address, shard="merge")
    assert joined.rows.to_pyarrow().equals(allegiance.sweep(design, out="whole").rows.to_pyarrow())


def test_the_thesis_is_drawn() -> None:
    pytest.importorskip("matplotlib")
    example = ROOT / "examples/thesis.py"
    statements = [line for line in example.read_text(encoding="utf-8").splitlines() if line and line[0] not in '"#']
    assert len(statements) <= 12
    subprocess.run([sys.executable, str(example), "6", "thesis.svg"], check=True, env={"MPLBACKEND": "agg"})
    assert Path("thesis.svg").read_text(encoding="utf-8").count("<g id=") > 20
