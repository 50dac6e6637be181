"""Hits inside longer hits of other frames."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framing.coding import Codings

_WORD = re.compile(r"\S+")


def outermost(codings: Codings) -> Codings:
    """Return codings without the hits that lie inside longer hits of other frames.

    This is quanteda's ``nested_scope = "dictionary"``: *New York Times* counts for the paper and no longer for
    the city. A hit is dropped when every word of it belongs to longer hits, whosever. Hits of one span, and hits
    that only overlap, all stay. Without this (``nested_scope = "key"``) frames are independent of each other.

    Parameters
    ----------
    codings : Codings

    Returns
    -------
    Codings
        Same units, documents and cancelled matches.

    Examples
    --------
    >>> from framing import Codebook, Document, code
    >>> book = Codebook.from_dict({"paper": ["New York Times"], "city": ["New York"]})
    >>> codings = code(Document(id="a", text="The New York Times is a New York paper."), book)
    >>> codings.table["frame"].tolist(), outermost(codings).table["frame"].tolist()
    (['city', 'paper', 'city'], ['paper', 'city'])
    """
    table = codings.table
    inner: set[int] = set()
    columns = [table[name].tolist() for name in ("doc_id", "start", "end", "evidence")]
    hits = sorted(zip(*columns, range(len(table)), strict=True), key=lambda hit: (hit[0], hit[1], -hit[2]))
    cluster: list[tuple[int, int, str, int]] = []
    document, reach = None, -1
    for doc_id, start, end, evidence, row in hits:
        if doc_id != document or start >= reach:
            inner |= _inside(cluster)
            cluster, document, reach = [], doc_id, -1
        cluster.append((start, end, evidence, row))
        reach = max(reach, end)
    inner |= _inside(cluster)
    if not inner:
        return codings
    kept = table.drop(index=table.index[sorted(inner)]).reset_index(drop=True)
    return dataclasses.replace(codings, table=kept)


def _inside(cluster: list[tuple[int, int, str, int]]) -> set[int]:
    """Return the rows of overlapping hits all of whose words are covered by longer ones."""
    if len(cluster) < 2:
        return set()
    spans: dict[tuple[int, int], tuple[list[int], list[int]]] = {}
    for start, end, evidence, row in cluster:
        words = [start + match.start() for match in _WORD.finditer(evidence)]
        spans.setdefault((start, end), (words, []))[1].append(row)
    covered: set[int] = set()
    inner: set[int] = set()
    for _, (words, rows) in sorted(spans.items(), key=lambda item: (-len(item[1][0]), item[0])):
        if covered.issuperset(words):
            inner.update(rows)
        else:
            covered.update(words)
    return inner
