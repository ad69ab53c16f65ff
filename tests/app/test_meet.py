from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fakes.staged import ALL, CANDIDATE, GATED, POLICY, SAMPLES, WEIGHTS, Staged, make_staged, with_samples
from policy.toys import quantity
from weighbridge.app.meet import all_grounds, judged, latest_grounds, releases_the_same, same_release
from weighbridge.core.candidate import Declared
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.evidence import Basis
from weighbridge.core.findings import Verdict
from weighbridge.core.ports import Kind


def test_grounds_are_the_last_recommendation_for_the_same_release(tmp_path: Path) -> None:
    made = make_staged(tmp_path)
    own = latest_grounds(made.decision, made.ledger)
    assert own is not None
    assert own.recommendation == made.decision.recommendation
    made.weighs(0.9, candidate=with_samples())
    later = latest_grounds(made.decision, made.ledger)
    assert later is not None
    assert later.recommendation == made.last(Kind.RECOMMENDATION).digest
    assert later.evidence == (made.measured(0.9).digest,)
    made.weighs(0.9, candidate=replace(CANDIDATE, artefacts=(replace(WEIGHTS, label="n.onnx"),)))
    assert latest_grounds(made.decision, made.ledger) == later
    assert len(list(all_grounds(made.decision, made.ledger))) == 3


def test_what_another_policy_says_is_no_ground(tmp_path: Path) -> None:
    made = make_staged(tmp_path)
    made.policy = replace(POLICY, version=2)
    made.weighs(0.9, candidate=with_samples())
    found = latest_grounds(made.decision, made.ledger)
    assert found is not None
    assert found.recommendation == made.decision.recommendation


def test_the_same_release_is_the_same_bytes_declared_alike(tmp_path: Path) -> None:
    made = make_staged(tmp_path)
    declared = replace(CANDIDATE, artefacts=(replace(WEIGHTS, declared=Declared(about_people=True)),))
    for candidate in (with_samples(), declared):
        made.weighs(candidate=candidate)
    seals = {(c.digest, c.reading) for c in (CANDIDATE, with_samples())}
    assert same_release(made.decision, made.ledger) == seals
    grounds = list(all_grounds(made.decision, made.ledger))
    assert [releases_the_same(made.decision, g, made.ledger) for g in grounds] == [True, True, False]


def test_each_criterion_by_what_it_rests_on(tmp_path: Path) -> None:
    made = make_staged(tmp_path, found=0.9)
    grounds = latest_grounds(made.decision, made.ledger)
    assert grounds is not None
    found, told = judged(GATED, grounds, made.books, "c")
    assert (found.verdict, found.rests_on) == (Verdict.HOLDS, (made.measured(0.9).digest,))
    assert (told.verdict, told.rests_on) == (Verdict.OPEN, ())
    assert judged(GATED, grounds, made.books, "c", ("told",))[1].verdict is Verdict.HOLDS
    (answer,) = judged(ALL, grounds, made.books, "c")
    assert (answer.verdict, answer.rests_on) == (Verdict.HOLDS, (made.last(Kind.ANSWER).digest,))


def test_failed_evidence_is_not_put_aside(tmp_path: Path) -> None:
    """Other samples in the place of those that failed meet nothing; more of them beside those may."""
    made = make_staged(tmp_path)
    made.weighs(0.2, candidate=with_samples())
    other = replace(SAMPLES, label="i.txt", digest=digest_of_bytes(b"i"))
    made.weighs(0.9, candidate=replace(CANDIDATE, artefacts=(WEIGHTS, other)))
    assert _found(made)[0] is Verdict.OPEN
    assert "does not lie there now" in _found(made)[1]
    made.weighs(0.9, candidate=replace(CANDIDATE, artefacts=(WEIGHTS, SAMPLES, other)))
    assert _found(made)[0] is Verdict.HOLDS


def test_what_is_told_on_somebodys_word_is_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = replace(quantity("bad-count", 0.9), basis=Basis.TESTIFIED)
    monkeypatch.setattr("fakes.staged.quantity", lambda _metric, _value: told)
    assert _found(make_staged(tmp_path, found=0.9)) == (
        Verdict.OPEN, "bad-count is told on its owner's word, and this asks for a measurement"
    )  # fmt: skip


def _found(made: Staged) -> tuple[Verdict, str]:
    grounds = latest_grounds(made.decision, made.ledger)
    assert grounds is not None
    found = judged(GATED, grounds, made.books, "c")[0]
    return found.verdict, str(found.says)
