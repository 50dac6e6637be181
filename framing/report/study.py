"""What a report is about: the article, what it is compared with, and the results that several sections share."""

from __future__ import annotations

import dataclasses
import functools
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from framing.codebook import Codebook, given_codebook
from framing.corpus import Corpus, Document, given_corpus, given_document
from framing.errors import FramingError, FramingWarning
from framing.language.shown import whole_characters
from framing.report.interface import Interface

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding import Codings
    from framing.compare.reference import Reference
    from framing.validity.sources import Sources

_YES = frozenset(("yes", "true", "1", "نعم"))


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """The choices of a report; see `framing.report.report`."""

    labels: Mapping[str, str]
    ui: str
    human: Codings | Sources | None
    reference: Reference
    topics: int | bool | None
    margin: str
    level: float
    resamples: int
    limit: int
    random_state: int


class Study:
    """The article, its corpus and codebook, with results that are computed once, when a section asks for them.

    Attributes
    ----------
    whole, article : Document
        As given, and as analysed: of a very long text only the beginning.
    given, corpus : Corpus
        As given, and what the article is compared with: without the article itself and without its copies.
    copies : tuple of str
        Ids of documents with the very text of the article, which are left out.
    t : Interface
    """

    def __init__(
        self, article: Document, corpus: Corpus | Iterable[Document], codebook: Codebook, options: Options
    ) -> None:
        article, codebook = given_document(article, "article"), given_codebook(codebook)
        self.t = Interface(options.ui)
        self.options = options
        self.codebook = codebook
        self.whole = article
        article = well_formed(article)
        self.given = given_corpus(corpus)
        if any(well_formed(document) is not document for document in self.given):
            self.given = Corpus(map(well_formed, self.given), self.given.name)
        if options.limit < 1:
            message = f"limit must be a number of characters from 1, not {options.limit!r}; 200,000 is usual"
            raise FramingError(message)
        if article.id in self.given and self.given[article.id].text.strip() != article.text.strip():
            message = (
                f"the corpus {self.given.name!r} has another text with the id {article.id!r}; "
                "give the article an id of its own: article.replace(id='…')"
            )
            raise FramingError(message)
        self.article = (
            article.replace(text=cut(article.text, options.limit)) if len(article.text) > options.limit else article
        )
        same = article.text.strip()
        others = [document for document in self.given if document.id != article.id]
        self.copies = tuple(document.id for document in others if document.text.strip() == same)
        kept = (document for document in others if document.id not in set(self.copies))
        self.corpus = Corpus(kept, self.given.name)
        if not len(self.corpus):
            message = (
                f"the corpus {self.given.name!r} has no text but the article itself, so there is nothing to compare "
                "it with; give other texts, or use fr.show for the article alone"
            )
            raise FramingError(message)

    @property
    def is_cut(self) -> bool:
        return len(self.article.text) < len(self.whole.text)

    # -- shared results ------------------------------------------------------------------------------------------

    @functools.cached_property
    def codings(self) -> Codings:
        """The codings of the corpus and the article."""
        from framing.coding import code

        return code(self.corpus.with_document(self.article), self.codebook, margin=self.options.margin)

    @functools.cached_property
    def mine(self) -> Codings:
        """The codings of the article."""
        return self.codings.where(doc_id=self.article.id)

    def scored(self, by: str | list[str] = "doc_id", *, resamples: int | None = None) -> pd.DataFrame:
        """Return frame scores of the article, split by `by`."""
        from framing.scores import frame_scores

        chosen = self.options
        resamples = chosen.resamples if resamples is None else resamples
        return frame_scores(self.mine, by=by, level=chosen.level, resamples=resamples, random_state=chosen.random_state)

    @functools.cached_property
    def scores(self) -> pd.DataFrame:
        """Frame scores of the article, with bootstrap intervals."""
        return self.scored()

    @functools.cached_property
    def all_scores(self) -> pd.DataFrame:
        """Frame scores of all documents. A comparison uses the interval of the article alone, so only that is drawn."""
        from framing.scores import frame_scores

        scores = frame_scores(self.codings, level=self.options.level, resamples=0)
        mine = scores["doc_id"] == self.article.id
        figures = [name for name in scores.columns if name not in ("doc_id", "frame")]
        scores.loc[mine, figures] = self.scores[figures].to_numpy()
        return scores

    def check_reference(self) -> None:
        """Raise where nothing is like the reference that was asked for."""
        from framing.compare.reference import choose, metadata_of

        if self.options.reference is not None:
            choose(metadata_of(self.codings), self.article.id, self.options.reference, None)

    def compared(self, reference: Reference = None) -> pd.DataFrame:
        """Return the article's position among `reference`."""
        from framing.compare import compare

        chosen = self.options
        with warnings.catch_warnings():  # the page says it in its own words
            warnings.filterwarnings("ignore", "a percentile among", FramingWarning)
            return compare(
                self.all_scores, self.article.id, reference=reference, level=chosen.level, resamples=chosen.resamples,
                random_state=chosen.random_state,
            )  # fmt: skip

    @functools.cached_property
    def position(self) -> pd.DataFrame:
        """The article's position among all other documents, or those that were asked for."""
        return self.compared(self.options.reference)

    @functools.cached_property
    def people(self) -> Codings | None:
        """What people coded of the corpus, if anything."""
        from framing.coding import Codings

        human = self.options.human
        if human is None or isinstance(human, Codings):
            return human
        from framing.validity import read_coding_sheet

        return read_coding_sheet(human, self.given)

    # -- facts and names -----------------------------------------------------------------------------------------

    @functools.cached_property
    def n_words(self) -> int:
        return int(self.mine.documents["words"].sum())

    @functools.cached_property
    def n_constructed(self) -> int:
        """How many documents of the corpus say of themselves that they are constructed."""
        return sum(constructed(document) for document in self.corpus)

    @functools.cached_property
    def frames(self) -> tuple[str, ...]:
        return tuple(self.codebook.frames)

    def frame(self, id: str) -> Markup:
        """Return the name of a frame."""
        known = self.codebook.frames.get(id)
        title = known.title(self.t.language) if known else id
        return self.t.name(self.options.labels.get(id) or (id.replace("_", " ") if title == id else title))

    def actor(self, id: Any) -> Markup:
        """Return the name of an actor; nothing for none."""
        if not isinstance(id, str) or not id:
            return Markup("")
        known = self.codebook.actors.get(id)
        label = (known.label.get(self.t.language) or known.label.get("en")) if known else None
        return self.t.name(self.options.labels.get(id) or label or id.replace("_", " "))


def well_formed(document: Document) -> Document:
    r"""Return a document without half characters, which no file can hold; each becomes a mark, so that places stay.

    >>> well_formed(Document(id="a", text="a\ud800b", title="\ud800")).text
    'a�b'
    """
    values = {"id": document.id, "text": document.text, **document.metadata}
    whole = {name: whole_characters(value) for name, value in values.items() if isinstance(value, str)}
    changed = {name: value for name, value in whole.items() if value != values[name]}
    return document.replace(**changed) if changed else document


def constructed(document: Document) -> bool:
    """Say whether a document's metadata say that it is constructed.

    >>> constructed(Document(id="a", text="", constructed="yes"))
    True
    """
    return str(document["constructed"]).strip().lower() in _YES


def cut(text: str, limit: int) -> str:
    r"""Return the beginning of a text, at most `limit` characters: to the end of a paragraph, else of a word.

    >>> cut("one two\nthree four", 12), cut("one two three", 9), cut("onetwothree", 9)
    ('one two', 'one two', 'onetwothr')
    """
    start = text[: limit + 1]
    for end in ("\n", " "):
        at = start.rfind(end)
        if at > limit // 2:
            return start[:at]
    return text[:limit]
