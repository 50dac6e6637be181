"""Saving a figure with everything that is needed to trust and rebuild it."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing import provenance
from framing.errors import FramingError
from framing.files import replacing

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def save(
    ax: Axes,
    name: str,
    *,
    alt: str,
    caption: str,
    data: pd.DataFrame | None = None,
    folder: str | Path = "figures",
) -> Path:
    """Write a figure as PNG (300 dpi) and SVG, with a JSON sidecar.

    Parameters
    ----------
    ax : Axes
        As the plot functions return it; its whole figure is saved.
    name : str
        File name without ending.
    alt : str
        Text for those who do not see the figure: what it shows, in a sentence or two.
    caption : str
    data : DataFrame, optional
        The table behind the figure; by default the one that the plot function was given.
    folder : str or Path
        Made when it is missing. Inside a notebook of a project, the ``figures/`` beside ``notebooks/``. The environment
        variable FRAMING_FIGURES names another default: notebooks set it to ``figures/own`` for texts of your own.

    Returns
    -------
    Path
        The PNG. Beside it lie ``name.svg`` and ``name.json`` (caption, alt text, data, provenance, and the
        SHA-256 of both images). The SVG is the same to the byte for the same data and versions.

    Examples
    --------
    >>> import tempfile, matplotlib.pyplot as plt
    >>> _, ax = plt.subplots()
    >>> save(ax, "empty", alt="Nothing yet.", caption="Nothing.", folder=tempfile.mkdtemp()).name
    'empty.png'
    """
    if not alt.strip() or not caption.strip():
        message = f"figure {name!r}: alt text and caption are needed; say what a reader would see, and what it means"
        raise FramingError(message)
    if "/" in name or "\\" in name or name.startswith(".") or not name:
        message = f"{name!r} is not a file name; the folder goes into folder="
        raise FramingError(message)
    place = figures_folder(folder)
    place.mkdir(parents=True, exist_ok=True)
    figure = ax.get_figure(root=True)
    assert figure is not None
    table = data if data is not None else getattr(ax, "framing_data", None)
    written = {}
    from framing.plot.style import house_style

    with house_style():
        for ending, options in (
            ("png", {"dpi": 300, "metadata": {"Software": None}}),
            ("svg", {"metadata": {"Date": None}}),
        ):
            with replacing(place / f"{name}.{ending}", "wb") as file:
                figure.savefig(file, format=ending, **options)
            written[ending] = hashlib.sha256((place / f"{name}.{ending}").read_bytes()).hexdigest()
    sidecar = {
        "name": name,
        "caption": caption,
        "alt": alt,
        "sha256": written,
        "data": _rows(table),
        "provenance": _plain({**provenance.record(), **getattr(table, "attrs", {}).get("provenance", {})}),
    }
    with replacing(place / f"{name}.json") as file:
        file.write(json.dumps(sidecar, ensure_ascii=False, indent=1) + "\n")
    return place / f"{name}.png"


def figures_folder(folder: str | Path = "figures") -> Path:
    """Return where figures go: `folder`, or from inside ``notebooks/`` the one beside it."""
    folder = Path(folder)
    if folder == Path("figures"):
        folder = Path(os.environ.get("FRAMING_FIGURES") or folder)
    if folder.is_absolute() or folder != Path("figures"):
        return folder
    for parent in (Path.cwd(), *Path.cwd().parents):
        if (parent / "notebooks").is_dir() and (parent / "figures").is_dir():
            return parent / "figures"
    return folder


def _rows(table: Any) -> list[dict[str, Any]] | None:
    if table is None:
        return None
    rows: list[dict[str, Any]] = json.loads(
        table.to_json(orient="records", force_ascii=False, double_precision=6, date_format="iso")
    )
    return rows


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
