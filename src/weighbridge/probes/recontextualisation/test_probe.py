"""Each figure on rows whose truth is known, each silence with its remedy, and the law of folds."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Declared, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Measured, NotApplicable, NotMeasured, Quantity
from weighbridge.probekit.bench import FixedBudget, MemoryBench, MemoryTable
from weighbridge.probekit.folds import canonical
from weighbridge.probekit.positions import Form, Places
from weighbridge.probes.recontextualisation import traces
from weighbridge.probes.recontextualisation.calibration import bench_of
from weighbridge.probes.recontextualisation.counting import N_BINS, ContextFold, bins_of, bounds_of
from weighbridge.probes.recontextualisation.probe import Settings, measure

FULL = Declared(source_field="url", source_status_field="status", audience_field="seen", checked_on="2026-01-31")
COLUMNS: dict[str, list[object]] = {
    "url": ["https://twitter.com/ada/status/1", "https://example.org/a/b", "@bo", None],
    "status": ["there", "404", "Deleted", ""],
    "seen": [12, 5000, None, 999],
}


def measured(*tables: MemoryTable) -> Measured:
    outcome = measure(bench_of(*tables), Settings())
    assert isinstance(outcome, Measured), outcome
    return outcome


def found(outcome: Measured, metric: str, by: str = "") -> Quantity:
    (one,) = [q for q in outcome.quantities if q.metric == metric and (not by or by in dict(q.by).values())]
    return one


def test_what_is_not_said_may_be_either() -> None:
    outcome = measured(MemoryTable(COLUMNS, declared=FULL))
    gone, few = found(outcome, "source-gone-share"), found(outcome, "small-audience-share")
    assert (gone.low, gone.value, gone.high) == (0.5, 0.5, 0.75)
    assert (few.low, few.high) == (0.5, 0.75)
    assert found(outcome, "audience-size", "50%").value == 999
    assert found(outcome, "traceable-share", "person").value == 0.5
    assert found(outcome, "traceable-share", "item").value == 0.25
    said = " ".join(str(note) for note in outcome.notes)
    assert "at most 999 people" in said
    assert "1 do not say" in said
    assert "2026-01-31" in said
    assert "ada" not in said


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("https://twitter.com/ada/status/12", "person"), ("http://www.instagram.com/ada.b", "person"),
        ("https://x.com/i/web/status/1234567", "item"), ("https://www.instagram.com/p/Cxyz123", "item"),
        ("https://www.reddit.com/user/ada", "person"), ("https://mastodon.social/@ada/1", "person"),
        ("https://ada.tumblr.com/post/1", "person"), ("ada@example.org", "person"), ("@ada", "person"),
        ("https://news.example.org/2019/a.html", "item"), ("1048576123456789012", "item"),
        ("https://example.org", "site"), ("example.org/", "site"), ("Reuters", ""), ("12", ""), ("", ""),
    ],
)  # fmt: skip
def test_where_a_source_leads(source: str, expected: str) -> None:
    flags = dict(zip(("person", "item", "site"), traces.traces(pa.array([source])), strict=True))
    assert [name for name, flag in flags.items() if flag[0].as_py()] == ([expected] if expected else [])


PAIR = Places(columns=("lat", "lon"), form=Form.PAIR)


@pytest.mark.parametrize(
    ("columns", "places", "exact"),
    [
        ({"lat": [9.1, 9.12, 9.123, None], "lon": [1.1, 1.1, 1.1, 1.1234]}, PAIR, [False, False, True, False]),
        ({"lat": ["9,1", "9,1234", "x", "0"], "lon": ["1,1", "1,1", "1,1", "0"]}, PAIR, [False, True, False, False]),
        ({"p": ["POINT(1.1 2.2)", "POINT(1.1234 2.2)"]}, Places(columns=("p",), form=Form.WKT), [False, True]),
        ({"p": ["u33dc0c", "u33d", None]}, Places(columns=("p",), form=Form.GEOHASH), [True, False, False]),
        ({"p": ["891f1d48177ffff", "851f1d4bfffffff", "no"]}, Places(columns=("p",), form=Form.H3), [True, False, False]),
    ],
)  # fmt: skip
def test_how_exact_a_place_is(columns: dict[str, list[object]], places: Places, exact: list[bool]) -> None:
    batch = canonical(pa.RecordBatch.from_pydict({name: pa.array(values) for name, values in columns.items()}))
    assert traces.exact_places(batch, places).to_pylist() == exact


@pytest.mark.parametrize(
    ("values", "exact"),
    [
        (["2018-05-04", "2018-05-04T10:11", "2018-05-04 00:00:00", "1871-01-18 09:00", "2018-05-04T00:00:00Z", "May"],
         [False, True, False, True, False, False]),
        ([1_525_392_000, 1_525_392_061, 2018], [False, True, False]),
        ([2**63 - 1, -(2**63)], [True, False]),
        ([dt.date(1871, 1, 18), None], [False, False]),
        ([dt.datetime(1871, 1, 18, 9, tzinfo=dt.UTC), dt.datetime(2018, 5, 4, tzinfo=dt.UTC)], [True, False]),
    ],
)  # fmt: skip
def test_how_exact_a_time_is(values: list[object], exact: list[bool]) -> None:
    (column,) = canonical(pa.RecordBatch.from_arrays([pa.array(values)], names=["t"])).columns
    assert traces.exact_times(column).to_pylist() == exact


@pytest.mark.parametrize(
    ("values", "n"),
    [(["1", "2.0", "-3", "x", None], 2), ([1, -1, None], 1), ([0.5, float("inf")], 2), ([2**63 - 1, 2**53 + 1], 2)],
)
def test_audiences_are_numbers(values: list[object], n: int) -> None:
    (column,) = canonical(pa.RecordBatch.from_arrays([pa.array(values)], names=["a"])).columns
    assert len(traces.audiences(column).drop_null()) == n


def test_statuses_that_are_not_understood_are_told_and_count_as_nothing() -> None:
    table = MemoryTable({**COLUMNS, "status": [True, False, True, False]}, declared=FULL)
    outcome = measured(table)
    assert not [q for q in outcome.quantities if q.metric == "source-gone-share"]
    assert "write there, gone" in " ".join(str(note) for note in outcome.notes)
    as_numbers = measured(MemoryTable({**COLUMNS, "status": [200, 404, 410, 500]}, declared=FULL))
    assert found(as_numbers, "source-gone-share").value == 0.5


def test_sources_places_and_times_are_guessed_and_said() -> None:
    columns: dict[str, list[object]] = {
        "page": ["https://example.org/a"] * 8,
        "Latitude": [9.12345 + i for i in range(8)],
        "lng": [13.1 + i for i in range(8)],
        "created_at": ["2018-05-04T10:11"] * 8,
    }
    outcome = measured(MemoryTable(columns, label="t.csv"))
    assert found(outcome, "precise-share", "both").value == 1
    assert found(outcome, "traceable-share", "item").value == 1
    assert "Latitude, lng, created_at, page" in str(outcome.notes[0])
    assert "source_status_field" in " ".join(str(note) for note in outcome.notes)


def test_a_table_that_says_nothing_beside_one_that_does_opens_the_interval() -> None:
    silent = MemoryTable({"words": ["a", "b", "c", "d"]}, label="other.csv")
    gone = found(measured(MemoryTable(COLUMNS, declared=FULL), silent), "source-gone-share")
    assert (gone.low, gone.high) == (0.25, 0.875)


@pytest.mark.parametrize(
    ("columns", "declared", "because", "remedy"),
    [
        ({"a": [1, 2]}, Declared(), "nothing tells where", "published_before = false"),
        (COLUMNS, replace(FULL, source_status_field="stat"), "has no column stat", "mend source_status_field"),
        (COLUMNS, replace(FULL, checked_on="spring"), "is no day", "checked_on ="),
        ({"url": [], "status": [], "seen": []}, FULL, "has no rows", "put its rows in"),
        ({"lat": [1.5], "lon": [2.5]}, Declared(), "nothing tells where", "audience_field"),
    ],
)
def test_silence_has_a_remedy(columns: dict[str, list[object]], declared: Declared, because: str, remedy: str) -> None:
    outcome = measure(bench_of(MemoryTable(columns, declared=declared)), Settings())
    assert isinstance(outcome, NotMeasured)
    assert because in str(outcome.because)
    assert remedy in str(outcome.remedy)


def test_what_never_stood_in_public_is_left_alone() -> None:
    for declared in (replace(FULL, published_before=False), replace(FULL, about_people=False)):
        assert isinstance(measure(bench_of(MemoryTable(COLUMNS, declared=declared)), Settings()), NotApplicable)
    at_home = bench_of(MemoryTable(COLUMNS, declared=FULL), belongs=Belonging.EVIDENCE_ONLY)
    assert isinstance(measure(at_home, Settings()), NotApplicable)


def test_what_a_model_made_stood_nowhere() -> None:
    bench = bench_of(MemoryTable(COLUMNS, declared=FULL))
    made_up = tuple(replace(a, role=Role.SAMPLES) for a in bench.candidate.artefacts)
    bench.candidate = replace(bench.candidate, artefacts=made_up)
    bench.tables_by_role = {Role.SAMPLES: bench.tables(Role.DATA)}
    assert isinstance(measure(bench, Settings()), NotApplicable)


def test_text_without_columns_is_asked_for_them() -> None:
    text = Artefact(
        role=Role.DATA, label="a.txt", digest=digest_of_bytes(b"a"), size_bytes=1, format="text", belongs=Belonging.DATA
    )
    bench = MemoryBench(candidate=Candidate(name="t", version="1", artefacts=(text,), subjects=(Subject.TEXT,)))
    outcome = measure(bench, Settings())
    assert isinstance(outcome, NotMeasured)
    assert "source_field" in str(outcome.remedy)


def test_too_little_time_is_said() -> None:
    bench = bench_of(MemoryTable({name: values * 100 for name, values in COLUMNS.items()}, declared=FULL))
    bench.budget = FixedBudget(1e-5)
    outcome = measure(bench, Settings())
    assert isinstance(outcome, NotMeasured)
    assert "--budget" in str(outcome.remedy)


def test_bins_hold_their_audiences() -> None:
    audiences = np.array([0.0, 0.5, 999, 1000, 1001, 1e6, 1e12, np.inf])
    for audience, bin_ in zip(audiences, bins_of(audiences), strict=True):
        low, high = bounds_of(int(bin_))
        assert low <= audience <= high or bin_ in (0, N_BINS - 1)


def test_the_fold_keeps_its_law() -> None:
    rng = np.random.default_rng(0)
    n = 300
    columns = {
        "url": pa.array([("https://x.com/a/1", "example.org", None)[i] for i in rng.integers(0, 3, n)], pa.string()),
        "status": pa.array(rng.choice(["there", "gone", "?"], n)), "seen": pa.array(rng.integers(0, 10**6, n)),
        "lat": pa.array(rng.normal(size=n)), "lon": pa.array(rng.normal(size=n).round(1)),
        "at": pa.array(rng.choice(["2018-05-04", "2018-05-04T10:11"], n)),
    }  # fmt: skip
    batch = pa.RecordBatch.from_pydict(columns)
    fold = ContextFold(source="url", status="status", audience="seen", places=PAIR, time="at")
    whole = fold.map(batch)
    for _ in range(5):
        cuts = np.sort(rng.integers(0, n + 1, 4)).tolist()
        parts = [fold.map(batch.slice(a, b - a)) for a, b in zip([0, *cuts], [*cuts, n], strict=True)]
        order = rng.permutation(len(parts)).tolist()
        state = parts[order[0]]
        for at in order[1:]:
            state = fold.merge(parts[at], state)
        assert state == whole
