"""The highlighted article: raw text with every coded span marked where it stands."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from framing.coding import Codings, given_codings
from framing.corpus import Document, given_document
from framing.language.shown import language_of, short, visible
from framing.report.pieces import Piece, paragraphs

if TYPE_CHECKING:
    import pandas as pd

#: Underline patterns, so that frames differ without colour.
_LINES = ("solid", "dashed", "dotted", "double", "wavy", "solid")
_TINTS = ("#cfe3f1", "#f8dccb", "#cdeadf", "#f3dfea", "#ddf0fa", "#faeaca")
_INKS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")


class Highlighted:
    """A document with its codings, shown as HTML in a notebook; `html` is a page's body part."""

    def __init__(self, document: Document, codings: Codings, labels: Mapping[str, str]) -> None:
        self._document = document
        self._codings = codings
        self._labels = labels

    def __repr__(self) -> str:
        spans = self._codings.table["doc_id"].eq(self._document.id).sum()
        return f"Highlighted({self._document.id!r}, {spans} spans; shown in a notebook, or .save('page.html'))"

    @property
    def html(self) -> str:
        return highlighted(self._document, self._codings, self._labels)

    def _repr_html_(self) -> str:
        return f"<style>{stylesheet(self._codings.frames)}</style>{self.html}"

    def save(self, path: Any) -> None:
        """Write a self-contained page."""
        from framing.files import replacing

        title = html.escape(short(self._document.title or self._document.id))
        page = (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>'
            f"<style>body{{margin:2rem auto;max-width:46rem;padding:0 1rem}}{stylesheet(self._codings.frames)}</style>"
            f"</head><body><main>{self.html}</main></body></html>\n"
        )
        with replacing(path) as file:
            file.write(page)


def show(document: Document, codings: Codings, *, labels: Mapping[str, str] | None = None) -> Highlighted:
    """Show a document with every hit marked: colour and underline by frame, the entry on hover.

    Parameters
    ----------
    document : Document
    codings : Codings
        Of this document, or of a corpus that contains it.
    labels : mapping, optional
        Names to print for the frames.

    Returns
    -------
    Highlighted
        Displays itself in a notebook, right to left where the text is Arabic; ``.save(path)`` writes a page.

    Examples
    --------
    >>> from framing import Codebook, code
    >>> document = Document(id="a", text="تعاون")
    >>> "<mark" in show(document, code(document, Codebook.from_dict({"alliance": ["تعاون"]}))).html
    True
    """
    document, codings = given_document(document), given_codings(codings)
    return Highlighted(document, codings.where(doc_id=document.id), dict(labels or {}))


def stylesheet(frames: Sequence[str]) -> str:
    """Return the CSS for the marks of these frames."""
    rules = [
        ".framing{font:1.1rem/2 'Noto Naskh Arabic','Amiri','Traditional Arabic','Geeza Pro',serif;color:#111}",
        ".framing{background:#fff;padding:.8rem 1rem;border-radius:.4rem;overflow-wrap:anywhere}",
        ".framing p{margin:.6em 0;white-space:pre-wrap}",
        ".framing mark{color:inherit;border-radius:.2em;padding:.08em .12em;text-decoration-line:underline}",
        ".framing mark{text-underline-offset:.35em;text-decoration-thickness:2px;text-decoration-skip-ink:none}",
        ".framing mark.neg{opacity:.65;text-decoration-line:line-through}",
        ".framing mark:focus{outline:2px solid #111}",
        ".framing .legend{font:.85rem/1.6 system-ui,sans-serif;direction:ltr;text-align:left;margin-bottom:.5rem}",
        ".framing .legend mark{margin-right:.9em}",
    ]
    for number in range(len(frames)):
        colours = f"background:{_TINTS[number % 6]};text-decoration-color:{_INKS[number % 6]}"
        rules.append(f".framing mark.f{number}{{{colours};text-decoration-style:{_LINES[number % 6]}}}")
    return "".join(rules)


def highlighted(document: Document, codings: Codings, labels: Mapping[str, str]) -> str:
    """Return the document as HTML paragraphs with a legend."""
    table = codings.table[codings.table["doc_id"] == document.id]
    frames = list(codings.frames)
    counts = table["frame"].value_counts()
    legend = "".join(
        f'<mark class="f{number}">{_name(frame, labels)} ({counts.get(frame, 0)})</mark>'
        for number, frame in enumerate(frames)
    )
    marks = list(_marks(table, frames, labels))
    pieces = paragraphs(document.text, [mark[:2] for mark in marks])
    body = "".join(f"<p>{''.join(_marked(piece, marks) for piece in paragraph)}</p>" for paragraph in pieces)
    direction = "ltr" if language_of(document.text) == "en" else "rtl"
    language = html.escape(short(document.language or ("ar" if direction == "rtl" else "en"), 20))
    head = f'<div class="legend" lang="en">{legend}</div>'
    return f'<div class="framing" dir="{direction}" lang="{language}">{head}{body}</div>'


def _name(frame: str, labels: Mapping[str, str]) -> str:
    return html.escape(short(labels.get(frame, frame.replace("_", " "))))


def _marks(table: pd.DataFrame, frames: list[str], labels: Mapping[str, str]) -> Iterable[tuple[int, int, str, str]]:
    """Yield (start, end, classes, description) per coded span."""
    rows: Any = table.itertuples()
    for row in rows:
        name = labels.get(row.frame, row.frame.replace("_", " "))
        note = f"{name}: {row.entry} ({row.route}{', negated' if row.negated else ''})"
        if isinstance(row.speaker, str) and row.speaker:
            note += f" — {row.speaker}"
        yield row.start, row.end, f"f{frames.index(row.frame)}{' neg' if row.negated else ''}", note


def _marked(piece: Piece, marks: list[tuple[int, int, str, str]]) -> str:
    """Return a piece of text as HTML, wrapped in a mark where spans cover it."""
    text = html.escape(visible(piece.text))
    if not piece.spans:
        return text
    inside = [marks[number] for number in piece.spans]
    classes = " ".join(dict.fromkeys(part for mark in inside for part in mark[2].split()))
    note = html.escape(visible("; ".join(mark[3] for mark in inside)), quote=True)
    return f'<mark class="{classes}" tabindex="0" title="{note}">{text}</mark>'
