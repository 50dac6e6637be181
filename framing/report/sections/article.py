"""The article with every hit where it stands, and the list of hits behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from framing.language.shown import language_of, marked, short, visible
from framing.report.conditions import conditions_of, reason_of, worded
from framing.report.interface import DIRECTIONS
from framing.report.pieces import Piece, paragraphs

if TYPE_CHECKING:
    from framing.codebook import Entry
    from framing.report.study import Study

#: Hits that are marked and listed; of more, the first ones.
MOST_HITS = 2_000
#: Entries in the filter.
_MOST_ENTRIES = 200
_VOICES = ("narrator", "quoted", "reported")
_STATES = ("counted", "negated", "cancelled")


def content(study: Study) -> dict[str, Any]:
    """Return the text in paragraphs, its hits, and what they can be filtered by."""
    hits, more = _hits(study)
    text = study.article.text
    body = list(paragraphs(text, [(hit["start"], hit["end"]) for hit in hits]))
    names = _anchored(body, hits)
    direction = DIRECTIONS[language_of(text) or study.t.language]
    language = str(study.article.language or language_of(text) or "")
    documents = study.mine.documents
    used = [hit for hit in hits if hit["state"] == "counted"]
    return {
        "direction": direction,
        "language": short(language, 20) if language.replace("-", "").isalnum() and language.isascii() else "",
        "headed": bool(documents["headline"].any()),
        "paragraphs": [Markup("").join(_piece(piece, hits, names) for piece in part) for part in body],
        "hits": hits,
        "more": more,
        "n_counted": len(used),
        "frames": [(n, study.frame(id), sum(hit["frame"] == n for hit in used)) for n, id in enumerate(study.frames)],
        "voices": [
            (v, sum(hit["voice"] == v for hit in used)) for v in _VOICES if any(hit["voice"] == v for hit in hits)
        ],
        "entries": _entries(study, hits),
        "states": {state: sum(hit["state"] == state for hit in hits) for state in _STATES[1:]},
        "shown_characters": len(text),
        "all_characters": len(study.whole.text),
        "unsafe": marked(text)[:8],
    }


def _hits(study: Study) -> tuple[list[dict[str, Any]], int]:
    """Return the hits in the order of the text, and how many more there are than can be shown."""
    import pandas as pd

    mine = study.mine
    table = mine.table.assign(reason="", state=mine.table["negated"].map({True: "negated", False: "counted"}))
    both = pd.concat([table, mine.cancelled.assign(state="cancelled")], ignore_index=True)
    both = both.sort_values(["start", "end", "frame"], kind="stable")
    known = {
        (frame.id, entry.term): (frame, entry)
        for frame in study.codebook.frames.values()
        for entry in reversed(frame.entries)
    }
    shown = both.head(MOST_HITS).to_dict("records")
    return [_hit(study, row, known) for row in shown], len(both) - len(shown)


def _hit(study: Study, row: Mapping[Any, Any], known: dict[tuple[str, str], Any]) -> dict[str, Any]:
    t = study.t
    frame, entry = known.get((row["frame"], row["entry"]), (study.codebook.frames.get(row["frame"]), None))
    conditions = [worded(study, c, wanted=wanted) for c, wanted in conditions_of(frame, entry)] if frame else []
    speaker = row["speaker"] if isinstance(row["speaker"], str) else ""
    cancelled = row["state"] == "cancelled"
    return {
        "start": int(row["start"]),
        "end": int(row["end"]),
        "evidence": row["evidence"],
        "frame": study.frames.index(row["frame"]),
        "frame_name": study.frame(row["frame"]),
        "entry": row["entry"],
        "how": _how(study, entry, row["route"]),
        "conditions": [] if cancelled else conditions,
        "note": entry.note if entry is not None else "",
        "weight": float(row["weight"]),
        "voice": row["voice"],
        "speaker": speaker,
        "side": study.actor(row["side"]),
        "state": row["state"],
        "reason": reason_of(study, frame, entry, row["reason"]) if cancelled else Markup(""),
        "sentence": int(row["sentence"]) + 1,
        "place": t.number(int(row["sentence"]) + 1, 0),
    }


def _how(study: Study, entry: Entry | None, route: str) -> Markup:
    """Say how the entry matches and by which route it met this word."""
    match = study.t.word("match", entry.match) if entry is not None else Markup("")
    return (
        study.t("match.by", match=match, route=study.t.word("route", route)) if match else study.t.word("route", route)
    )


def _anchored(body: Iterable[Sequence[Piece]], hits: Sequence[dict[str, Any]]) -> dict[int, int]:
    """Give every hit the name of the piece in which it begins; return the name by the piece's place."""
    names: dict[int, int] = {}
    for piece in (piece for part in body for piece in part):
        new = [number for number in piece.spans if "anchor" not in hits[number]]
        if new:
            names[piece.start] = new[0]
            for number in new:
                hits[number]["anchor"] = new[0]
    return names


def _piece(piece: Piece, hits: Sequence[dict[str, Any]], names: dict[int, int]) -> Markup:
    """Return a piece of text, as a link to its hits where there are any.

    The link is made for what is shown at first: hits that count. The page's script makes it anew when a
    filter changes.
    """
    text = escape(visible(piece.text))
    if not piece.spans:
        return text
    shown = [number for number in piece.spans if hits[number]["state"] == "counted"]
    name = Markup(' id="t{}"').format(names[piece.start]) if piece.start in names else ""
    classes = " ".join(look(hits[number]["frame"] for number in shown)) if shown else "h off"
    linked = shown or list(piece.spans)
    return Markup('<a{} class="{}" href="#h{}" data-h="{}" aria-describedby="{}"{}>{}</a>').format(
        name,
        classes,
        linked[0],
        " ".join(map(str, piece.spans)),
        " ".join(f"h{number}" for number in linked),
        "" if shown else Markup(' tabindex="-1"'),
        text,
    )


def look(frames: Iterable[int]) -> list[str]:
    """Return the classes of a mark: colour and line of its first frame, colour of its second.

    >>> look([0, 2]), look([7])
    (['h', 'a0', 'l0', 'two', 'b2'], ['h', 'a1', 'l2'])
    """
    first, *others = dict.fromkeys(frames)
    second = ["two", f"b{others[0] % 6}"] if others else []
    return ["h", f"a{first % 6}", f"l{(first + first // 6) % 6}", *second]


def _entries(study: Study, hits: Iterable[dict[str, Any]]) -> list[tuple[Markup, list[tuple[str, str, int]]]]:
    """Return, by frame, the entries that occur (value, text, count), the most frequent first."""
    counts: dict[tuple[int, str], int] = {}
    for hit in hits:
        counts[hit["frame"], hit["entry"]] = counts.get((hit["frame"], hit["entry"]), 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: -pair[1])[:_MOST_ENTRIES]
    numbered = {pair[0]: f"{pair[0][0]}:{number}" for number, pair in enumerate(ranked)}
    for hit in hits:
        hit["value"] = numbered.get((hit["frame"], hit["entry"]), "")
    groups = []
    for number, id in enumerate(study.frames):
        mine = [(numbered[key], short(key[1], 60), n) for key, n in ranked if key[0] == number]
        if mine:
            groups.append((study.frame(id), mine))
    return groups
