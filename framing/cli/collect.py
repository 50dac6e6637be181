"""``framing collect``: documents from files, from the web, from open data sets."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from framing.cli.tables import write_csv
from framing.errors import FramingError

_CODES = (
    "Exit codes: 0 everything was collected or was there already, 1 something failed (it is named, the rest was "
    "collected), 2 the input cannot be used. Interrupt a run whenever you like and start it again."
)


def register(subparsers: Any) -> None:
    parser = subparsers.add_parser("collect", help="collect documents from files, the web or open data sets")
    kinds = parser.add_subparsers(dest="kind", metavar="KIND", required=True)

    files = _kind(kinds, "files", "from files and folders: text, HTML, DOCX, RTF, PDF, tables, WARC, ZIP, exports")
    files.add_argument("paths", nargs="+", metavar="PATH", help="file or folder")
    files.add_argument("--column", action="append", default=[], metavar="THEIRS=OURS", help="such as Headline=title")
    _add_common(files)
    files.set_defaults(run=run_files)

    urls = _kind(kinds, "urls", "the articles at addresses, politely")
    urls.add_argument("addresses", nargs="+", metavar="URL|FILE", help="address, or a file that lists some")
    _add_common(urls)
    _add_politeness(urls)
    urls.set_defaults(run=run_urls)

    feed = _kind(kinds, "feed", "the articles that RSS or Atom feeds list")
    feed.add_argument("addresses", nargs="+", metavar="URL")
    _add_common(feed)
    _add_politeness(feed)
    feed.set_defaults(run=run_feed)

    sitemap = _kind(kinds, "sitemap", "the articles that sitemaps list")
    sitemap.add_argument("addresses", nargs="+", metavar="URL")
    _add_period(sitemap, required=False)
    sitemap.add_argument("--match", metavar="REGEX", help="only addresses in which this is found")
    _add_common(sitemap)
    _add_politeness(sitemap)
    sitemap.set_defaults(run=run_sitemap)

    gdelt = _kind(kinds, "gdelt", "the articles that GDELT finds")
    gdelt.add_argument("query", metavar="QUERY", help='English words, "phrases", (this OR that)')
    _add_period(gdelt, required=True)
    gdelt.add_argument("--language", default="arabic", help="of the articles (default: %(default)s)")
    gdelt.add_argument("--country", help="of the outlets")
    gdelt.add_argument("--domain", help="of the outlet")
    _add_common(gdelt, into=False)
    _add_list(gdelt)
    _add_politeness(gdelt)
    gdelt.set_defaults(run=run_gdelt)

    cloud = _kind(kinds, "mediacloud", "the articles that Media Cloud finds; the key is read from MEDIACLOUD_API_KEY")
    cloud.add_argument("query", metavar="QUERY")
    _add_period(cloud, required=True)
    cloud.add_argument("--collection", type=int, action="append", default=[], metavar="NUMBER", help="to search in")
    cloud.add_argument("--source", type=int, action="append", default=[], metavar="NUMBER", help="to search in")
    _add_common(cloud, into=False)
    _add_list(cloud)
    _add_politeness(cloud)
    cloud.set_defaults(run=run_mediacloud)

    listing = _kind(kinds, "datasets", "list the open data sets that can be loaded by name")
    listing.set_defaults(run=run_datasets)

    dataset = _kind(kinds, "dataset", "an open data set by name")
    dataset.add_argument("name", metavar="NAME")
    dataset.add_argument("--into", required=True, metavar="PATH", help="a new folder, or a .jsonl or .parquet file")
    dataset.add_argument("--accept-licence", action="store_true", help="you have read the licence and accept it")
    dataset.set_defaults(run=run_dataset)


def _kind(kinds: Any, name: str, about: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = kinds.add_parser(name, help=about, description=about, epilog=_CODES)
    return parser


def _add_common(parser: argparse.ArgumentParser, *, into: bool = True) -> None:
    if into:
        parser.add_argument("--into", required=True, metavar="FOLDER", help="corpus folder to add to or make")
    parser.add_argument("--set", action="append", default=[], metavar="COLUMN=VALUE", help="such as outlet=al-madar")
    parser.add_argument(
        "--min-words", type=int, default=20, help="a page with less text has no article (default: %(default)s)"
    )


def _add_list(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--into", metavar="FOLDER", help="corpus folder to add to or make")
    where.add_argument("--list", metavar="FILE.csv", help="only list the addresses, for `urls` later")


def _add_politeness(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--delay", type=float, default=1.0, help="seconds between requests (default: %(default)s)")
    parser.add_argument("--retries", type=int, default=3, help="after passing faults (default: %(default)s)")
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds to wait (default: %(default)s)")
    parser.add_argument("--contact", metavar="ADDRESS", help="yours, told to the sites in the user agent")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N new pages in this run")


def _add_period(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--since", required=required, metavar="DATE", help="first day, such as 2018-11-01")
    parser.add_argument("--until", required=required, metavar="DATE", help="last day")


def _pairs(given: list[str], option: str) -> dict[str, str]:
    pairs = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name or not value:
            message = f"{option} {pair!r}: two names joined by = are needed, such as {option} outlet=al-madar"
            raise FramingError(message)
        pairs[name] = value
    return pairs


def _how(options: Any) -> dict[str, Any]:
    names = ("delay", "retries", "timeout", "contact", "limit", "min_words")
    return {**{name: getattr(options, name) for name in names}, "metadata": _pairs(options.set, "--set")}


def _finish(report: Any) -> int:
    print(report)
    return int(report.exit_code)


def run_files(options: Any) -> int:
    from framing import collect

    columns, metadata = _pairs(options.column, "--column"), _pairs(options.set, "--set")
    return _finish(
        collect.files(options.paths, options.into, columns=columns, metadata=metadata, min_words=options.min_words)
    )


def run_urls(options: Any) -> int:
    from framing import collect
    from framing.collect.stories import read_stories

    stories = [story for given in options.addresses for story in read_stories(given)]
    return _finish(collect.urls(_table(stories), options.into, **_how(options)))


def _table(stories: list[Any]) -> Any:
    import pandas as pd

    return pd.DataFrame([{**story.metadata, "url": story.url} for story in stories])


def run_feed(options: Any) -> int:
    from framing import collect

    return _finish(collect.feed(options.addresses, options.into, **_how(options)))


def run_sitemap(options: Any) -> int:
    from framing import collect

    period = {"since": options.since, "until": options.until, "match": options.match}
    return _finish(collect.sitemap(options.addresses, options.into, **period, **_how(options)))


def run_gdelt(options: Any) -> int:
    from framing import collect

    names = ("since", "until", "language", "country", "domain")
    question = {name: getattr(options, name) for name in names}
    if options.list:
        return _write_list(collect.gdelt_stories(options.query, **question), options.list)
    return _finish(collect.gdelt(options.query, options.into, **question, **_how(options)))


def run_mediacloud(options: Any) -> int:
    from framing import collect

    question = {
        "since": options.since,
        "until": options.until,
        "collections": options.collection,
        "sources": options.source,
    }
    if options.list:
        return _write_list(collect.mediacloud_stories(options.query, **question), options.list)
    return _finish(collect.mediacloud(options.query, options.into, **question, **_how(options)))


def _write_list(table: Any, path: str) -> int:
    write_csv(table, path)
    print(f"{len(table)} addresses written to {path}")
    return 0


def run_datasets(options: Any) -> int:  # noqa: ARG001
    from framing import collect

    for row in collect.datasets().to_dict("records"):
        print(f"{row['name']:<14} {row['megabytes']:>3} MB  {row['licence']:<16} {row['contents']}")
    return 0


def run_dataset(options: Any) -> int:
    from framing import collect, write_corpus

    if Path(options.into).exists():
        message = f"{options.into}: exists already; name a new folder or file"
        raise FramingError(message)
    corpus = collect.dataset(options.name, accept_licence=options.accept_licence)
    written = write_corpus(corpus, options.into)
    print(f"{len(corpus):,} documents written to {written}")
    return 0
