"""Anything at all as text, codebook or corpus; kills, full disks and hostile content: an answer or one clear error.

Broken files of each kind, archives, XML, patterns, sheets and pages have their tests beside the rooms that read
them (test_collect_files, test_codebook_bad_input, test_validity_sheets, test_report); killed coding, caches, homes
that cannot be written in test_dataset_faults. ``FRAMING_KILLS=50`` sets how often a run is killed (5 by default).
"""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings, strategies as st

import framing as fr
from framing.cli import main
from framing.collect import archives
from framing.errors import FramingError
from framing.language.shown import whole_characters

KILLS = int(os.environ.get("FRAMING_KILLS", "5"))
ARTICLE = "قال الرئيس إن التعاون مع كوبا مستمر، وأضاف أن العقوبات الأمريكية لن تغير شيئا في سياسة بلاده أبدا. " * 3
FUZZ = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


# Any text ----------------------------------------------------------------------------------------

#: What the rules look at, and what breaks rules: quotes that do not close, controls, marks without a letter.
PIECES = st.sampled_from(
    [*"«»“”\"'()[].,،؛:؟!…-ـ\n\r\t\u200f\u200e\u202e\u2067\ufeff\u0000\u0651\u064b\u0308\U0001f1e8\ud800\u2028",
     "قال", "وأضاف", "إن", "أن", "بحسب", "لا", "لم", "ليس فقط", "عدم", "بل", "بوتين", "كوبا", "واشنطن", "الأمريكية",
     "عقوبات", "وللتعاون", "الحرب الباردة", "تضامن لا يتزعزع", "ﺗﻌﺎﻭﻥ", "٥٠", "2.5", "د.", "U.S.", "=1+1", "<b>", " "]
)  # fmt: skip
ANY_TEXT = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES).map(" ".join))


@given(st.lists(ANY_TEXT, min_size=1, max_size=3), ANY_TEXT)
@settings(FUZZ, max_examples=50)
@pytest.mark.filterwarnings("ignore::framing.errors.FramingWarning")
def test_any_text_can_be_coded_scored_and_shown(codebook, texts, title):
    """Evidence is what stands at its place in the raw text; every word is counted once; the page stays a page."""
    corpus = fr.Corpus([fr.Document(id=f"d{n}", text=text, title=title) for n, text in enumerate(texts)])
    codings = fr.code(corpus, codebook)
    raw = dict(zip(corpus.ids, texts, strict=True))
    for row in pd.concat([codings.table, codings.cancelled]).itertuples():
        assert row.evidence == whole_characters(raw[row.doc_id][row.start : row.end]) != ""
    words = codings.units.groupby("doc_id")["words"].sum().reindex(corpus.ids, fill_value=0)
    assert words.tolist() == codings.documents["words"].tolist()
    scores = fr.frame_scores(codings, resamples=20)
    found = scores.dropna(subset=["rate", "low", "high"])
    assert ((found["low"] <= found["rate"] + 1e-9) & (found["rate"] <= found["high"] + 1e-9)).all()
    for table in (fr.attributions(corpus, codebook), fr.stance(corpus, codebook, resamples=0)):
        assert isinstance(table, pd.DataFrame)
    for document in corpus:
        page = fr.show(document, codings)._repr_html_()
        assert page.count("<b>") == 0
        assert page.count("<div") == page.count("</div>")


# Any codebook ------------------------------------------------------------------------------------

FIELDS = ("kind", "id", "label", "definition", "entries", "term", "match", "weight", "variants", "requires", "unless",
          "actor", "entry", "within", "side", "count", "gap", "valuetype", "pos", "names", "include", "rule", "version",
          "actors", "frames", "people", "except", "nearest", "spelling")  # fmt: skip
VALUES = ("frame", "actors", "evaluative", "codebook", "f", "تعاون", "كوبا", "lemma", "phrase", "pattern", "regex",
          "glob", "sentence", "usa", "(", "a*", "[", "=", "", " ", "ar", "state")  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 2**70), st.floats(), st.sampled_from(VALUES), st.text(max_size=8)
)
STRUCTURES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(st.sampled_from(FIELDS), SCALARS), inner, max_size=5)
    ),
    max_leaves=25,
)
#: Structures that come near enough to a codebook to be taken for one.
NEARLY = st.fixed_dictionaries(
    {
        "kind": st.one_of(st.sampled_from(["frame", "actors", "evaluative", "codebook"]), STRUCTURES),
        "id": st.one_of(st.just("f"), STRUCTURES),
        "entries": st.one_of(
            st.lists(
                st.one_of(
                    st.sampled_from(VALUES),
                    st.dictionaries(st.sampled_from(FIELDS), st.one_of(SCALARS, STRUCTURES), max_size=4),
                    st.fixed_dictionaries(
                        {
                            "term": st.one_of(st.sampled_from(VALUES), ANY_TEXT),
                            "match": st.sampled_from(["lemma", "surface", "phrase", "pattern"]),
                        },
                        optional={"valuetype": st.sampled_from(["glob", "regex"]), "requires": STRUCTURES},
                    ),
                ),
                max_size=4,
            ),
            STRUCTURES,
        ),
    },
    optional={"label": STRUCTURES, "requires": STRUCTURES, "names": STRUCTURES, "version": STRUCTURES},
)


def usable(make) -> bool:
    """Say whether there is a codebook, which can be used then; anything but a FramingError is a failure."""
    try:
        book = make()
    except FramingError as error:
        assert str(error).strip()  # noqa: PT017
        return False
    try:
        fr.code(fr.Document(id="x", text="أكد على التعاون مع كوبا. a =1+1"), book)
    except FramingError as error:
        assert str(error).strip()  # noqa: PT017 - a pattern or a term that only compiling finds out to be none
    return True


@given(st.one_of(NEARLY, STRUCTURES))
@settings(FUZZ, max_examples=80)
@pytest.mark.filterwarnings("ignore::framing.errors.FramingWarning")
def test_any_yaml_is_a_codebook_or_one_clear_error(tmp_path, structure):
    path = tmp_path / "f.yml"
    path.write_text(yaml.safe_dump(structure, allow_unicode=True, sort_keys=False), "utf-8", errors="replace")
    usable(lambda: fr.load_codebook(path))
    usable(lambda: fr.import_codebook(path))


@given(STRUCTURES)
@settings(FUZZ, max_examples=60)
@pytest.mark.filterwarnings("ignore::framing.errors.FramingWarning")
def test_any_dictionary_is_a_codebook_or_one_clear_error(structure):
    usable(lambda: fr.Codebook.from_dict(structure))


def test_a_sound_structure_is_no_error(tmp_path):
    """The fuzzing above would pass if everything were refused."""
    path = tmp_path / "f.yml"
    sound = {"kind": "frame", "id": "f", "entries": ["تعاون"]}
    path.write_text(yaml.safe_dump(sound, allow_unicode=True, sort_keys=False), "utf-8")
    assert usable(lambda: fr.Codebook.from_dict({"f": ["تعاون", {"term": "حرب", "weight": 2}]}))
    assert usable(lambda: fr.load_codebook(path))


# Any corpus --------------------------------------------------------------------------------------

ROWS = st.lists(
    st.dictionaries(st.sampled_from(["id", "text", "body", "doc_id", "date", "title", "", "lang"]), STRUCTURES),
    max_size=4,
)


def corpus_or_error(path: Path) -> None:
    try:
        corpus = fr.read_corpus(path)
    except FramingError as error:
        assert str(path.name) in str(error)  # noqa: PT017
        return
    assert len(set(corpus.ids)) == len(corpus)
    assert len(corpus.describe()) == len(corpus)


@pytest.mark.parametrize("ending", [".txt", ".csv", ".tsv", ".jsonl", ".parquet"])
@given(raw=st.one_of(st.binary(max_size=200), ANY_TEXT.map(lambda text: text.encode("utf-8", "surrogatepass"))))
@settings(FUZZ, max_examples=40)
@pytest.mark.filterwarnings("ignore::framing.errors.FramingWarning")
def test_any_bytes_are_a_corpus_or_one_clear_error(tmp_path, ending, raw):
    path = tmp_path / f"c{ending}"
    path.write_bytes(raw)
    corpus_or_error(path)
    folder = tmp_path / "folder"
    folder.mkdir(exist_ok=True)
    (folder / "documents.csv").write_bytes(raw)
    try:
        fr.read_corpus(folder)
    except FramingError as error:
        assert "folder" in str(error)  # noqa: PT017


@given(ROWS)
@settings(FUZZ, max_examples=60)
@pytest.mark.filterwarnings("ignore::framing.errors.FramingWarning")
def test_any_rows_are_a_corpus_or_one_clear_error(tmp_path, rows):
    path = tmp_path / "c.jsonl"
    with_names = [{str(key): value for key, value in row.items()} for row in rows]
    path.write_text("\n".join(json.dumps(row, default=str) for row in with_names), "utf-8")
    corpus_or_error(path)


# Killed ------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL is needed")
def test_collecting_files_survives_being_killed(tmp_path):
    """Killed at random moments and repeated: every file once, whole, and a corpus that can be read."""
    sources = tmp_path / "sources"
    sources.mkdir()
    n = 120
    for number in range(n):
        (sources / f"a{number}.txt").write_text(f"{number} {ARTICLE}", "utf-8")
    code = f"""
        import sys
        import framing as fr
        from framing.collect.folder import Folder  # loaded before the clock starts
        print("ready", flush=True)
        fr.collect.files({str(sources)!r}, {str(tmp_path / "corpus")!r})
    """
    dice = random.Random(0)
    killed = 0
    for _ in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(dice.random() * 0.4)
        process.kill()
        process.wait()
        process.stdout.close()
        killed += process.returncode == -signal.SIGKILL
    assert killed >= 1
    report = fr.collect.files(sources, tmp_path / "corpus")
    assert report.failed == 0
    corpus = fr.read_corpus(tmp_path / "corpus")
    assert sorted(document.text.split()[0] for document in corpus) == sorted(str(number) for number in range(n))
    assert {len(document.text.split()) for document in corpus} == {1 + len(ARTICLE.split())}
    assert not [path for path in (tmp_path / "corpus").rglob(".*") if "new" in path.name or path.suffix == ".txt"]


# A full disk -------------------------------------------------------------------------------------


@pytest.fixture
def full(monkeypatch):
    """Return a function after which no file can be moved to its name: the disk is full."""

    def fill() -> None:
        def refuse(*_args, **_named):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "replace", refuse)

    return fill


@pytest.mark.parametrize("ending", ["", ".jsonl", ".parquet"])
def test_a_full_disk_leaves_the_corpus_that_was_there(tmp_path, full, monkeypatch, ending):
    before = fr.Corpus([fr.Document(id="a", text="كوبا")])
    place = fr.write_corpus(before, tmp_path / f"c{ending}")
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    full()
    with pytest.raises(OSError, match="No space left"):
        fr.write_corpus(fr.Corpus([fr.Document(id="a", text="روسيا" * 100)]), place)
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files
    assert fr.read_corpus(place) == before


def test_a_full_disk_ends_collecting_in_one_line_and_a_second_run_completes_it(tmp_path, full, monkeypatch, capsys):
    for number in range(3):
        (tmp_path / f"a{number}.txt").write_text(f"{number} {ARTICLE}", "utf-8")
    call = ["collect", "files", *(str(tmp_path / f"a{n}.txt") for n in range(3)), "--into", str(tmp_path / "corpus")]
    full()
    assert main(call) != 0
    said = capsys.readouterr().err
    assert "No space left" in said
    assert "Traceback" not in said
    monkeypatch.undo()
    assert main(call) == 0
    assert len(fr.read_corpus(tmp_path / "corpus")) == 3


def test_a_full_disk_at_a_figure_leaves_the_figure_that_was_there(tmp_path, full):
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    fr.plot.save(ax, "f", alt="a", caption="c", folder=tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    full()
    with pytest.raises(OSError, match="No space left"):
        fr.plot.save(ax, "f", alt="other", caption="other", folder=tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in before} == before


# Hostile content ---------------------------------------------------------------------------------

EVIL = ("=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1")


def test_no_table_on_the_command_line_holds_a_formula(tmp_path, capsys):
    """Texts, titles, outlets and ids that begin like formulas, through every verb that prints a table."""
    documents = [
        fr.Document(id=f"d{n}", text=f"{evil}\n\n{evil} قال بوتين إن التعاون مع كوبا مستمر.", outlet=evil, event=evil)
        for n, evil in enumerate(EVIL)
    ]
    place = str(fr.write_corpus(fr.Corpus(documents), tmp_path / "c.jsonl"))
    text = tmp_path / "-1.txt"
    text.write_text("قال بوتين إن التعاون مع كوبا مستمر.", "utf-8")
    calls = [
        ["kwic", "التعاون", place, "--format", "csv"],
        ["corpus", "describe", place, "--by", "outlet", "--format", "csv"],
        ["code", place, "--out", str(tmp_path / "out"), "--workers", "0", "--by", "outlet"],
        ["score", str(text), "--format", "csv"],
    ]
    for call in calls:
        assert main(call) == 0, call
        rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
        assert len(rows) > 1, call
        run = [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "\t", "＝"))]
        run += [cell for row in rows for cell in row if cell.startswith("-") and not _is_number(cell)]
        assert not run, (call, run)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_an_intrusion_sheet_holds_no_formula(tmp_path):
    from framing.topics.sheets import Sheet

    table = pd.DataFrame({"item": ["1"], "text": ["=cmd|' /C calc'!A0"], "intruder": [""]})
    sheet = Sheet("topic", table, pd.DataFrame({"item": ["1"]}), {})
    saved = sheet.save(tmp_path / "s.csv").read_text("utf-8-sig")
    assert saved.splitlines()[1] == "1,'=cmd|' /C calc'!A0,"


@pytest.mark.parametrize("id", ["../secret", "/etc/passwd", "a/../../secret", "..\\secret"])
def test_ids_do_not_lead_out_of_a_corpus(tmp_path, id):
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    folder = tmp_path / "corpus"
    (folder / "texts").mkdir(parents=True)
    (folder / "documents.csv").write_text(f"id\n{id}\n", "utf-8")
    with pytest.raises(FramingError, match=r"outside the corpus folder|no text for"):
        fr.read_corpus(folder)
    with pytest.raises(FramingError, match="cannot be file names"):
        fr.write_corpus(fr.Corpus([fr.Document(id=id, text="كوبا")]), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_links_do_not_lead_out_of_a_corpus(tmp_path):
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    folder = tmp_path / "corpus"
    (folder / "texts").mkdir(parents=True)
    (folder / "texts" / "a.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "documents.csv").write_text("id\na\n", "utf-8")
    with pytest.raises(FramingError, match="outside the corpus folder"):
        fr.read_corpus(folder)


@pytest.mark.parametrize("name", ["../f", "a/b", "..", ".hidden", "a\\b", ""])
def test_names_of_figures_and_coders_do_not_lead_out_of_their_folder(tmp_path, name):
    from matplotlib.figure import Figure

    inner = tmp_path / "inner"
    with pytest.raises(FramingError, match="not a file name"):
        fr.plot.save(Figure().add_subplot(), name, alt="a", caption="c", folder=inner)
    corpus = fr.Corpus([fr.Document(id=f"d{n}", text="تعاون.") for n in range(4)])
    try:
        sheet = fr.coding_sheet(corpus, fr.Codebook.from_dict({"a": ["تعاون"]}), n=2, coders=[name])
        sheet.save(inner)
    except (FramingError, TypeError):
        pass
    assert {path.name for path in tmp_path.iterdir()} <= {"inner"}


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(archives, "MEMBER_BYTES", 30_000_000)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"0" * 40_000_000)
        archive.writestr("ratio.txt", b"0" * 20_000_000)
        archive.writestr("good.txt", ARTICLE)
    found = dict(archives.zip_members(file.getvalue(), "a.zip"))
    assert [name for name, content in found.items() if isinstance(content, FramingError)] == ["bomb.txt", "ratio.txt"]
    assert found["good.txt"] == ARTICLE.encode()


def test_a_workbook_with_entities_is_not_expanded(tmp_path):
    """A coder's workbook with a billion laughs in it: an error in time, or a sheet without them."""
    corpus = fr.Corpus([fr.Document(id=f"d{n}", text="تعاون جديد.") for n in range(4)])
    sheet = fr.coding_sheet(corpus, fr.Codebook.from_dict({"a": ["تعاون"]}), n=2, coders=["x"])
    (path, *_) = [path for path in sheet.save(tmp_path / "sheet", format="xlsx") if path.suffix == ".xlsx"]
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    evil = tmp_path / "evil.xlsx"
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(evil, "w") as bad:
        for name in good.namelist():
            content = good.read(name).decode("utf-8", "replace") if name.endswith(".xml") else good.read(name)
            if name.startswith("xl/worksheets/") and isinstance(content, str):
                head, _, rest = content.partition("?>") if content.startswith("<?xml") else ("", "", content)
                content = f"{head}?>{bomb}{rest}" if head else bomb + rest
                content = content.replace("</t>", "&l9;&f;</t>")
            bad.writestr(name, content)
    code = f"""
        import resource, sys
        resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, resource.RLIM_INFINITY))
        import framing as fr
        corpus = fr.Corpus([fr.Document(id=f"d{{n}}", text="تعاون جديد.") for n in range(4)])
        try:
            codes = fr.read_coding_sheet({str(evil)!r}, corpus)
        except fr.FramingError as error:
            print("error:", error)
        else:
            print("read", "root:" in str(vars(codes)))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("error:") or done.stdout.strip() == "read False"


# What is left out for speed ----------------------------------------------------------------------


def test_words_that_are_not_analysed_could_not_have_matched(codebook, monkeypatch):
    """Only words that can hold a stem between affixes are analysed; analysing all of them finds nothing more."""
    import wordfreq

    from framing.language import chars
    from framing.matching import symbols, terms

    dice = random.Random(0)
    known = [word for word in wordfreq.get_frequency_dict("ar", wordlist="large") if len(word) > 1]
    words = [*known[:1_500], *dice.sample(known, 1_500)]
    listed = [entry.term for frame in codebook.frames.values() for entry in frame.entries if entry.match == "lemma"]
    asked = [terms.term(n, term) for n, term in enumerate([*listed, *dice.sample(known[300:20_000], 100)])]

    def found() -> list[dict[int, int]]:
        table = symbols.SymbolTable(asked)
        table.prepare(words)
        return [table.find(word, chars.key(word), 1) for word in words]

    some = found()
    monkeypatch.setattr(symbols.SymbolTable, "_stems", lambda _: None)
    assert some == found()
    assert sum(map(bool, some)) > 50


# The network -------------------------------------------------------------------------------------


def test_importing_and_coding_open_no_connection(tmp_path):
    """Every public name loaded, a text coded, scored, shown: no socket leaves the machine, nothing is looked up."""
    code = """
        import socket, sys
        def refuse(event, arguments):
            if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
                raise SystemExit(f"{event} {arguments}")
        sys.addaudithook(refuse)
        import framing as fr
        for name in fr.__all__:
            getattr(fr, name)
        article = fr.Document(id="a", text="قال بوتين إن التعاون مع كوبا مستمر.")
        book = fr.load_codebook("cuba-russia-us")
        codings = fr.code(article, book)
        fr.frame_scores(codings, resamples=10)
        fr.stance(article, book, resamples=0)
        fr.show(article, codings)._repr_html_()
        fr.plot.frame_scores(fr.frame_scores(codings, resamples=10))
        print(len(codings))
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) >= 1


def test_the_licence_of_every_locked_package_is_listed():
    """After a change of the lock: make licences."""
    root = Path(__file__).parents[1]
    locked = re.findall(
        r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", (root / "requirements.lock").read_text("utf-8"), re.MULTILINE
    )
    listed = re.findall(
        r"^\| (\S+) \| (\S+) \| (\S.*) \|$", (root / "docs" / "licences.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(locked) == sorted((name, version) for name, version, _ in listed[1:])
    assert "not stated" not in {licence for *_, licence in listed}
