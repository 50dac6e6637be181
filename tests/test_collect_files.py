"""Collecting from files: every kind of file, every kind of broken file, and runs that are repeated."""

import bz2
import gzip
import io
import json
import warnings
import zipfile

import pandas as pd
import pytest
from hypothesis import given, strategies as st

import framing as fr
from framing import collect
from framing.collect.addresses import canonical
from framing.collect.archives import outside
from framing.collect.dates import iso_date
from framing.collect.exports import database_export
from framing.collect.folder import Folder, safe_id
from framing.collect.items import Fault, Options, clean_text
from framing.collect.readers import read_bytes
from framing.errors import FramingError, FramingWarning

LEAD = (
    "استقبل الرئيس الروسي نظيره الكوبي في موسكو وبحث معه تطوير العلاقات بين البلدين في مجالات الطاقة والنقل والزراعة."
)
BODY = (
    "وقال مسؤول حضر اللقاء إن الجانبين اتفقا على مواصلة الحوار وعلى عقد اجتماع اللجنة المشتركة قبل نهاية العام الجاري."
)
PAGE = f"""<!DOCTYPE html><html lang="ar"><head><meta charset="utf-8"><title>لقاء في موسكو | المدار</title>
<meta property="og:title" content="لقاء في موسكو"><meta property="og:site_name" content="المدار">
<meta property="article:published_time" content="2018-11-02T10:00:00Z"></head>
<body><nav><a href="/">الرئيسية</a> <a href="/sport">رياضة</a></nav><article><h1>لقاء في موسكو</h1>
<p>{LEAD}</p><p>{BODY}</p></article><footer>جميع الحقوق محفوظة</footer></body></html>"""


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def found(name, raw, **options):
    return list(read_bytes(name, raw, Options(**options)))


def reasons(report):
    return dict(report.table.loc[report.table["event"] == "failed", ["source", "reason"]].itertuples(index=False))


def docx_bytes(*paragraphs):
    docx = pytest.importorskip("docx")
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def rtf_bytes(text):
    escaped = "".join(f"\\'{byte:02x}" if byte > 127 else chr(byte) for byte in text.encode("cp1256"))
    return (
        "{\\rtf1\\ansi\\ansicpg1256\\deff0{\\fonttbl{\\f0 Arial;}}\\f0 " + escaped.replace("\n", "\\par\n") + "}"
    ).encode("ascii")


def pdf_bytes(text):
    """A one-page PDF with a text layer, made by hand."""
    stream = f"BT /F1 12 Tf 40 700 Td 14 TL {' '.join(f'({line}) Tj T*' for line in text.split(chr(10)))} ET".encode(
        "latin-1"
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)


# --- one file of each kind -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, raw, text",
    [
        ("a.txt", LEAD.encode(), LEAD),
        ("a.html", PAGE.encode(), f"{LEAD}\n{BODY}"),
        ("a.HTM", PAGE.replace("utf-8", "windows-1256").encode("cp1256"), f"{LEAD}\n{BODY}"),
        ("a.rtf", rtf_bytes(f"{LEAD}\n{BODY}"), f"{LEAD}\n{BODY}"),
        (
            "a.pdf",
            pdf_bytes("The president received\nhis guest in Moscow.\nThey talked about trade."),
            "The president received his guest in Moscow.\nThey talked about trade.",
        ),
        ("a.csv", f"Headline;Body\nلقاء;{LEAD}\n".encode(), LEAD),
        ("a.jsonl", json.dumps({"content": LEAD}).encode(), LEAD),
        ("a.json", json.dumps({"articles": [{"text": LEAD}]}).encode(), LEAD),
        ("a.txt.gz", gzip.compress(LEAD.encode()), LEAD),
        ("a.zip", zipped(**{"in/a.txt": LEAD}), LEAD),
    ],
)
def test_each_kind_of_file(name, raw, text):
    (only,) = found(name, raw, columns={"Body": "text", "Headline": "title"} if name == "a.csv" else {})
    assert clean_text(only.text) == text + "\n"


def test_docx_with_a_table():
    (only,) = found("a.docx", docx_bytes(LEAD, "", BODY))
    assert clean_text(only.text) == f"{LEAD}\n\n{BODY}\n"


def test_parquet():
    buffer = io.BytesIO()
    pd.DataFrame({"doc_id": ["x"], "text": [LEAD], "published": [pd.Timestamp("2018-11-02 10:00")]}).to_parquet(buffer)
    (only,) = found("a.parquet", buffer.getvalue())
    assert (only.item, only.text, dict(only.metadata)) == ("x", LEAD, {"date": "2018-11-02"})


def test_page_gives_metadata_and_keeps_the_headline_out_of_the_text():
    (only,) = found("a.html", PAGE.encode())
    assert dict(only.metadata) == {"title": "لقاء في موسكو", "outlet": "المدار", "date": "2018-11-02", "language": "ar"}
    assert "الرئيسية" not in only.text
    assert "لقاء في موسكو" not in only.text


def test_warc():
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    for path, status, kind, content in (
        ("a", "200 OK", "text/html; charset=windows-1256", PAGE.replace("utf-8", "x").encode("cp1256")),
        ("b", "404 Not Found", "text/html", PAGE.encode()),
        ("c", "200 OK", "text/html", b"<html><body><p>menu</p></body></html>"),
        ("d", "200 OK", "image/png", b"\x89PNG"),
    ):
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.0")
        record = writer.create_warc_record(
            f"http://x.org/{path}", "response", payload=io.BytesIO(content), http_headers=headers
        )
        writer.write_record(record)
    texts = found("crawl.warc.gz", buffer.getvalue())
    assert [(type(text).__name__, text.item) for text in texts] == [
        ("Found", "http://x.org/a"),
        ("Fault", "http://x.org/c"),
    ]
    assert texts[0].metadata["url"] == "http://x.org/a"
    cut = found("crawl.warc.gz", buffer.getvalue()[: len(buffer.getvalue()) // 3])
    assert not any(text.text.count(LEAD) > 1 for text in cut if not isinstance(text, Fault))


# --- exports of databases --------------------------------------------------------------------------------------------

NEXIS = f"""User Name: someone
Documents (2)
لقاء في موسكو
المدار العربي
November 2, 2018 Friday
Copyright 2018 المدار All Rights Reserved
Section: العالم
Length:\xa0344 words
Byline: مراسل
Body
{LEAD}
{BODY}
Load-Date: November 3, 2018
Classification
Language: ARABIC; عربي
End of Document
خبر آخر
صحيفة أخرى
3 November 2018
Length: 20 words
Body
{BODY}
End of Document
"""

FACTIVA_FIELDS = f"""HD\tلقاء في موسكو
BY\tمراسل
WC\t344 words
PD\t2 November 2018
SN\tالمدار
LA\tArabic
LP
{LEAD}
TD
{BODY}
AN\tDocument MADAR00020181102eeb2000ab
Document MADAR00020181102eeb2000ab
"""

FACTIVA_PLAIN = f"""لقاء في موسكو
344 words
2 November 2018
10:15
المدار
MADAR
Arabic
Copyright 2018 المدار
{LEAD}
{BODY}
Document MADAR00020181102eeb2000ab
"""


def test_nexis():
    first, second = database_export(NEXIS)
    assert first.text == f"{LEAD}\n{BODY}"
    assert dict(first.metadata) == {
        "title": "لقاء في موسكو",
        "outlet": "المدار العربي",
        "date": "2018-11-02",
        "language": "ar",
        "author": "مراسل",
        "section": "العالم",
    }
    assert (second.text, dict(second.metadata)) == (
        BODY,
        {"title": "خبر آخر", "outlet": "صحيفة أخرى", "date": "2018-11-03"},
    )


@pytest.mark.parametrize("export", [FACTIVA_FIELDS, FACTIVA_PLAIN, FACTIVA_FIELDS.replace("\t", " | ")])
def test_factiva(export):
    (only,) = database_export(export)
    assert (only.item, only.text) == ("MADAR00020181102eeb2000ab", f"{LEAD}\n{BODY}")
    expected = {"title": "لقاء في موسكو", "outlet": "المدار", "date": "2018-11-02", "language": "ar"}
    assert {name: value for name, value in only.metadata.items() if name != "author"} == expected


def test_exports_inside_docx_rtf_and_html():
    (one, two) = found("nexis.docx", docx_bytes(*NEXIS.split("\n")))
    assert (one.metadata["title"], two.text) == ("لقاء في موسكو", BODY)
    (only,) = found("factiva.rtf", rtf_bytes(FACTIVA_PLAIN))
    assert only.text == f"{LEAD}\n{BODY}"
    page = (
        "<html><body><div class='article'>"
        + "".join(f"<p>{line}</p>" for line in FACTIVA_PLAIN.split("\n"))
        + "</div></body></html>"
    )
    (only,) = found("factiva.html", page.encode())
    assert (only.metadata["outlet"], only.text) == ("المدار", f"{LEAD}\n{BODY}")


def test_an_ordinary_text_is_no_export():
    assert database_export(f"{LEAD}\n{BODY}") is None


# --- broken files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, raw, said",
    [
        ("a.docx", b"PK\x03\x04 torn", "not a readable ZIP"),
        ("a.docx", zipped(**{"word/other.xml": "<x/>"}), "not a readable DOCX"),
        ("a.pdf", b"%PDF-1.4 torn", "not a readable PDF"),
        ("a.pdf", pdf_bytes(""), "no text layer"),
        ("a.rtf", b"plain text", "not an RTF file"),
        ("a.html", b"<html><body><nav>menu</nav></body></html>", "no article found"),
        ("a.html", b"", "no article found"),
        ("a.html", b"\x00\xff" * 500, ""),
        ("a.zip", b"not a zip", "not a readable ZIP"),
        ("a.zip", zipped(**{"bomb.txt": b"0" * 20_000_000}), "unpacks from"),
        ("a.txt.gz", gzip.compress(b"0" * 30_000_000), "unpacks from"),
        ("a.txt.gz", b"no gzip", "not a readable gzip"),
        ("a.json", b"[1, 2", "not valid JSON"),
        ("a.json", b'"text"', "must hold a list"),
        ("a.csv", b'text\n"never closed\n', "not readable as CSV"),
        ("a.csv", b"url,title\nhttp://x.org/a,b\n", "framing collect urls"),
        ("a.parquet", b"PAR1", "not a readable Parquet"),
        ("a.warc", b"WARC/1.0\r\ntorn", ""),
        ("a.xlsx", b"PK", "save the sheet as .csv"),
        ("a.doc", b"\xd0\xcf", "save it as .docx"),
        ("a.bin", bz2.compress(b"x"), "no reader for .bin"),
        ("a.txt", b"\x00\x01\x02\x03" * 50, "binary"),
        ("a.txt", b"  \n", "empty"),
    ],
)
def test_broken_files_say_what_is_wrong(name, raw, said):
    try:
        said_of = [text.reason for text in found(name, raw)]  # a text found would have no reason
    except FramingError as error:
        said_of = [str(error)]
    assert said in said_of[0]


def test_zip_with_paths_that_leave_it_reads_the_rest():
    raw = zipped(
        **{"../evil.txt": LEAD, "/etc/evil.txt": LEAD, "c:\\evil.txt": LEAD, "good/a.txt": LEAD, "__MACOSX/x.txt": LEAD}
    )
    texts = found("a.zip", raw)
    assert [text.item for text in texts if not isinstance(text, Fault)] == ["good/a.txt"]
    assert {text.reason for text in texts if isinstance(text, Fault)} == {
        "its path leads outside the archive; not read"
    }


def test_zip_inside_zip_inside_zip_ends():
    raw = zipped(**{"a.txt": LEAD})
    for _ in range(3):
        raw = zipped(**{"in.zip": raw, "beside.txt": LEAD})
    texts = found("a.zip", raw)
    assert sum(not isinstance(text, Fault) for text in texts) == 2
    assert "archive inside an archive" in next(text.reason for text in texts if isinstance(text, Fault))


def test_a_lie_about_sizes_is_found_out():
    raw = bytearray(zipped(**{"a.txt": b"0" * 20_000_000}))
    place = raw.rfind(b"PK\x01\x02")
    raw[place + 24 : place + 28] = (100).to_bytes(4, "little")  # the directory says 100 bytes
    (only,) = found("a.zip", bytes(raw))
    assert isinstance(only, Fault) or len(only.text) <= 100


def test_docx_with_entities_is_not_expanded():
    raw = io.BytesIO(docx_bytes("before"))
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "0123456789"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:body><w:p><w:r><w:t>start &b; &f; end</w:t></w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(raw) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    try:
        texts = found("a.docx", zipped(**{**members, "word/document.xml": bomb}))
    except FramingError:
        return
    assert "0123456789" not in texts[0].text
    assert "root:" not in texts[0].text


# --- runs ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "sources"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text(LEAD, "utf-8")
    (folder / "deep" / "a.txt").write_text(BODY, "utf-8")
    (folder / "b.html").write_text(PAGE, "utf-8")
    (folder / "c.csv").write_bytes(
        f"id;Headline;Body;desk\nx1;عنوان;{LEAD} واحد;خارجي\nx2;عنوان;;خارجي\nx3;عنوان;{LEAD} ثلاثة;\n".encode("cp1256")
    )
    (folder / "broken.pdf").write_bytes(b"%PDF torn")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "LICENSE.txt").write_text("CC0", "utf-8")
    return folder


def test_a_folder_of_everything(sources, tmp_path):
    report = collect.files(sources, tmp_path / "corpus", columns={"Body": "text"}, metadata={"event": "visit-2018"})
    assert sorted(report.corpus.ids) == ["a", "b", "deep/a", "x1", "x3"]
    assert reasons(report).keys() == {"sources/broken.pdf", "sources/c.csv!x2"}
    assert (report.collected, report.failed, report.exit_code) == (5, 2, 1)
    x1 = report.corpus["x1"]
    assert (x1.text, x1.title, x1["desk"], x1.event, x1["collected_from"]) == (
        f"{LEAD} واحد\n",
        "عنوان",
        "خارجي",
        "visit-2018",
        "sources/c.csv!x1",
    )
    notes = report.table[report.table["event"] == "note"]
    assert notes["reason"].str.contains("cp1256").any()
    assert notes["source"].str.contains("picture.png").any()
    assert fr.check_corpus(tmp_path / "corpus").query("level == 'error'").empty


def test_a_second_run_adds_only_what_is_new(sources, tmp_path):
    first = collect.files(sources, tmp_path / "corpus", columns={"Body": "text"})
    before = {document.id: document for document in first.corpus}
    (sources / "new.txt").write_text("خبر جديد", "utf-8")
    (sources / "a.txt").write_text("صيغة مصححة", "utf-8")
    with (sources / "c.csv").open("ab") as file:
        file.write(f"x4;عنوان;{LEAD} أربعة;\n".encode("cp1256"))
    second = collect.files(sources, tmp_path / "corpus", columns={"Body": "text"})
    added = set(second.corpus.ids) - set(before)
    assert added == {"new", "a-2", "x4"}  # the changed file is kept beside what it was
    assert all(second.corpus[name] == document for name, document in before.items())
    third = collect.files(sources, tmp_path / "corpus", columns={"Body": "text"})
    assert (third.collected, len(third.corpus)) == (0, len(second.corpus))


def test_equal_texts_without_ids_are_two_documents(tmp_path):
    (tmp_path / "a.csv").write_text("text,outlet\nخبر,x\nخبر,y\n", "utf-8")
    for _ in range(2):
        report = collect.files(tmp_path / "a.csv", tmp_path / "corpus")
        assert [document.outlet for document in report.corpus] == ["x", "y"]


def test_the_users_own_changes_to_the_table_stay(sources, tmp_path):
    report = collect.files(sources / "a.txt", tmp_path / "corpus")
    table = tmp_path / "corpus" / "documents.csv"
    table.write_text("id,outlet,mine\na,al-madar,x\n", "utf-8")
    report = collect.files(sources / "deep", tmp_path / "corpus")
    assert report.corpus["a"].outlet == "al-madar"
    assert report.corpus["a"]["mine"] == "x"
    assert len(report.corpus) == 2


def test_a_torn_log_is_mended(sources, tmp_path):
    collect.files(sources / "a.txt", tmp_path / "corpus")
    log, table = tmp_path / "corpus" / "collected.jsonl", tmp_path / "corpus" / "documents.csv"
    table.unlink()  # as if killed before it was written
    with log.open("ab") as file:
        file.write(b'{"time": "2026-01-01", "event": "colle')
    report = collect.files(sources / "deep", tmp_path / "corpus")
    assert sorted(report.corpus.ids) == ["a", "a-2"]
    assert [json.loads(line)["event"] for line in log.read_text().splitlines()].count("end") == 2


def test_a_corpus_is_collected_with_its_metadata(tmp_path):
    corpus = fr.Corpus([fr.Document(id="q", text=LEAD, outlet="x", mine="y")])
    fr.write_corpus(corpus, tmp_path / "old")
    (tmp_path / "old" / "documents.csv").open("a").write("gone,z,\n")
    report = collect.files(tmp_path / "old", tmp_path / "new")
    assert (report.corpus["q"].outlet, report.corpus["q"]["mine"]) == ("x", "y")
    assert "no text for 'gone'" in next(iter(reasons(report).values()))


def test_a_table_without_texts_is_one_failure_and_its_columns_are_named(tmp_path):
    (tmp_path / "a.csv").write_text("id,Volltext,source\n1,خبر,x\n2,خبر,y\n", "utf-8")
    report = collect.files(tmp_path / "a.csv", tmp_path / "corpus")
    assert list(reasons(report)) == ["a.csv"]
    assert "it has 'id', 'Volltext', 'outlet'" in reasons(report)["a.csv"]


def test_columns_of_all_kinds_survive(tmp_path):
    row = {
        "id": "a",
        "text": LEAD,
        "outlet": "x",
        "source": "agency",
        "tags": ["أ", "ب"],
        "n": 3,
        "collected_from": "elsewhere",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(row), "utf-8")
    (document,) = collect.files(tmp_path / "a.jsonl", tmp_path / "corpus").corpus
    assert {name: document[name] for name in ("outlet", "source", "tags", "n", "collected_from")} == {
        "outlet": "x",
        "source": "agency",
        "tags": '["أ", "ب"]',
        "n": "3",
        "collected_from": "elsewhere",
    }


def test_two_runs_at_once_are_refused(tmp_path):
    (tmp_path / "a.txt").write_text(LEAD, "utf-8")
    with Folder(tmp_path / "corpus", "test"), pytest.raises(FramingError, match="another run"):
        collect.files(tmp_path / "a.txt", tmp_path / "corpus")


def test_folders_that_cannot_be_used(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(LEAD, "utf-8")
    with pytest.raises(FramingError, match="choose a new folder"):
        collect.files(tmp_path / "texts", tmp_path / "texts")
    with pytest.raises(FramingError, match="this is a file"):
        collect.files(tmp_path / "texts", tmp_path / "texts" / "a.txt")
    with pytest.raises(FramingError, match="no such file"):
        collect.files(tmp_path / "nowhere", tmp_path / "corpus")


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    import importlib

    real = importlib.import_module
    monkeypatch.setattr(
        importlib, "import_module", lambda name, *a: real("no_such") if name.startswith("striprtf") else real(name, *a)
    )
    (tmp_path / "a.rtf").write_bytes(rtf_bytes(LEAD))
    (tmp_path / "b.txt").write_text(LEAD, "utf-8")
    report = collect.files([tmp_path / "a.rtf", tmp_path / "b.txt"], tmp_path / "corpus")
    assert "pip install striprtf" in reasons(report)["a.rtf"]
    assert report.collected == 1


# --- small parts -----------------------------------------------------------------------------------------------------


@given(st.text())
def test_safe_ids_can_be_file_names(wanted):
    name = safe_id(wanted)
    assert name
    assert not outside(name)
    assert all(0 < len(part.encode()) <= 200 for part in name.split("/"))
    assert not set(name) & set('\\:*?"<>|\0\n')


@given(st.text())
def test_clean_text_is_stable(text):
    try:
        once = clean_text(text)
    except FramingError:
        assert not text.strip("\ufeff\u200e\u200f\x00 \n\r\t") or text.isspace() or not text.strip()
        return
    assert clean_text(once) == once
    once.encode("utf-8")
    assert "\r" not in once


@pytest.mark.parametrize(
    "written, iso",
    [
        ("2018-11-02", "2018-11-02"),
        ("2018-11", "2018-11"),
        ("2018", "2018"),
        ("20181102", "2018-11-02"),
        ("20181102T101500Z", "2018-11-02"),
        ("Fri, 02 Nov 2018 10:15:00 +0300", "2018-11-02"),
        ("Nov. 2, 2018", "2018-11-02"),
        ("2 November 2018", "2018-11-02"),
        ("الجمعة ٢ تشرين الثاني/نوفمبر ٢٠١٨", "2018-11-02"),
        ("31/12/2018", "2018-12-31"),
        ("2018-02-30", None),
        ("", None),
        (None, None),
        ("yesterday", None),
        ("32 November 2018", None),
    ],
)
def test_dates(written, iso):
    assert iso_date(written) == iso


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "ftp://x.org",
        "http://",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://[",
        "http://x.org:99999999/",
    ],
)
def test_what_is_no_address(address):
    with pytest.raises(FramingError, match="not the address of a web page"):
        canonical(address)


@given(st.sampled_from(["http://x.org", "https://مثال.com"]), st.text(max_size=20), st.text(max_size=20))
def test_canonical_is_stable(place, path, query):
    once = canonical(f"{place}/{path.replace('#', '')}?q={query}")
    assert canonical(once) == once
    assert once.isascii()


def test_command_line(sources, tmp_path, capsys):
    from framing.cli import main

    arguments = [
        "collect",
        "files",
        str(sources),
        "--into",
        str(tmp_path / "corpus"),
        "--column",
        "Body=text",
        "--set",
        "outlet=x",
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("default", FramingWarning)
        assert main(arguments) == 1
    out = capsys.readouterr().out
    assert out.startswith("5 collected, 0 already there, 2 failed")
    assert "failed: sources/broken.pdf: not a readable PDF" in out
    assert main(["collect", "files", str(tmp_path / "nowhere"), "--into", str(tmp_path / "corpus")]) == 2
    assert main(["collect", "files", str(sources), "--into", str(tmp_path / "corpus"), "--set", "x"]) == 2
    assert main(["corpus", "check", str(tmp_path / "corpus")]) == 0
