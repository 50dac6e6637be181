"""The exercises: their form, the students' versions, that solutions pass and that common mistakes do not."""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import itertools
import json
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import framing as fr
from framing import classroom
from framing.classroom import CODE_STUB, build, check, main, student_version
from framing.errors import FramingError
from framing.plot import figures

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks" / "exercises"
EXERCISES = sorted(FOLDER.glob("*.ipynb"))
ARABIC = re.compile(r"[\u0600-\u06FF]")

#: Exercise → what its solutions or the teacher's page say, and what the solved notebook shows then.
CLAIMS = {
    "01": {
        "More than half of the alliance words are not the narrator's": r"alliance: [34]\d% of the hits",
        "US pressure is told by the narrator alone": r"us_pressure: 100% of the hits",
    },
    "02": {"36 found inside words, 22 by lemma": r"debt +2 +2 +36 +22"},
    "03": {"Sentence 11 stays wrong": r"wrongly found \[11\], missed \[\]"},
    "04": {
        "The two earlier coders reach .95 on the whole corpus": r"us_pressure +800 +0\.95",
        "and about .5 here": r"coder-a, coder-b +30 +0\.5",
    },
    "05": {
        "10.5 alliance hits per 1,000 words more": r"alliance +60 +10\.5[0-4]",
        "permutation p = .001": r"alliance \{.*'volga-arabic': 0\.001",
        "The naive difference changes its sign": r"events chosen: naive -\d.*within events \+",
    },
    # coherence is highest where exclusivity is lowest
    "06": {"the columns do not agree on a k": r" 4 +0\.0\d +0\.7[5-9] .*\n 8 .*\n16 +0\.1\d +0\.[0-6]\d"},
}

each_exercise = pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem[:2])


def read(path: Path):
    return nbformat.read(path, as_version=4)


def marks(cell) -> dict:
    return cell.metadata.get("nbgrader", {})


def parts(source: str) -> tuple[str, str]:
    """Return the visible and the hidden lines of a test cell."""
    visible, hidden, inside = [], [], False
    for line in source.split("\n"):
        if "HIDDEN TESTS" in line:
            inside = "BEGIN" in line
        else:
            (hidden if inside else visible).append(line)
    return "\n".join(visible), "\n".join(hidden)


def asserts(source: str) -> list[ast.Assert]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert)]


# --- their form ---------------------------------------------------------------------------------------------


def test_there_are_six_and_the_teacher_knows_them_all():
    assert [path.stem for path in EXERCISES] == [
        "01-read-a-frame-by-hand",
        "02-what-does-normalisation-lose",
        "03-write-an-entry-and-break-it",
        "04-code-thirty-sentences",
        "05-same-event-six-outlets",
        "06-how-many-topics",
    ]
    page = (FOLDER / "TEACHING.md").read_text("utf-8")
    for path in EXERCISES:
        assert path.stem in page
        for cell in read(path).cells:
            if marks(cell).get("grade") and marks(cell)["solution"]:
                assert f"`{marks(cell)['grade_id']}`" in page, "the teacher's page says how to grade each answer"


@each_exercise
def test_form(path: Path):
    book = read(path)
    check(book, name=path.name)
    assert len(book.cells) <= 30
    assert sum(marks(cell).get("points", 0) for cell in book.cells) == 20
    tagged = [cell for cell in book.cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    for cell in book.cells:
        if cell.cell_type == "code":
            assert not cell.outputs
            assert cell.execution_count is None
            ast.parse(cell.source)
    for cell in student_version(book).cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 15, cell.source
    first, last = book.cells[0].source, book.cells[-1].source
    for part in ("**Question.**", "**Data.**", "**What you will do.**", "minutes, 20 points", "no Arabic"):
        assert part in first
    minutes = int(re.search(r"About (\d+) minutes", first)[1])
    assert 30 <= minutes <= 60
    assert last.startswith("## What you have seen")
    if "related" in "".join(cell.source for cell in book.cells if cell.cell_type == "code"):
        assert "constructed" in first


@each_exercise
def test_each_task_has_its_test_below_it(path: Path):
    cells = read(path).cells
    for cell, following in itertools.pairwise(cells):
        if marks(cell).get("solution") and not marks(cell)["grade"]:
            assert marks(following).get("grade_id") == f"{marks(cell)['grade_id']}-test"
            assert "### BEGIN SOLUTION" in cell.source
        if marks(cell).get("grade") and marks(cell)["solution"]:
            assert cell.cell_type == "markdown"
            assert "### BEGIN SOLUTION" in cell.source, "an answer comes with what a good one holds"


@each_exercise
def test_visible_tests_teach_and_hidden_ones_ask_for_more(path: Path):
    tests = [cell for cell in read(path).cells if marks(cell).get("locked")]
    assert len(tests) >= 4
    for cell in tests:
        visible, hidden = parts(cell.source)
        assert asserts(visible)
        assert asserts(hidden)
        for node in asserts(visible):
            words = ast.unparse(node.msg) if node.msg else ""
            assert len(words.split()) >= 4, f"say what to look at: {ast.unparse(node)}"
        last = ast.parse(cell.source).body[-1]  # nbgrader takes the value of a last expression for points
        assert not isinstance(last, ast.Expr) or ast.unparse(last).startswith("print("), ast.unparse(last)


@each_exercise
def test_arabic_in_markdown_is_explained(path: Path):
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                assert not ARABIC.search(line) or re.search(r"[A-Za-z]{2}", line), line


def test_each_table_of_arabic_has_its_english():
    for file in FOLDER.glob("*.csv"):
        table = pd.read_csv(file)
        arabic = next(name for name in ("arabic", "word") if name in table)
        assert table[arabic].str.contains(ARABIC).all(), file.name
        assert table["english"].str.contains("[A-Za-z]").all(), file.name
        assert not table["english"].str.contains(ARABIC).any(), file.name
        assert not table[arabic].duplicated().any(), file.name


def test_sentences_are_those_of_the_corpora(article, related):
    for file in ("article.csv", "thirty.csv"):
        for row in pd.read_csv(FOLDER / file).itertuples():
            document = article if row.doc_id == article.id else related[row.doc_id]
            spans = fr.language.tokenise([document.text]).spans
            start, end = (int(bounds[row.sentence]) for bounds in (spans.sentence_start, spans.sentence_end))
            assert document.text[start:end].strip() == row.arabic
    assert len(pd.read_csv(FOLDER / "article.csv")) == 16
    assert pd.read_csv(FOLDER / "thirty.csv")["number"].tolist() == list(range(1, 31))


def test_eight_of_the_words_found_are_debts(related):
    """The teacher's page says so: of the words with dal, ya, nun in them, those that the lemma finds too."""
    assert "How many of the 36 are debts? (Eight.)" in (FOLDER / "TEACHING.md").read_text("utf-8")
    debts = fr.kwic(related, "دين", valuetype="lemma")["keyword"]
    assert debts.str.contains("دين").sum() == 8
    assert len(debts) == 22


# --- what students get --------------------------------------------------------------------------------------


@each_exercise
def test_students_get_no_solution_and_no_hidden_test(path: Path):
    instructor, student = read(path), student_version(read(path))
    text = json.dumps(student, ensure_ascii=False)
    assert "SOLUTION" not in text
    assert "HIDDEN" not in text
    assert len(student.cells) == len(instructor.cells)
    for cell, given in zip(instructor.cells, student.cells, strict=True):
        if marks(cell).get("solution"):
            fenced = re.findall(r"BEGIN SOLUTION\n(.*?)\n\s*### END SOLUTION", cell.source, re.S)
            for line in "\n".join(fenced).splitlines():
                assert len(line.strip()) < 12 or line not in given.source
            assert ("raise NotImplementedError()" if cell.cell_type == "code" else "YOUR ANSWER HERE") in given.source
            assert given.metadata["deletable"] is False
            assert "editable" not in given.metadata
        elif marks(cell).get("grade"):
            visible, hidden = parts(cell.source)
            assert given.source == visible
            assert not any(ast.unparse(node) in given.source for node in asserts(hidden))
            assert given.metadata["editable"] is False
        else:
            assert given == cell


@each_exercise
def test_own_rules_give_what_nbgrader_gives(path: Path, skip):
    if not classroom._nbgrader_is_here():
        skip("nbgrader is not installed (pip install nbgrader)")
    book = read(path)
    for cell in book.cells:  # as a notebook looks that was run and left with the grading toolbar open
        if cell.cell_type == "code":
            cell.execution_count = 1
            cell.outputs = [nbformat.v4.new_output("stream", text="said")]
            cell.metadata["collapsed"] = True
    book.metadata["celltoolbar"] = "Create Assignment"
    assert classroom._by_hand(copy.deepcopy(book)) == classroom._by_nbgrader(copy.deepcopy(book))


def test_whole_cells_and_indented_fences_become_stubs():
    def cell(source, kind="code", **changed):
        new = nbformat.v4.new_code_cell(source) if kind == "code" else nbformat.v4.new_markdown_cell(source)
        new.metadata["nbgrader"] = {
            "grade": False, "grade_id": source[:3], "locked": False, "schema_version": 3, "solution": True, **changed,
        }  # fmt: skip
        return new

    fenced = "def f():\n    if x:\n        ### BEGIN SOLUTION\n        return 1\n        ### END SOLUTION\n    y = 2"
    essay = cell("my answer", "markdown", grade=True, points=1)
    book = nbformat.v4.new_notebook(cells=[cell("x = 1"), cell(fenced), essay])
    one, two, three = (given.source for given in classroom._by_hand(book).cells)
    assert one == "\n".join(CODE_STUB)
    assert two == "def f():\n    if x:\n        # YOUR CODE HERE\n        raise NotImplementedError()\n    y = 2"
    assert three == "YOUR ANSWER HERE"


@pytest.mark.parametrize(
    ("source", "changed", "said"),
    [
        ("### BEGIN SOLUTION\nx = 1", {}, "is never closed; add '### END SOLUTION'"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", {}, "inside another"),
        ("x = 1\n### END SOLUTION", {}, "without '### BEGIN SOLUTION' before it"),
        ("### BEGIN SOLUTION\n### END SOLUTION", {"solution": False}, "set 'solution' in its nbgrader metadata"),
        ("### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS", {}, "set 'grade' in its nbgrader metadata"),
        ("x = 1", {"grade": True}, "lacks points"),
        ("x = 1", {"schema_version": 2}, "schema_version is 2, not 3"),
        ("x = 1", {"grade_id": ""}, "a grade_id of its own"),
    ],
)
def test_faulty_exercises_are_refused(source, changed, said, tmp_path, capsys):
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["nbgrader"] = {
        "grade": False, "grade_id": "a", "locked": False, "schema_version": 3, "solution": True, **changed,
    }  # fmt: skip
    book = nbformat.v4.new_notebook(cells=[cell])
    with pytest.raises(FramingError, match=re.escape(said)):
        student_version(book, name="faulty")
    nbformat.write(book, tmp_path / "faulty.ipynb")
    assert main(["--source", str(tmp_path), "--out", str(tmp_path / "out"), "--corpora", ""]) == 2
    error = capsys.readouterr().err
    assert error.startswith("exercises: faulty.ipynb, cell 0")
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists(), "nothing is written before all is known to be right"


def test_two_cells_of_one_name_and_missing_marks_are_refused():
    cells = [nbformat.v4.new_code_cell("x"), nbformat.v4.new_code_cell("y")]
    for cell in cells:
        cell.metadata["nbgrader"] = {
            "grade": False, "grade_id": "a", "locked": False, "schema_version": 3, "solution": True,
        }  # fmt: skip
    with pytest.raises(FramingError, match="a grade_id of its own"):
        check(nbformat.v4.new_notebook(cells=cells))
    del cells[0].metadata["nbgrader"]["locked"]
    with pytest.raises(FramingError, match="lacks locked"):
        check(nbformat.v4.new_notebook(cells=cells))


def test_building_keeps_what_a_student_has_done(tmp_path):
    out = tmp_path / "exercises"
    written = build(FOLDER, out, corpora=ROOT / "corpora")
    assert [path.name for path in written] == [path.name for path in EXERCISES]
    assert (out / "corpora" / "related" / "documents.csv").is_file()
    assert not (out / "TEACHING.md").exists()
    before = {path.name: path.read_bytes() for path in out.glob("*.ipynb")}
    build(FOLDER, out)
    assert {path.name: path.read_bytes() for path in out.glob("*.ipynb")} == before, "the same again, and nothing kept"
    worked = read(written[0])
    solved = next(cell for cell in worked.cells if marks(cell).get("solution"))
    solved.source = "mine = {}  # an afternoon's work"
    nbformat.write(worked, written[0])
    build(FOLDER, out)
    build(FOLDER, out)
    kept = out / "01-read-a-frame-by-hand.before-1.ipynb"
    assert "an afternoon's work" in kept.read_text("utf-8")
    assert written[0].read_bytes() == before[written[0].name]
    written[1].write_text("not a notebook", "utf-8")
    build(FOLDER, out)
    assert (out / "02-what-does-normalisation-lose.before-1.ipynb").read_text("utf-8") == "not a notebook"


def test_folders_that_cannot_be_meant_are_refused(tmp_path, capsys):
    for arguments, said in (
        (["--source", str(tmp_path)], "has no notebooks"),
        (["--source", str(FOLDER), "--out", str(FOLDER)], "is the folder of the instructor's notebooks"),
        (["--source", str(FOLDER), "--out", str(tmp_path / "o"), "--corpora", str(tmp_path / "none")], "none"),
    ):
        assert main(arguments) == 2
        assert said in capsys.readouterr().err
    (tmp_path / "bad.ipynb").write_text("{", "utf-8")
    assert main(["--source", str(tmp_path), "--out", str(tmp_path / "o")]) == 2
    assert "bad.ipynb cannot be read as a notebook" in capsys.readouterr().err


# --- solved, empty, and wrong -------------------------------------------------------------------------------


@each_exercise
def test_solved_it_runs_from_a_clean_kernel(path: Path, tmp_path):
    run = figures.execute(path, executed=tmp_path, timeout=300)
    assert run.error is None
    for cell in read(tmp_path / path.name).cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            if marks(cell).get("grade"):  # nbgrader gives no points where anything is on stderr
                assert output.output_type == "stream"
                assert output.name == "stdout"
    outputs = [output for cell in read(tmp_path / path.name).cells for output in cell.get("outputs", [])]
    shown = "\n".join(output.get("text", "") + str(output.get("data", {}).values()) for output in outputs)
    assert not re.search(r"\(\? |, \?|>\?<", shown), "a word without a gloss"
    prose = (FOLDER / "TEACHING.md").read_text("utf-8") + "".join(cell.source for cell in read(path).cells)
    for claim, pattern in CLAIMS[path.stem[:2]].items():
        assert claim in " ".join(prose.split())
        assert re.search(pattern, shown), f"no longer true: {claim}"


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory) -> Path:
    """Return a folder as students get it, far from the project."""
    out = tmp_path_factory.mktemp("class") / "exercises"
    build(FOLDER, out, corpora=ROOT / "corpora")
    return out


@each_exercise
def test_empty_it_fails_at_the_stubs_only(path: Path, handed_out, monkeypatch):
    monkeypatch.chdir(handed_out)
    names: dict = {}
    failed = {}
    cells = [cell for cell in read(handed_out / path.name).cells if cell.cell_type == "code"]
    for number, cell in enumerate(cells):
        try:
            execute(cell.source, names)
        except Exception as error:
            failed[number] = error
    for number, cell in enumerate(cells):
        stub = "raise NotImplementedError()" in cell.source.splitlines()
        if stub:
            assert isinstance(failed[number], NotImplementedError)
        elif marks(cell).get("grade"):
            assert number in failed, f"{marks(cell)['grade_id']} gives points for nothing"
            assert isinstance(failed[number], NotImplementedError | NameError | AssertionError), failed[number]
        else:
            assert number not in failed, cell.source


def execute(source: str, names: dict) -> str:
    """Execute a cell and return what it printed."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(source, "cell", "exec"), names)
    return said.getvalue()


def mistakes_in(exercise: str) -> list[tuple[str, str, str]]:
    """Return (task, wrong answer, "visible" or "hidden": which tests find it)."""
    text = (ROOT / "tests" / "mistakes-in-exercises.txt").read_text("utf-8")
    found = re.findall(rf"^%% {exercise} (\w+) (visible|hidden):.*\n((?:(?!%% ).*\n?)*)", text, re.M)
    return [(task, wrong, kind) for task, kind, wrong in found]


@each_exercise
def test_mistakes_are_found(path: Path, monkeypatch):
    monkeypatch.chdir(FOLDER)
    names: dict = {}
    mistakes = mistakes_in(path.stem[:2])
    tried = 0
    for cell in read(path).cells:
        if cell.cell_type != "code":
            continue
        if marks(cell).get("grade"):
            task = marks(cell)["grade_id"].removesuffix("-test")
            for _, wrong, found in [each for each in mistakes if each[0] == task]:
                tried += 1
                visible, _ = parts(cell.source)
                attempt = dict(names)
                execute(wrong, attempt)
                if found == "hidden":
                    execute(visible, dict(attempt))
                with pytest.raises((AssertionError, TypeError, ZeroDivisionError)):
                    execute(cell.source if found == "hidden" else visible, attempt)
        execute(cell.source, names)
    assert tried == len(mistakes) >= 7
    assert {found for *_, found in mistakes} == {"visible", "hidden"}
