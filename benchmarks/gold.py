"""The coded sentences that three of the benchmarks measure against. They lie outside the project."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import framing as fr

_DEFAULT = Path(__file__).parents[2] / "shared" / "data" / "gold-sentences-dev.jsonl"


def arguments(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="?", type=Path, default=_DEFAULT)
    parser.add_argument("--errors", action="store_true", help="print every error in context")
    return parser


def sentences(path: Path) -> tuple[list[dict[str, Any]], fr.Corpus]:
    """Return the coded sentences, and the corpus of them; end the program, and say so, where there are none."""
    if not path.is_file():
        print(f"skipped: no gold file {path}", file=sys.stderr)
        raise SystemExit(0)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return rows, fr.Corpus([fr.Document(id=row["id"], text=row["sentence"]) for row in rows], name="gold")
