"""framing: media framing analysis of Arabic news, with evidence and an interval behind every number.

Nothing is loaded before it is used: `import framing as fr` is instant.
"""

from __future__ import annotations

import importlib
import sys
import types
from typing import Any

__version__ = "0.1.0"

#: What `fr.` offers, by the room it lives in.
_ROOMS = {
    "codebook": ("Actor", "Codebook", "Condition", "Entry", "Frame", "load_codebook"),
    "coding": ("Codings", "code"),
    "corpus": (
        "Corpus",
        "Document",
        "check_corpus",
        "deduplicate",
        "near_duplicates",
        "read_corpus",
        "read_document",
        "write_corpus",
    ),
    "errors": ("FramingError", "FramingWarning"),
    "report": ("show",),
    "stance": ("evaluations", "relations", "stance"),
    "voice": ("attributions",),
    "topics": ("topic_model", "choose_k", "topic_stability"),
    "scores": ("frame_scores",),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}
_MODULES = ("language", "plot")

__all__ = [*sorted(_HOME), *_MODULES, "__version__"]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(importlib.import_module(f"framing.{_HOME[name]}"), name)
    elif name in _MODULES:
        value = importlib.import_module(f"framing.{name}")
    else:
        message = f"module 'framing' has no attribute {name!r}"
        raise AttributeError(message)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Framing(types.ModuleType):
    """Keeps `fr.compare` the function when importing the room `framing.compare` would put the module there."""

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, types.ModuleType) and name in _HOME:
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Framing
