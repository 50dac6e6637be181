"""``framing figures``: rebuild all figures from the notebooks, or check those that are there."""

from __future__ import annotations

from typing import Any

_EPILOG = (
    "Without --check every notebook is executed in a kernel of its own; that takes some minutes. "
    "Exit codes: 0 all is well, 1 a figure is faulty or a notebook failed, 2 the input cannot be used."
)


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "figures", help="rebuild all figures from the notebooks, or check those that are there", epilog=_EPILOG
    )
    parser.add_argument("only", nargs="*", metavar="NN", help="numbers of the notebooks to run (default: all)")
    parser.add_argument(
        "--check",
        action="store_true",
        help="execute nothing; compare the figures with their sidecars, codebook and corpora",
    )
    parser.add_argument("--project", default=".", metavar="FOLDER", help="the project (default: here or above)")
    parser.add_argument("--executed", metavar="FOLDER", help="keep the executed notebooks there")
    parser.add_argument(
        "--timeout", type=int, default=600, metavar="SECONDS", help="for one cell (default: %(default)s)"
    )
    parser.set_defaults(run=run)


def run(options: Any) -> int:
    from framing.plot import figures

    if not options.check:
        runs = figures.rebuild(
            options.project, only=options.only, executed=options.executed, timeout=options.timeout, report=_say
        )
        failed = [each for each in runs if each.error]
        print(f"{len(runs) - len(failed)} notebooks done, {len(failed)} failed, {sum(r.seconds for r in runs):.0f} s")
        if failed:
            return 1
    faults = figures.check(options.project)
    for fault in faults:
        print(fault)
    if not faults:
        print("all figures are those that their sidecars describe, made from codebook and corpora as they are now")
    return int(bool(faults))


def _say(done: Any) -> None:
    state = f"failed: {done.error}" if done.error else "done"
    print(f"{done.notebook.stem:<45} {done.seconds:>5.0f} s  {state}", flush=True)
