"""The notebooks: their form, always; and that they run from a clean kernel and make the committed figures."""

from __future__ import annotations

import ast
import json
import re
import shutil
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

import framing as fr
from framing.cli import main
from framing.plot import figures

mpl.use("agg")
ROOT = Path(__file__).parents[1]
NOTEBOOKS = figures.notebooks(ROOT)
PARAMETERS = ["article_path", "article_id", "corpus_path", "codebook_name", "seed"]
#: A progress bar, and what IPython says about itself; anything else on stderr is a warning or an error.
_BAR = re.compile(r"\d+%\||\d+it \[|^\s*$")


def cells(notebook: Path, kind: str) -> list[dict]:
    return [cell for cell in json.loads(notebook.read_text("utf-8"))["cells"] if cell["cell_type"] == kind]


def source(cell: dict) -> str:
    return "".join(cell["source"])


each_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem[:2])


def test_the_set_is_complete() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "01-how-does-the-article-frame-the-visit",
        "02-who-speaks",
        "03-what-is-in-the-related-coverage",
        "04-how-does-the-article-compare",
        "05-which-words-set-it-apart",
        "06-what-topics-run-through-the-coverage",
        "07-who-stands-with-whom",
        "08-can-we-trust-the-scores",
        "09-from-your-own-corpus",
    ]


@each_notebook
def test_form(notebook: Path) -> None:
    code, text = cells(notebook, "code"), cells(notebook, "markdown")
    book = json.loads(notebook.read_text("utf-8"))
    assert len(code) + len(text) == len(book["cells"]) <= 30
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code), "outputs are not committed"
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
    for cell in code:
        lines = [line for line in source(cell).splitlines() if line.strip()]
        assert len(lines) <= 15, source(cell)
        kinds = {type(node).__name__ for node in ast.walk(ast.parse(source(cell)))}
        assert not kinds & {"FunctionDef", "AsyncFunctionDef", "ClassDef", "Lambda"}, source(cell)


@each_notebook
def test_first_and_last_cells(notebook: Path) -> None:
    first, *_, answer, limits = json.loads(notebook.read_text("utf-8"))["cells"]
    title = source(first).splitlines()[0]
    assert title.startswith("# ")
    slug = re.sub(r"[^a-z]+", "-", title[2:].lower()).strip("-")
    assert slug == notebook.stem[3:] or set(notebook.stem[3:].split("-")) <= set(slug.split("-")) | {"it", "own"}
    for part in ("**Question.**", "**Data.**", "**What you will see.**"):
        assert part in source(first)
    assert "Markdown(" in source(answer)
    assert "{" in source(answer), "the answer's numbers come from the code"
    assert source(limits).startswith("**Limits.**")


@each_notebook
def test_one_cell_of_parameters_with_the_same_names_everywhere(notebook: Path) -> None:
    tagged = [cell for cell in cells(notebook, "code") if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    names = [node.targets[0].id for node in ast.parse(source(tagged[0])).body]
    assert names[: len(PARAMETERS)] == PARAMETERS
    used = {
        node.id
        for cell in cells(notebook, "code")
        if cell is not tagged[0]
        for node in ast.walk(ast.parse(source(cell)))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    assert {"article_path", "article_id", "codebook_name"} <= used
    assert set(names[len(PARAMETERS) :]) <= used


@each_notebook
def test_the_constructed_corpus_is_called_so(notebook: Path) -> None:
    code = "\n".join(source(cell) for cell in cells(notebook, "code")[1:])
    if "corpus_path" not in code:
        return
    first, *_, limits = cells(notebook, "markdown")
    for cell in (first, limits):
        words = source(cell).lower()
        assert "constructed" in words
        assert re.search(r"no finding about real media|nothing about real media|no claim about", words)


@each_notebook
def test_figures_have_alt_text_with_computed_numbers(notebook: Path) -> None:
    for cell in cells(notebook, "code"):
        for node in ast.walk(ast.parse(source(cell))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("savefig", "plt.show")):
                pytest.fail("figures are saved through fr.plot.save")
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("plot.save"):
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                assert set(given) >= {"alt", "caption"}
                assert any(isinstance(part, ast.FormattedValue) for part in ast.walk(given["alt"]))


def test_no_figure_is_made_twice() -> None:
    made = [name for notebook in NOTEBOOKS for name in figures.names(notebook)]
    assert len(made) == len(set(made)) > 15


def copied(root: Path) -> Path:
    """Make a copy of what the notebooks need, with an empty figures/."""
    shutil.copytree(ROOT / "corpora", root / "corpora")
    (root / "notebooks").mkdir()
    for notebook in NOTEBOOKS:
        shutil.copy(notebook, root / "notebooks")
    (root / "figures").mkdir()
    return root


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def poorer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with another article, corpus and codebook, set in the parameters cell of every notebook.

    The corpus is one file without events, types of outlet and codings, and with gaps; the article is one of its
    documents; the codebook is a table of words, of which one frame never occurs.
    """
    root = copied(tmp_path_factory.mktemp("poorer"))
    related = fr.read_corpus(ROOT / "corpora" / "related")
    documents = []
    for number, document in enumerate(related):
        known = {"title": document.title, "outlet": document.outlet, "date": document.date, "desk": ["world", number]}
        if number % 9 == 0:
            known = {"outlet": None, "desk": None}
        documents.append(fr.Document(id=f"ü {document.id}", text=document.text, **known))
    fr.write_corpus(fr.Corpus(documents), root / "mine.jsonl")
    words = {"economy": "نفط دولار استثمار شركة", "church": "كنيسة بطريرك", "weather": "عاصفة ثلج"}
    rows = [f"{frame},{term}" for frame, terms in words.items() for term in terms.split()]
    (root / "mine.csv").write_text("\n".join(["frame,term", *rows]), "utf-8")
    mine = {
        "article_path": "mine.jsonl",
        "article_id": documents[4].id,
        "corpus_path": "mine.jsonl",
        "codebook_name": "mine.csv",
        "k_compared": [3, 4],
    }
    for notebook in figures.notebooks(root):
        book = json.loads(notebook.read_text("utf-8"))
        (cell,) = (c for c in book["cells"] if "parameters" in c["metadata"].get("tags", []))
        cell["source"] = with_parameters(source(cell), mine)
        notebook.write_text(json.dumps(book), "utf-8")
    return root


def with_parameters(cell: str, values: dict) -> str:
    """Return the parameters cell with other values, as papermill would set them."""
    names = [line.split(" = ")[0] for line in cell.splitlines()]
    assert set(names) >= set(PARAMETERS)
    lines = [f"{n} = {values[n]!r}" if n in values else line for n, line in zip(names, cell.splitlines(), strict=True)]
    return "\n".join(lines)


def outputs_of(notebook: str, root: Path) -> list[dict]:
    """Execute a notebook and return its outputs; nothing in them may be an error or a warning."""
    run = figures.execute(root / "notebooks" / notebook, executed=root / "executed", timeout=300)
    assert run.error is None
    book = json.loads((root / "executed" / notebook).read_text("utf-8"))
    outputs = [output for cell in book["cells"] for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output["output_type"] == "error"]
    said = "".join("".join(o["text"]) for o in outputs if o["output_type"] == "stream" and o["name"] == "stderr")
    assert not [line for line in re.split(r"[\r\n]", said) if not _BAR.search(line)], said
    return outputs


def answer_of(outputs: list[dict]) -> str:
    return "".join([o["data"]["text/markdown"] for o in outputs if "text/markdown" in o.get("data", {})][-1])


@each_notebook
def test_runs_and_makes_its_figures(notebook: Path, project: Path) -> None:
    outputs = outputs_of(notebook.name, project)
    shown = sum("image/png" in output.get("data", {}) for output in outputs)
    assert shown == len(figures.names(notebook)), "every figure is shown where it is made"
    answer = answer_of(outputs)
    assert re.search(r"\d", answer)
    assert "nan" not in re.findall(r"[a-z]+", answer.lower())
    for name in figures.names(notebook):
        for ending in ("png", "svg", "json"):
            assert (project / "figures" / f"{name}.{ending}").is_file(), name
        facts = json.loads((project / "figures" / f"{name}.json").read_text("utf-8"))
        assert re.search(r"\d", facts["alt"])
        assert "nan" not in re.findall(r"[a-z]+", facts["alt"].lower())
        assert (ROOT / "figures" / f"{name}.json").is_file(), f"{name} is not committed"


@each_notebook
def test_runs_on_another_article_corpus_and_codebook(notebook: Path, poorer: Path) -> None:
    answer = answer_of(outputs_of(notebook.name, poorer))
    assert re.search(r"\d", answer)
    assert "nan" not in re.findall(r"[a-z]+", answer.lower())
    assert "is constructed" not in answer, "this corpus does not say that it is"
    if notebook.stem[:2] in ("01", "02", "04", "09"):
        assert "economy" in answer
        assert "Alliance" not in answer
    assert not list((poorer / "figures").glob("*.*")), "figures of other texts do not stand in for those of the project"
    if notebook.stem[:2] == "01":
        assert all((poorer / "figures" / "own" / f"{name}.png").is_file() for name in figures.names(notebook))
    for facts in (poorer / "figures" / "own").glob("*.json"):
        assert "Constructed teaching corpus" not in facts.read_text("utf-8")


def test_committed_figures_are_those_of_the_notebooks() -> None:
    assert figures.check(ROOT) == []


# --- framing figures on a small project ---------------------------------------------------------------------

_SMALL = """import framing as fr
import matplotlib.pyplot as plt
_, ax = plt.subplots()
fr.plot.save(ax, "empty", alt=f"Nothing, {0} marks.", caption="Nothing.")"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    from nbformat import v4

    (tmp_path / "notebooks").mkdir()
    book = v4.new_notebook(cells=[v4.new_code_cell(_SMALL)])
    (tmp_path / "notebooks" / "01-empty.ipynb").write_text(json.dumps(book), "utf-8")
    assert main(["figures", "--project", str(tmp_path)]) == 0
    return tmp_path


def test_rebuilt_figures_pass_the_check(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert figures.check(small) == []
    assert main(["figures", "--check", "--project", str(small / "notebooks")]) == 0
    assert "all figures" in capsys.readouterr().out
    before = (small / "figures" / "empty.svg").read_bytes()
    assert main(["figures", "01", "--project", str(small)]) == 0
    assert (small / "figures" / "empty.svg").read_bytes() == before


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda f: (f / "empty.png").write_bytes(b"other"), "empty.png is not the file that its sidecar describes"),
        (lambda f: (f / "empty.svg").open("a").write(" "), "empty.svg is not the file that its sidecar describes"),
        (lambda f: (f / "empty.png").unlink(), "empty.png is missing"),
        (lambda f: (f / "empty.svg").unlink(), "empty.svg is missing"),
        (lambda f: (f / "empty.json").unlink(), "empty.json is missing"),
        (lambda f: (f / "empty.json").write_text("{", "utf-8"), "not a sidecar"),
        (lambda f: (f / "stray.png").write_bytes(b""), "stray: no notebook makes this figure"),
        (lambda f: [file.unlink() for file in f.iterdir()], "01-empty.ipynb makes this figure"),
        (shutil.rmtree, "01-empty.ipynb makes this figure"),
    ],
)
def test_the_check_names_what_is_wrong(small: Path, spoil, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    spoil(small / "figures")
    assert main(["figures", "--check", "--project", str(small)]) == 1
    assert said in capsys.readouterr().out


_READS = """import framing as fr
article = fr.read_corpus(article_path)[article_id]
related = fr.read_corpus(corpus_path)
codebook = fr.load_codebook(codebook_name)
own = fr.load_codebook(place / "own.csv")
"""


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """Return a project with an article, a corpus, a codebook, and figures of both that were made just now."""
    texts = {"a": "تعاون جديد مع كوبا", "b": "عقوبات على كوبا", "c": "لقاء في موسكو"}
    (article, *others) = (fr.Document(id=id, text=text, outlet="x") for id, text in texts.items())
    related = fr.Corpus([*others, fr.Document(id="copy", text=texts["b"], outlet="x")], "related")
    for corpus, name in ((fr.Corpus([article], "focal"), "focal"), (related, "related")):
        fr.write_corpus(corpus, tmp_path / "corpora" / f"{name}.jsonl")
    (tmp_path / "words.csv").write_text("frame,term\nalliance,تعاون\n", "utf-8")
    article = fr.read_corpus(tmp_path / "corpora" / "focal.jsonl")["a"]
    related, book = fr.read_corpus(tmp_path / "corpora" / "related.jsonl"), fr.load_codebook(tmp_path / "words.csv")
    own = fr.Codebook.from_dict({"place": ["كوبا"]}, name="own")
    bare = pd.DataFrame({"x": [1]})
    bare.attrs["provenance"] = {"preprocessing": [{"corpus": "related", "corpus_sha256": related.fingerprint}]}
    made = {
        "article": fr.frame_scores(fr.code(article, book), resamples=0),
        "related": fr.frame_scores(fr.code(related, book), resamples=0),
        "together": fr.frame_scores(fr.code(related.with_document(article), book), resamples=0),
        "distinct": fr.frame_scores(fr.code(fr.deduplicate(related).with_document(article), book), resamples=0),
        "words": fr.keyness(article, fr.deduplicate(related), min_count=1, resamples=9),
        "own": fr.frame_scores(fr.code(fr.Corpus(related, "my corpus"), own), resamples=0),
        "nested": bare,
    }
    for name, table in made.items():
        _, ax = plt.subplots()
        fr.plot.save(ax, name, alt="a", caption="c", data=table, folder=tmp_path / "figures")
        plt.close("all")
    parameters = {"article_path": "corpora/focal.jsonl", "article_id": "a", "corpus_path": "corpora/related.jsonl",
                  "codebook_name": "words.csv", "seed": 0}  # fmt: skip
    first = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    saves = "\n".join(f"fr.plot.save(ax, {name!r}, alt=a, caption=c)" for name in made)
    cells = [
        {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": first},
        {"cell_type": "code", "metadata": {}, "source": _READS + saves},
    ]
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01-all.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
    return tmp_path


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


_BOOK, _TEXTS = "with the codebook words as it was before", "from other texts than those of"
_FOCAL, _RELATED = "corpora/focal.jsonl", "corpora/related.jsonl"


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        (lambda _: None, {}),
        (
            lambda p: rewrite(p / "words.csv", "alliance,تعاون", "alliance,تعاون\nalliance,صداقة"),
            dict.fromkeys(("article", "related", "together", "distinct"), _BOOK),
        ),
        (
            lambda p: rewrite(p / _RELATED, "لقاء في موسكو", "لقاء في هافانا"),
            dict.fromkeys(("together", "words"), f"{_TEXTS} {_FOCAL} and {_RELATED} now")
            | {"related": f"{_TEXTS} {_RELATED} now", "distinct": _TEXTS, "nested": _TEXTS},
        ),
        (
            lambda p: rewrite(p / _RELATED, '"x"', '"y"'),
            dict.fromkeys(("related", "together", "distinct", "words", "nested"), _TEXTS),
        ),
        (
            lambda p: rewrite(p / _FOCAL, "جديد", "قديم"),
            dict.fromkeys(("article", "together", "distinct", "words"), _TEXTS),
        ),
    ],
)
def test_the_check_names_figures_of_another_codebook_or_of_other_texts(
    whole: Path, change, stale: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    change(whole)
    assert main(["figures", "--check", "--project", str(whole)]) == int(bool(stale))
    lines = capsys.readouterr().out.strip().splitlines()
    found = dict(line.split(": ", 1) for line in lines if "sidecars describe" not in line)
    assert set(found) == set(stale)
    for name, what in stale.items():
        assert what in found[name]
        assert found[name].endswith("run `framing figures`")


def test_a_codebook_that_cannot_be_read_is_said_in_one_line(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (whole / "words.csv").unlink()
    assert main(["figures", "--check", "--project", str(whole)]) == 2
    said = capsys.readouterr().err
    assert "words.csv" in said
    assert "Traceback" not in said


def test_a_failing_notebook_is_named_and_the_others_go_on(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = json.loads((small / "notebooks" / "01-empty.ipynb").read_text("utf-8"))
    bad["cells"][0]["source"] = "1 / 0"
    (small / "notebooks" / "00-bad.ipynb").write_text(json.dumps(bad), "utf-8")
    assert main(["figures", "--project", str(small)]) == 1
    said = capsys.readouterr().out
    assert "00-bad" in said
    assert "ZeroDivisionError" in said
    assert re.search(r"01-empty +\d+ s  done", said)


def test_bad_input_is_refused_in_one_line(tmp_path: Path, small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "nothing"
    empty.mkdir()
    (small / "notebooks").rename(small / "books")
    assert main(["figures", "--project", str(empty)]) == 2
    (small / "books").rename(small / "notebooks")
    assert main(["figures", "77", "--project", str(small)]) == 2
    said = capsys.readouterr().err
    assert "no folder notebooks/" in said
    assert "no notebook begins with 77" in said
    assert "Traceback" not in said
