"""The language of a page: its strings, its numbers and lists, and whose name is given to what."""

from __future__ import annotations

import functools
import importlib.resources
import math
import string
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from framing.errors import FramingError, choices, closest
from framing.language.shown import language_of, short

#: Interface languages, and the direction of their script.
DIRECTIONS = {"en": "ltr", "ar": "rtl"}


@functools.lru_cache(maxsize=1)
def strings() -> Mapping[str, Mapping[str, Any]]:
    """Return every string of the interface: key → language → text, or plural category → text."""
    import yaml

    text = importlib.resources.files("framing.report").joinpath("strings.yml").read_text("utf-8")
    found: dict[str, Mapping[str, Any]] = {}
    _flatten("", yaml.safe_load(text), found)
    return found


def _flatten(prefix: str, node: Mapping[str, Any], found: dict[str, Mapping[str, Any]]) -> None:
    for key, value in node.items():
        name = f"{prefix}{key}"
        if set(value) == set(DIRECTIONS):
            found[name] = value
        else:
            _flatten(f"{name}.", value, found)


class Interface:
    """One language of the page.

    Everything it returns is safe HTML: values are escaped, and text in another script is isolated, so
    that it cannot reorder the words around it.

    Examples
    --------
    >>> page = Interface("en")
    >>> str(page("document.words", n=2)), page("document.words", n=1)
    ('2 words', Markup('1 word'))
    >>> str(page.interval(4.25, 1.0, 9.0))
    '4.2 <span class="ci">(1.0 to 9.0)</span>'
    """

    def __init__(self, language: str) -> None:
        if language not in DIRECTIONS:
            near = closest(str(language), DIRECTIONS)
            message = f"ui={language!r} is not known{near}; choose one of {choices(DIRECTIONS)}"
            raise FramingError(message)
        from babel import Locale

        self.language = language
        self.direction = DIRECTIONS[language]
        self._locale = Locale.parse(language)

    def __call__(self, key: str, /, **values: Any) -> Markup:
        """Return a string of the interface with its values filled in; `n` chooses the plural."""
        found = strings().get(key)
        if found is None:
            message = f"the interface has no string {key!r}{closest(key, strings())}"
            raise KeyError(message)
        text = found[self.language]
        if isinstance(text, Mapping):
            category = self._locale.plural_form(values["n"])
            text = text.get(category, text["other"])
        shown = {name: self._value(value) for name, value in values.items()}
        return Markup(_Format().vformat(Markup(text), (), shown))  # noqa: S704 (strings.yml is ours, values are escaped)

    def plain(self, key: str, /, **values: Any) -> str:
        """Return a string for an attribute: without tags."""
        return str(self(key, **values).striptags())

    def has(self, key: str) -> bool:
        return key in strings()

    def word(self, group: str, value: Any) -> Markup:
        """Return the word for one of a few known values, such as a voice; an unknown one as it is."""
        key = f"{group}.{value}"
        return self(key) if key in strings() else self.name(str(value).replace("_", " "))

    def _value(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value if isinstance(value, Markup) else self.name(value)
        return self.number(value, 0 if isinstance(value, int) else 1)

    def name(self, value: Any, limit: int = 160) -> Markup:
        """Return any text on one line, isolated from what stands around it, in its language and direction."""
        text = short(value, limit)
        language = language_of(text)
        if language is None or language == self.language:
            return Markup("<bdi>{}</bdi>").format(text)
        return Markup('<bdi lang="{}" dir="{}">{}</bdi>').format(language, DIRECTIONS[language], text)

    def terms(self, words: Sequence[str]) -> Markup:
        """Return words of a text side by side, separated as their own language separates them."""
        comma = "، " if language_of(" ".join(words)) == "ar" else ", "
        return self.name(comma.join(words), 200)

    def number(self, value: Any, digits: int = 1) -> Markup:
        """Return a number, a dash for a missing one."""
        if value is None or math.isnan(value):
            return Markup("–")
        text = f"{value:,.{digits}f}".replace("-", "−")
        if not text.strip("−0.,"):  # no minus before zero
            text = text.lstrip("−")
        return self._left_to_right(text)

    def percent(self, value: Any, digits: int = 0) -> Markup:
        """Return a share as a percentage."""
        if value is None or math.isnan(value):
            return Markup("–")
        text = str(self.number(100 * float(value), digits).striptags())
        return self._left_to_right(f"{text} %" if self.language == "en" else f"{text}%")

    def _left_to_right(self, text: str) -> Markup:
        if self.direction == "ltr" or text.isdigit():
            return Markup("{}").format(text)
        return Markup('<bdi dir="ltr">{}</bdi>').format(text)

    def interval(self, value: Any, low: Any, high: Any, digits: int = 1, *, percent: bool = False) -> Markup:
        """Return a figure with its interval."""
        shown = [self.percent(v, digits) if percent else self.number(v, digits) for v in (value, low, high)]
        if any(v is None or math.isnan(v) for v in (low, high)):
            return shown[0]
        return self("interval", value=shown[0], low=shown[1], high=shown[2])

    def probability(self, value: Any) -> Markup:
        """Return a p value with its relation sign: = .031, < .001."""
        if value is None or math.isnan(value):
            return Markup("–")
        return self._left_to_right("< 0.001" if value < 0.001 else f"{value:.3f}")

    def listed(self, items: Iterable[Any]) -> Markup:
        """Join items as a sentence does: a, b and c."""
        from babel.lists import format_list

        shown = [item if isinstance(item, Markup) else self.name(item) for item in items]
        holders = [f"{{{number}}}" for number in range(len(shown))]
        pattern = format_list(holders, locale=self.language).replace(", and", " and")
        return Markup(pattern).format(*shown)  # noqa: S704 (a pattern of the locale, without user text)


class _Format(string.Formatter):
    """Fills in escaped values; a string that lacks one says which."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        from markupsafe import escape

        return escape(super().format_field(value, format_spec) if format_spec else value)
