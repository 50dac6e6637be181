"""camel-tools, imported so that it neither downloads its catalogue nor looks for one in the user's home."""

from __future__ import annotations

import functools
import json
import os
import sys
from pathlib import Path
from typing import Any

from framing.files import replacing
from framing.language import cache


def installed() -> bool:
    """Say whether camel-tools can be imported, without importing it."""
    import importlib.util

    return importlib.util.find_spec("camel_tools") is not None


def data_folder() -> Path:
    """Return where `camel_data` puts its downloads."""
    return Path(os.path.expanduser(os.environ.get("CAMELTOOLS_DATA") or "~/.camel_tools"))  # may be nobody's home


@functools.lru_cache(maxsize=1)
def classes() -> tuple[Any, Any]:
    """Import camel-tools' database and analyzer without its catalogue download, and without a folder in the home."""
    changed: dict[str, str] = {}
    if "camel_tools.data" not in sys.modules:
        stub = str(_stub_catalogue())
        real = data_folder()
        has_data = os.access(real / "catalogue.json", os.R_OK)
        changed = {"HOME": stub, "USERPROFILE": stub, "CAMELTOOLS_DATA": str(real) if has_data else stub}
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        from camel_tools.morphology.analyzer import Analyzer
        from camel_tools.morphology.database import MorphologyDB
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
    return MorphologyDB, Analyzer


def _stub_catalogue() -> Path:
    """Return a folder with an empty catalogue, which keeps the import of camel_tools.data offline."""
    place = cache.folder() / "camel-tools-without-data"
    place.mkdir(exist_ok=True)
    names: tuple[str, ...] = ("MorphologyDB", "DisambigMLE", "DialectID", "NamedEntityRecognition", "SentimentAnalysis")
    names += ("DisambigBertUnfactored", "DisambigRankingCache")
    empty = {"default": "none", "datasets": {"none": {"path": "none"}}}
    content = {"version": "1.6.0", "packages": {}, "components": dict.fromkeys(names, empty)}
    with replacing(place / "catalogue.json") as file:
        file.write(json.dumps(content))
    return place
