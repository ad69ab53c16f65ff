from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from weighbridge.adapters.imports.reading import NoReport
from weighbridge.adapters.imports.sacro_ml import read_sacro_ml
from weighbridge.app.import_report import Report
from weighbridge.catalogue import find_imports
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Basis, Quantity
from weighbridge.maths.proportions import clopper_pearson, corrected, difference

ASSETS = Path(__file__).parents[2] / "assets" / "imports"
FIVE = ASSETS / "sacro-ml-2.0.1-five-attacks.report.json"
Table = dict[str, Any]


def _the(report: Report, metric: str, **by: str) -> Quantity:
    (found,) = (q for q in report.quantities if q.metric == metric and dict(q.by) == by)
    return found


def test_rates_get_intervals_from_the_numbers_of_records() -> None:
    report = read_sacro_ml(FIVE)
    each = corrected(0.95, 5)
    found = _the(report, "true-positive-rate", attack="worst-case", run="1")
    assert (found.value, found.n, found.confidence, found.basis) == (1, 75, each, Basis.TESTIFIED)
    assert found.low == pytest.approx(clopper_pearson(75, 75, confidence=each).low)
    lead = _the(report, "advantage", attack="quantile", run="1")
    wanted = difference(60, 150, 1, 150, confidence=each)
    assert (lead.low, lead.high) == pytest.approx((wanted.low, wanted.high))


def test_an_auc_gets_the_interval_that_holds_whatever_the_scores_are() -> None:
    report = read_sacro_ml(FIVE)
    auc = _the(report, "auc", attack="likelihood-ratio", run="1")
    assert auc.value == 0.8498
    assert 0.7 < auc.low < 0.78
    assert 0.9 < auc.high < 0.94
    assert _the(report, "highest-auc").value == pytest.approx(0.93755556)


def test_columns_are_numbered_and_not_named() -> None:
    report = read_sacro_ml(FIVE)
    done = _the(report, "completed-share", column="1", records="training data")
    assert (done.value, done.n) == (69 / 150, 150)
    assert _the(report, "completed-share", column="4", records="other").value == pytest.approx(1 / 150)
    gap = _the(report, "completion-gap", column="1")
    assert gap.value == pytest.approx((69 - 37) / 150)
    commonest = _the(report, "commonest-share", column="2", records="training data")
    assert (commonest.value, commonest.low, commonest.high, commonest.confidence) == (0.36, 0.36, 0.36, 1)


def test_what_has_no_interval_gets_no_number_and_is_told() -> None:
    report = read_sacro_ml(FIVE)
    told = " ".join(str(note) for note in report.notes)
    assert "Structural Attack: it raises class_disclosure_risk, dof_risk, gen_error_risk, unnecessary_risk" in told
    assert "k_anonymity_risk" not in told
    assert not {q.metric for q in report.quantities} & {"test_acc", "train_acc", "TPR@0.1%"}
    near = read_sacro_ml(ASSETS / "sacro-ml-2.0.1-neighbours.report.json")
    assert near.quantities == ()
    assert "data_leakage_confirmed" in str(near.notes[0])


def test_where_it_comes_from_is_kept() -> None:
    file = ASSETS / "sacro-ml-2.0.0-worst-case.report.json"
    report = read_sacro_ml(file)
    assert (report.tool, report.tool_version, report.file) == ("sacro-ml", "2.0.0", digest_of_bytes(file.read_bytes()))
    assert len([q for q in report.quantities if q.metric == "auc"]) == 3


def test_metrics_are_those_of_the_card() -> None:
    card = next(card for card in find_imports() if card.slug == "imported-sacro-ml")
    listed = {axis.name: axis.values for axis in card.axis}
    for file in ASSETS.glob("sacro-ml-*"):
        for q in read_sacro_ml(file).quantities:
            metric = card.metric_named(q.metric)
            assert metric is not None
            assert metric.unit == q.unit
            assert {axis for axis, _value in q.by} == set(metric.by)
            assert all(not listed[axis] or value in listed[axis] for axis, value in q.by)


MARK = "Ilse <b>Marker</b>"


def _edited(tmp_path: Path, edit: Callable[[Table], object]) -> Path:
    found = json.loads(FIVE.read_text())
    edit(found)
    file = tmp_path / "edited.json"
    file.write_text(json.dumps(found))
    return file


def _attack(found: Table, name: str) -> Table:
    return next(attack for key, attack in found.items() if key.startswith(name))


def _worst(found: Table) -> Table:
    run: Table = _attack(found, "WorstCase")["attack_experiment_logger"]["attack_instance_logger"]["instance_0"]
    return run


def _columns(found: Table) -> Table:
    run: Table = _attack(found, "Attribute")["attack_experiment_logger"]["attack_instance_logger"]["instance_0"]
    return run


def _twice(found: Table) -> None:
    found["again"] = dict(_attack(found, "QMIA"))


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda found: found.clear(), "no report of an attack"),
        (lambda found: _attack(found, "LiRA")["metadata"].update(sacroml_version="1.2.0"), "known: 2.0.0, 2.0.1"),
        (lambda found: _attack(found, "LiRA")["metadata"].update(sacroml_version=MARK), "never read here"),
        (lambda found: _attack(found, "LiRA")["metadata"].update(sacroml_version="2.0.0"), "several versions"),
        (lambda found: _attack(found, "LiRA")["metadata"].update(attack_name=MARK), "an attack that is not known"),
        (lambda found: _attack(found, "LiRA").pop("metadata"), "metadata should be a table"),
        (lambda found: found.update({MARK: 3}), "should be a list of tables"),
        (lambda found: _worst(found).update(TPR=1.2), "TPR should lie between"),
        (lambda found: _worst(found).update(TPR=0.5), "no whole number|whole number of what"),
        (lambda found: _worst(found).update(TPR=None), "TPR should lie between"),
        (lambda found: _worst(found).update(Advantage=0.1), "not the difference"),
        (lambda found: _worst(found).update(AUC="high"), "AUC should lie between"),
        (lambda found: _worst(found).update(n_pos_test_examples=0), "on no members"),
        (lambda found: _worst(found).update(n_neg_test_examples=-3), "not negative"),
        (lambda found: _worst(found).pop("n_neg_test_examples"), "n_neg_test_examples should be"),
        (lambda found: _columns(found)["categorical"][0].update(train=[1, 2]), "five numbers"),
        (lambda found: _columns(found)["categorical"][0].update(train=[9, 2, 50.0, 2, 150]), "contradict"),
        (lambda found: _columns(found)["categorical"][0].update(train=[1, 2, 50.1, 2, 150]), "whole number of what"),
        (lambda found: _columns(found)["categorical"][0].update(train=[1, 2, 50.0, 2, 100]), "different numbers"),
        (lambda found: _columns(found)["quantitative"][0].update(train=0.0101), "whole number of what"),
        (lambda found: _columns(found).update(categorical={}), "list of tables"),
        (
            lambda found: _attack(found, "QMIA")["attack_experiment_logger"]["attack_instance_logger"].update(
                {MARK: {}}
            ),
            "under instance_0",
        ),
        (_twice, "two reports of one attack"),
    ],
)
def test_a_report_that_is_not_whole_or_not_known_is_refused(
    tmp_path: Path, edit: Callable[[Table], object], why: str
) -> None:
    with pytest.raises(NoReport, match=why) as refused:
        read_sacro_ml(_edited(tmp_path, edit))
    assert "Marker" not in str(refused.value)


def test_hostile_words_in_a_known_report_are_not_repeated(tmp_path: Path) -> None:
    def edit(found: Table) -> None:
        for column in (*_columns(found)["categorical"], *_columns(found)["quantitative"]):
            column["name"] = MARK
        _attack(found, "Structural")["attack_experiment_logger"]["attack_instance_logger"]["instance_0"][MARK] = True
        _attack(found, "LiRA")["metadata"]["target_model"] = MARK
        _columns(found)["name"] = MARK

    report = read_sacro_ml(_edited(tmp_path, edit))
    assert "Marker" not in repr(report)


def test_columns_of_numbers_alone_have_no_number_of_records(tmp_path: Path) -> None:
    def edit(found: Table) -> None:
        _columns(found)["categorical"] = []

    report = read_sacro_ml(_edited(tmp_path, edit))
    assert not any(q.metric.startswith(("completed", "completion")) for q in report.quantities)
    assert any("does not say of how many records" in str(note) for note in report.notes)


def test_a_cut_or_endless_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "r.json"
    for data in (FIVE.read_bytes()[:-40], b'{"a":' * 50_000, b'{"a": NaN}', b"\x00" * 100):
        file.write_bytes(data)
        with pytest.raises(NoReport):
            read_sacro_ml(file)
