"""What beginners pass by mistake: always a FramingError that names the argument and the cure, never another error."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import framing as fr

DOCUMENT = fr.Document(id="a", text="أكد الوزير على التعاون. لقاء جديد.", date="2018-11-02")
OTHER = fr.Document(id="b", text="وصل الوفد. تعاون.", date="2018-11-03")
CORPUS = fr.Corpus([DOCUMENT, OTHER], "two")
BOOK = fr.Codebook.from_dict({"alliance": ["تعاون"], "threat": ["تهديد"]})
CODINGS = fr.code(CORPUS, BOOK)
SCORES = fr.frame_scores(CODINGS, resamples=0)

MISTAKES = {
    # corpus
    "code(text)": (lambda: fr.code("نص", BOOK), r"corpus must be .*not str 'نص'; .*fr\.Document\(id='a', text=…\)"),
    "code(texts)": (lambda: fr.code(["نص"], BOOK), r"corpus must be .*list with str 'نص' \(number 1\); .*fr\.Document"),
    "code(folder)": (lambda: fr.code("folder", BOOK), r"fr\.read_corpus\(path\) returns, not str 'folder'"),
    "code(path)": (lambda: fr.code(Path("x"), BOOK), r"not \w*Path .*; write fr\.read_corpus\('x'\)"),
    "code(mapping)": (lambda: fr.code({"a": "نص"}, BOOK), r"corpus must be .*not dict"),
    "code(number)": (lambda: fr.code(3, BOOK), r"corpus must be .*not int 3"),
    "code(none)": (lambda: fr.code(None, BOOK), r"corpus must be .*not None"),
    "code(table)": (lambda: fr.code(CORPUS.to_pandas(), BOOK), r"corpus must be .*fr\.Corpus\.from_pandas\(table\)"),
    "code(swapped)": (lambda: fr.code(BOOK, CORPUS), r"corpus must be .*not Codebook; the corpus comes first"),
    "code(codings)": (lambda: fr.code(CODINGS, BOOK), r"corpus must be .*pass the corpus that was coded"),
    "Corpus(texts)": (lambda: fr.Corpus(["نص"]), r"str 'نص' is none; write fr\.Document\("),
    "Corpus(text)": (lambda: fr.Corpus("نص"), r"made of documents, fr\.Corpus\(\[fr\.Document"),
    "Corpus(none)": (lambda: fr.Corpus([None]), r"None is none; write fr\.Document\("),
    "from_pandas(rows)": (lambda: fr.Corpus.from_pandas([{"id": 1}]), r"table must be a data frame"),
    "stance(codings)": (lambda: fr.stance(CODINGS, BOOK), r"corpus must be .*pass the corpus that was coded"),
    "relations(text)": (lambda: fr.relations("نص", BOOK), r"corpus must be .*fr\.Document"),
    "relations(name)": (lambda: fr.relations(CORPUS, "cuba-russia-us"), r"fr\.load_codebook\('cuba-russia-us'\)"),
    "evaluations(swapped)": (lambda: fr.evaluations(BOOK, CORPUS), r"the corpus comes first"),
    "attributions(text)": (lambda: fr.attributions("قال"), r"corpus must be .*fr\.Document"),
    "attributions(dict)": (lambda: fr.attributions(CORPUS, {"a": ["b"]}), r"codebook must be .*from_dict\({…}\)"),
    "keyness(text)": (lambda: fr.keyness("نص", CORPUS), r"target must be .*fr\.Document"),
    "keyness(codings)": (lambda: fr.keyness(DOCUMENT, CODINGS), r"reference must be .*pass the corpus"),
    "kwic(book)": (lambda: fr.kwic(BOOK, "تعاون"), r"corpus must be .*not Codebook"),
    "kwic(path)": (lambda: fr.kwic(Path("x"), "تعاون"), r"write fr\.read_corpus\('x'\)"),
    "kwic(table)": (lambda: fr.kwic(SCORES, "تعاون"), r"corpus must be .*from_pandas"),
    "kwic(pattern=scores)": (lambda: fr.kwic(CORPUS, SCORES), r"pattern must be a word, a phrase.*Codings, not Table"),
    "kwic(pattern=3)": (lambda: fr.kwic(CORPUS, 3), r"pattern must be a word.*not int 3"),
    "coding_sheet(text)": (lambda: fr.coding_sheet("txt", BOOK), r"corpus must be .*fr\.Document"),
    "coding_sheet(name)": (lambda: fr.coding_sheet(CORPUS, "x"), r"codebook must be .*fr\.load_codebook\('x'\)"),
    "read_coding_sheet": (lambda: fr.read_coding_sheet("x.csv", BOOK), r"corpus must be .*not Codebook"),
    "methods_appendix(codings)": (lambda: fr.methods_appendix(CODINGS, BOOK), r"corpus must be .*pass the corpus"),
    "methods_appendix(human)": (
        lambda: fr.methods_appendix(CORPUS, BOOK, human="x"), r"human must be .*read_coding_sheet"),
    "methods_appendix(validation)": (
        lambda: fr.methods_appendix(CORPUS, BOOK, validation=SCORES), r"validation must be what fr\.validate\("),
    "check_corpus(corpus)": (lambda: fr.check_corpus(CORPUS), r"path must be a folder or file .*fr\.write_corpus"),
    "near_duplicates(text)": (lambda: fr.near_duplicates("x"), r"corpus must be .*fr\.read_corpus"),
    "deduplicate(codings)": (lambda: fr.deduplicate(CODINGS), r"corpus must be .*pass the corpus"),
    "write_corpus(swapped)": (lambda: fr.write_corpus("x", CORPUS), r"corpus must be .*not str 'x'"),
    "topic_model(text)": (lambda: fr.topic_model("نص", k=4), r"corpus must be .*fr\.Document"),
    "choose_k(codings)": (lambda: fr.choose_k(CODINGS, k=[3, 4]), r"corpus must be .*pass the corpus"),
    "place(codings)": (lambda: fr.place(DOCUMENT, CODINGS), r"model must be what fr\.topic_model\("),
    "place(swapped)": (lambda: fr.place(CORPUS, DOCUMENT), r"model must be what fr\.topic_model\("),
    "topic_terms(corpus)": (lambda: fr.topic_terms(CORPUS), r"model must be what fr\.topic_model\("),
    "topics_by_frame": (lambda: fr.topics_by_frame(CORPUS, SCORES), r"model must be what fr\.topic_model\("),
    "topic_stability": (lambda: fr.topic_stability(SCORES), r"model must be what fr\.topic_model\("),
    "word_intrusion_sheet": (lambda: fr.word_intrusion_sheet(SCORES), r"model must be what fr\.topic_model\("),
    "specification_curve": (lambda: fr.specification_curve(CODINGS, BOOK, focal="a"), r"corpus must be .*not Codings"),
    "report(swapped)": (lambda: fr.report(CORPUS, DOCUMENT, BOOK), r"article must be what fr\.read_document"),
    # codebook
    "code(dict)": (lambda: fr.code(CORPUS, {"a": ["تعاون"]}), r"codebook must be .*; write fr\.Codebook\.from_dict"),
    "code(name)": (lambda: fr.code(CORPUS, "cuba-russia-us"), r"; write fr\.load_codebook\('cuba-russia-us'\)"),
    "code(no codebook)": (lambda: fr.code(CORPUS, None), r"codebook must be .*not None"),
    "from_dict(empty)": (lambda: fr.Codebook.from_dict({}), r"the codebook is empty; give at least one frame"),
    "from_dict(list)": (lambda: fr.Codebook.from_dict(["تعاون"]), r"a mapping from each frame to its terms"),
    "from_dict(number)": (lambda: fr.Codebook.from_dict({"x": [3]}), r"a term is a text or a mapping"),
    # codings
    "frame_scores(corpus)": (lambda: fr.frame_scores(CORPUS), r"codings must be .*; code the corpus first"),
    "frame_scores(scores)": (lambda: fr.frame_scores(SCORES), r"codings must be .*not Table; pass the codings"),
    "frame_profile(corpus)": (lambda: fr.frame_profile(CORPUS), r"codings must be .*; code the corpus first"),
    "cooccurrence(book)": (lambda: fr.cooccurrence(BOOK), r"codings must be what fr\.code\(corpus, codebook\)"),
    "timeline(scores)": (lambda: fr.timeline(SCORES), r"codings must be .*pass the codings themselves"),
    "show(id)": (lambda: fr.show("h02", CODINGS), r"document must be what fr\.read_document.*not str 'h02'"),
    "show(scores)": (lambda: fr.show(DOCUMENT, SCORES), r"codings must be .*pass the codings themselves"),
    "validate(scores)": (lambda: fr.validate(SCORES, against=CODINGS), r"machine must be what fr\.code"),
    "validate(against)": (lambda: fr.validate(CODINGS, against="x.csv"), r"against must be what fr\.read_coding_sheet"),
    "corrected(scores)": (lambda: fr.corrected(SCORES, CODINGS), r"machine must be what fr\.code"),
    "corrected(human)": (lambda: fr.corrected(CODINGS, "x.csv"), r"human must be what fr\.read_coding_sheet"),
    "labels_needed": (lambda: fr.labels_needed(CORPUS), r"machine must be .*; code the corpus first"),
    "agreement(text)": (lambda: fr.agreement("x.csv"), r"codings must be what fr\.read_coding_sheet\(path, corpus\)"),
    "disagreements(table)": (lambda: fr.disagreements(SCORES), r"codings must be what fr\.read_coding_sheet"),
    "adjudicate(path)": (lambda: fr.adjudicate("x.csv"), r"codings must be what fr\.read_coding_sheet"),
    "code_in_notebook": (lambda: fr.code_in_notebook(CORPUS), r"sheet must be what fr\.coding_sheet"),
    "entry_influence": (lambda: fr.entry_influence(SCORES, focal="a"), r"codings must be .*pass the codings"),
    "where(speaker)": (lambda: CODINGS.where(speakr="x"), r"did you mean 'speaker'"),
    "where(frame)": (lambda: CODINGS.where(frame="aliance"), r"no frame 'aliance' \(did you mean 'alliance'\?\)"),
    # scores, and the tables that are drawn
    "compare(codings)": (lambda: fr.compare(CODINGS, focal="a"), r"scores must be the table that fr\.frame_scores"),
    "compare(other table)": (lambda: fr.compare(pd.DataFrame({"x": [1]}), focal="a"), r"'frame', 'rate' is missing"),
    "plot.voices(codings)": (lambda: fr.plot.voices(CODINGS), r"fr\.frame_scores\(codings, by=\['doc_id', 'voice'\]\)"),
    "plot.position(scores)": (lambda: fr.plot.position(SCORES), r"the table that fr\.compare\(scores, focal=…\)"),
    "plot.difference": (lambda: fr.plot.difference(CODINGS), r"fr\.compare\(scores, focal=…\) returns, not Codings"),
    "plot.coverage": (lambda: fr.plot.coverage(CORPUS), r"corpus\.to_pandas\(\)\.merge\(corpus\.describe"),
    "plot.validation": (lambda: fr.plot.validation(CODINGS), r"fr\.validate\(machine, against=human\) returns"),
    "plot.save(ending)": (
        lambda: fr.methods_appendix(CORPUS, BOOK, path="a.docx"), r"'\.md', '\.tex', '\.html'.*not as '\.docx'"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_cure(mistake):
    call, message = MISTAKES[mistake]
    with pytest.raises(fr.FramingError, match=message):
        call()


PLOTS = sorted(set(fr.plot.__all__) - {"save"})


@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.parametrize(
    "given", [CODINGS, CORPUS, None, "x", pd.DataFrame({"x": [1]})], ids=lambda g: type(g).__name__
)
def test_every_plot_says_which_table_it_draws(name, given):
    with pytest.raises(fr.FramingError, match=rf"plot\.{name} ") as raised:
        getattr(fr.plot, name)(given)
    named = re.findall(r"fr\.(\w+)", str(raised.value))
    assert all(hasattr(fr, function) for function in named)  # the advice must exist
    assert named or "model." in str(raised.value) or "corpus." in str(raised.value)


def test_fr_plot_offers_functions_and_no_modules():
    assert dir(fr.plot) == sorted(fr.plot.__all__)
    assert all(callable(getattr(fr.plot, name)) for name in dir(fr.plot))
    for name, instead in (("scores", "frame_scores"), ("network", "relations"), ("topics", "topic_shares")):
        with pytest.raises(AttributeError, match=rf"no function {name!r}; use .*{instead}"):
            getattr(fr.plot, name)


def test_codings_can_be_chosen_by_voice_and_frame():
    document = fr.Document(id="a", text="قال بيسكوف إن التعاون مفيد. جاء التعاون بعد التهديد.")
    codings = fr.code(document, BOOK)
    narrated = codings.where(voice="narrator")
    assert narrated.table["frame"].tolist() == ["alliance", "threat"]
    both = fr.frame_scores(codings, by=["doc_id", "voice"], resamples=0).query("voice == 'narrator'")
    alone = fr.frame_scores(narrated, resamples=0)
    assert alone["rate"].tolist() == both["rate"].tolist()
    assert alone["words"].tolist() == both["words"].tolist()
    assert fr.frame_scores(codings.where(frame="threat"), resamples=0)["frame"].tolist() == ["threat"]


def test_dates_in_other_forms_are_told_once_and_kept(tmp_path):
    file = tmp_path / "c.csv"
    file.write_text("id,date,text\na,06.03.2024,نص\nb,2024-03-07,نص آخر\nc,07.03.2024,نص\n", "utf-8")
    told = r"2 dates are not ISO 8601 \('06\.03\.2024', '07\.03\.2024'\).*Write 2024-03-06"
    with pytest.warns(fr.FramingWarning, match=told) as warned:
        corpus = fr.read_corpus(file)
    assert len(warned) == 1
    assert [document.date for document in corpus] == ["06.03.2024", "2024-03-07", "07.03.2024"]
    with pytest.warns(fr.FramingWarning, match=told):
        fr.Corpus.from_pandas(corpus.to_pandas())
    found = fr.check_corpus(file, duplicates=False)
    assert found["problem"].tolist() == ["impossible date", "impossible date"]


def test_a_text_column_of_another_name_is_told_once(tmp_path):
    file = tmp_path / "german.csv"
    file.write_text("Text;Datum\n" + "نص جديد;2024-03-06\n" * 25, "utf-8")
    found = fr.check_corpus(file)
    assert found[["level", "problem"]].values.tolist() == [["error", "missing text"]]
    assert "did you mean 'Text'?" in found["detail"].item()
    assert "columns={'…': 'text'}" in found["detail"].item()


def test_a_converted_encoding_is_a_warning_as_it_is_in_reading(tmp_path):
    (tmp_path / "a.txt").write_bytes("أكد الوزير على التعاون بين البلدين في المجالات كلها.".encode("cp1256"))
    found = fr.check_corpus(tmp_path)
    assert found[["level", "problem", "doc_id"]].values.tolist() == [["warning", "converted encoding", "a"]]


@pytest.mark.parametrize(
    "requires, message",
    [
        ("{actr: state}", "unknown field 'actr' \\(did you mean 'actor'\\?\\)"),
        ("[{actor: state}, {trem: سلام}]", "unknown field 'trem' \\(did you mean 'term'\\?\\)"),
        ("{within: sentence}", "one of the fields 'actor', 'entry', 'term' is needed"),
    ],
)
def test_a_condition_with_a_wrong_field_is_named(tmp_path, requires, message):
    file = tmp_path / "peace.yml"
    entry = f"  - {{term: سلام, requires: {requires}}}\n"
    file.write_text("kind: frame\nid: peace\nlabel: {en: Peace}\nentries:\n" + entry, "utf-8")
    with pytest.raises(fr.FramingError, match=f"line 5: .*{message}"):
        fr.load_codebook(file)


def test_a_title_in_two_languages_is_refused_clearly(tmp_path):
    (tmp_path / "codebook.yml").write_text("kind: codebook\nname: a\ntitle: {en: Peace, ar: السلام}\n", "utf-8")
    (tmp_path / "a.yml").write_text("kind: frame\nid: a\nlabel: {en: A}\nentries: [سلام]\n", "utf-8")
    with pytest.raises(fr.FramingError, match=r"line 3: title: .*one text is expected here, not one per language"):
        fr.load_codebook(tmp_path)


def test_english_is_told_where_only_arabic_is_read():
    book = fr.Codebook.from_dict({"alliance": ["تعاون"]}, actors="cuba-russia-us")
    english = fr.Document(id="e", text="Economists said that investments rose.", language="en")
    with pytest.warns(fr.FramingWarning, match=r"attributions are found in Arabic alone.*\(e\)"):
        fr.attributions(english, book)
    with pytest.warns(fr.FramingWarning, match="relations are found in Arabic alone") as warned:
        fr.relations(fr.Corpus([english, DOCUMENT]), book)
    assert len(warned) == 1


def test_an_appendix_holds_all_that_an_entry_is():
    entry = fr.Entry("وقف إطلاق النار", match="phrase", pos=("noun",), variants=("هدنة",), en=("ceasefire",), gap=2)
    pattern = fr.Entry("سلام*", match="pattern", valuetype="glob")
    frame = fr.Frame("peace", (entry, pattern), names=("دار السلام",))
    text = fr.methods_appendix(CORPUS, fr.Codebook([frame]))
    row = next(line for line in text.splitlines() if "وقف إطلاق" in line)
    assert [cell.strip() for cell in row.strip("|").split("|")] == [
        "وقف إطلاق النار", "phrase; noun; up to 2 words between", "1", "هدنة", "ceasefire", ""
    ]  # fmt: skip
    assert "pattern (glob)" in text
    assert "Names, whose words no entry of this frame takes: دار السلام." in text


def test_a_table_that_calls_the_id_id_is_read():
    table = pd.DataFrame({"id": ["x"], "text": ["نص"]})
    assert fr.Corpus.from_pandas(table).ids == ("x",)
