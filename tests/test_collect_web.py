"""Collecting from the web, against servers on this machine that behave as badly as real ones."""

import contextlib
import gzip
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pandas as pd
import pytest

import framing as fr
from framing import collect
from framing.collect import fetching, from_queries, opendata
from framing.collect.fetching import Fetcher, FetchError
from framing.collect.from_web import feed_stories, sitemap_entries
from framing.errors import FramingError, FramingWarning

_LINE = "الرئيس الوزير العاصمة اللقاء التعاون الطاقة النقل الزراعة التجارة الاتفاق اللجنة الزيارة الوفد البيان المؤتمر"
WORDS = _LINE.split()


def text_of(number):
    """A text of its own for each page."""
    return (
        " ".join(
            f"{WORDS[(number + shift * 7) % len(WORDS)]} {number} {WORDS[(number * 3 + shift) % len(WORDS)]}"
            for shift in range(12)
        )
        + "."
    )


def page(number, head=""):
    return (
        f"<!DOCTYPE html><html lang='ar'><head><meta charset='utf-8'><title>خبر {number}</title>{head}</head><body>"
        f"<article><h1>خبر {number}</h1><p>{text_of(number)}</p><p>{text_of(number + 1000)}</p></article></body></html>"
    ).encode()


class Site:
    """A web site on a free port: `routes` maps paths to what is done with a request; `requests` says what was asked."""

    def __init__(self):
        self.routes, self.requests, self.agents, self.times = {}, [], set(), []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self):
                site.requests.append(self.path)
                site.times.append(time.monotonic())
                site.agents.add(self.headers["User-Agent"])
                route = site.routes.get(self.path.partition("?")[0], 404)
                with contextlib.suppress(OSError):
                    route(self) if callable(route) else self.give(route)

            def give(self, route):
                status, body, headers = (
                    route
                    if isinstance(route, tuple)
                    else (route, b"", {})
                    if isinstance(route, int)
                    else (200, route, {})
                )
                self.send_response(status)
                for name, value in {
                    "Content-Type": "text/html; charset=utf-8",
                    "Content-Length": str(len(body)),
                    **headers,
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path):
        return self.base + path

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    started = Site()
    yield started
    started.close()


QUICK = {"delay": 0.0, "retries": 2, "timeout": 0.5}


def reasons(report):
    return dict(report.table.loc[report.table["event"] == "failed", ["source", "reason"]].itertuples(index=False))


# --- ways in which a server goes wrong -------------------------------------------------------------------------------


def cut(handler):
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(page(1)[:300])
    handler.close_connection = True


def cut_chunked(handler):
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"100\r\n" + page(1)[:100])
    handler.close_connection = True


def slam(handler):
    """Close without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def hang(handler):
    time.sleep(2)


def hang_in_the_middle(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b"<html>")
    time.sleep(2)


def drip(handler):
    """Send a byte now and then, for ever: no single wait is long."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def garbage(handler):
    handler.wfile.write(b"\x00\x01 this is no HTTP\r\n\r\n")
    handler.close_connection = True


def times(n, before, after):
    """Answer `before` to the first n requests, `after` to the rest."""
    count = iter(range(10_000))
    return lambda handler: (lambda route: route(handler) if callable(route) else handler.give(route))(
        before if next(count) < n else after
    )


FAULTS = {
    "/missing": (404, "the server answered 404", 1),
    "/gone": (410, "the server answered 410", 1),
    "/forbidden": (403, "the server answered 403", 1),
    "/broken": (500, "the server answered 500, in 3 attempts", 3),
    "/busy": ((429, b"", {"Retry-After": "3600"}), "it asks to wait 3600 seconds", 1),
    "/cut": (cut, "cut in the middle of the page", 3),
    "/cut-chunked": (cut_chunked, "cut in the middle of the page", 3),
    "/slam": (slam, "no connection", 3),
    "/garbage": (garbage, "no connection", 3),
    "/hang": (hang, "did not answer in time", 3),
    "/hang-in-the-middle": (hang_in_the_middle, "stopped in the middle of the page", 3),
    "/loop": ((302, b"", {"Location": "/loop2"}), "redirected in a circle", 1),
    "/loop2": ((302, b"", {"Location": "/loop"}), "redirected in a circle", 1),
    "/to-file": ((302, b"", {"Location": "file:///etc/passwd"}), "which is no web page", 1),
    "/picture": ((200, b"\x89PNG", {"Content-Type": "image/png"}), "not an article but image/png", 1),
    "/menu": (b"<html><body><nav>menu</nav></body></html>", "no article found", 1),
    "/empty": (b"", "no article found", 1),
}


@pytest.mark.parametrize("path", FAULTS)
def test_each_fault_is_named_and_the_rest_goes_on(site, tmp_path, path):
    route, reason, attempts = FAULTS[path]
    site.routes |= {path: route, "/good": page(1)}
    if path.startswith("/loop"):
        site.routes |= {"/loop": FAULTS["/loop"][0], "/loop2": FAULTS["/loop2"][0]}
    report = collect.urls([site.url(path), site.url("/good")], tmp_path, **QUICK)
    assert reason in reasons(report)[site.url(path)]
    assert (report.collected, report.failed, report.exit_code) == (1, 1, 1)
    assert site.requests.count(path) == attempts
    assert report.corpus[0].text == f"{text_of(1)}\n{text_of(1001)}\n"


@pytest.mark.parametrize(
    "fault", [500, 503, (429, b"", {"Retry-After": "0"}), cut, cut_chunked, slam, hang_in_the_middle]
)
def test_a_passing_fault_passes(site, tmp_path, fault):
    site.routes["/a"] = times(2, fault, page(1))
    report = collect.urls([site.url("/a")], tmp_path, **QUICK)
    assert (report.collected, report.failed) == (1, 0)


def test_a_server_that_drips_for_ever_is_left(site):
    site.routes["/drip"] = drip
    with pytest.raises(FetchError, match="not complete after"):
        Fetcher(delay=0, retries=0, timeout=0.5, deadline=0.3).fetch(site.url("/drip"))


def test_an_endless_page_is_refused(site):
    site.routes["/big"] = b"<html>" + b"x" * 100_000
    with pytest.raises(FetchError, match="larger than 50,000 bytes"):
        Fetcher(delay=0, max_bytes=50_000).fetch(site.url("/big"))
    packed = gzip.compress(b"0" * 10_000_000)
    site.routes["/bomb"] = (200, packed, {"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="larger than 50,000 bytes"):
        Fetcher(delay=0, max_bytes=50_000).fetch(site.url("/bomb"))


def test_a_page_cut_without_a_sign_is_noticed_by_its_missing_end(site):
    def without_length(handler, body):
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    site.routes["/cut"] = times(
        1, lambda handler: without_length(handler, page(1)[:200]), lambda handler: without_length(handler, page(1))
    )
    assert Fetcher(delay=0).fetch(site.url("/cut")).body == page(1)
    endless = page(2).replace(b"</html>", b"")
    site.routes["/endless"] = lambda handler: without_length(handler, endless)
    assert Fetcher(delay=0).fetch(site.url("/endless")).body == endless
    assert site.requests.count("/endless") == 2  # twice the same: it has no end


def test_nobody_there(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    report = collect.urls([f"{address}/{n}" for n in range(3)], tmp_path, delay=0, retries=0, timeout=0.5)
    assert report.failed == 3
    assert set(reasons(report).values()) == {f"{address}/robots.txt cannot be read, which forbids all pages for now"}


def test_a_host_that_no_longer_answers_is_given_up(site, tmp_path):
    site.routes |= {f"/{n}": hang for n in range(8)}
    report = collect.urls([site.url(f"/{n}") for n in range(8)], tmp_path, delay=0, retries=0, timeout=0.05)
    assert sum("given up" in reason for reason in reasons(report).values()) == 3
    assert sum(path != "/robots.txt" for path in site.requests) == 5


# --- politeness ------------------------------------------------------------------------------------------------------


def test_robots_are_heeded(site, tmp_path):
    ours = b"Disallow: /private\nAllow: /private/open\nDisallow: /*.aspx$\n"
    rules = b"User-agent: *\n" + ours + b"\nUser-agent: framing\n" + ours
    site.routes |= {
        "/robots.txt": rules,
        "/a": page(1),
        "/private/x": page(2),
        "/private/open": page(3),
        "/x.aspx": page(4),
        "/sly": (302, b"", {"Location": "/private/x"}),
    }
    wanted = [site.url(path) for path in ("/a", "/private/x", "/private/open", "/x.aspx", "/sly")]
    report = collect.urls(wanted, tmp_path, **QUICK)
    assert sorted(document.url for document in report.corpus) == [site.url("/a"), site.url("/private/open")]
    assert reasons(report) == {site.url(path): "forbidden by robots.txt" for path in ("/private/x", "/x.aspx", "/sly")}
    assert site.requests.count("/robots.txt") == 1
    assert "/private/x" not in site.requests


@pytest.mark.parametrize(
    "answer, collected", [(404, 1), (403, 1), (500, 0), (slam, 0), (hang, 0), (b"\xff\xfe\x00", 1)]
)
def test_robots_that_cannot_be_read(site, tmp_path, answer, collected):
    site.routes |= {"/robots.txt": answer, "/a": page(1)}
    report = collect.urls([site.url("/a")], tmp_path, delay=0, retries=0, timeout=0.3)
    assert report.collected == collected
    assert ("/a" in site.requests) == bool(collected)


def test_pauses_between_requests(site, tmp_path):
    site.routes |= {f"/{n}": page(n) for n in range(3)}
    collect.urls([site.url(f"/{n}") for n in range(3)], tmp_path / "a", delay=0.1)
    gaps = [later - earlier for earlier, later in zip(site.times, site.times[1:], strict=False)]
    assert len(gaps) == 3
    assert min(gaps) >= 0.09
    site.times.clear()
    site.routes["/robots.txt"] = b"User-agent: *\nCrawl-delay: 0.2\n"
    collect.urls([site.url(f"/{n}") for n in range(3)], tmp_path / "b", delay=0.0)
    assert min(later - earlier for earlier, later in zip(site.times[1:], site.times[2:], strict=False)) >= 0.19


def test_the_user_agent_introduces_itself(site, tmp_path):
    site.routes["/a"] = page(1)
    collect.urls([site.url("/a")], tmp_path, contact="someone@example.org", **QUICK)
    (agent,) = site.agents
    assert agent.startswith(f"framing/{fr.__version__} ")
    assert "someone@example.org" in agent


def test_hosts_take_turns():
    from framing.collect.from_web import _by_turns
    from framing.collect.stories import Story

    stories = [Story(f"http://{host}/{n}", {}) for host, n in (("a", 1), ("a", 2), ("a", 3), ("b", 1), ("b", 2))]
    assert [story.url[7:] for story in _by_turns(stories)] == ["a/1", "b/1", "a/2", "b/2", "a/3"]


# --- what is collected -----------------------------------------------------------------------------------------------


def test_pages_in_other_encodings_and_kinds(site, tmp_path):
    old = page(1).decode().replace("utf-8", "windows-1256").encode("cp1256")
    site.routes |= {
        "/meta": (200, old, {"Content-Type": "text/html"}),
        "/header": (200, old.replace(b"windows-1256", b"utf-8"), {"Content-Type": "text/html; charset=windows-1256"}),
        "/unsaid": (200, old.replace(b"windows-1256", b""), {"Content-Type": "text/html"}),
        "/packed": (200, gzip.compress(page(1)), {"Content-Encoding": "gzip"}),
        "/plain": (200, text_of(1).encode(), {"Content-Type": "text/plain"}),
        "/خبر": page(2),
    }
    site.routes["/%D8%AE%D8%A8%D8%B1"] = page(2)
    report = collect.urls(
        [site.url(path) for path in ("/meta", "/header", "/unsaid", "/packed", "/plain", "/خبر")], tmp_path, **QUICK
    )
    assert reasons(report) == {}
    texts = [document.text for document in report.corpus]
    assert texts[:4] == [f"{text_of(1)}\n{text_of(1001)}\n"] * 4
    assert texts[4] == f"{text_of(1)}\n"


def test_what_the_list_says_goes_before_what_the_page_says(site, tmp_path):
    site.routes |= {"/a": page(1, "<meta property='og:site_name' content='الموقع'>"), "/b": page(2)}
    lists = tmp_path / "mediacloud.csv"
    lists.write_text(
        "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
        f"77,2018-11-03,ar,المدار,almadar.example,2018-11-02,عنوان القائمة,{site.url('/a')}?utm_source=x\n"
        f"78,2018-11-03,ar,,,,,{site.url('/b')}\n",
        "utf-8",
    )
    report = collect.urls(lists, tmp_path / "corpus", metadata={"event": "visit-2018"}, **QUICK)
    first, second = report.corpus
    assert (first.title, first.outlet, first.date, first.event, first["list_id"]) == (
        "عنوان القائمة",
        "المدار",
        "2018-11-02",
        "visit-2018",
        "77",
    )
    assert (second.title, second.outlet, second.url) == ("خبر 2", site.base.removeprefix("http://"), site.url("/b"))


def test_one_page_under_many_addresses_is_one_document(site, tmp_path):
    site.routes |= {"/a": page(1), "/old": (301, b"", {"Location": "/a"}), "/older": (301, b"", {"Location": "/old"})}
    addresses = [site.url(path) for path in ("/older", "/a", "/a#top", "/a?utm_medium=feed", "/old")]
    for _ in range(2):
        report = collect.urls(addresses, tmp_path, **QUICK)
        assert len(report.corpus) == 1
        assert report.failed == 0
    assert report.collected == 0
    assert site.requests.count("/a") <= 3


def test_a_second_run_asks_only_for_what_failed(site, tmp_path):
    site.routes |= {"/a": page(1), "/b": 500, "/c": b"<html><p>menu</p></html>"}
    addresses = [site.url(path) for path in ("/a", "/b", "/c", "/d")]
    collect.urls(addresses, tmp_path, **QUICK)
    site.routes |= {"/b": page(2), "/d": page(3)}
    site.requests.clear()
    report = collect.urls(addresses, tmp_path, **QUICK)
    assert (report.collected, report.skipped, report.failed) == (2, 1, 1)
    assert [path for path in site.requests if path != "/robots.txt"] == ["/b", "/d"]  # /c was kept as it is
    log = [json.loads(line) for line in (tmp_path / "collected.jsonl").read_text("utf-8").splitlines()]
    fetched = [entry for entry in log if entry["event"] == "fetched"]
    assert {entry["key"] for entry in fetched} == set(addresses)
    assert all(
        {"time", "run", "url", "status", "sha256", "bytes", "attempts", "raw"} <= set(entry) for entry in fetched
    )
    assert gzip.decompress((tmp_path / fetched[0]["raw"]).read_bytes()) == page(1)


def test_limit_stops_and_the_next_run_goes_on(site, tmp_path):
    site.routes |= {f"/{n}": page(n) for n in range(5)}
    addresses = [site.url(f"/{n}") for n in range(5)]
    assert [collect.urls(addresses, tmp_path, limit=2, **QUICK).collected for _ in range(3)] == [2, 2, 1]


def test_lists_without_addresses(tmp_path):
    (tmp_path / "a.txt").write_text("# nothing\n", "utf-8")
    (tmp_path / "a.csv").write_text("title\nx\n", "utf-8")
    for given, said in (
        ([], "no addresses"),
        (tmp_path / "a.txt", "no address in it"),
        (tmp_path / "a.csv", "no column of addresses"),
        (tmp_path / "b.txt", "neither the address"),
        (pd.DataFrame({"link": []}), "no column of addresses"),
    ):
        with pytest.raises(FramingError, match=said):
            collect.urls(given, tmp_path / "corpus")
    with pytest.raises(FramingError, match="did you mean 'delay'"):
        collect.feed("http://x.org", tmp_path / "corpus", dely=1)


# --- feeds and sitemaps ----------------------------------------------------------------------------------------------


def rss(site, paths):
    items = "".join(
        f"<item><title>عنوان {n}</title><link>{path}</link><pubDate>Fri, 0{n} Nov 2018 10:00:00 GMT</pubDate></item>"
        for n, path in enumerate(paths, 1)
    )
    channel = f"<title>المدار</title><link>{site.base}</link>{items}"
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>{channel}</channel></rss>".encode()


def test_feeds(site, tmp_path):
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>أخرى</title>
    <entry><title>عنوان</title><link href="{site.url("/c")}"/>
    <updated>2018-11-05T00:00:00Z</updated></entry></feed>""".encode()
    site.routes |= {
        "/rss": rss(site, [site.url("/a"), "/b"]),
        "/atom": atom,
        "/html": page(9),
        "/a": page(1),
        "/b": page(2),
        "/c": page(3),
    }
    report = collect.feed([site.url(path) for path in ("/rss", "/atom", "/html", "/no")], tmp_path, **QUICK)
    rows = [
        (document.url.removeprefix(site.base), document.title, document.outlet, document.date)
        for document in report.corpus
    ]
    assert rows == [
        ("/a", "عنوان 1", "المدار", "2018-11-01"),
        ("/b", "عنوان 2", "المدار", "2018-11-02"),
        ("/c", "عنوان", "أخرى", "2018-11-05"),
    ]
    assert reasons(report) == {site.url("/html"): "not an RSS or Atom feed", site.url("/no"): "the server answered 404"}


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY f SYSTEM "file:///etc/passwd">]>"""


def test_xml_entities_are_not_expanded():
    with pytest.raises(FramingError, match="XML entities"):
        feed_stories(
            BOMB
            + b"<rss version='2.0'><channel><title>&d;</title><item><link>http://x.org/&f;</link></item></channel></rss>",
            "http://x.org",
        )
    maps, stories = sitemap_entries(
        BOMB + b"<urlset><url><loc>http://x.org/&f;&d;</loc></url></urlset>", "http://x.org"
    )
    assert not maps
    assert all("root" not in story.url and "aaaa" not in story.url for story in stories)


def test_sitemaps(site, tmp_path):
    news = f"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
    <url><loc>{site.url("/news/a")}</loc><news:news><news:publication><news:name>المدار</news:name></news:publication>
    <news:publication_date>2018-11-02</news:publication_date><news:title>عنوان</news:title></news:news></url>
    <url><loc>{site.url("/news/b")}</loc><lastmod>2017-01-01</lastmod></url><url><loc>{site.url("/about")}</loc></url></urlset>""".encode()
    index = f"""<sitemapindex>
    <sitemap><loc>{site.url("/news.xml.gz")}</loc></sitemap><sitemap><loc>{site.url("/sitemap.xml")}</loc></sitemap>
    <sitemap><loc>{site.url("/broken.xml")}</loc></sitemap><sitemap><loc>{site.url("/plain.txt")}</loc></sitemap></sitemapindex>""".encode()
    site.routes |= {
        "/sitemap.xml": index,
        "/news.xml.gz": (200, gzip.compress(news), {"Content-Type": "application/gzip"}),
        "/broken.xml": b"<html></html>",
        "/plain.txt": site.url("/news/c").encode(),
        "/news/a": page(1),
        "/news/b": page(2),
        "/news/c": page(3),
        "/about": page(4),
    }
    report = collect.sitemap(
        site.url("/sitemap.xml"), tmp_path, since="2018-01-01", until="2018-12-31", match="/news/", **QUICK
    )
    assert [document.url.removeprefix(site.base) for document in report.corpus] == ["/news/a", "/news/c"]
    first = report.corpus[0]
    assert (first.title, first.outlet, first.date) == ("عنوان", "المدار", "2018-11-02")
    assert reasons(report) == {site.url("/broken.xml"): "not a sitemap"}
    with pytest.raises(FramingError, match="not a regular expression"):
        collect.sitemap(site.url("/sitemap.xml"), tmp_path, match="(")


# --- killed half-way -------------------------------------------------------------------------------------------------

N = 200
SCRIPT = """
import sys
from framing import collect
report = collect.urls(sys.argv[1], sys.argv[2], delay=0.0, retries=1, timeout=0.3)
print(report.collected, report.skipped, report.failed)
"""


def run_apart(lists, folder):
    environment = {**os.environ, "no_proxy": "127.0.0.1"}
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(lists), str(folder)], stdout=subprocess.PIPE, text=True, env=environment
    )


def test_killed_half_way_and_resumed_every_good_page_exactly_once(site, tmp_path):
    faults = (500, cut, slam, 404, hang)
    bad = {n for n in range(N) if n % 10 == 3}
    site.routes |= {f"/{n}": faults[n // 10 % 5] if n in bad else page(n) for n in range(N)}
    lists = tmp_path / "list.txt"
    lists.write_text("\n".join(site.url(f"/{n}") for n in range(N)), "utf-8")
    folder = tmp_path / "corpus"
    process = run_apart(lists, folder)
    until = time.monotonic() + 60
    while sum(path == "/100" for path in site.requests) == 0 and time.monotonic() < until:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    log = folder / "collected.jsonl"
    collected = log.read_bytes().count(b'"event": "collected"')
    assert 50 <= collected < N - len(bad)  # it was half-way
    with log.open("ab") as file:  # a kill in the middle of a line, too
        file.write(b'{"time": "2026-11-24T00:00:00", "run": "x", "event": "coll')
    (folder / "texts" / "unfinished.txt").write_text("بقايا", "utf-8")
    asked_before = {path for path in site.requests if path != "/robots.txt"}
    site.requests.clear()

    out, _ = run_apart(lists, folder).communicate(timeout=120)
    now, there, failed = map(int, out.split())
    assert (now + there, failed) == (N - len(bad), len(bad))
    assert there == collected
    corpus = fr.read_corpus(folder)
    good = {site.url(f"/{n}"): f"{text_of(n)}\n{text_of(n + 1000)}\n" for n in range(N) if n not in bad}
    assert len(corpus) == len(good)
    assert {document.url: document.text for document in corpus} == good
    again = {path for path in site.requests if path != "/robots.txt"} & asked_before
    assert len({path for path in again if int(path[1:]) not in bad}) <= 1  # at most the page that was under way
    report = fr.check_corpus(folder, duplicates=False)
    assert report["problem"].isin(["unlisted text", "missing file"]).all()


# --- GDELT and Media Cloud -------------------------------------------------------------------------------------------


def test_gdelt(site, tmp_path, monkeypatch):
    from urllib.parse import parse_qs, urlsplit

    def api(handler):
        asked = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        first, last = asked["startdatetime"], asked["enddatetime"]
        known = [("20181102101500", "/a"), ("20181102231500", "/b"), ("20181103080000", "/c")]
        hits = [
            {
                "url": site.url(path),
                "title": "عنوان \\ مائل",
                "seendate": f"{seen[:8]}T{seen[8:]}Z",
                "domain": "x.org",
                "language": "Arabic",
            }
            for seen, path in known
            if first <= seen <= last
        ]
        handler.give(
            (
                200,
                json.dumps({"articles": hits[:2]}).replace("\\\\ ", "\\ ").encode(),
                {"Content-Type": "application/json"},
            )
        )

    site.routes |= {"/api": api, "/a": page(1), "/b": page(2), "/c": 404}
    monkeypatch.setattr(from_queries, "GDELT_API", site.url("/api"))
    monkeypatch.setattr(from_queries, "_GDELT_PAUSE", 0.0)
    monkeypatch.setattr(from_queries, "_GDELT_MOST", 2)
    table = collect.gdelt_stories("Cuba Russia", since="2018-11-01", until="2018-11-04")
    assert table["url"].str[-2:].tolist() == ["/a", "/b", "/c"]
    report = collect.gdelt("Cuba Russia", tmp_path, since="2018-11-01", until="2018-11-04", **QUICK)
    assert [(document.outlet, document.date, document.language) for document in report.corpus] == [
        ("x.org", "2018-11-02", "ar")
    ] * 2
    assert report.failed == 1
    assert any("sourcelang%3Aarabic" in path for path in site.requests)
    site.routes["/api"] = (200, b"Your query was too short or too long.", {"Content-Type": "text/html"})
    with pytest.raises(FramingError, match="refuses the query: Your query was too short"):
        collect.gdelt_stories("x", since="2018-11-01", until="2018-11-04")
    with pytest.raises(FramingError, match="needs two ISO dates"):
        collect.gdelt_stories("x", since="1 November", until="2018-11-04")


def test_mediacloud(site, tmp_path, monkeypatch):
    import mediacloud.api

    def answer(stories, token):
        return json.dumps({"stories": stories, "pagination_token": token}).encode()

    def story(path):
        return {
            "id": path,
            "url": site.url(path),
            "title": "عنوان",
            "media_name": "المدار",
            "publish_date": "2018-11-02",
            "indexed_date": None,
            "language": "ar",
        }

    site.routes |= {
        "/api/search/api-params": b"{}",
        "/api/search/story-list": times(1, answer([story("/a")], "next"), answer([story("/b")], None)),
        "/a": page(1),
        "/b": page(2),
    }
    monkeypatch.setattr(mediacloud.api.BaseApi, "BASE_API_URL", site.url("/api/"))
    asked = {"since": "2018-11-01", "until": "2018-11-04", "collections": [1]}
    report = collect.mediacloud("كوبا", tmp_path, key="secret", **asked, **QUICK)
    assert [document.outlet for document in report.corpus] == ["المدار", "المدار"]
    assert "secret" not in (tmp_path / "collected.jsonl").read_text("utf-8")
    monkeypatch.delenv("MEDIACLOUD_API_KEY", raising=False)
    with pytest.raises(FramingError, match="needs a key"):
        collect.mediacloud_stories("كوبا", **asked)
    site.routes["/api/search/story-list"] = (403, b'{"note": "quota"}', {"Content-Type": "application/json"})
    with pytest.raises(FramingError, match="Media Cloud: "):
        collect.mediacloud_stories("كوبا", key="secret", **asked)
    with pytest.raises(FramingError, match="at least one collection"):
        collect.mediacloud_stories("كوبا", since="2018-11-01", until="2018-11-04", key="secret")


# --- open data sets --------------------------------------------------------------------------------------------------


def zipped(members):
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def saudi(number, outlet, title, author, content):
    return {
        "source": outlet,
        "url": f"http://x.org/{number}",
        "date_extracted": f"2015-07-21 02:51:3{number}" if content else "",
        "title": title,
        "author": author,
        "content": content,
    }


DAY = [
    saudi(1, "aawsat", "عنوان", "", "نص أول"),
    saudi(2, "okaz", "", "كاتب", "نص ثان"),
    saudi(3, "okaz", "بلا نص", "", ""),
]
SAUDI = zipped({"2015-07-21.json": json.dumps(DAY)})
ARTICLE = """<DOC>
<DOCNO>JA-culture-1-20170120</DOCNO>
<URL>http://x.org/a?b=1&c=2</URL>
<SRC>Jawhara FM</SRC>
<CAT>culture</CAT>
<TITLE>عنوان</TITLE>
<TIME>2017-01-20T07:41:00+01:00</TIME>
<AUTHOR></AUTHOR>
<ABSTRACT>
ملخص
</ABSTRACT>
<TEXT>
نص & نص.
سطر.
</TEXT>
</DOC>
"""
ANT = zipped({"antcorpus.data-016c/README.md": "x", "antcorpus.data-016c/culture/JA-culture-1-20170120.txt": ARTICLE})


@pytest.fixture
def open_data(site, tmp_path, monkeypatch):
    """Serve small files of the same shape as the data sets' own."""
    import dataclasses
    import hashlib

    specs = opendata.DATASETS
    files = {
        "saudinewsnet": {"/dataset/2015-07-21.zip": (SAUDI, hashlib.sha256(SAUDI).hexdigest())},
        "antcorpus": {"/zip/016c": (ANT, None)},
        "ans": {
            "/data/claim/dev.csv": ("claim_s,fake_flag\nعنوان,0\nعنوان آخر,1\n".encode(), None),
            "/data/stance/dev.csv": ("s1,s2,stance\nأول,ثان,agree\n".encode(), None),
        },
    }
    for name, routes in files.items():
        site.routes |= {path: content for path, (content, _) in routes.items()}
        served = tuple((site.url(path), sha256) for path, (_, sha256) in routes.items())
        monkeypatch.setitem(specs, name, dataclasses.replace(specs[name], files=served))
    return lambda name, **options: collect.dataset(name, folder=tmp_path / name, **{"accept_licence": True, **options})


def test_the_licence_has_to_be_accepted(open_data, site, tmp_path):
    for name, licence in (("saudinewsnet", "CC BY-NC-SA 4.0"), ("antcorpus", "Apache-2.0"), ("ans", "Apache-2.0")):
        with pytest.raises(FramingError, match=f"{name} is under {licence}.*cite.*--accept-licence"):
            open_data(name, accept_licence=False)
    assert site.requests == []
    with pytest.raises(FramingError, match="did you mean 'antcorpus'"):
        open_data("antcorpu")
    assert collect.datasets().shape == (3, 5)


def test_saudinewsnet(open_data, site, tmp_path):
    with pytest.warns(FramingWarning, match="1 of 3 items have no text"):
        corpus = open_data("saudinewsnet")
    table = corpus.to_pandas().drop(columns=["licence", "language"]).astype(object)
    assert table.where(table.notna(), None).to_dict("records") == [
        {
            "doc_id": "2015-07-21-00001",
            "title": "عنوان",
            "outlet": "aawsat",
            "date": "2015-07-21",
            "url": "http://x.org/1",
            "date_is": "extraction",
            "author": None,
            "text": "نص أول",
        },
        {
            "doc_id": "2015-07-21-00002",
            "title": None,
            "outlet": "okaz",
            "date": "2015-07-21",
            "url": "http://x.org/2",
            "date_is": "extraction",
            "author": "كاتب",
            "text": "نص ثان",
        },
    ]
    assert {document.licence for document in corpus} == {"CC BY-NC-SA 4.0"}
    site.requests.clear()
    with pytest.warns(FramingWarning, match="no text"):
        assert open_data("saudinewsnet") == corpus
    assert site.requests == []  # it is there already
    (entry,) = [
        json.loads(line)
        for line in (tmp_path / "saudinewsnet" / "log.jsonl").read_text().splitlines()
        if "fetched" in line
    ]
    assert entry["bytes"] == len(SAUDI)


def test_a_file_that_is_not_the_one_it_should_be(open_data, site, tmp_path, monkeypatch):
    site.routes["/dataset/2015-07-21.zip"] = SAUDI[:-1] + b"x"
    with pytest.raises(FramingError, match="is not the file it should be"):
        open_data("saudinewsnet")
    assert not list((tmp_path / "saudinewsnet").glob("*.zip"))
    site.routes["/dataset/2015-07-21.zip"] = cut
    monkeypatch.setattr(fetching.time, "sleep", lambda _: None)
    with pytest.raises(FramingError, match=r"cut in the middle of the page .*, in 4 attempts"):
        open_data("saudinewsnet")
    log = [json.loads(line) for line in (tmp_path / "saudinewsnet" / "log.jsonl").read_text().splitlines()]
    assert [entry["event"] for entry in log] == ["fetching", "fetched", "failed", "fetching", "failed"]


def test_antcorpus_pins_what_it_first_saw(open_data, site, tmp_path):
    with pytest.warns(FramingWarning, match="no SHA-256 was published .* recorded [0-9a-f]{64}"):
        corpus = open_data("antcorpus")
    only = corpus[0]
    assert (only.id, only.outlet, only.date, only.text) == (
        "JA-culture-1-20170120",
        "Jawhara FM",
        "2017-01-20",
        "نص & نص.\nسطر.",
    )
    assert (only["category"], only["abstract"], only.url) == ("culture", "ملخص", "http://x.org/a?b=1&c=2")
    next((tmp_path / "antcorpus").glob("zip*")).unlink()
    site.routes["/zip/016c"] = ANT + b"changed"
    with pytest.raises(FramingError, match="is not the file it should be"):
        open_data("antcorpus")
    site.routes["/zip/016c"] = ANT
    assert open_data("antcorpus") == corpus


def test_ans(open_data):
    with pytest.warns(FramingWarning, match="no SHA-256"):
        corpus = open_data("ans")
    rows = [[d.id, d.text, *(d[name] for name in ("task", "split", "fake_flag", "stance"))] for d in corpus]
    assert rows == [
        ["claim-dev-00001", "عنوان", "claim", "dev", "0", None],
        ["claim-dev-00002", "عنوان آخر", "claim", "dev", "1", None],
        ["stance-dev-00001-a", "أول", "stance", "dev", None, "agree"],
        ["stance-dev-00001-b", "ثان", "stance", "dev", None, "agree"],
    ]


def test_the_pinned_addresses_name_commits_and_hashes():
    import re

    for spec in opendata.DATASETS.values():
        for address, sha256 in spec.files:
            assert re.search(r"/[0-9a-f]{40}(/|$)", address)
            assert sha256 is None or re.fullmatch(r"[0-9a-f]{64}", sha256)
    days = opendata.DATASETS["saudinewsnet"].files
    assert len(days) == 18
    assert all(sha256 for _, sha256 in days)


def test_command_line(site, tmp_path, capsys):
    from framing.cli import main

    site.routes |= {
        "/a": page(1),
        "/rss": rss(site, ["/a", "/b"]),
        "/b": page(2),
        "/map": f"<urlset><url><loc>{site.url('/c')}</loc></url></urlset>".encode(),
    }
    into = ["--into", str(tmp_path / "corpus"), "--delay", "0", "--retries", "0", "--timeout", "0.5"]
    assert main(["collect", "urls", site.url("/a"), *into]) == 0
    assert main(["collect", "feed", site.url("/rss"), *into]) == 0
    assert main(["collect", "sitemap", site.url("/map"), *into]) == 1
    assert main(["collect", "urls", "nowhere.txt", *into]) == 2
    assert main(["collect", "datasets"]) == 0
    assert main(["collect", "dataset", "ans", "--into", str(tmp_path / "ans")]) == 2
    captured = capsys.readouterr()
    assert "1 collected, 1 already there, 0 failed" in captured.out
    assert f"failed: {site.url('/c')}: the server answered 404" in captured.out
    assert "ans is under Apache-2.0" in captured.err
    assert len(fr.read_corpus(tmp_path / "corpus")) == 2
    assert fetching.user_agent().startswith("framing/")
