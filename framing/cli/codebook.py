"""``framing codebook``: check a codebook, show it as a page, convert it, look for words that it lacks."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from framing.cli.tables import write_csv
from framing.errors import FramingError

_CODES = (
    "Exit codes: 0 nothing wrong (warnings and notes may be printed), 1 errors were found, 2 the file cannot be loaded."
)
_CODEBOOK = "a codebook that ships, a codebook folder, a frame's file, or a dictionary file"


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser("codebook", help="check, show, convert or grow a codebook")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    check = actions.add_parser("check", help="report what is wrong with a codebook", epilog=_CODES)
    _add_codebook(check)
    check.add_argument("--corpus", metavar="PATH", help="texts in which the entries should occur")
    check.add_argument("--format", choices=("table", "csv"), default="table")
    check.add_argument("--quiet", action="store_true", help="leave the notes out")
    check.add_argument("--strict", action="store_true", help="warnings count as errors")
    check.set_defaults(run=run_check)

    show = actions.add_parser("show", help="write a codebook as a page for coders to read or print")
    _add_codebook(show)
    show.add_argument("--out", required=True, metavar="FILE.html")
    show.set_defaults(run=run_show)

    convert = actions.add_parser(
        "convert",
        help="convert between dictionary formats",
        description="By ending: .yml quanteda, .dic LIWC, .lc3 Lexicoder, .ykd Yoshikoder, .cat WordStat, .csv table.",
    )
    _add_codebook(convert)
    convert.add_argument("out", metavar="OUT", help="the file to write; its ending chooses the format")
    convert.set_defaults(run=run_convert)

    expand = actions.add_parser("expand", help="suggest words that the frames may lack, for a person to judge")
    _add_codebook(expand)
    expand.add_argument("corpus", metavar="CORPUS", help="corpus folder, or CSV, JSONL or Parquet file")
    expand.add_argument("--out", required=True, metavar="FILE.csv", help="the sheet to fill in (column: accept)")
    expand.add_argument("--frame", action="append", metavar="ID", help="a frame (may be repeated; default: all)")
    expand.add_argument("--method", action="append", choices=("embedding", "collocation"), help="default: both")
    expand.add_argument("--number", type=int, default=20, help="per frame and method (default: %(default)s)")
    expand.add_argument("--min-count", type=int, default=5, help="occurrences needed (default: %(default)s)")
    expand.add_argument("--seed", type=int, default=0, help="of the training (default: %(default)s)")
    expand.set_defaults(run=run_expand)


def _add_codebook(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("codebook", metavar="NAME|FILE", help=_CODEBOOK)
    parser.add_argument("--actors", metavar="NAME|FOLDER", help="a codebook whose actors are used where it has none")


def load(name: str, actors: str | None = None) -> Any:
    """Load a codebook; a frame's file that lies in a codebook folder is loaded with its actors, and alone."""
    from framing import import_codebook, load_codebook
    from framing.codebook.yamlfile import YamlFile

    path = Path(name)
    if actors and path.suffix.lower() in (".csv", ".tsv"):
        return import_codebook(path, actors=actors)
    if actors:
        return load_codebook(name, actors=actors)
    if not (path.is_file() and path.suffix in (".yml", ".yaml") and (path.parent / "codebook.yml").is_file()):
        return load_codebook(name)
    content = YamlFile.read(path).content
    kind = content.get("kind") if isinstance(content, dict) else None
    if kind not in ("frame", "codebook", "actors", "evaluative", "spelling"):
        return load_codebook(name)
    whole = load_codebook(path.parent)
    if kind != "frame":
        return whole
    if content.get("id") not in whole.frames:
        message = f"{path}: codebook.yml beside it does not list this frame; add it under frames:"
        raise FramingError(message)
    return whole.only(content["id"])


def run_check(options: Any) -> int:
    from framing import check_codebook, read_corpus

    codebook = load(options.codebook, options.actors)
    found = check_codebook(codebook, read_corpus(options.corpus) if options.corpus else None)
    counts = {level: int((found["level"] == level).sum()) for level in ("error", "warning", "note")}
    shown = found[found["level"] != "note"] if options.quiet else found
    if options.format == "csv":
        write_csv(shown)
    else:
        for row in shown.to_dict("records"):
            where = ", ".join(part for part in (row["frame"], row["entry"]) if part)
            print(f"{row['level']}: {row['problem']}{f' ({where})' if where else ''}: {row['detail']}")
        entries = sum(len(frame.entries) for frame in codebook.frames.values())
        print(
            f"{len(codebook.frames)} frames, {entries:,} entries; "
            f"{counts['error']} errors, {counts['warning']} warnings, {counts['note']} notes"
        )
    return int(counts["error"] > 0 or (options.strict and counts["warning"] > 0))


def run_show(options: Any) -> int:
    from framing.codebook.html import save_page

    print(save_page(load(options.codebook, options.actors), options.out))
    return 0


def run_convert(options: Any) -> int:
    from framing import export_codebook

    print(export_codebook(load(options.codebook, options.actors), options.out))
    return 0


def run_expand(options: Any) -> int:
    from framing import expand, read_corpus
    from framing.codebook.exchange.table import guarded
    from framing.files import replacing

    found = expand(
        load(options.codebook, options.actors),
        read_corpus(options.corpus),
        frames=options.frame,
        methods=options.method or ("embedding", "collocation"),
        n=options.number,
        min_count=options.min_count,
        random_state=options.seed,
    )
    sheet = found.map(lambda cell: guarded(cell) if isinstance(cell, str) else cell)
    # the byte-order mark tells spreadsheets that the Arabic is UTF-8
    with replacing(options.out) as file:
        file.write("\ufeff" + sheet.to_csv(index=False, float_format="%.3f"))
    print(f"{options.out}: {len(found)} candidates; fill in the column accept")
    return 0
