"""What a user passes for a codebook: taken, or refused with the way to make one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framing.codebook.model import Codebook
from framing.errors import FramingError, shown


def given_codebook(value: Any, name: str = "codebook") -> Codebook:
    """Return `value` if it is a codebook; else raise. `name` is the argument's.

    >>> given_codebook({"alliance": ["تعاون"]})
    Traceback (most recent call last):
    ...
    framing.errors.FramingError: codebook must be what ... returns, not dict ...; write fr.Codebook.from_dict({…})
    """
    if isinstance(value, Codebook):
        return value
    cure = ""
    if isinstance(value, Mapping):
        cure = "; write fr.Codebook.from_dict({…})"
    elif isinstance(value, str | Path):
        cure = f"; write fr.load_codebook({str(value)!r:.80})"
    elif type(value).__name__ in ("Corpus", "Document"):
        cure = "; the corpus comes first and the codebook after it"
    message = (
        f"{name} must be what fr.load_codebook(name or path), or fr.Codebook.from_dict({{…}}) returns, "
        f"not {shown(value)}{cure}"
    )
    raise FramingError(message)
