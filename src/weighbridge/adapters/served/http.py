"""A server that is asked in JSON: patient with one that is busy, short with one that never ends.

A key is taken from the environment alone (`WEIGHBRIDGE_SERVED_KEY`) and is told nowhere. Redirects stay on the server
that the user named; proxies of the environment are not used. Nothing that a server says is ever quoted.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Never
from urllib.parse import urljoin, urlsplit

from weighbridge.core.errors import Unreachable, Unusable
from weighbridge.core.evidence import not_measured
from weighbridge.core.wording import Phrase, _, phrase

if TYPE_CHECKING:
    from weighbridge.adapters.served.connection import Reply

KEY = "WEIGHBRIDGE_SERVED_KEY"
LARGEST = 1 << 26  # bytes of one answer: 64 MiB

_LIMITED = 429
_BUSY = frozenset({_LIMITED, 500, 502, 503, 504})
_PATIENCE_WITH_LIMITS = 2  # times as many attempts where it only wants to be asked less often
_REDIRECTS = {301: ("GET",), 302: ("GET",), 307: ("GET", "POST"), 308: ("GET", "POST")}  # those that keep the method
_MOST_REDIRECTS = 3
_FIRST_WAIT_S = 0.25  # doubled with each attempt
_LONGEST_WAIT_S = 30.0
_GOLDEN = (math.sqrt(5) - 1) / 2  # its multiples, taken modulo 1, spread evenly: waits that do not fall together
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Refused(Unreachable):
    """The server answered with a status that says no; `status` is it."""

    def __init__(self, what: str, why: str, fix: str, *, status: int) -> None:
        super().__init__(what, why, fix)
        self.status = status


class _Busy(Exception):
    """An attempt that may go better next time, after at least `wait_s`; `status` is 0 where none came."""

    def __init__(self, why: str, wait_s: float, status: int) -> None:
        super().__init__(why)
        self.why, self.wait_s, self.status = why, wait_s, status


class Server:
    """A server by its URL. Paths are put behind the URL as it was given; "" is the URL itself.

    Attributes
    ----------
    shown
        Scheme, host and port, for notes and errors.
    path
        The path in the URL that the user gave, without a slash at its end: "" or such as "/v1".
    """

    def __init__(self, url: str, *, timeout_s: float = 60.0, attempts: int = 5, concurrent: int = 8) -> None:
        """`timeout_s` bounds one attempt, `attempts * timeout_s` all of them with the waits between them."""
        scheme, host, port, self.path = _parts(url)
        bracketed = f"[{host}]" if ":" in host else host
        self.shown = f"{scheme}://{bracketed}:{port}"
        self._headers = _headers(scheme, host)
        self._timeout_s, self._attempts, self._concurrent = timeout_s, max(1, attempts), max(1, concurrent)
        self._jitter = itertools.count(1)
        self._not_before = 0.0  # on the monotonic clock: until then the server wants no question
        try:
            from weighbridge.adapters.served.connection import Connection
        except ModuleNotFoundError:
            not_measured(
                phrase("a model that is served needs a package that is not installed"),
                phrase("pip install 'weighbridge[served]'"),
            )
        self._connection = Connection(scheme, bracketed, port, at_once=self._concurrent)

    def post(self, path: str, body: Mapping[str, object]) -> object:
        """The parsed JSON that the server answers with.

        Raises
        ------
        Unreachable
            Where it is away, refuses, or is busy for too long. `Refused` where it said no with a status.
        Silent
            Where what it answers is no JSON, or far too much.
        """
        return self._ask("POST", path, _dumped(body), threading.Event())

    def get(self, path: str) -> object:
        """Likewise, without a body."""
        return self._ask("GET", path, None, threading.Event())

    def post_all(self, path: str, bodies: Iterable[Mapping[str, object]]) -> Iterator[object]:
        """The answers to many bodies, in their order; several are under way at one time, and no more."""
        stop = threading.Event()
        waiting: deque[Future[object]] = deque()
        with ThreadPoolExecutor(self._concurrent, thread_name_prefix="served") as pool:
            try:
                for body in bodies:
                    waiting.append(pool.submit(self._ask, "POST", path, _dumped(body), stop))
                    if len(waiting) >= 2 * self._concurrent:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:  # also when the caller wants no more: nobody waits for answers that nobody reads
                stop.set()
                for late in waiting:
                    late.cancel()

    def close(self) -> None:
        """Let go of the connections."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, stop: threading.Event) -> object:
        until = time.monotonic() + self._attempts * self._timeout_s
        tried = 0
        while True:
            tried += 1
            stop.wait(min(until, self._not_before) - time.monotonic())  # one thread was told to wait, and all do
            try:
                return self._parsed(self._once(method, self.path + path or "/", body, until))
            except _Busy as error:
                most = self._attempts * (_PATIENCE_WITH_LIMITS if error.status == _LIMITED else 1)
                wait = max(error.wait_s, self._wait(tried))
                if error.status == _LIMITED:
                    self._not_before = max(self._not_before, time.monotonic() + error.wait_s)
                if tried >= most or time.monotonic() + wait > until or stop.wait(wait):
                    raise self._gave_up(error, tried) from error

    def _once(self, method: str, target: str, body: bytes | None, until: float) -> Reply:
        """One attempt, with the redirects that stay on this server."""
        from weighbridge.adapters.served.connection import Cut, TooLarge

        for _n in range(_MOST_REDIRECTS + 1):
            seconds = max(0.001, min(self._timeout_s, until - time.monotonic()))
            try:
                reply = self._connection.ask(
                    method, target, body=body, headers=self._headers, seconds=seconds, most=LARGEST
                )
            except Cut as error:
                if error.again:
                    raise _Busy(error.why, 0.0, 0) from error
                raise Unreachable(
                    self._cannot(), error.why, _("check the URL, and that your system trusts its certificate")
                ) from error
            except TooLarge:
                self._no_answer(phrase("{at} sent an answer that does not end", at=self.shown))
            if reply.status in _BUSY:
                raise _Busy(_says(reply.status), _asked_to_wait(reply.headers.get("Retry-After", "")), reply.status)
            if method not in _REDIRECTS.get(reply.status, ()):
                return reply
            target = self._same_server(reply.headers.get("Location", ""), target)
        raise self._elsewhere()

    def _same_server(self, location: str, target: str) -> str:
        """The path that a redirect leads to, if it stays on this server."""
        try:
            to = urlsplit(urljoin(self.shown + target, location))
            place = (to.scheme, to.hostname, to.port or _port(to.scheme))
        except ValueError as error:
            raise self._elsewhere() from error
        here = urlsplit(self.shown)
        if place != (here.scheme, here.hostname, here.port):
            raise self._elsewhere()
        return to._replace(scheme="", netloc="", fragment="").geturl() or "/"

    def _parsed(self, reply: Reply) -> object:
        if reply.status in (301, 302, 303, 307, 308):
            raise self._elsewhere()
        if reply.status != 200:
            fix = _("check the URL and the model's name there")
            if reply.status in (401, 403):
                fix = _("set the key that the server asks for in the environment: {name}=KEY").format(name=KEY)
            raise Refused(self._cannot(), _says(reply.status), fix, status=reply.status)
        if reply.headers.get("Content-Encoding", "identity") != "identity":
            self._no_answer(phrase("{at} answers in a compressed form that it was not asked for", at=self.shown))
        try:
            parsed: object = json.loads(reply.body)
        except (ValueError, RecursionError):
            self._no_answer(phrase("{at} answers with something else than JSON", at=self.shown))
        return parsed

    def _wait(self, tried: int) -> float:
        """Seconds before the next attempt: doubled each time, by half to the whole of that."""
        spread = 0.5 + 0.5 * (next(self._jitter) * _GOLDEN % 1)
        return float(min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (tried - 1)) * spread)

    def _cannot(self) -> str:
        return _("cannot use the model served at {at}").format(at=self.shown)

    def _gave_up(self, error: _Busy, tried: int) -> Unreachable:
        why = _("{why}; it was asked {n} times").format(why=error.why, n=tried)
        fix = _("check that the server runs and is not overloaded, then run the same command again")
        if error.status:
            return Refused(self._cannot(), why, fix, status=error.status)
        return Unreachable(self._cannot(), why, fix)

    def _elsewhere(self) -> Unreachable:
        return Unreachable(
            self._cannot(),
            _("it sends the question on to another address, and nothing is sent where you did not say so"),
            _("give the final address: --served URL"),
        )

    def _no_answer(self, because: Phrase) -> Never:
        not_measured(because, phrase("check the URL: it should be that of the model's own interface in JSON"))


def _parts(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of a URL that holds nothing else."""
    what = _("cannot use the URL of the server")
    fix = _("give it as in --served http://localhost:8000/v1")
    try:
        split = urlsplit(url)
        port = split.port or _port(split.scheme)
    except ValueError as error:
        raise Unusable(what, _("it is no URL"), fix) from error
    if split.scheme not in ("http", "https") or not split.hostname:
        raise Unusable(what, _("it begins with neither http:// nor https:// and a host"), fix)
    if split.username is not None or split.password is not None or split.query or split.fragment:
        raise Unusable(
            what,
            _("it holds more than a host, a port and a path: a key in a URL would be written down where it is used"),
            _("leave that out of the URL, and set the key in the environment: {name}=KEY").format(name=KEY),
        )
    if not url.isascii() or not url.isprintable() or " " in url:
        raise Unusable(what, _("it holds characters that no URL has"), fix)
    return split.scheme, split.hostname, port, split.path.rstrip("/")


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _headers(scheme: str, host: str) -> dict[str, str]:
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "identity",  # a small compressed answer could become an endless one
        "Content-Type": "application/json",
        "User-Agent": "weighbridge",
    }
    key = os.environ.get(KEY, "").strip()
    if not key:
        return headers
    if scheme == "http" and host not in _LOOPBACK:
        raise Unusable(
            _("will not send the key in {name} to {host}").format(name=KEY, host=host),
            _("the URL begins with http://: everyone on the way could read the key"),
            _("use https://, or a tunnel: ssh -L 8000:localhost:PORT {host}").format(host=host),
        )
    if not key.isascii() or not key.isprintable():
        raise Unusable(
            _("cannot use the key in {name}").format(name=KEY),
            _("it holds characters that no key has"),
            _("set it again: export {name}=KEY").format(name=KEY),
        )
    return {**headers, "Authorization": f"Bearer {key}"}


def _dumped(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _says(status: int) -> str:
    match status:
        case 401 | 403:
            return _("it does not let us in (HTTP {status})").format(status=status)
        case 404 | 405:
            return _("there is nothing to ask at that address (HTTP {status})").format(status=status)
        case 429:
            return _("it limits how often it may be asked (HTTP {status})").format(status=status)
        case _:
            return _("it answers with an error (HTTP {status})").format(status=status)


def _asked_to_wait(header: str) -> float:
    """Seconds that a Retry-After asks for; 0 where it asks for nothing that can be understood.

    References
    ----------
    RFC 9110, section 10.2.3.
    """
    try:
        if header.strip().isdigit():
            return float(int(header.strip()[:9]))
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
