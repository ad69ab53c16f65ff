"""How the questions of the interview stand, in words. Choices, roles and times are told; what people wrote is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from weighbridge.app.answer import Hearing, Stand
from weighbridge.core.canon import Plain
from weighbridge.core.evidence import Evidence, Measured, NotApplicable
from weighbridge.core.question import DAY, OPTIONAL, Form, Question
from weighbridge.core.shape import plain
from weighbridge.core.wording import _, plural
from weighbridge.policy.rules import Rule
from weighbridge.report.neutral import clean, told
from weighbridge.report.numbers import quantity_in_words
from weighbridge.report.weighty import weightiest

_MOST_NUMBERS = 3  # of one probe, beside a question; the report holds all


def questions_told(questions: Iterable[Question]) -> Iterator[str]:
    """Every question, what it serves, and where it is asked."""
    for q in questions:
        rows = ", ".join(map(str, q.mission))
        yield f"{q.slug}  " + _("(rows {rows}; from {impact} impact on)").format(rows=rows, impact=_(q.at.value))
        yield f"    {_(q.asks)}"
        yield f"    {answered_by(q)}"
        if q.who:
            yield _("    answered as {roles}").format(roles=_(" or ").join(q.who))


def hearings_told(hearings: Iterable[Hearing]) -> Iterator[str]:
    """How each question stands, those that wait for somebody first."""
    rows = tuple(hearings)
    waiting = [h for h in rows if h.stand not in (Stand.COUNTS, Stand.SKIPPED)]
    for hearing in [*waiting, *(h for h in rows if h not in waiting)]:
        yield f"{hearing.question.slug}: {stand_told(hearing)}"
        yield f"    {_(hearing.question.asks)}"
        yield f"    {answered_by(hearing.question)}"
    yield ""
    yield summary(rows)


def answered_by(question: Question) -> str:
    """What an answer is made of: the choices there are, the columns of a row, a day or words."""
    match question.form:
        case Form.CHOICE:
            told = _("one of: {choices}").format(choices=", ".join(question.choices))
            needing = ", ".join(question.explain)
            return told + (_("; with a sentence beside: {choices}").format(choices=needing) if needing else "")
        case Form.TABLE | Form.PERSON:
            return _("a row on each line: {columns}").format(columns=columns_told(question))
        case Form.LIST:
            return _('one on each line, or "none"')
        case Form.DATE:
            return _("a day, such as 2019-02-14")
        case Form.TEXT:
            return _('a sentence or more, or "none"')


def columns_told(question: Question) -> str:
    """The columns of a row, and what each takes."""
    kinds = question.cells or ("",) * len(question.columns)
    return " | ".join(_column(_(name), kind) for name, kind in zip(question.columns, kinds, strict=True))


def _column(name: str, kind: str) -> str:
    if kind == DAY:
        return _("{name} (a day)").format(name=name)
    if kind == OPTIONAL:
        return _("{name} (or nothing)").format(name=name)
    return f"{name} ({', '.join(map(_, kind.split('/')))})" if kind else name


def summary(hearings: Iterable[Hearing]) -> str:
    """How many count and how many wait."""
    rows = tuple(hearings)
    counts = sum(h.stand is Stand.COUNTS for h in rows)
    waiting = sum(h.stand not in (Stand.COUNTS, Stand.SKIPPED) for h in rows)
    answered = plural("{n} question is answered", "{n} questions are answered", counts).format(n=counts)
    left = plural("{n} waits", "{n} wait", waiting).format(n=waiting)
    return _("{answered}, {left}.").format(answered=answered, left=left)


def stand_told(hearing: Hearing) -> str:
    """How one question stands, with the choice and who gave it in which role, never with the words."""
    last = hearing.replies[-1] if hearing.replies else None
    choice = clean(", ".join(last.choice)) if last else ""
    by = _(" as {role}").format(role=clean(last.role)) if last and last.role else ""
    day = last.at[:10] if last else ""
    match hearing.stand:
        case Stand.COUNTS:
            return _("{choice}, said{by} on {day}").format(choice=choice, by=by, day=day)
        case Stand.CARRIED:
            version = clean(last.version) if last else ""
            return _("{choice}, said of version {version}: it counts once it is confirmed for this one").format(
                choice=choice or _("left out"), version=version
            )
        case Stand.DISPUTED:
            choices = _(" and ").join(clean(", ".join(reply.choice)) or _("left out") for reply in hearing.replies)
            return _("not yet answered: two people said {choices} at once").format(choices=choices)
        case Stand.CONTRADICTED:
            return _("{choice}, and that contradicts another answer: {because}").format(
                choice=choice, because=clean(_(hearing.because))
            )
        case Stand.SKIPPED:
            return _("left out with a reason{by} on {day}").format(by=by, day=day)
        case Stand.OPEN:
            return _("not yet answered")


def beside(question: Question, evidence: Iterable[Evidence], rules: Sequence[Rule] = ()) -> Iterator[str]:
    """What was measured that bears on a question, what these rules watch first."""
    for found in evidence:
        if found.probe not in question.shows or isinstance(found.outcome, NotApplicable):
            continue
        if not isinstance(found.outcome, Measured):
            yield _("{probe}: no number").format(probe=found.probe)
            continue
        for quantity in weightiest(found.probe, found.outcome.quantities, rules)[:_MOST_NUMBERS]:
            where = ", ".join(f"{axis} {value}" for axis, value in quantity.by)
            named = f"{quantity.metric} ({where})" if where else quantity.metric
            yield f"{found.probe}: {clean(named)}: {quantity_in_words(quantity)}"
        for note in found.outcome.notes[:1]:
            yield f"{found.probe}: {told(note)}"


def hearings_plain(hearings: Iterable[Hearing]) -> Plain:
    """The same for programs."""
    return [
        {
            "question": h.question.slug,
            "asks": h.question.asks,
            "mission": list(h.question.mission),
            "stand": h.stand.value,
            "because": h.because,
            "replies": [plain(reply) for reply in h.replies],
        }
        for h in hearings
    ]
