"""The bar that work of more than two seconds shows: one look, and one way to do without."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable
from typing import Any


def bar(
    items: Iterable[Any] | None = None, *, what: str, unit: str, total: int | None = None, delay: float = 2, **look: Any
) -> Any:
    """Return a progress bar of tqdm around `items`, or one to be moved by hand to `total`.

    Parameters
    ----------
    items : iterable, optional
        What is gone through.
    what, unit : str
        What is being done, and what is counted.
    total : int, optional
        Number of units, where `items` does not tell.
    delay : float
        Seconds before the bar appears.
    **look
        Further options of tqdm, such as ``initial`` or ``unit_scale``.

    Returns
    -------
    tqdm.auto.tqdm
        Iterable and context manager. Nothing is shown where the environment variable ``TQDM_DISABLE`` is set (in a
        notebook tqdm itself does not heed it, and what a notebook shows would depend on how busy the machine is),
        nor in a process that another one started, which shows its own.

    Examples
    --------
    >>> sum(bar([1, 2, 3], what="adding", unit="number"))
    6
    """
    from tqdm.auto import tqdm

    hidden = os.environ.get("TQDM_DISABLE", "").casefold() not in {"", "0", "false"}
    hidden = hidden or multiprocessing.parent_process() is not None
    unit = unit if look.get("unit_scale") else f" {unit}"
    return tqdm(items, desc=what, unit=unit, total=total, delay=delay, leave=False, disable=hidden, **look)
