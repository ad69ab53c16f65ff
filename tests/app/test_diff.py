from __future__ import annotations

from dataclasses import replace

import pytest

from app.test_decide import AT_HOME, CANDIDATE, POLICY, WEIGHTS, _table
from fakes.ledger import FakeLedger
from weighbridge.app.admit import admit
from weighbridge.app.diff import Change, Difference, State, diff, sealed_version, version_of
from weighbridge.app.recommend import seal
from weighbridge.core.candidate import Candidate, Claims, Declared, Role
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.card import Card, Cost, Metric
from weighbridge.core.errors import Unusable
from weighbridge.core.findings import Effect
from weighbridge.core.plans import Worth
from weighbridge.core.replication import Replication, Span
from weighbridge.core.worth import Substitute
from weighbridge.policy.rules import Policy, Rule, Safe, Watch


def _card(slug: str, *needs: Role, after: tuple[str, ...] = ()) -> Card:
    return Card(
        slug=slug, version=1, title="-", question="-", cannot_show="-", since="0", changed="-", cost=Cost.SECONDS,
        subjects=(), metric=(Metric(name="m", unit="1", says="-"),), sources=(), needs=needs, after=after,
    )  # fmt: skip


def _rule(slug: str, probe: str = "") -> Rule:
    return Rule(
        slug=slug, says="-", because="-", source="-", ours=True, effect=Effect.CAUTION, safe=Safe(at_most=0.0),
        remedy="-", watch=Watch(probe=probe, metric="m") if probe else None, answer="" if probe else "a",
    )  # fmt: skip


CARDS = (
    _card("of-weights", Role.WEIGHTS), _card("of-data", Role.TRAIN_DATA), _card("of-all"),
    _card("on-weights", Role.TRAIN_DATA, after=("of-weights",)),
)  # fmt: skip
RULES = Policy(
    name="p",
    version=1,
    confidence=0.95,
    rule=(*(_rule(f"r-{card.slug}", card.slug) for card in CARDS), _rule("r-answer")),
)
OTHER = replace(WEIGHTS, digest=digest_of_bytes(b"other"))


def _diff(one: Candidate, other: Candidate, ledger: FakeLedger | None = None) -> Difference:
    ledger = ledger or FakeLedger()
    return diff(version_of(one, ledger), version_of(other, ledger), RULES, CARDS)


def _with(**changes: object) -> Candidate:
    return replace(CANDIDATE, **changes)  # type: ignore[arg-type]


def test_a_candidate_and_itself() -> None:
    found = _diff(CANDIDATE, CANDIDATE)
    assert found.is_none
    assert (found.files, found.claims, found.touched) == ((), (), ())


def test_changed_bytes_touch_the_rules_whose_probes_take_them_in() -> None:
    found = _diff(CANDIDATE, _with(artefacts=(OTHER, AT_HOME), version="2"))
    assert [(f.change, f.label, f.what) for f in found.files] == [(Change.CHANGED, "m.onnx", ("bytes",))]
    assert [t.rule for t in found.touched] == ["r-of-weights", "r-of-all", "r-on-weights"]
    assert {(t.before, t.after) for t in found.touched} == {(State.NOT_JUDGED, State.NOT_JUDGED)}
    assert not found.is_none


def test_added_removed_and_moved() -> None:
    fresh = replace(AT_HOME, label="u.csv", digest=digest_of_bytes(b"u"))
    found = _diff(CANDIDATE, _with(artefacts=(replace(WEIGHTS, label="n.onnx"), fresh)))
    told = [(f.change, f.label, f.was) for f in found.files]
    assert told == [(Change.MOVED, "n.onnx", "m.onnx"), (Change.REMOVED, "t.csv", ""), (Change.ADDED, "u.csv", "")]


def test_roles_and_declarations() -> None:
    declared = replace(AT_HOME, declared=Declared(private=True))
    found = _diff(CANDIDATE, _with(artefacts=(replace(WEIGHTS, role=Role.CODE), declared)))
    assert [f.what for f in found.files] == [("role",), ("private",)]
    assert found.reading_differs
    assert {t.rule for t in found.touched} == {f"r-{card.slug}" for card in CARDS}


def test_claims_are_named_and_not_told() -> None:
    found = _diff(CANDIDATE, _with(claims=Claims(purpose="a purpose", licence="MIT")))
    assert found.claims == ("claims.licence", "claims.purpose")
    assert [t.rule for t in found.touched] == [f"r-{card.slug}" for card in CARDS]  # the licence is read by whom it may


def test_what_is_declared_of_worth_and_of_replication_is_named_and_not_told() -> None:
    sub = Substitute(name="grover", cost_usd=Span(low=1000.0, high=20000.0), evidence="arXiv:1905.12616")
    found = _diff(CANDIDATE, _with(worth=Worth(substitutes=(sub,)), replication=Replication(parameters=1.5e9)))
    assert found.claims == ("replication", "worth")


def test_verdicts_that_differ() -> None:
    table = _table()
    after = _with(artefacts=(OTHER, AT_HOME))
    recommendation = table.weighing.recommendation
    (standing,) = recommendation.components
    worse = replace(standing, limits=("r-answer",), open=("r-of-all",))
    seal(
        replace(table.weighing, candidate=after, recommendation=replace(recommendation, components=(worse,))),
        table.ledger,
    )
    found = _diff(CANDIDATE, after, table.ledger)
    told = {t.rule: (t.before, t.after) for t in found.touched if t.differs}
    assert told == {"r-answer": (State.NO_LIMIT, State.BREACHED), "r-of-all": (State.NO_LIMIT, State.OPEN)}
    assert not found.policies_differ


def test_other_policies_are_told() -> None:
    table = _table()
    other = replace(table.weighing.recommendation, policy_digest=digest_of_bytes(b"another policy"))
    after = _with(artefacts=(OTHER, AT_HOME))
    seal(replace(table.weighing, candidate=after, recommendation=other), table.ledger)
    assert _diff(CANDIDATE, after, table.ledger).policies_differ


def test_versions_of_the_ledger() -> None:
    ledger, after = FakeLedger(), _with(artefacts=(OTHER, AT_HOME), version="2")
    admit(CANDIDATE, ledger)
    admit(after, ledger)
    one, other = (sealed_version("c", version, ledger) for version in ("1", after.digest))
    found = diff(one, other, RULES, CARDS)
    assert [(f.label, f.what) for f in found.files] == [("m.onnx", ("bytes",))]
    assert (found.claims_known, found.claims) == (False, ())
    assert not diff(one, version_of(CANDIDATE, ledger), RULES, CARDS).files
    for name, version in (("c", "3"), ("d", "1"), ("c", "")):
        with pytest.raises(Unusable):
            sealed_version(name, version, ledger)


def test_declarations_that_the_ledger_holds_only_as_a_digest() -> None:
    ledger, after = FakeLedger(), _with(claims=Claims(licence="MIT"))
    admit(CANDIDATE, ledger)
    one = sealed_version("c", "1", ledger)
    admit(after, ledger)
    found = diff(one, sealed_version("c", "1", ledger), RULES, CARDS)
    assert found.reading_differs
    assert not found.files
    assert [t.rule for t in found.touched] == [f"r-{card.slug}" for card in CARDS]
    assert all(t.because == () for t in found.touched)


def test_the_policy_of_these_tests() -> None:
    assert POLICY.digest != RULES.digest
