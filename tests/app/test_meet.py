from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fakes.staged import ALL, CANDIDATE, GATED, POLICY, WEIGHTS, make_staged, with_samples
from weighbridge.app.meet import all_grounds, judged, latest_grounds, releases_the_same, same_release
from weighbridge.core.candidate import Declared
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
