"""What a check of a codebook finds."""

from __future__ import annotations

import dataclasses

LEVELS = ("error", "warning", "note")


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One finding: how bad it is, its kind, where, and what exactly."""

    level: str
    problem: str
    frame: str
    entry: str
    detail: str
