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
    "codebook.exchange": ("export_codebook", "import_codebook"),
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
    "dataset": ("code_dataset", "dataset_scores", "read_codings"),
    "errors": ("FramingError", "FramingWarning"),
    "kwic": ("kwic",),
    "lexicon": ("check_codebook", "expand"),
    "lexicon.vectorizer": ("CodebookVectorizer",),
    "keyness": ("keyness",),
    "report": ("Report", "report", "show"),
    "stance": ("evaluations", "relations", "stance"),
    "voice": ("attributions",),
    "topics": (
        "choose_k",
        "place",
        "representative_documents",
        "score_intrusion",
        "topic_intrusion_sheet",
        "topic_model",
        "topic_stability",
        "topic_terms",
        "topics_by_frame",
        "word_intrusion_sheet",
    ),
    "validity": (
        "adjudicate",
        "agreement",
        "code_in_notebook",
        "coding_sheet",
        "corrected",
        "disagreements",
        "labels_needed",
        "methods_appendix",
        "read_coding_sheet",
        "validate",
    ),
    "compare": ("compare", "entry_influence", "specification_curve"),
    "scores": ("cooccurrence", "frame_profile", "frame_scores", "timeline"),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}
_MODULES = ("collect", "language", "plot")

__all__ = [*sorted(_HOME), *_MODULES, "__version__"]  # noqa: PLE0604


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
