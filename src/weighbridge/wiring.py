"""Where ports meet adapters, and probes and questions are found. Nobody else joins them."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import cast

from weighbridge.adapters.bench import Yard, make_bench
from weighbridge.adapters.door import Opened, open_candidate
from weighbridge.adapters.engines.local import fold_here
from weighbridge.adapters.engines.spark import SparkRunner
from weighbridge.adapters.formats.price_shelf import read_prices
from weighbridge.adapters.languages.registry import folder_digest, open_registry
from weighbridge.adapters.ledger.sqlite import FILE as LEDGER_FILE
from weighbridge.adapters.ledger.sqlite import SqliteLedger, open_ledger
from weighbridge.adapters.opening import Allowed
from weighbridge.adapters.spill import spill_folder
from weighbridge.adapters.warehouses.address import Address
from weighbridge.adapters.warehouses.candidate import candidate_of
from weighbridge.adapters.warehouses.table import open_warehouse_table
from weighbridge.app.admit import Witness, admit, testify
from weighbridge.app.answer import Hearing, asserted, facts, stands
from weighbridge.app.cite import cite, contested
from weighbridge.app.import_report import with_imported
from weighbridge.app.recommend import as_measured, last_evidence, recommend, seal, with_earlier
from weighbridge.app.weigh import Hands, Request, Settings, measurable, settle, weigh, with_predecessors
from weighbridge.catalogue import all_cards, find_cards, find_packs, find_probes, find_questions, load_policy
from weighbridge.core.candidate import Candidate, Declared
from weighbridge.core.canon import Plain
from weighbridge.core.card import Shelf
from weighbridge.core.errors import NotSettled, Unusable, WeighbridgeError
from weighbridge.core.evidence import Asked, Evidence, Measured, Silent, is_imported
from weighbridge.core.ports import Pointer, Watcher
from weighbridge.core.tradeoffs import Comparison
from weighbridge.core.weighing import Weighing
from weighbridge.core.wording import _
from weighbridge.planning import Planning, plans_for
from weighbridge.policy.rules import Policy
from weighbridge.probekit.languages import Language
from weighbridge.probekit.ports import Bench, LoadedProbe
from weighbridge.report.languages import LanguageTable, language_table

HOME = "WEIGHBRIDGE_HOME"


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present, UTC."""
        return datetime.now(UTC)


class Silence:
    """A watcher that says nothing."""

    def starts(self, probe: str) -> None:
        """Say nothing."""

    def progress(self, probe: str, done: int, of: int, unit: str) -> None:
        """Say nothing."""

    def ends(self, evidence: Evidence, *, seconds: float, reused: bool) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a candidate is weighed; what a caller leaves out is as the command line has it."""

    home: Path | None = None
    policy: Path | None = None
    probes: tuple[str, ...] = ()  # slugs; empty: all
    overrides: tuple[tuple[str, Settings], ...] = ()
    seed: int = 0
    budget_seconds: float = 600.0
    reveal: bool = False
    allowed: Allowed = field(default_factory=Allowed)
    prices: Path | None = None  # a shelf of prices in place of the shipped one
    language_data: Path | None = None  # folder with LinguaMeta's and WALS' tables
    engine: str = ""  # where folds run: local[N] or spark://HOST:PORT; empty: worker processes of this machine
    declared: Declared = field(default_factory=Declared)  # of a table in a database, which has no candidate file


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A weighing with what is kept out of it.

    Faults of the input, pointers into the owner's files, the ledger's head.
    """

    weighing: Weighing
    faults: tuple[WeighbridgeError, ...] = ()
    pointers: tuple[Pointer, ...] = ()
    ledger_head: str = ""
    seed: int = 0


def home_folder(given: Path | None = None) -> Path:
    """Where all output goes: what was given, else WEIGHBRIDGE_HOME, else ./.weighbridge."""
    return given or Path(os.environ.get(HOME) or ".weighbridge")


def environment() -> dict[str, Plain]:
    """What a measurement ran on: kept in the ledger's entries, outside every digest of evidence."""
    return {
        "weighbridge": version(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
    }


def version() -> str:
    """The installed version."""
    return metadata.version("weighbridge")


@contextmanager
def opened_ledger(home: Path, *, engine: str = "") -> Iterator[SqliteLedger]:
    """The ledger below a home; `engine` is where rows are read, if not in processes of this machine."""
    ran_on: Plain = {**environment(), **({"engine": engine} if engine else {})}
    with open_ledger(home, SystemClock(), ran_on) as ledger:
        yield ledger


def weigh_path(path: Path | Address, options: Options | None = None, watcher: Watcher | None = None) -> Result:
    """Weigh what lies at a path, or a table in a database: the whole way from there to a recommendation."""
    options, watcher = options or Options(), watcher or Silence()
    with _weighing(path, options) as at:
        chosen = with_predecessors(options.probes, find_probes()) if options.probes else find_probes()
        weighed = weigh(_request(at, chosen, options), _hands(at, watcher))
        evidence = weighed.evidence
        if options.probes:  # some probes were run again, and what the others found of these very bytes still holds
            evidence = with_earlier(evidence, last_evidence(at.opened.candidate, at.ledger))
        made = _recommended(at.opened, evidence, at.policy, at.ledger)
        candidate = made.candidate
        seal(made, at.ledger)
        head = at.ledger.head(candidate.name)
    return Result(
        weighing=made, faults=weighed.faults, pointers=tuple(at.yard.pointers), ledger_head=head, seed=options.seed
    )


def measure_path(path: Path, slugs: tuple[str, ...], options: Options) -> tuple[Candidate, tuple[Evidence, ...]]:
    """Run these probes on what lies at a path, or take what they found before; nothing is recommended by that."""
    with _weighing(path, options) as at:
        chosen = with_predecessors(slugs, find_probes())
        weighed = weigh(_request(at, chosen, options), _hands(at, Silence()))
        return at.opened.candidate, weighed.evidence


@contextmanager
def opened_bench(
    path: Path, slug: str, options: Options, watcher: Watcher | None = None
) -> Iterator[tuple[Bench, Settings]]:
    """The bench that this probe would get for what lies at a path, and its settings there; nothing is sealed."""
    with _weighing(path, options) as at:
        loaded = tuple(probe for probe in find_probes() if probe.card.slug == slug)
        settings = settle(_request(at, loaded, options))[slug]
        bench = make_bench(
            at.yard, candidate=measurable(at.opened.candidate), probe=slug, seed=options.seed,
            budget_seconds=options.budget_seconds, evidence={}, tell=(watcher or Silence()).progress,
        )  # fmt: skip
        yield bench, settings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighing:
    """A weighing under way: the candidate at the door, its ledger held, its yard open."""

    opened: Opened
    ledger: SqliteLedger
    yard: Yard
    policy: Policy


@contextmanager
def _weighing(place: Path | Address, options: Options) -> Iterator[_Weighing]:
    home = home_folder(options.home)
    opened = None
    if isinstance(place, Path):
        check_home(home, place)
        opened = open_candidate(place)
    policy = load_policy(options.policy)
    name = opened.candidate.name if opened else cast("Address", place).label
    engine = options.engine if opened else cast("Address", place).engine
    with (
        opened_ledger(home, engine=engine) as ledger, ledger.weighing_lock(name), spill_folder(home, name) as spill,
        closing(_yard(opened or cast("Address", place), options, spill)) as yard,
    ):  # fmt: skip
        _admit(yard.opened, ledger)
        yield _Weighing(opened=yard.opened, ledger=ledger, yard=yard, policy=policy)


def _yard(at: Opened | Address, options: Options, spill: Path) -> Yard:
    remote = None
    if isinstance(at, Address):
        remote = open_warehouse_table(
            at, declared=options.declared, seconds=options.budget_seconds, spill=spill
        )  # fmt: skip
    run = SparkRunner(options.engine, folder=spill) if options.engine and remote is None else fold_here
    return Yard(
        opened=candidate_of(remote) if remote else cast("Opened", at), spill=spill, allowed=options.allowed,
        kept=home_folder(options.home) / "served", prices=read_prices(options.prices),
        language_data=options.language_data, run=run, remote=remote,
    )  # fmt: skip


def _request(at: _Weighing, probes: tuple[LoadedProbe, ...], options: Options) -> Request:
    return Request(
        candidate=at.opened.candidate,
        probes=probes,
        overrides=options.overrides,
        seed=options.seed,
        budget_seconds=options.budget_seconds,
        reuse=not options.reveal,  # pointers are never sealed, so they exist only while a probe runs
        policy=at.policy,
        under=options.allowed.told(at.opened.candidate),
        shelves=((Shelf.PRICES, at.yard.prices.digest),),
        language_data=folder_digest(options.language_data),
    )


def _hands(at: _Weighing, watcher: Watcher) -> Hands:
    return Hands(
        open_bench=partial(_open_bench, at.yard, at.opened, watcher),
        ledger=at.ledger,
        clock=SystemClock(),
        watcher=watcher,
        check_unchanged=at.yard.check_unchanged,
    )


def recommend_path(path: Path, options: Options | None = None) -> Result:
    """Judge what was sealed before for what lies at a path; nothing is measured.

    Raises
    ------
    NotSettled
        Where these bytes were never weighed.
    """
    options = options or Options()
    home = home_folder(options.home)
    check_home(home, path)
    opened = open_candidate(path)
    policy = load_policy(options.policy)
    with opened_ledger(home) as ledger:
        evidence = last_evidence(opened.candidate, ledger)
        if not evidence:
            raise NotSettled(
                _("{name} was not weighed yet").format(name=opened.candidate.name),
                _("the ledger holds no weighing of the bytes that lie there now, and of what is declared of them now"),
                f"weighbridge weigh {path}",
            )
        testify(opened.candidate, _witness(opened), ledger)
        seed = next((e.asked.seed for e in evidence if not is_imported(e.probe)), 0)
        made = _recommended(opened, evidence, policy, ledger)
        seal(made, ledger)
        head = ledger.head(opened.candidate.name)
    return Result(weighing=made, ledger_head=head, seed=seed)


def plans_path(path: Path, options: Options | None = None, planning: Planning | None = None) -> Comparison:
    """Compare the plans there are for what lies at a path, from what was sealed before; nothing is measured."""
    weighing = recommend_path(path, options).weighing
    return plans_for(weighing, planning, today=SystemClock().now().date().isoformat())


def languages_path(path: Path, options: Options | None = None) -> LanguageTable | None:
    """The table of languages, from what was sealed before; None where no language is known of the candidate.

    Raises
    ------
    NotSettled
        Where these bytes were never weighed.
    """
    options = options or Options()
    weighing = recommend_path(path, options).weighing
    return language_table(weighing.candidate, weighing.evidence, all_cards(), recorded(weighing, options))


def recorded(weighing: Weighing, options: Options) -> dict[str, Language]:
    """What is recorded of the languages that the evidence is about; nothing where the packages for it are missing."""
    quantities = (q for e in weighing.evidence if isinstance(e.outcome, Measured) for q in e.outcome.quantities)
    tags = {q.at("language") or "" for q in quantities} - {""}
    if not tags:
        return {}
    try:
        registry = open_registry(options.language_data)
    except Silent:
        return {}
    found = {tag: registry.find(tag) for tag in sorted(tags)}
    return {tag: language for tag, language in found.items() if language is not None}


def check_home(home: Path, path: Path) -> None:
    """A home that came with a candidate is not ours: its evidence would be that of whoever made the candidate.

    Ours is readable by its owner alone; what was cloned, unpacked by default or downloaded is not.
    """
    ledger = home / LEDGER_FILE
    folder = path if path.is_dir() else path.parent
    if not ledger.is_file() or not home.resolve().is_relative_to(folder.resolve()):
        return
    status = ledger.stat()
    if status.st_mode & 0o077 or status.st_uid != os.geteuid():
        raise Unusable(
            _("the ledger in {home} may have come with the candidate").format(home=home),
            _("others can read or write it, and a ledger that weighbridge makes is for its owner alone"),
            _("weigh with a home of your own: --home DIR; or, if you made it: chmod 600 {file}").format(file=ledger),
        )


def _admit(opened: Opened, ledger: SqliteLedger) -> None:
    admit(opened.candidate, ledger)
    testify(opened.candidate, _witness(opened), ledger)


def _recommended(opened: Opened, evidence: tuple[Evidence, ...], policy: Policy, ledger: SqliteLedger) -> Weighing:
    """The recommendation on this evidence, on what was imported and on what people answered, as far as it counts."""
    candidate = as_measured(opened.candidate, evidence)
    hearings = _heard(candidate, ledger)
    candidate = replace(candidate, answers=facts(hearings), asserted=asserted(hearings))
    evidence = with_imported(evidence, candidate, ledger)
    doubted = () if candidate.triage == opened.candidate.triage else (_DOUBTED,)
    return recommend(candidate, evidence, policy, all_cards(), guesses=(*opened.guesses, *doubted))


_DOUBTED = (
    "a table in it is about people, so that the answer that none of it is does not count; where that is wrong, say so "
    "at the artefact: about_people = false"
)


def heard(candidate: Candidate, ledger: SqliteLedger) -> tuple[Hearing, ...]:
    """How the questions of the interview stand, held against each other and against the rule packs of today."""
    return _heard(as_measured(candidate, last_evidence(candidate, ledger)), ledger)


def _heard(candidate: Candidate, ledger: SqliteLedger) -> tuple[Hearing, ...]:
    alone = stands(candidate, find_questions(), ledger)
    told = replace(candidate, answers=facts(alone))
    return contested(alone, cite(find_packs(), told, SystemClock().now().date()))


def _witness(opened: Opened) -> Witness:
    said = opened.source.triage
    return Witness(name=said.answered_by, role=said.role, reason=said.reason)


def _open_bench(yard: Yard, opened: Opened, watcher: Watcher, asked: Asked, done: Mapping[str, Evidence]) -> Bench:
    card = next(card for card in find_cards() if card.slug == asked.probe)
    return make_bench(
        yard,
        candidate=measurable(opened.candidate, card.declarations),
        probe=asked.probe,
        seed=asked.seed,
        budget_seconds=asked.budget_seconds,
        evidence={slug: done[slug] for slug, _digest in asked.after},
        tell=watcher.progress,
        reads_prices=Shelf.PRICES in card.shelves,
    )
