"""Lists of stories: addresses with what is known of them, as Media Cloud, GDELT and users' own tables give them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.collect.readers import name_columns
from framing.corpus.tables import TABLES, read_dicts
from framing.corpus.textfile import read_text
from framing.errors import FramingError, choices

if TYPE_CHECKING:
    import pandas as pd


@dataclasses.dataclass(frozen=True, slots=True)
class Story:
    """The address of a page, and what a list says about it."""

    url: str
    metadata: Mapping[str, Any]


def read_stories(addresses: str | Path | Iterable[str] | pd.DataFrame) -> list[Story]:
    """Return the stories of a list: addresses, a text file of addresses, or a table with a column of addresses.

    >>> read_stories(["https://example.org/a"])
    [Story(url='https://example.org/a', metadata={})]
    """
    if hasattr(addresses, "to_dict"):
        table: Any = addresses
        return _stories(table.astype(object).where(table.notna(), None).to_dict("records"), "the table")
    if isinstance(addresses, str) and addresses.strip().lower().startswith(("http://", "https://")):
        return [Story(addresses, {})]
    if isinstance(addresses, str | Path):
        return _from_file(Path(addresses))
    found = [Story(str(address), {}) for address in addresses]
    if not found:
        message = "no addresses were given"
        raise FramingError(message)
    return found


def _from_file(path: Path) -> list[Story]:
    if not path.is_file():
        message = f"{str(path).replace(':/', '://', 1)!r}: neither the address of a web page nor a file that lists some"
        raise FramingError(message)
    if path.suffix.lower() in TABLES:
        return _stories(list(read_dicts(path)), str(path))
    lines = (line.strip() for line in read_text(path).splitlines())
    found = [Story(line, {}) for line in lines if line and not line.startswith("#")]
    if not found:
        message = f"{path}: no address in it; write one on each line"
        raise FramingError(message)
    return found


def _stories(rows: list[Any], where: str) -> list[Story]:
    found = []
    for row in rows:
        named = name_columns({str(name): value for name, value in row.items() if value is not None}, {})
        url = named.pop("url", None)
        if url:
            named.pop("text", None)
            named["list_id"] = named.pop("id", None)
            found.append(Story(str(url), {name: value for name, value in named.items() if value not in (None, "")}))
    if not found:
        columns = choices(list(rows[0])[:12]) if rows else "none"
        message = f"{where}: no column of addresses (url, link); its columns: {columns}"
        raise FramingError(message)
    return found
