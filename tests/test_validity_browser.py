"""The coder in a real browser: JupyterLab is started, a notebook run, keys typed, buttons clicked, the file read."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

import framing as fr

SOURCE = """\
import framing as fr
text = "وصل الوفد إلى هافانا أمس. أكد الجانبان عمق الصداقة بين البلدين. فرضت واشنطن عقوبات جديدة. غادر الوفد مساء."
corpus = fr.Corpus([fr.Document(id="a", text=text)])
sheet = fr.coding_sheet(corpus, fr.load_codebook("cuba-russia-us"), n=4, coders=["amal"], oversample=0)
fr.code_in_notebook(sheet, path="amal.csv")
"""


@pytest.fixture
def lab(tmp_path, chromium):
    """JupyterLab on a free port of this machine, with one notebook; stopped at the end."""
    cell = {"cell_type": "code", "id": "one", "metadata": {}, "execution_count": None, "outputs": [], "source": SOURCE}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "coder.ipynb").write_text(json.dumps(book), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = str(Path(fr.__file__).parents[1])
    names = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    environment = {**os.environ, **names, "PYTHONPATH": os.pathsep.join([here, os.environ.get("PYTHONPATH", "")])}
    updates = "check_for_updates_class=jupyterlab.NeverCheckForUpdate"
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        f"--port={port}",
        "--ip=127.0.0.1",
        "--IdentityProvider.token=",
        "--allow-root",
        f"--ServerApp.root_dir={tmp_path / 'work'}",
        "--LabApp.news_url=",
        f"--LabApp.{updates}",
    ]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield f"http://127.0.0.1:{port}/lab/tree/coder.ipynb?reset", tmp_path / "work"
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()


def until(condition, what, *, seconds=60):
    """Wait until `condition()` is true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"this did not happen: {what}"
        time.sleep(0.1)


def saved(folder):
    """Return the codes in the file, row by row."""
    from framing.validity.csvfile import read

    if not (folder / "amal.csv").is_file():
        return []
    return ["".join(str(cell) or "." for cell in values[4:7]) for _, values in read(folder / "amal.csv").rows]


def open_notebook(page, address):
    for _ in range(120):
        with contextlib.suppress(Exception):
            page.goto(address)
            break
        time.sleep(0.5)
    page.wait_for_selector(".jp-Notebook .jp-Cell .cm-content", timeout=90_000)
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle", timeout=90_000)
    page.click(".jp-Notebook .jp-Cell .cm-content")
    page.keyboard.press("Shift+Enter")
    page.wait_for_selector(".framing-keys input", timeout=90_000)


def test_a_student_codes_in_the_browser_and_comes_back(lab, chromium):
    address, folder = lab
    errors: list[str] = []
    with contextlib.closing(chromium.new_page(viewport={"width": 1300, "height": 1000})) as page:
        page.on("pageerror", lambda error: errors.append(str(error)))
        open_notebook(page, address)
        unit = page.locator(".framing-coder .unit")
        assert unit.evaluate("e => getComputedStyle(e).direction") == "rtl"
        first = unit.inner_text()
        page.click(".framing-keys input")
        page.keyboard.type("1 ")  # the first frame is present, the others absent; go on
        until(lambda: saved(folder)[:1] == ["100"], "the first unit is saved")
        until(lambda: unit.inner_text() != first, "the second unit is shown")
        page.click(".framing-frame-3 button:has-text('present')")
        until(lambda: saved(folder)[1] == "..1", "a click is saved at once")
        until(
            lambda: page.evaluate("document.activeElement.closest('.framing-keys') !== null"),
            "the keys work on after a click",
        )
        page.keyboard.type("3 ")  # off again; so nothing is present; go on
        until(lambda: saved(folder)[1] == "000", "a key takes back what was clicked")
        page.keyboard.type("-")
        until(lambda: "sentence 2 of 4" in page.locator(".framing-coder").inner_text(), "- goes back")
        page.keyboard.type(" .")  # on, and skip the third
        until(lambda: "sentence 4 of 4" in page.locator(".framing-coder").inner_text(), ". skips")
        assert saved(folder) == ["100", "000", "...", "..."]
        # Run the cell again, as after a restart: coding goes on at the first unit that is not coded.
        page.click(".jp-Notebook .jp-Cell .cm-content")
        page.keyboard.press("Shift+Enter")
        until(lambda: "resumed where it was left" in page.locator(".framing-coder").last.inner_text(), "coding resumes")
        assert "sentence 3 of 4" in page.locator(".framing-coder").last.inner_text()
    assert not errors
    text = "وصل الوفد إلى هافانا أمس. أكد الجانبان عمق الصداقة بين البلدين. فرضت واشنطن عقوبات جديدة. غادر الوفد مساء."
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fr.FramingWarning)
        codings = fr.read_coding_sheet(folder / "amal.csv", fr.Corpus([fr.Document(id="a", text=text)]))
    assert (len(codings.units), len(codings), codings.coders) == (2, 1, ("amal",))
