"""A document: one text with its metadata, never changed."""

from __future__ import annotations

import datetime
import hashlib
import math
from collections.abc import Mapping
from typing import Any

from framing.errors import FramingError
from framing.language.shown import whole_characters

#: The columns every corpus may have, in the order in which they are written.
STANDARD = ("title", "outlet", "outlet_type", "date", "language", "event", "url", "licence")


class Document:
    """One text and what is known about it.

    Parameters
    ----------
    id : str
        Unique within a corpus; it becomes `doc_id` in every table.
    text : str
        The raw text. Every span in every result is ``[start, end)`` in this string.
    title, outlet, outlet_type, date, language, event, url, licence : str, optional
        Standard metadata; `date` is ISO 8601.
    **more
        Any further metadata, kept and written as columns of their own. None and the empty string both
        mean that a value is missing; dates and times become ISO 8601, so that they sort and compare.
        Halves of characters, which no table can hold, become marks, here and in the `id`.

    Raises
    ------
    FramingError
        When further metadata is called ``doc_id``, the name that every table gives to `id`.

    Examples
    --------
    >>> document = Document(id="a", text="كوبا", outlet="al-madar", desk="foreign")
    >>> document.outlet, document["desk"], document.title
    ('al-madar', 'foreign', None)
    """

    __slots__ = ("_metadata", "id", "text")

    id: str
    text: str

    def __init__(self, /, id: str, text: str, **metadata: Any) -> None:
        if "doc_id" in metadata:
            message = f"document {id!r}: 'doc_id' is what tables call the id itself; name that metadata otherwise"
            raise FramingError(message)
        known = {whole_characters(name): _plain(value) for name, value in metadata.items()}
        object.__setattr__(self, "id", whole_characters(str(id)))
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "_metadata", {name: value for name, value in known.items() if not _missing(value)})

    @property
    def metadata(self) -> Mapping[str, Any]:
        """All metadata that is not missing, as a mapping from column to value (a copy)."""
        return dict(self._metadata)

    def __getattr__(self, name: str) -> Any:
        if name in STANDARD:
            return self._metadata.get(name)
        message = f"{type(self).__name__!r} has no attribute {name!r}; further metadata is read as document[{name!r}]"
        raise AttributeError(message)

    def __setattr__(self, name: str, value: object) -> None:
        message = f"documents are immutable; make a new one with document.replace({name}=…)"
        raise AttributeError(message)

    def __getitem__(self, column: str) -> Any:
        return self._metadata.get(column)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *STANDARD]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Document):
            return NotImplemented
        return (self.id, self.text, self._metadata) == (other.id, other.text, other._metadata)

    def __hash__(self) -> int:
        return hash((self.id, self.text))

    def __reduce__(self) -> Any:
        return _rebuild, (self.id, self.text, self._metadata)

    def __repr__(self) -> str:
        known = ", ".join(f"{name}={value!r}" for name, value in self._metadata.items() if name in STANDARD[:5])
        return f"Document(id={self.id!r}, {len(self.text):,} characters{', ' if known else ''}{known})"

    def _repr_html_(self) -> str:
        from framing.corpus.html import document_html

        return document_html(self)

    def replace(self, **changes: Any) -> Document:
        """Return a copy with some fields or metadata changed."""
        return Document(**{"id": self.id, "text": self.text, **self._metadata, **changes})

    @property
    def sha256(self) -> str:
        """Hash of the text, as recorded in every result's provenance."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    """Return dates as ISO 8601, numbers of numpy as Python's, pandas' missing values as None, text without halves."""
    if type(value).__name__ in ("NaTType", "NAType"):
        return None
    if isinstance(value, datetime.datetime) and not (value.hour or value.minute or value.second or value.microsecond):
        value = value.date()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if type(value).__module__ == "numpy":
        return _plain(value.tolist())
    return whole_characters(value) if isinstance(value, str) else value


def _missing(value: Any) -> bool:
    """Say whether a value is None, an empty string, NaN or NaT."""
    return value is None or (isinstance(value, str) and not value) or (isinstance(value, float) and math.isnan(value))


def _rebuild(id: str, text: str, metadata: dict[str, Any]) -> Document:
    return Document(id, text, **metadata)
