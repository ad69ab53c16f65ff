"""The probe as a whole: its silent outcome, its numbers, its manners; and files as real libraries write them."""

from __future__ import annotations

import io
import logging
import sys

import numpy as np
import pytest

from weighbridge.core.candidate import Artefact, Belonging, Candidate, Claims, Role, Subject
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Measured, NotApplicable
from weighbridge.probekit.bench import MemoryBench
from weighbridge.probekit.ports import BudgetSpent
from weighbridge.probes.artefact_safety.calibration import CALIBRATION
from weighbridge.probes.artefact_safety.probe import PROBE, Settings, measure

EVIL = b"cos\nsystem\n(S'id'\ntR."


def _bench(files: dict[str, bytes], *, evidence_only: tuple[str, ...] = ()) -> MemoryBench:
    artefacts = tuple(
        Artefact(
            role=Role.DATA, label=label, digest=digest_of_bytes(data), size_bytes=len(data), format="unknown",
            belongs=Belonging.EVIDENCE_ONLY if label in evidence_only else Belonging.DATA,
        )
        for label, data in files.items()
    )  # fmt: skip
    candidate = Candidate(
        name="t", version="1", artefacts=artefacts, subjects=(Subject.BYTES,), claims=Claims(licence="MIT")
    )
    return MemoryBench(candidate=candidate, files=files)


def _measured(bench: MemoryBench) -> Measured:
    outcome = measure(bench, Settings())
    assert isinstance(outcome, Measured)
    return outcome


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("kind", ["null", "planted"])
def test_the_calibration_is_counted_exactly(kind: str, seed: int) -> None:
    weight = getattr(CALIBRATION, kind)(seed)
    totals = {q.metric: q for q in PROBE.measure(weight.bench, Settings()).quantities if not q.by}  # type: ignore[union-attr]  # measured
    for truth in weight.truths:
        quantity = totals[truth.metric]
        assert (quantity.low, quantity.value, quantity.high, quantity.confidence) == (truth.value,) * 3 + (1.0,)


def test_nothing_released_is_nothing_to_measure() -> None:
    outcome = measure(_bench({"a.csv": b"a,b\n"}, evidence_only=("a.csv",)), Settings())
    assert isinstance(outcome, NotApplicable)


def test_what_stays_at_home_is_set_aside_and_said() -> None:
    outcome = _measured(_bench({"a.csv": b"a,b\n", "b.pkl": EVIL}, evidence_only=("b.pkl",)))
    assert all(q.value == 0 for q in outcome.quantities)
    assert any("1 files are evidence only" in str(note) for note in outcome.notes)


def test_kinds_add_up() -> None:
    files = {"a.pkl": EVIL, "b.bin": b"\x7fELF" + bytes(60), "c.csv": b"a,b\n1,2\n"}
    by_kind = {
        dict(q.by).get("kind"): q.value for q in _measured(_bench(files)).quantities if q.metric == "code-bearing-files"
    }
    assert by_kind == {None: 2, "pickle": 1, "program": 1}


def test_progress_is_told_in_bytes_to_the_end() -> None:
    bench = _bench({"a.csv": b"a,b\n" * 1000, "b.txt": b"x" * 3_000_000, "c.zip": b"PK\x05\x06" + bytes(18)})
    _measured(bench)
    total = sum(len(data) for data in bench.files.values())
    done = [tick[0] for tick in bench.ticks]
    assert done == sorted(done)
    assert bench.ticks[-1] == (total, total, "byte")
    assert len(done) > 4


def test_a_spent_budget_ends_it() -> None:
    bench = _bench({"a.txt": b"x" * 1_000_000})

    def over(_done: int, _of: int, _unit: str) -> None:
        raise BudgetSpent

    bench.progress = over  # type: ignore[assignment,method-assign]  # a bench whose time is over
    with pytest.raises(BudgetSpent):
        measure(bench, Settings())


def test_many_findings_are_counted_and_some_named() -> None:
    outcome = _measured(_bench({f"{n}.pkl": EVIL for n in range(9)}))
    named = [note for note in outcome.notes if "holds code" in str(note)]
    assert len(named) == 5
    assert any("4 more findings" in str(note) for note in outcome.notes)


def test_nothing_is_printed_of_what_was_found(capfd: pytest.CaptureFixture[str]) -> None:
    _measured(_bench({"a.pkl": EVIL, "b.pkl": b"\x80\x04\x95\xff"}))
    assert capfd.readouterr() == ("", "")
    assert not logging.getLogger("picklescan").disabled


def test_no_pickle_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "marker_module", None)  # an import of it would raise
    _measured(_bench({"a.pkl": b"cmarker_module\nrun\n(S'x'\ntR."}))


def _clean(data: bytes, name: str) -> bool:
    return all((q.value, q.high) == (0, 0) for q in _measured(_bench({name: data})).quantities)


def test_a_forest_in_skops_is_clean_and_a_foreign_object_is_not() -> None:
    sio = pytest.importorskip("skops.io")
    forest = pytest.importorskip("sklearn.ensemble").RandomForestClassifier(2, random_state=0)
    forest.fit(np.arange(40.0).reshape(20, 2), np.arange(20) % 2)
    assert _clean(sio.dumps(forest), "m.skops")
    outcome = _measured(_bench({"m.skops": sio.dumps(logging.Formatter())}))
    assert next(q for q in outcome.quantities if q.metric == "code-bearing-files").value == 1


def test_a_pipeline_of_scikit_learn_is_clean() -> None:
    sio = pytest.importorskip("skops.io")
    pytest.importorskip("sklearn")
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.feature_selection import SelectKBest
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

    data = np.random.default_rng(0).random((30, 3))
    model = make_pipeline(FunctionTransformer(np.log1p), SelectKBest(k=2), HistGradientBoostingClassifier(max_iter=2))
    model.fit(data, np.arange(30) % 2)
    assert _clean(sio.dumps(model), "m.skops")
    assert _clean(sio.dumps(OneHotEncoder().fit(np.array([["a"], ["b"]]))), "encoder.skops")


def test_a_classifier_in_onnx_is_clean() -> None:
    skl2onnx = pytest.importorskip("skl2onnx")
    linear_model = pytest.importorskip("sklearn.linear_model")
    model = linear_model.LogisticRegression().fit(np.arange(40.0).reshape(20, 2), np.arange(20) % 2)
    assert _clean(skl2onnx.to_onnx(model, np.zeros((1, 2), np.float32)).SerializeToString(), "m.onnx")


@pytest.mark.slow
def test_what_torch_saves_is_code_and_safetensors_are_not() -> None:
    torch = pytest.importorskip("torch")
    save = pytest.importorskip("safetensors.torch").save
    new, old = io.BytesIO(), io.BytesIO()
    torch.save({"w": torch.ones(3)}, new)
    torch.save({"w": torch.ones(3)}, old, _use_new_zipfile_serialization=False)
    for data in (new.getvalue(), old.getvalue()):
        outcome = _measured(_bench({"pytorch_model.bin": data}))
        assert next(q for q in outcome.quantities if q.metric == "code-bearing-files").value == 1
        assert any("1 pickles, 0 import more" in str(note) for note in outcome.notes)
    assert _clean(save({"w": torch.ones(3), "b": torch.zeros(2, 2, dtype=torch.bfloat16)}), "model.safetensors")
