"""What is said beside the numbers: what was guessed and how to declare it, what was set apart, what to do.

Columns are named, values never. A column whose name itself looks like a person's data (a file without a header row) is
called by its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from weighbridge.core.candidate import Declared
from weighbridge.core.wording import Phrase, phrase
from weighbridge.probekit.meanings import meaning_of_values
from weighbridge.probes.unique_combinations.attributes import Attributes, Part, Trait
from weighbridge.probes.unique_combinations.combinations import DECLARED, Counted, Curve
from weighbridge.probes.unique_combinations.people import People

_MOST_NAMES = 12  # more columns than this are told by their number
_WORST = 5
_LONG_NAME = 60  # characters; no header is that long, a cell may be
_NUMBERISH = re.compile(r"(?:\d[\s.\-/]?){5,}")


class Speaker:
    """Names the columns of one table so that nothing but names is said."""

    def __init__(self, traits: Sequence[Trait]) -> None:
        self._called = {t.name: _called(t.name, place) for place, t in enumerate(traits, 1)}

    def list(self, columns: Iterable[str], *, joint: str = ", ") -> str:
        """The columns in a row, cut off where they are many."""
        called = [self._called[name] for name in columns]
        more = len(called) - _MOST_NAMES
        return joint.join(called[:_MOST_NAMES]) + (f" (+{more})" if more > 0 else "")

    def meant(self, columns: Iterable[str], traits: Sequence[Trait]) -> str:
        """The columns in a row, each with what it was taken for."""
        meanings = {t.name: t.meaning for t in traits}
        told = [(self._called[name], meanings[name]) for name in columns]
        cut = [f"{name} ({meaning.value})" if meaning else name for name, meaning in told[:_MOST_NAMES]]
        return ", ".join(cut) + (f" (+{len(told) - _MOST_NAMES})" if len(told) > _MOST_NAMES else "")

    def line(self, key: str, columns: Iterable[str]) -> str:
        """A line of TOML that declares these columns; those that must not be named are left out."""
        return f"{key} = {json.dumps([name for name in columns if self._called[name] == name], ensure_ascii=False)}"


def _called(name: str, place: int) -> str:
    is_data = len(name) > _LONG_NAME or "@" in name or _NUMBERISH.search(name) or meaning_of_values([name])
    return f"column {place}" if is_data or not name.strip() else name


def guessed_people(label: str, people: People, speaker: Speaker) -> tuple[Phrase, ...]:
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


def on_attributes(label: str, attributes: Attributes, declared: Declared, speaker: Speaker) -> tuple[Phrase, ...]:
    """What each column was taken for."""
    notes = [
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


def on_curve(curve: Curve, speaker: Speaker) -> tuple[Phrase, ...]:
    """The worst combinations, and the one column that would help most if it were left out."""
    ranked = sorted(curve.combinations, key=lambda c: (-c.crowd.unique, -c.crowd.small, len(c.columns), c.columns))
    told = [c for c in ranked if c.crowd.unique][:_WORST]
    notes = []
    if told:
        notes.append(
            phrase(
                "{label}: what makes most people unique: {combinations}",
                label=curve.table,
                combinations="; ".join(f"{speaker.list(c.columns, joint=' + ')}: {_share(c)}" for c in told),
            )
        )
    whole = dict(curve.points).get(DECLARED)
    best = min(curve.without, key=lambda c: (c.crowd.unique, c.crowd.small, c.columns), default=None)
    if whole and best and best.crowd.unique < whole.unique:
        notes.append(
            phrase(
                "{label}: without {column} the share of unique people would fall from {before} to {after}",
                label=curve.table,
                column=speaker.list(best.columns),
                before=_percent(whole.unique_share),
                after=_percent(best.crowd.unique_share),
            )
        )
    return tuple(notes)


def on_tables(worst: Mapping[str, str], n_tables: int) -> tuple[Phrase, ...]:
    """Whose numbers these are, where several tables were counted; `worst` maps a metric to a label."""
    if n_tables < 2:
        return ()
    tables = "; ".join(f"{metric}: {label}" for metric, label in worst.items())
    says = "{n} tables were counted; each number is that of the worst of them, over all columns: {tables}"
    return (phrase(says, n=n_tables, tables=tables),)


def _share(counted: Counted) -> str:
    return _percent(counted.crowd.unique_share)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
