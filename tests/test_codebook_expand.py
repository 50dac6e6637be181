"""Growing a lexicon: what is suggested, what never is, and that nothing is added."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

import framing as fr
from framing.lexicon.collocates import log_likelihood
from framing.lexicon.embedding import enough_epochs

COLUMNS = ["frame", "candidate", "similarity", "nearest", "g2", "count", "documents", "also_in"]
BOOK = fr.Codebook.from_dict({"alliance": ["تعاون"], "war": ["حرب"]})


def corpus(*texts: str, times: int = 6) -> list[fr.Document]:
    return [fr.Document(id=f"d{n}", text=text) for n, text in enumerate(texts * times)]


RAIN = ("نزل المطر.", "هطل المطر.") * 3
PLAIN = corpus("تعاون، ثم شراكة.", "شراكة، ثم تعاون.", "نزل المطر.", "هطل المطر.")


def suggest(book: fr.Codebook = BOOK, documents=PLAIN, **options):
    return fr.expand(book, documents, **{"methods": "collocation", "frames": "alliance", **options})


def test_the_whole_table():
    table = suggest(examples=2)
    assert list(table.columns) == [*COLUMNS, "example_1", "example_2", "accept"]
    row = table.iloc[0]
    assert len(table) == 1
    assert row[["frame", "candidate", "nearest", "count", "documents", "also_in", "accept"]].tolist() == [
        "alliance", "شراكة", "", 12, 12, "", "",
    ]  # fmt: skip
    assert math.isnan(row["similarity"])
    # Beside the hits stand شراكة (12) and ثم (12); elsewhere the phrases نزل المطر and هطل المطر (6 each): of 36 units
    # 12 are شراكة. Expected are 8 here, 4 elsewhere, and of the others 16 here, 8 elsewhere; found 12, 0, 12, 12.
    assert row["g2"] == pytest.approx(2 * (12 * math.log(12 / 8) + 12 * math.log(12 / 16) + 12 * math.log(12 / 8)))
    assert row[["example_1", "example_2"]].tolist() == ["d0: تعاون ، ثم [شراكة] .", "d1: [شراكة] ، ثم تعاون ."]


def test_log_likelihood_against_scipy():
    from scipy.stats import power_divergence

    here, there = np.array([30.0, 5.0, 65.0]), np.array([20.0, 80.0, 800.0])
    g2 = log_likelihood(here, there)
    for row in range(3):
        a, b = here[row], there[row]
        observed = np.array([[a, b], [here.sum() - a, there.sum() - b]])
        expected = observed.sum(0) * observed.sum(1, keepdims=True) / observed.sum()
        full = power_divergence(observed.ravel(), expected.ravel(), lambda_="log-likelihood").statistic
        assert g2[row] == pytest.approx(full if a / here.sum() > b / there.sum() else 0.0)
    assert log_likelihood(np.zeros(2), np.ones(2)).tolist() == [0, 0]


def test_what_is_known_is_not_suggested():
    documents = corpus("تعاون، ثم شراكة.", "شراكة، ثم تعاونوا.", "الصداقة، ثم تعاون.", *RAIN, times=12)
    assert {"شراكة", "صداقة"} <= set(suggest(documents=documents)["candidate"])
    book = fr.Codebook.from_dict({"alliance": ["تعاون", "شراكة"]})
    assert "شراكة" not in set(suggest(book, documents)["candidate"])
    named = fr.Codebook([fr.Frame(id="alliance", entries=(fr.Entry("تعاون"),), names=("صداقة",))])
    assert "صداقة" not in set(suggest(named, documents)["candidate"])
    other = fr.Codebook.from_dict({"alliance": ["تعاون"], "peace": ["صداقة"]})
    table = suggest(other, documents).set_index("candidate")
    assert table["also_in"].to_dict() == {"شراكة": "", "صداقة": "peace"}


def test_actors_and_stop_words_are_not_suggested(codebook):
    documents = corpus("تعاون مع كوبا، ثم شراكة.", "شراكة مع روسيا، ثم تعاون.", *RAIN, times=12)
    book = fr.Codebook.from_dict({"alliance": ["تعاون"]}, actors=codebook)
    found = set(suggest(book, documents)["candidate"])
    assert "شراكة" in found
    assert not found & {"كوبا", "روسيا", "مع", "ثم"}


def test_phrases_are_one_candidate():
    documents = corpus(
        "تعاون، ثم أمن قومي.", "أمن قومي، ثم تعاون.", "نزل المطر.", "هطل المطر.", "أمن فقط.", "قومي فقط."
    )
    assert "أمن قومي" in set(suggest(documents=documents)["candidate"])


def test_neighbours_in_other_sentences_do_not_count():
    documents = corpus("تعاون. شراكة هنا.", "نزل المطر في مكان بعيد.")
    assert len(suggest(documents=documents)) == 0


def test_embedding(related, codebook):
    with pytest.warns(fr.FramingWarning, match="are few for an embedding"):
        table = fr.expand(codebook, related, methods="embedding", n=5, epochs=3, random_state=1)
    assert table.groupby("frame").size().to_dict() == {"alliance": 5, "cold_war": 5, "us_pressure": 5}
    assert table["similarity"].between(-1, 1).all()
    assert table["g2"].isna().all()
    assert (table["nearest"].str.len() > 0).all()
    for frame, part in table.groupby("frame"):
        assert part["similarity"].is_monotonic_decreasing, frame
    with pytest.warns(fr.FramingWarning):
        again = fr.expand(codebook, related, methods="embedding", n=5, epochs=3, random_state=1)
    assert again.equals(table)
    assert table.attrs["provenance"]["codebook_sha256"] == codebook.fingerprint


def test_the_codebook_is_left_alone(related, codebook):
    before = codebook.fingerprint
    fr.expand(codebook, related, methods="collocation", n=3)
    assert codebook.fingerprint == before


def test_both_methods_are_merged(related, codebook):
    with pytest.warns(fr.FramingWarning):
        table = fr.expand(codebook, related, frames=["cold_war"], n=10, epochs=3)
    assert not table["candidate"].duplicated().any()
    assert table["similarity"].notna().sum() == 10
    assert 0 < table["g2"].notna().sum() <= 10


def test_epochs():
    assert [enough_epochs(n) for n in (1, 0, 10**9)] == [60, 60, 5]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"frames": "aliance"}, "did you mean 'alliance'"),
        ({"methods": "embeddings"}, "did you mean 'embedding'"),
        ({"n": 0}, "n must be at least 1"),
        ({"min_count": 0}, "min_count must be at least 1"),
        ({"window": -1}, "window must be at least 1"),
        ({"epochs": 0}, "epochs must be at least 1"),
        ({"min_count": 1000}, "no word occurs 1000 times"),
        ({"documents": []}, "no word occurs 5 times"),
        ({"documents": [fr.Document(id="a", text="")]}, "no word occurs 5 times"),
    ],
)
def test_bad_input(options, problem):
    with pytest.raises(fr.FramingError, match=problem):
        suggest(**options)


def test_a_frame_without_hits():
    with pytest.warns(fr.FramingWarning, match="frame 'war' has no hits"):
        assert len(suggest(frames="war")) == 0


def test_the_sheet_on_the_command_line(capsys, tmp_path):
    from framing.cli import main

    texts = tmp_path / "texts.csv"
    with texts.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "text"], *([f"=d{n}", d.text] for n, d in enumerate(PLAIN))])
    book = tmp_path / "book.csv"
    book.write_text("frame,term\nalliance,تعاون\n", "utf-8")
    sheet = tmp_path / "sheet.csv"
    assert main(["codebook", "expand", str(book), str(texts), "--out", str(sheet), "--method", "collocation"]) == 0
    assert "1 candidates; fill in the column accept" in capsys.readouterr().out
    assert sheet.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(sheet.open(encoding="utf-8-sig", newline="")))
    assert [(row["candidate"], row["accept"]) for row in rows] == [("شراكة", "")]
    assert rows[0]["example_1"].startswith("'=d0: ")  # no formula for a spreadsheet to run
