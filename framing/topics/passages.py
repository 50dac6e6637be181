"""Representative documents: where a topic can be read, with its words marked in the raw text."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError
from framing.topics import limits
from framing.topics.tables import result

if TYPE_CHECKING:
    import pandas as pd

    from framing.topics.model import TopicModel

#: A word is marked when it belongs to the topic with at least this probability.
MARKED = 0.5
_STYLE = (
    ".passages{font:1.05rem/1.9 'Noto Naskh Arabic','Amiri',serif;max-width:46rem;color:#111;background:#fff}"
    ".passages mark{background:#cfe3f1;border-bottom:2px solid #0072B2;color:inherit}.passages small{color:#5f5f5f}"
)


@dataclasses.dataclass(frozen=True, eq=False)
class Passages:
    """Passages in which topics can be read.

    Attributes
    ----------
    table : DataFrame
        See `representative_documents`.
    marks : mapping
        (topic, rank) → spans of the topic's words, in characters of the raw text.
    labels : mapping
        topic → its name.
    """

    table: pd.DataFrame
    marks: Mapping[tuple[int, int], tuple[tuple[int, int], ...]]
    labels: Mapping[int, str]

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        topics = self.table["topic"].nunique()
        return f"Passages({len(self.table)} passages for {topics} topics; .table, or shown in a notebook)"

    @property
    def html(self) -> str:
        """The passages as HTML, each topic's words marked."""
        parts = []
        for topic, rows in self.table.groupby("topic", sort=True):
            parts.append(f'<h4 dir="ltr">topic <bdi>{html.escape(self.labels[int(str(topic))])}</bdi></h4>')
            for row in rows.itertuples():
                marks = self.marks[int(str(row.topic)), int(str(row.rank))]
                text = _marked(str(row.passage), int(str(row.start)), marks)
                about = f"{row.doc_id}, paragraph {int(str(row.paragraph)) + 1}, share {float(str(row.gamma)):.0%}"
                parts.append(f'<p dir="auto">{text}<br><small dir="ltr">{html.escape(about)}</small></p>')
        return f'<style>{_STYLE}</style><div class="passages">{"".join(parts)}</div>'

    def _repr_html_(self) -> str:
        return self.html

    def save(self, path: str | Path) -> Path:
        """Write the passages as a page of their own."""
        from framing.files import replacing

        head = '<!doctype html>\n<html><head><meta charset="utf-8"><title>Topics in passages</title></head>'
        page = f"{head}<body>{self.html}</body></html>\n"
        with replacing(path) as file:
            file.write(page)
        return Path(path)


def representative_documents(model: TopicModel, *, topic: int | Iterable[int] | None = None, n: int = 3) -> Passages:
    """Find, for each topic, the documents that are most about it, and the sentence in which that shows best.

    Parameters
    ----------
    model : TopicModel
    topic : int or iterable of int, optional
        All topics by default.
    n : int
        Documents per topic.

    Returns
    -------
    Passages
        `.table` has `topic`, `rank`, `doc_id`, `gamma` (share of the unit: document or paragraph), `paragraph`,
        `sentence`, `start`, `end` (of the sentence, in the raw text), `passage` (that text), `words` (the topic's
        words in it). In a notebook the words are marked.

    Notes
    -----
    A word w of unit d belongs to topic k with probability β_kw γ_dk / Σ_j β_jw γ_dj; the sentence with the largest sum
    is shown. Units with fewer terms than three quarters of the others are not representative of anything and
    are passed over, as are further units of a document that is listed already.

    Examples
    --------
    >>> from framing import Corpus, Document, topic_model
    >>> oil, visit = "ارتفع سعر برميل النفط", "زار الرئيس العاصمة والتقى نظيره"
    >>> corpus = Corpus([Document(id=str(i), text=f"{(oil, visit)[i % 2]}.") for i in range(60)])
    >>> import warnings; warnings.simplefilter("ignore")  # these are copies of each other
    >>> found = representative_documents(topic_model(corpus, k=2, max_df=0.9, phrases=False), n=1)
    >>> sorted(found.table["passage"])
    ['ارتفع سعر برميل النفط.', 'زار الرئيس العاصمة والتقى نظيره.']
    """
    import pandas as pd

    limits.given_model(model)
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        message = f"n must be a whole number of documents, at least 1, not {n!r}"
        raise FramingError(message)
    topics = range(model.k) if topic is None else [topic] if isinstance(topic, int | np.integer) else list(topic)
    rows: list[dict[str, Any]] = []
    marks: dict[tuple[int, int], tuple[tuple[int, int], ...]] = {}
    for each in topics:
        for rank, unit in enumerate(_units(model, model.check(each), n), 1):
            row, spans = _passage(model, each, unit)
            rows.append({"topic": each, "rank": rank, **row})
            marks[each, rank] = spans
    names = ["topic", "rank", "doc_id", "gamma", "paragraph", "sentence", "start", "end", "passage", "words"]
    table = result(pd.DataFrame(rows, columns=names), model.provenance)
    return Passages(table, marks, {each: model.label(each) for each in topics})


def _units(model: TopicModel, topic: int, n: int) -> list[int]:
    """Return the units with the largest share of a topic, at most one per document."""
    terms = model.bags.units["terms"].to_numpy()
    gamma = model.gamma_[:, topic]
    enough = terms >= np.quantile(terms[terms > 0], 0.25)
    order = np.lexsort((-terms, -np.where(enough, np.nan_to_num(gamma), -1)))
    ids = model.bags.units["doc_id"].to_numpy()
    chosen: list[int] = []
    for unit in order.tolist():
        if len(chosen) == n or not enough[unit] or not gamma[unit] > 0:
            break
        if ids[unit] not in {ids[other] for other in chosen}:
            chosen.append(unit)
    return chosen


def _passage(model: TopicModel, topic: int, unit: int) -> tuple[dict[str, Any], tuple[tuple[int, int], ...]]:
    """Return the best sentence of a unit for a topic, and where the topic's words stand in it."""
    first, last = np.searchsorted(model.bags.unit_of, (unit, unit + 1))
    words = model.bags.words.take(np.arange(first, last))
    belief = model.beta_[:, words.code] * model.gamma_[unit][:, None]
    total = belief.sum(axis=0)
    own = np.where(total > 0, belief[topic] / np.where(total > 0, total, 1), 0)
    weight = np.bincount(words.sentence, own)
    sentence = int(weight.argmax())
    name = str(model.bags.units["doc_id"].iloc[unit])
    text = model.bags.corpus[name].text
    start, end = _sentence(text, sentence)
    inside = (words.sentence == sentence) & (own >= MARKED)
    spans = tuple(zip(words.start[inside].tolist(), words.end[inside].tolist(), strict=True))
    row = {
        "doc_id": name,
        "gamma": float(model.gamma_[unit, topic]),
        "paragraph": int(words.paragraph[words.sentence == sentence][0]),
        "sentence": sentence,
        "start": start,
        "end": end,
        "passage": text[start:end],
        "words": " · ".join(dict.fromkeys(text[a:b] for a, b in spans)),
    }
    return row, spans


def _sentence(text: str, number: int) -> tuple[int, int]:
    from framing.language import tokenise

    spans = tokenise([text]).spans
    return int(spans.sentence_start[number]), int(spans.sentence_end[number])


def _marked(passage: str, offset: int, marks: Iterable[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in marks:
        parts += [
            html.escape(passage[at : start - offset]),
            f"<mark>{html.escape(passage[start - offset : end - offset])}</mark>",
        ]
        at = end - offset
    return "".join([*parts, html.escape(passage[at:])])
