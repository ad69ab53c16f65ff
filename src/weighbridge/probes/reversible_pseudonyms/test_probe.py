from __future__ import annotations

import base64
import codecs
import hashlib
import uuid
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity, Silent
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable
from weighbridge.probekit.ports import BudgetSpent, Table
from weighbridge.probes.reversible_pseudonyms import engine
from weighbridge.probes.reversible_pseudonyms.calibration import planted
from weighbridge.probes.reversible_pseudonyms.forms import form_of
from weighbridge.probes.reversible_pseudonyms.probe import PROBE, Settings

PEOPLE = Declared(about_people=True)
MD5, SHA1 = (partial(make, usedforsecurity=False) for make in (hashlib.md5, hashlib.sha1))
N = 300
QUICK = {"kinds": "numbers", "tries": 2000}
NAMES = [f"member{7 * n}@example.org" for n in range(N)]


def table(columns: Mapping[str, Any], *, label: str = "t.csv", declared: Declared = PEOPLE) -> MemoryTable:
    return MemoryTable({k: list(v) for k, v in columns.items()}, label=label, declared=declared)


def weighed(*tables: Table, seconds: float = 600.0, **settings: Any) -> Outcome:
    bench = MemoryBench(tables_by_role={Role.DATA: tables}, budget=FixedBudget(seconds))
    return PROBE.measure(bench, Settings(**{**QUICK, **settings}))


def found(outcome: Outcome, metric: str, **by: str) -> Quantity:
    assert isinstance(outcome, Measured), outcome
    (one,) = [q for q in outcome.quantities if q.metric == metric and dict(q.by) == by]
    return one


def notes(outcome: Outcome) -> str:
    assert isinstance(outcome, Measured), outcome
    return "\n".join(map(str, outcome.notes))


def hexed(values: Sequence[str], make: Callable[[bytes], Any] = hashlib.sha256) -> list[str]:
    return [make(v.encode()).hexdigest() for v in values]


def keyed(values: Sequence[str]) -> list[str]:
    return [hashlib.blake2b(v.encode(), key=b"nobody has it", digest_size=32).hexdigest() for v in values]


# what a hash looks like


@pytest.mark.parametrize(
    ("make", "length"),
    [
        (lambda v: MD5(v).hexdigest(), 16),
        (lambda v: MD5(v).hexdigest().upper(), 16),
        (lambda v: f"usr_{SHA1(v).hexdigest()}", 20),
        (lambda v: hashlib.sha224(v).hexdigest(), 28),
        (lambda v: hashlib.sha384(v).hexdigest(), 48),
        (lambda v: hashlib.sha512(v).hexdigest(), 64),
        (lambda v: base64.b64encode(hashlib.sha256(v).digest()).decode(), 32),
        (lambda v: base64.urlsafe_b64encode(SHA1(v).digest()).decode().rstrip("="), 20),
        (lambda v: hashlib.sha256(v).hexdigest()[:16], 8),
        (lambda v: f"{zlib.crc32(v):08x}", 4),
    ],
)
def test_hashes_are_known_by_their_shape(make: Callable[[bytes], str], length: int) -> None:
    form = form_of([make(v.encode()) for v in NAMES])
    assert form is not None
    assert form.length == length
    assert form.taken([make(b"x")]).shape == (1, length)


@pytest.mark.parametrize(
    "values",
    [[str(10**9 + n) for n in range(50)], ["deadbeef"], ["word"] * 9 + ["other"], NAMES, [], ["", "  "], ["é" * 32] * 3,
     [f"2020-01-{n:02d}" for n in range(1, 29)], [str(uuid.UUID(bytes=bytes([n] * 16), version=4)) for n in range(99)], ["internationalisation", "telecommunications"]],
)  # fmt: skip
def test_what_is_no_hash(values: list[str]) -> None:
    assert form_of(values) is None or values == ["deadbeef"]


# what comes back


@pytest.mark.parametrize(
    ("make", "recipe"),
    [
        (lambda v: MD5(v.encode()).hexdigest(), "MD5"),
        (lambda v: hashlib.sha256(v.upper().encode()).hexdigest(), "SHA-256"),
        (lambda v: hashlib.sha3_256(v.encode()).hexdigest(), "SHA3-256"),
        (lambda v: base64.b64encode(SHA1(v.encode()).digest()).decode(), "SHA-1"),
        (lambda v: "id:" + hashlib.sha512(v.encode()).hexdigest()[:32], "SHA-512, cut"),
        (lambda v: SHA1(("pepper" + v).encode()).hexdigest(), "SHA-1"),  # a column's only value
        (lambda v: SHA1((v + "email").encode()).hexdigest(), "SHA-1"),  # the column's name
    ],
)
def test_a_hash_of_what_stands_beside_it_comes_back(make: Callable[[str], str], recipe: str) -> None:
    outcome = weighed(table({"who": [make(v) for v in NAMES], "email": NAMES, "site": ["pepper"] * N}))
    assert found(outcome, "reversed-columns").value == 1
    assert found(outcome, "reversed-columns", how="in-file").value == 1
    assert found(outcome, "reversed-share").value == 1
    assert f"as {recipe} of column email" in notes(outcome)
    assert found(outcome, "seconds-to-reverse").high < 1


def test_two_columns_joined_come_back() -> None:
    first, last = [f"Ada{n % 40}" for n in range(N)], [f"Fam{n}" for n in range(N)]
    who = hexed([f"{a} {b}" for a, b in zip(first, last, strict=True)])
    outcome = weighed(table({"who": who, "first": first, "last": last}))
    assert found(outcome, "reversed-share").value == 1
    assert "first + last" in notes(outcome)


def test_a_hash_of_what_stands_in_another_table_comes_back() -> None:
    outcome = weighed(table({"who": hexed(NAMES[::-1])}), table({"email": NAMES}, label="other.csv"))
    assert found(outcome, "reversed-share").value == 1


@pytest.mark.parametrize(
    ("kind", "values", "says"),
    [
        (
            "dates",
            [f"{d:02d}/{m:02d}/{y}" for y in (1950, 1987, 2001) for m in range(1, 13) for d in (3, 15, 28)],
            "days from 1900",
        ),
        ("plates", [f"{n % 10}X{n % 97:02d}" for n in range(400)], "plates like 9A99"),
        ("numbers", [str(5_000_000 + n) for n in range(20_000)], "whole numbers"),
    ],
)
def test_what_can_be_counted_comes_back(kind: str, values: list[str], says: str) -> None:
    outcome = weighed(table({"who": hexed(values, MD5)}), kinds=kind, tries=400_000 if kind == "dates" else 26_000)
    assert found(outcome, "reversed-columns", how="enumerated").value == 1
    assert says in notes(outcome)
    reach = found(outcome, "reversible-share")
    assert reach.low > 0
    assert reach.low <= 1 <= reach.high
    assert (found(outcome, "planted-found").value > 0) is (kind != "numbers")  # of which 3 in 1000 were tried


def test_phones_of_a_region_come_back() -> None:
    pytest.importorskip("phonenumbers")
    rng = np.random.default_rng(0)
    phones = [f"+25470{n:07d}" for n in rng.integers(0, 10**7, 100_000)]
    outcome = weighed(table({"caller": hexed(phones, MD5)}), kinds="phones", tries=20_000, region="KE")
    assert found(outcome, "reversed-columns").value == 1
    assert "mobile numbers of KE" in notes(outcome)
    assert found(outcome, "reversible-share").low > 0.5


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda v: base64.b64encode(v.encode()).decode(), "base64"),
        (lambda v: v.encode().hex(), "hexadecimal"),
        (lambda v: codecs.encode(v, "rot13"), "shifted by 13"),
        (lambda v: v[::-1], "backwards"),
    ],
)
@pytest.mark.parametrize("beside", [True, False])
def test_another_writing_is_read(write: Callable[[str], str], says: str, beside: bool) -> None:
    columns = {"who": [write(v) for v in NAMES], **({"email": NAMES} if beside else {})}
    outcome = weighed(table(columns))
    if says in ("shifted by 13", "backwards") and not beside:
        assert isinstance(outcome, NotApplicable | Measured)
        return
    assert found(outcome, "reversed-columns", how="encoded").value == 1
    assert says in notes(outcome)


def test_numbers_with_bits_turned_over_are_read_and_a_year_of_birth_is_not_one() -> None:
    numbers = [1000 + 17 * n for n in range(N)]
    outcome = weighed(table({"number": numbers, "code": [n ^ 0x5A5A for n in numbers]}))
    assert "XOR" in notes(outcome)
    assert isinstance(weighed(table({"year": numbers, "age": [20_000 - n for n in numbers]})), NotApplicable)


# what does not come back


def test_a_keyed_hash_does_not_come_back_and_is_not_called_safe() -> None:
    outcome = weighed(table({"who": keyed(NAMES), "email": NAMES}))
    assert found(outcome, "reversed-columns").value == 0
    assert found(outcome, "unreversed-columns").value == 1
    assert found(outcome, "reversed-share").value == 0
    assert found(outcome, "reversible-share").high == 1
    assert found(outcome, "planted-found").low > 0
    assert "not known to be safe" in notes(outcome)
    assert "whole" in notes(outcome) or "numbers" in notes(outcome)


def test_few_values_of_a_kind_of_which_little_was_tried_are_not_called_safe() -> None:
    numbers = hexed([str(9_000_000 + 7 * n) for n in range(40)])  # 40 of 10 million: 2000 tries hit none
    outcome = weighed(table({"who": numbers}))
    one = found(outcome, "reversed-columns")
    assert (one.value, one.low, one.high) == (0, 0, 1)
    assert found(outcome, "reversed-columns", how="in-file").high == 0
    assert "too little was tried" in notes(outcome)
    of_things = weighed(table({"commit": numbers}, declared=Declared()))
    assert found(of_things, "reversed-columns").high == 0
    enough = weighed(table({"who": keyed(NAMES)}), kinds="dates", tries=200_000)
    assert found(enough, "reversed-columns").high == 0


def test_a_known_prefix_is_tried_where_it_is_given() -> None:
    columns = {"who": hexed([f"s3cret{v}" for v in NAMES]), "email": NAMES}
    assert found(weighed(table(columns)), "reversed-columns").value == 0
    outcome = weighed(table(columns), prefix="s3cret")
    assert found(outcome, "reversed-columns").value == 1
    assert "s3cret" not in notes(outcome)


def test_short_hashes_do_not_come_back_by_chance() -> None:
    rng = np.random.default_rng(0)
    outcome = weighed(table({"who": [f"{n:08x}" for n in rng.integers(0, 2**32, 50_000)]}), tries=50_000)
    assert found(outcome, "reversed-columns").value == 0


def test_a_part_of_the_tokens_gives_an_interval() -> None:
    names = [f"mm{n}@example.org" for n in range(1500)]
    who = hexed(names[:750]) + keyed(names[750:])
    outcome = weighed(table({"who": who, "email": names}), tokens=300)
    share = found(outcome, "reversed-share")
    assert (share.n, share.confidence) == (300, 0.95)
    assert share.low < 0.5 < share.high


def test_numbers_in_a_table_of_who_knows_what_are_not_held_against_it() -> None:
    values = hexed([str(5_000_000 + n) for n in range(20_000)], MD5)
    outcome = weighed(table({"commit": values}, declared=Declared()), tries=26_000)
    assert found(outcome, "reversed-columns").value == 0
    assert "about_people = true" in notes(outcome)
    assert isinstance(weighed(table({"commit": values}, declared=Declared(about_people=False))), NotApplicable)


# silence, limits, bad input


def test_without_the_extra_phones_are_no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "phonenumbers", None)
    with pytest.raises(Silent) as silent:
        engine.mobile_patterns(["KE"])
    assert isinstance(silent.value.outcome, NotMeasured)
    assert "weighbridge[identifiers]" in str(silent.value.outcome.remedy)


def test_unknown_regions_are_left_out() -> None:
    pytest.importorskip("phonenumbers")
    assert engine.mobile_patterns(["XX", "ke"])[0][:2] == ("KE", "254")


def test_too_little_time_says_how_much_is_needed() -> None:
    outcome = weighed(table({"who": hexed(NAMES)}), seconds=0.001)
    assert isinstance(outcome, NotMeasured)
    assert "--budget" in str(outcome.remedy)


def test_time_over_ends_it() -> None:
    class Impatient(MemoryBench):
        def progress(self, done: int, of: int, unit: str) -> None:
            if unit == "kind of value":
                raise BudgetSpent

    bench = planted(0).bench
    assert isinstance(bench, MemoryBench)
    with pytest.raises(BudgetSpent):
        PROBE.measure(Impatient(tables_by_role=bench.tables_by_role), Settings(**QUICK))  # type: ignore[arg-type]


def test_evidence_is_not_tried() -> None:
    kept = Artefact(
        role=Role.DATA,
        label="t.csv",
        digest=digest_of_bytes(b"1"),
        size_bytes=1,
        format="csv",
        belongs=Belonging.EVIDENCE_ONLY,
    )
    candidate = Candidate(name="t", version="1", artefacts=(kept,), subjects=(Subject.TABLE,))
    bench = MemoryBench(candidate=candidate, tables_by_role={Role.DATA: (table({"who": hexed(NAMES)}),)})
    assert isinstance(PROBE.measure(bench, Settings()), NotApplicable)


@pytest.mark.parametrize(
    "columns",
    [
        {"who": [None, None]},
        {"who": ["x"]},
        {"who": [*hexed(NAMES)[:50], "", "not one", None, "\ud7ff"]},
        {"who": hexed(NAMES), "empty": [None] * N, "mixed": ["1", "x", "2020-01-01"] * (N // 3), "b": [b"\xff"] * N},
        {f"c{n}": ["a", "b"] for n in range(500)},
    ],
)
def test_odd_tables_give_an_answer(columns: dict[str, Any]) -> None:
    assert isinstance(weighed(table(columns)), Measured | NotApplicable)


def test_no_value_is_told() -> None:
    columns = {"who": hexed(NAMES), "ada@example.org": NAMES}
    said = notes(weighed(table(columns)))
    assert "member" not in said
    assert "example.org" not in said
    assert hexed(NAMES)[0] not in said
