"""The command line as a user meets it: results that can be checked, one clear line for whatever cannot be read."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from framing.cli import main, verbs

ROOT = Path(__file__).parents[1]
ARTICLE = ROOT / "corpora" / "focal" / "putin-diaz-canel-2018.txt"
TEXT = "تعاونت روسيا مع كوبا. وفرضت واشنطن عقوبات على هافانا."
ON_A_TEXT = ("score", "show", "voices", "relations", "stance")


@pytest.fixture
def run(capsys):
    """Return a function that runs a verb: exit code, standard output, standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        exit_code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return exit_code, captured.out, captured.err

    return call


def test_score_gives_the_frames_with_intervals_and_evidence_in_the_raw_file(run):
    exit_code, out, err = run("score", ARTICLE, "--format", "json")
    assert (exit_code, err) == (0, "")
    result = json.loads(out)
    [document] = result["documents"]
    raw = ARTICLE.read_text("utf-8")
    assert [frame["frame"] for frame in document["frames"]] == ["alliance", "cold_war", "us_pressure"]
    for frame in document["frames"]:
        assert frame["hits"] > 0
        assert frame["low"] <= frame["rate"] <= frame["high"]
        assert sum(not hit["negated"] for hit in frame["evidence"]) == frame["hits"]
        assert all(raw[hit["start"] : hit["end"]] == hit["evidence"] for hit in frame["evidence"])
    assert result["provenance"]["codebook"] == "cuba-russia-us"


def test_score_in_all_formats_says_the_same(run, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, "utf-8")
    table = pd.read_csv(io.StringIO(run("score", path, "--format", "csv")[1]))
    frames = json.loads(run("score", path, "--format", "json")[1])["documents"][0]["frames"]
    assert table["hits"].tolist() == [frame["hits"] for frame in frames]
    printed = run("score", path)[1].splitlines()
    assert [line.split()[1:3] for line in printed[1:]] == [[r.frame, str(r.hits)] for r in table.itertuples()]


def test_several_texts_and_a_dictionary_of_ones_own(run, tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(TEXT, "utf-8")
    (tmp_path / "mine.yml").write_text("kind: frame\nid: penalty\nentries: [عقوبة]\n", "utf-8")
    options = ("--codebook", tmp_path / "mine.yml", "--format", "csv")
    out = run("score", tmp_path / "a.txt", tmp_path / "b.txt", *options)[1]
    assert pd.read_csv(io.StringIO(out))[["doc_id", "frame", "hits"]].values.tolist() == [
        ["a", "penalty", 1],
        ["b", "penalty", 1],
    ]


def test_show_writes_a_page_that_stands_alone(run, tmp_path):
    page = tmp_path / "page.html"
    exit_code, _, err = run("show", ARTICLE, "--out", page)
    assert (exit_code, err) == (0, "")
    html = page.read_text("utf-8")
    assert html.startswith("<!doctype html>")
    assert 'dir="rtl"' in html
    assert "http" not in html.replace("http://www.w3.org", "")


def test_voices_relations_and_stance(run, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("قال بوتين إن روسيا تدعم كوبا. وفرضت واشنطن عقوبات على هافانا.", "utf-8")
    [voice] = json.loads(run("voices", path, "--format", "json")[1])
    assert (voice["speaker"], voice["side"], voice["directness"]) == ("فلاديمير بوتين", "russia", "indirect")
    rows = json.loads(run("relations", path, "--format", "json")[1])
    assert [(row["source"], row["target"], row["polarity"], row["voice"]) for row in rows] == [
        ("russia", "cuba", 1, "reported"),
        ("usa", "cuba", -1, "narrator"),
    ]
    out = run("stance", path, "--target", "cuba", "--by", "voice", "--format", "csv")[1]
    stance = pd.read_csv(io.StringIO(out)).set_index("voice")
    assert stance.loc["reported", ["favour", "against"]].tolist() == [1, 0]
    assert stance.loc["narrator", ["favour", "against"]].tolist() == [0, 1]
    (tmp_path / "none.txt").write_text("مر اليوم هادئا.", "utf-8")
    assert run("relations", tmp_path / "none.txt")[1] == "nothing found\n"


BAD = {
    "missing": (None, "no such file"),
    "empty": (b"", "is empty"),
    "blank": (b" \n\t\n", "is empty"),
    "binary": (bytes(range(256)) * 4, "not a text file"),
    "no-arabic": (b"Nothing but English here.", "add --language en"),
}


@pytest.mark.parametrize("verb", ON_A_TEXT)
@pytest.mark.parametrize("name", [*BAD, "folder"])
def test_what_cannot_be_read_is_refused_in_one_line(run, tmp_path, verb, name):
    path = tmp_path / f"{name}.txt"
    content, expected = BAD.get(name, (None, "is a folder"))
    if name == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    before = sorted(tmp_path.rglob("*"))
    extra = ("--out", tmp_path / "page.html") if verb == "show" else ()
    exit_code, out, err = run(verb, path, *extra)
    assert (exit_code, out) == (2, "")
    assert err.startswith("framing: ")
    assert err.count("\n") == 1
    assert str(path) in err
    assert expected in err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("encoding", ["cp1256", "utf-16", "utf-8-sig"])
def test_other_encodings_are_converted_and_said(run, tmp_path, encoding):
    text = ARTICLE.read_text("utf-8")
    ours, theirs = tmp_path / "ours.txt", tmp_path / "theirs.txt"
    ours.write_text(text, "utf-8")
    theirs.write_bytes(text.encode(encoding, errors="replace"))
    expected = pd.read_csv(io.StringIO(run("score", ours, "--format", "csv")[1]))
    exit_code, out, err = run("score", theirs, "--format", "csv")
    assert exit_code == 0
    assert pd.read_csv(io.StringIO(out))["hits"].tolist() == expected["hits"].tolist()
    assert (encoding in err.lower()) == (encoding != "utf-8-sig")


def test_a_bad_option_names_the_choices(run, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, "utf-8")
    exit_code, _, err = run("stance", path, "--target", "cubba")
    assert (exit_code, "did you mean 'cuba'" in err) == (2, True)
    exit_code, _, err = run("score", path, "--codebook", "cuba-russia")
    assert (exit_code, "cuba-russia-us" in err) == (2, True)
    exit_code, _, err = run("show", path, "--out", path / "page.html")
    assert (exit_code, err.count("\n")) == (2, 1)


def test_every_verb_explains_itself(capsys):
    parsers: list[str] = []

    class Registry:
        def add_parser(self, name, **_options):
            parsers.append(name)
            return _Swallow()

    for verb in verbs.ALL:
        verb.register(Registry())
    assert len(parsers) == len(set(parsers))
    for name in parsers:
        with pytest.raises(SystemExit) as left:
            main([name, "--help"])
        assert left.value.code == 0
        assert "usage: framing" in capsys.readouterr().out


class _Swallow:
    """Takes whatever a verb does to its parser."""

    def __getattr__(self, name):
        return lambda *_arguments, **_options: _Swallow()


def test_a_closed_pipe_is_no_error():
    command = f"{sys.executable} -m framing score {ARTICLE} --format json | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stdout == "{\n"
    assert "Exception" not in done.stderr
    assert "Error" not in done.stderr
