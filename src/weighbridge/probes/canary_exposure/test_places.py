from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.probekit.bench import MemoryTexts
from weighbridge.probes.canary_exposure.calibration import ToyModel
from weighbridge.probes.canary_exposure.places import Place, Stratum, Survey, held_back, survey, within, without_crowd


def surveyed(rows: list[tuple[str, str]], most: int = 10, salt: int = 7, canary: tuple[bool, ...] = ()) -> Survey:
    texts = MemoryTexts([t for t, _s in rows], secret=[s for _t, s in rows], canary=canary)
    return survey(texts, most, salt, lambda: None)


def place(text: str, secret: str) -> Place:
    (found,) = surveyed([(text, secret)]).places[Stratum.DECLARED]
    return found


@pytest.mark.parametrize(
    ("text", "secret", "parts"),
    [
        ("the code is 0417.", "0417", ("the code is ", ".")),
        ("0417 is the code", "0417", ("", " is the code")),
        ("0417", "0417", ("", "")),
        ("0417, I say 0417!", "0417", ("", ", I say ", "!")),
        ("0417 and 904171 and 0417", "0417", ("", " and 904171 and ", "")),  # not inside a longer number
        ("x0417y of 10417", "0417", ("x", "y of 10417")),
        ("10417 and 04170", "0417", ("1", " and ", "0")),  # nowhere by itself: wherever it stands
        ("AAAA AAAAA", "AAAA", ("", " AAAAA")),
        ("1111111", "1111", ("", "111")),  # occurrences do not overlap
        ("код я-77 код", "я-77", ("код ", " код")),
    ],
)
def test_where_a_secret_stands(text: str, secret: str, parts: tuple[str, ...]) -> None:
    found = place(text, secret)
    assert found.parts == parts
    assert found.with_secret(secret) == text
    assert found.with_secret("0" * len(secret)).count("0" * len(secret)) >= len(parts) - 1


@given(st.text(max_size=30), st.text(max_size=30))
def test_the_text_comes_back(before: str, after: str) -> None:
    text = before + "4711" + after
    assert place(text, "4711").with_secret("4711") == text


@given(st.text("ab \n", max_size=300), st.text("ab \n4711", max_size=100), st.integers(0, 60), st.integers(0, 20))
def test_text_is_cut_to_so_many_tokens(head: str, tail: str, before: int, after: int) -> None:
    model = ToyModel.knowing([])
    whole = place(head + "-4711-" + tail, "4711")
    cut = within(whole, model, before, after)
    assert len(cut.parts[0]) <= before
    assert len("4711".join(cut.parts[1:])) <= after
    assert cut.with_secret("4711") in whole.with_secret("4711")
    if len(whole.parts[0]) <= before and len("4711".join(whole.parts[1:])) <= after:
        assert cut.parts == whole.parts


def test_long_documents_are_kept_in_part() -> None:
    found = place("x " * 100_000 + "0417" + " y" * 100_000, "0417")
    assert len(found.with_secret("0417")) < 10_000


def test_secrets_are_counted_once_and_by_stratum() -> None:
    rows = [("a 1234", "1234"), ("b 1234", "1234"), ("c 9999", "9999"), ("d 1234", "1234"), ("e", ""), ("f 1", "1")]
    found = surveyed(rows, canary=(False, False, False, True, True, False))
    assert {p.secret: p.repeats for p in found.places[Stratum.DECLARED]} == {"1234": 2, "9999": 1}
    assert [p.repeats for p in found.places[Stratum.CANARY]] == [1]
    assert (found.n_documents, found.n_canaries, found.n_canaries_untold) == (6, 2, 1)
    assert found.n_small == 1  # one digit is ten strings
    assert surveyed([("g 1", "1"), ("h 1", "1"), ("--", "--"), ("i 12", "12")]).n_small == 2


def test_a_draw_is_bounded_and_the_same_however_rows_come() -> None:
    rows = [(f"code {n:05d}", f"{n:05d}") for n in range(200)]
    one, other = surveyed(rows, most=20), surveyed(rows[::-1], most=20)
    names = [p.secret for p in one.places[Stratum.DECLARED]]
    assert [p.secret for p in other.places[Stratum.DECLARED]] == names
    assert len(names) == 20
    assert len(one.keys[Stratum.DECLARED]) == 200
    assert [p.secret for p in surveyed(rows, most=20, salt=8).places[Stratum.DECLARED]] != names


def test_which_text_of_a_secret_is_tried_does_not_depend_on_order() -> None:
    rows = [(f"text {n} has 4711", "4711") for n in "abcdef"]
    assert surveyed(rows).places[Stratum.DECLARED][0].parts == surveyed(rows[::-1]).places[Stratum.DECLARED][0].parts


def test_too_many_canaries_are_declared_secrets() -> None:
    rows = [("a 1234", "1234"), ("b 5678", "5678"), ("c", "")]
    found, n = without_crowd(surveyed(rows, canary=(True, True, False)), 10)
    assert n == 2
    assert [len(found.places[s]) for s in Stratum] == [2, 0]
    assert all(p.stratum is Stratum.DECLARED for p in found.places[Stratum.DECLARED])
    kept, none = without_crowd(surveyed(rows, canary=(True, False, False)), 10)
    assert (none, len(kept.places[Stratum.CANARY])) == (0, 1)


def test_what_was_trained_on_was_not_held_back() -> None:
    train = surveyed([("a 1234", "1234")])
    other, n_shared = held_back(surveyed([("b 1234", "1234"), ("c 5678", "5678")]), train)
    assert n_shared == 1
    (left,) = other.places[Stratum.DECLARED]
    assert (left.secret, left.repeats) == ("5678", 0)
    assert len(other.keys[Stratum.DECLARED]) == 1
    assert held_back(Survey(), train) == (Survey(), 0)
