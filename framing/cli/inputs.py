"""What several verbs take from the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from framing.corpus import Corpus, Document, read_document
from framing.errors import FramingError
from framing.language.chars import ARABIC, character_class

DEFAULT_CODEBOOK = "cuba-russia-us"


def add_codebook(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--codebook",
        default=DEFAULT_CODEBOOK,
        metavar="NAME|FILE",
        help="a codebook that ships, a codebook folder, or a dictionary file (default: %(default)s)",
    )


def add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", choices=("ar", "en"), default="ar", help="language of the text (default: ar)")


def read_texts(paths: Sequence[str], language: str) -> Corpus:
    """Read text files as a corpus, refusing what is not text in `language`."""
    return Corpus(
        [read_text(path, language) for path in paths], name=Path(paths[0]).stem if len(paths) == 1 else "command line"
    )


def read_text(path: str, language: str) -> Document:
    """Read one text file, refusing a text without a word of `language`."""
    document = read_document(path, language=language)
    if language == "ar" and not any(character_class(c) == ARABIC for c in document.text):
        message = f"{path}: no Arabic in it; if English coverage is meant, add --language en"
        raise FramingError(message)
    if language == "en" and not any(c.isascii() and c.isalpha() for c in document.text):
        message = f"{path}: no English in it"
        raise FramingError(message)
    return document
