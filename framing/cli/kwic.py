"""``framing kwic``: keywords in context."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from framing.cli.tables import write_csv


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser("kwic", help="show a word, phrase or pattern in its contexts")
    parser.add_argument("pattern", metavar="PATTERN", help="a word or phrase; * and ? are wildcards (quote them)")
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="text file, corpus folder, or CSV, JSONL or Parquet file"
    )
    parser.add_argument("--window", type=int, default=5, help="words shown on either side (default: %(default)s)")
    parser.add_argument("--valuetype", choices=("glob", "regex", "fixed", "lemma"), default="glob")
    parser.add_argument("--case-sensitive", action="store_true")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.set_defaults(run=run)


def run(options: Any) -> int:
    from framing import kwic

    found = kwic(
        _corpus(options.paths),
        options.pattern,
        window=options.window,
        valuetype=options.valuetype,
        case_insensitive=not options.case_sensitive,
    )
    if options.format == "csv":
        write_csv(found)
    elif options.format == "json":
        print(found.to_json(orient="records", force_ascii=False))
    else:
        for docname, first, pre, keyword, post in zip(
            *(found[name] for name in ("docname", "from", "pre", "keyword", "post")), strict=True
        ):
            print(f"{docname}:{first}\t{pre} [{keyword}] {post}")
        print(f"{len(found)} matches", file=sys.stderr)
    return 0


def _corpus(paths: Sequence[str]) -> Any:
    from framing import Corpus, read_corpus

    parts = [read_corpus(path) for path in paths]
    if len(parts) == 1:
        return parts[0]
    return Corpus((document for part in parts for document in part), "command line")
