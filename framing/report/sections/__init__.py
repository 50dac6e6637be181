"""The sections of a report, in the order of the page: one module and one template each.

A section module has a function ``content(study)`` that returns what its template shows. It raises
`FramingError` where that cannot be computed; the page then says why, in its place.
"""

from __future__ import annotations

import dataclasses
import importlib
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from framing import progress
from framing.errors import FramingError, FramingWarning

if TYPE_CHECKING:
    from framing.report.study import Study

#: Sections as the page has them.
ORDER = ("summary", "article", "scores", "voices", "relations", "position", "words", "topics", "validity", "methods")


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """A section: what its template shows, or why there is nothing, and what was noted on the way."""

    name: str
    content: Mapping[str, Any]
    missing: str | None = None
    notes: tuple[str, ...] = ()


def compute(study: Study) -> list[Section]:
    """Compute every section; none of them can keep the others from the page."""
    # The summary comes last: it says in words what the others found.
    order = sorted(ORDER, key=lambda name: name == "summary")
    found = {name: _section(name, study) for name in progress.bar(order, what="report", unit="sections")}
    return [found[name] for name in ORDER]


def _section(name: str, study: Study) -> Section:
    module = importlib.import_module(f"framing.report.sections.{name}")
    content, missing, noted = attempt(module.content, study)
    return Section(name, content or {}, missing, noted)


def attempt(function: Any, *arguments: Any) -> tuple[Any, str | None, tuple[str, ...]]:
    """Return a result, or None and why there is none, and the warnings that were given."""
    result, missing = None, None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", FramingWarning)
        try:
            result = function(*arguments)
        except FramingError as error:
            missing = str(error)
        except Exception as error:  # a fault in one section must not cost the reader the others
            missing = f"internal error, please report it: {type(error).__name__}: {error}"
    noted = dict.fromkeys(str(warning.message) for warning in caught if issubclass(warning.category, FramingWarning))
    return result, missing, tuple(noted)
