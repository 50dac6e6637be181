"""The report on an article: one self-contained page that can be sent to a colleague."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from framing.corpus import Corpus, Document

if TYPE_CHECKING:
    from framing.codebook import Codebook
    from framing.coding import Codings
    from framing.compare.reference import Reference
    from framing.validity.sources import Sources


@dataclasses.dataclass(frozen=True, repr=False)
class Report:
    """A report on an article, as one HTML page.

    Attributes
    ----------
    html : str
        The page. It loads nothing: style, script and figures are inside, and its content security policy
        forbids everything else.
    article : str
        The article's id.
    missing : mapping from str to str
        The sections that could not be computed, and why. The page says so in their places.
    """

    html: str
    article: str
    missing: Mapping[str, str]

    def __repr__(self) -> str:
        gone = f"; not computed: {', '.join(self.missing)}" if self.missing else ""
        size = len(self.html.encode()) / 1024
        return f"Report({self.article!r}, {size:,.0f} kB{gone}; shown in a notebook, or .save('report.html'))"

    def _repr_html_(self) -> str:
        page = html.escape(self.html, quote=True)
        return (
            f'<iframe srcdoc="{page}" sandbox="allow-scripts" title="Framing report" '
            'style="width:100%;height:40rem;border:1px solid #ccc"></iframe>'
        )

    def save(self, path: str | Path) -> Path:
        """Write the page, whole or not at all."""
        from framing.files import replacing

        path = Path(path)
        with replacing(path) as file:
            file.write(self.html)
        return path


def report(
    article: Document,
    corpus: Corpus | Iterable[Document],
    codebook: Codebook,
    *,
    labels: Mapping[str, str] | None = None,
    ui: str = "en",
    human: Codings | Sources | None = None,
    reference: Reference = None,
    topics: int | bool | None = None,
    margin: str = "default",
    level: float = 0.95,
    resamples: int = 2_000,
    limit: int = 200_000,
    random_state: int = 0,
) -> Report:
    """Write the report on an article: what frames it, who speaks, and where it stands in a corpus.

    Parameters
    ----------
    article : Document
    corpus : Corpus or iterable of Document
        What the article is compared with. The article itself and copies of its text are left out of it.
    codebook : Codebook
    labels : mapping, optional
        Names to print for frames and actors, by id.
    ui : {"en", "ar"}
        Language of the page. Texts stay in their own.
    human : Codings, str or Path, optional
        What people coded of the corpus (as `fr.read_coding_sheet` reads it): agreement, precision and recall.
    reference : optional
        As in `fr.compare`; by default all other documents, and those on the same event beside them.
    topics : int or False, optional
        How many topics; False leaves them out. By default eight, or fewer where the corpus cannot carry them.
    margin : {"strict", "default", "recall"}
        Which readings of an ambiguous word count.
    level, resamples, random_state
        Of all intervals.
    limit : int
        Characters of the article that are analysed and shown. Of a longer text the beginning is taken, and
        the page says so.

    Returns
    -------
    Report
        `.html`, `.save(path)`. The same input and versions give the same page, byte for byte.

    Raises
    ------
    FramingError
        When `ui` is not known, the corpus has nothing but the article, another text of it has the article's id,
        or no document meets `reference`.

    Notes
    -----
    A section that cannot be computed says why, and the others are there. Whatever the article holds, the page
    has at most `limit` characters of it, 2,000 marked hits, and lists of fixed length: with the usual limit
    less than 8 MB. All text is escaped; characters that reorder what follows them are shown as a mark.

    Examples
    --------
    >>> from framing import Codebook
    >>> article, other = Document(id="a", text="تعاون جديد."), Document(id="b", text="لقاء.")
    >>> page = report(article, [other], Codebook.from_dict({"alliance": ["تعاون"]}), topics=False)
    >>> page.html[:15], sorted(page.missing)
    ('<!doctype html>', ['relations', 'topics', 'validity'])
    """
    from framing.report.rendering import render
    from framing.report.sections import compute
    from framing.report.study import Options, Study

    options = Options(
        labels=dict(labels or {}),
        ui=ui,
        human=human,
        reference=reference,
        topics=topics,
        margin=margin,
        level=level,
        resamples=resamples,
        limit=limit,
        random_state=random_state,
    )
    study = Study(article, corpus, codebook, options)
    study.check_reference()
    sections = compute(study)
    missing = {section.name: section.missing for section in sections if section.missing}
    return Report(render(study, sections), article.id, missing)
