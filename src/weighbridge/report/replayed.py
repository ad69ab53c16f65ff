"""A case replayed, told to people and to programs: what the tool says beside what the essay says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from weighbridge.app.replay import FindingRow, NumberRow, ReasonRow, Replayed, StandingRow
from weighbridge.core.canon import Plain
from weighbridge.core.case import CaseEvidence, Since
from weighbridge.core.findings import Verdict
from weighbridge.core.rungs import Rung
from weighbridge.core.shape import plain
from weighbridge.core.wording import _, plural
from weighbridge.report.neutral import clean, sentence

MARK = "  <- differs"
_VERDICTS = {
    Verdict.HOLDS: "holds",
    Verdict.BREACHED: "breached",
    Verdict.OPEN: "not yet answered",
    Verdict.EXEMPT: "not about this",
}


def render_replays(replays: Iterable[Replayed], *, style: str) -> str:
    """All of them: a line each, where one differs in what, and how many do."""
    replays = tuple(replays)
    if style == "json":
        return _json([_plain(replayed) for replayed in replays])
    return "\n".join([*map(render_line, replays), "", render_count(replays)])


def render_line(replayed: Replayed) -> str:
    """One in a line, with what differs below it."""
    case = replayed.case
    told = _("DIFFERS") if replayed.differs else _("as the essay has it")
    head = clean(f"{case.on:<10}  {case.title}  [{case.name}]  {told}")
    return "\n".join([head, *(f"    {line}" for line in _differences(replayed))])


def render_count(replays: Iterable[Replayed]) -> str:
    """How many were replayed, and how many differ."""
    found = [replayed.differs for replayed in replays]
    n = sum(found)
    same = plural("{n} case replayed", "{n} cases replayed", len(found)).format(n=len(found))
    differs = plural("{n} differs", "{n} differ", n).format(n=n) if n else _("none differs")
    return _("{same}; {differs}. The whole of one: weighbridge replay CASE").format(same=same, differs=differs)


def render_replay(replayed: Replayed, *, style: str) -> str:
    """One, whole."""
    return _json(_plain(replayed)) if style == "json" else "\n".join(_whole(replayed))


def _whole(replayed: Replayed) -> Iterator[str]:
    case = replayed.case
    yield clean(f"{case.title}  ({case.on})  [{case.name}]")
    yield clean("  " + " ".join(case.story))
    yield ""
    yield _("What could be known then")
    yield from _evidence(case.evidence)
    yield ""
    yield _("What the essay says")
    yield clean(f"  {case.essay}")
    yield from (_reason(row) for row in replayed.findings if row.because)
    yield from (clean(f"  - {row.expected.because}  [{row.expected.probe}]") for row in replayed.numbers)
    yield from (clean(f"  - {row.expected.because}") for row in replayed.reasons)
    yield ""
    yield _("What the tool says")
    for row in replayed.findings:
        yield from _finding(row)
    for number in replayed.numbers:
        yield clean(f"  - {_number(number)}{_(MARK) if number.differs else ''}")
    for reason in replayed.reasons:
        yield clean(f"  - {_argued(reason)}{_(MARK) if reason.differs else ''}")
    for standing in replayed.standings:
        yield f"  {_standing(standing)}"
    if replayed.statement:
        yield clean(f"  {replayed.statement}")
    if case.since:
        yield ""
        yield _("What became known since, and was not weighed")
        yield from _since(case.since)
    if case.note:
        yield ""
        yield clean(_("Note: {note}").format(note=case.note))
    yield ""
    yield from _close(replayed)


def _evidence(evidence: Iterable[CaseEvidence]) -> Iterator[str]:
    for one in evidence:
        yield clean(f"  {one.on:<10}  {one.says}  ({one.source})")


def _since(since: Iterable[Since]) -> Iterator[str]:
    for later in since:
        against = _("; it contradicts the essay") if later.contradicts else ""
        yield clean(f"  {later.on:<10}  {later.says}  ({later.source}{against})")


def _reason(row: FindingRow) -> str:
    return clean(f"  - {row.because}  [{row.rule}]")


def _finding(row: FindingRow) -> Iterator[str]:
    mark = _(MARK) if row.differs else ""
    yield clean(f"  - {row.rule}: {_verdict(row.found)}{mark}")
    yield f"      {sentence(row.says)}"
    if row.differs:
        yield f"      {_told(row)}"


def _argued(row: ReasonRow) -> str:
    names = ", ".join(argument.value for argument in row.expected.arguments)
    if not row.why:
        return _("a reason that argues from {names} may carry a decision").format(names=names)
    return _("a reason that argues from {names} alone carries no decision: {why}").format(names=names, why=row.why)


def _number(row: NumberRow) -> str:
    want, q = row.expected, row.found
    name = " ".join([want.probe, want.metric, *(f"{axis} {value}" for axis, value in want.by)])
    if q is None:
        return _("{name}: no such number").format(name=name)
    return _("{name}: {value:.4g} (between {low:.4g} and {high:.4g})").format(
        name=name, value=q.value, low=q.low, high=q.high
    )


def _range(row: NumberRow) -> str:
    want = row.expected
    parts = [_("at least {n:.4g}").format(n=want.at_least)] if want.at_least is not None else []
    parts += [_("at most {n:.4g}").format(n=want.at_most)] if want.at_most is not None else []
    return _("expected: {range}").format(range=", ".join(parts))


def _told(row: FindingRow) -> str:
    if row.expected is None:
        return _("nobody expected it, and it limits")
    if row.expected is row.found:
        return _("expected for another reason: {says}").format(says=row.piece)
    return _("expected: {verdict}").format(verdict=_verdict(row.expected))


def _standing(row: StandingRow) -> str:
    told = _("{component}: at most {ceiling}; cleared so far: {cleared}").format(
        component=row.component, ceiling=_rungs(row.ceiling), cleared=_rungs(row.cleared)
    )
    if not row.differs:
        return told
    parts = [_("at most {rungs}").format(rungs=_rungs(row.expected_ceiling))] if row.expected_ceiling else []
    parts += [_("cleared {rungs}").format(rungs=_rungs(row.expected_cleared))] if row.expected_cleared else []
    return _("{told}  <- differs; expected: {expected}").format(told=told, expected=", ".join(parts))


def _differences(replayed: Replayed) -> Iterator[str]:
    for row in replayed.findings:
        if row.differs:
            yield clean(f"{row.rule}: {_verdict(row.found)}; {_told(row)}. {sentence(row.says)}")
    yield from (_standing(row) for row in replayed.standings if row.differs)
    yield from (clean(f"{_number(row)}; {_range(row)}") for row in replayed.numbers if row.differs)
    yield from (clean(_argued(row)) for row in replayed.reasons if row.differs)
    for piece in replayed.pieces:
        if piece.differs:
            yield clean(_("the risk statement does not say: {says}").format(says=piece.says))


def _close(replayed: Replayed) -> Iterator[str]:
    if not replayed.differs:
        yield _("The tool comes to what the essay came to, for its reasons.")
        return
    yield _("The tool comes to something else than the essay:")
    yield from (f"  {line}" for line in _differences(replayed))


def _verdict(verdict: Verdict) -> str:
    return _(_VERDICTS[verdict])


def _rungs(rungs: tuple[Rung, ...] | None) -> str:
    return _(" or ").join(rung.value for rung in rungs or ()) or _("nothing")


def _plain(replayed: Replayed) -> Plain:
    case = replayed.case
    return {
        "name": case.name,
        "title": case.title,
        "on": case.on,
        "differs": replayed.differs,
        "essay": case.essay,
        "evidence": [plain(evidence) for evidence in case.evidence],
        "findings": [
            {
                "rule": row.rule,
                "expected": row.expected.value if row.expected else None,
                "found": row.found.value,
                "says": str(row.says),
                "because": row.because,
            }
            for row in replayed.findings
        ],
        "numbers": [
            {"expected": plain(row.expected), "found": plain(row.found) if row.found else None, "differs": row.differs}
            for row in replayed.numbers
        ],
        "reasons": [
            {"expected": plain(row.expected), "why": row.why, "differs": row.differs} for row in replayed.reasons
        ],
        "standings": [plain(row) for row in replayed.standings],
        "statement": replayed.statement,
        "pieces": [plain(row) for row in replayed.pieces],
        "since": [plain(later) for later in case.since],
    }


def _json(document: Plain) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True)
