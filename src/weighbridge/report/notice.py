"""A notice for the public after an incident, as a draft: what the ledger knows, and room for what people must say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from weighbridge.app.reopen import Record, affected_files
from weighbridge.core.canon import Digest
from weighbridge.core.ports import Entry
from weighbridge.core.rungs import Rung, gives_as_much
from weighbridge.core.wording import _
from weighbridge.report.neutral import clean

_SPECIAL = frozenset("\\`*_[]<>#|~&")  # what Markdown could read as more than a letter


def render_notice(entry: Entry, record: Record, derivatives: Sequence[str]) -> str:
    """The draft, in Markdown. It names roles, never people; what happened is for whoever publishes it to say."""
    decision = record.decision
    given = record.in_force or decision.plan
    body = entry.body if isinstance(entry.body, dict) else {}
    listed = body.get("affected")
    affected = tuple(Digest(str(d)) for d in listed) if isinstance(listed, list | tuple) else ()
    files = affected_files(decision, affected)
    named = _safe(f"{decision.name} {decision.version}".strip())
    unlisted = [d for d in affected if d not in {file.digest for file in files}]
    parts = [
        [_("# Notice: {name} is re-opened").format(name=named)],
        [
            _("Draft of {day}, made from the ledger (entry {n}).").format(day=entry.at[:10], n=entry.number),
            _("Read it, say what happened below, and take out what must not be public. Name no person."),
        ],
        [_("## What happened"), _("[Say it here, in words that everybody can read and that name nobody.]")],
        [_("## What is affected"), *_bullets([f"{_safe(f.label)} ({f.digest})" for f in files] + list(unlisted))],
        [_("## What is known to be made from it"), *(_bullets(map(_safe, derivatives)) or [_("Nothing yet.")])],
        [_("## What was decided"), *_decided(record)],
        [_("## What was known then"), *_known(record)],
        [
            _("## What is closed now"),
            _("Until this is closed or decided again, nothing of it leaves: the signatures above do not count."),
            *_bullets(f"{component}: {rung.value}" for component, rung in given),
            *_bullets(
                _("the stage {name} does not open: {component} {rung}").format(
                    name=_safe(stage.name), component=component, rung=rung.value
                )
                for stage in decision.stages
                for component, rung in stage.plan
                if not gives_as_much(dict(given).get(component, Rung.WITHHELD), rung)
            ),
        ],
        [
            _("## What to do"),
            _("[Say what those who have it should do: stop using it, delete it, wait for a new one.]"),
        ],
    ]
    return "\n\n".join("\n".join(_parted(part)) for part in parts) + "\n"


def _decided(record: Record) -> list[str]:
    decision = record.decision
    said = _("On {day}, until {end}, under the policy {policy} ({digest}).").format(
        day=decision.decided_at[:10], end=decision.expires, policy=_safe(decision.policy), digest=decision.digest
    )
    lines = [f"{component}: {rung.value}" for component, rung in decision.plan]
    lines += [_("condition: {text}").format(text=_safe(text)) for text in decision.conditions]
    lines += [
        _("the stop {rule} was waived for {component} until {day} by {authority}: {because}").format(
            rule=_safe(w.rule), component=w.component.value, day=w.expires, authority=_safe(w.authority),
            because=_safe(w.because),
        )
        for w in decision.waivers
    ]  # fmt: skip
    lines += [_("signed as {role} on {day}").format(role=_safe(s.role), day=s.at[:10]) for s in record.signatures]
    lines += [
        _("let through to {destination} on {day}").format(destination=_safe(p.destination), day=p.at[:10])
        for p in record.passages
    ]
    return [said, *_bullets(lines)]


def _known(record: Record) -> list[str]:
    lines = []
    for standing in record.recommended:
        for slugs, says in ((standing.limits, _("limits")), (standing.open, _("not yet answered"))):
            told = ", ".join(map(_safe, slugs)) or _("none")
            lines.append(f"{standing.component.value}, {says}: {told}")
    return _bullets(lines) or [_("The ledger does not hold what was recommended.")]


def _bullets(lines: Iterable[str]) -> list[str]:
    return [f"- {line}" for line in lines]


def _parted(lines: list[str]) -> list[str]:
    """A blank line after a heading and before a list, as Markdown wants it."""
    made = [lines[0]]
    for before, line in pairwise(lines):
        made += [line] if before.startswith("- ") and line.startswith("- ") else ["", line]
    return made


def _safe(text: str) -> str:
    return "".join(f"\\{c}" if c in _SPECIAL else c for c in clean(text))
