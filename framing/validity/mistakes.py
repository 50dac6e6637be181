"""Mistakes: each error of the machine where it stands, with what caused it and what would have helped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.language import tokenise
from framing.language.lemmas import lemmas
from framing.language.stopwords import stop_words
from framing.table import Table
from framing.validity.units import corpus_units, first_sentences, with_context

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Codings
    from framing.corpus import Corpus
    from framing.validity.pairing import Paired

_CANDIDATES = 5
_COLUMNS = ("kind", "frame", "doc_id", "paragraph", "sentence", "start", "end")
_SHOWN = ("text", "before", "after", "evidence", "entry", "because", "candidates")
Key = tuple[str, int]


def mistakes(paired: Paired, machine: Codings, corpus: Corpus | None, by: Sequence[str]) -> Table:
    """Return one row per unit and frame on which machine and people differ; columns as in `fr.validate`."""
    units = _units(paired, machine, corpus)
    hits = _hits(machine, paired.unit)
    keys: list[Key] = list(paired.units[["doc_id", "sentence"]].itertuples(index=False, name=None))
    rows = []
    for column, frame in enumerate(paired.frames):
        differ = np.flatnonzero(
            ~np.isnan(paired.human[:, column]) & (paired.machine[:, column] != paired.human[:, column])
        )
        missed = [row for row in differ.tolist() if paired.human[row, column] == 1]
        words = _candidates(paired, column, missed, units["text"].tolist()) if corpus is not None else {}
        for row in differ.tolist():
            false_positive = paired.machine[row, column] == 1
            counted, uncounted = hits.get((keys[row], frame), ([], []))
            shown = counted if false_positive else uncounted
            because = (
                "" if false_positive else "; ".join(dict.fromkeys(h["because"] for h in shown)) or "no entry matches"
            )
            rows.append(
                {
                    "kind": "false positive" if false_positive else "false negative",
                    "frame": frame,
                    **units.iloc[row].to_dict(),
                    "evidence": "; ".join(dict.fromkeys(h["evidence"] for h in shown)),
                    "entry": "; ".join(dict.fromkeys(h["entry"] for h in shown)),
                    "because": because,
                    "candidates": "؛ ".join(words.get(row, ())) if words else "",
                }
            )
    shown_columns = [
        name for name in _SHOWN if corpus is not None or name not in ("text", "before", "after", "candidates")
    ]
    table = Table(rows, columns=[*_COLUMNS, *(c for c in by if c not in _COLUMNS), *shown_columns])
    order = {key: row for row, key in enumerate(keys)}
    place = [order[key] for key in table[["doc_id", "sentence"]].itertuples(index=False, name=None)]
    return Table(table.iloc[np.argsort(np.asarray(place, np.int64), kind="stable")].reset_index(drop=True))


def _units(paired: Paired, machine: Codings, corpus: Corpus | None) -> pd.DataFrame:
    """Return place and, with the corpus, text of each unit, in the order of `paired.units`."""
    import pandas as pd

    if corpus is not None:
        places = with_context(corpus_units(corpus, paired.unit)).drop(columns=["unit_id", "words"])
    else:
        table = machine.units
        place = first_sentences(machine, paired.unit).reindex(pd.MultiIndex.from_frame(table[["doc_id", "sentence"]]))
        grouped = table.assign(sentence=place.to_numpy()).groupby(["doc_id", "sentence"], sort=False)
        places = grouped.agg(paragraph=("paragraph", "first"), start=("start", "min"), end=("end", "max")).reset_index()
        places = places.assign(text="", before="", after="")
    return paired.units.merge(places, on=["doc_id", "sentence"], how="left", suffixes=("", "_of_unit"))


def _hits(machine: Codings, unit: str) -> dict[tuple[Key, str], tuple[list[dict[str, str]], list[dict[str, str]]]]:
    """Return, by unit and frame, the hits that count and those that do not, with the reason."""
    import pandas as pd

    first = first_sentences(machine, unit)
    found: dict[tuple[Key, str], tuple[list[dict[str, str]], list[dict[str, str]]]] = {}
    for table, reasons in ((machine.table, None), (machine.cancelled, "reason")):
        place = first.reindex(pd.MultiIndex.from_frame(table[["doc_id", "sentence"]])).to_numpy()
        why = table[reasons].tolist() if reasons else ["negated" if n else "" for n in table["negated"].tolist()]
        columns = (table[name].tolist() for name in ("doc_id", "frame", "evidence", "entry"))
        for (doc_id, frame, evidence, entry), sentence, reason in zip(
            zip(*columns, strict=True), place.tolist(), why, strict=True
        ):
            pair = found.setdefault(((doc_id, sentence), frame), ([], []))
            hit = {"evidence": str(evidence), "entry": str(entry), "because": f"{evidence}: {reason}" if reason else ""}
            pair[1 if reason else 0].append(hit)
    return found


def _candidates(paired: Paired, column: int, missed: list[int], texts: list[str]) -> dict[int, list[str]]:
    """Return, for each missed unit, its words that set people's finds apart, likeliest first.

    A word's weight is the log-odds of occurring in a unit with the frame against one without, over its
    standard error, ½ added to each count. Stop words do not compete.
    """
    coded = np.flatnonzero(~np.isnan(paired.human[:, column])).tolist()
    if not missed:
        return {}
    tokens = tokenise([texts[row] for row in coded])
    keys, readable = lemmas(tokens.type)
    bounds, stops = tokens.spans.first_token.tolist(), stop_words()
    kinds = tokens.is_word & (tokens.spans.kind != 3)
    inside = {
        row: dict.fromkeys(
            key for key, word in zip(keys[a:b].tolist(), kinds[a:b].tolist(), strict=True) if word and key not in stops
        )
        for row, a, b in zip(coded, bounds, bounds[1:], strict=False)
    }
    with_frame = [row for row in coded if paired.human[row, column] == 1]
    without = [row for row in coded if paired.human[row, column] == 0]
    here, there = _occurrence(inside, with_frame), _occurrence(inside, without)

    def strength(key: str) -> float:
        a, b = here.get(key, 0) + 0.5, there.get(key, 0) + 0.5
        c, d = len(with_frame) - a + 1, len(without) - b + 1
        return float((np.log(a / c) - np.log(b / d)) / np.sqrt(1 / a + 1 / b + 1 / c + 1 / d))

    ranked = {}
    for row in missed:
        best = sorted(((strength(key), key) for key in inside[row]), key=lambda pair: (-pair[0], pair[1]))
        ranked[row] = [readable.get(key, key) for value, key in best[:_CANDIDATES] if value > 0]
    return ranked


def _occurrence(inside: dict[int, dict[str, Any]], rows: Iterable[int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        for key in inside[row]:
            counts[key] = counts.get(key, 0) + 1
    return counts
