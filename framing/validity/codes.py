"""Codes: who found which frame in which unit — present, absent, or not coded.

Codings hold spans. Agreement and validity need the yes or no behind them, for every unit that was coded
and every frame that was coded for; what nobody coded must stay missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing import provenance
from framing.coding import COLUMNS, Codings
from framing.errors import FramingError, choices, closest
from framing.validity.units import first_sentences, unit_of

if TYPE_CHECKING:
    import pandas as pd

#: Columns of `Codings.units` that say how a unit came into a human sample, where that is known.
DESIGN = ("stratum", "stratum_units", "inclusion")
_UNIT_COLUMNS = (
    "doc_id",
    "paragraph",
    "sentence",
    "start",
    "end",
    "words",
    "coder",
    "voice",
    "speaker",
    "side",
    "skipped",
)


def human_codings(
    coded: pd.DataFrame, *, frames: Sequence[str], documents: pd.DataFrame, facts: Mapping[str, Any] | None = None
) -> Codings:
    """Make codings of what people coded.

    Parameters
    ----------
    coded : DataFrame
        One row per unit and coder: `doc_id, paragraph, sentence, start, end, words, text, coder`, one column
        per frame with 1, 0 or missing (not coded), and, where known, `stratum, stratum_units, inclusion, note`.
    frames : sequence of str
    documents : DataFrame
        As in `Codings.documents`.
    facts : mapping, optional
        For the provenance; `unit` among them.

    Returns
    -------
    Codings
        `table` has a row for every frame that was found, with the whole unit as its span. `units` has a row
        for every unit in which at least one frame was coded; its column `skipped` names the frames that were
        not (separated by spaces). Route is "human".

    Examples
    --------
    >>> import pandas as pd
    >>> row = dict(doc_id="a", paragraph=0, sentence=0, start=0, end=10, words=2, text="وصل الوفد.", coder="amal")
    >>> coded = pd.DataFrame([{**row, "alliance": 1, "cold_war": None}])
    >>> codings = human_codings(coded, frames=["alliance", "cold_war"], documents=pd.DataFrame({"doc_id": ["a"]}))
    >>> codings.table[["frame", "coder", "route"]].values.tolist(), codings.units["skipped"].tolist()
    ([['alliance', 'amal', 'human']], ['cold_war'])
    """
    import pandas as pd

    frames = tuple(frames)
    values = coded[list(frames)].to_numpy(float) if frames else np.zeros((len(coded), 0))
    seen = ~np.isnan(values)
    kept: Any = seen.any(axis=1)
    coded, values, seen = coded.loc[kept].reset_index(drop=True), values[kept], seen[kept]
    skipped = ["\n".join(f for f, here in zip(frames, row, strict=True) if not here) for row in seen.tolist()]
    units = coded.assign(voice="narrator", speaker=None, side=None, skipped=skipped)
    more = [name for name in (*DESIGN, "note") if name in coded]
    units = units[[*_UNIT_COLUMNS, *more]]
    row, column = np.nonzero(values == 1)
    table = coded.iloc[row][["doc_id", "paragraph", "sentence", "start", "end", "coder"]].reset_index(drop=True)
    table = table.assign(
        evidence=coded["text"].to_numpy(object)[row],
        frame=np.asarray(frames, object)[column],
        entry="",
        route="human",
        weight=1.0,
        negated=False,
        voice="narrator",
        speaker=None,
        side=None,
        target=None,
        polarity=np.nan,
    )[list(COLUMNS)]
    nothing = table.iloc[:0].assign(reason=pd.Series(dtype=object))
    return Codings(
        table, units, documents.reset_index(drop=True), frames, nothing, provenance.record(**dict(facts or {}))
    )


def code_matrix(codings: Codings, *, unit: str | None = None) -> pd.DataFrame:
    """Return one row per coded unit and coder with a column per frame: 1.0 found, 0.0 not found, NaN not coded.

    Parameters
    ----------
    codings : Codings
        A negated hit is not a find.
    unit : {"sentence", "paragraph", "document"}, optional
        Sentences can be gathered into paragraphs or documents: a frame is found in one when it is found in
        any of its sentences. Nothing else can be regrouped.

    Returns
    -------
    DataFrame
        `doc_id, sentence` (the first of the unit), `coder`, then the frames.

    Examples
    --------
    >>> from framing import Codebook, Document, code
    >>> book = Codebook.from_dict({"alliance": ["تعاون"]})
    >>> code_matrix(code(Document(id="a", text="تعاون جديد. لقاء."), book)).values.tolist()
    [['a', 0, 'codebook', 1.0], ['a', 1, 'codebook', 0.0]]
    """
    import pandas as pd

    own = unit_of(codings)
    unit = unit or own
    if own not in (unit, "sentence"):
        message = f"codings of one {own} each cannot be regrouped by {unit}; compare them by {own}"
        raise FramingError(message)
    keys = ["doc_id", "sentence", "coder"]
    found = codings.table[~codings.table["negated"].astype(bool)]
    units = codings.units.drop_duplicates(keys)  # a sentence with several voices has several rows
    skipped = units["skipped"].fillna("") if "skipped" in units else pd.Series("", units.index)
    units = units[keys].assign(
        **{f: np.where(skipped.str.split("\n").map(lambda names, f=f: f in names), np.nan, 0.0) for f in codings.frames}
    )
    index = pd.MultiIndex.from_frame(units[keys])
    for frame in codings.frames:
        hit = index.isin(pd.MultiIndex.from_frame(found.loc[found["frame"] == frame, keys]))
        units.loc[hit, frame] = 1.0
    if unit == own:
        return units.reset_index(drop=True)
    first = first_sentences(codings, unit)
    place = first.reindex(pd.MultiIndex.from_frame(units[["doc_id", "sentence"]])).to_numpy()
    grouped = units.assign(sentence=place).groupby(keys, sort=False)[list(codings.frames)]
    return grouped.max().reset_index()


def one_coder(codings: Codings, role: str) -> Codings:
    """Return `codings`, or raise when more than one coder is in them."""
    if len(codings.coders) > 1:
        message = (
            f"the {role} codings are of {len(codings.coders)} coders ({choices(codings.coders[:6])}); "
            "settle on one code per unit with "
            "fr.adjudicate(codings), or take one coder with codings.where(coder=…)"
        )
        raise FramingError(message)
    if not len(codings.units):
        message = f"the {role} codings are empty: no unit was coded"
        raise FramingError(message)
    return codings


def frames_of(codings: Codings, wanted: str | Sequence[str] | None) -> list[str]:
    """Return the frames asked for, all by default; raise when one was not coded."""
    if wanted is None:
        return list(codings.frames)
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    for name in names:
        if name not in codings.frames:
            message = f"frame {name!r} was not coded{closest(name, codings.frames)}; frames: {choices(codings.frames)}"
            raise FramingError(message)
    return names
