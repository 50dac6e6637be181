"""Collecting from the web: lists of addresses, feeds, sitemaps."""

from __future__ import annotations

import dataclasses
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from framing import progress
from framing.collect.addresses import canonical, host_of, page_id
from framing.collect.archives import gunzip
from framing.collect.article import article
from framing.collect.dates import iso_date
from framing.collect.fetching import Fetcher, FetchError
from framing.collect.folder import Folder
from framing.collect.items import Found, Options
from framing.collect.needs import need
from framing.collect.readers import read_bytes
from framing.collect.stories import Story, read_stories
from framing.errors import FramingError, choices, closest

if TYPE_CHECKING:
    import pandas as pd

    from framing.collect.report import Report

_SITEMAPS = 200  # files of one site that are read at most


@dataclasses.dataclass(frozen=True, slots=True)
class How:
    """How pages are collected; the options of `urls`."""

    delay: float = 1.0
    retries: int = 3
    timeout: float = 30.0
    contact: str | None = None
    limit: int | None = None
    metadata: Mapping[str, Any] | None = None
    min_words: int = 20

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> How:
        known = [field.name for field in dataclasses.fields(cls)]
        for name in options:
            if name not in known:
                message = f"option {name!r} is not known{closest(name, known)}; there are {choices(known)}"
                raise FramingError(message)
        return cls(**options)

    def fetcher(self) -> Fetcher:
        return Fetcher(delay=self.delay, retries=self.retries, timeout=self.timeout, contact=self.contact)

    def settings(self, **more: Any) -> dict[str, Any]:
        return {**more, **{name: value for name, value in dataclasses.asdict(self).items() if name != "contact"}}


def urls(
    addresses: str | Path | Iterable[str] | pd.DataFrame,
    into: str | Path,
    *,
    delay: float = 1.0,
    retries: int = 3,
    timeout: float = 30.0,
    contact: str | None = None,
    limit: int | None = None,
    metadata: Mapping[str, Any] | None = None,
    min_words: int = 20,
) -> Report:
    """Collect the articles at these addresses, politely.

    Parameters
    ----------
    addresses : str, Path, iterable of str, or DataFrame
        Addresses; one address; a text file with one on each line; or a table (a data frame or a CSV, JSONL or
        Parquet file) with a column of addresses, such as the lists that Media Cloud and GDELT give. What the table
        says about a page (title, outlet, date …) is taken before what the page says.
    into : str or Path
        The corpus folder to add to; made when it is missing.
    delay : float
        Seconds between two requests to one host, or more where its robots.txt asks for more.
    retries : int
        Further attempts after a passing fault.
    timeout : float
        Seconds to wait for a server that does not go on.
    contact : str, optional
        Your address, told to the sites in the user agent. Please give one when you collect much.
    limit : int, optional
        Collect at most so many new pages in this run.
    metadata : mapping, optional
        What holds for all of them.
    min_words : int
        A page with less running text than this has no article.

    Returns
    -------
    Report
        Interrupt the run whenever you like and start it again: what was collected stays and is not fetched again, and
        what failed is tried again. Each page as it was fetched is kept under ``raw/``, so that a reader can check
        what was made of it. Whether you may keep and share it is a question of its licence.

    Raises
    ------
    FramingError
        When there is no address, or the folder cannot be used.

    Examples
    --------
    >>> urls("ftp://example.org/a", "corpus")
    Traceback (most recent call last):
    ...
    framing.errors.FramingError: 'ftp://example.org/a': neither the address of a web page nor a file that lists some
    """
    how = How(delay, retries, timeout, contact, limit, metadata, min_words)
    stories = read_stories(addresses)
    with Folder(into, "urls", how.settings(addresses=len(stories))) as folder:
        collect_pages(stories, folder, how.fetcher(), how)
        return folder.report()


def feed(addresses: str | Iterable[str], into: str | Path, **how: Any) -> Report:
    """Collect the articles that RSS or Atom feeds list.

    Parameters
    ----------
    addresses : str or iterable of str
        Of the feeds. A feed lists the newest articles only: run this daily to follow an outlet.
    into : str or Path
    **how
        `delay`, `retries`, `timeout`, `contact`, `limit`, `metadata`, `min_words`: as in `urls`.

    Returns
    -------
    Report
        A feed that cannot be read is among its failures.
    """
    options = How.of(how)
    given = [addresses] if isinstance(addresses, str) else list(addresses)
    with Folder(into, "feed", options.settings(feeds=given)) as folder:
        fetcher = options.fetcher()
        stories: list[Story] = []
        for address in given:
            try:
                page = fetcher.fetch(address)
                listed = feed_stories(page.body, page.url)
                folder.event("listed", address, articles=len(listed))
                stories += listed
            except FramingError as error:
                folder.fail(address, str(error))
        collect_pages(stories, folder, fetcher, options)
        return folder.report()


def sitemap(
    addresses: str | Iterable[str],
    into: str | Path,
    *,
    since: str | None = None,
    until: str | None = None,
    match: str | None = None,
    **how: Any,
) -> Report:
    """Collect the articles that a site's sitemaps list.

    Parameters
    ----------
    addresses : str or iterable of str
        Of the sitemaps, or indexes of sitemaps, packed or not.
    into : str or Path
    since, until : str, optional
        Only pages of these ISO dates, both included; pages without a date are taken.
    match : str, optional
        Only addresses in which this regular expression is found, such as ``"/news/"``.
    **how
        As in `urls`. Use `limit`: sitemaps may list a hundred thousand pages.

    Returns
    -------
    Report
    """
    options = How.of(how)
    try:
        wanted = re.compile(match or "")
    except re.error as error:
        message = f"match {match!r} is not a regular expression ({error})"
        raise FramingError(message) from None
    given = [addresses] if isinstance(addresses, str) else list(addresses)
    with Folder(into, "sitemap", options.settings(sitemaps=given, since=since, until=until, match=match)) as folder:
        fetcher = options.fetcher()
        stories = [
            story
            for story in _sitemap_stories(given, fetcher, folder)
            if wanted.search(story.url) and _within(story.metadata.get("date"), since, until)
        ]
        collect_pages(stories, folder, fetcher, options)
        return folder.report()


def _within(date: str | None, since: str | None, until: str | None) -> bool:
    return date is None or ((since is None or date >= since) and (until is None or date[:10] <= until))


def feed_stories(body: bytes, address: str) -> list[Story]:
    """Return the articles that a feed lists."""
    feedparser = need("feedparser", "Reading feeds")
    if b"<!ENTITY" in body[:10_000]:
        message = "the feed defines XML entities, which no honest feed does; not read"
        raise FramingError(message)
    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.version and not parsed.entries:
        message = "not an RSS or Atom feed"
        raise FramingError(message)
    stories = []
    for entry in parsed.entries:
        if entry.get("link"):
            facts = {
                "title": entry.get("title"),
                "outlet": parsed.feed.get("title"),
                "date": iso_date(entry.get("published") or entry.get("updated")),
                "author": entry.get("author"),
            }
            known = {name: " ".join(str(value).split()) for name, value in facts.items() if value}
            stories.append(Story(urljoin(address, entry.link), known))
    return stories


def _sitemap_stories(addresses: list[str], fetcher: Fetcher, folder: Folder) -> Iterator[Story]:
    waiting, seen = list(addresses), set()
    while waiting:
        address = waiting.pop(0)
        try:
            if canonical(address) in seen:
                continue
            seen.add(canonical(address))
            if len(seen) > _SITEMAPS:
                folder.fail(address, f"more than {_SITEMAPS} sitemaps; the rest is not read, name the ones you need")
                return
            page = fetcher.fetch(address)
            more, stories = sitemap_entries(page.body, page.url)
        except FramingError as error:
            folder.fail(address, str(error))
            continue
        folder.event("listed", address, sitemaps=len(more), pages=len(stories))
        waiting += more
        yield from stories


def sitemap_entries(body: bytes, address: str) -> tuple[list[str], list[Story]]:
    """Return the sitemaps and the pages that a sitemap lists.

    >>> sitemap_entries(b"<urlset><url><loc>/a</loc><lastmod>2018-11-02</lastmod></url></urlset>", "http://x.org/s.xml")
    ([], [Story(url='http://x.org/a', metadata={'date': '2018-11-02'})])
    """
    etree = need("lxml.etree", "Reading sitemaps")
    if body[:2] == b"\x1f\x8b":
        body = gunzip(body, "the sitemap")
    if not body.lstrip().startswith(b"<"):  # the plain form: one address on each line
        lines = body.decode("utf-8", "replace").split()
        found = [Story(line, {}) for line in lines if line.startswith(("http://", "https://"))]
        if not found:
            message = "not a sitemap"
            raise FramingError(message)
        return [], found
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        message = f"not a sitemap ({error})"
        raise FramingError(message) from None
    if root is None or etree.QName(root).localname not in ("urlset", "sitemapindex"):
        message = "not a sitemap"
        raise FramingError(message)
    index = etree.QName(root).localname == "sitemapindex"
    sitemaps: list[str] = []
    stories: list[Story] = []
    for entry in root:
        parts: dict[str, str] = {}
        for element in entry.iter("{*}loc", "{*}lastmod", "{*}publication_date", "{*}title", "{*}name"):
            parts.setdefault(etree.QName(element).localname, (element.text or "").strip())
        if not parts.get("loc"):
            continue
        url = urljoin(address, parts["loc"])
        date = iso_date(parts.get("publication_date") or parts.get("lastmod"))
        facts = {"title": parts.get("title"), "outlet": parts.get("name"), "date": date}
        if index:
            sitemaps.append(url)
        else:
            stories.append(Story(url, {name: value for name, value in facts.items() if value}))
    return sitemaps, stories


def collect_pages(stories: Iterable[Story], folder: Folder, fetcher: Fetcher, how: How) -> None:
    """Fetch pages and keep their articles; whatever goes wrong with one goes into the log, and no further."""
    listed: set[str] = set()
    new = 0
    for story in progress.bar(list(_by_turns(stories)), what="pages", unit="pages"):
        if how.limit is not None and new >= how.limit:
            folder.event("note", reason=f"stopped at the limit of {how.limit} new pages")
            return
        try:
            url = canonical(story.url)
        except FramingError as error:
            folder.fail(story.url, str(error))
            continue
        if url in listed:
            continue
        listed.add(url)
        there = folder.id_of(url)
        if there is not None:
            folder.event("skipped", url, id=there, reason="already collected")
            continue
        try:
            new += _collect_page(url, story, folder, fetcher, how)
        except FetchError as error:
            folder.fail(url, str(error), status=error.status, attempts=error.attempts)
        except FramingError as error:
            folder.fail(url, str(error))


def _by_turns(stories: Iterable[Story]) -> Iterator[Story]:
    """Yield the stories host by turns, so that no host is asked twice while others have not been asked once."""
    hosts: dict[str, list[Story]] = {}
    for story in stories:
        hosts.setdefault(host_of(story.url), []).append(story)
    for turn in itertools.zip_longest(*hosts.values()):
        yield from (story for story in turn if story is not None)


def _collect_page(url: str, story: Story, folder: Folder, fetcher: Fetcher, how: How) -> bool:
    kept = folder.kept_page(url)
    facts: dict[str, Any]
    if kept is None:
        page = fetcher.fetch(url)
        facts = {
            "url": page.url,
            "status": page.status,
            "kind": page.kind,
            "charset": page.charset,
            "attempts": page.attempts,
        }
        folder.keep_page(url, page.body, **facts)
        body: bytes = page.body
    else:
        body, facts = kept
    final = facts["url"]
    there = folder.id_of(final)
    if there is not None:
        folder.alias(url, url, there)
        folder.event("skipped", url, id=there, reason=f"redirects to {final}, which was collected")
        return False
    text, found = _article(body, facts, final, how.min_words)
    metadata = {
        **found,
        **{name: value for name, value in story.metadata.items() if value},
        "url": final,
        **(how.metadata or {}),
    }
    name = folder.add(source=url, key=final, id=page_id(final), text=text, metadata=metadata)
    folder.alias(url, url, name)
    return True


def _article(body: bytes, facts: Mapping[str, Any], url: str, min_words: int) -> tuple[str, dict[str, Any]]:
    kind = str(facts["kind"] or "")
    if "html" in kind or (body.lstrip()[:1] == b"<" and "xml" not in kind):
        return article(body, url=url, charset=facts["charset"], min_words=min_words)
    endings = {"application/pdf": ".pdf", "text/plain": ".txt"}
    if kind not in endings:
        message = f"not an article but {kind or 'something without a type'}"
        raise FramingError(message)
    for text in read_bytes(f"page{endings[kind]}", body, Options(min_words=min_words)):
        if isinstance(text, Found):
            return text.text, {**text.metadata, "outlet": host_of(url).removeprefix("www.")}
    message = "no text in it"
    raise FramingError(message)
