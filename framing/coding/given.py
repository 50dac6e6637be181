"""What a user passes for codings: taken, or refused with the way to get them."""

from __future__ import annotations

from typing import Any

from framing.coding.codings import Codings
from framing.errors import FramingError, shown

#: Where codings come from: of a machine, of people.
BY_CODEBOOK, BY_PEOPLE = "fr.code(corpus, codebook)", "fr.read_coding_sheet(path, corpus)"


def given_codings(value: Any, name: str = "codings", source: str = BY_CODEBOOK) -> Codings:
    """Return `value` if it is codings; else raise. `name` is the argument's, `source` what returns such codings.

    >>> given_codings("كوبا")
    Traceback (most recent call last):
    ...
    framing.errors.FramingError: codings must be what fr.code(corpus, codebook) returns, not str 'كوبا'
    """
    if isinstance(value, Codings):
        return value
    cure = ""
    if hasattr(value, "iloc"):
        cure = "; pass the codings themselves, not a table that was made of them"
    elif type(value).__name__ in ("Corpus", "Document", "Codebook"):
        cure = "; code the corpus first: codings = fr.code(corpus, codebook)"
    message = f"{name} must be what {source} returns, not {shown(value)}{cure}"
    raise FramingError(message)
