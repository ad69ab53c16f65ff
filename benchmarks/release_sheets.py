"""What could be known of a past release on its day: a sheet of facts by the rules of a codebook.

`evidence/SLUG.toml` holds facts, each with a source and the day it could be known. The tool and the checklist both see
the sheet and no more: `case_of` makes a blind case of it (see `weighbridge.core.case`), `ticks` answers the checklist.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from past_releases import Frame, Release, fault, read_toml, sound, twice
from weighbridge.app.answer import applicable
from weighbridge.catalogue import find_questions
from weighbridge.core.candidate import Candidate, Said, Subject, Triage
from weighbridge.core.case import Case, CaseAnswer, CaseEvidence, faults_within
from weighbridge.core.errors import Fault, nearest_hint
from weighbridge.core.material import Gone

TRIAGE = ("about_people", "private", "harm", "generates", "identifies")
IN_WORDS = ("told", "nobody")  # values of a fact whose answer is words, and of which the words are rows or nobody
MAIN = {"model": "weights", "data": "data"}
FILES = {
    Subject.TABLE: "data.csv",
    Subject.TEXT: "data.txt",
    Subject.UNREAD_DATA: "data.zip",
    Subject.UNTOLD_MODEL: "weights.safetensors",
    Subject.CAUSAL_LM: "weights",
    Subject.CLASSIFIER: "weights",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`[[fact]]`: what is written down of a release, and by what rule."""

    slug: str
    values: tuple[str, ...]
    rule: str
    question: Annotated[str, "the question of the interview that it answers; empty: none"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """`[[item]]`: a line of the checklist, the fact that ticks it, and where it applies."""

    id: str
    says: str
    fact: str
    ticked: tuple[str, ...]
    unticked: tuple[str, ...]
    applies: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """How releases are coded, and what the checklist makes of it."""

    rules: str
    fact: tuple[Fact, ...]
    item: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetEvidence:
    """`[[evidence]]`: what could be known, and the facts that it tells."""

    says: str
    source: str
    on: Annotated[str, "the day it could be known"]
    later: Annotated[bool, "the source was written after the release"] = False
    looked_up: Annotated[bool, "the source was looked up for this sheet, and not cited from memory"] = False
    facts: Annotated[tuple[tuple[str, str], ...], "fact = value"] = ()
    words: Annotated[tuple[tuple[str, str], ...], "fact = rows of its question's table, cells parted by |"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One drawn release on its day."""

    slug: str
    story: tuple[str, ...]
    subject: Subject
    evidence: tuple[SheetEvidence, ...]
    purpose: str = ""
    audience: str = ""
    licence: str = ""
    languages: tuple[str, ...] = ()
    data_sources: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, str]:
        """Every fact with its value."""
        return {fact: value for evidence in self.evidence for fact, value in evidence.facts}

    def without(self, facts: Collection[str], *, later: bool = False) -> Sheet:
        """The sheet as if nobody had told these; `later`: nor what rests on a source written after the release.

        What triage asks is kept: whoever releases something knows whether it is about people.
        """

        def kept(evidence: SheetEvidence, fact: str) -> bool:
            return fact in TRIAGE or not (fact in facts or (later and evidence.later))

        thinner = tuple(
            replace(
                evidence,
                facts=tuple(pair for pair in evidence.facts if kept(evidence, pair[0])),
                words=tuple(pair for pair in evidence.words if kept(evidence, pair[0])),
            )
            for evidence in self.evidence
        )
        return replace(self, evidence=thinner)


def read_codebook(folder: Path) -> Codebook:
    """The codebook, with every fault."""
    path = folder / "codebook.toml"
    codebook = read_toml(Codebook, path)
    known = {fact.slug: fact for fact in codebook.fact}
    faults = list(twice(path.name, [fact.slug for fact in codebook.fact]))
    faults += [fault(path.name, name, "is missing: triage asks for it") for name in TRIAGE if name not in known]
    questions = {question.slug for question in find_questions()}
    for asked in codebook.fact:
        if asked.question and asked.question not in questions:
            faults.append(fault(path.name, asked.slug, f"is no question; {nearest_hint(asked.question, questions)}"))
    for item in codebook.item:
        for name, values in ((item.fact, (*item.ticked, *item.unticked)), *item.applies):
            if name not in known or not set(values) <= set(known[name].values):
                faults.append(fault(path.name, f"item {item.id}", f"asks {name} for what it does not know"))
    return sound(codebook, path, faults)


def read_sheets(folder: Path, drawn: Iterable[str], frame: Frame, codebook: Codebook) -> dict[str, Sheet]:
    """The sheet of each drawn release.

    Raises
    ------
    Faulty
        With the faults of all sheets at once: one that is missing or was not drawn, evidence from after the release or
        without a source, a fact that there is not.
    """
    faults: list[Fault] = []
    sheets: dict[str, Sheet] = {}
    drawn = tuple(drawn)
    for slug in drawn:
        path, release = folder / "evidence" / f"{slug}.toml", frame.named(slug)
        if release is None or not path.is_file():
            faults.append(fault(path.name, slug, "was drawn, and there is no sheet of it"))
            continue
        sheets[slug] = read_toml(Sheet, path)
        faults += [fault(path.name, key, says) for key, says in _wrong(sheets[slug], release, codebook)]
    for path in sorted((folder / "evidence").glob("*.toml")):
        if path.stem not in drawn:
            faults.append(fault(path.name, path.stem, "has a sheet and was not drawn"))
    return sound(sheets, folder / "evidence", faults)


def _wrong(sheet: Sheet, release: Release, codebook: Codebook) -> Iterator[tuple[str, str]]:
    if sheet.slug != release.slug:
        yield "slug", f"is {sheet.slug}, and the file is that of {release.slug}"
    if sheet.subject not in FILES:
        yield "subject", "is none that a release has"
        return
    yield from _wrong_facts(sheet, codebook)
    for path, says in faults_within(_case(sheet, release, ()), blind=True):
        yield ".".join(map(str, path)), says


def _wrong_facts(sheet: Sheet, codebook: Codebook) -> Iterator[tuple[str, str]]:
    known = {fact.slug: fact for fact in codebook.fact}
    said: dict[str, str] = {}
    for evidence in sheet.evidence:
        for fact, value in evidence.facts:
            if fact not in known:
                yield fact, f"is no fact; {nearest_hint(fact, known)}"
            elif value not in known[fact].values:
                yield fact, f"is {value}; {nearest_hint(value, known[fact].values)}"
            if said.setdefault(fact, value) != value:
                yield fact, "has two values"
        for fact, _words in evidence.words:
            if (fact, "told") not in evidence.facts:
                yield fact, 'has words, and is not "told" by the same evidence'
    for fact in TRIAGE:
        if fact not in said:
            yield fact, "is missing: every sheet answers it"


def ticks(sheet: Sheet, codebook: Codebook) -> dict[str, bool | None]:
    """Every item of the checklist that applies: ticked, answered no, or (None) told by nobody."""
    facts = sheet.facts
    made: dict[str, bool | None] = {}
    for item in codebook.item:
        if all(facts.get(fact) in values for fact, values in item.applies):
            value = facts.get(item.fact)
            made[item.id] = True if value in item.ticked else False if value in item.unticked else None
    return made


def case_of(sheet: Sheet, release: Release, codebook: Codebook) -> Case:
    """The blind case that a sheet comes to: its candidate, its evidence, and the answers that its facts give."""
    candidate = Candidate(
        name=sheet.slug, version="1", artefacts=(), subjects=(sheet.subject,),
        triage=Triage(**{fact: Said(sheet.facts[fact]) for fact in TRIAGE}, languages=sheet.languages),
    )  # fmt: skip
    asked = {question.slug for question in applicable(candidate, find_questions())}
    return _case(sheet, release, tuple(a for a in _answers(sheet, codebook) if a.question in asked))


def _answers(sheet: Sheet, codebook: Codebook) -> Iterator[CaseAnswer]:
    known = {fact.slug: fact for fact in codebook.fact}
    for evidence in sheet.evidence:
        words = dict(evidence.words)
        for name, value in evidence.facts:
            if not (question := known[name].question):
                continue
            if set(known[name].values) <= set(IN_WORDS):
                yield CaseAnswer(question=question, says=words.get(name, "nobody"))
            else:
                yield CaseAnswer(question=question, choice=value, says=evidence.says)


def _case(sheet: Sheet, release: Release, answers: tuple[CaseAnswer, ...]) -> Case:
    path = FILES[sheet.subject]
    return Case(
        name=sheet.slug, title=release.name, on=release.released, story=sheet.story, answer=answers,
        evidence=tuple(CaseEvidence(says=e.says, source=e.source, on=e.on) for e in sheet.evidence),
        candidate=_candidate_file(sheet, release, path), gone=(Gone(path=path, subject=sheet.subject),),
    )  # fmt: skip


def _candidate_file(sheet: Sheet, release: Release, path: str) -> str:
    """weighbridge.toml as the owner could have written it on the day."""
    main, facts, languages = MAIN[release.kind], sheet.facts, json.dumps(sheet.languages)
    lines = [f'name = "{sheet.slug}"', 'version = "1"', f"languages = {languages}"]
    lines += [f"data_sources = {_toml(sheet.data_sources)}"]
    lines += [f"{key} = {_toml(getattr(sheet, key))}" for key in ("purpose", "audience", "licence")]
    lines += ["[[artefact]]", f'role = "{main}"', f'path = "{path}"', "[triage]", f"languages = {languages}"]
    lines += [f'{fact} = "{facts[fact]}"' for fact in TRIAGE if fact in facts]
    lines += ['role = "owner"', 'answered_by = "the sheet"', 'reason = "by the codebook"']
    for evidence in sheet.evidence:
        if says := dict(evidence.words).get("misuse"):
            lines += ["[[misuse]]", f"says = {_toml(says)}", f"languages = {languages}"]
    return "\n".join([*lines, "[plan]", f'{main} = "{release.form.value}"']) + "\n"


def _toml(value: str | tuple[str, ...]) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
