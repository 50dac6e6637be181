"""Markup: one document, written as Markdown, LaTeX or HTML. Whatever a user's texts hold stays text."""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Callable, Mapping, Sequence

_RANGES = r"\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"
#: A run of Arabic, with the blanks, digits and marks inside it and the stop after it.
_ARABIC = re.compile(rf"[{_RANGES}](?:[^A-Za-z|]*[{_RANGES}])?[.؟،؛…»]*")
#: What no line can hold: a hash may break after every sixteenth letter.
_LONG = re.compile(r"[0-9A-Za-z]{40,}")
_LATEX = {
    "\\": r"\textbackslash{}",
    **{c: "\\" + c for c in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "−": r"\ensuremath{-}",
    "≥": r"\ensuremath{\geq}",
    "α": r"\ensuremath{\alpha}",
    "→": r"\ensuremath{\rightarrow}",
}
_STYLE = """
body{font:1rem/1.55 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}
table{border-collapse:collapse;font-size:.88rem;width:100%}
caption{text-align:left;font-style:italic;padding:.3rem 0}
th,td{border-bottom:1px solid #ddd;padding:.3rem .5rem;text-align:start;vertical-align:top}
.wide{overflow-x:auto;margin:1rem 0}
@media print{body{max-width:none}}
"""
_PREAMBLE = r"""% Compile with xelatex or lualatex.
\documentclass[10pt,a4paper]{article}
\usepackage[margin=2.2cm]{geometry}
\usepackage{fontspec,booktabs,longtable,array}
\usepackage[bidi=default,english]{babel}
\babelprovide[import]{arabic}
\newfontfamily\arabicfont[Script=Arabic]{Amiri}
\newcommand{\textar}[1]{\foreignlanguage{arabic}{\arabicfont #1}}
\setlength{\parindent}{0pt}\setlength{\parskip}{6pt}
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 is a section."""

    text: str
    level: int = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Items:
    """A list of points."""

    items: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Grid:
    """A table of text with a caption."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


Block = Heading | Paragraph | Items | Grid


def markdown(title: str, blocks: Sequence[Block]) -> str:
    """Write a document as Markdown (with pipe tables)."""
    parts = [f"# {_md(title)}"]
    for block in blocks:
        match block:
            case Heading(text, level):
                parts.append(f"{'#' * (level + 1)} {_md(text)}")
            case Paragraph(text):
                parts.append(_md(text))
            case Items(items):
                parts.append("\n".join(f"- {_md(item)}" for item in items))
            case Grid(columns, rows, caption):
                lines = [_row(columns), _row(["---"] * len(columns), escaped=False), *(_row(row) for row in rows)]
                parts.append((f"*{_md(caption)}*\n\n" if caption else "") + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _row(cells: Sequence[str], *, escaped: bool = True) -> str:
    return "| " + " | ".join(_md(cell) if escaped else cell for cell in cells) + " |"


def _md(text: str) -> str:
    r"""Escape what Markdown would read as markup, and put the text on one line.

    >>> print(_md("a*b | <i>"))
    a\*b \| &lt;i>
    """
    line = " ".join(text.split())
    line = re.sub(r"([\\`*\[\]|#])", r"\\\1", line)
    line = re.sub(r"(?<!\w)_|_(?!\w)", r"\\_", line)
    return line.replace("<", "&lt;")


def to_html(title: str, blocks: Sequence[Block]) -> str:
    """Write a document as one self-contained page."""
    parts = []
    for block in blocks:
        match block:
            case Heading(text, level):
                parts.append(f"<h{level + 1}>{_bdi(text)}</h{level + 1}>")
            case Paragraph(text):
                parts.append(f"<p>{_bdi(text)}</p>")
            case Items(items):
                parts.append("<ul>" + "".join(f"<li>{_bdi(item)}</li>" for item in items) + "</ul>")
            case Grid(columns, rows, caption):
                head = "".join(f'<th scope="col">{_bdi(name)}</th>' for name in columns)
                body = "".join(
                    "<tr>" + "".join(f'<td dir="auto">{_bdi(cell)}</td>' for cell in row) + "</tr>" for row in rows
                )
                shown = f"<caption>{_bdi(caption)}</caption>" if caption else ""
                parts.append(
                    f'<div class="wide"><table>{shown}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
                )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head>\n<body><main><h1>{_bdi(title)}</h1>\n"
        + "\n".join(parts)
        + "\n</main></body></html>\n"
    )


def _bdi(text: str) -> str:
    """Escape text, and keep each Arabic run from disturbing the order of what stands around it."""
    pieces, at = [], 0
    for run in _ARABIC.finditer(text):
        pieces += [html.escape(text[at : run.start()]), f'<bdi lang="ar">{html.escape(run.group())}</bdi>']
        at = run.end()
    return "".join([*pieces, html.escape(text[at:])])


def latex(title: str, blocks: Sequence[Block]) -> str:
    """Write a document for XeLaTeX or LuaLaTeX; the Arabic font is named in one line, to be changed at will."""
    parts = []
    for block in blocks:
        match block:
            case Heading(text, level):
                parts.append(f"\\{'sub' * (level - 1)}section*{{{_tex(text)}}}")
            case Paragraph(text):
                parts.append(_tex(text))
            case Items(items):
                parts.append(
                    "\\begin{itemize}\n" + "\n".join(f"\\item {_tex(item)}" for item in items) + "\n\\end{itemize}"
                )
            case Grid():
                parts.append(_longtable(block))
    head = f"{_PREAMBLE}\\title{{{_tex(title)}}}\\date{{}}\n\\begin{{document}}\n\\maketitle\n\n"
    return head + "\n\n".join(parts) + "\n\n\\end{document}\n"


def _longtable(grid: Grid) -> str:
    n = max(len(grid.columns), 1)
    widths = _widths(grid, n)
    spec = "".join(f">{{\\raggedright\\arraybackslash}}p{{{w:.3f}\\linewidth}}" for w in widths)
    head = " & ".join(f"\\textbf{{{_tex(name)}}}" for name in grid.columns) + r" \\"
    rows = [" & ".join(map(_tex, row)) + r" \\" for row in grid.rows]
    caption = f"\\multicolumn{{{n}}}{{l}}{{\\textit{{{_tex(grid.caption)}}}}} \\\\\n" if grid.caption else ""
    return (
        f"{{\\footnotesize\\begin{{longtable}}{{{spec}}}\n{caption}\\toprule\n{head}\n\\midrule\n\\endhead\n"
        + "\n".join(rows)
        + "\n\\bottomrule\n\\end{longtable}}"
    )


def _widths(grid: Grid, n: int) -> list[float]:
    """Share out the line by how long the cells of a column are."""
    longest = [
        max([len(grid.columns[i]), *(min(len(row[i]), 60) for row in grid.rows)], default=1) + 2 for i in range(n)
    ]
    free = 1 - 0.03 * n
    return [free * size / sum(longest) for size in longest]


def _tex(text: str) -> str:
    r"""Escape text for LaTeX and set its Arabic runs as Arabic.

    >>> _tex("5 % عقوبات")
    '5 \\% \\textar{عقوبات}'
    """
    text = " ".join(text.split())
    pieces, at = [], 0
    for run in _ARABIC.finditer(text):
        pieces += [_escaped(text[at : run.start()]), f"\\textar{{{_escaped(run.group())}}}"]
        at = run.end()
    return "".join([*pieces, _escaped(text[at:])])


def _escaped(text: str) -> str:
    text = "".join(_LATEX.get(c, c) for c in text)
    return _LONG.sub(lambda word: r"\allowbreak ".join(re.findall(".{1,16}", word.group())), text)


WRITERS: Mapping[str, Callable[[str, Sequence[Block]], str]] = {"markdown": markdown, "latex": latex, "html": to_html}
