"""``framing topics``: topics of a corpus, how many there should be, and where an article stands among them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from framing.cli import inputs
from framing.cli.tables import write_csv
from framing.errors import FramingError

_EPILOG = "Topics are words that occur together; they are not frames. Read them before you count them."


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "topics", help="topics of a corpus, how many there should be, where an article stands", epilog=_EPILOG
    )
    parser.add_argument("corpus", metavar="CORPUS", help="corpus folder, or CSV, JSONL or Parquet file")
    number = parser.add_mutually_exclusive_group(required=True)
    number.add_argument("--k", type=int, metavar="N", help="number of topics")
    number.add_argument("--choose-k", metavar="FROM:TO", help="compare numbers of topics, for instance 4:12")
    parser.add_argument("--article", metavar="FILE", help="a text file to place among the topics and documents")
    parser.add_argument(
        "--engine",
        choices=("gensim", "sklearn-lda", "sklearn-nmf", "tomotopy"),
        default="gensim",
        help="default: gensim",
    )
    parser.add_argument("--unit", choices=("document", "paragraph"), default="document", help="default: document")
    parser.add_argument("--by", choices=("lemma", "word"), default="lemma", help="default: lemma")
    parser.add_argument("--min-df", type=_frequency, default=3, metavar="N", help="leave out rarer terms (default: 3)")
    parser.add_argument(
        "--max-df", type=_frequency, default=0.5, metavar="SHARE", help="leave out more widespread terms (default: 0.5)"
    )
    parser.add_argument("--no-phrases", action="store_true", help="count words alone, not phrases")
    parser.add_argument("--no-stop-words", action="store_true", help="leave stop words in")
    parser.add_argument("--terms", type=int, default=10, metavar="N", help="terms to show per topic (default: 10)")
    parser.add_argument("--seed", type=int, default=0, help="of the model (default: 0)")
    parser.add_argument("--seeds", type=int, default=10, help="how many seeds --choose-k compares (default: 10)")
    parser.add_argument("--jobs", type=int, default=-1, help="processes for --choose-k (default: all processors)")
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.add_argument("--out", metavar="FOLDER", help="write all tables there as CSV, with provenance.json")
    inputs.add_language(parser)
    parser.set_defaults(run=run)


def _frequency(text: str) -> int | float:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        message = f"{text!r} is neither a number of documents (3) nor a share of them (0.5)"
        raise argparse.ArgumentTypeError(message) from None


def run(options: Any) -> int:
    from framing import choose_k, place, read_corpus, topic_model

    corpus = read_corpus(options.corpus)
    choices_made = {
        "engine": options.engine,
        "unit": options.unit,
        "by": options.by,
        "stop_words": not options.no_stop_words,
        "phrases": not options.no_phrases,
        "min_df": options.min_df,
        "max_df": options.max_df,
    }
    if options.choose_k:
        if options.article:
            message = "--article needs a model, and --choose-k makes none; give --k instead"
            raise FramingError(message)
        ks = _range(options.choose_k)
        table = choose_k(corpus, k=ks, seeds=options.seeds, jobs=options.jobs, **choices_made)
        _show({"choose_k": table}, _as_lines_of_k(table), options)
        return 0
    article = inputs.read_text(options.article, options.language) if options.article else None
    model = topic_model(corpus, k=options.k, random_state=options.seed, **choices_made)
    tables = {"top_terms": model.top_terms, "document_topics": model.document_topics}
    lines = _as_lines(model, options.terms)
    if article is not None:
        placed = place(article, model, random_state=options.seed)
        tables |= {"mixture": placed.mixture, "nearest": placed.nearest}
        lines += ["", *_as_lines_of_place(placed)]
    _show(tables, lines, options)
    return 0


def _range(text: str) -> range:
    first, colon, last = text.partition(":")
    if not (colon and first.isdigit() and last.isdigit() and 2 <= int(first) <= int(last)):
        message = f"--choose-k {text}: two whole numbers from 2 are needed, as in 4:12"
        raise FramingError(message)
    return range(int(first), int(last) + 1)


def _show(tables: dict[str, Any], lines: list[str], options: Any) -> None:
    """Print the first table or all as asked, and write them to a folder."""
    first = next(iter(tables.values()))
    facts = first.attrs["provenance"]
    if options.format == "csv":
        write_csv(first)
    elif options.format == "json":
        data = {name: json.loads(table.to_json(orient="records", force_ascii=False)) for name, table in tables.items()}
        print(json.dumps({**data, "provenance": facts}, ensure_ascii=False, indent=1, default=str))
    else:
        print("\n".join(lines))
    if options.out:
        from framing.files import replacing

        folder = Path(options.out)
        for name, table in tables.items():
            with replacing(folder / f"{name}.csv") as file:
                write_csv(table, file)
        text = json.dumps(dict(facts), ensure_ascii=False, indent=1, default=str)
        with replacing(folder / "provenance.json") as file:
            file.write(text + "\n")
        print(f"framing: {', '.join(tables)} written to {folder}", file=sys.stderr)


def _as_lines(model: Any, n: int) -> list[str]:
    lines = [f"{'topic':>5} {'share':>6}  terms"]
    for topic, share in enumerate(model.shares_of_corpus):
        lines.append(f"{topic:>5} {share:>6.1%}  {' · '.join(model.words(topic, n))}")
    return [*lines, repr(model), _EPILOG]


def _as_lines_of_place(placed: Any) -> list[str]:
    lines = [f"{placed.article} in this model", f"{'topic':>5} {'share':>6} {'95 % interval':>14} {'corpus':>7}"]
    for row in placed.mixture.itertuples():
        interval = "" if row.low != row.low else f"{row.low:.0%} to {row.high:.0%}"
        lines.append(f"{row.topic:>5} {row.gamma:>6.1%} {interval:>14} {row.corpus:>7.1%}")
    lines.append(f"{'rank':>5} {'gain':>6}  nearest documents")
    for row in placed.nearest.itertuples():
        title = getattr(row, "title", None)
        name = f"{row.doc_id}  {title}" if isinstance(title, str) else row.doc_id
        lines.append(f"{row.rank:>5} {row.gain:>6.2f}  {name}  ({row.shared})")
    return lines


def _as_lines_of_k(table: Any) -> list[str]:
    names = ("c_npmi", "c_v", "u_mass", "exclusivity", "perplexity", "jaccard", "jaccard_resampled")
    lines = [" ".join([f"{'k':>3}", *(f"{name:>{max(9, len(name))}}" for name in names)])]
    for row in table.to_dict("records"):
        digits = {name: 1 if name == "perplexity" else 3 for name in names}
        cells = [
            f"{'missing' if row[name] != row[name] else format(row[name], f'.{digits[name]}f'):>{max(9, len(name))}}"
            for name in names
        ]
        lines.append(" ".join([f"{row['k']:>3}", *cells, "  suggested" if row["suggested"] else ""]).rstrip())
    return [*lines, "Means over seeds; where to begin reading, not a decision."]
