"""The geometry of the page's small charts: values on a scale, as percentages of a cell's width.

The charts are drawn by templates as SVG without text of their own: the numbers stand beside them, in the
same row, so that nothing is known only to those who see the picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

#: Room at both ends of a scale, in percent, for half a mark.
_INSET = 2.0


class Scale:
    """A scale from `low` to `high`, widened to round numbers, with its ticks.

    Examples
    --------
    >>> scale = Scale(0, 46)
    >>> scale.ticks, scale.at(25)
    ((0.0, 10.0, 20.0, 30.0, 40.0, 50.0), 50.0)
    """

    def __init__(self, low: float, high: float, *, ticks: Sequence[float] | None = None) -> None:
        if ticks is None:
            step = _step(high - low)
            first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
            ticks = [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]
        self.ticks = tuple(float(tick) for tick in ticks)
        self.low, self.high = self.ticks[0], self.ticks[-1]

    @property
    def digits(self) -> int:
        """Decimals that the ticks need."""
        return max(0, -math.floor(math.log10(self.ticks[1] - self.ticks[0]) + 1e-9))

    def at(self, value: float) -> float:
        """Return the place of a value, in percent of the width."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return round(_INSET + share * (100 - 2 * _INSET), 2)

    def span(self, low: float, high: float) -> tuple[float, float] | None:
        """Return the places of both bounds, or None where one is missing."""
        return None if math.isnan(low) or math.isnan(high) else (self.at(low), self.at(high))

    @property
    def marks(self) -> list[tuple[float, float]]:
        """Place and value of each tick."""
        return [(self.at(tick), tick) for tick in self.ticks]


def _step(span: float) -> float:
    """Return a step of 1, 2 or 5 times a power of ten that gives about five ticks."""
    rough = max(span, 1e-9) / 5
    power = 10 ** math.floor(math.log10(rough))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= rough * (1 - 1e-9)))


def reaching(values: Iterable[float], *, least: float = 1.0) -> Scale:
    """Return a scale from 0 that holds every value that is not missing."""
    known = [value for value in values if not math.isnan(value)]
    return Scale(0, max([least, *known]))


def thinned(values: Sequence[float], most: int = 400) -> list[float]:
    """Return at most `most` of the sorted values, evenly by rank, the least and the greatest among them."""
    ordered = sorted(value for value in values if not math.isnan(value))
    if len(ordered) <= most:
        return ordered
    return [ordered[round(number * (len(ordered) - 1) / (most - 1))] for number in range(most)]


def stacked(counts: Sequence[float], total: float, *, mirrored: bool = False) -> list[tuple[float, float]]:
    """Return begin and width, in percent, of the parts of a bar; `mirrored` begins on the right.

    >>> stacked([1, 3], 8), stacked([1, 3], 8, mirrored=True)
    ([(0.0, 12.5), (12.5, 37.5)], [(87.5, 12.5), (50.0, 37.5)])
    """
    found, at = [], 0.0
    for count in counts:
        width = 100 * count / total if total else 0.0
        found.append((round(100 - at - width if mirrored else at, 2), round(width, 2)))
        at += width
    return found
