"""Fetching politely: robots.txt, a pause between requests, patience with weak servers, an end to every wait."""

from __future__ import annotations

import contextlib
import dataclasses
import email.utils
import time
import urllib.request
from typing import Any
from urllib.parse import urljoin, urlsplit

from framing.collect.addresses import canonical, host_of
from framing.collect.needs import need
from framing.errors import FramingError

_REDIRECTS = 10
_ROBOTS_BYTES = 512_000
_LONGEST_WAIT = 120.0
_GIVE_UP_AFTER = 5  # pages of one host, one after the other, that did not even answer


class FetchError(FramingError):
    """A page could not be had; the message says why. `status` is the server's answer, if there was one."""

    def __init__(self, reason: str, *, status: int | None = None, attempts: int = 1) -> None:
        super().__init__(reason)
        self.status, self.attempts = status, attempts


class _Passing(Exception):  # noqa: N818
    """A fault that may be gone at the next attempt."""

    def __init__(
        self, reason: str, *, status: int | None = None, wait: float | None = None, silent: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason, self.status, self.wait, self.silent = reason, status, wait, silent


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """What a server gave: `url` is where it was in the end, after redirects."""

    url: str
    status: int
    body: bytes
    kind: str
    charset: str | None
    attempts: int


def user_agent(contact: str | None = None) -> str:
    """Return how the toolkit introduces itself to servers.

    >>> user_agent("a.researcher@example.org").partition("/")[0]
    'framing'
    """
    import framing

    return f"framing/{framing.__version__} (collects news coverage for research{f'; {contact}' if contact else ''})"


class Fetcher:
    """Fetches pages, one at a time, never faster than `delay` per host.

    Parameters
    ----------
    delay : float
        Seconds between two requests to one host; what its robots.txt asks for, if that is more.
    retries : int
        Further attempts after a passing fault: no answer, a cut connection, 429 or 5xx. The pause doubles each
        time, and is as long as the server asks for (Retry-After, up to two minutes).
    timeout : float
        Seconds to wait for a server to connect or to go on sending.
    deadline : float
        Seconds that one attempt may take in all.
    max_bytes : int
        Larger pages are refused.
    contact : str, optional
        Address for the owners of the sites, told to them in the user agent.
    robots : bool
        Heed robots.txt (RFC 9309). Only for files that the user names, such as data sets, it is not asked.
    """

    def __init__(
        self,
        *,
        delay: float = 1.0,
        retries: int = 3,
        timeout: float = 30.0,
        deadline: float = 120.0,
        max_bytes: int = 20_000_000,
        contact: str | None = None,
        robots: bool = True,
    ) -> None:
        if delay < 0 or retries < 0 or timeout <= 0 or deadline <= 0:
            message = "delay and retries must not be negative, timeout and deadline must be above 0"
            raise FramingError(message)
        self._urllib3 = need("urllib3", "Fetching pages")
        self.delay, self.retries, self.max_bytes, self.deadline = delay, retries, max_bytes, deadline
        self.agent = user_agent(contact)
        self._heed_robots = robots
        self._timeout = self._urllib3.Timeout(connect=min(timeout, 15.0), read=timeout)
        self._pools: dict[str | None, Any] = {}
        self._next: dict[str, float] = {}  # host → when it may be asked again
        self._pauses: dict[str, float] = {}  # host → what its robots.txt asks for
        self._robots: dict[str, Any] = {}  # origin → its robots.txt; True allows, False forbids all
        self._silent: dict[str, int] = {}  # host → pages in a row without any answer

    def fetch(self, address: str) -> Page:
        """Return a page.

        Raises
        ------
        FetchError
            With the reason: forbidden by robots.txt, not found, no answer after all attempts, too large, redirects
            without end …
        """
        url = canonical(address)
        if self._silent.get(host_of(url), 0) >= _GIVE_UP_AFTER:
            message = f"{host_of(url)} did not answer {_GIVE_UP_AFTER} times in a row; given up for this run"
            raise FetchError(message, attempts=0)
        if self._heed_robots:
            self._ask_robots(url)
        page = self._patiently(url, self.max_bytes)
        if page.status != 200:
            message = f"the server answered {page.status}"
            raise FetchError(message, status=page.status, attempts=page.attempts)
        return page

    def _ask_robots(self, url: str) -> None:
        """Raise when robots.txt forbids a page, or cannot be read (which forbids all, says RFC 9309)."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        if origin not in self._robots:
            self._robots[origin] = self._read_robots(origin)
        rules = self._robots[origin]
        if rules is False:
            message = f"{origin}/robots.txt cannot be read, which forbids all pages for now"
            raise FetchError(message, attempts=0)
        if rules is not True and not rules.can_fetch(url, self.agent):
            message = "forbidden by robots.txt"
            raise FetchError(message, attempts=0)

    def _read_robots(self, origin: str) -> Any:
        protego = need("protego", "Reading robots.txt")
        try:
            page = self._patiently(f"{origin}/robots.txt", _ROBOTS_BYTES, heeding=False)
        except FetchError as error:
            return error.status is not None and 400 <= error.status < 500
        if page.status != 200:
            return 400 <= page.status < 500
        rules = protego.Protego.parse(page.body.decode("utf-8", "replace"))
        self._pauses[host_of(origin)] = float(rules.crawl_delay(self.agent) or 0)
        return rules

    def _patiently(self, url: str, max_bytes: int, *, heeding: bool = True) -> Page:
        """Fetch with retries; return what the server answers, whatever it is."""
        unended: bytes | None = None
        for attempt in range(1, self.retries + 2):
            try:
                page, ended = self._follow(url, max_bytes, attempt, heeding=heeding and self._heed_robots)
            except _Passing as fault:
                if attempt <= self.retries and (fault.wait or 0) <= _LONGEST_WAIT:
                    time.sleep(max(fault.wait or 0, min(max(self.delay, 0.05) * 2**attempt, 60)))
                    continue
                host = host_of(url)
                self._silent[host] = self._silent.get(host, 0) + 1 if fault.silent else 0
                asked = f"; it asks to wait {fault.wait:.0f} seconds" if (fault.wait or 0) > _LONGEST_WAIT else ""
                message = f"{fault.reason}, in {attempt} attempts{asked}" if attempt > 1 else f"{fault.reason}{asked}"
                raise FetchError(message, status=fault.status, attempts=attempt) from None
            self._silent[host_of(url)] = 0
            if ended or page.body == unended or attempt > self.retries:
                return page
            unended = page.body  # the page has no end, and the server gave no length: is it the same again?
        raise AssertionError

    def _follow(self, url: str, max_bytes: int, attempt: int, *, heeding: bool) -> tuple[Page, bool]:
        """Make one attempt, following redirects; say whether the page has surely arrived whole."""
        seen = [url]
        until = time.monotonic() + self.deadline
        while True:
            with contextlib.closing(self._ask(seen[-1])) as response:
                target = response.headers.get("Location") if 300 <= response.status < 400 else None
                if target is None:
                    return self._read(response, seen[-1], max_bytes, attempt, until)
            try:
                there = canonical(urljoin(seen[-1], target))
            except FramingError:
                message = f"redirected to {target!r}, which is no web page"
                raise FetchError(message, status=response.status, attempts=attempt) from None
            if there in seen or len(seen) > _REDIRECTS:
                message = f"redirected in a circle or more than {_REDIRECTS} times"
                raise FetchError(message, status=response.status, attempts=attempt)
            if heeding:
                self._ask_robots(there)
            seen.append(there)

    def _ask(self, url: str) -> Any:
        """Send a request when the host may be asked again; return the open response."""
        host = host_of(url)
        pause = max(self.delay, self._pauses.get(host, 0))
        time.sleep(max(0.0, self._next.get(host, 0) - time.monotonic()))
        headers = {
            "User-Agent": self.agent,
            "Accept": "text/html,application/xml;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip",
        }
        errors = self._urllib3.exceptions
        try:
            response = self._pool(url).request(
                "GET", url, headers=headers, redirect=False, retries=False, preload_content=False, timeout=self._timeout
            )
        except (errors.TimeoutError, TimeoutError) as error:
            message = "the server did not answer in time"
            raise _Passing(message, silent=True) from error
        except errors.SSLError as error:
            message = f"no safe connection ({error})"
            raise FetchError(message) from None
        except (errors.LocationValueError, errors.LocationParseError) as error:
            message = f"not an address ({error})"
            raise FetchError(message) from None
        except (errors.HTTPError, OSError) as error:
            message = f"no connection ({_cause(error)})"
            raise _Passing(message, silent=True) from error
        finally:
            self._next[host] = time.monotonic() + pause
        if response.status == 429 or response.status >= 500:
            response.close()
            message = f"the server answered {response.status}"
            raise _Passing(message, status=response.status, wait=_retry_after(response.headers.get("Retry-After")))
        return response

    def _read(self, response: Any, url: str, max_bytes: int, attempt: int, until: float) -> tuple[Page, bool]:
        body = bytearray()
        errors = self._urllib3.exceptions
        try:
            while chunk := response.read1(65_536, decode_content=True):
                body += chunk
                if len(body) > max_bytes:
                    message = f"larger than {max_bytes:,} bytes; not taken"
                    raise FetchError(message, status=response.status, attempts=attempt)
                if time.monotonic() > until:
                    message = f"not complete after {self.deadline:.0f} seconds"
                    raise _Passing(message, silent=True)
        except (errors.TimeoutError, TimeoutError) as error:
            message = "the server stopped in the middle of the page"
            raise _Passing(message, silent=True) from error
        except (errors.HTTPError, OSError) as error:
            message = f"the connection was cut in the middle of the page ({_cause(error)})"
            raise _Passing(message) from error
        length = response.headers.get("Content-Length")
        encoded = response.headers.get("Content-Encoding")
        if length and length.isdecimal() and not encoded and len(body) < int(length):
            message = f"the connection was cut in the middle of the page ({len(body):,} of {int(length):,} bytes)"
            raise _Passing(message)
        kind, _, rest = response.headers.get("Content-Type", "").partition(";")
        charset = rest.partition("charset=")[2].strip(" \"'") or None
        chunked = "chunked" in response.headers.get("Transfer-Encoding", "")
        html = b"<html" in body[:2_000].lower()
        ended = bool(length or chunked or not html or b"</html" in body[-2_000:].lower())
        return Page(url, response.status, bytes(body), kind.strip().lower(), charset, attempt), ended

    def _pool(self, url: str) -> Any:
        """Return the connections to use: through the system's proxy where it has one."""
        parts = urlsplit(url)
        proxies = {} if urllib.request.proxy_bypass(parts.hostname or "") else urllib.request.getproxies()
        proxy = proxies.get(parts.scheme) or proxies.get("all")
        if proxy not in self._pools:
            options = {"num_pools": 20, "maxsize": 1}
            self._pools[proxy] = (
                self._urllib3.ProxyManager(proxy, **options) if proxy else self._urllib3.PoolManager(**options)
            )
        return self._pools[proxy]


def _retry_after(value: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for.

    >>> _retry_after("30"), _retry_after("soon")
    (30.0, None)
    """
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    return max(0.0, moment.timestamp() - time.time())


def _cause(error: BaseException) -> str:
    reason = getattr(error, "reason", None) or error
    text = " ".join(str(reason).split())
    return text.rpartition(": ")[2][:120] or type(error).__name__
