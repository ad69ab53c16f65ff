"""What comes after a decision, joined with the disk: stages, removals, incidents, differences, the public record."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from weighbridge.adapters.door import open_candidate
from weighbridge.adapters.searching import search
from weighbridge.app.advance import Opened as OpenedStage
from weighbridge.app.advance import Opener, advance
from weighbridge.app.decide import last_decision, released
from weighbridge.app.diff import Difference, Version, diff, sealed_version, version_of
from weighbridge.app.meet import Books
from weighbridge.app.publish import publish
from weighbridge.app.remove import Honour, Removal, Request, add, honour, removals
from weighbridge.app.reopen import Closer, Happening, Incident, Record, close, incidents, reopen
from weighbridge.app.reweigh import News, Reweighed, Scales, reweigh
from weighbridge.app.stage import Progress
from weighbridge.catalogue import all_cards, load_policy
from weighbridge.core.decision import Decision, SignerRole
from weighbridge.core.errors import NotSettled, Unusable
from weighbridge.core.ports import Entry, Ledger
from weighbridge.core.wording import _
from weighbridge.planning import Planning, figures_for, plans_for
from weighbridge.releasing import keep_envelope, keyring, name_of, progress_of, root_of, standing_decision
from weighbridge.report.publication import render_publication
from weighbridge.wiring import Options, SystemClock, home_folder, opened_ledger, recommend_path, version


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """Which candidate is meant: what lies at a path, or what was once weighed under a name."""

    path: Path | None = None
    name: str = ""

    @property
    def chain(self) -> str:
        """The candidate's name, which is that of its chain."""
        if self.name:
            return self.name
        if self.path is None:
            raise Unusable(
                _("it is not said which candidate is meant"), _("neither a path nor a name was given"),
                _("name its folder, or, where that is gone: --name NAME"),
            )  # fmt: skip
        return name_of(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The decision that stands, and how far it has come."""

    decision: Decision
    progress: Progress


def list_stages(of: Of, options: Options) -> Stages:
    """The stages of the decision that stands, each as it stands today.

    Raises
    ------
    NotSettled
        Where nobody has decided, or what was decided has no stages.
    """
    with opened_ledger(home_folder(options.home)) as ledger:
        ledger.verify()
        decision = last_decision(of.chain, ledger)
        if decision is None or not decision.stages:
            raise NotSettled(
                _("there are no stages"),
                _("nobody has decided on {name}").format(name=of.chain) if decision is None else (
                    _("the decision that stands has none")
                ),
                "weighbridge decide DIR --draft",
            )  # fmt: skip
        return Stages(decision=decision, progress=progress_of(decision, options, ledger))


@dataclass(frozen=True, slots=True, kw_only=True)
class Advancing:
    """Which stage is to be opened, by whom, and what they testify to."""

    stage: str
    key: str  # a holder, or how a fingerprint begins
    passphrase: str
    role: SignerRole | None = None
    words: tuple[tuple[str, str], ...] = ()  # by criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """What came of it."""

    opened: OpenedStage
    missing: tuple[SignerRole, ...]  # who has to sign as well before the stage is open
    written: Path


def advance_path(path: Path, asked: Advancing, options: Options) -> Advanced:
    """Sign the opening of a stage of the decision that stands for what lies at a path."""
    decision = standing_decision(path, options)
    home, ring = home_folder(options.home), keyring(options)
    known = ring.find(asked.key)
    opener = Opener(known=known, role=asked.role, make=ring.signer(known, asked.passphrase), words=asked.words)
    weighing = recommend_path(path, options).weighing
    with opened_ledger(home) as ledger:
        ledger.verify()
        books = Books(ledger=ledger, keys=ring, policy=load_policy(options.policy), cards=all_cards())
        made = advance(decision, asked.stage, weighing, opener, books, SystemClock())
        step = next(s for s in progress_of(decision, options, ledger).steps if s.stage.name == asked.stage)
    name = f"{made.advance.stage}-{made.advance.role.value}-{made.advance.fingerprint[:16]}"
    return Advanced(opened=made, missing=step.missing, written=keep_envelope(home, decision, name, made.envelope))


def reweigh_path(path: Path, news: News, options: Options) -> Reweighed:
    """Hold the decision that stands for what lies at a path against what has come up since."""
    decision = standing_decision(path, options)
    weighing = recommend_path(path, options).weighing
    said = decision.statement.day if decision.statement else ""
    today = SystemClock().now().date().isoformat()
    scales = Scales(
        policy=load_policy(options.policy), cards=all_cards(), figures=figures_for(weighing, said).digest,
        compare=lambda made, as_of: plans_for(made, Planning(as_of=as_of, seen="" if as_of else said), today=today),
    )  # fmt: skip
    with opened_ledger(home_folder(options.home)) as ledger:
        ledger.verify()
        return reweigh(decision, progress_of(decision, options, ledger), weighing, news, scales, ledger)


def add_removal(of: Of, request: Request, options: Options) -> Entry:
    """Seal a verified removal."""
    with opened_ledger(home_folder(options.home)) as ledger:
        return add(of.chain, request, ledger)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A removal, and whether its identifier can still be looked for."""

    removal: Removal
    is_erased: bool


def list_removals(of: Of, options: Options) -> tuple[Listed, ...]:
    """The removals of a candidate, without what is to be gone."""
    with opened_ledger(home_folder(options.home)) as ledger:
        return tuple(Listed(removal=r, is_erased=ledger.text(r.identifier) is None) for r in removals(of.chain, ledger))


def erase_removal(of: Of, number: int, options: Options) -> None:
    """Take the identifier of a removal out of the store for good; only bytes that an honour names then pass."""
    with opened_ledger(home_folder(options.home)) as ledger:
        found = next((r for r in removals(of.chain, ledger) if r.number == number), None)
        if found is None:
            raise Unusable(
                _("there is no such removal"),
                _("{number} is none of {name}").format(number=number, name=of.chain),
                "weighbridge removals list DIR",
            )
        ledger.erase(of.chain, found.identifier)


def honour_removals(path: Path, given: Honour, options: Options) -> Entry:
    """Search what lies at a path for what is to be gone, and seal what was looked into and what is testified."""
    opened = open_candidate(path)
    look = partial(search, root_of(path))
    with opened_ledger(home_folder(options.home)) as ledger:
        made = honour(opened.candidate.name, given, released(opened.candidate), look, ledger)
    opened.check_unchanged()
    return made


def open_incident(of: Of, happening: Happening, options: Options) -> tuple[Entry, Record]:
    """Re-open the decision that stands; the entry, and what the ledger said until then."""
    with opened_ledger(home_folder(options.home)) as ledger:
        ledger.verify()
        decision = last_decision(of.chain, ledger)
        is_known = decision is not None and decision.policy_digest == load_policy(options.policy).digest
        plan = progress_of(decision, options, ledger).plan if decision is not None and is_known else None
        return reopen(of.chain, happening, ledger, in_force=plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Why an incident is over, and whose key says so, as what."""

    because: str
    role: SignerRole
    key: str  # a holder, or how a fingerprint begins
    passphrase: str


def close_incident(of: Of, number: int, closing: Closing, options: Options) -> Entry:
    """Close an incident, signed by somebody who may approve."""
    ring = keyring(options)
    known = ring.find(closing.key)
    by = Closer(known=known, role=closing.role, make=ring.signer(known, closing.passphrase))
    with opened_ledger(home_folder(options.home)) as ledger:
        ledger.verify()
        return close(of.chain, number, closing.because, by, keys=ring, ledger=ledger)


def list_incidents(of: Of, options: Options) -> tuple[Incident, ...]:
    """The incidents of a candidate."""
    with opened_ledger(home_folder(options.home)) as ledger:
        return incidents(of.chain, ledger, keyring(options))


def diff_words(one: str, other: str, options: Options) -> Difference:
    """What differs between two candidates, each a path or NAME@VERSION of the ledger."""
    with opened_ledger(home_folder(options.home)) as ledger:
        sides = [_version(word, ledger) for word in (one, other)]
    return diff(sides[0], sides[1], load_policy(options.policy), all_cards())


def _version(word: str, ledger: Ledger) -> Version:
    path = Path(word)
    if word and path.exists():
        return version_of(open_candidate(path).candidate, ledger)
    name, at, wanted = word.rpartition("@")
    if not at or not name:
        raise Unusable(
            _("cannot compare {word}").format(word=word), _("there is no such path, and it is not NAME@VERSION"),
            "weighbridge ledger show",
        )  # fmt: skip
    return sealed_version(name, wanted, ledger)


def publish_record(out: Path, options: Options) -> int:
    """Write the public record of a ledger into a folder that is new or empty; the number of decisions in it.

    Raises
    ------
    Unusable
        For a folder that holds anything: what an earlier record said would stay beside the new one.
    LedgerBroken
        Before anything is written.
    """
    home = home_folder(options.home)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Unusable(
            _("cannot write the record to {path}").format(path=out), _("it is no empty folder"),
            _("name a new one: weighbridge publish-record -o DIR"),
        )  # fmt: skip
    now = SystemClock().now()
    with opened_ledger(home) as ledger:
        ledger.verify()
        found = publish(ledger, keyring(options), now, policy=load_policy(options.policy), cards=all_cards())
    out.mkdir(parents=True, exist_ok=True)
    for file in render_publication(found, when=now.strftime("%Y-%m-%d %H:%M UTC"), version=version()):
        (out / file.name).write_bytes(file.data)
    return len(found.decisions)
