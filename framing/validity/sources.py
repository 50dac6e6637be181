"""Sources: the files that hold what people coded, and who reads each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from framing.errors import FramingError, choices
from framing.validity import csvfile, inception, label_studio, workbook

if TYPE_CHECKING:
    from framing.validity.cells import RawSheet

#: What `fr.read_coding_sheet` reads: a file or folder, several, or a file per coder.
Sources = str | Path | Sequence[str | Path] | Mapping[str, str | Path]
_READERS: Mapping[str, Callable[[Path], RawSheet]] = {
    ".xlsx": workbook.read,
    ".xlsm": workbook.read,
    ".csv": csvfile.read,
    ".txt": csvfile.read,
    ".json": label_studio.read,
    ".tsv": lambda path: inception.read(path) if _is_webanno(path) else csvfile.read(path),
}
_NOT_SHEETS = frozenset(("design.csv", "design.json", inception.LAYER_FILE))


def files_of(path: Sources) -> list[tuple[str | None, Path]]:
    """Return pairs of coder (where given) and file."""
    if isinstance(path, Mapping):
        pairs: list[tuple[str | None, Path]] = [(str(coder), Path(file)) for coder, file in path.items()]
    else:
        paths = [Path(path)] if isinstance(path, str | Path) else [Path(p) for p in path]
        pairs = [(None, file) for p in paths for file in (sorted(_in_folder(p)) if p.is_dir() else [p])]
    if not pairs:
        message = "no file to read: give at least one sheet"
        raise FramingError(message)
    gone = next((file for _, file in pairs if not file.exists()), None)
    if gone is not None:
        message = f"{gone}: no such file"
        raise FramingError(message)
    twice = sorted({str(f) for _, f in pairs if sum(f.resolve() == g.resolve() for _, g in pairs) > 1})
    if twice:
        message = f"{twice[0]} is given twice; each file is the work of one coder"
        raise FramingError(message)
    return pairs


def _in_folder(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder that can be sheets: not the design, not the temporary files of an office program."""
    files = [
        f
        for f in folder.iterdir()
        if f.suffix.lower() in _READERS and f.name not in _NOT_SHEETS and f.name[:1] not in "~."
    ]
    if not files:
        message = f"{folder}: no coding sheet in this folder; sheets end in {choices(_READERS)}"
        raise FramingError(message)
    yield from files


def read(path: Path) -> RawSheet:
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        message = (
            f"{path}: sheets are read from {choices(_READERS)}; open it in the program that made it and "
            "save it as .xlsx or .csv"
        )
        raise FramingError(message)
    return reader(path)


def _is_webanno(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(64).removeprefix(b"\xef\xbb\xbf").startswith(b"#FORMAT=WebAnno")
    except OSError:
        return False


def coder_of(file: str) -> str:
    """Return the coder that a file name tells: ``sheet-amal.inception.tsv`` is amal's."""
    stem = re.sub(r"\.(?:inception|label-studio)$", "", Path(file).stem)
    return stem.removeprefix("sheet-")
