"""The errors that are the user's to mend: one class, one clear line."""

from __future__ import annotations

from collections.abc import Iterable


class FramingError(ValueError):
    """Something in the input cannot be used as it is.

    The message says what is wrong, where, which choices are valid and what to do. The command line
    prints it on one line and ends with exit code 2.
    """


class FramingWarning(UserWarning):
    """A result was computed, but an assumption behind it is broken or something was converted."""


def choices(options: Iterable[object]) -> str:
    """Return `options` as a readable list for an error message.

    >>> choices(["a", "b"])
    "'a', 'b'"
    """
    return ", ".join(repr(option) for option in options)


def shown(value: object) -> str:
    """Return what a value is, for an error message: its type, and of texts and plain values the beginning.

    >>> shown("كوبا"), shown(["a", "b"]), shown(FramingError("x"))
    ("str 'كوبا'", "list ['a', 'b']", 'FramingError')
    """
    from pathlib import PurePath

    plain = isinstance(value, str | bytes | int | float | list | tuple | dict | set | PurePath)
    if value is None:
        return "None"
    return f"{type(value).__name__} {_cut(repr(value))}" if plain else type(value).__name__


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def closest(word: str, options: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` for the option nearest to `word`, or an empty string.

    >>> closest("aliance", ["alliance", "cold_war"])
    " (did you mean 'alliance'?)"
    """
    import difflib

    near = difflib.get_close_matches(word, list(options), 1)
    return f" (did you mean {near[0]!r}?)" if near else ""
