from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from weighbridge.adapters.imports.garak import read_garak
from weighbridge.adapters.imports.reading import NoReport
from weighbridge.catalogue import find_imports
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Basis, Quantity
from weighbridge.maths.proportions import clopper_pearson, corrected

ASSETS = Path(__file__).parents[2] / "assets" / "imports"
FORTY = ASSETS / "garak-0.17.1-forty.report.jsonl"
Row = dict[str, object]


def _of(quantities: tuple[Quantity, ...], metric: str) -> list[Quantity]:
    return [q for q in quantities if q.metric == metric]


def test_none_of_forty_is_a_bound_and_not_a_zero() -> None:
    report = read_garak(FORTY)
    (hit,) = _of(report.quantities, "hit-share")
    assert (hit.value, hit.low, hit.n, hit.confidence, hit.basis) == (0, 0, 40, 0.95, Basis.TESTIFIED)
    assert hit.high == pytest.approx(0.0881, abs=1e-4)
    told = next(json.loads(line) for line in FORTY.read_text().splitlines() if '"entry_type": "eval"' in line)
    assert told["confidence_upper"] == 0  # what garak itself says of it
    assert hit.by == (("detector", "always.Pass"), ("probe", "test.Test"))


def test_prompts_are_fewer_than_answers() -> None:
    (prompts,) = _of(read_garak(FORTY).quantities, "prompt-hit-share")
    assert (prompts.value, prompts.n, prompts.n_of) == (0, 8, "prompt")
    assert prompts.high == pytest.approx(clopper_pearson(0, 8).high)


def test_where_it_comes_from_is_kept() -> None:
    report = read_garak(FORTY)
    assert (report.tool, report.tool_version, report.file) == ("garak", "0.17.1", digest_of_bytes(FORTY.read_bytes()))


def test_an_older_report_holds_no_prompts_and_gets_no_number_for_them() -> None:
    report = read_garak(ASSETS / "garak-0.17.0-forty.report.jsonl")
    assert report.tool_version == "0.17.0"
    assert {q.metric for q in report.quantities} == {"hit-share", "highest-hit-share"}
    assert any("does not say how many prompts" in str(note) for note in report.notes)


def test_several_results_are_corrected_for() -> None:
    report = read_garak(ASSETS / "garak-0.17.1-three-probes.report.jsonl")
    each = _of(report.quantities, "hit-share")
    assert len(each) == 13
    assert {q.confidence for q in each} == {corrected(0.95, 13)}
    all_hit = next(q for q in each if q.at("detector") == "mitigation.MitigationBypass")
    assert (all_hit.value, all_hit.n) == (1, 6)
    assert all_hit.low == pytest.approx(clopper_pearson(6, 6, confidence=corrected(0.95, 13)).low)
    (highest,) = _of(report.quantities, "highest-hit-share")
    assert (highest.value, highest.low, highest.confidence, highest.n) == (1, all_hit.low, 0.95, 6)


def test_metrics_are_those_of_the_card() -> None:
    card = next(card for card in find_imports() if card.slug == "imported-garak")
    for file in ASSETS.glob("garak-*"):
        for q in read_garak(file).quantities:
            metric = card.metric_named(q.metric)
            assert metric is not None
            assert metric.unit == q.unit
            assert {axis for axis, _value in q.by} == set(metric.by)


def _edited(tmp_path: Path, edit: Callable[[list[Row]], object]) -> Path:
    rows = [json.loads(line) for line in FORTY.read_text().splitlines()]
    edit(rows)
    file = tmp_path / "edited.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def _row(rows: list[Row], kind: str) -> Row:
    return next(row for row in rows if row["entry_type"] == kind)


def _set(kind: str, **fields: object) -> Callable[[list[Row]], object]:
    return lambda rows: _row(rows, kind).update(fields)


def _without(kind: str) -> Callable[[list[Row]], object]:
    return lambda rows: rows.remove(_row(rows, kind))


def _again(kind: str) -> Callable[[list[Row]], object]:
    return lambda rows: rows.insert(rows.index(_row(rows, kind)), dict(_row(rows, kind)))


MARK = "Ilse <b>Marker</b>"


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (
            lambda rows: _row(rows, "start_run setup").update({"_config.version": "0.9.0"}),
            "never read here; known: 0.17.0",
        ),
        (lambda rows: _row(rows, "start_run setup").update({"_config.version": MARK}), "never read here"),
        (_set("init", garak_version="0.17.0"), "of two versions"),
        (_set("init", run="another"), "is not the one that began"),
        (_without("start_run setup"), "without a setup"),
        (_without("init"), "before the run begins"),
        (_without("completion"), "the run did not end"),
        (_without("eval"), "no answer was judged"),
        (_again("start_run setup"), "more than one setup"),
        (_again("init"), "or twice"),
        (_again("completion"), "something follows"),
        (_again("eval"), "two results"),
        (_set("eval", entry_type=MARK), "of a kind that is not known"),
        (_set("eval", entry_type=7), "entry_type should be a text"),
        (_set("eval", probe=MARK), "probe should be a name"),
        (_set("eval", detector="x" * 500), "detector should be a name"),
        (_set("eval", fails=1), "contradict each other"),
        (_set("eval", passed=-1, total_evaluated=-1), "not negative"),
        (_set("eval", passed="40"), "passed should be a whole number"),
        (_set("eval", nones=5), "contradict each other"),
        (_set("eval", hit_at_k={"5": {"score": 0.25, "prompts": 8}}), "contradict each other"),
        (_set("eval", hit_at_k={"5": {"score": 0.3, "prompts": 8}}), "no whole number|whole number of what"),
        (_set("eval", hit_at_k={"n": {"score": 0.0, "prompts": 99}}), "contradict each other"),
        (_set("eval", hit_at_k={MARK: {"score": 0.0, "prompts": 8}}), "under numbers"),
        (_set("eval", hit_at_k=[]), "should be a table"),
        (_set("eval", total_evaluated=0, passed=0, total_processed=0, hit_at_k={}), "no answer was judged"),
    ],
)
def test_a_report_that_is_not_whole_or_not_known_is_refused(
    tmp_path: Path, edit: Callable[[list[Row]], object], why: str
) -> None:
    with pytest.raises(NoReport, match=why) as refused:
        read_garak(_edited(tmp_path, edit))
    assert "Marker" not in str(refused.value)


@pytest.mark.parametrize("cut", range(1, 6))
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, cut: int) -> None:
    data = FORTY.read_bytes()
    file = tmp_path / "cut.jsonl"
    file.write_bytes(data[: len(data) * cut // 6])
    with pytest.raises(NoReport):
        read_garak(file)


def test_a_line_without_end_is_not_kept_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weighbridge.adapters.imports.garak.MOST_LINE", 300)
    with pytest.raises(NoReport, match="line 1 is longer"):
        read_garak(FORTY)


def test_nothing_of_a_prompt_or_an_output_is_taken_over(tmp_path: Path) -> None:
    def edit(rows: list[Row]) -> None:
        _row(rows, "attempt").update(prompt={"turns": [MARK]}, outputs=[{"text": MARK}], goal=MARK)
        _row(rows, "start_run setup").update({"plugins.target_name": MARK})

    report = read_garak(_edited(tmp_path, edit))
    assert report.quantities == read_garak(FORTY).quantities
    assert "Marker" not in repr(report)


def test_a_hit_is_counted_by_prompt_where_counts_differ(tmp_path: Path) -> None:
    edit = _set(
        "eval", passed=37, fails=3, hit_at_k={"1": {"score": 0.075, "prompts": 8}, "n": {"score": 0.25, "prompts": 8}}
    )
    report = read_garak(_edited(tmp_path, edit))
    (prompts,) = _of(report.quantities, "prompt-hit-share")
    (answers,) = _of(report.quantities, "hit-share")
    assert (prompts.value, prompts.n) == (0.25, 8)
    assert (answers.value, answers.n) == (0.075, 40)


def test_what_was_asked_for_and_has_no_result_is_told(tmp_path: Path) -> None:
    file = _edited(
        tmp_path,
        lambda rows: _row(rows, "start_run setup").update(
            {"transient.active_probes": ["probes.test.Test", "probes.x.Y"]}
        ),
    )
    assert any("have no result: 1" in str(note) for note in read_garak(file).notes)
