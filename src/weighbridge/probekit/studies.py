"""Tables about people, each with what its columns are: what the probes of such tables begin with."""

from __future__ import annotations

import json
from dataclasses import dataclass

from weighbridge.core.candidate import Belonging, Declared, Role
from weighbridge.core.evidence import NotApplicable, NotMeasured
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.attributes import Attributes, Part, read_traits, sort_out
from weighbridge.probekit.contradictions import contradicted, undeclarable
from weighbridge.probekit.people import People, about_people
from weighbridge.probekit.ports import Bench, Table
from weighbridge.probekit.speaker import Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A table about people, sorted out and ready to be counted."""

    table: Table
    attributes: Attributes
    speaker: Speaker
    notes: tuple[Phrase, ...]


def released(bench: Bench, *, but: tuple[Role, ...] = ()) -> tuple[Table, ...]:
    """The tables that are to be released, whatever their role, save these."""
    kept = {a.label for a in bench.candidate.artefacts if a.belongs is Belonging.EVIDENCE_ONLY}
    roles = [role for role in Role if role not in but]
    return tuple(table for role in roles for table in bench.tables(role) if table.label not in kept)


def study(bench: Bench, table: Table, *, steps: int) -> Study | NotApplicable | NotMeasured:
    """The table sorted out; or why it is not about people, or why that cannot be told.

    Parameters
    ----------
    steps : at least so many for the middle nine tenths of a continuous column
    """
    label, columns = table.label, table.columns
    faulty = undeclarable(table, [c.name for c in columns])
    if faulty:
        return faulty
    if not table.n_rows:
        return NotMeasured(
            because=phrase("{label} has no rows", label=label),
            remedy=phrase("put its rows in, or take {label} out of the candidate", label=label),
        )
    traits = read_traits(table, columns)
    people, speaker = about_people(table.declared, traits), Speaker(traits)
    if people.declared and people.are is False:
        return NotApplicable(because=phrase("{label} is declared not to be about people", label=label))
    if people.declared and people.are is None:
        return contradicted(label, speaker.meant(people.by, traits))
    if people.are is False:
        says = "{label} looks like measurements or texts, not like rows about people; if they are: about_people = true"
        return NotApplicable(because=phrase(says, label=label))
    if people.are is None:
        return NotMeasured(
            because=phrase("nothing tells whether the rows of {label} are about people", label=label),
            remedy=phrase(
                "say it in weighbridge.toml, at the artefact {label}: about_people = true, or about_people = false",
                label=label,
            ),
        )
    attributes = sort_out(table, traits, steps=steps, seed=bench.seed)
    if not attributes.of(Part.QUASI) and not attributes.identifiers:
        return NotMeasured(
            because=phrase(
                "{label} is about people, and nothing tells which of its columns others could know", label=label
            ),
            remedy=phrase(
                "name them in weighbridge.toml, at the artefact {label}: {line}",
                label=label,
                line=speaker.line("quasi_identifiers", (attributes.of(Part.REST) or [c.name for c in columns])[:3]),
            ),
        )
    notes = _guessed_people(label, people, speaker) + _on_attributes(label, attributes, table.declared, speaker)
    return Study(table=table, attributes=attributes, speaker=speaker, notes=notes)


def _guessed_people(label: str, people: People, speaker: Speaker) -> tuple[Phrase, ...]:
    """That the rows were taken to be about people."""
    if people.declared:
        return ()
    return (
        phrase(
            "{label}: taken to be about people, because of {columns}; if it is not, say so in weighbridge.toml at this"
            " artefact: about_people = false",
            label=label,
            columns=speaker.list(people.by),
        ),
    )


def _on_attributes(label: str, attributes: Attributes, declared: Declared, speaker: Speaker) -> tuple[Phrase, ...]:
    """What each column was taken for."""
    notes = [
        *_on_rows_that_stay(label, attributes, speaker),
        *_on_known(label, attributes, declared, speaker),
        *_on_identifying(label, attributes, speaker),
        *_on_person(label, attributes, declared, speaker),
    ]
    if attributes.repeating:
        says = '{label}: does one person have several rows, as {columns} may say? then add person = "COLUMN"; as long'
        says += " as nothing names the person, rows are counted, and the numbers stay open"
        notes.append(phrase(says, label=label, columns=speaker.list(attributes.repeating)))
    apart = {
        Part.SENSITIVE: "{label}: sensitive, so it is what others would learn and not what they know: {columns}",
        Part.COUNTER: "{label}: numbers rows or persons from 0 or 1 on without a gap, which tells nothing: {columns}",
        Part.PROSE: "{label}: free text is not counted here, and may name people: {columns}",
        Part.EMPTY: "{label}: holds nothing: {columns}",
        Part.OVERLOOKED: "{label}: not in quasi_identifiers and so not counted, though others could know it: {columns};"
        " the numbers stay open until it is added there, or to sensitive, or left out",
    }
    notes += [
        phrase(template, label=label, columns=speaker.list(attributes.of(part)))
        for part, template in apart.items()
        if attributes.of(part)
    ]
    rest = attributes.of(Part.REST)
    if rest and not declared.quasi_identifiers:
        says = "{label}: not counted, as nothing says that others know it: {columns}; if they could, add it to {key}"
        notes.append(phrase(says, label=label, columns=speaker.list(rest), key="quasi_identifiers"))
    return tuple(notes)


def _on_rows_that_stay(label: str, attributes: Attributes, speaker: Speaker) -> list[Phrase]:
    if not attributes.rows_stay:
        return []
    says = "{label}: its rows stay in the database and no value was looked at, so what its columns are was taken from "
    says += "their names and counts alone"
    notes = [phrase(says, label=label)]
    if attributes.of(Part.SENSITIVE):
        says = "{label}: whether lookalikes share what is sensitive was not counted, as that takes rows: {columns}"
        notes.append(phrase(says, label=label, columns=speaker.list(attributes.of(Part.SENSITIVE))))
    return notes


def _on_known(label: str, attributes: Attributes, declared: Declared, speaker: Speaker) -> list[Phrase]:
    quasi, notes = attributes.of(Part.QUASI), list[Phrase]()
    if quasi and not declared.quasi_identifiers:
        notes.append(
            phrase(
                "{label}: guessed that others could know {columns}; declare it in weighbridge.toml: {line}",
                label=label,
                columns=speaker.meant(quasi, attributes.traits),
                line=speaker.line("quasi_identifiers", quasi),
            )
        )
    for name, step in ((name, step) for name, step in attributes.steps if name in quasi):
        says = "{label}: {column} is continuous and is counted in steps of {step:g}"
        notes.append(phrase(says, label=label, column=speaker.list([name]), step=step))
    return notes


def _on_identifying(label: str, attributes: Attributes, speaker: Speaker) -> list[Phrase]:
    columns = attributes.of(Part.IDENTIFYING)
    if not columns:
        return []
    return [
        phrase(
            "{label}: identifies by itself, and so is kept out of the combinations and counted on its own under"
            ' "{axis}": {columns}; leave it out of the release, or put 1, 2, 3, ... in its place',
            label=label,
            axis="identifier",
            columns=speaker.meant(columns, attributes.traits),
        )
    ]


def _on_person(label: str, attributes: Attributes, declared: Declared, speaker: Speaker) -> list[Phrase]:
    person = attributes.person
    if not person:
        return []
    notes = []
    if not declared.person:
        says = "{label}: taken to name the person: {column}, so persons are counted and not rows; declare it: {line}"
        line = f"person = {json.dumps(speaker.list([person]), ensure_ascii=False)}"
        notes.append(phrase(says, label=label, column=speaker.list([person]), line=line))
    if person in attributes.of(Part.PERSON):
        says = "{label}: whoever knows how {column} was given out can look everybody up"
        notes.append(phrase(says, label=label, column=speaker.list([person])))
    return notes
