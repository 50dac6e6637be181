"""Collecting what GDELT and Media Cloud find: their lists of stories, and the pages these point to."""

from __future__ import annotations

import datetime
import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from framing.collect.fetching import Fetcher, FetchError
from framing.collect.folder import Folder
from framing.collect.from_web import How, collect_pages
from framing.collect.needs import need
from framing.collect.stories import read_stories
from framing.errors import FramingError

if TYPE_CHECKING:
    import pandas as pd

    from framing.collect.report import Report

#: GDELT's DOC 2.0 interface; it gives at most 250 stories an answer and asks for five seconds between questions.
GDELT_API = "https://api.gdeltproject.org/api/v2/doc/doc"
_GDELT_MOST = 250
_GDELT_PAUSE = 5.5
_COLUMNS = ("url", "title", "outlet", "date", "language", "country")


def gdelt(
    query: str,
    into: str | Path,
    *,
    since: str,
    until: str,
    language: str | None = "arabic",
    country: str | None = None,
    domain: str | None = None,
    **how: Any,
) -> Report:
    """Collect the articles that GDELT's DOC interface finds.

    Parameters
    ----------
    query : str
        Words, ``"phrases in quotation marks"``, ``(this OR that)``; see GDELT's documentation of the DOC 2.0 API. GDELT
        matches its machine translation: ask in English, whatever the language of the articles.
    into : str or Path
    since, until : str
        ISO dates, both included.
    language, country, domain : str, optional
        Only stories in this language, from media of this country, of this domain.
    **how
        `delay`, `retries`, `timeout`, `contact`, `limit`, `metadata`, `min_words`: as in `urls`.

    Returns
    -------
    Report

    Notes
    -----
    GDELT gives addresses and titles; the texts come from the outlets' own pages, where they still are.
    """
    options = How.of(how)
    settings = options.settings(
        query=query, since=since, until=until, language=language, country=country, domain=domain
    )
    with Folder(into, "gdelt", settings) as folder:
        table = gdelt_stories(query, since=since, until=until, language=language, country=country, domain=domain)
        folder.event("listed", GDELT_API, articles=len(table))
        if len(table):
            collect_pages(read_stories(table), folder, options.fetcher(), options)
        return folder.report()


def gdelt_stories(
    query: str,
    *,
    since: str,
    until: str,
    language: str | None = "arabic",
    country: str | None = None,
    domain: str | None = None,
) -> pd.DataFrame:
    """Return the stories that GDELT finds, without collecting them.

    The parameters are those of `gdelt`. GDELT gives at most 250 stories for a question, so a period with more is
    asked for in halves, down to an hour.

    Returns
    -------
    DataFrame
        One row per story: `url`, `title`, `outlet` (domain), `date` (when GDELT saw it), `language`, `country`. It
        can be saved, thinned out, and given to `urls`.

    Raises
    ------
    FramingError
        When GDELT does not answer or refuses the query.
    """
    import pandas as pd

    words = [query.strip()]
    words += [
        f"{name}:{value}"
        for name, value in (("sourcelang", language), ("sourcecountry", country), ("domainis", domain))
        if value
    ]
    if not query.strip():
        message = "the query is empty; give at least one word"
        raise FramingError(message)
    start, end = period(since, until)
    fetcher = Fetcher(delay=_GDELT_PAUSE, robots=False)
    rows: dict[str, tuple[Any, ...]] = {}
    windows = [(start, end)]
    while windows:
        first, last = windows.pop()
        found = _gdelt_answer(" ".join(words), first, last, fetcher)
        if len(found) >= _GDELT_MOST and last - first > datetime.timedelta(hours=1):
            middle = first + (last - first) / 2
            windows += [(middle + datetime.timedelta(seconds=1), last), (first, middle)]
            continue
        for story in found:
            facts = [story.get(name) for name in ("title", "domain", "seendate", "language", "sourcecountry")]
            rows.setdefault(str(story.get("url")), (story.get("url"), *facts))
    return pd.DataFrame(list(rows.values()), columns=list(_COLUMNS), dtype=object)


def period(since: str, until: str) -> tuple[datetime.datetime, datetime.datetime]:
    """Return the first and the last second of a period given by two ISO dates.

    >>> period("2018-11-02", "2018-11-01")
    Traceback (most recent call last):
    ...
    framing.errors.FramingError: the period ends ('2018-11-01') before it begins ('2018-11-02')
    """
    try:
        first, last = (datetime.date.fromisoformat(str(date)) for date in (since, until))
    except ValueError as error:
        message = f"a period needs two ISO dates such as 2018-11-02 ({error})"
        raise FramingError(message) from None
    if last < first:
        message = f"the period ends ({until!r}) before it begins ({since!r})"
        raise FramingError(message)
    return datetime.datetime.combine(first, datetime.time.min), datetime.datetime.combine(
        last, datetime.time(23, 59, 59)
    )


def _gdelt_answer(
    query: str, first: datetime.datetime, last: datetime.datetime, fetcher: Fetcher
) -> list[dict[str, Any]]:
    parameters = {
        "query": query,
        "mode": "artlist",
        "format": "json",
        "maxrecords": _GDELT_MOST,
        "sort": "dateasc",
        "startdatetime": f"{first:%Y%m%d%H%M%S}",
        "enddatetime": f"{last:%Y%m%d%H%M%S}",
    }
    try:
        page = fetcher.fetch(f"{GDELT_API}?{urlencode(parameters)}")
    except FetchError as error:
        message = f"GDELT: {error}"
        raise FramingError(message) from None
    text = page.body.decode("utf-8", "replace").strip()
    if not text.startswith("{"):
        if not text:
            return []
        message = f"GDELT refuses the query: {text[:200]}"
        raise FramingError(message)
    try:
        answer = json.loads(re.sub(r'\\(?!["\\/bfnrtu])', "", text), strict=False)  # its titles hold stray backslashes
    except ValueError as error:
        message = f"GDELT's answer cannot be read ({error})"
        raise FramingError(message) from None
    articles = answer.get("articles", [])
    return [story for story in articles if isinstance(story, dict) and story.get("url")]


def mediacloud(
    query: str,
    into: str | Path,
    *,
    since: str,
    until: str,
    collections: Iterable[int] = (),
    sources: Iterable[int] = (),
    key: str | None = None,
    **how: Any,
) -> Report:
    """Collect the articles that Media Cloud finds, with its own client.

    Parameters
    ----------
    query : str
        In Media Cloud's syntax, such as ``"كوبا AND روسيا AND language:ar"``.
    into : str or Path
    since, until : str
        ISO dates, both included.
    collections, sources : iterable of int
        Numbers of Media Cloud's collections and sources to search; at least one.
    key : str, optional
        Your key to its interface; by default what the environment variable ``MEDIACLOUD_API_KEY`` holds. It is never
        written to the log.
    **how
        As in `urls`.

    Returns
    -------
    Report
    """
    options = How.of(how)
    chosen = {"collections": list(collections), "sources": list(sources)}
    with Folder(into, "mediacloud", options.settings(query=query, since=since, until=until, **chosen)) as folder:
        table = mediacloud_stories(query, since=since, until=until, key=key, **chosen)
        folder.event("listed", "Media Cloud", articles=len(table))
        if len(table):
            collect_pages(read_stories(table), folder, options.fetcher(), options)
        return folder.report()


def mediacloud_stories(
    query: str,
    *,
    since: str,
    until: str,
    collections: Sequence[int] = (),
    sources: Sequence[int] = (),
    key: str | None = None,
) -> pd.DataFrame:
    """Return the stories that Media Cloud finds, without collecting them.

    The parameters are those of `mediacloud`.

    Returns
    -------
    DataFrame
        One row per story: `url`, `title`, `outlet`, `date`, `language`, `list_id`.

    Raises
    ------
    FramingError
        Without a key, without a collection or source, or when Media Cloud refuses.
    """
    import pandas as pd

    api = need("mediacloud.api", "Asking Media Cloud")
    key = key or os.environ.get("MEDIACLOUD_API_KEY")
    if not key:
        message = "Media Cloud needs a key: get one at search.mediacloud.org and set MEDIACLOUD_API_KEY, or pass key=…"
        raise FramingError(message)
    if not collections and not sources:
        message = "name at least one collection or source of Media Cloud by its number; it cannot search everything"
        raise FramingError(message)
    first, last = (moment.date() for moment in period(since, until))
    client = api.SearchApi(key)
    stories: list[dict[str, Any]] = []
    token = None
    while True:
        try:
            page, token = client.story_list(
                query, first, last, collection_ids=list(collections), source_ids=list(sources), pagination_token=token
            )
        except (need("mediacloud.error", "Asking Media Cloud").MCException, OSError, RuntimeError, KeyError) as error:
            message = f"Media Cloud: {' '.join(str(error).split())[:300] or type(error).__name__}"
            raise FramingError(message) from None
        stories += page
        if not token or not page:
            break
    names = {
        "url": "url",
        "title": "title",
        "outlet": "media_name",
        "date": "publish_date",
        "language": "language",
        "list_id": "id",
    }
    return pd.DataFrame(
        [{ours: story.get(theirs) for ours, theirs in names.items()} for story in stories],
        columns=list(names),
        dtype=object,
    )
