"""``framing code``: a codebook applied to a corpus of any size; Parquet in, a folder of Parquet files out."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from framing.cli import inputs
from framing.cli.tables import write_csv

_RESUMED = (
    "A run that was interrupted is finished by repeating the same call. Exit codes: 0 done, 2 the input cannot be used."
)


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser("code", help="code a corpus of any size, on all cores or a cluster", epilog=_RESUMED)
    parser.add_argument(
        "corpus", metavar="CORPUS", help="Parquet file, folder of Parquet files, or any corpus that fits into memory"
    )
    parser.add_argument("--out", required=True, metavar="FOLDER", help="a new folder, or one to be finished")
    inputs.add_codebook(parser)
    parser.add_argument(
        "--by", action="append", metavar="COLUMN", help="print frame scores by this column as CSV (may be repeated)"
    )
    parser.add_argument(
        "--margin", choices=("strict", "default", "recall"), default="default", help="which readings of a word count"
    )
    parser.add_argument("--voice", action="store_true", help="say who speaks at each hit (several times slower)")
    parser.add_argument("--no-negation", action="store_true", help="do not mark negated hits")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        type=_renaming,
        metavar="NAME=NEW",
        help="rename a column of the files, as in Body=text (may be repeated)",
    )
    parser.add_argument("--rows-per-partition", type=int, metavar="N", help="documents per part (default: about 64 MB)")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, metavar="N", help="processes (default: one per core; 0: this process)")
    where.add_argument("--scheduler", metavar="ADDRESS", help="a running Dask scheduler, such as tcp://node1:8786")
    parser.set_defaults(run=run)


def _renaming(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not (old and equals and new):
        message = f"{text!r} is no renaming; write NAME=NEW, as in Body=text"
        raise argparse.ArgumentTypeError(message)
    return old, new


def run(options: Any) -> int:
    from framing import code_dataset, dataset_scores, load_codebook
    from framing.dataset.manifest import Store

    out = code_dataset(
        options.corpus,
        load_codebook(options.codebook),
        options.out,
        margin=options.margin,
        negation=not options.no_negation,
        voice=options.voice,
        columns=dict(options.column),
        rows_per_partition=options.rows_per_partition,
        workers=options.workers,
        scheduler=options.scheduler,
    )
    parts = Store(out).complete().values()
    documents, units, spans = (sum(part[name] for part in parts) for name in ("documents", "units", "spans"))
    print(f"{documents:,} documents coded: {spans:,} spans in {units:,} sentences, in {out}", file=sys.stderr)
    if options.by:
        write_csv(dataset_scores(out, by=options.by))
    return 0
