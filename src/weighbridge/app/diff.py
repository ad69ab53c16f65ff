"""Diff: tell two versions apart, and which findings what has changed may touch. Nothing is measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from weighbridge.core.bodies import standing_from
from weighbridge.core.candidate import Candidate, Declared, Role
from weighbridge.core.canon import Digest, Plain
from weighbridge.core.card import Card
from weighbridge.core.errors import Unusable
from weighbridge.core.findings import Standing
from weighbridge.core.ports import Entry, Kind, Ledger
from weighbridge.core.shape import plain
from weighbridge.core.wording import _
from weighbridge.policy.rules import Policy, Rule


class Change(StrEnum):
    """What became of a file."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"  # the same bytes under another label


class State(StrEnum):
    """How a rule stood when a version was judged."""

    BREACHED = "breached"
    OPEN = "not yet answered"
    NO_LIMIT = "no limit"  # it takes nothing away
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One artefact of a version; `declared` is None where the ledger alone is asked, which does not hold it."""

    label: str
    digest: Digest
    role: str
    belongs: str
    declared: Declared | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One side. `claims` is None where the ledger alone is asked; `standings` is None where it was never judged."""

    name: str
    version: str
    digest: Digest
    reading: Digest
    files: tuple[File, ...]
    claims: Plain
    policy_digest: Digest | None
    standings: tuple[Standing, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file that is not the same on both sides."""

    change: Change
    label: str
    was: str  # label before, for what was moved; else empty
    role: str
    what: tuple[str, ...]  # "bytes", "role", "component", and names of declarations


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A rule that may come out otherwise, or did."""

    rule: str
    probe: str  # empty: it watches an answer
    because: tuple[str, ...]  # labels of the files its probe takes in; empty: no file of it has changed
    before: State
    after: State

    @property
    def differs(self) -> bool:
        """Whether both sides were judged, and it came out otherwise."""
        return self.before is not self.after and State.NOT_JUDGED not in (self.before, self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that differs between two versions."""

    one: str
    other: str
    files: tuple[FileChange, ...]
    claims: tuple[str, ...]  # names of claims, triage questions and the like that differ
    claims_known: bool  # False: a side comes from the ledger, which holds no claims
    reading_differs: bool
    policies_differ: bool
    touched: tuple[Touched, ...]

    @property
    def is_none(self) -> bool:
        """Whether nothing differs."""
        return not (self.files or self.claims or self.reading_differs or any(t.differs for t in self.touched))


def version_of(candidate: Candidate, ledger: Ledger) -> Version:
    """A candidate that lies there, with how it was last judged."""
    entry = _judged(candidate.name, candidate.digest, candidate.reading, ledger)
    claims = {
        **{f"claims.{key}": value for key, value in _table(plain(candidate.claims)).items()},
        **{f"triage.{key}": value for key, value in _table(plain(candidate.triage)).items()},
        "base": plain(candidate.base), "plan": plain(candidate.plan), "probes": plain(candidate.probes),
        "served": plain(candidate.served), "subjects": plain(candidate.subjects),
        "replication": plain(candidate.replication), "worth": plain(candidate.worth),
    }  # fmt: skip
    return Version(
        name=candidate.name, version=candidate.version, digest=candidate.digest, reading=candidate.reading,
        files=tuple(
            File(label=a.label, digest=a.digest, role=a.role.value, belongs=a.belongs.value, declared=a.declared)
            for a in candidate.artefacts
        ),
        claims=claims, policy_digest=_policy_of(entry), standings=_standings(entry),
    )  # fmt: skip


def sealed_version(name: str, version: str, ledger: Ledger) -> Version:
    """The last candidate of this version in the ledger.

    Raises
    ------
    Unusable
        Where there is none.
    """
    known: list[dict[str, Plain]] = [
        dict(e.body) for e in ledger.entries(name) if e.kind is Kind.CANDIDATE and isinstance(e.body, dict)
    ]
    found = [body for body in known if version in (body.get("version"), body.get("digest"))]
    if not found:
        versions = sorted({str(body.get("version")) for body in known})
        why = _("its versions there: {versions}").format(versions=", ".join(versions)) if versions else (
            _("nothing of that name is there")
        )  # fmt: skip
        raise Unusable(
            _("the ledger has no {name} of version {version}").format(name=name, version=version), why,
            "weighbridge ledger show",
        )  # fmt: skip
    body = found[-1]
    digest, reading = Digest(str(body["digest"])), Digest(str(body["reading"]))
    rows = body.get("artefacts")
    entry = _judged(name, digest, reading, ledger)
    return Version(
        name=name, version=str(body["version"]), digest=digest, reading=reading,
        files=tuple(
            File(
                label=str(row["label"]), digest=Digest(str(row["digest"])), role=str(row["role"]),
                belongs=str(row["belongs"]), declared=None,
            )
            for row in (rows if isinstance(rows, list) else ())
            if isinstance(row, dict)
        ),
        claims=None, policy_digest=_policy_of(entry), standings=_standings(entry),
    )  # fmt: skip


def diff(one: Version, other: Version, policy: Policy, cards: Iterable[Card]) -> Difference:
    """What differs, and which rules of the policy it may touch.

    A rule that watches a number may be touched where a file has changed that its probe takes in: one of the roles that
    its card needs or wants, any file where the card names none. Where declarations differ and it cannot be told whose,
    every rule that watches a number may be.
    """
    changes = _changes(one.files, other.files)
    claims_known = one.claims is not None and other.claims is not None
    reading_differs = one.reading != other.reading
    of_all = reading_differs and not any(set(change.what) - {"bytes"} for change in changes)
    by_slug = {card.slug: card for card in cards}
    touched = []
    for rule in policy.rule:
        because = _because(rule, changes, by_slug)
        before, after = _state(rule, one), _state(rule, other)
        made = Touched(
            rule=rule.slug, probe=rule.watch.probe if rule.watch else "", because=because, before=before, after=after
        )
        if because or made.differs or (of_all and rule.watch):
            touched.append(made)
    told = (_table(one.claims), _table(other.claims)) if claims_known else ({}, {})
    return Difference(
        one=f"{one.name} {one.version}", other=f"{other.name} {other.version}", files=changes,
        claims=tuple(sorted(key for key in told[0] if told[0][key] != told[1].get(key))), claims_known=claims_known,
        reading_differs=reading_differs, touched=tuple(touched),
        policies_differ=None not in (one.policy_digest, other.policy_digest)
        and one.policy_digest != other.policy_digest,
    )  # fmt: skip


def _changes(before: Sequence[File], after: Sequence[File]) -> tuple[FileChange, ...]:
    old, new = {f.label: f for f in before}, {f.label: f for f in after}
    gone = {label: f for label, f in old.items() if label not in new}
    made = []
    for label in sorted({*old, *new}):
        if label in old and label in new:
            if what := _what(old[label], new[label]):
                made.append(_change(Change.CHANGED, new[label], what=what))
        elif label in new:
            source = next((f for f in gone.values() if f.digest == new[label].digest), None)
            if source is None:
                made.append(_change(Change.ADDED, new[label]))
            else:
                del gone[source.label]
                made.append(_change(Change.MOVED, new[label], was=source.label, what=_what(source, new[label])))
    return tuple(sorted((*made, *(_change(Change.REMOVED, f) for f in gone.values())), key=lambda c: c.label))


def _change(change: Change, file: File, *, was: str = "", what: tuple[str, ...] = ()) -> FileChange:
    return FileChange(change=change, label=file.label, was=was, role=file.role, what=what)


def _what(one: File, other: File) -> tuple[str, ...]:
    pairs = (("bytes", one.digest, other.digest), ("role", one.role, other.role),
             ("component", one.belongs, other.belongs))  # fmt: skip
    what = [name for name, was, now in pairs if was != now]
    if one.declared is not None and other.declared is not None:
        what += [f.name for f in fields(Declared) if getattr(one.declared, f.name) != getattr(other.declared, f.name)]
    return tuple(what)


def _because(rule: Rule, changes: Sequence[FileChange], cards: dict[str, Card]) -> tuple[str, ...]:
    if rule.watch is None:
        return ()
    roles = _roles(rule.watch.probe, cards, frozenset())
    return tuple(c.label for c in changes if not roles or c.role in roles or "role" in c.what)


def _roles(slug: str, cards: dict[str, Card], seen: frozenset[str]) -> frozenset[Role]:
    """Roles that a probe, and those whose evidence it reads, take in; none: whatever there is."""
    card = cards.get(slug)
    if card is None or slug in seen:
        return frozenset()
    below = [_roles(name, cards, seen | {slug}) for name in card.after]
    own = frozenset((*card.needs, *card.wants))
    return own.union(*below) if own and all(below) else frozenset()


def _state(rule: Rule, version: Version) -> State:
    if version.standings is None:
        return State.NOT_JUDGED
    if any(rule.slug in standing.limits for standing in version.standings):
        return State.BREACHED
    if any(rule.slug in standing.open for standing in version.standings):
        return State.OPEN
    return State.NO_LIMIT


def _judged(name: str, digest: Digest, reading: Digest, ledger: Ledger) -> Entry | None:
    """The last recommendation for these bytes, read so."""
    found = None
    for entry in ledger.entries(name):
        body = entry.body
        if entry.kind is not Kind.RECOMMENDATION or not isinstance(body, dict):
            continue
        if (body.get("candidate"), body.get("reading")) == (digest, reading):
            found = entry
    return found


def _policy_of(entry: Entry | None) -> Digest | None:
    return Digest(str(_table(entry.body)["policy_digest"])) if entry else None


def _standings(entry: Entry | None) -> tuple[Standing, ...] | None:
    if entry is None:
        return None
    rows = _table(entry.body).get("components")
    return tuple(standing_from(row) for row in rows) if isinstance(rows, list) else ()


def _table(value: Plain) -> dict[str, Plain]:
    return dict(value) if isinstance(value, dict) else {}
