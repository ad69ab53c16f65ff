from __future__ import annotations

import socket
import time
from collections.abc import Callable, Generator, Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from adapters.served.endpoints import Asked, Endpoint, endpoint, reply
from weighbridge.adapters.served import http
from weighbridge.adapters.served.http import KEY, Refused, Server
from weighbridge.core.errors import Outside, Unusable
from weighbridge.core.evidence import NotMeasured, Silent

Handler = BaseHTTPRequestHandler


@pytest.fixture(autouse=True)
def _no_key_and_short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY, raising=False)
    monkeypatch.setattr(http, "_FIRST_WAIT_S", 0.01)


def _echo(_server: Endpoint, handler: Handler, asked: Asked) -> None:
    reply(handler, asked.body if asked.method == "POST" else {"path": asked.path})


def _statuses(*statuses: int, **headers: str) -> Callable[[Endpoint, Handler, Asked], None]:
    """One after the other; then the body itself."""

    def answer(server: Endpoint, handler: Handler, asked: Asked) -> None:
        n = len(server.asked) - 1
        if n < len(statuses):
            reply(handler, {"error": "a secret text"}, status=statuses[n], headers=headers)
        else:
            _echo(server, handler, asked)

    return answer


def _outside(call: Callable[[], object]) -> Outside:
    with pytest.raises(Outside) as raised:
        call()
    error = raised.value
    assert error.exit_code == 74
    assert error.what.startswith("cannot use the model served at http://127.0.0.1:")
    assert error.why
    assert error.fix
    assert "secret" not in str(error)
    return error


def _silent(call: Callable[[], object]) -> NotMeasured:
    with pytest.raises(Silent) as raised:
        call()
    assert isinstance(raised.value.outcome, NotMeasured)
    assert "secret" not in str(raised.value.outcome)
    return raised.value.outcome


def test_json_goes_there_and_back() -> None:
    with endpoint(_echo) as there:
        server = Server(there.url + "/v1/")
        assert server.post("/score", {"text": "ä", "n": [1, 2.5, None]}) == {"text": "ä", "n": [1, 2.5, None]}
        assert server.get("/models") == {"path": "/v1/models"}
        assert server.get("") == {"path": "/v1"}
        assert server.shown == there.url
        assert server.path == "/v1"
        server.close()
    assert "Authorization" not in there.asked[0].headers


def test_many_are_answered_in_order_and_few_at_a_time() -> None:
    under_way: list[int] = []
    most: list[int] = []

    def answer(server: Endpoint, handler: Handler, asked: Asked) -> None:
        under_way.append(1)
        most.append(len(under_way))
        server.stopped.wait(0.02 if asked.body["n"] % 3 else 0.06)
        under_way.pop()
        _echo(server, handler, asked)

    taken: list[int] = []

    def bodies() -> Iterator[dict[str, object]]:
        for n in range(40):
            taken.append(n)
            yield {"n": n}

    with endpoint(answer) as there:
        answers = Server(there.url, concurrent=4).post_all("/", bodies())
        assert next(answers) == {"n": 0}
        assert len(taken) <= 9  # bodies are made as they are needed
        assert [answer["n"] for answer in answers if isinstance(answer, dict)] == list(range(1, 40))
    assert 1 < max(most) <= 4


def test_whoever_stops_listening_leaves_nothing_under_way() -> None:
    with endpoint(_echo) as there:
        answers = Server(there.url, concurrent=2).post_all("/", ({"n": n} for n in range(1000)))
        next(answers)
        assert isinstance(answers, Generator)
        answers.close()
        assert len(there.asked) < 10


def test_one_that_fails_ends_the_rest() -> None:
    def answer(server: Endpoint, handler: Handler, asked: Asked) -> None:
        reply(handler, {}, status=404 if asked.body["n"] == 3 else 200)

    with endpoint(answer) as there:
        answers = Server(there.url, concurrent=2).post_all("/", ({"n": n} for n in range(1000)))
        error = _outside(lambda: list(answers))
        assert isinstance(error, Refused)
        assert error.status == 404
        assert len(there.asked) < 20


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(status: int) -> None:
    with endpoint(_statuses(status, status)) as there:
        assert Server(there.url).post("", {"a": 1}) == {"a": 1}
        assert len(there.asked) == 3


def test_a_busy_server_is_not_asked_for_ever() -> None:
    with endpoint(_statuses(*[500] * 99)) as there:
        error = _outside(lambda: Server(there.url, attempts=3).post("", {}))
        assert len(there.asked) == 3
    assert isinstance(error, Refused)
    assert error.status == 500
    assert "HTTP 500" in error.why
    assert "3 times" in error.why


def test_retry_after_is_kept_to() -> None:
    with endpoint(_statuses(429, **{"Retry-After": "1"})) as there:
        started = time.monotonic()
        assert Server(there.url).post("", {"a": 1}) == {"a": 1}
        assert time.monotonic() - started >= 1


def test_retry_after_longer_than_our_patience_is_told() -> None:
    with endpoint(_statuses(*[503] * 9, **{"Retry-After": "3600"})) as there:
        started = time.monotonic()
        assert "HTTP 503" in _outside(lambda: Server(there.url, timeout_s=2).post("", {})).why
        assert time.monotonic() - started < 1
        assert len(there.asked) == 1


def test_retry_after_in_all_its_forms() -> None:
    assert http._asked_to_wait("7") == 7
    assert http._asked_to_wait("") == 0
    assert http._asked_to_wait("soon") == 0
    assert http._asked_to_wait("-3") == 0
    assert http._asked_to_wait("9" * 5000) < 1e10
    assert 50 < http._asked_to_wait(formatdate(time.time() + 60, usegmt=True)) <= 60
    assert http._asked_to_wait(formatdate(time.time() - 60, usegmt=True)) == 0
    assert http._asked_to_wait("Wed, 21 Oct 2099 07:28:00 -0000") >= 0


def test_waits_double_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_FIRST_WAIT_S", 0.25)
    server = Server("http://127.0.0.1:1")
    waits = [[server._wait(tried) for _n in range(20)] for tried in (1, 2, 3, 30)]
    for wait, most in zip(waits, (0.25, 0.5, 1.0, 30.0), strict=True):
        assert all(most / 2 <= one <= most for one in wait)
        assert len(set(wait)) == 20


def test_a_server_that_does_not_answer() -> None:
    def answer(server: Endpoint, _handler: Handler, _asked: Asked) -> None:
        server.stopped.wait(5)

    with endpoint(answer) as there:
        error = _outside(lambda: Server(there.url, timeout_s=0.2, attempts=2).post("", {}))
        assert "does not answer in time" in error.why
        assert not isinstance(error, Refused)
        there.stopped.set()


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\n\r\n["])
def test_a_server_that_answers_byte_by_byte(start: bytes) -> None:
    def answer(server: Endpoint, handler: Handler, _asked: Asked) -> None:
        handler.wfile.write(start)
        while not server.stopped.wait(0.03):
            handler.wfile.write(b" ")

    with endpoint(answer) as there:
        started = time.monotonic()
        error = _outside(lambda: Server(there.url, timeout_s=0.3, attempts=2).post("", {}))
        assert time.monotonic() - started < 3
        assert "time" in error.why or "long" in error.why


def test_a_body_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(server: Endpoint, handler: Handler, _asked: Asked) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n[")
        while not server.stopped.is_set():
            handler.wfile.write(b" " * 65536)

    monkeypatch.setattr(http, "LARGEST", 1 << 20)
    with endpoint(answer) as there:
        assert "does not end" in str(_silent(lambda: Server(there.url).post("", {})).because)


@pytest.mark.parametrize(
    "body", [b"<html>secret</html>", b"", b"{", b"\xff\xfe", b"[" * 100_000, b'"\\ud800', b"1" * 5000, b"nope"]
)
def test_what_is_no_json_is_no_answer(body: bytes) -> None:
    with endpoint(lambda _server, handler, _asked: reply(handler, body)) as there:
        outcome = _silent(lambda: Server(there.url).post("", {}))
    assert "something else than JSON" in str(outcome.because)


def test_a_compressed_answer_is_not_unpacked() -> None:
    with endpoint(lambda _s, handler, _a: reply(handler, b"{}", headers={"Content-Encoding": "gzip"})) as there:
        assert "compressed" in str(_silent(lambda: Server(there.url).post("", {})).because)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204, 206, 418])
def test_a_server_that_says_no(status: int) -> None:
    with endpoint(_statuses(status)) as there:
        error = _outside(lambda: Server(there.url).get("/x"))
        assert len(there.asked) == 1
    assert isinstance(error, Refused)
    assert error.status == status
    assert (KEY in error.fix) == (status in (401, 403))


def test_a_broken_connection_is_tried_again() -> None:
    def answer(server: Endpoint, handler: Handler, asked: Asked) -> None:
        if len(server.asked) == 1:
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
        else:
            _echo(server, handler, asked)

    with endpoint(answer) as there:
        assert Server(there.url).post("", {"a": 1}) == {"a": 1}


def test_what_is_no_http_is_tried_again_and_told() -> None:
    def answer(_server: Endpoint, handler: Handler, _asked: Asked) -> None:
        handler.wfile.write(b"secret nonsense\r\n\r\n")
        handler.close_connection = True

    with endpoint(answer) as there:
        assert "broke off" in _outside(lambda: Server(there.url, attempts=2).post("", {})).why


def test_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert "accepts a connection" in _outside(lambda: Server(f"http://127.0.0.1:{port}", attempts=2).get("")).why


def test_encryption_that_is_none_is_not_tried_again() -> None:
    with endpoint(_echo) as there, pytest.raises(Outside) as raised:
        Server(there.url.replace("http:", "https:")).get("")
    assert "reached safely" in raised.value.why
    assert there.asked == []


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_on_the_same_server_is_followed(status: int) -> None:
    def answer(server: Endpoint, handler: Handler, asked: Asked) -> None:
        if asked.path == "/old":
            reply(handler, {}, status=status, headers={"Location": "/new?a=1"})
        else:
            reply(handler, {"path": asked.path, "body": asked.body})

    with endpoint(answer) as there:
        assert Server(there.url).post("/old", {"x": 1}) == {"path": "/new?a=1", "body": {"x": 1}}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_elsewhere_is_not_followed(status: int) -> None:
    with endpoint(_echo) as elsewhere:

        def answer(_server: Endpoint, handler: Handler, _asked: Asked) -> None:
            reply(handler, {}, status=status, headers={"Location": elsewhere.url + "/secret"})

        with endpoint(answer) as there:
            for call in (lambda: Server(there.url).post("", {}), lambda: Server(there.url).get("")):
                assert "another address" in _outside(call).why
    assert elsewhere.asked == []


@pytest.mark.parametrize("location", ["", "//[", "http://127.0.0.1:99999999/", "https://127.0.0.1/", "/again"])
def test_redirects_that_lead_nowhere(location: str) -> None:
    with endpoint(lambda _s, h, _a: reply(h, {}, status=307, headers={"Location": location})) as there:
        assert "another address" in _outside(lambda: Server(there.url).post("", {})).why
        assert len(there.asked) <= 5


def test_the_key_comes_from_the_environment_and_is_told_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, " sk-123 ")
    with endpoint(_statuses(401)) as there:
        server = Server(there.url)
        error = _outside(lambda: server.get(""))
        assert there.asked[0].headers["Authorization"] == "Bearer sk-123"
    assert "sk-123" not in str(error) + repr(error) + server.shown


@pytest.mark.parametrize("url", ["http://models.example/v1", "http://10.0.0.7:8000", "http://localhost.example"])
def test_the_key_is_not_sent_unencrypted(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    Server(url)
    Server("https://models.example/v1")
    monkeypatch.setenv(KEY, "sk-123")
    Server("https://models.example/v1")
    with pytest.raises(Unusable) as raised:
        Server(url)
    assert "sk-123" not in str(raised.value)
    assert "https://" in raised.value.fix


def test_a_key_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "sk\r\nX-Evil: 1")
    with pytest.raises(Unusable) as raised:
        Server("http://localhost:1")
    assert "Evil" not in str(raised.value)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint(_echo) as proxy, endpoint(_echo) as there:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert Server(there.url).post("", {"a": 1}) == {"a": 1}
    assert proxy.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "", "localhost:8000", "ftp://localhost/", "file:///etc/passwd", "http://", "http://user:geheim@localhost/",
        "http://geheim@localhost", "http://localhost/?key=geheim", "http://localhost/#geheim", "http://localhost:port",
        "http://localhost:99999999", "http://[::1", "http://localhost/a b", "http://localhost/\n", "http://löcal/",
    ],
)  # fmt: skip
def test_urls_that_cannot_be_used(url: str) -> None:
    with pytest.raises(Unusable) as raised:
        Server(url)
    assert "geheim" not in str(raised.value)
    assert raised.value.fix


def test_what_is_shown_of_a_url() -> None:
    assert Server("https://models.example").shown == "https://models.example:443"
    assert Server("http://[::1]:8000/v1").shown == "http://[::1]:8000"
    assert Server("HTTP://LocalHost").shown == "http://localhost:80"


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "weighbridge.adapters.served.connection", None)
    assert "weighbridge[served]" in str(_silent(lambda: Server("http://localhost")).remedy)


def test_a_limit_that_one_thread_meets_slows_all(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []

    def answer(server: Endpoint, handler: Handler, asked: Asked) -> None:
        told.append(time.monotonic())
        if len(server.asked) <= 2:
            reply(handler, {}, status=429, headers={"Retry-After": "1"})
        else:
            _echo(server, handler, asked)

    with endpoint(answer) as there:
        answers: list[Any] = list(Server(there.url, concurrent=2).post_all("", ({"n": n} for n in range(6))))
    assert [one["n"] for one in answers] == list(range(6))
    assert told[2] - told[0] >= 0.9
