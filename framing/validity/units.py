"""Units: the sentences, paragraphs or documents of a corpus that a person codes, each with a blind name."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from framing.codebook.model import Codebook
from framing.coding import Codings, code
from framing.errors import FramingError, choices, closest

if TYPE_CHECKING:
    import pandas as pd

    from framing.corpus import Corpus

#: What a coder can be asked to code, smallest first.
UNITS = ("sentence", "paragraph", "document")
#: Columns by which the sentences of one unit are known.
_KEYS = {"sentence": ["doc_id", "sentence"], "paragraph": ["doc_id", "paragraph"], "document": ["doc_id"]}
#: Without vowels, so that no name is a word, and without digits, so that no spreadsheet takes it for a number.
_LETTERS = "bcdfghjklmnpqrstvwxz"


def check_unit(unit: str) -> str:
    """Return `unit`, or raise when it is none of `UNITS`."""
    if unit not in UNITS:
        message = f"unit {unit!r} is not known{closest(unit, UNITS)}; choose one of {choices(UNITS)}"
        raise FramingError(message)
    return unit


def sentences(corpus: Corpus) -> Codings:
    """Return the corpus cut into sentences, with nothing coded: `.units` and `.documents` are what is wanted."""
    return code(corpus, Codebook((), name="sentences"), negation=False, voice=False)


def corpus_units(corpus: Corpus, unit: str = "sentence", *, blank: Codings | None = None) -> pd.DataFrame:
    """Return every unit of a corpus, in order.

    Parameters
    ----------
    corpus : Corpus
    unit : {"sentence", "paragraph", "document"}
    blank : Codings, optional
        `sentences(corpus)`, where it is at hand.

    Returns
    -------
    DataFrame
        `unit_id` (twelve consonants, made of the document's id, the place and the text: it tells a coder
        nothing, and changes when the text changes), `doc_id`, `paragraph`, `sentence` (the first of the
        unit), `start`, `end`, `words`, `text`.

    Examples
    --------
    >>> from framing.corpus import Corpus, Document
    >>> units = corpus_units(Corpus([Document(id="a", text="وصل الوفد. ثم غادر.")]))
    >>> units[["doc_id", "sentence", "start", "end", "words", "text"]].values.tolist()
    [['a', 0, 0, 10, 2, 'وصل الوفد.'], ['a', 1, 11, 19, 2, 'ثم غادر.']]
    """
    table = (blank or sentences(corpus)).units
    keys = _KEYS[check_unit(unit)]
    if unit == "sentence":
        units = table[["doc_id", "paragraph", "sentence", "start", "end", "words"]].copy()
    else:
        grouped = table.groupby(keys, sort=False)
        units = grouped.agg(
            **{
                name: (name, how)
                for name, how in (
                    ("paragraph", "first"),
                    ("sentence", "first"),
                    ("start", "min"),
                    ("end", "max"),
                    ("words", "sum"),
                )
                if name not in keys
            }
        ).reset_index()
        units = units[["doc_id", "paragraph", "sentence", "start", "end", "words"]]
    rows = units[["doc_id", "start", "end"]].itertuples(index=False, name=None)
    texts = [corpus[doc_id].text[start:end] for doc_id, start, end in rows]
    names = [
        _name(unit, d, n, t)
        for d, n, t in zip(units["doc_id"].tolist(), units["sentence"].tolist(), texts, strict=True)
    ]
    units = units.assign(text=texts).reset_index(drop=True)
    units.insert(0, "unit_id", names)
    return units


def _name(unit: str, doc_id: str, sentence: int, text: str) -> str:
    content = "\x1f".join((unit, doc_id, str(sentence), text)).encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.blake2b(content, digest_size=8).digest())
    letters = []
    for _ in range(12):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(letters)


def with_context(units: pd.DataFrame) -> pd.DataFrame:
    """Return `units` with the text of the unit `before` and `after` each one in its document, empty at its ends."""
    same = units["doc_id"] == units["doc_id"].shift()
    before = units["text"].shift().where(same, "")
    after = units["text"].shift(-1).where(same.shift(-1, fill_value=False), "")
    return units.assign(before=before.fillna(""), after=after.fillna(""))


def unit_of(codings: Codings) -> str:
    """Return what `codings` are codings of: sentences, unless their provenance says otherwise.

    Raises
    ------
    FramingError
        When parts that were joined are of different units.
    """
    found = set(_declared(codings.provenance))
    if len(found) > 1:
        message = (
            f"these codings are of different units ({choices(sorted(found))}); compare codings of one unit "
            "with each other"
        )
        raise FramingError(message)
    return found.pop() if found else "sentence"


def _declared(facts: Any) -> list[str]:
    parts = facts.get("parts")
    if parts is not None:
        return [unit for part in parts for unit in _declared(part)]
    return [check_unit(str(facts.get("unit", "sentence")))]


def first_sentences(codings: Codings, unit: str) -> pd.Series[int]:
    """Return, by (doc_id, sentence) of `codings`, the first sentence of the unit that the sentence is in."""
    table = codings.units.drop_duplicates(["doc_id", "sentence"])
    first = table.groupby(_KEYS[unit], sort=False)["sentence"].transform("min")
    return first.set_axis(table.set_index(["doc_id", "sentence"]).index)
