"""The linter: every problem once, on codebooks in which exactly that is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

import framing as fr

COLUMNS = ["level", "problem", "frame", "entry", "detail"]
RULE = {"example": "وقعت الدولتان تعاونا.", "counter_example": "نزل المطر."}


def frame(name: str = "f", entries: tuple[fr.Entry, ...] = (fr.Entry("تعاون", pos=("noun",)),), **more) -> fr.Frame:
    """Return a frame that is complete but for what `more` says."""
    from framing.codebook import Rule

    whole = {
        "definition": "d",
        "include": (Rule("r", **RULE),),
        "exclude": (Rule("r", RULE["counter_example"], RULE["example"]),),
        "sources": ("s",),
    }
    return fr.Frame(id=name, entries=entries, **{**whole, **more})


def found(book: fr.Codebook, *problems: str, corpus=None, **options) -> list[list[str]]:
    table = fr.check_codebook(book, corpus, **options)
    assert list(table.columns) == COLUMNS
    return table[table["problem"].isin(problems)].drop(columns="problem").values.tolist()


def entries(*terms: str, **fields) -> tuple[fr.Entry, ...]:
    return tuple(fr.Entry(term, **fields) for term in terms)


def test_a_clean_codebook_has_no_findings():
    table = fr.check_codebook(fr.Codebook([frame()]))
    pd.testing.assert_frame_equal(table, pd.DataFrame(columns=COLUMNS, dtype=object))


def test_missing_documentation():
    from framing.codebook import Rule

    rules = (Rule("say more"), Rule("half", example="تعاون"))
    book = fr.Codebook([frame(definition="", include=rules, exclude=(), sources=())])
    assert found(book, "missing_definition", "missing_rules", "missing_example", "missing_source") == [
        ["warning", "f", "", "a coder cannot know what the frame is: add definition"],
        ["warning", "f", "", "include: the rule 'say more' has no example and no counter_example"],
        ["warning", "f", "", "include: the rule 'half' has no counter_example"],
        ["warning", "f", "", "no rule under exclude"],
        ["note", "f", "", "neither the frame nor an entry names a source"],
    ]


@pytest.mark.parametrize(
    "pair",
    [
        ("حليف", "حلفاء"),  # a plural is the same lemma
        ("وزير الخارجية", "وزراء الخارجية"),
        ("تعاون", "تعـاوُن"),  # vowels and tatweel
        ("sanction", "sanctions"),
    ],
)
def test_duplicates(pair):
    match = {"match": "phrase"} if " " in pair[0] else {}
    book = fr.Codebook([frame(entries=entries(*pair, **match))])
    assert found(book, "duplicate", "overlap") == [
        ["warning", "f", pair[1], f"the entry {pair[0]!r} has the same words"]
    ]


def test_variants_are_compared_too():
    book = fr.Codebook([frame(entries=(fr.Entry("صداقة", variants=("تعاون",)), fr.Entry("تعاون")))])
    assert found(book, "duplicate") == [["warning", "f", "تعاون", "the entry 'صداقة' has the same words"]]


def test_overlaps_of_patterns_and_of_other_conditions():
    condition = (fr.Condition(term=("دولة",)),)
    book = fr.Codebook(
        [frame(entries=(fr.Entry("تعاون"), fr.Entry("تعاو*", match="pattern"), fr.Entry("تعاون", requires=condition)))]
    )
    assert found(book, "duplicate", "overlap") == [
        ["note", "f", "تعاو*", "the entry 'تعاون' (no. 1 of the frame) matches the same words"],
        ["note", "f", "تعاون", "the entry 'تعاون' (no. 1 of the frame) matches the same words under other conditions"],
        ["note", "f", "تعاون", "the entry 'تعاو*' (no. 2 of the frame) matches the same words under other conditions"],
    ]


def test_phrases_inside_phrases_are_no_overlap():
    book = fr.Codebook([frame(entries=(fr.Entry("تعاون"), fr.Entry("تعاون عسكري", match="phrase")))])
    assert found(book, "duplicate", "overlap") == []


def test_entries_shared_by_frames():
    book = fr.Codebook([frame("a", entries("سلام")), frame("b", entries("السلام"))])
    assert found(book, "shared") == [["note", "b", "السلام", "the entry 'سلام' of 'a' matches the same words"]]


def test_entries_that_are_names():
    book = fr.Codebook(
        [frame(entries=(fr.Entry("تعاون"), fr.Entry("مجلس التعاون", match="phrase")), names=("مجلس التعاون",))]
    )
    assert found(book, "named_away") == [
        [
            "error",
            "f",
            "مجلس التعاون",
            "'مجلس التعاون' is one of the frame's names, which count for nothing; drop one of the two",
        ]
    ]


def test_terms_that_are_not_found():
    book = fr.Codebook([frame(entries=(fr.Entry("تعاون", pos=("name",)),))])
    assert found(book, "not_found") == [
        ["note", "f", "تعاون", "the term is not found where it stands alone as name; is it a citation form?"]
    ]


def test_homographs(skip):
    from framing.language import backend

    if not backend().has_readings:
        skip("there is no morphology database here")
    open_, closed = fr.Entry("هنأ"), fr.Entry("هنأ", pos=("verb",))
    assert found(fr.Codebook([frame(entries=(closed,))]), "homograph") == []
    assert found(fr.Codebook([frame(entries=(fr.Entry("حَرْب"),))]), "homograph") == []
    rows = found(fr.Codebook([frame(entries=(open_,))]), "homograph")
    assert [row[:3] for row in rows] == [["note", "f", "هنأ"]]
    assert rows[0][3].startswith("verb ")
    assert "; adv " in rows[0][3]


def test_examples_are_coded():
    from framing.codebook import Rule

    include = (Rule("r1", "تعاون البلدان.", "نزل المطر."), Rule("r2", "صداقة قديمة.", "تعاون قديم."))
    exclude = (Rule("r3", "تعاون الشركتين.", "تعاون الدولتين."),)
    book = fr.Codebook([frame(include=include, exclude=exclude)])
    assert found(book, "example_not_coded", "counter_example_coded") == [
        ["warning", "f", "", "include, rule 'r2': the lexicon finds nothing in 'صداقة قديمة.'"],
        ["warning", "f", "", "include, rule 'r2': the lexicon counts 'تعاون قديم.'"],
        ["warning", "f", "", "exclude, rule 'r3': the lexicon counts 'تعاون الشركتين.'"],
    ]


def test_evaluative_terms():
    from framing.codebook import Evaluation

    def family(name: str, polarity: int, verbs: list[str]) -> Evaluation:
        return Evaluation(name, polarity, "verbal_conflict", "111", -2.0, verb=tuple(verbs))

    book = fr.Codebook(
        [frame()],
        evaluations=[family("yes", 1, ["أيد", "دعم"]), family("no", -1, ["دعم"])],
    )
    assert found(book, "both_polarities") == [
        ["warning", "", "دعم", "supports in 'yes', opposes in 'no'"],
    ]


CORPUS = [
    fr.Document(id=f"d{n}", text="تعاون جديد. صداقة عميقة." if n else "تعاون الحزب. صداقة عميقة.") for n in range(3)
]


def test_entries_in_a_corpus():
    cancelled = fr.Entry("تعاون", unless=(fr.Condition(term=("جديد",)),))
    longer = fr.Entry("صداقة عميقة", match="phrase")
    book = fr.Codebook([frame(entries=(cancelled, longer, fr.Entry("صداقة"), fr.Entry("تحالف")))])
    assert found(book, "mostly_cancelled", "covered", "never", corpus=CORPUS, min_matches=3) == [
        ["warning", "f", "تعاون", "2 of 3 matches are cancelled: 2 × cancelled by word جديد in the sentence"],
        ["note", "f", "صداقة", "all 3 matches lie inside longer entries or names of the frame"],
        ["note", "f", "تحالف", "no match in 3 documents of 'corpus'"],
    ]
    assert found(book, "mostly_cancelled", corpus=CORPUS) == []  # three matches are too few by default
    assert found(book, "mostly_cancelled", corpus=CORPUS, min_matches=3, cancelled=0.7) == []


def test_a_codebook_may_be_named(codebook):
    pd.testing.assert_frame_equal(fr.check_codebook("cuba-russia-us"), fr.check_codebook(codebook))


def test_the_shipped_codebook_has_no_errors(codebook, related):
    table = fr.check_codebook(codebook, related)
    assert not (table["level"] == "error").any()
    assert not table["problem"].isin(["missing_definition", "missing_rules", "missing_example", "named_away"]).any()
    levels = table["level"].map({"error": 0, "warning": 1, "note": 2})
    assert levels.is_monotonic_increasing


# Command line -----------------------------------------------------------------------------------


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    from framing.cli import main

    code = main(list(arguments))
    out = capsys.readouterr()
    return code, out.out, out.err


def frame_file(folder: Path, **fields: str) -> Path:
    lines = {"kind": "frame", "id": "f", "entries": "[تعاون, صداقة]", **fields}
    path = folder / "f.yml"
    path.write_text("\n".join(f"{key}: {value}" for key, value in lines.items() if value), "utf-8")
    return path


def test_command_line(capsys, tmp_path):
    path = frame_file(tmp_path)
    code, out, _ = run(capsys, "codebook", "check", str(path))
    assert code == 0
    assert out.splitlines()[0].startswith("warning: missing_definition (f): ")
    assert out.splitlines()[-1] == "1 frames, 2 entries; 0 errors, 3 warnings, 2 notes"
    assert run(capsys, "codebook", "check", str(path), "--strict")[0] == 1
    assert "note:" not in run(capsys, "codebook", "check", str(path), "--quiet")[1]
    assert run(capsys, "codebook", "check", str(path), "--format", "csv")[1].splitlines()[0] == ",".join(COLUMNS)
    bad = frame_file(tmp_path, names="[تعاون]")
    assert run(capsys, "codebook", "check", str(bad))[0] == 1


def test_a_frame_of_a_folder_is_checked_with_its_actors(capsys, tmp_path):
    from framing.codebook.loading import bundled

    folder = tmp_path / "book"
    shutil.copytree(bundled()["cuba-russia-us"], folder)
    code, out, _ = run(capsys, "codebook", "check", str(folder / "cold_war.yml"), "--quiet")
    assert code == 0
    assert out.splitlines()[-1].startswith("1 frames, ")
    assert (
        run(capsys, "codebook", "check", str(folder / "actors.yml"), "--quiet")[1]
        .splitlines()[-1]
        .startswith("3 frames")
    )
    (folder / "new.yml").write_text("kind: frame\nid: new\nentries: [a]\n")
    code, _, err = run(capsys, "codebook", "check", str(folder / "new.yml"))
    assert (code, "does not list this frame" in err) == (2, True)


def test_convert_show_and_errors_on_the_command_line(capsys, tmp_path):
    path = frame_file(tmp_path)
    code, out, _ = run(capsys, "codebook", "convert", str(path), str(tmp_path / "f.lc3"))
    assert (code, out.strip()) == (0, str(tmp_path / "f.lc3"))
    assert (tmp_path / "f.lc3").read_text("utf-8") == "+f\nتعاون\nصداقة\n"
    code, out, _ = run(capsys, "codebook", "show", str(path), "--out", str(tmp_path / "f.html"))
    assert (code, (tmp_path / "f.html").read_text("utf-8")[:15]) == (0, "<!doctype html>")
    for arguments in (("check", "nothing.yml"), ("convert", str(path), str(tmp_path / "f.xyz"))):
        code, out, err = run(capsys, "codebook", *arguments)
        assert (code, out, err.count("\n")) == (2, "", 1)
