"""The morphology of a user who has run `camel_data`: CALIMA MSA, with the MLE disambiguator where it is installed."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from framing.language import camel
from framing.language.readings import Analyse, Analyser, Reading, ranked, reading_of

NAME = "calima-msa-r13"


def version() -> str | None:
    """Return the version of camel-tools, and whether it disambiguates; None where the data are not there."""
    morphology, model = _files()
    if not morphology.is_file() or not camel.installed():
        return None
    return importlib.metadata.version("camel-tools") + ("-mle" if model.is_file() else "")


def _files() -> tuple[Path, Path]:
    data = camel.data_folder() / "data"
    return data / "morphology_db" / NAME / "morphology.db", data / "disambig_mle" / NAME / "model.json"


def load() -> Analyse:
    """Return the analyser."""
    morphology, model = _files()
    database_class, analyzer_class = camel.classes()
    stem_database = database_class(str(morphology), "a")
    analyzer = analyzer_class(stem_database)
    preferred: dict[str, Any] = {}
    if model.is_file():
        preferred = json.loads(model.read_text(encoding="utf-8"))

    def analyse(word: str) -> list[Reading]:
        choice = preferred.get(word)
        readings = []
        for analysis in analyzer.analyze(word):
            score = float(analysis.get("pos_lex_logprob") or -99.0)
            if choice and _agrees(analysis, choice):
                score += 50.0
            readings.append(reading_of(analysis, score))
        return ranked(readings)

    return Analyser(stem_database, analyse)


def _agrees(analysis: Mapping[str, Any], choice: Mapping[str, Any]) -> bool:
    lemma = str(choice.get("lex", "")).split("_")[0].split("-")[0]
    return analysis.get("lex") == lemma and analysis.get("pos") == choice.get("pos")
