"""``framing keyness``: the words that set an article, or a group of articles, apart."""

from __future__ import annotations

from typing import Any

from framing.cli import inputs
from framing.cli.compare import add_output, add_sides, sides, write

_SHOWN = (
    "feature", "lemma", "n_target", "n_reference", "log_odds", "z", "G2", "log_ratio", "log_ratio_low",
    "log_ratio_high", "dp_target", "p_permutation", "p_adjusted",
)  # fmt: skip


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "keyness",
        help="words that set an article apart from others",
        description="List the words that distinguish an article, or a group of articles, from others.",
        epilog="example: framing keyness corpora/focal/putin-diaz-canel-2018.txt --with corpora/related --stop-words",
    )
    add_sides(
        parser, "the article: a text file, or an id in the corpus; or KEY=VALUE for a group, such as outlet=al-madar"
    )
    inputs.add_language(parser)
    parser.add_argument(
        "--by", choices=("lemma", "word"), default="lemma", help="dictionary words, or words as written"
    )
    parser.add_argument("--top", type=int, default=15, metavar="N", help="words of each side to print (default: 15)")
    parser.add_argument("--min-count", type=int, default=3, metavar="N", help="in both together (default: 3)")
    parser.add_argument("--stop-words", action="store_true", help="leave out function words")
    parser.add_argument(
        "--prior", type=float, default=500.0, metavar="WORDS", help="weight of the prior (default: 500)"
    )
    add_output(parser)
    parser.set_defaults(run=run)


def run(options: Any) -> int:
    from framing.keyness import keyness

    corpus, focal = sides(options.target, options.others, options.language)
    target = (
        corpus.where(**focal)
        if isinstance(focal, dict)
        else corpus.where(id=[focal] if isinstance(focal, str) else focal)
    )
    table = keyness(
        target,
        corpus,
        by=options.by,
        min_count=options.min_count,
        stop_words=options.stop_words,
        prior=options.prior,
        random_state=options.seed,
    )
    both = sorted({*range(min(options.top, len(table))), *range(max(0, len(table) - options.top), len(table))})
    shown = table.iloc[both][list(_SHOWN)]
    name = ", ".join(target.ids[:3]) + (f" and {len(target) - 3} more" if len(target) > 3 else "")
    title = f"Words of {name} against {len(corpus) - len(target)} documents, most typical first; 95 % intervals"
    write(table, shown, options.format, title)
    return 0
