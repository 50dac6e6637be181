"""Intrusion sheets: can a person see what a topic is about, and that a document is about it?

The tests of Chang et al. (2009). A coder gets a list with one thing that does not belong, and finds it
or does not; the key lies in a file of its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.errors import FramingError
from framing.topics import limits

if TYPE_CHECKING:
    import pandas as pd

    from framing.topics.model import TopicModel

#: What a coder fills in.
ANSWER = "intruder"
KEY_ENDING = ".key.csv"
_TERMS_SHOWN = 8
_WORDS_SHOWN = 80


@dataclasses.dataclass(frozen=True, eq=False)
class Sheet:
    """A sheet for coders, and its key.

    Attributes
    ----------
    kind : {"word", "topic"}
    table : DataFrame
        What the coder sees: `item`, what is to be read, the options `option_1` …, and the empty column `intruder`,
        for the number of the option that does not belong (or the option itself).
    key : DataFrame
        `item`, `kind`, `topic` (of which the words are; the intruding topic in a topic sheet), `doc_id`, `answer` (the
        number of the intruder), `options` (how many), `weights` (share of each option's topic in the document; topic
        sheets).
    given : dict
        Coder → item → answer, filled by `ask`.
    provenance : mapping
    """

    kind: str
    table: pd.DataFrame
    key: pd.DataFrame
    provenance: Mapping[str, Any]
    given: dict[str, dict[str, int]] = dataclasses.field(default_factory=dict)

    def __repr__(self) -> str:
        return (
            f"Sheet({self.kind} intrusion, {len(self.table)} items; .save('sheet.csv'), or .ask('coder') in a notebook)"
        )

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False))

    def save(self, path: str | Path) -> Path:
        """Write the sheet as CSV for a spreadsheet, and beside it `name.key.csv`, which coders must not see."""
        from framing.codebook.exchange.table import guarded
        from framing.files import replacing

        path = Path(path)
        if path.suffix.lower() != ".csv" or path.name.endswith(KEY_ENDING):
            message = f"{path}: a sheet is written as .csv; its key goes to a file ending in {KEY_ENDING!r} beside it"
            raise FramingError(message)
        safe = self.table.map(lambda cell: guarded(cell) if isinstance(cell, str) else cell)
        with replacing(path) as file:
            file.write("\ufeff" + safe.to_csv(index=False))
        with replacing(path.with_name(path.stem + KEY_ENDING)) as file:
            file.write(self.key.to_csv(index=False))
        return path

    def ask(self, coder: str = "coder") -> Any:
        """Return the sheet as buttons for a notebook; `score_intrusion(sheet)` counts what was chosen."""
        import ipywidgets as widgets

        answers = self.given.setdefault(coder, {})
        boxes = []
        for number, row in enumerate(self.table.to_dict("records"), 1):
            options = [str(row[name]) for name in self.table.columns if name.startswith("option_") and row[name]]
            question = widgets.HTML(f'<b>{number}</b> <span dir="auto">{_escaped(row.get("text", ""))}</span>')
            choice = widgets.RadioButtons(
                options=[(o, i) for i, o in enumerate(options, 1)], value=answers.get(row["item"])
            )
            choice.observe(_keeper(answers, str(row["item"])), names="value")
            boxes.append(widgets.VBox([question, choice]))
        head = "Which word does not belong?" if self.kind == "word" else "Which topic does not belong to the text?"
        return widgets.VBox([widgets.HTML(f"<h4>{head}</h4>"), *boxes])


def _keeper(answers: dict[str, int], item: str) -> Any:
    def keep(change: Any) -> None:
        answers[item] = change["new"]

    return keep


def _escaped(text: Any) -> str:
    import html

    return html.escape(str(text or ""))


def word_intrusion_sheet(model: TopicModel, *, n_terms: int = 5, per_topic: int = 1, random_state: int = 0) -> Sheet:
    """Make a word-intrusion sheet: the top terms of a topic, and one that has no business among them.

    Parameters
    ----------
    model : TopicModel
    n_terms : int
        Terms of the topic per item; with the intruder one more is shown.
    per_topic : int
        Items per topic. The first has the `n_terms` highest terms, further ones draw them from the 2 · `n_terms`
        highest.
    random_state : int

    Returns
    -------
    Sheet
        Items in random order, without any sign of the topic. The intruder is improbable in its item's topic
        (in the lower half of all terms) and a top term of another, so that it cannot be told by rarity.

    Notes
    -----
    Reference: Chang, J., Boyd-Graber, J., Gerrish, S., Wang, C. & Blei, D. (2009). Reading tea leaves: How humans
    interpret topic models. NIPS 22.

    Examples
    --------
    >>> from framing import Corpus, Document, topic_model
    >>> oil, visit = "ارتفع سعر برميل النفط", "زار الرئيس العاصمة والتقى نظيره"
    >>> corpus = Corpus([Document(id=str(i), text=f"{(oil, visit)[i % 2]} {i}") for i in range(60)])
    >>> import warnings; warnings.simplefilter("ignore")  # these are copies of each other
    >>> sheet = word_intrusion_sheet(topic_model(corpus, k=2, max_df=0.9, phrases=False), n_terms=3)
    >>> list(sheet.table.columns), len(sheet.table)
    (['item', 'option_1', 'option_2', 'option_3', 'option_4', 'intruder'], 2)
    """
    limits.given_model(model)
    for name, value, least in (("n_terms", n_terms, 2), ("per_topic", per_topic, 1)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            message = f"{name} must be a whole number, at least {least}, not {value!r}"
            raise FramingError(message)
    rng = np.random.default_rng(random_state)
    items = []
    for topic in range(model.k):
        highest = model.ranked(topic, 2 * n_terms)
        if len(highest) < n_terms:
            need = f"topic {topic} has only {len(highest)} terms, {n_terms} are needed"
            message = f"{need}: fit fewer topics or give a lower n_terms="
            raise FramingError(message)
        for number in range(per_topic):
            shown = highest[:n_terms] if number == 0 else sorted(rng.choice(highest, n_terms, replace=False).tolist())
            intruder = _intruder(model, topic, shown, rng)
            order = rng.permutation(n_terms + 1)
            options = [model.bags.readable[([*shown, intruder])[place]] for place in order]
            answer = int(np.flatnonzero(order == n_terms)[0]) + 1
            items.append(
                {"topic": topic, "doc_id": "", "answer": answer, "shown": options, "weights": "", "text": None}
            )
    return _sheet("word", items, model, rng, random_state)


def _intruder(model: TopicModel, topic: int, shown: Sequence[int], rng: np.random.Generator) -> int:
    """Return a top term of another topic that is improbable in this one and has no word in common with it."""
    beta = model.beta_[topic]
    depth = min(10, max(1, len(model.bags.terms) // model.k))
    others = {column for other in range(model.k) if other != topic for column in model.ranked(other, depth)}
    parts = {part for column in (*shown, *model.ranked(topic, depth)) for part in model.bags.terms[column].split(" ")}
    apart = [column for column in sorted(others) if not parts & set(model.bags.terms[column].split(" "))]
    if not apart:
        message = (
            f"every top term of the other topics is one of topic {topic}, too: there is no intruder. Fit fewer topics"
        )
        raise FramingError(message)
    low = [column for column in apart if beta[column] <= np.median(beta)]
    pool = low or sorted(apart, key=lambda column: beta[column])[:3]
    return int(rng.choice(pool))


def topic_intrusion_sheet(model: TopicModel, *, n: int = 20, n_topics: int = 3, random_state: int = 0) -> Sheet:
    """Make a topic-intrusion sheet: the beginning of a document, its largest topics, and one that it is not about.

    Parameters
    ----------
    model : TopicModel
    n : int
        Documents, drawn at random.
    n_topics : int
        Topics of the document per item; with the intruder one more is shown, each by its eight highest terms.
    random_state : int

    Returns
    -------
    Sheet
        As `word_intrusion_sheet`. The intruder is drawn from the lower half of the document's topics. The sheet
        quotes up to 80 words of each document.

    Examples
    --------
    >>> from framing import Corpus, Document, topic_model
    >>> themes = ["ارتفع سعر برميل النفط", "زار الرئيس العاصمة والتقى نظيره", "علاج الطبيب مريض المستشفى"]
    >>> corpus = Corpus([Document(id=str(i), text=f"{themes[i % 3]} {i}") for i in range(60)])
    >>> import warnings; warnings.simplefilter("ignore")  # these are copies of each other
    >>> sheet = topic_intrusion_sheet(topic_model(corpus, k=3, phrases=False), n=2, n_topics=1)
    >>> list(sheet.table.columns)
    ['item', 'text', 'option_1', 'option_2', 'intruder']
    """
    limits.given_model(model)
    for name, value in (("n", n), ("n_topics", n_topics)):
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            message = f"{name} must be a whole number, at least 1, not {value!r}"
            raise FramingError(message)
    if model.k <= n_topics:
        fewer = max(1, model.k - 1)
        message = f"a model of {model.k} topics has no intruder beside {n_topics}: n_topics={fewer}, or more topics"
        raise FramingError(message)
    rng = np.random.default_rng(random_state)
    gamma = model.gamma_of_documents
    full = np.flatnonzero(~np.isnan(gamma[:, 0]))
    items = []
    for row in np.sort(rng.choice(full, min(n, len(full)), replace=False)).tolist():
        order = np.argsort(-gamma[row], kind="stable")
        rest = order[max(n_topics, model.k // 2) :]
        shown = [*order[:n_topics].tolist(), int(rng.choice(rest))]
        place = rng.permutation(n_topics + 1)
        topics = [shown[p] for p in place]
        items.append(
            {
                "topic": shown[-1],
                "doc_id": model.bags.corpus.ids[row],
                "answer": int(np.flatnonzero(place == n_topics)[0]) + 1,
                "shown": [" · ".join(model.words(topic, _TERMS_SHOWN)) for topic in topics],
                "weights": " ".join(f"{gamma[row, topic]:.6f}" for topic in topics),
                "text": _beginning(model.bags.corpus[row]),
            }
        )
    return _sheet("topic", items, model, rng, random_state)


def _beginning(document: Any) -> str:
    words = document.text.split()
    text = " ".join(words[:_WORDS_SHOWN]) + (" …" if len(words) > _WORDS_SHOWN else "")
    return f"{document.title} | {text}" if document.title else text


def _sheet(
    kind: str, items: list[dict[str, Any]], model: TopicModel, rng: np.random.Generator, random_state: int
) -> Sheet:
    """Shuffle the items, number them, and divide them into what coders see and the key."""
    import pandas as pd

    order = rng.permutation(len(items))
    names = [f"{kind[0].upper()}{number:03d}" for number in range(1, len(items) + 1)]
    seen, keys = [], []
    for name, place in zip(names, order.tolist(), strict=True):
        item = items[place]
        options = {f"option_{number}": option for number, option in enumerate(item["shown"], 1)}
        seen.append({"item": name, **({"text": item["text"]} if kind == "topic" else {}), **options, ANSWER: ""})
        keys.append(
            {
                "item": name,
                "kind": kind,
                "topic": item["topic"],
                "doc_id": item["doc_id"],
                "answer": item["answer"],
                "options": len(item["shown"]),
                "weights": item["weights"],
            }
        )
    facts = {**model.provenance, "sheet": kind, "sheet_seed": random_state}
    table, key = pd.DataFrame(seen), pd.DataFrame(keys)
    table.attrs["provenance"] = key.attrs["provenance"] = facts
    return Sheet(kind, table, key, facts)
