"""Codebooks that cannot be used: an error that says where and what, or a result in time; never a hang."""

from __future__ import annotations

import random
import re
import string

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

import framing as fr
from framing.matching import symbols, terms


def frame_file(folder, body: str, name: str = "f.yml"):
    path = folder / name
    path.write_text(f"kind: frame\nid: f\n{body}", "utf-8")
    return path


@pytest.mark.parametrize(
    ("body", "line", "problem"),
    [
        ("entries: [a\n", 4, "not valid YAML"),
        ("entries:\n  - a\n - b\n", 5, "not valid YAML"),
        ("entries: [a]\ndefinitoin: x\n", 4, "unknown field 'definitoin' (did you mean 'definition'?)"),
        ("entries: [{term: a, wieght: 2}]\n", 3, "unknown field 'wieght' (did you mean 'weight'?)"),
        ("entries: [{weight: 2}]\n", 3, "the field 'term' is missing"),
        ("entries: ['']\n", 3, "is empty"),
        ("entries: ['  ']\n", 3, "is empty"),
        ("entries:\n  - a\n  - {term: ' '}\n", 5, "is empty"),
        ("entries: []\n", 3, "entries"),
        ("entries: [yes]\n", 3, "put it in quotation marks"),
        ("entries: [1984]\n", 3, "1984"),
        ("entries: [{term: a, match: lema}]\n", 3, "did you mean 'lemma'"),
        ("entries: [{term: a, weight: -1}]\n", 3, "-1"),
        ("entries: [{term: a, gap: 99}]\n", 3, "99"),
        ("entries: [{term: a, requires: {}}]\n", 3, "requires"),
        ("entries: [{term: a, requires: {term: b, withn: 3}}]\n", 3, "unknown field 'withn' (did you mean 'within'?)"),
        ("entries: [a]\nentries: [b]\n", 4, "the key 'entries' stands here a second time"),
        ("entries: &e [a]\nnames: *e\n", 3, "anchors and aliases"),
        ("entries: &e [*e]\n", 3, "anchors and aliases"),
        ("entries: [*ing]\n", 3, "put a term that begins with * or & in quotation marks"),
        ("entries: !!python/name:os.system ''\n", 3, "not valid YAML"),
        ("entries: [a b]\ninclude: [{rule: ''}]\n", 4, "is empty"),
        ("entries: [{term: a b, match: surface}]\n", 3, "several words need match: phrase"),
    ],
)
def test_the_error_says_where_and_what(body, line, problem, tmp_path):
    path = frame_file(tmp_path, body)
    with pytest.raises(fr.FramingError) as caught:
        fr.load_codebook(path)
    message = str(caught.value)
    assert message.startswith(f"{path}, line ")
    assert problem in message
    found = int(re.search(r", line (\d+)", message)[1])
    assert found == line


def test_deep_and_huge_yaml(tmp_path):
    with pytest.raises(fr.FramingError, match="not valid YAML"):
        fr.load_codebook(frame_file(tmp_path, "entries: " + "[" * 20_000))
    laughs = "\n".join(f"{b}: &{b} [{', '.join(['*' + a] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    with pytest.raises(fr.FramingError, match="anchors and aliases"):
        fr.load_codebook(frame_file(tmp_path, f"a: &a [x]\n{laughs}\nentries: [x]\n"))


def test_binary_and_empty_files(tmp_path):
    for name, raw in (("a.yml", b""), ("b.yml", b"\x00\x01\x02" * 50), ("c.dic", b"\x89PNG\r\n\x1a\n\x00\x00")):
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(fr.FramingError, match=r"empty|binary"):
            fr.load_codebook(tmp_path / name)


def test_circles():
    def needs(term: str, *others: str) -> fr.Entry:
        return fr.Entry(term, requires=tuple(fr.Condition(entry=(other,)) for other in others))

    with pytest.raises(fr.FramingError, match="in a circle: a → b → c → a"):
        fr.Codebook([fr.Frame(id="f", entries=(needs("a", "b"), needs("b", "c"), needs("c", "a")))])
    with pytest.raises(fr.FramingError, match="in a circle: a → a"):
        fr.Codebook([fr.Frame(id="f", entries=(needs("a", "a"),))])
    chain = [needs(f"t{n}", f"t{n + 1}") for n in range(3_000)]
    assert fr.Codebook([fr.Frame(id="f", entries=(*chain, fr.Entry("t3000")))])


@pytest.mark.parametrize("pattern", ["(a|aa)+$", "^(a|aa)+b", "x|(aa|a)+c"])
def test_exploding_patterns_are_stopped(pattern):
    book = fr.Codebook.from_dict({"f": [{"term": pattern, "match": "pattern", "valuetype": "regex"}]})
    with pytest.raises(
        fr.FramingError, match=re.escape(f"the pattern {pattern!r} took more than 0.1 s on the word 'aaaa")
    ):
        fr.code(fr.Document(id="x", text="a" * 60 + "d"), book)


def test_patterns_that_are_slow_on_every_word_are_stopped(monkeypatch):
    monkeypatch.setattr(symbols, "REGEX_TOTAL_SECONDS", 0.005)
    table = symbols.SymbolTable([terms.term(0, "(a|aa)+$", "pattern", valuetype="regex")])
    words = [f"{'a' * 16}{n}b" for n in range(300)]
    with pytest.raises(fr.FramingError, match="on the words of this corpus"):
        _ = [table.find(word, word, 2) for word in words]


def test_long_words_and_many_stars():
    book = fr.Codebook.from_dict({"f": ["*a*a*a*a*a*b"]})
    try:
        assert len(fr.code(fr.Document(id="x", text="a" * 5_000), book)) == 0
    except fr.FramingError as error:
        assert "took more than" in str(error)  # noqa: PT017 - either is an answer in time


def test_patterns_are_anchored_as_quanteda_anchors_them():
    text = fr.Document(id="x", text="The States stated: understate!")

    def found(pattern: str, valuetype: str) -> list[str]:
        book = fr.Codebook.from_dict({"f": [{"term": pattern, "match": "pattern", "valuetype": valuetype}]})
        return fr.code(text, book, negation=False).table["evidence"].tolist()

    assert found("stat*", "glob") == ["States", "stated"]
    assert found("*state", "glob") == ["understate"]
    assert found("*stat*", "glob") == ["States", "stated", "understate"]
    assert found("st?te?", "glob") == ["States", "stated"]
    assert found("state", "regex") == ["States", "stated", "understate"]
    assert found("^state", "regex") == ["States", "stated"]
    assert found(r"^\S+S$", "regex") == ["States"]
    assert found("the stat", "regex") == ["The States"]


@given(
    st.lists(st.text("ab*?", min_size=1, max_size=5).filter(lambda p: set(p) & set("*?")), min_size=1, max_size=6),
    st.lists(st.text("ab", min_size=1, max_size=6), min_size=1, max_size=8),
)
@settings(max_examples=40, deadline=None)
def test_globs_match_what_fnmatch_matches(patterns, words):
    from fnmatch import fnmatchcase

    book = fr.Codebook.from_dict({f"f{n}": [pattern] for n, pattern in enumerate(patterns)})
    found = fr.code(fr.Document(id="x", text=" ".join(words)), book, negation=False).table
    counted = found["frame"].value_counts()
    for number, pattern in enumerate(patterns):
        assert counted.get(f"f{number}", 0) == sum(fnmatchcase(word, pattern) for word in words)


def test_a_hundred_thousand_entries(tmp_path):
    dice = random.Random(3)
    words = sorted({"".join(dice.choices(string.ascii_lowercase, k=8)) for _ in range(100_100)})[:100_000]
    kinds = ("{0}", "{0}*", "'*{0}'", "'?{1}*'", "{0} {2}")  # words, globs of every kind, phrases
    lines = [f"- {kinds[n % 5].format(word, word[1:7], words[n - 1])}\n" for n, word in enumerate(words)]
    path = tmp_path / "big.yml"
    path.write_text("big:\n" + "".join(lines), "utf-8")
    book = fr.import_codebook(path)
    assert len(book.frames["big"].entries) == 100_000
    chosen = [500, 40_001, 60_002, 80_003, 99_999]
    text = " . ".join(f"{words[n]} {words[n - 1]}" if n % 5 == 4 else words[n] for n in chosen)
    hits = fr.code(fr.Document(id="x", text=text), book, negation=False, voice=False).table
    assert hits["entry"].tolist() == [lines[n][2:].strip("'\n") for n in chosen]


@given(raw=st.binary(max_size=300))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("ending", [".yml", ".dic", ".lc3", ".ykd", ".cat", ".csv"])
@pytest.mark.filterwarnings("ignore::framing.errors.FramingWarning")
def test_any_bytes_give_a_codebook_or_one_clear_error(ending, raw, tmp_path):
    path = tmp_path / f"x{ending}"
    path.write_bytes(raw)
    try:
        book = fr.load_codebook(path)
    except fr.FramingError as error:
        assert str(path) in str(error)  # noqa: PT017
    else:
        assert book.frames
        fr.code(fr.Document(id="x", text="x y"), book)
