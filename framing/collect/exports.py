"""Exports of press databases: Nexis Uni and Factiva files that hold many articles, with their fields as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from framing.collect.dates import iso_date
from framing.collect.items import Fault, Found

_NEXIS_END = re.compile(r"^\s*End of Document\s*$", re.MULTILINE)
_NEXIS_BODY = re.compile(r"^\s*Body\s*$", re.MULTILINE)
_NEXIS_FIELD = re.compile(
    r"^\s*(Copyright|Section|Length|Byline|Dateline|Highlight|Language|Publication-Type)\b\s*:?[\s\xa0]*(.*)$"
)
_NEXIS_TAIL = re.compile(r"^\s*(?:Load-Date:.*|Classification|Graphic|Notes|Correction(?:-Date)?:?.*)\s*$")
_FACTIVA_END = re.compile(r"^[\s|]*Document\s+([A-Za-z0-9]{10,40})[\s|]*$", re.MULTILINE)
_FACTIVA_CODES = (
    "HD|BY|WC|PD|ET|SN|SC|ED|PG|LA|CY|LP|TD|CO|IN|NS|RE|IPC|IPD|PUB|AN|CR|CLM|SE|ART|RF|VOL|CT"  # as Factiva lists them
)
_FACTIVA_FIELD = re.compile(rf"^[\s|]*({_FACTIVA_CODES})(?:[ \t]*[|\t][ \t|]*|[ ]{{2,}}|\s*$)(.*)$")
_FACTIVA_WORDS = re.compile(r"^\s*[\d,.]+\s+(?:words|mots|Wörter|palabras|كلمة|كلمات)\s*$", re.IGNORECASE)
_LANGUAGES = {
    "arabic": "ar",
    "english": "en",
    "french": "fr",
    "german": "de",
    "russian": "ru",
    "spanish": "es",
    "العربية": "ar",
}


def database_export(text: str) -> Iterator[Found | Fault] | None:
    """Split the text of a Nexis Uni or Factiva export into its articles; None when it is neither.

    Parameters
    ----------
    text : str
        Of the DOCX, RTF, PDF or text file that Nexis Uni gives, or the RTF or HTML that Factiva gives, with or
        without indexing fields (HD, LP, TD …).
    """
    if _NEXIS_END.search(text) and _NEXIS_BODY.search(text):
        return _nexis(text)
    if _FACTIVA_END.search(text):
        return _factiva(text)
    return None


def _nexis(text: str) -> Iterator[Found | Fault]:
    for number, part in enumerate((part for part in _NEXIS_END.split(text) if part.strip()), 1):
        head, *bodies = _NEXIS_BODY.split(part, maxsplit=1)
        if not bodies:
            if _lines(part) and number > 1:
                yield Fault(str(number), "an article without the line 'Body'")
            continue
        lines = _lines(head)
        fields = {match[1]: match[2].strip() for line in lines if (match := _NEXIS_FIELD.match(line))}
        dated = next(
            (row for row, line in enumerate(lines) if row and iso_date(line) and not _NEXIS_FIELD.match(line)), None
        )
        body, tail = _body(bodies[0])
        fields |= {match[1]: match[2].strip() for line in tail if (match := _NEXIS_FIELD.match(line))}
        facts = {
            "title": lines[dated - 2] if dated and dated > 1 else None,
            "outlet": lines[dated - 1] if dated else None,
            "date": iso_date(lines[dated]) if dated else None,
            "language": language_code(fields.get("Language")),
            "author": fields.get("Byline"),
            "section": fields.get("Section"),
        }
        yield _found(str(number), body, facts)


def _body(text: str) -> tuple[list[str], list[str]]:
    lines = _lines(text)
    end = next((row for row, line in enumerate(lines) if _NEXIS_TAIL.match(line)), len(lines))
    return lines[:end], lines[end:]


def _factiva(text: str) -> Iterator[Found | Fault]:
    start = 0
    for end in _FACTIVA_END.finditer(text):
        lines, start = _lines(text[start : end.start()]), end.end()
        fielded = [line for line in lines if _FACTIVA_FIELD.match(line)]
        body, facts = _factiva_fields(lines) if len(fielded) > 2 else _factiva_plain(lines)
        yield _found(end[1], body, facts)
    if len(text[start:].split()) > 50:
        yield Fault("end", "text after the last 'Document …' line: the export is cut off there")


def _factiva_fields(lines: list[str]) -> tuple[list[str], dict[str, str | None]]:
    fields: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines:
        match = _FACTIVA_FIELD.match(line)
        if match:
            current = fields.setdefault(match[1], [])
        value = (match[2] if match else line).strip(" |\t")
        if value:
            current.append(value)
    first = {code: " ".join(values) for code, values in fields.items()}
    facts = {
        "title": first.get("HD"),
        "outlet": first.get("SN"),
        "date": iso_date(first.get("PD")),
        "language": language_code(first.get("LA")),
        "author": first.get("BY"),
        "section": first.get("SE"),
    }
    return fields.get("LP", []) + fields.get("TD", []), facts


def _factiva_plain(lines: list[str]) -> tuple[list[str], dict[str, str | None]]:
    """Read an article without field codes: headline, (section, author,) words, date, (time,) source, code, language."""
    words = next((row for row, line in enumerate(lines) if _FACTIVA_WORDS.match(line)), None)
    if words is None:
        return lines, {}
    rest = lines[words + 1 : words + 9]
    dated = next((row for row, line in enumerate(rest) if iso_date(line)), None)
    outlet = language = None
    used = words + 1
    if dated is not None:
        after = [line for line in rest[dated + 1 :] if not re.fullmatch(r"\d{1,2}:\d{2}.*", line)]
        outlet = after[0] if after else None
        spoken = next((line for line in after if language_code(line)), None)
        language = language_code(spoken)
        copyright_line = next(
            (line for line in rest if re.match(r"(?:Copyright|\(c\)|©|جميع الحقوق)", line, re.IGNORECASE)), None
        )
        used = words + 2 + rest.index(copyright_line or spoken or outlet or rest[dated])
    facts = {
        "title": lines[0] if words else None,
        "outlet": outlet,
        "date": iso_date(rest[dated]) if dated is not None else None,
    }
    return lines[used:], {**facts, "language": language}


def language_code(name: str | None) -> str | None:
    """Return the ISO 639-1 code of a language's name, or of a code; None for others.

    >>> language_code("ARABIC; العربية"), language_code("ar"), language_code("Klingon")
    ('ar', 'ar', None)
    """
    first = re.split(r"[;,(\s]", (name or "").strip().casefold())[0]
    return first if first in _LANGUAGES.values() else _LANGUAGES.get(first)


def _lines(text: str) -> list[str]:
    return [line.strip().replace("\xa0", " ") for line in text.split("\n") if line.strip(" |\t\r\xa0")]


def _found(item: str, body: list[str], facts: dict[str, str | None]) -> Found | Fault:
    text = "\n".join(line.strip(" |\t") for line in body)
    if not text.strip():
        return Fault(item, "an article without text")
    return Found(item, text, {name: value for name, value in facts.items() if value})
