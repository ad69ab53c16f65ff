from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import EntryPoint, EntryPoints
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Outcome, Quantity, Silent
from weighbridge.probekit import recognisers
from weighbridge.probekit.bench import MemoryBench, MemoryTable, MemoryTexts
from weighbridge.probekit.folds import ROW, canonical
from weighbridge.probes.direct_identifiers.fold import IdentifierFold
from weighbridge.probes.direct_identifiers.memory import Memory, masked
from weighbridge.probes.direct_identifiers.probe import PROBE, Settings
from weighbridge.probes.direct_identifiers.reading import Reading, Way

RNG = np.random.default_rng(7)


def luhn(body: str) -> str:
    doubled = [int(d) if at % 2 else 2 * int(d) - 9 * (int(d) > 4) for at, d in enumerate(reversed(body))]
    return f"{body}{-sum(doubled) % 10}"


def pesel(n: int) -> str:
    body = f"{50 + n % 49:02d}{1 + n % 12:02d}{1 + n % 28:02d}{(n * 7919) % 10_000:04d}"
    return f"{body}{-sum(int(d) * w for d, w in zip(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), strict=True)) % 10}"


def artefact(label: str, format_: str, belongs: Belonging = Belonging.DATA, role: Role = Role.DATA) -> Artefact:
    return Artefact(
        role=role, label=label, digest=digest_of_bytes(label.encode()), size_bytes=1, format=format_, belongs=belongs
    )


def bench(
    columns: dict[str, Any] | None = None,
    texts: list[str] | None = None,
    *,
    declared: Declared | None = None,
    others: tuple[Artefact, ...] = (),
) -> MemoryBench:
    artefacts = others
    if columns is not None:
        artefacts += (artefact("rows.csv", "csv"),)
    if texts is not None:
        artefacts += (artefact("notes.txt", "text"),)
    return MemoryBench(
        candidate=Candidate(name="toy", version="1", artefacts=artefacts, subjects=(Subject.TABLE, Subject.TEXT)),
        tables_by_role={Role.DATA: (MemoryTable(columns, label="rows.csv", declared=declared),)} if columns is not None else {},
        texts_by_role={Role.DATA: MemoryTexts(texts, label="notes.txt")} if texts is not None else {},
    )  # fmt: skip


def run(on: MemoryBench, **settings: str) -> Outcome:
    try:
        return PROBE.measure(on, Settings(**settings))
    except Silent as silence:
        return silence.outcome


def measured(on: MemoryBench, **settings: str) -> Measured:
    outcome = run(on, **settings)
    assert isinstance(outcome, Measured), outcome
    return outcome


def number(outcome: Measured, type_: str, tier: str, metric: str = "identifiers") -> Quantity:
    (found,) = [q for q in outcome.quantities if q.metric == metric and dict(q.by) == {"type": type_, "tier": tier}]
    return found


def counts(outcome: Measured) -> dict[tuple[str, str], int]:
    kept = [q for q in outcome.quantities if q.metric == "identifiers" and q.value]
    return {
        (dict(q.by)["type"], dict(q.by)["tier"]): int(q.value)
        for q in kept
        if dict(q.by)["type"] not in ("person", "place", "any")
    }


PLAIN = {"litres": [1, 2, 3], "colour": ["red", "blue", None]}


def test_a_table_without_identifiers_has_none_and_says_so_of_all_rows() -> None:
    outcome = measured(bench(PLAIN))
    for tier in ("validated", "weak", "example", "chance"):
        found = number(outcome, "person", tier)
        assert (found.low, found.value, found.high, found.confidence, found.n) == (0, 0, 0, 1, 3)
    assert outcome.notes == ()


def test_a_column_of_versions_holds_no_addresses_of_machines() -> None:
    versions = [f"{n % 13}.{n % 31}.{n % 9}.{20 + n}" for n in range(60)]
    assert counts(measured(bench({"version": versions, "n": range(60)}))) == {}
    assert sum(counts(measured(bench({"prev": versions, "n": range(60)}))).values()) == 60


def test_json_in_a_text_is_read_without_its_escapes() -> None:
    cells = [json.dumps({"said": "call\n+447911123457"}), json.dumps({"to": "a"}), "{\\"]
    assert counts(measured(bench({"payload": cells}))) == {("phone", "validated"): 1}


def test_by_column_and_type_masked() -> None:
    columns = {
        "mail": ["ada@lovelace.org", "b@c.de", None],
        "note": ["call +33 6 12 34 56 78", "help@example.org", "-"],
        "n": [1, 2, 3],
    }
    on = bench(columns, ["write to ada@lovelace.org"])
    outcome = measured(on)
    assert counts(outcome) == {("e-mail", "validated"): 3, ("phone", "validated"): 1, ("e-mail", "example"): 1}
    share = number(outcome, "person", "validated", "identified-row-share")
    assert (share.low, share.value, share.high) == (1, 1, 1)
    rate = number(outcome, "e-mail", "validated", "identifiers-per-million-characters")
    assert rate.value == pytest.approx(3e6 / rate.n)
    said = " ".join(map(str, outcome.notes))
    assert "rows.csv, mail: e-mail: 2, confirmed (mail), in 2 of 2 rows, such as x@x.xx, xxx@xxxxxxxx.xxx" in said
    assert "notes.txt, text" in said
    for secret in ("lovelace", "12 34", "b@c"):
        assert secret not in said
        assert secret not in json.dumps([p.says for p in on.pointers])
    assert ("rows.csv", 1, "e-mail (validated)") in {(p.label, p.record, p.says) for p in on.pointers}


def test_what_stands_beside_the_data_is_not_looked_at() -> None:
    card = artefact("README.md", "markdown", role=Role.CARD)
    evidence = artefact("held.csv", "csv", Belonging.EVIDENCE_ONLY, Role.HELD_OUT)
    assert number(measured(bench(PLAIN, others=(card, evidence))), "person", "validated").high == 0
    on = MemoryBench(candidate=Candidate(name="toy", version="1", artefacts=(card,), subjects=(Subject.TEXT,)))
    assert isinstance(run(on), NotApplicable)


def test_a_file_that_cannot_be_read_leaves_the_upper_ends_open() -> None:
    outcome = measured(bench(PLAIN, others=(artefact("scans.zip", "zip"),)))
    assert number(outcome, "person", "validated").high == 1
    assert number(outcome, "any", "weak", "identified-row-share").high == 1
    assert "scans.zip is zip" in str(outcome.notes[-1])
    alone = MemoryBench(
        candidate=Candidate(name="t", version="1", artefacts=(artefact("a.zip", "zip"),), subjects=(Subject.TEXT,))
    )
    assert isinstance(run(alone), NotMeasured)


def test_a_text_of_which_nothing_was_read_is_not_called_clean() -> None:
    outcome = measured(bench(PLAIN, ["a text of notes.txt"], others=(artefact("more.txt", "text"),)))
    assert number(outcome, "person", "validated").high == 1
    assert "more.txt: no text was found in it" in " ".join(map(str, outcome.notes))


def test_plain_text_in_a_form_of_its_own_is_read_line_by_line() -> None:
    def outcome(data: bytes) -> Measured:
        on = bench(PLAIN, others=(artefact("people.json", "json"),))
        return measured(replace(on, files={"people.json": data}))

    long = b'[{"mail": "ada@lovelace.org"},' + b'{"x": "water and road"},' * 400_000 + b'{"mail": "b@lovelace.org"}]'
    for data, expected in ((b'{"mail":\n "ada@lovelace.org"}', 1), (long, 2), (b"", 0), (b"ada@lovelace.org", 1)):
        found = number(outcome(data), "e-mail" if expected else "person", "validated")
        assert (found.value, found.high) == (expected, expected)
    for data in (b"\x00ada@lovelace.org", b"\xff\xfeada@lovelace.org"):
        assert number(outcome(data), "person", "validated").high == 1


def test_random_numbers_of_sixteen_digits_are_no_cards_and_cards_are() -> None:
    random = RNG.integers(10**15, 10**16, 4000).tolist()
    outcome = measured(bench({"code": random, "other": [f"5{n % 10**15:015d}" for n in random]}))
    assert number(outcome, "person", "validated").value == 0
    assert number(outcome, "person", "weak").value == 0
    assert number(outcome, "card", "chance").value > 100
    cards = [int(luhn(f"4{n:014d}")) for n in RNG.integers(0, 10**14, 200)]
    assert number(measured(bench({"code": cards})), "card", "validated").value == 200
    both = measured(bench({"code": [*random[:2000], *cards]}))
    found = number(both, "card", "validated")
    assert found.low <= 200 <= found.high
    assert found.confidence == 0.95


def test_a_column_of_national_numbers_is_known_by_its_content() -> None:
    numbers = [pesel(n) for n in range(300)]
    found = counts(measured(bench({"code": numbers})))
    assert sum(found.values()) == 300
    assert (
        found["national-id", "validated"] >= 290
    )  # a few also pass the check of another country, and are its by chance
    wrong = [f"{n[:-1]}{(int(n[-1]) + 1) % 10}" for n in numbers]
    assert ("national-id", "validated") not in counts(measured(bench({"code": wrong})))
    chance = [f"{n[:-1]}{digit}" for n, digit in zip(numbers, RNG.integers(0, 10, 300).tolist(), strict=True)]
    found = counts(measured(bench({"code": chance})))
    assert found["national-id", "chance"] > 10
    assert ("national-id", "validated") not in found


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("phone", ["0612345678", "0698765432"], ("phone", "validated")),
        ("phone_number", [612345678, 698765432], ("phone", "validated")),
        ("litres", [612345678, 698765432], None),
        ("national_id", ["AB1234567", "CD7654321"], ("national-id", "validated")),
        ("first_name", ["Ada", "Zoë"], ("name", "weak")),
        ("name", ["Ada", "Zoë"], None),  # of a person, a product, a place?
        ("street_address", ["Am Hang 5, Ulm", "5 High St"], ("street-address", "weak")),
        ("signal", [612345678, 698765432], None),
        ("text", ["612345678 a", "698765432 b"], None),
        ("CPF", [52998224725, 11144477735], ("national-id", "validated")),
    ],
)
def test_a_columns_name_says_what_its_cells_are(name: str, values: list[Any], expected: tuple[str, str] | None) -> None:
    about = Declared(about_people=True) if name == "street_address" else None
    assert counts(measured(bench({name: values, "x": ["a", "b"]}, declared=about))) == (
        {expected: 2} if expected else {}
    )


def test_positions_of_people_by_their_decimals_and_not_of_things() -> None:
    places = {
        "lat": [52.123456, 52.123, 52.1],
        "lon": [13.123456, 13.123, 13.1],
        "birth_date": ["1990", "1991", "1992"],
    }
    outcome = measured(bench(places))
    assert counts(outcome) == {("coordinates", "validated"): 2, ("coordinates", "weak"): 2}
    quakes = {"lat": [52.123456, 52.123, 52.1], "lon": [13.123456, 13.123, 13.1], "magnitude": [1.5, 2.5, 3.5]}
    assert counts(measured(bench(quakes))) == {}
    noise = {"lat": [0.1 + 0.2, 12.300000000000001], "lon": [1.1 * 3, 13.1], "birth_date": ["1990", "1991"]}
    assert counts(measured(bench(noise))) == {}


def test_regions_and_what_is_none() -> None:
    columns = {"said": ["mein Wert 030 901820", "0171 2345678 ruft", "x"]}
    assert counts(measured(bench(columns), regions="DE")) == {("phone", "validated"): 2}
    assert counts(measured(bench(columns), regions="de, FR")) == {("phone", "validated"): 2}
    outcome = run(bench(columns), regions="Germany")
    assert isinstance(outcome, NotMeasured)
    assert "GERMANY" in str(outcome.because)
    assert isinstance(run(bench(columns), regions="UK"), Measured)  # as everybody calls it


@pytest.mark.parametrize(
    "columns",
    [
        {"x": [None, None]},
        {"x": pa.array([], pa.string())},
        {"x": ["ada@lovelace.org"]},
        {"x": pa.array([["ada@lovelace.org", None], None, []], pa.list_(pa.string()))},
        {"x": pa.array([{"a": {"b": ["ada@lovelace.org"]}}, None])},
        {"x": pa.array([[("k", "ada@lovelace.org")]], pa.map_(pa.string(), pa.string()))},
        {"x": pa.array([b"ada@lovelace.org \xff\xfe"], pa.binary())},
        {"x": pa.array(["ada@lovelace.org", "x"]).dictionary_encode()},
        {"x": [True, False], "y": [1.5, float("nan")]},
        {"x": pa.array([2**63, 2**64 - 1], pa.uint64())},
    ],
)  # fmt: skip
def test_cells_of_any_kind(columns: dict[str, Any]) -> None:
    outcome = measured(bench(columns))
    assert (
        number(outcome, "e-mail", "validated").value == 1
        if "lovelace" in str(columns["x"]) or "binary" in str(getattr(columns["x"], "type", ""))
        else not counts(outcome)
    )


def test_a_span_of_time_is_read_where_it_comes_as_a_whole_number() -> None:
    """Parquet has no such type: of a table that was unpacked, the column is neither number nor text."""
    batch = pa.RecordBatch.from_pydict({ROW: [1, 2], "lasted": [1, 86_400_000]})
    state = IdentifierFold(readings=(Reading("lasted", Way.NESTED, "", ""),)).map(batch)
    assert Memory.unpacked(state).rows == [2]


def test_a_nested_cell_of_another_script_is_read_as_it_stands() -> None:
    cells = pa.array([["هاتف ٠٦١٢٣٤٥٦٧٨"], ["é.dupont@poste.fr"]], pa.list_(pa.string()))
    assert counts(measured(bench({"x": cells}))) == {("phone", "weak"): 1, ("e-mail", "validated"): 1}


def test_a_cell_of_ten_megabytes() -> None:
    cell = "water and road " * 700_000 + "ada@lovelace.org"
    assert counts(measured(bench({"x": ["a", cell, "b"]}))) == {("e-mail", "validated"): 1}


def test_a_column_whose_name_is_data_is_called_by_its_place() -> None:
    outcome = measured(bench({"ada@lovelace.org": ["b@lovelace.org"], "x": ["y"]}))
    assert "column 1" in str(outcome.notes[0])
    assert "lovelace" not in " ".join(map(str, outcome.notes))


FOLD = IdentifierFold(
    readings=(Reading("a", Way.TEXT, "", ""), Reading("b", Way.NUMBER, "", ""), Reading("c", Way.TEXT, "phone ", "phone number")),
    regions=("FR",),
)  # fmt: skip
CELLS = [
    "ada@lovelace.org",
    "x",
    None,
    "",
    "0612345678",
    "06 12 34 56 78",
    "٣ ada@lovelace.org",
    "4539578763621486",
    "b@c.de, b@d.de",
    "é",
]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(CELLS),
            st.sampled_from([1, 4539578763621486, 5105105105105118, None]),
            st.sampled_from(CELLS),
        ),
        max_size=12,
    ),
    st.randoms(),
    st.integers(0, 12),
)
@settings(max_examples=30, deadline=None)
def test_any_split_and_order_of_the_rows_gives_the_same_state(
    rows: list[tuple[Any, ...]], random: Any, cut: int
) -> None:
    numbered = [(n, *row) for n, row in enumerate(rows, 1)]

    def state(some: list[tuple[Any, ...]]) -> bytes:
        columns = [
            pa.array([row[at] for row in some], kind)
            for at, kind in enumerate((pa.int64(), pa.string(), pa.int64(), pa.string()))
        ]
        return FOLD.map(canonical(pa.RecordBatch.from_arrays(columns, names=[ROW, "a", "b", "c"])))

    whole = state(numbered)
    shuffled = random.sample(numbered, len(numbered))
    assert state(shuffled) == whole
    left, right = state(shuffled[:cut]), state(shuffled[cut:])
    assert FOLD.merge(left, right) == FOLD.merge(right, left) == whole
    assert Memory.unpacked(whole).packed() == whole


def test_the_state_is_bounded_whatever_the_number_of_rows() -> None:
    def size(n: int) -> int:
        cells = pa.array([f"user{at}.{'x' * (at % 30)}@host{at}.org" for at in range(n)])
        batch = pa.RecordBatch.from_arrays(
            [pa.array(range(1, n + 1)), cells, pa.array([1] * n), cells], names=[ROW, "a", "b", "c"]
        )
        return len(FOLD.map(canonical(batch)))

    assert size(6_000) == size(1_000)


def test_masks_keep_no_letter_and_no_digit() -> None:
    assert masked("Zoë.1@Ü.org".encode()) == "xxxx.9@xx.xxx"
    assert len(masked(b"9" * 500)) == 40


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    points = EntryPoints(
        EntryPoint(name=name.lower(), value=f"fakes.recognisers:{name}", group=recognisers.GROUP)
        for name in ("Finder", "Breaker")
    )
    monkeypatch.setattr(recognisers, "entry_points", points.select)
    recognisers.load.cache_clear()


@pytest.mark.usefixtures("offered")
def test_a_recogniser_of_the_users_own_has_a_tier_of_its_own() -> None:
    on = bench({"said": ["Ada came", "Ada came", "nobody"]}, ["and Ada went"])
    assert counts(measured(on, recogniser="finder")) == {("name", "own"): 3}
    assert counts(measured(on)) == {}


@pytest.mark.usefixtures("offered")
def test_a_recogniser_that_fails_is_told_and_leaves_the_upper_ends_open() -> None:
    outcome = measured(bench({"said": ["Ada came", "x"]}), recogniser="breaker")
    assert number(outcome, "person", "own").high == 1
    assert "your recogniser failed on 2 cells" in " ".join(map(str, outcome.notes))
    assert "Ada" not in " ".join(map(str, outcome.notes))
    assert isinstance(run(bench(PLAIN), recogniser="absent"), NotMeasured)
