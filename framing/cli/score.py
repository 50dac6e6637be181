"""``framing score``: frame scores of texts, with intervals and evidence."""

from __future__ import annotations

import json
from typing import Any

from framing.cli import inputs
from framing.cli.tables import write_csv


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser("score", help="frame scores of text files, with intervals and evidence")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="text file")
    inputs.add_codebook(parser)
    inputs.add_language(parser)
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.add_argument(
        "--margin", choices=("strict", "default", "recall"), default="default", help="which readings of a word count"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the bootstrap (default: 0)")
    parser.set_defaults(run=run)


def run(options: Any) -> int:
    from framing import code, frame_scores, load_codebook

    corpus = inputs.read_texts(options.paths, options.language)
    codings = code(corpus, load_codebook(options.codebook), margin=options.margin)
    scores = frame_scores(codings, random_state=options.seed)
    if options.format == "csv":
        write_csv(scores)
    elif options.format == "json":
        print(json.dumps(as_json(codings, scores), ensure_ascii=False, indent=1, default=str))
    else:
        print(as_table(scores))
    return 0


def as_table(scores: Any) -> str:
    """Return the scores as aligned text, one line per document and frame."""
    lines = [
        f"{'document':<28} {'frame':<14} {'hits':>5} {'per 1,000 words':>16} {'95 % interval':>16} {'sentences':>10}"
    ]
    for row in scores.itertuples():
        interval = "" if row.rate != row.rate else f"{row.low:.1f} to {row.high:.1f}"
        rate = "missing" if row.rate != row.rate else f"{row.rate:.1f}"
        coverage = "" if row.coverage != row.coverage else f"{row.coverage:.0%}"
        lines.append(f"{row.doc_id[:28]:<28} {row.frame:<14} {row.hits:>5} {rate:>16} {interval:>16} {coverage:>10}")
    return "\n".join(lines)


_EVIDENCE = ("start", "end", "evidence", "entry", "route", "weight", "negated", "paragraph", "sentence", "voice",
             "speaker", "side")  # fmt: skip


def as_json(codings: Any, scores: Any) -> dict[str, Any]:
    """Return scores and evidence as plain data; numbers that are missing become null."""
    import pandas as pd

    documents = []
    for id, part in scores.groupby("doc_id", sort=False):
        frames = []
        for row in part.drop(columns="doc_id").to_dict("records"):
            evidence = codings.table[(codings.table["doc_id"] == id) & (codings.table["frame"] == row["frame"])]
            kept = evidence[list(_EVIDENCE)]
            clean = {key: None if pd.isna(value) else value for key, value in row.items()}
            frames.append({**clean, "evidence": json.loads(kept.to_json(orient="records", force_ascii=False))})
        documents.append({"doc_id": id, "frames": frames})
    return {"documents": documents, "provenance": scores.attrs["provenance"]}
