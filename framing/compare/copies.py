"""Copies on one side of a comparison: said aloud, for they make it look more certain than it is."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.coding.sketches import SKETCH, clusters, sketches
from framing.corpus import Corpus
from framing.corpus.duplicates import effective_number
from framing.errors import FramingWarning
from framing.language import tokenise

if TYPE_CHECKING:
    import pandas as pd

    from framing.compare.reference import Chosen

#: A warning is given when n documents are worth less than this share of n.
WORTH = 0.9


def warn_of_copies(known: Sequence[Any], side: str, *, stacklevel: int) -> None:
    """Warn when documents with these sketches are worth clearly fewer: n² / Σ mᵢ² over clusters of mᵢ copies.

    Parameters
    ----------
    known : sequence of str
        The sketches of the documents on one side; empty or None where there is none.
    side : str
        What they are: ``"the reference (all other documents)"``.
    stacklevel : int
        As in `warnings.warn`, counted from the caller of this function.
    """
    sizes = np.bincount(clusters(known))
    n, worth = int(sizes.sum()), effective_number(sizes.tolist())
    if worth >= WORTH * n:
        return
    message = (
        f"{side} has {n} documents but only {len(sizes)} different ones; copies and near-copies (the largest group: "
        f"{sizes.max()}) leave it worth {worth:.1f} documents, so intervals and p claim too much; "
        f"fr.deduplicate(corpus) keeps the earliest of each"
    )
    warnings.warn(message, FramingWarning, stacklevel=stacklevel + 1)


def warn_of_copies_in(chosen: Chosen, known: Sequence[Any] | None, *, stacklevel: int) -> None:
    """Warn of copies in the reference, and in a focal group; `known` are the sketches of all documents, if any."""
    if known is None:
        return
    sides = ((chosen.reference, "reference", chosen.reference_label), (chosen.focal, "focal group", chosen.focal_label))
    for mask, name, label in sides:
        mine = [known[row] for row in np.flatnonzero(mask).tolist()]
        warn_of_copies(mine, f"the {name} ({label})", stacklevel=stacklevel + 1)


def sketches_of(scores: pd.DataFrame, documents: Any, ids: Sequence[str]) -> list[Any] | None:
    """Return the sketches of scored documents: those that `fr.frame_scores` left, or of the texts of a corpus."""
    if "sketches" in scores.attrs:
        known = dict(scores.attrs["sketches"])
    elif isinstance(documents, Corpus):
        known = dict(zip(documents.ids, sketches_of_texts(documents), strict=True))
    else:
        return None
    return [known.get(id) for id in ids]


def sketches_in(documents: pd.DataFrame) -> list[Any] | None:
    """Return the sketches of the documents of codings, None where they have none."""
    return documents[SKETCH].tolist() if SKETCH in documents else None


def sketches_of_texts(corpus: Corpus) -> list[str]:
    """Return the sketch of each document."""
    return sketches(tokenise([document.text for document in corpus]))
