from __future__ import annotations

from adapters.served.endpoints import endpoint, reply
from weighbridge.adapters.served.connection import Connection, Cut, TooLarge


def _connection(url: str) -> Connection:
    host, port = url.removeprefix("http://").split(":")
    return Connection("http", host, int(port), at_once=1)


def test_a_reply_is_whatever_the_server_said() -> None:
    with endpoint(lambda _s, h, _a: reply(h, b"abc", status=418, headers={"X-One": "1"})) as there:
        there_is = _connection(there.url)
        for _n in range(2):  # over one connection
            got = there_is.ask("POST", "/p", body=b"{}", headers={"A": "b"}, seconds=5, most=3)
            assert (got.status, got.body, got.headers["x-one"]) == (418, b"abc", "1")
        there_is.close()
    assert there.asked[0].path == "/p"
    assert there.asked[0].headers["A"] == "b"


def test_a_reply_too_large_leaves_nothing_for_the_next() -> None:
    with endpoint(lambda _s, h, a: reply(h, b"x" * (10 if a.path == "/long" else 3))) as there:
        connection = _connection(there.url)
        try:
            connection.ask("GET", "/long", body=None, headers={}, seconds=5, most=9)
        except TooLarge:
            pass
        else:
            raise AssertionError
        assert connection.ask("GET", "/", body=None, headers={}, seconds=5, most=9).body == b"xxx"


def test_a_reply_cut_short() -> None:
    def answer(_server: object, handler: object, _asked: object) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")  # type: ignore[attr-defined]  # a handler
        handler.close_connection = True  # type: ignore[attr-defined]  # likewise

    with endpoint(answer) as there:
        try:
            _connection(there.url).ask("GET", "/", body=None, headers={}, seconds=5, most=100)
        except Cut as error:
            assert error.again
        else:
            raise AssertionError
