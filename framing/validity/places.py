"""Places: from a row of a sheet to the unit of the corpus that it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from framing.errors import closest
from framing.validity.cells import plain, read_number
from framing.validity.units import corpus_units, sentences
from framing.validity.workbook import CUT

if TYPE_CHECKING:
    from framing.corpus import Corpus


class Places:
    """The units of a corpus, found by their blind name or by document and number.

    Attributes
    ----------
    units : DataFrame
        As `corpus_units` returns it.
    blank : Codings
        The corpus in sentences; `blank.documents` are the documents.
    names, texts : list of str
        `unit_id` and text of each row of `units`.
    by_name : dict
        Row of each `unit_id`.
    """

    def __init__(self, corpus: Corpus, unit: str) -> None:
        self.corpus, self.unit = corpus, unit
        self.blank = sentences(corpus)
        self.units = corpus_units(corpus, unit, blank=self.blank)
        self.names = self.units["unit_id"].tolist()
        self.texts = self.units["text"].tolist()
        self.by_name = {name: row for row, name in enumerate(self.names)}
        number = "paragraph" if unit == "paragraph" else "sentence"
        pairs = zip(self.units["doc_id"].tolist(), self.units[number].tolist(), strict=True)
        self._by_number = {pair: row for row, pair in enumerate(pairs)}

    def find(self, row: Mapping[str, Any]) -> int | str:
        """Return the row of the unit that a row of a sheet means, or in words why there is none."""
        if "unit_id" in row:
            name = plain(row["unit_id"])
            missing = f"no unit of this name in corpus {self.corpus.name!r}; the id was changed, or its text"
            return self.by_name.get(name, missing if name else "codes without a unit_id; restore it from the sheet")
        doc_id = plain(row.get("doc_id"))
        if doc_id not in self.corpus:
            near = closest(doc_id, self.corpus.ids)
            return f"no such document in corpus {self.corpus.name!r}{near}" if doc_id else "no doc_id in this row"
        return self._numbered(doc_id, row)

    def _numbered(self, doc_id: str, row: Mapping[str, Any]) -> int | str:
        name = self.unit
        number = 0 if name == "document" else read_number(row.get(name))
        if number is None:
            return f"the {name} must be a whole number, counted from 0"
        if (doc_id, number) in self._by_number:
            return self._by_number[doc_id, number]
        last = max((n for d, n in self._by_number if d == doc_id), default=-1)
        return f"document {doc_id!r} has {name}s 0 to {last}" if last >= 0 else "this document has no text"


def same_text(found: str, text: str) -> bool:
    """Say whether a cell still holds the text it was given, whatever spreadsheets do to blanks and controls.

    >>> same_text("وصل  الوفد. ", "وصل الوفد."), same_text("غادر الوفد.", "وصل الوفد.")
    (True, False)
    """
    if found.endswith(CUT.strip()) and len(text) > len(found):
        found = found.removesuffix(CUT.strip())
        return _letters(text).startswith(_letters(found))
    return _letters(found) == _letters(text)


def _letters(text: str) -> str:
    text = re.sub(r"_x[0-9A-Fa-f]{4}_", "", text)
    kept = (c for c in unicodedata.normalize("NFC", text) if not c.isspace() and unicodedata.category(c)[0] != "C")
    return "".join(kept).lstrip("'")
