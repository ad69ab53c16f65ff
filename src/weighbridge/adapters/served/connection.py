"""One request and its reply over urllib3, bounded in time and size. Needs the extra `served`.

Time is bounded as a whole: a socket's timeout starts anew with every byte, so that a server that sends one byte a
minute would never be too late.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException

import urllib3
from urllib3 import exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import BaseHTTPResponse, HTTPResponse

from weighbridge.core.wording import _

_CHUNK = 1 << 16


class Cut(Exception):
    """No whole reply came. `why` is a sentence to be shown; `again` is whether another try may go better."""

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__(why)
        self.why = why
        self.again = again


class TooLarge(Exception):
    """The reply did not end within the bytes allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]  # names are found in any case
    body: bytes


class _Bounded(HTTPConnection):
    """A connection on which the head of a reply takes no longer than the read timeout as a whole."""

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3 gives a reply of its own kind here
        """Read the head; past the time the socket is shut, so that the read ends with an error."""
        seconds = self.timeout if isinstance(self.timeout, (int, float)) else None
        watch = threading.Timer(seconds, self._hang_up) if seconds else None
        if watch is None:
            return super().getresponse()
        watch.daemon = True
        self._is_late = False
        watch.start()
        try:
            reply = super().getresponse()
        except (OSError, HTTPException) as error:
            if self._is_late:  # what the reader met is that we hung up
                raise TimeoutError from error
            raise
        finally:
            watch.cancel()
        if self._is_late:  # a head that was cut off may still look like a whole one
            reply.close()
            raise TimeoutError
        return reply

    def _hang_up(self) -> None:
        self._is_late = True
        with suppress(OSError, TypeError):  # it may be gone already
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # an encrypted one would forget its keys under a reader


class _BoundedTls(_Bounded, HTTPSConnection):
    """Likewise, encrypted; certificates are checked against those of the system."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Bounded


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _BoundedTls


class Connection:
    """Connections to one server, kept open between requests. Threads may share it.

    It speaks to this host alone: it follows no redirect and uses no proxy of the environment.
    """

    def __init__(self, scheme: str, host: str, port: int | None, *, at_once: int) -> None:
        made_by = _TlsPool if scheme == "https" else _Pool
        self._pool = made_by(host, port, maxsize=at_once, retries=False)

    def ask(
        self, method: str, target: str, *, body: bytes | None, headers: Mapping[str, str], seconds: float, most: int
    ) -> Reply:
        """Send one request and read its reply.

        Parameters
        ----------
        target : path on the server
        seconds : within which the head must be there, and within which the body must be, once the head is
        most : bytes that the body may have

        Raises
        ------
        Cut
            Where no whole reply came in time.
        TooLarge
            Where it has more bytes.
        """
        try:
            reply = self._pool.urlopen(
                method, target, body=body, headers=dict(headers), redirect=False, retries=False,
                timeout=urllib3.Timeout(connect=seconds, read=seconds), preload_content=False, decode_content=False,
            )  # fmt: skip
            try:
                content = _content(reply, until=time.monotonic() + seconds, most=most)
            except BaseException:
                reply.close()  # what is left of it must not be taken for the next reply
                raise
            reply.release_conn()
        except (exceptions.HTTPError, HTTPException, OSError, ValueError) as error:
            raise Cut(_why(error), again=not isinstance(error, exceptions.SSLError)) from error
        return Reply(status=reply.status, headers=reply.headers, body=content)

    def close(self) -> None:
        """Let go of connections that wait for another request."""
        self._pool.close()


def _content(reply: BaseHTTPResponse, *, until: float, most: int) -> bytes:
    """The body, piece by piece."""
    parts: list[bytes] = []
    size = 0
    while part := reply.read1(_CHUNK, decode_content=False):
        parts.append(part)
        size += len(part)
        if size > most:
            raise TooLarge
        if time.monotonic() > until:
            raise Cut(_("its answer took too long to arrive"), again=True)
    return b"".join(parts)


def _why(error: Exception) -> str:
    """What went wrong, without the library's own message, which quotes the address."""
    match error:
        case exceptions.NameResolutionError():
            return _("its name cannot be resolved")
        case exceptions.SSLError():
            return _("it cannot be reached safely: its certificate or its encryption is not accepted")
        case exceptions.NewConnectionError():
            return _("nothing there accepts a connection")
        case exceptions.TimeoutError():
            return _("it does not answer in time")
        case _:
            return _("the connection broke off ({kind})").format(kind=type(error).__name__)
