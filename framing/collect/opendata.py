"""The open data sets that can be loaded by name: what they are, where they lie, how their files are read."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from framing.collect import archives
from framing.collect.dates import iso_date
from framing.corpus.document import Document
from framing.corpus.tables import parse_table
from framing.errors import FramingError


@dataclasses.dataclass(frozen=True, slots=True)
class OpenData:
    """A data set that is free to use, and lies elsewhere.

    `files` are addresses pinned to a commit, each with its SHA-256, or None where none was published: it is then
    taken down at the first download, and every later one must agree with it.
    """

    name: str
    title: str
    contents: str
    licence: str
    terms: str
    citation: str
    home: str
    files: tuple[tuple[str, str | None], ...]
    read: Callable[[str, bytes], Iterator[Document]]
    megabytes: int


def _saudinewsnet(file: str, raw: bytes) -> Iterator[Document]:
    """Read one day: a ZIP with one JSON array of articles."""
    for member, content in archives.zip_members(raw, file):
        if isinstance(content, FramingError):
            message = f"{file}: {member}: {content}"
            raise FramingError(message)
        if not member.endswith(".json"):
            continue
        day = PurePosixPath(member).stem
        for number, row in enumerate(_json_array(content, f"{file}: {member}"), 1):
            facts = {
                "title": row.get("title"),
                "outlet": row.get("source"),
                "url": row.get("url"),
                "author": row.get("author"),
            }
            extracted = iso_date(row.get("date_extracted")) or iso_date(day)
            text = str(row.get("content") or "")
            yield Document(id=f"{day}-{number:05d}", text=text, date=extracted, date_is="extraction", **facts)


def _json_array(content: bytes, where: str) -> list[dict[str, Any]]:
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        message = f"{where}: not valid JSON ({error})"
        raise FramingError(message) from None
    if not isinstance(data, list):
        message = f"{where}: a list of articles is expected"
        raise FramingError(message)
    return data


_TAG = re.compile(r"<(DOCNO|URL|SRC|CAT|TITLE|TIME|AUTHOR|ABSTRACT|TEXT)>(.*?)</\1>", re.DOTALL)


def _antcorpus(file: str, raw: bytes) -> Iterator[Document]:
    """Read the archive of the repository: one file per article, with tags as in TREC collections.

    The files look like XML and are none (bare ampersands), so the tags are looked for; entities are not resolved.
    """
    for member, content in archives.zip_members(raw, file):
        if isinstance(content, FramingError):
            message = f"{file}: {member}: {content}"
            raise FramingError(message)
        if not member.endswith(".txt"):
            continue
        found = {
            tag: " ".join(value.split()) if tag != "TEXT" else value.strip()
            for tag, value in _TAG.findall(content.decode("utf-8", "replace"))
        }
        if "DOCNO" not in found:
            continue
        facts = {
            "title": found.get("TITLE"),
            "outlet": found.get("SRC"),
            "date": iso_date(found.get("TIME")),
            "url": found.get("URL"),
            "author": found.get("AUTHOR"),
            "category": found.get("CAT"),
            "abstract": found.get("ABSTRACT"),
        }
        yield Document(id=found["DOCNO"], text=found.get("TEXT", ""), **facts)


def _ans(file: str, raw: bytes) -> Iterator[Document]:
    """Read one split: headlines with a flag, or pairs of headlines with a stance."""
    task, split = file.removesuffix(".csv").split("_")[-2:]
    for number, row in enumerate(parse_table(raw.decode("utf-8-sig"), file), 1):
        more = {name: value for name, value in row.items() if name not in ("claim_s", "s1", "s2")}
        for column in ("claim_s", "s1", "s2"):
            if column in row:
                part = {"claim_s": "", "s1": "-a", "s2": "-b"}[column]
                yield Document(
                    id=f"{task}-{split}-{number:05d}{part}", text=row[column], task=task, split=split, **more
                )


_SAUDI = "https://raw.githubusercontent.com/inparallel/SaudiNewsNet/0816f56bbbfdff43c669ca16463662e89e7fcfa5/dataset"
_ANT = "https://codeload.github.com/antcorpus/antcorpus.data/zip/016c5d3402d316bf1bb1873efb7e65953779fab3"
_ANS = "https://raw.githubusercontent.com/latynt/ans/0ca3e1c7c4e4055eb898b5038dbb6303673c0fa0/data"
_SAUDI_DAYS = {
    "2015-07-21": "7a413b5e1548ad38ca756cdf33c2d5aca1e2c7772a8b8b15679d771f5f6ba29c",
    "2015-07-22": "09156f62f372b14e37c8bd0fd44eab3a9e1184d9ed96c2891174f3ee9534052f",
    "2015-07-23": "41a805d15e45fc8919d6ec6f3a577798a778568ce668224091ac434820ae8858",
    "2015-07-24": "844ceef1647ca7a3ef843e5c33959e36c538a49697739da15e2227877ad1ba99",
    "2015-07-25": "62fb91f52d3b93dc8f89845e8c23e2650b1f8fe10e0c60378da8a2ad24b81911",
    "2015-07-26": "53d360aa514cc6ca436899f7aeb5bb5f6ee2fc58a3ef40bad243b62c2c88cde2",
    "2015-07-27": "b4fe93e9015451d4648146940f6e8e3bf643330ecbbc666b3ad430b995ddad0a",
    "2015-07-31": "d4933c2c06090dc70796f44af5d8e59f4a45f0c0a13d5a1841a76b935615c26a",
    "2015-08-01": "c4330bd9d685aa8fe1c70171c2c3e265dd5a21f5109c10ca8e3d0a92a81b2354",
    "2015-08-02": "b8cfb39bf0ea66ed282a8f88b5deefd0cf234ff8a57f763621f333b5f7be5c9b",
    "2015-08-03": "c17a6e0eedc6c30d30fdfb9c3a86c42670ee893c23fe2096f5cb5f2ffc18fcd6",
    "2015-08-04": "a0b7a5e4da847133bd0e943012299e867102c9572529574636976dafb6a03c69",
    "2015-08-06": "b731d37ae21ae14bc43660ed6679bdabc7d036796989f5750a55d990b1881dc8",
    "2015-08-07": "6ae3fbb6387038c0fa174c35a2d37dbb8b29f656a56866ca22ca50254809514f",
    "2015-08-08": "880c650edd04155a888d8d6b81d873b2742ac91e08429acd9fcdd41d733d29af",
    "2015-08-09": "fa9302785d72810263d6d14e2fe7cb8f7ba19e72426740b8b86a33b8d06a420f",
    "2015-08-10": "616411ca4b63fa255089f3cafd196cded1cf69c4e5dd7adefc9d446070e0370c",
    "2015-08-11": "7d3362d4fd07ec2194af70e79745a20ccbcfa57033267615591c2f9dcf40d2ec",
}

DATASETS = {
    "saudinewsnet": OpenData(
        name="saudinewsnet",
        title="Saudi Newspapers Arabic Corpus (SaudiNewsNet)",
        contents="31,030 articles of 14 Saudi outlets, July and August 2015",
        licence="CC BY-NC-SA 4.0",
        terms="It is shared for open research only, and the articles belong to the newspapers they are from.",
        citation="Alhagri, M. A. (2015). Saudi Newspapers Arabic Corpus (SaudiNewsNet).",
        home="https://github.com/inparallel/SaudiNewsNet",
        files=tuple((f"{_SAUDI}/{day}.zip", sha256) for day, sha256 in _SAUDI_DAYS.items()),
        read=_saudinewsnet,
        megabytes=29,
    ),
    "antcorpus": OpenData(
        name="antcorpus",
        title="ANT Corpus v1.1 (Arabic News Texts)",
        contents="10,161 articles of Jawhara FM (Tunisia) in nine categories, most of 2014 to 2017",
        licence="Apache-2.0",
        terms="Its authors ask everyone who downloads it to cite one of their papers; they belong to the outlet.",
        citation=(
            "Chouigui, A., Ben Khiroun, O. & Elayeb, B. (2017). ANT Corpus: An Arabic news text collection for textual "
            "classification. AICCSA 2017, 135–142."
        ),
        home="https://github.com/antcorpus/antcorpus.data",
        files=((_ANT, None),),
        read=_antcorpus,
        megabytes=15,
    ),
    "ans": OpenData(
        name="ans",
        title="Arabic News Stance corpus (ANS) v0.1",
        contents="headlines, paraphrased and corrupted: claims (true or fake), pairs (agree, disagree, other)",
        licence="Apache-2.0",
        terms="Headlines, not articles: for trying stance, not for frames.",
        citation="Khouja, J. (2020). Stance prediction and claim verification: An Arabic perspective. FEVER 2020.",
        home="https://github.com/latynt/ans",
        files=tuple(
            (f"{_ANS}/{task}/{split}.csv", None) for task in ("claim", "stance") for split in ("train", "dev", "test")
        ),
        read=_ans,
        megabytes=2,
    ),
}
