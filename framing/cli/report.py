"""``framing report``: an article and a corpus as one page that can be sent to a colleague."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.cli import inputs
from framing.errors import FramingError

if TYPE_CHECKING:
    from framing.corpus import Document


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "report",
        help="one page about an article: frames, voices, relations, its place in a corpus, and how far to trust it",
        description="Write one self-contained page about an article. It loads nothing from anywhere, and prints well.",
        epilog="example: framing report corpora/focal/putin-diaz-canel-2018.txt corpora/related --out report.html",
    )
    parser.add_argument("article", metavar="ARTICLE", help="a text file, or the id of a document in the corpus")
    parser.add_argument(
        "corpus", metavar="CORPUS", help="what it is compared with: a folder, CSV, JSONL or Parquet file"
    )
    parser.add_argument("--out", required=True, metavar="FILE.html")
    parser.add_argument("--ui", choices=("en", "ar"), default="en", help="language of the page (default: en)")
    inputs.add_codebook(parser)
    inputs.add_language(parser)
    parser.add_argument("--title", metavar="TEXT", help="headline of the article, where its metadata have none")
    parser.add_argument(
        "--codings",
        metavar="PATH",
        help="what people coded of the corpus, a file or folder (default: the folder codings/ of the corpus)",
    )
    parser.add_argument(
        "--reference", nargs="+", default=[], metavar="KEY=VALUE", help="compare with documents of this metadata only"
    )
    parser.add_argument(
        "--same", nargs="+", default=[], metavar="KEY", help="compare with documents that share the article's own value"
    )
    parser.add_argument(
        "--topics",
        type=_topics,
        default=None,
        metavar="N",
        help="how many topics; 0 leaves them out (default: up to 8)",
    )
    parser.add_argument(
        "--margin", choices=("strict", "default", "recall"), default="default", help="which readings of a word count"
    )
    parser.add_argument("--seed", type=int, default=0, help="of all intervals and of the topics (default: 0)")
    parser.set_defaults(run=run)


def _topics(text: str) -> int | bool:
    if not text.isdecimal() or text == "1":
        message = f"{text!r} is no number of topics: give 2 or more, or 0 to leave them out"
        raise argparse.ArgumentTypeError(message)
    return int(text) or False


def run(options: Any) -> int:
    from framing import load_codebook, read_coding_sheet, read_corpus, report
    from framing.cli.compare import conditions

    if options.reference and options.same:
        message = "give --reference or --same, not both"
        raise FramingError(message)
    check_file(options.out)
    article = _article(options)
    corpus = read_corpus(options.corpus)
    page = report(
        article,
        corpus,
        load_codebook(options.codebook),
        ui=options.ui,
        human=read_coding_sheet(options.codings, corpus) if options.codings else _codings(options.corpus),
        reference=conditions(options.reference) if options.reference else options.same or None,
        topics=options.topics,
        margin=options.margin,
        random_state=options.seed,
    )
    print(page.save(options.out))
    for name, why in page.missing.items():
        if name == "topics" and options.topics is False:
            continue
        print(f"framing: note: {name} not computed: {' '.join(why.split())}", file=sys.stderr)
    return 0


def check_file(out: str) -> None:
    """Refuse, before the work, a place where no page can be written."""
    path = Path(out)
    if path.is_dir():
        message = f"{out} is a folder; give a file, such as {path / 'report.html'}"
        raise FramingError(message)


def _article(options: Any) -> Document:
    """Return the article: a file, with its metadata where they are known, or a document of the corpus."""
    from framing.cli.compare import sides

    corpus, focal = sides([options.article], options.corpus, options.language)
    if not isinstance(focal, str):
        message = f"{options.article!r} is no article: give a text file, or the id of a document in {options.corpus}"
        raise FramingError(message)
    article = corpus[focal]
    return article.replace(title=options.title) if options.title else article


def _codings(corpus: str) -> Path | None:
    """Return the folder of codings beside the texts of a corpus, where it has one."""
    folder = Path(corpus) / "codings"
    return (
        folder
        if folder.is_dir() and any(file.suffix in (".csv", ".xlsx", ".tsv", ".json") for file in folder.iterdir())
        else None
    )
