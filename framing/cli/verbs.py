"""The verbs of the command line, one class each: its options, and what it does."""

from __future__ import annotations

from typing import Any, Protocol

from framing.cli import (
    code,
    codebook,
    collect,
    compare,
    corpus,
    figures,
    keyness,
    kwic,
    report,
    score,
    show,
    topics,
    validate,
    voices,
)


class Verb(Protocol):
    """What a verb module offers."""

    def register(self, subparsers: Any) -> None: ...


ALL: tuple[Verb, ...] = (
    *(score, show, report, code, voices, corpus, collect, topics, codebook, kwic, validate, compare, keyness, figures),
)
