"""Fixtures shared by the tests: the focal article, the shipped codebook, and data that may be absent."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

os.environ.setdefault("TQDM_DISABLE", "1")  # on a busy machine a bar would show up in what a test reads

import framing as fr

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def article() -> fr.Document:
    return fr.read_corpus(ROOT / "corpora" / "focal")["putin-diaz-canel-2018"]


@pytest.fixture(scope="session")
def codebook() -> fr.Codebook:
    return fr.load_codebook("cuba-russia-us")


@pytest.fixture(scope="session")
def related() -> fr.Corpus:
    return fr.read_corpus(ROOT / "corpora" / "related")


@pytest.fixture
def shared():
    """Return a function that finds a file of the developers' data folder, or skips, loudly, where it is absent."""

    def find(*parts: str) -> Path:
        path = SHARED.joinpath(*parts)
        if not path.exists():
            message = f"SKIPPED, NOT PASSED: {Path(*parts)} of the developers' data folder is not here"
            warnings.warn(message, stacklevel=2)
            pytest.skip(message)
        return path

    return find
