"""``framing corpus``: check, describe, and thin out a corpus."""

from __future__ import annotations

import argparse
from typing import Any

from framing.cli.tables import write_csv
from framing.errors import FramingError, choices, closest

_CODES = "Exit codes: 0 nothing wrong (warnings may be printed), 1 errors were found, 2 the path cannot be used."


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser("corpus", help="check or describe a corpus, or take near-duplicates out of it")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    check = actions.add_parser("check", help="report everything that is wrong with a corpus", epilog=_CODES)
    _add_path(check)
    check.add_argument("--format", choices=("table", "csv"), default="table")
    check.add_argument("--strict", action="store_true", help="warnings count as errors")
    check.set_defaults(run=run_check)

    describe = actions.add_parser("describe", help="how many documents of whom, from when, how long")
    _add_path(describe)
    describe.add_argument("--by", metavar="COLUMN", help="column to count by (default: outlet)")
    describe.add_argument("--format", choices=("table", "csv"), default="table")
    describe.set_defaults(run=run_describe)

    deduplicate = actions.add_parser("deduplicate", help="keep the earliest of near-duplicate documents")
    _add_path(deduplicate)
    deduplicate.add_argument("--into", required=True, metavar="PATH", help="a new folder, or a .jsonl or .parquet file")
    deduplicate.add_argument(
        "--threshold", type=float, default=0.5, help="similarity of word sequences (default: %(default)s)"
    )
    deduplicate.set_defaults(run=run_deduplicate)


def _add_path(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", help="corpus folder, or CSV, JSONL or Parquet file")


def run_check(options: Any) -> int:
    from framing import check_corpus

    found = check_corpus(options.path)
    facts = found.attrs
    if options.format == "csv":
        write_csv(found)
    else:
        for row in found.to_dict("records"):
            of = f" {row['doc_id']}" if row["doc_id"] else ""
            print(f"{row['level']}: {row['problem']}{of} ({row['where']}): {row['detail']}")
        errors, warned = ((found["level"] == level).sum() for level in ("error", "warning"))
        print(f"{facts['documents']} documents; {errors} errors, {warned} warnings; {_effective(facts)}")
    wrong = len(found) if options.strict else (found["level"] == "error").sum()
    return int(wrong > 0)


def _effective(facts: Any) -> str:
    return (
        f"{facts['distinct']} distinct texts, effective number of documents {facts['effective']:.1f}"
        if facts["distinct"]
        else "no texts"
    )


def run_describe(options: Any) -> int:
    from framing import near_duplicates, read_corpus

    corpus = read_corpus(options.path)
    if not len(corpus):
        message = f"{options.path}: the corpus has no documents"
        raise FramingError(message)
    by = options.by or ("outlet" if "outlet" in corpus.columns else corpus.columns[0] if corpus.columns else "corpus")
    if options.by and by not in corpus.columns:
        message = f"{options.path}: no column {by!r}{closest(by, corpus.columns)}; it has {choices(corpus.columns)}"
        raise FramingError(message)
    table = corpus.to_pandas().drop(columns="text").merge(corpus.describe(), on="doc_id")
    for column in (by, "date"):
        if column not in table:
            table[column] = None
    groups = table.assign(**{by: table[by].fillna("(unknown)").astype(str)}).groupby(by, sort=True)
    summary = groups.agg(
        documents=("doc_id", "size"),
        words=("words", "sum"),
        median=("words", "median"),
        shortest=("words", "min"),
        longest=("words", "max"),
        first=("date", lambda dates: min((str(date) for date in dates.dropna()), default="")),
        last=("date", lambda dates: max((str(date) for date in dates.dropna()), default="")),
    ).reset_index()
    if options.format == "csv":
        write_csv(summary)
        return 0
    print(f"{by:<24} {'documents':>9} {'words':>9} {'median':>7} {'range':>13}  dates")
    for row in summary.to_dict("records"):
        span = f"{row['shortest']} to {row['longest']}"
        dates = f"{row['first']} to {row['last']}" if row["first"] else "unknown"
        counts = f"{row['documents']:>9,} {row['words']:>9,} {row['median']:>7.0f} {span:>13}"
        print(f"{str(row[by])[:24]:<24} {counts}  {dates}")
    print(f"{len(corpus):,} documents, {summary['words'].sum():,} words; {_effective(near_duplicates(corpus).attrs)}")
    languages: Any = table["language"].fillna("unknown").value_counts() if "language" in table else {}
    if len(languages):
        print("languages: " + ", ".join(f"{name} {count:,}" for name, count in languages.items()))
    if "constructed" in table and (table["constructed"] == "yes").any():
        print("constructed texts, for teaching and testing: no finding about real media can come from them")
    print(f"fingerprint {corpus.fingerprint}")
    return 0


def run_deduplicate(options: Any) -> int:
    from pathlib import Path

    from framing import deduplicate, read_corpus, write_corpus

    corpus = read_corpus(options.path)
    if Path(options.into).exists():
        message = f"{options.into}: exists already; name a new folder or file"
        raise FramingError(message)
    kept = deduplicate(corpus, threshold=options.threshold)
    written = write_corpus(kept, options.into)
    print(f"{len(kept)} of {len(corpus)} documents written to {written}, near-duplicates left out")
    return 0
