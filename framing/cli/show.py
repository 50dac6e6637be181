"""``framing show``: an article as a page with every hit highlighted."""

from __future__ import annotations

from typing import Any

from framing.cli import inputs
from framing.cli.report import check_file


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser("show", help="write an article as HTML with every hit highlighted")
    parser.add_argument("path", metavar="PATH", help="text file")
    parser.add_argument("--out", required=True, metavar="FILE.html")
    inputs.add_codebook(parser)
    inputs.add_language(parser)
    parser.set_defaults(run=run)


def run(options: Any) -> int:
    from framing import code, load_codebook, show

    check_file(options.out)
    document = inputs.read_text(options.path, options.language)
    codings = code(document, load_codebook(options.codebook))
    show(document, codings).save(options.out)
    print(options.out)
    return 0
