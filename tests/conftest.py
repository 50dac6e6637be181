"""Fixtures shared by the tests: the focal article, the shipped codebook, and data that may be absent."""

from __future__ import annotations

import os
import shutil
import warnings
from pathlib import Path
from typing import NoReturn

import pytest

os.environ.setdefault("TQDM_DISABLE", "1")  # on a busy machine a bar would show up in what a test reads

import framing as fr

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def skip():
    """Return a function that skips a test, and says so among the warnings: what was skipped has not passed."""

    def loudly(reason: str) -> NoReturn:
        message = f"SKIPPED, NOT PASSED: {reason}"
        warnings.warn(message, stacklevel=2)
        pytest.skip(message)

    return loudly


@pytest.fixture(scope="session")
def article() -> fr.Document:
    return fr.read_corpus(ROOT / "corpora" / "focal")["putin-diaz-canel-2018"]


@pytest.fixture(scope="session")
def codebook() -> fr.Codebook:
    return fr.load_codebook("cuba-russia-us")


@pytest.fixture(scope="session")
def related() -> fr.Corpus:
    return fr.read_corpus(ROOT / "corpora" / "related")


@pytest.fixture(scope="module")
def chromium(skip):
    """Return a real browser."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        skip("there is no Chromium here, so nothing was tried in a browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        skip("playwright is not installed, so nothing was tried in a browser")
    with sync_playwright() as playwright:
        window = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield window
        finally:
            window.close()


@pytest.fixture
def shared(skip):
    """Return a function that finds a file of the developers' data folder, or skips, loudly, where it is absent."""

    def find(*parts: str) -> Path:
        path = SHARED.joinpath(*parts)
        if not path.exists():
            skip(f"{Path(*parts)} of the developers' data folder is not here")
        return path

    return find
