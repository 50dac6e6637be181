"""A data frame that prints the way a reader of results wants it: rounded, with each interval beside its value."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any

import pandas as pd

#: Columns that are not rounded like measurements.
_PROBABILITIES = ("p", "p_adjusted", "p_permutation", "p_without")


class Shared(dict[str, Any]):
    """Plain data in `DataFrame.attrs` that pandas hands on without copying it at every step.

    Never changed after it was made.
    """

    def __deepcopy__(self, _memory: object) -> Shared:
        return self


class Table(pd.DataFrame):
    r"""A tidy table of results: a `DataFrame` in every respect, except that it prints well.

    In a notebook and in LaTeX, ``value, low, high`` become one cell, figures are rounded and missing
    values are a dash. The data themselves stay as they are: `to_csv`, indexing and arithmetic see full
    precision.

    Examples
    --------
    >>> table = Table({"frame": ["cold_war"], "rate": [8.379], "low": [0.2], "high": [18.67], "p": [0.0004]})
    >>> table.readable()
          frame              rate       p
    0  cold war  8.4 (0.2 to 18.7)  <.001
    >>> print(table.to_latex(caption="Rates.", label="tab:rates").splitlines()[3])
    \begin{tabular}{lll}
    """

    @property
    def _constructor(self) -> type[Table]:
        return Table

    def readable(self) -> pd.DataFrame:
        """Return the table as text for people, one column per figure with its interval."""
        folded = _bounds([str(name) for name in self.columns])
        inside = {bound for pair in folded.values() for bound in pair}
        text = {}
        for name in map(str, self.columns):
            if name in inside:
                continue
            values = self[name].tolist()
            if name in folded:
                low, high = (self[bound].tolist() for bound in folded[name])
                digits = _digits([*values, *low, *high])
                text[name] = [_with_interval(*row, digits) for row in zip(values, low, high, strict=True)]
            elif name in _PROBABILITIES:
                text[name] = [_probability(value) for value in values]
            else:
                digits = _digits(values)
                text[name] = [_cell(value, digits) for value in values]
        for name in {"frame", "other", "frames"} & set(text):
            text[name] = [value.replace("_", " ") for value in text[name]]
        return pd.DataFrame(text, index=self.index, columns=list(text))

    def _repr_html_(self) -> str:
        shown = self.readable()
        caption = self.attrs.get("caption")
        more = f"<p>… and {len(shown) - 60:,} more rows</p>" if len(shown) > 60 else ""
        body = shown.head(60).to_html(index=False, border=0)
        title = f"<p><b>{html.escape(str(caption))}</b></p>" if caption else ""
        return f"{title}{body}{more}"

    def to_latex(self, buf: Any = None, *, caption: str | None = None, label: str | None = None, **options: Any) -> Any:  # type: ignore[override]
        """Return (or write to `buf`) a LaTeX table with booktabs rules, readable cells and a caption.

        `options` go to `DataFrame.to_latex`; ``index`` is False and ``escape`` True unless said otherwise.
        """
        options = {"index": False, "escape": True, "position": "tbp", **options}
        caption = caption if caption is not None else self.attrs.get("caption")
        return self.readable().to_latex(buf, caption=caption, label=label, **options)


def _bounds(names: list[str]) -> dict[str, tuple[str, str]]:
    """Say which columns are the bounds of which: `x_low, x_high` of `x`, plain `low, high` of the column before."""
    found = {name: (f"{name}_low", f"{name}_high") for name in names if {f"{name}_low", f"{name}_high"} <= set(names)}
    if {"low", "high"} <= set(names) and names.index("low") > 0:
        found[names[names.index("low") - 1]] = ("low", "high")
    return found


def _numbers(values: Iterable[Any]) -> list[float]:
    return [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool) and not _missing(v)]


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)  # noqa: PLR0124


def _digits(values: Iterable[Any]) -> int:
    """Return how many decimals a column of numbers needs: three significant digits of its largest."""
    numbers = [abs(value) for value in _numbers(values) if abs(value) != float("inf")]
    if not numbers or all(value == int(value) for value in numbers):
        return 0
    largest = max(numbers)
    return 1 if largest >= 10 else 2 if largest >= 1 else 3


def _cell(value: Any, digits: int) -> str:
    if _missing(value):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:,.{digits}f}" if isinstance(value, int | float) else str(value)


def _with_interval(value: Any, low: Any, high: Any, digits: int) -> str:
    shown = _cell(value, digits)
    if _missing(value) or (_missing(low) and _missing(high)):
        return shown
    return f"{shown} ({_cell(low, digits)} to {_cell(high, digits)})"


def _probability(value: Any) -> str:
    """Write a p value as journals do.

    >>> _probability(0.0312), _probability(0.0001), _probability(1.0)
    ('.031', '<.001', '1.000')
    """
    if _missing(value):
        return "–"
    return "<.001" if value < 0.001 else f"{value:.3f}".removeprefix("0")
