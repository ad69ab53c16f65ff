"""What differs between two versions, told to people and to programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from weighbridge.app.diff import Change, Difference, FileChange, State, Touched
from weighbridge.core.shape import plain
from weighbridge.core.wording import _
from weighbridge.report.neutral import clean

_MOST_LABELS = 3  # named for each rule; all of them stand in the list of files


def render_difference(found: Difference, *, style: str) -> str:
    """The difference as a table of sentences, or as one JSON document."""
    if style == "json":
        made: dict[str, Any] = dict(plain(found))  # type: ignore[arg-type]  # a data class is plain as a table
        rows = [{**dict(plain(t)), "differs": t.differs} for t in found.touched]  # type: ignore[arg-type]  # likewise
        return json.dumps({**made, "touched": rows, "is_none": found.is_none}, indent=2, ensure_ascii=False)
    return "\n".join(_lines(found))


def _lines(found: Difference) -> Iterable[str]:
    yield _("from {one} to {other}").format(one=clean(found.one), other=clean(found.other))
    if found.is_none:
        yield _("  nothing differs")
    for change in found.files:
        yield f"  {_file(change)}"
    if found.claims:
        yield _("  said otherwise: {names}").format(names=", ".join(found.claims))
    if not found.claims_known:
        yield _("  claims and declarations cannot be compared: the ledger holds their digest alone")
    if found.reading_differs:
        yield _("  it is read otherwise: roles, declarations, base, licence or languages differ")
    if found.policies_differ:
        yield _("  the two were judged by different policies")
    told = [touched for touched in found.touched if touched.differs]
    if told:
        yield _("findings that came out otherwise:")
        yield from (_("  {rule}: {before}, then {after}").format(
            rule=clean(t.rule), before=_state(t.before), after=_state(t.after)) for t in told)  # fmt: skip
    may = [touched for touched in found.touched if not touched.differs]
    if may:
        yield _("findings that may come out otherwise:")
        yield from (f"  {_touched(t)}" for t in may)


def _file(change: FileChange) -> str:
    label, what = clean(change.label), ", ".join(change.what)
    return {
        Change.ADDED: _("added: {label} ({role})"),
        Change.REMOVED: _("removed: {label} ({role})"),
        Change.CHANGED: _("changed: {label} ({role}): {what}"),
        Change.MOVED: _("moved: {was} is now {label} ({role})"),
    }[change.change].format(label=label, role=change.role, what=what, was=clean(change.was))


def _touched(touched: Touched) -> str:
    labels = ", ".join(map(clean, touched.because[:_MOST_LABELS]))
    if len(touched.because) > _MOST_LABELS:
        labels += ", …"
    rests = _("{probe} takes in {labels}").format(probe=clean(touched.probe), labels=labels) if labels else (
        _("{probe} may read it otherwise").format(probe=clean(touched.probe))
    )  # fmt: skip
    return _("{rule}: {rests}; now {state}").format(rule=clean(touched.rule), rests=rests, state=_state(touched.after))


def _state(state: State) -> str:
    return {
        State.BREACHED: _("a limit"),
        State.OPEN: _("not yet answered"),
        State.NO_LIMIT: _("no limit"),
        State.NOT_JUDGED: _("not judged yet"),
    }[state]
