"""Choosing the documents that are compared, by their metadata."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.coding.sketches import SKETCH
from framing.corpus import Corpus, Document
from framing.errors import FramingError, choices, closest

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from framing.coding import Codings

#: What `focal=` may be: an id, a document, several ids, or conditions on the metadata.
Focal = str | Document | Sequence[str] | Mapping[str, Any]
#: What `reference=` may be: conditions, columns in which it must agree with the focal document, a corpus, or nothing.
Reference = str | Sequence[str] | Mapping[str, Any] | Corpus | None


@dataclasses.dataclass(frozen=True, slots=True)
class Chosen:
    """Which documents are compared: rows of the table of documents, and names for both sides."""

    focal: NDArray[np.bool_]
    reference: NDArray[np.bool_]
    focal_label: str
    reference_label: str


def choose(documents: pd.DataFrame, focal: Focal, reference: Reference, length: float | None) -> Chosen:
    """Return the focal documents and their reference; the focal documents are never part of it.

    `documents` has one row per document: `doc_id`, `words` and the metadata.
    """
    mine = _focal(documents, focal)
    others, label = _reference(documents, mine, reference)
    if length is not None:
        near, span = _as_long(documents, mine, length)
        others, label = others & near, f"{label}, {span}"
    others = others & ~mine
    if not others.any():
        of_focal = documents[mine].iloc[0].dropna().drop(["doc_id", "words"], errors="ignore")
        facts = ", ".join(f"{name}={value!r}" for name, value in of_focal.astype(str).items() if len(value) < 40)
        message = (
            f"no document is left to compare with ({label}); widen reference=, or use None for all others. "
            f"The focal document has {facts or 'no metadata'}"
        )
        raise FramingError(message)
    return Chosen(mine, others, _focal_label(documents, focal, mine), label)


def _focal(documents: pd.DataFrame, focal: Focal) -> NDArray[np.bool_]:
    if isinstance(focal, Mapping):
        mine = _meeting(documents, focal)
        if not mine.any():
            message = f"no document has {in_words(focal)}; fr.compare needs at least one focal document"
            raise FramingError(message)
        return mine
    if isinstance(focal, Document):
        focal = focal.id
    wanted = [focal] if isinstance(focal, str) else list(focal)
    known = documents["doc_id"].tolist()
    missing = [name for name in wanted if name not in set(known)]
    if missing or not wanted:
        which = f"{missing[0]!r}{closest(str(missing[0]), map(str, known))}" if missing else "an empty list"
        message = (
            f"the scores have no document {which}; score the article together with the others "
            f"(corpus.with_document(article)); they have {len(known)} documents{': ' * bool(known)}{choices(known[:3])}"
        )
        raise FramingError(message)
    return np.asarray(documents["doc_id"].isin(wanted), bool)


def _focal_label(documents: pd.DataFrame, focal: Focal, mine: NDArray[np.bool_]) -> str:
    if isinstance(focal, Mapping):
        return in_words(focal)
    ids = documents.loc[mine, "doc_id"].tolist()
    return str(ids[0]) if len(ids) == 1 else f"{len(ids)} documents"


def _reference(documents: pd.DataFrame, mine: NDArray[np.bool_], reference: Reference) -> tuple[NDArray[np.bool_], str]:
    if reference is None:
        return np.ones(len(documents), bool), "all other documents"
    if isinstance(reference, Corpus):
        return np.asarray(documents["doc_id"].isin(reference.ids), bool), f"corpus {reference.name}"
    if isinstance(reference, Mapping):
        return _meeting(documents, reference), in_words(reference)
    same: dict[str, Any] = {}
    for name in [reference] if isinstance(reference, str) else reference:
        values = _column(documents, name)[mine].dropna().unique().tolist()
        if not values:
            message = f"the focal document has no {name!r}, so nothing has the same; give reference={{{name!r}: …}}"
            raise FramingError(message)
        same[name] = values
    return _meeting(documents, same), f"same {' and '.join(same)}: {in_words(same)}"


def _as_long(documents: pd.DataFrame, mine: NDArray[np.bool_], factor: float) -> tuple[NDArray[np.bool_], str]:
    if not factor > 1:
        message = (
            f"length must be a factor above 1, not {factor!r}; 1.5 keeps texts of two thirds to one and a half times"
        )
        raise FramingError(message)
    words = documents["words"].to_numpy(float)
    middle = float(np.median(words[mine]))
    low, high = middle / factor, middle * factor
    return (words >= low) & (words <= high), f"{low:.0f} to {high:.0f} words"


def _meeting(documents: pd.DataFrame, conditions: Mapping[str, Any]) -> NDArray[np.bool_]:
    met = np.ones(len(documents), bool)
    for name, wanted in conditions.items():
        met &= _meets(_column(documents, name), wanted)
    return met


def _meets(values: pd.Series[Any], wanted: Any) -> NDArray[np.bool_]:
    """Say which values are `wanted`: a value, one of a list, or within a pair (from, to) given as a tuple."""
    import pandas as pd

    text = values.astype("string").fillna("")
    if isinstance(wanted, tuple) and len(wanted) == 2:
        if all(isinstance(bound, int | float | None) for bound in wanted):
            numbers = pd.to_numeric(values, errors="coerce").to_numpy(float)
            low, high = (np.nan if bound is None else float(bound) for bound in wanted)
            return np.asarray(~np.isnan(numbers) & ~(numbers < low) & ~(numbers > high))
        low_text, high_text = (None if bound is None else str(bound) for bound in wanted)
        known = np.array(values.notna(), bool)
        if low_text is not None:
            known &= np.asarray(text >= low_text, bool)
        if high_text is not None:  # "2016" as an upper bound holds for all of 2016
            known &= np.asarray((text <= high_text) | text.str.startswith(high_text), bool)
        return known
    options = list(wanted) if isinstance(wanted, list | tuple | set | frozenset) else [wanted]
    return np.asarray(values.isin(options) | text.isin([str(option) for option in options]), bool)


def _column(documents: pd.DataFrame, name: str) -> pd.Series[Any]:
    if name not in documents.columns:
        known = list(map(str, documents.columns))
        hint = f"{closest(str(name), known)}; they have {choices(known)}"
        if name in set(documents["doc_id"]):
            hint = ", it is the id of one; for a reference of certain documents give {'doc_id': [ids]}"
        message = f"the documents have no column {name!r}{hint}"
        raise FramingError(message)
    return documents[name]


def in_words(conditions: Mapping[str, Any]) -> str:
    """Say conditions on metadata in words.

    >>> in_words({"event": "visit-2018", "date": ("2018", None), "outlet": ["a", "b"]})
    'event = visit-2018, date from 2018, outlet = a or b'
    """
    return ", ".join(f"{name} {_value(wanted)}" for name, wanted in conditions.items())


def _value(wanted: Any) -> str:
    if isinstance(wanted, tuple) and len(wanted) == 2:
        low, high = wanted
        return " ".join(
            part
            for part in (f"from {low}" if low is not None else "", f"to {high}" if high is not None else "")
            if part
        )
    if isinstance(wanted, list | tuple | set | frozenset):
        return f"= {' or '.join(map(str, wanted))}"
    return f"= {wanted}"


def metadata_of(codings: Codings) -> pd.DataFrame:
    """Return one row per coded document: `doc_id`, `words` and the metadata."""
    return codings.documents.drop(columns=["headline", SKETCH], errors="ignore").reset_index(drop=True)


def documents_of(scores: pd.DataFrame, documents: Any) -> pd.DataFrame:
    """Return one row per scored document with its metadata and words.

    The metadata come from `documents` (a Corpus or a data frame with `doc_id`), from what `fr.frame_scores`
    left in ``scores.attrs``, or from the columns of `scores`.
    """
    import pandas as pd

    known = scores.drop_duplicates("doc_id")
    if documents is not None:
        table = (
            documents.to_pandas().drop(columns="text") if hasattr(documents, "to_pandas") else pd.DataFrame(documents)
        )
        if "doc_id" not in table.columns:
            message = "documents= needs the column 'doc_id'; pass the corpus, or a data frame of its metadata"
            raise FramingError(message)
    elif "documents" in scores.attrs:
        table = pd.DataFrame(dict(scores.attrs["documents"]))
    else:
        table = known.drop(columns=[name for name in known.columns if name in _FIGURES_AND_COUNTS])
    table = table.drop_duplicates("doc_id").set_index("doc_id").reindex(known["doc_id"])
    if "words" not in table.columns:
        table["words"] = scores.groupby("doc_id")["words"].max() if "words" in scores.columns else np.nan
    return table.reset_index()


_FIGURES_AND_COUNTS = frozenset(
    name + bound
    for name in (
        "rate",
        "coverage",
        "share",
        "prominence",
        "hits",
        "negated",
        "weighted",
        "sentences",
        "frame",
        "words",
        "",
    )
    for bound in ("", "_low", "_high", "low", "high")
)
