"""The one table that passes between rooms: coded spans, and what was coded."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from framing.coding.sketches import SKETCH
from framing.errors import FramingError, choices, closest

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "doc_id",
    "paragraph",
    "sentence",
    "start",
    "end",
    "evidence",
    "frame",
    "entry",
    "coder",
    "route",
    "weight",
    "negated",
    "voice",
    "speaker",
    "side",
    "target",
    "polarity",
)
#: Columns of the documents that coding adds to their metadata; they stand last.
MEASURED = ("words", "headline", SKETCH)


#: Columns that spans and units both have, and by which codings can be chosen.
_BOTH = ("coder", "voice", "speaker", "side")


@dataclasses.dataclass(frozen=True, eq=False)
class Codings:
    """Coded spans, whoever coded them: a codebook, a classifier or a person.

    Attributes
    ----------
    table : DataFrame
        One row per coded span. `doc_id`; `paragraph` and `sentence` (from 0 within the document);
        `start`, `end` (half-open, in characters of the raw text); `evidence` (that text); `frame`;
        `entry` (the term that matched); `coder`; `route` (exact, clitic, lemma, pattern, human);
        `weight`; `negated`; `voice` (narrator, quoted, reported), `speaker`, `side`; `target`, `polarity`.
    units : DataFrame
        What was coded, one row per sentence, coder and voice (a sentence in which the voice changes has
        several rows): `doc_id, paragraph, sentence, start, end, words, coder, voice, speaker, side`.
        *Coded, nothing found* is a unit without a row in `table`; *not coded* is not a unit.
    documents : DataFrame
        One row per document with its metadata, `words` (N), whether the text opens with its `headline`, and a
        `text_sketch` by which comparisons find copies.
    frames : tuple of str
        The frames that were coded for, found or not.
    cancelled : DataFrame
        Matches that did not count, with the `reason` (a condition in words); same columns as `table`.
    provenance : mapping
        Hashes, versions and parameters.
    """

    table: pd.DataFrame
    units: pd.DataFrame
    documents: pd.DataFrame
    frames: tuple[str, ...]
    cancelled: pd.DataFrame
    provenance: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        return (
            f"Codings({len(self.table):,} spans in {self.n_sentences:,} sentences of "
            f"{len(self.documents):,} documents; "
            f"frames {', '.join(self.frames)}; coders {', '.join(self.coders)})"
        )

    def _repr_html_(self) -> str:
        from framing.corpus.html import names_html, table_html

        columns = ["doc_id", "sentence", "evidence", "frame", "entry", "negated", "voice", "speaker"]
        about = (
            f"<p><b>{len(self.table):,} spans</b> in {self.n_sentences:,} sentences "
            f"of {len(self.documents):,} documents; frames {names_html(self.frames)}; "
            f"coders {names_html(self.coders)}</p>"
        )
        return about + table_html(self.table[columns], rows=20)

    @property
    def n_sentences(self) -> int:
        """How many sentences were coded."""
        return len(self.units[["doc_id", "sentence"]].drop_duplicates())

    @property
    def coders(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.units["coder"]))

    def where(self, **columns: Any) -> Codings:
        """Return the codings of some documents, coders, voices or frames.

        ``where(doc_id=[…])``, ``where(coder="a")``, ``where(voice="narrator")``, ``where(frame="alliance")``; metadata
        columns of the documents, ``speaker`` and ``side`` may be used too. A value is a single one or several. Of a
        voice the units are chosen along with the spans, so that rates are per 1,000 words of that voice.

        >>> from framing import Codebook, Document, code
        >>> codings = code(Document(id="a", text="قال بيسكوف إن التعاون مفيد. جاء التعاون."), Codebook.from_dict(
        ...     {"alliance": ["تعاون"], "war": ["حرب"]}))
        >>> narrated = codings.where(voice="narrator", frame="alliance")
        >>> len(codings), len(narrated), narrated.frames
        (2, 1, ('alliance',))
        """
        table, units, documents, cancelled = self.table, self.units, self.documents, self.cancelled
        frames = self.frames
        for name, wanted in columns.items():
            values = [wanted] if isinstance(wanted, str) or not isinstance(wanted, Iterable) else list(wanted)
            if name in _BOTH:
                table, units, cancelled = (t[t[name].isin(values)] for t in (table, units, cancelled))
            elif name == "frame":
                unknown = [value for value in values if value not in self.frames]
                if unknown:
                    near = closest(str(unknown[0]), self.frames)
                    message = f"these codings have no frame {unknown[0]!r}{near}; frames: {choices(self.frames)}"
                    raise FramingError(message)
                frames = tuple(frame for frame in frames if frame in values)
                table, cancelled = (t[t["frame"].isin(values)] for t in (table, cancelled))
            elif name in documents.columns:
                documents = documents[documents[name].isin(values)]
                ids = set(documents["doc_id"])
                table, units, cancelled = (t[t["doc_id"].isin(ids)] for t in (table, units, cancelled))
            else:
                known = [*_BOTH, "frame", *documents.columns.drop(SKETCH, errors="ignore")]
                message = f"codings cannot be chosen by {name!r}{closest(name, known)}; columns: {choices(known)}"
                raise FramingError(message)
        parts = (t.reset_index(drop=True) for t in (table, units, documents, cancelled))
        table, units, documents, cancelled = parts
        return dataclasses.replace(
            self, table=table, units=units, documents=documents, cancelled=cancelled, frames=frames
        )

    @classmethod
    def concat(cls, parts: Iterable[Codings]) -> Codings:
        """Join codings of different coders or different documents.

        A frame that one part was not coded for counts there as not coded, not as absent: column `skipped`
        of the units names it.

        Raises
        ------
        FramingError
            When one coder has coded the same sentence in two of them.
        """
        import pandas as pd

        parts = list(parts)
        if not parts:
            message = "Codings.concat needs at least one part"
            raise FramingError(message)
        frames = tuple(dict.fromkeys(frame for p in parts for frame in p.frames))
        units = pd.concat([_skipping(p.units, set(frames) - set(p.frames)) for p in parts], ignore_index=True)
        coded = pd.concat(
            [p.units[["doc_id", "sentence", "coder"]].drop_duplicates() for p in parts], ignore_index=True
        )
        twice = coded.duplicated()
        if twice.any():
            row = coded[twice].iloc[0]
            place = f"sentence {row['sentence']} of {row['doc_id']!r}"
            message = f"{place} is coded twice by {row['coder']!r}; drop one of the parts"
            raise FramingError(message)
        documents = pd.concat([p.documents for p in parts], ignore_index=True).drop_duplicates("doc_id")
        return cls(
            table=pd.concat([p.table for p in parts], ignore_index=True),
            units=units,
            documents=documents.reset_index(drop=True),
            frames=frames,
            cancelled=pd.concat([p.cancelled for p in parts], ignore_index=True),
            provenance={"parts": [dict(p.provenance) for p in parts]},
        )


def _skipping(units: pd.DataFrame, frames: set[str]) -> pd.DataFrame:
    """Return the units with frames that were not coded for named in `skipped`, one a line."""
    if not frames:
        return units
    named = "\n".join(sorted(frames))
    if "skipped" not in units:
        return units.assign(skipped=named)
    return units.assign(skipped=(units["skipped"].fillna("") + "\n" + named).str.strip("\n"))
