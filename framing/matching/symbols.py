"""The symbol table: which of the words of a text each symbol matches, and by which route."""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Iterable, Mapping

import regex

from framing.errors import FramingError
from framing.language import chars, clitics, english, morphology, spelling
from framing.language.readings import Reading, lexeme
from framing.matching.terms import REGEX_SECONDS, REGEX_TOTAL_SECONDS, Symbol, Term

_NOMINAL = frozenset("noun noun_num noun_quant adj adj_comp adj_num".split())
_POS = {
    "noun": _NOMINAL,  # the dictionaries do not separate nouns from adjectives reliably
    "adj": _NOMINAL,
    "verb": frozenset({"verb", "verb_pseudo"}),
    "name": frozenset({"noun_prop"}),
}


class SymbolTable:
    """Numbers the symbols of a set of terms and says which of them a word type can be.

    Parameters
    ----------
    terms : iterable of Term
    margin : "strict", "default" or "recall"
        Which readings of a word count: the best, those near it, or any.
    variants : mapping
        A codebook's own spelling variants.
    """

    def __init__(
        self, terms: Iterable[Term], *, margin: str = "default", variants: Mapping[str, str] | None = None
    ) -> None:
        self.margin = morphology.MARGINS[margin]
        self._variants = dict(variants or {})
        self.number: dict[Symbol, int] = {}
        for each in terms:
            for symbol in each.symbols:
                self.number.setdefault(symbol, len(self.number))
        self._surface: dict[str, list[int]] = {}
        self._acronym: dict[str, list[int]] = {}
        self._lemma: dict[str, list[int]] = {}  # by folded key
        self._spelled: dict[str, list[int]] = {}  # by spelling, where the dictionary knows the term
        self._fuzzy: dict[str, list[int]] = {}  # names by their consonants
        self._prefix: dict[str, list[int]] = {}
        self._globs: dict[str, list[tuple[int, str]]] = {}  # by the longest piece without wildcards
        self._patterns: list[tuple[int, regex.Pattern[str]]] = []
        self._spent: dict[int, float] = {}
        self._symbols = list(self.number)
        self._readings: Mapping[str, tuple[Reading, ...]] = {}
        lemmas = [symbol.text for symbol in self._symbols if symbol.kind == "lemma"]
        self._own_readings = morphology.backend().readings([chars.clean(word) for word in lemmas])
        for symbol, number in self.number.items():
            self._add(symbol, number)

    def __len__(self) -> int:
        return len(self.number)

    def _canonical(self, key: str) -> str:
        return spelling.canonical(key, self._variants)

    def _add(self, symbol: Symbol, number: int) -> None:
        if symbol.kind in {"glob", "regex", "fuzzy"}:
            self._add_inexact(symbol, number)
        elif symbol.kind in {"surface", "lemma"} and _is_acronym(symbol.text):
            self._acronym.setdefault(symbol.text, []).append(number)
        elif symbol.kind == "surface":
            self._surface.setdefault(self._canonical(chars.key(symbol.text)), []).append(number)
        elif symbol.kind == "relational":
            for form in clitics.relational(symbol.text):
                self._surface.setdefault(self._canonical(form), []).append(number)
        elif symbol.agrees:
            for key in dict.fromkeys((*self.lemma_keys(symbol.text), *self._near_keys(symbol.text))):
                self._lemma.setdefault(key, []).append(number)
        elif self._is_spelled_lemma(symbol.text):
            self._spelled.setdefault(spelled(symbol.text), []).append(number)
        else:
            for key in self.lemma_keys(symbol.text, symbol.pos):
                self._lemma.setdefault(key, []).append(number)

    def _add_inexact(self, symbol: Symbol, number: int) -> None:
        if symbol.kind == "glob":
            self._add_glob(symbol, number)
        elif symbol.kind == "regex":
            self._patterns.append((number, _compile(symbol.text)))
        elif not symbol.text.startswith("ال"):  # else the name is an Arabic one
            self._fuzzy.setdefault(spelling.skeleton(chars.key(symbol.text)), []).append(number)

    def _add_glob(self, symbol: Symbol, number: int) -> None:
        key = chars.key(symbol.text)
        stem = key[:-1]
        if key.endswith("*") and stem and not set(stem) & set("*?"):
            self._prefix.setdefault(stem, []).append(number)
        else:
            piece = max(re.split(r"[*?]+", key), key=len)
            self._globs.setdefault(piece, []).append((number, key))

    def _is_spelled_lemma(self, word: str) -> bool:
        """Say whether the dictionary has a lemma spelled like this term, hamzas and all.

        Then only that lemma is meant: هنأ (congratulate) is not هنا (here), though their keys are one.
        Words with spelling variants of their own are compared by key.
        """
        key = chars.key(word)
        if not _is_arabic(key):
            return False
        return not spelling.varies(key, self._variants) and any(
            spelled(r.lemma) == spelled(word) for r in self._whole_readings(word)
        )

    def _whole_readings(self, word: str) -> list[Reading]:
        """Return the readings of a term's word as one word: without proclitics and pronouns."""
        return [reading for reading in self._own_readings.get(chars.clean(word), ()) if reading.is_whole]

    def lemma_keys(self, word: str, pos: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the lemma keys that a term's word stands for.

        A citation form stands for itself. Another form (a plural, say) stands for its best readings.
        """
        key = chars.key(word)
        if not _is_arabic(key):
            return (english.lemma_key(key),)
        readings = [r for r in self._whole_readings(word) if not pos or any(r.pos in _POS.get(p, {p}) for p in pos)]
        found = {self._canonical(r.key) for r in readings}
        own = self._canonical(key)
        if own in found or not readings:
            return (own,)
        return self._near_keys(word, pos)

    def _near_keys(self, word: str, pos: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return the lemma keys of the likeliest readings of a term's word."""
        readings = [r for r in self._whole_readings(word) if not pos or any(r.pos in _POS.get(p, {p}) for p in pos)]
        near = [r for r in readings if r.score >= readings[0].score - morphology.MARGINS["default"]]
        return tuple(dict.fromkeys(self._canonical(r.key) for r in near))

    def prepare(self, words: Iterable[str]) -> None:
        """Look up the readings of these (Arabic) words in one go, before `find` is called for each.

        Only words that can be a stem of some lemma of the terms between affixes are looked up at all.
        """
        if self._lemma or self._spelled:
            stems = self._stems()
            cleaned = map(chars.clean, words)
            before, behind = _affixes(morphology.backend())
            wanted = (w for w in cleaned if stems is None or _holds(morphology.fold(w), stems, before, behind))
            self._readings = morphology.backend().readings(wanted)

    @functools.cache  # noqa: B019 - as below
    def _stems(self) -> frozenset[str] | None:
        """Return every stem in which a lemma of the terms can occur, or None where that is not known."""
        known = morphology.backend().stems()
        if not known:
            return None
        by_key: dict[str, list[str]] = {}
        for lemma in known:
            by_key.setdefault(self._canonical(chars.key(lemma)), []).append(lemma)
        found: set[str] = set()
        for key in {*self._lemma, *(chars.key(lemma) for lemma in self._spelled)}:
            found |= {morphology.fold(key), morphology.fold(key).removesuffix("ه")}
        for key in {*self._lemma, *(self._canonical(chars.key(lemma)) for lemma in self._spelled)}:
            found.update(stem for lemma in by_key.get(key, ()) for stem in known[lemma])
        for variant, first in {**spelling.bundled(), **self._variants}.items():
            if self._canonical(first) in self._lemma:
                found |= {morphology.fold(variant), morphology.fold(variant).removesuffix("ه")}
        return frozenset(found - {""})

    def find(self, word: str, key: str, kind: int) -> dict[int, int]:
        """Return the symbols that the word can be, each with its route code."""
        found: dict[int, int] = {}
        if kind == 1:
            self._find_arabic(word, key, found)
        else:
            self._note(found, self._surface.get(self._canonical(key), ()), 0)
            self._note(found, self._acronym.get(word.removesuffix("'s").removesuffix("’s"), ()), 0)
            if self._lemma:
                stem = english.lemma_key(key)
                self._note(found, self._lemma.get(stem, ()), 0 if stem == key else 2)
        if self._prefix:
            for length in range(1, len(key) + 1):
                self._note(found, self._prefix.get(key[:length], ()), 3)
        if self._globs:
            self._find_globs(key, found)
        for number, pattern in self._patterns:
            if self._matches(number, pattern, key):
                found.setdefault(number, 3)
        return found

    def _find_globs(self, key: str, found: dict[int, int]) -> None:
        """Try the globs of which `key` holds the longest piece: few, however many there are."""
        pieces = {key[a : a + n] for n in self._piece_lengths() for a in range(max(len(key) - n + 1, 0))}
        for piece in pieces & self._globs.keys():
            for number, glob in self._globs[piece]:
                if self._matches(number, _glob(glob), key):
                    found.setdefault(number, 3)

    @functools.cache  # noqa: B019 - as below
    def _piece_lengths(self) -> tuple[int, ...]:
        return tuple({len(piece) for piece in self._globs})

    def _matches(self, number: int, pattern: regex.Pattern[str], key: str) -> bool:
        """Say whether a pattern occurs in a word (quanteda's meaning: ``^`` and ``$`` anchor it), within its time."""
        started = time.perf_counter()
        try:
            matches = pattern.search(key, timeout=REGEX_SECONDS) is not None
        except TimeoutError:
            word = key if len(key) < 50 else f"{key[:50]}…"
            message = (
                f"the pattern {self._symbols[number].text!r} took more than {REGEX_SECONDS} s on the word {word!r}; "
                "repetition in repetition such as (a|aa)+ explodes: write it without"
            )
            raise FramingError(message) from None
        spent = self._spent[number] = self._spent.get(number, 0.0) + time.perf_counter() - started
        if spent > REGEX_TOTAL_SECONDS:
            message = (
                f"the pattern {self._symbols[number].text!r} took more than {REGEX_TOTAL_SECONDS:g} s on the words of "
                "this corpus; repetition in repetition such as (a|aa)+ is slow: write it without"
            )
            raise FramingError(message)
        return matches

    def _find_arabic(self, word: str, key: str, found: dict[int, int]) -> None:
        if self._surface:
            for rest in clitics.without_proclitics(key):
                self._note(found, self._surface.get(self._canonical(rest), ()), 0 if rest == key else 1)
        self._find_transcribed(word, key, found)
        if self._lemma or self._spelled:
            self._find_lemmas(word, key, found)

    def _find_lemmas(self, word: str, key: str, found: dict[int, int]) -> None:
        readings = self._readings.get(chars.clean(word))
        if readings is None:  # holds no stem of any lemma
            return
        if not readings:
            for stem in clitics.stems_of_unknown(key):
                self._note(found, self._lemma.get(self._canonical(stem), ()), _route(key, stem))
                self._note(found, self._by_stem().get(stem, ()), _route(key, stem))
            return
        if self.margin:  # strict takes nothing but the best reading
            self._find_written(chars.clean(word), readings, found)
        lowest = readings[0].score - self.margin
        for reading in readings:
            if reading.score < lowest:
                break
            by_key = self._lemma.get(self._canonical(reading.key), ())
            for number in (*by_key, *self._spelled.get(spelled(reading.lemma), ())):
                symbol = self._symbols[number]
                if _fits(symbol, reading):
                    self._note(found, (number,), _route(key, chars.key(symbol.text)))

    def _find_transcribed(self, word: str, key: str, found: dict[int, int]) -> None:
        """A word that no dictionary and no actor file knows may be a name written otherwise: برينان، برنان."""
        for rest in clitics.without_proclitics(key) if self._fuzzy else ():
            if key.removesuffix(rest).endswith("ل") and rest != key:  # names from abroad have no article
                continue
            for number in self._fuzzy.get(spelling.skeleton(rest), ()):
                if spelling.transcribes(rest, chars.key(self._symbols[number].text)) and not _known(word):
                    self._note(found, (number,), 0 if rest == key else 1)

    def _find_written(self, word: str, readings: Iterable[Reading], found: dict[int, int]) -> None:
        """A citation form that stands there as such counts if any reading allows it, however unlikely.

        Measured on treebank text this adds more true occurrences than false ones: frequencies estimated
        without context are wrong about a word's commonest reading more often than about a possible one.
        """
        written = _soft(word)
        possible = {_soft(spelled(reading.lemma)) for reading in readings}
        key = chars.key(word)
        for rest in clitics.without_proclitics(written):
            if rest == written or rest in possible:
                for number in (*self._by_soft().get(rest, ()), *self._lemma.get(chars.key(rest), ())):
                    symbol = self._symbols[number]
                    if not symbol.pos and not chars.has_vowels(symbol.text):
                        self._note(found, (number,), 0 if chars.key(rest) == key else 1)

    @functools.cache  # noqa: B019 - as below
    def _by_soft(self) -> dict[str, list[int]]:
        """Return the spelled lemmas with the letters folded that writers confuse at the end of a word."""
        table: dict[str, list[int]] = {}
        for lemma, numbers in self._spelled.items():
            table.setdefault(_soft(lemma), []).extend(numbers)
        return table

    @functools.cache  # noqa: B019 - one table per symbol table, which lives as long as its codebook
    def _by_stem(self) -> dict[str, list[int]]:
        """Return the spelled lemmas by folded key, for words that the dictionary does not know."""
        table: dict[str, list[int]] = {}
        for lemma, numbers in self._spelled.items():
            table.setdefault(chars.key(lemma), []).extend(numbers)
        return table

    @staticmethod
    def _note(found: dict[int, int], numbers: Iterable[int], route: int) -> None:
        for number in numbers:
            if found.get(number, 9) > route:
                found[number] = route


def _known(word: str) -> bool:
    return bool(morphology.backend().readings([chars.clean(word)])[chars.clean(word)])


@functools.cache
def _affixes(backend: morphology.Backend) -> tuple[frozenset[str], frozenset[str]]:
    """Return all that the dictionary or the clitic rules take off before a stem, and behind it."""
    before, behind = backend.affixes()
    rules = map(morphology.fold, clitics.NAME_ENDINGS)
    return frozenset(before) | clitics.PROCLITICS, frozenset(behind) | frozenset(rules)


def _holds(word: str, stems: frozenset[str], before: frozenset[str], behind: frozenset[str]) -> bool:
    """Say whether `word` is a stem between affixes."""
    n = len(word)
    ends = [end for end in range(n, 0, -1) if word[end:] in behind]
    return n > 40 or any(word[start:end] in stems for start in range(n) if word[:start] in before for end in ends)


@functools.lru_cache(maxsize=100_000)
def spelled(lemma: str) -> str:
    """Return a lemma as it is written without vowels; feminine elatives join their masculine.

    >>> spelled("ٱِنْتَقَد"), spelled("هَنَّأ") == spelled("هُنا")
    ('انتقد', False)
    """
    return chars.clean(lexeme(lemma)).replace("ٱ", "ا")


def _soft(word: str) -> str:
    """Fold ة and ه, ى and ي, and the hamza that joins words; the hamzas that tell lemmas apart stay."""
    return word.replace("ة", "ه").replace("ى", "ي").replace("ٱ", "ا")


def _route(key: str, stem: str) -> int:
    if key == stem:
        return 0
    return 1 if stem in clitics.without_proclitics(key) else 2


def _fits(symbol: Symbol, reading: Reading) -> bool:
    if symbol.pos and not any(reading.pos in _POS.get(pos, {pos}) for pos in symbol.pos):
        return False
    return not chars.has_vowels(symbol.text) or vowels_agree(symbol.text, reading.lemma)


@functools.lru_cache(maxsize=50_000)
def vowels_agree(pinned: str, lemma: str) -> bool:
    """Say whether a (partly) vocalised term allows this lemma: every mark it has, the lemma has.

    >>> vowels_agree("حَرب", "حَرْب"), vowels_agree("حِرب", "حَرْب")
    (True, False)
    """
    ours, theirs = _marked(pinned), _marked(lemma)
    return len(ours) == len(theirs) and all(
        chars.key(a) == chars.key(b) and x <= y for (a, x), (b, y) in zip(ours, theirs, strict=True)
    )


def _marked(word: str) -> list[tuple[str, frozenset[str]]]:
    letters: list[tuple[str, frozenset[str]]] = []
    for character in word:
        if "\u064b" <= character <= "\u0652":
            if letters and character != "\u0652":
                letters[-1] = (letters[-1][0], letters[-1][1] | {character})
        elif character not in ("\u0670", "\u0640"):
            letters.append((character, frozenset()))
    return letters


def _is_arabic(key: str) -> bool:
    return any("\u0600" <= character <= "\u06ff" for character in key)


def _is_acronym(text: str) -> bool:
    """US is a country, us is a pronoun: short words in capitals keep them."""
    return text.isascii() and len(text) <= 5 and text.isupper() and any(c.isalpha() for c in text)


def _compile(pattern: str) -> regex.Pattern[str]:
    try:
        return regex.compile(_folded(pattern), regex.IGNORECASE)
    except regex.error as error:
        message = f"the pattern {pattern!r} is not a valid regular expression: {error}"
        raise FramingError(message) from None


@functools.lru_cache(maxsize=10_000)
def _glob(key: str) -> regex.Pattern[str]:
    """Compile a folded glob: ``*`` is any number of characters, ``?`` exactly one."""
    escaped = re.escape(key).replace(r"\*", ".*").replace(r"\?", ".")
    return regex.compile(rf"\A{escaped}\Z", regex.DOTALL)


def _folded(pattern: str) -> str:
    """Fold the letters of a regular expression as keys are folded; its ASCII syntax is untouched."""
    return "".join(character if character.isascii() else chars.key(character) for character in pattern)
