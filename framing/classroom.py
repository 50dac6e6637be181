"""Exercises for a class: from the instructor's notebook to the one that students get.

An exercise carries nbgrader's fences and cell metadata. What students get has stubs in place of the
solutions, no hidden tests, no outputs, and cells that cannot be deleted. Where nbgrader is installed
(the extra ``classroom``) its own preprocessors do it, otherwise the same rules written out here; both
give the same notebook. ``python -m framing.classroom`` is behind ``make exercises``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.errors import FramingError

if TYPE_CHECKING:
    from nbformat import NotebookNode

SOLUTION = ("BEGIN SOLUTION", "END SOLUTION")
HIDDEN = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
#: What stands in place of a solution; nbgrader's own words.
CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
TEXT_STUB = ("YOUR ANSWER HERE",)

_NEEDED = ("grade", "grade_id", "locked", "schema_version", "solution")


def student_version(notebook: NotebookNode, *, name: str = "notebook") -> NotebookNode:
    r"""Return what students get of an exercise; `notebook` stays as it is.

    Parameters
    ----------
    notebook : NotebookNode
        As ``nbformat.read(path, as_version=4)`` returns it.
    name : str
        What to call it in an error message.

    Returns
    -------
    NotebookNode
        Fenced solutions are replaced by a stub, at the indentation of the fence; a solution cell without
        a fence becomes a stub as a whole. Hidden tests and outputs are gone. Solution and test cells
        cannot be deleted, test cells not be edited.

    Raises
    ------
    FramingError
        When a fence is open, nested, or in a cell that is not marked for it, when marks are incomplete,
        or when two cells have one `grade_id`.

    Examples
    --------
    >>> import nbformat
    >>> cell = nbformat.v4.new_code_cell("def two():\n    ### BEGIN SOLUTION\n    return 2\n    ### END SOLUTION")
    >>> marks = {"grade": False, "grade_id": "two", "locked": False, "schema_version": 3, "solution": True}
    >>> cell.metadata["nbgrader"] = marks
    >>> print(student_version(nbformat.v4.new_notebook(cells=[cell])).cells[0].source)
    def two():
        # YOUR CODE HERE
        raise NotImplementedError()
    """
    import copy

    check(notebook, name=name)
    student = copy.deepcopy(notebook)
    return _by_nbgrader(student) if _nbgrader_is_here() else _by_hand(student)


def check(notebook: NotebookNode, *, name: str = "notebook") -> None:
    """Raise when a notebook's fences or nbgrader metadata would not survive grading."""
    seen: set[str] = set()
    for number, cell in enumerate(notebook.cells):
        marks = cell.metadata.get("nbgrader", {})
        grade_id = str(marks.get("grade_id", ""))
        where = f"{name}, cell {number}" + (f" ({grade_id})" if grade_id else "")
        for fence, kind, flag in ((SOLUTION, "solution", "solution"), (HIDDEN, "hidden test", "grade")):
            lines = _fenced(cell.source, fence, where)
            if lines and not marks.get(flag):
                message = (
                    f"{where}: a {kind} fence in a cell that is not marked so; set {flag!r} in its nbgrader metadata"
                )
                raise FramingError(message)
        if marks:
            _check_marks(marks, where, seen)


def _check_marks(marks: Any, where: str, seen: set[str]) -> None:
    missing = [key for key in _NEEDED if key not in marks]
    if marks.get("grade") and "points" not in marks:
        missing.append("points")
    if missing:
        message = f"{where}: nbgrader metadata lacks {', '.join(missing)}"
        raise FramingError(message)
    if marks["schema_version"] != 3:
        message = f"{where}: nbgrader schema_version is {marks['schema_version']}, not 3; run `nbgrader update` on it"
        raise FramingError(message)
    if not marks["grade_id"] or marks["grade_id"] in seen:
        message = f"{where}: every marked cell needs a grade_id of its own"
        raise FramingError(message)
    seen.add(marks["grade_id"])


def _fenced(source: str, fence: tuple[str, str], where: str) -> set[int]:
    """Return the numbers of the lines from an opening fence to its closing one, both included."""
    begin, end = fence
    inside, found = False, set()
    for number, line in enumerate(source.split("\n")):
        if begin in line:
            if inside:
                message = f"{where}: '{begin}' inside another; close the first by '### {end}'"
                raise FramingError(message)
            inside = True
        elif end in line and not inside:
            message = f"{where}: '{end}' without '### {begin}' before it"
            raise FramingError(message)
        if inside:
            found.add(number)
        if end in line:
            inside = False
    if inside:
        message = f"{where}: '{begin}' is never closed; add '### {end}'"
        raise FramingError(message)
    return found


# The two ways, which give the same --------------------------------------------------------------


def _nbgrader_is_here() -> bool:
    import importlib.util

    return importlib.util.find_spec("nbgrader") is not None


def _by_nbgrader(notebook: NotebookNode) -> NotebookNode:
    from nbgrader.preprocessors import ClearHiddenTests, ClearOutput, ClearSolutions, LockCells

    for step in (LockCells, ClearSolutions, ClearOutput, ClearHiddenTests):
        notebook, _ = step().preprocess(notebook, {})
    return notebook


def _by_hand(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution") or marks.get("grade") or marks.get("locked"):
            cell.metadata["deletable"] = False
            if not marks.get("solution"):
                cell.metadata["editable"] = False
        cell.source = _without(cell.source, HIDDEN)
        if marks.get("solution"):
            stub = CODE_STUB if cell.cell_type == "code" else TEXT_STUB
            fenced = any(SOLUTION[0] in line for line in cell.source.split("\n"))
            cell.source = _without(cell.source, SOLUTION, stub) if fenced else "\n".join(stub)
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            for key in ("collapsed", "scrolled"):
                cell.metadata.pop(key, None)
    notebook.metadata.pop("celltoolbar", None)
    return notebook


def _without(source: str, fence: tuple[str, str], stub: Sequence[str] = ()) -> str:
    """Return `source` without what is fenced, `stub` in its place at the fence's indentation."""
    lines: list[str] = []
    inside = False
    for line in source.split("\n"):
        if fence[0] in line:
            inside = True
            indent = re.match(r"\s*", line)
            lines += [(indent.group() if indent else "") + part for part in stub]
        elif fence[1] in line:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


# A folder of them -------------------------------------------------------------------------------


def build(source: str | Path, out: str | Path, *, corpora: str | Path | None = None) -> list[Path]:
    """Write the student versions of all exercises in a folder, with the data files that they read.

    Parameters
    ----------
    source : str or Path
        The folder of the instructor's notebooks. Its CSV files go along; teacher's pages stay.
    out : str or Path
        Made when it is missing. A notebook there in which somebody has worked is kept, under the name
        ``….before-1.ipynb``.
    corpora : str or Path, optional
        A folder to put beside the notebooks as ``corpora/``, so that `out` can be handed out as it is.

    Returns
    -------
    list of Path
        The notebooks written, in alphabetical order.
    """
    import shutil

    import nbformat

    source, out = Path(source), Path(out)
    if source.resolve() == out.resolve():
        message = f"{out} is the folder of the instructor's notebooks; give another one for the students'"
        raise FramingError(message)
    notebooks = sorted(path for path in source.glob("*.ipynb") if not path.name.startswith("."))
    if not notebooks:
        message = f"{source} has no notebooks; give the folder of the exercises, notebooks/exercises"
        raise FramingError(message)
    students = {path.name: student_version(_read(path), name=path.name) for path in notebooks}
    out.mkdir(parents=True, exist_ok=True)
    for name, student in students.items():
        _keep_work(out / name, student)
        nbformat.write(student, out / name)  # type: ignore[no-untyped-call]
    for path in sorted(source.glob("*.csv")):
        shutil.copyfile(path, out / path.name)
    if corpora is not None:
        shutil.copytree(corpora, out / "corpora", dirs_exist_ok=True)
    return [out / name for name in students]


def _read(path: Path) -> NotebookNode:
    import nbformat

    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except ValueError as error:  # not JSON, or not a notebook
        message = f"{path} cannot be read as a notebook: {str(error).splitlines()[0]}"
        raise FramingError(message) from error
    return notebook


def _keep_work(path: Path, student: NotebookNode) -> None:
    """Move an existing notebook aside when its cells are not those that are about to be written."""
    if not path.exists():
        return
    try:
        same = [cell.source for cell in _read(path).cells] == [cell.source for cell in student.cells]
    except FramingError:
        same = False
    if not same:
        number = 1
        while (aside := path.with_name(f"{path.stem}.before-{number}.ipynb")).exists():
            number += 1
        path.rename(aside)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the student versions; return the exit code."""
    import argparse
    import sys

    parser = argparse.ArgumentParser(prog="python -m framing.classroom", description="Build the students' exercises.")
    parser.add_argument("--source", default="notebooks/exercises", help="instructor's notebooks (default: %(default)s)")
    parser.add_argument("--out", default="build/exercises", help="where the students' go (default: %(default)s)")
    parser.add_argument("--corpora", default="corpora", help="put beside them, '' for none (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        written = build(options.source, options.out, corpora=options.corpora or None)
    except (FramingError, OSError) as error:
        print(f"exercises: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    for path in written:
        print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
