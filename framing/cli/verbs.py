"""The verbs of the command line, one class each: its options, and what it does."""

from __future__ import annotations

from typing import Any, Protocol

from framing.cli import codebook, collect, corpus, kwic, score, show, topics


class Verb(Protocol):
    """What a verb module offers."""

    def register(self, subparsers: Any) -> None: ...


ALL: tuple[Verb, ...] = (score, show, corpus, collect, topics, codebook, kwic)
