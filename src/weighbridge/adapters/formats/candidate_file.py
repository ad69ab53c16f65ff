"""`weighbridge.toml`: what the owner says of a candidate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Annotated

from weighbridge.adapters.languages.tags import canonical, nearest, said
from weighbridge.core.candidate import (
    Belonging,
    Claims,
    Component,
    Declared,
    Misuse,
    Role,
    Said,
    Scalar,
    Subject,
    Triage,
)
from weighbridge.core.canon import Digest, Plain
from weighbridge.core.errors import Fault, Faulty, nearest_hint
from weighbridge.core.plans import Plan, Slice, Worth, worth_faults
from weighbridge.core.replication import Replication, doubts
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import Reading, schema
from weighbridge.core.stages import Stage
from weighbridge.core.toml import locate, parse
from weighbridge.core.wording import _
from weighbridge.core.worth import Actor, Alternative, Benefit, Substitute

FILE_NAME = "weighbridge.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactEntry(Declared):
    """`[[artefact]]`: a file, a folder or a pattern, its role, and what is in it."""

    role: Annotated[Role, "what it is in the candidate"]
    path: Annotated[str, "file, folder or pattern, relative to this file"]
    component: Annotated[
        Belonging | None, 'component it is released with, or "evidence-only"; left out: as its role says'
    ] = None

    @property
    def declared(self) -> Declared:
        """What is said of the inside alone."""
        return Declared(**{f.name: getattr(self, f.name) for f in fields(Declared)})


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageEntry:
    """`[triage]`: the answers, and who gave them. Name and reason go to the erasable store, not into the record."""

    about_people: Annotated[Said, "is any of it about people?"] = Said.UNKNOWN
    private: Annotated[Said, "is any of it private, or was it given in confidence?"] = Said.UNKNOWN
    harm: Annotated[Said, "could anyone be persecuted or hurt by what it shows or does?"] = Said.UNKNOWN
    generates: Annotated[Said, "does it generate text, images, sound or other content?"] = Said.UNKNOWN
    identifies: Annotated[Said, "does it identify people or places?"] = Said.UNKNOWN
    languages: Annotated[tuple[str, ...], "languages it is in and will be used in (BCP 47)"] = ()
    answered_by: Annotated[str, "who answered; a pseudonym will do"] = ""
    role: Annotated[str, "in which role"] = ""
    reason: Annotated[str, "why"] = ""

    @property
    def triage(self) -> Triage:
        """The answers alone."""
        return Triage(**{f.name: getattr(self, f.name) for f in fields(Triage)})


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseEntry:
    """`[base]`: the public model that the candidate comes from."""

    name: Annotated[str, "its public name"] = ""
    path: Annotated[str, "its folder, relative to this file"] = ""
    digest: Annotated[Digest | None, "its digest, where the folder is not at hand"] = None
    licence: Annotated[str, "its licence, an SPDX identifier"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntry:
    """`[[plan]]`: a plan of yours, beside the standard ones."""

    name: Annotated[str, "a slug"]
    rungs: Annotated[tuple[tuple[str, Rung], ...], "a rung for every released component"]
    says: Annotated[str, "in one sentence"] = ""
    stage: Annotated[tuple[Stage, ...], "what opens later, by which criteria"] = ()
    slice: Annotated[Slice | None, "a part that goes out first on its own: a smaller size, some languages"] = None
    proposed: Annotated[bool, "this is the one you propose"] = False

    @property
    def plan(self) -> Plan:
        """The plan alone."""
        return Plan(name=self.name, rungs=self.rungs, says=self.says, stages=self.stage, slice=self.slice)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFile:
    """The whole file."""

    name: Annotated[str, "one chain of the ledger bears this name"]
    artefact: tuple[ArtefactEntry, ...]
    version: str = "1"
    purpose: Annotated[str, "what it is for"] = ""
    audience: Annotated[str, "whom it is for"] = ""
    licence: Annotated[str, "the licence it shall be released under, an SPDX identifier"] = ""
    languages: Annotated[tuple[str, ...], "languages it is claimed to work in (BCP 47)"] = ()
    data_sources: Annotated[tuple[str, ...], "where its data came from"] = ()
    triage: TriageEntry = TriageEntry()
    misuse: Annotated[tuple[Misuse, ...], "uses that somebody would be hurt by, and in which languages"] = ()
    base: BaseEntry | None = None
    served: Annotated[
        Subject | None,
        "what is asked where it is served, causal-lm or classifier; the address is only ever taken from --served",
    ] = None
    plan: Annotated[
        tuple[tuple[str, Rung], ...] | tuple[PlanEntry, ...],
        "[plan]: the rung you propose for each component; or [[plan]], several plans to be compared",
    ] = ()
    probes: Annotated[tuple[tuple[str, tuple[tuple[str, Scalar], ...]], ...], "settings by probe"] = ()
    replication: Annotated[Replication | None, "how it was made, so that the cost of making it again can be told"] = (
        None
    )

    actor: Annotated[tuple[Actor, ...], "who may misuse it; left out: those of the shelf, all of them assumed"] = ()
    substitute: Annotated[tuple[Substitute, ...], "what else serves the same misuse"] = ()
    benefit: Annotated[tuple[Benefit, ...], "whom it serves, in units of their own"] = ()
    alternative: Annotated[tuple[Alternative, ...], "work close to this one that may do more good"] = ()

    @property
    def plans(self) -> tuple[PlanEntry, ...]:
        """The plans of `[[plan]]`; none where there is one `[plan]`."""
        return tuple(entry for entry in self.plan if isinstance(entry, PlanEntry))

    @property
    def proposed(self) -> tuple[tuple[str, Rung], ...]:
        """The rungs that the owner proposes."""
        if not self.plans:
            return tuple(entry for entry in self.plan if not isinstance(entry, PlanEntry))
        return next((entry.rungs for entry in self.plans if entry.proposed), ())

    @property
    def worth(self) -> Worth:
        """What is declared of worth: who may misuse it, what else there is, whom it serves, which plans there are."""
        return Worth(
            actors=self.actor,
            substitutes=self.substitute,
            benefits=self.benefit,
            plans=tuple(entry.plan for entry in self.plans),
            alternatives=self.alternative,
        )

    @property
    def claims(self) -> Claims:
        """What the owner says of the whole."""
        return Claims(
            purpose=self.purpose,
            audience=self.audience,
            languages=self.languages,
            data_sources=self.data_sources,
            licence=self.licence,
        )


def parse_candidate(text: str, *, file: str) -> CandidateFile:
    """Read a candidate file.

    Raises
    ------
    Faulty
        With all of its faults: file, line, key, and the nearest known key.
    """
    fix = "mend the lines named; `weighbridge schema candidate` prints what is known"
    made = parse(CandidateFile, text, file=file, fix=fix)
    lines = locate(text)
    faults = [
        Fault(file=file, line=lines.get(("plan", name), lines.get(("plan",), 0)), key=f"plan.{name}", says=says)
        for name, says in _plan_faults(made)
    ]
    reading = Reading(file=file, lines=lines)
    for doubt in doubts(made.replication) if made.replication else ():
        reading.fault(("replication", *doubt.path), doubt.says)
    for path, says in worth_faults(made.worth, [component.value for component in Component]):
        reading.fault(path, says)
    if sum(entry.proposed for entry in made.plans) > 1:
        reading.fault(("plan",), "holds more than one that is proposed")
    faults += reading.faults
    if not made.artefact:
        faults.append(
            Fault(file=file, line=0, key="artefact", says="names nothing: at least one [[artefact]] is needed")
        )
    if made.served not in (None, Subject.CAUSAL_LM, Subject.CLASSIFIER):
        line = lines.get(("served",), 0)
        faults.append(Fault(file=file, line=line, key="served", says="is causal-lm or classifier, or left out"))
    for n, misuse in enumerate(made.misuse):
        if not misuse.says.strip():
            line = lines.get(("misuse", n), lines.get(("misuse",), 0))
            faults.append(
                Fault(file=file, line=line, key="misuse.says", says="is empty: name the misuse in a sentence")
            )
    if not made.name.strip():
        faults.append(Fault(file=file, line=lines.get(("name",), 0), key="name", says="is empty"))
    faults += [
        Fault(file=file, line=lines.get(keys, lines.get(keys[:1], 0)), key=".".join(map(str, keys)), says=says)
        for keys, says in _tag_faults(made)
    ]
    if faults:
        raise Faulty(f"cannot use {file}", faults, fix)
    return _with_canonical_tags(made)


def _tag_faults(made: CandidateFile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is named as a language and is none."""
    named: list[tuple[tuple[str | int, ...], tuple[str, ...]]] = [
        (("languages",), made.languages),
        (("triage", "languages"), made.triage.languages),
        *((("misuse", n, "languages"), misuse.languages) for n, misuse in enumerate(made.misuse)),
        *((("artefact", n, "language"), (entry.language,)) for n, entry in enumerate(made.artefact) if entry.language),
    ]
    for keys, tags in named:
        for tag in tags:
            if not said(tag):
                yield keys, _("has {tag!r}, which is no language; {hint}").format(tag=tag, hint=nearest(tag))


def _with_canonical_tags(made: CandidateFile) -> CandidateFile:
    """The same, with one spelling for each language, so that what is claimed and what is measured meet."""
    return replace(
        made,
        languages=_canonical(made.languages),
        triage=replace(made.triage, languages=_canonical(made.triage.languages)),
        misuse=tuple(replace(misuse, languages=_canonical(misuse.languages)) for misuse in made.misuse),
        artefact=tuple(replace(entry, language=canonical(entry.language)) for entry in made.artefact),
    )


def _canonical(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(said, tags)))


def candidate_schema() -> dict[str, Plain]:
    """JSON Schema of the file."""
    return schema(CandidateFile, "weighbridge.toml")


def _plan_faults(made: CandidateFile) -> list[tuple[str, str]]:
    known = [component.value for component in Component]
    return [
        (name, f"is no component; {nearest_hint(name, known)}")
        for name, _ in made.proposed
        if not made.plans and name not in known
    ]


def belongs_by_default(role: Role, *, has_weights: bool) -> Belonging:
    """The component of a role where nobody said otherwise; what goes out with the rest goes with its main component."""
    main = Belonging.WEIGHTS if has_weights else Belonging.DATA
    return {
        Role.WEIGHTS: Belonging.WEIGHTS,
        Role.TOKENIZER: Belonging.WEIGHTS,
        Role.DATA: Belonging.DATA,
        Role.TRAIN_DATA: Belonging.TRAIN_DATA,
        Role.CODE: Belonging.CODE,
        Role.RECIPE: Belonging.CODE,
        Role.PAPER: Belonging.PAPER,
        Role.DETECTOR: Belonging.DETECTOR,
        Role.SAMPLES: Belonging.SAMPLES,
        Role.CARD: main,
        Role.LICENCE: main,
    }.get(role, Belonging.EVIDENCE_ONLY)
