"""Where things stand among the tokens of a text: coded spans as tokens, tokens with their neighbours as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from framing.corpus import Corpus, Document, given_corpus
from framing.errors import FramingError
from framing.language import Tokens, vocabulary

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


def as_corpus(documents: Corpus | Document | str | Iterable[Document | str]) -> Corpus:
    """Return one document or several as a corpus; strings are texts without a name (text1, text2, …).

    >>> as_corpus(["كوبا", "روسيا"]).ids
    ('text1', 'text2')
    """
    if isinstance(documents, Corpus):
        return documents
    found: list[Document] = []
    if not isinstance(documents, Iterable | Document) or hasattr(documents, "iloc"):
        return given_corpus(documents)  # raises, and says how to make one
    for number, one in enumerate([documents] if isinstance(documents, Document | str) else documents, 1):
        if not isinstance(one, Document | str):
            message = f"documents are expected (fr.Document, fr.Corpus or strings), found {type(one).__name__}"
            raise FramingError(message)
        found.append(Document(id=f"text{number}", text=one) if isinstance(one, str) else one)
    return Corpus(found)


def token_spans(table: pd.DataFrame, documents: Sequence[Document], tokens: Tokens) -> tuple[Ints, Ints, Ints]:
    """Return, for the coded spans that lie in `documents`, their rows in `table`, first and last tokens.

    `tokens` are those of the same documents, in the same order.
    """
    place = {document.id: row for row, document in enumerate(documents)}
    text = np.asarray([place.get(doc_id, -1) for doc_id in table["doc_id"].tolist()], np.int64)
    rows = np.flatnonzero(text >= 0)
    # One ascending column of (text, character) codes, so that one search serves all texts.
    size = max((len(document.text) for document in documents), default=0) + 2
    of_token = tokens.spans.sentence_text[tokens.spans.sentence].astype(np.int64)
    start = of_token * size + tokens.spans.start
    wanted = text[rows] * size
    first = np.searchsorted(start, wanted + table["start"].to_numpy(np.int64)[rows], side="right") - 1
    last = np.searchsorted(start, wanted + table["end"].to_numpy(np.int64)[rows], side="left") - 1
    return rows, first, last


class Neighbours:
    """The words around tokens, as text."""

    def __init__(self, tokens: Tokens) -> None:
        self._bounds = tokens.spans.first_token.tolist()
        self._text = tokens.spans.sentence_text[tokens.spans.sentence].tolist()
        self._type = tokens.type
        self._words = vocabulary().words

    def text(self, token: int) -> int:
        """Return the row of the text that a token belongs to."""
        return int(self._text[token])

    def position(self, token: int) -> int:
        """Return the token's position in its text, from 1."""
        return int(token - self._bounds[self.text(token)] + 1)

    def words(self, first: int, end: int) -> list[str]:
        """Return the tokens ``[first, end)``."""
        return [self._words[number] for number in self._type[first:end].tolist()]

    def before(self, token: int, window: int) -> list[str]:
        """Return at most `window` tokens before one, inside its text."""
        return self.words(max(token - window, self._bounds[self.text(token)]), token)

    def after(self, token: int, window: int) -> list[str]:
        """Return at most `window` tokens behind one, inside its text."""
        return self.words(token + 1, min(token + 1 + window, self._bounds[self.text(token) + 1]))
