"""Where deciding, signing and the gate meet the disk: joined here as `wiring` joins what comes before them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from weighbridge.adapters.door import open_candidate
from weighbridge.adapters.files import unreadable
from weighbridge.adapters.formats.candidate_file import FILE_NAME, parse_candidate
from weighbridge.adapters.formats.decision_file import draft_text, drafted, parse_draft
from weighbridge.adapters.keys.keyring import Keyring
from weighbridge.adapters.keys.publishers import PublisherRing
from weighbridge.adapters.ledger.sqlite import SqliteLedger
from weighbridge.adapters.presenting import bundles_at, present
from weighbridge.adapters.searching import search
from weighbridge.app.beyond import beyond
from weighbridge.app.check_bundles import check_bundles
from weighbridge.app.compare import Presented, Weighed, leaving, weighed
from weighbridge.app.decide import Known, decide, last_decision, released
from weighbridge.app.gate import Asked, books_of, gate, note
from weighbridge.app.hold import Register, Scan
from weighbridge.app.meet import Books
from weighbridge.app.remove import unhonoured
from weighbridge.app.sign import prepare, sign
from weighbridge.app.stage import Progress, stage
from weighbridge.catalogue import all_cards, find_cards, find_questions, load_policy
from weighbridge.core.attestations import summary
from weighbridge.core.bodies import evidence_from
from weighbridge.core.candidate import Candidate, Component
from weighbridge.core.canon import canonical
from weighbridge.core.decision import Decision, Released, SignerRole, Statement
from weighbridge.core.errors import NotSettled, Unusable
from weighbridge.core.findings import Verdict
from weighbridge.core.passage import Check, Destination, Passage
from weighbridge.core.plans import Plan
from weighbridge.core.ports import Kind
from weighbridge.core.stages import day_of
from weighbridge.core.wording import Phrase, _
from weighbridge.planning import DECIDES, Planning, against_cautions, figures_for, plans_for
from weighbridge.policy.judge import judge
from weighbridge.policy.rules import Policy
from weighbridge.wiring import (
    Options,
    SystemClock,
    check_home,
    home_folder,
    measure_path,
    opened_ledger,
    recommend_path,
)

ENVELOPES = "decisions"
SCANNER = "artefact-safety"


def keyring(options: Options) -> Keyring:
    """The keyring of a home."""
    return Keyring(home_folder(options.home), SystemClock())


def draft_path(path: Path, options: Options | None = None, *, plan: str = "") -> str:
    """A decision file for what was last recommended, with what it would take beside each line.

    Parameters
    ----------
    plan : one of those that are compared
    """
    weighing, now = recommend_path(path, options).weighing, SystemClock().now()
    if not plan and not figures_for(weighing).is_required:
        return draft_text(weighing, now)
    decides = None if plan else Plan(name=DECIDES, rungs=drafted(weighing))
    made = plans_for(weighing, Planning(plan=plan, decides=decides, in_full=False), today=now.date().isoformat())
    row = made.row(plan) if plan else None
    return draft_text(weighing, now, made.stated, plan=row.plan if row else None)


_STATEMENT_DAYS = 31  # ours: a statement whose stages were counted from longer ago is drafted again


def _day_said(statement: Statement | None) -> str:
    """The day that a statement was drafted; empty where that is none, lies ahead, or too long ago."""
    day = day_of(statement.day) if statement else None
    if day is None or not 0 <= (SystemClock().now().date() - day).days <= _STATEMENT_DAYS:
        return ""
    return day.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparer:
    """Whose key prepares a decision, and what opens it; who prepares a decision does not approve it."""

    key: str  # a holder, or how a fingerprint begins
    passphrase: str


def decide_path(path: Path, text: str, *, file: str, by: Preparer, options: Options | None = None) -> Decision:
    """Seal the decision that a decision file describes, on what was last recommended."""
    options = options or Options()
    ring = keyring(options)
    preparer = ring.find(by.key)
    make = ring.signer(preparer, by.passphrase)
    draft = parse_draft(text, file=file)
    weighing, policy = recommend_path(path, options).weighing, load_policy(options.policy)
    with opened_ledger(home_folder(options.home)) as ledger:
        made = decide(
            draft, weighing, policy, prepared_by=preparer.fingerprint, ledger=ledger, clock=SystemClock(),
            known=Known(
                cards=all_cards(), questions=find_questions(),
                figures=figures_for(weighing, _day_said(draft.statement)),
                against=against_cautions(weighing, Plan(name=DECIDES, rungs=draft.plan, stages=draft.stage)),
            ),
        )  # fmt: skip
        prepare(made, make, keys=ring, ledger=ledger)
        return made


def standing_decision(path: Path, options: Options | None = None) -> Decision:
    """The decision that stands for the very bytes at a path.

    Raises
    ------
    NotSettled
        Where nobody decided on them.
    """
    opened = open_candidate(path)
    with opened_ledger(home_folder((options or Options()).home)) as ledger:
        decision = last_decision(opened.candidate.name, ledger)
    if decision is None or not _is_about(decision, opened.candidate):
        raise NotSettled(
            _("there is nothing to sign"),
            _("nobody has decided on the bytes that lie there now"),
            f"weighbridge decide {path}",
        )
    return decision


def _is_about(decision: Decision, candidate: Candidate) -> bool:
    """Whether it was decided on this; beside a staged release, evidence may come to lie that was not there before."""
    if decision.candidate == candidate.digest:
        return True
    return bool(decision.stages) and released(candidate) == decision.released


def progress_of(decision: Decision, options: Options, ledger: SqliteLedger) -> Progress:
    """How far a staged release has come; of any other, the plan that was decided."""
    books = Books(ledger=ledger, keys=keyring(options), policy=load_policy(options.policy), cards=all_cards())
    return stage(decision, books, SystemClock().now())


def roles_due(decision: Decision, options: Options) -> tuple[SignerRole, ...]:
    """The roles that the policy wants under a decision, in its order."""
    return load_policy(options.policy).signers(decision.impact)


def beyond_of(decision: Decision, options: Options) -> tuple[Phrase, ...]:
    """What a decision goes beyond, now or by a later stage, by the recommendation that it was made on."""
    with opened_ledger(home_folder(options.home)) as ledger:
        return beyond(decision, ledger)


def sign_path(path: Path, role: SignerRole, key: str, passphrase: str, options: Options | None = None) -> Path:
    """Sign the decision that stands for what lies at a path; where the envelope was written."""
    return sign_decision(standing_decision(path, options), role, key, passphrase, options)


def sign_decision(
    decision: Decision, role: SignerRole, key: str, passphrase: str, options: Options | None = None
) -> Path:
    """Sign this decision and no other: the one that was shown to whoever signs."""
    options = options or Options()
    home, ring = home_folder(options.home), keyring(options)
    known = ring.find(key)
    make = ring.signer(known, passphrase)
    with opened_ledger(home) as ledger:
        envelope = sign(decision, known, role, make, keys=ring, ledger=ledger, clock=SystemClock())
    return keep_envelope(home, decision, f"{role.value}-{known.fingerprint[:16]}", envelope)


def keep_envelope(home: Path, decision: Decision, name: str, envelope: bytes) -> Path:
    """Write an envelope below the home, for others to verify; where it was written."""
    folder = home / ENVELOPES / decision.digest.removeprefix("sha256:")[:16]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = folder / f"{name}.dsse.json"
    written.write_bytes(envelope)
    return written


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """What is asked of the gate."""

    destination: Destination
    components: tuple[Component, ...] = ()
    name: str = ""  # of the candidate, where its file does not lie with it
    leave_evidence: bool = False  # what was weighed as evidence only stays behind


def gate_path(path: Path, asked: Passing, options: Options | None = None) -> Passage:
    """Make every check on what lies at a path, and write the passage into the ledger.

    Raises
    ------
    LedgerBroken
        Before anything else is believed.
    """
    options = options or Options()
    home = home_folder(options.home)
    check_home(home, path)
    name, policy = asked.name or name_of(path), load_policy(options.policy)
    with opened_ledger(home) as ledger:
        ledger.verify()
        decision = last_decision(name, ledger)
        if decision is None or not _is_stale(decision, ledger):
            return _passage(path, replace(asked, name=name), options, policy, ledger)
    scan = _scanned(path, policy, options)
    with opened_ledger(home) as ledger:  # the scan took its time, and wrote into the ledger itself
        ledger.verify()
        return _passage(path, replace(asked, name=name), options, policy, ledger, scan)


def passage_summary(passage: Passage, options: Options | None = None) -> str:
    """A passage as a verification summary for others' tools: an in-toto Statement, unsigned.

    Raises
    ------
    NotSettled
        Where nobody has decided: there are no files to say anything about.
    """
    with opened_ledger(home_folder((options or Options()).home)) as ledger:
        decision = last_decision(passage.candidate, ledger)
    if decision is None or decision.digest != passage.decision:
        raise NotSettled(
            _("there is nothing to summarise"), _("nobody has decided on {name}").format(name=passage.candidate),
            "weighbridge decide DIR --draft",
        )  # fmt: skip
    at = SystemClock().now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return canonical(summary(passage, decision, at=at)).decode()


def _passage(
    path: Path, asked: Passing, options: Options, policy: Policy, ledger: SqliteLedger, scan: Scan | None = None
) -> Passage:
    decision = last_decision(asked.name, ledger)
    presented = _presented(path, decision, asked, ledger, home_folder(options.home))
    register = Register(
        ledger=ledger, keys=keyring(options), policy=policy, decision=decision, now=SystemClock().now(),
        cards=all_cards(), scan=scan,
    )  # fmt: skip
    if decision is not None:  # what leaves is what the stages give today, for every check alike
        components = asked.components or stage(decision, books_of(register), register.now).given
        register = replace(
            register, unhonoured=unhonoured(decision, components, partial(search, root_of(path)), ledger),
            bundles=_bundles(path, leaving(components, decision), presented, options),
        )  # fmt: skip
    question = Asked(name=asked.name, destination=asked.destination, components=asked.components)
    passage = gate(question, presented, register)
    note(passage, ledger)
    return passage


def _bundles(path: Path, going: tuple[Released, ...], presented: Presented, options: Options) -> tuple[Check, ...]:
    """What came of the bundles that lie there, by the very bytes that were hashed."""
    return check_bundles(bundles_at(root_of(path), presented), going, presented, publishers(options))


def publishers(options: Options) -> PublisherRing:
    """The publishers' keys of a home."""
    return PublisherRing(home_folder(options.home), SystemClock())


def root_of(path: Path) -> Path:
    """Below which folder, or at which file, the labels of what lies at a path are found."""
    return path.parent if path.suffix == ".toml" and not path.is_dir() else path


def name_of(path: Path) -> str:
    """The candidate's name, which is that of its chain; nothing is hashed for it."""
    file = path / FILE_NAME if path.is_dir() else path
    if file.suffix != ".toml" or not file.is_file():  # then it is called as it is when it is weighed
        return (path.resolve().name if path.is_dir() else path.stem) or "candidate"
    try:
        text = file.read_bytes().decode()
    except UnicodeDecodeError:
        raise Unusable(
            _("cannot use {path}").format(path=file), _("it is not UTF-8"),
            "weighbridge gate DIR --to DESTINATION --name NAME",
        ) from None  # fmt: skip
    except OSError as error:
        raise unreadable(file, error) from error
    return parse_candidate(text, file=file.name).name


def _is_stale(decision: Decision, ledger: SqliteLedger) -> bool:
    """Whether the scanner that looked for code and secrets in these bytes has other rules than it had then."""
    card = next(card for card in find_cards() if card.slug == SCANNER)
    versions = set()
    for entry in ledger.entries(decision.name):
        if entry.kind is not Kind.EVIDENCE:
            continue
        try:
            asked = evidence_from(entry.body).asked
        except ValueError:  # written by another version of ours: whatever it says, it is not of today's rules
            continue
        if (asked.probe, asked.candidate) == (SCANNER, decision.candidate):
            versions.add(asked.version)
    return card.version not in versions


def _scanned(path: Path, policy: Policy, options: Options) -> Scan:
    """What the scanner of today finds that its rules forbid, and what it could not tell."""
    candidate, evidence = measure_path(path, (SCANNER,), options)
    watched = {rule.slug for rule in policy.rule if rule.watch and rule.watch.probe == SCANNER}
    findings = judge(policy, candidate, evidence, all_cards())
    return Scan(
        findings=tuple(f for f in findings if f.rule in watched and f.verdict in (Verdict.BREACHED, Verdict.OPEN)),
        seen=frozenset(artefact.digest for artefact in candidate.artefacts),
    )


def _presented(path: Path, decision: Decision | None, asked: Passing, ledger: SqliteLedger, home: Path) -> Presented:
    """What lies there; only what may be what was decided on or weighed is read."""
    is_described = path.suffix == ".toml" and not path.is_dir()
    known = weighed(decision, ledger) if decision else Weighed()
    sizes = {(file.label, file.size_bytes) for file in decision.released} if decision else set()
    root = path.parent if is_described else path
    there = present(root, lambda label, size: (label, size) in sizes or known.knows(label, size), home=home)
    described = {FILE_NAME, path.name} if is_described else {FILE_NAME} if path.is_dir() else set()
    labels = {file.label for file in there.files}
    return replace(there, described=tuple(sorted(described & labels)), leaves_behind=asked.leave_evidence)
