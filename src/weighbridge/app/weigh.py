"""Weigh: run every probe that applies, seal what it found, go on where an earlier run stopped."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import PurePath

from weighbridge.core.bodies import evidence_body
from weighbridge.core.candidate import Candidate, Claims, Role, Scalar, Triage
from weighbridge.core.canon import Digest
from weighbridge.core.card import Card, Declaration, Setting, Shelf, declared_digest, declared_key
from weighbridge.core.errors import Fault, Faulty, Unreachable, Unusable, WeighbridgeError, nearest_hint
from weighbridge.core.evidence import (
    Asked,
    Evidence,
    Failed,
    Measured,
    NotApplicable,
    NotMeasured,
    Outcome,
    Silent,
    not_applicable,
    not_measured,
)
from weighbridge.core.plans import UNDECLARED
from weighbridge.core.ports import Clock, Kind, Ledger, Watcher
from weighbridge.core.wording import _, phrase
from weighbridge.policy.crossing import crosses
from weighbridge.policy.rules import Policy
from weighbridge.probekit.folds import FoldBroke
from weighbridge.probekit.ports import Bench, BudgetSpent, LoadedProbe

Settings = tuple[tuple[str, Scalar], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to weigh, and how."""

    candidate: Candidate
    probes: tuple[LoadedProbe, ...]
    overrides: tuple[tuple[str, Settings], ...] = ()  # settings by probe, over those of the candidate file
    seed: int = 0
    budget_seconds: float = 600.0  # nominal, per probe: it fixes sample sizes
    reuse: bool = True  # take evidence from the ledger where the same was asked before
    policy: Policy | None = None  # says while a probe that escalates is to look again; left out: it looks once
    under: tuple[tuple[str, str], ...] = ()  # what the user allowed by name; part of what is asked
    shelves: tuple[
        tuple[Shelf, Digest], ...
    ] = ()  # those that lie ready; part of what a probe is asked that reads them
    language_data: str = ""  # digest of the user's tables on languages, for the probes that read any


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What a weighing works with."""

    open_bench: Callable[[Asked, Mapping[str, Evidence]], Bench]
    ledger: Ledger
    clock: Clock
    watcher: Watcher
    check_unchanged: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The evidence, and the faults of the input that kept a probe from measuring."""

    evidence: tuple[Evidence, ...]
    faults: tuple[WeighbridgeError, ...]


def weigh(request: Request, hands: Hands) -> Weighed:
    """Run the probes in order and seal each outcome as it comes.

    A weighing that is stopped at any moment goes on where it stopped: what was sealed is found again under the digest
    of
    what was asked. Outcomes that depend on the machine (not measured, failed) are tried anew.

    Raises
    ------
    Faulty
        For a setting that no probe has, before anything runs.
    Unusable
        When a file of the candidate changes meanwhile.
    """
    settings = settle(request)
    done: dict[str, Evidence] = {}
    faults: list[WeighbridgeError] = []
    for loaded in in_order(request.probes):
        slug = loaded.card.slug
        for given in looks(loaded.card, settings[slug]):
            found, fault = _look(loaded, given, request, hands, done)
            faults += [fault] if fault else []
            if slug in done and not isinstance(found.outcome, Measured):
                break  # a later look that fails takes nothing away from the earlier one
            done[slug] = found
            if request.policy is None or not crosses(request.policy, request.candidate, found):
                break
    return Weighed(evidence=tuple(done.values()), faults=tuple(faults))


def looks(card: Card, settings: Settings) -> Iterator[Settings]:
    """The settings, then those with each larger value of the setting that escalates, if the card has one."""
    yield settings
    ladder = next((s for s in card.setting if s.escalate), None)
    if ladder is None:
        return
    given = dict(settings)[ladder.name]
    for value in ladder.escalate:
        if isinstance(given, int | float) and value > given:
            yield tuple((name, value if name == ladder.name else old) for name, old in settings)


def _look(
    loaded: LoadedProbe, settings: Settings, request: Request, hands: Hands, done: Mapping[str, Evidence]
) -> tuple[Evidence, WeighbridgeError | None]:
    """One measurement, taken from the ledger or made and sealed; and the fault of the input that silenced it."""
    asked = _asked(request, loaded.card, settings, done)
    sealed = hands.ledger.evidence(request.candidate.name, asked.digest) if request.reuse else None
    if sealed is not None and isinstance(sealed.outcome, Measured | NotApplicable):
        hands.watcher.ends(sealed, seconds=0.0, reused=True)
        return sealed, None
    hands.watcher.starts(loaded.card.slug)
    start = hands.clock.now()
    outcome, fault = _run(loaded, request.candidate, asked, hands, done)
    hands.check_unchanged()
    found = Evidence(asked=asked, outcome=outcome)
    hands.ledger.append(request.candidate.name, Kind.EVIDENCE, evidence_body(found))
    hands.watcher.ends(found, seconds=(hands.clock.now() - start).total_seconds(), reused=False)
    return found, fault


def in_order(probes: Iterable[LoadedProbe]) -> tuple[LoadedProbe, ...]:
    """Predecessors first, then the cheap before the dear, then by slug.

    Raises
    ------
    Unusable
        Where probes wait for each other, or for one that is not there.
    """
    waiting = {p.card.slug: p for p in probes}
    ordered: list[LoadedProbe] = []
    placed: set[str] = set()
    while waiting:
        ready = [p for p in waiting.values() if placed.issuperset(p.card.after)]
        if not ready:
            raise Unusable(
                _("the probes cannot be put in order"),
                _("they wait for each other, or for one that is not there: {slugs}").format(
                    slugs=", ".join(sorted(waiting))
                ),
                _("mend `after` in their probe.toml"),
            )
        chosen = min(ready, key=lambda p: (p.card.cost.typical_minutes, p.card.slug))
        ordered.append(waiting.pop(chosen.card.slug))
        placed.add(chosen.card.slug)
    return tuple(ordered)


def with_predecessors(slugs: Iterable[str], probes: tuple[LoadedProbe, ...]) -> tuple[LoadedProbe, ...]:
    """The probes of these slugs, and those they build on."""
    known = {p.card.slug: p for p in probes}
    wanted, queue = set[str](), list(slugs)
    while queue:
        slug = queue.pop()
        if slug not in known:
            raise Unusable(
                _("there is no probe {slug}").format(slug=slug),
                nearest_hint(slug, known),
                "weighbridge probes list",
            )
        if slug not in wanted:
            wanted.add(slug)
            queue.extend(known[slug].card.after)
    return tuple(p for p in probes if p.card.slug in wanted)


def settle(request: Request) -> dict[str, Settings]:
    """Each probe's settings: its card's defaults, then the candidate file's, then the command's; all faults at once."""
    cards = {p.card.slug: p.card for p in request.probes}
    settled = {slug: dict(card.defaults) for slug, card in cards.items()}
    faults: list[Fault] = []
    for source, layer in (("weighbridge.toml [probes]", request.candidate.probes), ("--set", request.overrides)):
        for slug, values in layer:
            if slug not in cards:
                if source == "--set":
                    faults.append(Fault(file=source, line=0, key=slug, says=nearest_hint(slug, cards)))
                continue  # a candidate file may speak of probes that this run leaves out
            for name, value in values:
                said = _setting_fault(cards[slug], name, value)
                if said:
                    faults.append(Fault(file=source, line=0, key=f"{slug}.{name}", says=said))
                else:
                    settled[slug][name] = float(value) if isinstance(settled[slug][name], float) else value
    if faults:
        raise Faulty(_("cannot use the settings"), faults, "weighbridge probes show SLUG")
    return {slug: tuple(sorted(values.items())) for slug, values in settled.items()}


def _setting_fault(card: Card, name: str, value: Scalar) -> str:
    setting = next((s for s in card.setting if s.name == name), None)
    if setting is None:
        return _("is no setting of this probe; {hint}").format(hint=nearest_hint(name, [s.name for s in card.setting]))
    return _value_fault(setting, value)


def _value_fault(setting: Setting, value: Scalar) -> str:
    wanted = type(setting.default)
    fits = isinstance(value, int | float) and not isinstance(value, bool) if wanted is float else type(value) is wanted
    if not fits:
        kind = {bool: _("true or false"), int: _("a whole number"), float: _("a number"), str: _("a text")}[wanted]
        return _("should be {kind}").format(kind=kind)
    if not isinstance(value, int | float):
        return ""
    if setting.at_least is not None and value < setting.at_least:
        return _("should be at least {bound:g}").format(bound=setting.at_least)
    if setting.at_most is not None and value > setting.at_most:
        return _("should be at most {bound:g}").format(bound=setting.at_most)
    return ""


def measurable(candidate: Candidate, declarations: tuple[Declaration, ...] = ()) -> Candidate:
    """The candidate as a probe sees it: no measurement may depend on what its owner hopes or answers.

    Of what the candidate file declares, a probe sees the sections that its card names.
    """
    shown = Claims(languages=candidate.claims.languages, licence=candidate.claims.licence)
    told = candidate.replication if Declaration.REPLICATION in declarations else None
    return replace(
        candidate, triage=Triage(), claims=shown, plan=(), probes=(), misuses=(), answers=(), asserted=(),
        worth=UNDECLARED, replication=told,
    )  # fmt: skip


def _asked(request: Request, card: Card, settings: Settings, done: Mapping[str, Evidence]) -> Asked:
    return Asked(
        candidate=request.candidate.digest,
        reading=request.candidate.reading,
        probe=card.slug,
        version=card.version,
        settings=settings,
        seed=request.seed,
        budget_seconds=request.budget_seconds,
        after=tuple((slug, done[slug].digest) for slug in sorted(card.after)),
        under=(*request.under, *_read_besides(request, card), *_language_data(request, card)),
    )


def _read_besides(request: Request, card: Card) -> tuple[tuple[str, str], ...]:
    """Digests of the sections and shelves that this probe reads, so that a change in one of them asks anew."""
    shelves = dict(request.shelves)
    return (
        *((declared_key(section), declared_digest(request.candidate, section)) for section in card.declarations),
        *((f"shelf-{shelf.value}", shelves[shelf]) for shelf in card.shelves if shelf in shelves),
    )


def _language_data(request: Request, card: Card) -> tuple[tuple[str, str], ...]:
    """The user's tables on languages, where the probe reads any."""
    reads_any = request.language_data and "languages" in card.extras
    return (("language-data", request.language_data),) if reads_any else ()


def _run(
    loaded: LoadedProbe, candidate: Candidate, asked: Asked, hands: Hands, done: Mapping[str, Evidence]
) -> tuple[Outcome, WeighbridgeError | None]:
    """One probe's outcome, and the fault of the input that silenced it, if one did."""
    try:
        _check_needs(loaded.card, candidate)
        probe = loaded.load()
        given = dict(asked.settings)
        settings = probe.settings(**{f.name: given[f.name] for f in fields(probe.settings)})
        return probe.measure(hands.open_bench(asked, done), settings), None
    except Silent as silent:
        return silent.outcome, None
    except BudgetSpent:
        return NotMeasured(
            because=phrase("the time allowed ran out before the sample was complete"),
            remedy=phrase("allow more: weighbridge weigh DIR --budget {seconds:.0f}", seconds=4 * asked.budget_seconds),
        ), None
    except (Unusable, Unreachable) as fault:
        because = phrase("{what}: {why}", what=_one_line(fault.what), why=_one_line(fault.why))
        return NotMeasured(because=because, remedy=phrase("{fix}", fix=_one_line(fault.fix))), fault
    except (WeighbridgeError, OSError, MemoryError):
        raise
    except FoldBroke as broke:
        return Failed(error=phrase("{kind} in {place}", kind=broke.kind, place=broke.place)), None
    except Exception as error:  # noqa: BLE001  a probe that breaks must not take the others with it
        return Failed(error=phrase("{kind} in {place}", kind=type(error).__name__, place=place_of(error))), None


def _check_needs(card: Card, candidate: Candidate) -> None:
    if not set(card.subjects) & set(candidate.subjects):
        wanted = ", ".join(subject.value for subject in card.subjects)
        not_applicable(phrase("it is about {wanted}, and the candidate holds none", wanted=wanted))
    held = {artefact.role for artefact in candidate.artefacts} | ({Role.WEIGHTS} if candidate.served else set())
    missing = [role.value for role in card.needs if role not in held]
    if missing:
        not_measured(
            phrase("it needs {roles}, and the candidate names none", roles=" and ".join(missing)),
            phrase('add to weighbridge.toml: [[artefact]] role = "{role}" path = "FILE"', role=missing[0]),
        )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def place_of(error: BaseException) -> str:
    """Where an error arose, as file, line and function; never its message, which may quote what it stumbled over."""
    frames = traceback.extract_tb(error.__traceback__)
    return "; ".join(f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in frames[-3:])
