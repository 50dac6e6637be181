"""``framing voices``, ``framing relations``, ``framing stance``: who speaks, and who stands with whom."""

from __future__ import annotations

from typing import Any

from framing.cli import inputs
from framing.cli.tables import write_csv


def register(subparsers: Any) -> None:
    _add(subparsers, "voices", "who speaks in a text: every attributed stretch with its speaker", _voices)
    _add(subparsers, "relations", "directed relations between actors: who supports or opposes whom", _relations)
    stance = _add(subparsers, "stance", "how a text evaluates actors, with intervals", _stance)
    stance.add_argument(
        "--target", action="append", metavar="ACTOR", help="an actor's id (may be repeated; default: all)"
    )
    stance.add_argument("--by", choices=("doc_id", "voice", "side", "speaker"), default="doc_id")
    stance.add_argument("--seed", type=int, default=0, help="of the bootstrap (default: 0)")


def _add(subparsers: Any, verb: str, help: str, run: Any) -> Any:
    parser = subparsers.add_parser(verb, help=help)
    parser.add_argument("paths", nargs="+", metavar="PATH", help="text file")
    inputs.add_codebook(parser)
    inputs.add_language(parser)
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")
    parser.set_defaults(run=run)
    return parser


def _voices(options: Any) -> int:
    from framing import attributions, load_codebook

    table = attributions(inputs.read_texts(options.paths, options.language), load_codebook(options.codebook))
    return _print(table, options.format, ["doc_id", "sentence", "directness", "speaker", "side", "text"])


def _relations(options: Any) -> int:
    from framing import load_codebook, relations

    table = relations(inputs.read_texts(options.paths, options.language), load_codebook(options.codebook))
    return _print(
        table,
        options.format,
        ["doc_id", "sentence", "source", "target", "polarity", "quad", "negated", "voice", "evidence"],
    )


def _stance(options: Any) -> int:
    from framing import load_codebook
    from framing.stance import stance

    corpus = inputs.read_texts(options.paths, options.language)
    table = stance(
        corpus, load_codebook(options.codebook), targets=options.target, by=options.by, random_state=options.seed
    )
    return _print(table, options.format, list(table.columns))


def _print(table: Any, form: str, columns: list[str]) -> int:
    if form == "csv":
        write_csv(table)
    elif form == "json":
        print(table.to_json(orient="records", force_ascii=False, indent=1))
    elif not len(table):
        print("nothing found")
    else:
        print(
            table[columns].to_string(index=False, na_rep="", max_colwidth=60, float_format=lambda value: f"{value:.2f}")
        )
    return 0
