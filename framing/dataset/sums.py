"""Sums over the sentences and documents of a data set, by DuckDB: only the results come into memory."""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.coding import COLUMNS, Codings
from framing.dataset.reading import as_coded, in_order
from framing.errors import FramingError
from framing.scores.sentences import SPLITS

if TYPE_CHECKING:
    import pandas as pd

    from framing.dataset.manifest import Store

#: What is summed over the documents of a group: n words, p words · position, q words · position², s sentences,
#: t weight of all frames.
OF_GROUP = ("n", "p", "q", "s", "t", "n*n", "p*p", "n*p", "s*s", "t*t")
#: And of a group and frame: h hits, w weight, f weight · position, c sentences with a hit.
OF_FRAME = ("h", "denied", "w", "f", "c", "w*w", "w*n", "w*t", "w*p", "f*f", "f*w", "f*n", "f*p", "c*c", "c*s")
_UNITS = ("doc_id", "paragraph", "sentence", "start", "end", "words", "coder", "voice", "speaker", "side")
#: As in `framing.scores`: 1 in headline and lead, 1/log2(1+p) in paragraph p of the body.
_POSITION = "1 / log2(1 + greatest(paragraph - headed, 1))"
_LATER = 2**60  # groups stand in the order of their first unit; documents without any come later, hits last


class Sums:
    """The tables of a data set in a database that spills to a temporary folder and vanishes with it.

    Rows are numbered: `place` over all parts, `d` the document, `g` the group; `l0`, `l1` … are its labels.
    """

    def __init__(self, store: Store, n_parts: int, frames: Sequence[str], coder: str) -> None:
        self._store = store
        self._n_parts = n_parts
        self._frames = list(frames)
        self._coder = coder
        self._labels = ""
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Sums:
        try:
            import duckdb
        except ImportError:
            message = "scores of a large data set need duckdb: pip install duckdb"
            raise FramingError(message) from None
        scratch = self._open.enter_context(tempfile.TemporaryDirectory(prefix="framing-sums-"))
        self._database = self._open.enter_context(duckdb.connect(config={"temp_directory": scratch}))
        for setting in ("enable_progress_bar", "autoinstall_known_extensions", "autoload_known_extensions"):
            self._run(f"SET {setting} = false")
        for name in ("units", "table", "documents"):
            files = ", ".join(_text(str(self._store.file(name, part))) for part in range(self._n_parts))
            number = "CAST(regexp_extract(filename, 'part-([0-9]+)[.]parquet$', 1) AS BIGINT)"
            self._run(
                f"""CREATE VIEW raw_{name} AS
                SELECT * EXCLUDE (filename, file_row_number), {number} * {2**36} + file_row_number AS "place "
                FROM read_parquet([{files}], filename = true, file_row_number = true, union_by_name = true)"""
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def _run(self, statement: str) -> None:
        self._database.execute(statement)

    def _frame(self, query: str) -> pd.DataFrame:
        return as_coded(self._database.sql(query).to_arrow_table())

    def columns(self) -> pd.DataFrame:
        """Return the documents' columns, without a row."""
        return in_order(self._frame('SELECT * EXCLUDE ("place ") FROM raw_documents LIMIT 0'))

    def groups(self, by: Sequence[str]) -> pd.DataFrame:
        """Number the groups, in the order of their first unit; return their labels `by`.

        `n_documents` says how many documents have sentences in the group.
        """
        named = {f"l{row}": name for row, name in enumerate(by)}
        self._labels = ", ".join(named)
        known = [f"{_name(name)} AS {label}" for label, name in named.items() if name not in SPLITS]
        self._run(
            f"""CREATE TEMP TABLE document AS
            SELECT row_number() OVER (ORDER BY "place ") - 1 AS d, doc_id, "place " AS place,
                CAST(coalesce(headline, false) AS INT) AS headed {"".join(", " + column for column in known)}
            FROM raw_documents"""
        )
        own = "".join(f", u.{_name(name)} AS {label}" for label, name in named.items() if name in SPLITS)
        shared = "".join(f", document.{label}" for label, name in named.items() if name not in SPLITS)
        for view, name in (("unit", "units"), ("hit", "table")):
            self._run(
                f"""CREATE TEMP VIEW {view} AS
                SELECT u.* EXCLUDE ("place "), u."place " AS place, d, {_POSITION} AS position {own} {shared}
                FROM raw_{name} u JOIN document USING (doc_id)"""
            )
        blank = {"coder": _text(self._coder), "voice": "'narrator'", "paragraph": "0"}
        silent = [blank.get(name, "NULL") if name in SPLITS else label for label, name in named.items()]
        self._run(
            f"""CREATE TEMP TABLE spoken AS
            SELECT {self._labels}, d, min(place) AS first, CAST(sum(words) AS DOUBLE) AS n,
                sum(words * position) AS p, sum(words * position * position) AS q,
                CAST(count(DISTINCT sentence) AS DOUBLE) AS s
            FROM (SELECT {self._labels}, d, place, words, position, sentence FROM unit
                UNION ALL SELECT {self._labels}, d, place + {2 * _LATER}, 0, 0, sentence FROM hit
                UNION ALL SELECT {", ".join(silent)}, d, place + {_LATER}, 0, 0, NULL
                    FROM document WHERE doc_id NOT IN (SELECT doc_id FROM raw_units))
            GROUP BY {self._labels}, d"""
        )
        self._run(
            f"""CREATE TEMP TABLE label AS
            SELECT row_number() OVER (ORDER BY first) - 1 AS g, *
            FROM (SELECT {self._labels}, min(first) AS first, count(*) FILTER (s > 0) AS n_documents
                FROM spoken GROUP BY {self._labels})"""
        )
        renamed = ", ".join(f"{label} AS {_name(name)}" for label, name in named.items())
        return self._frame(f'SELECT {renamed}, n_documents AS "n documents" FROM label ORDER BY g')

    def _with_group(self, table: str) -> str:
        same = " AND ".join(f"x.{label} IS NOT DISTINCT FROM label.{label}" for label in self._labels.split(", "))
        return f"{table} x JOIN label ON {same}"

    def codings(self, groups: Sequence[int], like: Codings) -> Codings:
        """Return the rows of some groups as codings, with the documents that have any."""
        chosen = f"g IN ({', '.join(map(str, groups))})"
        tables = {
            name: self._frame(
                f"""SELECT {", ".join("x." + _name(column) for column in columns)}
                FROM {self._with_group(name)} WHERE {chosen} ORDER BY place"""
            )
            for name, columns in (("unit", _UNITS), ("hit", COLUMNS))
        }
        documents = self._frame(
            f"""SELECT * EXCLUDE ("place ") FROM raw_documents WHERE doc_id IN (
                SELECT doc_id FROM document WHERE d IN (SELECT d FROM {self._with_group("spoken")} WHERE {chosen}))
            ORDER BY "place " """
        )
        return dataclasses.replace(like, units=tables["unit"], table=tables["hit"], documents=in_order(documents))

    def of(self, groups: Sequence[int]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the sums of some groups: `OF_GROUP` as (groups, 1), `OF_FRAME` as (groups, frames).

        With those of the groups is `d`, the number of documents.
        """
        chosen = f"g IN ({', '.join(map(str, groups))})"
        self._run(
            f"""CREATE OR REPLACE TEMP TABLE framed AS
            SELECT g, d, frame, count(*) FILTER (NOT negated) AS h, count(*) FILTER (negated) AS denied,
                coalesce(sum(weight) FILTER (NOT negated), 0) AS w,
                coalesce(sum(weight * position) FILTER (NOT negated), 0) AS f,
                CAST(count(DISTINCT sentence) FILTER (NOT negated) AS DOUBLE) AS c
            FROM {self._with_group("hit")} WHERE {chosen} GROUP BY g, d, frame"""
        )
        self._run(
            f"""CREATE OR REPLACE TEMP TABLE whole AS
            SELECT g, d, n, p, q, s, coalesce(t, 0) AS t
            FROM {self._with_group("spoken")}
                LEFT JOIN (SELECT g, d, sum(w) AS t FROM framed GROUP BY g, d) USING (g, d)
            WHERE {chosen} AND s > 0"""
        )
        of_group = self._frame(f"SELECT g, count(*) AS d, {_summed(OF_GROUP)} FROM whole GROUP BY g")
        of_frame = self._frame(
            f"SELECT g, frame, {_summed(OF_FRAME)} FROM framed JOIN whole USING (g, d) GROUP BY g, frame"
        )
        row = {number: place for place, number in enumerate(groups)}
        place, column = of_frame["g"].map(row), of_frame["frame"].map({name: n for n, name in enumerate(self._frames)})
        ordered = of_group.set_index("g").loc[list(groups)]
        whole = {name: ordered[name].to_numpy(float)[:, None] for name in ("d", *OF_GROUP)}
        framed = {name: np.zeros((len(groups), len(self._frames))) for name in OF_FRAME}
        for name, values in framed.items():
            values[place.to_numpy(int), column.to_numpy(int)] = of_frame[name].to_numpy(float)
        return whole, framed


def _summed(expressions: Sequence[str]) -> str:
    return ", ".join(f"CAST(sum({expression}) AS DOUBLE) AS {_name(expression)}" for expression in expressions)


def _name(name: str) -> str:
    """Quote a column's name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    """Quote a text for SQL."""
    return "'" + text.replace("'", "''") + "'"
