"""Rebuilding the figures of a project from its notebooks, and checking those that lie there."""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from framing import progress
from framing.errors import FramingError
from framing.plot.inputs import Reader, code_of

#: A notebook of the set begins with its number: ``04-how-does-the-article-compare.ipynb``.
_NOTEBOOKS = "[0-9][0-9]-*.ipynb"
_ENDINGS = ("png", "svg", "json")


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """One executed notebook: its file, how long it took, and what went wrong (None: nothing)."""

    notebook: Path
    seconds: float
    error: str | None


def project(start: str | Path = ".") -> Path:
    """Return the folder that has ``notebooks/``, here or above.

    Raises
    ------
    FramingError
        When there is none.
    """
    here = Path(start).resolve()
    for folder in (here, *here.parents):
        if notebooks(folder):
            return folder
    message = f"{here}: no folder notebooks/ with numbered notebooks here or above; run this inside the project"
    raise FramingError(message)


def notebooks(root: Path) -> list[Path]:
    """Return the numbered notebooks of a project, in their order."""
    return sorted((root / "notebooks").glob(_NOTEBOOKS))


def rebuild(
    root: str | Path = ".",
    *,
    only: Sequence[str] = (),
    executed: str | Path | None = None,
    timeout: int = 600,
    report: Callable[[Run], None] | None = None,
) -> list[Run]:
    """Execute the notebooks, each in a kernel of its own; they save their figures.

    Parameters
    ----------
    root : str or Path
        The project, or a folder inside it.
    only : sequence of str
        Numbers, or beginnings of names, of the notebooks to run; by default all.
    executed : str or Path, optional
        Folder for the executed copies. The notebooks themselves stay as they are, without outputs.
    timeout : int
        Seconds for one cell.
    report : callable, optional
        Called with each `Run` as soon as it is over.

    Returns
    -------
    list of Run
        A notebook that fails is named with its error, and the others go on.

    Raises
    ------
    FramingError
        When no notebook is meant, or what executes notebooks is not installed.
    """
    top = project(root)
    known = notebooks(top)
    wanted = [each for each in known if not only or each.name.startswith(tuple(only))]
    if not wanted:
        message = f"no notebook begins with {', '.join(only)}; there are {', '.join(each.stem for each in known)}"
        raise FramingError(message)
    (top / "figures").mkdir(exist_ok=True)  # the notebooks save where this folder is
    runs = []
    with progress.bar(wanted, what="notebooks", unit="notebooks") as bar:
        for notebook in bar:
            bar.set_postfix_str(notebook.stem)
            run = execute(notebook, executed=executed, timeout=timeout)
            runs.append(run)
            if report is not None:
                report(run)
    return runs


def execute(notebook: Path, *, executed: str | Path | None = None, timeout: int = 600) -> Run:
    """Execute one notebook in a clean kernel, its own folder being the current one.

    Nobody watches, so progress bars are hidden, unless ``TQDM_DISABLE`` is set to something else.
    """
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    except ImportError:
        message = "executing notebooks needs nbclient and nbformat: pip install nbclient nbformat"
        raise FramingError(message) from None
    began = time.perf_counter()
    book: Any = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        book, timeout=timeout, kernel_name="python3", resources={"metadata": {"path": str(notebook.parent)}}
    )
    error = None
    try:
        client.execute(
            env={"TQDM_DISABLE": "1", **os.environ},
            stderr=subprocess.DEVNULL,  # what a kernel says about itself
        )
    except CellExecutionError as failed:
        error = f"{failed.ename}: {failed.evalue}".strip().splitlines()[0]
    except (CellTimeoutError, DeadKernelError) as failed:
        error = str(failed).strip().splitlines()[0]
    if executed is not None:
        Path(executed).mkdir(parents=True, exist_ok=True)
        nbformat.write(book, Path(executed) / notebook.name)  # type: ignore[no-untyped-call]
    return Run(notebook, time.perf_counter() - began, error)


def check(root: str | Path = ".") -> list[str]:
    """Say what is wrong with the figures that lie in ``figures/``; nothing is executed.

    Parameters
    ----------
    root : str or Path
        The project, or a folder inside it.

    Returns
    -------
    list of str
        One sentence per fault: a file that is not what its sidecar's SHA-256 says, a PNG, SVG or sidecar that
        is missing, a sidecar that cannot be read or lacks alt text or caption, a figure that was made with another
        codebook or from other texts than its notebook reads now (where the sidecar has their hashes), a figure that
        no notebook makes, a figure that a notebook makes and that is not there. Empty when all is well.
    """
    top = project(root)
    folder = top / "figures"
    made = {name: notebook.name for notebook in notebooks(top) for name in names(notebook)}
    there = sorted(
        {file.stem for file in folder.iterdir() if file.suffix[1:] in _ENDINGS and not file.name.startswith(".")}
        if folder.is_dir()
        else set()
    )
    faults = [fault for name in there for fault in _faults(folder, name)]
    reader = Reader(top)
    for notebook in notebooks(top):
        mine = {name: facts for name in names(notebook) if (facts := _provenance(folder, name))}
        if mine:
            inputs = reader.inputs(notebook)
            for name, facts in mine.items():
                faults += [f"{name}: {what}" for what in dict.fromkeys(inputs.changed(facts))]
    faults += [
        f"{name}: no notebook makes this figure; delete it, or save it from a notebook"
        for name in there
        if name not in made
    ]
    faults += [
        f"{name}: {notebook} makes this figure, but it is not in figures/; run `framing figures`"
        for name, notebook in sorted(made.items())
        if name not in there
    ]
    return faults


def _faults(folder: Path, name: str) -> Iterator[str]:
    for ending in _ENDINGS:
        if not (folder / f"{name}.{ending}").is_file():
            yield f"{name}: {name}.{ending} is missing; run `framing figures`"
    sidecar = folder / f"{name}.json"
    if not sidecar.is_file():
        return
    try:
        facts = json.loads(sidecar.read_text(encoding="utf-8"))
        hashes = dict(facts["sha256"])
    except (ValueError, KeyError, TypeError):
        yield f"{name}: {name}.json is not a sidecar that fr.plot.save wrote; run `framing figures`"
        return
    for field in ("alt", "caption"):
        if not str(facts.get(field, "")).strip():
            yield f"{name}: {name}.json has no {field}"
    for ending in ("png", "svg"):
        file = folder / f"{name}.{ending}"
        if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() != hashes.get(ending):
            yield f"{name}: {name}.{ending} is not the file that its sidecar describes; run `framing figures`"


def _provenance(folder: Path, name: str) -> Any:
    """Return the provenance in a figure's sidecar, None where there is none to read."""
    try:
        return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["provenance"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def names(notebook: Path) -> list[str]:
    """Return the figures that a notebook saves, as its code names them.

    >>> import json, pathlib, tempfile
    >>> cell = {"cell_type": "code", "source": ["fr.plot.save(ax, 'topics', alt=a, caption=c)"]}
    >>> path = pathlib.Path(tempfile.mkdtemp(), "01-a.ipynb")
    >>> _ = path.write_text(json.dumps({"cells": [cell]}), "utf-8")
    >>> names(path)
    ['topics']
    """
    calls = (node for tree, _ in code_of(notebook) for node in ast.walk(tree) if isinstance(node, ast.Call))
    return list(dict.fromkeys(name for call in calls if (name := _saved(call)) is not None))


def _saved(call: ast.Call) -> str | None:
    """Return the name that a call of ``fr.plot.save`` saves under, None for other calls."""
    if not (isinstance(call.func, ast.Attribute) and ast.unparse(call.func).endswith("plot.save")):
        return None
    given = [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "name")]
    return str(given[0].value) if given and isinstance(given[0], ast.Constant) else None
