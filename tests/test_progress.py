"""The progress bar, in a terminal, in a kernel of Jupyter and in a process of its own."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import nbformat
import pytest

from framing import progress
from framing.plot import figures

SOURCE = "from framing import progress\nfor _ in progress.bar(range(3), what='counting', unit='numbers', delay=0): pass"


@pytest.fixture
def visible(monkeypatch):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)


@pytest.mark.usefixtures("visible")
def test_it_says_what_is_done_and_what_is_counted(capsys):
    with progress.bar(what="coding", unit="documents", total=4, delay=0) as bar:
        for _ in range(4):
            bar.update()
        bar.refresh()
    said = capsys.readouterr()
    assert "coding: 100%" in said.err
    assert "4/4" in said.err
    assert "documents/s" in said.err
    assert said.out == ""


@pytest.mark.usefixtures("visible")
def test_short_work_shows_none(capsys):
    assert list(progress.bar([1, 2], what="coding", unit="documents")) == [1, 2]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("value", "hidden"), [("1", True), ("true", True), ("", False), ("0", False), ("False", False)]
)
def test_the_environment_can_do_without(value, hidden, monkeypatch):
    monkeypatch.setenv("TQDM_DISABLE", value)
    with progress.bar(what="coding", unit="documents", total=1) as bar:
        assert bool(bar.disable) == hidden


@pytest.mark.usefixtures("visible")
def test_a_process_leaves_the_bar_to_the_one_that_started_it(monkeypatch):
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: "the one that started it")
    with progress.bar(what="coding", unit="documents", total=1) as bar:
        assert bar.disable


def outputs(folder: Path) -> list[dict]:
    cell = nbformat.v4.new_code_cell(SOURCE)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "01-bar.ipynb")
    assert figures.execute(folder / "01-bar.ipynb", executed=folder / "done").error is None
    return nbformat.read(folder / "done" / "01-bar.ipynb", as_version=4).cells[0].outputs


def test_a_notebook_shows_it(tmp_path, monkeypatch):
    monkeypatch.setenv("TQDM_DISABLE", "0")
    assert [output.output_type for output in outputs(tmp_path)] == ["display_data"]


@pytest.mark.usefixtures("visible")
def test_a_notebook_that_nobody_watches_shows_none(tmp_path):
    assert outputs(tmp_path) == []
