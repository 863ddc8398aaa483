"""What notebooks see: answers as HTML, progress that goes away, an interrupt that ends the work."""

from __future__ import annotations

import os
import re
import runpy
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import allegiance
import pytest

# Work of a second or two, without its last bracket.
LONG = "allegiance.compare('one-village', set_b={'joining.per_month': 0}, replicates=300"

# Tags that an answer may consist of.
PLAIN = {"p", "pre", "table", "thead", "tbody", "tr", "th", "td"}


class Checked(HTMLParser):
    """Parses HTML and holds it to plain, closed tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in PLAIN and all(name == "scope" for name, _ in attributes), tag
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, text: str) -> None:
        self.text += text


def test_answers_show_themselves(kept: allegiance.Run, tmp_path: Path) -> None:
    assert Checked(kept._repr_html_()).text == kept.summary.rstrip()
    groups = Checked(kept["groups"]._repr_html_()).text
    assert "persons" in groups and all(column.meaning in groups for column in kept["groups"].columns)
    found = allegiance.compare("one-village", set_b={"joining.per_month": 0}, replicates=20, theories=True)
    shown = Checked(found._repr_html_()).text
    assert found["title"] in shown and "not a forecast" in shown and "11 down" in shown
    assert re.search(r"members_end \(persons\).*?-\d+\.\d \[-\d+\.\d, -\d+\.\d\]", shown)
    design = allegiance.design("shown", "one-village", {"days": [3, 4]}, outcomes=["deaths"])
    swept = allegiance.sweep(design)
    assert Checked(swept._repr_html_()).text == swept.text.rstrip()
    assert "<Sweep" in Checked(allegiance.sweep(design, shard=(1, 2))._repr_html_()).text
    assert "Synthetic: no one real" in Checked(allegiance.story(kept)._repr_html_()).text


def test_words_of_others_can_not_become_markup(tmp_path: Path) -> None:
    evil = "<script>alert('war')</script> & <b>"
    file = tmp_path / "scenario.toml"
    file.write_text(f'format = 1\nid = "evil"\ntitle = "{evil}"\nextends = "one-village"\ndays = 3\n')
    run = allegiance.run(tmp_path, out="evil")
    found = allegiance.compare(tmp_path, set={"days": 2}, set_b={"joining.per_month": 0}, replicates=2)
    for answer in (run, found):
        assert "<script" not in answer._repr_html_()
        assert evil in Checked(answer._repr_html_()).text


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A kernel as Jupyter starts it, with a client."""
    manager_module = pytest.importorskip("jupyter_client", reason="skipped: there is no Jupyter here")
    pytest.importorskip("ipykernel", reason="skipped: there is no Jupyter here")
    manager = manager_module.KernelManager(kernel_name="python3")
    home = tmp_path_factory.mktemp("kernel")
    manager.start_kernel(cwd=str(home))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield manager, client, home
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def messages(client: Any, code: str, on_update: Any = None) -> list[tuple[str, dict[str, Any]]]:
    """Runs a cell; gives what it sent, until the kernel is idle again."""
    sent = client.execute(code)
    found = []
    while True:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != sent:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "status" and content["execution_state"] == "idle":
            return found
        found.append((kind, content))
        if kind == "update_display_data" and on_update is not None:
            on_update()
            on_update = None


def test_progress_shows_in_a_notebook_and_goes_away(kernel: Any) -> None:
    _, client, _ = kernel
    found = messages(client, f"import allegiance\nfound = {LONG})")
    assert [kind for kind, _ in found if kind in ("error", "stream")] == []
    shown = [content["data"] for kind, content in found if kind in ("display_data", "update_display_data")]
    assert len({content["transient"]["display_id"] for kind, content in found if "display_data" in kind}) == 1
    assert len(shown) > 3
    assert all("<progress" in each["text/html"] and "%" in each["text/plain"] for each in shown[:-1])
    shares = [int(re.search(r"(\d+)%", each["text/plain"])[1]) for each in shown[:-1]]  # type: ignore[index]
    assert shares == sorted(shares)
    assert shown[-1] == {"text/plain": "", "text/html": ""}
    quick = messages(client, "allegiance.run('one-village', days=3, tables=['groups'])")
    assert {kind for kind, _ in quick} == {"status", "execute_input", "execute_result"}
    assert {kind for kind, _ in messages(client, f"found = {LONG}, progress=False)")} == {"status", "execute_input"}


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_the_stop_button_ends_the_work_and_keeps_what_is_finished(kernel: Any) -> None:
    manager, client, home = kernel
    stopped: list[float] = []

    def stop() -> None:
        while not list(home.glob("far.partial/replicates/*/replicate.json")):
            time.sleep(0.1)
        manager.interrupt_kernel()
        stopped.append(time.monotonic())

    found = messages(client, "allegiance.run('north-syria-2014', replicates=30_000, tables=['groups'], out='far')", stop)
    assert time.monotonic() - stopped[0] < 30
    error = next(content for kind, content in found if kind == "error")
    assert error["ename"] == "KeyboardInterrupt"
    assert [content["data"] for kind, content in found if "display_data" in kind][-1]["text/plain"] == ""
    # The kernel goes on, and so does the run.
    finished = [int(kept.parent.name) for kept in home.glob("far.partial/replicates/*/replicate.json")]
    code = f"run = allegiance.run('north-syria-2014', replicates={max(finished) + 1}, tables=['groups'], out='far', resume=True)\n"
    code += "print(run.manifest['effort']['n_replicates_kept'])"
    after = messages(client, code)
    assert [content["evalue"] for kind, content in after if kind == "error"] == []
    assert int("".join(content["text"] for kind, content in after if kind == "stream")) == len(finished) >= 1


NOTEBOOKS = Path(__file__).resolve().parents[3] / "examples/notebooks"


@pytest.mark.parametrize("name", [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))])
def test_a_notebook_shows_what_this_version_shows(name: str) -> None:
    for library in ("ipykernel", "matplotlib", "nbclient", "polars"):
        pytest.importorskip(library, reason=f"skipped: there is no {library} here")
    script = runpy.run_path(str(NOTEBOOKS / "execute.py"))
    assert script["differences"](name) == [], "run examples/notebooks/execute.py"


@pytest.mark.parametrize("name", [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb"))])
def test_a_notebook_can_be_read_without_running_it(name: str) -> None:
    nbformat = pytest.importorskip("nbformat", reason="skipped: there is no nbformat here")
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.execution_count
            pictures = [output for output in cell.outputs if "image/png" in output.get("data", {})]
            assert len(pictures) == len(re.findall(r"^(?:plt\.show|forest|signs)\(", cell.source, re.MULTILINE))
            if "plt.show()" in cell.source:
                assert "simulated, not a forecast" in cell.source
            assert all(output.output_type not in ("error", "stream") for output in cell.outputs)
    assert (NOTEBOOKS / f"{name}.ipynb").stat().st_size < 500_000
