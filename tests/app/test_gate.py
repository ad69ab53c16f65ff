from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.test_decide import CANDIDATE, DRAFT, WEIGHTS, _finding, _weighing
from fakes.ledger import FakeLedger
from weighbridge.adapters.keys.keyring import Keyring
from weighbridge.app.compare import Presented, There
from weighbridge.app.decide import Draft, Reason, decide
from weighbridge.app.gate import Asked, gate, note
from weighbridge.app.hold import Register, Scan
from weighbridge.app.import_report import Report, import_report
from weighbridge.app.recommend import seal
from weighbridge.app.sign import prepare, sign
from weighbridge.core.arguments import Argument
from weighbridge.core.candidate import Component, Impact
from weighbridge.core.canon import Plain, digest_of_bytes
from weighbridge.core.decision import Decision, SignerRole, Waiver
from weighbridge.core.findings import Effect, Verdict
from weighbridge.core.passage import Check, Destination, Passage, Result
from weighbridge.core.ports import Kind
from weighbridge.core.rungs import Rung
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import Phrase, phrase
from weighbridge.policy.rules import Approving, Policy, Rule, Safe, Watch

WORDS = "a long enough phrase"
STOP = Rule(
    slug="a-stop", says="s", because="b", source="s", ours=True, effect=Effect.STOP, safe=Safe(at_most=0.0), remedy="r",
    forbids=(Rung.GATED,), watch=Watch(probe="p", metric="m"),
)  # fmt: skip
POLICY = Policy(
    name="p", version=1, confidence=0.95, rule=(STOP,),
    approval=tuple(Approving(impact=impact, roles=(SignerRole.OWNER, SignerRole.SECURITY)) for impact in Impact),
)  # fmt: skip
FILE = There(label=WEIGHTS.label, digest=WEIGHTS.digest, size_bytes=WEIGHTS.size_bytes)
HOME = There(label="t.csv", digest=digest_of_bytes(b"t"), size_bytes=1)


@dataclass
class Clock:
    at: datetime = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@dataclass
class Yard:
    """A candidate that was weighed, decided on and signed; and what lies at the gate."""

    ring: Keyring
    clock: Clock = field(default_factory=Clock)
    ledger: FakeLedger = field(default_factory=FakeLedger)
    weighing: Weighing = field(default_factory=_weighing)
    presented: Presented = field(default_factory=lambda: Presented(files=(FILE,)))
    policy: Policy = POLICY
    decision: Decision | None = None
    scan: Scan | None = None
    unhonoured: tuple[Phrase, ...] | None = None
    bundles: tuple[Check, ...] = ()

    def decides(self, draft: Draft) -> None:
        sealed = replace(
            self.weighing, recommendation=replace(self.weighing.recommendation, policy_digest=self.policy.digest)
        )
        seal(sealed, self.ledger)
        preparer = self.ring.new(f"preparer {len(self.ring.entries())}", WORDS)
        self.decision = decide(
            draft, sealed, self.policy, prepared_by=preparer.fingerprint, ledger=self.ledger, clock=self.clock
        )
        prepare(self.decision, self.ring.signer(preparer, WORDS), keys=self.ring, ledger=self.ledger)

    def signs(self, role: SignerRole, person: str = "") -> str:
        assert self.decision is not None
        key = self.ring.trust(self.ring.new(person or role.value, WORDS), [role])
        sign(
            self.decision, key, role, self.ring.signer(key, WORDS), keys=self.ring, ledger=self.ledger, clock=self.clock
        )
        return key.fingerprint

    def of(self, kind: Kind) -> int:
        return [e.kind for e in self.ledger.entries("c")].index(kind)

    def gates(self, destination: Destination = Destination.PUBLIC, *components: Component) -> Passage:
        register = Register(
            ledger=self.ledger, keys=self.ring, policy=self.policy, decision=self.decision,
            now=self.clock.now(), scan=self.scan, unhonoured=self.unhonoured,
            bundles=self.bundles,
        )  # fmt: skip
        return gate(Asked(name="c", destination=destination, components=components), self.presented, register)


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    clock = Clock()
    made = Yard(ring=Keyring(tmp_path, clock), clock=clock)
    made.decides(DRAFT)
    made.signs(SignerRole.OWNER)
    made.signs(SignerRole.SECURITY)
    return made


def _failing(passage: Passage) -> dict[str, Result]:
    assert all((check.fix is None) == (check.result is Result.PASSES) for check in passage.checks)
    return {check.name: check.result for check in passage.checks if check.result is not Result.PASSES}


def test_lets_through_what_was_decided_signed_and_is_as_it_was(yard: Yard) -> None:
    passage = yard.gates()
    assert _failing(passage) == {}
    assert passage.result is Result.PASSES
    note(passage, yard.ledger)
    (entry,) = [e for e in yard.ledger.entries("c") if e.kind is Kind.PASSAGE]
    assert isinstance(entry.body, dict)
    assert entry.body["result"] == "passes"


def test_nothing_was_decided(yard: Yard) -> None:
    yard.decision = None
    assert _failing(yard.gates()) == {"decision": Result.UNSETTLED}


def _shows(yard: Yard, *files: There, **more: Any) -> None:
    yard.presented = Presented(files=files, **more)


def _scans(yard: Yard, verdict: Verdict, *seen: There) -> None:
    yard.scan = Scan(
        findings=(_finding(Effect.STOP, verdict),), seen=frozenset(f.digest for f in seen if f.digest is not None)
    )


def _stands(**changes: object) -> Weighing:
    made = _weighing()
    (standing,) = made.recommendation.components
    told = replace(made.recommendation, components=(replace(standing, **changes),))  # type: ignore[arg-type]
    return replace(made, recommendation=told)


def _seals(yard: Yard, *weighings: Weighing, policy: Policy | None = None) -> None:
    for made in weighings:
        told = replace(made.recommendation, policy_digest=(policy or yard.policy).digest)
        seal(replace(made, recommendation=told), yard.ledger)


def _measures_away(yard: Yard, *, lax: bool) -> None:
    _seals(yard, _stands(limits=("a-stop",)))
    _seals(yard, _stands(), policy=replace(POLICY, version=9) if lax else None)


def _reseal(yard: Yard, **changes: Any) -> None:
    (entry,) = [e for e in yard.ledger.entries("c") if e.kind is Kind.RECOMMENDATION]
    assert isinstance(entry.body, dict)
    yard.ledger.append("c", Kind.RECOMMENDATION, {**entry.body, **changes})


def _decided(yard: Yard, **changes: object) -> None:
    assert yard.decision is not None
    yard.decision = replace(yard.decision, **changes)  # type: ignore[arg-type]


ANOTHER = {"prepared": Result.REFUSED, "signatures": Result.UNSETTLED}  # of a decision that nobody signed
OTHER = There(label=FILE.label, digest=digest_of_bytes(b"n"), size_bytes=1)
CASES: dict[str, tuple[Callable[[Yard], object], dict[str, Result]]] = {
    "a bit was changed": (lambda y: _shows(y, OTHER), {"bytes": Result.REFUSED}),
    "a file is missing": (_shows, {"bytes": Result.REFUSED}),
    "a file is extra": (lambda y: _shows(y, FILE, replace(OTHER, label="x")), {"extra": Result.REFUSED}),
    "the candidate's own file lies there": (
        lambda y: _shows(y, FILE, HOME, described=("t.csv",)),
        {"extra": Result.REFUSED},
    ),
    "version control lies there": (lambda y: _shows(y, FILE, apart=(".git/",)), {"extra": Result.REFUSED}),
    "what lies there was not read": (
        lambda y: _shows(y, replace(FILE, digest=None)),
        {"bytes": Result.REFUSED},
    ),
    "a file lies under two names": (lambda y: _shows(y, FILE, replace(FILE, label="x")), {"extra": Result.REFUSED}),
    "what lies there is no plain file": (
        lambda y: setattr(y, "presented", replace(y.presented, faults=(phrase("a link"),))),
        {"files": Result.REFUSED},
    ),
    "it has ended": (
        lambda y: setattr(y.clock, "at", datetime(2026, 7, 1, tzinfo=UTC)),
        {"expiry": Result.UNSETTLED},
    ),
    "the clock was set back": (
        lambda y: setattr(y.clock, "at", y.clock.at - timedelta(days=1)),
        {"clock": Result.REFUSED, "signatures": Result.REFUSED},
    ),
    "a key was revoked after signing": (
        lambda y: y.ring.revoke(y.ring.find("security"), "lost"),
        {"signatures": Result.REFUSED},
    ),
    "another policy": (
        lambda y: setattr(y, "policy", replace(POLICY, version=2)),
        {"policy": Result.UNSETTLED},
    ),
    "a policy without signers": (
        lambda y: setattr(y, "policy", replace(POLICY, approval=())),
        {"policy": Result.UNSETTLED, "signatures": Result.UNSETTLED},
    ),
    "the recommendation is not in the ledger": (
        lambda y: _decided(y, recommendation=digest_of_bytes(b"none")),
        {"triggers": Result.REFUSED, "stops": Result.UNSETTLED} | ANOTHER,
    ),
    "it was never weighed as it is read now": (
        lambda y: _decided(y, reading=digest_of_bytes(b"none")),
        {"stops": Result.UNSETTLED, "triggers": Result.REFUSED} | ANOTHER,
    ),
    "a stop came up": (
        lambda y: _seals(y, _stands(limits=("a-stop",))),
        {"stops": Result.REFUSED, "triggers": Result.UNSETTLED},
    ),
    "a stop is not answered any more": (
        lambda y: _seals(y, _stands(open=("a-stop",))),
        {"stops": Result.UNSETTLED, "triggers": Result.UNSETTLED},
    ),
    "a scanner of today finds what that of the weighing did not": (
        lambda y: _scans(y, Verdict.BREACHED, FILE),
        {"stops": Result.REFUSED},
    ),
    "a scanner of today cannot tell": (lambda y: _scans(y, Verdict.OPEN, FILE), {"stops": Result.UNSETTLED}),
    "a scanner of today did not look into it": (
        lambda y: setattr(y, "scan", Scan(findings=(), seen=frozenset())),
        {"stops": Result.UNSETTLED},
    ),
    "a stop came up and was measured away": (
        lambda y: _measures_away(y, lax=False),
        {"stops": Result.REFUSED},
    ),
    "a laxer policy was asked after a stop came up": (
        lambda y: _measures_away(y, lax=True),
        {"stops": Result.REFUSED, "triggers": Result.UNSETTLED},
    ),
    "the same bytes were declared otherwise": (
        lambda y: _reseal(y, reading=digest_of_bytes(b"otherwise")),
        {"triggers": Result.UNSETTLED},
    ),
    "the recommendation says nothing about what leaves": (
        lambda y: _reseal(y, components=[]),
        {"triggers": Result.UNSETTLED},
    ),
    "nobody signed as the preparer": (
        lambda y: y.ledger.all["c"].pop(y.of(Kind.PREPARATION)),
        {"prepared": Result.REFUSED},
    ),
    "the preparer's key was revoked": (
        lambda y: y.ring.revoke(y.ring.find("preparer 0"), "left"),
        {"prepared": Result.REFUSED},
    ),
    "a removal was asked for and nobody looked": (
        lambda y: y.ledger.append("c", Kind.REMOVAL, {}),
        {"removals": Result.UNSETTLED},
    ),
    "a removal is not honoured": (
        lambda y: setattr(y, "unhonoured", (phrase("not yet"),)),
        {"removals": Result.REFUSED},
    ),
    "an incident is open": (
        lambda y: y.ledger.append("c", Kind.INCIDENT, {"decision": y.decision.digest, "closes": True}),  # type: ignore[union-attr]
        {"triggers": Result.REFUSED},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_fault_is_told_under_its_own_name_and_no_other_check_is_skipped(yard: Yard, case: str) -> None:
    spoil, failing = CASES[case]
    before = len(yard.gates().checks)
    spoil(yard)
    passage = yard.gates()
    assert _failing(passage) == failing
    assert len(passage.checks) >= before - 1


@pytest.mark.parametrize(
    ("decided", "passing"),
    [
        (Rung.OPEN, set(Destination)),
        (Rung.GATED, {Destination.PARTNERS, Destination.GATED}),
        (Rung.SERVED, {Destination.HOSTED}),
        (Rung.PARTNERS, {Destination.PARTNERS}),
        (Rung.WITHHELD, set()),
    ],
)
def test_only_a_rung_that_gives_as_much_lets_it_go_there(
    tmp_path: Path, decided: Rung, passing: set[Destination]
) -> None:
    clock = Clock()
    yard = Yard(ring=Keyring(tmp_path, clock), clock=clock)
    reason = Reason(arguments=(Argument.BENEFIT,), says="because", component=Component.WEIGHTS)
    yard.decides(replace(DRAFT, plan=(("weights", decided),), reason=(reason,)))
    yard.signs(SignerRole.OWNER)
    yard.signs(SignerRole.SECURITY)
    for destination in Destination:
        passage = yard.gates(destination)
        assert (passage.result is Result.PASSES) is (destination in passing)
        named = yard.gates(destination, Component.WEIGHTS)
        assert (named.result is Result.PASSES) is (destination in passing)


def test_licensed_goes_public_only_with_its_terms(tmp_path: Path) -> None:
    clock = Clock()
    yard = Yard(ring=Keyring(tmp_path, clock), clock=clock)
    reason = Reason(arguments=(Argument.BENEFIT,), says="because", component=Component.WEIGHTS)
    yard.decides(replace(DRAFT, plan=(("weights", Rung.LICENSED),), reason=(reason,)))
    yard.signs(SignerRole.OWNER)
    yard.signs(SignerRole.SECURITY)
    assert _failing(yard.gates()) == {"rung": Result.REFUSED}
    row: Plain = {"label": FILE.label, "digest": FILE.digest, "role": "licence", "belongs": "weights", "size_bytes": 1}
    assert yard.decision is not None
    body: Plain = {"digest": yard.decision.candidate, "reading": yard.decision.reading, "artefacts": [row]}
    yard.ledger.append("c", Kind.CANDIDATE, body)
    assert _failing(yard.gates()) == {}


def test_a_component_nobody_decided_on_does_not_pass(yard: Yard) -> None:
    failing = _failing(yard.gates(Destination.PUBLIC, Component.DATA))
    assert failing["rung"] is Result.UNSETTLED
    assert failing["bytes"] is Result.UNSETTLED
    assert failing["extra"] is Result.REFUSED  # the weights lie there and are not to leave now


def test_old_signatures_do_not_carry_a_new_decision(yard: Yard) -> None:
    yard.clock.at += timedelta(hours=1)
    yard.decides(replace(DRAFT, expires="2026-08-01"))
    assert _failing(yard.gates()) == {"signatures": Result.UNSETTLED}


def test_each_missing_signature_is_told(tmp_path: Path) -> None:
    clock = Clock()
    yard = Yard(ring=Keyring(tmp_path, clock), clock=clock)
    yard.decides(DRAFT)
    told = [check for check in yard.gates().checks if check.name == "signatures"]
    assert [check.result for check in told] == [Result.UNSETTLED, Result.UNSETTLED]
    assert "weighbridge sign DIR --role owner" in str(told[0].fix)


def test_a_waiver_lifts_its_stop_until_it_ends(tmp_path: Path) -> None:
    clock = Clock()
    stopped = _stands(limits=("a-stop",), cleared=(Rung.WITHHELD,))
    stopped = replace(stopped, findings=(_finding(Effect.STOP, Verdict.BREACHED),))
    yard = Yard(ring=Keyring(tmp_path, clock), clock=clock, weighing=stopped)
    waiver = Waiver(
        rule="a-stop", component=Component.WEIGHTS, authority="board", because="in public", expires="2026-03-01"
    )
    yard.decides(
        replace(
            DRAFT,
            waiver=(waiver,),
            reason=(Reason(arguments=(Argument.BENEFIT,), says="x", component=Component.WEIGHTS),),
        )
    )
    yard.signs(SignerRole.OWNER)
    yard.signs(SignerRole.SECURITY)
    assert _failing(yard.gates()) == {}
    _scans(yard, Verdict.BREACHED, FILE)  # by rules that nobody knew when it was given
    assert _failing(yard.gates()) == {"stops": Result.REFUSED}
    yard.scan = None
    clock.at = datetime(2026, 3, 2, tzinfo=UTC)
    assert _failing(yard.gates()) == {"stops": Result.REFUSED}


def test_another_recommendation_since_asks_for_another_decision(yard: Yard) -> None:
    otherwise = _weighing(ceiling=(Rung.WITHHELD,), cleared=(Rung.WITHHELD,))
    _seals(yard, otherwise)
    assert _failing(yard.gates()) == {"triggers": Result.UNSETTLED}
    assert CANDIDATE.digest == otherwise.candidate.digest


def test_what_was_decided_with_the_clock_set_back_does_not_pass(yard: Yard) -> None:
    """Set back by a day, a self-review would come at once."""
    assert yard.decision is not None
    _decided(yard, decided_at="2026-01-01T03:00:00+00:00")
    assert _failing(yard.gates())["clock"] is Result.REFUSED


def test_clocks_of_two_machines_may_differ_a_little(yard: Yard) -> None:
    yard.clock.at -= timedelta(minutes=4)
    assert _failing(yard.gates()) == {}


def test_removals_that_are_honoured_pass_and_say_so(yard: Yard) -> None:
    yard.ledger.append("c", Kind.REMOVAL, {})
    yard.unhonoured = ()
    (check,) = [check for check in yard.gates().checks if check.name == "removals"]
    assert (check.result, str(check.says)) == (Result.PASSES, "every verified removal is honoured")


def test_a_component_that_the_recommendation_does_not_name_is_not_settled(yard: Yard) -> None:
    yard.ledger.all["c"] = [
        replace(e, body={**e.body, "components": []})
        if e.kind is Kind.RECOMMENDATION and isinstance(e.body, dict)
        else e
        for e in yard.ledger.all["c"]
    ]
    assert _failing(yard.gates()) == {"stops": Result.UNSETTLED}


def test_a_report_that_was_brought_in_since_is_judged_first(yard: Yard) -> None:
    report = Report(tool="garak", tool_version="0.17.1", reader=1, file=digest_of_bytes(b"r"), quantities=())
    brought, _is_new = import_report(CANDIDATE, report, SignerRole.SECURITY, yard.ledger)
    passage = yard.gates()
    assert _failing(passage) == {"triggers": Result.UNSETTLED}
    (check,) = [check for check in passage.checks if check.name == "triggers"]
    assert "brought in, and nobody judged it" in str(check.says)
    judged = replace(yard.weighing, evidence=(*yard.weighing.evidence, brought))
    policy = replace(judged.recommendation, policy_digest=yard.policy.digest)
    seal(replace(judged, recommendation=policy), yard.ledger)
    assert yard.gates().result is Result.PASSES


@pytest.mark.parametrize("result", [Result.UNSETTLED, Result.REFUSED])
def test_a_bundle_that_does_not_hold_keeps_it_back(yard: Yard, result: Result) -> None:
    yard.bundles = (Check(name="bundle", result=result, says=phrase("s"), fix=phrase("f")),)
    assert _failing(yard.gates()) == {"bundle": result}
