"""``framing compare``: an article, or a group of articles, against others."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.cli import inputs
from framing.cli.tables import write_csv
from framing.errors import FramingError

if TYPE_CHECKING:
    from framing.corpus import Corpus, Document

_SHOWN = (
    "voice", "frame", "n", "value", "low", "high", "reference_mean", "percentile", "percentile_low", "percentile_high",
    "difference", "difference_low", "difference_high", "effect", "p", "p_adjusted",
)  # fmt: skip


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "compare",
        help="position of an article among others, differences with intervals and p values",
        description="Compare the frame scores of an article, or a group of articles, with others.",
        epilog="example: framing compare corpora/focal/putin-diaz-canel-2018.txt --with corpora/related --same event",
    )
    add_sides(
        parser, "the article: a text file, or an id in the corpus; or KEY=VALUE for a group, such as outlet=al-madar"
    )
    parser.add_argument(
        "--reference", nargs="+", default=[], metavar="KEY=VALUE", help="only documents with this metadata"
    )
    parser.add_argument(
        "--same", nargs="+", default=[], metavar="KEY", help="only documents with the article's own value"
    )
    parser.add_argument(
        "--length", type=float, metavar="FACTOR", help="only documents as long, up to this factor (1.5)"
    )
    parser.add_argument("--fixed-effects", metavar="KEY", help="compare within the values of this column (event)")
    parser.add_argument("--figure", choices=("rate", "coverage", "share", "prominence"), default="rate")
    parser.add_argument("--by-voice", action="store_true", help="narrator, quoted and reported speech one by one")
    inputs.add_codebook(parser)
    inputs.add_language(parser)
    parser.add_argument(
        "--margin", choices=("strict", "default", "recall"), default="default", help="which readings of a word count"
    )
    add_output(parser)
    parser.set_defaults(run=run)


def run(options: Any) -> int:
    from framing import code, frame_scores, load_codebook
    from framing.compare import compare

    reference = _reference(options)  # before the work, so that a slip is told at once
    corpus, focal = sides(options.target, options.others, options.language)
    codings = code(corpus, load_codebook(options.codebook), margin=options.margin)
    scores = frame_scores(codings, by=["doc_id", "voice"] if options.by_voice else "doc_id", random_state=options.seed)
    table = compare(
        scores,
        focal,
        reference=reference,
        figure=options.figure,
        length=options.length,
        fixed_effects=options.fixed_effects,
        random_state=options.seed,
    )
    shown = table[[name for name in _SHOWN if name in table.columns]]
    title = f"{table['focal'].iloc[0]} against {table['reference'].iloc[0]}; {options.figure}, 95 % intervals"
    write(table, shown, options.format, title)
    return 0


def add_sides(parser: Any, target: str) -> None:
    """Add the options that name the texts of both sides."""
    parser.add_argument("target", nargs="+", metavar="TARGET", help=target)
    parser.add_argument(
        "--with", dest="others", required=True, metavar="CORPUS", help="folder, CSV, JSONL or Parquet file"
    )


def add_output(parser: Any) -> None:
    """Add what every comparison prints by."""
    parser.add_argument("--format", choices=("table", "csv", "json", "latex"), default="table")
    parser.add_argument("--seed", type=int, default=0, help="of the resampling (default: 0)")


def sides(target: list[str], others: str, language: str) -> tuple[Corpus, Any]:
    """Return the corpus with the target in it, and what `focal=` is: an id, or conditions on the metadata."""
    from framing.corpus import read_corpus

    corpus = read_corpus(others)
    if any("=" in part and not Path(part).exists() for part in target):
        return corpus, conditions(target)
    ids = []
    for part in target:
        if not Path(part).is_file():
            if part not in corpus:
                message = f"{part!r} is neither a text file nor the id of a document in {others}"
                raise FramingError(message)
            ids.append(part)
            continue
        document = _article(Path(part), language)
        corpus = corpus.with_document(document)
        ids.append(document.id)
    return corpus, ids[0] if len(ids) == 1 else ids


def _article(path: Path, language: str) -> Document:
    """Read a text file, with its metadata where a ``documents.csv`` beside it has them."""
    from framing.corpus import read_corpus

    for folder in (path.parent, path.parent.parent):
        if (folder / "documents.csv").is_file():
            known = read_corpus(folder)
            if (
                path.stem in known
                and known[path.stem].text.strip() == path.read_text("utf-8", errors="replace").strip()
            ):
                return known[path.stem]
    return inputs.read_text(str(path), language)


def conditions(parts: Iterable[str]) -> dict[str, Any]:
    """Return ``KEY=VALUE`` arguments as conditions; several of one key are alternatives, ``A..B`` is a range.

    >>> conditions(["event=visit-2018", "date=2014..2016", "outlet=a", "outlet=b"])
    {'event': 'visit-2018', 'date': ('2014', '2016'), 'outlet': ['a', 'b']}
    """
    found: dict[str, Any] = {}
    for part in parts:
        key, equals, value = part.partition("=")
        if not equals or not key:
            message = f"{part!r} is not KEY=VALUE, such as event=visit-2018 or date=2014..2016"
            raise FramingError(message)
        low, dots, high = value.partition("..")
        wanted: Any = (low or None, high or None) if dots else value
        if key not in found:
            found[key] = wanted
        else:
            found[key] = [*(found[key] if isinstance(found[key], list) else [found[key]]), wanted]
    return found


def _reference(options: Any) -> Any:
    if options.reference and options.same:
        message = "give --reference or --same, not both"
        raise FramingError(message)
    return conditions(options.reference) if options.reference else options.same or None


def write(table: Any, shown: Any, form: str, title: str) -> None:
    """Print a table of results: all of it as CSV or JSON, the columns `shown` as text or LaTeX."""
    if form == "csv":
        write_csv(table)
    elif form == "json":
        rows = json.loads(table.to_json(orient="records", force_ascii=False, double_precision=10))
        print(
            json.dumps(
                {"rows": rows, "provenance": table.attrs["provenance"]}, ensure_ascii=False, indent=1, default=str
            )
        )
    elif form == "latex":
        print(shown.to_latex(caption=title), end="")
    else:
        print(title)
        print(shown.readable().to_string(index=False))
