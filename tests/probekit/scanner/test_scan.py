from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.probekit.scanner.kinds import Hints, Kind, Tier
from weighbridge.probekit.scanner.scan import scan_strings, spans
from weighbridge.probekit.scanner.triggers import Engine, by_hyperscan, by_re, by_re2

ENGINES = (by_hyperscan, by_re2, by_re)
V, W, X = Tier.VALIDATED, Tier.WEAK, Tier.EXAMPLE


def found(text: str, *regions: str) -> list[tuple[str, str, str]]:
    return [(text[s.start : s.end], s.kind.value, s.tier.value) for s in spans(text, regions=regions)]


MIXED = (
    "ada@lovelace.org +44 20 7946 0018 4539 5787 6362 1486 DE44 5001 0517 5407 3249 31 8.8.4.4 221B Baker Street Mr Ada Byron"
    " 44051401359 52.52001, 13.40495 40°26'46\"N 79°58'56\"W https://u:p@h.net/x RSSMRA85T10A562S 2001:4860:4860::8888 "
)


@pytest.mark.parametrize("links", [False, True])
def test_the_three_engines_find_the_same(links: bool) -> None:
    rng = np.random.default_rng(3)
    texts = [MIXED, "", "\0", MIXED.replace(" ", "\n")]
    for _ in range(25):
        cut = rng.integers(0, len(MIXED), 2)
        texts.append(MIXED[min(cut) : max(cut)] + "".join(rng.permutation(list(MIXED))[: rng.integers(0, 200)]))
    for text in texts:
        told = [spans(text, links=links, engine=engine(links=links)) for engine in ENGINES]
        assert told[0] == told[1] == told[2]


@given(st.text(alphabet=st.sampled_from(list("0123456789+-./ ()ABXabz@é٣:,°'\"\nüß\0\u200b")), max_size=120))
@settings(max_examples=60, deadline=None)
def test_whatever_stands_there_spans_are_in_order_and_apart_and_the_same(text: str) -> None:
    told = [spans(text, links=True, engine=engine(links=True)) for engine in ENGINES]
    assert told[0] == told[1] == told[2]
    ends = [0] + [s.end for s in told[0]]
    assert all(0 <= before <= s.start < s.end <= len(text) for before, s in zip(ends, told[0], strict=False))


def test_without_hyperscan_and_re2_the_standard_library_does(monkeypatch: pytest.MonkeyPatch) -> None:
    from weighbridge.probekit.scanner import triggers

    expected = spans(MIXED)
    for gone in ("hyperscan", "re2"):
        monkeypatch.setitem(sys.modules, gone, None)
        for cached in (triggers.best_engine, triggers.by_hyperscan, triggers.by_re2):
            cached.cache_clear()
        assert spans(MIXED) == expected
    for cached in (triggers.best_engine, triggers.by_hyperscan, triggers.by_re2):
        cached.cache_clear()


HALVES = [
    ("call 536-90", "-4399 is all"), ("ada@", "lovelace.org"), ("4539 5787", " 6362 1486"), ("DE44 5001", " 0517 5407 3249 31"),
    ("+44 20", " 7946 1018"), ("8.8.", "4.4"), ("221B Baker", " Street"), ("52.52001, ", "13.40495"), ("Mr", " Ada Byron"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), HALVES)
def test_rows_never_run_into_each_other(left: str, right: str) -> None:
    assert spans(left + right), "the whole is one"
    (piece,) = scan_strings(pa.array([left, right]), Hints())
    apart = [next(scan_strings(pa.array([half]), Hints())) for half in (left, right)]
    assert piece.written == apart[0].written + apart[1].written
    assert all(hit.pattern.tier is W for hit in piece.hits)
    # and a row's edge is a word's edge: what begins or ends a row is found whatever lies beside it
    whole = left + right
    (piece,) = scan_strings(pa.array(["9", whole, "9", "x", whole, "x"]), Hints())
    assert {1, 4} == set(piece.rows.tolist())


@given(st.lists(st.text(alphabet=st.sampled_from(list("0123456789+-./ ()ABXabz@:,°é")), max_size=40), max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_row_is_read_alike_alone_and_among_others(rows: list[str]) -> None:
    together: list[list[bytes]] = [[] for _ in rows]
    for piece in scan_strings(pa.array(rows, pa.string()), Hints(regions=("US",), words=b"phone ")):
        for row, written in zip(piece.rows.tolist(), piece.written, strict=True):
            together[row].append(written)
    for row, found_there in zip(rows, together, strict=True):
        (alone,) = scan_strings(pa.array([row]), Hints(regions=("US",), words=b"phone "))
        assert list(alone.written) == found_there


def test_the_word_before_a_number_stands_in_the_same_row() -> None:
    (piece,) = scan_strings(pa.array(["phone", "9876543210", "phone 9876543210"]), Hints())
    assert piece.rows.tolist() == [2]


@pytest.mark.parametrize(
    "values",
    [
        pa.array(["ada@lovelace.org", None, "x"]),
        pa.array([b"\xff\xfeada@lovelace.org \xff", None, b"\xc3"], pa.binary()),
        pa.array(["ada@lovelace.org", None, "x"], pa.large_string()),
        pa.array(["-", "ada@lovelace.org", None, "x"]).slice(1),
    ],
)
def test_arrays_of_any_kind(values: pa.Array) -> None:
    (piece,) = scan_strings(values, Hints())
    assert [(hit.pattern.kind, row) for hit, row in zip(piece.hits, piece.rows.tolist(), strict=True)] == [
        (Kind.EMAIL, 0)
    ]
    assert list(scan_strings(values.slice(0, 0), Hints())) == []


def test_invalid_text_is_found_in_whatever_lies_beside_it() -> None:
    broken = b"mail \xff\xfe ada@lovelace.org \xe2\x82"
    alone = next(scan_strings(pa.array([broken], pa.binary()), Hints()))
    beside = next(scan_strings(pa.array([broken, "٣ ０".encode()], pa.binary()), Hints()))
    assert alone.written == beside.written == (b"ada@lovelace.org",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("بريد ali@barid.ma هاتف ٠٦١٢٣٤٥٦٧٨", [("ali@barid.ma", "e-mail", V), ("٠٦١٢٣٤٥٦٧٨", "phone", W)]),
        ("почта ivan@почта.рф тел. 8 912 345-67-89", [("ivan@почта.рф", "e-mail", V), ("8 912 345-67-89", "phone", W)]),
        ("邮箱li@qq.com,电话13812345678", [("li@qq.com", "e-mail", V), ("13812345678", "phone", W)]),
        ("ｔａｒｏ＠ｍａｉｌ．ｊｐ", [("ｔａｒｏ＠ｍａｉｌ．ｊｐ", "e-mail", V)]),
        ("＋３３ ６ １２ ３４ ５６ ７８", [("＋３３ ６ １２ ３４ ５６ ７８", "phone", V)]),
        ("फोन ९८७६५४३२१०", [("९८७६५४३२१०", "phone", W)]),
        ("ada\u200b@love\u00adlace.org", [("ada\u200b@love\u00adlace.org", "e-mail", V)]),
        ("+33\u00a06\u202f12\u00a034\u00a056\u00a078", [("+33\u00a06\u202f12\u00a034\u00a056\u00a078", "phone", V)]),
        ("+49–170–1234567", [("+49–170–1234567", "phone", V)]),
    ],
)
def test_scripts(text: str, expected: list[tuple[str, str, Tier]]) -> None:
    assert found(text) == expected


def cpu(scan: Callable[[], object]) -> float:
    """The least CPU time of three runs, for ratios: what other processes do is no part of it."""
    times = []
    for _ in range(2):
        before = time.process_time()
        scan()
        times.append(time.process_time() - before)
    return min(times)


HOSTILE = [
    "1 ", "1-", "(1", "1.1.", "1:", "a@", "@", "a.", "://", "A1", "AA00 ", "5 Main ", " Street", " St ", "1°", "0.1234, ", "0,1234 ",
    "lat 1.1234 ", "Mr. ", "Mr. A ", "4111 1111 1111 1111 ", "+1 ", "+44 20 7946 0182 ", "1" * 40, "a" * 40 + "@", "http://a:", "::", "٣", "é",
    "rue ", "12 rue de la ", "C/ ", "weg 1", "https://x.com/", "A" * 50, "9" * 12 + "X", "[[[{", "\\u0061", "-" * 50, " " * 50,
]  # fmt: skip


def grows(piece: str, engine: Callable[..., Engine]) -> float:
    """How many times the work is, where the text is eight times as long: 8 if it goes by length, 64 by its square."""
    small, large = (piece * (n // len(piece)) for n in (1_500, 12_000))
    spans(small, engine=engine(links=False))
    return cpu(lambda: spans(large, engine=engine(links=False))) / max(
        cpu(lambda: spans(small, engine=engine(links=False))), 5e-4
    )


@pytest.mark.parametrize("piece", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_takes_time_by_its_length(piece: str) -> None:
    assert min(grows(piece, by_hyperscan) for _ in range(2)) < 24


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("engine", [by_re2, by_re])
def test_hostile_text_takes_time_by_its_length_on_every_engine(piece: str, engine: Callable[..., Engine]) -> None:
    assert min(grows(piece, engine) for _ in range(2)) < 24
