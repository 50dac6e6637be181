"""A document and a table of documents or codings in a notebook: short, escaped, each text in its own direction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from framing.language.shown import language_of, short, visible

if TYPE_CHECKING:
    import pandas as pd

    from framing.corpus.document import Document

#: Characters of a document's text, pieces of its metadata, rows and columns of a table, and characters of a cell.
_TEXT, _METADATA, _ROWS, _COLUMNS, _CELL = 600, 12, 10, 12, 60
_STYLE = "font:1.1em/1.9 'Noto Naskh Arabic',Amiri,'Geeza Pro','Traditional Arabic',serif"


def document_html(document: Document) -> str:
    """Return a document as HTML: its title, what is known about it, and how its text begins.

    Examples
    --------
    >>> from framing import Document
    >>> print(document_html(Document(id="a", text="كوبا <b>", outlet="al-madar")))
    <div><p><strong><bdi>a</bdi></strong><br>outlet: <bdi>al-madar</bdi> · 8 characters</p>
    <div lang="ar" dir="rtl" style="..."><p>كوبا &lt;b&gt;</p></div></div>
    """
    known = [(name, value) for name, value in document.metadata.items() if name not in ("title", "language")]
    about = [f"{escape(short(name, 40))}: {_isolated(value)}" for name, value in known[:_METADATA]]
    about.append(f"{len(document.text):,} characters")
    title = f"{_isolated(document.title, 200)} ({_isolated(document.id)})" if document.title else _isolated(document.id)
    start = document.text[:_TEXT]
    paragraphs = [line for line in map(str.strip, visible(start).splitlines()) if line]
    if len(document.text) > _TEXT and paragraphs:
        paragraphs[-1] += " …"
    language = language_of(start) or "en"
    direction = "rtl" if language == "ar" else "ltr"
    body = "".join(f"<p>{escape(line)}</p>" for line in paragraphs)
    return (
        f"<div><p><strong>{title}</strong><br>{' · '.join(about)}</p>\n"
        f'<div lang="{language}" dir="{direction}" style="{_STYLE}">{body}</div></div>'
    )


def table_html(table: pd.DataFrame, *, rows: int = _ROWS, n: int | None = None) -> str:
    """Return the beginning of a table as HTML, every cell on one line and in the direction of its text.

    `n` is how many rows there are when `table` holds only the first of them.

    Examples
    --------
    >>> import pandas as pd
    >>> print(table_html(pd.DataFrame({"word": ["كوبا"], "n": [2]})))
    <table><thead><tr><th>word</th><th>n</th></tr></thead><tbody>
    <tr><td><bdi lang="ar" dir="rtl">كوبا</bdi></td><td><bdi>2</bdi></td></tr>
    </tbody></table>
    """
    columns = [str(name) for name in table.columns[:_COLUMNS]]
    head = "".join(f"<th>{escape(short(name, 40))}</th>" for name in columns)
    body = "".join(_row(row) for row in table.iloc[:rows, :_COLUMNS].itertuples(index=False, name=None))
    hidden = [
        (len(table) if n is None else n) - min(rows, len(table)),
        len(table.columns) - len(columns),
    ]
    more = [f"{count:,} more {what}" for count, what in zip(hidden, ("rows", "columns"), strict=True) if count > 0]
    rest = f"<p>… and {' and '.join(more)}</p>" if more else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table>{rest}"


def names_html(names: Iterable[Any]) -> str:
    """Return names side by side, each isolated from the others."""
    return ", ".join(map(_isolated, names))


def _row(cells: Sequence[Any]) -> str:
    return f"<tr>{''.join(f'<td>{_isolated(cell, _CELL)}</td>' for cell in cells)}</tr>\n"


def _isolated(value: Any, limit: int = _CELL) -> str:
    """Return a value on one line, escaped, in its language and direction; nothing for a missing one."""
    if value is None or type(value).__name__ in ("NAType", "NaTType") or value != value:  # noqa: PLR0124 (NaN)
        return ""
    text = short(f"{value:,.4g}" if isinstance(value, float) else value, limit)
    language = language_of(text)
    arabic = ' lang="ar" dir="rtl"' if language == "ar" else ""
    return f"<bdi{arabic}>{escape(text)}</bdi>"
