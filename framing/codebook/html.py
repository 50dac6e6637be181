"""A codebook as a page for people: definition, rules with their examples, entries with their conditions."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framing.codebook.model import Actor, Codebook, Condition, Entry, Evaluation, Frame, Rule

_STYLE = (
    ".fr-codebook{font:1rem/1.5 system-ui,sans-serif;color:#111;background:#fff;padding:.5rem 1rem;max-width:70rem}"
    ".fr-codebook :is(h2,h3,h4){line-height:1.25;margin:1.2em 0 .4em}"
    ".fr-codebook [lang=ar],.fr-codebook bdi{font-family:system-ui,'Noto Naskh Arabic','Amiri','Geeza Pro',sans-serif}"
    ".fr-codebook [lang=ar]{font-size:1.1em;line-height:1.7}"
    ".fr-codebook .about{color:#555;margin:.2em 0}"
    ".fr-codebook ol{padding-left:1.6rem}.fr-codebook ol>li{margin:.6em 0}"
    ".fr-codebook dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em .8em;margin:.2em 0}"
    ".fr-codebook dt{color:#555}.fr-codebook dd{margin:0;justify-self:start}"
    ".fr-codebook table{border-collapse:collapse;width:100%;font-size:.95em}"
    ".fr-codebook caption{text-align:start;color:#555;padding:.2em 0}"
    ".fr-codebook :is(td,th){border-bottom:1px solid #ccc;padding:.25em .5em;text-align:start;vertical-align:top}"
    ".fr-codebook th{border-bottom:2px solid #555}"
    ".fr-codebook td:first-child{min-width:8em}.fr-codebook ul{margin:0;padding-left:1rem}"
    "@media print{.fr-codebook details>*{display:block}.fr-codebook tr{break-inside:avoid}}"
)
_MATCHES = {
    "lemma": "all forms of the word",
    "phrase": "all forms of the words, in this order",
    "surface": "this spelling only",
    "pattern": "pattern",
}
_KINDS = {"any": "any actor", "state": "a state", "bloc": "a bloc", "organisation": "an organisation"}
_FUNCTIONS = {
    "problem_definition": "defines a problem",
    "causal_interpretation": "names causes",
    "moral_evaluation": "judges morally",
    "treatment_recommendation": "recommends a treatment",
}


def codebook_html(codebook: Codebook, *, limit: int | None = 50) -> str:
    """Return a codebook as HTML: for each frame its definition, rules and entries, then actors and evaluative terms.

    Parameters
    ----------
    codebook : Codebook
    limit : int, optional
        Show at most this many entries per frame, actors and evaluative families; None shows all.

    Returns
    -------
    str
        A ``<div>`` with its own style sheet. All text is escaped, and Arabic runs right to left.

    Examples
    --------
    >>> from framing import Codebook
    >>> "<td" in codebook_html(Codebook.from_dict({"peace": ["سلام"]}))
    True
    """
    parts = [_head(codebook)]
    parts += [_frame(frame, limit) for frame in codebook.frames.values()]
    if codebook.actors:
        parts.append(_folded("Actors", list(codebook.actors.values()), limit, _actors))
    if codebook.evaluations:
        parts.append(_folded("Evaluative terms", list(codebook.evaluations), limit, _evaluations))
    return f'<div class="fr-codebook" lang="en"><style>{_STYLE}</style>{"".join(parts)}</div>'


def codebook_page(codebook: Codebook) -> str:
    """Return a whole codebook as one self-contained HTML page, for coders to read or print."""
    title = html.escape(codebook.title)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title></head>'
        f"<body><main>{codebook_html(codebook, limit=None)}</main></body></html>\n"
    )


def save_page(codebook: Codebook, path: str | Path) -> Path:
    """Write `codebook_page` to a file, whole or not at all."""
    from framing.files import replacing

    path = Path(path)
    with replacing(path) as file:
        file.write(codebook_page(codebook))
    return path


def _head(codebook: Codebook) -> str:
    about = codebook.metadata
    lines = [f"<h2>{_text(codebook.title)}</h2>"]
    authors = about.get("authors") or ()
    facts = [
        f"name {codebook.name}",
        f"version {codebook.version}" if codebook.version else "",
        ", ".join([authors] if isinstance(authors, str) else authors),
        str(about.get("licence", "")),
    ]
    lines.append(f'<p class="about">{_joined(facts)}</p>')
    lines += [f"<p>{_text(str(about[name]))}</p>" for name in ("description", "citation") if about.get(name)]
    return "".join(lines)


def _frame(frame: Frame, limit: int | None) -> str:
    labels = [text for language, text in frame.label.items() if text != frame.title()]
    facts = [
        f"id {frame.id}",
        f"version {frame.version}" if frame.version else "",
        ", ".join(frame.authors),
        frame.licence,
    ]
    parts = [
        f"<h3>{' · '.join(_text(text) for text in (frame.title(), *labels))}</h3>",
        f'<p class="about">{_joined(facts)}</p>',
        f"<p>{_text(frame.definition)}</p>" if frame.definition else "",
    ]
    if frame.functions:
        named = "; ".join(_FUNCTIONS.get(name, name) for name in frame.functions)
        parts.append(f"<p>What the frame does (Entman 1993): {_text(named)}.</p>")
    parts.append(_rules("Counts", frame.include, counts=True))
    parts.append(_rules("Does not count", frame.exclude, counts=False))
    if frame.names:
        parts.append(f"<p>Names that do not count: {_list(frame.names)}</p>")
    conditions = _conditions(frame.requires, frame.unless)
    if conditions:
        parts.append(f"<p>For all entries:</p>{conditions}")
    parts.append(_entries(frame.entries, limit))
    if frame.sources:
        items = "".join(f"<li>{_text(source)}</li>" for source in frame.sources)
        parts.append(f"<h4>Sources</h4><ul>{items}</ul>")
    return f"<section>{''.join(parts)}</section>"


def _rules(title: str, rules: Sequence[Rule], *, counts: bool) -> str:
    if not rules:
        return ""
    yes, no = "counts", "does not count"
    items = []
    for rule in rules:
        examples = ((rule.example, yes if counts else no), (rule.counter_example, no if counts else yes))
        rows = "".join(f"<dt>{name}:</dt>{_cell(text, 'dd')}" for text, name in examples if text)
        items.append(f"<li>{_text(rule.rule)}{f'<dl>{rows}</dl>' if rows else ''}</li>")
    return f"<h4>{title}</h4><ol>{''.join(items)}</ol>"


def _entries(entries: Sequence[Entry], limit: int | None) -> str:
    shown = entries[:limit]
    columns: list[tuple[str, Callable[[Entry], str]]] = [
        ("Term", lambda e: _cell(_unmarked(e.term))),
        ("Matches", lambda e: _cell(_match(e))),
        ("Also", lambda e: f"<td>{_list(e.variants)}</td>"),
        ("English", lambda e: f"<td>{_list(e.en)}</td>"),
        ("Weight", lambda e: _cell(f"{e.weight:g}" if e.weight != 1 else "")),
        ("Only with, not with", lambda e: f"<td>{_conditions(e.requires, e.unless)}</td>"),
        ("Note", lambda e: _cell("; ".join(text for text in (e.note, e.source) if text))),
    ]
    empty = {"<td></td>", _cell("")}
    used = [(n, make) for n, make in columns if n in ("Term", "Matches") or any(make(e) not in empty for e in shown)]
    rows = ["".join(make(entry) for _, make in used) for entry in shown]
    return _table([name for name, _ in used], rows, _counted(len(shown), len(entries), "entries"))


def _match(entry: Entry) -> str:
    words = _MATCHES[entry.match]
    if entry.match == "pattern":
        words = "regular expression" if entry.valuetype == "regex" else "pattern (* any letters, ? one letter)"
    if entry.pos:
        words += f", {' or '.join(entry.pos)} only"
    if entry.gap:
        words += f", up to {entry.gap} words between"
    return words


def _conditions(requires: Sequence[Condition], unless: Sequence[Condition]) -> str:
    lines = [f"only with {in_words(c)}" for c in requires] + [f"not with {in_words(c)}" for c in unless]
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>" if lines else ""


def in_words(condition: Condition) -> str:
    """Return a condition in words, as HTML.

    >>> from framing import Condition
    >>> in_words(Condition(actor=("usa",), within=10, side="after"))
    'the actor <bdi>usa</bdi> within 10 words after it'
    """
    what = []
    if condition.actor:
        actors = " or ".join(_KINDS.get(actor) or f"the actor <bdi>{_escape(actor)}</bdi>" for actor in condition.actor)
        number = f"{condition.count} different actors: " if condition.count > 1 else ""
        what.append(f"{'the nearest actor being ' if condition.nearest else number}{actors}")
    what += [f"the entry {_list(condition.entry)}"] if condition.entry else []
    what += [f"the word {_list(condition.term)}"] if condition.term else []
    words = "word" if condition.within == 1 else "words"
    where = f"within {condition.within} {words}" if isinstance(condition.within, int) else f"in the {condition.within}"
    return f"{' or '.join(what)} {where}{'' if condition.side == 'either' else f' {condition.side} it'}"


def _actors(actors: Sequence[Actor], caption: str) -> str:
    rows = []
    for actor in actors:
        people = [person.label.get("en") or person.id for person in actor.people]
        names = [name for ways in actor.names.values() for name in ways]
        label = " · ".join(_text(text) for text in actor.label.values())
        rows.append(
            f"{_cell(actor.id)}<td>{label}</td>{_cell(actor.kind)}<td>{_list(names)}</td>"
            f"<td>{_list(name for ways in actor.adjectives.values() for name in ways)}</td><td>{_list(people)}</td>"
        )
    return _table(["Id", "Label", "Kind", "Names", "Adjectives", "People"], rows, caption)


def _evaluations(families: Sequence[Evaluation], caption: str) -> str:
    rows = []
    for family in families:
        terms = (*family.verb, *family.noun, *family.adjective, *family.phrase)
        rows.append(
            f"{_cell(family.id)}{_cell('support' if family.polarity > 0 else 'opposition')}"
            f"{_cell(family.quad.replace('_', ' '))}{_cell(f'{family.cameo} ({family.goldstein:+g})')}"
            f"<td>{_list(terms)}</td><td>{_list(family.en)}</td>{_cell(family.note)}"
        )
    columns = ["Id", "Attitude", "Class", "CAMEO (Goldstein)", "Terms", "English", "Note"]
    return _table(columns, rows, caption)


def _folded(title: str, items: list[object], limit: int | None, make: Callable[..., str]) -> str:
    shown = items[:limit]
    body = make(shown, _counted(len(shown), len(items), title.lower()))
    return f"<details><summary><b>{title}</b> ({len(items):,})</summary>{body}</details>"


def _counted(shown: int, of: int, what: str) -> str:
    return f"{of:,} {what}" if shown == of else f"the first {shown:,} of {of:,} {what}"


def _table(columns: Iterable[str], rows: Iterable[str], caption: str) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in columns)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _escape(text: str) -> str:
    return html.escape(text, quote=True)


def _is_arabic(text: str) -> bool:
    return any("\u0600" <= character <= "\u06ff" for character in text)


def _text(text: str) -> str:
    """Return text that keeps its own direction inside a sentence of another."""
    language = ' lang="ar"' if _is_arabic(text) else ""
    return f'<bdi dir="auto"{language}>{_escape(text)}</bdi>'


def _cell(text: str, tag: str = "td") -> str:
    language = ' lang="ar"' if _is_arabic(text) and not any(c.isascii() and c.isalpha() for c in text) else ""
    return f'<{tag} dir="auto"{language}>{_escape(text)}</{tag}>'


def _unmarked(term: str) -> str:
    return " ".join(f"“{word[1:]}”" if word[:1] == "=" and word[1:] else word for word in term.split(" "))


def _list(texts: Iterable[str]) -> str:
    """Return terms as a list, the Arabic ones first and right to left; a word that must stand as written is quoted."""
    marked = [_unmarked(text) for text in texts]
    arabic = "، ".join(f"<bdi>{_escape(text)}</bdi>" for text in marked if _is_arabic(text))
    others = ", ".join(f"<bdi>{_escape(text)}</bdi>" for text in marked if not _is_arabic(text))
    return "; ".join(part for part in (arabic and f'<bdi dir="rtl" lang="ar">{arabic}</bdi>', others) if part)


def _joined(facts: Iterable[str]) -> str:
    return " · ".join(_text(fact) for fact in facts if fact)
