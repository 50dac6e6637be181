"""The command line: verbs only, one clear line for whatever goes wrong."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from typing import Any

from framing.errors import FramingError, FramingWarning

_EPILOG = "Documentation: README.md and `framing VERB --help`. Exit codes: 0 done, 2 the input cannot be used."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    from framing.cli import verbs

    parser = argparse.ArgumentParser(
        prog="framing", description="Media framing analysis of Arabic news.", epilog=_EPILOG
    )
    subparsers = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb in verbs.ALL:
        verb.register(subparsers)
    options = parser.parse_args(arguments)
    shown: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what other packages have to say about themselves is not the user's matter
        warnings.simplefilter("default", FramingWarning)
        warnings.showwarning = lambda message, *_rest, **_named: _warn(str(message), shown)
        try:
            exit_code = int(options.run(options) or 0)
            sys.stdout.flush()  # a closed pipe is noticed here, not when Python ends
            return exit_code
        except FramingError as error:
            print(f"framing: {_one_line(error)}", file=sys.stderr)
            return 2
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except OSError as error:
            print(f"framing: {_one_line(error)}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("framing: interrupted", file=sys.stderr)
            return 130


def _one_line(error: Any) -> str:
    return " ".join(str(error).split())


def _warn(message: str, shown: set[str]) -> None:
    if message not in shown:
        shown.add(message)
        print(f"framing: note: {_one_line(message)}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
