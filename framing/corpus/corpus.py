"""A corpus: documents in a fixed order, with the operations that make a study reproducible."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

from framing.corpus.document import STANDARD, Document
from framing.errors import FramingError, choices, closest, shown

if TYPE_CHECKING:
    import pandas as pd


class Corpus(Sequence[Document]):
    """Documents with metadata, immutable.

    Parameters
    ----------
    documents : iterable of Document
        Their ids must be unique.
    name : str
        Used in titles and provenance.

    Raises
    ------
    FramingError
        When two documents share an id.

    Examples
    --------
    >>> corpus = Corpus([Document(id="a", text="كوبا", date="2018-11-02"), Document(id="b", text="روسيا")], name="two")
    >>> corpus["a"].text, len(corpus.where(date=("2018-01-01", None)))
    ('كوبا', 1)
    """

    def __init__(self, documents: Iterable[Document], name: str = "corpus") -> None:
        self._documents = _documents(documents)
        self.name = name
        self._by_id = {document.id: row for row, document in enumerate(self._documents)}
        if len(self._by_id) != len(self._documents):
            seen: set[str] = set()
            twice = [d.id for d in self._documents if d.id in seen or seen.add(d.id)]  # type: ignore[func-returns-value]
            message = f"corpus {name!r}: document ids must be unique, but {choices(sorted(set(twice))[:5])} occur twice"
            raise FramingError(message)

    def __len__(self) -> int:
        return len(self._documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self._documents)

    @overload
    def __getitem__(self, key: str | int) -> Document: ...
    @overload
    def __getitem__(self, key: slice) -> Corpus: ...
    def __getitem__(self, key: str | int | slice) -> Document | Corpus:
        if isinstance(key, slice):
            return Corpus(self._documents[key], self.name)
        if isinstance(key, str):
            if key not in self._by_id:
                near = closest(key, self._by_id)
                message = f"corpus {self.name!r} has no document {key!r}{near}; corpus.ids lists all {len(self)}"
                raise FramingError(message)
            return self._documents[self._by_id[key]]
        return self._documents[key]

    def __contains__(self, item: object) -> bool:
        return item in self._by_id if isinstance(item, str) else item in self._documents

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Corpus) and self._documents == other._documents

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        return f"Corpus({self.name!r}, {len(self)} documents)"

    def _repr_html_(self) -> str:
        from framing.corpus.html import names_html, table_html

        first = self[:10].to_pandas().drop(columns="text")
        return f"<p><b>{names_html([self.name])}</b>: {len(self):,} documents</p>{table_html(first, n=len(self))}"

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._by_id)

    @functools.cached_property
    def columns(self) -> tuple[str, ...]:
        """The metadata columns that occur, standard ones first."""
        found = dict.fromkeys(name for document in self for name in document.metadata)
        return (*(name for name in STANDARD if name in found), *(name for name in found if name not in STANDARD))

    @functools.cached_property
    def fingerprint(self) -> str:
        """SHA-256 over all ids, texts and metadata: equal corpora have equal fingerprints."""
        digest = hashlib.sha256()
        for document in self:
            row = [document.id, document.sha256, {k: str(v) for k, v in sorted(document.metadata.items())}]
            digest.update(json.dumps(row, ensure_ascii=True, sort_keys=True).encode())
        return digest.hexdigest()

    def where(self, condition: Callable[[Document], bool] | None = None, /, **metadata: Any) -> Corpus:
        """Return the documents that meet every condition.

        A value may be a single one, a list of alternatives, or, for dates and numbers, a pair
        ``(from, to)`` as a tuple, both ends included, None for an open end: ``date=(None, "2016")`` keeps
        all of 2016. Numbers are compared as numbers even where a CSV file gave them as text. A function of
        the document may be given instead of or beside them.

        >>> corpus = Corpus([Document(id="a", text="", outlet="x"), Document(id="b", text="", outlet="y")])
        >>> corpus.where(outlet=["x", "z"]).ids
        ('a',)
        """
        for name in metadata:
            if name not in self.columns and name not in (*STANDARD, "id"):
                known = ("id", *self.columns)
                message = f"corpus {self.name!r} has no column {name!r}{closest(name, known)}; it has {choices(known)}"
                raise FramingError(message)
        kept = [
            document
            for document in self
            if (condition is None or condition(document))
            and all(_meets(document.id if n == "id" else document[n], v) for n, v in metadata.items())
        ]
        return Corpus(kept, self.name)

    def with_document(self, document: Document) -> Corpus:
        """Return the corpus with `document` added at the end; one of the same id is replaced."""
        if document.id in self._by_id:
            return Corpus((document if d.id == document.id else d for d in self), self.name)
        return Corpus((*self._documents, document), self.name)

    def without(self, *ids: str) -> Corpus:
        """Return the corpus without the documents of these ids."""
        missing = [i for i in ids if i not in self._by_id]
        if missing:
            message = f"corpus {self.name!r} has no document {choices(missing)}"
            raise FramingError(message)
        return Corpus((d for d in self if d.id not in ids), self.name)

    def batches(self, size: int = 2_000) -> Iterator[Sequence[Document]]:
        """Yield the documents in runs of at most `size`."""
        for first in range(0, len(self), size):
            yield self._documents[first : first + size]

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per document: `doc_id`, the metadata columns, `text`."""
        import pandas as pd

        return pd.DataFrame(
            {
                "doc_id": [document.id for document in self],
                **{name: [document[name] for document in self] for name in self.columns},
                "text": [document.text for document in self],
            }
        )

    @classmethod
    def from_pandas(
        cls, table: pd.DataFrame, *, id: str = "doc_id", text: str = "text", name: str = "corpus"
    ) -> Corpus:
        """Make a corpus of a data frame with an id and a text column; all others become metadata.

        Where there is no column ``doc_id``, which is what tables of results call it, ``id`` is taken.
        """
        import pandas as pd

        given: Any = table
        if not isinstance(given, pd.DataFrame):
            message = f"table must be a data frame with a row per document, not {shown(given)}"
            raise FramingError(message)
        if id == "doc_id" and id not in table.columns and "id" in table.columns:
            id = "id"

        for column in (id, text):
            if column not in table.columns:
                message = f"the table has no column {column!r}{closest(column, map(str, table.columns))}"
                raise FramingError(message)
        documents = []
        for number, row in enumerate(table.to_dict("records")):
            for column in (id, text):
                if pd.api.types.is_scalar(row[column]) and pd.isna(row[column]):
                    message = f"the table has no {column!r} in row {number}; fill it in or drop the row"
                    raise FramingError(message)
            more = {str(k): v for k, v in row.items() if k not in (id, text) and v is not pd.NaT and v is not pd.NA}
            documents.append(Document(id=str(row[id]), text=str(row[text]), **more))
        from framing.corpus.dates import with_dates_checked

        return cls(with_dates_checked(documents, "the table"), name)

    def describe(self) -> pd.DataFrame:
        """Return one row per document with its size: `doc_id`, `paragraphs`, `sentences`, `words`, `characters`."""
        import pandas as pd

        from framing.language import tokenise

        tokens = tokenise([document.text for document in self])
        spans = tokens.spans
        return pd.DataFrame(
            {
                "doc_id": list(self.ids),
                "paragraphs": spans.n_paragraphs,
                "sentences": spans.first_sentence[1:] - spans.first_sentence[:-1],
                "words": tokens.n_words,
                "characters": [len(document.text) for document in self],
            }
        )


def _documents(given: Any) -> tuple[Document, ...]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        message = f"a corpus is made of documents, fr.Corpus([fr.Document(id='a', text=…), …]), not of {shown(given)}"
        raise FramingError(message)
    documents = tuple(given)
    wrong = [one for one in documents if not isinstance(one, Document)]
    if wrong:
        message = f"a corpus is made of documents, and {shown(wrong[0])} is none; write fr.Document(id='a', text=…)"
        raise FramingError(message)
    return documents


def _meets(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, tuple) and len(wanted) == 2:
        low, high = (_comparable(bound) for bound in wanted)
        numbers = any(isinstance(bound, int | float) for bound in (low, high))
        value = _number(value) if numbers else value
        if value is None:
            return False
        if not numbers:  # text: an upper bound holds for all that begins with it, "2016" for "2016-03-22"
            value = str(value)
            return (low is None or value >= low) and (high is None or value <= high or value.startswith(high))
        return (low is None or value >= _bound(low)) and (high is None or value <= _bound(high))
    if isinstance(wanted, list | set | frozenset):
        return value in wanted or _comparable(value) in map(_comparable, wanted)
    return bool(value == wanted or value == _comparable(wanted))


def _comparable(bound: Any) -> Any:
    """Return a date as ISO 8601, which is how documents keep it."""
    return bound.isoformat()[:10] if hasattr(bound, "isoformat") else bound


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _bound(value: Any) -> float:
    number = _number(value)
    if number is None:
        message = f"{value!r} cannot bound numbers; give two numbers, or two dates as text, None for an open end"
        raise FramingError(message)
    return number
