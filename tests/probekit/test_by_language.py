"""Texts sorted by language."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Claims, Declared, Role
from weighbridge.core.canon import digest_of_bytes
from weighbridge.probekit.bench import MemoryBench, MemoryTable, MemoryTexts
from weighbridge.probekit.by_language import claimed, largest_first, shares_of, survey
from weighbridge.probekit.known_languages import KnownLanguages

ROLES = (Role.HELD_OUT, Role.PARALLEL_TEXT)
FIELDS = Declared(text_field="text", language_field="lang", source_field="from")


def bench(rows: list[tuple[str, str, str]], *, trained: tuple[str, ...] = ()) -> MemoryBench:
    texts, tags, sources = zip(*rows, strict=True)
    table = MemoryTable({"text": texts, "lang": tags, "from": sources}, label="h.jsonl", declared=FIELDS)
    known = {Role.HELD_OUT: MemoryTexts(texts, label="h.jsonl")}
    return MemoryBench(
        texts_by_role={**known, **({Role.TRAIN_DATA: MemoryTexts(trained)} if trained else {})},
        tables_by_role={Role.HELD_OUT: (table,)},
    )


def test_by_tag_in_any_spelling_each_text_once_and_sources_together() -> None:
    made = bench([("a", "en", "1"), ("b", "en-GB", "1"), ("a", "en", "2"), ("c", "zh-Hans", ""), ("d", "xx", "")])
    there = survey(made, ROLES, lambda: None)
    assert there.languages == ("en", "zh")
    assert (there.n("en"), there.n("zh"), there.n("sw")) == (2, 1, 0)
    assert there.n_units("en") == 1  # both come from one source
    (sample,) = there.drawn({"en": 5, "sw": 3}, lambda: None)
    assert sorted(sample.texts) == ["a", "b"]
    assert sample.n_units == 1


def test_what_differs_in_figures_and_signs_alone_counts_once() -> None:
    made = bench(
        [(f"Day {n}: all is well.", "en", "") for n in range(9)] + [("day - ALL is well", "en", ""), ("7", "en", "")]
    )
    there = survey(made, ROLES, lambda: None)
    assert (there.n("en"), there.n_units("en")) == (1, 1)
    said = " ".join(map(str, there.notes))
    assert "9 documents differ from another in figures, signs or capitals alone" in said
    assert "1 documents hold no letter" in said


def test_a_text_under_two_languages_counts_in_neither() -> None:
    there = survey(bench([("habari", "sw", ""), ("Habari 2", "en", ""), ("hello", "en", "")]), ROLES, lambda: None)
    assert (there.languages, there.n("en"), there.n("sw")) == (("en",), 1, 0)
    assert "2 documents stand under two languages, and count in neither" in " ".join(map(str, there.notes))


def test_the_order_is_random_and_follows_from_the_seed() -> None:
    rows = [(f"text {chr(97 + n // 26)}{chr(97 + n % 26)}", "en", "") for n in range(50)]
    first = survey(bench(rows), ROLES, lambda: None).drawn({"en": 10}, lambda: None)[0].texts
    again = survey(bench(rows), ROLES, lambda: None).drawn({"en": 20}, lambda: None)[0].texts
    assert first == again[:10] != tuple(text for text, _tag, _from in rows[:10])


def test_nothing_is_forced_to_a_language() -> None:
    made = bench([("[sw] habari", "", ""), ("hello", "", ""), ("[sw] njema", "", "")], trained=("[sw] njema",))
    there = survey(made, ROLES, lambda: None)
    assert (there.languages, there.n("sw")) == (("sw",), 1)
    assert len(there.notes) == 2


def test_a_claim_is_a_tag_in_any_spelling() -> None:
    held = Artefact(
        role=Role.HELD_OUT, label="h", digest=digest_of_bytes(b""), size_bytes=1, format="text",
        belongs=Belonging.EVIDENCE_ONLY, declared=Declared(language="sw_Latn"),
    )  # fmt: skip
    about = Candidate(
        name="x", version="1", artefacts=(held,), subjects=(), claims=Claims(languages=("zh-Hant", "nope"))
    )
    assert claimed(about, KnownLanguages()) == ("sw", "zh")
    assert largest_first(("zu", "nope", "en"), KnownLanguages()) == ("en", "zu", "nope")


@given(st.integers(0, 1000), st.lists(st.integers(2, 300), max_size=6), st.integers(2, 60), st.integers(60, 200))
def test_no_more_than_time_allows_and_never_less_than_the_least(
    affordable: int, sizes: list[int], least: int, most: int
) -> None:
    available = {f"l{n}": max(least, size) for n, size in enumerate(sizes)}
    each = shares_of(affordable, available, least=least, most=most)
    assert set(each) == set(available)
    assert sum(each.values()) <= affordable
    assert all(n == 0 or least <= n <= min(most, available[tag]) for tag, n in each.items())
    dropped = [n == 0 for n in each.values()]
    assert dropped == sorted(dropped)  # those at the end are left out first
