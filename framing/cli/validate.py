"""``framing validate``: sheets for human coders, their agreement, the codebook against them, corrected estimates."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.cli import inputs
from framing.cli.tables import write_csv
from framing.errors import FramingError

if TYPE_CHECKING:
    from framing import Codings, Corpus


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser("validate", help="meet human coders: sample | agree | report | correct")
    steps = parser.add_subparsers(dest="step", metavar="STEP", required=True)
    for add in (_add_sample, _add_agree, _add_report, _add_correct):
        add(steps)


def _add_sample(steps: Any) -> None:
    step = steps.add_parser("sample", help="write coding sheets for a blinded, stratified sample")
    _add_corpus(step)
    inputs.add_codebook(step)
    step.add_argument(
        "--out",
        required=True,
        metavar="FOLDER",
        help="where the sheets go; the design of the sample is written beside them",
    )
    step.add_argument("--n", type=int, default=200, help="units to draw (default: %(default)s)")
    step.add_argument("--unit", choices=("sentence", "paragraph", "document"), default="sentence")
    step.add_argument(
        "--strata", nargs="+", default=[], metavar="COLUMN", help="metadata columns to stratify by, e.g. outlet"
    )
    step.add_argument(
        "--coders", nargs="+", default=["2"], metavar="NAME", help="names of the coders, or how many (default: 2)"
    )
    step.add_argument("--overlap", type=float, default=1.0, help="share of the units that all coders get (default: 1)")
    step.add_argument(
        "--oversample",
        type=float,
        default=0.5,
        help="share of the sample for units in which the engine found a frame (default: 0.5)",
    )
    step.add_argument("--no-context", action="store_true", help="show the unit alone, without the one before and after")
    step.add_argument("--format", choices=("xlsx", "csv", "label-studio", "inception"), default="xlsx")
    step.add_argument("--seed", type=int, default=0, help="of the draw (default: 0)")
    step.set_defaults(run=sample)


def _add_agree(steps: Any) -> None:
    step = steps.add_parser("agree", help="how far coders agree, and where they do not")
    _add_corpus(step)
    _add_sheets(step)
    step.add_argument("--measure", nargs="+", choices=("alpha", "kappa", "percent", "pabak"), default=["alpha"])
    step.add_argument(
        "--disagreements", metavar="FILE.csv", help="write the units in dispute there, with an empty column 'decision'"
    )
    step.add_argument("--format", choices=("table", "csv"), default="table")
    step.add_argument("--seed", type=int, default=0, help="of the bootstrap (default: 0)")
    step.set_defaults(run=agree)


def _add_report(steps: Any) -> None:
    step = steps.add_parser(
        "report", help="precision and recall of the codebook, every error, and the methods appendix"
    )
    _add_corpus(step)
    _add_sheets(step)
    inputs.add_codebook(step)
    _add_settling(step)
    step.add_argument(
        "--by", nargs="+", default=[], metavar="COLUMN", help="split by metadata columns, voice, side or speaker"
    )
    step.add_argument("--errors", metavar="FILE.csv", help="write every error in context there")
    step.add_argument("--out", metavar="FILE", help="write the methods appendix there (.md, .tex or .html)")
    step.add_argument("--format", choices=("table", "csv"), default="table")
    step.add_argument("--seed", type=int, default=0, help="of the intervals (default: 0)")
    step.set_defaults(run=report)


def _add_correct(steps: Any) -> None:
    step = steps.add_parser("correct", help="shares and differences corrected for the codebook's errors")
    _add_corpus(step)
    _add_sheets(step)
    inputs.add_codebook(step)
    _add_settling(step)
    step.add_argument(
        "--by", nargs="+", default=[], metavar="COLUMN", help="groups: metadata columns, voice, side or speaker"
    )
    step.add_argument(
        "--reference",
        nargs="+",
        metavar="LABEL",
        help="the group that the others are compared with (a label per column of --by)",
    )
    step.add_argument(
        "--target",
        choices=("population", "corpus"),
        default="population",
        help="what the interval is about (default: %(default)s)",
    )
    step.add_argument("--format", choices=("table", "csv"), default="table")
    step.set_defaults(run=correct)


def _add_corpus(step: Any) -> None:
    step.add_argument("corpus", metavar="CORPUS", help="the corpus that was sampled: a folder or file")


def _add_sheets(step: Any) -> None:
    step.add_argument(
        "sheets", nargs="+", metavar="SHEET", help="filled-in sheets or a folder of them; NAME=FILE names the coder"
    )
    step.add_argument(
        "--design", metavar="FILE.csv", help="the design.csv written with the sheets (default: the one beside them)"
    )
    step.add_argument(
        "--unit", choices=("sentence", "paragraph", "document"), default=None, help="where the sheets do not say it"
    )
    step.add_argument(
        "--skip-problems", action="store_true", help="leave cells that cannot be used uncoded, instead of stopping"
    )


def _add_settling(step: Any) -> None:
    step.add_argument("--decisions", metavar="FILE.csv", help="the disagreements with the column 'decision' filled in")
    step.add_argument(
        "--rule",
        default="majority",
        metavar="RULE",
        help="where nothing was decided: majority (default), any, all, or a coder's name",
    )


def sample(options: Any) -> int:
    from framing import coding_sheet, load_codebook, read_corpus

    coders: Any = options.coders
    if len(coders) == 1 and coders[0].isdecimal():
        coders = int(coders[0])
    corpus = read_corpus(options.corpus)
    sheet = coding_sheet(
        corpus,
        load_codebook(options.codebook),
        n=options.n,
        unit=options.unit,
        strata=options.strata,
        coders=coders,
        overlap=options.overlap,
        oversample=options.oversample,
        context=not options.no_context,
        random_state=options.seed,
    )
    for path in sheet.save(options.out, options.format):
        print(path)
    print(f"{Path(options.out) / 'design.csv'} (yours: it holds what coders must not see)")
    return 0


def agree(options: Any) -> int:
    from framing import agreement, disagreements

    corpus, codings = _codings(options)
    table = agreement(codings, options.measure, random_state=options.seed)
    _print(table, options.format)
    if options.disagreements:
        from framing.validity.csvfile import write_table

        disputed = disagreements(codings, corpus=corpus)
        write_table(Path(options.disagreements), disputed)
        print(
            f"{options.disagreements}: {len(disputed):,} codes in dispute; fill in 'decision' and give "
            "it to report or correct as --decisions"
        )
    return 0


def report(options: Any) -> int:
    from framing import agreement, code, corrected, load_codebook, methods_appendix, validate
    from framing.validity.csvfile import write_table

    corpus, codings = _codings(options)
    human, codebook = _settled(codings, options), load_codebook(options.codebook)
    machine = code(corpus, codebook)
    result = validate(machine, against=human, by=options.by, corpus=corpus, random_state=options.seed)
    _print(result.scores, options.format)
    if options.errors:
        write_table(Path(options.errors), result.errors)
        print(f"{options.errors}: {len(result.errors):,} errors in context")
    if options.out:
        agreed = agreement(codings, ["alpha", "percent"]) if len(codings.coders) > 1 else None
        methods_appendix(
            corpus, codebook, codings=machine, human=human, agreement=agreed, validation=result,
            corrected=corrected(machine, human, by=options.by), path=options.out,
        )  # fmt: skip
        print(options.out)
    return 0


def correct(options: Any) -> int:
    from framing import code, corrected, load_codebook

    corpus, codings = _codings(options)
    machine = code(corpus, load_codebook(options.codebook))
    reference = None
    if options.reference:
        reference = tuple(options.reference) if len(options.reference) > 1 else options.reference[0]
    table = corrected(machine, _settled(codings, options), by=options.by, reference=reference, target=options.target)
    _print(table, options.format)
    return 0


def _codings(options: Any) -> tuple[Corpus, Codings]:
    """Read the corpus and the sheets; ``NAME=FILE`` names the coder of a file."""
    from framing import read_coding_sheet, read_corpus

    corpus = read_corpus(options.corpus)
    named = dict(part.split("=", 1) for part in options.sheets if "=" in part and not Path(part).exists())
    if named and len(named) < len(options.sheets):
        message = "name the coder of every file (NAME=FILE), or of none"
        raise FramingError(message)
    codings = read_coding_sheet(
        named or options.sheets,
        corpus,
        unit=options.unit,
        design=options.design,
        problems="skip" if options.skip_problems else "raise",
    )
    return corpus, codings


def _settled(codings: Codings, options: argparse.Namespace) -> Codings:
    from framing import adjudicate

    if len(codings.coders) == 1 and not options.decisions:
        return codings
    return adjudicate(codings, options.decisions, rule=options.rule)


def _print(table: Any, format: str) -> None:
    if format == "csv":
        write_csv(table)
    else:
        print(table.readable().to_string(index=False))
