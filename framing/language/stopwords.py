"""Stop words: what every news text says and no topic is about, by lemma key.

The words are data (``data/stopwords.yml``), in four groups that can be chosen one by one.
"""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Iterable

from framing.errors import FramingError, choices, closest
from framing.language import chars, english, morphology, spelling

#: The groups of the bundled list.
GROUPS = ("function", "numbers", "calendar", "news")


def stop_words(groups: Iterable[str] = GROUPS, *, languages: Iterable[str] = ("ar", "en")) -> frozenset[str]:
    """Return the lemma keys of the bundled stop words.

    Parameters
    ----------
    groups : iterable of {"function", "numbers", "calendar", "news"}
        Closed word classes; numerals; days, months and general words for time; reporting words.
    languages : iterable of {"ar", "en"}

    Returns
    -------
    frozenset of str
        Keys as `framing.language.lemmas` gives them.

    Examples
    --------
    >>> {"كان", "قال", "say"} <= stop_words(), "قال" in stop_words(["function"])
    (True, False)
    """
    chosen = tuple(dict.fromkeys([groups] if isinstance(groups, str) else groups))
    unknown = [name for name in chosen if name not in GROUPS]
    if unknown:
        near = closest(str(unknown[0]), GROUPS)
        message = f"there is no group of stop words {unknown[0]!r}{near}; choose from {choices(GROUPS)}"
        raise FramingError(message)
    found: set[str] = set()
    for language in dict.fromkeys(languages):
        if language not in _bundled():
            message = f"there are no stop words for the language {language!r}; choose from {choices(_bundled())}"
            raise FramingError(message)
        for group in chosen:
            found |= stop_keys(_bundled()[language].get(group, ()))
    return frozenset(found)


def stop_keys(words: Iterable[str]) -> set[str]:
    """Return the lemma keys that stop these words, in any of their forms.

    A word is stopped under its own key and under that of its best reading, which is how texts are counted
    (عبر, through, is read as a form of عبرة).

    >>> sorted(stop_keys(["هذه", "Sanctions"]))
    ['sanction', 'هذا', 'هذه']
    """
    keys = {word: chars.key(word) for word in words}
    arabic = [word for word, key in keys.items() if not key.isascii()]
    readings = morphology.backend().readings([chars.clean(word) for word in arabic])
    found = set()
    for word, key in keys.items():
        if key.isascii():
            found.add(english.lemma_key(key))
            continue
        found.add(spelling.canonical(key))
        best = next(iter(readings.get(chars.clean(word), ())), None)
        if best is not None:
            found.add(spelling.canonical(best.key))
    return found


@functools.lru_cache(maxsize=1)
def _bundled() -> dict[str, dict[str, tuple[str, ...]]]:
    import yaml

    text = importlib.resources.files("framing.language").joinpath("data", "stopwords.yml").read_text("utf-8")
    data = yaml.safe_load(text)
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for language in ("ar", "en"):
        groups = data[language].items()
        found[language] = {group: tuple(str(word) for line in lines for word in line) for group, lines in groups}
    return found
