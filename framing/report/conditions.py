"""How an entry matches and what must stand beside it, in the words of the interface."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from markupsafe import Markup

from framing.coding.engine import in_words

if TYPE_CHECKING:
    from framing.codebook import Condition, Entry, Frame
    from framing.report.study import Study

#: Words of a condition that are shown.
_MOST_TERMS = 12
_KINDS = ("any", "state", "bloc", "organisation")


def conditions_of(frame: Frame, entry: Entry | None) -> Iterator[tuple[Condition, bool]]:
    """Yield the conditions of an entry and of its frame, and whether each is wanted or unwanted."""
    for owner in (entry, frame):
        if owner is not None:
            yield from ((condition, True) for condition in owner.requires)
            yield from ((condition, False) for condition in owner.unless)


def worded(study: Study, condition: Condition, *, wanted: bool) -> Markup:
    """Return a condition in the words of the interface."""
    t = study.t
    what: list[Markup] = []
    if condition.actor:
        names = [t(f"condition.kind.{id}") if id in _KINDS else study.actor(id) for id in condition.actor]
        either = t("condition.or").join(names)
        if condition.nearest:
            what.append(t("condition.nearest", what=either))
        elif condition.count > 1:
            what.append(t("condition.several", count=condition.count, what=either))
        else:
            what.append(either)
    for group, terms in (("entry", condition.entry), ("term", condition.term)):
        if terms:
            more = [Markup("…")] if len(terms) > _MOST_TERMS else []
            shown = t("condition.or").join([t.name(term) for term in terms[:_MOST_TERMS]] + more)
            what.append(t(f"condition.{group}", what=shown))
    words = condition.within if isinstance(condition.within, int) else None
    where = t("condition.within", n=words) if words is not None else t(f"condition.in.{condition.within}")
    side = Markup("") if condition.side == "either" else t(f"condition.side.{condition.side}")
    return t(
        "condition.wanted" if wanted else "condition.unwanted",
        what=t("condition.or").join(what),
        where=where,
        side=side,
    )


def reason_of(study: Study, frame: Frame | None, entry: Entry | None, reason: str) -> Markup:
    """Return why a hit was cancelled, in the words of the interface where they are known."""
    if frame is not None:
        for condition, wanted in conditions_of(frame, entry):
            if in_words(condition, wanted=wanted) == reason:
                return study.t(
                    "condition.missing" if wanted else "condition.present", what=worded(study, condition, wanted=wanted)
                )
    return study.t.name(reason)
