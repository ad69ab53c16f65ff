"""A staged release, decided on and signed for real: a keyring on the disk, a ledger in memory, a clock that is set."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from fakes.ledger import FakeLedger
from policy.toys import CARDS, quantity
from weighbridge.adapters.keys.keyring import Keyring
from weighbridge.app.admit import Witness, admit, testify
from weighbridge.app.advance import Opener, advance
from weighbridge.app.compare import Presented, There
from weighbridge.app.decide import Draft, Reason, decide
from weighbridge.app.gate import Asked, gate
from weighbridge.app.hold import Register
from weighbridge.app.meet import Books
from weighbridge.app.recommend import recommend, seal
from weighbridge.app.sign import prepare, sign
from weighbridge.app.stage import Progress, stage
from weighbridge.core.arguments import Argument
from weighbridge.core.bodies import evidence_body
from weighbridge.core.candidate import Artefact, Belonging, Candidate, Component, Impact, Role, Said, Triage
from weighbridge.core.canon import digest_of_bytes
from weighbridge.core.decision import Advance, Decision, SignerRole
from weighbridge.core.evidence import Asked as AskedOf
from weighbridge.core.evidence import Evidence, Measured
from weighbridge.core.passage import Destination, Passage
from weighbridge.core.ports import Entry, Kind
from weighbridge.core.rungs import Rung
from weighbridge.core.stages import Criterion, Stage
from weighbridge.core.weighing import Weighing
from weighbridge.policy.rules import Approving, Policy

WORDS = "a long enough phrase"
ROLES = (SignerRole.OWNER, SignerRole.SECURITY)
POLICY = Policy(
    name="p", version=1, confidence=0.95, rule=(),
    approval=tuple(Approving(impact=impact, roles=ROLES) for impact in Impact),
)  # fmt: skip
WEIGHTS = Artefact(
    role=Role.WEIGHTS, label="m.onnx", digest=digest_of_bytes(b"m"), size_bytes=1, format="onnx", belongs=Belonging.WEIGHTS
)  # fmt: skip
SAMPLES = Artefact(
    role=Role.HUMAN_TEXT, label="h.txt", digest=digest_of_bytes(b"h"), size_bytes=1, format="text",
    belongs=Belonging.EVIDENCE_ONLY,
)  # fmt: skip
CANDIDATE = Candidate(name="c", version="1", artefacts=(WEIGHTS,), subjects=(), triage=Triage(harm=Said.NO))
FOUND = Criterion(name="found", says="It is found.", probe="plain-toy", metric="bad-count", at_least=0.8)
TOLD = Criterion(name="told", says="Two newsrooms run the detector.")
GATED = Stage(name="gated", plan=(("weights", Rung.GATED),), by="2026-03-01", criterion=(FOUND, TOLD))
ALL = Stage(
    name="all", plan=(("weights", Rung.OPEN),), by="2026-05-01", not_before="2026-02-01",
    criterion=(Criterion(name="no-harm", says="Nobody can be hurt.", answer="harm", choices=("no",)),),
)  # fmt: skip
DRAFT = Draft(
    plan=(("weights", Rung.PARTNERS),), expires="2026-06-30", stage=(GATED, ALL),
    reason=(Reason(arguments=(Argument.BENEFIT,), says="by stages", component=Component.WEIGHTS),),
)  # fmt: skip


@dataclass
class SetClock:
    """A clock that tests set."""

    at: datetime = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def goes_to(self, day: str) -> None:
        self.at = datetime.fromisoformat(f"{day}T12:00:00+00:00")


@dataclass
class Staged:
    """People, a chain, and what lies at the gate."""

    ring: Keyring
    clock: SetClock
    ledger: FakeLedger
    policy: Policy = POLICY
    candidate: Candidate = CANDIDATE
    decision: Decision = field(init=False)
    weighing: Weighing = field(init=False)

    @property
    def books(self) -> Books:
        return Books(ledger=self.ledger, keys=self.ring, policy=self.policy, cards=CARDS)

    def weighs(self, found: float | None = None, *, candidate: Candidate | None = None, seed: int = 0) -> Weighing:
        """Seal a weighing of the candidate; `found` is the number that the criterion watches, None: not measured."""
        self.candidate = candidate or self.candidate
        admit(self.candidate, self.ledger)
        testify(self.candidate, Witness(role="owner"), self.ledger)
        evidence: tuple[Evidence, ...] = ()
        if found is not None:
            evidence = (self.measured(found, seed=seed),)
            self.ledger.append("c", Kind.EVIDENCE, evidence_body(evidence[0]))
        self.weighing = recommend(self.candidate, evidence, self.policy, CARDS)
        seal(self.weighing, self.ledger)
        return self.weighing

    def measured(self, found: float, *, seed: int = 0) -> Evidence:
        asked = AskedOf(
            candidate=self.candidate.digest, reading=self.candidate.reading, probe="plain-toy", version=1, settings=(),
            seed=seed, budget_seconds=60.0,
        )  # fmt: skip
        return Evidence(asked=asked, outcome=Measured(quantities=(quantity("bad-count", found),)))

    def decides(self, draft: Draft = DRAFT) -> Decision:
        preparer = self.key("prep")
        self.decision = decide(
            draft, self.weighing, self.policy, prepared_by=preparer.fingerprint, ledger=self.ledger, clock=self.clock
        )
        make = self.ring.signer(preparer, WORDS)
        prepare(self.decision, make, keys=self.ring, ledger=self.ledger)
        return self.decision

    def key(self, person: str, *roles: SignerRole):  # type: ignore[no-untyped-def]  # a key of the ring, as it gives it
        held = [known for known in self.ring.entries() if known.person == person]
        known = held[0] if held else self.ring.new(person, WORDS)
        return self.ring.trust(known, list(roles)) if roles else known

    def signs(self, *roles: SignerRole, person: str = "") -> None:
        """These roles, or both, put their names under the decision."""
        for role in roles or ROLES:
            known = self.key(person or role.value, role)
            make = self.ring.signer(known, WORDS)
            sign(self.decision, known, role, make, keys=self.ring, ledger=self.ledger, clock=self.clock)

    def opens(self, name: str, role: SignerRole, person: str = "", words: str = "I saw it.") -> Advance:
        """One role signs the opening of a stage."""
        known = self.key(person or role.value, role)
        told = tuple((c.name, words) for c in GATED.criterion if name == GATED.name and c.name == "told" and words)
        opener = Opener(known=known, role=role, make=self.ring.signer(known, WORDS), words=told)
        return advance(self.decision, name, self.weighing, opener, self.books, self.clock).advance

    def opened(self, name: str) -> None:
        for role in ROLES:
            self.opens(name, role)

    def progress(self) -> Progress:
        return stage(self.decision, self.books, self.clock.now())

    def gates(self, destination: Destination, *, files: tuple[Artefact, ...] = (WEIGHTS,)) -> Passage:
        register = Register(
            ledger=self.ledger, keys=self.ring, policy=self.policy, decision=self.decision, now=self.clock.now(),
            cards=CARDS,
        )  # fmt: skip
        there = tuple(There(label=a.label, digest=a.digest, size_bytes=a.size_bytes) for a in files)
        presented = Presented(files=there, leaves_behind=True)
        return gate(Asked(name="c", destination=destination), presented, register)

    def last(self, kind: Kind) -> Entry:
        return [entry for entry in self.ledger.entries("c") if entry.kind is kind][-1]


def with_samples(candidate: Candidate = CANDIDATE) -> Candidate:
    """The same release, with evidence that was not there when it was decided on."""
    return replace(candidate, artefacts=(*candidate.artefacts, SAMPLES))


def make_staged(folder: Path, policy: Policy = POLICY, *, found: float | None = None, draft: Draft = DRAFT) -> Staged:
    """Weighed, decided on in stages, signed; nothing is open yet."""
    clock = SetClock()
    made = Staged(ring=Keyring(folder, clock), clock=clock, ledger=FakeLedger(clock), policy=policy)
    made.weighs(found)
    made.decides(draft)
    made.signs()
    return made
