from __future__ import annotations

from pathlib import Path

import pytest

from weighbridge.adapters.bench import Yard, YardBench, make_bench
from weighbridge.adapters.door import open_candidate
from weighbridge.adapters.formats.price_shelf import read_prices
from weighbridge.core.candidate import Role
from weighbridge.core.evidence import Silent
from weighbridge.probekit.ports import Bench, BudgetSpent


@pytest.fixture
def bench(people: Path, tmp_path: Path) -> YardBench:
    opened = open_candidate(people)
    spill = tmp_path / "spill"
    spill.mkdir()
    told: list[tuple[str, int, int, str]] = []
    return make_bench(
        Yard(opened=opened, spill=spill), candidate=opened.candidate, probe="p", seed=0, budget_seconds=5.0, evidence={},
        tell=lambda *words: told.append(words),
    )  # fmt: skip


def test_is_a_bench(bench: YardBench) -> None:
    seen: Bench = bench
    assert seen.has(Role.DATA)
    assert not seen.has(Role.WEIGHTS)
    assert seen.budget.affords(1.0) == 5


def test_opens_each_table_once(bench: YardBench) -> None:
    (table,) = bench.tables(Role.DATA)
    assert table.n_rows == 300
    assert bench.tables(Role.DATA) == (table,)
    assert [c.name for c in table.columns] == ["age", "sex", "district", "diagnosis"]


def test_streams_start_anew_each_time(bench: YardBench) -> None:
    (stream,) = bench.streams()
    heads = []
    for _ in range(2):
        with stream.open() as opened:
            heads.append(opened.read(3))
    assert heads == [b"age", b"age"]


def test_silence_where_nothing_is(bench: YardBench) -> None:
    for verb in (lambda: bench.texts(Role.HELD_OUT), bench.language_model, bench.classifier):
        with pytest.raises(Silent):
            verb()


def test_prices_are_for_those_whose_card_names_them(bench: YardBench) -> None:
    with pytest.raises(LookupError, match="does not name the shelf"):
        bench.prices()
    bench.reads_prices = True
    assert bench.prices() is bench.yard.prices
    assert bench.prices() == read_prices()


def test_patience_ends(bench: YardBench) -> None:
    bench.progress(1, 2, "rows")
    bench.started -= 10_000
    with pytest.raises(BudgetSpent):
        bench.progress(2, 2, "rows")


def test_pointers_stay_in_memory(bench: YardBench) -> None:
    bench.point_out("register.csv", 7, "a secret")
    assert [(p.probe, p.record) for p in bench.yard.pointers] == [("p", 7)]


def test_a_file_of_scores_holds_no_texts(tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text("id,made,score\n" + "".join(f"{n},x,{n}\n" for n in range(20)))
    entry = '[[artefact]]\nrole = "outputs"\npath = "scores.csv"\nscore_field = "score"\nmachine_field = "made"\n'
    (tmp_path / "weighbridge.toml").write_text('name = "c"\n' + entry)
    opened = open_candidate(tmp_path)
    spill = tmp_path / "spill"
    spill.mkdir()
    made = make_bench(
        Yard(opened=opened, spill=spill), candidate=opened.candidate, probe="p", seed=0, budget_seconds=1.0,
        evidence={}, tell=lambda *_: None,
    )  # fmt: skip
    assert len(made.tables(Role.OUTPUTS)) == 1
    with pytest.raises(Silent, match="names no text of role outputs"):
        made.texts(Role.OUTPUTS)
    assert made.rewriter() is None


def test_languages_parallel_text_and_tokenizers_are_opened_once(bench: YardBench) -> None:
    pytest.importorskip("language_data", reason="the registry's figures are an extra")
    seen: Bench = bench
    assert seen.languages() is seen.languages()
    assert seen.languages().find("cmn-Hans") == seen.languages().find("zh")
    assert seen.tokenizers() == ()
    assert len(seen.parallel_text().versions) >= 12


def test_the_owners_parallel_text_goes_first(tmp_path: Path) -> None:
    (tmp_path / "same.csv").write_text("en,sw\nOne.,Moja.\nTwo.,Mbili.\n")
    (tmp_path / "swh_Latn.txt").write_text("Moja.\nMbili.\n")
    (tmp_path / "weighbridge.toml").write_text(
        'name = "t"\n[[artefact]]\nrole = "parallel-text"\npath = "same.csv"\n'
        '[[artefact]]\nrole = "parallel-text"\npath = "swh_Latn.txt"\n'
    )
    opened = open_candidate(tmp_path)
    yard = Yard(opened=opened, spill=tmp_path)
    made = make_bench(
        yard, candidate=opened.candidate, probe="p", seed=0, budget_seconds=5.0, evidence={}, tell=lambda *_: None
    )
    found = made.parallel_text()
    yard.close()
    assert [(v.language, v.sentences) for v in found.versions] == [
        ("en", ("One.", "Two.")),
        ("sw", ("Moja.", "Mbili.")),
    ]
    assert found.is_own
