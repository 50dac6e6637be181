"""What a user passes for a document or a corpus: made into one, or refused with the way to make it."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from framing.corpus.corpus import Corpus
from framing.corpus.document import Document
from framing.errors import FramingError, FramingWarning, shown
from framing.language.shown import language_of


def given_corpus(value: Any, name: str = "corpus") -> Corpus:
    """Return a corpus, a document or several as a corpus; `name` is the argument's, for the message.

    >>> given_corpus([Document(id="a", text="كوبا")]).ids
    ('a',)
    >>> given_corpus("كوبا")
    Traceback (most recent call last):
    ...
    framing.errors.FramingError: corpus must be what fr.read_corpus(path) returns, not str 'كوبا'; of a text make ...
    """
    if isinstance(value, Corpus):
        return value
    if isinstance(value, Document):
        return Corpus([value])
    if not isinstance(value, Iterable) or isinstance(value, str | bytes | Mapping) or hasattr(value, "iloc"):
        raise _no_corpus(value, name, shown(value))
    documents = []
    for number, one in enumerate(value):
        if not isinstance(one, Document):
            raise _no_corpus(one, name, f"{type(value).__name__} with {shown(one)} (number {number + 1})")
        documents.append(one)
    return Corpus(documents)


def given_document(value: Any, name: str = "document") -> Document:
    """Return `value` if it is a document; else raise."""
    if isinstance(value, Document):
        return value
    message = f"{name} must be what fr.read_document(path), or corpus['id'] returns, not {shown(value)}"
    if isinstance(value, str):
        message += f"; of a text make a document with {_OF_TEXT}"
    raise FramingError(message)


_OF_TEXT = "fr.Document(id='a', text=…)"


def _no_corpus(value: Any, name: str, got: str) -> FramingError:
    kind = type(value).__name__
    if kind == "Codebook":
        cure = "; the corpus comes first and the codebook after it"
    elif hasattr(value, "iloc"):
        cure = "; of a table with the columns doc_id and text make one with fr.Corpus.from_pandas(table)"
    elif isinstance(value, str | bytes):
        cure = f"; of a text make a document with {_OF_TEXT}, of several fr.Corpus([fr.Document(…), …])"
    elif isinstance(value, Path):
        cure = f"; write fr.read_corpus({str(value)!r})"
    elif kind == "Codings":
        cure = "; pass the corpus that was coded"
    else:
        cure = ""
    return FramingError(f"{name} must be what fr.read_corpus(path) returns, not {got}{cure}")


def arabic_expected(corpus: Corpus, what: str) -> None:
    """Warn where documents are English: `what` is found by rules on Arabic morphology alone."""
    english = [document.id for document in corpus if (document.language or language_of(document.text)) == "en"]
    if english:
        more = f" and {len(english) - 3:,} more" if len(english) > 3 else ""
        message = (
            f"{what} are found in Arabic alone; of the English documents ({', '.join(english[:3])}{more}) none or only "
            "a few will be found, and in codings all they say is the narrator's. Frames are coded in both languages"
        )
        warnings.warn(message, FramingWarning, stacklevel=3)
